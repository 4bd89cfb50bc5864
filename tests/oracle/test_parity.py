"""ops, fast and torch accept the same settings, and then give the same numbers.

Every operation of `ops` is tested, on settings drawn from its own signature; `make
parity` draws thousands, `make test` a few dozen.
"""

import inspect
import zlib
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from draws import Setting, draw
from legal import legal
from numpy.testing import assert_allclose

from coursekit import fast, ops, torch_ref

EVERY = pytest.mark.parametrize("name", ops.__all__)


def settings(name: str, count: int) -> list[tuple[Setting, bool]]:
    """Draw the settings of an operation, each with whether it is legal."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    operation = inspect.unwrap(getattr(ops, name))
    parameters = inspect.signature(operation).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    drawn = [draw(operation, rng) for _ in range(count)]
    return [(setting, legal(setting, defaults)) for setting in drawn]


def call(library: ModuleType, name: str, setting: Setting, dtype: Any = float) -> Any:
    """Call an operation with its floating arrays in the given dtype."""
    arrays = [
        each if each is None or each.dtype.kind == "i" else each.astype(dtype)
        for each in setting.arrays.values()
    ]
    copies = [None if each is None else each.copy() for each in arrays]
    out = getattr(library, name)(*arrays, **setting.options)
    for each, copy in zip(arrays, copies, strict=True):
        assert each is None or (each == copy).all(), f"{name} changed its input"
        assert each is None or not np.shares_memory(out, each), f"{name} gave a view"
    return out


def by_torch(name: str, setting: Setting) -> np.ndarray:
    """Call torch in double."""
    tensors = [
        None if each is None else torch.from_numpy(each.copy(order="C"))
        for each in setting.arrays.values()
    ]
    out: np.ndarray = getattr(torch_ref, name)(*tensors, **setting.options).numpy()
    return out


def with_a_picture(setting: Setting) -> Setting:
    """Put one picture into an empty batch, for which torch skips its own checks."""
    x = setting.arrays.get("x")
    if x is None or len(x):
        return setting
    return setting._replace(arrays=setting.arrays | {"x": np.ones((1, *x.shape[1:]))})


def refusal(function: Any, *args: Any) -> tuple[type, str] | None:
    """Say how a call was refused, or None if it was not."""
    try:
        function(*args)
    except (ValueError, TypeError, RuntimeError, IndexError) as error:
        return type(error), str(error)
    return None


@EVERY
@pytest.mark.parametrize("other", [fast, torch_ref], ids=["fast", "torch_ref"])
def test_every_operation_has_one_signature(name, other):
    def takes(library: ModuleType) -> list[tuple[str, Any, Any]]:
        operation = inspect.unwrap(getattr(library, name))
        parameters = inspect.signature(operation).parameters.values()
        return [(p.name, p.kind, p.default) for p in parameters]

    assert takes(other) == takes(ops)


@EVERY
def test_a_setting_is_accepted_exactly_when_some_start_fits(
    name, parity, as_a_user_calls
):
    for setting, fits in settings(name, parity):
        refused = refusal(call, ops, name, setting)
        assert (refused is None) == fits, f"ops: {setting} {refused}"
        by = refusal(by_torch, name, with_a_picture(setting))
        assert (by is None) == fits, f"torch: {setting} {by}"


@EVERY
def test_fast_refuses_what_ops_refuses_in_the_same_words(name, parity, as_a_user_calls):
    for setting, _ in settings(name, parity):
        words = refusal(call, ops, name, setting)
        assert refusal(call, fast, name, setting) == words, setting


@EVERY
def test_the_loops_agree_with_torch_in_double(name, parity, as_a_user_calls):
    for setting, fits in settings(name, parity):
        if fits:
            out, expected = call(ops, name, setting), by_torch(name, setting)
            assert out.shape == expected.shape, setting
            assert out.dtype == np.float64, setting
            assert_allclose(out, expected, rtol=1e-10, atol=1e-10, err_msg=str(setting))


@EVERY
def test_the_vectorised_agree_with_the_loops(name, parity, as_a_user_calls):
    for setting, fits in settings(name, parity):
        if fits:
            out, expected = call(fast, name, setting), call(ops, name, setting)
            assert out.shape == expected.shape, setting
            assert out.dtype == np.float64, setting
            assert_allclose(out, expected, rtol=1e-10, atol=1e-10, err_msg=str(setting))


@EVERY
def test_float32_stays_and_errs_no_more_than_rounding_explains(
    name, lib, parity, as_a_user_calls
):
    for setting, fits in settings(name, parity // 3):
        if not fits:
            continue
        out, exact = call(lib, name, setting, np.float32), call(ops, name, setting)
        assert out.dtype == np.float32, setting
        numbers = [a for a in setting.arrays.values() if a is not None]
        scale = np.prod([np.abs(a).max(initial=1) for a in numbers if a.dtype == float])
        terms = max(np.prod(a.shape[-3:]) for a in numbers)
        bound = 4 * np.finfo(np.float32).eps * terms * scale
        assert_allclose(out, exact, rtol=1e-6, atol=bound, err_msg=str(setting))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in ops.__all__
        if "Num[" in str(inspect.signature(inspect.unwrap(getattr(ops, name))))
    ],
)
def test_integers_are_exact(name, lib, parity, as_a_user_calls):
    for setting, fits in settings(name, parity // 3):
        if fits:
            whole = {
                key: None if each is None else np.rint(3 * each)
                for key, each in setting.arrays.items()
            }
            setting = setting._replace(arrays=whole)
            out, expected = call(lib, name, setting, np.int64), call(ops, name, setting)
            assert out.dtype == np.int64, setting
            if name == "max_pool2d":  # of padding alone: the lowest there is
                expected = np.where(
                    np.isinf(expected), np.iinfo(out.dtype).min, expected
                )
            assert (out == expected).all(), setting


@EVERY
def test_both_kinds_of_settings_are_drawn(name, parity):
    fits = [fits for _, fits in settings(name, parity)]
    assert sum(fits) >= parity // 4
    always = {"relu", "sigmoid", "tanh", "global_avg_pool2d"}
    assert (sum(fits) < parity) == (name not in always)

"""Gradients equal torch's, and the slope along a random direction.

Every operation with a `*_backward` is tested, on settings drawn from its signature and
with a random upstream gradient: ones would not notice a permuted or a flipped one.
"""

import inspect
from typing import Any

import numpy as np
import pytest
import torch
from draws import Setting
from numpy.testing import assert_allclose
from test_parity import settings

from coursekit import fast, ops, torch_ref

WITH = [name for name in ops.__all__ if hasattr(fast, f"{name}_backward")]
GRADED = pytest.mark.parametrize("name", WITH)
CORRELATIONS = {"corr1d", "corr2d", "convolve2d", "corr2d_kernel_grad"}


def legal_settings(name: str, count: int) -> list[tuple[Setting, np.ndarray]]:
    """Draw legal settings, each with an upstream gradient.

    Left out are pools with a window over padding alone, which gives -inf: there torch's
    backward writes beyond its array, and can bring the process down.
    """
    rng = np.random.default_rng(len(name))
    found = [setting for setting, fits in settings(name, count) if fits]
    outs = [getattr(fast, name)(*s.arrays.values(), **s.options) for s in found]
    return [
        (setting, np.asarray(rng.standard_normal(np.shape(out))))
        for setting, out in zip(found, outs, strict=True)
        if np.isfinite(out).all()
    ]


def backward(name: str, upstream: np.ndarray, setting: Setting) -> list[Any]:
    """Give the gradients of all inputs that have one, and see that no input changed."""
    if upstream.shape == ():
        upstream = upstream[()]
    arrays = list(setting.arrays.values())
    copies = [None if each is None else each.copy() for each in (upstream, *arrays)]
    function = getattr(fast, f"{name}_backward")
    gradients = function(upstream, *arrays, **setting.options)
    for each, copy in zip((upstream, *arrays), copies, strict=True):
        assert each is None or (each == copy).all(), f"{name} changed its input"
    return list(gradients) if isinstance(gradients, tuple) else [gradients]


def by_autograd(name: str, upstream: np.ndarray, setting: Setting) -> list[Any]:
    """Let torch find the same gradients in double; None for an input that is None."""
    tensors = [
        None if each is None else torch.from_numpy(each.copy(order="C"))
        for each in setting.arrays.values()
    ]
    asked = [t for t in tensors if t is not None and t.is_floating_point()]
    for tensor in asked:
        tensor.requires_grad_()
    out = getattr(torch_ref, name)(*tensors, **setting.options)
    found = iter(torch.autograd.grad(out, asked, torch.from_numpy(upstream)))
    return [
        None if tensor is None else next(found).numpy()
        for tensor in tensors
        if tensor is None or tensor.is_floating_point()
    ]


def agree(name: str, upstream: np.ndarray, setting: Setting) -> None:
    """Compare every gradient with torch's."""
    ours, theirs = (
        backward(name, upstream, setting),
        by_autograd(name, upstream, setting),
    )
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine is None) == (other is None), setting
        if mine is not None:
            assert mine.shape == other.shape, setting
            assert mine.dtype == np.float64, setting
            assert_allclose(mine, other, rtol=1e-10, atol=1e-10, err_msg=str(setting))


def test_every_operation_of_a_layer_has_a_gradient():
    assert set(ops.__all__) - set(WITH) == CORRELATIONS


@GRADED
def test_a_backward_takes_upstream_and_then_what_its_operation_takes(name):
    forward, back = (
        inspect.signature(inspect.unwrap(getattr(fast, each))).parameters
        for each in (name, f"{name}_backward")
    )
    assert list(back) == ["upstream", *forward]
    assert [back[p].default for p in forward] == [forward[p].default for p in forward]


@GRADED
def test_gradients_equal_those_of_torch_in_double(name, parity, as_a_user_calls):
    for setting, upstream in legal_settings(name, parity):
        agree(name, upstream, setting)


@pytest.mark.parametrize("levels", [1, 3])
def test_of_equal_maxima_the_first_in_row_order_gets_the_gradient(
    levels, parity, as_a_user_calls
):
    for setting, upstream in legal_settings("max_pool2d", parity):
        x = np.rint(setting.arrays["x"] * levels / 2)
        agree("max_pool2d", upstream, setting._replace(arrays={"x": x}))
    infinite = Setting({"x": np.full((1, 1, 3, 3), -np.inf)}, {}, {})
    setting = infinite._replace(options={"kernel_size": 2, "padding": 1})
    agree("max_pool2d", np.arange(1.0, 5).reshape(1, 1, 2, 2), setting)


def test_a_window_over_padding_alone_sends_nothing_back(as_a_user_calls):
    how = {"stride": 3, "padding": 1, "dilation": 2}
    x = np.array([[[[1.0, 2, 3, 4]]], [[[5.0, 8, 7, 6]]]])
    assert (fast.max_pool2d(x, 2, **how) == -np.inf).all()  # both rows are padding
    assert (fast.max_pool2d_backward(np.ones((2, 1, 1, 2)), x, 2, **how) == 0).all()


@GRADED
def test_gradients_give_the_slope_along_a_random_direction(
    name, parity, as_a_user_calls
):
    rng, step = np.random.default_rng(7), 1e-6
    for setting, upstream in legal_settings(name, parity // 3):
        arrays = setting.arrays
        ways = {
            key: rng.standard_normal(each.shape)
            for key, each in arrays.items()
            if each is not None and each.dtype.kind == "f"
        }

        def loss(t, setting=setting, upstream=upstream, ways=ways):
            moved = [
                each + t * ways[key] if key in ways else each
                for key, each in setting.arrays.items()
            ]
            out = getattr(fast, name)(*moved, **setting.options)
            return (out * upstream).sum()

        gradients = [g for g in backward(name, upstream, setting) if g is not None]
        slope = sum(
            (g * w).sum() for g, w in zip(gradients, ways.values(), strict=True)
        )
        measured = (loss(step) - loss(-step)) / (2 * step)
        scale = 1 + sum(np.abs(g).sum() for g in gradients)
        assert_allclose(measured, slope, atol=1e-7 * scale, err_msg=str(setting))


@GRADED
def test_float32_gradients_stay_float32_and_close(name, parity, as_a_user_calls):
    for setting, upstream in legal_settings(name, parity // 3):
        exact = backward(name, upstream, setting)
        single = setting._replace(
            arrays={
                key: each
                if each is None or each.dtype.kind == "i"
                else each.astype(np.float32)
                for key, each in setting.arrays.items()
            }
        )
        for mine, other in zip(
            backward(name, upstream.astype(np.float32), single), exact, strict=True
        ):
            if mine is not None:
                assert mine.dtype == np.float32, setting
                scale = np.abs(other).max(initial=1) * max(upstream.size, 10)
                assert_allclose(mine, other, rtol=1e-4, atol=1e-6 * scale)


def test_the_kernel_gradient_of_lesson_two_equals_torchs(parity, as_a_user_calls):
    rng = np.random.default_rng(0)
    for _ in range(parity // 3):
        h, w, kh, kw = rng.integers(1, 6, 4)
        x = rng.standard_normal((h + kh, w + kw))
        k = torch.zeros(kh, kw, dtype=torch.float64, requires_grad=True)
        out = torch_ref.corr2d(torch.from_numpy(x), k)
        upstream = rng.standard_normal(out.shape)
        (expected,) = torch.autograd.grad(out, k, torch.from_numpy(upstream))
        assert_allclose(fast.corr2d_kernel_grad(x, upstream), expected, rtol=1e-10)

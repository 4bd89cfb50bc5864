"""A learner's function in the explorer: judged as `check` judges it, and in words."""

from typing import Any

import numpy as np
import pytest

from coursekit import bank
from coursekit.grade.findings import PASSED
from coursekit.grade.notebook import evaluate
from coursekit.widgets import StepCorrelation

Array = np.ndarray[Any, Any]
X = np.arange(9).reshape(3, 3)
K = np.array([[0, 1], [2, 3]])
PLACES = "differs in 4 of 4 outputs, marked ≠."
NO_NUMBER = "Look for a division by zero or for memory never filled (np.empty)."


class Mine(np.ndarray):
    """An array with a behaviour of its own."""


class Thing:
    """A function that is none."""

    def __call__(self, x: Array, k: Array) -> Array:
        return right(x, k)


def right(x: Array, k: Array) -> Array:
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijab,ab->ij", windows, k)


def by_fourier(x: Array, k: Array) -> Array:
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(k, x.shape))
    h, w = np.subtract(x.shape, k.shape) + 1
    return np.fft.irfft2(product, x.shape)[:h, :w]


def ragged(x: Array, k: Array) -> Any:
    return [[1, 2], [3]]


def spoiled(x: Array, k: Array) -> Array:
    out = right(x, k)
    x[0, 0] += 5
    return out


def unwritten(x: Array, k: Array) -> Array:
    raise NotImplementedError("write me")


def beyond(x: Array, k: Array) -> Any:
    return x[777]


def leaves(x: Array, k: Array) -> Any:
    raise SystemExit("bye")


def endless(x: Array, k: Array) -> Any:
    while True:
        pass


def remembers(x: Array, k: Array, calls: list[int] = []) -> Any:  # noqa: B006
    calls.append(1)
    return right(x, k) + len(calls)


def three(x: Array, k: Array, stride: int) -> Array:
    return right(x, k)


SAID = {
    right: "gives the same 4 outputs.",
    by_fourier: "gives the same 4 outputs.",
    Thing(): "gives the same 4 outputs.",
    (lambda x, k: right(x, k) * (1 + 1e-15)): "gives the same 4 outputs.",
    (lambda x, k: right(x, k).astype(np.float32)): "gives the same 4 outputs.",
    (lambda x, k: right(x, k) * (1 + 1e-9)): PLACES,
    (lambda x, k: right(x, k) * np.nan): f"{PLACES} {NO_NUMBER}",
    (lambda x, k: right(x, k).tolist()): "returned a list of 2 entries; expected an "
    "array of shape (2, 2). Wrap it: np.array(...).",
    (lambda x, k: right(x, k) + 0j): "returned dtype complex128; expected real "
    "numbers. The answer is real: after an FFT, take .real or use irfft.",
    (lambda x, k: right(x, k).astype(np.float16)): "returned dtype float16; expected "
    "dtype int64. float16 keeps three digits only: use float32 or float64.",
    (lambda x, k: right(x, k).view(Mine)): "returned a Mine. Return a plain NumPy "
    "array.",
    (lambda x, k: None): "returned None. Is a `return` missing at its end?",
    (lambda x, k: right(x, k)[0]): "returned shape (2,); expected shape (2, 2).",
    ragged: "returned a list of 2 entries; expected an array of shape (2, 2). Wrap it: "
    "np.array(...).",
    spoiled: "changed its argument x. Work on a copy: x = x.copy().",
    unwritten: "is not written yet: it raised NotImplementedError.",
    beyond: "raised IndexError: index 777 is out of bounds for axis 0 with size 3.",
    leaves: "raised SystemExit: bye.",
    endless: "did not finish in 0.05 s. Is there a loop that never ends?",
    remembers: None,  # each call gives another answer
    three: "takes (x, k, stride), which (x, k) does not fit.",
}


@pytest.mark.parametrize("fn", SAID, ids=lambda fn: getattr(fn, "__name__", "object"))
def test_the_explorer_and_check_agree_on_right_and_wrong(
    fn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = bank.load("corr2d")
    monkeypatch.setattr(exercise, "seconds", 0.05 if fn is endless else 10)
    told = StepCorrelation(X, K, fn).table["fn"]
    assert told["agrees"] == (evaluate(exercise, fn).status == PASSED)
    assert told["agrees"] == (SAID[fn] == "gives the same 4 outputs.")
    if SAID[fn]:
        assert told["says"] == f"`{told['name'].strip('`')}` {SAID[fn]}"


def test_what_your_function_does_to_its_copies_is_not_drawn() -> None:
    assert StepCorrelation(X, K, spoiled).table["x"][0] == ["0", "1", "2"]


def test_every_cell_that_differs_is_marked_and_no_other() -> None:
    off = np.array([[0, 1e-9], [np.inf, 1e-16]])
    steps = StepCorrelation(X, K, lambda x, k: right(x, k) + off).table["steps"]
    assert [step["yours"] for step in steps] == [None, "25", "inf", None]
    steps = StepCorrelation([1, 2, 3], [1], lambda x, k: x + X[0] // 2).table["steps"]
    assert [step["yours"] for step in steps] == [None, None, "4"]


def test_your_function_is_given_the_stride_only_if_there_is_one() -> None:
    seen: list[dict[str, int]] = []

    def mine(x: Array, k: Array, **how: int) -> Array:
        seen.append(how)
        return np.zeros(())

    StepCorrelation(X, K, mine)
    StepCorrelation(X, K[:1, :1], mine, stride=2)
    assert seen == [{}, {}, {"stride": 2}, {"stride": 2}]

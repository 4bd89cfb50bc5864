"""Step through a correlation: one window, its products, their sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit import fast
from coursekit.shapes import ShapeError
from coursekit.widgets.base import digits
from coursekit.widgets.step_windows import At, StepWindows, Walk
from coursekit.widgets.trace import trace

ONE_LINE = 4  # so many products stand on one line, more on one line per kernel row


class StepCorrelation(StepWindows):
    """Walk the kernel k over x, with the products and their sum at every place.

    x and k have one axis, or two. Give your own function as `fn` to see where it
    differs, by the rules of `check`: it is called twice, on copies, as fn(x, k), and
    given stride only if not 1.

    Shapes: (W,), (kW,) or (H, W), (kH, kW), with H and W at most 16.
    Raises: ShapeError if k does not fit on x, or x is too large to draw.

    >>> show = StepCorrelation(np.arange(9).reshape(3, 3), [[0, 1], [2, 3]])
    >>> show
    <StepCorrelation: x (3, 3), k (2, 2) -> (2, 2), table aca0c653>
    >>> print(show.describe())
    The kernel k (2, 2) is laid on x (3, 3) at 4 places.
    Output [0, 0] = 0*0 + 1*1 + 3*2 + 4*3 = 19
    Output [0, 1] = 1*0 + 2*1 + 4*2 + 5*3 = 25
    Output [1, 0] = 3*0 + 4*1 + 6*2 + 7*3 = 37
    Output [1, 1] = 4*0 + 5*1 + 7*2 + 8*3 = 43
    """

    def __init__(
        self,
        x: ArrayLike,
        k: ArrayLike,
        fn: Callable[..., Any] | None = None,
        *,
        stride: int = 1,
    ) -> None:
        """Work out every step in NumPy."""
        walk = Correlation(x, k, stride)
        traced = None if fn is None else trace(fn, walk.x, walk.k, walk.out, stride)
        super().__init__(walk, traced)


class Correlation(Walk):
    """A correlation taken apart into products and their sums."""

    shown = ("x", "k", "out")
    used = "times the small number written in each."

    def __init__(self, x: ArrayLike, k: ArrayLike, stride: int) -> None:
        """Check the arguments and let the library work out the output."""
        x, self.k = np.array(x), np.array(k)
        if x.ndim != self.k.ndim or x.ndim not in (1, 2):
            raise ShapeError(
                f"x has {x.ndim} axes and k has {self.k.ndim}, but the explorer draws "
                "both with 1 or both with 2. Index with None to add an axis."
            )
        super().__init__(x, self.k.shape, stride)
        operation = fast.corr1d if x.ndim == 1 else fast.corr2d
        self.out = operation(x, self.k, stride=self.stride)

    def summary(self) -> str:
        """Give the three shapes."""
        stride = f", stride {self.stride}" if self.stride > 1 else ""
        return f"x {self.x.shape}, k {self.k.shape}{stride} -> {self.out.shape}"

    def opening(self) -> str:
        """Say what is laid on what."""
        return f"The kernel k {self.k.shape} is laid on x {self.x.shape}"

    def step(self, at: At, window: np.ndarray) -> dict[str, Any]:
        """Write the sum of products out."""
        total = np.atleast_2d(self.out)[at]
        return {"lines": written(window, np.atleast_2d(self.k), total)}


def written(window: np.ndarray, k: np.ndarray, total: Any) -> list[str]:
    """Write a sum of products out; ≈ where the digits shown do not give the total.

    >>> written(np.array([[0, 1], [3, 4]]), np.array([[0, 1], [2, 3]]), 19)
    ['0*0 + 1*1 + 3*2 + 4*3 = 19']
    """
    rows = [
        " + ".join(f"{_factor(a)}*{_factor(b)}" for a, b in zip(*pair, strict=True))
        for pair in zip(window, k, strict=True)
    ]
    shown = sum(
        float(digits(a)) * float(digits(b))
        for a, b in zip(window.flat, k.flat, strict=True)
    )
    equals = "=" if np.isclose(shown, float(digits(total)), rtol=1e-9) else "≈"
    lines = [" + ".join(rows)] if k.size <= ONE_LINE else rows
    return [
        *(f"{line} +" for line in lines[:-1]),
        f"{lines[-1]} {equals} {digits(total)}",
    ]


def _factor(value: Any) -> str:
    """Write a factor; a negative one in brackets."""
    text = digits(value)
    return f"({text})" if text.startswith("-") else text

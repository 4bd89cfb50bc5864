"""Step through a max pool: one window, its numbers, and the one that is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit import fast
from coursekit.shapes import IntOrPair, Pair, ShapeError, pair
from coursekit.widgets.base import digits
from coursekit.widgets.step_windows import At, StepWindows, Walk
from coursekit.widgets.trace import Traced


class StepPooling(StepWindows):
    """Walk a window over x, and keep its largest number at every place.

    The stride is the window's size unless you give one. Of equal numbers the first in
    row order is marked, the one that gets the gradient.

    Shapes: (H, W), an int or a pair, with H and W at most 16.
    Raises: ShapeError if the window does not fit on x, or x is too large to draw.

    >>> show = StepPooling([[1, 5, 2], [3, 5, 4]], 2, stride=1)
    >>> show
    <StepPooling: x (2, 3), windows (2, 2), stride 1 -> (1, 2), table bb2425b2>
    >>> print(show.describe())
    A window of (2, 2) is laid on x (2, 3) at 2 places.
    Output [0, 0] = max(1, 5, 3, 5) = 5
    Output [0, 1] = max(5, 2, 5, 4) = 5
    """

    def __init__(
        self, x: ArrayLike, kernel_size: IntOrPair, *, stride: int | None = None
    ) -> None:
        """Work out every step in NumPy."""
        super().__init__(Pooling(x, pair(kernel_size, "kernel_size", least=1), stride))


class Pooling(Walk):
    """A max pool taken apart into windows and their winners."""

    shown = ("x", "out")
    used = "and is the largest where a small max is written."

    def __init__(self, x: ArrayLike, window: Pair, stride: int | None) -> None:
        """Check the arguments and let the library work out the output."""
        x = np.array(x)
        if x.ndim != 2:
            raise ShapeError(
                f"x has {x.ndim} axes, but the explorer draws 2. Pick one map, as in "
                "x[0, 0], or index with None to add an axis."
            )
        if stride is None and window[0] != window[1]:
            raise ShapeError(
                f"The window {window} is not square, so it has no single stride. Give "
                f"one, as in stride={min(window)}."
            )
        super().__init__(x, window, window[0] if stride is None else stride)
        self.out = fast.max_pool2d(x[None, None], window, stride=self.stride)[0, 0]

    def summary(self) -> str:
        """Give the shapes and the stride."""
        x, window, out = self.x.shape, self.window, self.out.shape
        return f"x {x}, windows {window}, stride {self.stride} -> {out}"

    def opening(self) -> str:
        """Say what is laid on what."""
        return f"A window of {self.window} is laid on x {self.x.shape}"

    def table(self, traced: Traced | None = None) -> dict[str, Any]:
        """Write down the window's size, too."""
        return {"size": list(self.window), **super().table(traced)}

    def step(self, at: At, window: np.ndarray) -> dict[str, Any]:
        """Write the numbers of a window out row by row, and mark the first largest."""
        notes = [""] * window.size
        notes[int(window.argmax())] = "max"
        rows = [", ".join(map(digits, row)) for row in window]
        *lines, last = [", ".join(rows)] if window.size <= 4 else rows
        lines = [*(f"{row}," for row in lines), f"{last}) = {digits(self.out[at])}"]
        return {"lines": [f"max({lines[0]}", *lines[1:]], "notes": notes}

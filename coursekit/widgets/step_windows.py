"""Step through an operation window by window: what every such walk shares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from coursekit.shapes import ShapeError, at_least
from coursekit.widgets.base import Explorer, digits, texts
from coursekit.widgets.trace import Traced

MOST = 16  # cells along an axis: with more of them nobody can read the numbers
At = tuple[int, ...]


class Walk(ABC):
    """An operation taken apart into steps; one axis counts as a single row."""

    out: np.ndarray
    shown: tuple[str, ...]  # the names of the arrays that are drawn, in this order
    used: str  # what an input's sentence says of the outputs that use it

    def __init__(self, x: np.ndarray, window: At, stride: int) -> None:
        """Check that x can be drawn."""
        self.x, self.window = x, window
        self.stride = at_least(1, stride, "stride")
        axes = x.ndim
        for axis, n in zip("HW"[-axes:], x.shape, strict=True):
            if n > MOST:
                raise ShapeError(
                    f"Along {axis} x has {n} cells, but the explorer draws at most "
                    f"{MOST}. Cut a piece out first: "
                    f"x[{', '.join([f':{MOST}'] * axes)}]."
                )

    @abstractmethod
    def summary(self) -> str:
        """Give the shapes."""

    @abstractmethod
    def opening(self) -> str:
        """Say what is laid on what."""

    @abstractmethod
    def step(self, at: At, window: np.ndarray) -> dict[str, Any]:
        """Describe what an output makes of its window."""

    def table(self, traced: Traced | None = None) -> dict[str, Any]:
        """Write down all that the explorer shows, as finished text."""
        named = {name: getattr(self, name) for name in self.shown}
        return {
            **{name: texts(np.atleast_2d(array)) for name, array in named.items()},
            "titles": {name: f"{name} {array.shape}" for name, array in named.items()},
            "steps": self._steps(traced.marks if traced else {}),
            "pixels": self._pixels(),
            "fn": traced
            and {"name": traced.name, "says": traced.says, "agrees": traced.agrees},
        }

    def _corners(self) -> list[tuple[int, int]]:
        """List where in x the window starts, one place per output."""
        out = np.atleast_2d(self.out)
        return [(i * self.stride, j * self.stride) for i, j in np.ndindex(out.shape)]

    def _steps(self, marks: dict[At, str]) -> list[dict[str, Any]]:
        """Describe each output: its window, and what became of it."""
        x, out = np.atleast_2d(self.x), np.atleast_2d(self.out)
        height, width = (1, *self.window)[-2:]
        return [
            {
                "head": f"Output `{self.name(at)}` =",
                "window": [top, left],
                **self.step(at, x[top:, left:][:height, :width]),
                "yours": marks.get(at),
            }
            for at, (top, left) in zip(
                np.ndindex(out.shape), self._corners(), strict=True
            )
        ]

    def _pixels(self) -> list[dict[str, Any]]:
        """Describe each value of x: the outputs that use it, and the tap they use."""
        x = np.atleast_2d(self.x)
        seen: dict[At, list[list[int]]] = {at: [] for at in np.ndindex(x.shape)}
        for output, (top, left) in enumerate(self._corners()):
            for tap, (i, j) in enumerate(np.ndindex((1, *self.window)[-2:])):
                seen[top + i, left + j].append([output, tap])
        return [
            {"seen": uses, "says": self._use(at, digits(x[at]), len(uses))}
            for at, uses in seen.items()
        ]

    def _use(self, at: At, value: str, count: int) -> str:
        """Say how many outputs use a value of x."""
        name = f"`x{self.name(at)}` = {value}"
        if not count:
            return f"{name} is used by no output: no window covers it."
        return f"{name} is used by {count} of {self.out.size} outputs, {self.used}"

    def name(self, at: At) -> str:
        """Write a place as the index that reads it."""
        return f"[{', '.join(map(str, at[-self.x.ndim :]))}]"


class StepWindows(Explorer):
    """Step through a walk: the window, what became of it, and the output it fills."""

    script = "step_windows"

    def __init__(self, walk: Walk, traced: Traced | None = None) -> None:
        """Start at the first window."""
        self._walk = walk
        place = {"step": 0, "pixel": None, "filled": [0]}
        super().__init__(table=walk.table(traced), place=place)

    def summary(self) -> str:
        """Give the shapes."""
        return self._walk.summary()

    def describe(self) -> str:
        """Tell every step, and what your own function makes of it."""
        steps = self.table["steps"]
        many, leap = len(steps) > 1, self._walk.stride
        lines = [
            f"{self._walk.opening()} at {len(steps)} place{'s' if many else ''}"
            f"{f', {leap} cells apart' if leap > 1 else ''}."
        ]
        for step in steps:
            yours = [f"≠ {step['yours']}"] if step["yours"] else []
            lines.append(" ".join([step["head"], *step["lines"], *yours]))
        if self.table["fn"]:
            lines.append(self.table["fn"]["says"])
        return "\n".join(lines).replace("`", "")

    def still(self) -> bytes:
        """Draw every array, the first window and the output that it fills framed."""
        from matplotlib.patches import Rectangle

        from coursekit import plots

        walk, titles = self._walk, self.table["titles"]
        shown = (np.atleast_2d(getattr(walk, name)) for name in walk.shown)
        picture = plots.grids(**dict(zip(titles.values(), shown, strict=True)))
        for ax, shape in ((picture.axes[0], walk.window), (picture.axes[-1], (1, 1))):
            height, width = (1, *shape)[-2:]
            ax.add_patch(
                Rectangle((-0.5, -0.5), width, height, fill=False, ec="#b45309", lw=3)
            )
        return picture.png()

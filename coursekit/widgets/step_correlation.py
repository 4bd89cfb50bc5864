"""Step through a correlation: one window, its products, their sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coursekit.shapes import ShapeError, at_least
from coursekit.widgets.base import Explorer, digits, texts
from coursekit.widgets.trace import Traced, correlate, trace

MOST = 16  # cells along an axis: with more of them nobody can read the numbers
ONE_LINE = 4  # so many products stand on one line, more on one line per kernel row


class StepCorrelation(Explorer):
    """Walk the kernel k over x, with the products and their sum at every place.

    x and k have one axis, or two. Give your own function as `fn` to see where it
    differs: it is called once, on copies, as fn(x, k), and given stride only if not 1.

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

    script = "step_correlation.js"

    def __init__(
        self,
        x: ArrayLike,
        k: ArrayLike,
        fn: Callable[..., Any] | None = None,
        *,
        stride: int = 1,
    ) -> None:
        """Work out every step in NumPy."""
        self._walk = walk = Walk(x, k, stride)
        traced = None if fn is None else trace(fn, walk.x, walk.k, walk.out, stride)
        place = {"step": 0, "pixel": None, "filled": [0]}
        super().__init__(table=walk.table(traced), place=place)

    def summary(self) -> str:
        """Give the three shapes."""
        walk = self._walk
        stride = f", stride {walk.stride}" if walk.stride > 1 else ""
        return f"x {walk.x.shape}, k {walk.k.shape}{stride} -> {walk.out.shape}"

    def describe(self) -> str:
        """Tell every step, and what your own function makes of it."""
        walk, steps = self._walk, self.table["steps"]
        stride = f", {walk.stride} cells apart" if walk.stride > 1 else ""
        lines = [
            f"The kernel k {walk.k.shape} is laid on x {walk.x.shape} at {len(steps)} "
            f"place{'s' if len(steps) > 1 else ''}{stride}."
        ]
        for step in steps:
            yours = [f"≠ {step['yours']}"] if step["yours"] else []
            lines.append(" ".join([step["head"], *step["lines"], *yours]))
        if self.table["fn"]:
            lines.append(self.table["fn"]["says"])
        return "\n".join(lines).replace("`", "")

    def still(self) -> bytes:
        """Draw x with the first window framed, k, and the whole output."""
        from matplotlib.patches import Rectangle

        from coursekit import plots

        walk, titles = self._walk, self.table["titles"]
        shown = (walk.x, walk.k, walk.out)
        panels = dict(zip(titles.values(), map(np.atleast_2d, shown), strict=True))
        picture = plots.grids(**panels)
        for ax, shape in ((picture.axes[0], walk.k.shape), (picture.axes[2], (1, 1))):
            height, width = (1, *shape)[-2:]
            ax.add_patch(
                Rectangle((-0.5, -0.5), width, height, fill=False, ec="#b45309", lw=3)
            )
        return picture.png()


class Walk:
    """A correlation taken apart into steps; one axis counts as a single row."""

    def __init__(self, x: ArrayLike, k: ArrayLike, stride: int) -> None:
        """Check the arguments and let the library work out the output."""
        self.x, self.k = np.array(x), np.array(k)
        self.stride = at_least(1, stride, "stride")
        axes = self.x.ndim
        if axes != self.k.ndim or axes not in (1, 2):
            raise ShapeError(
                f"x has {axes} axes and k has {self.k.ndim}, but the explorer draws "
                "both with 1 or both with 2. Index with None to add an axis."
            )
        for axis, n in zip("HW"[-axes:], self.x.shape, strict=True):
            if n > MOST:
                raise ShapeError(
                    f"Along {axis} x has {n} cells, but the explorer draws at most "
                    f"{MOST}. Cut a piece out first: "
                    f"x[{', '.join([f':{MOST}'] * axes)}]."
                )
        self.out = correlate(self.x, self.k, self.stride)

    def table(self, traced: Traced | None) -> dict[str, Any]:
        """Write down all that the explorer shows, as finished text."""
        named = {"x": self.x, "k": self.k, "out": self.out}
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

    def _steps(self, marks: dict[tuple[int, ...], str]) -> list[dict[str, Any]]:
        """Describe each output: its window, its products and their sum."""
        x, k, out = (np.atleast_2d(a) for a in (self.x, self.k, self.out))
        return [
            {
                "head": f"Output `{self._name(at)}` =",
                "window": [top, left],
                "lines": written(
                    x[top:, left:][: k.shape[0], : k.shape[1]], k, out[at]
                ),
                "yours": marks.get(at),
            }
            for at, (top, left) in zip(
                np.ndindex(out.shape), self._corners(), strict=True
            )
        ]

    def _pixels(self) -> list[dict[str, Any]]:
        """Describe each value of x: the outputs that use it, and the tap they use."""
        x, k = np.atleast_2d(self.x), np.atleast_2d(self.k)
        seen: dict[tuple[int, ...], list[list[int]]] = {
            at: [] for at in np.ndindex(x.shape)
        }
        for output, (top, left) in enumerate(self._corners()):
            for tap, (i, j) in enumerate(np.ndindex(k.shape)):
                seen[top + i, left + j].append([output, tap])
        return [
            {"seen": uses, "says": self._use(at, digits(x[at]), len(uses))}
            for at, uses in seen.items()
        ]

    def _use(self, at: tuple[int, ...], value: str, count: int) -> str:
        """Say how many outputs use a value of x."""
        name = f"`x{self._name(at)}` = {value}"
        if not count:
            return f"{name} is used by no output: no window covers it."
        return (
            f"{name} is used by {count} of {self.out.size} outputs, times the small "
            "number written in each."
        )

    def _name(self, at: tuple[int, ...]) -> str:
        """Write a place as the index that reads it."""
        return f"[{', '.join(map(str, at[-self.x.ndim :]))}]"


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

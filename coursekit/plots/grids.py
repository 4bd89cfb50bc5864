"""Small arrays with every number written in its cell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.plots.described import (
    Described,
    described,
    number,
    panels,
    side_by_side,
)
from coursekit.plots.palette import INKS, SIGNED, STROKES, UNSIGNED
from coursekit.shapes import ShapeError, at_least, pair, sizes


def grids(*, padding: int = 0, **arrays: ArrayLike) -> Described:
    """Draw small 2-D arrays side by side, every number written in its cell.

    So many rings of the first array are padding: white and dashed, as in `places`.

    Raises: ShapeError if an array is not 2-D, or the first one has no cell in so many
        rings; ValueError if there is none.

    >>> grids(kernel=[[0, 1], [2, 3]])
    Grid of numbers. kernel: 2 x 2, rows 0 1 / 2 3.
    """
    shown = panels("grids", arrays, ndim=2)
    at_least(0, padding, "padding")
    first, values = next(iter(shown.items()))
    if 2 * padding >= min(values.shape):
        raise ShapeError(
            f"padding={padding} rings leave no cell of {first}, which has shape "
            f"{values.shape}. Give the padding per side."
        )
    axes = side_by_side(shown, most=0.5)
    for ax, values in zip(axes, shown.values(), strict=True):
        _grid(ax, values)
    _dash(axes[0], shown[first].shape, padding)
    told = f" Padding: {padding} on each side of {first}." if padding else ""
    return described(axes[0], "Grid of numbers", shown, told)


def windows(
    x: ArrayLike, k_shape: tuple[int, int], corners: Mapping[str, tuple[int, int]]
) -> Described:
    """Draw a 2-D array and frame the windows whose upper left corners are given.

    Raises: ShapeError if x is not 2-D, or if a window leaves it.

    >>> windows([[1, 2, 3], [4, 5, 6]], (2, 2), {"o1": (0, 0)})
    Grid of numbers. x: 2 x 3, rows 1 2 3 / 4 5 6. Framed, 2 x 2: o1 at (0, 0).
    """
    shown = panels("windows", {"x": x}, ndim=2)
    size = sizes(k_shape, "k_shape", "kH kW")
    if not isinstance(corners, Mapping) or not corners:
        raise TypeError(
            f"corners must name each window, as in {{'o1': (0, 0)}}, but is "
            f"{corners!r} ({type(corners).__name__})."
        )
    [ax] = side_by_side(shown, most=0.5, beside=0.9)
    ax.set_title("")
    _grid(ax, shown["x"], pale=True)
    for index, (name, corner) in enumerate(corners.items()):
        corner = pair(corner, f"corner {name}", means="(row, column)")
        _frame(ax, shown["x"].shape, name, corner, size, index)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    framed = ", ".join(f"{name} at {corner}" for name, corner in corners.items())
    told = f" Framed, {' x '.join(map(str, size))}: {framed}."
    return described(ax, "Grid of numbers", shown, told)


def _grid(ax: Axes, values: np.ndarray, *, pale: bool = False) -> None:
    """Draw one array as coloured cells with their numbers."""
    signed = values.min() < 0
    largest = float(np.abs(values).max()) or 1.0
    low, cmap = (-largest, SIGNED) if signed else (0.0, UNSIGNED)
    image = ax.imshow(values, cmap=cmap, vmin=low, vmax=largest, alpha=1 - 0.8 * pale)
    luminance = image.to_rgba(values)[..., :3] ** 2.2 @ [0.2126, 0.7152, 0.0722]
    for (i, j), value in np.ndenumerate(values):
        ink = "black" if pale or luminance[i, j] > 0.18 else "white"
        ax.text(j, i, number(value), color=ink, ha="center", va="center")


def _dash(ax: Axes, shape: tuple[int, ...], rings: int) -> None:
    """Draw the outer rings of a grid as padding."""
    for text in ax.texts:
        j, i = (int(at) for at in text.get_position())
        if min(i, j, shape[0] - 1 - i, shape[1] - 1 - j) < rings:
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color="white"))
            edge = {"fill": False, "linestyle": "--"}
            ax.add_patch(Rectangle((j - 0.44, i - 0.44), 0.88, 0.88, **edge))  # type: ignore[arg-type]
            text.set_color("black")


def _frame(
    ax: Axes,
    shape: tuple[int, ...],
    name: str,
    corner: tuple[int, int],
    size: tuple[int, ...],
    index: int,
) -> None:
    """Frame a window; each next frame lies a little further inside, so all are seen."""
    for axis, n, k, start in zip("HW", shape, size, corner, strict=True):
        if not 0 <= start <= n - k:
            raise ShapeError(
                f"Along {axis} the window {name} spans {start} to {start + k - 1}, but "
                f"x has positions 0 to {n - 1}. Start it at 0 to {n - k}."
            )
    inset = 0.03 + 0.05 * index - 0.5
    (top, left), (height, width) = corner, size
    ax.add_patch(
        Rectangle(
            (left + inset, top + inset),
            width - 1 - 2 * inset,
            height - 1 - 2 * inset,
            fill=False,
            linewidth=2.5,
            linestyle=STROKES[index % 4],
            edgecolor=INKS[index % 4],
            label=name,
        )
    )

"""One function per figure: arrays in, a figure out that displays and describes itself.

A keyword names each panel: `grids(input=x, kernel=k)`. Data with a sign get a diverging
map with zero in the middle, all other data a perceptually uniform one; small arrays
show their numbers, so that nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import CenteredNorm
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.described import (
    WIDTH,
    Described,
    described,
    figure,
    number,
    panels,
    side_by_side,
)
from coursekit.shapes import ShapeError

SIGNED = "coolwarm"  # Moreland's diverging map: equal steps look equal, zero is gray
UNSIGNED = "cividis"  # perceptually uniform, and alike for colour-blind readers
STROKES = ("-", "--", "-.", ":")
INKS = ("#0b3c5d", "#b3400a", "#2f6b35", "#6a3d7c")


def signals(**arrays: ArrayLike) -> Described:
    """Draw 1-D arrays below each other, sample under sample, with their values.

    Raises: ShapeError if an array is not 1-D; ValueError if there is none.

    >>> signals(signal=[0, 0, 1], response=[0, 1])
    Stem plot. signal: 3 values, 0 0 1. response: 2 values, 0 1.
    """
    shown = panels("signals", arrays, ndim=1)
    axes = figure(1.2 * len(shown) + 0.3, nrows=len(shown), sharex=True)
    for ax, (name, values) in zip(axes, shown.items(), strict=True):
        ax.stem(values, linefmt=INKS[0], basefmt="k-")
        room = 0.15 * (np.ptp(values) or 1)  # above a stem, for its number
        for i, value in enumerate(values):
            ax.text(i, max(value, 0) + room, number(value), ha="center")
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
        ax.set_ylim(min(values.min(), 0) - room, max(values.max(), 0) + 4 * room)
        ax.spines[["left", "right", "top"]].set_visible(False)
        ax.set_yticks([])
    axes[-1].set_xlabel("position")
    return described(axes[0], "Stem plot", shown)


def grids(**arrays: ArrayLike) -> Described:
    """Draw small 2-D arrays side by side, every number written in its cell.

    Raises: ShapeError if an array is not 2-D; ValueError if there is none.

    >>> grids(kernel=[[0, 1], [2, 3]])
    Grid of numbers. kernel: 2 x 2, rows 0 1 / 2 3.
    """
    shown = panels("grids", arrays, ndim=2)
    axes = side_by_side(shown, most=0.5)
    for ax, values in zip(axes, shown.values(), strict=True):
        _grid(ax, values)
    return described(axes[0], "Grid of numbers", shown)


def windows(
    x: ArrayLike, k_shape: tuple[int, int], corners: Mapping[str, tuple[int, int]]
) -> Described:
    """Draw a 2-D array and frame the windows whose upper left corners are given.

    Raises: ShapeError if x is not 2-D, or if a window leaves it.

    >>> windows([[1, 2, 3], [4, 5, 6]], (2, 2), {"o1": (0, 0)})
    Grid of numbers. x: 2 x 3, rows 1 2 3 / 4 5 6. Framed, 2 x 2: o1 at (0, 0).
    """
    shown = panels("windows", {"x": x}, ndim=2)
    [ax] = side_by_side(shown, most=0.5, beside=0.9)
    ax.set_title("")
    _grid(ax, shown["x"], pale=True)
    for index, (name, corner) in enumerate(corners.items()):
        _frame(ax, shown["x"].shape, name, corner, k_shape, index)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    framed = ", ".join(f"{name} at {corner}" for name, corner in corners.items())
    size = " x ".join(map(str, k_shape))
    return described(ax, "Grid of numbers", shown, f" Framed, {size}: {framed}.")


def photos(**arrays: ArrayLike) -> Described:
    """Draw gray pictures side by side: 0 is black, 1 is white, beyond is clipped.

    Raises: ShapeError if an array is not 2-D; ValueError if there is none.

    >>> photos(night=np.zeros((10, 20)))
    Gray picture. night: 10 x 20, from 0 to 0, mean 0.
    """
    shown = panels("photos", arrays, ndim=2)
    axes = side_by_side(shown, most=0.3)
    for ax, values in zip(axes, shown.values(), strict=True):
        ax.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    return described(axes[0], "Gray picture", shown)


def responses(**arrays: ArrayLike) -> Described:
    """Draw pictures with a sign side by side, on one scale with zero in its middle.

    The scale ends where 99 per cent of the numbers lie inside it.

    Raises: ShapeError if an array is not 2-D; ValueError if there is none.

    >>> responses(edge=np.linspace(-1, 1, 60).reshape(6, 10))
    Picture with signs. edge: 6 x 10, from -1 to 1, mean 0.
    """
    shown = panels("responses", arrays, ndim=2)
    axes = side_by_side(shown, most=0.3, beside=0.9)
    sizes = np.abs(np.concatenate([values.ravel() for values in shown.values()]))
    limit = float(np.percentile(sizes, 99) or sizes.max() or 1)
    norm = CenteredNorm(halfrange=limit)
    for ax, values in zip(axes, shown.values(), strict=True):
        ax.imshow(values, cmap=SIGNED, norm=norm, interpolation="nearest")
    axes[0].figure.colorbar(axes[-1].images[0], ax=axes, shrink=0.8, extend="both")
    return described(axes[0], "Picture with signs", shown)


def loss_curve(**losses: ArrayLike) -> Described:
    """Draw losses against steps, the loss on a logarithmic axis.

    Raises: ShapeError if an array is not 1-D; ValueError if there is none, or if a
        loss is not above 0.

    >>> loss_curve(loss=[1, 0.1, 0.01])
    Line chart, logarithmic. loss: 3 values, 1 0.1 0.01.
    """
    shown = panels("loss_curve", losses, ndim=1)
    for name, values in shown.items():
        if not values.min() > 0:
            raise ValueError(
                f"loss_curve has a logarithmic axis, and {name} falls to "
                f"{values.min():g}. Pass losses above 0."
            )
    [ax] = figure(2.8, width=WIDTH * 0.75)
    for index, (name, values) in enumerate(shown.items()):
        ax.semilogy(values, STROKES[index % 4], color=INKS[index % 4], label=name)
    ax.set(xlabel="step", ylabel="loss")
    ax.grid(alpha=0.3)
    if len(shown) > 1:
        ax.legend(frameon=False)
    return described(ax, "Line chart, logarithmic", shown)


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


def _frame(
    ax: Axes,
    shape: tuple[int, ...],
    name: str,
    corner: tuple[int, int],
    size: tuple[int, int],
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

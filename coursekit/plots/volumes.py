"""Channels as sheets behind one another: what a filter really looks like."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit.plots.described import ROOM, Described, described, figure
from coursekit.plots.palette import INKS
from coursekit.shapes import ShapeError, out_len, pair, sizes

SLANT = 0.5  # cells: how far the next channel lies to the right, and up
GAP = 2.0  # cells between input, filters and output
HEAD = 1.4  # cells above a volume, for its name
SEEN = "#f4d58d"  # what the window covers; it is framed as well

Point = tuple[float, float]


class Volume(NamedTuple):
    """A stack of sheets, and the window that is marked in every one of them."""

    name: str
    shape: tuple[int, int, int]  # C, H, W
    corner: tuple[int, int]
    window: tuple[int, int]
    inks: list[str]  # the frame of each sheet's window, in turn

    @property
    def width(self) -> float:
        """Give the width of the drawing, in cells."""
        return self.shape[2] + SLANT * (self.shape[0] - 1)

    @property
    def height(self) -> float:
        """Give the height of the drawing with its name, in cells."""
        return HEAD + self.shape[1] + SLANT * (self.shape[0] - 1)


class Stand(NamedTuple):
    """A volume and where it stands on the paper: its left and upper edge."""

    volume: Volume
    left: float
    top: float


def volumes(
    x_shape: tuple[int, int, int],
    weight_shape: tuple[int, int, int, int],
    at: tuple[int, int] = (0, 0),
    *,
    stride: int = 1,
) -> Described:
    """Draw an input, the window at one place, the filters, and the numbers they make.

    Every channel is a sheet of cells, all to one scale; channel 0 lies in front.

    Shapes: (C_in, H, W), (C_out, C_in, kH, kW), output row and column.
    Raises: ShapeError if the channels differ, or the output has no such place.

    >>> volumes((3, 6, 6), (2, 3, 3, 3), at=(0, 1))  # doctest: +NORMALIZE_WHITESPACE
    Volumes. Input 3 x 6 x 6, window 3 x 3 x 3 at row 0, column 1. Filters: 2, each
    3 x 3 x 3. Output 2 x 4 x 4, marked at row 0, column 1 of every map.
    """
    out = _checked_out(x_shape, weight_shape, at, stride)
    filters, channels, k_h, k_w = weight_shape
    at = pair(at, "at")
    one, corner = (channels, k_h, k_w), (at[0] * stride, at[1] * stride)
    inks = [INKS[f % len(INKS)] for f in range(filters)]
    given = Volume(f"input {_size(x_shape)}", x_shape, corner, (k_h, k_w), ["black"])
    stack = [
        Volume(f"filter {f}: {_size(one)}", one, (0, 0), (k_h, k_w), [ink])
        for f, ink in enumerate(inks)
    ]
    made = Volume(f"output {_size(out)}", out, at, (1, 1), inks)
    told = (
        f" Input {_size(x_shape)}, window {_size(one)} at row {corner[0]}, column "
        f"{corner[1]}. Filters: {filters}, each {_size(one)}. Output {_size(out)}, "
        f"marked at row {at[0]}, column {at[1]} of every map."
    )
    return described(_draw([[given], stack, [made]]), "Volumes", {}, told)


def _checked_out(
    x_shape: tuple[int, int, int],
    weight_shape: tuple[int, int, int, int],
    at: tuple[int, int],
    stride: int,
) -> tuple[int, int, int]:
    """Give the shape of the output, if there is one and it has this place."""
    (c, h, w), (filters, channels, k_h, k_w) = (
        sizes(x_shape, "x_shape", "C H W"),
        sizes(weight_shape, "weight_shape", "C_out C_in kH kW"),
    )
    if channels != c:
        raise ShapeError(
            f"Along C the filters have {channels} channels, but the input has {c}. A "
            f"filter spans all channels of its input: give it {c}."
        )
    rows = out_len(h, k_h, stride=stride, axis="H")
    columns = out_len(w, k_w, stride=stride, axis="W")
    row, column = pair(at, "at", means="(row, column)")
    if row >= rows or column >= columns:
        raise ShapeError(
            f"The output is {rows} x {columns} and has no place {at!r}. Choose a row "
            f"from 0 to {rows - 1} and a column from 0 to {columns - 1}."
        )
    return filters, rows, columns


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _draw(columns: list[list[Volume]]) -> Axes:
    """Lay the volumes out in columns, and lead lines from each column to the next."""
    wide = [max(volume.width for volume in column) for column in columns]
    high = [sum(volume.height for volume in column) for column in columns]
    width, height = sum(wide) + GAP * len(wide), max(high)
    cell = min(0.32, ROOM / width)
    [ax] = figure(cell * (height + 0.4), width=cell * width)
    ax.set(xlim=(-0.5, width - 0.5), ylim=(height + 0.2, -0.2), aspect="equal")
    ax.axis("off")
    left, stands = 0.0, []
    for column, room, used in zip(columns, wide, high, strict=True):
        top = (height - used) / 2
        for volume in column:
            stands.append(Stand(volume, left, top))
            _sheets(ax, stands[-1])
            top += volume.height
        left += room + GAP
    _arrows(ax, stands)
    return ax


def _point(stand: Stand, channel: int, row: float, column: float) -> Point:
    """Find a place on the sheet of one channel, in the cells of the drawing."""
    behind = stand.volume.shape[0] - 1 - channel
    return (
        stand.left + SLANT * channel + column,
        stand.top + HEAD + SLANT * behind + row,
    )


def _sheets(ax: Axes, stand: Stand) -> None:
    """Draw the channels from the last to the first, which covers part of them."""
    name, (c, h, w), (row, column), (height, width), inks = stand.volume
    ax.text(stand.left, stand.top + HEAD - 0.5, name, va="bottom")
    for channel in reversed(range(c)):
        for i, j in np.ndindex(h, w):
            seen = 0 <= i - row < height and 0 <= j - column < width
            cell = Rectangle(_point(stand, channel, i, j), 1, 1, linewidth=0.6)
            cell.set(facecolor=SEEN if seen else "white", edgecolor="0.45")
            ax.add_patch(cell)
        corner = _point(stand, channel, row, column)
        frame = Rectangle(corner, width, height, fill=False, linewidth=2)
        frame.set(edgecolor=inks[channel % len(inks)])
        ax.add_patch(frame)


def _arrows(ax: Axes, stands: list[Stand]) -> None:
    """Lead from the window to every filter, and from it to the number it makes."""
    given, *filters, made = stands
    (row, column), (height, width) = given.volume.corner, given.volume.window
    window = _point(given, 0, row + height / 2, column + width)
    row, column = made.volume.corner
    for f, stand in enumerate(filters):
        near = _point(stand, 0, height / 2, 0)
        far = _point(stand, 0, height / 2, width)
        goal = _point(made, f, row + SLANT / 2, column + 0.5)  # seen in the top row
        look = {"arrowstyle": "->", "color": stand.volume.inks[0], "linewidth": 1.2}
        ax.annotate("", near, window, arrowprops=look)
        ax.annotate("", goal, far, arrowprops=look)

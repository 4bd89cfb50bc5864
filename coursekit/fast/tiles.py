"""The window as a matrix, a cache-sized tile at a time: what makes `fast` fast.

Correlation is a matrix product once the samples under every window stand in columns
("im2col"). Written out whole, that matrix is kH * kW times as large as the picture, and
passes through memory twice. Two ideas make it small:

- A *strip* holds the picture once for each **column** of the kernel, shifted to it. A
  **row** of the kernel then is no copy: it is the strip from some row of pixels on, and
  the product with the whole kernel is a sum of kH products.
- A strip is made for a *tile* only, a few rows of a few images, in one buffer that
  stays in the processor's cache, used, and overwritten by the next.

Inside a strip the image is the *last* axis, so that small pictures too are copied in
long runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from coursekit.shapes import Pair

TILE_BYTES = 1024 * 1024  # a common second-level cache
SMALL_PRODUCT = 10**6  # multiply-adds; more are packed, and shared out over threads
MANY = 1024  # positions; products with fewer gain nothing by being small
NARROW = 16  # pixels; a product with fewer columns is no faster than loops
SHORT_ROW, FEW_IMAGES = 32, 4  # short rows are copied for many images at once


class Grid(NamedTuple):
    """Where taps lie: output (y, x) meets (y * stride + row, x * stride + column).

    Every row goes with every column. Beyond the picture there are zeros.
    """

    rows: list[int]
    columns: list[int]
    stride: Pair
    out: Pair


class Tile(NamedTuple):
    """A part of the output: ranges of images, groups, rows and columns."""

    images: slice
    groups: slice
    rows: slice
    columns: slice

    def size(self) -> tuple[int, int, int, int]:
        """Count the images, groups, rows and columns."""
        images, groups, rows, columns = [part.stop - part.start for part in self]
        return images, groups, rows, columns


class Buffer:
    """Memory taken once, for the largest tile, and lent to every tile in turn."""

    def __init__(self, dtype: np.dtype) -> None:
        self.memory = np.empty(0, dtype)

    def shaped(self, *shape: int) -> np.ndarray:
        """Lend an array of this shape; what it holds is left over from before."""
        size = prod(shape)
        if size > self.memory.size:
            self.memory = np.empty(size, self.memory.dtype)
        return self.memory[:size].reshape(shape)

    def filled(self, x: np.ndarray) -> np.ndarray:
        """Lend a copy of x in which the last axis lies closest together."""
        copy = self.shaped(*x.shape)
        copy[...] = x
        return copy


def strips(
    x: np.ndarray, grid: Grid, groups: int, outputs: int
) -> Iterator[tuple[Tile, list[np.ndarray]]]:
    """Give each tile with a matrix for each kernel row: a window in every column.

    Shapes: (N, C, H, W) -> matrices (groups, kW * C / groups, positions), positions
    over (rows, columns, images). They are views of a buffer, valid until the next tile.
    `outputs` counts the numbers of a group that a position makes, or that come back.
    """
    n, c, h, w = x.shape
    x = x.reshape(n, groups, c // groups, h, w)
    first, stride = min(grid.rows), grid.stride[0]
    # kernel row -> (rows of its strip to skip, strip): one strip for each remainder
    plan = [divmod(row - first, stride) for row in grid.rows]
    halo = {which: max(s for s, r in plan if r == which) for _, which in plan}
    depth = len(grid.columns) * (c // groups)
    turned, memory = Buffer(x.dtype), {which: Buffer(x.dtype) for which in halo}
    room = _positions(depth, len(halo), outputs, x.itemsize)
    for tile in tiles((n, groups, *grid.out), room, max(halo.values())):
        images, _, rows, columns = tile.size()
        seen = x[tile.images, tile.groups].transpose(1, 2, 3, 4, 0)
        if images > 1:  # (g, C/groups, H, W, images): turned once, not for each tap
            seen = turned.filled(seen)
        top = tile.rows.start * stride + first
        made = {
            which: _strip(seen, grid, top + which, rows + more, tile, memory[which])
            for which, more in halo.items()
        }
        row = columns * images
        yield tile, [made[r][:, :, s * row : (s + rows) * row] for s, r in plan]


def _positions(depth: int, copies: int, outputs: int, itemsize: int) -> int:
    """Say how many positions a tile may have for its memory and for its products.

    >>> _positions(depth=30, copies=1, outputs=16, itemsize=4)
    2083
    """
    memory = (depth * copies + 2 * outputs) * itemsize
    return min(TILE_BYTES // memory, max(MANY, SMALL_PRODUCT // (depth * outputs)))


def tiles(whole: tuple[int, int, int, int], room: int, halo: int) -> Iterator[Tile]:
    """Cut (images, groups, rows, columns) into tiles of about `room` positions.

    A row is cut only if it alone is too large, and rows are split only if one group of
    one image is. Each tile needs `halo` rows more than it makes.
    """
    n, _, rows, columns = whole
    width = min(columns, max(NARROW, room // (1 + halo)))
    height = min(rows, max(1, room // width - halo))
    planes = room // (width * (height + halo))
    images = min(n, planes) if columns < SHORT_ROW and planes >= FEW_IMAGES else 1
    together = planes // max(1, images)
    most = images, together, height, width
    for parts in product(*map(_even, whole, most)):
        yield Tile(*parts)


def _even(size: int, most: int) -> list[slice]:
    """Cut a length into pieces of nearly equal size, each of `most` at most.

    >>> _even(9, 8)
    [slice(0, 5, None), slice(5, 9, None)]
    """
    pieces = max(1, -(-size // max(1, most)))
    step = max(1, -(-size // pieces))
    return [slice(a, min(a + step, size)) for a in range(0, size, step)]


def _strip(
    x: np.ndarray, grid: Grid, top: int, height: int, tile: Tile, memory: Buffer
) -> np.ndarray:
    """Copy `height` rows from row `top` on, once for each kernel column.

    Shapes: (g, C/groups, H, W, images) -> (g, kW * C/groups, positions).
    """
    g, channels, h, w, images = x.shape
    width = tile.size()[3]
    rows, into_rows = _inside(top, grid.stride[0], height, h)
    shifts = [tile.columns.start * grid.stride[1] + column for column in grid.columns]
    shifted = [_inside(left, grid.stride[1], width, w) for left in shifts]
    if len(shifted) == 1 and (into_rows, shifted[0][1]) == ((0, height), (0, width)):
        return x[:, :, rows, shifted[0][0]].reshape(g, channels, -1)  # often a view
    strip = memory.shaped(g, len(shifted), channels, height, width, images)
    (a, b) = into_rows
    if (a, b) != (0, height):  # zeros above and below the picture
        strip[:, :, :, :a] = strip[:, :, :, b:] = 0
    for t, (columns, (c, d)) in enumerate(shifted):
        if (c, d) != (0, width):  # and beside it
            strip[:, t, :, a:b, :c] = strip[:, t, :, a:b, d:] = 0
        strip[:, t, :, a:b, c:d] = x[:, :, rows, columns]
    return strip.reshape(g, len(shifted) * channels, -1)


@lru_cache
def _inside(start: int, step: int, count: int, size: int) -> tuple[slice, Pair]:
    """Say which of the samples start, start + step, ... exist, and which of count.

    >>> _inside(-1, 2, 4, 5)
    (slice(1, 5, 2), (1, 3))
    """
    a = min(max(-(start // step), 0), count)
    b = min(max(-((start - size) // step), a), count)
    return slice(start + a * step, start + b * step, step), (a, b)

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
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from coursekit.shapes import Pair

TILE_BYTES = 768 * 1024  # most of a common second-level cache
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
        images, groups, rows, columns = (part.stop - part.start for part in self)
        return images, groups, rows, columns


class Buffer:
    """Memory taken once, for the largest tile, and lent to every tile in turn."""

    def __init__(self, dtype: np.dtype) -> None:
        self.memory = np.empty(0, dtype)

    def shaped(self, *shape: int) -> np.ndarray:
        """Lend an array of this shape; what it holds is left over from before."""
        if prod(shape) > self.memory.size:
            self.memory = np.empty(prod(shape), self.memory.dtype)
        return self.memory[: prod(shape)].reshape(shape)


def strips(
    x: np.ndarray, grid: Grid, groups: int, extra: int
) -> Iterator[tuple[Tile, list[np.ndarray]]]:
    """Give each tile with a matrix for each kernel row: a window in every column.

    Shapes: (N, C, H, W) -> matrices (groups, kW * C / groups, positions), positions
    over (rows, columns, images). They are views of a buffer, valid until the next tile.
    `extra` counts the numbers for each position that the caller keeps beside them.
    """
    n, c, h, w = x.shape
    x = x.reshape(n, groups, c // groups, h, w)
    # kernel row -> (rows of the strip it skips, strip): one strip for each remainder
    plan = [divmod(row - min(grid.rows), grid.stride[0]) for row in grid.rows]
    halo = {which: max(s for s, r in plan if r == which) for _, which in plan}
    numbers = len(grid.columns) * len(halo) * (c // groups) + extra
    padded, memory = Buffer(x.dtype), {which: Buffer(x.dtype) for which in halo}
    for tile in tiles((n, groups, *grid.out), numbers * x.itemsize, max(halo.values())):
        images, _, rows, columns = tile.size()
        samples = _samples(x, grid, tile, padded)  # (g, C/groups, h, w, images)
        made = {
            which: _strip(
                samples[:, :, which :: grid.stride[0]],
                grid,
                (rows + more, columns),
                memory[which],
            )
            for which, more in halo.items()
        }
        row = columns * images
        yield (
            tile,
            [made[which][:, :, s * row : (s + rows) * row] for s, which in plan],
        )


def tiles(
    whole: tuple[int, int, int, int], position_bytes: int, halo: int
) -> Iterator[Tile]:
    """Cut (images, groups, rows, columns) into tiles of about TILE_BYTES.

    A row is cut only if it alone is too large, and rows are split only if one group of
    one image is. Each tile needs `halo` rows more than it makes.
    """
    n, groups, rows, columns = whole
    room = max(1, TILE_BYTES // position_bytes)
    width = min(columns, max(NARROW, room // (1 + halo)))
    height = min(rows, max(1, room // width - halo))
    room //= width * (height + halo)
    images = min(n, room) if columns < SHORT_ROW and room >= FEW_IMAGES else 1
    step = max(1, images), min(groups, max(1, room // max(1, images))), height, width
    starts = (range(0, size, by) for size, by in zip(whole, step, strict=True))
    for corner in product(*starts):
        ends = (min(a + by, n) for a, by, n in zip(corner, step, whole, strict=True))
        yield Tile(*map(slice, corner, ends))


def _samples(x: np.ndarray, grid: Grid, tile: Tile, padded: Buffer) -> np.ndarray:
    """Cut out what the windows of a tile see, zeros around it, the images last."""
    x = x[tile.images, tile.groups].transpose(1, 2, 3, 4, 0)
    (a, b), (c, d) = (  # rows a to b and columns c to d, perhaps beyond the picture
        (part.start * s + min(taps), (part.stop - 1) * s + max(taps) + 1)
        for part, s, taps in zip(tile[2:], grid.stride, grid[:2], strict=True)
    )
    g, channels, h, w, images = x.shape
    if images == 1 and a >= 0 and c >= 0 and b <= h and d <= w:
        return x[:, :, a:b, c:d]
    (top, bottom), (left, right) = (
        (min(max(first, 0), size), min(max(last, 0), size))
        for first, last, size in ((a, b, h), (c, d, w))
    )
    samples = padded.shaped(g, channels, b - a, d - c, images)
    samples[:, :, : top - a] = 0
    samples[:, :, bottom - a :] = 0
    samples[:, :, :, : left - c] = 0
    samples[:, :, :, right - c :] = 0
    samples[:, :, top - a : bottom - a, left - c : right - c] = x[
        :, :, top:bottom, left:right
    ]
    return samples


def _strip(samples: np.ndarray, grid: Grid, size: Pair, memory: Buffer) -> np.ndarray:
    """Copy the samples once for each kernel column, shifted to it."""
    g, channels, _, _, images = samples.shape
    (height, width), step = size, grid.stride[1]
    shifted = [
        samples[:, :, :height, j : j + (width - 1) * step + 1 : step]
        for j in (column - min(grid.columns) for column in grid.columns)
    ]
    if len(shifted) == 1:  # no need to copy, unless the samples do not lie in rows
        return shifted[0].reshape(g, channels, -1)
    strip = memory.shaped(g, len(shifted), channels, height, width, images)
    for t, part in enumerate(shifted):
        strip[:, t] = part
    return strip.reshape(g, len(shifted) * channels, -1)

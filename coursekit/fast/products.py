"""Correlation, its adjoint and its weight gradient: all three are matrix products.

With the windows of a tile as the columns of a matrix X, the output is W @ X, and the
gradient of the weight is upstream @ X.T. The gradient of the picture is again a
correlation: of upstream, with the taps mirrored.
"""

from __future__ import annotations

from math import prod

import numpy as np

from coursekit.arguments.slide import Slide
from coursekit.fast import tiles
from coursekit.fast.tiles import Buffer, Grid, strips


def sliding_grid(slide: Slide) -> Grid:
    """Lay the taps of a window: the first one reaches into the padding.

    >>> sliding_grid(Slide((1, 3), (1, 2), (1, 2), ((0, 0), (1, 1)), (1, 3))).columns
    [-1, 1, 3]
    """
    rows, columns = (
        [t * d - before for t in range(k)]
        for k, d, (before, _) in zip(
            slide.kernel, slide.dilation, slide.padding, strict=True
        )
    )
    return Grid(rows, columns, slide.stride, slide.out)


def correlate(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    grid: Grid,
    groups: int,
    out: np.ndarray,
) -> None:
    """Write into out what a weight (C_out, C_in / groups, kH, kW) makes of x."""
    outputs, channels, *taps = weight.shape
    # (C_out, C/g, kH, kW) -> kH matrices (g, C_out/g, kW * C/g)
    weights = weight.reshape(groups, -1, channels, *taps).transpose(3, 0, 1, 4, 2)
    weights = weights.reshape(taps[0], groups, outputs // groups, -1)
    if _is_pixel_by_pixel(grid, x) and out.flags.c_contiguous:
        _pixel_by_pixel(x, weights[0], bias, out)
        return
    total, term = Buffer(x.dtype), Buffer(x.dtype)
    for tile, matrices in strips(x, grid, groups, outputs // groups):
        here = tile.groups
        place = out[tile.images, part(outputs, groups, here), tile.rows, tile.columns]
        shape = here.stop - here.start, outputs // groups, matrices[0].shape[-1]
        ready = len(place) == 1 and place[0, 0].flags.c_contiguous
        block = place[0].reshape(shape) if ready else total.shaped(*shape)
        _matmul(weights[0, here], matrices[0], block)
        for row, matrix in zip(weights[1:], matrices[1:], strict=True):
            block += _matmul(row[here], matrix, term.shaped(*shape))
        if bias is not None:
            block += bias.reshape(groups, -1, 1)[here]
        if not ready:
            images, *others = place.shape
            place[...] = block.reshape(*others, images).transpose(3, 0, 1, 2)


def _is_pixel_by_pixel(grid: Grid, x: np.ndarray) -> bool:
    """Say whether every output sees one pixel, that in its own place."""
    return grid == ([0], [0], (1, 1), x.shape[2:])


def _pixel_by_pixel(
    x: np.ndarray, weights: np.ndarray, bias: np.ndarray | None, out: np.ndarray
) -> None:
    """Apply a 1x1 kernel: the picture is the matrix already, and is not copied."""
    n, _, h, w = x.shape
    groups, filters, channels = weights.shape
    into = out.reshape(n, groups, filters, h * w)
    _matmul(weights, x.reshape(n, groups, channels, h * w), into)
    if bias is not None:
        out += bias[:, None, None]


def _matmul(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Multiply matrices; of depth 1 NumPy makes slow loops, so those are broadcast."""
    return (np.multiply if a.shape[-1] == 1 else np.matmul)(a, b, out=out)


def part(channels: int, groups: int, here: slice) -> slice:
    """Find the channels of some of the groups."""
    size = channels // groups
    return slice(here.start * size, here.stop * size)


def correlate_weight_gradient(
    x: np.ndarray, upstream: np.ndarray, grid: Grid, groups: int
) -> np.ndarray:
    """Sum over all positions: what came back there times what the tap saw there.

    Shapes: (N, C_in, H, W), (N, C_out, oH, oW) -> (C_out, C_in / groups, kH, kW).
    """
    if _is_pixel_by_pixel(grid, x) and prod(grid.out) >= tiles.MANY:
        return _pixel_by_pixel_weight_gradient(x, upstream, groups)
    outputs, channels = upstream.shape[1] // groups, x.shape[1] // groups
    taps = len(grid.rows), len(grid.columns)
    gradient = np.zeros((taps[0], groups, taps[1] * channels, outputs), x.dtype)
    term = Buffer(x.dtype)
    for tile, matrices in strips(x, grid, groups, outputs):
        here = tile.groups
        back = upstream[
            tile.images, part(groups * outputs, groups, here), tile.rows, tile.columns
        ]
        n, _, h, w = back.shape
        back = back.reshape(n, here.stop - here.start, outputs, h, w)
        back = back.transpose(1, 3, 4, 0, 2).reshape(-1, h * w * n, outputs)
        for row, matrix in zip(gradient[:, here], matrices, strict=True):
            row += np.matmul(matrix, back, out=term.shaped(*row.shape))
    # (kH, g, kW * C/g, C_out/g) -> (C_out, C/g, kH, kW)
    gradient = gradient.reshape(taps[0], groups, taps[1], channels, outputs)
    gradient = gradient.transpose(1, 4, 3, 0, 2)
    return gradient.reshape(groups * outputs, channels, *taps)


def _pixel_by_pixel_weight_gradient(
    x: np.ndarray, upstream: np.ndarray, groups: int
) -> np.ndarray:
    """Sum over all pixels for a 1x1 kernel: one product for each large picture."""
    outputs, channels = upstream.shape[1], x.shape[1] // groups
    gradient = np.zeros((groups, outputs // groups, channels), x.dtype)
    for back, seen in zip(upstream, x, strict=True):
        seen = seen.reshape(groups, channels, -1).swapaxes(1, 2)
        gradient += back.reshape(groups, outputs // groups, -1) @ seen
    return gradient.reshape(outputs, channels, 1, 1)


def correlate_adjoint(
    upstream: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    slide: Slide,
    groups: int,
    out: np.ndarray,
) -> None:
    """Give every sample the sum of what its outputs send back, through their weights.

    With a stride, samples of different remainders meet different taps: for each
    remainder it is a correlation of stride 1, with those taps.
    """
    # (C_out, C/g, kH, kW) -> (C_in, C_out/g, kH, kW): the roles of in and out change
    outputs, channels, *kernel = weight.shape
    back = weight.reshape(groups, outputs // groups, channels, *kernel)
    back = back.swapaxes(1, 2).reshape(groups * channels, outputs // groups, *kernel)
    for a in range(min(slide.stride[0], out.shape[2])):
        rows = _meeting(a, slide, 0)
        for b in range(min(slide.stride[1], out.shape[3])):
            columns = _meeting(b, slide, 1)
            samples = out[:, :, a :: slide.stride[0], b :: slide.stride[1]]
            if not (rows and columns):
                samples[...] = 0 if bias is None else bias[:, None, None]
                continue
            grid = Grid(
                [*rows.values()], [*columns.values()], (1, 1), samples.shape[2:]
            )
            taps = back[:, :, [*rows]][..., [*columns]]
            correlate(upstream, taps, bias, grid, groups, samples)


def _meeting(remainder: int, slide: Slide, axis: int) -> dict[int, int]:
    """Find the taps that samples of one remainder meet, each with its shift."""
    stride, dilation = slide.stride[axis], slide.dilation[axis]
    start = remainder + slide.padding[axis][0]
    return {
        t: (start - t * dilation) // stride
        for t in range(slide.kernel[axis])
        if (start - t * dilation) % stride == 0
    }

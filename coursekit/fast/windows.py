"""Windows without copies: the view that a sliding window is, and what follows from it.

Single channel here, as in lesson 2. The loops run over the taps of the kernel, a few,
and never over the positions of the window, thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit import arguments
from coursekit.shapes import IntOrPair, pair
from coursekit.slide import Padding, Sides, Slide, sliding

if TYPE_CHECKING:
    from jaxtyping import Num

Taps = Iterator[tuple[int, int, tuple[slice, slice]]]


def taps(slide: Slide) -> Taps:
    """Give for each tap (i, j) of a kernel the samples it meets, one for each output.

    >>> [where for _, _, where in taps(sliding((5, 5), (1, 2), stride=2))][1]
    (slice(0, 5, 2), slice(1, 4, 2))
    """
    rows, columns = (
        [slice(t * d, t * d + (n - 1) * s + 1, s) for t in range(k)]
        for k, s, d, n in zip(
            slide.kernel, slide.stride, slide.dilation, slide.out, strict=True
        )
    )
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            yield i, j, (row, column)


def surrounded(x: np.ndarray, around: Sides, value: float = 0) -> np.ndarray:
    """Put a frame of one value around the last two axes; the same array if none."""
    (top, bottom), (left, right) = around
    if not (top or bottom or left or right):
        return x
    *lead, h, w = x.shape
    out = np.full((*lead, top + h + bottom, left + w + right), value, x.dtype)
    out[..., top : top + h, left : left + w] = x
    return out


def windows2d(
    x: Num[np.ndarray, "*lead H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "*lead oH oW kH kW"]:
    """Show every window of x as a view: nothing is copied, nothing may be written.

    Shapes: (..., H, W) -> (..., oH, oW, kH, kW).
    Raises: ShapeError if no window fits.

    >>> windows2d(np.arange(9).reshape(3, 3), 2)[0, 1]
    array([[1, 2],
           [4, 5]])
    """
    slide = sliding(x.shape[-2:], kernel_size, stride=stride, dilation=dilation)
    (sh, sw), (dh, dw) = slide.stride, slide.dilation
    span = [d * (k - 1) + 1 for d, k in zip((dh, dw), slide.kernel, strict=True)]
    every = sliding_window_view(x, span, axis=(-2, -1))  # every start, every sample
    return every[..., ::sh, ::sw, ::dh, ::dw]


def corr1d(
    x: Num[np.ndarray, " W"],
    k: Num[np.ndarray, " kW"],
    *,
    stride: int = 1,
    padding: IntOrPair = 0,
    dilation: int = 1,
) -> Num[np.ndarray, " oW"]:
    """Slide k along x without flipping it; a signal is a picture of one row.

    Shapes: (W,), (kW,) -> (oW,).
    Raises: ShapeError if k finds no place along W.

    >>> corr1d(np.array([0, 0, 1, 3, 3]), np.array([-1, 1]))
    array([0, 1, 2, 0])
    """
    x, k, out = arguments.correlation1d(
        x, k, stride=stride, padding=padding, dilation=dilation
    )
    around = (0, 0), pair(padding, "padding")
    row = Slide((1, k.size), (1, stride), (1, dilation), around, (1, out))
    return _correlate(x[None], k[None], row).ravel()


def corr2d(
    x: Num[np.ndarray, "H W"],
    k: Num[np.ndarray, "kH kW"],
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "oH oW"]:
    """Slide k over x without flipping it; each output is one sum of products.

    Shapes: (H, W), (kH, kW) -> (oH, oW).
    Cost:   oH * oW * kH * kW multiply-adds, in kH * kW passes over the picture.
    Raises: ShapeError if k finds no place along an axis.
    Source: Dumoulin & Visin, "A guide to convolution arithmetic", arXiv:1603.07285.

    >>> corr2d(np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]]))
    array([[19, 25],
           [37, 43]])
    """
    x, k, slide = arguments.correlation2d(
        x, k, stride=stride, padding=padding, dilation=dilation
    )
    return _correlate(x, k, slide)


def _correlate(x: np.ndarray, k: np.ndarray, slide: Slide) -> np.ndarray:
    """Add the picture once for each tap, shifted to it and weighted by it."""
    x = surrounded(x, slide.padding)
    out = np.zeros(slide.out, x.dtype)
    for i, j, where in taps(slide):
        out += k[i, j] * x[where]  # (oH, oW)
    return out


def convolve2d(
    x: Num[np.ndarray, "H W"],
    k: Num[np.ndarray, "kH kW"],
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "oH oW"]:
    """Slide k over x flipped in both axes: the convolution of the mathematicians.

    Shapes: (H, W), (kH, kW) -> (oH, oW).
    Raises: ShapeError if k finds no place along an axis.

    >>> convolve2d(np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]]))
    array([[ 5, 11],
           [23, 29]])
    """
    arguments.array("k", k, "kH kW")
    return corr2d(x, k[::-1, ::-1], stride=stride, padding=padding, dilation=dilation)


def corr2d_kernel_grad(
    x: Num[np.ndarray, "H W"], upstream: Num[np.ndarray, "oH oW"]
) -> Num[np.ndarray, "kH kW"]:
    """Give the gradient of the kernel of corr2d(x, k) from that of its output.

    Tap (i, j) met the samples x[i:, j:], each for one output, so its gradient is their
    sum weighted by upstream: x correlated with upstream.

    Shapes: (H, W), (oH, oW) -> (H - oH + 1, W - oW + 1).
    Raises: ShapeError if upstream is larger than x along an axis.

    >>> corr2d_kernel_grad(np.arange(9).reshape(3, 3), np.array([[1, 0], [0, 1]]))
    array([[ 4,  6],
           [10, 12]])
    """
    x, upstream = arguments.kernel_gradient(x, upstream)
    grad: np.ndarray = np.einsum("ijhw,hw->ij", windows2d(x, upstream.shape), upstream)
    return grad

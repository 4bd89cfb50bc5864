"""Cross-correlation of one signal or one picture with one kernel, without loops.

As in lesson 2: the picture is added once for each tap, shifted to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.arrays import array
from coursekit.arguments.slide import Padding, Slide
from coursekit.fast.windows import framed, taps, windows2d
from coursekit.shapes import IntOrPair, pair

if TYPE_CHECKING:
    from jaxtyping import Num


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
    x = framed(x, slide.padding)
    out = np.zeros(slide.out, x.dtype)
    for weight, where in zip(k.flat, taps(slide), strict=True):
        out += weight * x[where]  # (oH, oW)
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
    array("k", k, "kH kW")
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

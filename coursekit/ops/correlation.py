"""Cross-correlation of one signal or one picture with one kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.arrays import array
from coursekit.arguments.slide import Padding
from coursekit.ops.windows import pad2d, window
from coursekit.shapes import IntOrPair

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
    """Slide k along x without flipping it; each output is one sum of products.

    Shapes: (W,), (kW,) -> (out_len(W, kW),); a padding pair is (before, after).
    Cost:   oW * kW multiply-adds.
    Raises: ShapeError if k is longer than the padded x.

    >>> corr1d(np.array([0, 0, 1, 3, 3]), np.array([-1, 1]))
    array([0, 1, 2, 0])
    """
    x, k, length = arguments.correlation1d(
        x, k, stride=stride, padding=padding, dilation=dilation
    )
    x = np.pad(x, padding)
    out = np.zeros(length, x.dtype)
    for i in range(length):
        for a in range(k.size):
            out[i] += x[i * stride + a * dilation] * k[a]
    return out


def corr2d(
    x: Num[np.ndarray, "H W"],
    k: Num[np.ndarray, "kH kW"],
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "oH oW"]:
    """Slide k over x without flipping it; each output is one sum of products.

    Shapes: (H, W), (kH, kW) -> (out_len(H, kH), out_len(W, kW)).
    Cost:   oH * oW * kH * kW multiply-adds.
    Raises: ShapeError if k is larger than the padded x along an axis.
    Source: Dumoulin & Visin, "A guide to convolution arithmetic", arXiv:1603.07285.

    >>> corr2d(np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2))
    array([[19, 25],
           [37, 43]])
    """
    x, k, slide = arguments.correlation2d(
        x, k, stride=stride, padding=padding, dilation=dilation
    )
    x = pad2d(x, slide.padding)
    out = np.zeros(slide.out, x.dtype)
    for i, j in np.ndindex(slide.out):
        out[i, j] = (window(x, (i, j), slide) * k).sum()
    return out


def convolve2d(
    x: Num[np.ndarray, "H W"],
    k: Num[np.ndarray, "kH kW"],
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "oH oW"]:
    """Convolve as mathematicians do: **flip** k in both axes, then correlate.

    Shapes: (H, W), (kH, kW) -> (H - kH + 1, W - kW + 1): scipy's mode "valid".
    Cost:   oH * oW * kH * kW multiply-adds.
    Raises: ShapeError if k is larger than the padded x along an axis.

    >>> convolve2d(np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2))
    array([[ 5, 11],
           [23, 29]])
    """
    array("k", k, "kH kW")
    return corr2d(x, k[::-1, ::-1], stride=stride, padding=padding, dilation=dilation)


def corr2d_kernel_grad(
    x: Num[np.ndarray, "H W"], upstream: Num[np.ndarray, "oH oW"]
) -> Num[np.ndarray, "kH kW"]:
    """Give the gradient of k for out = corr2d(x, k), from d loss / d out.

    Every output used the same k, so the gradient is a sum over the outputs: each adds
    the window it saw, times its own upstream gradient.

    Shapes: (H, W), (oH, oW) -> (H - oH + 1, W - oW + 1), the shape of k.
    Cost:   oH * oW * kH * kW multiply-adds.
    Raises: ShapeError if upstream is larger than x along an axis.

    >>> corr2d_kernel_grad(np.arange(9).reshape(3, 3), np.array([[1, 0], [0, 2]]))
    array([[ 8, 11],
           [17, 20]])
    """
    x, upstream = arguments.kernel_gradient(x, upstream)
    height, width = (
        n - out + 1 for n, out in zip(x.shape, upstream.shape, strict=True)
    )
    gradient = np.zeros((height, width), x.dtype)
    for i, j in np.ndindex(upstream.shape):
        gradient += upstream[i, j] * x[i : i + height, j : j + width]
    return gradient

"""Padding a picture, and the window that slides over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.slide import Numbers, Slide
from coursekit.shapes import IntOrPair, Pair, span

if TYPE_CHECKING:
    from jaxtyping import Num


def pad2d(
    x: Num[np.ndarray, "*batch H W"], padding: Numbers, mode: str = "zeros"
) -> Num[np.ndarray, "*batch pH pW"]:
    """Surround a picture with zeros, or with copies of its own samples.

    `padding` is an int, a pair (rows, columns) or ((top, bottom), (left, right)): from
    the first axis to the last, where torch's `F.pad` starts with the last. Modes:
    zeros; replicate (aa|abc|cc); reflect (cb|abc|ba); circular (bc|abc|ab).

    Shapes: (..., H, W) -> (..., top + H + bottom, left + W + right).
    Raises: ShapeError if reflect or circular would need samples that x does not have.

    >>> pad2d(np.array([[1, 2, 3]]), ((0, 0), (2, 2)), mode="reflect")
    array([[3, 2, 1, 2, 3, 2, 1]])
    """
    (top, bottom), (left, right) = arguments.padding2d(x, padding, mode)
    height, width = x.shape[-2:]
    if mode == "zeros":
        size = top + height + bottom, left + width + right
        out = np.zeros((*x.shape[:-2], *size), x.dtype)
        out[..., top : top + height, left : left + width] = x
        return out
    rows = [source(i, height, mode) for i in range(-top, height + bottom)]
    columns = [source(j, width, mode) for j in range(-left, width + right)]
    return x[..., rows, :][..., columns]


def source(i: int, n: int, mode: str) -> int:
    """Say which of n samples stands at place i, before 0 and from n on too."""
    if mode == "replicate":
        return min(max(i, 0), n - 1)
    if mode == "reflect":  # the last sample is the mirror and is not repeated
        return (n - 1) - abs((n - 1) - abs(i))
    return i % n  # circular


def window(x: np.ndarray, place: Pair, slide: Slide) -> np.ndarray:
    """Cut out the samples of (..., H, W) under the kernel at output place (i, j).

    x is padded already. A window that hangs over its end, as `ceil_mode` allows, is cut
    off there.

    >>> from coursekit.arguments.slide import sliding
    >>> window(np.arange(12).reshape(3, 4), (0, 1), sliding((3, 4), 2, dilation=(2, 1)))
    array([[ 1,  2],
           [ 9, 10]])
    """
    (i, j), (sh, sw), (dh, dw) = place, slide.stride, slide.dilation
    height, width = span(slide.kernel[0], dh), span(slide.kernel[1], dw)
    return x[..., i * sh : i * sh + height : dh, j * sw : j * sw + width : dw]


def unfold2d(
    x: Num[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "N taps places"]:
    """Write every window as a column, so that a convolution is one matrix product.

    Shapes: (N, C, H, W) -> (N, C * kH * kW, oH * oW): torch's `F.unfold`, or im2col.
    Cost:   kH * kW copies of x (fewer with a stride).
    Raises: ShapeError if no window fits.

    >>> unfold2d(np.arange(6).reshape(1, 1, 2, 3), 2)
    array([[[0, 1],
            [1, 2],
            [3, 4],
            [4, 5]]])
    """
    slide = arguments.unfolding(
        x, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    x = pad2d(x, slide.padding)
    n, channels = x.shape[:2]
    columns = [
        window(x, place, slide).reshape(n, channels * slide.taps)
        for place in np.ndindex(slide.out)
    ]
    return np.stack(columns, axis=-1)

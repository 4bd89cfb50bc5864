"""Pooling: each channel by itself, no weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.ops.windows import pad2d, window
from coursekit.shapes import IntOrPair

if TYPE_CHECKING:
    from jaxtyping import Float, Num


def max_pool2d(
    x: Num[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Num[np.ndarray, "N C oH oW"]:
    """Keep the largest value in each window; the stride is the kernel's size.

    Padding is -inf, not 0, so that it never wins (the smallest number for integers).

    Shapes: (N, C, H, W) -> (N, C, oH, oW), sizes by `slide.pooling`.
    Cost:   N * C * oH * oW * (kH * kW - 1) comparisons.
    Raises: ShapeError if padding is more than half the kernel, or no window fits.

    >>> max_pool2d(np.arange(16).reshape(1, 1, 4, 4), 2)
    array([[[[ 5,  7],
             [13, 15]]]])
    """
    slide = arguments.max_pool(
        x,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    real = pad2d(np.ones(x.shape[2:]), slide.padding)  # 1 for a sample, 0 for padding
    x = np.where(real == 1, pad2d(x, slide.padding), x.dtype.type(lowest))
    out = np.zeros((*x.shape[:2], *slide.out), x.dtype)
    for i, j in np.ndindex(slide.out):
        out[:, :, i, j] = window(x, (i, j), slide).max(axis=(2, 3))
    return out


def avg_pool2d(
    x: Float[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Float[np.ndarray, "N C oH oW"]:
    """Average each window; the stride is the kernel's size unless you give one.

    The divisor counts the padding unless `count_include_pad` is False, but never the
    part of a window that hangs over the padding's end in `ceil_mode`.

    Shapes: (N, C, H, W) -> (N, C, oH, oW), sizes by `slide.pooling`.
    Cost:   N * C * oH * oW * kH * kW additions and divisions.
    Raises: TypeError for integers; ShapeError as in `max_pool2d`.

    >>> avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2)
    array([[[[ 2.5,  4.5],
             [10.5, 12.5]]]])
    """
    slide = arguments.average_pool(
        x, kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode
    )
    real = pad2d(np.ones(x.shape[2:]), slide.padding)  # 1 for a sample, 0 for padding
    counted = np.ones_like(real) if count_include_pad else real
    x = pad2d(x, slide.padding)
    out = np.zeros((*x.shape[:2], *slide.out), x.dtype)
    for i, j in np.ndindex(slide.out):
        total = window(x, (i, j), slide).sum(axis=(2, 3))
        out[:, :, i, j] = total / window(counted, (i, j), slide).sum()
    return out


def global_avg_pool2d(x: Float[np.ndarray, "N C H W"]) -> Float[np.ndarray, "N C"]:
    """Average each channel over all its pixels: one number for each feature map.

    Shapes: (N, C, H, W) -> (N, C); torch's `AdaptiveAvgPool2d(1)` keeps (N, C, 1, 1).
    Cost:   N * C * H * W additions.
    Raises: TypeError for integers.

    >>> global_avg_pool2d(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[1.5, 5.5]])
    """
    return avg_pool2d(x, arguments.average(x).shape[2:])[:, :, 0, 0]

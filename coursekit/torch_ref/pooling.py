"""Pooling in torch."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from coursekit.shapes import IntOrPair


def max_pool2d(
    x: Tensor,
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Keep the largest value in each window."""
    return functional.max_pool2d(
        x, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode
    )


def avg_pool2d(
    x: Tensor,
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Average each window."""
    return functional.avg_pool2d(
        x, kernel_size, stride, padding, ceil_mode, count_include_pad
    )


def global_avg_pool2d(x: Tensor) -> Tensor:
    """Average each channel over all its pixels."""
    return functional.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]

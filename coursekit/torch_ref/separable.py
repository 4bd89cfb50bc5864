"""Convolutions that look at one channel, or at one pixel, at a time, in torch."""

from __future__ import annotations

from torch import Tensor

from coursekit.arguments.slide import Padding
from coursekit.shapes import IntOrPair
from coursekit.torch_ref.convolution import conv2d


def depthwise_conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    padding_mode: str = "zeros",
) -> Tensor:
    """Slide one kernel over each channel: `conv2d` with as many groups as channels."""
    return conv2d(
        x,
        weight[:, None],
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=weight.shape[0],
        padding_mode=padding_mode,
    )


def pointwise_conv2d(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Mix the channels at each pixel: `conv2d` with kernels of 1x1."""
    return conv2d(x, weight[:, :, None, None], bias)


def separable_conv2d(
    x: Tensor,
    depthwise: Tensor,
    pointwise: Tensor,
    bias: Tensor | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    padding_mode: str = "zeros",
) -> Tensor:
    """Look channel by channel, then mix the channels."""
    seen = depthwise_conv2d(
        x,
        depthwise,
        stride=stride,
        padding=padding,
        dilation=dilation,
        padding_mode=padding_mode,
    )
    return pointwise_conv2d(seen, pointwise, bias)

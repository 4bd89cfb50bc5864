"""Convolutions that look at one channel, or at one pixel, at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.slide import Padding
from coursekit.ops.convolution import conv2d
from coursekit.shapes import IntOrPair

if TYPE_CHECKING:
    from jaxtyping import Num


def depthwise_conv2d(
    x: Num[np.ndarray, "N C H W"],
    weight: Num[np.ndarray, "C kH kW"],
    bias: Num[np.ndarray, " C"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    padding_mode: str = "zeros",
) -> Num[np.ndarray, "N C oH oW"]:
    """Slide one kernel over each channel by itself: as many groups as channels.

    Shapes: (N, C, H, W), (C, kH, kW) -> (N, C, oH, oW); torch writes weight[:, None].
    Cost:   N * C * oH * oW * kH * kW multiply-adds.
    Raises: ShapeError if weight has not one kernel for each channel.

    >>> depthwise_conv2d(np.ones((1, 2, 3, 3)), np.ones((2, 3, 3)))
    array([[[[9.]],
    <BLANKLINE>
            [[9.]]]])
    """
    arguments.depthwise(x, weight)
    return conv2d(
        x,
        weight[:, None],
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=x.shape[1],
        padding_mode=padding_mode,
    )


def pointwise_conv2d(
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_out C_in"],
    bias: Num[np.ndarray, " C_out"] | None = None,
) -> Num[np.ndarray, "N C_out H W"]:
    """Mix the channels at each pixel: a 1x1 convolution, a dense layer for every pixel.

    Shapes: (N, C_in, H, W), (C_out, C_in) -> (N, C_out, H, W).
    Cost:   N * H * W * C_out * C_in multiply-adds.
    Raises: ShapeError if weight has not one number for each input channel.

    >>> pointwise_conv2d(np.array([[[[1]], [[2]]]]), np.array([[3, 4], [5, 6]]))
    array([[[[11]],
    <BLANKLINE>
            [[17]]]])
    """
    arguments.pointwise(x, weight)
    return conv2d(x, weight[:, :, None, None], bias)


def separable_conv2d(
    x: Num[np.ndarray, "N C_in H W"],
    depthwise: Num[np.ndarray, "C_in kH kW"],
    pointwise: Num[np.ndarray, "C_out C_in"],
    bias: Num[np.ndarray, " C_out"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    padding_mode: str = "zeros",
) -> Num[np.ndarray, "N C_out oH oW"]:
    """Look along H and W channel by channel, then mix the channels: two small steps.

    Shapes: (N, C_in, H, W), (C_in, kH, kW), (C_out, C_in) -> (N, C_out, oH, oW).
    Cost:   N * oH * oW * C_in * (kH * kW + C_out) multiply-adds.
    Raises: ShapeError if either weight does not have C_in channels.
    Source: Chollet, "Xception", arXiv:1610.02357.

    >>> x, depthwise = np.ones((1, 16, 5, 5)), np.ones((16, 3, 3))
    >>> separable_conv2d(x, depthwise, np.ones((32, 16))).shape
    (1, 32, 3, 3)
    """
    arguments.separable(depthwise, pointwise)
    seen = depthwise_conv2d(
        x,
        depthwise,
        stride=stride,
        padding=padding,
        dilation=dilation,
        padding_mode=padding_mode,
    )
    return pointwise_conv2d(seen, pointwise, bias)

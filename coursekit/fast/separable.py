"""Convolutions that look at one channel, or at one pixel, at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit import arguments
from coursekit.arguments.slide import Padding
from coursekit.fast.convolution import conv2d, conv2d_backward
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

    >>> depthwise_conv2d(np.ones((1, 2, 3, 3)), np.ones((2, 3, 3))).ravel()
    array([9., 9.])
    """
    arguments.depthwise(x, weight)
    how: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    how |= {"padding_mode": padding_mode, "groups": x.shape[1]}
    return conv2d(x, weight[:, None], bias, **how)


def depthwise_conv2d_backward(
    upstream: Num[np.ndarray, "N C oH oW"],
    x: Num[np.ndarray, "N C H W"],
    weight: Num[np.ndarray, "C kH kW"],
    bias: Num[np.ndarray, " C"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    padding_mode: str = "zeros",
) -> tuple[Any, Any, Any]:
    """Give the gradients of x, weight and bias.

    Shapes: (N, C, oH, oW), inputs -> the shapes of x, weight, bias (or None).

    >>> x, weight = np.ones((1, 1, 3, 3)), np.ones((1, 3, 3))
    >>> depthwise_conv2d_backward(np.full((1, 1, 1, 1), 2.0), x, weight)[1].sum()
    np.float64(18.0)
    """
    arguments.depthwise(x, weight)
    how: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    how |= {"padding_mode": padding_mode, "groups": x.shape[1]}
    x_gradient, weight_gradient, bias_gradient = conv2d_backward(
        upstream,
        x,
        weight[:, None],
        bias,
        **how,
    )
    return x_gradient, weight_gradient[:, 0], bias_gradient


def pointwise_conv2d(
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_out C_in"],
    bias: Num[np.ndarray, " C_out"] | None = None,
) -> Num[np.ndarray, "N C_out H W"]:
    """Mix the channels at each pixel: a 1x1 convolution, a dense layer for every pixel.

    Shapes: (N, C_in, H, W), (C_out, C_in) -> (N, C_out, H, W).
    Cost:   N * H * W * C_out * C_in multiply-adds.
    Raises: ShapeError if weight has not one number for each input channel.

    >>> pointwise_conv2d(np.array([[[[1]], [[2]]]]), np.array([[3, 4], [5, 6]])).ravel()
    array([11, 17])
    """
    arguments.pointwise(x, weight)
    return conv2d(x, weight[:, :, None, None], bias)


def pointwise_conv2d_backward(
    upstream: Num[np.ndarray, "N C_out H W"],
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_out C_in"],
    bias: Num[np.ndarray, " C_out"] | None = None,
) -> tuple[Any, Any, Any]:
    """Give the gradients of x, weight and bias.

    Shapes: (N, C_out, H, W), inputs -> the shapes of x, weight, bias (or None).

    >>> x, weight = np.ones((1, 2, 1, 1)), np.array([[3.0, 4]])
    >>> pointwise_conv2d_backward(np.full((1, 1, 1, 1), 10.0), x, weight)[0].ravel()
    array([30., 40.])
    """
    arguments.pointwise(x, weight)
    x_gradient, weight_gradient, bias_gradient = conv2d_backward(
        upstream, x, weight[:, :, None, None], bias
    )
    return x_gradient, weight_gradient[:, :, 0, 0], bias_gradient


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
    how: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    how |= {"padding_mode": padding_mode}
    seen = depthwise_conv2d(x, depthwise, **how)
    return pointwise_conv2d(seen, pointwise, bias)


def separable_conv2d_backward(
    upstream: Num[np.ndarray, "N C_out oH oW"],
    x: Num[np.ndarray, "N C_in H W"],
    depthwise: Num[np.ndarray, "C_in kH kW"],
    pointwise: Num[np.ndarray, "C_out C_in"],
    bias: Num[np.ndarray, " C_out"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    padding_mode: str = "zeros",
) -> tuple[Any, Any, Any, Any]:
    """Give the gradients of x, depthwise, pointwise and bias.

    What the depthwise step made is made again: it costs little, and keeps no state.

    Shapes: (N, C_out, oH, oW), inputs -> the shapes of the four inputs (or None).

    >>> x, depthwise, pointwise = np.ones((1, 1, 2, 2)), np.ones((1, 2, 2)), np.eye(1)
    >>> separable_conv2d_backward(np.ones((1, 1, 1, 1)), x, depthwise, pointwise)[2]
    array([[4.]])
    """
    arguments.separable(depthwise, pointwise)
    how: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    how |= {"padding_mode": padding_mode}
    seen = depthwise_conv2d(x, depthwise, **how)
    back, pointwise_gradient, bias_gradient = pointwise_conv2d_backward(
        upstream, seen, pointwise, bias
    )
    x_gradient, depthwise_gradient, _ = depthwise_conv2d_backward(
        back, x, depthwise, **how
    )
    return x_gradient, depthwise_gradient, pointwise_gradient, bias_gradient

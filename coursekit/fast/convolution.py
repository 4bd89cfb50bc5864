"""Convolutional layers and their gradients; filters are not flipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit import arguments
from coursekit.arguments.slide import Padding
from coursekit.fast.products import (
    correlate,
    correlate_adjoint,
    correlate_weight_gradient,
    sliding_grid,
)
from coursekit.fast.upstream import received
from coursekit.fast.windows import folded, framed
from coursekit.shapes import IntOrPair

if TYPE_CHECKING:
    from jaxtyping import Num

UNPADDED = ((0, 0), (0, 0))


def conv2d(
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_out C_group kH kW"],
    bias: Num[np.ndarray, " C_out"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Num[np.ndarray, "N C_out oH oW"]:
    """Slide every filter over every picture, as matrix products of cache-sized tiles.

    Shapes: (N, C_in, H, W), (C_out, C_in / groups, kH, kW) -> (N, C_out, oH, oW).
    Cost:   N * C_out * oH * oW * kH * kW * C_in / groups multiply-adds, and about
            `tiles.TILE_BYTES` of memory beside the output.
    Raises: ShapeError if channels, groups or sizes do not fit.

    >>> conv2d(np.ones((2, 3, 32, 32)), np.ones((6, 3, 5, 5)), np.ones(6)).shape
    (2, 6, 28, 28)
    """
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    x, weight, bias, slide = arguments.convolution(
        x, weight, bias, groups=groups, padding_mode=padding_mode, **how
    )
    if padding_mode != "zeros":
        x = framed(x, slide.padding, padding_mode)
        slide = slide._replace(padding=UNPADDED)
    out = np.empty((len(x), len(weight), *slide.out), x.dtype)
    correlate(x, weight, bias, sliding_grid(slide), groups, out)
    return out


def conv2d_backward(
    upstream: Num[np.ndarray, "N C_out oH oW"],
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_out C_group kH kW"],
    bias: Num[np.ndarray, " C_out"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> tuple[Any, Any, Any]:
    """Give the gradients of x, weight and bias from that of the output.

    Shapes: (N, C_out, oH, oW), inputs -> the shapes of x, weight, bias (or None).
    Cost:   twice the multiply-adds of `conv2d`.

    >>> x, weight = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    >>> conv2d_backward(np.ones((1, 1, 2, 2)), x, weight)[0]
    array([[[[1., 2., 1.],
             [2., 4., 2.],
             [1., 2., 1.]]]])
    """
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    x, weight, bias, slide = arguments.convolution(
        x, weight, bias, groups=groups, padding_mode=padding_mode, **how
    )
    upstream = received(upstream, x, (len(x), len(weight), *slide.out))
    around = UNPADDED
    if padding_mode != "zeros":
        around = slide.padding
        x = framed(x, around, padding_mode)
        slide = slide._replace(padding=UNPADDED)
    x_gradient = np.empty(x.shape, x.dtype)
    correlate_adjoint(upstream, weight, None, slide, groups, x_gradient)
    return (
        folded(x_gradient, around, padding_mode),
        correlate_weight_gradient(x, upstream, sliding_grid(slide), groups),
        None if bias is None else upstream.sum(axis=(0, 2, 3)),
    )


def conv_transpose2d(
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_in C_group kH kW"],
    bias: Num[np.ndarray, " C_out"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    groups: int = 1,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "N C_out oH oW"]:
    """Stamp every filter, times the input's value, onto the output: conv2d's adjoint.

    Shapes: (N, C_in, H, W), (C_in, C_out / groups, kH, kW) -> (N, C_out, oH, oW).
    Cost:   N * C_in * H * W * kH * kW * C_out / groups multiply-adds.
    Raises: ShapeError if channels or groups do not fit, or nothing is left.

    >>> x, weight = np.array([[[[1, 2]]]]), np.array([[[[1, 10, 100]]]])
    >>> conv_transpose2d(x, weight, stride=2)
    array([[[[  1,  10, 102,  20, 200]]]])
    """
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    x, weight, bias, slide = arguments.convolution_transpose(
        x, weight, bias, groups=groups, output_padding=output_padding, **how
    )
    out = np.empty((len(x), weight.shape[1] * groups, *slide.out), x.dtype)
    correlate_adjoint(x, weight, bias, slide, groups, out)
    return out


def conv_transpose2d_backward(
    upstream: Num[np.ndarray, "N C_out oH oW"],
    x: Num[np.ndarray, "N C_in H W"],
    weight: Num[np.ndarray, "C_in C_group kH kW"],
    bias: Num[np.ndarray, " C_out"] | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    groups: int = 1,
    dilation: IntOrPair = 1,
) -> tuple[Any, Any, Any]:
    """Give the gradients of x, weight and bias: x's is the convolution of upstream.

    Shapes: (N, C_out, oH, oW), inputs -> the shapes of x, weight, bias (or None).
    Cost:   twice the multiply-adds of `conv_transpose2d`.

    >>> x, weight = np.ones((1, 1, 1, 2)), np.ones((1, 1, 1, 3))
    >>> conv_transpose2d_backward(np.array([[[[1.0, 2, 4, 8]]]]), x, weight)[0]
    array([[[[ 7., 14.]]]])
    """
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    x, weight, bias, slide = arguments.convolution_transpose(
        x, weight, bias, groups=groups, output_padding=output_padding, **how
    )
    outputs = weight.shape[1] * groups
    upstream = received(upstream, x, (len(x), outputs, *slide.out))
    grid = sliding_grid(slide._replace(out=x.shape[2:]))  # the window's places are x's
    x_gradient = np.empty(x.shape, x.dtype)
    correlate(upstream, weight, None, grid, groups, x_gradient)
    return (
        x_gradient,
        correlate_weight_gradient(upstream, x, grid, groups),
        None if bias is None else upstream.sum(axis=(0, 2, 3)),
    )

"""Convolutional layers: many channels, many filters, a batch; filters not flipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.slide import Padding
from coursekit.ops.windows import pad2d, window
from coursekit.shapes import IntOrPair

if TYPE_CHECKING:
    from jaxtyping import Num


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
    """Slide every filter over every picture; filters are **not** flipped.

    A filter spans all channels of its group (all of them with groups=1), so it slides
    along H and W only. `padding` is per side: an int, a pair, ((top, bottom), (left,
    right)), "valid", or "same", which puts the odd one after.

    Shapes: (N, C_in, H, W), (C_out, C_in / groups, kH, kW) -> (N, C_out, oH, oW).
    Cost:   N * C_out * oH * oW * kH * kW * C_in / groups multiply-adds.
    Raises: ShapeError if channels, groups or sizes do not fit.

    >>> conv2d(np.ones((1, 3, 3, 3)), np.ones((2, 3, 3, 3)), np.array([0.0, 0.5]))
    array([[[[27. ]],
    <BLANKLINE>
            [[27.5]]]])
    """
    x, weight, bias, slide = arguments.convolution(
        x,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    x = pad2d(x, slide.padding, padding_mode)
    filters, channels = weight.shape[:2]
    out = np.zeros((len(x), filters, *slide.out), x.dtype)
    for n, f, i, j in np.ndindex(out.shape):
        first = f // (filters // groups) * channels  # of the channels in f's group
        seen = window(x[n, first : first + channels], (i, j), slide)
        out[n, f, i, j] = (seen * weight[f]).sum()
    return out if bias is None else out + bias[:, None, None]


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

    `padding` crops the output, and so does to it what it did to `conv2d`'s input;
    `output_padding` adds rows and columns after the last.

    Shapes: (N, C_in, H, W), (C_in, C_out / groups, kH, kW) -> (N, C_out, oH, oW).
    Cost:   N * C_in * H * W * kH * kW * C_out / groups multiply-adds.
    Raises: ShapeError if channels or groups do not fit, or nothing is left.

    >>> x, weight = np.array([[[[1, 2]]]]), np.array([[[[1, 10, 100]]]])
    >>> conv_transpose2d(x, weight, stride=2)
    array([[[[  1,  10, 102,  20, 200]]]])
    """
    x, weight, bias, slide = arguments.convolution_transpose(
        x,
        weight,
        bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )
    (top, _), (left, _) = slide.padding
    (height, width), filters = slide.out, weight.shape[1]
    full = height + 2 * top, width + 2 * left  # before cropping
    out = np.zeros((len(x), filters * groups, *full), x.dtype)
    for n, c, i, j in np.ndindex(x.shape):
        first = c // (x.shape[1] // groups) * filters  # of the outputs in c's group
        onto = window(out[n, first : first + filters], (i, j), slide)
        onto += x[n, c, i, j] * weight[c]
    out = out[:, :, top : top + height, left : left + width]
    return out if bias is None else out + bias[:, None, None]

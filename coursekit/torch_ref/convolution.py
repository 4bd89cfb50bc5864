"""Convolutional layers in torch."""

from __future__ import annotations

import warnings
from typing import Any

from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from coursekit.arguments.slide import Padding
from coursekit.shapes import IntOrPair
from coursekit.torch_ref.windows import pad2d


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
) -> Tensor:
    """Run `nn.Conv2d` with these weights; pad first where torch cannot, or would crop.

    torch warns once that "same" costs a copy for even kernels; that is expected.

    >>> import torch
    >>> conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2), padding="same").shape
    torch.Size([1, 1, 4, 4])
    """
    torch_pads = isinstance(padding, int) and padding_mode == "zeros"
    if not (torch_pads or isinstance(padding, str)):
        x, padding, padding_mode = pad2d(x, padding, padding_mode), 0, "zeros"
    filters, channels, height, width = weight.shape
    how: Any = {"stride": stride, "padding": padding, "dilation": dilation}
    how |= {"groups": groups, "padding_mode": padding_mode, "bias": bias is not None}
    layer = nn.Conv2d(channels * groups, filters, (height, width), **how, device="meta")
    given = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same' with even kernel")
        out: Tensor = functional_call(layer, given, (x,))
    return out


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    groups: int = 1,
    dilation: IntOrPair = 1,
) -> Tensor:
    """Stamp every filter, times the input's value, onto the output."""
    return functional.conv_transpose2d(
        x, weight, bias, stride, padding, output_padding, groups, dilation
    )

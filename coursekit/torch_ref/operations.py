"""The same operations in torch: what the course leads to, and a judge in its tests.

Names and arguments are those of `coursekit.ops`; arrays are torch tensors, and what is
refused is, as far as possible, refused by torch in its own words.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from coursekit.arguments.slide import Numbers, Padding, sides
from coursekit.shapes import IntOrPair


def pad2d(x: Tensor, padding: Numbers, mode: str = "zeros") -> Tensor:
    """Surround a picture. `F.pad` counts from the last axis: left, right, top, bottom.

    >>> pad2d(torch.ones(1, 1), ((0, 0), (2, 1)))
    tensor([[0., 0., 1., 0.]])
    """
    rows, columns = sides(padding)  # F.pad would crop where one is below zero
    pictures = x.reshape(math.prod(x.shape[:-2]), 1, *x.shape[-2:])
    name = "constant" if mode == "zeros" else mode
    out = functional.pad(pictures, (*columns, *rows), name)
    return out.reshape(*x.shape[:-2], *out.shape[-2:])


def unfold2d(
    x: Tensor,
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Tensor:
    """Write every window as a column.

    >>> unfold2d(torch.ones(1, 2, 4, 4), 3).shape
    torch.Size([1, 18, 4])
    """
    return functional.unfold(x, kernel_size, dilation, padding, stride)


def corr1d(
    x: Tensor, k: Tensor, *, stride: int = 1, padding: IntOrPair = 0, dilation: int = 1
) -> Tensor:
    """Slide k along x without flipping it: `F.conv1d` of one channel."""
    return corr2d(
        x[None],
        k[None],
        stride=(1, stride),
        padding=(0, padding),
        dilation=(1, dilation),
    )[0]


def corr2d(
    x: Tensor,
    k: Tensor,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Tensor:
    """Slide k over x without flipping it: `F.conv2d` of one channel, one picture."""
    return conv2d(
        x[None, None], k[None, None], stride=stride, padding=padding, dilation=dilation
    )[0, 0]


def convolve2d(
    x: Tensor,
    k: Tensor,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Tensor:
    """Flip k in both axes, then correlate: torch has no true convolution."""
    return corr2d(x, k.flip(0, 1), stride=stride, padding=padding, dilation=dilation)


def corr2d_kernel_grad(x: Tensor, upstream: Tensor) -> Tensor:
    """Ask autograd for the gradient of k, given that of corr2d(x, k)."""
    sizes = [n - out + 1 for n, out in zip(x.shape, upstream.shape, strict=True)]
    if min(sizes) < 1:
        raise ValueError(f"No kernel fits between {x.shape} and {upstream.shape}.")
    k = torch.zeros(sizes, dtype=x.dtype, requires_grad=True)
    return torch.autograd.grad(corr2d(x, k), k, upstream)[0]


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


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Multiply each row of x with each row of weight; torch would stretch a bias."""
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"bias has shape {bias.shape}, weight {weight.shape}.")
    return functional.linear(x, weight, bias)


def relu(x: Tensor) -> Tensor:
    """Replace what is below zero by zero."""
    return functional.relu(x)


def sigmoid(x: Tensor) -> Tensor:
    """Squash to between 0 and 1."""
    return torch.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """Squash to between -1 and 1."""
    return torch.tanh(x)


def softmax_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Average -log(softmax(logits)[label]); torch would give nan for an empty batch."""
    if len(labels) == 0:
        raise ValueError("The mean loss of 0 examples is undefined.")
    return functional.cross_entropy(logits, labels)

"""Padding, and windows as columns, in torch."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional

from coursekit.arguments.slide import Numbers, sides
from coursekit.shapes import IntOrPair


def pad2d(x: Tensor, padding: Numbers, mode: str = "zeros") -> Tensor:
    """Surround a picture. `F.pad` counts from the last axis: left, right, top, bottom.

    >>> import torch
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

    >>> import torch
    >>> unfold2d(torch.ones(1, 2, 4, 4), 3).shape
    torch.Size([1, 18, 4])
    """
    return functional.unfold(x, kernel_size, dilation, padding, stride)

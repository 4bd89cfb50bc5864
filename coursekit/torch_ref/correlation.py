"""One channel, one kernel, in torch."""

from __future__ import annotations

import torch
from torch import Tensor

from coursekit.arguments.slide import Padding
from coursekit.shapes import IntOrPair
from coursekit.torch_ref.convolution import conv2d


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

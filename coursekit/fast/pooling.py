"""Pooling and its gradients: each channel by itself, no weights.

As everywhere here, the loop runs over the taps of the window, in row order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.slide import Sides, Slide
from coursekit.fast.upstream import received
from coursekit.fast.windows import folded, framed, taps
from coursekit.shapes import IntOrPair, Pair, span

if TYPE_CHECKING:
    from jaxtyping import Float, Num


def reached(slide: Slide, size: Pair) -> Sides:
    """Give the padding with which every window fits, also one that hangs over the end.

    >>> reached(Slide((2, 2), (2, 2), (1, 1), ((0, 0), (1, 1)), (2, 3)), (3, 4))
    ((0, 1), (1, 1))
    """
    rows, columns = (
        (before, max(after, (out - 1) * stride + span(k, dilation) - n - before))
        for k, stride, dilation, (before, after), out, n in zip(
            *slide, size, strict=True
        )
    )
    return rows, columns


def max_pool2d(
    x: Num[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Num[np.ndarray, "N C oH oW"]:
    """Keep the largest value in each window; the stride is the kernel's size.

    Padding is -inf, not 0, so that it never wins (the smallest number for integers).

    Shapes: (N, C, H, W) -> (N, C, oH, oW), sizes by `slide.pooling`.
    Cost:   N * C * oH * oW * (kH * kW - 1) comparisons.
    Raises: ShapeError if padding is more than half the kernel, or no window fits.

    >>> max_pool2d(np.arange(16).reshape(1, 1, 4, 4), 2)
    array([[[[ 5,  7],
             [13, 15]]]])
    """
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    slide = arguments.max_pool(x, kernel_size, ceil_mode=ceil_mode, **how)
    return _largest(_lowest_around(x, slide), slide)


def _lowest_around(x: np.ndarray, slide: Slide) -> np.ndarray:
    """Pad with what no sample is below."""
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    return framed(x, reached(slide, x.shape[2:]), constant_values=lowest)


def _largest(padded: np.ndarray, slide: Slide) -> np.ndarray:
    """Take the maximum over the taps."""
    first, *others = taps(slide)
    out = padded[:, :, *first].copy()  # (N, C, oH, oW)
    for where in others:
        np.maximum(out, padded[:, :, *where], out=out)
    return out


def max_pool2d_backward(
    upstream: Num[np.ndarray, "N C oH oW"],
    x: Num[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Num[np.ndarray, "N C H W"]:
    """Send each gradient to the sample that won; of equals, to the first in row order.

    Shapes: (N, C, oH, oW), (N, C, H, W) -> (N, C, H, W).
    Cost:   N * C * oH * oW * kH * kW comparisons.

    >>> max_pool2d_backward(np.array([[[[5.0]]]]), np.array([[[[1.0, 2], [2, 0]]]]), 2)
    array([[[[0., 5.],
             [0., 0.]]]])
    """
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    slide = arguments.max_pool(x, kernel_size, ceil_mode=ceil_mode, **how)
    upstream = received(upstream, x, (*x.shape[:2], *slide.out))
    around = reached(slide, x.shape[2:])
    real = framed(np.ones(x.shape[2:], bool), around)  # padding never wins
    padded = _lowest_around(x, slide)
    largest = _largest(padded, slide)
    unsent = np.ones(largest.shape, bool)  # no winner found yet
    gradient = np.zeros(padded.shape, x.dtype)
    for where in taps(slide):
        wins = (padded[:, :, *where] == largest) & real[where] & unsent
        gradient[:, :, *where] += np.where(wins, upstream, 0)
        unsent &= ~wins
    return folded(gradient, around)


def avg_pool2d(
    x: Float[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Float[np.ndarray, "N C oH oW"]:
    """Average each window; the stride is the kernel's size unless you give one.

    The divisor counts the padding unless `count_include_pad` is False, but never the
    part of a window that hangs over the padding's end in `ceil_mode`.

    Shapes: (N, C, H, W) -> (N, C, oH, oW), sizes by `slide.pooling`.
    Cost:   N * C * oH * oW * kH * kW additions.
    Raises: TypeError for integers; ShapeError as in `max_pool2d`.

    >>> avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2)
    array([[[[ 2.5,  4.5],
             [10.5, 12.5]]]])
    """
    how = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    slide = arguments.average_pool(x, kernel_size, **how)
    padded = framed(x, reached(slide, x.shape[2:]))
    out = np.zeros((*x.shape[:2], *slide.out), x.dtype)
    for where in taps(slide):
        out += padded[:, :, *where]
    out /= _counts(slide, x.shape[2:], count_include_pad)
    return out


def avg_pool2d_backward(
    upstream: Float[np.ndarray, "N C oH oW"],
    x: Float[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Float[np.ndarray, "N C H W"]:
    """Share each gradient equally among the samples of its window.

    Shapes: (N, C, oH, oW), (N, C, H, W) -> (N, C, H, W).

    >>> avg_pool2d_backward(np.array([[[[8.0]]]]), np.zeros((1, 1, 2, 2)), 2)
    array([[[[2., 2.],
             [2., 2.]]]])
    """
    how = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    slide = arguments.average_pool(x, kernel_size, **how)
    upstream = received(upstream, x, (*x.shape[:2], *slide.out))
    around = reached(slide, x.shape[2:])
    share = (upstream / _counts(slide, x.shape[2:], count_include_pad)).astype(x.dtype)
    gradient = np.zeros(framed(x, around).shape, x.dtype)
    for where in taps(slide):
        gradient[:, :, *where] += share
    return folded(gradient, around)


def _counts(slide: Slide, size: Pair, include_padding: bool) -> np.ndarray:
    """Count what each window averages over: (oH, oW)."""
    lengths = []
    for k, stride, (before, after), out, n in zip(
        slide.kernel, slide.stride, slide.padding, slide.out, size, strict=True
    ):
        first = np.arange(out) * stride - before
        last = np.minimum(first + k, n + after)  # not what hangs over
        if not include_padding:
            first, last = np.maximum(first, 0), np.minimum(last, n)
        lengths.append(last - first)
    counts: np.ndarray = np.outer(*lengths)
    return counts


def global_avg_pool2d(x: Float[np.ndarray, "N C H W"]) -> Float[np.ndarray, "N C"]:
    """Average each channel over all its pixels: one number for each feature map.

    Shapes: (N, C, H, W) -> (N, C); torch's `AdaptiveAvgPool2d(1)` keeps (N, C, 1, 1).
    Cost:   N * C * H * W additions.
    Raises: TypeError for integers.

    >>> global_avg_pool2d(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[1.5, 5.5]])
    """
    out: np.ndarray = arguments.average(x).mean(axis=(2, 3))
    return out


def global_avg_pool2d_backward(
    upstream: Float[np.ndarray, "N C"], x: Float[np.ndarray, "N C H W"]
) -> Float[np.ndarray, "N C H W"]:
    """Share each gradient equally among all pixels of its channel.

    Shapes: (N, C), (N, C, H, W) -> (N, C, H, W).

    >>> global_avg_pool2d_backward(np.array([[6.0]]), np.zeros((1, 1, 1, 3)))
    array([[[[2., 2., 2.]]]])
    """
    n, c, h, w = arguments.average(x).shape
    share = received(upstream, x, (n, c)) / x.dtype.type(h * w)
    return np.broadcast_to(share[:, :, None, None], x.shape).copy()

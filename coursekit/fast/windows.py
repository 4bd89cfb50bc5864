"""Windows without copies: padding, the view of all windows, windows as columns.

The loops run over the taps of a kernel, a few, and never over the positions of the
window, thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit import arguments
from coursekit.arguments.slide import Numbers, Sides, Slide, sliding
from coursekit.fast.upstream import received
from coursekit.shapes import IntOrPair, span

if TYPE_CHECKING:
    from jaxtyping import Num

NUMPY_MODES = {
    "zeros": "constant",
    "replicate": "edge",
    "reflect": "reflect",
    "circular": "wrap",
}


def framed(x: np.ndarray, around: Sides, mode: str = "zeros", **how: Any) -> np.ndarray:
    """Pad the last two axes; x itself if there is nothing to add."""
    if not any(map(any, around)):
        return x
    frame = [(0, 0)] * (x.ndim - 2) + list(around)
    padded: np.ndarray = np.pad(x, frame, NUMPY_MODES[mode], **how)  # type: ignore[call-overload]
    return padded


def folded(gradient: np.ndarray, around: Sides, mode: str = "zeros") -> np.ndarray:
    """Undo `framed` for a gradient: what a copy received belongs to its sample."""
    for axis, (before, after) in zip((-2, -1), around, strict=True):
        gradient = np.moveaxis(gradient, axis, 0)
        n = len(gradient) - before - after
        inner = gradient[before : before + n]
        if mode != "zeros" and before + after:
            inner = inner.copy()
            sources = np.pad(np.arange(n), (before, after), NUMPY_MODES[mode])  # type: ignore[call-overload]
            for place in (*range(before), *range(before + n, len(gradient))):
                inner[sources[place]] += gradient[place]
        gradient = np.moveaxis(inner, 0, axis)
    return gradient


def pad2d(
    x: Num[np.ndarray, "*batch H W"], padding: Numbers, mode: str = "zeros"
) -> Num[np.ndarray, "*batch pH pW"]:
    """Surround a picture with zeros, or with copies of its own samples.

    Shapes: (..., H, W) -> (..., top + H + bottom, left + W + right).
    Raises: ShapeError if reflect or circular would need samples that x does not have.

    >>> pad2d(np.array([[1, 2, 3]]), ((0, 0), (2, 2)), mode="reflect")
    array([[3, 2, 1, 2, 3, 2, 1]])
    """
    out = framed(x, arguments.padding2d(x, padding, mode), mode)
    return out.copy() if out is x else out


def pad2d_backward(
    upstream: Num[np.ndarray, "*batch pH pW"],
    x: Num[np.ndarray, "*batch H W"],
    padding: Numbers,
    mode: str = "zeros",
) -> Num[np.ndarray, "*batch H W"]:
    """Give the gradient of x: a sample collects what all its copies received.

    Shapes: (..., top + H + bottom, left + W + right), (..., H, W) -> (..., H, W).

    >>> pad2d_backward(np.ones((1, 5)), np.zeros((1, 3)), ((0, 0), (2, 0)), "replicate")
    array([[3., 1., 1.]])
    """
    around = arguments.padding2d(x, padding, mode)
    size = tuple(n + sum(side) for n, side in zip(x.shape[-2:], around, strict=True))
    upstream = received(upstream, x, (*x.shape[:-2], *size))
    return folded(upstream, around, mode).copy()


def taps(slide: Slide) -> Iterator[tuple[slice, slice]]:
    """Give for each tap of a kernel the samples it meets, one for each output.

    >>> list(taps(sliding((5, 5), (1, 2), stride=2)))[1]
    (slice(0, 5, 2), slice(1, 4, 2))
    """
    rows, columns = (
        [slice(t * d, t * d + n * s - s + 1, s) for t in range(k)]
        for k, s, d, n in zip(
            slide.kernel, slide.stride, slide.dilation, slide.out, strict=True
        )
    )
    for row in rows:
        for column in columns:
            yield row, column


def windows2d(
    x: Num[np.ndarray, "*batch H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "*batch oH oW kH kW"]:
    """Show every window of x as a view: nothing is copied, nothing may be written.

    Shapes: (..., H, W) -> (..., oH, oW, kH, kW).
    Raises: ShapeError if no window fits.

    >>> windows2d(np.arange(9).reshape(3, 3), 2)[0, 1]
    array([[1, 2],
           [4, 5]])
    """
    arguments.padding2d(x, 0, "zeros")
    slide = sliding(x.shape[-2:], kernel_size, stride=stride, dilation=dilation)
    (sh, sw), (dh, dw) = slide.stride, slide.dilation
    spans = tuple(map(span, slide.kernel, slide.dilation))
    every = sliding_window_view(x, spans, axis=(-2, -1))  # every start, every sample
    return every[..., ::sh, ::sw, ::dh, ::dw]


def unfold2d(
    x: Num[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "N taps places"]:
    """Write every window as a column, so that a convolution is one matrix product.

    Shapes: (N, C, H, W) -> (N, C * kH * kW, oH * oW): torch's `F.unfold`, or im2col.
    Cost:   kH * kW copies of x (fewer with a stride).
    Raises: ShapeError if no window fits.

    >>> unfold2d(np.arange(6).reshape(1, 1, 2, 3), 2)
    array([[[0, 1],
            [1, 2],
            [3, 4],
            [4, 5]]])
    """
    slide = arguments.unfolding(
        x, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    x = framed(x, slide.padding)
    n, c = x.shape[:2]
    columns = np.empty((n, c, slide.taps, *slide.out), x.dtype)
    for t, where in enumerate(taps(slide)):
        columns[:, :, t] = x[:, :, *where]  # (N, C, oH, oW)
    return columns.reshape(n, c * slide.taps, slide.out[0] * slide.out[1])


def unfold2d_backward(
    upstream: Num[np.ndarray, "N taps places"],
    x: Num[np.ndarray, "N C H W"],
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Num[np.ndarray, "N C H W"]:
    """Add every column back onto the window it came from: torch's `F.fold`, or col2im.

    Shapes: (N, C * kH * kW, oH * oW), (N, C, H, W) -> (N, C, H, W).

    >>> unfold2d_backward(np.ones((1, 4, 2)), np.zeros((1, 1, 2, 3)), 2)
    array([[[[1., 2., 1.],
             [1., 2., 1.]]]])
    """
    slide = arguments.unfolding(
        x, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    n, c = x.shape[:2]
    places = slide.out[0] * slide.out[1]
    upstream = received(upstream, x, (n, c * slide.taps, places))
    columns = upstream.reshape(n, c, slide.taps, *slide.out)
    gradient = np.zeros_like(framed(x, slide.padding), order="C")
    for t, where in enumerate(taps(slide)):
        gradient[:, :, *where] += columns[:, :, t]
    return folded(gradient, slide.padding).copy()

"""Which part of the input feeds one number of the result: what a verdict frames.

Each function is a `window` of an `Exercise`: it maps (args, cell) to a `Window`.
"""

import numpy as np

from coursekit.exercise.exercise import Args, Window
from coursekit.shapes import pair


def correlation_window(args: Args, cell: tuple[int, ...]) -> Window:
    """Return the window of x that feeds one output of a valid correlation (x, k)."""
    spans = zip(cell, np.shape(args[1]), strict=True)
    return Window(0, tuple(slice(start, start + k) for start, k in spans))


def channels_window(args: Args, cell: tuple[int, ...]) -> Window:
    """Return the window, all channels deep, behind one output of a layer (x, k, ...).

    x is one image (C, H, W) or a batch (N, C, H, W); rows and columns end both shapes.
    """
    x, k = args[:2]
    image = [slice(n, n + 1) for n in cell[: x.ndim - 3]]
    places = zip(cell[-2:], k.shape[-2:], strict=True)
    spans = [slice(start, start + size) for start, size in places]
    return Window(0, (*image, slice(0, x.shape[-3]), *spans))


def pooling_window(args: Args, cell: tuple[int, ...]) -> Window:
    """Return the part of x (N, C, H, W) behind one output of a pooling (x, k, ...).

    What may follow k is the stride (None: as k) and the padding, as in torch.
    """
    given = dict(enumerate(args))
    taps = pair(args[1], "k")
    steps = taps if given.get(2) is None else pair(args[2], "stride")
    before = pair(given.get(3, 0), "padding")
    spans = [slice(n, n + 1) for n in cell[:2]]
    axes = zip(cell[2:], args[0].shape[2:], taps, steps, before, strict=True)
    for place, size, k, stride, padding in axes:
        start = place * stride - padding
        spans.append(slice(max(start, 0), min(start + k, size)))
    return Window(0, tuple(spans))

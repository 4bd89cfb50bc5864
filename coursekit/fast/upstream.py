"""The gradient that a backward pass starts from, checked in one place."""

from __future__ import annotations

import numpy as np

from coursekit.arguments.arrays import numeric
from coursekit.shapes import ShapeError


def received(
    upstream: np.ndarray, like: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    """Check that upstream, the gradient of an output, has its shape and dtype."""
    if numeric("upstream", upstream).shape != shape:
        raise ShapeError(
            f"upstream has shape {upstream.shape}, but the output has {shape}. Pass "
            f"the gradient of the output, one number for each of its own."
        )
    if upstream.dtype != like.dtype:
        raise TypeError(
            f"upstream has dtype {upstream.dtype}, but the output has {like.dtype}. "
            f"Convert it: upstream.astype(np.{like.dtype})."
        )
    return upstream

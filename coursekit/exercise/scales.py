"""How large the numbers were that were added up: what rounding is measured by.

Each function is a `scale` of an `Exercise`: it maps (args, expected) to that size.
"""

import math
from typing import Any

import numpy as np

from coursekit.exercise.exercise import Args


def output_scale(args: Args, expected: Any) -> float:
    """Return the largest number of the result: right where little cancels."""
    size = np.abs(expected)
    return float(np.max(size, initial=0.0, where=np.isfinite(size)))


def bilinear_scale(args: Args, expected: Any) -> float:
    """Return the product of the arrays' norms: no sum of products is larger.

    Source: Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1.
    """
    norms = [np.linalg.norm(a.ravel()) for a in args if isinstance(a, np.ndarray)]
    return math.prod(map(float, norms))


def layer_scale(args: Args, expected: Any) -> float:
    """Return what `bilinear_scale` says of (x, weight), and the largest bias on top."""
    x, weight, bias = args
    largest = 0.0 if bias is None else float(np.max(np.abs(bias)))
    return bilinear_scale((x, weight), expected) + largest

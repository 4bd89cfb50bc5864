"""What the operations accept, and the sentence where it is something else.

`operations` checks the arguments of each family, on `arrays` (kinds of numbers, axes,
sizes that agree) and `slide` (every way to write how a window slides).
"""

from coursekit.arguments.operations import (
    average,
    average_pool,
    classification,
    convolution,
    convolution_transpose,
    correlation1d,
    correlation2d,
    dense,
    depthwise,
    fraction,
    kernel_gradient,
    max_pool,
    padding2d,
    pointwise,
    separable,
    unfolding,
)

__all__ = [
    "average",
    "average_pool",
    "classification",
    "convolution",
    "convolution_transpose",
    "correlation1d",
    "correlation2d",
    "dense",
    "depthwise",
    "fraction",
    "kernel_gradient",
    "max_pool",
    "padding2d",
    "pointwise",
    "separable",
    "unfolding",
]

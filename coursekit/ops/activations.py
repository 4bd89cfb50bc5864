"""What is done to each number by itself, between two layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.arrays import numeric

if TYPE_CHECKING:
    from jaxtyping import Float, Num


def relu(x: Num[np.ndarray, "*shape"]) -> Num[np.ndarray, "*shape"]:
    """Replace what is below zero by zero.

    >>> relu(np.array([-2, 0, 3]))
    array([0, 0, 3])
    """
    out: np.ndarray = np.maximum(numeric("x", x), 0)
    return out


def sigmoid(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Squash to between 0 and 1: 1 / (1 + exp(-x)), without overflow for large |x|.

    Raises: TypeError for integers.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    small = np.exp(-np.abs(arguments.fraction(x, "sigmoid(x)")))  # in 0 to 1
    out: np.ndarray = np.where(x >= 0, 1, small) / (1 + small)
    return out


def tanh(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Squash to between -1 and 1.

    Raises: TypeError for integers.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    out: np.ndarray = np.tanh(arguments.fraction(x, "tanh(x)"))
    return out

"""The rest of a network: the dense layer, the activations, the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments
from coursekit.arguments.arrays import numeric

if TYPE_CHECKING:
    from jaxtyping import Float, Int, Num


def linear(
    x: Num[np.ndarray, "N in_features"],
    weight: Num[np.ndarray, "out_features in_features"],
    bias: Num[np.ndarray, " out_features"] | None = None,
) -> Num[np.ndarray, "N out_features"]:
    """Take the dot product of each row of x with each row of weight, plus a bias.

    Shapes: (N, in_features), (out_features, in_features) -> (N, out_features).
    Cost:   N * in_features * out_features multiply-adds.
    Raises: ShapeError if x and weight differ in in_features.

    >>> linear(np.array([[1, 2]]), np.array([[3, 4], [5, 6]]), np.array([0, 100]))
    array([[ 11, 117]])
    """
    x, weight, bias = arguments.dense(x, weight, bias)
    out = np.zeros((len(x), len(weight)), x.dtype)
    for n, f in np.ndindex(out.shape):
        out[n, f] = (x[n] * weight[f]).sum()
    return out if bias is None else out + bias


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


def softmax_cross_entropy(
    logits: Float[np.ndarray, "N classes"], labels: Int[np.ndarray, " N"]
) -> np.floating:
    """Average -log(softmax(logits)[label]) over the batch: torch's `F.cross_entropy`.

    Subtracting a row's largest logit changes nothing in its softmax, and keeps exp
    from overflowing.

    Shapes: (N, classes), (N,) -> one number.
    Cost:   N * classes exponentials.
    Raises: ShapeError if a label is no class, or the batch is empty.

    >>> round(float(softmax_cross_entropy(np.zeros((4, 10)), np.arange(4))), 4)
    2.3026
    """
    arguments.classification(logits, labels)
    losses = np.zeros(len(logits), logits.dtype)
    for n, label in enumerate(labels):
        shifted = logits[n] - logits[n].max()
        losses[n] = np.log(np.exp(shifted).sum()) - shifted[label]
    mean: np.floating = losses.mean()
    return mean

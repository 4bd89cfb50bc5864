"""The rest of a network: the dense layer and the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit import arguments

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

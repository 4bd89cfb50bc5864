"""The rest of a network, and its gradients: the dense layer and the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit import arguments
from coursekit.fast.upstream import received

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
    out: np.ndarray = x @ weight.T
    if bias is not None:
        out += bias
    return out


def linear_backward(
    upstream: Num[np.ndarray, "N out_features"],
    x: Num[np.ndarray, "N in_features"],
    weight: Num[np.ndarray, "out_features in_features"],
    bias: Num[np.ndarray, " out_features"] | None = None,
) -> tuple[Any, Any, Any]:
    """Give the gradients of x, weight and bias.

    Shapes: (N, out_features), inputs -> the shapes of x, weight, bias (or None).
    Cost:   2 * N * in_features * out_features multiply-adds.

    >>> x, weight = np.array([[1.0, 2]]), np.array([[3.0, 4]])
    >>> linear_backward(np.array([[10.0]]), x, weight)[:2]
    (array([[30., 40.]]), array([[10., 20.]]))
    """
    x, weight, bias = arguments.dense(x, weight, bias)
    upstream = received(upstream, x, (len(x), len(weight)))
    bias_gradient = None if bias is None else upstream.sum(axis=0)
    return upstream @ weight, upstream.T @ x, bias_gradient


def softmax_cross_entropy(
    logits: Float[np.ndarray, "N classes"], labels: Int[np.ndarray, " N"]
) -> np.floating:
    """Average -log(softmax(logits)[label]) over the batch: torch's `F.cross_entropy`.

    Shapes: (N, classes), (N,) -> one number.
    Cost:   N * classes exponentials.
    Raises: ShapeError if a label is no class, or the batch is empty.

    >>> round(float(softmax_cross_entropy(np.zeros((4, 10)), np.arange(4))), 4)
    2.3026
    """
    arguments.classification(logits, labels)
    shifted = logits - logits.max(axis=1, keepdims=True)  # exp cannot overflow
    chosen = shifted[np.arange(len(labels)), labels]
    mean: np.floating = (np.log(np.exp(shifted).sum(axis=1)) - chosen).mean()
    return mean


def softmax_cross_entropy_backward(
    upstream: float | np.floating,
    logits: Float[np.ndarray, "N classes"],
    labels: Int[np.ndarray, " N"],
) -> Float[np.ndarray, "N classes"]:
    """Give the gradient of the logits: (softmax - one-hot) / N, times upstream.

    Shapes: one number, (N, classes), (N,) -> (N, classes).

    >>> softmax_cross_entropy_backward(1.0, np.zeros((1, 4)), np.array([1]))
    array([[ 0.25, -0.75,  0.25,  0.25]])
    """
    arguments.classification(logits, labels)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient: np.ndarray = powers / powers.sum(axis=1, keepdims=True)  # softmax
    gradient[np.arange(len(labels)), labels] -= 1
    gradient *= logits.dtype.type(float(upstream) / len(labels))
    return gradient

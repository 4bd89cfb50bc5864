"""The rest of a network, and its gradients: dense layer, activations, loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit import arguments
from coursekit.arguments.arrays import numeric
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


def relu(x: Num[np.ndarray, "*shape"]) -> Num[np.ndarray, "*shape"]:
    """Replace what is below zero by zero.

    >>> relu(np.array([-2, 0, 3]))
    array([0, 0, 3])
    """
    out: np.ndarray = np.maximum(numeric("x", x), 0)
    return out


def relu_backward(
    upstream: Num[np.ndarray, "*shape"], x: Num[np.ndarray, "*shape"]
) -> Num[np.ndarray, "*shape"]:
    """Pass the gradient where x is above zero; at zero it is 0, as in torch.

    >>> relu_backward(np.array([5, 5, 5]), np.array([-2, 0, 3]))
    array([0, 0, 5])
    """
    upstream = received(upstream, x, numeric("x", x).shape)
    gradient: np.ndarray = upstream * (x > 0)
    return gradient


def sigmoid(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Squash to between 0 and 1: 1 / (1 + exp(-x)), without overflow for large |x|.

    Raises: TypeError for integers.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    small = np.exp(-np.abs(arguments.fraction(x, "sigmoid(x)")))  # in 0 to 1
    out: np.ndarray = np.where(x >= 0, 1, small) / (1 + small)
    return out


def sigmoid_backward(
    upstream: Float[np.ndarray, "*shape"], x: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    """Scale the gradient by the slope of the sigmoid, s * (1 - s): 1/4 at most.

    >>> sigmoid_backward(np.array([8.0]), np.array([0.0]))
    array([2.])
    """
    s = sigmoid(x)
    gradient: np.ndarray = received(upstream, x, x.shape) * s * (1 - s)
    return gradient


def tanh(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Squash to between -1 and 1.

    Raises: TypeError for integers.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    out: np.ndarray = np.tanh(arguments.fraction(x, "tanh(x)"))
    return out


def tanh_backward(
    upstream: Float[np.ndarray, "*shape"], x: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    """Scale the gradient by the slope of tanh, 1 - tanh(x)**2.

    >>> tanh_backward(np.array([8.0]), np.array([0.0]))
    array([8.])
    """
    gradient: np.ndarray = received(upstream, x, x.shape) * (1 - tanh(x) ** 2)
    return gradient


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

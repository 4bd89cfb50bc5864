"""What is done to each number by itself, and the gradients: `ops` has no loops here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit.arguments.arrays import numeric
from coursekit.fast.upstream import received
from coursekit.ops.activations import sigmoid, tanh

if TYPE_CHECKING:
    from jaxtyping import Float, Num


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


def tanh_backward(
    upstream: Float[np.ndarray, "*shape"], x: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    """Scale the gradient by the slope of tanh, 1 - tanh(x)**2.

    >>> tanh_backward(np.array([8.0]), np.array([0.0]))
    array([8.])
    """
    gradient: np.ndarray = received(upstream, x, x.shape) * (1 - tanh(x) ** 2)
    return gradient

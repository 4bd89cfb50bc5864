"""Draw starting weights, and improve them by gradient descent."""

from __future__ import annotations

from contextlib import suppress
from math import prod
from typing import Any

import numpy as np

from coursekit import fast
from coursekit.arguments.arrays import real
from coursekit.nets.layers import Network
from coursekit.nets.loop import (
    Examples,
    History,
    array_of_examples,
    generator,
    run_epochs,
)
from coursekit.nets.passes import Params, backward, forward
from coursekit.nets.sizes import (
    Shape,
    check_params,
    check_shapes,
    param_shapes,
    shapes_of,
)
from coursekit.shapes import at_least

SCHEMES = ("xavier", "he")


def init(
    network: Network,
    rng: np.random.Generator,
    *,
    scheme: str = "xavier",
    dtype: Any = np.float32,
) -> list[np.ndarray]:
    """Draw weights evenly from -bound to bound; biases start at 0.

    The bound makes the variance 2 / (fan_in + fan_out) for "xavier", which suits
    sigmoid and tanh, and 2 / fan_in for "he", which suits ReLU.

    Shapes: one array for each of `param_shapes(network)`.
    Raises: ValueError if there is no such scheme.
    Source: Glorot & Bengio 2010; He et al., arXiv:1502.01852. torch's names are
            `xavier_uniform_` and `kaiming_uniform_`.

    >>> from coursekit.nets import LENET
    >>> [p.shape for p in init(LENET, np.random.default_rng(0))[:2]]
    [(6, 1, 5, 5), (6,)]
    """
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}, but must be one of {SCHEMES}.")
    drawn = []
    dtype = _fractions(dtype)
    generator(rng)
    for shape in param_shapes(network):
        if len(shape) == 1:
            drawn.append(np.zeros(shape, dtype))
            continue
        fan_in, fan_out = fans(shape)
        variance = 2 / (fan_in + fan_out if scheme == "xavier" else fan_in)
        bound = (3 * variance) ** 0.5  # a uniform number has variance bound**2 / 3
        drawn.append(rng.uniform(-bound, bound, shape).astype(dtype))
    return drawn


def _fractions(dtype: Any) -> np.dtype[Any]:
    """Read a dtype that can hold weights."""
    names = ("float32", "float64")
    with suppress(TypeError):  # no dtype at all
        read: np.dtype[Any] = np.dtype(dtype)
        if dtype is not None and read.name in names:
            return read
    raise TypeError(
        f"dtype is {dtype!r}, but weights are fractions: use np.float32 or np.float64."
    )


def fans(shape: Shape) -> tuple[int, int]:
    """Count the inputs of one output of a weight, and the outputs of one input.

    >>> fans((10, 84)), fans((16, 6, 5, 5))
    ((84, 10), (150, 400))
    """
    outputs, *inputs = shape
    return prod(inputs), outputs * prod(inputs[1:])


def loss_and_gradients(
    network: Network, params: Params, x: np.ndarray, labels: np.ndarray
) -> tuple[float, list[np.ndarray]]:
    """Give the mean cross-entropy of a batch, and its gradient for each parameter.

    >>> from coursekit.nets import Linear
    >>> network, params = (Linear(1, 2, bias=False),), [np.zeros((2, 1))]
    >>> loss_and_gradients(network, params, np.array([[4.0]]), np.array([0]))[1]
    [array([[-2.],
           [ 2.]])]
    """
    logits, saved = forward(network, params, x)
    upstream = fast.softmax_cross_entropy_backward(1.0, logits, labels)
    _, gradients = backward(network, params, saved, upstream)
    return float(fast.softmax_cross_entropy(logits, labels)), gradients


def sgd_step(
    params: Params,
    grads: Params,
    velocity: Params,
    lr: float,
    momentum: float = 0.0,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Go one step downhill: v = momentum * v + g, then p = p - lr * v.

    >>> p, v = sgd_step([np.ones(1)], [np.ones(1)], [np.ones(1)], lr=0.1, momentum=0.9)
    >>> print(p[0], v[0])
    [0.81] [1.9]
    """
    shapes = shapes_of(params)
    remedy = "Give one array for each of params, and of its shape."
    check_shapes(grads, shapes, name="grads", remedy=remedy)
    check_shapes(velocity, shapes, name="velocity", remedy=remedy)
    real("lr", lr)
    real("momentum", momentum)
    pairs = zip(velocity, grads, strict=True)
    velocity = [momentum * v + g for v, g in pairs]
    params = [p - lr * v for p, v in zip(params, velocity, strict=True)]
    return params, velocity


def train(
    network: Network,
    params: Params,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    rng: np.random.Generator,
    epochs: int = 1,
    batch_size: int = 128,
    lr: float = 0.1,
    momentum: float = 0.0,
    validation: Examples | None = None,
    progress: bool = True,
) -> tuple[list[np.ndarray], History]:
    """Learn by stochastic gradient descent, starting from params, which stay as is.

    Gives the learned parameters and the history. ^C stops early and keeps both;
    `validation` (images and labels) adds an accuracy after each epoch.

    Raises: ShapeError if images do not fit the network, or labels the images.

    >>> from coursekit.nets import Linear
    >>> network, rng = (Linear(2, 2),), np.random.default_rng(0)
    >>> x, labels = np.eye(2), np.array([0, 1])
    >>> how = {"rng": rng, "epochs": 50, "progress": False}
    >>> _, history = train(network, init(network, rng), x, labels, **how)
    >>> history.losses[-1] < history.losses[0]
    True
    """
    check_params(network, params)
    real("lr", lr)
    real("momentum", momentum)
    learned, velocity = list(params), [np.zeros_like(p) for p in params]

    def step(x: np.ndarray, labels: np.ndarray) -> float:
        nonlocal learned, velocity
        x = x.astype(learned[0].dtype, copy=False)
        loss, grads = loss_and_gradients(network, learned, x, labels)
        learned, velocity = sgd_step(learned, grads, velocity, lr, momentum)
        return loss

    history = run_epochs(
        step,
        lambda images: predict(network, learned, images),
        images,
        labels,
        rng=rng,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        progress=progress,
    )
    return learned, history


def predict(
    network: Network, params: Params, images: np.ndarray, *, batch_size: int = 1000
) -> np.ndarray:
    """Run a network on many images, a batch at a time.

    >>> from coursekit.nets import Flatten
    >>> predict((Flatten(),), [], np.ones((3, 1, 2, 2)), batch_size=2).shape
    (3, 4)
    """
    at_least(1, batch_size, "batch_size")
    array_of_examples("images", images)
    starts = range(0, max(len(images), 1), batch_size)
    outs = [forward(network, params, images[s : s + batch_size])[0] for s in starts]
    return np.concatenate(outs)

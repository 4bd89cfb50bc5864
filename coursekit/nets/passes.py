"""Run a network forward, and carry gradients back through it.

Most layers are one operation of `fast`, so one function runs them all; the others
register their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from math import prod
from typing import Any

import numpy as np

from coursekit import fast
from coursekit.arguments.arrays import array, equal, numeric
from coursekit.nets.layers import Flatten, Network, Operation, Parallel, network_of
from coursekit.nets.sizes import check_params, out_shape, with_params

_REMEDY = "Pass the gradient of what this network gave."
Params = Sequence[np.ndarray]  # in the order of `param_shapes`


def forward(network: Network, params: Params, x: np.ndarray) -> tuple[np.ndarray, Any]:
    """Give the output, and what `backward` needs: the input of each layer, in order.

    Shapes: (N, *shape) -> (N, *out_shape(network, shape)).
    Raises: ShapeError if x or params do not fit the network.

    >>> from coursekit.nets import Linear, ReLU
    >>> params = [np.array([[1.0, -1.0]]), np.array([0.5])]
    >>> forward((Linear(2, 1), ReLU()), params, np.array([[3.0, 1.0]]))[0]
    array([[2.5]])
    """
    network = network_of(network)
    check_params(network, params)
    out_shape(network, numeric("x", x).shape[1:])
    return _forward(network, params, x)


def backward(
    network: Network, params: Params, saved: Any, upstream: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Give the gradients of x and of params, from that of the output.

    `saved` is the second thing that `forward` gave.

    >>> from coursekit.nets import Linear
    >>> network, params = (Linear(2, 1, bias=False),), [np.array([[1.0, -1.0]])]
    >>> out, saved = forward(network, params, np.array([[3.0, 1]]))
    >>> backward(network, params, saved, np.array([[10.0]]))
    (array([[ 10., -10.]]), [array([[30., 10.]])])
    """
    network = network_of(network)
    check_params(network, params)
    if not isinstance(saved, list) or len(saved) != len(network):
        raise TypeError(
            f"saved is {saved!r:.80} ({type(saved).__name__}), but must be the list of "
            f"{len(network)} that forward gave. Write out, saved = forward(...)."
        )
    numeric("upstream", upstream)
    return _backward(network, params, saved, upstream)


@singledispatch
def _forward(layer: Any, params: Params, x: np.ndarray) -> tuple[np.ndarray, Any]:
    raise TypeError(f"{layer!r} has no forward pass yet: register one here.")


@singledispatch
def _backward(
    layer: Any, params: Params, saved: Any, upstream: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    raise TypeError(f"{layer!r} has no backward pass yet: register one here.")


@_forward.register
def _operation(
    layer: Operation, params: Params, x: np.ndarray
) -> tuple[np.ndarray, Any]:
    operation = getattr(fast, layer.operation)
    return operation(x, *params, **layer.options), x


@_backward.register
def _operation_back(
    layer: Operation, params: Params, saved: Any, upstream: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    operation = getattr(fast, f"{layer.operation}_backward")
    gradients = operation(upstream, saved, *params, **layer.options)
    if not params:
        return gradients, []
    x_gradient, *others = gradients
    return x_gradient, others[: len(params)]  # a missing bias has none


@_forward.register(tuple)
def _network(
    network: Network, params: Params, x: np.ndarray
) -> tuple[np.ndarray, list[Any]]:
    saved = []
    for layer, own in with_params(network, params):
        x, kept = _forward(layer, own, x)
        saved.append(kept)
    return x, saved


@_backward.register(tuple)
def _network_back(
    network: Network, params: Params, saved: list[Any], upstream: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    gradients: list[np.ndarray] = []
    layers = zip(with_params(network, params), saved, strict=True)
    for (layer, own), kept in reversed(list(layers)):
        upstream, found = _backward(layer, own, kept, upstream)
        gradients = found + gradients
    return upstream, gradients


@_forward.register
def _flatten(layer: Flatten, params: Params, x: np.ndarray) -> tuple[np.ndarray, Any]:
    return x.reshape(len(x), prod(x.shape[1:])), x


@_backward.register
def _flatten_back(
    layer: Flatten, params: Params, saved: Any, upstream: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    out = len(saved), prod(saved.shape[1:])
    equal("The shape of upstream", upstream.shape, "that of the output", out, _REMEDY)
    return upstream.reshape(saved.shape), []


@_forward.register
def _parallel(layer: Parallel, params: Params, x: np.ndarray) -> tuple[np.ndarray, Any]:
    runs = [
        _forward(branch, own, x) for branch, own in with_params(layer.branches, params)
    ]
    outs, saved = zip(*runs, strict=True)
    return np.concatenate(outs, axis=1), (saved, [out.shape[1] for out in outs])


@_backward.register
def _parallel_back(
    layer: Parallel, params: Params, saved: Any, upstream: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    kept, channels = saved
    array("upstream", upstream, "N C H W")
    given = "C of upstream", upstream.shape[1]
    equal(*given, "that of the output", sum(channels), _REMEDY)
    shares = np.split(upstream, np.cumsum(channels)[:-1], axis=1)
    branches = zip(with_params(layer.branches, params), kept, shares, strict=True)
    runs = [_backward(branch, own, k, share) for (branch, own), k, share in branches]
    x_gradient = np.sum([gradient for gradient, _ in runs], axis=0)  # x feeds them all
    return x_gradient, [each for _, found in runs for each in found]

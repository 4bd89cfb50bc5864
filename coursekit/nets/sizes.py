"""Shapes of a network, without running it: outputs, and parameters.

Shapes leave out the batch: (C, H, W) for feature maps, (features,) after `Flatten`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from math import prod
from typing import Any, NamedTuple

import numpy as np

from coursekit.arguments.arrays import numeric
from coursekit.arguments.slide import Slide, pooling, sliding
from coursekit.nets.layers import (
    Activation,
    AvgPool2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    network_of,
)
from coursekit.shapes import ShapeError, pair, sizes

Shape = tuple[int, ...]


class Step(NamedTuple):
    """One layer where it stands, and in a block each branch from end to end."""

    layer: Layer
    before: Shape
    after: Shape
    inside: tuple[list[Step], ...] = ()


def out_shape(network: Layer | Network, shape: Shape) -> Shape:
    """Give the shape that a layer, or a whole network, makes of a shape.

    Raises: ShapeError if they do not fit, naming the layer by its place.

    >>> out_shape((Conv2d(1, 6, 5, padding=2), AvgPool2d(2), Flatten()), (1, 28, 28))
    (1176,)
    """
    return end(walk(network, shape), sizes(shape, "shape"))


def walk(network: Layer | Network, shape: Shape) -> list[Step]:
    """Follow a shape through a network: each layer, what enters it and what leaves.

    Raises: ShapeError if a layer does not fit, naming it by its place.

    >>> walk((Flatten(), Linear(4, 2)), (1, 2, 2))[1]
    Step(layer=Linear(4, 2), before=(4,), after=(2,), inside=())
    """
    shape = sizes(shape, "shape")
    if isinstance(network, Layer):
        return [_step(network, shape)]
    steps: list[Step] = []
    for place, layer in enumerate(network_of(network)):
        try:
            steps.append(_step(layer, end(steps, shape)))
        except ShapeError as error:
            kind = type(layer).__name__
            raise ShapeError(f"Layer {place} ({kind}): {error}") from None
    return steps


def end(steps: list[Step], shape: Shape) -> Shape:
    """Give the shape behind the last step; without a step, the shape that enters."""
    return steps[-1].after if steps else shape


def _step(layer: Layer, shape: Shape) -> Step:
    if not isinstance(layer, Parallel):
        return Step(layer, shape, _after(layer, shape))
    inside = tuple(walk(branch, shape) for branch in layer.branches)
    return Step(layer, shape, _stacked([end(steps, shape) for steps in inside]), inside)


def _stacked(branches: list[Shape]) -> Shape:
    """Give the shape of the branches' maps behind one another."""
    outs = list(map(maps, branches))
    for place, out in enumerate(outs):
        if out[1:] != outs[0][1:]:
            raise ShapeError(
                f"Branch {place} gives (H, W) = {out[1:]}, but branch 0 gives "
                f"{outs[0][1:]}. Pad so that every branch keeps the same size."
            )
    return (sum(channels for channels, _, _ in outs), *outs[0][1:])


@singledispatch
def _after(layer: Layer, shape: Shape) -> Shape:
    """Give the shape that one layer, no block, makes of a shape."""
    raise TypeError(f"{layer!r} has no output shape yet: register it here.")


@_after.register(Conv2d)
@_after.register(MaxPool2d)
@_after.register(AvgPool2d)
def _of_sliding(layer: Conv2d | MaxPool2d | AvgPool2d, shape: Shape) -> Shape:
    out = layer_slide(layer, shape).out
    return (layer.out_channels if isinstance(layer, Conv2d) else shape[0], *out)


def layer_slide(layer: Conv2d | MaxPool2d | AvgPool2d, shape: Shape) -> Slide:
    """Say how the window of a convolution or a pool slides over (C, H, W).

    >>> layer_slide(MaxPool2d(3, stride=2), (64, 55, 55)).out
    (27, 27)
    """
    channels, h, w = maps(shape)
    if not isinstance(layer, Conv2d):
        return pooling(
            (h, w),
            layer.kernel_size,
            stride=layer.stride,
            padding=layer.padding,
            dilation=layer.dilation if isinstance(layer, MaxPool2d) else 1,
            ceil_mode=layer.ceil_mode,
        )
    if channels != layer.in_channels:
        raise ShapeError(
            f"C of its input is {channels}, but in_channels is {layer.in_channels}. "
            f"in_channels is the number of channels that come in."
        )
    return sliding(
        (h, w),
        layer.kernel_size,
        stride=layer.stride,
        padding=layer.padding,
        dilation=layer.dilation,
    )


def maps(shape: Shape) -> tuple[int, int, int]:
    """Read the shape of feature maps.

    >>> maps((6, 28, 28))
    (6, 28, 28)
    """
    if len(shape) != 3:
        raise ShapeError(
            f"Its input has {len(shape)} axes, shape {shape}, but needs 3: (C, H, W), "
            f"beside the batch."
        )
    channels, h, w = shape
    return channels, h, w


@_after.register
def _of_global_pool(layer: GlobalAvgPool2d, shape: Shape) -> Shape:
    return maps(shape)[:1]


@_after.register
def _of_activation(layer: Activation, shape: Shape) -> Shape:
    return shape


@_after.register
def _of_flatten(layer: Flatten, shape: Shape) -> Shape:
    return (prod(shape),)


@_after.register
def _of_linear(layer: Linear, shape: Shape) -> Shape:
    if shape != (layer.in_features,):
        raise ShapeError(
            f"Its input has shape {shape}, {prod(shape)} numbers, but in_features is "
            f"{layer.in_features}. Flatten first, and count what comes in."
        )
    return (layer.out_features,)


def param_shapes(network: Layer | Network) -> list[Shape]:
    """List the shapes of the arrays that a layer, or a network, learns.

    A weight comes before its bias, layers in their order: torch's `parameters()`.

    >>> param_shapes((Conv2d(1, 6, 5), Flatten(), Linear(3456, 10)))
    [(6, 1, 5, 5), (6,), (10, 3456), (10,)]
    """
    return [shape for layer in network_of(network) for shape in _learned(layer)]


@singledispatch
def _learned(layer: Layer) -> list[Shape]:
    return []


@_learned.register
def _in_parallel(layer: Parallel) -> list[Shape]:
    return [shape for branch in layer.branches for shape in param_shapes(branch)]


@_learned.register
def _in_conv2d(layer: Conv2d) -> list[Shape]:
    kernel = pair(layer.kernel_size, "kernel_size", least=1)
    weight = (layer.out_channels, layer.in_channels // layer.groups, *kernel)
    return [weight, (layer.out_channels,)] if layer.bias else [weight]


@_learned.register
def _in_linear(layer: Linear) -> list[Shape]:
    weight = (layer.out_features, layer.in_features)
    return [weight, (layer.out_features,)] if layer.bias else [weight]


def check_params(network: Network, params: Sequence[np.ndarray]) -> None:
    """Require one array for each of `param_shapes`, of that shape."""
    check_shapes(params, param_shapes(network))


def check_shapes(
    params: Sequence[np.ndarray],
    needed: Sequence[Shape],
    *,
    name: str = "params",
    remedy: str = "Use init(network, rng), or the parameters of the same network.",
) -> None:
    """Require a list of as many arrays as are needed, and of those shapes."""
    found = shapes_of(params, name)
    if len(found) != len(needed):
        raise ShapeError(
            f"{name} has {len(found)} arrays, but {len(needed)} are needed. {remedy}"
        )
    for place, (given, shape) in enumerate(zip(found, needed, strict=True)):
        if given != shape:
            raise ShapeError(
                f"{name}[{place}] has shape {given}, but {shape} is needed. {remedy}"
            )


def shapes_of(params: Sequence[np.ndarray], name: str = "params") -> list[Shape]:
    """Give the shapes of a list of arrays.

    >>> shapes_of([np.ones((2, 4)), np.ones(2)])
    [(2, 4), (2,)]
    """
    if not isinstance(params, list | tuple):
        raise TypeError(
            f"{name} must be a list of arrays, but is {params!r} "
            f"({type(params).__name__}). Use init(network, rng)."
        )
    return [numeric(f"{name}[{place}]", p).shape for place, p in enumerate(params)]


def with_params(
    layers: Iterable[Layer | Network], params: Sequence[Any]
) -> list[tuple[Any, Sequence[Any]]]:
    """Pair each layer with its own share of the parameters.

    >>> with_params((Flatten(), Linear(4, 2)), ["weight", "bias"])
    [(Flatten(), []), (Linear(4, 2), ['weight', 'bias'])]
    """
    pairs, used = [], 0
    for layer in layers:
        end = used + len(param_shapes(layer))
        pairs.append((layer, params[used:end]))
        used = end
    return pairs

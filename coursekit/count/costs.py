"""What a layer costs for one example, and what one of its outputs sees.

Shapes are those of the layer's input, without the batch. A new kind of layer is
registered with `operations` and `window`, and with `macs` if it multiplies.
"""

from __future__ import annotations

from functools import singledispatch
from math import prod

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
)
from coursekit.nets.sizes import Shape, layer_slide, maps, out_shape, param_shapes
from coursekit.shapes import AxisLayer

Windows = tuple[AxisLayer, AxisLayer]  # along H, along W


def params(layer: Layer | Network) -> int:
    """Count the numbers that a layer, or a network, learns.

    >>> params(Conv2d(3, 50, 3))
    1400
    """
    return sum(map(prod, param_shapes(layer)))


@singledispatch
def macs(layer: Layer | Network, shape: Shape) -> int:
    """Count the multiply-adds: all products that are summed up.

    >>> macs(Conv2d(3, 50, 3, padding="same"), (3, 256, 256))
    88473600
    """
    return 0


@macs.register(Conv2d)
@macs.register(Linear)
def _products(layer: Conv2d | Linear, shape: Shape) -> int:
    return prod(out_shape(layer, shape)) * products(layer)


def products(layer: Conv2d | Linear) -> int:
    """Count the products in one output number: a row of the weight.

    >>> products(Conv2d(64, 128, 3)), products(Conv2d(64, 64, 3, groups=64))
    (576, 9)
    """
    weight = param_shapes(layer)[0]
    return prod(weight[1:])


@singledispatch
def operations(layer: Layer | Network, shape: Shape) -> int:
    """Count products and sums (comparisons, activations) alike.

    A window of k*k in C channels has k*k*C products and one sum less: 2*k*k*C - 1; a
    bias is one sum more. Pools and activations count too, padding as if it were real.

    >>> operations(Conv2d(3, 50, 3, padding="same", bias=False), (3, 256, 256))
    173670400
    """
    raise TypeError(f"{layer!r} is not counted yet: register its operations here.")


@operations.register(Conv2d)
@operations.register(Linear)
def _products_and_sums(layer: Conv2d | Linear, shape: Shape) -> int:
    return prod(out_shape(layer, shape)) * (2 * products(layer) - 1 + layer.bias)


@operations.register
def _comparisons(layer: MaxPool2d, shape: Shape) -> int:
    return prod(out_shape(layer, shape)) * (layer_slide(layer, shape).taps - 1)


@operations.register
def _sums_and_division(layer: AvgPool2d, shape: Shape) -> int:
    return prod(out_shape(layer, shape)) * layer_slide(layer, shape).taps


@operations.register(GlobalAvgPool2d)
@operations.register(Activation)
def _one_for_each(layer: GlobalAvgPool2d | Activation, shape: Shape) -> int:
    return prod(shape)


@operations.register
def _nothing(layer: Flatten, shape: Shape) -> int:
    return 0


@macs.register(tuple)
def _network_macs(network: Network, shape: Shape) -> int:
    return sum(macs(layer, before) for layer, before in entering(network, shape))


@operations.register(tuple)
def _network_operations(network: Network, shape: Shape) -> int:
    return sum(operations(layer, before) for layer, before in entering(network, shape))


@macs.register
def _parallel_macs(layer: Parallel, shape: Shape) -> int:
    return sum(macs(branch, shape) for branch in layer.branches)


@operations.register
def _parallel_operations(layer: Parallel, shape: Shape) -> int:
    return sum(operations(branch, shape) for branch in layer.branches)


def entering(network: Network, shape: Shape) -> list[tuple[Layer, Shape]]:
    """Pair each layer with the shape that enters it.

    Raises: ShapeError if a layer does not fit, naming it by its place.

    >>> entering((Flatten(), Linear(4, 2)), (1, 2, 2))
    [(Flatten(), (1, 2, 2)), (Linear(4, 2), (4,))]
    """
    out_shape(network, shape)
    pairs = []
    for layer in network:
        pairs.append((layer, shape))
        shape = out_shape(layer, shape)
    return pairs


@singledispatch
def window(layer: Layer, shape: Shape) -> Windows | None:
    """Give the window under one output, along H and W; None if it sees everything.

    >>> window(MaxPool2d(3, stride=2), (6, 28, 28))[0]
    AxisLayer(k=3, stride=2, dilation=1, padding=0)
    """
    raise TypeError(f"{layer!r} has no window yet: register it here.")


@window.register(Conv2d)
@window.register(MaxPool2d)
@window.register(AvgPool2d)
def _sliding(layer: Conv2d | MaxPool2d | AvgPool2d, shape: Shape) -> Windows:
    kernel, stride, dilation, padding, _ = layer_slide(layer, shape)
    rows, columns = (
        AxisLayer(k, s, d, before)
        for k, s, d, (before, _) in zip(kernel, stride, dilation, padding, strict=True)
    )
    return rows, columns


@window.register
def _whole_map(layer: GlobalAvgPool2d, shape: Shape) -> Windows:
    _, h, w = maps(shape)
    return AxisLayer(h), AxisLayer(w)


@window.register(Activation)
@window.register(Flatten)
def _one_number(layer: Activation | Flatten, shape: Shape) -> Windows:
    return AxisLayer(1), AxisLayer(1)


@window.register
def _everything(layer: Linear, shape: Shape) -> None:
    return None

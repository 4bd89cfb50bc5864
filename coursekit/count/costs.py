"""What a layer costs for one example, and what one of its outputs sees.

Shapes are those of the layer's input, without the batch. A new kind of layer is
added to `operations_of` and `seen`, and to `macs_of` if it multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from coursekit.nets.sizes import Shape, Step, layer_slide, param_shapes, walk
from coursekit.shapes import AxisLayer, pair


def params(network: Layer | Network) -> int:
    """Count the numbers that a layer, or a network, learns.

    >>> params(Conv2d(3, 50, 3))
    1400
    """
    return sum(map(prod, param_shapes(network)))


def macs(network: Layer | Network, shape: Shape) -> int:
    """Count the multiply-adds: all products that are summed up.

    Raises: ShapeError if a layer does not fit, naming it by its place.

    >>> macs(Conv2d(3, 50, 3, padding="same"), (3, 256, 256))
    88473600
    """
    return sum(map(macs_of, _all_steps(walk(network, shape))))


def operations(network: Layer | Network, shape: Shape) -> int:
    """Count products and sums (comparisons, activations) alike.

    A window of k*k in C channels has k*k*C products and one sum less: 2*k*k*C - 1; a
    bias is one sum more. Pools and activations count too, padding as if it were real.

    Raises: ShapeError if a layer does not fit, naming it by its place.

    >>> operations(Conv2d(3, 50, 3, padding="same", bias=False), (3, 256, 256))
    173670400
    """
    return sum(map(operations_of, _all_steps(walk(network, shape))))


def _all_steps(steps: list[Step]) -> Iterator[Step]:
    """Give the steps and those inside their blocks."""
    for step in steps:
        yield step
        for branch in step.inside:
            yield from _all_steps(branch)


def products(layer: Conv2d | Linear) -> int:
    """Count the products in one output number: a row of the weight.

    >>> products(Conv2d(64, 128, 3)), products(Conv2d(64, 64, 3, groups=64))
    (576, 9)
    """
    weight = param_shapes(layer)[0]
    return prod(weight[1:])


def macs_of(step: Step) -> int:
    """Count the multiply-adds of one layer; those in its branches are theirs."""
    layer = step.layer
    if not isinstance(layer, Conv2d | Linear):
        return 0
    return prod(step.after) * products(layer)


def operations_of(step: Step) -> int:
    """Count the operations of one layer; those in its branches are theirs."""
    layer = step.layer
    match layer:
        case Conv2d() | Linear():
            each = 2 * products(layer) - 1 + layer.bias
        case MaxPool2d():
            each = prod(pair(layer.kernel_size, "kernel_size")) - 1
        case AvgPool2d():
            each = prod(pair(layer.kernel_size, "kernel_size"))  # sums and a division
        case GlobalAvgPool2d():
            each = prod(step.before[1:])
        case Activation():
            each = 1
        case Flatten() | Parallel():
            each = 0
        case _:
            raise TypeError(f"{layer!r} is not counted yet: count its operations here.")
    return prod(step.after) * each


def seen(step: Step) -> tuple[AxisLayer, AxisLayer] | None:
    """Give the layer along H and along W; None where an output sees all of its input.

    >>> seen(walk(MaxPool2d(3, stride=2), (6, 28, 28))[0])[0]
    AxisLayer(k=3, stride=2, dilation=1, padding=0)
    """
    layer = step.layer
    match layer:
        case Conv2d() | MaxPool2d() | AvgPool2d():
            kernel, stride, dilation, sides, _ = layer_slide(layer, step.before)
            before = (side[0] for side in sides)
            rows, columns = map(AxisLayer, kernel, stride, dilation, before)
        case GlobalAvgPool2d():
            rows, columns = map(AxisLayer, step.before[1:])
        case Activation() | Flatten():
            rows = columns = AxisLayer(1)
        case Linear():
            return None
        case _:
            raise TypeError(f"{layer!r} sees nothing yet: say here what it sees.")
    return rows, columns

"""Layers as nouns: each record says what a layer is, and nothing of what it does.

A network is a tuple of layers. Names and arguments are those of `torch.nn`. What can be
done with a layer (its output's shape, a forward pass, a count) is a function elsewhere
that knows each kind: to add a kind, write its record here, then follow the messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, MISSING, dataclass, fields
from typing import Any, ClassVar

from coursekit.arguments.slide import Padding, around, known_mode
from coursekit.shapes import IntOrPair, at_least, flag, grouped, pair


def _int_or_pair(value: IntOrPair, name: str) -> IntOrPair:
    """Keep an int as an int: a layer prints as it was written."""
    rows, columns = pair(value, name, least=0 if name == "padding" else 1)
    return (rows, columns) if isinstance(value, tuple | list) else rows


def _none_or_pair(value: IntOrPair | None, name: str) -> IntOrPair | None:
    return None if value is None else _int_or_pair(value, name)


_CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "int": lambda value, name: at_least(1, value, name),
    "bool": flag,
    "IntOrPair": _int_or_pair,
    "IntOrPair | None": _none_or_pair,
}


@dataclass(frozen=True, repr=False)
class Layer:
    """What every layer shares: it prints as you would write it.

    >>> Conv2d(1, 6, kernel_size=5, stride=1, padding=2)
    Conv2d(1, 6, 5, padding=2)
    """

    def __post_init__(self) -> None:
        """Check each field by its kind, which is its annotation."""
        for field in fields(self):
            if check := _CHECKS.get(str(field.type)):
                value = check(getattr(self, field.name), field.name)
                object.__setattr__(self, field.name, value)

    def __repr__(self) -> str:
        told = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.default is MISSING:
                told.append(repr(value))
            elif value != field.default:
                told.append(f"{field.name}={value!r}")
        return f"{type(self).__name__}({', '.join(told)})"


Network = tuple[Layer, ...]


def network_of(given: Layer | Iterable[Layer]) -> Network:
    """Read what was given as a network: a tuple or a list of layers, or one layer.

    Raises: TypeError if it is something else, or holds something else.

    >>> network_of([Flatten(), Linear(4, 2)])
    (Flatten(), Linear(4, 2))
    """
    layers = (given,) if isinstance(given, Layer) else given
    if not isinstance(layers, tuple | list):
        raise TypeError(_no_layer("network", layers))
    for place, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise TypeError(_no_layer(f"network[{place}]", layer))
    return tuple(layers)


def _no_layer(name: str, value: object) -> str:
    return (
        f"{name} is {value!r} ({type(value).__name__}), but a network is a tuple of "
        f"layers. Write it like (Flatten(), Linear(784, 10))."
    )


@dataclass(frozen=True, repr=False)
class Operation(Layer):
    """A layer that is one operation of `coursekit.fast`, called with these options."""

    operation: ClassVar[str]
    takes: ClassVar[tuple[str, ...]] = ()

    @property
    def options(self) -> dict[str, Any]:
        """Give the keyword arguments of the operation.

        >>> MaxPool2d(2, ceil_mode=True).options["ceil_mode"]
        True
        """
        return {name: getattr(self, name) for name in self.takes}


@dataclass(frozen=True, repr=False)
class Conv2d(Operation):
    """Slide `out_channels` filters over a picture of `in_channels`."""

    operation = "conv2d"
    takes = ("stride", "padding", "dilation", "groups", "padding_mode")
    in_channels: int
    out_channels: int
    kernel_size: IntOrPair
    _: KW_ONLY
    stride: IntOrPair = 1
    padding: Padding = 0
    dilation: IntOrPair = 1
    groups: int = 1
    bias: bool = True
    padding_mode: str = "zeros"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("in_channels", "out_channels"):
            grouped(name, getattr(self, name), self.groups)
        settings = (self.kernel_size, self.stride, self.dilation)
        kernel, stride, dilation = (pair(each, "") for each in settings)
        around(self.padding, kernel, stride, dilation)
        known_mode(self.padding_mode)


@dataclass(frozen=True, repr=False)
class Linear(Operation):
    """Give each of `out_features` as a weighted sum of all `in_features`."""

    operation = "linear"
    in_features: int
    out_features: int
    _: KW_ONLY
    bias: bool = True


@dataclass(frozen=True, repr=False)
class MaxPool2d(Operation):
    """Keep the largest value in each window."""

    operation = "max_pool2d"
    takes = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    kernel_size: IntOrPair
    _: KW_ONLY
    stride: IntOrPair | None = None
    padding: IntOrPair = 0
    dilation: IntOrPair = 1
    ceil_mode: bool = False


@dataclass(frozen=True, repr=False)
class AvgPool2d(Operation):
    """Average each window."""

    operation = "avg_pool2d"
    takes = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
    kernel_size: IntOrPair
    _: KW_ONLY
    stride: IntOrPair | None = None
    padding: IntOrPair = 0
    ceil_mode: bool = False
    count_include_pad: bool = True


@dataclass(frozen=True, repr=False)
class GlobalAvgPool2d(Operation):
    """Average each channel over all its pixels, and leave out H and W."""

    operation = "global_avg_pool2d"


@dataclass(frozen=True, repr=False)
class Activation(Operation):
    """A function of each number by itself: it changes no shape."""


@dataclass(frozen=True, repr=False)
class ReLU(Activation):
    """Replace what is below zero by zero."""

    operation = "relu"


@dataclass(frozen=True, repr=False)
class Sigmoid(Activation):
    """Squash to between 0 and 1."""

    operation = "sigmoid"


@dataclass(frozen=True, repr=False)
class Tanh(Activation):
    """Squash to between -1 and 1."""

    operation = "tanh"


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """Write the numbers of each example as one row."""


@dataclass(frozen=True, repr=False)
class Parallel(Layer):
    """Send the same input through several networks; stack their channels."""

    branches: tuple[Network, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.branches, tuple | list) or not self.branches:
            raise TypeError(
                f"branches is {self.branches!r}, but must be a tuple of networks. "
                f"Write one for each branch, () for a shortcut."
            )
        object.__setattr__(self, "branches", tuple(map(network_of, self.branches)))

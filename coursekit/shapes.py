"""Sizes before values: integers only, and the course's one output-size formula.

Every size in the course, of a layer, a picture or a message, comes from here. A pair is
(height, width); padding is counted **per side**, as torch does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import index
from typing import NamedTuple

Pair = tuple[int, int]
IntOrPair = int | Pair


class ShapeError(ValueError):
    """A size that does not fit: the message names axis, both numbers and remedy."""


class AxisLayer(NamedTuple):
    """One layer along one axis, as the receptive field sees it."""

    k: int
    stride: int = 1
    dilation: int = 1
    padding: int = 0


class ReceptiveField(NamedTuple):
    """Output o depends on the `size` inputs from start + o * jump on, and no others."""

    size: int
    jump: int
    start: int


def span(k: int, dilation: int = 1) -> int:
    """Count the samples between the first and the last tap of a kernel, both included.

    >>> span(3, dilation=2)
    5
    """
    k, dilation = at_least(1, k, "k"), at_least(1, dilation, "dilation")
    return dilation * (k - 1) + 1


def out_len(
    n: int,
    k: int,
    *,
    padding: IntOrPair = 0,
    stride: int = 1,
    dilation: int = 1,
    ceil_mode: bool = False,
    axis: str = "this axis",
) -> int:
    """Count the places where a window of k taps fits along an axis of n samples.

    With p and q samples of padding before and after:
    floor((n + p + q - dilation * (k - 1) - 1) / stride) + 1. `ceil_mode` rounds up, as
    torch's pools do: one more window may hang over the end, if it starts before n + p.

    Raises: ShapeError if the window fits nowhere, or an argument is out of range.
    Source: Dumoulin & Visin, "A guide to convolution arithmetic", arXiv:1603.07285.

    >>> out_len(7, 3, stride=2)
    3
    >>> out_len(6, 3, stride=2), out_len(6, 3, stride=2, ceil_mode=True)
    (2, 3)
    """
    n, k, stride, dilation = _checked(axis, n=n, k=k, stride=stride, dilation=dilation)
    before, after = pair(padding, f"padding along {axis}", means="(before, after)")
    flag(ceil_mode, "ceil_mode")
    room = n + before + after - span(k, dilation)
    out = (room + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (out - 1) * stride >= n + before:
        out -= 1  # the last window would see nothing but padding on the right
    if out < 1:
        raise ShapeError(_no_place(n, k, (before, after), dilation, axis))
    return out


def _checked(axis: str, least: int = 1, **numbers: int) -> list[int]:
    """Check the numbers of one axis."""
    return [at_least(least, n, f"{name} along {axis}") for name, n in numbers.items()]


def _no_place(n: int, k: int, padding: Pair, dilation: int, axis: str) -> str:
    """Say why no window fits along an axis."""
    before, after = padding
    return (
        f"Along {axis} the window spans {span(k, dilation)} samples (k={k}, "
        f"dilation={dilation}) but the padded input has {n + before + after} (n={n}, "
        f"padding={before if before == after else padding}). Add padding, or use a "
        f"smaller k or dilation."
    )


def transposed_len(
    n: int,
    k: int,
    *,
    padding: int = 0,
    stride: int = 1,
    dilation: int = 1,
    output_padding: int = 0,
    axis: str = "this axis",
) -> int:
    """Give the length that a transposed convolution makes of n samples.

    It undoes `out_len`: `stride` lengths share one output length, and `output_padding`
    says which of them is meant.

    Raises: ShapeError if nothing is left, or if output_padding is too large.

    >>> transposed_len(3, 3, stride=2), out_len(7, 3, stride=2)
    (7, 3)
    >>> transposed_len(3, 3, stride=2, output_padding=1), out_len(8, 3, stride=2)
    (8, 3)
    """
    n, k, stride, dilation = _checked(axis, n=n, k=k, stride=stride, dilation=dilation)
    padding, output_padding = _checked(
        axis, 0, padding=padding, output_padding=output_padding
    )
    if output_padding >= max(stride, dilation):
        raise ShapeError(
            f"Along {axis} output_padding={output_padding} must be smaller than stride="
            f"{stride} or dilation={dilation}: more rows than that belong to no input."
        )
    full = (n - 1) * stride + span(k, dilation) + output_padding
    if full - 2 * padding < 1:
        raise ShapeError(
            f"Along {axis} the transposed output has {full} samples before cropping, "
            f"but padding={padding} crops {2 * padding}. Use less padding."
        )
    return full - 2 * padding


def same_padding(k: int, dilation: int = 1) -> Pair:
    """Split the padding that keeps a length at stride 1; the odd one goes after.

    >>> same_padding(5), same_padding(2)
    ((2, 2), (0, 1))
    """
    total = span(k, dilation) - 1
    return total // 2, total - total // 2


def at_least(least: int, value: int, name: str) -> int:
    """Return value as an int, refusing anything else and anything below `least`.

    >>> at_least(1, 3, "stride")
    3
    """
    try:
        value = index("no number" if isinstance(value, bool) else value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(
            f"{name} must be an int, but is {value!r} ({type(value).__name__})."
        ) from None
    if value < least:
        raise ShapeError(f"{name} is {value}, but must be at least {least}.")
    return value


def flag(value: bool, name: str) -> bool:
    """Return value, which must be True or False: a word would count as True.

    >>> flag(False, "bias")
    False
    """
    if not isinstance(value, bool):
        raise TypeError(
            f"{name} must be True or False, but is {value!r} ({type(value).__name__})."
        )
    return value


def sizes(value: Iterable[int], name: str, axes: str = "") -> tuple[int, ...]:
    """Read a shape: a size of at least 1 for each of its axes, as in "C H W".

    >>> sizes((1, 28, 28), "shape", "C H W")
    (1, 28, 28)
    """
    layout = f"({', '.join(axes.split())})" if axes else "such as (1, 28, 28)"
    if not isinstance(value, tuple | list):
        raise TypeError(
            f"{name} must be a shape {layout}, but is {value!r} "
            f"({type(value).__name__})."
        )
    if not value or len(value) != len(axes.split() or value):
        raise ShapeError(
            f"{name} is {value!r}, with {len(value)} sizes, but must be a shape "
            f"{layout}."
        )
    names = axes.split() or [f"Size {place}" for place in range(len(value))]
    named = zip(names, value, strict=True)
    return tuple(at_least(1, n, f"{axis} of {name} {value!r}") for axis, n in named)


def pair(
    value: IntOrPair, name: str, *, least: int = 0, means: str = "(height, width)"
) -> Pair:
    """Read an int as the same number for both, and check a pair.

    >>> pair(3, "stride"), pair((1, 2), "stride")
    ((3, 3), (1, 2))
    """
    if not isinstance(value, tuple | list):
        value = at_least(least, value, name)
        return value, value
    if len(value) != 2:
        raise ShapeError(
            f"{name} has {len(value)} numbers, but needs 1 or 2: an int, or a pair "
            f"{means}."
        )
    return at_least(least, value[0], name), at_least(least, value[1], name)


def grouped(name: str, channels: int, groups: int) -> None:
    """Require channels to fall into equal groups.

    >>> grouped("in_channels", 6, groups=3)
    """
    if at_least(1, channels, name) % at_least(1, groups, "groups"):
        raise ShapeError(
            f"{name} is {channels}, which groups={groups} does not divide. "
            f"Choose a divisor of {channels}."
        )


def receptive_fields(layers: Iterable[Sequence[int]]) -> list[ReceptiveField]:
    """Follow the receptive field of one output back to the input, layer by layer.

    Each layer is (k, stride, dilation, padding) along one axis, the last three
    optional. A kernel widens the field by dilation * (k - 1) steps of the current jump;
    a stride multiplies the jump; padding moves the start to the left.

    Source: Araujo, Norris & Sim, "Computing receptive fields", Distill 2019.

    >>> receptive_fields([(3,), (3,)])[-1].size
    5
    >>> receptive_fields([(5, 1, 1, 2), (2, 2), (5,)])[-1]
    ReceptiveField(size=14, jump=2, start=-2)
    """
    size, jump, start = 1, 1, 0
    fields = []
    for k, stride, dilation, padding in stack(layers):
        size += (span(k, dilation) - 1) * jump
        start -= padding * jump
        jump *= stride
        fields.append(ReceptiveField(size, jump, start))
    return fields


def stack(layers: Iterable[Sequence[int]]) -> list[AxisLayer]:
    """Read layers along one axis, each (k, stride, dilation, padding) or less of it.

    >>> stack([(3,), (2, 2)])[1]
    AxisLayer(k=2, stride=2, dilation=1, padding=0)
    """
    if not isinstance(layers, Iterable):
        raise TypeError(
            f"layers must be a list such as [(3,), (2, 2)], but is {layers!r} "
            f"({type(layers).__name__})."
        )
    return [_axis_layer(place, layer) for place, layer in enumerate(layers)]


def _axis_layer(place: int, layer: Sequence[int]) -> AxisLayer:
    if not isinstance(layer, tuple | list) or not 1 <= len(layer) <= 4:
        raise ShapeError(
            f"layer {place} is {layer!r}, but must be (k, stride, dilation, padding), "
            f"the last three optional."
        )
    k, stride, dilation, padding = AxisLayer(*layer)
    where = f"layer {place}"
    k, stride, dilation = _checked(where, k=k, stride=stride, dilation=dilation)
    return AxisLayer(k, stride, dilation, *_checked(where, 0, padding=padding))

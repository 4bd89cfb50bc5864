"""Walk through a network, branches too, and count each layer where it stands."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from coursekit.count.costs import entering, macs, operations, params, window
from coursekit.nets.layers import Flatten, Layer, Network, Parallel
from coursekit.nets.sizes import Shape, out_shape
from coursekit.shapes import AxisLayer, ReceptiveField, receptive_fields

Fields = tuple[ReceptiveField, ReceptiveField]  # along H, along W
PIXEL = (ReceptiveField(1, 1, 0), ReceptiveField(1, 1, 0))


class Row(NamedTuple):
    """One layer, for one example; memory in numbers, not bytes."""

    place: tuple[int, ...]  # (2,); in branch 1 of layer 2: (2, 1, 0)
    layer: Layer
    out_shape: Shape
    params: int
    macs: int
    operations: int
    forward: int  # what is in memory while it runs
    training: int  # what it adds to what a backward pass needs
    fields: Fields | None  # None: one output sees all of the input


def rows_of(
    network: Network,
    shape: Shape,
    *,
    place: tuple[int, ...],
    fields: Fields | None,
    waiting: int,
    kept: int,
) -> list[Row]:
    """Count each layer: `kept` numbers of its input outlive the first one."""
    rows: list[Row] = []
    for number, (layer, before) in enumerate(entering(network, shape)):
        here = (*place, number)
        held = waiting + (kept if number else 0)
        if isinstance(layer, Parallel):
            inside = _branches(layer, before, here, fields, held)
            rows += [row for branch in inside for row in branch]
            ends = [branch[-1].fields if branch else fields for branch in inside]
            rows.append(_joined(layer, before, here, _union(ends), held))
        else:
            rows.append(_row(layer, before, here, _onward(fields, layer, before), held))
        fields = rows[-1].fields
    return rows


def _branches(
    layer: Parallel,
    shape: Shape,
    place: tuple[int, ...],
    fields: Fields | None,
    waiting: int,
) -> list[list[Row]]:
    """Count each branch: the input waits for the last, its output for the others."""
    inside = []
    for number, branch in enumerate(layer.branches):
        is_last = number == len(layer.branches) - 1
        inside.append(
            rows_of(
                branch,
                shape,
                place=(*place, number),
                fields=fields,
                waiting=waiting,
                kept=0 if is_last else prod(shape),
            )
        )
        waiting += prod(out_shape(branch, shape))
    return inside


def _row(
    layer: Layer,
    shape: Shape,
    place: tuple[int, ...],
    fields: Fields | None,
    held: int,
) -> Row:
    out = out_shape(layer, shape)
    new = 0 if isinstance(layer, Flatten) else prod(out)  # the same numbers in a row
    counts = params(layer), macs(layer, shape), operations(layer, shape)
    return Row(place, layer, out, *counts, held + prod(shape) + new, new, fields)


def _joined(
    layer: Parallel,
    shape: Shape,
    place: tuple[int, ...],
    fields: Fields | None,
    held: int,
) -> Row:
    """Count the stacking of the branches' outputs, which costs memory alone."""
    out = out_shape(layer, shape)
    return Row(place, layer, out, 0, 0, 0, held + 2 * prod(out), prod(out), fields)


def _onward(fields: Fields | None, layer: Layer, shape: Shape) -> Fields | None:
    """Follow the receptive fields through one more layer."""
    windows = window(layer, shape)
    if fields is None or windows is None:
        return None
    rows, columns = (
        receptive_fields([AxisLayer(field.size, field.jump, 1, -field.start), over])[-1]
        for field, over in zip(fields, windows, strict=True)
    )
    return rows, columns


def _union(several: list[Fields | None]) -> Fields:
    """Give the smallest fields that hold those of all branches; maps have fields."""
    known = [fields for fields in several if fields is not None]
    rows, columns = map(_hull, zip(*known, strict=True))
    return rows, columns


def _hull(fields: tuple[ReceptiveField, ...]) -> ReceptiveField:
    start = min(field.start for field in fields)
    end = max(field.start + field.size for field in fields)
    return ReceptiveField(end - start, fields[0].jump, start)

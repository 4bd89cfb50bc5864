"""Walk through a network, branches too, and count each layer where it stands."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from coursekit.count.costs import macs_of, operations_of, params, seen
from coursekit.nets.layers import Flatten, Layer
from coursekit.nets.sizes import Shape, Step, end
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
    steps: list[Step],
    *,
    place: tuple[int, ...],
    fields: Fields | None,
    waiting: int,
    kept: int,
) -> list[Row]:
    """Count each layer: `kept` numbers of its input outlive the first one."""
    rows: list[Row] = []
    for number, step in enumerate(steps):
        here = (*place, number)
        held = waiting + (kept if number else 0)
        if step.inside:
            inside = _branches(step, here, fields, held)
            rows += [row for branch in inside for row in branch]
            fields = _union(
                [branch[-1].fields if branch else fields for branch in inside]
            )
        else:
            fields = _onward(fields, step)
        rows.append(_row(step, here, fields, held))
    return rows


def _branches(
    step: Step, place: tuple[int, ...], fields: Fields | None, waiting: int
) -> list[list[Row]]:
    """Count each branch: the input waits for the last, its output for the others."""
    inside = []
    for number, steps in enumerate(step.inside):
        is_last = number == len(step.inside) - 1
        inside.append(
            rows_of(
                steps,
                place=(*place, number),
                fields=fields,
                waiting=waiting,
                kept=0 if is_last else prod(step.before),
            )
        )
        waiting += prod(end(steps, step.before))
    return inside


def _row(step: Step, place: tuple[int, ...], fields: Fields | None, held: int) -> Row:
    """Count one layer; a block only stacks its branches' outputs: memory alone."""
    layer, before, after, inside = step
    new = 0 if isinstance(layer, Flatten) else prod(after)  # the same numbers in a row
    read = prod(after if inside else before)
    counts = 0 if inside else params(layer), macs_of(step), operations_of(step)
    return Row(place, layer, after, *counts, held + read + new, new, fields)


def _onward(fields: Fields | None, step: Step) -> Fields | None:
    """Follow the receptive fields through one more layer."""
    layers = seen(step)
    if fields is None or layers is None:
        return None
    rows, columns = (
        receptive_fields([AxisLayer(field.size, field.jump, 1, -field.start), over])[-1]
        for field, over in zip(fields, layers, strict=True)
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

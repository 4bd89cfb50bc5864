"""Draw the failing call: the arguments, what came back and what should have.

Tables with row and column numbers; the window and the cell have a thick frame, which
a sentence explains, so the picture needs no colour.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np

from coursekit.grade.findings import Failure
from coursekit.grade.markup import MONOSPACE
from coursekit.grade.words import number_text

Array = np.ndarray[Any, Any]
Region = tuple[slice, ...]

_NUMBER = "text-align: right; padding: 0.1em 0.5em"
_MOST = 9  # rows and columns that are drawn


def picture(failure: Failure) -> str:
    """Return the arrays of a failing call as HTML tables, or nothing."""
    cell = failure.difference.cell if failure.difference else None
    drawn = isinstance(failure.value, np.ndarray) and failure.value.ndim > 0
    if not cell or not drawn or failure.args is None:
        return ""
    tables = "".join(_tables(failure, cell))
    feeds = ", and the window that feeds it" if failure.window else ""
    frames = f"Framed: the first difference{feeds}."
    flex = "display: flex; flex-wrap: wrap; gap: 2em; align-items: flex-start"
    return f'<div style="{flex}">{tables}</div><p>{frames}</p>'


def _tables(failure: Failure, cell: tuple[int, ...]) -> Iterator[str]:
    assert failure.args is not None
    for place, (name, value) in enumerate(failure.args.items()):
        if not isinstance(value, np.ndarray) or value.ndim == 0 or value.size == 0:
            continue
        framed = failure.window is not None and place == failure.window.argument
        region = failure.window.region if failure.window and framed else ()
        yield _table(name, value, region)
    here = tuple(slice(index, index + 1) for index in cell)
    for said, value in (("returned", failure.value), ("expected", failure.expected)):
        if isinstance(value, np.ndarray) and value.ndim == len(cell) > 0:
            yield _table(said, value, here)


def _table(caption: str, array: Array, framed: Region) -> str:
    """Draw the plane of an array in which the framed region starts."""
    framed = framed or tuple(slice(0, 0) for _ in array.shape)
    lead = tuple(span.start for span in framed[:-2])
    if lead or array.ndim > 2:
        caption += f", plane {[*lead]}"
    plane = np.atleast_2d(array[lead])
    rows, columns = (slice(0, int(framed[-1].stop > 0)), *framed)[-2:]
    shown = _around(rows, plane.shape[0]), _around(columns, plane.shape[1])
    if (len(shown[0]), len(shown[1])) != plane.shape:
        caption += f", a part of {plane.shape}"
    head = "".join(
        f'<th scope="col" style="{_NUMBER}">{column}</th>' for column in shown[1]
    )
    body = "".join(
        f'<tr><th scope="row">{row}</th>'
        + "".join(
            _cell(plane[row, column], _in(row, rows) and _in(column, columns))
            for column in shown[1]
        )
        + "</tr>"
        for row in shown[0]
    )
    title = f'<caption style="white-space: nowrap">{escape(caption)}</caption>'
    inner = f"{title}<tr><td></td>{head}</tr>{body}"
    style = f"border-collapse: collapse; {MONOSPACE}"
    return f'<table style="{style}">{inner}</table>'


def _cell(value: Any, framed: bool) -> str:
    text = escape(number_text(value))
    style = _NUMBER
    if framed:
        style += "; border: 3px solid currentColor; font-weight: bold"
    return f'<td style="{style}">{text}</td>'


def _in(index: int, span: slice) -> bool:
    return index in range(span.start, span.stop, span.step or 1)


def _around(span: slice, n: int) -> range:
    """Choose which of n rows to draw so that the framed ones are among them."""
    start = max(0, min(span.start - 2, n - _MOST))
    return range(start, min(n, start + _MOST))

"""What is solved so far: a table of exercises and points, as text and as HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from coursekit.grade import record
from coursekit.grade.spec import Exercise
from coursekit.grade.verdict import NOT_STARTED

_HEAD = ("lesson", "exercise", "title", "status", "points")


class Row(NamedTuple):
    """One exercise and the best that was reached in it."""

    lesson: int
    id: str
    title: str
    status: str
    points: float
    out_of: float


@dataclass(frozen=True, repr=False)
class Standing:
    """The rows of the table and a note where progress could not be read."""

    rows: tuple[Row, ...]
    note: str = ""

    def __repr__(self) -> str:
        table = [_HEAD, *map(_texts, self.rows), ("", "", "", "in all", self._total())]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                text.ljust(width) for text, width in zip(row, widths, strict=True)
            )
            for row in table
        ]
        return "\n".join(filter(None, [*(line.rstrip() for line in lines), self.note]))

    def _repr_html_(self) -> str:
        body = "".join(_html_row("td", _texts(row)) for row in self.rows)
        total = _html_row("td", ("", "", "", "in all", self._total()))
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f"<table>{_html_row('th', _HEAD)}{body}{total}</table>{note}"

    def _total(self) -> str:
        points = sum(row.points for row in self.rows)
        return f"{points:g} of {sum(row.out_of for row in self.rows):g}"


def standing(exercises: Iterable[Exercise]) -> Standing:
    """Read the progress file, if there is one, and set out the exercises."""
    path = record.find()
    note, results = "", {}
    if path is None:
        note = (
            "No progress is kept here. `coursekit lab` starts a folder that keeps it."
        )
    else:
        try:
            results = record.read(path)
        except record.ProgressUnreadable as problem:
            note = str(problem)
    rows = []
    for one in exercises:
        result = results.get(one.id, {})
        status, points = result.get("status", NOT_STARTED), result.get("points", 0.0)
        rows.append(
            Row(one.lesson, one.id, one.title, status, float(points), one.points)
        )
    return Standing(tuple(rows), note)


def _texts(row: Row) -> tuple[str, ...]:
    points = f"{row.points:g} of {row.out_of:g}"
    return str(row.lesson), row.id, row.title, row.status, points


def _html_row(tag: str, texts: Iterable[str]) -> str:
    cells = "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
    return f"<tr>{cells}</tr>"

"""What is solved so far: a table of exercises and points, as text and as HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from coursekit.exercise import Exercise
from coursekit.grade import record
from coursekit.grade.findings import NOT_STARTED, in_words
from coursekit.grade.markup import paragraph
from coursekit.tables import Table

_HEADS = ("lesson", "exercise", "title", "status", "points")


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
        return "\n".join(filter(None, [self._table().text(), self.note]))

    def _repr_html_(self) -> str:
        return self._table().html() + (paragraph(self.note) if self.note else "")

    def _table(self) -> Table:
        points = sum(row.points for row in self.rows)
        out_of = sum(row.out_of for row in self.rows)
        total = "", "", "", "in all", f"{points:g} of {out_of:g}"
        rows = [*map(_texts, self.rows), total]
        return Table(_HEADS, rows, numbers=("lesson", "points"), about="exercise")


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
    return str(row.lesson), row.id, row.title, in_words(row.status), points

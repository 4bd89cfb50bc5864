"""What is solved so far: a table of exercises and points, as text and as HTML."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from coursekit import bank
from coursekit.exercise import Exercise
from coursekit.grade import record
from coursekit.grade.contents import ProgressUnreadable, Results
from coursekit.grade.findings import NOT_STARTED, PASSED, in_words
from coursekit.grade.markup import paragraph
from coursekit.tables import Table

_HEADS = ("lesson", "exercise", "title", "status", "minutes", "points")
_NUMBERS = ("lesson", "minutes", "points")
_NOWHERE = "No progress is kept here. `coursekit lab` starts a folder that keeps it."


class Row(NamedTuple):
    """One exercise, the best that was reached in it, and where it stands."""

    lesson: int
    id: str
    title: str
    status: str
    minutes: int
    points: float
    out_of: float
    link: str = ""


@dataclass(frozen=True, repr=False)
class Standing:
    """The rows of the table, and a note where progress could not be read.

    `unsolved` leaves out the rows of what is solved; sums are of all.
    """

    rows: tuple[Row, ...]
    note: str = ""
    unsolved: bool = False

    def __repr__(self) -> str:
        table = self._table().text() if self.rows else ""
        return "\n".join(filter(None, [table, self._next(), self.note]))

    def _repr_html_(self) -> str:
        table = self._table().html() if self.rows else ""
        said = map(paragraph, filter(None, [self._next(), self.note]))
        return "".join([table, *said])

    def _table(self) -> Table:
        lines = []
        lessons = [(n, list(rows)) for n, rows in groupby(self.rows, _lesson)]
        for number, rows in lessons:
            lines += [_texts(r) for r in rows if not (self.unsolved and _solved(r))]
            if len(lessons) > 1:
                lines.append(_sum(str(number), f"lesson {number}", rows))
        lines.append(_sum("", "in all", self.rows))
        links = {row.id: row.link for row in self.rows if row.link}
        return Table(_HEADS, lines, _NUMBERS, about="exercise", links=links)

    def _next(self) -> str:
        """Say where the learner is: the first exercise that is not solved."""
        for row in self.rows:
            if not _solved(row):
                return f"Next: `{row.id}`, {row.title!r}, in lesson {row.lesson}."
        return "All of them are solved." if self.rows else ""


def standing(
    lesson: int | None = None,
    *,
    unsolved: bool = False,
    find: Callable[[], Path | None] = record.find,
) -> Standing:
    """Read the progress file, if there is one, and set out a lesson or the course."""
    exercises = bank.exercises(lesson)
    if not exercises:
        known = ", ".join(map(str, sorted({*map(_lesson, bank.exercises())})))
        return Standing((), f"There is no lesson {lesson!r}. There are: {known}.")
    results: Results = {}
    note, links = _NOWHERE, {}
    try:
        if path := find():
            results, spoilt = record.read(path)
            note = f"{spoilt} of the results could not be read." if spoilt else ""
            links = dict(_links(path.parent, exercises))
    except (ProgressUnreadable, OSError) as problem:
        note = f"Your progress cannot be shown: {problem}"
    rows = (_row(one, results, links.get(one.id, "")) for one in exercises)
    return Standing(tuple(rows), note, unsolved)


def _row(one: Exercise, results: Results, link: str) -> Row:
    result = results.get(one.id, {"status": NOT_STARTED, "points": 0.0})
    points = min(result["points"], one.points)
    told = one.lesson, one.id, one.title, result["status"], one.minutes
    return Row(*told, points, one.points, link)


def _links(work: Path, exercises: Sequence[Exercise]) -> Iterator[tuple[str, str]]:
    """Yield exercise and address, as it is from the notebook that we are in."""
    for lesson, several in groupby(exercises, _lesson):
        pages = (work / "exercises").glob(f"{lesson:02}_*.ipynb")
        page = next((p for p in sorted(pages) if p.suffixes == [".ipynb"]), None)
        if page is None:
            continue
        with suppress(ValueError, OSError):  # on another drive, or from nowhere
            address = quote(Path(os.path.relpath(page)).as_posix())
            for one in several:
                heading = f"{one.position}. {one.title}".replace(" ", "-")
                yield one.id, f"{address}#{quote(heading)}"


def _lesson(one: Exercise | Row) -> int:
    return one.lesson


def _solved(row: Row) -> bool:
    return row.status == PASSED


def _texts(row: Row) -> tuple[str, ...]:
    points = f"{row.points:g} of {row.out_of:g}"
    told = str(row.lesson), row.id, row.title, in_words(row.status)
    return *told, str(row.minutes), points


def _sum(lesson: str, name: str, rows: Sequence[Row]) -> tuple[str, ...]:
    solved = f"{sum(map(_solved, rows))} of {len(rows)} passed"
    hours, minutes = divmod(sum(row.minutes for row in rows), 60)
    points = sum(row.points for row in rows)
    out_of = sum(row.out_of for row in rows)
    time = f"{hours} h {minutes:02} min" if hours else str(minutes)
    return lesson, name, "", solved, time, f"{points:g} of {out_of:g}"

"""A Canvas gradebook: one column of the instructor's own export is filled in.

Canvas reads numbers with a point or a comma, matches learners by its own ID, and
passes over columns whose second or third line says "(read only)".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coursekit.classroom.exports.sheet import (
    Change,
    ExportError,
    Mark,
    Sheet,
    matched,
    number,
    points_in,
    scaled,
)

_PEOPLE = {
    *("student", "lastname", "firstname", "id", "sis user id", "sis login id"),
    *("integration id", "root account", "section"),
}
_KEPT = {"ex", "n/a"}  # excused; not given to this learner


def filled(
    path: Path, column: str, marks: Mapping[str, Mark], *, scale: bool = False
) -> tuple[Sheet, list[Change], list[str]]:
    """Return the gradebook with the points filled in, the changes, and who lacks.

    Raises: ExportError if it is no gradebook, or has no such assignment.
    """
    sheet = Sheet(path)
    names = [name.strip().casefold() for name in sheet.names]
    heads = sum(name in _PEOPLE for name in names)
    if "id" not in names or "section" not in names:
        raise ExportError(
            f"{path} is no Canvas gradebook: it lacks the columns ID and Section. In "
            "Canvas: Grades, Export, Export Entire Gradebook."
        )
    possible = _points_possible(sheet)
    at = sheet.column(column, _assignments(sheet, heads, possible))
    name, maximum = sheet.names[at], points_in(sheet.cell(possible, at))
    places = {name: place for place, name in enumerate(names) if name in _PEOPLE}
    rows = {
        row: _who({name: sheet.cell(row, place) for name, place in places.items()})
        for row in range(possible + 1, len(sheet))
    }
    found, problems = matched(rows, marks)
    changes = []
    for row, learner in sorted(found.items()):
        before = sheet.cell(row, at)
        if before.strip().casefold() in _KEPT:
            problems.append(f"{learner}: Canvas says {before.strip()}, and that stays")
            continue
        points = scaled(marks[learner], maximum, scale=scale, where=repr(name))
        after = number(points, like=sheet.cell(possible, at))
        if points_in(before) != points_in(after):
            sheet.fill(row, at, after)
        changes.append(Change(learner, name, before, after))
    return sheet, changes, problems


def _who(said: Mapping[str, str]) -> list[str]:
    """Return what tells whose a row is: one name, and numbers."""
    parts = [said.get(part, "") for part in ("lastname", "firstname")]
    name = said.get("student") or ", ".join(filter(None, parts))
    numbers = ("id", "sis user id", "sis login id", "integration id")
    return [name, *(said.get(number, "") for number in numbers)]


def _points_possible(sheet: Sheet) -> int:
    """Find the line above the learners; one on hidden grades may come before it."""
    for row in range(1, min(4, len(sheet))):
        if "Points Possible" in sheet.cell(row, 0):
            return row
    raise ExportError(
        f"{sheet.path} has no line 'Points Possible' below its names. Set the "
        "language of Canvas to English for the export, or export it again."
    )


def _assignments(sheet: Sheet, heads: int, possible: int) -> list[int]:
    return [
        at
        for at in range(heads, len(sheet.names))
        if "read only" not in sheet.cell(possible, at)
    ]

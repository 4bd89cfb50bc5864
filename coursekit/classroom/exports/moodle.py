"""A Moodle grading worksheet: grade and feedback of the instructor's own are filled in.

Moodle passes over a grade above the maximum without a word, and over all of a learner
whose grade somebody changed meanwhile. Feedback alone would count as graded, so it is
written only together with the grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
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
from coursekit.classroom.sheets import cell

GRADE, FEEDBACK, MAXIMUM = "Grade", "Feedback comments", "Maximum Grade"


def filled(
    path: Path,
    marks: Mapping[str, Mark],
    *,
    grade: str = GRADE,
    feedback: str = FEEDBACK,
    maximum: str = MAXIMUM,
    scale: bool = False,
) -> tuple[Sheet, list[Change], list[str]]:
    """Return the worksheet with grades and feedback, the changes, and who lacks.

    Raises: ExportError if a column is not there, or a grade is above the maximum.
    """
    sheet = Sheet(path)
    at, top, words = map(sheet.column, (grade, maximum, feedback))
    rows = {
        row: [sheet.cell(row, place) for place in range(min(at, top))]
        for row in range(1, len(sheet))
    }
    found, problems = matched(rows, marks)
    changes = []
    for row, learner in sorted(found.items()):
        mark, before = marks[learner], sheet.cell(row, at)
        most = points_in(sheet.cell(row, top))
        where = f"{sheet.names[top]!r} in line {row + 1}"
        points = scaled(mark, most, scale=scale, where=where)
        if most is not None and points > most:
            raise ExportError(
                f"{learner} has {points:g} points and {where} is {most:g}: Moodle "
                "would pass over that grade. Raise the maximum there, or lower the "
                "points."
            )
        after = number(points, like=sheet.cell(row, top))
        if points_in(before) != points_in(after):
            sheet.fill(row, at, after)
        changes.append(Change(learner, sheet.names[at], before, after))
        if mark.words:
            before, after = sheet.cell(row, words), cell(comment(mark.words))
            sheet.fill(row, words, after)
            changes.append(Change(learner, sheet.names[words], before, after))
    return sheet, changes, problems


def comment(words: str) -> str:
    """Write feedback as the HTML that Moodle takes comments for.

    >>> comment("2 of 3 points\\n<b>")
    '<p>2 of 3 points<br>&lt;b&gt;</p>'
    """
    lines = escape(words.strip(), quote=False).splitlines()
    return f"<p>{'<br>'.join(lines)}</p>" if lines else ""

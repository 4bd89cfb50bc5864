"""A learner's page: points, and for each exercise the verdict and what to do next."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from coursekit import bank
from coursekit.classroom import page
from coursekit.classroom.grades import Grade, Row
from coursekit.classroom.result import MISSING, NOT_GRADED, Result
from coursekit.classroom.sheets import clean, number
from coursekit.exercise import Exercise
from coursekit.grade.findings import NOT_STARTED, PASSED, in_words
from coursekit.grade.markup import cleaned, paragraph
from coursekit.grade.report import as_html

_INSTEAD = {
    MISSING: "No function of this name was found in what you handed in.",
    NOT_GRADED: "It could not be graded.",
    NOT_STARTED: "The function was handed in as the exercise gives it.",
}


def feedback(row: Row, results: Iterable[Result]) -> str:
    """Write the page of one person; `results` are those of what they handed in.

    >>> from coursekit.classroom.roster import Person
    >>> row = Row(Person("17", "Ann"), (Grade("17", "corr2d", None, 4),), 0, 4)
    >>> html = feedback(row, [])
    >>> html.count("<h1>"), html.count("<h2"), "0 of 4 points" in html
    (1, 2, True)
    """
    several = list(results)
    found = {grade: _judged(grade, several) for grade in row.grades}
    shared = _shared_notes([one for one in found.values() if one])
    own = {clean(f"{grade.exercise}: {grade.note}") for grade in row.grades}
    notes = [*(note for note in row.notes if note not in own), *shared]
    body = [
        _points(row, found),
        f"<h2>Notes</h2>{page.listed(notes)}" if notes else "",
        *(_section(grade, found[grade], shared) for grade in row.grades),
    ]
    return page.page(f"Feedback for {row.person}", body)


@lru_cache(maxsize=256)
def _exercise(id: str) -> Exercise | None:
    """Return the exercise, if the bank still has it."""
    try:
        return bank.load(id)
    except KeyError:
        return None


def _judged(grade: Grade, results: Sequence[Result]) -> Result | None:
    """Return the result that a grade was made of; one file may have had several."""
    told = grade.status, grade.sentence
    of_file = [
        one
        for one in results
        if (one.exercise, one.file) == (grade.exercise, grade.file)
    ]
    same = [one for one in of_file if (one.status, one.sentence) == told]
    return next(reversed(same or of_file), None)


def _points(row: Row, found: dict[Grade, Result | None]) -> str:
    """Write the total and a table that leads to each exercise."""
    heads = ["exercise", "result", "points", "out of"]
    rows = [
        [
            grade.exercise,
            _status(grade, found[grade]),
            number(grade.points or 0.0),
            number(grade.out_of),
        ]
        for grade in row.grades
    ]
    links = {grade.exercise: f"#{grade.exercise}" for grade in row.grades}
    total = math.fsum(grade.points or 0.0 for grade in row.grades)
    weighted = "" if math.isclose(total, row.total) else ", weighted by exercise"
    files = dict.fromkeys(grade.file for grade in row.grades if grade.file)
    names = ", ".join(f"<code>{page.said(file)}</code>" for file in files)
    return (
        f"<h2>Points</h2><p><strong>{_of(row.total, row.out_of)} points</strong>"
        f"{weighted}</p>{page.table(heads, rows, 'Points', heads[2:], links)}"
        f'<p class="quiet">Handed in: {names or "nothing"}</p>'
    )


def _status(grade: Grade, result: Result | None) -> str:
    return in_words(result.status if result else grade.status)


def _shared_notes(results: Sequence[Result]) -> list[str]:
    """Return what is noted on every exercise: it is about all that was handed in."""
    first, *others = [one.notes for one in results] or [()]
    return [note for note in first if others and all(note in one for one in others)]


def _section(grade: Grade, result: Result | None, shared: Sequence[str]) -> str:
    exercise = _exercise(grade.exercise)
    title = f"{page.said(exercise.title)} " if exercise else ""
    id = page.said(grade.exercise)
    notes = [note for note in (result.notes if result else ()) if note not in shared]
    parts = [
        f'<h2 id="{id}">{title}<code>{id}</code></h2>',
        page.wide(_verdict(grade, result), f"Verdict on {grade.exercise}"),
        _rule(grade, result),
        page.listed(notes),
        _hint(exercise, result),
    ]
    return f"<section>{''.join(parts)}</section>"


def _verdict(grade: Grade, result: Result | None) -> str:
    found = result.findings if result else None
    if result and found and found.status == result.status != NOT_STARTED:
        return as_html(found)
    status = _status(grade, result)
    earned = result.points if result else 0.0
    head = f"{grade.exercise}: {status} ({_of(earned, grade.out_of)} points)"
    told = (result.problem or result.sentence) if result else grade.sentence
    told = told or _INSTEAD.get(result.status if result else grade.status, "")
    head = f"<p><strong>\N{EN DASH} {page.said(head)}</strong></p>"
    return f'<div class="mark">{head}{paragraph(cleaned(told))}</div>'


def _rule(grade: Grade, result: Result | None) -> str:
    """Say what lateness cost, or who gave other points and why."""
    if not grade.note or grade.points is None:
        return ""
    said = grade.note[:1].upper() + grade.note[1:]
    counted = f"Counted: {_of(grade.points, grade.out_of)} points. {said}."
    return f"<p>{page.said(counted)}</p>"


def _hint(exercise: Exercise | None, result: Result | None) -> str:
    if exercise is None or not exercise.hints or (result and result.status == PASSED):
        return ""
    head = f"Hint 1 of {len(exercise.hints)} for <code>{exercise.id}</code>"
    told = paragraph(exercise.hints[0])
    return f"<details><summary>{head}</summary>{told}</details>"


def _of(part: float, whole: float) -> str:
    return f"{number(part)} of {number(whole)}"

"""Points that an instructor gives instead of the grader's, with a reason and a name.

They stand in a table of their own, `overrides.csv`, which no grading touches.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from coursekit.classroom import sheets
from coursekit.classroom.policy import PolicyError, one_of
from coursekit.exercise import Exercise

_MEANINGS = {
    name: (name,) for name in ("learner", "exercise", "points", "reason", "by")
}


@dataclass(frozen=True)
class Override:
    """Points that an instructor gives instead, why, and who it was."""

    learner: str
    exercise: str
    points: float
    reason: str
    by: str


def read(path: Path, exercises: Iterable[Exercise]) -> list[Override]:
    """Read overrides from CSV: learner, exercise, points, reason, by.

    Raises: PolicyError or SheetError with the line that is wrong.
    """
    known = {exercise.id for exercise in exercises}
    lines: dict[tuple[str, str], int] = {}
    overrides = []
    for row in sheets.read(path, _MEANINGS, [(name,) for name in _MEANINGS]):
        try:
            one = _override(row, known)
        except PolicyError as error:
            raise PolicyError(f"{path.name}, line {row.line}: {error}") from None
        first = lines.setdefault((one.learner.casefold(), one.exercise), row.line)
        if first != row.line:
            raise PolicyError(
                f"{path.name}, lines {first} and {row.line}: both are about "
                f"{one.exercise} of {one.learner}. Keep one."
            )
        overrides.append(one)
    return overrides


def _override(row: sheets.Row, known: Collection[str]) -> Override:
    said = {name: row.get(name) for name in _MEANINGS}
    for name, told in said.items():
        if not told:
            raise PolicyError(
                f"the {name} is missing. Each override says who gets how many points "
                "in what, why, and who decided it."
            )
    one_of(said["exercise"], known, "exercise")
    try:
        points = float(said.pop("points"))
    except ValueError:
        points = math.nan
    if not 0 <= points < math.inf:
        raise PolicyError(f"{row.get('points')!r} are no points. Write 0, 2 or 2.5.")
    return Override(points=points, **said)

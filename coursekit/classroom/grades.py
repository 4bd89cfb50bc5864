"""The grades of a class: results, by a policy, for the people of a roster.

An empty cell of `grades.csv` is an exercise that nobody handed in, "not graded" one
that could not be judged, and 0 one that was judged and earned nothing.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit import files
from coursekit.classroom.overrides import Override
from coursekit.classroom.policy import Policy, PolicyError
from coursekit.classroom.result import MISSING, NOT_GRADED, Result
from coursekit.classroom.roster import Matches, Person, Roster, TwoPeople, match
from coursekit.classroom.sheets import clean, counted, number, written
from coursekit.exercise import Exercise
from coursekit.grade.findings import PASSED
from coursekit.tables import Table

OVERRIDDEN = "overridden"
NAME = "grades.csv"


@dataclass(frozen=True)
class Grade:
    """What counts of one person in one exercise. `points` None: nothing was judged."""

    learner: str  # the person's id
    exercise: str
    points: float | None
    out_of: float
    status: str = MISSING
    sentence: str = ""
    days_late: int = 0
    file: str = ""
    note: str = ""

    @property
    def cell(self) -> str:
        """The grade as a table shows it."""
        if self.points is None:
            return NOT_GRADED if self.status == NOT_GRADED else ""
        return number(self.points)


@dataclass(frozen=True)
class Row:
    """One person's grades, in the order of the course."""

    person: Person
    grades: tuple[Grade, ...]
    total: float
    out_of: float
    notes: tuple[str, ...] = ()

    @property
    def days_late(self) -> int:
        return max((grade.days_late for grade in self.grades), default=0)

    @property
    def late(self) -> str:
        """How late the latest of what counts was; "" if nothing was."""
        return counted(self.days_late, "day") if self.days_late else ""


@dataclass(frozen=True)
class Grades:
    """The grades of a class, and the files that are nobody's."""

    exercises: tuple[str, ...]
    rows: tuple[Row, ...]
    matches: Matches
    policy: str  # its digest

    def __iter__(self) -> Iterator[Grade]:
        """Yield every grade, person by person."""
        return (grade for row in self.rows for grade in row.grades)

    def csv(self) -> bytes:
        """Write one row a person and one column an exercise, for spreadsheets."""
        heads = ("id", "name", *self.exercises, "total", "out of", "late", "notes")
        return written([heads, *map(_cells, self.rows)])

    def write(self, folder: Path) -> Path:
        """Put grades.csv into a folder, whole or not at all; return its path."""
        files.put(folder / NAME, self.csv())
        return folder / NAME

    def text(self) -> str:
        """Write the totals as a table, and below it what fits nobody."""
        heads = ("id", "name", "passed", "missing", "total", "out of", "late", "notes")
        rows = [_totals(row) for row in self.rows]
        said = [Table(heads, rows, heads[2:6], "id").text()]
        lists = {
            "file goes to nobody": [f"{f}: {why}" for f, why in self.matches.unmatched],
            "person handed in nothing": map(str, self.matches.without),
        }
        for what, items in lists.items():
            lines = [f"  {clean(one)}" for one in items]
            if lines:
                said += ["", f"{len(lines)} x {what}:", *lines]
        return "\n".join([*said, "", f"Policy {self.policy}."])


def grades(
    results: Iterable[Result],
    exercises: Sequence[Exercise],
    policy: Policy,
    roster: Roster | None = None,
    overrides: Iterable[Override] = (),
) -> Grades:
    """Return the grades of a class; the same for the same results in any order.

    Raises: PolicyError if an override is about nobody.
    """
    several = [_brief(one) for one in results]
    matches = match(((one.learner, one.file, one.ids) for one in several), roster)
    found: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in _current(several):
        if person := matches.owners.get((one.learner, one.file)):
            found[person.id, one.exercise].append(one)
    instead = _instead(overrides, matches, roster)
    rows = [
        _row(person, exercises, policy, found, instead) for person in matches.people
    ]
    return Grades(
        tuple(one.id for one in exercises), tuple(rows), matches, policy.digest
    )


def _current(results: Sequence[Result]) -> Iterator[Result]:
    """Leave out that a file could not be read where it has been mended since."""
    judged: dict[tuple[str, str], float] = {}
    for one in results:
        if one.exercise and one.when is not None:
            place = one.learner, one.file
            judged[place] = max(one.when, judged.get(place, one.when))
    for one in results:
        since = judged.get((one.learner, one.file))
        if one.exercise or one.when is None or since is None or since <= one.when:
            yield one


def _brief(result: Result) -> Result:
    return replace(result, findings=None) if result.findings else result


def _instead(
    overrides: Iterable[Override], matches: Matches, roster: Roster | None
) -> dict[tuple[str, str], Override]:
    """Map (person's id, exercise) to what an instructor decided."""
    who = roster or Roster(matches.people)
    instead: dict[tuple[str, str], Override] = {}
    for one in overrides:
        try:
            person = who.find(one.learner)
            why = "" if person else "nobody is called so. Write the id of the person."
        except TwoPeople as error:
            person, why = None, str(error)
        if person is None:
            raise PolicyError(f"the override for {clean(one.learner)!r}: {why}")
        other = instead.setdefault((person.id, one.exercise), one)
        if other != one:
            raise PolicyError(
                f"two overrides are about {one.exercise} of {person}: for "
                f"{clean(other.learner)!r} and {clean(one.learner)!r}. Keep one."
            )
    return instead


def _row(
    person: Person,
    exercises: Sequence[Exercise],
    policy: Policy,
    found: Mapping[tuple[str, str], Sequence[Result]],
    instead: Mapping[tuple[str, str], Override],
) -> Row:
    whole = found.get((person.id, ""), ())  # files of which nothing could be judged
    made = []
    for exercise in exercises:
        place = person.id, exercise.id
        results = found.get(place) or [replace(one, exercise="") for one in whole]
        grade = _grade(person, exercise, policy, results)
        made.append(_overridden(grade, instead[place]) if place in instead else grade)
    weights = [policy.weight(one) for one in exercises]
    pairs = list(zip(made, weights, strict=True))
    notes = [f"{one.file}: {one.problem}" for one in whole if one.problem]
    notes += [f"{one.exercise}: {one.note}" for one in made if one.note]
    if not any(one.file for one in made):
        notes.append("handed in nothing")
    return Row(
        person,
        tuple(made),
        math.fsum((one.points or 0.0) * weight for one, weight in pairs),
        math.fsum(one.out_of * weight for one, weight in pairs),
        tuple(dict.fromkeys(map(clean, notes))),
    )


def _grade(
    person: Person, exercise: Exercise, policy: Policy, results: Sequence[Result]
) -> Grade:
    nothing = Grade(person.id, exercise.id, None, exercise.points)
    if not results:
        return nothing
    one = policy.chosen(results)
    told = replace(nothing, status=one.status, sentence=one.sentence, file=one.file)
    if one.status == MISSING:
        return told
    if one.status == NOT_GRADED:
        note = f"not graded: {one.problem}" if one.exercise else ""
        return replace(told, note=note)
    days = policy.days_late(one.when, one.late)
    lost = one.points - policy.points(one)
    note = f"{number(lost)} off for {counted(days, 'day')} late" if lost else ""
    return replace(
        told,
        points=policy.points(one),
        out_of=one.out_of,
        days_late=days,
        note=note,
    )


def _overridden(grade: Grade, by: Override) -> Grade:
    was = grade.cell or grade.status
    note = f"{OVERRIDDEN} by {by.by}, was {was}: {by.reason}"
    return replace(grade, points=by.points, status=OVERRIDDEN, sentence="", note=note)


def _cells(row: Row) -> list[str]:
    return [
        *(row.person.id, row.person.name, *(grade.cell for grade in row.grades)),
        *(number(row.total), number(row.out_of), row.late, "; ".join(row.notes)),
    ]


def _totals(row: Row) -> list[str]:
    passed = sum(grade.status == PASSED for grade in row.grades)
    missing = sum(grade.points is None for grade in row.grades)
    return [
        *(clean(row.person.id), clean(row.person.name), str(passed), str(missing)),
        *(number(row.total), number(row.out_of), row.late, "; ".join(row.notes)),
    ]

"""What each person of a class is to get elsewhere: points, a few words, other names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from coursekit import bank
from coursekit.classroom.exports.sheet import ExportError, Mark
from coursekit.classroom.grades import Grade, Grades
from coursekit.classroom.result import NOT_GRADED
from coursekit.classroom.results import Store
from coursekit.classroom.roster import Person
from coursekit.classroom.rules import Rules
from coursekit.grade.findings import in_words


def marks(
    folder: Path,
    policy: Path | None = None,
    roster: Path | None = None,
    overrides: Path | None = None,
) -> tuple[Mapping[str, Mark], list[str]]:
    """Return what each person is to get, and a sentence on whatever gives nothing.

    Grades are made as `coursekit grade` makes them: by the policy and the overrides
    that lie beside the results, unless others are given. Whoever has an answer that
    could not be graded gets nothing yet; who handed in nothing is left to the
    instructor.

    Raises: ExportError if there are no results, or one of the files cannot be used.
    """
    results = list(Store(folder).results(findings=False))
    exercises = tuple(bank.lessons())
    if not {one.exercise for one in results} & {*exercises}:
        raise ExportError(
            f"{folder} holds no results. `coursekit grade SUBMISSIONS/` writes them."
        )
    try:
        rules = Rules.read(
            exercises,
            folder,
            policy_file=policy,
            roster_file=roster,
            overrides_file=overrides,
        )
        made = rules.grades(results)
    except ValueError as error:
        raise ExportError(str(error)) from None
    ids: dict[Person, list[str]] = defaultdict(list)
    for one in results:
        if owner := made.matches.owners.get((one.learner, one.file)):
            ids[owner] += one.ids
    return _of_people(made, ids)


def _of_people(
    made: Grades, ids: Mapping[Person, list[str]]
) -> tuple[Mapping[str, Mark], list[str]]:
    found, problems = {}, [f"{file}: {why}" for file, why in made.matches.unmatched]
    for row in made.rows:
        person = row.person
        if person in made.matches.without:
            continue
        if any(one.status == NOT_GRADED for one in row.grades):
            said = "; ".join(row.notes)
            problems.append(f"{person}: not graded, so nothing was filled in: {said}")
            continue
        names = (person.id, *person.aliases, *ids[person])
        words = "\n".join([*map(_line, row.grades), *row.notes])
        name = person.name or person.id
        found[str(person)] = Mark(row.total, row.out_of, words, name, names)
    return found, problems


def _line(grade: Grade) -> str:
    """Say in one line how an exercise went."""
    points = f"{grade.points or 0.0:g} of {grade.out_of:g} points"
    said = f"{grade.exercise}: {in_words(grade.status)} ({points})"
    return f"{said}. {grade.sentence}" if grade.sentence else said

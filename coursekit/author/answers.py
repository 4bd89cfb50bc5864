"""The answer sheet: what the bank holds of each exercise, for those who teach it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursekit.author.exercises import worth
from coursekit.author.plan import Lesson, table
from coursekit.exercise import Exercise

OPENING = """\
# Answers

For those who teach. An answer that looks different can be just as right: the check
decides, and of each exercise it has been tried on the other right answers that are
counted here. The wrong answers are those that it knows by name; each is met with its
sentence."""


def sheet(lessons: Sequence[Lesson]) -> str:
    """Write the answers of these lessons as Markdown."""
    parts = [OPENING, table(list(lessons))]
    for lesson in lessons:
        goals = "\n".join(f"- {goal}" for goal in lesson.goals)
        parts += [f"## {lesson.title}", f"Learners will be able to\n\n{goals}"]
        for exercise in lesson.exercises:
            parts += _of(exercise)
    return "\n\n".join(parts) + "\n"


def _of(exercise: Exercise) -> Iterator[str]:
    yield f"### {exercise.lesson}.{exercise.position} {exercise.title}"
    yield f"{worth(exercise)} | {exercise.section}"
    yield f"```python\n{exercise.solution_source}\n```"
    yield f"Other right answers that pass: {len(exercise.alternatives)}."
    for rule in exercise.rules:
        yield f"Rule: {_as_is(rule.sentence)}"
    yield "| cases | points | |\n|---|--:|---|\n" + "\n".join(_groups(exercise))
    wrongs = [f"- `{one.name}`: {_as_is(one.sentence)}" for one in exercise.wrongs]
    yield "Wrong answers that are known:\n\n" + "\n".join(wrongs)


def _as_is(sentence: str) -> str:
    """Let no star or underscore of a sentence be markup; code between ` is its own.

    >>> print(_as_is("2**3 and `2**3`"))
    2\\*\\*3 and `2**3`
    """
    return re.sub(r"(`[^`]+`)|([*_])", lambda m: m[1] or f"\\{m[2]}", sentence)


def _groups(exercise: Exercise) -> Iterator[str]:
    for group in exercise.groups:
        kind = "fixed" if group.draws is None else f"{group.draws} drawn"
        yield (
            f"| {group.name} | {group.points:g} | "
            f"{kind}{'' if group.shown else ', hidden'} |"
        )

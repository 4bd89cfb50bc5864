"""The plan of the course: what each lesson is for and how long it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit import bank
from coursekit.author.draft import BuildError, Draft
from coursekit.author.lesson import lessons, read_lesson, title
from coursekit.exercise import Exercise

_TIME = re.compile(r"^\*\*Time:\*\* about (\d+ minutes|two hours)", re.M)
_GOALS = re.compile(r"you will be able to\n\n(- .*?)\n\n", re.S)
_HOURS = {"two hours": 120}


@dataclass(frozen=True)
class Lesson:
    """One lesson, read from its source, and its exercises."""

    number: int
    title: str
    minutes: int
    goals: tuple[str, ...]
    exercises: tuple[Exercise, ...]

    @property
    def exercise_minutes(self) -> int:
        return sum(exercise.minutes for exercise in self.exercises)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)


def plan(root: Path) -> Iterator[Lesson]:
    """Yield the lessons that have exercises, in their order.

    Raises: BuildError if a lesson does not say its minutes or its goals.
    """
    for file in lessons(root):
        number = int(file.stem[:2])
        exercises = tuple(bank.exercises(number))
        if exercises:
            draft = read_lesson(root, file)
            yield Lesson(number, title(draft), *_told(draft), exercises)


def _told(draft: Draft) -> tuple[int, tuple[str, ...]]:
    opening = f"{draft.cells[0].source}\n\n"
    time, goals = _TIME.search(opening), _GOALS.search(opening)
    if time is None or goals is None:
        raise BuildError(
            f"{draft.cells[0].file.as_posix()}: its first cell needs a line "
            "'**Time:** about N minutes' and a list after 'you will be able to'."
        )
    minutes = _HOURS.get(time[1]) or int(time[1].split()[0])
    return minutes, tuple(" ".join(one.split()) for one in _items(goals[1]))


def _items(text: str) -> list[str]:
    return re.split(r"^- ", text, flags=re.M)[1:]


def table(plan: list[Lesson]) -> str:
    """Write the plan as a table in Markdown, with its sums."""
    rows = [
        (one.title, one.minutes, len(one.exercises), one.exercise_minutes, one.points)
        for one in plan
    ]
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    lines = [
        "| lesson | minutes | exercises | their minutes | points |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, *numbers in (*rows, ("in all", *sums)):
        lines.append(f"| {name} | {' | '.join(f'{one:g}' for one in numbers)} |")
    return "\n".join(lines)

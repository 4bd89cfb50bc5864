"""Submissions to be graded: a lesson's notebook of exercises, answered as people do."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from coursekit import bank, ipynb
from coursekit.classroom.batch import Work
from coursekit.classroom.reader.handed import Handed
from coursekit.grade.findings import MISCONCEPTION, NOT_STARTED, PASSED

COURSE = Path(__file__).parents[1]
NOTEBOOKS = {2: "02_cross_correlation", 7: "07_lenet"}
THREE = ("corr1d", "corr2d_out_shape", "corr2d")
SHARES = {PASSED: 0.60, MISCONCEPTION: 0.25, NOT_STARTED: 0.15}

# What is written instead of what, to make a known mistake of the solution.
MISTAKES = {
    "corr1d": ("* k)", "* k[::-1])"),
    "corr2d_out_shape": (" + 1", ""),
    "corr2d": ("* k)", "* k[::-1, ::-1])"),
    "build_lenet": ("AvgPool2d", "MaxPool2d"),
}


def right(lesson: int) -> dict[str, str]:
    """Return the solution of each exercise of a lesson."""
    return {one.id: one.solution_source for one in bank.exercises(lesson)}


def mistaken(id: str) -> str:
    """Return an answer with a mistake that the bank knows."""
    return bank.load(id).solution_source.replace(*MISTAKES[id])


def notebook(lesson: int, answers: Mapping[str, str]) -> bytes:
    """Return a lesson's notebook of exercises with some of them answered."""
    made = json.loads(_text(lesson))
    places = {ipynb.answer_id(id): answer for id, answer in answers.items()}
    for cell in made["cells"]:
        cell["source"] = places.pop(cell["id"], cell["source"])
    assert not places, f"the notebook has no cells {places}"
    return json.dumps(made).encode()


@lru_cache
def _text(lesson: int) -> str:
    place = COURSE / "exercises" / f"{NOTEBOOKS[lesson]}.ipynb"
    return place.read_text(encoding="utf-8")


def answered(
    lesson: int, ids: Sequence[str], count: int, *, mixed: bool
) -> Iterator[tuple[bytes, list[str]]]:
    """Yield notebooks, and what the verdict on each answer has to be.

    All answers are right, or they are `mixed` by the shares above, seeded.
    """
    rng = random.Random(0)
    for _ in range(count):
        kinds = [PASSED] * len(ids)
        if mixed:
            kinds = rng.choices([*SHARES], [*SHARES.values()], k=len(ids))
        yield notebook(lesson, dict(_given(ids, kinds))), kinds


def _given(ids: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    for id, kind in zip(ids, kinds, strict=True):
        if kind == PASSED:
            yield id, bank.load(id).solution_source
        elif kind == MISCONCEPTION:
            yield id, mistaken(id)


def work(data: bytes, number: int) -> Work:
    """Return a submission as an engine takes it, of a learner with own inputs."""
    name = f"learner_{number:05}"
    return Work(Handed(name, f"{name}.ipynb", _source=data), name)

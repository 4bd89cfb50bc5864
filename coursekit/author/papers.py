"""Exam papers: for each learner one notebook to work in, and one page to print."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat

from coursekit import bank, files
from coursekit.author.draft import Cell, Draft
from coursekit.author.exercises import modules, worth
from coursekit.author.page import page
from coursekit.classroom.exam import (
    Exam,
    ExamError,
    Example,
    as_python,
    example_text,
)
from coursekit.exercise import Exercise
from coursekit.ipynb import answer_id

NOTEBOOK, PAGE = "exam.ipynb", "exam.html"
DIGITS = 6  # of results: their last digits are not the same on every machine

HOW = """\
# {title}

Paper of `{learner}`. {count}, {points:g} points, about {minutes} minutes.

Write each answer in place of `raise NotImplementedError("your code here")`, and keep
the name of the function and its arguments. There is no check here. Below most starters
stands one call with its result; its numbers were drawn for you alone. Your answer is
judged with **other numbers**, also your own, and with cases that are the same for all.

Use Python, NumPy and functions of your own; in exercises about PyTorch, torch too. An
answer that borrows the operation from `coursekit`, torch, SciPy or another library is
refused.

Save this notebook under its name, and hand it in.

*{policy}*"""

CALL = """\
**An example of your own.** The call below must give, to {digits} digits,

```python
{value}
```"""

ONE_OF_MANY = """\
**An example of your own.** One right answer to the call below is, to {digits} digits,

```python
{value}
```

Others are just as right if they have what the task asks for."""

NO_CALL = """\
This exercise comes without an example of your own. Judged are: {groups}."""


def paper(exam: Exam, learner: str, exercises: Sequence[Exercise], title: str) -> Draft:
    """Return a learner's paper; it depends on nothing but what is given here."""
    opening = HOW.format(
        title=title,
        learner=learner.replace("`", "'"),
        count="1 exercise" if len(exercises) == 1 else f"{len(exercises)} exercises",
        points=sum(exercise.points for exercise in exercises),
        minutes=sum(exercise.minutes for exercise in exercises),
        policy=exam.policy,
    )
    nowhere = Path("exam")
    cells = [
        Cell("markdown", opening, nowhere, id="how-to-work"),
        Cell("code", _imports(exercises), nowhere, id="imports"),
    ]
    for number, exercise in enumerate(exercises, start=1):
        cells += _cells(exercise, number, exam.example(learner, exercise))
    return Draft(PurePosixPath(_folder(learner), NOTEBOOK), cells)


def _imports(exercises: Sequence[Exercise]) -> str:
    """Return the imports; tasks on torch count on those that they share in a lesson."""
    lessons = {exercise.lesson for exercise in exercises if exercise.torch}
    others = (one for n in sorted(lessons) for one in bank.exercises(n) if one.torch)
    return modules([*exercises, *others], solved=False)


def _folder(learner: str) -> str:
    """Return the learner's name, if a folder can have it: it is found by it again.

    Raises: ExamError if not.
    """
    bad = [c for c in learner if c in '/\\:*?"<>|' or not c.isprintable()]
    if bad or learner.strip(". ") != learner or not learner:
        raise ExamError(
            f"No folder can be called {learner!r}. Give this learner an id of letters, "
            "digits, - and _ in the roster."
        )
    return learner


def _cells(exercise: Exercise, number: int, example: Example | None) -> Iterator[Cell]:
    name, file = exercise.id, Path(exercise.path.name)
    prompt = f"## {number}. {exercise.title}\n\n{worth(exercise)}\n\n{exercise.prompt}"
    yield Cell("markdown", prompt, file, id=f"{name}-prompt")
    yield Cell("code", exercise.starter_source, file, id=answer_id(name))
    if example is None:
        groups = ", ".join(
            f"{one.name} ({one.points:g} of {exercise.points:g} points)"
            for one in exercise.groups
        )
        yield Cell("markdown", NO_CALL.format(groups=groups), file, id=f"{name}-judged")
        return
    said = (ONE_OF_MANY if exercise.measure else CALL).format(
        digits=DIGITS, value=as_python(example.value, DIGITS)
    )
    yield Cell("markdown", said, file, id=f"{name}-result")
    call = example_text(name, exercise.parameters, example)
    yield Cell("code", call, file, id=f"{name}-example")


def printed(draft: Draft, title: str) -> str:
    """Return a draft as a page to print."""
    texts = [
        cell.source if cell.kind == "markdown" else f"```python\n{cell.source}\n```"
        for cell in draft.cells
    ]
    return page(title, "\n\n".join(texts))


@dataclass(frozen=True)
class Written:
    """One file of a paper; `kept` says that another content was there, and still is."""

    path: Path
    kept: bool


def write(
    folder: Path, drafts: Iterable[Draft], title: str, *, dry_run: bool = False
) -> Iterator[Written]:
    """Write papers into a folder for each learner; nothing there is written over."""
    for draft in drafts:
        notebook = f"{nbformat.writes(draft.notebook(), version=4).rstrip()}\n"
        place = folder / draft.path.parent
        about = f"{title}: {draft.path.parent}"
        for name, text in ((NOTEBOOK, notebook), (PAGE, printed(draft, about))):
            path, content = place / name, text.encode()
            there = os.path.lexists(path)
            if not (there or dry_run):
                files.put(path, content)
            same = there and not files.foreign(path) and path.read_bytes() == content
            yield Written(path, kept=there and not same)

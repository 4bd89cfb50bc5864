"""Make the notebook of a lesson's exercises, and the same one solved."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from coursekit.author.draft import Cell, Draft
from coursekit.author.lesson import title
from coursekit.exercise import Exercise
from coursekit.ipynb import answer_id, check_id

HOW_TO_WORK = """\
**First run the cell below** (Shift+Enter). `NameError: name 'check' is not defined`, or
`'np'`, says that it has not run since the notebook was opened or its kernel restarted,
even where a number stands beside it: run it again.

Each exercise has two cells. In the first you write your answer in place of the line
`raise NotImplementedError(...)`. The second checks it: run both with Shift+Enter. The
check says what is wrong and where, and you may run it as often as you like.

Use Python, NumPy and functions of your own; in exercises about PyTorch, torch too. An
answer that borrows the operation from `coursekit`, torch, SciPy or another library is
refused: compare with theirs when yours has passed.

A loop that never ends is stopped after some seconds. One inside a single call, such as
`sum(itertools.count())`, is not: choose *Kernel*, then *Restart*.

Stuck? In a cell of its own, `hint("name")` gives a first hint; `hint("name", 2)` and
`hint("name", 3)` say more. `progress()` shows what you have solved, and
`solution("name")` the course's own answer, once yours has passed."""

HOW_SOLVED = """\
[The exercises]({exercises}), solved. An answer that looks different can be just as
right: the check decides, not this text."""

WHERE_NEXT = """\
## Where next?

On to the next lesson, {lesson}, or back to
[the map of the course](../notebooks/00_start_here.ipynb). Once an answer of yours has
passed, `solution("{id}")`, and so on, shows the course's own: compare the two."""

THE_END = """\
## Where next?

That was the last lesson. [The map of the course](../notebooks/00_start_here.ipynb)
leads back to all of them, and `progress()` shows what is still open. Once an answer of
yours has passed, `solution("{id}")`, and so on, shows the course's own: compare."""


def exercise_notebooks(
    lesson: Draft, bank: Sequence[Exercise], following: Draft | None = None
) -> tuple[Draft, Draft]:
    """Return two drafts from the exercises of one lesson: to be solved, and solved.

    At their end they lead to the lesson that follows, if one does.
    """
    link = f"[{title(following)}](../{following.path})" if following else ""
    return (
        _notebook(lesson, bank, link, solved=False),
        _notebook(lesson, bank, link, solved=True),
    )


def _notebook(
    lesson: Draft, bank: Sequence[Exercise], following: str, *, solved: bool
) -> Draft:
    folder = "solutions" if solved else "exercises"
    name = lesson.path.name
    how = HOW_SOLVED.format(exercises=f"../exercises/{name}") if solved else HOW_TO_WORK
    points = sum(exercise.points for exercise in bank)
    minutes = sum(exercise.minutes for exercise in bank)
    opening = (
        f"# {title(lesson)}: {folder}\n\n{how}\n\n"
        f"{len(bank)} exercises, {points:g} points, about {minutes} minutes. "
        f"[To the lesson](../notebooks/{quote(name)})"
    )
    first = _file(bank[0])
    cells = [
        Cell("markdown", opening, first, id="how-to-work"),
        Cell("code", imports(bank, solved=solved), first, id="imports"),
    ]
    for exercise in bank:
        cells += _cells(exercise, name, solved=solved)
    closing = WHERE_NEXT if following else THE_END
    source = closing.format(lesson=following, id=bank[-1].id)
    cells.append(Cell("markdown", source, _file(bank[-1]), id="where-next"))
    return Draft(PurePosixPath(folder, name), cells)


def _cells(exercise: Exercise, lesson: str, *, solved: bool) -> Iterator[Cell]:
    name, file = exercise.id, _file(exercise)
    body = exercise.solution_source if solved else exercise.starter_source
    yield Cell("markdown", _prompt(exercise, lesson), file, id=f"{name}-prompt")
    line = _line(exercise, body)
    yield Cell("code", body, file, line, id=answer_id(name))
    yield Cell("code", f"check({name})", file, line, id=check_id(name))


def _prompt(exercise: Exercise, lesson: str) -> str:
    anchor = quote(exercise.section.replace(" ", "-"))
    return (
        f"## {exercise.position}. {exercise.title}\n\n{worth(exercise)} | "
        f"[{exercise.section}](../notebooks/{quote(lesson)}#{anchor})\n\n"
        f"{exercise.prompt}"
    )


def worth(exercise: Exercise) -> str:
    """Say in one line what an exercise is worth and what it takes."""
    points = f"{exercise.points:g} point" + ("" if exercise.points == 1 else "s")
    return (
        f"`{exercise.id}` | {points} | difficulty {exercise.difficulty} of 5 | "
        f"about {exercise.minutes} minutes"
    )


def imports(bank: Iterable[Exercise], *, solved: bool) -> str:
    """Return the one cell of imports of an exercise notebook."""
    tools = "from coursekit.grade import check, hint, progress, solution"
    return f"{modules(bank, solved=solved)}\n\n{tools}"


def modules(bank: Iterable[Exercise], *, solved: bool) -> str:
    """Return the bank's own imports, as far as the answers use them.

    A learner is given the modules that the solution uses, also those that it imports
    itself because they are slow to load, but no single function taken from a module:
    that could give the answer away.
    """
    wanted = {"import numpy as np"}
    for exercise in bank:
        shown = _names(exercise.starter_source)
        used = _names(exercise.solution_source)
        for node in _imports(exercise):
            single = isinstance(node, ast.ImportFrom) and not solved
            allowed = shown if single else used | shown
            if any((a.asname or a.name).split(".")[0] in allowed for a in node.names):
                wanted.add(ast.unparse(node))
    return "\n".join(sorted(wanted))


def _imports(exercise: Exercise) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports at the top of the bank file and those inside the solution."""
    top = ast.parse(exercise.path.read_text(encoding="utf-8")).body
    inside = ast.walk(ast.parse(exercise.solution_source))
    for node in (*top, *inside):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def _names(code: str) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}


def _file(exercise: Exercise) -> Path:
    return Path("coursekit", "bank", exercise.path.name)


def _line(exercise: Exercise, body: str) -> int:
    """Return the line of the bank file at which the cell's first line would stand."""
    head = f"def {exercise.id}("

    def at(text: str) -> int:
        lines = text.splitlines()
        return next((n for n, line in enumerate(lines) if head in line), 0)

    return at(exercise.path.read_text(encoding="utf-8")) - at(body) + 1

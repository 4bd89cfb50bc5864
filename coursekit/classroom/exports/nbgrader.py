"""An nbgrader assignment, made from a lesson's notebook of exercises.

nbgrader takes the value of a check cell's last line for its points, nothing for all
of them and an error for none, so that line is a number whatever happens above it. The
check runs in the learner's own kernel, as nbgrader does it: credit that must be safe
is given by `coursekit grade`.
"""

from __future__ import annotations

import ast
import copy
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from coursekit import bank
from coursekit.exercise import Exercise
from coursekit.exercise.source import TODO
from coursekit.ipynb import Notebook, answer_id, check_id, source

SCHEMA = 3
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"  # what nbgrader hands out
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"

_LINK = re.compile(r"\[([^\]]+)\]\(\.\./[^)]*\)")  # to a file that is not handed out
_CHECK = """\
verdict = check({id})
### BEGIN HIDDEN TESTS
from coursekit import bank
from coursekit.grade.notebook import evaluate

again = evaluate(bank.load("{id}"), {id}, {seed})
verdict = min(verdict, again, key=lambda one: one.points)
### END HIDDEN TESTS
display(verdict)
float(verdict.points)"""


def assignment(exercises: Notebook, lesson: int, *, seed: int = 1) -> Notebook:
    """Return nbgrader's source notebook of a lesson, solutions and hidden seed in it.

    Raises: ValueError if the notebook lacks an exercise of the lesson.
    """
    notebook = copy.deepcopy(exercises)
    own = {one.id: one for one in bank.exercises(lesson)}
    roles = {answer_id(name): (name, _answer) for name in own}
    roles |= {check_id(name): (name, _check) for name in own}
    lacking = set(roles) - {cell.get("id") for cell in notebook["cells"]}
    if lacking:
        raise ValueError(
            f"the notebook has no cells {', '.join(sorted(lacking))}; build it again "
            "with `coursekit build`"
        )
    notebook["cells"] = [one for one in notebook["cells"] if one["id"] != "where-next"]
    for cell in notebook["cells"]:
        if cell["id"] in roles:
            name, make = roles[cell["id"]]
            make(cell, own[name], seed)
        else:
            cell["source"] = _LINK.sub(r"\1", source(cell))
            cell["metadata"]["nbgrader"] = _mark(cell, locked=True)
    notebook["metadata"].pop("coursekit", None)
    return notebook


def solved(exercise: Exercise) -> str:
    """Return the starter, with the solution where nbgrader cuts it out again.

    What only the solution calls is put inside it.
    """
    lines = exercise.solution_source.splitlines()
    given = {_name(node) for node in ast.parse(exercise.starter_source).body}
    helpers, body = "", ""
    for node in ast.parse(exercise.solution_source).body:
        if isinstance(node, ast.FunctionDef) and node.name == exercise.id:
            said = ast.get_docstring(node) is not None
            start = node.body[0].end_lineno if said else node.body[0].lineno - 1
            body = "\n".join(lines[start : node.end_lineno])
        elif _name(node) not in given:
            whole = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            helpers += textwrap.indent(whole, "    ") + "\n\n"
    return exercise.starter_source.replace(TODO, f"{BEGIN}\n{helpers}{body}\n    {END}")


def _name(node: ast.stmt) -> str | None:
    return getattr(node, "name", None)


def _answer(cell: dict[str, Any], exercise: Exercise, seed: int) -> None:
    cell["source"] = solved(exercise)
    cell["metadata"]["nbgrader"] = _mark(cell, solution=True)


def _check(cell: dict[str, Any], exercise: Exercise, seed: int) -> None:
    cell["source"] = _CHECK.format(id=exercise.id, seed=seed)
    mark = _mark(cell, grade=True, locked=True)
    cell["metadata"]["nbgrader"] = {**mark, "points": exercise.points}


def _mark(
    cell: Mapping[str, Any],
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
) -> dict[str, Any]:
    """Return what nbgrader keeps of a cell."""
    return {
        "schema_version": SCHEMA,
        "grade_id": cell["id"],
        "cell_type": cell["cell_type"],
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }

"""Notebooks of three exercises with tests in them, as other graders have them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from coursekit import bank
from coursekit.exercise import Call, Exercise
from coursekit.grade.key import key_of
from coursekit.runner.plain import Plain

Json = dict[str, Any]


class Submission(NamedTuple):
    """Answers by exercise, and a cell before all of them."""

    name: str
    says: str
    answers: Mapping[str, str]
    first: str = ""


def cases(id: str) -> tuple[list[tuple[Sequence[Plain], Plain]], ...]:
    """Return what learners see of an exercise, and the rest: arguments and result.

    The fresh ones are those of seed 1: a notebook's tests are the same for all.
    """
    exercise = bank.load(id)
    key = key_of(exercise, 1)
    shown, hidden = [], []
    for call, outcome in zip(key.calls, key.right(), strict=True):
        (shown if _seen(call, id) else hidden).append((call.args, outcome.value))
    return shown, hidden


def _seen(call: Call, id: str) -> bool:
    group = bank.load(id).groups[call.group]
    return group.shown and group.draws is None


def literal(value: Plain) -> str:
    """Write a value as a learner would."""
    return f"np.array({value.tolist()})" if hasattr(value, "tolist") else repr(value)


def tests(exercise: Exercise) -> list[str]:
    """Write the cases that are shown, and the others, as cells of tests do."""
    found = []
    for some in cases(exercise.id):
        lines = []
        for args, value in some:
            call = f"{exercise.id}({', '.join(map(literal, args))})"
            equal = f"{call} == {literal(value)}"
            near = f"np.allclose({call}, {literal(value)})"
            lines.append(f"assert {equal if isinstance(value, tuple) else near}")
        found.append("\n".join(lines))
    return found


def filled(released: Json, submission: Submission) -> Json:
    """Return what was handed out with a submission's answers and cell in it."""
    made = json.loads(json.dumps(released))
    cells = made["cells"]
    for id, answer in submission.answers.items():
        (place,) = (cell for cell in cells if _is_answer(cell, id))
        place["source"] = answer
    start = next(at for at, one in enumerate(cells) if "import numpy" in _text(one))
    if submission.first:
        cells.insert(start + 1, cell(submission.first))
    return made


def _is_answer(cell: Json, id: str) -> bool:
    return cell["cell_type"] == "code" and f"def {id}(" in _text(cell)


def _text(cell: Json) -> str:
    return "".join(cell["source"])


def cell(source: str, metadata: Json | None = None) -> Json:
    """Return a cell of code."""
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata or {},
        "outputs": [],
        "execution_count": None,
    }


def raw(source: str) -> Json:
    """Return a cell that nobody runs, by which otter-grader is told things."""
    return {"cell_type": "raw", "source": source, "metadata": {}}


def notebook(cells: list[Json]) -> Json:
    """Return a notebook for a Python kernel."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    meta = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 4}


def write(place: Path, notebook: Json) -> None:
    """Write a notebook, and make the folders above it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(notebook))

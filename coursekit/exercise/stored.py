"""An exercise from a key file, which stands where a bank file would give answers away.

A key file is a zip of three: the bank file without its answers; the groups of cases and
the names and sentences of wrong answers, as JSON; and what the bank's functions did,
which is read when an answer is checked (`coursekit.grade.stored`).
"""

import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

from coursekit.exercise.exercise import Exercise, Group, Wrong

TEXT, NAMES, OUTCOMES = "exercise.py", "names.json", "outcomes"


@cache
def read(path: Path) -> Exercise:
    """Return the exercise in a key file, the same object at every call."""
    with ZipFile(path) as file:
        text = file.read(TEXT).decode()
        names = json.loads(file.read(NAMES))
    name = f"coursekit_bank_{path.stem}"
    module: Any = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    exec(compile(text, path, "exec"), vars(module))
    exercise: Exercise = module.exercise
    exercise.text = text
    for name, points, shown in names["groups"]:
        exercise.groups.append(Group(name, points, shown, _elsewhere))
    for name, sentence in names["wrongs"]:
        exercise.wrongs.append(Wrong(name, sentence, _elsewhere))
    return exercise


def members(exercise: Exercise, text: str) -> dict[str, bytes]:
    """Return what `read` needs of an exercise: the cut text of its bank file, names."""
    names = {
        "groups": [(one.name, one.points, one.shown) for one in exercise.groups],
        "wrongs": [(one.name, one.sentence) for one in exercise.wrongs],
    }
    return {TEXT: text.encode(), NAMES: json.dumps(names, indent=1).encode()}


def _elsewhere(*args: Any) -> Any:
    raise LookupError("This is with the instructor: a key file holds what came of it.")

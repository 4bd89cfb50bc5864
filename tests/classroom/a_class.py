"""Submissions of a class, made from the bank: right, wrong and missing answers."""

import ast
import json
import random
import re
from inspect import cleandoc, getsource
from pathlib import Path

from coursekit import bank
from coursekit.exercise import Exercise

COURSE = Path(__file__).parents[2]
LESSON = 2
(NOTEBOOK,) = (COURSE / "exercises").glob(f"{LESSON:02}_*.ipynb")
DAMAGED = "zoe_1099_9099_lab.ipynb"

# In place of the course's own: it only remembers what is registered as wrong.
_STAND_IN = """
import sys
from types import ModuleType

import numpy as np


class Remembered:
    def __init__(self):
        self.wrongs = []

    def wrong(self, *_, **__):
        return lambda function: self.wrongs.append(function) or function

    def solution(self, function):
        self.answer = function
        return function

    def helper(self, function):
        return function

    def cases(self, *_, **__):
        return self.helper

    given = alternative = helper
    fresh = cases


exercise = Remembered()
mine = sys.modules["mine"] = ModuleType("mine")
"""
_LEFT_OUT = ("exercise.cases", "exercise.fresh", "exercise.driver")


class _Renamed(ast.NodeTransformer):
    """Gives the solution another name, which the wrong answers that use it follow."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id == self.name:
            node.id = f"right_{self.name}"
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if node.name == self.name:
            node.name = f"right_{self.name}"
        self.generic_visit(node)
        return node


def _beside(text: str) -> list[str]:
    """Name the modules of the bank that a bank file imports, each before its users."""
    found: list[str] = []
    for name in re.findall(r"from coursekit\.bank(?: import |\.)(\w+)", text):
        found += [*_beside(_read(name)), name]
    return list(dict.fromkeys(found))


def _read(name: str) -> str:
    return (bank.FOLDER / f"{name}.py").read_text(encoding="utf-8")


def _as_mine(name: str) -> str:
    """Return what makes a module of the bank in the learner's own program."""
    text = _read(name).replace("coursekit.bank", "mine")
    made = f"mine.{name} = sys.modules['mine.{name}'] = ModuleType('mine.{name}')"
    return f"{made}\nexec({text!r}, mine.{name}.__dict__)"


def wrong_text(exercise: Exercise, number: int) -> str:
    """Return a cell that hands in a wrong answer, with all of the bank file it uses."""
    text = exercise.path.read_text(encoding="utf-8")
    tree = ast.parse(text.replace("coursekit.bank", "mine"))
    kept = [_STAND_IN, *map(_as_mine, _beside(text))]
    for node in tree.body[1:]:  # after the prompt
        said = ast.unparse(node)
        if said.startswith(("from coursekit.exercise", "exercise = ")):
            continue
        roles = [ast.unparse(one) for one in getattr(node, "decorator_list", [])]
        if not any(role.startswith(_LEFT_OUT) for role in roles):
            kept.append(ast.unparse(_Renamed(exercise.id).visit(node)))
    answer = f"{exercise.id} = exercise.wrongs[{number}]\n"
    return "\n\n".join([*kept, answer])


def hand_in(folder: Path, count: int, *, damaged: bool = False) -> Path:
    """Fill a folder with a lesson's notebooks, as Canvas names them."""
    folder.mkdir(parents=True)
    rng = random.Random(7)
    for number in range(count):
        name = f"learner{number:02}_{1000 + number}_{9000 + number}_{NOTEBOOK.name}"
        (folder / name).write_text(_notebook(rng), encoding="utf-8")
    if damaged:
        (folder / DAMAGED).write_text('{"cells": [', encoding="utf-8")
    return folder


def _notebook(rng: random.Random) -> str:
    """Return a notebook in which six of ten answers are right, and three wrong."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        id = cell["id"].removesuffix("-answer")
        if id == cell["id"]:
            continue
        draw, exercise = rng.random(), bank.load(id)
        if draw < 0.6:
            cell["source"] = exercise.solution_source
        elif draw < 0.9:
            cell["source"] = _one_wrong(exercise, rng)
    return json.dumps(notebook)


def _one_wrong(exercise: Exercise, rng: random.Random) -> str:
    """Return the text of a wrong answer that is a function of its own."""
    text = exercise.text
    own = [one for one in exercise.wrongs if f"\ndef {one.name}(" in text]
    function = rng.choice(own).function
    source = cleandoc(getsource(function)).partition("\ndef ")[2]
    right = exercise.solution_source
    called = f"right_{exercise.id}("
    return (
        f"{right.replace(f'def {exercise.id}(', f'def {called}')}\n\n"
        f"def {source.replace(f'{exercise.id}(', called)}\n\n"
        f"{exercise.id} = {function.__name__}\n"
    )

"""The same submissions graded by nbgrader, by otter-grader and here.

Each of the two has an environment of its own, made once: set COURSEKIT_ENVIRONMENTS to
a folder that outlives the run. Their assignments hold the same exercises, points and
cases. There a question's points are earned by all its cases together, here by group.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import class_processes
from benchmarks.class_attacks import attacks, exploded, honest
from benchmarks.class_notebooks import (
    Submission,
    cell,
    filled,
    notebook,
    raw,
    tests,
    write,
)
from benchmarks.class_submissions import COURSE, THREE
from coursekit import bank
from coursekit.classroom.results import Store
from coursekit.exercise import Exercise

PINS = {
    "nbgrader": ("nbgrader==0.9.6", "numpy==2.4.6"),
    "otter-grader": ("otter-grader==7.0.0", "ipykernel==7.4.0", "numpy==2.4.6"),
}
NAME = "three"
EXERCISES = [bank.load(id) for id in THREE]
OUT_OF = sum(one.points for one in EXERCISES)

Scores = dict[str, float]
Grade = Callable[[Sequence[Submission]], tuple[class_processes.Cost, Scores]]


def main(options: argparse.Namespace) -> None:
    """Print what each grader gives, and what a submission costs."""
    with tempfile.TemporaryDirectory() as name:
        columns = {}
        for tool, opened in TOOLS.items():
            folder = Path(name, tool)
            folder.mkdir()
            try:
                grade = opened(folder)
            except subprocess.CalledProcessError as error:
                print(f"{tool} is left out: {_why(error)}")
                continue
            columns[tool] = _column(grade, folder)
    print("Points of 100; -: no grade came. Five honest submissions, then six")
    print("that hold no answer.\n")
    rows = zip(*columns.values(), strict=True)
    print(f"{'':28}" + "".join(f"{tool:>14}" for tool in columns))
    for cells in rows:
        print(f"{cells[0][0]:28}" + "".join(f"{cell:>14}" for _, cell in cells))


def _column(grade: Grade, folder: Path) -> list[tuple[str, str]]:
    """Grade the five, timed, and the six; return rows of title and text."""
    marks = folder / "marks"
    marks.mkdir()
    five, six = honest(), attacks(marks)
    cost, scores = grade(five)
    scores |= grade(six)[1]
    found = [(one.says, _percent(scores.get(one.name))) for one in (*five, *six)]
    ran = "yes" if exploded(marks) else "no"
    found.append(("its pickle ran in the grader", ran))
    found.append(("seconds a submission", f"{cost.wall / len(five):.2f}"))
    found.append(("CPU seconds a submission", f"{cost.cpu / len(five):.2f}"))
    return found


def _percent(points: float | None) -> str:
    return "-" if points is None else f"{100 * points / OUT_OF:.0f}"


def _why(error: subprocess.CalledProcessError) -> str:
    last = (error.stderr or error.stdout or str(error)).strip().splitlines()[-1]
    return (
        f"{' '.join(map(str, error.cmd))[-60:]} said: {last[:200]}\n"
        "It needs a network once; COURSEKIT_ENVIRONMENTS names a folder that keeps it."
    )


def environment(tool: str, folder: Path) -> dict[str, str]:
    """Make the environment of a grader, or find it; return the variables to run in.

    Raises: CalledProcessError where it cannot be installed.
    """
    place = Path(os.environ.get("COURSEKIT_ENVIRONMENTS", folder / "environments"))
    place = place.absolute() / " ".join(PINS[tool])
    if not (place / "made").exists():
        venv.EnvBuilder(with_pip=True, clear=True).create(place)
        pip = [place / "bin" / "python", "-m", "pip", "install", "-q", *PINS[tool]]
        subprocess.run(pip, check=True, capture_output=True, text=True)
        (place / "made").touch()
    path = os.pathsep.join([str(place / "bin"), os.environ["PATH"]])
    home = {"HOME": str(folder), "IPYTHONDIR": str(folder), "JUPYTER_PATH": ""}
    return {"PATH": path, "PYTHONPATH": "", "VIRTUAL_ENV": str(place), **home}


def _marked(exercise: Exercise, sign: str) -> str:
    """Return the solution with marks where it is cut out of what is handed out."""
    head, body = exercise.solution_source.split("\n", 1)
    return f"{head}\n    {sign} BEGIN SOLUTION\n{body}\n    {sign} END SOLUTION"


# nbgrader


def nbgrader(folder: Path) -> Grade:
    """Hand out the assignment as nbgrader does, and return what grades with it."""
    env = environment("nbgrader", folder)
    python = Path(env["VIRTUAL_ENV"], "bin", "python")

    def command(*words: str, check: bool = True) -> class_processes.Cost:
        words = (str(python), "-m", "nbgrader", *words)
        return class_processes.run(words, env=env, cwd=folder, check=check)[0]

    cells = [cell("import numpy as np", {"nbgrader": _mark("imports", locked=True)})]
    for one in EXERCISES:
        mark = {"nbgrader": _mark(one.id, solution=True)}
        cells.append(cell(_marked(one, "###"), mark))
        shown, hidden = tests(one)
        text = f"{shown}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        mark = _mark(f"{one.id}-test", grade=True, locked=True)
        cells.append(cell(text, {"nbgrader": {**mark, "points": one.points}}))
    place = Path(NAME, f"{NAME}.ipynb")
    write(folder / "source" / place, notebook(cells))
    command("generate_assignment", NAME)
    released = json.loads((folder / "release" / place).read_text())

    def grade(some: Sequence[Submission]) -> tuple[class_processes.Cost, Scores]:
        for one in some:
            write(folder / "submitted" / one.name / place, filled(released, one))
        cost = command("autograde", NAME, "--create", check=False)
        command("export")
        with (folder / "grades.csv").open() as file:
            rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
        graded = {one.name for one in some if _autograded(folder, one.name)}
        return cost, {name: float(rows[name]) for name in graded}

    return grade


def _autograded(folder: Path, name: str) -> bool:
    return (folder / "autograded" / name / NAME / f"{NAME}.ipynb").exists()


def _mark(name: str, **roles: bool) -> dict[str, Any]:
    none = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    start = {"schema_version": 3, "grade_id": name, "cell_type": "code"}
    return start | none | roles


# otter-grader


def otter(folder: Path) -> Grade:
    """Make the assignment as otter-grader does, and return what grades with it."""
    env = environment("otter-grader", folder)
    python = Path(env["VIRTUAL_ENV"], "bin", "python")

    def command(*words: str, check: bool = True) -> class_processes.Cost:
        words = (str(python), "-m", "otter", *words)
        return class_processes.run(words, env=env, cwd=folder, check=check)[0]

    quiet = "".join(f"\n{name}: false" for name in ("export_cell", "check_all_cell"))
    cells = [raw(f"# ASSIGNMENT CONFIG\nname: {NAME}{quiet}")]
    cells.append(cell("import numpy as np"))
    for one in EXERCISES:
        says = f"name: {one.id}\npoints: {one.points:g}\nall_or_nothing: true"
        shown, hidden = tests(one)
        config = '""" # BEGIN TEST CONFIG\nhidden: true\n""" # END TEST CONFIG\n'
        cells += [
            raw(f"# BEGIN QUESTION\n{says}"),
            raw("# BEGIN SOLUTION"),
            cell(_marked(one, "#")),
            raw("# END SOLUTION"),
            raw("# BEGIN TESTS"),
            cell(shown),
            cell(config + hidden),
            raw("# END TESTS"),
            raw("# END QUESTION"),
        ]
    write(folder / f"{NAME}.ipynb", notebook(cells))
    command("assign", "--no-pdfs", f"{NAME}.ipynb", "made")
    (archive,) = (folder / "made" / "autograder").glob("*.zip")
    released = json.loads((folder / "made" / "student" / f"{NAME}.ipynb").read_text())

    def grade(some: Sequence[Submission]) -> tuple[class_processes.Cost, Scores]:
        costs, scores = [], {}
        for one in some:
            place = folder / one.name
            write(place / f"{NAME}.ipynb", filled(released, one))
            words = ["--no-logo", "-a", str(archive), "-o", str(place)]
            costs.append(
                command("run", *words, str(place / f"{NAME}.ipynb"), check=False)
            )
            if (found := place / "results.json").exists():
                told = json.loads(found.read_text())["tests"]
                scores[one.name] = sum(float(test.get("score", 0)) for test in told)
        return class_processes.Cost(*map(sum, zip(*costs, strict=True))), scores

    return grade


# coursekit


def ours(folder: Path) -> Grade:
    """Return what grades with the command of this course."""
    cells = [cell("import numpy as np")]
    cells += [cell(one.starter_source) for one in EXERCISES]
    start = (sys.executable, "-m", "coursekit", "grade")
    only = [word for id in THREE for word in ("--only-exercise", id)]

    def grade(some: Sequence[Submission]) -> tuple[class_processes.Cost, Scores]:
        place = folder / some[0].name
        for one in some:
            write(place / f"{one.name}.ipynb", filled(notebook(cells), one))
        out = folder / f"{some[0].name}-out"
        words = [*start, place, "--out", out, *only]
        cost, _ = class_processes.run(words, env={"PYTHONPATH": str(COURSE)})
        scores: Scores = {}
        for result in Store(out).results(findings=False):
            if not result.problem:
                scores[result.learner] = scores.get(result.learner, 0) + result.points
        return cost, scores

    return grade


TOOLS = {"nbgrader": nbgrader, "otter-grader": otter, "coursekit": ours}

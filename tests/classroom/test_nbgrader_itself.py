"""nbgrader, in an environment of its own, takes an assignment from source to feedback.

Its environment is kept: set COURSEKIT_ENVIRONMENTS to a folder that outlives the run.
"""

import csv
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from coursekit import bank
from coursekit.cli import main

ROOT = Path(__file__).parents[2]
PINNED = "nbgrader==0.9.6"
NAME = "02_cross_correlation"

PARTLY = """\
import sys
def corr2d(x, k):
    print("noise", file=sys.stderr)
    if x.size > 16:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows * k).sum((-1, -2))
"""
ANSWERS = {
    "ada": {one.id: one.solution_source for one in bank.exercises(2)},
    "bob": {"corr1d": "1 / 0", "corr2d": PARTLY},
    "cleo": {},
}


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Make an environment with nbgrader in it, or find the one that was made."""
    kept = os.environ.get("COURSEKIT_ENVIRONMENTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("environments")
    place = folder / PINNED
    python = place / "bin" / "python"
    if not (place / "made").exists():
        venv.EnvBuilder(with_pip=True, clear=True).create(place)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, PINNED], check=True)
        (place / "made").touch()
    return python


@pytest.fixture(scope="module")
def course(tmp_path_factory, python):
    """Let nbgrader's commands hand out, take in and grade, and give feedback."""
    folder = tmp_path_factory.mktemp("course")
    assert main(["export", "nbgrader", "2", str(folder), "--seed", "5"]) == 0
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    paths = {"PYTHONPATH": str(ROOT), "COURSEKIT_PROGRESS": "off"}
    spec = {"argv": start, "display_name": "here", "language": "python", "env": paths}
    kernel.write_text(json.dumps(spec))

    def nbgrader(*words):
        home = str(folder / "home")
        path = os.pathsep.join(
            [str(python.parent), os.environ["PATH"]]
        )  # it has alembic
        own = {"HOME": home, "PATH": path, "PYTHONPATH": ""}
        own["JUPYTER_PATH"] = str(kernel.parents[2])
        return subprocess.run(
            [python, "-m", "nbgrader", *words],
            cwd=folder,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=True,
        )

    nbgrader("generate_assignment", NAME)
    for learner, answers in ANSWERS.items():
        hand_in(folder, learner, answers)
    nbgrader("autograde", NAME, "--create")
    nbgrader("generate_feedback", NAME)
    nbgrader("export")
    return folder


def hand_in(folder, learner, answers):
    notebook = json.loads((folder / "release" / NAME / f"{NAME}.ipynb").read_text())
    for cell in notebook["cells"]:
        name = cell["id"].removesuffix("-answer")
        cell["source"] = answers.get(name, cell["source"])
    place = folder / "submitted" / learner / NAME / f"{NAME}.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(notebook))


def scores(folder, learner):
    """Read the value of each check cell as nbgrader left it."""
    place = folder / "autograded" / learner / NAME / f"{NAME}.ipynb"
    found = {}
    for cell in json.loads(place.read_text())["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "execute_result":
                found[cell["id"]] = float("".join(output["data"]["text/plain"]))
    return found


pytestmark = pytest.mark.elsewhere


def test_no_solution_and_no_hidden_test_is_handed_out(course):
    text = (course / "release" / NAME / f"{NAME}.ipynb").read_text()
    for hidden in ("SOLUTION", "HIDDEN", "evaluate", "k_h, k_w = k.shape"):
        assert hidden not in text
    assert text.count("# YOUR CODE HERE") == len(bank.exercises(2))


def test_grades_are_whole_part_and_none(course):
    with (course / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        "ada": 33.0,
        "bob": 2.0,
        "cleo": 0.0,
    }
    assert {row["max_score"] for row in rows.values()} == {"33.0"}


def test_an_answer_that_is_partly_right_earns_its_part_whatever_it_prints(course):
    assert scores(course, "bob")["corr2d-check"] == 2.0


def test_each_learner_has_a_page_of_feedback_with_the_verdict(course):
    said = {"ada": "4 of 4 points", "bob": "2 of 4 points", "cleo": "not started"}
    for learner, words in said.items():
        page = course / "feedback" / learner / NAME / f"{NAME}.html"
        assert words in page.read_text()

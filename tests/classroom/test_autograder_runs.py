"""The autograder's run script, unpacked as Gradescope does, grades a submission."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coursekit import bank
from coursekit.classroom.exports import autograder
from coursekit.classroom.exports.autograder import Settings

PARTLY = """\
import numpy as np
def corr2d(x, k):
    if x.shape[0] > x.shape[1]:
        raise ValueError("too tall <b>for me</b>")
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows * k).sum((-1, -2))
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Unpack the zip and its wheel; a script stands in for setup.sh's Python."""
    root = tmp_path_factory.mktemp("autograder")
    content = autograder.archive(Settings(2, seed=3, weak=True))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(root / "source")
    (wheel,) = (root / "source").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(root / "site")
    python = root / "source" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{root / "site"}" exec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    (root / "submission").mkdir()
    (root / "submission_metadata.json").write_text('{"users": [{"email": "a@u.edu"}]}')
    return root


def graded(root, files):
    """Hand files in, run the script, and return what it wrote."""
    for old in (root / "submission").iterdir():
        old.unlink()
    for name, content in files.items():
        (root / "submission" / name).write_text(content)
    done = subprocess.run(
        ["bash", root / "source" / "run_autograder"],
        env={"PATH": "/usr/bin:/bin", "AUTOGRADER_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads((root / "results" / "results.json").read_text())


def test_a_notebook_of_right_answers_earns_every_point(root):
    solved = Path(__file__).parents[2] / "solutions" / "02_cross_correlation.ipynb"
    content = graded(root, {"lab.ipynb": solved.read_text(encoding="utf-8")})
    points = sum(one.points for one in bank.exercises(2))
    assert content["score"] == points == 33.0
    assert "seed 3" in content["tests"][-1]["output"]


def test_an_answer_that_is_partly_right_earns_its_part_beside_a_broken_file(root):
    content = graded(root, {"lab.py": PARTLY, "broken.ipynb": "{"})
    scores = {one["name"].split(":")[0]: one["score"] for one in content["tests"]}
    assert (scores["corr2d"], content["score"]) == (2.0, 2.0)
    assert content["output"].startswith("broken.ipynb: ")
    assert "too tall &lt;b&gt;for me" in content["tests"][2]["output"]


def test_nothing_handed_in_is_said_and_scores_nothing(root):
    content = graded(root, {})
    assert content["score"] == 0.0
    assert content["output"].startswith("No notebook (.ipynb) and no Python file")

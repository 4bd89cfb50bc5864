"""The autograder's zip: what is in it, that pip takes it, what its scripts do."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import pytest
import some_results as some

import coursekit
from coursekit.classroom.exports import autograder
from coursekit.classroom.exports.autograder import Settings


@pytest.fixture(scope="module")
def archive():
    return zipfile.ZipFile(io.BytesIO(autograder.archive(Settings(2, seed=3))))


@pytest.fixture
def root(tmp_path):
    """Make the folders of Gradescope."""
    for name in ("source", "submission", "results"):
        (tmp_path / name).mkdir()
    people = {"users": [{"email": "bob@u.edu"}, {"email": "ada@u.edu"}]}
    (tmp_path / "submission_metadata.json").write_text(json.dumps(people))
    return tmp_path


class Marker:
    """Gives for each file what was put down for it."""

    def __init__(self, **results):
        self.results, self.learners = results, []

    def mark(self, handed, *, learner):
        self.learners.append(learner)
        return self.results[handed.name]


def graded(root, marker):
    files = [SimpleNamespace(name=name) for name in marker.results]
    return json.loads(autograder.grade(root, Settings(2), files, marker))


def test_both_scripts_stand_at_the_top_and_can_be_run(archive):
    for name in ("setup.sh", "run_autograder"):
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        assert archive.getinfo(name).external_attr >> 16 == 0o755
    assert json.loads(archive.read("settings.json")) == {
        "lesson": 2,
        "seed": 3,
        "weak": False,
        "visibility": "visible",
        "leaderboard": False,
    }


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_are_right_for_bash(archive, name):
    done = subprocess.run(
        ["bash", "-n"], input=archive.read(name), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_torch_is_installed_only_for_a_lesson_that_needs_it(archive):
    assert archive.read("requirements.txt").startswith(b"numpy==")
    assert b"torch" not in archive.read("requirements.txt")
    seventh = zipfile.ZipFile(io.BytesIO(autograder.archive(Settings(7))))
    assert b"torch==" in seventh.read("requirements.txt")
    assert b"+" not in seventh.read("requirements.txt")


def test_the_same_settings_give_the_same_zip():
    assert autograder.archive(Settings(2)) == autograder.archive(Settings(2))


def test_pip_installs_the_wheel_without_building_or_downloading_it(archive, tmp_path):
    (wheel,) = [name for name in archive.namelist() if name.endswith(".whl")]
    archive.extract(wheel, tmp_path)
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "-q"]
    there = tmp_path / "site"
    subprocess.run([*pip, "--target", there, tmp_path / wheel], check=True)
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import coursekit; print(coursekit.__file__)"],
        env={"PYTHONPATH": str(there)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(there / "coursekit" / "__init__.py")
    (info,) = there.glob("*.dist-info")
    assert info.name == f"coursekit-{coursekit.__version__}.dist-info"


def test_the_wheel_lists_its_files_with_their_digests_and_no_cache(
    tmp_path, monkeypatch
):
    package = tmp_path / "coursekit"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__pycache__" / "a.pyc").write_bytes(b"cached")
    (package / "__init__.py").write_bytes(b"abc")
    monkeypatch.setattr(coursekit, "__file__", str(package / "__init__.py"))
    packed = zipfile.ZipFile(io.BytesIO(autograder.wheel()[1]))
    first, *others, record = packed.namelist()
    assert (first, len(others)) == ("coursekit/__init__.py", 2)
    assert packed.read(record).decode().splitlines()[0] == (
        "coursekit/__init__.py,"
        "sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3"  # of "abc", FIPS 180-2
    )


def test_those_who_hand_in_together_are_one_learner_in_any_order(root):
    marker = Marker(a=[some.PASSED])
    graded(root, marker)
    assert marker.learners == ["ada@u.edu and bob@u.edu"]
    (root / "submission_metadata.json").unlink()
    graded(root, marker)
    assert marker.learners[-1] == "learner"


def test_of_several_files_the_best_answer_counts(root):
    files = {
        "a": [some.PARTLY, some.FAULT],
        "b": [some.PASSED, some.LOST],
        "c": [some.MISCONCEPTION, some.UNREADABLE],
    }
    for order in ("abc", "cba"):
        content = graded(root, Marker(**{name: files[name] for name in order}))
        assert content["score"] == 4.0
        assert content["output"] == "ada/lab.ipynb: It is no notebook."
        assert "The server ended." not in content["tests"][0]["output"]


def test_an_empty_submission_says_what_to_hand_in(root):
    content = graded(root, Marker())
    assert content["score"] == 0.0
    assert "No notebook (.ipynb) and no Python file (.py)" in content["output"]


def test_a_file_that_cannot_be_read_leaves_the_others_their_points(root):
    odd = replace(some.UNREADABLE, file="b.ipynb")
    content = graded(root, Marker(a=[some.PASSED], b=[odd]))
    assert (content["score"], content["output"]) == (4.0, "b.ipynb: It is no notebook.")

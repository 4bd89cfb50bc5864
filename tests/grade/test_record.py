"""Progress survives crashes, damage, newer versions and other tools' files."""

import json
import os
import re

import pytest

from coursekit import bank
from coursekit.grade import check, progress, record
from coursekit.grade.findings import GroupResult
from coursekit.grade.verdict import Verdict


def verdict(status, earned, id="corr2d"):
    groups = tuple(GroupResult(f"g{n}", 1, int(n < earned), 1) for n in range(4))
    return Verdict(id, status, groups=groups, out_of=4)


@pytest.fixture
def path(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSEKIT_PROGRESS", str(path))
    record.create(path)
    return path


def test_the_best_result_is_kept(path):
    for status, earned in [("raised", 1), ("wrong here", 3), ("wrong here", 2)]:
        assert record.save(verdict(status, earned)) == ""
    assert record.read(path)["corr2d"]["points"] == 3
    record.save(verdict("passed", 4))
    record.save(verdict("misconception", 0))
    assert record.read(path)["corr2d"] == {
        "status": "passed",
        "points": 4.0,
        "out_of": 4.0,
    }


def test_what_is_not_an_attempt_is_not_recorded(path):
    record.save(verdict("not started", 0))
    record.save(Verdict("", "refused"))
    assert record.read(path) == {}


def test_an_answer_that_is_not_accepted_is_an_attempt(path):
    assert "own code" in repr(check(bank.load("corr2d").answer, "corr2d"))
    (row,) = [row for row in repr(progress(2)).splitlines() if " corr2d " in row]
    assert re.search(r" not accepted +0 of 4$", row)
    record.save(verdict("wrong here", 2))
    record.save(verdict("refused", 0))
    assert record.read(path)["corr2d"]["status"] == "wrong here"


def test_check_records_and_progress_shows(path):
    exercise = bank.load("corr2d_out_shape")
    assert check(lambda a, b: (1, 1), "corr2d_out_shape").note == ""
    assert check(lambda a, b: size(a, b), "corr2d_out_shape").passed
    shown = repr(progress())
    (row,) = [line for line in shown.splitlines() if exercise.title in line]
    assert re.search(rf" passed +{exercise.points:g} of {exercise.points:g}$", row)
    (total,) = [line for line in shown.splitlines() if " in all " in line]
    assert f" {exercise.points:g} of " in total
    assert len(total) == len(row)  # points end under the end of those above
    assert exercise.title in progress()._repr_html_()
    assert "No progress" not in shown


def size(a, b):
    return a[0] - b[0] + 1, a[1] - b[1] + 1


def test_a_crash_while_writing_leaves_the_old_file(path, monkeypatch):
    record.save(verdict("wrong here", 2))
    before = path.read_bytes()

    def crash(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", crash)
    note = record.save(verdict("passed", 4))
    assert note == (
        "Your progress was not saved in progress.json: No space left on device."
    )
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"coursekit progress": 1, "exerc',
        b"\x00\xff",
        b"[]",
        b'{"coursekit progress": 1}',
        b'{"coursekit progress": 1, "exercises": {"corr2d": 3}}',
        b'{"coursekit progress": "one", "exercises": {}}',
    ],
)
def test_a_damaged_file_is_set_aside_and_said(path, content):
    path.write_bytes(content)
    note = record.save(verdict("wrong here", 2))
    assert "was set aside as progress.damaged.json" in note
    assert (path.parent / "progress.damaged.json").read_bytes() == content
    assert record.read(path)["corr2d"]["points"] == 2
    path.write_bytes(content)
    assert "progress.damaged-2.json" in repr(progress())


def test_a_file_of_a_newer_course_is_left_alone(path):
    content = json.dumps({"coursekit progress": 2, "exercises": {}})
    path.write_text(content, encoding="utf-8")
    note = record.save(verdict("passed", 4))
    assert "written by a newer coursekit (format 2, this one knows 1)" in note
    assert path.read_text(encoding="utf-8") == content
    assert "newer coursekit" in repr(progress())


def test_progress_is_found_in_a_folder_above(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSEKIT_PROGRESS")
    inner = tmp_path / "work" / "exercises"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert record.find() is None
    record.create(tmp_path / "work" / "progress.json")
    assert record.find() == tmp_path / "work" / "progress.json"
    (inner / "progress.json").write_text('{"of": "another tool"}', encoding="utf-8")
    assert record.find() == tmp_path / "work" / "progress.json"
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")
    assert record.find() is None


def test_a_file_that_exists_is_not_created_again(path):
    record.save(verdict("passed", 4))
    record.create(path)
    assert "corr2d" in record.read(path)


def test_the_file_is_the_same_on_every_platform(path):
    record.save(verdict("passed", 4))
    assert path.read_bytes() == (
        b'{\n "coursekit progress": 1,\n "exercises": {\n  "corr2d": {\n'
        b'   "out_of": 4.0,\n   "points": 4.0,\n   "status": "passed"\n  }\n }\n}\n'
    )

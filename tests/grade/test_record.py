"""Progress survives crashes, damage, newer versions and other tools' files."""

import os
import random
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from urllib.parse import unquote

import pytest

from benchmarks import bench_progress
from coursekit import bank, ipynb
from coursekit.grade import check, progress, record, solution
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
    assert record.read(path).results["corr2d"]["points"] == 3
    record.save(verdict("passed", 4))
    record.save(verdict("misconception", 0))
    assert record.read(path).results["corr2d"] == {
        "status": "passed",
        "points": 4.0,
        "out_of": 4.0,
    }


def test_what_is_not_an_attempt_is_not_recorded(path):
    record.save(verdict("not started", 0))
    record.save(Verdict("", "refused"))
    assert record.read(path).results == {}


def test_an_answer_that_is_not_accepted_is_an_attempt(path):
    assert "own code" in repr(check(bank.load("corr2d").answer, "corr2d"))
    (row,) = [row for row in repr(progress(2)).splitlines() if " corr2d " in row]
    assert re.search(r" not accepted +15 +0 of 4$", row)
    record.save(verdict("wrong here", 2))
    record.save(verdict("refused", 0))
    assert record.read(path).results["corr2d"]["status"] == "wrong here"


def test_check_records_and_progress_shows(path):
    exercise = bank.load("corr2d_out_shape")
    assert check(lambda a, b: (1, 1), "corr2d_out_shape").note == ""
    assert check(lambda a, b: size(a, b), "corr2d_out_shape").passed
    shown = repr(progress())
    (row,) = [line for line in shown.splitlines() if exercise.title in line]
    assert re.search(rf" passed +5 +{exercise.points:g} of {exercise.points:g}$", row)
    (total,) = [line for line in shown.splitlines() if " in all " in line]
    assert f" {exercise.points:g} of " in total
    assert len(total) == len(row)  # points end under the end of those above
    assert exercise.title in progress()._repr_html_()
    assert "No progress" not in shown


def size(a, b):
    return a[0] - b[0] + 1, a[1] - b[1] + 1


def test_the_course_s_solution_is_shown_once_one_s_own_has_passed(path):
    assert repr(solution("corr2d")).startswith(
        "No solution of corr2d yet\nPass it first: check(corr2d)."
    )
    record.save(verdict("failed", 1))
    assert "def corr2d" not in repr(solution("corr2d"))
    record.save(verdict("passed", 3))
    shown = solution("corr2d")._repr_markdown_()
    assert bank.load("corr2d").solution_source in shown
    assert "yours may be just as right" in shown
    assert "def corr1d" not in repr(solution("corr1d"))
    assert repr(solution("corr3d")).startswith("No solution\n")


def test_without_a_progress_file_no_solution_is_shown_and_that_is_said(monkeypatch):
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")
    assert "No progress is kept here" in repr(solution("corr2d"))


def test_a_crash_while_writing_leaves_the_old_file(path, monkeypatch):
    record.save(verdict("wrong here", 2))
    before = path.read_bytes()

    def crash(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", crash)
    note = record.save(verdict("passed", 4))
    assert note == (
        "This result was not recorded: progress.json: No space left on device. Mend "
        "that, then check again."
    )
    assert path.read_bytes() == before
    assert [one for one in path.parent.iterdir() if one.suffix != ".lock"] == [path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(300),
        b'{\n "coursekit pro',
        b'{"coursekit progress": 1, "exerc',
        b'{"coursekit progress": 1}',
        b'{"coursekit progress": 1, "exercises": []}',
        b'{"coursekit progress": "one", "exercises": {}}',
        b'{"coursekit progress": 1, "exercises": {"a": ' + b"[" * 100_000,
        b'{"coursekit progress": 1, "exercises": \xff\xfe}',
    ],
)
def test_a_damaged_file_is_set_aside_and_a_new_one_started_at_once(path, content):
    path.write_bytes(content)
    assert "Your next check sets it aside" in repr(progress())
    assert path.read_bytes() == content
    note = record.save(verdict("wrong here", 2))
    assert "was set aside as progress.damaged.json, and a new one was" in note
    assert (path.parent / "progress.damaged.json").read_bytes() == content
    assert record.save(verdict("passed", 4, "pad2d")) == ""
    assert set(record.read(path).results) == {"corr2d", "pad2d"}
    path.write_bytes(content)
    assert "progress.damaged-2.json" in record.save(verdict("wrong here", 2))


@pytest.mark.parametrize(
    "entry",
    [
        "3",
        "null",
        '{"status": "passed"}',
        '{"status": 7, "points": 1, "out_of": 4}',
        '{"status": "\\u001b[31m", "points": 1, "out_of": 4}',
        '{"status": "passed", "points": -1, "out_of": 4}',
        '{"status": "passed", "points": NaN, "out_of": 4}',
        '{"status": "passed", "points": 4, "out_of": Infinity}',
        f'{{"status": "passed", "points": {"9" * 5000}, "out_of": 4}}',
    ],
    ids=range(9),
)
def test_a_bad_entry_costs_no_other_result(path, entry):
    good = '{"status": "passed", "points": 4, "out_of": 4, "more": [1]}'
    entries = f'{{"conv2d": {entry}, "of_another_course": {good}, "pad2d": {good}}}'
    text = f'{{"exercises": {entries}, "coursekit progress": 1}}'
    path.write_text(text, encoding="utf-8")
    assert "1 of the results could not be read" in repr(progress(3))
    note = record.save(verdict("passed", 4))
    assert "1 of the results in progress.json could not be read" in note
    kept, spoilt = record.read(path)
    assert (set(kept), spoilt) == ({"corr2d", "of_another_course", "pad2d"}, 0)
    assert (path.parent / "progress.damaged.json").read_text("utf-8") == text
    assert record.save(verdict("passed", 4, "conv2d")) == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_an_editor_puts_before_the_text_costs_nothing(path, encoding):
    record.save(verdict("passed", 4))
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert record.save(verdict("passed", 4, "pad2d")) == ""
    assert set(record.read(path).results) == {"corr2d", "pad2d"}


def test_points_are_shown_up_to_what_the_exercise_gives(path):
    record.save(Verdict("corr2d", "passed", out_of=9, groups=verdict("", 4).groups * 9))
    (row,) = [row for row in progress(2).rows if row.id == "corr2d"]
    assert (row.points, row.out_of) == (4, 4)


@pytest.mark.parametrize(
    "content",
    [b"{}", b"[]", b'{"of": "another"}', b"\x00\xff", b" " * (1 << 20) + b"."],
)
def test_another_program_s_file_is_let_alone_and_said(path, content):
    path.write_bytes(content)
    others = set(path.parent.iterdir())
    note = record.save(verdict("passed", 4))
    assert note.startswith("This result was not recorded: progress.json ")
    assert re.search(r"not written by coursekit|has 1048577 bytes", note)
    assert "Rename it, then check again." in note
    assert path.read_bytes() == content
    assert set(path.parent.iterdir()) == others
    assert "Rename it" in repr(progress())


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_neither_opened_nor_moved(path, make):
    path.unlink()
    make(path)
    before = path.lstat()
    others = set(path.parent.iterdir())
    note = record.save(verdict("passed", 4))
    assert re.search(r"not recorded: progress.json is a (folder|pipe), not a f", note)
    assert path.lstat()[:3] == before[:3]
    assert set(path.parent.iterdir()) == others
    assert "Move it away" in repr(progress())


def test_a_link_stays_one_and_its_target_is_written(path, tmp_path):
    real = tmp_path / "elsewhere" / "mine.json"
    real.parent.mkdir()
    os.replace(path, real)
    path.symlink_to(real)
    record.save(verdict("wrong here", 2))
    real.write_bytes(b'{"coursekit progress": 1, "exerc')
    assert "set aside as mine.damaged.json" in record.save(verdict("passed", 4))
    assert path.is_symlink()
    assert not real.is_symlink()
    assert "corr2d" in record.read(real).results
    real.unlink()
    assert record.save(verdict("passed", 4)) == ""
    assert "corr2d" in record.read(real).results


def test_a_file_that_may_only_be_read_is_not_replaced(path):
    before = path.read_bytes()
    path.chmod(0o444)
    note = record.save(verdict("passed", 4))
    assert "not recorded: progress.json: the file may only be read. Mend" in note
    assert path.read_bytes() == before


def test_what_nobody_foresaw_does_not_cost_the_verdict(path, monkeypatch):
    monkeypatch.setattr(record, "as_bytes", lambda _: 1 / 0)
    said = check(lambda a, b: size(a, b), "corr2d_out_shape")
    assert said.passed
    assert said.note.startswith("This result was not recorded: ZeroDivisionError")


def test_a_busy_record_keeps_nobody_waiting_and_loses_nothing(path, monkeypatch):
    monkeypatch.setattr(record, "PATIENCE", 0)
    record.save(verdict("wrong here", 1))
    with record._locked(path):
        assert record.save(verdict("wrong here", 2)) == ""
        assert record.save(verdict("passed", 4, "pad2d")) == ""
    assert "pad2d" not in path.read_text(encoding="utf-8")
    assert record.read(path).results["corr2d"]["points"] == 2
    assert " passed " in repr(progress(4))
    record.save(verdict("passed", 4, "conv2d"))
    assert '"pad2d"' in path.read_text(encoding="utf-8")
    assert {one.suffix for one in path.parent.iterdir()} == {".json", ".lock"}


def test_where_there_are_no_locks_results_are_kept_all_the_same(path, monkeypatch):
    def none(path):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(record, "_locked", none)
    for id in ("corr2d", "pad2d"):
        assert record.save(verdict("passed", 4, id)) == ""
    assert set(record.read(path).results) == {"corr2d", "pad2d"}


@pytest.mark.parametrize("entries", ["{}", '{"corr2d": 3}', "[]", "{"])
def test_a_file_of_a_newer_course_is_left_alone(path, entries):
    content = f'{{"coursekit progress": 2, "exercises": {entries}}}'
    path.write_text(content, encoding="utf-8")
    note = record.save(verdict("passed", 4))
    assert note.startswith("This result was not recorded: progress.json was written")
    assert "written by a newer coursekit (format 2, this one knows 1)" in note
    assert path.read_text(encoding="utf-8") == content
    assert "newer coursekit" in repr(progress())


# As learners work: in a copy that `coursekit lab` makes, with no variable set


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSEKIT_PROGRESS")
    work = bench_progress.make_work(tmp_path / "work")
    monkeypatch.chdir(work / "exercises")
    return work


def test_progress_is_found_in_a_folder_above(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSEKIT_PROGRESS")
    inner = tmp_path / "work" / "exercises"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert record.find() is None
    record.create(tmp_path / "work" / "progress.json")
    assert record.find() == tmp_path / "work" / "progress.json"
    for other in ('{"of": "another tool"}', ""):
        (inner / "progress.json").write_text(other, encoding="utf-8")
        assert record.find() == tmp_path / "work" / "progress.json"
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")
    assert record.find() is None


@pytest.mark.parametrize("content", [None, b"", b'{\n "cour', b"\0" * 9])
def test_a_work_folder_is_known_without_its_record(work, content):
    (work / "progress.json").unlink()
    if content is not None:
        (work / "progress.json").write_bytes(content)
    assert record.find() == work / "progress.json"
    assert bool(record.save(verdict("passed", 4))) == (content is not None)
    assert "corr2d" in record.read(work / "progress.json").results


def test_outside_a_work_folder_a_check_says_that_it_is_not_recorded(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("COURSEKIT_PROGRESS")
    for place in (tmp_path, Path(bench_progress.COURSE, "exercises")):
        monkeypatch.chdir(place)
        said = check(lambda a, b: size(a, b), "corr2d_out_shape")
        assert said.passed
        assert said.note == (
            "This result was not recorded: this is no work folder. `coursekit lab` "
            "opens one."
        )
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")
    assert check(lambda a, b: size(a, b), "corr2d_out_shape").note == ""


def test_a_folder_that_is_gone_costs_no_verdict(tmp_path):
    code = """
    import os, sys
    from coursekit.grade import check, progress
    os.environ.pop("COURSEKIT_PROGRESS")
    os.rmdir(os.getcwd())
    print(check(lambda a, b: (a[0] - b[0] + 1, a[1] - b[1] + 1), "corr2d_out_shape"))
    print(progress(2))
    """
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)],
        cwd=gone, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("corr2d_out_shape: passed")
    assert done.stdout.count("the folder that this runs in is gone.") == 2


def test_processes_that_save_at_once_lose_nothing(work):
    lines = bench_progress.crowd(work, 6, 5)
    assert len(lines) == 30
    assert bench_progress.lost(work, lines) == []
    assert [note for _, _, *note in lines if note] == []


def test_a_process_that_is_killed_loses_nothing_that_it_said_to_be_saved(work):
    rng = random.Random(0)
    for number in range(3):
        lines = bench_progress.killed(work, f"k{number}", rng)
        assert lines
        assert bench_progress.lost(work, lines) == []
    assert record.save(verdict("passed", 4)) == ""
    assert {one.suffix for one in work.glob(".*")} == {".lock"}


def test_progress_leads_to_each_exercise(work):
    html = progress()._repr_html_()
    links = re.findall(r'<a href="([^"#]+)#([^"]+)">(\w+)</a>', html)
    assert [id for _, _, id in links] == [one.id for one in bank.exercises()]
    headings = {}
    for page, anchor, id in links:
        cells = ipynb.read(Path(page))["cells"]
        headings[id] = next(c for c in cells if c["id"] == f"{id}-prompt")["source"]
        head = "".join(headings[id]).splitlines()[0]
        assert unquote(anchor) == head.removeprefix("## ").replace(" ", "-")


def test_progress_sums_up_each_lesson_and_says_what_comes_next(work):
    for one in bank.exercises(1):
        record.save(verdict("passed", 4, one.id))
    shown = progress()
    lines = repr(shown).splitlines()
    (first,) = [line for line in lines if "  lesson 1  " in line]
    assert re.search(r" 8 of 8 passed +1 h 24 min +23 of 23$", first)
    assert sum("  lesson " in line for line in lines) == 7
    assert lines[-1] == "Next: `corr1d`, 'Slide a kernel along a signal', in lesson 2."
    assert "<code>corr1d</code>" in shown._repr_html_()
    assert repr(progress(1)).endswith("\nAll of them are solved.")


def test_progress_can_leave_out_what_is_solved(work):
    record.save(verdict("passed", 4, "corr1d"))
    shown = repr(progress(2, unsolved=True))
    assert "  corr1d " not in shown
    assert "  corr2d " in shown
    assert "1 of 10 passed" in shown


@pytest.mark.parametrize("lesson", [0, 99, "x", -1])
def test_progress_of_a_lesson_that_does_not_exist_is_a_sentence(lesson):
    said = f"There is no lesson {lesson!r}. There are: 1, 2, 3, 4, 5, 6, 7."
    assert repr(progress(lesson)) == said
    assert "<table" not in progress(lesson)._repr_html_()


def test_a_file_that_exists_is_not_created_again(path):
    record.save(verdict("passed", 4))
    record.create(path)
    assert "corr2d" in record.read(path).results


def test_the_file_is_the_same_on_every_platform(path):
    record.save(verdict("passed", 4))
    assert path.read_bytes() == (
        b'{\n "coursekit progress": 1,\n "exercises": {\n  "corr2d": {\n'
        b'   "out_of": 4.0,\n   "points": 4.0,\n   "status": "passed"\n  }\n }\n}\n'
    )

"""Results survive kill -9, cut lines, two writers and newer versions."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from coursekit import bank
from coursekit.classroom import results
from coursekit.classroom.result import LARGEST, NoResult, from_line, key, to_line
from coursekit.classroom.results import NAME, Result, Store, StoreUnusable
from coursekit.grade.findings import Failure
from coursekit.grade.judge import judge
from coursekit.grade.key import AnswerKey, answer_calls
from coursekit.grade.report import as_html, as_text
from coursekit.grade.verdict import Verdict
from coursekit.runner.run import Error, Frame


def result(learner="ada", exercise="corr2d", points=3.0, **more):
    told = {
        "file": f"{learner}/{exercise}.ipynb",
        "submission": "1f" * 32,
        "bank": "2e" * 32,
        "seed": "class 0",
        "status": "passed" if points else "wrong here",
        "out_of": 3.0,
        **more,
    }
    return Result(learner=learner, exercise=exercise, points=points, **told)


def add(folder, *several):
    with Store(folder) as store:
        store.append(several)


def lines(folder):
    return (folder / NAME).read_bytes().splitlines(keepends=True)


def judged(exercise, function):
    calls = AnswerKey(exercise, 3)
    outcomes = answer_calls(exercise, function, calls.calls)
    return judge(calls, outcomes, "pass")


def with_findings(findings):
    return result(
        exercise=findings.id,
        status=findings.status,
        points=findings.points,
        out_of=findings.out_of,
        findings=findings,
    )


# The record and its line


@pytest.mark.parametrize(
    "id", ["corr2d", "out_len", "max_pool2d", "softmax_cross_entropy"]
)
def test_a_verdict_is_drawn_the_same_from_its_line(id):
    exercise = bank.load(id)
    for function in (exercise.answer, *(wrong.function for wrong in exercise.wrongs)):
        before = judged(exercise, function)
        line = to_line(with_findings(before))
        after = from_line(line)
        assert as_html(after.findings) == as_html(before)
        assert repr(after.findings) == as_text(before)
        assert to_line(after) == line


def test_an_error_comes_back_with_its_lines():
    frames = (Frame("corr2d", 3, "return corr2d(x)"),) * 900 + (Frame("f", 9, "1/0"),)
    error = Error(("ZeroDivisionError", "ArithmeticError"), "by zero", frames, True)
    exercise = bank.load("corr2d")
    before = judged(exercise, lambda x, k: 1 / 0)
    before = replace(before, failure=replace(before.failure, error=error))
    line = to_line(with_findings(before))
    assert from_line(line).findings.failure.error == error
    assert len(line) < 4000  # a recursion writes its line once


def test_every_line_is_one_object_of_the_same_keys_and_plain_ascii():
    odd = result("Zoë\n\udcff", problem="a\u2028b", status="not graded", points=0)
    for one in (odd, result(when=1.5, late=True, ids=("7",), notes=("a", "b"))):
        line = to_line(one)
        entry = json.loads(line.decode("ascii"))
        assert list(entry) == ["format", *Result.__dataclass_fields__]
        assert line.count(b"\n") == 1
        assert from_line(line) == one


@pytest.mark.parametrize("size", [100, 40_000])
def test_arrays_that_are_too_large_are_left_out_with_a_note(size):
    verdict = judged(bank.load("corr2d"), lambda x, k: x)
    large = np.zeros((size, 10))
    shown = replace(verdict.failure, args={"x": large, "k": large}, value=large)
    before = with_findings(replace(verdict, failure=shown))
    line = to_line(before)
    after = from_line(line).findings
    assert len(line) <= LARGEST
    left_out = "The arrays of this call were too large to be kept."
    assert (left_out in as_text(after)) == (left_out in as_html(after)) == (size > 100)
    assert after.failure.difference == before.findings.failure.difference
    assert after.groups == before.findings.groups
    if size > 100:
        assert "with x = array of shape (40000, 10) and k = array" in as_text(after)


def test_words_that_are_too_many_are_left_out_with_a_note():
    verdict = Verdict(
        "corr2d", "raised", failure=Failure("g", "k", printed="a" * 10**5)
    )
    huge = replace(with_findings(verdict), problem="b" * 10**5, notes=("c" * 10**5,))
    line = to_line(huge)
    after = from_line(line)
    assert len(line) < LARGEST
    assert after.key == huge.key
    assert after.findings is None
    assert after.notes == ("The details of this result were too large to be kept.",)


def test_numbers_that_are_none_are_not_written():
    with pytest.raises(ValueError, match="Out of range float"):
        to_line(result(points=float("nan")))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"{", b"[", "it is no JSON"),
        (b'"points":3.0', b'"points":NaN', "its points is 'nan'"),
        (b'"points":3.0', b'"points":true', "its points is 'True'"),
        (b'"late":false', b'"late":0', "its late is '0'"),
        (b'"notes":[]', b'"notes":[1]', "its notes is"),
        (b'"learner":"ada"', b'"learner":null', "its learner is 'None'"),
        (b'"learner"', b'"teacher"', "it is no result"),
        (b'"findings":null', b'"findings":"[1"', "its findings cannot be read"),
        (b'"findings":null', b'"findings":"3"', "its findings cannot be read"),
        (b'"format":1', b'"format":2', "its format is 2, this one knows 1"),
        (b'"format":1', b'"format":"1"', "it is no result"),
    ],
)
def test_a_line_that_says_something_else_is_told_apart(old, new, why):
    line = to_line(result())
    assert old in line
    with pytest.raises(NoResult, match=why):
        from_line(line.replace(old, new, 1))


def test_the_key_is_known_before_grading_and_names_all_that_decides():
    one = result()
    assert one.key == key(*one.place, one.bank, one.seed)
    for name in ("learner", "file", "submission", "exercise", "bank", "seed"):
        assert replace(one, **{name: "another"}).key != one.key
    assert replace(one, points=0.0, status="raised").key == one.key


# The store


def test_what_was_added_is_there_and_the_same_again_gives_no_second_line(tmp_path):
    one, other = result(), result("bob", points=0.0)
    add(tmp_path, other, one)
    add(tmp_path, one, replace(other, when=5.0))
    store = Store(tmp_path)
    assert list(store) == [one, other]  # by learner
    assert len(store) == len(lines(tmp_path)) == 2
    assert store.known(one.key) == one
    assert store.known("another") is None
    assert store.notes == []


def test_a_later_line_of_the_same_answer_counts_and_the_former_is_kept(tmp_path):
    old, new = result(points=0.0), result(points=3.0, bank="mended")
    add(tmp_path, old)
    add(tmp_path, new)
    store = Store(tmp_path)
    assert list(store) == [new]
    assert store.known(old.key) is None
    assert list(store.history()) == [old, new]
    add(tmp_path, old)  # the mend is taken back
    assert list(Store(tmp_path)) == [old]


def test_what_could_not_be_graded_gives_way_and_takes_no_place(tmp_path):
    failed = result(points=0.0, status="not graded", problem="the server died")
    add(tmp_path, failed)
    add(tmp_path, failed)
    assert len(lines(tmp_path)) == 1
    add(tmp_path, result())
    add(tmp_path, failed)
    assert list(Store(tmp_path)) == [result()]
    assert len(lines(tmp_path)) == 2


def test_the_latest_is_what_was_handed_in_last(tmp_path):
    early = result(submission="1", file="b.ipynb", when=1.0)
    last = result(submission="2", file="a.ipynb", when=2.0, points=0.0)
    lacks = result(submission="3", file="c.ipynb", when=3.0, status="missing")
    add(tmp_path, last, early, lacks, result("bob", when=None))
    latest = Store(tmp_path).latest()
    assert latest["ada", "corr2d"] == last
    assert set(latest) == {("ada", "corr2d"), ("bob", "corr2d")}


def test_a_file_that_got_its_former_content_back_counts_as_that(tmp_path):
    first, second = result(submission="1"), result(submission="2")
    for one in (first, second):
        add(tmp_path, one)
    assert Store(tmp_path).latest()["ada", "corr2d"] == second
    assert Store(tmp_path).known(first.key) is None
    add(tmp_path, first)
    assert Store(tmp_path).latest()["ada", "corr2d"] == first
    assert list(Store(tmp_path)) == [second, first]


def test_the_order_does_not_depend_on_who_was_graded_first(tmp_path):
    several = [result(who, what) for who in "cab" for what in ("y", "x")]
    add(tmp_path / "one", *several)
    add(tmp_path / "two", *reversed(several))
    assert list(Store(tmp_path / "one")) == list(Store(tmp_path / "two"))


def test_findings_are_left_out_where_nobody_looks(tmp_path):
    one = with_findings(judged(bank.load("corr2d"), lambda x, k: x))
    add(tmp_path, one)
    (brief,) = Store(tmp_path).results(findings=False)
    assert brief == replace(one, findings=None)


# Damage, crashes, crowds


@pytest.mark.parametrize("cut", [1, 30, -1])
def test_a_last_line_that_was_cut_off_is_set_aside_and_told(tmp_path, cut):
    one, other = result(), result("bob")
    add(tmp_path, one, other)
    whole = (tmp_path / NAME).read_bytes()
    kept = lines(tmp_path)[0]
    part = whole[: len(kept) + cut] if cut > 0 else whole[:cut]
    (tmp_path / NAME).write_bytes(part)
    assert list(Store(tmp_path)) == [one]  # a reader changes nothing
    assert (tmp_path / NAME).read_bytes() == part
    with Store(tmp_path) as store:
        assert store.notes == [
            "the last line of results.jsonl was cut off. It was set aside as "
            "results.cut.jsonl; what it said is graded again."
        ]
        assert (tmp_path / NAME).read_bytes() == kept
        assert (tmp_path / "results.cut.jsonl").read_bytes() == part[len(kept) :]
        store.append([other])
    assert (tmp_path / NAME).read_bytes() == whole


@pytest.mark.parametrize(
    "junk", [b"junk\n", b"\xff\0" * 99_999 + b"\n", b"{}\n", b"\n"]
)
def test_a_line_of_junk_is_left_out_and_told(tmp_path, junk):
    add(tmp_path, result(), result("bob"))
    first, second = lines(tmp_path)
    (tmp_path / NAME).write_bytes(first + junk + second)
    with Store(tmp_path) as store:
        store.append([result("eve")])
        assert [one.learner for one in store] == ["ada", "bob", "eve"]
        (note,) = store.notes
        assert note.startswith("line 2 of results.jsonl is left out: it is no ")
    assert [one.learner for one in Store(tmp_path)] == ["ada", "bob", "eve"]


def test_a_newer_file_is_refused_and_let_alone(tmp_path):
    add(tmp_path, result())
    newer = lines(tmp_path)[0].replace(b'"format":1', b'"format":7')
    (tmp_path / NAME).write_bytes(newer)
    message = (
        "line 1 of results.jsonl was written by a newer coursekit: its format is 7, "
        r"this one knows 1\. Update coursekit\."
    )
    for _ in range(2):  # the lock is free again
        with pytest.raises(StoreUnusable, match=message), Store(tmp_path):
            pass
    assert (tmp_path / NAME).read_bytes() == newer


@pytest.mark.parametrize("content", [b"a,b\n", b"{}", b"\0" * 9, b'{"form": 1}\n'])
def test_another_program_s_file_is_refused_and_let_alone(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(StoreUnusable, match=r"not written by coursekit\. Rename it"):
        Store(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(StoreUnusable, match=r"results\.jsonl is a folder, not a file"):
        Store(tmp_path)


def test_a_second_writer_is_refused_and_readers_are_not(tmp_path):
    folder = tmp_path / "week 3"
    message = r"another process is grading into week 3/\. Wait until it has ended"
    with Store(folder) as store:
        store.append([result()])
        with pytest.raises(StoreUnusable, match=message), Store(folder):
            pass
        assert list(Store(folder)) == [result()]
        assert python(folder, "Store(folder).__enter__()").startswith("StoreUnusable")
    add(folder, result("bob"))


def test_a_store_that_was_opened_for_reading_is_not_added_to(tmp_path):
    with pytest.raises(ValueError, match="inside `with Store"):
        Store(tmp_path).append([result()])
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_leaves_whole_lines(tmp_path, monkeypatch):
    add(tmp_path, result())
    before = (tmp_path / NAME).read_bytes()
    real = results.os.write

    def half(descriptor, content):
        if len(content) < 300:
            raise OSError(28, "No space left on device")
        return real(descriptor, content[: len(content) // 2])

    with Store(tmp_path) as store:
        monkeypatch.setattr(results.os, "write", half)
        with pytest.raises(OSError, match="No space left"):
            store.append([result("bob"), result("eve")])
        monkeypatch.undo()
        assert (tmp_path / NAME).read_bytes() == before
        assert list(store) == [result()]
        store.append([result("bob")])
    assert list(Store(tmp_path)) == [result(), result("bob")]


HEAD = """
    import sys
    from dataclasses import replace
    from pathlib import Path
    from coursekit.classroom.results import Result, Store, StoreUnusable
    folder = Path(sys.argv[1])
    one = Result("ada", "a", "1", "corr2d", "2", "3", "passed", 3.0, 3.0)
"""
KILLED = """
    with Store(folder) as store:
        first = len(store)
        for number in range(first, first + 10**6):
            several = [replace(one, learner=f"{number}", file=f) for f in "xyz"]
            store.append(several)
            print(number, flush=True)
"""


def started(folder: Path, code: str) -> subprocess.Popen:
    text = dedent(HEAD) + dedent(code)
    command = [sys.executable, "-c", text, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def python(folder, code):
    guarded = (
        f"\ntry:\n    {code}\nexcept StoreUnusable as e: print(type(e).__name__, e)"
    )
    out, errors = started(folder, guarded).communicate()
    assert not errors, errors
    return out.decode()


@pytest.mark.thorough
def test_all_that_was_acknowledged_outlives_kill_9_at_20_moments(tmp_path):
    draw = random.Random(12)
    said: list[str] = []
    for _ in range(20):
        process = started(tmp_path, KILLED)
        for _ in range(draw.randrange(1, 40)):
            said.append(process.stdout.readline().decode().strip())
        process.kill()
        rest = process.communicate()[0].decode().split()
        assert process.returncode == -9
        said += rest
        there = {(one.learner, one.file) for one in Store(tmp_path)}
        assert there >= {(number, file) for number in said for file in "xyz"}
    with Store(tmp_path) as store:
        assert len(store) == len(lines(tmp_path))
        assert all(line.endswith(b"\n") for line in lines(tmp_path))
    assert len(said) == len(set(said)) > 20


def test_a_reader_makes_no_folder(tmp_path):
    assert list(Store(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()

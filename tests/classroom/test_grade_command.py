"""`coursekit grade`, as an instructor types it: what it writes, refuses and says."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from a_class import COURSE, DAMAGED, hand_in

from coursekit import bank, cli
from coursekit.classroom.results import Store

COUNT, FEW = 30, 6
PAGES = {"grades.csv", "report.html", "report.txt", "feedback", "results.jsonl"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of thirty, graded by the command line, and what that said."""
    folder = tmp_path_factory.mktemp("class")
    hand_in(folder / "handed in", COUNT)
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", "grade", "handed in", "--workers", "8"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(COURSE), "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    return folder, done


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A class of six, graded."""
    folder = tmp_path_factory.mktemp("small")
    hand_in(folder / "handed in", FEW)
    out = str(folder / "results")
    assert cli.main(["grade", str(folder / "handed in"), "--out", out]) == 0
    return folder


@pytest.fixture
def here(small, tmp_path, monkeypatch):
    """A copy of the small class, where the test may do as it likes."""
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def grade(here, capsys):
    """Grade again and return exit status, output and complaints."""

    def run(*words: object):
        try:
            code = cli.main(["grade", "handed in", *map(str, words)])
        except SystemExit as wrong:
            code = wrong.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def rows(folder: Path = Path("results")) -> dict[str, dict[str, str]]:
    text = (folder / "grades.csv").read_text(encoding="utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def lines() -> bytes:
    return Path("results/results.jsonl").read_bytes()


# The first time


def test_a_class_is_graded_by_one_command(graded):
    folder, done = graded
    assert (done.returncode, done.stderr) == (0, "")
    assert "Grades, feedback and a report: results" in done.stdout
    results = folder / "results"
    assert {*PAGES, "class.secret"} == {
        one.name for one in results.iterdir() if one.name[0] != "."
    }
    table = rows(results)
    assert len(table) == COUNT
    assert all(
        0 < float(row["total"]) <= float(row["out of"]) for row in table.values()
    )
    pages = {one.name for one in (results / "feedback").iterdir()}
    assert pages == {f"{learner}.html" for learner in table}
    assert len(Store(results)) == COUNT * len(bank.exercises(2))


def test_one_worker_gives_the_same_bytes_as_eight(graded, tmp_path, capsys):
    folder, _ = graded
    eight, one = folder / "results", tmp_path / "one"
    one.mkdir()
    shutil.copy(eight / "class.secret", one)
    words = ["grade", str(folder / "handed in"), "--out", str(one), "--workers", "1"]
    assert cli.main(words) == 0
    files = [place.relative_to(eight) for place in eight.rglob("[!.]*.*")]
    assert len(files) == COUNT + 5
    for file in files:
        assert (one / file).read_bytes() == (eight / file).read_bytes(), file


def test_what_cannot_be_read_gets_a_line_and_the_others_their_grades(grade, here):
    (here / "handed in" / DAMAGED).write_text('{"cells": [', encoding="utf-8")
    code, _, said = grade("--resume", "--only-learner", "zoe")
    assert (code, said) == (1, "1 not graded: grades.csv says why.\n")
    table = rows()
    assert len(table) == FEW + 1
    assert table["zoe"]["total"] == "0"
    assert table["zoe"]["notes"].startswith(f"{DAMAGED}: The file is cut off")
    assert (here / "results" / "feedback" / "zoe.html").is_file()


def test_a_notebook_that_was_mended_loses_its_reproach(grade, here):
    file = here / "handed in" / DAMAGED
    file.write_text('{"cells": [', encoding="utf-8")
    assert grade("--resume", "--only-learner", "zoe")[0] == 1
    shutil.copy(min((here / "handed in").glob("learner*")), file)
    assert grade("--resume", "--only-learner", "zoe")[0] == 0
    assert rows()["zoe"]["notes"] == ""


def test_results_that_are_there_are_not_graded_twice(grade):
    before = lines()
    code, _, said = grade()
    assert code == 1
    assert re.search(r"^results holds 60 results\. .* say --resume; .*--again", said)
    assert lines() == before


def test_resume_grades_what_has_no_result(grade, here):
    before = lines()
    assert grade("--resume")[0] == 0
    assert lines() == before
    cut = before.splitlines(keepends=True)[:-7]
    Path("results/results.jsonl").write_bytes(b"".join(cut))
    assert grade("--resume")[0] == 0
    assert sorted(lines().splitlines()) == sorted(before.splitlines())


# Again


def test_after_an_exercise_was_mended_that_one_alone_is_run_again(grade, here):
    own = here / "mine"
    own.mkdir()
    exercise = bank.load("corr1d")
    text = re.sub(r"points=(\d)", r"points=2 * \1", exercise.text)
    (own / exercise.path.name).write_text(text, encoding="utf-8")
    before, old = lines(), rows()
    code, said, _ = grade("--again", "--dry-run", "--bank", own)
    assert code == 0
    assert f"{FEW} answers would be graded; nothing was kept." in said
    assert re.search(r"^learner00 +corr1d +3 -> 6 ", said, re.M)
    assert (lines(), rows()) == (before, old)
    code, again, _ = grade("--again", "--bank", own)
    assert code == 0
    assert said.partition("\n")[2].strip() in again
    added = lines().removeprefix(before).splitlines()
    assert len(added) == FEW
    assert all(b'"exercise":"corr1d"' in one for one in added)
    for learner, row in rows().items():
        assert float(row.pop("corr1d") or 0) == 2 * float(
            old[learner].pop("corr1d") or 0
        )
        for changed in ("total", "out of"):
            del row[changed], old[learner][changed]
        assert row == old[learner]


def test_a_dry_run_with_nothing_to_compare_says_so_and_makes_nothing(grade, here):
    code, _, said = grade("--out", "none", "--again", "--dry-run")
    assert code == 1
    assert said.startswith(
        "none holds no results, so there is nothing to compare with."
    )
    assert not (here / "none").exists()


def test_another_policy_is_seen_before_it_counts_and_stays(grade, here):
    policy = here / "half.toml"
    policy.write_text(
        "due = 2000-01-01T00:00:00Z\n[late]\npercent_per_day = 0\ncut_off_days = 9\n"
    )
    old, before = rows(), lines()
    _, said, _ = grade("--again", "--dry-run", "--policy", policy)
    assert "0 answers would be graded" in said
    assert re.search(r"^learner00 +corr1d +3 -> 0 ", said, re.M)
    assert rows() == old
    _, again, _ = grade("--again", "--policy", policy)
    assert said.partition("\n")[2].strip() in again
    assert {row["total"] for row in rows().values()} == {"0"}
    _, said, _ = grade("--again")
    assert "No grade changes." in said
    assert {row["total"] for row in rows().values()} == {"0"}
    assert lines() == before


def test_what_an_instructor_decided_survives_grading_again(grade, here):
    (here / "results" / "overrides.csv").write_text(
        "learner,exercise,points,reason,by\nlearner03,corr1d,1.5,seen by hand,Ida\n"
    )
    for words in (
        ["--resume"],
        ["--again", "--seed", "5", "--only-exercise", "corr1d"],
    ):
        assert grade(*words)[0] == 0
        row = rows()["learner03"]
        assert row["corr1d"] == "1.5"
        assert "overridden by Ida" in row["notes"]


def test_only_what_is_named_is_graded_again_and_all_stays_in_the_grades(grade):
    before, old = lines(), rows()
    words = ["--again", "--seed", "5", "--lessons", "2"]
    for name in ("corr1d", "corr2d"):
        words += ["--only-exercise", name]
    assert grade(*words, "--only-learner", "learner04")[0] == 0
    added = lines().removeprefix(before).splitlines()
    assert len(added) == 2
    assert all(b'"learner":"learner04"' in one for one in added)
    assert rows().keys() == old.keys()
    assert rows()["learner05"] == old["learner05"]


def test_a_roster_gives_names_and_lists_who_is_not_there(grade, here):
    (here / "class.csv").write_text(
        "id,name,aliases\n1000,Ada,learner00\nbob,Bob,\n", encoding="utf-8"
    )
    code, said, _ = grade("--roster", "class.csv", "--out", "named", "--lessons", 2)
    assert code == 0
    table = rows(here / "named")
    assert [*table] == ["1000", "bob"]
    assert (table["1000"]["name"], table["bob"]["notes"]) == (
        "Ada",
        "handed in nothing",
    )
    assert f"{FEW - 1} x file goes to nobody:" in said
    assert {one.name for one in (here / "named" / "feedback").iterdir()} == {
        "1000.html",
        "bob.html",
    }


# What is refused


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--out", "handed in/results"], 1, "lies in handed in, where its pages would"),
        (["--out", "handed in"], 1, "lies in handed in, where its pages would"),
        (["--workers", "0"], 2, "argument --workers: 0 is too few: at least 1"),
        (["--workers", "-2"], 2, "argument --workers: -2 is too few: at least 1"),
        (["--workers", "two"], 2, "argument --workers: invalid"),
        (["--out", "new", "--lessons", "2", "9"], 1, r"There is no lesson 9\. There"),
        (["--out", "new", "--only-exercise", "corr"], 1, "no exercise called 'corr'"),
        (
            ["--out", "new", "--lessons", "3", "--only-exercise", "corr1d"],
            1,
            "Nothing is",
        ),
        (["--out", "new", "--bank", "none"], 1, "none is no folder"),
        (["--out", "new", "--policy", "none.toml"], 1, r"none\.toml: No such file"),
        (["--out", "new", "--roster", "none.csv"], 1, r"none\.csv"),
        (["--out", "new", "--exam", "none.txt"], 1, r"none\.txt"),
        (["--out", "new", "--engine", "dask"], 1, "Say where Dask's scheduler is"),
        (["--out", "new", "--scheduler", "tcp://a:1"], 1, "goes with --engine dask"),
        (["--resume", "--only-learner", "eve"], 1, r"Nothing was handed in by eve\."),
        (["--resume", "--again"], 2, "not allowed with"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_what_cannot_be_done_is_refused_in_a_sentence(grade, words, code, sentence):
    before = lines()
    found, _, said = grade(*words)
    assert found == code
    assert re.search(sentence, said)
    assert "Traceback" not in said
    assert lines() == before
    assert not Path("new/grades.csv").exists()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere", r"There is no nowhere: name a folder, a \.zip or a notebook\."),
        ("empty", r"Nothing was handed in: empty is empty\."),
        ("broken.zip", "zip"),
    ],
)
def test_where_nothing_was_handed_in_nothing_is_made(
    place, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("broken.zip").write_bytes(b"PK")
    assert cli.main(["grade", place]) == 1
    assert re.search(sentence, capsys.readouterr().err)
    assert not Path("results").exists()


def test_somebody_else_s_results_are_not_added_to(grade, here):
    (here / "other").mkdir()
    theirs = here / "other" / "results.jsonl"
    theirs.write_text('{"mine": 1}\n')
    code, _, said = grade("--out", "other")
    assert code == 1
    assert "results.jsonl was not written by coursekit" in said
    assert theirs.read_text() == '{"mine": 1}\n'
    assert [one.name for one in (here / "other").iterdir()] == [theirs.name]


@pytest.mark.parametrize("words", [["--resume"], ["--again"], ["--again", "--dry-run"]])
def test_a_secret_that_is_gone_is_not_replaced_by_another(grade, here, words):
    (here / "results" / "class.secret").unlink()
    code, _, said = grade(*words)
    assert code == 1
    assert re.search(r"drawn by 'class \w+', and no class\.secret\. Give", said)
    assert not (here / "results" / "class.secret").exists()


def test_a_bank_file_that_cannot_be_loaded_is_named(grade, here):
    (here / "l2_01_corr1d.py").write_text("def\n")
    code, _, said = grade("--again", "--bank", here)
    assert code == 1
    assert "l2_01_corr1d.py" in said
    assert "Traceback" not in said

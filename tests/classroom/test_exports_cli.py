"""`coursekit export`: what it writes and where, what it leaves, what it says."""

import io
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import some_results as some

from coursekit import cli
from coursekit.classroom.results import Store

FORMS = ["gradescope", "canvas", "moodle", "junit", "nbgrader"]
CANVAS = """\
Student,ID,SIS Login ID,Section,Lab 2 (502)
    Points Possible,,,,4.00
"Lee, Ada",4711,ada,Mon,1.00
"Doe, Bob",4712,bob,Mon,
"Roe, Cy",4713,cy,Mon,3.00
"""
MOODLE = """\
Identifier,"Full name",Status,Grade,"Maximum Grade","Feedback comments"
"Participant 4711","Ada Lee",-,,4.00,
"""


@pytest.fixture
def results(tmp_path):
    """Store results of ada, who made a mistake, and of bob, who did not."""
    folder = tmp_path / "results"
    bob = replace(some.PASSED, learner="bob", file="bob.ipynb", ids=())
    with Store(folder) as store:
        store.append([some.PARTLY, bob])
    return folder


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run `coursekit export` in an empty folder; return exit code, output, errors."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        try:
            code = cli.main(["export", *map(str, words)])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def gradebook(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(CANVAS)
    return path


def test_every_form_has_its_help(run):
    code, out, _ = run("--help")
    assert code == 0
    for form in FORMS:
        assert f"\n    {form}" in out
        code, own, _ = run(form, "--help")
        assert code == 0
        assert "--dry-run" in own


def test_canvas_gets_a_copy_beside_the_export(run, results, gradebook):
    code, out, _ = run("canvas", results, gradebook, "--column", "Lab 2")
    assert (code, gradebook.read_text()) == (0, CANVAS)
    filled = gradebook.with_name("canvas.graded.csv").read_text()
    assert filled == CANVAS.replace("Mon,1.00", "Mon,2").replace(
        "bob,Mon,", "bob,Mon,4"
    )
    assert "ada: Lab 2 (502): 1.00 -> 2\n" in out
    assert out.endswith(f"2 learners are in it; {gradebook} is as it was.\n")


def test_a_dry_run_says_the_same_and_writes_nothing(run, results, gradebook):
    words = "canvas", results, gradebook, "--column", "Lab 2"
    _, dry, _ = run(*words, "--dry-run")
    assert not gradebook.with_name("canvas.graded.csv").exists()
    assert run(*words)[1] == dry.replace("Would write", "Wrote")


def test_whoever_is_not_in_it_is_named_and_the_exit_code_says_so(
    run, results, gradebook
):
    gradebook.write_text(CANVAS.replace("bob", "rob").replace("Bob", "Rob"))
    code, out, _ = run("canvas", results, gradebook, "--column", "Lab 2")
    assert code == 1
    assert "\nbob: not in it\n" in out
    assert out.endswith("Not all are in it: the lines above name them.\n")


def test_a_column_that_is_not_there_ends_in_one_sentence(run, results, gradebook):
    code, out, errors = run("canvas", results, gradebook, "--column", "Lab 3")
    assert (code, out) == (1, "")
    assert errors == (
        f"{gradebook} has no column called 'Lab 3'. Name one of these: Lab 2 (502)\n"
    )


def test_moodle_gets_grade_and_feedback(run, results, tmp_path):
    path = tmp_path / "moodle.csv"
    path.write_text(MOODLE)
    code, out, _ = run("moodle", results, path)
    assert code == 1
    assert "bob: not in it" in out
    filled = path.with_name("moodle.graded.csv").read_text()
    assert '"Ada Lee",-,2,4.00,<p>corr2d: stopped with an error (2 of 4' in filled


def test_no_learner_gets_points_who_was_not_graded(run, results, gradebook):
    with Store(results) as store:
        store.append([replace(some.FAULT, learner="bob", ids=())])
    gradebook.write_text(CANVAS.replace("4.00", "7.00"))
    code, out, _ = run("canvas", results, gradebook, "--column", "Lab 2")
    assert code == 1
    assert "bob: not graded, so nothing was filled in: corr1d: not graded: The s" in out
    filled = gradebook.with_name("canvas.graded.csv").read_text()
    assert "bob,Mon,\n" in filled


def test_a_stray_file_that_cannot_be_read_takes_nothing_away(run, results, gradebook):
    with Store(results) as store:
        store.append([some.UNREADABLE])
    code, _, _ = run("canvas", results, gradebook, "--column", "Lab 2")
    assert code == 0


def test_what_is_filled_in_is_what_grading_wrote_into_the_grades(
    run, results, gradebook
):
    (results / "grading.toml").write_text("[weights.exercises]\ncorr2d = 0.5\n")
    (results / "overrides.csv").write_text(
        "learner,exercise,points,reason,by\nada,corr2d,3.5,typo,me\n"
    )
    gradebook.write_text(CANVAS.replace("4.00", "2.00"))
    assert run("canvas", results, gradebook, "--column", "Lab 2")[0] == 0
    filled = gradebook.with_name("canvas.graded.csv").read_text().splitlines()
    assert filled[2].endswith(",1.75")


def test_roster_policy_and_overrides_decide_what_is_filled_in(
    run, results, gradebook, tmp_path
):
    texts = {
        "roster": "id,name,alias\n4711,Ada Lee,ada\n4712,Bob Doe,bob\n9,Eve Low,\n",
        "policy": "[weights.exercises]\ncorr2d = 0.5\n",
        "overrides": "learner,exercise,points,reason,by\nada,corr2d,3.5,typo,me\n",
    }
    words = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        words += [f"--{name}", name]
    gradebook.write_text(CANVAS.replace("4.00", "2.00"))
    words = ["canvas", results, gradebook, "--column", "Lab 2", *words]
    assert run(*words)[0] == 0
    filled = gradebook.with_name("canvas.graded.csv").read_text().splitlines()
    assert filled[2:4] == ['"Lee, Ada",4711,ada,Mon,1.75', '"Doe, Bob",4712,bob,Mon,2']
    (tmp_path / "policy").write_text("submission = 'first'\n")
    assert run(*words) == (
        1,
        "",
        "policy: 'first' is no submission. There is latest, best.\n",
    )


def test_whose_file_nobody_knows_is_named_and_the_exit_code_says_so(
    run, results, gradebook, tmp_path
):
    (tmp_path / "roster").write_text("id,name,alias\n4711,Ada Lee,ada\n")
    words = "canvas", results, gradebook, "--column", "Lab 2", "--roster", "roster"
    code, out, _ = run(*words)
    assert code == 1
    assert "bob.ipynb: nobody on the roster is called 'bob'." in out


def test_gradescope_gets_a_file_for_each_learner_whatever_their_name(run, results):
    with Store(results) as store:
        odd = ("../../x", "con\n\x1b", "a" * 300)
        store.append([replace(some.PASSED, learner=name) for name in odd])
    assert run("gradescope", results, "out")[0] == 0
    names = sorted(path.name for path in results.parent.glob("**/*.json"))
    assert len(names) == 5
    assert {"ada.json", "bob.json"} < set(names)
    assert json.loads((results.parent / "out" / "ada.json").read_text())["score"] == 2.0


def test_the_autograder_is_written_and_says_what_to_set(run, tmp_path):
    code, out, _ = run("gradescope", "--autograder", 2, "--seed", 9, "lesson2.zip")
    assert code == 0
    assert out == "Wrote lesson2.zip\nOn Gradescope set Autograder Points to 33.\n"
    content = zipfile.ZipFile(io.BytesIO((tmp_path / "lesson2.zip").read_bytes()))
    assert json.loads(content.read("settings.json"))["seed"] == 9


def test_a_test_report_is_written(run, results, tmp_path):
    assert run("junit", results, "report.xml")[0] == 0
    root = ElementTree.fromstring((tmp_path / "report.xml").read_text())
    assert [one.get("name") for one in root] == ["ada", "bob"]


def test_nbgrader_gets_its_source_and_the_command_that_comes_next(run, tmp_path):
    code, out, _ = run("nbgrader", 2, "course")
    assert code == 0
    assert out.endswith("\nnbgrader generate_assignment 02_cross_correlation\n")
    name = "02_cross_correlation"
    path = tmp_path / "course" / "source" / name / f"{name}.ipynb"
    assert json.loads(path.read_text())["nbformat"] == 4


def test_a_file_that_is_there_stays_until_it_is_said_to_be_replaced(
    run, results, tmp_path
):
    path = tmp_path / "report.xml"
    path.write_text("mine")
    code, _, errors = run("junit", results, path)
    assert (code, path.read_text()) == (1, "mine")
    assert errors.startswith(f"{path} is there and is another one. Look what is in it")
    _, out, _ = run("junit", results, path, "--dry-run")
    assert (out, path.read_text()) == (
        f"Would write {path} over the one there\n",
        "mine",
    )
    assert run("junit", results, path, "--replace")[0] == 0
    assert path.read_text() != "mine"
    assert run("junit", results, path) == (0, f"Wrote {path}\n", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["junit", "nothing", "x.xml"], r"nothing holds no results. `coursekit grade"),
        (["nbgrader", 9, "x"], r"There is no lesson 9; there are 1, 2, 3, 4, 5, 6, 7."),
        (["gradescope", "--autograder", 0, "x"], "There is no lesson 0; there are"),
        (["gradescope", "out"], "Name the folder of results and one for the files"),
        (["canvas", "results", "no.csv", "--column", "x"], "No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(run, results, words, said):
    code, _, errors = run(*words)
    assert code == 1
    assert said in errors
    assert errors.count("\n") == 1


def test_a_folder_in_the_place_of_a_file_is_named(run, results, tmp_path):
    (tmp_path / "x.xml").mkdir()
    assert run("junit", results, "x.xml")[2] == (
        "x.xml is a folder, not a file. Name another place.\n"
    )

"""Exams: papers of each learner's own numbers, none of which is graded."""

import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from coursekit import bank, cli
from coursekit.author import papers
from coursekit.author.exercises import modules
from coursekit.classroom import exam
from coursekit.classroom.exam import Exam, ExamError, as_python, example_text, seed_of
from coursekit.runner.plain import identical

COURSE = Path(__file__).parents[2]
VARIANTS = COURSE / "docs" / "variants"
SECRET = b"a secret of the tests"
EXERCISES = bank.exercises()
# What has no example: nothing is drawn, or a driver asks objects that do not print.
WITHOUT = {
    *("horizontal_edge_kernel", "nonlinearity_witness", "concat_channels"),
    *("equivariance_error", "build_lenet", "train_epoch", "activation_maximisation"),
}

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)


def drawn_of(exercise, learner):
    return exercise.calls(seed_of(SECRET, learner, exercise.id))


def evaluated(text, **names):
    return eval(text, {"np": np, **names})


# Seeds


def test_a_seed_depends_on_secret_learner_exercise_and_purpose():
    seeds = {
        exam._seed(secret, label, learner, exercise)
        for secret in (SECRET, SECRET + b"2")
        for label in ("paper", "grade")
        for learner in ("ada", "bo", "ada\0corr2d")
        for exercise in ("corr2d", "corr1d")
    }
    assert len(seeds) == 24
    assert seed_of(SECRET, "ada", "corr2d") == exam._seed(
        SECRET, "grade", "ada", "corr2d"
    )


def test_a_learner_has_one_seed_however_the_id_is_typed():
    forms = "Zoë", "Zoe\u0308", " zoë "
    assert len({seed_of(SECRET, form, "corr2d") for form in forms}) == 1


def test_seeds_never_change_or_papers_could_not_be_printed_again():
    assert seed_of(SECRET, "ada", "corr2d") == 9364714139241667332
    assert Exam(SECRET).policy == "exam e9e0a6db"


def test_the_secret_is_not_in_what_python_shows_of_an_exam():
    assert "secret" not in repr(Exam(SECRET))


# Examples


@every_exercise
def test_an_example_is_the_learner_s_own_fits_a_page_and_is_not_graded(exercise):
    learners = "ada", "bo", "cy"
    found = [Exam(SECRET).example(learner, exercise) for learner in learners]
    if exercise.id in WITHOUT:
        assert found == [None] * 3
        return
    assert len({repr(one.args) for one in found}) > 1
    for learner, one in zip(learners, found, strict=True):
        graded = [call.args for call in drawn_of(exercise, learner)]
        assert not any(identical(one.args, args) for args in graded)
        text = example_text(exercise.id, exercise.parameters, one)
        lines = [*text.splitlines(), *as_python(one.value, 6).splitlines()]
        assert len(lines) <= 100
        assert max(map(len, lines)) <= 92


@every_exercise
def test_an_example_is_python_that_gives_the_same_call_and_its_result(exercise):
    one = Exam(SECRET).example("ada", exercise)
    if exercise.id in WITHOUT:
        assert one is None
        return
    text = example_text(exercise.id, exercise.parameters, one)
    seen = evaluated(text, **{exercise.id: lambda *args: args})
    assert identical(exam_plain(seen), exam_plain(one.args))
    numbers = evaluated(as_python(one.value, 6))
    for told, right in zip(flat(numbers), flat(one.value), strict=True):
        assert np.shape(told) == np.shape(right)
        np.testing.assert_allclose(told, right, rtol=1e-5, atol=1e-6)


def exam_plain(value):
    """Write arrays without the gaps that they may have between their numbers."""
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value)
    if isinstance(value, list | tuple):
        return type(value)(map(exam_plain, value))
    return value


def flat(value):
    """List the arrays and numbers of a result."""
    if not isinstance(value, list | tuple):
        return [value]
    return [one for part in value for one in flat(part)]


def test_what_the_paper_draws_from_is_not_what_grading_draws_from():
    exercise = bank.load("corr2d")
    one = Exam(SECRET).example("ada", exercise)
    for index, group in enumerate(exercise.groups):
        if group.draws:
            more = replace(group, draws=100)
            graded = list(more.args(index, seed_of(SECRET, "ada", "corr2d")))
            paper = list(more.args(index, exam._seed(SECRET, "paper", "ada", "corr2d")))
            assert any(identical(one.args, args) for args in paper)
            assert not any(identical(one.args, args) for args in graded)


def test_no_paper_shows_a_graded_call_even_where_few_are_possible():
    exercise = bank.load("same_padding")
    for number in range(150):
        one = Exam(SECRET).example(f"learner {number}", exercise)
        graded = [call.args for call in drawn_of(exercise, f"learner {number}")]
        assert one.args not in graded


def test_numbers_are_written_exactly_where_they_go_in_and_short_where_they_come_out():
    third = np.array([1 / 3, -0.0], dtype=np.float32)
    assert as_python(third) == "np.array([ 0.33333334, -0.        ], dtype=np.float32)"
    assert as_python(third, 3) == "np.array([0.333, 0.   ], dtype=np.float32)"
    assert as_python((1,)) == "(1,)"
    assert as_python([1 / 3, True, None, "same"], 3) == "[0.333, True, None, 'same']"
    assert as_python(np.array([1 / 3])) == "np.array([0.3333333333333333])"
    many = np.arange(2000)
    assert identical(evaluated(as_python(many)), many)


# Papers


def cells(exercises, learner="ada", title="Midterm"):
    draft = papers.paper(Exam(SECRET), learner, exercises, title)
    notebook = draft.notebook()
    nbformat.validate(notebook)
    return notebook.cells


def test_a_paper_of_the_whole_course_holds_no_solution_no_check_and_no_graded_call():
    found = cells(EXERCISES)
    everything = "\n".join(cell.source for cell in found)
    code = "\n\n".join(cell.source for cell in found if cell.cell_type == "code")
    assert "coursekit" not in code
    assert "check(" not in code
    assert f"{len(EXERCISES)} exercises" in everything
    for exercise in EXERCISES:
        assert exercise.solution_source not in code
        assert f"\n{exercise.starter_source}\n" in f"\n{code}\n"
        for wrong in exercise.wrongs:
            assert wrong.sentence not in everything
        for call in drawn_of(exercise, "ada"):
            if exercise.id not in WITHOUT:
                shown = exam.Example(call.args, None)
                text = example_text(exercise.id, exercise.parameters, shown)
                assert text not in everything


@pytest.mark.thorough
def test_a_paper_runs_and_only_asks_for_code():
    names = {}
    (imports, *others) = [c for c in cells(EXERCISES) if c.cell_type == "code"]
    exec(imports.source, names)
    for cell in others:
        if cell.id.endswith("-answer"):
            exec(cell.source, names)
            continue
        with pytest.raises(NotImplementedError, match="your code here"):
            exec(cell.source, names)


def test_a_solved_paper_gives_the_results_that_it_tells():
    ids = "corr2d", "out_len", "softmax_cross_entropy"
    for exercise in map(bank.load, ids):
        found = {cell.id: cell.source for cell in cells([exercise])}
        told = re.search(r"```python\n(.*)\n```", found[f"{exercise.id}-result"], re.S)
        names = {"np": np}
        exec(exercise.solution_source, names)
        given = eval(found[f"{exercise.id}-example"], names)
        for one, right in zip(flat(evaluated(told[1])), flat(given), strict=True):
            np.testing.assert_allclose(one, right, rtol=1e-5, atol=1e-6)


def test_a_paper_says_what_is_judged_where_it_has_no_example():
    found = {cell.id: cell.source for cell in cells([bank.load("build_lenet")])}
    said = found["build_lenet-judged"]
    assert "without an example" in said
    assert "shapes (1 of 5 points), parameters (1 of 5 points), scores and" in said


def test_a_paper_says_that_other_answers_may_be_right_where_they_are():
    found = {cell.id: cell.source for cell in cells([bank.load("separate_kernel")])}
    assert "Others are just as right" in found["separate_kernel-result"]


def test_a_paper_imports_what_its_tasks_on_torch_count_on_and_nothing_else():
    found = {cell.id: cell.source for cell in cells([bank.load("build_lenet")])}
    assert {"import torch", "import torch.nn as nn"} <= {*found["imports"].split("\n")}
    found = {cell.id: cell.source for cell in cells([bank.load("corr2d")])}
    assert found["imports"] == "import numpy as np"


def test_the_imports_of_a_paper_are_those_of_the_exercise_notebook():
    lesson = bank.exercises(7)
    stored = nbformat.read(COURSE / "exercises" / "07_lenet.ipynb", as_version=4)
    assert stored.cells[1].source.startswith(modules(lesson, solved=False) + "\n\n")


def test_a_page_needs_no_other_file_and_shows_what_ids_and_titles_hold_as_text():
    exercises, title = [bank.load("corr2d")], "<script>alert(1)</script>"
    draft = papers.paper(Exam(SECRET), "ada & `bo`", exercises, title)
    text = papers.printed(draft, f"{title}: ada & `bo`")
    assert "<script" not in text
    assert "ada &amp; 'bo'" in text
    assert not re.search(r'(src|href)="', text)
    assert "corr2d(\n    np.array(" in text


@pytest.mark.parametrize("learner", ["", "..", "a/b", "a\\b", "c:", "a\n", "a ", "."])
def test_an_id_that_no_folder_can_have_is_refused(learner):
    with pytest.raises(ExamError, match=r"No folder can be called .* in the roster"):
        papers.paper(Exam(SECRET), learner, [bank.load("corr2d")], "Midterm")


# Secrets


def test_a_new_secret_is_long_for_its_owner_alone_and_never_written_over(tmp_path):
    path = tmp_path / "new" / "secret.txt"
    exam.new_secret(path)
    first = exam.read_secret(path)
    assert len(first) == 64
    assert exam.exposed(path) == ""
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ExamError, match=r"is there already.*Name another file"):
        exam.new_secret(path)
    assert exam.read_secret(path) == first
    exam.new_secret(tmp_path / "other.txt")
    assert exam.read_secret(tmp_path / "other.txt") != first


def test_a_link_that_leads_nowhere_is_not_followed_by_a_new_secret(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ExamError, match="is there already"):
        exam.new_secret(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


def test_a_line_end_that_an_editor_adds_changes_no_secret(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    before = exam.read_secret(path)
    path.write_bytes(SECRET + b"\r\n")
    assert exam.read_secret(path) == before == SECRET


@pytest.mark.parametrize(
    ("content", "size"), [(b"", "0"), (b"fifteen letters\n", "15"), (b"x" * 5000, "m")]
)
def test_a_secret_too_short_or_too_long_is_refused(tmp_path, content, size):
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(ExamError, match=f"has {size}.* bytes; it needs 16 to 4096"):
        exam.read_secret(path)


def test_a_secret_that_is_not_there_or_no_file_is_told(tmp_path):
    with pytest.raises(ExamError, match=r"There is no file .*--new-secret"):
        exam.read_secret(tmp_path / "none")
    with pytest.raises(ExamError, match=r"is no file\. Name the one"):
        exam.read_secret(tmp_path)


@pytest.mark.parametrize("place", ["out/secret", "out/ada/secret"])
def test_a_secret_inside_what_is_handed_out_is_refused(tmp_path, place):
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_bytes(SECRET)
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for folder in (tmp_path / "out", tmp_path / "link", tmp_path):
        with pytest.raises(ExamError, match=r"lies inside .* Move it"):
            exam.keep_apart(path, folder)
    by_link = tmp_path / "link" / path.relative_to(tmp_path / "out")
    with pytest.raises(ExamError, match="lies inside"):
        exam.keep_apart(by_link, tmp_path / "out")
    exam.keep_apart(path, tmp_path / "out2")


# The command


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run `coursekit exam` in a folder with a secret and a roster of two."""
    monkeypatch.chdir(tmp_path)
    Path("secret.txt").write_bytes(SECRET)
    Path("secret.txt").chmod(0o600)
    Path("class.csv").write_text("id,name\nada,Ada L\nbo,Bo Li\n", encoding="utf-8")

    def run(*words):
        try:
            code = cli.main(["exam", *words])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return run


MIDTERM = "--secret", "secret.txt", "--title", "Midterm", "corr2d", "out_len"


def test_papers_are_made_for_the_roster_and_again_from_the_secret_alone(run):
    code, out, errors = run(*MIDTERM, "--roster", "class.csv")
    assert (code, errors) == (0, "")
    assert out.splitlines()[-1] == f"Papers of {Exam(SECRET).policy} in papers: 2."
    Path("class.csv").unlink()
    assert run(*MIDTERM, "--only", "bo", "--out", "again")[0] == 0
    assert [path.name for path in Path("again").iterdir()] == ["bo"]
    for name in ("exam.ipynb", "exam.html"):
        again = Path("again", "bo", name).read_bytes()
        assert again == Path("papers", "bo", name).read_bytes()
        assert again != Path("papers", "ada", name).read_bytes()
        assert SECRET not in again


def test_a_dry_run_writes_nothing_and_lists_what_would_be_written(run):
    code, out, _ = run(*MIDTERM, "--roster", "class.csv", "--dry-run")
    assert code == 0
    assert str(Path("papers", "ada", "exam.ipynb")) in out
    assert "would be in papers: 2." in out
    assert not Path("papers").exists()


def test_a_paper_in_which_somebody_worked_is_kept(run):
    run(*MIDTERM, "--only", "ada")
    path = Path("papers", "ada", "exam.ipynb")
    path.write_text("my work", encoding="utf-8")
    page = path.with_suffix(".html")
    page.unlink()
    code, out, _ = run(*MIDTERM, "--only", "ada")
    assert code == 1
    assert f"{path}: another content is there, kept" in out
    assert path.read_text(encoding="utf-8") == "my work"
    assert page.is_file()


def test_a_link_in_a_paper_s_place_is_kept(run, tmp_path):
    run(*MIDTERM, "--only", "ada")
    path = Path("papers", "ada", "exam.ipynb")
    path.rename("elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    code, out, _ = run(*MIDTERM, "--only", "ada")
    assert (code, path.is_symlink()) == (1, True)
    assert f"{path}: another content is there, kept" in out


def test_a_secret_that_others_may_read_is_warned_of(run):
    Path("secret.txt").chmod(0o640)
    code, _, errors = run(*MIDTERM, "--only", "ada")
    assert code == 0
    assert errors.startswith("Others on this machine may read secret.txt (mode 640)")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([*MIDTERM], "Who gets a paper? Say --roster CSV, or --only LEARNER."),
        ([*MIDTERM, "--roster", "none.csv"], "none.csv cannot be read"),
        ([*MIDTERM, "--roster", "class.csv", "--only", "cy"], "lists nobody with the"),
        ([*MIDTERM, "corr2s", "--only", "ada"], "Did you mean corr2d"),
        ([*MIDTERM[:4], "--only", "ada"], "Name at least one exercise, such as corr2d"),
        ([*MIDTERM, "--only", "ada", "--bank", "none"], "none is no folder; name one"),
        ([*MIDTERM, "--only", "ada", "--out", "."], "lies inside ., which is handed"),
        (["--secret", "none", "corr2d", "--only", "ada"], "There is no file none."),
        (["--new-secret", "secret.txt"], "secret.txt is there already"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(run, words, says):
    code, out, errors = run(*words)
    assert (code, out) == (1, "")
    assert says in errors
    assert not Path("papers").exists()


def test_the_command_makes_a_secret(run):
    code, out, _ = run("--new-secret", "mine/new.txt")
    assert (code, len(exam.read_secret(Path("mine", "new.txt")))) == (0, 64)
    assert out.startswith(f"{Path('mine', 'new.txt')} written. Keep it")


# An instructor's own bank files


def test_bank_files_of_one_s_own_come_before_the_course_s(tmp_path):
    own = VARIANTS / "l2_91_corr2d_mirrored.py"
    text = own.read_text(encoding="utf-8").replace("corr2d_mirrored", "corr2d")
    (tmp_path / "l2_03_corr2d.py").write_text(text, encoding="utf-8")
    assert (
        bank.load("corr2d", tmp_path).title == "Slide a mirrored kernel over an image"
    )
    assert bank.load("corr1d", tmp_path) is bank.load("corr1d")
    assert bank.load("corr2d").title == "Slide a kernel over an image"
    assert [one.id for one in bank.own_exercises(tmp_path)] == ["corr2d"]
    with pytest.raises(KeyError, match=r"corr2d_mirored.*Did you mean corr2d_mirrored"):
        bank.load("corr2d_mirored", VARIANTS)
    with pytest.raises(NotADirectoryError, match="is no folder; name one with bank"):
        bank.load("corr2d", tmp_path / "none")


def test_a_paper_of_variants_needs_only_their_folder(run):
    words = "--secret", "secret.txt", "--only", "ada", "--bank", str(VARIANTS)
    assert run(*words)[0] == 0
    text = Path("papers", "ada", "exam.ipynb").read_text(encoding="utf-8")
    assert "def corr2d_mirrored(x, k):" in text
    assert "k[:, ::-1]" not in text

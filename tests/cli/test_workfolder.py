"""A learner's files: copied once, brought up to date beside, never written over."""

import os
from pathlib import Path, PurePosixPath

import nbformat
import pytest

from coursekit import ipynb, workfolder
from coursekit.author import store
from coursekit.author.draft import Cell, Draft
from coursekit.workfolder import WorkError

LESSON = PurePosixPath("notebooks/02_cross_correlation.ipynb")
TASKS = PurePosixPath("exercises/02_cross_correlation.ipynb")
STARTER = "def corr2d(x, k):\n    raise NotImplementedError"
MINE = "def corr2d(x, k):\n    return my_own(x, k)"


def ship(course: Path, path: PurePosixPath, *sources: str, **named: str) -> None:
    """Put a built notebook into a course, as the build does but without running it."""
    cells = [Cell("code", source, Path("source.py")) for source in sources]
    cells += [
        Cell("code", source, Path("bank.py"), id=ident.replace("_", "-"))
        for ident, source in named.items()
    ]
    draft = Draft(path, cells)
    store.write(course, draft, draft.notebook())


@pytest.fixture
def course(tmp_path):
    course = tmp_path / "course"
    ship(course, LESSON, "1 + 1")
    ship(course, TASKS, "import x", corr2d_answer=STARTER, corr2d_check="check(corr2d)")
    return course


@pytest.fixture
def work(course, tmp_path):
    work = tmp_path / "work"
    workfolder.copy_missing(course, work)
    return work


def edit(path: Path, ident: str | int, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    for index, cell in enumerate(notebook.cells):
        if ident in (index, cell.id):
            cell.source = source
    nbformat.write(notebook, path)


def run_all(path: Path) -> None:
    """Give every cell an output and a count, as a build or a learner does."""
    notebook = nbformat.read(path, as_version=4)
    for count, cell in enumerate(notebook.cells, start=1):
        said = nbformat.v4.new_output("stream", text="corr2d: passed")
        cell.update(outputs=[said], execution_count=count)
    nbformat.write(notebook, path)


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_copies_are_the_course_s_lessons_and_exercises(course, work):
    ship(course, PurePosixPath("solutions/02_cross_correlation.ipynb"), "secret")
    assert workfolder.copy_missing(course, work) == []
    expected = {str(p): (course / p).read_bytes() for p in (LESSON, TASKS)}
    assert contents(work) == expected


def test_a_copy_has_no_output_and_no_count_and_is_the_course_s_all_the_same(
    course, tmp_path
):
    for path in (LESSON, TASKS):
        run_all(course / path)
    workfolder.copy_missing(course, tmp_path / "new")
    for path in (LESSON, TASKS):
        copy = nbformat.read(tmp_path / "new" / path, as_version=4)
        nbformat.validate(copy)
        assert [cell.outputs for cell in copy.cells] == [[]] * len(copy.cells)
        assert {cell.execution_count for cell in copy.cells} == {None}
        ours = nbformat.read(course / path, as_version=4)
        assert [cell.id for cell in copy.cells] == [cell.id for cell in ours.cells]
        assert copy.metadata == ours.metadata
        assert not ipynb.edited(tmp_path / "new" / path)
    assert workfolder.news(course, tmp_path / "new") == []


def test_what_update_and_reset_bring_has_no_output_either(course, work):
    ship(course, LESSON, "1 + 2")
    for path in (LESSON, TASKS):
        run_all(course / path)
    workfolder.update(course, work)
    (work / TASKS).unlink()
    workfolder.reset(course, work, "corr2d")
    for path in (LESSON, TASKS):
        copy = nbformat.read(work / path, as_version=4)
        assert [cell.outputs for cell in copy.cells] == [[]] * len(copy.cells)
    copy.cells.pop(1)
    nbformat.write(copy, work / TASKS)
    workfolder.reset(course, work, "corr2d")
    answer = nbformat.read(work / TASKS, as_version=4).cells[1]
    assert (answer.outputs, answer.execution_count) == ([], None)


def test_a_broken_notebook_of_the_course_is_named_with_its_own_remedy(course, tmp_path):
    (course / TASKS).write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(WorkError, match=r"course.*git checkout"):
        workfolder.copy_missing(course, tmp_path / "new")


def test_a_second_start_changes_no_file_of_the_learner(course, work):
    edit(work / TASKS, "corr2d-answer", MINE)
    (work / LESSON).write_text("cut o", encoding="utf-8")
    before = contents(work)
    workfolder.copy_missing(course, work)
    assert contents(work) == before


def test_a_notebook_that_the_learner_removed_comes_back_fresh(course, work):
    (work / TASKS).rename(work / "exercises" / "mine.ipynb")
    changes = workfolder.copy_missing(course, work)
    assert [str(change) for change in changes] == [f"{TASKS}: copied"]
    assert (work / TASKS).read_bytes() == (course / TASKS).read_bytes()


def test_an_author_s_kept_copies_are_not_handed_out(course, work):
    (course / LESSON).with_suffix(".yours.ipynb").write_bytes(b"{}")
    assert workfolder.copy_missing(course, work) == []


def test_running_cells_is_no_news_and_no_edit(course, work):
    notebook = nbformat.read(work / LESSON, as_version=4)
    notebook.cells[0].execution_count = 7
    nbformat.write(notebook, work / LESSON)
    assert workfolder.news(course, work) == []
    ship(course, LESSON, "1 + 2")
    workfolder.update(course, work)
    assert sources(work / LESSON) == ["1 + 2"]


def test_update_puts_a_new_version_beside_what_the_learner_wrote(course, work):
    edit(work / LESSON, 0, "my own notes")
    ship(course, LESSON, "1 + 2")
    (change,) = workfolder.update(course, work)
    assert "02_cross_correlation.new.ipynb" in change.what
    assert sources(work / LESSON) == ["my own notes"]
    assert sources(work / "notebooks/02_cross_correlation.new.ipynb") == ["1 + 2"]


def test_what_the_learner_wrote_in_a_new_version_is_kept_as_well(course, work):
    edit(work / LESSON, 0, "my own notes")
    ship(course, LESSON, "1 + 2")
    workfolder.update(course, work)
    edit(work / "notebooks/02_cross_correlation.new.ipynb", 0, "more notes")
    ship(course, LESSON, "1 + 3")
    workfolder.update(course, work)
    assert sources(work / "notebooks/02_cross_correlation.new.ipynb") == ["more notes"]
    assert sources(work / "notebooks/02_cross_correlation.new-2.ipynb") == ["1 + 3"]


def test_updating_twice_changes_nothing_the_second_time(course, work):
    edit(work / LESSON, 0, "my own notes")
    ship(course, LESSON, "1 + 2")
    workfolder.update(course, work)
    before = contents(work)
    assert workfolder.update(course, work) == []
    assert contents(work) == before


def test_a_new_version_waits_until_the_learner_puts_it_away(course, work):
    assert workfolder.waiting(course, work) == []
    edit(work / LESSON, 0, "my own notes")
    ship(course, LESSON, "1 + 2")
    workfolder.update(course, work)
    (new,) = workfolder.waiting(course, work)
    assert str(new) == "notebooks/02_cross_correlation.new.ipynb"
    os.replace(work / new, work / LESSON)
    assert workfolder.waiting(course, work) == []


def test_reset_takes_the_old_verdict_away_and_the_backup_keeps_it(course, work):
    run_all(work / TASKS)
    edit(work / TASKS, "corr2d-answer", MINE)
    workfolder.reset(course, work, "corr2d")
    after = nbformat.read(work / TASKS, as_version=4)
    nbformat.validate(after)
    assert [len(cell.outputs) for cell in after.cells] == [1, 0, 0]
    kept = nbformat.read(work / "backups" / TASKS.name, as_version=4)
    assert [len(cell.outputs) for cell in kept.cells] == [1, 1, 1]


def test_reset_restores_one_starter_and_keeps_the_notebook_as_it_was(course, work):
    edit(work / TASKS, "corr2d-answer", MINE)
    edit(work / TASKS, 0, "import y")
    before = (work / TASKS).read_bytes()
    change = workfolder.reset(course, work, "corr2d")
    assert sources(work / TASKS) == ["import y", STARTER, "check(corr2d)"]
    assert (work / "backups" / TASKS.name).read_bytes() == before
    assert "kept in backups/02_cross_correlation.ipynb" in change.what


def test_each_reset_keeps_its_own_backup(course, work):
    for number in range(3):
        edit(work / TASKS, "corr2d-answer", f"{MINE}  # {number}")
        workfolder.reset(course, work, "corr2d")
    kept = [b for name, b in contents(work).items() if name.startswith("backups/")]
    assert len(set(kept)) == 3


def test_a_dry_run_shows_the_difference_and_changes_nothing(course, work):
    edit(work / TASKS, "corr2d-answer", MINE)
    ship(course, LESSON, "1 + 2")
    before = contents(work)
    change = workfolder.reset(course, work, "corr2d", dry_run=True)
    assert "-    return my_own(x, k)\n+    raise NotImplementedError" in change.what
    assert workfolder.update(course, work, dry_run=True) != []
    assert contents(work) == before


def test_a_starter_that_was_never_touched_needs_no_reset(course, work):
    before = contents(work)
    assert "nothing to do" in workfolder.reset(course, work, "corr2d").what
    assert contents(work) == before


@pytest.mark.parametrize(
    ("lost", "left"), [("corr2d-answer", [1, 2]), ("corr2d-check", [1])]
)
def test_reset_finds_the_answer_where_its_cell_was_split_or_pasted(
    course, work, lost, left
):
    notebook = nbformat.read(work / TASKS, as_version=4)
    for cell in notebook.cells:
        if cell.id == lost:
            cell.id = "pasted"
            cell.source = cell.source + "\n# mine"
    nbformat.write(notebook, work / TASKS)
    workfolder.reset(course, work, "corr2d")
    assert sources(work / TASKS)[1] == STARTER


def test_a_deleted_answer_comes_back_above_its_check(course, work):
    notebook = nbformat.read(work / TASKS, as_version=4)
    del notebook.cells[1]
    nbformat.write(notebook, work / TASKS)
    workfolder.reset(course, work, "corr2d")
    assert sources(work / TASKS) == ["import x", STARTER, "check(corr2d)"]


def test_an_unknown_exercise_is_refused_with_an_example(course, work):
    with pytest.raises(WorkError, match=r"no exercise 'corr3d'.*for example corr2d"):
        workfolder.reset(course, work, "corr3d")


def test_reset_names_a_notebook_that_it_cannot_read_and_the_remedy(course, work):
    (work / TASKS).write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(WorkError, match=r"02_cross_correlation.*Move it elsewhere"):
        workfolder.reset(course, work, "corr2d")


def test_update_puts_a_good_version_beside_a_notebook_that_is_broken(course, work):
    (work / TASKS).write_text('{"cells": [', encoding="utf-8")
    workfolder.update(course, work)
    assert (work / TASKS).read_text(encoding="utf-8") == '{"cells": ['
    new = work / "exercises/02_cross_correlation.new.ipynb"
    assert new.read_bytes() == (course / TASKS).read_bytes()


@pytest.mark.parametrize("place", ["", "notebooks", "exercises/mine", "coursekit"])
def test_the_course_itself_is_no_place_to_work_in(course, place):
    before = contents(course)
    with pytest.raises(WorkError, match="is part of the course itself"):
        workfolder.copy_missing(course, course / place)
    assert contents(course) == before


def test_a_file_is_no_work_folder(course, tmp_path):
    (tmp_path / "work").touch()
    with pytest.raises(WorkError, match="is a file, not a folder"):
        workfolder.copy_missing(course, tmp_path / "work")


def test_a_copy_that_is_cut_short_leaves_no_half_notebook(
    course, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        workfolder.copy_missing(course, tmp_path / "work")
    left = [path.name for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert left == []

"""Alter one digit, one solution or one grader in a copy: nbval goes red, there only."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from coursekit import bank

COURSE = Path(__file__).parents[2]
EXERCISE = bank.exercises()[0]
SOLVED = sorted((COURSE / "solutions").glob(f"{EXERCISE.lesson:02}_*.ipynb"))


def copied(path: Path, folder: Path) -> Path:
    place = folder / path.relative_to(COURSE)
    place.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(path, place))


def off_by_one(source: str) -> str:
    assert "return " in source
    return source.replace("return ", "return 1 + ")


def code_ids(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell.id for cell in cells if cell.cell_type == "code"]


def reds(said: dict[str, str], path: Path) -> dict[str, str]:
    """Map the ids of the cells that failed to what nbval said."""
    assert len(said) == len(code_ids(path))
    return {
        name: said[f"{path.stem}::Cell {number}"]
        for number, name in enumerate(code_ids(path))
        if said[f"{path.stem}::Cell {number}"]
    }


def test_nbval_sees_one_stored_digit(
    tmp_path: Path, nbval: Callable[..., dict[str, str]]
) -> None:
    path = copied(COURSE / "notebooks" / "00_start_here.ipynb", tmp_path)
    notebook = nbformat.read(path, as_version=4)
    (output,) = next(cell for cell in notebook.cells if cell.get("outputs")).outputs
    assert output.data["text/plain"] == "array([ 0,  5,  0, -5])"
    output.data["text/plain"] = "array([ 0,  6,  0, -5])"
    nbformat.write(notebook, path)
    (said,) = reds(nbval(tmp_path, "notebooks"), path).values()
    assert "Cell outputs differ" in said


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """Copy the solutions of one lesson and the whole package, which is then used."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(COURSE / "coursekit", tmp_path / "coursekit", ignore=ignored)
    return copied(SOLVED[0], tmp_path)


def test_nbval_sees_one_altered_solution(
    tmp_path: Path, solved: Path, nbval: Callable[..., dict[str, str]]
) -> None:
    notebook = nbformat.read(solved, as_version=4)
    (answer,) = [c for c in notebook.cells if c.id == f"{EXERCISE.id}-answer"]
    answer.source = off_by_one(answer.source)
    nbformat.write(notebook, solved)
    red = reds(nbval(tmp_path, "solutions"), solved)
    assert list(red) == [f"{EXERCISE.id}-check"]
    assert "Cell outputs differ" in red[f"{EXERCISE.id}-check"]


def test_nbval_sees_one_altered_grader(
    tmp_path: Path, solved: Path, nbval: Callable[..., dict[str, str]]
) -> None:
    file = tmp_path / "coursekit" / "bank" / EXERCISE.path.name
    text = file.read_text(encoding="utf-8")
    answer = EXERCISE.solution_source
    assert text.count(answer) == 1
    file.write_text(text.replace(answer, off_by_one(answer)), encoding="utf-8")
    red = reds(nbval(tmp_path, "solutions"), solved)
    assert list(red) == [f"{EXERCISE.id}-check"]
    assert "Cell outputs differ" in red[f"{EXERCISE.id}-check"]

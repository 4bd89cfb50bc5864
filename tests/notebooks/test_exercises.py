"""The exercise notebooks: no solution in them, and every check as it should be."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit import bank
from coursekit.author import waiting
from coursekit.author.draft import Cell, Draft
from coursekit.author.exercises import exercise_notebooks, imports
from coursekit.author.lesson import lessons
from coursekit.bank import load_file
from coursekit.exercise import Exercise

COURSE = Path(__file__).parents[2]
WAITING = waiting(COURSE)
EXERCISES = [one for one in bank.exercises() if one.lesson not in WAITING]
IDS = [exercise.id for exercise in EXERCISES]


def lesson_file(exercise: Exercise) -> Path:
    (file,) = [f for f in lessons(COURSE) if int(f.stem[:2]) == exercise.lesson]
    return file


def stored(folder: str, exercise: Exercise) -> NotebookNode:
    path = COURSE / folder / f"{lesson_file(exercise).stem}.ipynb"
    return nbformat.read(path, as_version=4)


def cell(folder: str, exercise: Exercise, part: str) -> NotebookNode:
    cells = stored(folder, exercise).cells
    (found,) = [c for c in cells if c.id == f"{exercise.id}-{part}"]
    return found


def work_lines(source: str) -> set[str]:
    """Return the lines that do the work: no heads, docstrings, imports or layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    lines = {line.strip() for line in ast.unparse(tree).splitlines()}
    idle = "def ", "class ", "pass", "import "
    return {line for line in lines if not line.startswith(idle)}


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_an_unsolved_exercise_says_not_started(exercise: Exercise) -> None:
    (output,) = cell("exercises", exercise, "check").outputs
    assert output.data["text/plain"].startswith(f"{exercise.id}: not started")


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_the_rule_that_is_graded_is_told_and_a_check_is_one_short_line(
    exercise: Exercise,
) -> None:
    opening = " ".join(stored("exercises", exercise).cells[0].source.split())
    assert "NumPy and functions of your own" in opening
    assert "borrows the operation from `coursekit`, torch, SciPy" in opening
    assert cell("exercises", exercise, "check").source == f"check({exercise.id})"


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_a_solved_exercise_passes(exercise: Exercise) -> None:
    (output,) = cell("solutions", exercise, "check").outputs
    assert output.data["text/plain"].startswith(f"{exercise.id}: passed")


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_no_line_of_a_solution_is_in_the_exercise_notebook(exercise: Exercise) -> None:
    cells = stored("exercises", exercise).cells
    everything = "\n".join(cell.source for cell in cells)
    public = {line.strip() for line in everything.splitlines()}
    for code in (cell.source for cell in cells if cell.cell_type == "code"):
        public |= work_lines(code)
    secret = work_lines(exercise.solution_source) - work_lines(exercise.starter_source)
    assert secret - {""}
    assert public.isdisjoint(secret - {""})
    given = ast.parse("\n".join(e.starter_source for e in EXERCISES))
    helpers = names_defined(ast.parse(exercise.solution_source)) - names_defined(given)
    for name in helpers:
        assert not re.search(rf"\b{name}\b", everything), name
    for wrong in exercise.wrongs:
        assert wrong.sentence not in everything


def names_defined(tree: ast.Module) -> set[str]:
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name for node in tree.body if isinstance(node, kinds)}


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_a_starter_compiled_alone_only_asks_for_code(exercise: Exercise) -> None:
    source = cell("exercises", exercise, "answer").source
    namespace: dict[str, object] = {}
    exec(compile(source, "starter", "exec"), namespace)
    assert exercise.id in namespace
    given = names_defined(ast.parse(exercise.given_source))
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name not in given:
            *docstring, last = node.body
            assert ast.unparse(last).startswith("raise NotImplementedError")
            assert all(isinstance(part, ast.Expr) for part in docstring)


# A made-up exercise: what the notebooks make of its imports.

BANK_FILE = '''\
"""Add two numbers

Write `add(a, b)`.
"""
import math
import numpy as np
from operator import add as plus
from operator import mul
from coursekit.exercise import Exercise

exercise = Exercise(__name__, points=1, difficulty=1, minutes=5, section="Sums",
                    hints=("a", "b", "c"))

@exercise.solution
def add(a, b):
    """Return a + b."""
    return math.fsum([plus(a, b)])

@exercise.wrong("You multiplied.")
def times(a, b):
    return mul(a, b)
'''
LESSON = Draft(
    Path("notebooks", "98_sums.ipynb"),
    [Cell("markdown", "# 98. Sums", Path("notebooks/source/98_sums.py"))],
)


def made_up(folder: Path):
    path = folder / "l98_01_add.py"
    path.write_text(BANK_FILE, encoding="utf-8")
    return load_file(path)


def test_the_end_leads_to_the_next_lesson_to_the_map_and_to_the_solutions(
    tmp_path: Path,
) -> None:
    exercise = made_up(tmp_path)
    file = Path("notebooks/source/99_on.py")
    after = Draft(
        Path("notebooks", "99_on.ipynb"), [Cell("markdown", "# 99. On", file)]
    )
    for following, link in ((after, "[99. On](../notebooks/99_on.ipynb)"), (None, "")):
        for draft in exercise_notebooks(LESSON, [exercise], following):
            last = draft.cells[-1].source
            assert link in last
            assert "99_on" in last or following is None
            assert "(../notebooks/00_start_here.ipynb)" in last
            assert 'solution("add")' in last


def test_a_notebook_says_which_cell_to_run_when_check_has_no_name(
    tmp_path: Path,
) -> None:
    opening = exercise_notebooks(LESSON, [made_up(tmp_path)])[0].cells[0].source
    assert "**First run the cell below**" in opening
    assert "NameError: name 'check' is not defined" in opening


def test_a_module_is_imported_for_the_learner_but_no_function(tmp_path: Path) -> None:
    exercise = made_up(tmp_path)
    ours = "\nfrom coursekit.grade import check, hint, progress, solution"
    assert imports([exercise], solved=False) == (
        f"import math\nimport numpy as np\n{ours}"
    )
    assert imports([exercise], solved=True) == (
        f"from operator import add as plus\nimport math\nimport numpy as np\n{ours}"
    )


def test_an_error_in_a_solution_names_the_line_of_the_bank(tmp_path: Path) -> None:
    exercise = made_up(tmp_path)
    _, solved = exercise_notebooks(LESSON, [exercise])
    (answer,) = [c for c in solved.cells if c.id == "add-answer"]
    text = exercise.path.read_text(encoding="utf-8").splitlines()
    assert text[answer.line - 1] == answer.source.splitlines()[0] == "def add(a, b):"

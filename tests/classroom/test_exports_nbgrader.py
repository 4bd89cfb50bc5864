"""The nbgrader assignment, without nbgrader: its cells, and what is cut out of them."""

import linecache
import re
from pathlib import Path

import numpy as np
import pytest

from coursekit import bank, ipynb
from coursekit.classroom.exports import nbgrader
from coursekit.grade import check, notebook

ROOT = Path(__file__).parents[2]
STARTER = 'raise NotImplementedError("your code here")'
LESSONS = sorted({one.lesson for one in bank.exercises()})


def exercises(lesson):
    (path,) = (ROOT / "exercises").glob(f"{lesson:02}_*.ipynb")
    return ipynb.read(path)


def released(text, begin, end, stub):
    """Cut a region out as nbgrader does."""
    return re.sub(rf"{begin}\n.*?{end}", stub, text, flags=re.S)


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_is_handed_out_is_the_starter_of_every_exercise(lesson):
    cells = {
        cell["id"]: cell
        for cell in nbgrader.assignment(exercises(lesson), lesson)["cells"]
    }
    for one in bank.exercises(lesson):
        text = cells[f"{one.id}-answer"]["source"]
        cut = released(text, nbgrader.BEGIN, nbgrader.END, STARTER)
        assert cut == one.starter_source


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_solution_inside_it_is_right(lesson):
    for one in bank.exercises(lesson):
        if one.torch:
            continue  # compiled below, judged by the bank's own tests
        names, text = {"np": np, "numpy": np}, nbgrader.solved(one)
        lines = text.splitlines(keepends=True)  # a rule reads the function's text
        linecache.cache[one.id] = len(text), None, lines, one.id
        exec(compile(text, one.id, "exec"), names)
        assert notebook.evaluate(one, names[one.id]).passed, one.id


def test_every_solution_of_a_torch_exercise_can_be_read():
    for one in bank.exercises():
        compile(nbgrader.solved(one), one.id, "exec")


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_cell_has_the_role_that_nbgrader_knows(lesson):
    made = nbgrader.assignment(exercises(lesson), lesson)
    roles = {}
    for cell in made["cells"]:
        mark = cell["metadata"]["nbgrader"]
        assert mark["schema_version"] == 3
        assert (mark["grade_id"], mark["cell_type"]) == (cell["id"], cell["cell_type"])
        roles[cell["id"]] = mark["grade"], mark["solution"], mark["locked"]
    for one in bank.exercises(lesson):
        assert roles.pop(f"{one.id}-answer") == (False, True, False)
        assert roles.pop(f"{one.id}-check") == (True, False, True)
    assert set(roles.values()) == {(False, False, True)}
    points = [cell["metadata"]["nbgrader"].get("points", 0) for cell in made["cells"]]
    assert sum(points) == sum(one.points for one in bank.exercises(lesson))


def test_nothing_leads_to_a_file_that_is_not_handed_out():
    for lesson in LESSONS:
        for cell in nbgrader.assignment(exercises(lesson), lesson)["cells"]:
            assert "](../" not in ipynb.source(cell)


def run_check(answer, *, hidden):
    """Run the check cell of corr2d as a kernel would; return its last line's value."""
    made = nbgrader.assignment(exercises(2), 2, seed=5)
    (cell,) = [one for one in made["cells"] if one["id"] == "corr2d-check"]
    text = cell["source"]
    if not hidden:
        begin, end = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS\n"
        text = released(text, begin, end, "")
        assert (
            text == "verdict = check(corr2d)\ndisplay(verdict)\nfloat(verdict.points)"
        )
    *lines, last = text.splitlines()
    shown = []
    names = {"check": check, "corr2d": answer, "display": shown.append}
    exec("\n".join(lines), names)
    assert len(shown) == 1
    return repr(eval(last, names))


def corr2d(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows * k).sum((-1, -2))


@pytest.mark.parametrize("hidden", [False, True])
def test_a_check_ends_in_the_points_that_were_earned(hidden):
    def nothing(x, k):
        return None

    nothing.__name__ = "corr2d"
    assert run_check(corr2d, hidden=hidden) == "4.0"
    assert run_check(nothing, hidden=hidden) == "0.0"


def test_answers_learnt_by_heart_earn_their_shown_points_only_at_home():
    seed = bank.load("corr2d").calls(0)
    known = {(x.tobytes(), k.tobytes()): corr2d(x, k) for _, (x, k) in seed}

    def by_heart(x, k):
        return known.get((x.tobytes(), k.tobytes()), np.zeros((1, 1)))

    by_heart.__name__ = "corr2d"
    assert run_check(by_heart, hidden=False) == "4.0"
    assert run_check(by_heart, hidden=True) == "3.0"


def test_a_notebook_that_was_not_built_lately_is_refused_with_what_it_lacks():
    odd = exercises(2)
    odd["cells"] = [one for one in odd["cells"] if one["id"] != "corr2d-check"]
    with pytest.raises(ValueError, match=r"no cells corr2d-check; build it again with"):
        nbgrader.assignment(odd, 2)

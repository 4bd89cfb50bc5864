"""Each thing that a course may lack, taken from it, and the sentence that says so."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit import author, bank, cli
from coursekit.author import complete
from coursekit.author.draft import Cell, Draft
from coursekit.bank import load_file
from coursekit.exercise import Exercise

COURSE = Path(__file__).parents[2]
FACTS = """\
[[fact]]
id = "l98-sum"
kind = "told"
text = "Two numbers make a third."
"""
LESSON = """\
# %% [markdown] facts=["l98-sum"]
# # 98. Sums
#
# About five minutes.
"""


def without(name: str, number: int) -> Callable[[Exercise], None]:
    """Leave an exercise only so many of what it has under this name."""
    return lambda one: setattr(one, name, getattr(one, name)[:number])


def put(name: str, value: object) -> Callable[[Exercise], None]:
    return lambda one: setattr(one, name, value)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without("hints", 2), "has 2 hints; give it 3"),
        (put("hints", ("a", "a", "b")), "has 2 hints; give it 3"),
        (without("wrongs", 3), "has 3 wrong answers; give it 4"),
        (without("alternatives", 1), "has 1 other right answers; give it 2"),
        (put("points", 99), r"its cases earn [\d.]+ points, it says 99"),
        (put("difficulty", 6), "difficulty is from 1 to 5"),
        (put("minutes", 0), ".* minutes are above 0"),
        (put("section", "Colour"), "no heading of 02_cross_corr.* is 'Colour'"),
        (put("id", "other"), "its docstring is a title, and a prompt with `other"),
        (
            lambda one: one.wrongs.append(replace(one.wrongs[0], sentence="No")),
            "what .* is told is no sentence: No",
        ),
        (lambda one: one.wrongs.append(one.wrongs[0]), "two of its answers have"),
        (lambda one: one.groups.append(one.groups[0]), "two groups of its cases have"),
    ],
)
def test_what_an_exercise_lacks_is_said(
    spoil: Callable[[Exercise], None], said: str
) -> None:
    exercise = load_file(bank.load("corr2d").path)
    lesson = next(d for d in author.drafts(COURSE) if d.path.stem[:2] == "02")
    assert list(complete.exercise_faults(exercise, lesson)) == []
    spoil(exercise)
    found = list(complete.exercise_faults(exercise, lesson))
    assert any(re.search(f"l2_03_corr2d.py:? {said}", one) for one in found), found


@pytest.mark.parametrize("words", ["ten exercises", "Nine\nexercises", "9 exercises"])
def test_a_lesson_that_counts_its_exercises_wrongly_is_named(words: str) -> None:
    cells = [Cell("markdown", f"An hour for the {words}.", Path("source/98.py"))]
    lesson = Draft(Path("notebooks/98.ipynb"), cells)
    right, wrong = (10, 9) if "ten" in words else (9, 10)
    assert list(complete.count_faults(lesson, right)) == []
    (said,) = complete.count_faults(lesson, wrong)
    assert re.search(rf"source/98.py: .* exercises, and the bank has {wrong}", said)


@pytest.mark.parametrize(
    ("facts", "lesson", "said"),
    [
        ("fact = []", LESSON, "names l98-sum, which facts.toml does not list"),
        (
            FACTS,
            LESSON.replace(' facts=["l98-sum"]', ""),
            "no cell of its lesson names",
        ),
        (FACTS + FACTS, LESSON, "facts.toml lists l98-sum twice"),
        (FACTS.replace("told", "sung"), LESSON, "needs a text and a kind of"),
        (
            FACTS.replace("told", "shown"),
            LESSON,
            "no cell that names l98-sum shows any",
        ),
    ],
)
def test_a_fact_that_is_not_in_list_and_lesson_alike_is_said_by_the_command(
    facts: str,
    lesson: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sources = tmp_path / "notebooks" / "source"
    sources.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for text, list_ in ((LESSON, FACTS), (lesson, facts)):
        (sources / "98_sums.py").write_text(text, encoding="utf-8")
        (sources / "facts.toml").write_text(list_, encoding="utf-8")
        assert cli.main(["build", "--check"]) == 1  # it is not built, at least
        assert (said in capsys.readouterr().out) == ((text, list_) != (LESSON, FACTS))

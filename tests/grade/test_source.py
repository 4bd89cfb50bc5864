"""The starter is the solution's head, not its body; the bank finds its files."""

import pytest

from coursekit import bank
from coursekit.exercise.source import parts
from coursekit.runner.run import run

BANK = '''
import numpy as np

@exercise.given
def given(x):  # stays
    return x  # stays too

@exercise.helper
def helper(x):
    return x + 1

@exercise.solution
def answer(
    x,  # add one to this
    n: int = 2,
):  # with helper
    """Return it.

    # not a comment
    """
    # the trick
    return helper(given(x))

@exercise.wrong("no")
def wrong(x):
    return x
'''


def test_the_starter_keeps_head_docstring_and_given_code():
    starter = parts(BANK, "answer")["starter"]
    assert starter == (
        "def given(x):  # stays\n"
        "    return x  # stays too\n"
        "\n\n"
        "def answer(\n"
        "    x,\n"
        "    n: int = 2,\n"
        "):\n"
        '    """Return it.\n\n'
        "    # not a comment\n"
        '    """\n'
        '    raise NotImplementedError("your code here")'
    )


def test_the_solution_brings_what_it_calls_and_no_decorators():
    solution = parts(BANK, "answer")["solution"]
    namespace = {}
    exec(solution, namespace)
    assert namespace["answer"](1) == 2
    assert "exercise" not in solution
    assert "wrong" not in solution


@pytest.mark.parametrize(
    "text",
    [
        "@exercise.solution\ndef f(x): return 1",
        "@exercise.solution\ndef f(x):\n    # secret\n    return 1",
        "@exercise.solution\nclass f:\n    n = 1\n    def m(self): return 2",
    ],
)
def test_a_starter_without_a_docstring_leaks_nothing_either(text):
    starter = parts(text, "f")["starter"]
    assert "return" not in starter
    assert "secret" not in starter
    assert "raise NotImplementedError" in starter
    compile(starter, "<starter>", "exec")


DRIVEN = """
def drive(answer, name):
    return answer({"twice": twice}[name])


@exercise.given
def twice(x):
    return np.add(x, x)


@exercise.solution
def f(make):
    return make(1)  # the secret
"""


def test_a_driver_brings_along_what_it_may_use_and_nothing_of_the_solution():
    driver = parts(DRIVEN, "f", "drive")["driver"]
    assert "secret" not in driver
    assert run(lambda make: make(4), [("twice",)], driver=driver)[0].value == 8


def test_an_exercise_without_a_driver_has_no_text_of_one():
    assert parts(DRIVEN, "f")["driver"] == ""


def test_a_file_name_that_names_no_exercise_is_refused(bank_file):
    with pytest.raises(ValueError, match=r"twelve.py is no name of an exercise"):
        bank_file(
            "twelve",
            "from coursekit.exercise import *\nExercise(__name__, 1, 1, 1, '', ())",
        )


def test_a_solution_has_to_have_the_exercises_name(toy, bank_file):
    exercise = toy()
    with pytest.raises(ValueError, match="promises double, its solution is called two"):

        @exercise.solution
        def two():
            return 2


def test_an_unknown_exercise_brings_near_names():
    with pytest.raises(KeyError, match="Did you mean corr2d or"):
        bank.load("cor2d")
    with pytest.raises(KeyError, match="called 'zzzzzz'"):
        bank.load("zzzzzz")


def test_a_bank_file_without_an_exercise_is_refused(bank_file):
    with pytest.raises(TypeError, match="makes no Exercise"):
        bank_file("l1_01_none", "x = 1")


def test_exercises_come_in_the_order_of_the_course():
    places = [(one.lesson, one.position) for one in bank.exercises()]
    assert places == sorted(places)
    assert {one.lesson for one in bank.exercises(2)} == {2}

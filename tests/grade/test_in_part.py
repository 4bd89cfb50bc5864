"""Two mistakes at once: the one that explains most of what failed is spoken of."""

import numpy as np
import pytest

from coursekit.grade.notebook import evaluate

BANK = '''
"""Add up sizes

Toys.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__, points=1, difficulty=1, minutes=1, section="", hints=("",) * 3
)


@exercise.solution
def total(x, bias):
    """Return the sum of |x|, plus the bias if there is one."""
    return float(np.abs(x).sum() + (0 if bias is None else bias))


@exercise.wrong("You kept the signs.")
def signs_kept(x, bias):
    return float(x.sum() + (0 if bias is None else bias))


@exercise.wrong("You forgot the bias.")
def bias_forgotten(x, bias):
    return total(x, None)


@exercise.wrong("You returned the sum in an array.")
def in_an_array(x, bias):
    return np.array([total(x, bias)])


@exercise.wrong("Without a bias your function breaks.")
def none_breaks(x, bias):
    return float(np.abs(x).sum() + bias)


@exercise.cases("all", points=1)
def every():
    yield np.array([-1.0, 2]), None
    yield np.array([3.0, -5]), None
    yield np.array([-7.0, -2]), None
    yield np.array([1.0, 2]), 10
    yield np.array([-1.0, 2]), 100
    yield np.array([4.0]), None
'''
SIGNS = "Part of it looks like this known mistake: You kept the signs."


@pytest.fixture
def total(bank_file):
    return bank_file("l1_01_total", BANK)


def test_of_two_mistakes_the_one_that_explains_more_is_spoken_of(total):
    verdict = evaluate(total, lambda x, bias: float(x.sum()))
    assert verdict.status == "wrong here"
    assert not verdict.misconception
    assert verdict.sentence == SIGNS
    assert f"\n{SIGNS}\n" in repr(verdict)


def test_a_slip_that_no_wrong_answer_makes_does_not_hide_the_one_it_makes(total):
    def own(x, bias):
        return float(x.sum() + (0 if bias is None else bias + 1))

    assert evaluate(total, own).sentence == SIGNS


def test_a_single_mistake_gets_its_own_sentence_and_no_other(total):
    for wrong in total.wrongs:
        verdict = evaluate(total, wrong.function)
        assert verdict.status == "misconception"
        assert verdict.sentence == wrong.sentence


def test_nothing_is_said_where_two_explain_as_much(total):
    @total.wrong("You did both.")
    def signs_kept_and_bias_forgotten(x, bias):
        return float(x.sum())

    def own(x, bias):
        return float(x.sum() + (0 if bias is None else bias + 1))

    assert evaluate(total, own).sentence == ""


def test_nothing_is_said_of_a_mistake_that_the_answer_avoids_somewhere(total):
    def own(x, bias):
        kept = x.sum() if x[0] != -7 else np.abs(x).sum()
        return float(kept + (0 if bias is None else bias))

    assert evaluate(total, own).sentence == ""


def test_nothing_is_said_of_what_explains_no_more_than_half(total):
    def own(x, bias):
        return float(np.abs(x).sum() + (7 if bias is None and x[0] in (-1, 3) else 0))

    assert evaluate(total, own).sentence == ""


def test_an_exception_of_the_same_class_is_no_sign_of_a_mistake(total):
    def own(x, bias):
        if bias is None:
            raise TypeError("another reason")
        return float(np.abs(x).sum() + bias + 1)

    verdict = evaluate(total, own)
    assert verdict.status == "raised"
    assert verdict.sentence == ""

"""Answers that are alike: renamed ones are, other algorithms are not."""

import ast
import random
from inspect import cleandoc, getsource

import pytest

from coursekit import bank
from coursekit.classroom.alike import FEW, LEAST, RARE, Common, alike, known
from coursekit.classroom.trace import LONG, trace

EXERCISES = bank.exercises()
ANSWER = '''
import numpy as np

def corr2d(x, k):
    """Return the correlation."""
    rows = x.shape[0] - k.shape[0] + 1
    columns = x.shape[1] - k.shape[1] + 1
    answer = np.zeros((rows, columns))
    for place in range(rows * columns):
        i, j = divmod(place, columns)
        window = x[i : i + k.shape[0], j : j + k.shape[1]]
        answer[i, j] = np.einsum("ab,ab->", window, k)
    return answer
'''
SAME = '''
import numpy
from numpy import einsum as summed

def corr2d(image: "array", kernel) -> "array":
    # my own work
    h: int = image.shape[0] - kernel.shape[0] + 0x1
    """Now the width."""
    w = image.shape[1] - kernel.shape[1] + 1.0
    out: list
    out = numpy.zeros((h, w))
    for n in range(h * w):
        pass
        a, b = divmod(n, w)
        part = image[a : (a + kernel.shape[0]), b : b + kernel.shape[1]]
        out[a, b] = numpy.einsum('ab,ab->', part, kernel)
    return out
'''


class Renamed(ast.NodeTransformer):
    """Gives every argument and every variable another name."""

    def __init__(self, tree):
        self.own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self.own |= {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }

    def visit_Name(self, node):
        return ast.Name(self._other(node.id), node.ctx)

    def visit_arg(self, node):
        return ast.arg(self._other(node.arg))

    def visit_keyword(self, node):
        self.generic_visit(node)
        return ast.keyword(self._other(node.arg), node.value)

    def _other(self, name):
        return f"my_{name}" if name in self.own else name


def sources(exercise):
    """Return the solution and every other right answer, without decorators."""
    texts = [exercise.solution_source]
    for one in exercise.alternatives:
        lines = cleandoc(getsource(one)).splitlines()
        texts.append("\n".join(lines[1:]))
    return texts


def pairs(*texts, given=()):
    answers = [(f"l{place}", "corr2d", text) for place, text in enumerate(texts)]
    return alike(answers, {"corr2d": given}).pairs


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)
def test_an_answer_with_other_names_is_the_same_answer(exercise):
    for text in sources(exercise):
        tree = ast.parse(text)
        renamed = Renamed(tree)
        other = ast.unparse(ast.fix_missing_locations(renamed.visit(tree)))
        assert ("my_" in other) == bool(renamed.own)
        assert trace(other) == trace(text)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)
def test_two_algorithms_are_not_alike(exercise):
    assert pairs(*sources(exercise)) == ()


def test_comments_hints_and_the_way_a_number_is_written_play_no_part():
    assert trace(SAME) == trace(ANSWER)
    [pair] = pairs(ANSWER, SAME)
    assert pair.learners == ("l0", "l1")
    assert [one.likeness for one in pair.shared] == [1.0]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("+ 1\n", "- 1\n"),
        ("k.shape[0], j", "k.shape[1], j"),
        ("[i, j] =", "[j, i] ="),
        ("np.zeros", "np.ones"),
        ("ab,ab->", "ab,ba->"),
        ("for place in range(rows * columns):", "while True:"),
        ("i, j = divmod", "j, i = divmod"),
    ],
)
def test_another_answer_is_not_the_same_one(was, becomes):
    assert was in ANSWER
    assert trace(ANSWER.replace(was, becomes)) != trace(ANSWER)


def test_two_answers_with_a_line_of_difference_are_near():
    more = SAME.replace("    return out", "    print(out.shape)\n    return out")
    [pair] = pairs(ANSWER, more)
    assert 0.8 <= pair.shared[0].likeness < 1
    assert pair.size == pair.shared[0].size > 8


def test_only_the_same_answer_is_alike_in_full():
    [pair] = pairs(ANSWER, SAME.replace("kernel)", "kernel, /)", 1))
    assert pair.shared[0].likeness == 0.99


def test_functions_in_another_order_are_the_same_answer():
    helper = "def clip(x):\n    return max(0, x)\n"
    assert trace(helper + ANSWER) == trace(SAME + "def cut(v):\n    return max(0, v)\n")


def test_what_the_course_gives_out_is_no_sign():
    for exercise in EXERCISES:
        text = exercise.solution_source
        answers = [(f"l{n}", exercise.id, text) for n in range(RARE + 1)]
        found = alike(answers, {exercise.id: known(exercise)})
        assert (found.pairs, found.common) == ((), ())


def test_given_helpers_in_an_answer_are_no_sign():
    given = bank.load("learn_kernel").starter_source
    mine = "def learn_kernel(x, y, shape, steps, rate):\n    return x[steps] * rate\n"
    assert pairs(given + "\n" + mine, given + "\n" + mine) != ()
    assert pairs(given + "\n" + mine, given + "\n" + mine, given=[given]) == ()


def test_a_very_short_answer_is_not_compared():
    text = "def f(x, k):\n    y = x[1:] * k - x[:-1] / k\n    return y.sum(k) + x.max()"
    assert trace(text).tokens < FEW
    assert len(trace(text).prints) > LEAST
    assert pairs(text, text) == ()


def test_an_answer_that_many_share_is_counted_and_makes_no_pair():
    answers = [(f"l{n}", "corr2d", ANSWER) for n in range(RARE + 1)]
    found = alike(answers, {})
    assert found.pairs == ()
    assert found.common == (Common("corr2d", RARE + 1),)
    assert len(alike(answers[:RARE], {}).pairs) == RARE * (RARE - 1) // 2


def test_a_part_that_many_answers_have_is_no_sign():
    texts = [ANSWER.replace("return answer", f"return answer + {n}") for n in range(99)]
    assert pairs(*texts) == ()
    assert len(pairs(*texts[:2])) == 1


def test_the_last_answer_of_a_learner_counts():
    other = sources(bank.load("corr2d"))[1]
    answers = [("Ann", "corr2d", ANSWER), ("Bob", "corr2d", ANSWER)]
    assert len(alike(answers, {}).pairs) == 1
    assert alike([*answers, ("Bob", "corr2d", other)], {}).pairs == ()


def test_pairs_with_more_in_common_come_first_whatever_the_order():
    longer = bank.load("avg_pool2d").solution_source
    answers = [
        *(("Ann", "corr2d", ANSWER), ("Bob", "corr2d", SAME)),
        *(("Cleo", "avg_pool2d", longer), ("Dan", "avg_pool2d", longer)),
        ("Bob", "avg_pool2d", sources(bank.load("avg_pool2d"))[1]),
    ]
    found = alike(answers, {})
    assert [pair.learners for pair in found.pairs] == [("Cleo", "Dan"), ("Ann", "Bob")]
    random.Random(0).shuffle(answers)
    assert alike(answers, {}) == found


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "x = '\0'",
        f"x = {'-' * 50_000}1",
        f"x = {'(' * 5000}1{')' * 5000}",
        f"x = {'9' * 5000}",
        f"x = 1  # {'long' * LONG}",
    ],
    ids=["no Python", "a null byte", "deep", "nested", "a long number", "a long text"],
)
def test_what_cannot_be_compared_is_counted(text):
    found = alike([("Ann", "corr2d", text), ("Bob", "corr2d", ANSWER)], {})
    assert (found.compared, found.left_out) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        f"x = 0x{'f' * 5000}",
        f"x = {'-' * 900}1",
        f"x = a{'.b' * 900}",
        f"x = 1{'+1' * 900}",
        "x: int",
        "",
        "def f(*, a=1, **b): global c; {**b}; [*a]; a[1:, ...]; lambda: (yield)",
        "match x:\n    case [a, *_] | {'k': a, **r}:\n        pass",
    ],
)
def test_odd_python_is_compared(text):
    assert trace(text) == trace(text + "\n")

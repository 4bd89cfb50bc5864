"""Rules about the text of an answer: what breaks them, and what does not."""

import ast

import pytest

from coursekit.exercise.rules import forbids

NO_PAD = forbids("np.pad", "Write the padding yourself.")


def lines(text):
    return list(NO_PAD.broken_by(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "np.pad(x, 1)",
        "numpy.pad(x, 1)",
        "p = np.pad",
        "np.lib.arraypad.pad(x, 1)",
        "from numpy import pad as p",
        "pad(x, 1)",
    ],
)
def test_a_forbidden_function_is_found_however_it_is_reached(text):
    assert lines(f"x = 0\n{text}") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "pad = 1\nx[pad:]",
        "def pad(x): return x\npad(x)",
        "padded = x.padding",
        'x["pad"]',
        "# np.pad(x, 1)",
    ],
)
def test_a_name_that_only_looks_like_it_is_allowed(text):
    assert lines(text) == []

"""Sealing a lesson's cells: answers are hidden, and nothing else is touched."""

import ast
import re

import pytest

from coursekit import widgets
from coursekit.author.sealing import seal_source
from coursekit.widgets import Predict
from coursekit.widgets.predict import unseal

SEALED = re.compile(r'sealed="([A-Za-z0-9+/=]+)"')

CALLS = {
    "number": ('Predict("2 + 2?", answer=4, why="Count.")', 'Predict("2 + 2?", {})'),
    "module": (
        'widgets.Predict("a?", why="w", answer=-1.5)',
        'widgets.Predict("a?", {})',
    ),
    "choices first": (
        'Predict("a?", choices=["u", "v"], answer="u", why="w")',
        'Predict("a?", choices=["u", "v"], {})',
    ),
    "choices last": (
        'Predict("a?", answer="u", why="w", choices=["u", "v"])',
        'Predict("a?", {}, choices=["u", "v"])',
    ),
    "tolerance": (
        'Predict("a?", answer=0.3, tolerance=0.1, why="w")',
        'Predict("a?", {})',
    ),
    "wrong answers": (
        'Predict("a?", answer=3, wrong={4: "v", 2: "u"}, why="w")',
        'Predict("a?", {})',
    ),
    "many lines": (
        'Predict(  # kept\n    "é?",\n    answer=(3, 4),  # lost: 3, 4\n'
        '    why=("one "\n         "two"),  # lost\n)  # kept\n',
        'Predict(  # kept\n    "é?",\n    {},  \n)  # kept\n',
    ),
    "among other code": (
        '%time x = 1\n!ls\nü = "→"; Predict("a?", answer=1, why="w"); y=  2\r\n',
        '%time x = 1\n!ls\nü = "→"; Predict("a?", {}); y=  2\r\n',
    ),
    "a percent sign in the reason": (
        'Predict("a?", answer=1, why="""\n% of all""")',
        'Predict("a?", {})',
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_sealing_a_call_leaves_the_rest_of_the_cell_byte_for_byte(name: str) -> None:
    source, expected = CALLS[name]
    sealed = seal_source(source)
    assert SEALED.sub("{}", sealed) == expected


def test_a_sealed_call_asks_the_same_question_as_the_open_one() -> None:
    for source in (CALLS[name][0] for name in CALLS if "%time" not in CALLS[name][0]):
        space = {"Predict": Predict, "widgets": widgets}
        shown = [
            repr(eval(compile(ast.parse(text.strip(), mode="eval"), "", "eval"), space))
            for text in (source, seal_source(source))
        ]
        assert shown[0] == shown[1]


def test_several_questions_in_one_cell_keep_their_own_answers() -> None:
    source = 'a = [Predict("p", answer=1, why="w"), Predict("q", answer=2, why="w")]'
    found = SEALED.findall(seal_source(source + "\n" + source))
    assert [unseal(word)["answer"] for word in found] == [1, 2, 1, 2]


@pytest.mark.parametrize(
    "source", ["", "x = 1\n", "# Predict nothing\n", 'Predict("a", sealed="e30=")']
)
def test_a_cell_without_an_open_answer_comes_back_as_it_is(source: str) -> None:
    assert seal_source(source) == source


def test_sealing_twice_changes_nothing_more() -> None:
    once = seal_source(CALLS["many lines"][0])
    assert seal_source(once) == once


def test_an_answer_that_is_not_written_out_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"Line 2: answer=n of a Predict must be"):
        seal_source('n = 3\nPredict("a?", answer=n, why="w")')

"""Predict-first questions: what a seal hides, and that it touches nothing else."""

import ast
import re

import pytest

from coursekit.quiz import Predict, seal, seal_source, unseal

SEALED = re.compile(r'sealed="([A-Za-z0-9+/=]+)"')

CALLS = {
    "number": ('Predict("2 + 2?", answer=4, why="Count.")', 'Predict("2 + 2?", {})'),
    "module": (
        'quiz.Predict("a?", why="w", answer=-1.5)',
        'quiz.Predict("a?", {})',
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
        space = {"Predict": Predict, "quiz": __import__("coursekit.quiz").quiz}
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


@pytest.mark.parametrize(
    ("answer", "tolerance", "kept"),
    [(4, None, 0.0), (-0.5, None, 0.005), (4, 1.0, 1.0), ((3, 4), None, 0.0)],
)
def test_a_seal_keeps_answer_reason_and_tolerance(
    answer: object, tolerance: float | None, kept: float
) -> None:
    plain = unseal(seal(answer, "because → so", tolerance))  # type: ignore[arg-type]
    expected = list(answer) if isinstance(answer, tuple) else answer
    assert plain == {"answer": expected, "why": "because → so", "tolerance": kept}


def test_the_repr_is_stable_and_shows_question_and_choices_but_no_answer() -> None:
    asked = [Predict("How many?", answer=7349, why="As 7349.") for _ in range(2)]
    assert repr(asked[0]) == repr(asked[1])
    assert repr(asked[0]) == "<Predict: How many? (run this cell to answer)>"
    assert "7349" not in repr(asked[0]) + asked[0].describe()
    chosen = Predict("Which?", answer="v", choices=["u", "v"], why="w")
    assert "[u] [v]" in repr(chosen)


def test_describe_says_what_kind_of_answer_is_wanted() -> None:
    assert Predict("a?", answer=1, why="w").describe() == "a? Type a number."
    assert Predict("a?", answer=(1, 2), why="w").describe() == "a? Type a shape."
    chosen = Predict("a?", answer="v", choices=["u", "v"], why="w")
    assert chosen.describe() == "a? Choose one of: u; v."


def test_a_question_has_no_still_picture_its_text_says_it_all() -> None:
    data, _ = Predict("a?", answer=1, why="w")._repr_mimebundle_()
    assert set(data) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"why": "w"}, r"answer=None and why='w'\. Give both"),
        ({"answer": 1}, r"answer=1 and why=''\. Give both"),
        (
            {"answer": "x", "why": "w", "choices": ["u", "v"]},
            r"has the answer 'x', which is none of its 2 choices \['u', 'v'\]\. Write",
        ),
        ({"answer": "x", "why": "w"}, r"no choices\. Add choices=\[\.\.\.\]"),
        ({"sealed": "abc"}, r"sealed='abc'\.\.\. \(3 characters\) .*Copy the whole"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Predict("a?", **arguments)  # type: ignore[arg-type]


def test_an_answer_that_is_not_written_out_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"Line 2: answer=n of a Predict must be"):
        seal_source('n = 3\nPredict("a?", answer=n, why="w")')

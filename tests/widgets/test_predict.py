"""Predict-first questions as Python state: what a seal keeps, what a repr tells."""

import re
from base64 import b64encode

import pytest

from coursekit.widgets import Predict
from coursekit.widgets.predict import seal, unseal


@pytest.mark.parametrize(
    ("answer", "tolerance", "kept"),
    [(4, None, 0.0), (-0.5, None, 0.005), (4, 1.0, 1.0), ((3, 4), None, 0.0)],
)
def test_a_seal_keeps_answer_reason_and_tolerance(
    answer: object, tolerance: float | None, kept: float
) -> None:
    plain = unseal(seal(answer, "because → so", tolerance))  # type: ignore[arg-type]
    expected = list(answer) if isinstance(answer, tuple) else answer
    assert (plain["answer"], plain["tolerance"]) == (expected, kept)
    assert (plain["why"], plain["wrong"]) == ("because → so", [])


def test_a_seal_keeps_what_wrong_answers_come_from() -> None:
    wrong = {(4, 3): "Turned.", (3,): "One axis."}
    plain = unseal(seal((3, 4), "w", wrong=wrong))
    assert plain["wrong"] == [[[4, 3], "Turned."], [[3], "One axis."]]


def test_a_question_sealed_before_there_were_such_sentences_is_still_asked() -> None:
    old = b64encode(b'{"answer": 3, "why": "w", "tolerance": 0}').decode()
    assert unseal(old)["wrong"] == []
    assert Predict("a?", sealed=old).describe() == "a? Type a number."


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
        *(
            (
                {"answer": 3, "why": "w", "wrong": {given: "So."}},
                rf"the answer 3 and a sentence for the wrong answer {re.escape(said)}, "
                "which nobody can give. Write another number",
            )
            for given, said in ((3, "3"), ("4", "'4'"), ((4,), "[4]"))
        ),
        (
            {"answer": "u", "why": "w", "choices": ["u", "v"], "wrong": {"x": "So."}},
            r"the wrong answer 'x', which nobody can give\. Write another choice",
        ),
        ({"sealed": "abc"}, r"sealed='abc'\.\.\. \(3 characters\) .*Copy the whole"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Predict("a?", **arguments)  # type: ignore[arg-type]

"""Predict-first questions as Python state: what a seal keeps, what a repr tells."""

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

"""Questions to answer before you look.

In a lesson's source the answer stands in clear; `seal_source` hides it when the
notebook is built. **Hidden, not secret**: the sealed text is base64, so that nobody
reads it by accident and no kernel is needed to judge. Nothing that counts towards a
grade belongs in it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from coursekit.widgets.base import Explorer

Answer = int | float | str | Sequence[int]
Wrong = Mapping[Any, str]  # a wrong answer and what it comes from
HIDDEN = ("answer", "why", "tolerance", "wrong")  # the arguments that a seal replaces


class Predict(Explorer):
    """Ask for a number, a shape or a choice, and say at once why it is right or not.

    Give `answer` and `why`, or what `seal` made of them. A number is right within
    `tolerance`: 0 for an int, 1 % of a float unless you say otherwise. A shape may be
    typed as "3, 4", "(3, 4)" or "3x4". With `choices` the answer is one of them.
    `wrong` maps wrong answers that you expect to a sentence each, on what went wrong.

    Raises: ValueError if the answer is missing, no choice, or not explained, or if a
        wrong answer is right or of another kind.

    >>> Predict("How many windows fit?", answer=4, why="7 - 4 + 1 = 4.")
    <Predict: How many windows fit? (run this cell to answer)>
    """

    script = "predict"

    def __init__(
        self,
        question: str,
        *,
        answer: Answer | None = None,
        why: str = "",
        choices: Sequence[str] | None = None,
        tolerance: float | None = None,
        wrong: Wrong | None = None,
        sealed: str = "",
    ) -> None:
        """Seal the answer, unless it comes sealed."""
        if not sealed:
            sealed = seal(answer, why, tolerance, wrong)
        options = [str(choice) for choice in choices or ()]
        plain = unseal(sealed)
        _check_choices(question, plain["answer"], options)
        _check_wrong(question, plain, options)
        super().__init__(
            table={"question": question, "choices": options, "sealed": sealed},
            place={"tries": [], "shown": False},
        )

    def __repr__(self) -> str:
        """Ask in plain words; the question and its choices tell it from others."""
        return f"<Predict: {self.summary()}>"

    def summary(self) -> str:
        """Give the question and its choices, never the answer."""
        choices = "".join(f" [{choice}]" for choice in self.table["choices"])
        return f"{self.table['question']}{choices} (run this cell to answer)"

    def describe(self) -> str:
        """Ask the question in words and say what kind of answer it wants."""
        choices = self.table["choices"]
        if choices:
            return f"{self.table['question']} Choose one of: {'; '.join(choices)}."
        number = isinstance(unseal(self.table["sealed"])["answer"], int | float)
        return f"{self.table['question']} Type a {'number' if number else 'shape'}."


def _check_choices(question: str, answer: Any, choices: list[str]) -> None:
    """Refuse a question that no answer, or any answer, would satisfy."""
    if choices and answer not in choices:
        raise ValueError(
            f"Predict({question!r}) has the answer {answer!r}, which is none of its "
            f"{len(choices)} choices {choices}. Write one of them as the answer."
        )
    if not choices and isinstance(answer, str):
        raise ValueError(
            f"Predict({question!r}) has the text {answer!r} as its answer but no "
            "choices. Add choices=[...], or ask for a number or a shape."
        )


def _check_wrong(question: str, plain: dict[str, Any], choices: list[str]) -> None:
    """Refuse a sentence that nobody could ever read."""
    answer = plain["answer"]
    kind = next(one for one in (str, list, int | float) if isinstance(answer, one))
    for given, _ in plain["wrong"]:
        possible = given in choices if choices else isinstance(given, kind)
        if given == answer or not possible:
            raise ValueError(
                f"Predict({question!r}) has the answer {answer!r} and a sentence for "
                f"the wrong answer {given!r}, which nobody can give. Write another "
                f"{'choice' if choices else 'shape' if kind is list else 'number'}."
            )


def seal(
    answer: Answer | None,
    why: str,
    tolerance: float | None = None,
    wrong: Wrong | None = None,
) -> str:
    """Hide an answer and all that tells it in one word: hidden, not secret.

    Raises: ValueError if there is no answer or no reason.

    >>> unseal(seal((3, 4), "8 - 6 + 1 and 9 - 6 + 1."))["answer"]
    [3, 4]
    """
    if answer is None or not why:
        raise ValueError(
            f"Predict got answer={answer!r} and why={why!r}. Give both: the reason is "
            "shown with the verdict."
        )
    if isinstance(answer, float) and tolerance is None:
        tolerance = 0.01 * abs(answer)
    plain = {"answer": _written(answer), "why": why, "tolerance": tolerance or 0.0}
    plain["wrong"] = [[_written(given), says] for given, says in (wrong or {}).items()]
    return b64encode(json.dumps(plain).encode()).decode("ascii")


def _written(answer: Answer) -> Any:
    """Give an answer as JSON keeps it: a shape is a list."""
    return answer if isinstance(answer, str | int | float) else [int(n) for n in answer]


def unseal(sealed: str) -> dict[str, Any]:
    """Read what `seal` hid.

    Raises: ValueError if the text was not made by `seal`.
    """
    try:
        plain = {"wrong": [], **json.loads(b64decode(sealed, validate=True))}
        return {name: plain[name] for name in HIDDEN}
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"sealed={sealed[:20]!r}... ({len(sealed)} characters) was not made by "
            "seal(). Copy the whole text, or give answer= and why= instead."
        ) from None

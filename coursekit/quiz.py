"""Questions to answer before you look.

In a lesson's source the answer stands in clear; `seal_source` hides it when the
notebook is built. **Hidden, not secret**: the sealed text is base64, so that nobody
reads it by accident and no kernel is needed to judge. Nothing that counts towards a
grade belongs in it.
"""

from __future__ import annotations

import ast
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any, TypeGuard

from coursekit.widgets.base import Explorer

Answer = int | float | str | Sequence[int]
HIDDEN = ("answer", "why", "tolerance")  # the arguments that a seal replaces


class Predict(Explorer):
    """Ask for a number, a shape or a choice, and say at once why it is right or not.

    Give `answer` and `why`, or what `seal` made of them. A number is right within
    `tolerance`: 0 for an int, 1 % of a float unless you say otherwise. A shape may be
    typed as "3, 4", "(3, 4)" or "3x4". With `choices` the answer is one of them.

    Raises: ValueError if the answer is missing, no choice, or not explained.

    >>> Predict("How many windows fit?", answer=4, why="7 - 4 + 1 = 4.")
    <Predict: How many windows fit? (run this cell to answer)>
    """

    script = "predict.js"

    def __init__(
        self,
        question: str,
        *,
        answer: Answer | None = None,
        why: str = "",
        choices: Sequence[str] | None = None,
        tolerance: float | None = None,
        sealed: str = "",
    ) -> None:
        """Seal the answer, unless it comes sealed."""
        if not sealed:
            sealed = seal(answer, why, tolerance)
        options = [str(choice) for choice in choices or ()]
        _check_choices(question, unseal(sealed)["answer"], options)
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


def seal(answer: Answer | None, why: str, tolerance: float | None = None) -> str:
    """Hide an answer, its reason and its tolerance in one word: hidden, not secret.

    Raises: ValueError if there is no answer or no reason.

    >>> unseal(seal((3, 4), "8 - 6 + 1 and 9 - 6 + 1."))["answer"]
    [3, 4]
    """
    if answer is None or not why:
        raise ValueError(
            f"Predict got answer={answer!r} and why={why!r}. Give both: the reason is "
            "shown with the verdict."
        )
    if not isinstance(answer, str | int | float):
        answer = [int(n) for n in answer]
    elif isinstance(answer, int | float) and tolerance is None:
        tolerance = 0.0 if isinstance(answer, int) else 0.01 * abs(answer)
    plain = {"answer": answer, "why": why, "tolerance": tolerance or 0.0}
    return b64encode(json.dumps(plain).encode()).decode("ascii")


def unseal(sealed: str) -> dict[str, Any]:
    """Read what `seal` hid.

    Raises: ValueError if the text was not made by `seal`.
    """
    try:
        plain = json.loads(b64decode(sealed, validate=True))
        return {name: plain[name] for name in HIDDEN}
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"sealed={sealed[:20]!r}... ({len(sealed)} characters) was not made by "
            "seal(). Copy the whole text, or give answer= and why= instead."
        ) from None


def seal_source(cell_source: str) -> str:
    """Replace the answers in a cell's `Predict` calls by `sealed="..."`.

    All else stays byte for byte: other code, the question, comments outside the hidden
    arguments. Cells without a `Predict` call come back as they are.

    Raises: ValueError if a hidden argument is not written out as a literal.

    >>> seal_source('Predict("2 + 2?", answer=4, why="Count.")')[:33]
    'Predict("2 + 2?", sealed="eyJhbnN'
    """
    if "Predict" not in cell_source:
        return cell_source
    raw = cell_source.encode()
    calls = [node for node in ast.walk(_parse(cell_source)) if _asks(node)]
    for call in sorted(calls, key=lambda call: _span(raw, call), reverse=True):
        raw = _seal_call(raw, call)
    return raw.decode()


def _parse(cell_source: str) -> ast.Module:
    """Parse a cell; a line of IPython's own, such as %time, counts as a comment."""
    try:
        return ast.parse(cell_source)
    except SyntaxError:
        plain = re.sub(r"^(\s*)[%!?]", r"\1#", cell_source, flags=re.MULTILINE)
        return ast.parse(plain)


def _asks(node: ast.AST) -> TypeGuard[ast.Call]:
    """Tell whether a node is a Predict call that holds something to hide."""
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    return name == "Predict" and any(word.arg in HIDDEN for word in node.keywords)


def _seal_call(raw: bytes, call: ast.Call) -> bytes:
    """Rewrite one call: what stands before the first hidden argument stays as it is."""
    words: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    words.sort(key=lambda word: _span(raw, word))
    hidden = [isinstance(w, ast.keyword) and w.arg in HIDDEN for w in words]
    first = hidden.index(True)
    pieces = [f'sealed="{seal(**_values(call))}"'.encode()]
    for word, hides in zip(words[first:], hidden[first:], strict=True):
        if not hides:
            start, end = _span(raw, word)
            pieces.append(raw[start:end])
    start = _span(raw, words[first])[0]
    last, end = _span(raw, words[-1])[1], _span(raw, call)[1]
    tail = re.sub(rb"#[^\n]*", b"", raw[last:end])  # a comment may give the answer away
    return raw[:start] + b", ".join(pieces) + tail + raw[end:]


def _values(call: ast.Call) -> dict[str, Any]:
    """Read the hidden arguments of a call without running it."""
    values: dict[str, Any] = {"answer": None, "why": ""}
    for word in call.keywords:
        if word.arg in HIDDEN:
            try:
                values[word.arg] = ast.literal_eval(word.value)
            except ValueError:
                raise ValueError(
                    f"Line {word.lineno}: {word.arg}={ast.unparse(word.value)} of a "
                    "Predict must be written out (a number, a tuple of ints or a "
                    "text), so that it can be sealed without running the lesson."
                ) from None
    return values


def _span(raw: bytes, node: ast.expr | ast.keyword) -> tuple[int, int]:
    """Give where a node starts and ends in the source, in bytes."""
    lines = raw.splitlines(keepends=True)

    def offset(line: int | None, column: int | None) -> int:
        return sum(map(len, lines[: (line or 1) - 1])) + (column or 0)

    return (
        offset(node.lineno, node.col_offset),
        offset(node.end_lineno, node.end_col_offset),
    )

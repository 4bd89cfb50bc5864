"""Hide the answers in a lesson's cells: its `Predict` calls are rewritten as text."""

from __future__ import annotations

import ast
import re
from typing import Any, TypeGuard

from coursekit.widgets.predict import HIDDEN, seal


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

"""Pieces of HTML that verdicts and the table of progress are made of.

All text is escaped here; what stands between backticks becomes code.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

MONOSPACE = "font-family: var(--jp-code-font-family, monospace)"

_SPACE = "margin: 0.3em 0; white-space: pre-wrap"


def paragraph(text: str) -> str:
    """Write a paragraph.

    >>> paragraph("Is a `return` missing?").partition(">")[2]
    'Is a <code>return</code> missing?</p>'
    """
    marked = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text))
    return f'<p style="{_SPACE}">{marked}</p>'


def code(text: str) -> str:
    """Write lines of code, or what Python said, as they stand."""
    return f'<pre style="{_SPACE}; {MONOSPACE}">{escape(text)}</pre>'


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[str]
) -> str:
    """Write a table; the columns named in `numbers` end on the right."""
    sides = ["right" if name in numbers else "left" for name in head]
    lines = [_row("th", head, sides), *(_row("td", row, sides) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, texts: Sequence[str], sides: Sequence[str]) -> str:
    cells = "".join(
        f'<{tag} style="text-align: {side}">{escape(text)}</{tag}>'
        for text, side in zip(texts, sides, strict=True)
    )
    return f"<tr>{cells}</tr>"

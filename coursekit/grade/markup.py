"""Pieces of HTML that verdicts and the note on progress are made of.

All text is escaped here; what stands between backticks becomes code.
"""

import re
from html import escape

MONOSPACE = "font-family: var(--jp-code-font-family, monospace)"

_SPACE = "margin: 0.3em 0; white-space: pre-wrap"


def cleaned(text: str) -> str:
    r"""Keep letters and line ends; show what is not seen, or turns a line, as such.

    >>> ascii(cleaned("a\tred \x1b[31mword\u202e\n"))
    "'a       red \\ufffd[31mword\\ufffd\\n'"
    """
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}"
        for c in text.expandtabs()
    )


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

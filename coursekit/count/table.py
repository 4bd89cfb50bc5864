"""A table as plain text, and as HTML: cells in, one string out."""

from __future__ import annotations

from html import escape

LEFT = 2  # so many columns are words; the others are numbers


def as_text(heads: list[str], rows: list[list[str]]) -> str:
    """Align the columns with spaces.

    >>> print(as_text(["", "layer", "size"], [["0", "ReLU()", "7"]]))
       layer   size
    0  ReLU()     7
    """
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if number < LEFT else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (heads, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)


def as_html(heads: list[str], rows: list[list[str]]) -> str:
    """Write a table whose heads and whose first words say what a number is about.

    >>> as_html(["", "layer", "size"], [["0", "ReLU()", "7"]]).count("<td")
    2
    """
    head = "".join(_cell("th", text, n, ' scope="col"') for n, text in enumerate(heads))
    body = []
    for row in rows:
        cells = [
            _cell("th", text, n, ' scope="row"') if n == 1 else _cell("td", text, n)
            for n, text in enumerate(row)
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _cell(tag: str, text: str, column: int, extra: str = "") -> str:
    side = "left" if column < LEFT else "right"
    return f'<{tag}{extra} style="text-align:{side}">{escape(text)}</{tag}>'

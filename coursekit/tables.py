"""Tables of words and numbers, as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import NamedTuple


class Table(NamedTuple):
    """Cells, column by column under their heads.

    Columns in `numbers` end on the right; `about` says what the numbers of a row are
    about, and `links` where such a name leads in HTML.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Collection[str]
    about: str
    links: Mapping[str, str] = MappingProxyType({})

    def text(self) -> str:
        """Align the columns with spaces.

        >>> table = Table(["layer", "size"], [["ReLU()", "7"]], ["size"], "layer")
        >>> print(table.text())
        layer   size
        ReLU()     7
        """
        columns = zip(self.heads, *self.rows, strict=True)
        widths = [max(map(len, column)) for column in columns]
        lines = []
        for row in (self.heads, *self.rows):
            cells = (
                cell.rjust(width) if name in self.numbers else cell.ljust(width)
                for name, cell, width in zip(self.heads, row, widths, strict=True)
            )
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    def html(self) -> str:
        """Write a table whose heads tell a screen reader what each number is.

        >>> table = Table(["layer", "size"], [["ReLU()", "7"]], ["size"], "layer")
        >>> table.html().count('scope="col"'), table.html().count('scope="row"')
        (2, 1)
        """
        head = "".join(self._cell(name, name, "col") for name in self.heads)
        body = "".join(f"<tr>{self._row(row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _row(self, row: Sequence[str]) -> str:
        return "".join(
            self._cell(name, text, "row" if name == self.about else "")
            for name, text in zip(self.heads, row, strict=True)
        )

    def _cell(self, name: str, text: str, scope: str) -> str:
        side = "right" if name in self.numbers else "left"
        tag, told = ("th", f' scope="{scope}"') if scope else ("td", "")
        said = escape(text)
        if scope == "row" and text in self.links:
            said = f'<a href="{escape(self.links[text])}">{said}</a>'
        return f'<{tag}{told} style="text-align:{side}">{said}</{tag}>'

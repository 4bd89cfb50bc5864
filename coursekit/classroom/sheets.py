"""Tables of our own: read from a spreadsheet's CSV, written so that it stays text."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_JOINERS = "\u200c\u200d"  # some names cannot be written without them
_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"))


class SheetError(ValueError):
    """A table that cannot be used; the message says where, and what to do."""


class Row(NamedTuple):
    """One line of a table: its number, and what its cells say by meaning."""

    line: int
    said: Mapping[str, Sequence[str]]

    def get(self, meaning: str) -> str:
        """Return what the first cell with this meaning says; "" if there is none."""
        return next(iter(self.said.get(meaning, ())), "")


def read(
    path: Path,
    meanings: Mapping[str, Collection[str]],
    needed: Iterable[Collection[str]],
) -> list[Row]:
    """Return the lines of a table, without those that are empty.

    `meanings` maps each meaning to the heads that have it, in small letters; of each
    collection in `needed` there must be one. Commas, semicolons or tabs stand between
    cells.

    Raises: SheetError if it is no such table.
    """
    text = _decoded(path)
    first = text.lstrip("\r\n").partition("\n")[0]
    tries = [next(csv.reader([first], delimiter=one), []) for one in ",;\t"]
    known = {head for heads in meanings.values() for head in heads}
    counts = [sum(_plain(head) in known for head in heads) for heads in tries]
    best = counts.index(max(counts))
    found = _meanings(tries[best], meanings)
    for one in needed:
        if not any(set(one) & set(said) for said in found):
            heads = ", ".join(sorted(head for kind in one for head in meanings[kind]))
            there = ", ".join(filter(None, map(clean, tries[best]))) or "nothing"
            raise SheetError(
                f"{path.name} lacks a column for the {next(iter(one))}. Its first line "
                f"says {there}; call the column one of: {heads}."
            )
    return list(_rows(path, text, ",;\t"[best], found))


def cell(text: str) -> str:
    """Clean a text, and keep a spreadsheet from taking it for a formula.

    >>> cell("=1+1"), cell("Zoë")
    ("'=1+1", 'Zoë')
    """
    text = clean(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def clean(text: str) -> str:
    """Write a text on one line; marks stand for what cannot be seen or turns it round.

    >>> clean("a\\n b\\x1b[2J")
    'a b\N{REPLACEMENT CHARACTER}[2J'
    """
    return "".join(
        one if one.isprintable() or one in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for one in " ".join(text.split())
    )


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of cells as CSV that every spreadsheet opens as UTF-8.

    Each cell is quoted, or a semicolon could begin another in some countries.
    """
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(map(cell, row) for row in rows)
    return file.getvalue().encode("utf-8-sig")


def number(value: float) -> str:
    """Write points with at most two digits behind the point.

    >>> number(2.5), number(7.0), number(2 / 3)
    ('2.5', '7', '0.67')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def counted(n: int, word: str) -> str:
    """Say how many of something there are.

    >>> counted(1, "day"), counted(2, "day")
    ('1 day', '2 days')
    """
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
        encoding = next(name for start, name in _ENCODINGS if data.startswith(start))
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SheetError(
            f"{path.name} is not in UTF-8. Save it in your spreadsheet as 'CSV UTF-8'."
        ) from None
    except OSError as error:
        raise SheetError(f"{path.name} cannot be read: {error.strerror}.") from None


def _plain(head: str) -> str:
    return " ".join(head.replace("_", " ").split()).casefold()


def _meanings(
    heads: Sequence[str], meanings: Mapping[str, Collection[str]]
) -> list[list[str]]:
    """Return what the cells below each head mean: nothing, or one thing or more."""
    return [
        [kind for kind, names in meanings.items() if _plain(head) in names]
        for head in heads
    ]


def _rows(
    path: Path, text: str, delimiter: str, found: Sequence[Sequence[str]]
) -> Iterable[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        seen = False
        for cells in reader:
            if seen and any(one.strip() for one in cells):
                said: dict[str, list[str]] = {}
                for kinds, one in zip(found, cells, strict=False):
                    for kind in kinds:
                        said.setdefault(kind, []).append(one.strip())
                yield Row(reader.line_num, said)
            seen = seen or any(one.strip() for one in cells)
    except csv.Error as error:
        raise SheetError(
            f"{path.name} is no table behind line {reader.line_num}: {error}. Save it "
            "again as CSV."
        ) from None

"""A table exported by another system: filled in, and not one byte else changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.classroom import sheets
from coursekit.classroom.roster import Person, Roster, TwoPeople

_BOM = "\ufeff"


class ExportError(RuntimeError):
    """An export that cannot be made as asked; the message says what to do."""


@dataclass(frozen=True)
class Mark:
    """What one learner is to get, and the name and numbers to be found by."""

    points: float
    out_of: float
    words: str = ""
    name: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One cell that is filled: whose it is, what it held and what it holds now."""

    learner: str
    column: str
    before: str
    after: str


class Sheet:
    """Rows of cells as they stand in a file, with its quotes, separator and line ends.

    Raises: ExportError if the file is no table in UTF-8.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise ExportError(
                f"{path} is not in UTF-8. Export it again and do not save it from a "
                "spreadsheet, or save it there as 'CSV UTF-8'."
            ) from None
        self._start = _BOM if text.startswith(_BOM) else ""
        text = text.removeprefix(_BOM)
        tries = [list(_rows(text, separator)) for separator in ",;\t"]
        self._rows = max(tries, key=lambda rows: len(rows[0]) if rows else 0)
        if not self._rows or len(self.names) < 4:
            raise ExportError(
                f"{path} is no table with a first line of names, separated by commas, "
                "semicolons or tabs. Name the file as you downloaded it."
            )

    @property
    def names(self) -> list[str]:
        """The cells of the first line."""
        return [self.cell(0, column) for column in range(len(self._rows[0]) // 2)]

    def __len__(self) -> int:
        return len(self._rows)

    def cell(self, row: int, column: int) -> str:
        """Return what a cell says; "" if its line is too short."""
        raw = self._rows[row][2 * column : 2 * column + 1]
        return _said(raw[0]) if raw else ""

    def fill(self, row: int, column: int, text: str) -> None:
        """Say something else in a cell that is there."""
        if 2 * column >= len(self._rows[row]):
            raise ExportError(
                f"Line {row + 1} of {self.path} ends before the column "
                f"{self.names[column]!r}. Export it again."
            )
        if re.search(r'[",;\t\r\n]', text):
            text = '"' + text.replace('"', '""') + '"'
        self._rows[row][2 * column] = text

    def content(self) -> bytes:
        """Return the whole file."""
        text = "".join(part for row in self._rows for part in row)
        return (self._start + text).encode("utf-8")

    def column(self, name: str, among: Collection[int] | None = None) -> int:
        """Find the one column of this name; " (123)" at its end may be left out.

        Raises: ExportError if there is none, or more; it lists those there are.
        """
        names = self.names
        allowed = range(len(names)) if among is None else sorted(among)
        wanted = name.strip().casefold()
        full = {at: names[at].strip().casefold() for at in allowed}
        found = [at for at in allowed if full[at] == wanted] or [
            at for at in allowed if re.sub(r"\s*\(\d+\)$", "", full[at]) == wanted
        ]
        if len(found) == 1:
            return found[0]
        what = f"{len(found)} columns" if found else "no column"
        there = "; ".join(names[at] for at in found or allowed) or "none"
        raise ExportError(
            f"{self.path} has {what} called {name!r}. Name one of these: {there}"
        )


def beside(path: Path) -> Path:
    """Return where the filled copy of a file belongs.

    >>> beside(Path("grades.csv")).name
    'grades.graded.csv'
    """
    return path.with_suffix(f".graded{path.suffix}")


def number(value: float, like: str = "") -> str:
    """Write points with at most two digits; a comma where a number beside has one.

    >>> number(2.5), number(7.0), number(2 / 3, like="10,00")
    ('2.5', '7', '0,67')
    """
    text = sheets.number(value)
    return text.replace(".", ",") if "," in like and "." not in like else text


def points_in(text: str) -> float | None:
    """Read a number that another system wrote, or None.

    >>> points_in(" 45.00"), points_in("45,5"), points_in("(read only)")
    (45.0, 45.5, None)
    """
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def scaled(mark: Mark, maximum: float | None, *, scale: bool, where: str) -> float:
    """Return the points of a mark as the other system counts them.

    Raises: ExportError if its maximum is another and nobody asked to scale.
    """
    if maximum is None or maximum == mark.out_of:
        return mark.points
    if scale:
        return mark.points * maximum / mark.out_of if mark.out_of else 0.0
    raise ExportError(
        f"{where} is out of {maximum:g} points, and these exercises are out of "
        f"{mark.out_of:g}. Change the one there, or say --scale."
    )


def matched(
    rows: Mapping[int, Sequence[str]], marks: Mapping[str, Mark]
) -> tuple[dict[int, str], list[str]]:
    """Return whose each row is, and a sentence on every learner without one row.

    `rows` maps the number of a row to the cells that tell whose it is.
    """
    people = {_person(row, cells): row for row, cells in rows.items()}
    roster = Roster(people)
    owners, problems = defaultdict(list), []
    for learner, mark in marks.items():
        try:
            person = roster.find(mark.name or learner, mark.ids)
        except TwoPeople as error:
            problems.append(f"{learner}: {error}")
            continue
        if person is None:
            problems.append(f"{learner}: not in it")
        else:
            owners[people[person]].append(learner)
    for row, names in owners.items():
        if len(names) > 1:
            said = " and ".join(names)
            problems.append(f"{said}: all fit line {row + 1}; nothing was filled in")
    return {row: one[0] for row, one in owners.items() if len(one) == 1}, problems


def _person(row: int, cells: Sequence[str]) -> Person:
    """Make somebody of a row, to be found by name, number or address."""
    numbers = [re.sub(r"^\D+ (\d+)$", r"\1", cell.strip()) for cell in cells]
    said = list(filter(None, numbers))
    said += [one.partition("@")[0] for one in said if "@" in one]
    names = [one for one in said if " " in one]
    aliases = tuple(one for one in said if " " not in one)
    return Person(f"line {row + 1}", next(iter(names), ""), aliases)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Yield each row as cell, what ends it, cell, what ends it, ...: all that is there.

    A cell is as it stands, with its quotes.
    """
    cell = re.compile(
        rf'((?:"[^"]*(?:""[^"]*)*")?[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)'
    )
    row: list[str] = []
    for found in cell.finditer(text):
        if not row and not found[0]:
            break  # the end of the file, after a line end
        row += found.groups()
        if found[2] != separator:
            yield row
            row = []


def _said(raw: str) -> str:
    """Read a cell as it stands: what is between quotes, and what follows them."""
    if not raw.startswith('"'):
        return raw
    quoted = re.compile(r'"((?:[^"]|"")*)"?')
    return quoted.sub(lambda found: found[1].replace('""', '"'), raw, count=1)

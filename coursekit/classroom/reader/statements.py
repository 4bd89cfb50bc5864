"""Cut code cells into top-level statements, and save what a broken cell still holds."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise

from coursekit.classroom.reader.cells import Cell
from coursekit.classroom.reader.magics import exported
from coursekit.classroom.reader.names import Names, names_of
from coursekit.classroom.reader.syntax import compiled_alone, parsed, shown

STATEMENTS = 5000  # of one program
LINES = 5000  # of all broken cells, in which something is looked for
_SHORT = 2000  # letters of a cell that is kept in mind
_WIDTH = 4  # pieces of a broken cell that are tried together

_SAVED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign),
)
_PIECE = re.compile(r"^(?=[^\s)\]}#])(?!(?:else|elif|except|finally)\b)", re.MULTILINE)
# Letters of other scripts that look like those of the names that are asked for.
_LOOKS = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0455\u0458\u0501\u04bb"
    "\u0432\u043a\u043c\u043d\u0442\u03bf\u03b1\u03bd\u0131",
    "aceopxyisjdhbkmhtoavi",
)


@dataclass(frozen=True)
class Statement:
    """One top-level statement that compiles alone; `line` is its first in the cell."""

    text: str
    cell: int
    line: int
    names: Names = field(default=Names(), repr=False, compare=False)


def statements_of(cells: Sequence[Cell]) -> tuple[list[Statement], list[str]]:
    """Return the statements of code cells in order, and what is to be said of them."""
    statements: list[Statement] = []
    notes: list[str] = []
    broken = 0
    for cell in cells:
        try:
            found, said = (_read_often if len(cell.text) < _SHORT else _read)(cell)
            notes += said
        except SyntaxError as error:
            broken += cell.text.count("\n") + 1
            found = _saved(cell, notes) if broken <= LINES else []
            notes.append(_unreadable(cell.number, error, found))
        statements += found
        if len(statements) > STATEMENTS:
            del statements[STATEMENTS:]
            notes.append(f"only the first {STATEMENTS} statements are read")
            break
    return statements, [*notes, *_twice(statements), *_lookalikes(statements)]


def _read(cell: Cell) -> tuple[list[Statement], list[str]]:
    """Return the statements of a cell that can be read, and what is to be said."""
    notes: list[str] = []
    return list(islice(_cut(cell, parsed(cell.text), notes), STATEMENTS + 1)), notes


# Many cells are the same in all notebooks of a class.
_read_often = lru_cache(maxsize=512)(_read)


def _cut(
    cell: Cell, nodes: Sequence[ast.stmt], notes: list[str], above: int = 0
) -> Iterator[Statement]:
    """Yield the statements of a text, `above` which stand so many lines of the cell."""
    lines = cell.text.encode().split(b"\n")  # as ast counts: in bytes, at \n alone
    for node in nodes:
        code = exported(node)
        if code is not None:
            yield from statements_of([Cell(code, cell.number)])[0]
            continue
        line = min([node.lineno, *(one.lineno for one in _decorators(node))])
        text = _between(lines, line, node)
        try:
            compiled_alone(text)
            names = names_of(text, node)
        except (SyntaxError, RecursionError) as error:
            line += above
            notes.append(f"cell {cell.number}, line {line} is left out: {_why(error)}")
            continue
        yield Statement(text, cell.number, line + above, names)


def _decorators(node: ast.stmt) -> list[ast.expr]:
    found: list[ast.expr] = getattr(node, "decorator_list", [])
    return found


def _between(lines: list[bytes], first: int, node: ast.stmt) -> str:
    """Return the text of a statement; a decorator begins its line."""
    last = node.end_lineno or first
    part = lines[first - 1 : last]
    part[-1] = part[-1][: node.end_col_offset]
    if first == node.lineno:
        part[0] = part[0][node.col_offset :]
    return b"\n".join(part).decode()


def _why(error: BaseException) -> str:
    if not isinstance(error, SyntaxError):
        return "it is nested too deeply"
    return shown(str(error.msg), 100)


def _saved(cell: Cell, notes: list[str]) -> list[Statement]:
    """Return the definitions, imports and assignments that can be read alone.

    One broken line would cost all other answers of its cell otherwise.
    """
    found: list[Statement] = []
    starts = [one.start() for one in _PIECE.finditer(cell.text)]
    pieces = [cell.text[i:j] for i, j in pairwise([*starts, len(cell.text)])]
    above = cell.text.count("\n", 0, starts[0]) if starts else 0
    while pieces:
        taken = 1
        for width in range(1, _WIDTH + 1):
            text = "".join(pieces[:width])
            try:
                nodes = parsed(text)
            except SyntaxError:
                continue
            kept = [one for one in nodes if isinstance(one, _SAVED)]
            found += _cut(Cell(text, cell.number), kept, notes, above)
            taken = width
            break
        above += "".join(pieces[:taken]).count("\n")
        del pieces[:taken]
    return found


def _unreadable(cell: int, error: SyntaxError, found: Sequence[Statement]) -> str:
    names = shown(", ".join(sorted({n for one in found for n in one.names.binds})), 200)
    line = f"line {error.lineno}: " if error.lineno else ""
    used = f"only this of it is used: {names}" if names else "it is left out"
    return f"cell {cell} cannot be read ({line}{_why(error)}); {used}"


def _twice(statements: Sequence[Statement]) -> Iterator[str]:
    """Say which definitions are followed by others of the same name."""
    bound: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        for name in one.names.binds if one.names.surely else ():
            bound[name].append(one)
    for name, found in bound.items():
        texts = {one.text for one in found}
        wrapped = name in found[-1].names.now
        if len(texts) > 1 and not wrapped and any(s.names.defines for s in found):
            cells = list(dict.fromkeys(str(one.cell) for one in found))
            where = " and ".join(filter(None, [", ".join(cells[:-1]), cells[-1]]))
            times = "twice" if len(found) == 2 else f"{len(found)} times"
            yield (
                f"{shown(name)} is defined {times} (cell{'s' * (len(cells) > 1)} "
                f"{where}): the last one counts"
            )


def _lookalikes(statements: Sequence[Statement]) -> Iterator[str]:
    """Say which definitions have a name that only looks as if it were in English."""
    for one in statements:
        for name in sorted(one.names.binds) if one.names.defines else ():
            latin = name.translate(_LOOKS)
            mixed = any("a" <= letter.lower() <= "z" for letter in name)
            if mixed and latin != name and latin.isascii():
                strange = ", ".join(
                    sorted({f"U+{ord(c):04X}" for c in name if c > "~"})
                )
                yield (
                    f"cell {one.cell} defines a name that looks like {shown(latin)} "
                    f"with letters of another script ({strange}): it is another name"
                )

"""Take the code cells out of the bytes of a submission, however they were saved.

Damage that leaves the code readable costs nothing: it is mended and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coursekit.classroom.reader.magics import without_magics
from coursekit.classroom.reader.syntax import few, parsed, shown

FILE = 64 << 20  # bytes of one file, outputs with it
MARKS = 5_000_000  # quotation marks and [ in one notebook: each may cost 60 bytes
CODE = 200_000  # characters of all code cells
BRACES = 5000  # of them that are {: Python's time for an f-string is their square
CELLS = 5000  # code cells that are read

_KEPT = {"cells", "worksheets", "cell_type", "source", "input"}
_NO_CODE = {"markdown", "raw", "heading", "html"}
_ENCODINGS = {
    *("latin-1", "iso-8859-1", "iso-8859-15", "cp1251", "koi8-r", "mac-roman"),
    *("gbk", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp"),
}
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
_KINDS = {
    b"PK": "an archive or an Office document",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<": "a web page",
    b"\x1f\x8b": "an archive",
}


class Unreadable(ValueError):
    """Why nothing can be graded from a submission, in one sentence."""


@dataclass(frozen=True)
class Cell:
    """The Python of one code cell; `number` counts code cells from 1."""

    text: str
    number: int


def cells(data: bytes, name: str) -> tuple[list[Cell], list[str]]:
    """Return the code cells of a notebook or .py file, without magics, and notes.

    Cost:   up to 12 bytes of memory for a byte of the file, while it is read.
    Raises: Unreadable if there is no code to be found.

    >>> cells(b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}', "a.ipynb")
    ([Cell(text='x = 1', number=1)], [])
    """
    if len(data) > FILE:
        raise too_large(len(data))
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("The file is empty.")
    notes: list[str] = []
    text = _decoded(data, notes)
    sources = _sources(text, data, name, notes)
    return list(_plain(sources, notes)), few(notes)


def too_large(size: int) -> Unreadable:
    """Say that a file is larger than what is read."""
    return Unreadable(
        f"The file has {size / 1e6:.0f} MB, and {FILE / 1e6:.0f} MB are read at most: "
        "clear the outputs, save, hand in again."
    )


def _decoded(data: bytes, notes: list[str]) -> str:
    encoding: str = json.detect_encoding(
        data
    )  # looks at byte order marks and null bytes
    if encoding.startswith("utf-8"):
        data = data.replace(b"\0", b"")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        cookie = _COOKIE.search(data[:500])
        encoding = cookie[1].decode("ascii", "replace").lower() if cookie else ""
        if encoding not in _ENCODINGS:
            encoding = "cp1252"
        notes.append(f"the file is not in UTF-8: it is read as {encoding}")
        text = data.decode(encoding, "replace")
    return text.removeprefix("\ufeff")


def _sources(text: str, data: bytes, name: str, notes: list[str]) -> Iterator[Any]:
    """Return the sources of the code cells, as the file has them."""
    is_script = name.lower().endswith(".py")
    if text.lstrip().startswith(("{", "[")):
        try:
            return _code(_raw_cells(text, notes), notes)
        except Unreadable:
            if not is_script:
                raise
    elif not is_script and not _is_script(text):
        raise _no_notebook(text, data)
    elif not is_script:
        notes.append("the file holds Python and no notebook: it is read as one cell")
    return iter([text])


def _raw_cells(text: str, notes: list[str]) -> list[Any]:
    if text.count('"') + text.count("[") > MARKS:
        raise Unreadable(
            f"The notebook holds more than {MARKS} pieces: clear the outputs, save, "
            "hand in again."
        )
    start = len(text) - len(text.lstrip())
    # Numbers are never needed; Python refuses those of more than 4300 digits.
    decoder = json.JSONDecoder(
        strict=False,
        object_pairs_hook=_needed,
        parse_int=bool,
        parse_float=bool,
        parse_constant=bool,
    )
    try:
        notebook, end = decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _damaged(text, error) from None
    except RecursionError:
        raise Unreadable("The file is no notebook: it is nested too deeply.") from None
    if text[end:].strip():
        notes.append("what comes after the end of the notebook is left out")
    return _listed(notebook)


def _needed(pairs: list[tuple[str, Any]]) -> dict[str, Any] | None:
    """Drop outputs as soon as they are parsed, so that memory stays small."""
    return {key: value for key, value in pairs if key in _KEPT} or None


def _listed(notebook: Any) -> list[Any]:
    """Return the raw cells of format 4 and 5, of 3, or of a bare list of cells."""
    if isinstance(notebook, dict):
        sheets = notebook.get("worksheets")
        notebook = notebook.get("cells")
        if not isinstance(notebook, list) and isinstance(sheets, list):
            found = [one.get("cells") for one in sheets if isinstance(one, dict)]
            notebook = [
                one for cells in found if isinstance(cells, list) for one in cells
            ]
    if not isinstance(notebook, list):
        raise Unreadable("The file has no list of cells: it is no notebook.")
    return notebook


def _code(raw: list[Any], notes: list[str]) -> Iterator[Any]:
    for cell in raw:
        if not isinstance(cell, dict):
            continue
        kind = cell.get("cell_type", "code")
        kind = kind.lower() if isinstance(kind, str) else "of no kind"
        if kind == "code":
            yield cell.get("source", cell.get("input", ""))
        elif kind not in _NO_CODE:
            notes.append(f"a cell of an unknown type ({shown(kind, 20)}) is left out")


def _plain(sources: Iterator[Any], notes: list[str]) -> Iterator[Cell]:
    room, braces = CODE, BRACES
    for number, source in enumerate(sources, 1):
        if number > CELLS:
            notes.append(f"only the first {CELLS} code cells are read")
            return
        text = _joined(source)
        if text is None:
            notes.append(f"cell {number} holds no text: it is left out")
            continue
        if len(text) > room or text.count("{") > braces:
            notes.append(
                f"cell {number} is left out: at most {CODE} characters of code with "
                f"{BRACES} braces are read"
            )
            continue
        room -= len(text)
        braces -= text.count("{")
        text, left_out = without_magics(text)
        if left_out:
            commands = shown(", ".join(left_out[:9]), 200)
            notes.append(f"cell {number}: left out, for it is no Python: {commands}")
        if text.strip():
            yield Cell(text, number)


def _joined(source: Any) -> str | None:
    """Return a cell's text, kept as one string or as a list of lines."""
    if isinstance(source, list):
        lines = [one for one in source if isinstance(one, str)]
        broken = any(one.endswith("\n") for one in lines)
        source = ("" if broken else "\n").join(lines)
    if not isinstance(source, str):
        return None
    text = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    # JSON can hold half a character, which no file and no parser takes.
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_script(text: str) -> bool:
    try:
        return len(text) <= CODE and any(
            type(one).__name__ in ("FunctionDef", "Import", "ImportFrom", "ClassDef")
            for one in parsed(text)
        )
    except SyntaxError:
        return False


def _no_notebook(text: str, data: bytes) -> Unreadable:
    if "<<<<<<< " in text:
        return _conflict()
    start = data.lstrip()[:5]
    kinds = [kind for mark, kind in _KINDS.items() if start.startswith(mark)]
    return Unreadable(
        f"The file is {kinds[0] if kinds else 'neither JSON nor Python'}, not the "
        "notebook: download the .ipynb file itself and hand that in."
    )


def _damaged(text: str, error: json.JSONDecodeError) -> Unreadable:
    if "<<<<<<< " in text:
        return _conflict()
    end = len(text.rstrip())
    if error.pos >= end - 1 or error.msg.startswith("Unterminated string"):
        return Unreadable(
            f"The file is cut off after {end} characters: save the notebook once more "
            "and hand that in."
        )
    return Unreadable(
        f"The file is damaged from line {error.lineno} on, where it is no JSON: save "
        "the notebook once more and hand that in."
    )


def _conflict() -> Unreadable:
    return Unreadable(
        "The file holds Git's conflict marks (<<<<<<<): merge it, open it, save it and "
        "hand that in."
    )

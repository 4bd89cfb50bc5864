"""Read notebooks as the JSON they are, and tell what an author wrote in one.

Nothing but the standard library: nbformat costs seconds, and those who only look at a
notebook need none of its checks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

WRITTEN = ("tags", "facts")  # what an author may say of a cell
DIGEST = "recipe"  # where a notebook keeps the digest of the cells it was built with

Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    """Return a stored notebook as JSON has it.

    Raises: ValueError if the file is cut off or no notebook.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    try:
        notebook["metadata"].get("coursekit", {}).get(DIGEST)
        cells_digest(notebook["cells"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no notebook of format 4: {error!r}") from None
    found: Notebook = notebook
    return found


def source(cell: Mapping[str, Any]) -> str:
    """Return a cell's text, which files keep as a list of lines.

    >>> source({"source": ["a = 1\\n", "a"]})
    'a = 1\\na'
    """
    return "".join(cell["source"])


def answer_id(exercise: str) -> str:
    """Return the id of the cell in which an exercise is answered."""
    return f"{exercise}-answer"


def check_id(exercise: str) -> str:
    """Return the id of the cell that checks the answer."""
    return f"{exercise}-check"


def digest(*parts: object) -> str:
    """Return the SHA-256 of the parts, written as JSON, in hexadecimal.

    >>> digest("a", 1)[:8]
    '2657442b'
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def cells_digest(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of what an author wrote: all of the cells but their outputs."""
    return digest(
        [
            (cell["cell_type"], source(cell), cell.get("id"), _written(cell))
            for cell in cells
        ]
    )


def built_with(notebook: Notebook) -> str | None:
    """Return the digest of the cells that a notebook was built with, if it has one."""
    found: str | None = notebook["metadata"].get("coursekit", {}).get(DIGEST)
    return found


def edited(path: Path) -> bool:
    """Say whether the cells of a stored notebook differ from those that were built.

    Running cells is no edit: their outputs can be made again.
    """
    try:
        stored = read(path)
    except ValueError:
        return True
    return cells_digest(stored["cells"]) != built_with(stored)


def _written(cell: Mapping[str, Any]) -> dict[str, Any]:
    # Front ends add keys of their own (collapsed, trusted, ...) when they save.
    metadata = cell["metadata"]
    return {key: metadata[key] for key in WRITTEN if key in metadata}

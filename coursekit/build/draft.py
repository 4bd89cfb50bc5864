"""A notebook that has not run yet: its cells, and where each was written."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

VERSION = 2  # raise it when the same cells would be run or stored differently

WRITTEN = ("tags", "facts")  # what an author may say of a cell

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


class BuildError(RuntimeError):
    """A notebook could not be built; the message names the source line."""


@dataclass(frozen=True)
class Cell:
    """One cell and the line of the file it comes from."""

    kind: Literal["markdown", "code"]
    source: str
    file: Path
    line: int = 1
    id: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)

    def node(self, taken: Counter[str]) -> NotebookNode:
        """Return the cell as nbformat has it, under an id nobody has taken."""
        name = self.id or "c" + digest(self.kind, self.source)[:8]
        taken[name] += 1
        ident = name if taken[name] == 1 else f"{name}-{taken[name]}"
        node: NotebookNode
        if self.kind == "code":
            node = new_code_cell(self.source, id=ident, metadata=self.metadata)
        else:
            node = new_markdown_cell(self.source, id=ident, metadata=self.metadata)
        if self.attachments:
            node.attachments = self.attachments
        return node


@dataclass(frozen=True)
class Draft:
    """The cells of one notebook and the place it will have in the course."""

    path: PurePosixPath
    cells: Sequence[Cell]

    def notebook(self) -> NotebookNode:
        """Return the notebook without outputs, the same at every call."""
        taken: Counter[str] = Counter()
        cells = [cell.node(taken) for cell in self.cells]
        notebook: NotebookNode = new_notebook(cells=cells, metadata=METADATA)
        return notebook


def digest(*parts: object) -> str:
    """Return the SHA-256 of the parts, written as JSON, in hexadecimal.

    >>> digest("a", 1)[:8]
    '2657442b'
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def recipe(cells: Iterable[NotebookNode]) -> str:
    """Return the digest of what an author wrote: all of the cells but their outputs."""
    return digest(
        [
            (cell.cell_type, cell.source, cell.get("id"), _written(cell.metadata))
            for cell in cells
        ]
    )


def _written(metadata: NotebookNode) -> dict[str, Any]:
    # Front ends add keys of their own (collapsed, trusted, ...) when they save.
    return {key: metadata[key] for key in WRITTEN if key in metadata}

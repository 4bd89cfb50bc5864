"""A notebook that has not run yet: its cells, and where each was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.ipynb import digest

VERSION = 2  # raise it when the same cells would be run or stored differently

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

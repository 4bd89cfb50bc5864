"""Read the lessons: percent-format text becomes the cells of a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import jupytext
from nbformat import NotebookNode

from coursekit.author.draft import BuildError, Cell, Draft
from coursekit.author.sealing import seal_source
from coursekit.ipynb import WRITTEN

SOURCES = Path("notebooks", "source")
# A sealed question is a long line of letters that tells its reader nothing.
HIDDEN_INPUT = {"jupyter": {"source_hidden": True}}
_JUPYTEXT = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}
_MARKER = re.compile(r"# %%(\s|$)")


def lessons(root: Path) -> list[Path]:
    """List the lesson sources of the course in the order of their numbers."""
    return sorted((root / SOURCES).glob("[0-9][0-9]_*.py"))


def read_lesson(root: Path, file: Path) -> Draft:
    """Turn one source into the draft of its notebook, answers to questions sealed.

    Raises: BuildError if a cell starts where the percent format does not see it.
    """
    text = file.read_text(encoding="utf-8")
    source = file.relative_to(root)
    starts = list(_first_lines(text))
    nodes = jupytext.reads(text, fmt="py:percent").cells
    if len(nodes) != len(starts):
        raise BuildError(
            f"{source.as_posix()}: {len(starts)} lines start with '# %%', but "
            f"the file has {len(nodes)} cells. Begin the file with '# %%' and keep "
            "the marker out of strings."
        )
    cells = [
        _cell(node, source, line) for node, line in zip(nodes, starts, strict=True)
    ]
    return Draft(PurePosixPath("notebooks", f"{file.stem}.ipynb"), cells)


def title(draft: Draft) -> str:
    """Return the text of the lesson's first heading.

    Raises: BuildError if the lesson has none.
    """
    for level, text in headings(draft):
        if level == 1:
            return text
    raise BuildError(
        f"{draft.cells[0].file.as_posix()}:1: the lesson has no title. "
        "Start its first Markdown cell with '# ' and the title."
    )


def headings(draft: Draft) -> Iterator[tuple[int, str]]:
    """Yield level and text of every heading, in the order they are read."""
    for cell in draft.cells:
        if cell.kind == "markdown":
            prose = re.sub(r"^```.*?^```", "", cell.source, flags=re.M | re.S)
            for marks, text in re.findall(r"^(#{1,6}) +(.+?) *$", prose, flags=re.M):
                yield len(marks), text


def _cell(node: NotebookNode, file: Path, line: int) -> Cell:
    metadata = {key: value for key, value in node.metadata.items() if key in WRITTEN}
    unknown = set(node.metadata) - set(metadata) - _JUPYTEXT
    if unknown:
        raise BuildError(
            f"{file.as_posix()}:{line}: a cell has {' and '.join(WRITTEN)}, but no "
            f"{', '.join(sorted(unknown))}."
        )
    if node.cell_type != "code":
        return Cell("markdown", node.source, file, line, metadata=metadata)
    try:
        source = seal_source(node.source)
    except (ValueError, SyntaxError) as error:
        raise BuildError(f"{file.as_posix()}:{line}: {error}") from None
    if source != node.source and source.startswith("Predict("):
        metadata |= HIDDEN_INPUT
    return Cell("code", source, file, line, metadata=metadata)


def _first_lines(text: str) -> Iterator[int]:
    """Yield, for each cell, the number of the first line that is not blank."""
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if _MARKER.match(line):
            rest = enumerate(lines[number:], start=number + 1)
            yield next((n for n, below in rest if below.strip()), number)

"""What a stored notebook may not hold, and the measures that a lesson keeps.

nbval lets through what these rules catch: a misspelt tag, a cell that never ran, a
warning, the path of somebody's machine, a figure without words.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

import nbformat
from nbformat import NotebookNode

from coursekit.author.compare import pictures
from coursekit.author.draft import Draft
from coursekit.author.lesson import headings

LARGEST = 500_000  # bytes of one notebook
IGNORE = "nbval-ignore-output"
REASONS = {"why-timing", "why-hardware", "why-random"}
TAGS = {IGNORE, "raises-exception", "approx"} | REASONS

_NEVER_STORED = {
    "the path of a machine": r"/(home|Users|root|tmp)/|site-packages|[A-Z]:\\\\?\w",
    "an address in memory": r"\b0x[0-9a-f]{6,16}\b",
    "a progress bar": r"\d(it/s|s/it)\b|\w/s\]|\d%\|",
    "an SVG figure, which holds its date": r"image/svg\+xml",
    "a widget, dead in a file": r"application/vnd\.jupyter\.widget",
}
_NOT_IN_LESSONS = {
    "plotting code": r"\bplt\.|\bmatplotlib\b|\.plot\(|\.imshow\(",
    "a change of sys.path": r"\bsys\.path\b",
    "a change of folder": r"\bchdir\(|^\s*%cd\b",
    "the network": r"https?://|\burllib\b|\brequests\.",
    "a shell command": r"^\s*[!%]",
}


def stored_problems(notebook: NotebookNode, size: int = 0) -> list[str]:
    """List what is wrong with a built notebook; its size in bytes is judged too."""
    return [
        *_file_problems(notebook, size),
        *_tag_problems(notebook),
        *(
            f"cell {number}: {problem}"
            for number, cell in enumerate(_code(notebook), start=1)
            for problem in _cell_problems(cell)
        ),
    ]


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _file_problems(notebook: NotebookNode, size: int) -> Iterator[str]:
    ids = [cell.get("id") for cell in notebook.cells]
    if len(set(ids)) < len(ids):
        yield "two cells have the same id"
    else:  # nbformat would give one of them another id
        try:
            nbformat.validate(notebook)
        except nbformat.ValidationError as error:
            yield f"not valid nbformat: {error.message}"
    if size > LARGEST:
        yield f"{size} bytes; {LARGEST} are allowed"
    counts = [cell.execution_count for cell in _code(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"the cells were run in the order {counts}, not from 1 without gaps"
    if "widgets" in notebook.metadata:
        yield "stores the state of widgets"
    speaking = [cell for cell in _code(notebook) if cell.outputs]
    ignored = [cell for cell in speaking if IGNORE in _tags(cell)]
    if 20 * len(ignored) > len(_code(notebook)) or 5 * len(ignored) > len(speaking):
        yield f"{len(ignored)} cells are not compared: at most one in twenty may be"


def _tag_problems(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        tags = _tags(cell)
        if tags - TAGS:
            yield f"unknown tag {sorted(tags - TAGS)}; there are {sorted(TAGS)}"
        if (IGNORE in tags) != (len(tags & REASONS) == 1):
            yield f"tags {sorted(tags)}: {IGNORE} goes with one of {sorted(REASONS)}"
        if {IGNORE, "raises-exception"} <= tags:
            yield f"{IGNORE} with raises-exception passes even if nothing raises"


def _cell_problems(cell: NotebookNode) -> Iterator[str]:
    if re.search(r"^\s*#\s*(NBVAL_|PYTEST_VALIDATE_)", cell.source, flags=re.M):
        yield "a comment steers nbval; use a tag"
    raised = [out.ename for out in cell.outputs if out.output_type == "error"]
    if bool(raised) != ("raises-exception" in _tags(cell)):
        yield f"raised {raised or 'nothing'}, tags {sorted(_tags(cell))}"
    for output in cell.outputs:
        if output.get("name") == "stderr" and re.search(
            r"UsageError|Warning", output.text
        ):
            yield f"warns: {output.text.strip()}"
        text = json.dumps(_without_pictures(output), ensure_ascii=False)
        for what, pattern in _NEVER_STORED.items():
            if re.search(pattern, text):
                yield f"stores {what}"
        words = output.get("data", {}).get("text/plain", "")
        if pictures([output]) and (not words or words.startswith("<Figure")):
            yield f"draws a figure without words ({words or 'no text'})"


def _without_pictures(output: NotebookNode) -> NotebookNode:
    data = {
        kind: None if kind in {"image/png", "image/jpeg"} else text
        for kind, text in output.get("data", {}).items()
    }
    return NotebookNode({**output, "data": data})


def style_problems(lesson: Draft) -> list[str]:
    """List where a lesson leaves the measures of the course's house style."""
    return [
        *_heading_problems(lesson),
        *_code_problems(lesson),
        *_prose_problems(lesson),
    ]


def _heading_problems(lesson: Draft) -> Iterator[str]:
    levels = [level for level, _ in headings(lesson)]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "a lesson has one heading of level 1, and it comes first"
    for (above, _), (level, text) in pairwise(headings(lesson)):
        if level > above + 1:
            yield f"heading {text!r} goes down from level {above} to {level}"


def _code_problems(lesson: Draft) -> Iterator[str]:
    codes = [cell for cell in lesson.cells if cell.kind == "code"]
    lines = [len(_lines(cell.source)) for cell in codes] or [0]
    if median(lines) > 4:
        yield f"the median code cell has {median(lines):g} lines; 4 are allowed"
    if 10 * sum(n > 8 for n in lines) > len(lines):
        yield "more than one code cell in ten has over 8 lines"
    modules: set[str] = set()
    for cell in codes:
        here = f"{cell.file.name}:{cell.line}"
        if len(_lines(cell.source)) > 15:
            yield f"{here}: a cell of {len(_lines(cell.source))} lines; 15 are allowed"
        for what, pattern in _NOT_IN_LESSONS.items():
            if re.search(pattern, cell.source, flags=re.M):
                yield f"{here}: contains {what}"
        new = _imports(cell.source)
        if new & modules:
            yield f"{here}: imports {sorted(new & modules)} again"
        modules |= new
    if sum("Predict(" in cell.source for cell in codes) < 3:
        yield "a lesson asks the reader to predict at least three times"


def _prose_problems(lesson: Draft) -> Iterator[str]:
    before = [
        len(prose.source.split())
        for prose, code in pairwise(lesson.cells)
        if (prose.kind, code.kind) == ("markdown", "code")
    ]
    if before and not 40 <= median(before) <= 120:
        yield f"median of {median(before):g} words before code; 40 to 120 are good"


def _lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if line.strip()]


def _imports(source: str) -> set[str]:
    plain = re.sub(r"^\s*[%!].*", "pass", source, flags=re.M)
    found = set()
    for node in ast.walk(ast.parse(plain)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            found |= {f"{module}.{a.name}" if module else a.name for a in node.names}
    return found

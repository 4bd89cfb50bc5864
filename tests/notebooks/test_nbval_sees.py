"""Each patch of nbval in the root conftest, seen red and green, and seen to matter."""

import base64
import io
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from PIL import Image

from coursekit.author import kernel
from coursekit.author.draft import Cell, Draft


class Case(NamedTuple):
    """A cell, how its stored output is altered, and whether nbval must notice."""

    source: str
    alter: Callable[[NotebookNode], None]
    red: bool
    tags: tuple[str, ...] = ()
    red_unpatched: bool | None = None  # where nbval alone says something else


def as_it_is(cell: NotebookNode) -> None:
    """Leave the stored output alone."""


def replace(old: str, new: str) -> Callable[[NotebookNode], None]:
    def alter(cell: NotebookNode) -> None:
        (output,) = cell.outputs
        holder = output.data if "data" in output else output
        key = next(key for key in ("text", "text/plain", "evalue") if key in holder)
        assert old in holder[key]
        holder[key] = holder[key].replace(old, new)

    return alter


def repaint(change: Callable[[np.ndarray], np.ndarray]) -> Callable:
    def alter(cell: NotebookNode) -> None:
        (output,) = cell.outputs
        stored = io.BytesIO(base64.b64decode(output.data["image/png"]))
        pixels = change(np.array(Image.open(stored).convert("RGB")))
        fresh = io.BytesIO()
        Image.fromarray(pixels).save(fresh, format="PNG")
        output.data["image/png"] = base64.b64encode(fresh.getvalue()).decode()

    return alter


def without_output(cell: NotebookNode) -> None:
    cell.outputs = []


FIGURE = "from coursekit import plots\nplots.signals(x=[0, 0, 1, 2, 1, 0])"
DISPLAYS = (
    "from IPython.display import clear_output, display\n"
    "shown = display('first', display_id='one')\n"
    "clear_output()\n"
    "shown.update('second')\n"
    "display('third', display_id='one')"
)
CASES = {
    "unchanged": Case("6 * 7", as_it_is, red=False),
    "a digit": Case("6 * 7", replace("42", "43"), red=True),
    "a printed digit": Case("print(6 * 7)", replace("42", "43"), red=True),
    "a line of stderr": Case(
        "import sys\nprint('one', file=sys.stderr)", replace("one", "two"), red=True
    ),
    "an error": Case("1 / 0", replace("zero", "one"), True, ("raises-exception",)),
    "no error": Case("1 / 1", as_it_is, red=False),
    "an output gone": Case("6 * 7", without_output, red=True),
    "history": Case("6 * 7\nlen(Out)", as_it_is, red=False, red_unpatched=True),
    "a semicolon": Case("6 * 7;", as_it_is, red=False, red_unpatched=True),
    "cleared and updated": Case(DISPLAYS, as_it_is, red=False),
    "an address": Case("object()", as_it_is, red=False, red_unpatched=True),
    "a picture": Case(FIGURE, as_it_is, red=False),
    "noise in a picture": Case(
        FIGURE,
        repaint(lambda p: p ^ (np.arange(p.size).reshape(p.shape) % 2 == 0)),
        False,
    ),
    "a blank picture": Case(
        FIGURE, repaint(lambda p: np.full_like(p, 255)), True, red_unpatched=False
    ),
    "another curve": Case(
        FIGURE, repaint(lambda p: p[:, ::-1].copy()), True, red_unpatched=False
    ),
    "other colours": Case(
        FIGURE, repaint(lambda p: p[..., ::-1].copy()), True, red_unpatched=False
    ),
    "another size": Case(FIGURE, repaint(lambda p: p[:-20]), True, red_unpatched=False),
    "a float nearby": Case(
        "0.829", replace("0.829", "0.8292"), False, ("approx",), red_unpatched=True
    ),
    "a float too far": Case("0.829", replace("0.829", "0.839"), True, ("approx",)),
    "a float without the tag": Case("0.829", replace("0.829", "0.8292"), True),
    "a count": Case("1000, 0.5", replace("1000", "1001"), True, ("approx",)),
}


def red(case: Case, *, patched: bool) -> bool:
    return case.red if patched or case.red_unpatched is None else case.red_unpatched


@pytest.fixture(scope="module")
def altered() -> NotebookNode:
    cells = [
        Cell("code", case.source, Path("cases.py"), metadata={"tags": list(case.tags)})
        for case in CASES.values()
    ]
    notebook = kernel.run(Draft(PurePosixPath("cases.ipynb"), cells), Path.cwd())
    for cell, case in zip(notebook.cells, CASES.values(), strict=True):
        case.alter(cell)
    return notebook


@pytest.mark.parametrize("patched", [True, False], ids=["patched", "nbval alone"])
def test_nbval_goes_red_exactly_where_the_stored_output_is_wrong(
    altered: NotebookNode, tmp_path: Path, nbval: Callable, patched: bool
) -> None:
    nbformat.write(altered, tmp_path / "cases.ipynb")
    said = nbval(tmp_path, ".", *([] if patched else ["--noconftest"]))
    fared = {name: said[f"cases::Cell {n}"] for n, name in enumerate(CASES)}
    expected = {name: red(case, patched=patched) for name, case in CASES.items()}
    assert {name: bool(what) for name, what in fared.items()} == expected, fared

"""Each rule for stored notebooks and for lessons, seen to catch what it is for."""

import re
from pathlib import Path, PurePosixPath

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.author import lint
from coursekit.author.draft import Cell, Draft

WORDS = " ".join(["word"] * 50)


def notebook(*, cells: int = 20) -> NotebookNode:
    """Return a clean notebook; the tests spoil its first cell."""
    return new_notebook(
        cells=[
            new_code_cell(
                "1",
                id=f"c{number}",
                execution_count=number,
                outputs=[
                    new_output(
                        "execute_result",
                        {"text/plain": "1"},
                        execution_count=number,
                    )
                ],
            )
            for number in range(1, cells + 1)
        ]
    )


def printed(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def shown(**data: str) -> NotebookNode:
    kinds = {"png": "image/png", "svg": "image/svg+xml", "text": "text/plain"}
    return new_output("display_data", {kinds[key]: text for key, text in data.items()})


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=[])
VIEW = new_output(
    "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "w"}
)
TAGGED = ["nbval-ignore-output", "why-timing"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"execution_count": None}, r"not from 1 without gaps"),
        ({"execution_count": 3}, r"in the order \[3, 2, 3"),
        ({"id": "c2"}, r"two cells have the same id"),
        ({"id": "not.valid"}, r"not valid nbformat"),
        ({"tags": ["aprox"]}, r"unknown tag \['aprox'\]; there are \['approx'"),
        ({"tags": ["nbval-ignore-output"]}, r"goes with one of \['why-hardware'"),
        ({"tags": ["why-timing"]}, r"nbval-ignore-output goes with one of"),
        (
            {"tags": [*TAGGED, "raises-exception"], "outputs": [ERROR]},
            r"with raises-exception passes even if nothing raises",
        ),
        ({"source": "# NBVAL_IGNORE_OUTPUT\n1"}, r"cell 1: a comment steers nbval"),
        ({"outputs": [ERROR]}, r"cell 1: raised \['ValueError'\], tags \[\]"),
        ({"tags": ["raises-exception"]}, r"cell 1: raised nothing, tags \['raises"),
        (
            {"outputs": [printed("UsageError: no %magic", "stderr")]},
            r"cell 1: warns: UsageError: no %magic",
        ),
        (
            {"outputs": [printed("DeprecationWarning: soon", "stderr")]},
            r"cell 1: warns: DeprecationWarning",
        ),
        ({"outputs": [printed("/home/me/x.py")]}, r"stores the path of a machine"),
        ({"outputs": [printed(r"C:\Users\me")]}, r"stores the path of a machine"),
        ({"outputs": [printed("/tmp/ipykernel_3/4.py")]}, r"the path of a machine"),
        ({"outputs": [shown(text="<f at 0x7f00a1b2>")]}, r"stores an address in mem"),
        ({"outputs": [printed("12/12 [3.1it/s]")]}, r"stores a progress bar"),
        ({"outputs": [shown(text="  0%|   | 0/9 [00:00<?")]}, r"stores a progress bar"),
        (
            {"outputs": [shown(text="0/9 [00:00<?, ?batch/s]")]},
            r"stores a progress bar",
        ),
        ({"outputs": [shown(svg="<svg/>", text="words")]}, r"stores an SVG figure"),
        ({"outputs": [VIEW]}, r"stores a widget, dead in a file"),
        ({"outputs": [shown(png="iVBO")]}, r"a figure without words \(no text\)"),
        (
            {"outputs": [shown(png="iVBO", text="<Figure size 640x480 with 1 Axes>")]},
            r"a figure without words \(<Figure size",
        ),
    ],
)
def test_a_fault_of_a_stored_notebook_is_named(change: dict, problem: str) -> None:
    spoiled = notebook()
    change = dict(change)
    spoiled.cells[0].metadata.tags = change.pop("tags", [])
    spoiled.cells[0].update(change)
    found = lint.stored_problems(spoiled)
    assert any(re.search(problem, said) for said in found), found


def test_a_clean_notebook_has_no_faults() -> None:
    clean = notebook()
    clean.cells[0].outputs = [
        shown(png="iVBO/home/0x7f00a1b2", text="Grid of numbers."),
        printed("0x10 and 3 it", "stderr"),
    ]
    clean.cells[1].metadata.tags = TAGGED
    assert lint.stored_problems(clean, 500_000) == []


def test_size_widget_state_and_too_much_that_is_not_compared_are_named() -> None:
    assert lint.stored_problems(notebook(), 500_001) == [
        "500001 bytes; 500000 are allowed"
    ]
    state = notebook()
    state.metadata.widgets = {}
    assert lint.stored_problems(state) == ["stores the state of widgets"]
    few = notebook(cells=19)
    few.cells[0].metadata.tags = TAGGED
    assert lint.stored_problems(few) == [
        "1 cells are not compared: at most one in twenty may be"
    ]


def lesson(*sources: str) -> Draft:
    """Return a lesson in good style, with the given code cells after its own."""
    file = Path("notebooks/source/98_sums.py")
    title = Cell("markdown", f"# Sums\n\n{WORDS}", file)
    asked = [Cell("code", f"Predict('{n}?', answer=2, why='')", file) for n in range(3)]
    cells = [Cell("code", source, file, 30) for source in sources]
    return Draft(PurePosixPath("notebooks/98_sums.ipynb"), [title, *asked, *cells])


def described(*headings: str) -> Draft:
    file = Path("notebooks/source/98_sums.py")
    cells = [Cell("markdown", heading, file) for heading in headings]
    return Draft(PurePosixPath("n.ipynb"), [*cells, *lesson().cells[1:]])


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("\n".join(["x = 1"] * 16), r"98_sums.py:30: a cell of 16 lines; 15 are all"),
        ("plt.show()", r"98_sums.py:30: contains plotting code"),
        ("import sys\nsys.path.append('.')", r"contains a change of sys.path"),
        ("import os\nos.chdir('..')", r"contains a change of folder"),
        ("read('https://example.org')", r"contains the network"),
        ("!pip install it", r"contains a shell command"),
        ("%time x", r"contains a shell command"),
    ],
)
def test_code_that_no_lesson_holds_is_named(source: str, problem: str) -> None:
    found = lint.style_problems(lesson(source))
    assert any(re.search(problem, said) for said in found), found


def test_the_measures_of_a_lesson_are_named() -> None:
    assert lint.style_problems(lesson()) == []
    five, nine = "\n".join(["x = 1"] * 5), "\n".join(["x = 1"] * 9)
    assert lint.style_problems(lesson(*[five] * 9)) == [
        "the median code cell has 5 lines; 4 are allowed"
    ]
    assert lint.style_problems(lesson(*["1"] * 9, nine, nine)) == [
        "more than one code cell in ten has over 8 lines"
    ]
    assert lint.style_problems(lesson("import math", "import math")) == [
        "98_sums.py:30: imports ['math'] again"
    ]
    few = Draft(PurePosixPath("n.ipynb"), lesson().cells[:3])
    assert lint.style_problems(few) == [
        "a lesson asks the reader to predict at least three times"
    ]


def test_headings_and_prose_are_measured() -> None:
    assert lint.style_problems(described(f"# One\n\n## Two\n\n### Three {WORDS}")) == []
    assert lint.style_problems(described(f"# One\n\n### Three\n\n{WORDS}")) == [
        "heading 'Three' goes down from level 1 to 3"
    ]
    first = "a lesson has one heading of level 1, and it comes first"
    assert lint.style_problems(described(f"## Two {WORDS}", f"# One {WORDS}")) == [
        first
    ]
    assert lint.style_problems(described(f"# One {WORDS}", f"# Two {WORDS}")) == [first]
    fenced = f"# One {WORDS}\n\n```\n# a comment\n```"
    assert lint.style_problems(described(fenced)) == []
    assert lint.style_problems(described("# One")) == [
        "median of 2 words before code; 40 to 120 are good"
    ]

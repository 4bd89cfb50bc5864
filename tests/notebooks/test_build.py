"""Text in, notebooks out: the same bytes, only what changed, nobody's work lost."""

import base64
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from coursekit import cli, ipynb
from coursekit.author import BuildError, build, kernel, stale
from coursekit.author.draft import Draft
from coursekit.author.lesson import read_lesson

LESSON = """\
# %% [markdown]
# # 98. Sums
#
# Two numbers make a third.

# %% tags=["approx"] facts=["l98-sum"]
import numpy as np

x = np.array([1.5, 2.5])
x.sum()

# %% [markdown]
# ## A picture

# %%
from coursekit import plots
from coursekit.widgets import Predict

plots.signals(x=x)

# %%
Predict("What is 2 + 2?", answer=4, why="Count on your fingers.")

# %% tags=["raises-exception"]
np.linalg.inv(x)

# %%
import os
from pathlib import Path

Path.cwd().name, os.environ["OMP_NUM_THREADS"], os.environ["COURSEKIT_PROGRESS"]
"""
NAME = "98_sums"  # no exercise of the bank belongs to lesson 98


@pytest.fixture
def course(tmp_path: Path) -> Path:
    write(tmp_path, NAME, LESSON)
    return tmp_path


@pytest.fixture
def unexecuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build without a kernel, where the test is not about running cells."""

    def run(draft: Draft, folder: Path, after_cell: Callable[[], object]) -> object:
        return draft.notebook()

    monkeypatch.setattr(kernel, "run", run)


def write(course: Path, name: str, text: str) -> Path:
    source = course / "notebooks" / "source" / f"{name}.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    return source


def write_in(path: Path, text: str) -> bytes:
    """Do what a learner does: open the notebook, write in a cell, save."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = text
    nbformat.write(notebook, path)
    return path.read_bytes()


def test_the_same_source_gives_the_same_bytes_twice(course: Path) -> None:
    (path,) = build(root=course, progress=False)
    first = path.read_bytes()
    assert build(root=course, force=True, progress=False) == [path]
    assert path.read_bytes() == first
    assert first.endswith(b"}\n")
    assert b"\r" not in first


def test_a_built_notebook_holds_what_its_source_says(course: Path) -> None:
    (path,) = build(root=course, progress=False)
    notebook = nbformat.read(path, as_version=4)
    assert [cell.cell_type for cell in notebook.cells] == [
        *("markdown", "code", "markdown", "code", "code", "code", "code")
    ]
    first = notebook.cells[1]
    assert first.outputs[0].data == {"text/plain": "np.float64(4.0)"}
    assert first.metadata == {"tags": ["approx"], "facts": ["l98-sum"]}
    assert set(notebook.cells[3].outputs[0].data) == {"image/png", "text/plain"}
    question = notebook.cells[4]
    assert "answer" not in question.source
    assert question.metadata.jupyter.source_hidden
    assert "jupyter" not in first.metadata
    assert "fingers" not in path.read_text(encoding="utf-8")
    assert set(question.outputs[0].data) == {"text/plain"}
    (error,) = notebook.cells[5].outputs
    shown = "".join(error.traceback)
    assert "In[4]" in shown
    assert "linalg.py" not in shown
    (surroundings,) = notebook.cells[6].outputs
    assert surroundings.data["text/plain"] == "('notebooks', '1', 'off')"
    assert [cell.execution_count for cell in notebook.cells[3:]] == [2, 3, 4, 5]
    assert set(notebook.metadata) == {"coursekit", "kernelspec", "language_info"}


def test_a_picture_loses_the_name_of_its_program_and_keeps_its_pixels() -> None:
    drawn = io.BytesIO()
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([0, 1])
    figure.savefig(drawn, metadata={"Creation Time": "now"})
    assert b"Matplotlib" in drawn.getvalue()
    plain = kernel.plain_png(base64.b64encode(drawn.getvalue()).decode())
    left = base64.b64decode(plain)
    assert b"Matplotlib" not in left
    assert b"now" not in left
    before, after = Image.open(drawn), Image.open(io.BytesIO(left))
    assert np.array_equal(np.array(before), np.array(after))


@pytest.mark.usefixtures("unexecuted")
def test_only_what_changed_is_built(course: Path) -> None:
    other = write(course, "99_products", LESSON.replace("98", "99"))
    assert len(build(root=course, progress=False)) == 2
    assert build(root=course, progress=False) == []
    other.write_text(LESSON.replace("2.5", "3.5"), encoding="utf-8")
    assert stale(course) == ["notebooks/99_products.ipynb is older than its source"]
    assert [path.stem for path in build(root=course, progress=False)] == ["99_products"]
    assert stale(course) == []


@pytest.mark.usefixtures("unexecuted")
def test_a_changed_cell_keeps_the_names_of_the_other_cells(course: Path) -> None:
    (path,) = build(root=course, progress=False)
    before = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    write(course, NAME, LESSON.replace("A picture", "Two pictures"))
    build(root=course, progress=False)
    after = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert [a == b for a, b in zip(before, after, strict=True)].count(False) == 1


@pytest.mark.usefixtures("unexecuted")
def test_what_a_learner_wrote_is_kept_beside_the_new_notebook(course: Path) -> None:
    (path,) = build(root=course, progress=False)
    built = path.read_bytes()
    mine = write_in(path, "my_own = 1")
    assert stale(course) == [
        f"notebooks/{NAME}.ipynb was saved by hand after it was built"
    ]
    build(root=course, progress=False)
    assert path.read_bytes() == built
    assert path.with_suffix(".yours.ipynb").read_bytes() == mine

    mine_again = write_in(path, "my_own = 2")
    build(root=course, progress=False)
    assert path.with_suffix(".yours.ipynb").read_bytes() == mine
    assert path.with_suffix(".yours-2.ipynb").read_bytes() == mine_again
    assert stale(course) == []


@pytest.mark.usefixtures("unexecuted")
@pytest.mark.parametrize("content", ["", "{", '{"cells": []}', "my notes"])
def test_a_file_that_the_build_did_not_write_is_kept_too(
    course: Path, content: str
) -> None:
    path = course / "notebooks" / f"{NAME}.ipynb"
    path.write_text(content, encoding="utf-8")
    assert stale(course) == [f"notebooks/{NAME}.ipynb was not written by the build"]
    build(root=course, progress=False)
    assert path.with_suffix(".yours.ipynb").read_text(encoding="utf-8") == content


@pytest.mark.usefixtures("unexecuted")
def test_running_a_notebook_is_no_edit(course: Path) -> None:
    (path,) = build(root=course, progress=False)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].execution_count = 7
    notebook.cells[1].metadata.collapsed = True
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]
    nbformat.write(notebook, path)
    assert not ipynb.edited(path)
    build(root=course, progress=False)
    assert list(path.parent.glob("*.ipynb")) == [path]


@pytest.mark.parametrize(
    ("broken", "line", "message"),
    [
        ("x.sum(axis=1)", 10, "AxisError: axis 1 is out of bounds"),
        ("x.sum(", 10, "_IncompleteInputError|SyntaxError"),
        ("y = 1\n\n\nz = y / 0", 13, "ZeroDivisionError: division by zero"),
        ("np.linalg.inv(x)", 10, "LinAlgError: 1-dimensional array"),
        ("raise SystemExit(3)", 7, "SystemExit: 3"),  # has no traceback
    ],
)
def test_an_error_names_the_line_of_the_source(
    course: Path, broken: str, line: int, message: str
) -> None:
    path = course / "notebooks" / f"{NAME}.ipynb"
    path.write_text("as it was", encoding="utf-8")
    write(course, NAME, LESSON.replace("x.sum()", broken))
    with pytest.raises(BuildError, match=message) as error:
        build(root=course, progress=False)
    assert str(error.value).startswith(f"notebooks/source/{NAME}.py:{line}: the cell")
    assert path.read_text(encoding="utf-8") == "as it was"
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name, "source"]


def test_an_error_inside_a_function_names_the_line_that_called_it(course: Path) -> None:
    text = "def f():\n    return 1 / 0\n\n# %%\n1\n\nf()"
    source = write(course, NAME, LESSON.replace("x.sum()", text))
    line = source.read_text(encoding="utf-8").splitlines().index("f()") + 1
    with pytest.raises(BuildError, match=rf"{NAME}\.py:{line}: the cell failed"):
        build(root=course, progress=False)


def test_a_cell_that_hangs_or_kills_its_kernel_is_named(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(course, NAME, LESSON.replace("x.sum()", "import os; os._exit(1)"))
    with pytest.raises(BuildError, match=rf"{NAME}\.py:7: the kernel died"):
        build(root=course, progress=False)
    monkeypatch.setattr(kernel, "CELL_TIMEOUT", 1)
    write(course, NAME, LESSON.replace("x.sum()", "while True: pass"))
    with pytest.raises(
        BuildError, match=rf"{NAME}\.py:7: the cell ran longer than 1 s"
    ):
        build(root=course, progress=False)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_an_interrupt_leaves_the_notebook_before_in_place(course: Path) -> None:
    path = course / "notebooks" / f"{NAME}.ipynb"
    path.write_text("as it was", encoding="utf-8")
    interrupt = (
        "import os, signal\nos.kill(os.getppid(), signal.SIGINT)\nwhile True: pass"
    )
    write(course, NAME, LESSON.replace("x.sum()", interrupt))
    command = [sys.executable, "-m", "coursekit", "build"]
    said = subprocess.run(
        command, cwd=course, env=dict(os.environ), capture_output=True, text=True
    )
    assert (said.returncode, said.stderr) == (1, "Stopped.\n")
    assert path.read_text(encoding="utf-8") == "as it was"
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name, "source"]


@pytest.mark.usefixtures("unexecuted")
def test_a_name_chooses_what_is_built(course: Path) -> None:
    write(course, "99_products", LESSON)
    for name in ("99", "99_products", "notebooks/99_products"):
        (built,) = build([name], force=True, root=course, progress=False)
        assert built.stem == "99_products"
    with pytest.raises(BuildError, match=r"called 'sum'. There are: 98_sums, 99_prod"):
        build(["sum"], root=course, progress=False)


@pytest.mark.usefixtures("unexecuted")
def test_the_command_says_what_is_stale_and_fails(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(course)
    assert cli.main(["build", "--check"]) == 1
    assert capsys.readouterr().out == f"notebooks/{NAME}.ipynb is not built yet\n"
    assert cli.main(["build"]) == 0
    assert f"notebooks/{NAME}.ipynb built\n" in capsys.readouterr().out
    assert cli.main(["build", "--check"]) == 0
    (course / "notebooks" / "source" / f"{NAME}.py").unlink()
    assert cli.main(["build", "--check"]) == 1
    assert "has no source any more: delete it" in capsys.readouterr().out


@pytest.mark.usefixtures("unexecuted")
def test_exercises_that_wait_for_their_lesson_are_named(
    course: Path, capsys: pytest.CaptureFixture
) -> None:
    build(root=course, progress=False)
    said = capsys.readouterr().out
    assert "Lesson 2 is not written yet: its exercises wait for it.\n" in said


def test_there_is_one_sentence_where_there_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"holds no folder notebooks/source. Change"):
        build(root=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n\n# %%\nx", r"98_sums.py: 1 lines start with '# %%', but .* 2 cells"),
        ('# %%\nx = """\n# %%\n"""', r"98_sums.py: 2 lines start with .* has 1 cells"),
        (
            "# %% tag=['approx']\nx",
            r"98_sums.py:2: a cell has tags and facts, but no tag",
        ),
        ("# %%\nPredict('2?', answer=x)", r"98_sums.py:2: .*must be written out"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(
    course: Path, text: str, message: str
) -> None:
    with pytest.raises(BuildError, match=message):
        read_lesson(course, write(course, NAME, text))

"""Every stored notebook: up to date, clean, really compared, and true to its source."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile

from coursekit.author import drafts, faults, lint, stale
from coursekit.author.compare import with_pictures_and_floats
from coursekit.author.lesson import headings, lessons, read_lesson

COURSE = Path(__file__).parents[2]
STORED = sorted(
    path
    for folder in ("notebooks", "exercises", "solutions")
    for path in (COURSE / folder).glob("[0-9][0-9]_*.ipynb")
    if path.suffixes == [".ipynb"]
)
LESSONS = [file for file in lessons(COURSE) if file.stem != "00_start_here"]
BLANK = (  # one white pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4"
    "AAAAAElFTkSuQmCC"
)


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(COURSE).as_posix() for path in paths]


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def test_every_notebook_is_built_from_its_source_as_it_is() -> None:
    assert stale(COURSE) == [], "run: coursekit build"


def test_stored_cells_are_the_cells_of_the_sources() -> None:
    expected = {str(draft.path): draft.notebook().cells for draft in drafts(COURSE)}
    assert sorted(expected) == sorted(names(STORED))
    for name, cells in expected.items():
        stored = [(c.cell_type, c.id, c.source) for c in read(COURSE / name).cells]
        assert stored == [(c.cell_type, c.id, c.source) for c in cells], name


@pytest.mark.parametrize("path", STORED, ids=names(STORED))
def test_a_stored_notebook_holds_nothing_that_it_may_not(path: Path) -> None:
    assert lint.stored_problems(read(path), path.stat().st_size) == []


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_keeps_the_measures_of_the_house_style(file: Path) -> None:
    assert lint.style_problems(read_lesson(COURSE, file)) == []


def test_every_link_between_notebooks_leads_to_a_heading() -> None:
    sections = {
        draft.path.name: {text.replace(" ", "-") for _, text in headings(draft)}
        for draft in drafts(COURSE)
        if draft.path.parts[0] == "notebooks"
    }
    for path in STORED:
        text = "\n".join(
            c.source for c in read(path).cells if c.cell_type == "markdown"
        )
        for link, anchor in re.findall(r"\]\(([^)#:]+\.ipynb)(?:#([^)]+))?\)", text):
            target = path.parent / unquote(link)
            assert target.exists(), f"{path.name} links to {link}"
            assert not anchor or unquote(anchor) in sections[target.name], anchor


def test_lessons_and_exercises_lack_nothing() -> None:
    assert faults(COURSE) == []


# What nbval compares: alter any one stored value, and the comparison must go red.


def values(cell: NotebookNode) -> Iterator[tuple[dict, str]]:
    """Yield holder and key of every stored value that nbval is to compare."""
    for output in cell.outputs:
        for key in ("text", "ename", "evalue"):
            if key in output:
                yield output, key
        for key in output.get("data", {}):
            yield output.data, key


def altered(value: str) -> str:
    if value.startswith("iVBOR"):
        return BLANK
    digit = re.search(r"\d", value)
    if digit is None:
        return value + "x"
    other = str((int(digit[0]) + 5) % 10)
    return value[: digit.start()] + other + value[digit.end() :]


@pytest.mark.parametrize("path", STORED, ids=names(STORED))
def test_no_stored_value_can_change_unseen(
    path: Path, request: pytest.FixtureRequest
) -> None:
    compare = with_pictures_and_floats(IPyNbCell.compare_outputs)
    for item in IPyNbFile.from_parent(request.session, path=path).collect():
        item.comparison_traceback = []
        if lint.IGNORE in item.cell.metadata.get("tags", []):
            continue
        stored = item.cell.outputs
        assert compare(item, deepcopy(stored), stored)
        for number in range(len(list(values(item.cell)))):
            cell = deepcopy(item.cell)
            holder, key = list(values(cell))[number]
            holder[key] = altered(holder[key])
            assert not compare(item, cell.outputs, stored), (item.name, key)

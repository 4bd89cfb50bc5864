"""The learner's own folder: copies of the notebooks, which nothing here overwrites.

A copy remembers, in its metadata, the cells that it was built with. So one look at two
files tells whether the learner changed the one and whether the other is a new version.
It has no outputs: what a cell shows is seen when the learner has run it.
"""

from __future__ import annotations

import difflib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import coursekit
from coursekit import files, ipynb
from coursekit.grade import record
from coursekit.ipynb import Notebook, source

FOLDERS = ("notebooks", "exercises")
BACKUPS = "backups"
FRESH = "Move it elsewhere and run `coursekit lab`, which copies a fresh one."
RESTORE = "It is the course's own: bring it back (`git checkout`, or unpack it again)."

Cell = dict[str, Any]


class WorkError(RuntimeError):
    """The work folder cannot be used as asked; the message says what to do."""


@dataclass(frozen=True)
class Change:
    """One file of the work folder and what happened to it, or would happen.

    `wrote` is the file that holds new content, and `kept` the one it was before.
    """

    path: PurePosixPath
    what: str
    wrote: PurePosixPath | None = None
    kept: PurePosixPath | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def course_folder() -> Path:
    """Return the folder that holds the course's own notebooks.

    Raises: WorkError if the package was installed without its course.
    """
    root = Path(coursekit.__file__).resolve().parents[1]
    if not (root / "notebooks").is_dir():
        raise WorkError(
            f"The course's notebooks are not beside the package in {root}. Clone the "
            "course, and in its folder run: python install.py"
        )
    return root


def work_folder(course: Path) -> Path:
    """Return the work folder that we are in, or else the one in the course's folder."""
    return record.folder() or course / "work"


def copy_missing(course: Path, work: Path) -> list[Change]:
    """Copy each notebook that the work folder does not have; change no other.

    A new work folder is the learner's alone: nobody else may look into it.

    Raises: WorkError if the work folder is the course itself or has a file's name.
    """
    _check(course, work)
    if not work.exists():
        work.mkdir(mode=0o700, parents=True)
    changes = []
    for name in _shipped(course):
        if not (work / name).exists():
            files.put(work / name, _copy(course / name))
            changes.append(Change(name, "copied", name))
    return changes


def news(course: Path, work: Path) -> list[PurePosixPath]:
    """List the notebooks of which the course has a version that the learner has not."""
    return [
        name
        for name in _shipped(course)
        if (work / name).exists()
        and _built_with(course / name) not in map(_built_with, _versions(work / name))
    ]


def update(course: Path, work: Path, *, dry_run: bool = False) -> list[Change]:
    """Bring new versions: in place where nothing was written, else beside the copy.

    Raises: WorkError as `copy_missing` does.
    """
    changes = [] if dry_run else copy_missing(course, work)
    for name in news(course, work):
        target = _place_for_new(work / name)
        what = "replaced by its new version, for you had written nothing in it"
        if target != work / name:
            what = f"kept; the new version is beside it, in {target.name}"
        if not dry_run:
            files.put(target, _copy(course / name))
        wrote = None if dry_run else name.with_name(target.name)
        changes.append(Change(name, what, wrote))
    return changes


def waiting(course: Path, work: Path) -> list[PurePosixPath]:
    """List the new versions that lie beside the learner's own notebooks."""
    return [
        name.with_name(version.name)
        for name in _shipped(course)
        for version in itertools.islice(_versions(work / name), 1, None)
    ]


def reset(course: Path, work: Path, exercise: str, *, dry_run: bool = False) -> Change:
    """Put one exercise's starter back; the notebook as it was goes to the backups.

    Raises: WorkError if there is no such exercise or its notebook cannot be read.
    """
    _check(course, work)
    name, starter = _starter(course, exercise)
    path = work / name
    if not path.exists():
        if not dry_run:
            files.put(path, _copy(course / name))
        return Change(name, "copied", None if dry_run else name)
    notebook = _read(path)
    before, after = _place(notebook, exercise, starter), source(starter)
    if before == after:
        return Change(name, f"{exercise} is its starter already; nothing to do")
    difference = "".join(_difference(before, after))
    if dry_run:
        return Change(name, f"{exercise} would become its starter:\n{difference}")
    backup = PurePosixPath(_backup(work, path).relative_to(work))
    files.put(path, _as_stored(notebook))
    return Change(
        name,
        f"{exercise} is its starter again; what you had is kept in {backup}. "
        "If the notebook is open, reload it.",
        wrote=name,
        kept=backup,
    )


def _copy(path: Path) -> bytes:
    """Return a notebook of the course as no one has run it."""
    notebook = _read(path, RESTORE)
    for cell in notebook["cells"]:
        _clear(cell)
    return _as_stored(notebook)


def _clear(cell: Cell) -> None:
    if cell["cell_type"] == "code":
        cell.update(outputs=[], execution_count=None)


def _as_stored(notebook: Notebook) -> bytes:
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode()


def _shipped(course: Path) -> list[PurePosixPath]:
    """List the notebooks of the course, in reading order, without kept copies."""
    return [
        PurePosixPath(folder, path.name)
        for folder in FOLDERS
        for path in sorted((course / folder).glob("*.ipynb"))
        if path.suffixes == [".ipynb"]
    ]


def _check(course: Path, work: Path) -> None:
    here, there = work.resolve(), course.resolve()
    inside = [there / folder for folder in (*FOLDERS, "solutions", "coursekit")]
    if here == there or any(here.is_relative_to(folder) for folder in inside):
        raise WorkError(
            f"{work} is part of the course itself, and your work belongs in a folder "
            "of its own. Leave --work out, or name another folder."
        )
    if here.exists() and not here.is_dir():
        raise WorkError(f"{work} is a file, not a folder. Name another with --work.")


def _built_with(path: Path) -> str | None:
    try:
        return ipynb.built_with(_read(path))
    except WorkError:
        return None  # a learner's broken file: like one that somebody else wrote


def _versions(copy: Path) -> Iterator[Path]:
    """Yield the learner's copy and the newer versions that lie beside it."""
    beside = itertools.takewhile(Path.exists, files.numbered(copy, "new"))
    return itertools.chain([copy], beside)


def _place_for_new(copy: Path) -> Path:
    """Return the first of the versions, and of the free names, that nobody edited."""
    places = itertools.chain([copy], files.numbered(copy, "new"))
    return next(
        place for place in places if not place.exists() or not ipynb.edited(place)
    )


def _starter(course: Path, exercise: str) -> tuple[PurePosixPath, Cell]:
    """Find the notebook of the course, and the cell in it, that ask for a function."""
    for name in _shipped(course):
        if name.parts[0] == "exercises":
            for cell in _read(course / name, RESTORE)["cells"]:
                if cell.get("id") == ipynb.answer_id(exercise):
                    _clear(cell)
                    return name, cell
    raise WorkError(
        f"There is no exercise {exercise!r}. An exercise is called like the function "
        "that you write in it, for example corr2d."
    )


def _place(notebook: Notebook, exercise: str, starter: Cell) -> str:
    """Put the starter where the learner's answer stands; return what stood there.

    The verdict on what stood there goes too.
    """
    cells: list[Cell] = notebook["cells"]
    name = re.escape(exercise)
    checks = _asked(cells, ipynb.check_id(exercise), rf"^check\(\s*{name}\b")
    # A cell that was copied or split has lost its id. Broken code is found as well.
    answers = _asked(cells, starter["id"], rf"^(?:def|class)\s+{name}\b")
    for cell in checks:
        _clear(cell)
    if not answers:
        place = cells.index(checks[0]) if checks else len(cells)
        cells.insert(place, starter)
        return ""
    before = source(answers[-1])
    answers[-1].update(cell_type="code", source=starter["source"])
    _clear(answers[-1])
    return before


def _asked(cells: list[Cell], ident: str, line: str) -> list[Cell]:
    """List the cell of this id, or else the code cells that have such a line."""
    named = [cell for cell in cells if cell.get("id") == ident]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return named or [c for c in code if re.search(line, source(c), re.MULTILINE)]


def _difference(before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "yours", "starter", lineterm=""
    )
    return (f"{line}\n" for line in lines)


def _backup(work: Path, path: Path) -> Path:
    first = work / BACKUPS / path.name
    backup = files.free(first, "before") if first.exists() else first
    files.put(backup, path.read_bytes())
    return backup


def _read(path: Path, remedy: str = FRESH) -> Notebook:
    try:
        return ipynb.read(path)
    except ValueError as error:
        raise WorkError(
            f"{path} is not a readable notebook ({error}). {remedy}"
        ) from None

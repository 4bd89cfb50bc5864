"""The student's copy of the course: all but the answers, and what makes them.

A key file stands for each file of the bank. Solved notebooks, the build and the grading
of classes stay behind, and so do the course's own tests.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from time import localtime
from zipfile import BadZipFile, ZipFile

from tqdm import tqdm

import coursekit
from coursekit import author, bank, files
from coursekit.author.draft import BuildError
from coursekit.author.keyfile import key_file, zipped
from coursekit.exercise import STORED

MANIFEST = "release.json"  # names every file of a release, and its digest
TOP = "coursekit-student"  # the folder that the zip unpacks into

_LOOSE = (
    *(".gitignore", "LICENSE", "constraints.txt", "environment.yml"),
    *("install.py", "install_pip.py", "pyproject.toml"),
)
_PATTERNS = (
    *("notebooks/*.ipynb", "notebooks/source/*.py", "notebooks/source/*.toml"),
    *("exercises/*.ipynb", "coursekit/**/*.py", "coursekit/**/*.json"),
    *("coursekit/**/*.css", "coursekit/**/*.js", "coursekit/py.typed"),
)
_BEHIND = re.compile(r"coursekit/(author/|classroom/|bank/(?!__init__))")
_LESSON = re.compile(r"(?:notebooks|notebooks/source|exercises)/(\d+)_|.*/l(\d+)_")


def contents(course: Path) -> dict[str, Callable[[], bytes]]:
    """Map the name of each file of the student's copy to what makes its content."""
    found = {name: (course / name).read_bytes for name in _LOOSE}
    for path in sorted(path for one in _PATTERNS for path in course.glob(one)):
        name = path.relative_to(course).as_posix()
        if not _BEHIND.match(name) and name.count(".") == 1:  # no a.yours.ipynb
            found[name] = path.read_bytes
    found["README.md"] = Path(__file__).with_suffix(".md").read_bytes
    for exercise in bank.exercises():
        name = f"coursekit/bank/{exercise.path.stem}{STORED}"
        found[name] = partial(key_file, exercise)
    return found


def copy(
    course: Path, lessons: Collection[int] = (), *, progress: bool = True
) -> dict[str, bytes]:
    """Return the files of the student's copy, with all lessons or with these.

    Raises: BuildError if a lesson is unknown, or a notebook is not as it was built:
        somebody may have solved its exercises.
    """
    every = contents(course)
    known = sorted({*map(_lesson, every)} - {0})
    if unknown := {*lessons} - {*known}:
        raise BuildError(f"There is no lesson {min(unknown)}. There are: {known}.")
    if stale := author.stale(course):
        raise BuildError(
            f"Build the notebooks first (coursekit build), for {len(stale)} are not as "
            f"their sources say: {stale[0]}."
        )
    chosen = [name for name in every if _lesson(name) in {0, *(lessons or known)}]
    bar = tqdm(chosen, unit="file", disable=None if progress else True)
    made = {name: every[name]() for name in bar}
    return made | {MANIFEST: manifest({name: digest(made[name]) for name in made})}


def manifest(digests: Mapping[str, str]) -> bytes:
    """Write the list of what a release has brought."""
    about = {"coursekit": coursekit.__version__, "files": digests}
    return (json.dumps(about, indent=1) + "\n").encode()


def digest(content: bytes) -> str:
    """Return what a release keeps of a file, to know later whether it was changed."""
    return hashlib.sha256(content).hexdigest()


def write(target: Path, made: Mapping[str, bytes]) -> None:
    """Write a release as a zip, dated now: Python tells by its time that a file is new.

    Raises: BuildError if something else than a release stands there.
    """
    if target.exists() and not _is_release(target):
        raise BuildError(f"{target} is no release, and stays. Name another file.")
    now = localtime()[:6]
    files.put(target, zipped({f"{TOP}/{n}": made[n] for n in made}, now))


def _is_release(path: Path) -> bool:
    try:
        with ZipFile(path) as file:
            return f"{TOP}/{MANIFEST}" in file.namelist()
    except (BadZipFile, OSError):
        return False


def _lesson(name: str) -> int:
    """Return the number of the lesson that a file belongs to; 0 if to all.

    >>> [*map(_lesson, ("exercises/02_x.ipynb", "coursekit/bank/l7_06_y.key"))]
    [2, 7]
    """
    found = _LESSON.match(name)
    return int(found[1] or found[2]) if found else 0

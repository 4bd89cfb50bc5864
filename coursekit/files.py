"""Write a file whole or not at all, and find names beside one that is kept."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Put the content in the file's place in one step, making folders for it.

    Whatever fails on the way, a full disk or ^C, leaves what was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def numbered(path: Path, mark: str) -> Iterator[Path]:
    """Yield name.mark.ipynb, name.mark-2.ipynb, name.mark-3.ipynb and so on.

    >>> names = numbered(Path("a.ipynb"), "yours")
    >>> next(names).name, next(names).name
    ('a.yours.ipynb', 'a.yours-2.ipynb')
    """
    yield path.with_suffix(f".{mark}{path.suffix}")
    for number in itertools.count(2):
        yield path.with_suffix(f".{mark}-{number}{path.suffix}")


def free(path: Path, mark: str) -> Path:
    """Return the first of the numbered names that no file has."""
    return next(place for place in numbered(path, mark) if not place.exists())


def set_aside(path: Path, mark: str) -> Path:
    """Rename a file to the first of the numbered names that is free; return that."""
    aside = free(path, mark)
    os.replace(path, aside)
    return aside

"""Write a file whole or not at all, and find names beside one that is kept."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path

YOURS = "yours"  # marks what somebody wrote where a file of ours belongs
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


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

    The last suffix stays last, for it says which programs open the file.

    >>> names = numbered(Path("a.ipynb"), "yours")
    >>> next(names).name, next(names).name
    ('a.yours.ipynb', 'a.yours-2.ipynb')
    >>> [next(numbered(Path(name), "bad")).name for name in ("x-ubyte.gz", "x-ubyte")]
    ['x-ubyte.bad.gz', 'x-ubyte.bad']
    """
    yield path.with_suffix(f".{mark}{path.suffix}")
    for number in itertools.count(2):
        yield path.with_suffix(f".{mark}-{number}{path.suffix}")


def free(path: Path, mark: str) -> Path:
    """Return the first of the numbered names that no file has, nor any link."""
    return next(p for p in numbered(path, mark) if not os.path.lexists(p))


def set_aside(path: Path, mark: str) -> Path:
    """Rename a file to the first of the numbered names that is free; return that."""
    aside = free(path, mark)
    os.replace(path, aside)
    return aside


def foreign(path: Path) -> str:
    """Name what is in a file's place if it is no regular file; "" if it is, or nothing.

    >>> foreign(Path(os.curdir)), foreign(Path("nothing here"))
    ('a folder', '')
    """
    try:
        return KINDS.get(stat.S_IFMT(path.lstat().st_mode), "")
    except (FileNotFoundError, NotADirectoryError):
        return ""

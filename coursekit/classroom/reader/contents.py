"""Read the bytes of one file, or of one entry of a .zip, up to a limit.

Archives are read in memory, nothing of them is unpacked to disk. So a name that leads
out of its folder, a link or a device in one can do no harm; each is told all the same.
"""

from __future__ import annotations

import os
import stat
import struct
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from coursekit import files
from coursekit.classroom.reader.cells import FILE, Unreadable, too_large
from coursekit.classroom.reader.places import kind_of

CLASS = 200_000  # entries in the .zip of a whole class
ONE = 20_000  # entries in the .zip of one learner
UNPACKED = 256 << 20  # bytes of all entries that are read of one learner
NAME = 255  # characters of a name, as file systems have it
RATIO = 500  # of one file's size to its packed size
SMALL = 1 << 20  # bytes below which a ratio harms nobody

_LISTED = b"PK\1\2"  # begins each entry of an archive's list
_UTF8 = 0x800  # the flag that says in which encoding the name is
_LOCKED = 0x1
_NO_NAMES = {"", ".", ".."}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, NotImplementedError, RuntimeError),
)


@dataclass(frozen=True)
class Box:
    """A .zip archive: a file, or entry `outer` of the file of a whole class."""

    path: Path
    outer: int | None = None
    of_class: bool = False


@dataclass(frozen=True)
class Entry:
    """One file in a .zip; `number` is its place in the list of entries."""

    number: int
    parts: tuple[str, ...]
    problem: str
    when: float | None


def entries(box: Box) -> Iterator[Entry]:
    """Yield the files of a .zip.

    Raises: Unreadable if it is damaged, or holds too much.
    """
    found = _archive(box).infolist()
    names = [_name(one) for one in found]
    again = Counter(names)
    room = UNPACKED
    for number, (info, name) in enumerate(zip(found, names, strict=True)):
        again[name] -= 1
        parts = tuple(one for one in name.split("/") if one not in _NO_NAMES)
        if name.endswith("/") or not parts:
            continue
        problem = _problem(info, name)
        if max(map(len, parts)) > NAME:
            problem = f"Its name has more than {NAME} characters."
            parts = tuple(one[:NAME] for one in parts[:2])
        if again[name]:
            problem = "The .zip archive holds this name again: the last one counts."
        if not box.of_class and not problem and kind_of(name):
            room -= info.file_size
            if room < 0:
                problem = f"The .zip archive would unpack to over {UNPACKED >> 20} MiB."
        yield Entry(number, parts, problem, _when(info))


def read_entry(box: Box, number: int) -> bytes:
    """Return the content of one entry of a .zip.

    Raises: Unreadable if it is damaged, or too large.
    """
    archive = _archive(box)
    return _content(archive, archive.infolist()[number])


def read_file(path: Path) -> bytes:
    """Return a file's content.

    Raises: Unreadable if it is no regular file (also a link to one), or too large.
    """
    # A pipe that took the file's place in between would be waited for without end.
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    binary = getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, os.O_RDONLY | careful | binary), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Unreadable("It is no regular file any more.")
            if found.st_size > FILE:
                raise too_large(found.st_size)
            return file.read(FILE)
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if problem := _problem(info, ""):
        raise Unreadable(problem)
    try:
        with archive.open(info) as file:
            data = file.read(FILE + 1)
    except _BROKEN:
        raise Unreadable("The file is damaged in its .zip archive.") from None
    if len(data) > FILE:
        raise too_large(len(data))
    return data


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    """Say why an entry is not read, if so."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        return "Its name in the .zip archive leads out of the folder."
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = files.KINDS.get(kind, "no regular file")
        return f"It is {what}, which is not followed: hand in the file itself."
    if info.flag_bits & _LOCKED:
        return "The .zip archive is locked with a password."
    if info.compress_type not in _METHODS:
        return "It is packed in an unusual way: use an ordinary .zip archive."
    if info.file_size > FILE:
        return str(too_large(info.file_size))
    if info.file_size > max(SMALL, RATIO * info.compress_size):
        return f"It would unpack to more than {RATIO} times its size."
    return ""


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name with / between folders.

    macOS packs names in UTF-8 without saying so.
    """
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _when(info: zipfile.ZipInfo) -> float | None:
    if info.date_time[0] <= 1980:  # what tools write that know no time
        return None
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return None


def _archive(box: Box) -> zipfile.ZipFile:
    try:
        found = box.path.stat()
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    # A forked process would share the place in the open file with its parent.
    return _opened(box, found.st_mtime_ns, found.st_size, os.getpid())


@lru_cache(maxsize=2)
def _opened(box: Box, changed: int, size: int, process: int) -> zipfile.ZipFile:
    """Open an archive once for all its entries: its list can be long."""
    limit = CLASS if box.of_class else ONE
    try:
        archive = zipfile.ZipFile(box.path if box.of_class else _small(box, limit))
    except Unreadable:
        raise
    except _BROKEN:
        raise Unreadable("The .zip archive is damaged: pack it once more.") from None
    if len(archive.infolist()) > limit:
        raise _too_many(limit)
    return archive


def _small(box: Box, limit: int) -> BytesIO:
    """Return a learner's archive, whose list is counted before it is read."""
    if box.outer is None:
        data = read_file(box.path)
    else:
        data = read_entry(Box(box.path, of_class=True), box.outer)
    if data.count(_LISTED) > limit:
        raise _too_many(limit)
    return BytesIO(data)


def _too_many(limit: int) -> Unreadable:
    return Unreadable(
        f"The .zip archive holds more than {limit} files: pack the notebooks alone."
    )

"""What has come of a file so far: kept beside its place, for one process at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from coursekit.files import foreign

FAR = 1 << 30  # Windows locks bytes, not files: one that none of ours has


@contextmanager
def part_of(place: Path) -> Iterator[IO[bytes]]:
    """Lend what has come, to add to; move it to `place` if the block ends well.

    If not, ^C included, it is kept for the next time. Who comes while another process
    has it gets a file of its own, from the beginning, that is not kept.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    path = place.with_name(f".{place.name}.part")
    with ExitStack() as stack:
        opened = _locked(path)
        if opened is None:
            own = TemporaryDirectory(prefix=f"{path.name}-", dir=place.parent)
            path = Path(stack.enter_context(own)) / place.name
            opened = path.open("ab")
        stack.enter_context(opened)
        try:
            yield opened
        except BaseException:
            if size(opened) == 0:
                with suppress(PermissionError):  # Windows: it is open
                    path.unlink()
            raise
        if sys.platform == "win32":
            opened.close()  # or else it could not be moved there
        os.replace(path, place)


def size(opened: IO[bytes]) -> int:
    """Count the bytes that have come, all of them written."""
    return opened.seek(0, os.SEEK_END)


def empty(opened: IO[bytes]) -> None:
    """Forget what has come."""
    opened.seek(0)
    opened.truncate()


def _locked(path: Path) -> IO[bytes] | None:
    """Open a file, locked until it is closed; None if it cannot be ours alone."""
    if foreign(path):
        return None
    with suppress(OSError), ExitStack() as stack:
        opened = stack.enter_context(path.open("ab"))
        if sys.platform == "win32":
            import msvcrt

            opened.seek(FAR)
            msvcrt.locking(opened.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(opened.fileno()), path.stat()):
            stack.pop_all()  # else it was moved to its place before we locked it
            return opened
    return None

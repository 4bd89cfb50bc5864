"""A folder that is emptied after each child, whatever the child has left in it."""

import contextlib
import itertools
import os
from pathlib import Path


def empty(folder: Path) -> None:
    """Remove all that is in a folder, however deep and whatever its modes forbid.

    What is in a folder is first moved up, so no path grows long and nothing recurses.
    Links are removed and not followed.
    """
    os.chmod(folder, 0o700)
    free = (folder / f"moved {number}" for number in itertools.count())
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry)
                continue
            os.chmod(entry, 0o700)
            for inner in list(os.scandir(entry)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner, 0o700)
                os.rename(inner, next(one for one in free if not os.path.lexists(one)))
            os.rmdir(entry)


def remove(folder: Path) -> None:
    """Remove a folder and all that is in it, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        empty(folder)
        folder.rmdir()

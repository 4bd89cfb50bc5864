"""Where downloaded files lie, whether we may write there, and what to do with bad ones.

The folder is the one asked for, or COURSEKIT_DATA, or `data` in the user's cache; each
data set has a folder of its own in it. A folder without leave to write is only read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from coursekit import files
from coursekit.data.download.registry import File, Source

TOLD = "COURSEKIT_DATA"
ANYBODY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def cache_folder(folder: str | Path | None = None) -> Path:
    """Return the folder of all data sets."""
    import platformdirs

    if chosen := folder or os.environ.get(TOLD):
        return Path(chosen).expanduser()
    return platformdirs.user_cache_path("coursekit", appauthor=False) / "data"


def place(cache: Path, source: Source, file: File) -> Path:
    """Return where a downloaded file belongs."""
    return cache / source.folder / file.name


def find(cache: Path, source: Source, file: File) -> Path | None:
    """Return the file, packed or unpacked by somebody, or None if it is not there.

    What is no file, but has the name of the packed one, is returned too: it is in the
    way, and somebody has to hear of it.
    """
    packed = place(cache, source, file)
    there = [p for p in (packed, packed.with_suffix("")) if p.is_file()]
    return next(iter(there), packed if files.foreign(packed) else None)


def may_write(folder: Path) -> bool:
    """Say whether files may be added to the folder, or it be made.

    Whoever may write everywhere (root) still leaves a write-protected folder alone.
    """
    there = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return False
    return os.name == "nt" or bool(there.stat().st_mode & ANYBODY_WRITES)


def set_aside(path: Path) -> str:
    """Rename a bad file of ours, so that it is not met again; say what became of it."""
    if kind := files.foreign(path):
        return f"It stays where it is: {path} is {kind}. Move it away yourself."
    if not may_write(path.parent):
        return f"It stays where it is: you may not write to {path.parent}."
    try:
        return f"It was set aside as {files.set_aside(path, 'bad')}."
    except OSError as error:  # it is not ours, or another process was faster
        return f"It was not set aside: {error}."

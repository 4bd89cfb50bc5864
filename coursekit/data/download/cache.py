"""Where downloaded files lie, whether we may write there, and what to do with bad ones.

The folder is the one asked for, or COURSEKIT_DATA, or `data` in the user's cache; each
data set has a folder of its own in it. A folder without leave to write is only read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

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
    """Return the file, packed or unpacked by somebody, or None if it is not there."""
    packed = place(cache, source, file)
    return next((p for p in (packed, packed.with_suffix("")) if p.is_file()), None)


def may_write(folder: Path) -> bool:
    """Say whether files may be added to the folder, or it be made.

    Whoever may write everywhere (root) still leaves a write-protected folder alone.
    """
    there = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return False
    return os.name == "nt" or bool(there.stat().st_mode & ANYBODY_WRITES)


def set_aside(path: Path) -> str:
    """Rename a bad file, so that it is not met again; say what became of it."""
    aside = path.with_name(f"{path.name}.bad")
    if not may_write(path.parent):
        return f"It stays where it is: you may not write to {path.parent}."
    os.replace(path, aside)
    return f"It was set aside as {aside}."

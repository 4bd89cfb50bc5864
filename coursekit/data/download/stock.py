"""The downloaded files of a data set: have them, say how they stand, mend them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coursekit.data.download.cache import (
    cache_folder,
    find,
    may_write,
    place,
    set_aside,
)
from coursekit.data.download.proof import BadFile, proven
from coursekit.data.download.registry import File, Source
from coursekit.data.download.transfer import NotDownloaded, Patience, download

MEGABYTES = 1e6


class DataUnavailable(RuntimeError):
    """Data cannot be had; the message says what was tried and what to do."""


class Standing(NamedTuple):
    """How one data set stands in a folder, in words; `faults` tell of bad files."""

    words: str
    complete: bool
    faults: tuple[str, ...]


def content(
    cache: Path, source: Source, file: File, patience: Patience | None
) -> bytes:
    """Return what a file holds, unpacked; download it first if it is not there.

    Without `patience` no network is used.

    Raises: DataUnavailable if the file is bad, which sets it aside, or not to be had.
    """
    path = find(cache, source, file) or _downloaded(cache, source, file, patience)
    try:
        return proven(path, file)
    except BadFile as error:
        lines = [f"Data set {source.name!r}: {error}", set_aside(path)]
        raise DataUnavailable("\n".join([*lines, _remedies(cache, source)])) from None


def mend(cache: Path, source: Source, patience: Patience) -> Iterator[str]:
    """Download what is missing or bad, check all, and tell of each bad file.

    Raises: DataUnavailable if a file is not to be had, or cannot be replaced.
    """
    for file in source.files:
        path = find(cache, source, file)
        if path and (fault := _fault(path, file)):
            became = set_aside(path)
            if not os.path.lexists(path):
                yield f"{fault}\n{became} The right one is downloaded."
        content(cache, source, file, patience)


def standing(cache: Path, source: Source) -> Standing:
    """Look at the files of a data set, and change nothing."""
    found = {file: find(cache, source, file) for file in source.files}
    missing = sum(path is None for path in found.values())
    faults = [
        fault for file, path in found.items() if path and (fault := _fault(path, file))
    ]
    if faults:
        state = f"{len(faults)} bad, {missing} missing"
    elif missing == len(source.files):
        state = f"not downloaded ({source.size / MEGABYTES:.0f} MB): nothing"
    else:
        state = f"{missing} of {len(source.files)} missing" if missing else "complete"
    words = f"{state} in {cache / source.folder}"
    return Standing(words, state == "complete", tuple(faults))


def _fault(path: Path, file: File) -> str:
    """Say what is wrong with a file, or ""."""
    try:
        proven(path, file)
    except BadFile as error:
        return str(error)
    return ""


def _downloaded(
    cache: Path, source: Source, file: File, patience: Patience | None
) -> Path:
    """Download a file and return where it is."""
    path = place(cache, source, file)
    if patience is None:
        tried = f"{path} is not there, and you asked for no network."
    elif not may_write(path.parent):
        tried = f"{path} is not there, and you may not write to its folder."
    else:
        try:
            download(file, source.mirrors, path, patience)
            return path
        except NotDownloaded as error:
            tried = f"{path} is not there, and could not be downloaded:\n{error}"
        except OSError as error:
            tried = f"{path} is not there, and could not be written: {error}."
    raise DataUnavailable(
        f"Data set {source.name!r}: {tried}\n{_remedies(cache, source)}"
    )


def _remedies(cache: Path, source: Source) -> str:
    """Say what there is to do about files that are missing or bad."""
    where = "" if cache == cache_folder() else f' --data "{cache}"'
    if not may_write(cache / source.folder):
        where = " --data FOLDER, with a folder that you may write to"
    names = ", ".join(file.name for file in source.files)
    return (
        "What you can do:\n"
        f"- With a network ({source.size / MEGABYTES:.0f} MB; behind a proxy set "
        f"HTTPS_PROXY first) run: coursekit data {source.name}{where}\n"
        f"- Without, bring the files by hand into {cache / source.folder}: {names}, "
        f"from {source.mirrors[0]}. Or into another folder {source.folder}, and name "
        "the one above it: load(..., folder=...), --data or COURSEKIT_DATA.\n"
        '- Or work with data that is always there: load("digits").'
    )

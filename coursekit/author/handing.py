"""Put a release into a learner's folder, over an older one, and over nobody's work.

The manifest of the older release tells which files are still as they came. What is not
is set aside before the new file takes its place. What no release has brought, such as
`work/`, is not looked at.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from coursekit import files
from coursekit.author.draft import BuildError
from coursekit.author.student import MANIFEST, digest, manifest
from coursekit.grade import record
from coursekit.workfolder import Change

NEW, REPLACED = "new", "replaced by its new version"
DELETED = "deleted, for the course has it no longer"
ROOMS = ("coursekit/", "notebooks/", "exercises/")  # outside, nothing is deleted
NAME = re.compile(r"(?:[\w-][\w.-]*/)*[\w.-]*[\w-]")  # leads nowhere else


def hand_out(
    made: Mapping[str, bytes],
    every: Collection[str],
    folder: Path,
    *,
    dry_run: bool = False,
) -> list[Change]:
    """Write the files of a release into a folder; say what was done, or would be.

    `every` names the files of the whole course, of which `made` may be some lessons.

    Raises: BuildError if a course or a learner's work lies there, or a link leads away.
    """
    before = _brought(folder)
    _check(folder, [*made, *before])
    changes = []
    for name, content in made.items():
        if name != MANIFEST and (
            change := _put(folder, name, content, before, dry_run)
        ):
            changes.append(change)
    for name in sorted(before.keys() - {*every}):
        if name.startswith(ROOMS) and _found(folder, name) == before.pop(name):
            changes.append(Change(PurePosixPath(name), DELETED))
            if not dry_run:
                (folder / name).unlink()
    if not dry_run:
        digests = {name: digest(made[name]) for name in made if name != MANIFEST}
        files.put(folder / MANIFEST, manifest(before | digests))
    return changes


def _put(
    folder: Path, name: str, content: bytes, before: Mapping[str, str], dry_run: bool
) -> Change | None:
    path, place = folder / name, PurePosixPath(name)
    found = _found(folder, name)
    if found == digest(content):
        return None
    what, kept = (NEW if found is None else REPLACED), None
    if found is not None and found != before.get(name):
        aside = files.free(path, files.YOURS)
        kept = place.with_name(aside.name)
        what = f"{REPLACED}; the one that was changed is kept as {kept.name}"
        if not dry_run:
            files.set_aside(path, files.YOURS)
    if not dry_run:
        files.put(path, content)
    return Change(place, what, None if dry_run else place, kept)


def _found(folder: Path, name: str) -> str | None:
    """Return the digest of what is in a file's place: None is nothing, "" no file."""
    path = folder / name
    if not os.path.lexists(path):
        return None
    return "" if files.foreign(path) else digest(path.read_bytes())


def _brought(folder: Path) -> dict[str, str]:
    """Return name and digest of what the release before has brought, as it says."""
    try:
        told: Any = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {name: str(told[name]) for name in told if NAME.fullmatch(name)}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _check(folder: Path, names: Collection[str]) -> None:
    if (folder / "coursekit" / "author").exists():
        raise BuildError(f"{folder} holds the course with its answers. Name another.")
    if record.is_work(folder):
        raise BuildError(
            f"{folder} is somebody's work folder. Name the folder that it lies in."
        )
    whole = folder.resolve()
    for parent in {(folder / name).parent for name in names}:
        if parent.exists() and parent.resolve() != whole / parent.relative_to(folder):
            raise BuildError(f"{parent} is a link, and a release follows none.")
        if parent.exists() and not parent.is_dir():
            raise BuildError(
                f"{parent} is a file where a folder belongs. Move it away."
            )

"""The learner's progress: one small file that survives crashes, crowds and damage.

A save reads, merges and writes under a lock, so that notebooks which run at once lose
nothing. A result that cannot have the lock soon waits in a file of its own beside the
record: it counts at once, and whoever saves next takes it in. The best result of each
exercise is kept. Only a file of ours is ever written over.
"""

import glob
import os
import warnings
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from coursekit import files
from coursekit.grade.contents import (
    KEY,
    Contents,
    ProgressDamaged,
    ProgressForeign,
    ProgressUnreadable,
    Results,
    as_bytes,
    contents,
    merged,
)
from coursekit.grade.findings import NOT_STARTED
from coursekit.grade.verdict import Verdict

NAME = "progress.json"
TOLD = "COURSEKIT_PROGRESS"  # the file to use instead, or OFF
OFF = "off"
PATIENCE = 0.1  # seconds that a save waits for the lock, at most twice


def folder() -> Path | None:
    """Return the work folder that we are in, if it is one.

    A work folder is known by our record, or by the start page beside the exercises:
    a record that is lost or damaged changes nothing. The course itself is none.

    Raises: ProgressUnreadable if the folder that we are in was deleted.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise ProgressUnreadable(
            "the folder that this runs in is gone. Open the notebook from where it is."
        ) from None
    return next((one for one in (here, *here.parents) if is_work(one)), None)


def is_work(one: Path) -> bool:
    """Tell whether a folder is a learner's own; see `folder`."""
    start, tasks = one / "notebooks" / "00_start_here.ipynb", one / "exercises"
    course = one / "notebooks" / "source"
    copies = os.path.isfile(start) and os.path.isdir(tasks)
    return (copies and not os.path.exists(course)) or _is_ours(one / NAME)


def find() -> Path | None:
    """Return where progress is kept: COURSEKIT_PROGRESS, or in our work folder.

    Raises: ProgressUnreadable as `folder` does.
    """
    if told := os.environ.get(TOLD, ""):
        return None if told == OFF else Path(told)
    here = folder()
    return here / NAME if here else None


def create(path: Path) -> None:
    """Start an empty progress file; whatever stands there stays."""
    if not path.exists():
        _save(path, {})


def read(path: Path) -> Contents:
    """Return what a progress file holds, with the results that wait beside it.

    Raises: ProgressUnreadable if it is damaged, too large, newer than this or not
        ours. Nothing is changed.
    """
    path = _target(path)
    # First those that wait: one that goes into the record meanwhile is then in it.
    late = _waiting(path).values()
    results, spoilt = contents(path)
    return Contents(merged(results, *late), spoilt)


def save(verdict: Verdict) -> str:
    """Record a verdict; return a sentence if it was not recorded or a file was mended.

    Nothing is said where progress is off.
    """
    off = os.environ.get(TOLD) == OFF
    if off or not verdict.out_of or verdict.status == NOT_STARTED:
        return ""
    result = {
        "status": verdict.status,
        "points": float(verdict.points),
        "out_of": float(verdict.out_of),
    }
    path = None
    try:
        if path := find():
            return _save(path, {verdict.id: result})
        problem = "this is no work folder. `coursekit lab` opens one."
    except ProgressUnreadable as error:
        problem = str(error)
    except OSError as error:
        place = f"{path.name}: " if path else ""
        problem = f"{place}{error.strerror or error}. Mend that, then check again."
    except Exception as error:  # the verdict comes first, whatever storage does
        problem = f"{type(error).__name__}: {error}. Please report it."
    return f"This result was not recorded: {problem}"


def _save(path: Path, new: Results) -> str:
    path = _target(path)
    with suppress(ProgressDamaged):
        known, spoilt = read(path)
        if path.exists() and not spoilt and merged(known, new) == known:
            return ""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.stat().st_mode & 0o222:
        raise OSError(None, "the file may only be read")
    for waits in (False, True):
        try:
            with _locked(path):
                return _fold(path, new)
        except (OSError, ImportError):  # others save, or there are no locks
            if not waits:
                name = f".{path.name}.{uuid4().hex}.waits"
                files.put(path.with_name(name), as_bytes(new))
    return ""


def _locked(path: Path) -> AbstractContextManager[Any]:
    """Take the record's lock, which the system frees when its holder dies."""
    from filelock import FileLock  # takes longer to import than a check takes

    with warnings.catch_warnings(action="ignore"):  # of a disk without locks
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        return lock.acquire(timeout=PATIENCE, poll_interval=0.01)


def _fold(path: Path, new: Results) -> str:
    """Take the new results into the record, and those that wait; the lock is ours."""
    late = _waiting(path)
    note = ""
    results: Results = {}
    try:
        results, spoilt = contents(path)
        if spoilt:
            note = f"{spoilt} of the results in {path.name} could not be read"
    except ProgressDamaged:
        note = f"{path.name} could not be read"
    if note:
        aside = files.free(path, "damaged")
        files.put(aside, path.read_bytes())
        note += f". The file was set aside as {aside.name}, and a new one was started."
    files.put(path, as_bytes(merged(results, *late.values(), new)))
    for one in (*late, *_beside(path, "part")):  # those of killed processes, too
        one.unlink(missing_ok=True)
    return note


def _target(path: Path) -> Path:
    """Follow links: a link stays one, and the file that it leads to is replaced."""
    return Path(os.path.realpath(path))


def _waiting(path: Path) -> dict[Path, Results]:
    """Map each file that waits beside the record to its results."""
    found = {}
    for one in _beside(path, "waits"):
        with suppress(ProgressUnreadable, OSError):  # not ours: it stays where it is
            found[one] = contents(one).results
    return found


def _beside(path: Path, kind: str) -> list[Path]:
    return sorted(path.parent.glob(f".{glob.escape(path.name)}.*.{kind}"))


def _is_ours(path: Path) -> bool:
    """Tell our record, also a damaged or a newer one, from another program's."""
    try:
        return os.path.exists(path) and bool(contents(_target(path)))
    except ProgressDamaged:
        return KEY.encode() in path.read_bytes()  # an empty file may be anybody's
    except (ProgressForeign, OSError):
        return False
    except ProgressUnreadable:
        return True

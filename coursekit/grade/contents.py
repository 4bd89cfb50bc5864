"""What a progress file holds: whose it is, its version, and the results in it."""

import json
import math
import re
from pathlib import Path
from typing import Any, NamedTuple

from coursekit import files
from coursekit.grade.findings import PASSED

VERSION = 1
LARGEST = 1 << 20  # bytes; all the exercises of the course take 6 000
KEY = "coursekit progress"  # its value is the version; also says whose file it is

_START = b'{"coursekitprogress":'  # every file that we write, without its spaces
_NAMED = re.compile(rb'"%b"\s*:\s*(\d*)' % KEY.encode())
Results = dict[str, dict[str, Any]]


class ProgressUnreadable(RuntimeError):
    """A progress file that cannot be used; the message says why and what to do."""


class ProgressDamaged(ProgressUnreadable):
    """A progress file of ours that is cut off or garbled: the next save replaces it."""


class ProgressForeign(ProgressUnreadable):
    """Something in a progress file's place that we did not write: it is let alone."""


class Contents(NamedTuple):
    """The results in a progress file, and how many of its entries are none."""

    results: Results
    spoilt: int


def contents(path: Path) -> Contents:
    """Return what a progress file holds; one that does not exist holds nothing.

    Raises: ProgressUnreadable, which says whether it is damaged, newer or not ours.
    """
    try:
        raw = _bytes(path)
    except FileNotFoundError:
        return Contents({}, 0)
    try:
        content = json.loads(raw, parse_int=float)
        found = content if isinstance(content, dict) else {}
        version, entries = found.get(KEY), found.get("exercises")
    except (ValueError, RecursionError):
        version, entries = _version(raw), None
    if version is None:
        raise ProgressForeign(
            f"{path.name} was not written by coursekit. Rename it, then check again."
        )
    if isinstance(version, float) and version > VERSION:
        raise ProgressUnreadable(
            f"{path.name} was written by a newer coursekit (format {version:g}, this "
            f"one knows {VERSION}). Update coursekit."
        )
    if version != VERSION or not isinstance(entries, dict):
        raise ProgressDamaged(
            f"{path.name} could not be read. Your next check sets it aside and starts "
            "a new one."
        )
    results = {
        id: {key: entry[key] for key in ("status", "points", "out_of")}
        for id, entry in entries.items()
        if _is_result(entry)
    }
    return Contents(results, len(entries) - len(results))


def as_bytes(results: Results) -> bytes:
    """Write results as a progress file holds them, the same on every system."""
    content = {KEY: VERSION, "exercises": results}
    return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def merged(*several: Results) -> Results:
    """Keep the best result of each exercise; of two that are as good, the later."""
    best: Results = {}
    for results in several:
        for id, new in results.items():
            pair = new, best.get(id, new)
            best[id] = max(pair, key=lambda r: (r["status"] == PASSED, r["points"]))
    return best


def _version(raw: bytes) -> float | None:
    """Find the version in a file that is no JSON; 0 if it is cut off before."""
    if named := _NAMED.search(raw):
        return float(named[1] or 0)
    begun = b"".join(raw.replace(b"\0", b"").split())  # a lost block reads as zeros
    return 0.0 if _START.startswith(begun) else None


def _is_result(entry: Any) -> bool:
    match entry:
        case {"status": str(status), "points": float(points), "out_of": float(out_of)}:
            return status.isprintable() and all(
                0 <= number < math.inf for number in (points, out_of)
            )
    return False


def _bytes(path: Path) -> bytes:
    if kind := files.foreign(path):
        raise ProgressForeign(f"{path.name} is {kind}, not a file. Move it away.")
    if (size := path.stat().st_size) > LARGEST:
        raise ProgressForeign(
            f"{path.name} has {size} bytes, and a record at most {LARGEST}. Rename it, "
            "then check again."
        )
    return path.read_bytes()

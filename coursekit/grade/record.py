"""The learner's progress: one small file that survives a crash half-way through.

It is written beside itself and moved into place at once. The best result of each
exercise is kept. A file that cannot be read is set aside, never overwritten.
"""

import json
import os
from pathlib import Path
from typing import Any

from coursekit import files
from coursekit.grade.findings import NOT_STARTED, PASSED, Findings

NAME = "progress.json"
TOLD = "COURSEKIT_PROGRESS"  # the file to use instead, or OFF
OFF = "off"
VERSION = 1

_KEY = "coursekit progress"  # its value is the version; also says whose file it is
Results = dict[str, dict[str, Any]]


class ProgressUnreadable(RuntimeError):
    """A progress file that cannot be used; the message says what was done about it."""


def find() -> Path | None:
    """Return where progress is kept: COURSEKIT_PROGRESS, or up from this folder."""
    if told := os.environ.get(TOLD, ""):
        return None if told == OFF else Path(told)
    here = Path.cwd()
    return next((one / NAME for one in (here, *here.parents) if _is(one / NAME)), None)


def create(path: Path) -> None:
    """Start an empty progress file; one that exists stays."""
    if not path.exists():
        _write(path, {})


def read(path: Path) -> Results:
    """Return the results in a progress file.

    Raises: ProgressUnreadable if it is damaged (it is set aside) or newer than this.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version, results = content[_KEY], content["exercises"]
        if version > VERSION:
            raise ProgressUnreadable(
                f"{path.name} was written by a newer coursekit (format {version}, this "
                f"one knows {VERSION}). Update coursekit; nothing was saved."
            )
        return {str(id): _checked(result) for id, result in results.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        aside = files.set_aside(path, "damaged")
        raise ProgressUnreadable(
            f"{path.name} could not be read and was set aside as {aside.name}. "
            "A new one starts with your next check."
        ) from error


def save(verdict: Findings) -> str:
    """Record a verdict if progress is kept; return a sentence if something is amiss."""
    path = find()
    if path is None or not verdict.out_of or verdict.status == NOT_STARTED:
        return ""
    note = ""
    try:
        try:
            results = read(path)
        except ProgressUnreadable as problem:
            if path.exists():  # a newer format: leave it alone
                return str(problem)
            note, results = str(problem), {}
        merged = _best(results.get(verdict.id), verdict)
        if merged != results.get(verdict.id):
            _write(path, {**results, verdict.id: merged})
    except OSError as error:
        return f"Your progress was not saved in {path.name}: {error.strerror}."
    return note


def _best(old: dict[str, Any] | None, verdict: Findings) -> dict[str, Any]:
    new = _checked(
        {
            "status": verdict.status,
            "points": verdict.points,
            "out_of": verdict.out_of,
        }
    )
    if old is None:
        return new
    better = (verdict.status == PASSED, verdict.points) >= (
        old["status"] == PASSED,
        old["points"],
    )
    return new if better else old


def _checked(result: Any) -> dict[str, Any]:
    return {
        "status": str(result["status"]),
        "points": float(result["points"]),
        "out_of": float(result["out_of"]),
    }


def _is(path: Path) -> bool:
    """Tell whether this is ours: another tool's progress.json is left alone."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return False
    except ValueError:
        return True  # damaged: `read` sets it aside and says so
    return isinstance(content, dict) and _KEY in content


def _write(path: Path, results: Results) -> None:
    text = json.dumps({_KEY: VERSION, "exercises": results}, indent=1, sort_keys=True)
    files.put(path, (text + "\n").encode())

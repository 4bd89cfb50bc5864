"""The results of a class: a file that only grows, one line of JSON a result.

A line that has been acknowledged stays, whatever ends the process. A later line of the
same answer replaces the former one, which stays in the file as its history. One
process writes at a time; readers need no lock.
"""

import os
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, NamedTuple, Self

from coursekit import files
from coursekit.classroom.result import (
    LARGEST,
    MISSING,
    NOT_GRADED,
    NoResult,
    Result,
    from_line,
    key,
    to_line,
)

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["MISSING", "NOT_GRADED", "Result", "Store", "StoreUnusable", "key"]

NAME = "results.jsonl"
_START = b'{"format":'  # every file that we write
_LONGEST = 2 * LARGEST  # a longer line is none of ours


class StoreUnusable(RuntimeError):
    """Results that cannot be read or added to; the message says why, what to do."""


_Place = tuple[str, str, str]  # learner, file, exercise


class _Line(NamedTuple):
    key: str
    submission: str
    offset: int


class Store:
    """The results in a folder. `with Store(folder) as store:` allows to add to them.

    `notes` says which lines could not be read. Memory grows by half a kilobyte a
    result: where its line is, not what it says.

    Raises: StoreUnusable if the file is not ours or newer; in `with`, if another
        process writes to it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._lock: BaseFileLock | None = None
        self._files: defaultdict[tuple[str, str], list[_Place]] | None = None
        self._read()

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.path)
        try:
            self._read()
            self._drop_cut_line()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def append(self, results: Sequence[Result]) -> None:
        """Add results, on the disk when this returns; those known already are not.

        A result that could not be graded gives way to any other of the same key.
        """
        if self._lock is None:
            raise ValueError(
                "these results are open for reading only; add to them inside "
                "`with Store(folder) as store:`"
            )
        new = {one.key: one for one in results if self._is_new(one)}
        lines = [to_line(one) for one in new.values()]
        offset = _add(self.path, b"".join(lines)) if lines else 0
        for one, line in zip(new.values(), lines, strict=True):
            self._enter(one, offset)
            offset += len(line)

    def known(self, key: str, *, findings: bool = True) -> Result | None:
        """Return the result with this key, if it is what counts of its file."""
        place = self._known.get(key)
        if place is None or self._lines[place][-1].key != key:
            return None
        return next(self._at([self._lines[place][-1].offset], findings))

    def __iter__(self) -> Iterator[Result]:
        return self.results()

    def __len__(self) -> int:
        return len(self._known)

    def results(self, *, findings: bool = True) -> Iterator[Result]:
        """Yield what counts, by learner, file and exercise; former contents first.

        Findings take most of the time to read; leave them out where nobody looks.
        """
        places = sorted(self._lines)
        return self._at(
            [line.offset for place in places for line in self._lines[place]], findings
        )

    def of(self, learner: str, file: str) -> Iterator[Result]:
        """Yield what counts of one file of a learner, as `results` does."""
        if self._files is None:
            self._files = defaultdict(list)
            for place in sorted(self._lines):
                self._files[place[:2]].append(place)
        places = self._files.get((learner, file), ())
        lines = (line for place in places for line in self._lines[place])
        return self._at([line.offset for line in lines], findings=True)

    def history(self) -> Iterator[Result]:
        """Yield every result that was ever added, in that order."""
        return self._at(sorted(self._offsets), findings=True)

    def latest(self, *, findings: bool = True) -> dict[tuple[str, str], Result]:
        """Map (learner, exercise) to the result of what was handed in last."""
        last: dict[tuple[str, str], Result] = {}
        for one in self.results(findings=findings):
            place = one.learner, one.exercise
            if place not in last or age(one) >= age(last[place]):
                last[place] = one
        return last

    def _is_new(self, one: Result) -> bool:
        known = self.known(one.key, findings=False)
        return known is None or (known.problem not in ("", one.problem))

    def _read(self) -> None:
        self._known: dict[str, tuple[str, str, str]] = {}
        self._lines: dict[tuple[str, str, str], tuple[_Line, ...]] = {}
        self._offsets: list[int] = []
        self._files = None
        self.notes: list[str] = []
        self._end = 0
        if kind := files.foreign(self.path):
            raise StoreUnusable(f"{NAME} is {kind}, not a file. Move it away.")
        if self.path.exists():
            for number, (end, line) in enumerate(_lines(self.path), 1):
                self._take(number, end, line)

    def _take(self, number: int, end: int, line: bytes) -> None:
        if number == 1 and line[: len(_START)] != _START[: len(line)]:
            raise StoreUnusable(
                f"{NAME} was not written by coursekit. Rename it, or give another "
                "folder for the results."
            )
        if not line.endswith(b"\n"):
            return  # cut off, or being written
        self._end = end
        try:
            self._enter(from_line(line, findings=False), end - len(line))
        except NoResult as error:
            if error.newer:
                raise StoreUnusable(
                    f"line {number} of {NAME} was written by a newer coursekit: "
                    f"{error}. Update coursekit."
                ) from None
            self.notes.append(f"line {number} of {NAME} is left out: {error}")

    def _enter(self, one: Result, offset: int) -> None:
        place = intern(one.learner), intern(one.file), intern(one.exercise)
        self._files = None
        submission = intern(one.submission)
        others = []
        for line in self._lines.get(place, ()):
            if line.submission == submission:
                del self._known[line.key]
            else:
                others.append(line)
        self._lines[place] = *others, _Line(one.key, submission, offset)
        self._known[self._lines[place][-1].key] = place
        self._offsets.append(offset)

    def _at(self, offsets: Sequence[int], findings: bool) -> Iterator[Result]:
        if not offsets:
            return
        with self.path.open("rb") as file:
            for offset in offsets:
                file.seek(offset)
                try:
                    yield from_line(file.readline(_LONGEST), findings=findings)
                except NoResult as error:
                    raise StoreUnusable(
                        f"the line at byte {offset} of {NAME} cannot be read: {error}. "
                        "Remove that line; what it said is graded again."
                    ) from None

    def _drop_cut_line(self) -> None:
        if not self.path.exists() or self.path.stat().st_size == self._end:
            return
        aside = files.free(self.path, "cut")
        with self.path.open("r+b") as file:
            file.seek(self._end)
            files.put(aside, file.read())
            file.truncate(self._end)
            os.fsync(file.fileno())
        self.notes.append(
            f"the last line of {NAME} was cut off. It was set aside as {aside.name}; "
            "what it said is graded again."
        )


def age(result: Result) -> tuple[bool, float, str]:
    """Order results of one learner and exercise: the last is what was handed in last.

    What does not have the exercise in it comes first, for a class may hand in one
    notebook a lesson; then files without a time.
    """
    when = float("-inf") if result.when is None else result.when
    return result.status != MISSING, when, result.file


def _locked(path: Path) -> "BaseFileLock":
    """Take the lock, which the system frees when its holder dies."""
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        with warnings.catch_warnings(action="ignore"):  # of a disk without locks
            lock.acquire(blocking=False)
    except Timeout:
        raise StoreUnusable(
            f"another process is grading into {path.parent.name}/. Wait until it has "
            "ended, or give another folder for the results."
        ) from None
    return lock


def _add(path: Path, content: bytes) -> int:
    """Append to a file, all or nothing; return where the content begins."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        start = os.fstat(descriptor).st_size
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        except BaseException:
            os.ftruncate(descriptor, start)
            raise
    finally:
        os.close(descriptor)
    return start


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line and where it ends; of one that is too long, start and end."""
    with path.open("rb") as file:
        while line := file.readline(_LONGEST):
            while not line.endswith(b"\n") and (more := file.readline(_LONGEST)):
                line = line[: _LONGEST - len(more)] + more
            yield file.tell(), line

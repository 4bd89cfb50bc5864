"""Grade a class: find what is to be done, have it done, keep what comes of it."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.classroom.batch import Job, Work
from coursekit.classroom.reader.cells import Unreadable
from coursekit.classroom.reader.handed import Handed, handed
from coursekit.classroom.result import Result
from coursekit.classroom.results import Store
from coursekit.classroom.roster import Roster, TwoPeople

_EVERY = 0.5  # seconds after which results are put on the disk, at some ms a time


class NothingToGrade(RuntimeError):
    """No submission is there, or none that was meant; the message says what to do."""


@dataclass(frozen=True)
class Wanted:
    """What is to be graded of a class.

    `again` grades what another bank or other seeds judged; without it what has a result
    keeps it. `learners` limits it to some, by any name that a roster or a file gives.
    """

    handed: Sequence[Handed]
    job: Job
    roster: Roster | None = None
    again: bool = False
    learners: Collection[str] = ()


class Kept:
    """Puts results into a store, several at once, and counts them.

    Whatever ends the grading, ^C too, what was graded until then is put there.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.submissions = self.failed = 0

    def all(self, graded: Iterable[Sequence[Result]]) -> None:
        """Keep the results of each submission as they come."""
        waiting: list[Result] = []
        last = time.monotonic()
        try:
            for results in graded:
                waiting += results
                self.submissions += 1
                self.failed += sum(1 for one in results if one.problem)
                if time.monotonic() - last > _EVERY:
                    self.store.append(waiting)
                    waiting, last = [], time.monotonic()
        finally:
            self.store.append(waiting)


def submissions(place: Path, out: Path) -> list[Handed]:
    """Find what was handed in; what is written goes to `out`.

    Raises: NothingToGrade if there is nothing, or what is written would lie in it.
    """
    if place.is_dir() and out.resolve().is_relative_to(place.resolve()):
        raise NothingToGrade(
            f"{out} lies in {place}, where its pages would be taken for submissions. "
            "Name a folder beside it: --out ..."
        )
    try:
        found = list(handed(place))
    except Unreadable as unreadable:
        raise NothingToGrade(str(unreadable)) from None
    if not found:
        raise NothingToGrade(f"Nothing was handed in: {place} is empty.")
    return found


def work(wanted: Wanted, store: Store) -> Iterator[Work]:
    """Yield each submission that is asked for, with what is known of it.

    Raises: NothingToGrade in the end, if one of the learners handed in nothing.
    """
    known = _known(store, by_key=wanted.again)
    missing = {*wanted.learners}
    for one in wanted.handed:
        learner = whose(one, wanted.roster)
        names = {learner, one.learner, *one.ids}
        if not wanted.learners or names & {*wanted.learners}:
            missing -= names
            yield Work(one, learner, known[one.name])
    if missing:
        raise NothingToGrade(
            f"Nothing was handed in by {', '.join(sorted(missing))}. Write a learner "
            "as the roster does, or as grades.csv lists them."
        )


def whose(one: Handed, roster: Roster | None) -> str:
    """Return the id of who handed a file in; without a roster, what the file says.

    A file that fits nobody, or two people, keeps its own name: the grades list it.
    """
    try:
        person = roster.find(one.learner, one.ids, one.name) if roster else None
    except TwoPeople:
        person = None
    return person.id if person else one.learner


def _known(store: Store, *, by_key: bool) -> defaultdict[str, frozenset[str]]:
    """Map each file to what its results are known by; see `Marker.mark`."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in _graded(store.results(findings=False)):
        found[one.file].add(one.key if by_key else " ".join(one.place))
    return defaultdict(frozenset, {file: frozenset(one) for file, one in found.items()})


def _graded(results: Iterable[Result]) -> Iterator[Result]:
    return (one for one in results if not one.problem)

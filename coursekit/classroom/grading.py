"""Grade a class: find what is to be done, have it done, keep what comes of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.classroom.batch import Job, Work
from coursekit.classroom.reader.handed import Handed, handed
from coursekit.classroom.result import Result
from coursekit.classroom.results import Store
from coursekit.classroom.roster import Roster, TwoPeople


@dataclass(frozen=True)
class Wanted:
    """What is to be graded of a class.

    `again` grades what another bank or other seeds judged; without it what has a result
    keeps it. `learners` limits it to some, by any name that a roster or a file gives.
    """

    place: Path
    job: Job
    roster: Roster | None = None
    again: bool = False
    learners: Collection[str] = ()


def work(wanted: Wanted, store: Store) -> Iterator[Work]:
    """Yield each submission that is asked for, with what is known of it."""
    known = _known(store, by_key=wanted.again)
    for one in handed(wanted.place):
        learner = whose(one, wanted.roster)
        if not wanted.learners or {learner, one.learner, *one.ids} & {*wanted.learners}:
            yield Work(one, learner, known[one.name])


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

"""Many submissions, marked on this machine's cores or on a Dask cluster.

Each worker process keeps one `Marker`, so what is common is computed once. Work goes
out as the submission's bytes and comes back as lines of JSON, in the order in which it
went out: the same submissions give the same lines, on one worker or eight.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from coursekit.classroom.marking import Marker
from coursekit.classroom.reader.handed import Handed
from coursekit.classroom.result import Result, from_line, to_line
from coursekit.classroom.seeds import Seeds

_CHUNK = 8  # submissions that travel together
_AHEAD = 4  # chunks for each worker that may be under way


@dataclass(frozen=True)
class Job:
    """What a worker has to know to mark; see `Marker`."""

    exercises: tuple[str, ...]
    seeds: Seeds
    own: Path | None = None
    weak: bool = False

    def marker(self) -> Marker:
        return Marker(self.exercises, self.seeds, own=self.own, weak=self.weak)


@dataclass(frozen=True)
class Work:
    """One submission, who handed it in, and what of it is known already."""

    handed: Handed
    learner: str
    known: frozenset[str] = frozenset()


Engine = Callable[[Job, Iterable[Work]], Iterator[list[Result]]]


def here(job: Job, work: Iterable[Work]) -> Iterator[list[Result]]:
    """Mark one submission after the other, in this process."""
    with job.marker() as marker:
        for one in work:
            yield marker.mark(one.handed, one.known, one.learner)


def on_cores(workers: int) -> Engine:
    """Return an engine of several processes on this machine, by joblib."""

    def run(job: Job, work: Iterable[Work]) -> Iterator[list[Result]]:
        from joblib import Parallel, delayed

        parallel = Parallel(
            n_jobs=workers,
            return_as="generator",
            batch_size=1,
            pre_dispatch=_AHEAD * workers,
        )
        for lines in parallel(delayed(_lines)(job, part) for part in _chunks(work)):
            yield from map(_results, lines)

    return run


def on_dask(scheduler: str) -> Engine:
    """Return an engine of the workers that a Dask scheduler has."""

    def run(job: Job, work: Iterable[Work]) -> Iterator[list[Result]]:
        from distributed import Client

        with Client(scheduler, set_as_default=False) as client:
            ahead = _AHEAD * max(1, sum(client.nthreads().values()))
            parts = _chunks(replace(one, handed=one.handed.carried()) for one in work)
            waiting: deque[Any] = deque()
            for part in parts:
                waiting.append(client.submit(_lines, job, part, pure=False))
                if len(waiting) >= ahead:
                    yield from map(_results, waiting.popleft().result())
            while waiting:
                yield from map(_results, waiting.popleft().result())

    return run


_MARKERS: dict[Job, Marker] = {}
_ONE = threading.Lock()  # a worker of Dask may have several threads


def _lines(job: Job, work: Iterable[Work]) -> list[list[bytes]]:
    """Mark submissions in a worker, which keeps its marker for the next ones."""
    with _ONE:
        if job not in _MARKERS:
            _MARKERS[job] = job.marker()
        marks = [_MARKERS[job].mark(one.handed, one.known, one.learner) for one in work]
    return [[to_line(result) for result in results] for results in marks]


def _results(lines: Iterable[bytes]) -> list[Result]:
    return [from_line(line) for line in lines]


def _chunks(work: Iterable[Work]) -> Iterator[list[Work]]:
    rest = iter(work)
    while part := list(islice(rest, _CHUNK)):
        yield part

"""Many submissions, marked on this machine's cores or on a Dask cluster.

Each worker process keeps one `Marker`, so what is common is computed once. Work goes
out as the submission's bytes and comes back as lines of JSON, in the order in which it
went out: the same submissions give the same lines, on one worker or eight.
"""

import atexit
import os
import platform
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from coursekit.classroom.marking import Marker
from coursekit.classroom.reader.handed import Handed
from coursekit.classroom.result import Result, from_line, to_line
from coursekit.classroom.seeds import Seeds
from coursekit.classroom.versions import HOME, of_folder

_CHUNK = 8  # submissions that travel together
_AHEAD = 4  # chunks for each worker that may be under way
_CONNECT = 10  # seconds in which a scheduler answers
_LOOK = 0.2  # seconds after which a worker sees that its parent has gone


class BatchError(RuntimeError):
    """Workers that cannot be used, or were lost; the message says what to do."""


@dataclass(frozen=True)
class Job:
    """What a worker has to know to mark; see `Marker`.

    `course` tells one state of the course and of the own bank files from another; a
    worker elsewhere, which has files of its own, refuses a job of another state.
    """

    exercises: tuple[str, ...]
    seeds: Seeds
    own: Path | None = None
    weak: bool = False
    course: str = ""

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
    """Return an engine of several processes on this machine, by joblib's loky.

    They end with this process, however it ends, and each ends its own server.
    """

    def run(job: Job, work: Iterable[Work]) -> Iterator[list[Result]]:
        from joblib.externals.loky import ProcessPoolExecutor

        pool = ProcessPoolExecutor(
            workers, initializer=_follow, initargs=(os.getpid(),)
        )
        try:
            yield from _through(partial(pool.submit, _lines, job), workers, work)
            pool.shutdown()
        except BrokenProcessPool:
            raise BatchError(
                "A worker process has ended, perhaps for want of memory. What is "
                "graded is kept: go on with --resume and fewer --workers."
            ) from None
        finally:  # after an error or ^C: the pool would kill their servers as well
            for process in list((pool._processes or {}).values()):
                process.terminate()

    return run


def on_dask(scheduler: str) -> Engine:
    """Return an engine of the workers that a Dask scheduler has.

    What a worker had under way when it was lost is done by another one.
    """

    def run(job: Job, work: Iterable[Work]) -> Iterator[list[Result]]:
        client = _client(scheduler)
        from distributed.scheduler import KilledWorker

        carried = (replace(one, handed=one.handed.carried()) for one in work)
        job = replace(job, course=_state(job.own))
        submit = partial(client.submit, _lines, job, pure=False)
        try:
            with client:
                workers = sum(client.nthreads().values())
                if not workers:
                    raise BatchError(
                        f"The scheduler at {scheduler} has no workers. Start some: "
                        f"dask worker {scheduler} --nthreads 1"
                    )
                yield from _through(submit, workers, carried)
        except (KilledWorker, CancelledError, OSError) as error:
            raise BatchError(
                f"The cluster at {scheduler} was lost ({error}). What is graded is "
                "kept: go on with --resume when it is there again."
            ) from None
        except ModuleNotFoundError as error:
            raise BatchError(
                f"A worker has no {error.name}. Install the course where the workers "
                "of Dask run, and start them again."
            ) from None

    return run


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise BatchError(
            "Dask is not installed here. In the course's folder run: "
            "python -m pip install -c constraints.txt distributed"
        ) from None
    try:
        return Client(scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BatchError(
            f"No scheduler of Dask answers at {scheduler}: {error}. Start one with "
            "`dask scheduler`, which says its address."
        ) from None


def _through(
    submit: Callable[[list[Work]], Any], workers: int, work: Iterable[Work]
) -> Iterator[list[Result]]:
    """Yield the results of each submission in order, with some chunks under way."""
    waiting: deque[Any] = deque()
    for part in _chunks(work):
        waiting.append(submit(part))
        if len(waiting) >= _AHEAD * workers:
            yield from _results(waiting.popleft())
    while waiting:
        yield from _results(waiting.popleft())


def _results(future: Any) -> Iterator[list[Result]]:
    for lines in future.result():
        yield [from_line(line) for line in lines]


def _chunks(work: Iterable[Work]) -> Iterator[list[Work]]:
    rest = iter(work)
    while part := list(islice(rest, _CHUNK)):
        yield part


# What runs in a worker

_KEPT: dict[Job, Marker] = {}  # of the latest job, for the next submissions
_ONE = threading.Lock()  # a worker of Dask may have several threads


def _lines(job: Job, work: Iterable[Work]) -> list[list[bytes]]:
    """Mark submissions; each is as many lines as it has results."""
    with _ONE:
        marker = _KEPT.get(job) or _new_marker(job)
        marks = [marker.mark(one.handed, one.known, one.learner) for one in work]
    return [[to_line(result) for result in results] for results in marks]


def _new_marker(job: Job) -> Marker:
    _close()
    if job.course and job.course != _state(job.own):
        raise BatchError(
            f"The worker on {platform.node()} has another state of the course, or of "
            "the --bank folder, than the machine that grades. Make them the same, and "
            "start the worker again."
        )
    _KEPT[job] = job.marker()
    return _KEPT[job]


@atexit.register
def _close() -> None:
    while _KEPT:
        _KEPT.popitem()[1].__exit__(None, None, None)


def _state(own: Path | None) -> str:
    return f"{_course()} {of_folder(own) if own else ''}"


@cache
def _course() -> str:
    """Digest the course once: what a process has loaded does not change with it."""
    return of_folder(HOME)


def _follow(parent: int) -> None:
    """End when the process that started this one has; ^C is meant for that one."""
    signal.signal(signal.SIGINT, lambda *_: None)  # not ignored: children would inherit
    threading.Thread(target=_look_at, args=(parent,), daemon=True).start()


def _look_at(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)

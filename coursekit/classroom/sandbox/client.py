"""The trusted side of the sandbox: sends programs and calls, gets outcomes back."""

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from coursekit.classroom.confine import Isolation
from coursekit.classroom.sandbox.process import Ending, Forking, ServerDown, Spawning
from coursekit.classroom.sandbox.scratch import empty, remove
from coursekit.classroom.sandbox.server import DONE, LATE, MOST, NOT_CONFINED
from coursekit.runner.guard import LETTERS
from coursekit.runner.run import Args, Outcome
from coursekit.runner.wire import Malformed, outcome_of, pack, unpack

__all__ = ["Reply", "Server", "ServerDown", "Task", "TooWeak"]

_ERRORS = 200


class TooWeak(RuntimeError):
    """Hostile code is not run here: a wall is missing."""


class Statement(Protocol):
    """One top-level statement of what somebody handed in, and where it stands."""

    @property
    def text(self) -> str: ...
    @property
    def cell(self) -> int: ...
    @property
    def line(self) -> int: ...


@dataclass(frozen=True)
class Task:
    """The calls of one exercise; `id` is the name of the answer. See `runner.run`."""

    id: str
    calls: tuple[Args, ...]
    driver: str = ""
    repeat: bool = True
    seconds: float = 10.0


@dataclass(frozen=True)
class Reply:
    """What came back: outcomes by task, how it ended, what statements raised.

    `ended` is "" where all went well, else what happened to the whole child, and then
    there are no outcomes; `late` says that it was ended for its time. A task that could
    not be called has none either, and says so
    in `errors`: pairs of a cell, 0 for none, and one line.
    """

    outcomes: Mapping[str, list[Outcome]] = field(default_factory=dict)
    ended: str = ""
    errors: tuple[tuple[int, str], ...] = ()
    late: bool = False


class Server:
    """A process beside this one in which programs run, one at a time, walled in.

    `torch` is for exercises that are answered in torch: without it torch cannot be
    imported. `weak` runs also where a wall is missing; `spawned` starts a new process
    each time, as where there is no fork, which has no walls at all. Without `wait` the
    process may still be starting, and what is wrong with it is raised when it is used.

    Cost:   0.3 s to start, 3 s with torch; then some ms for each program.
    Raises: TooWeak if a wall is missing and `weak` is not set; ServerDown if the
            process does not start.
    """

    def __init__(
        self,
        *,
        torch: bool = False,
        weak: bool = False,
        spawned: bool = not hasattr(os, "fork") or sys.platform == "darwin",
        wait: bool = True,
    ) -> None:
        self._torch, self._weak = torch, weak
        self._kind = Spawning if spawned else Forking
        self._said_hello = False
        self._scratch = Path(tempfile.mkdtemp(prefix="coursekit-"))
        try:
            self._process: Forking | Spawning | None = self._start()
            if wait:
                self._ready()
        except BaseException:
            remove(self._scratch)
            raise

    @cached_property
    def isolation(self) -> Isolation:
        """The walls around what runs here."""
        return self._ready()

    def _start(self) -> Forking | Spawning:
        self._scratch.mkdir(mode=0o700, exist_ok=True)
        empty(self._scratch)
        return self._kind(self._torch, self._scratch)

    def _ready(self) -> Isolation:
        """Start the process again if it has ended, and wait for what it says first."""
        if self._process is None:
            self._process = self._start()
        try:
            seen = self._process.isolation
        except ServerDown:
            self._process = None
            raise
        if not seen.strong and not self._weak:
            self._drop()
            raise TooWeak(
                f"What is handed in may be hostile, and the walls here are "
                f"{seen.text}. Run it where they stand, on Linux with "
                "Landlock and seccomp, or allow weak isolation if you trust everybody."
            )
        self._said_hello = True
        return seen

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its folder."""
        self._drop()
        remove(self._scratch)

    def _drop(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process, self._said_hello = None, False

    def ask(
        self, statements: Sequence[Statement], tasks: Sequence[Task], *, seconds: float
    ) -> Reply:
        """Execute the statements, make the calls of each task, and say how it went.

        After `seconds` on the clock everything is killed. A server that has died is
        started again.

        Raises: ServerDown, TooWeak if it cannot be.
        """
        lines = [(one.text, one.cell, one.line) for one in statements]
        wanted = [(t.id, t.calls, t.driver, t.repeat, t.seconds) for t in tasks]
        try:
            request = pack((lines, wanted))
        except Malformed as error:
            return Reply(ended=f"cannot be run: {error}")
        if self._process is None or not self._said_hello:
            self._ready()
        assert self._process is not None
        try:
            ending = self._process.ask(request, seconds)
        except OSError:
            self._drop()
            return Reply(ended="was not run to its end: its server ended")
        return _read(ending, tasks, seconds)


def _read(ending: Ending, tasks: Sequence[Task], seconds: float) -> Reply:
    if ended := _ended(ending, seconds):
        return Reply(ended=ended, late=ending.how == LATE)
    try:
        told, errors = unpack(ending.sent)
        calls = {task.id: len(task.calls) for task in tasks}
        if any(len(trees) != calls[name] for name, trees in told.items()):
            raise Malformed("another number of outcomes than of calls")
        outcomes = {name: [outcome_of(one) for one in told[name]] for name in told}
        return Reply(outcomes, errors=_errors(errors))
    except (Malformed, TypeError, ValueError, KeyError, AttributeError):
        return Reply(ended="sent back nonsense")


def _errors(told: object) -> tuple[tuple[int, str], ...]:
    if type(told) is not list or len(told) > _ERRORS:
        raise Malformed("errors are a list, and not a long one")
    kept = []
    for cell, text in told:
        if type(cell) is not int or cell < 0 or type(text) is not str:
            raise Malformed("an error is the number of a cell and one line")
        kept.append((cell, " ".join(text.split())[:LETTERS]))
    return tuple(kept)


def _ended(ending: Ending, seconds: float) -> str:
    """Say how a child ended that did not end well."""
    if ending.how == LATE:
        return f"was ended after {seconds:g} s"
    if ending.how != DONE:
        return f"sent back more than {MOST >> 20} MB"
    if ending.status == NOT_CONFINED:
        return "was not run: its walls could not be closed"
    if ending.status < 0:
        with contextlib.suppress(ValueError):
            return f"crashed ({str(signal.strsignal(-ending.status)).lower()})"
    if ending.status or not ending.sent:
        return f"ended by itself with exit status {ending.status}"
    return ""

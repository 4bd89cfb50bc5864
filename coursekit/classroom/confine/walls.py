"""Walls built once in a server and closed once in each of its children."""

import contextlib
import os
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from coursekit.classroom.confine.isolation import Isolation
from coursekit.classroom.confine.landlock import Landlock
from coursekit.classroom.confine.limits import Limits, mapped
from coursekit.classroom.confine.privileges import Privileges
from coursekit.classroom.confine.probe import Wall, probe
from coursekit.classroom.confine.seccomp import Seccomp

COURSE = Path(__file__).resolve().parents[2]


class WallDown(RuntimeError):
    """A wall that stood when it was probed could not be closed: run nothing here."""


class Walls:
    """Built once in the server, closed once in every child.

    A child can read what is below `readable`, write `files` files at once, each of
    `file_size` bytes, in the folder `scratch`, and nothing else; with a `file_size` of
    0 it can write none, and then no number of files fills the disk. `memory` counts
    bytes beyond those that the server has mapped, `cpu` seconds of the processor.

    `isolation` says what a child of its own, closed in for that, saw from inside.

    The process that builds them is the parent of those that are closed in, and they
    end with it. They have no network, start no thread and no process, and write to no
    file but through descriptors that were open before and are no regular file's.

    Cost:   0.5 ms of a processor to close in; 0.1 s to build, once.
    Raises: ValueError for a path that is not there, or that would show the course.
    """

    def __init__(
        self,
        readable: Sequence[Path],
        scratch: Path,
        *,
        memory: int = 1 << 30,
        cpu: int = 30,
        file_size: int = 0,
        files: int = 64,
    ) -> None:
        self._scratch = _folder(scratch)
        _check(readable, self._scratch)
        self._walls: dict[str, Wall] = {}
        if sys.platform != "linux":
            self._down = {"all": f"the walls are Linux's, and this is {sys.platform}"}
            self.isolation = Isolation(why=(self._down["all"],))
            return
        write = file_size > 0
        self._down = self._build(
            {
                "privileges": Privileges,
                "limits": lambda: Limits(memory, cpu, file_size, files, mapped()),
                "Landlock": lambda: Landlock(readable, self._scratch, write=write),
                # The last: it refuses what the others need.
                "seccomp": lambda: Seccomp(self._scratch),
            }
        )
        self._down |= probe(self._walls)
        self.isolation = self._seen()

    def _build(self, walls: dict[str, Callable[[], Wall]]) -> dict[str, str]:
        down = {}
        for name, build in walls.items():
            try:
                self._walls[name] = build()
            except OSError as error:
                down[name] = str(error.strerror)
        return down

    def _seen(self) -> Isolation:
        landlock, abi = self._walls.get("Landlock"), 0
        if isinstance(landlock, Landlock) and "Landlock" not in self._down:
            abi = landlock.abi
        return Isolation(
            abi,
            seccomp="seccomp" not in self._down,
            limits="limits" not in self._down,
            privileges="privileges" not in self._down,
            why=tuple(f"{name}: {reason}" for name, reason in self._down.items()),
        )

    def close_in(self, keep: Collection[int] | None = None) -> None:
        """Close this process, a child of the one that built the walls, in for good.

        Called last of all, in the scratch folder from then on. `keep` lists the only
        descriptors that stay open; without it, all that are.

        Raises: WallDown if a wall that `isolation` promises is not up.
        """
        with contextlib.suppress(OSError):  # one that is gone shows nothing
            os.chdir(self._scratch)
        others = [] if keep is None else [fd for fd in _descriptors() if fd not in keep]
        for name, wall in self._walls.items():
            try:
                wall.close()
            except OSError as error:
                if name not in self._down:
                    raise WallDown(
                        f"{name} stood when it was probed and cannot be closed now: "
                        f"{error.strerror}. Nothing is run here."
                    ) from None
        for fd in others:
            with contextlib.suppress(OSError):
                os.close(fd)


def _descriptors() -> list[int]:
    return [int(name) for name in os.listdir("/proc/self/fd")]


def _folder(scratch: Path) -> Path:
    if not scratch.is_dir():
        raise ValueError(f"the scratch folder {scratch} is not there: make it first")
    return scratch.resolve()


def _check(readable: Sequence[Path], scratch: Path) -> None:
    pairs = [(path, COURSE, "the course with its answers") for path in readable]
    pairs += [(path, scratch, "the scratch folder") for path in readable]
    pairs += [(scratch, COURSE, "the course with its answers")]
    for path, inner, what in pairs:
        if inner.is_relative_to(path.resolve()):
            raise ValueError(
                f"{path} must not be open behind the walls: {what} is in it. Give "
                "smaller folders, as readable() does."
            )

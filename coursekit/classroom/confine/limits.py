"""How much a process may use: memory, processor, files."""

import contextlib
import errno
import mmap
import os
import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

_STACK = 8 << 20  # bytes: what Linux gives by default
_SPARE = 64 << 20  # bytes: what the probe asks for beyond the memory


@dataclass(frozen=True)
class Limits:
    """Upper limits that a process sets for itself and cannot raise again.

    `memory` counts bytes beyond `mapped`, `cpu` seconds, `file_size` bytes of each file
    that is written, `files` those open at once.
    """

    memory: int
    cpu: int
    file_size: int
    files: int
    mapped: int

    def close(self) -> None:
        """Set all limits.

        Raises: OSError as the kernel says it.
        """
        for kind, limit in self._wanted().items():
            _, hard = resource.getrlimit(kind)
            most = limit + (kind == resource.RLIMIT_CPU)  # SIGXCPU first, then SIGKILL
            if hard != resource.RLIM_INFINITY:
                most = min(most, hard)
            try:
                resource.setrlimit(kind, (min(limit, most), most))
            except ValueError as error:  # so says Python where a limit is not permitted
                raise OSError(errno.EPERM, str(error)) from None

    def _wanted(self) -> dict[int, int]:
        return {
            resource.RLIMIT_AS: self.mapped + self.memory,
            resource.RLIMIT_CPU: self.cpu,
            resource.RLIMIT_FSIZE: self.file_size,
            resource.RLIMIT_NOFILE: self.files,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_STACK: _STACK,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
            # Counts a whole user's, and not root's: a second wall behind seccomp.
            resource.RLIMIT_NPROC: 0,
        }

    def holes(self) -> list[str]:
        """List what a child that set the limits can still use and should not."""
        wanted = self._wanted()
        found = {kind: resource.getrlimit(kind) for kind in wanted}
        holes = [
            f"limit {kind} is {found[kind]}, not {limit}"
            for kind, limit in wanted.items()
            if not 0 <= found[kind][0] <= limit or found[kind][1] > found[kind][0] + 1
        ]
        with contextlib.suppress(OSError, MemoryError):
            mmap.mmap(-1, self.memory + _SPARE).close()
            holes.append(f"it can have more than {self.memory} bytes")
        return holes


def mapped() -> int:
    """Return the bytes that this process has mapped.

    Raises: OSError where /proc is missing.
    """
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")

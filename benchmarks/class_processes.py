"""What processes cost: seconds, seconds of a processor, memory. Read from /proc."""

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Cost(NamedTuple):
    """Seconds on the wall and of processors."""

    wall: float
    cpu: float


def run(
    words: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    **options: object,
) -> tuple[Cost, subprocess.CompletedProcess[str]]:
    """Run a program to its end; what it started and waited for counts as its own."""
    start, before = time.perf_counter(), _children()
    done = subprocess.run(
        words,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        **options,
    )
    return Cost(time.perf_counter() - start, _children() - before), done


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu() -> float:
    """Return the processor time of this process and of all that came of it."""
    return sum(sum(map(int, stat[11:15])) for stat in family(os.getpid())) / TICK


def resident(pid: int) -> tuple[float, float]:
    """Return the megabytes of a process, and of it with all that came of it.

    Pages that processes share count in each of them.
    """
    sizes = [int(stat[21]) * PAGE / 1e6 for stat in family(pid)]
    return (sizes[0], sum(sizes)) if sizes else (0.0, 0.0)


def family(pid: int) -> list[list[str]]:
    """Return the fields of /proc/PID/stat, from the third on, of a process and its own.

    The process itself comes first; nothing comes if there is none.
    """
    stats = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = place.read_text(errors="replace")
        except OSError:  # it has ended
            continue
        stats[int(place.parent.name)] = text.rpartition(")")[2].split()
    found = [pid] if pid in stats else []
    for parent in found:
        found += [child for child, stat in stats.items() if int(stat[1]) == parent]
    return [stats[one] for one in found]


def most(pid: int) -> float:
    """Return the megabytes that a process had at most; 0 where there is none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if "VmHWM" in line) / 1e3

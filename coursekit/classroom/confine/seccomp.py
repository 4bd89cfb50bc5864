"""Which calls the kernel takes from a process: a filter made once, put in last.

The filter is a program in the kernel's own small language (classic BPF), written out
here: the bindings there are were no longer kept. It reads the processor, the number of
the call and, for a few calls, an argument. What it does not allow fails with EPERM.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from coursekit.classroom.confine import kernel
from coursekit.classroom.confine.calls import (
    FCNTL,
    FREE,
    IOCTL,
    PRCTL,
    PRLIMIT,
    TGKILL,
    Call,
)

# Operations of classic BPF: load a word of seccomp_data, compare, compare, return.
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_NUMBER, _PROCESSOR = 0, 4  # bytes into seccomp_data
_OF_ITSELF = 0xFFFFFFFF  # stands where the child writes its own process id

Step = tuple[int, int, int, int]  # operation, steps to skip if true, if false, value


def program(processor: str) -> list[Step]:
    """Write the filter for a processor, "x86_64" or "aarch64".

    Raises: OSError for another one.
    """
    if processor not in AUDIT or sys.byteorder != "little":
        raise OSError(errno.ENOSYS, f"no filter is written for {processor}")
    rules = {
        number: steps
        for call, steps in _rules()
        if (number := getattr(call, processor)) is not None
    }
    return [
        (LOAD, 0, 0, _PROCESSOR),
        (EQUAL, 1, 0, AUDIT[processor]),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, _NUMBER),  # in the x32 interface it has a bit more: no rule fits
        *_search(sorted(rules.items())),
    ]


def _rules() -> Iterator[tuple[Call, list[Step]]]:
    """Yield calls, each with the steps that decide about it and end in a return."""
    for call in FREE.values():
        yield call, [(RETURN, 0, 0, ALLOW)]
    yield IOCTL[0], list(_one_of(1, IOCTL[1]))
    yield FCNTL[0], list(_one_of(1, FCNTL[1]))
    yield PRCTL[0], list(_one_of(0, PRCTL[1]))
    yield TGKILL, list(_one_of(0, (_OF_ITSELF,)))
    yield PRLIMIT, list(_zeros(0, 2))


def _search(rules: list[tuple[int, list[Step]]]) -> list[Step]:
    """Find a call by halves: the kernel walks through the filter for each of its calls.

    One after another they took it 0.2 ms a child.
    """
    if len(rules) == 1:
        [(number, steps)] = rules
        return [(EQUAL, 0, len(steps), number), *steps, (RETURN, 0, 0, REFUSE)]
    half = len(rules) // 2
    low, high = _search(rules[:half]), _search(rules[half:])
    return [(AT_LEAST, len(low), 0, rules[half][0]), *low, *high]


def _low(argument: int) -> int:
    """Return where in seccomp_data the low word of an argument is; 4 on, the high."""
    return 16 + 8 * argument


def _one_of(argument: int, values: tuple[int, ...]) -> Iterator[Step]:
    """Allow if the argument, which the kernel takes as an int, is one of the values."""
    yield LOAD, 0, 0, _low(argument)
    for value in values:
        yield EQUAL, 0, 1, value
        yield RETURN, 0, 0, ALLOW
    yield RETURN, 0, 0, REFUSE


def _zeros(number: int, pointer: int) -> Iterator[Step]:
    """Allow if both arguments are 0, the second in all its 64 bits."""
    for place in (_low(number), _low(pointer), _low(pointer) + 4):
        yield LOAD, 0, 0, place
        yield EQUAL, 1, 0, 0
        yield RETURN, 0, 0, REFUSE
    yield RETURN, 0, 0, ALLOW


class Seccomp:
    """The filter in memory, ready to be put into force."""

    def __init__(self, scratch: Path) -> None:
        from coursekit.classroom.confine import refused  # tries what only Linux has

        self._scratch, self._tried = scratch, refused.holes
        if struct.calcsize("P") != 8:
            raise OSError(errno.ENOSYS, "no filter is written for a 32-bit Python")
        steps = program(platform.machine())
        self._steps = (ctypes.c_uint64 * len(steps))(*map(_packed, steps))
        self._own = [i for i, step in enumerate(steps) if step[3] == _OF_ITSELF]
        # struct sock_fprog: how many steps, and where
        where = ctypes.addressof(self._steps)
        self._program = (ctypes.c_uint64 * 2)(len(steps), where)

    def close(self) -> None:
        """Put the filter into force for this process: no call takes it off again.

        Raises: OSError as the kernel says it.
        """
        for i in self._own:
            self._steps[i] = self._steps[i] & 0xFFFFFFFF | os.getpid() << 32
        kernel.prctl(kernel.SECCOMP, 2, ctypes.addressof(self._program))  # 2: filter

    def holes(self) -> list[str]:
        """List the calls that a child behind the filter can make and should not."""
        return self._tried(self._scratch)


def _packed(step: Step) -> int:
    """Return a step as struct sock_filter, whose 8 bytes are read as one number."""
    return int(struct.unpack("<Q", struct.pack("<HBBI", *step))[0])

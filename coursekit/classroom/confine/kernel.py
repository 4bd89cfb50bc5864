"""The few calls to the kernel for which Python's own library has no function."""

import ctypes
import os
from functools import cache
from typing import Any

NO_NEW_PRIVS = 38  # of prctl(2), as the next four
SECCOMP = 22
DUMPABLE = 4
DEATH_SIGNAL = 1
AMBIENT = 47
GET_NO_NEW_PRIVS, GET_DUMPABLE, GET_DEATH_SIGNAL = 39, 3, 2

# Of capabilities: the version of the call and "this process"; two words of three sets.
_HEADER = (ctypes.c_uint32 * 2)(0x20080522, 0)
_NONE = (ctypes.c_uint32 * 6)()


@cache
def libc() -> Any:
    """Return the C library of this process; what it returns is -1 after an error."""
    library = ctypes.CDLL(None, use_errno=True)
    # Looked up here, once, and not in every child.
    library.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    library.capset.argtypes = [ctypes.c_void_p] * 2
    library.syscall.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_uint]
    return library


def called(result: int) -> int:
    """Return what a call returned, or raise its error."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def prctl(option: int, value: int = 0, more: int = 0) -> int:
    """Ask for something about this process itself.

    Raises: OSError as the kernel says it.
    """
    return called(libc().prctl(option, value, more, 0, 0))


def drop_capabilities() -> None:
    """Give up all capabilities of this process, for good."""
    called(libc().capset(_HEADER, _NONE))


def capabilities() -> int:
    """Return the capabilities that this process has or can take, as bits."""
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then high words
    called(libc().capget(_HEADER, sets))
    return sum(word << 32 * (i // 3) for i, word in enumerate(sets) if i % 3 == 1)


def death_signal() -> int:
    """Return the signal that this process gets when its parent ends, 0 for none."""
    number = ctypes.c_int()
    prctl(GET_DEATH_SIGNAL, ctypes.addressof(number))
    return number.value

"""Calls that a confined process must be refused, tried where they could do no harm."""

import errno
import fcntl
import os
import resource
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursekit.classroom.confine import kernel

_REFUSED = (errno.EPERM, errno.EACCES)


def holes(scratch: Path) -> list[str]:
    """List the calls that this process can make and should not."""
    return [f"it can {what}" for what, call in _tries(scratch).items() if _made(call)]


def _made(call: Callable[[], Any]) -> bool:
    """Say whether the kernel took a call, be it only to find fault with it."""
    try:
        call()
    except OSError as error:
        return error.errno not in _REFUSED
    except (RuntimeError, ValueError):  # of threading and setrlimit: not permitted
        return False
    return True


def _tries(scratch: Path) -> dict[str, Callable[[], Any]]:
    same = resource.getrlimit(resource.RLIMIT_NOFILE)
    libc = kernel.libc()
    return {
        "open a socket": lambda: socket.socket().close(),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "fork": _fork,
        "start a thread": threading.Thread(target=int).start,
        "run a program": lambda: os.execv(scratch / "there is none", ["none"]),
        "signal its parent": lambda: os.kill(os.getppid(), 0),
        "signal its own group": lambda: os.killpg(0, 0),
        "trace": lambda: kernel.called(libc.ptrace(0, 0, 0, 0)),
        "share memory": lambda: kernel.called(libc.shmget(0, 4096, 0o600)),
        "make a file in memory": lambda: kernel.called(libc.memfd_create(b"", 0)),
        "change its namespaces": lambda: kernel.called(libc.unshare(0)),
        "change its limits": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, same),
        "change its personality": lambda: kernel.called(libc.personality(0xFFFFFFFF)),
        "let itself be traced": lambda: kernel.prctl(kernel.DUMPABLE, 0),
        "change a file's mode": lambda: scratch.chmod(scratch.stat().st_mode & 0o7777),
        "change a file's times": lambda: os.utime(scratch),
        "send signals through a file": _own_a_file,
    }


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _own_a_file() -> None:
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())

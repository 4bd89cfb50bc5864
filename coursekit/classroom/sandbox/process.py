"""The processes behind a sandbox: one that forks children, or a new one each time."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from coursekit.classroom.confine import Isolation
from coursekit.classroom.sandbox.scratch import empty
from coursekit.classroom.sandbox.server import (
    DONE,
    LATE,
    MOST,
    READY,
    REPLY,
    REQUEST,
    TOO_MUCH,
)
from coursekit.runner.wire import unpack

_START = 120.0  # seconds, to load everything on a busy machine
_GRACE = 30.0  # seconds beyond those of a request, to kill a child and to clean up
_ROOT = Path(__file__).parents[3]
_CODE = (
    "import json, sys; orders = json.loads(sys.argv[1]); sys.path[:] = orders['path']; "
    "from coursekit.classroom.sandbox import server; server.main(orders)"
)
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")  # without these some Pythons do not start
_THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
)


class ServerDown(RuntimeError):
    """The server process did not start, or has ended."""


class Ending(NamedTuple):
    """How a child ended: DONE, LATE or TOO_MUCH; exit status or -signal; its bytes."""

    how: int
    status: int
    sent: bytes = b""


class Forking:
    """A server process that forks a child for each request, behind walls."""

    def __init__(self, torch: bool, scratch: Path) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = _started(
                torch, scratch, theirs.fileno(), subprocess.PIPE, once=False
            )

    @cached_property
    def isolation(self) -> Isolation:
        """The walls that stand, known when the process has started: waits for that.

        Raises: ServerDown if it does not start.
        """
        try:
            self._line.settimeout(_START)
            told = unpack(self._answer().sent)
        except OSError:
            raise ServerDown(f"the sandbox did not start: {self.close()}") from None
        return Isolation(**told)

    def ask(self, request: bytes, seconds: float) -> Ending:
        """Have a child do a request.

        Raises: OSError if the server does not answer; then it is of no use any more.
        """
        self._line.settimeout(seconds + _GRACE)
        self._line.sendall(REQUEST.pack(seconds, len(request)))
        self._line.sendall(request)
        return self._answer()

    def _answer(self) -> Ending:
        how, status, size = REPLY.unpack(self._received(REPLY.size))
        return Ending(how, status, self._received(size))

    def _received(self, size: int) -> bytes:
        data = bytearray(size)
        place = memoryview(data)
        while place:
            count = self._line.recv_into(place)
            if not count:
                raise ConnectionError("the server has ended")
            place = place[count:]
        return bytes(data)

    def close(self) -> str:
        """End the process; return the last line of what it complained of."""
        self._line.close()
        try:
            _, said = self._process.communicate(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, said = self._process.communicate()
        return (said.decode(errors="replace").splitlines() or ["it said nothing"])[-1]


class Spawning:
    """A new process for each request, where there is no fork, and without walls."""

    isolation = Isolation(why=("a new process for each submission is all there is",))

    def __init__(self, torch: bool, scratch: Path) -> None:
        self._torch, self._scratch = torch, scratch

    def ask(self, request: bytes, seconds: float) -> Ending:
        """Do a request in a process of its own."""
        pipe = subprocess.PIPE
        got, ready = bytearray(), threading.Event()
        with _started(self._torch, self._scratch, pipe, None, once=True) as process:
            # A thread, for there is no select on pipes everywhere; it is left behind
            # where something that the child started still holds its pipe.
            talk = threading.Thread(
                target=_talk, args=(process, request, got, ready), daemon=True
            )
            talk.start()
            ready.wait(_START)
            talk.join(seconds)
            late = talk.is_alive()
            _kill(process, 0 if late else 1)
            talk.join(1)
        empty(self._scratch)
        if late:
            return Ending(LATE, process.returncode)
        if len(got) > MOST:
            return Ending(TOO_MUCH, process.returncode)
        return Ending(DONE, process.returncode, bytes(got))

    def close(self) -> str:
        """Do nothing: no process is left."""
        return ""


def _talk(
    process: "subprocess.Popen[bytes]",
    request: bytes,
    got: bytearray,
    ready: threading.Event,
) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        if process.stdout.read(len(READY)) == READY:
            ready.set()
            with process.stdin as line:
                line.write(request)
            while len(got) <= MOST and (part := process.stdout.read(2**20)):
                got += part
    ready.set()


def _kill(process: "subprocess.Popen[bytes]", patience: float) -> None:
    """End a process and its session, after it had the time to end by itself."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _started(
    torch: bool,
    scratch: Path,
    line: int,
    complaints: int | None,
    *,
    once: bool,
) -> "subprocess.Popen[bytes]":
    path = [str(_ROOT), *(os.path.abspath(place) for place in sys.path)]
    orders = {"torch": torch, "once": once, "scratch": str(scratch), "path": path}
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(scratch)}
    environment |= {"TMPDIR": str(scratch), "CUDA_VISIBLE_DEVICES": ""}
    environment |= dict.fromkeys(_THREADS, "1")
    environment |= {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _CODE, json.dumps(orders)],
        bufsize=0,
        stdin=line,
        stdout=subprocess.PIPE if once else subprocess.DEVNULL,
        stderr=complaints or subprocess.DEVNULL,
        cwd=scratch,
        env=environment,
        start_new_session=True,
    )

"""The process that children are forked from: it loads, times, kills, and knows nothing.

It is started with a cleared environment by `client`, reads requests from its standard
input, a socket, and passes on what a child sent without looking at it. A request lies
in memory of its own that is given back to the system before the next child is forked,
and so does a reply: no child finds traces of another's work.

With "once" in its orders it forks nothing: it does one request itself and ends. That
is for systems without fork, has no walls, and is labelled so.
"""

import contextlib
import dataclasses
import gc
import importlib
import mmap
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.classroom.confine import Walls, readable
from coursekit.classroom.sandbox import child
from coursekit.classroom.sandbox.inert import hide
from coursekit.classroom.sandbox.pages import in_large_pages
from coursekit.classroom.sandbox.scratch import empty, remove
from coursekit.runner.wire import pack

REQUEST = struct.Struct("<dI")  # seconds, bytes that follow
REPLY = struct.Struct("<BiI")  # how it ended, exit status or -signal, bytes that follow
DONE, LATE, TOO_MUCH = range(3)
READY = b"."  # is sent by one that works once, before it reads
MOST = 64 * 2**20  # bytes of a reply
NOT_CONFINED = 113  # the exit status of a child whose walls did not close

_MEMORY = 1 << 30  # bytes beyond what the server has mapped
_CPU = 3600  # seconds: the server's clock is the limit, this holds if it is stopped
_SUBREAPER = 36  # of prctl(2): orphans of a child become the server's own
_LOADED = (
    *("dataclasses", "enum", "fractions", "functools", "inspect", "itertools"),
    *("numpy.fft", "numpy.linalg", "numpy.ma", "numpy.polynomial", "numpy.random"),
    *("numpy.testing", "statistics", "string", "textwrap", "timeit", "typing"),
)
_FOR_TORCH = (
    *("torch", "torch.nn.functional", "torch.utils.data", "torch.optim"),
    "coursekit.runner.torch_state",
)


def main(orders: Mapping[str, Any]) -> None:
    """Do as ordered: `torch`, `once`, and the folder `scratch`."""
    sys.argv[:] = [""]
    torch, scratch = bool(orders["torch"]), Path(orders["scratch"])
    load(torch)
    paths = readable(torch=torch)
    if orders["once"]:
        _once(torch, paths)
    else:
        _serve(torch, paths, scratch)


def load(torch: bool) -> None:
    """Import what answers use, compute once what is prepared at its first use, seed.

    A child starts with what stands here, so all children draw the same.
    """
    for name in (*_LOADED, *(_FOR_TORCH if torch else ())):
        importlib.import_module(name)
    PathFinder.find_spec("none")  # lists all folders while they can still be read
    if torch:
        sys.modules[_FOR_TORCH[-1]].without_compiler()
        _warm_up(sys.modules["torch"])
        sys.modules["torch"].manual_seed(0)
    np.random.seed(0)  # noqa: NPY002  (what answers may draw from)


def _warm_up(torch: Any) -> None:
    torch.set_num_threads(1)
    layer = torch.nn.Conv2d(1, 1, 3)
    optimizers = torch.optim.SGD, torch.optim.Adam
    for optimizer in [kind(layer.parameters(), lr=0.1) for kind in optimizers]:
        optimizer.zero_grad()
        torch.relu(layer(torch.ones(1, 1, 8, 8))).mean().backward()
        optimizer.step()


def _once(torch: bool, paths: Sequence[Path]) -> None:
    hide(torch, _names(paths))
    os.write(1, READY)
    request = sys.stdin.buffer.read()
    reply = os.dup(1)
    _close_streams(0, 1, 2)
    child.work(request, reply, torch)


def _close_streams(*streams: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nothing, stream)
    os.close(nothing)


def _names(paths: Sequence[Path]) -> set[str]:
    """Return the names of the modules that are found at these paths."""
    return {path.name.partition(".")[0] for path in paths}


def _serve(torch: bool, paths: Sequence[Path], scratch: Path) -> None:
    line = socket.socket(fileno=os.dup(0))
    _close_streams(0, 1)
    _adopt_orphans()
    walls = Walls(paths, scratch, memory=_MEMORY, cpu=_CPU)
    hide(torch, _names(paths))
    child.rehearse(torch)
    gc.collect()
    gc.disable()  # and in a child on again: what is frozen is shared, not copied
    gc.freeze()
    if torch:
        in_large_pages()
    hello = pack(dataclasses.asdict(walls.isolation))
    try:
        line.sendall(REPLY.pack(DONE, 0, len(hello)) + hello)
        while _serve_one(line, walls, torch, scratch):
            pass
    except ConnectionError:  # the client has gone
        pass
    finally:
        remove(scratch)


def _adopt_orphans() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _serve_one(line: socket.socket, walls: Walls, torch: bool, scratch: Path) -> bool:
    """Do one request; False at the end of the line."""
    head = bytearray(REQUEST.size)
    if not _received(line, memoryview(head)):
        return False
    seconds, size = REQUEST.unpack(head)
    with mmap.mmap(-1, size) as request, memoryview(request) as place:
        if not _received(line, place):
            return False
        read, write = os.pipe()
        number = os.fork()
        if number == 0:
            _be_a_child(place, write, walls, torch)
        os.close(write)
    with mmap.mmap(-1, MOST + 1) as store, memoryview(store) as reply:
        how, size = _watch(line, read, reply, time.monotonic() + seconds)
        os.close(read)
        status = _end(number)
        empty(scratch)
        with reply[:size] as sent:
            line.sendall(REPLY.pack(how, status, size))
            line.sendall(sent)
    return True


def _received(line: socket.socket, place: memoryview) -> bool:
    """Fill the place; False if the line ends before."""
    while place:
        count = line.recv_into(place)
        if not count:
            return False
        place = place[count:]
    return True


def _be_a_child(request: memoryview, reply: int, walls: Walls, torch: bool) -> None:
    try:
        os.setsid()
        _close_streams(2)
        try:
            walls.close_in(keep=(0, 1, 2, reply))
        except BaseException:
            os._exit(NOT_CONFINED)
        gc.enable()
        child.work(request, reply, torch)
    finally:
        os._exit(1)


def _watch(
    line: socket.socket, read: int, reply: memoryview, end: float
) -> tuple[int, int]:
    """Take what the child sends until it ends, is late or too much, or nobody waits."""
    poll = select.poll()
    poll.register(read, select.POLLIN)
    poll.register(line, select.POLLIN)
    size = 0
    while (left := end - time.monotonic()) > 0:
        events = dict(poll.poll(1000 * left))
        if line.fileno() in events:
            return LATE, 0
        if not events:
            continue
        with reply[size:] as free:
            count = os.readv(read, [free])
        size += count
        if not count:
            return DONE, size
        if size > MOST:
            return TOO_MUCH, 0
    return LATE, 0


def _end(number: int) -> int:
    """Kill a child and all that it started; return its exit status or -signal.

    A child that has closed its pipe by ending keeps the status that it ended with.
    """
    for kill in os.killpg, os.kill:
        with contextlib.suppress(OSError):
            kill(number, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    with contextlib.suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                _kill_orphans()
    return status


def _kill_orphans() -> None:
    """Kill what left the session of its child: it belongs to the server now."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        for number in map(int, file.read().split()):
            os.kill(number, signal.SIGKILL)

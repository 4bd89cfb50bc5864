"""Look at the walls from inside: in a child that closes itself in and tries."""

import json
import os
import signal
from collections.abc import Mapping
from typing import Protocol

_SECONDS = 10  # then it is taken for one that sees nothing


class Wall(Protocol):
    """One means to keep a process in, made ready in its parent."""

    def close(self) -> None:
        """Be behind it from now on."""

    def holes(self) -> list[str]:
        """List what is possible from behind it and should not be."""


def probe(walls: Mapping[str, Wall]) -> dict[str, str]:
    """Return which walls do not keep a child in, and for each the first reason.

    A wall that the kernel refuses is left out, and the others are closed.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_SECONDS)
            os.write(write, json.dumps(_look(walls)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as file:
        answer = file.read()
    os.waitpid(child, 0)
    blind = dict.fromkeys(walls, "the child that probed it ended without an answer")
    return json.loads(answer) if answer else blind


def _look(walls: Mapping[str, Wall]) -> dict[str, str]:
    down = {}
    for name, wall in walls.items():
        try:
            wall.close()
        except OSError as error:
            down[name] = str(error.strerror)
    for name in walls.keys() - down.keys():
        try:
            holes = walls[name].holes()
        except Exception as error:
            holes = [f"{type(error).__name__}: {error}"]
        if holes:
            down[name] = holes[0]
    return {name: down[name] for name in walls if name in down}

"""Programs to run in a sandbox, and what has to hold after each of them."""

import ast
import os
import textwrap
from typing import NamedTuple

import numpy as np

from coursekit.classroom.sandbox.client import Reply, Server, Task


class Statement(NamedTuple):
    """One top-level statement, as the reader hands it over."""

    text: str
    cell: int
    line: int


def program(*cells: str) -> list[Statement]:
    """Cut cells into their top-level statements."""
    made = []
    for number, cell in enumerate(cells, 1):
        text = textwrap.dedent(cell)
        for node in ast.parse(text).body:
            first = min([node.lineno, *(d.lineno for d in decorators(node))])
            lines = text.splitlines()[first - 1 : node.end_lineno]
            made.append(Statement("\n".join(lines), number, first))
    return made


def decorators(node: ast.stmt) -> list[ast.expr]:
    return getattr(node, "decorator_list", [])


def ask(
    server: Server,
    *cells: str,
    args: tuple = (2.0,),
    name: str = "answer",
    wall: float = 60,
    **options: object,
) -> Reply:
    """Run cells and call `answer` once, twice the same, and look that nothing stays."""
    task = Task(name, (args,), **options)
    reply = server.ask(program(*cells), [task], seconds=wall)
    nothing_left(server)
    return reply


def outcome(server: Server, *cells: str, **options: object):
    """Run cells that go well but for their errors; return what the one call did."""
    reply = ask(server, *cells, **options)
    assert not reply.ended
    assert list(reply.outcomes) == [options.get("name", "answer")], reply.errors
    (one,) = reply.outcomes[options.get("name", "answer")]
    return one


def still_right(server: Server) -> None:
    """Ask for something that is answered right, with nothing of what was before."""
    one = outcome(
        server,
        "import numpy as np",
        """
        def answer(x):
            return np.sum(x * np.arange(3)), sorted(map(str, range(3)))
        """,
        args=(np.ones(3),),
    )
    assert one.state == "returned"
    assert one.value == (3.0, ["0", "1", "2"])
    assert (one.steady, one.changed, one.printed) == (True, (), "")


def nothing_left(server: Server) -> None:
    """Look that no process of a child is there any more, and no file."""
    assert list(os.scandir(server._scratch)) == []
    if number := server_number(server):
        assert children(number) == []


def server_number(server: Server) -> int:
    """Return the process number of a server that forks, 0 of another one."""
    process = getattr(server._process, "_process", None)
    return process.pid if process else 0


def children(number: int) -> list[int]:
    with open(f"/proc/{number}/task/{number}/children") as file:
        return [int(one) for one in file.read().split()]

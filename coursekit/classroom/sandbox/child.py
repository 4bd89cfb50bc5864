"""What runs in a child: the learner's statements, then the calls, then one frame."""

import __future__

import builtins
import linecache
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from coursekit.runner.guard import LETTERS, TimeUp, silence, time_limit
from coursekit.runner.plain import Plain
from coursekit.runner.run import run
from coursekit.runner.surroundings import no_figures, numpys_own
from coursekit.runner.wire import Malformed, of_outcome, pack, unpack

_EACH, _ALL, _LEAST = 2.0, 6.0, 0.1  # seconds: a statement, all of them, in any case
_MOST = 100  # errors that are told
_FUTURE = sum(
    {getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
)
_OFTEN = 10  # times a request is rehearsed
_MISSING = object()
_exit, _write = os._exit, os.write  # as they are before the learner's code

_REHEARSAL = """\
import numpy as np
import matplotlib.pyplot as plt
from coursekit.grade import check
def answer(x):
    y = np.zeros(x.shape)
    for i in range(x.shape[0]):
        y[i] = np.sum(x[i])
    return y
check(answer)
"""

Lines = Sequence[tuple[str, int, int]]  # text, cell, line of each statement
Errors = list[tuple[int, str]]  # cell, what was raised


def work(request: bytes | memoryview, reply: int, torch: bool) -> None:
    """Do what a request asks, write the answer and end this process."""
    data = memoryview(answer(request, torch))
    while data:
        data = data[_write(reply, data) :]
    _exit(0)


def answer(request: bytes | memoryview, torch: bool) -> bytes:
    """Execute the statements, make the calls, and return one frame for all of it."""
    lines, tasks = unpack(request)
    random.seed(0)  # Python seeds it anew after each fork; others stay as in the server
    main = ModuleType("__main__")
    vars(main)["__builtins__"] = builtins
    sys.modules["__main__"] = main
    errors = execute(lines, vars(main))
    outcomes = {}
    for name, calls, driver, repeat, seconds in tasks:
        function = vars(main).get(name, _MISSING)
        if not callable(function):
            errors.append((0, _not_callable(name, function)))
            continue
        options = {"driver": driver, "repeat": repeat, "seconds": seconds}
        try:
            with numpys_own():  # as a check does
                made = run(function, calls, torch=torch, **options)
            outcomes[name] = [of_outcome(outcome) for outcome in made]
        except BaseException as error:
            errors.append((0, f"{name}: {_sentence(error)}"))
    return _packed(outcomes, errors)


def rehearse(torch: bool) -> None:
    """Answer a made-up request, so that no child makes ready what all of them use.

    Python makes code fast after some calls, in its memory: in a child, in a copy.
    """
    main, x = sys.modules["__main__"], np.ones((3, 4))
    before = {*sys.modules}
    task = ("answer", [(x,), (x[:, ::2],), (np.ones(()),)], "", True, 1.0)
    lines = [(_REHEARSAL, 1, 1)]
    for _ in range(_OFTEN):
        answer(pack((lines, [task])), torch)
    sys.modules["__main__"] = main
    for name in {*sys.modules} - before:  # a child finds what it would have found
        if name.partition(".")[0] == "coursekit":
            del sys.modules[name]
    linecache.clearcache()


def _not_callable(name: str, value: object) -> str:
    if value is _MISSING:
        return f"{name} is not defined"
    return f"{name} is of type {type(value).__name__} and cannot be called"[:LETTERS]


def _packed(outcomes: dict[str, Plain], errors: Errors) -> bytes:
    """Return the frame, without the tasks that cannot be sent."""
    try:
        return pack((outcomes, errors[-_MOST:]))
    except Malformed:
        kept = {}
        for name, trees in outcomes.items():
            try:
                pack(trees)
                kept[name] = trees
            except Malformed as error:
                errors.append((0, f"{name}: cannot be sent back: {error}"[:LETTERS]))
        return pack((kept, errors[-_MOST:]))


def execute(lines: Lines, namespace: dict[str, Any]) -> Errors:
    """Execute statements one at a time, past those that raise or do not end."""
    _show(lines)
    errors, left, flags = [], _ALL, 0
    with silence(), no_figures():
        for text, cell, line in lines:
            start = time.monotonic()
            seconds = min(_EACH, max(_LEAST, left))
            try:
                with time_limit(seconds, _statement.__code__):
                    said, flags = _statement(text, cell, line, namespace, flags)
            except TimeUp:
                said = f"not finished after {seconds:g} s"
            left -= time.monotonic() - start
            if said:
                errors.append((cell, said))
    return errors


def _statement(
    text: str, cell: int, line: int, namespace: dict[str, Any], flags: int
) -> tuple[str, int]:
    """Return what a statement raised, and the __future__ that holds from here on."""
    try:
        placed = "\n" * (line - 1) + text
        code = compile(placed, _file(cell), "exec", flags, dont_inherit=True)
        flags |= code.co_flags & _FUTURE
        exec(code, namespace)
    except TimeUp:
        raise
    except BaseException as error:
        return _sentence(error), flags
    return "", flags


def _sentence(error: BaseException) -> str:
    kind = type(error).__name__
    try:
        words = str(error).split()
    except BaseException:
        words = []
    return ": ".join(filter(None, [str(kind), " ".join(words)]))[:LETTERS]


def _file(cell: int) -> str:
    return f"cell {cell}"


def _show(lines: Lines) -> None:
    """Let inspect and tracebacks find the lines of each cell."""
    cells: defaultdict[int, list[str]] = defaultdict(list)
    for text, cell, line in lines:
        written, own = cells[cell], text.split("\n")
        written += [""] * (line - 1 + len(own) - len(written))
        for at, one in enumerate(own, line - 1):
            written[at] = "; ".join(filter(None, [written[at], one]))
    for cell, written in cells.items():
        shown = [f"{one}\n" for one in written]
        linecache.cache[_file(cell)] = (len(shown), None, shown, _file(cell))

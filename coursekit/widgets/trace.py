"""Judge a learner's function as `check` does, and say where its result differs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from coursekit import bank
from coursekit.exercise import Call
from coursekit.grade.compare import Difference, far
from coursekit.grade.diagnose import bound_of, difference, unwritten
from coursekit.runner.run import Outcome, run
from coursekit.widgets.base import digits


class Traced(NamedTuple):
    """What a function gave: a verdict in words, and the values that differ."""

    name: str
    says: str
    agrees: bool
    marks: dict[tuple[int, ...], str]


def trace(
    fn: Callable[..., Any], x: np.ndarray, k: np.ndarray, out: np.ndarray, stride: int
) -> Traced:
    """Compare fn(x, k) with out, the correlation itself, by the exercise's rules."""
    exercise, args = bank.load(f"corr{x.ndim}d"), (x, k)
    target = partial(fn, stride=stride) if stride > 1 else fn
    [outcome] = run(target, [args], seconds=exercise.seconds)
    right = Outcome("returned", value=out)
    found = difference(exercise, Call(0, args), outcome, right)
    name = f"`{getattr(fn, '__name__', type(fn).__name__)}`"
    marks = {}
    if found and found.cell is not None:
        bad = far(outcome.value, out, bound_of(exercise, args))
        bad, yours = np.atleast_2d(bad, outcome.value)
        marks = {at: digits(yours[at]) for at in np.ndindex(bad.shape) if bad[at]}
    says = _says(found, outcome, len(marks), out.size)
    return Traced(name, f"{name} {says}", found is None, marks)


def _says(found: Difference | None, outcome: Outcome, wrong: int, of: int) -> str:
    """Put into a sentence what was found."""
    if outcome.state == "signature":
        return f"takes {outcome.signature}, which (x, k) does not fit."
    if unwritten(outcome):
        return "is not written yet: it raised NotImplementedError."
    if found is None:
        return f"gives the same {of} outputs."
    said = found.returned
    if wrong:
        said = f"differs in {wrong} of {of} outputs, marked ≠"
    elif found.expected:
        said += f"; expected {found.expected}"
    if outcome.error and outcome.error.message:
        said += f": {' '.join(outcome.error.message.split())}"
    said = said if said.endswith((".", "?")) else f"{said}."
    return f"{said} {found.advice}".strip()

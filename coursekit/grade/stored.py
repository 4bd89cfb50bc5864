"""The answer key of an exercise as a key file has it: what the bank's functions did.

It says what `AnswerKey` says, and holds no function to say it with.
"""

from collections.abc import Sequence
from typing import Any
from zipfile import ZipFile

import numpy as np

from coursekit.exercise import Call, Exercise, Wrong
from coursekit.exercise.stored import OUTCOMES
from coursekit.runner import wire
from coursekit.runner.run import Error, Outcome


class StoredKey:
    """The calls of an exercise for the seed of checks, and the outcomes in them."""

    def __init__(self, exercise: Exercise) -> None:
        with ZipFile(exercise.path) as file:
            stored = wire.unpack(file.read(OUTCOMES))
        every = [wire.outcome_of(one) for one in stored["outcomes"]]
        right, *wrongs = ([every[n] for n in row] for row in stored["rows"].tolist())
        self.exercise = exercise
        self.calls = [Call(*one) for one in stored["calls"]]
        self._right: list[Outcome] = right
        names = (one.name for one in exercise.wrongs)
        self._wrongs: dict[str, list[Outcome]] = dict(zip(names, wrongs, strict=True))

    def right(self) -> list[Outcome]:
        """Return what the solution does in each call."""
        return self._right

    def of(self, wrong: Wrong, place: int) -> Outcome:
        """Return what a wrong answer does in one call."""
        return self._wrongs[wrong.name][place]


def packed(calls: Sequence[Call], rows: Sequence[Sequence[Outcome]]) -> bytes:
    """Write what `StoredKey` reads: the solution's row of outcomes, then the others'.

    Equal outcomes are written once. Of an error only its class is kept: the lines that
    raised it are an answer's.
    """
    numbers: dict[bytes, int] = {}
    every: list[Any] = []
    table = np.zeros((len(rows), len(calls)), np.int32)
    for at in np.ndindex(table.shape):
        outcome = wire.of_outcome(_bare(rows[at[0]][at[1]]))
        number = numbers.setdefault(wire.pack(outcome), len(every))
        table[at] = number
        every += [outcome] if number == len(every) else []
    stored = {"calls": [tuple(call) for call in calls], "outcomes": every}
    return wire.pack({**stored, "rows": table})


def _bare(one: Outcome) -> Outcome:
    error = one.error and Error((one.error.kinds[0], "object"), "", ())
    return Outcome(one.state, one.value, one.again, one.steady, one.changed, error)

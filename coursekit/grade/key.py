"""The answer key of one exercise: its calls, and what right and wrong answers do.

Everything is computed when first asked for and kept, so judging many answers by one
key costs little, and wrong answers cost nothing until something has failed.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from coursekit.exercise import Call, Exercise, Wrong
from coursekit.grade.stored import StoredKey
from coursekit.runner.run import Outcome, run


class Key(Protocol):
    """What a judge asks of an answer key, be it computed or read from a file."""

    exercise: Exercise
    calls: list[Call]

    def right(self) -> list[Outcome]:
        """Return what the solution does in each call."""

    def of(self, wrong: Wrong, place: int) -> Outcome:
        """Return what a wrong answer does in one call."""


def answer_calls(
    exercise: Exercise,
    function: Callable[..., Any],
    calls: Sequence[Call],
    *,
    repeat: bool = True,
    seconds: float | None = None,
) -> list[Outcome]:
    """Run a function on calls of an exercise; `seconds` 0 sets no limit."""
    return run(
        function,
        [call.args for call in calls],
        driver=exercise.driver_source,
        torch=exercise.torch,
        repeat=repeat and not exercise.random,
        seconds=exercise.seconds if seconds is None else seconds,
    )


_Known = dict[tuple[Callable[..., Any], int], Outcome]


@lru_cache(maxsize=256)  # the bank has fewer exercises
def key_of(exercise: Exercise, seed: int = 0) -> "AnswerKey":
    """Return the key that this process keeps for an exercise and a seed."""
    return AnswerKey(exercise, seed)


@lru_cache(maxsize=256)
def key_for_check(exercise: Exercise, seed: int = 0) -> Key:
    """Return the key that a check needs: `key_of`, or in a student's copy the stored.

    Raises: ValueError for another seed than 0 where only its outcomes are stored.
    """
    if not exercise.stored:
        return key_of(exercise, seed)
    if seed:
        raise ValueError(f"{exercise.path.name} holds seed 0 alone, not {seed}.")
    return StoredKey(exercise)


class AnswerKey:
    """The calls of an exercise for one seed, and the outcomes of the bank's functions.

    A key made `like` another shares with it what does not depend on the seed.
    """

    def __init__(
        self, exercise: Exercise, seed: int = 0, like: "AnswerKey | None" = None
    ) -> None:
        self.exercise = exercise
        self.calls = exercise.calls(seed)
        groups = exercise.groups
        self.fixed = {
            place
            for place, call in enumerate(self.calls)
            if groups[call.group].draws is None
        }
        self._fixed: _Known = {} if like is None else like._fixed
        self._drawn: _Known = {}

    def right(self) -> list[Outcome]:
        """Return what the solution does in each call."""
        return self.outcomes(self.exercise.answer)

    def of(self, wrong: Wrong, place: int) -> Outcome:
        """Return what a wrong answer does in one call."""
        return self.outcome(wrong.function, place)

    def outcomes(self, function: Callable[..., Any]) -> list[Outcome]:
        """Return what a function of the bank does in each call."""
        places = range(len(self.calls))
        self._run(
            function, [at for at in places if (function, at) not in self._known(at)]
        )
        return [self._known(at)[function, at] for at in places]

    def outcome(self, function: Callable[..., Any], place: int) -> Outcome:
        """Return what a function of the bank does in one call."""
        if (function, place) not in self._known(place):
            self._run(function, [place])
        return self._known(place)[function, place]

    def _known(self, place: int) -> _Known:
        return self._fixed if place in self.fixed else self._drawn

    def _run(self, function: Callable[..., Any], places: list[int]) -> None:
        calls = [self.calls[place] for place in places]
        outcomes = answer_calls(self.exercise, function, calls, seconds=0)
        for place, outcome in zip(places, outcomes, strict=True):
            self._known(place)[function, place] = outcome

"""The answer key of one exercise: its calls, and what right and wrong answers do.

Everything is computed when first asked for and kept, so judging many answers by one
key costs little, and wrong answers cost nothing until something has failed.
"""

from collections.abc import Callable, Iterator, Sequence
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
        self._drawn_calls = sorted({*range(len(self.calls))} - self.fixed)
        self._fixed: _Known = {} if like is None else like._fixed
        self._drawn: _Known = {}
        self._right: list[Outcome] = []

    def right(self) -> list[Outcome]:
        """Return what the solution does in each call; the drawn ones are made once.

        Nobody is judged by what it does when it is called again.
        """
        if not self._right:
            answer = self.exercise.answer
            self._fill(answer, sorted(self.fixed))
            made = {at: self._fixed[answer, at] for at in self.fixed}
            made |= dict(self._run(answer, self._drawn_calls, repeat=False))
            self._right = [made[at] for at in range(len(self.calls))]
        return self._right

    def of(self, wrong: Wrong, place: int) -> Outcome:
        """Return what a wrong answer does in one call."""
        function = wrong.function
        # One that fits the fixed calls is asked for all others.
        self._fill(function, [place] if place in self.fixed else self._drawn_calls)
        return self._known(place)[function, place]

    def outcomes(self, function: Callable[..., Any]) -> list[Outcome]:
        """Return what a function of the bank does in each call."""
        places = range(len(self.calls))
        self._fill(function, places)
        return [self._known(at)[function, at] for at in places]

    def outcome(self, function: Callable[..., Any], place: int) -> Outcome:
        """Return what a function of the bank does in one call."""
        self._fill(function, [place])
        return self._known(place)[function, place]

    def _known(self, place: int) -> _Known:
        return self._fixed if place in self.fixed else self._drawn

    def _fill(self, function: Callable[..., Any], places: Sequence[int]) -> None:
        new = [at for at in places if (function, at) not in self._known(at)]
        if new:
            for place, outcome in self._run(function, new, repeat=True):
                self._known(place)[function, place] = outcome

    def _run(
        self, function: Callable[..., Any], places: Sequence[int], *, repeat: bool
    ) -> Iterator[tuple[int, Outcome]]:
        calls = [self.calls[place] for place in places]
        outcomes = answer_calls(
            self.exercise, function, calls, repeat=repeat, seconds=0
        )
        return zip(places, outcomes, strict=True)

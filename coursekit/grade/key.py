"""The answer key of one exercise: its calls, and what right and wrong answers do.

Everything is computed when first asked for and kept, so judging many answers by one
key costs little, and wrong answers cost nothing until something has failed.
"""

from collections.abc import Callable
from typing import Any

from coursekit.grade.run import Outcome, run
from coursekit.grade.spec import Exercise


class AnswerKey:
    """The calls of an exercise for one seed, and the outcomes of the bank's functions.

    A key made `like` another takes over what does not depend on the seed.
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
        self._outcomes: dict[tuple[Callable[..., Any], int], Outcome] = {}
        if like is not None:
            known = like._outcomes.items()
            self._outcomes = {at: one for at, one in known if at[1] in self.fixed}

    def right(self, place: int) -> Outcome:
        """Return what the solution does in the call at this place."""
        return self.of(self.exercise.answer, place)

    def of(self, function: Callable[..., Any], place: int) -> Outcome:
        """Return what a function of the bank does in the call at this place."""
        at = function, place
        if at not in self._outcomes:
            (self._outcomes[at],) = run(
                function,
                [self.calls[place].args],
                driver=self.exercise.driver_source,
                repeat=not self.exercise.random,
                seconds=0,  # no limit
            )
        return self._outcomes[at]

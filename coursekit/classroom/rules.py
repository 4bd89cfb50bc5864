"""What turns results into grades: exercises, who is who, and what counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.classroom import overrides, policy
from coursekit.classroom.grades import Grades, grades
from coursekit.classroom.overrides import Override
from coursekit.classroom.policy import Policy
from coursekit.classroom.result import Result
from coursekit.classroom.roster import Roster
from coursekit.exercise import Exercise

OVERRIDES = "overrides.csv"  # beside the results


@dataclass(frozen=True)
class Rules:
    """The files that an instructor gave, read."""

    exercises: Sequence[Exercise]
    policy: Policy = field(default_factory=Policy)
    roster: Roster | None = None
    overrides: Sequence[Override] = ()

    @classmethod
    def read(
        cls,
        exercises: Sequence[Exercise],
        results: Path,
        *,
        policy_file: Path | None = None,
        roster_file: Path | None = None,
    ) -> "Rules":
        """Read what is given; overrides lie beside the results.

        Raises: PolicyError or SheetError with the entry or line that is wrong.
        """
        decided = results / OVERRIDES
        return cls(
            exercises,
            policy.read(policy_file, exercises) if policy_file else Policy(),
            Roster.read(roster_file) if roster_file else None,
            overrides.read(decided, exercises) if decided.exists() else (),
        )

    def grades(self, results: Iterable[Result]) -> Grades:
        """Return the grades in those exercises of which there is a result."""
        several = list(results)
        there = {one.exercise for one in several}
        there |= {one.exercise for one in self.overrides}
        exercises = [one for one in self.exercises if one.id in there]
        return grades(several, exercises, self.policy, self.roster, self.overrides)

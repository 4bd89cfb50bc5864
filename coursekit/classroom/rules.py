"""What turns results into grades: exercises, who is who, and what counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursekit import bank
from coursekit.classroom import overrides, policy
from coursekit.classroom.grades import Grades, grades
from coursekit.classroom.overrides import Override
from coursekit.classroom.policy import Policy
from coursekit.classroom.result import Result
from coursekit.classroom.roster import Roster
from coursekit.exercise import Exercise

OVERRIDES = "overrides.csv"  # beside the results
POLICY = "grading.toml"  # there too: the policy that made the grades


@dataclass(frozen=True)
class Rules:
    """The files that an instructor gave, read; exercises by name.

    `policy_file` is where the policy stands, if there is one. `own` is a folder of bank
    files that come before those of the course.
    """

    exercises: Sequence[str]
    own: Path | None = None
    policy: Policy = field(default_factory=Policy)
    policy_file: Path | None = None
    roster: Roster | None = None
    overrides: Sequence[Override] = ()

    @classmethod
    def read(
        cls,
        exercises: Sequence[str],
        results: Path,
        *,
        own: Path | None = None,
        policy_file: Path | None = None,
        roster_file: Path | None = None,
        overrides_file: Path | None = None,
    ) -> "Rules":
        """Read what is given; else overrides lie beside the results, as does the policy
        of the last time, which stays until another is given.

        Raises: PolicyError or SheetError with the entry or line that is wrong.
        """
        decided = overrides_file or results / OVERRIDES
        rules = cls(
            exercises, own, roster=Roster.read(roster_file) if roster_file else None
        )
        kept = results / POLICY
        if policy_file := policy_file or (kept if kept.exists() else None):
            counts = policy.read(policy_file, rules.loaded(exercises))
            rules = replace(rules, policy=counts, policy_file=policy_file)
        if overrides_file or decided.exists():
            made = overrides.read(decided, rules.loaded(exercises))
            rules = replace(rules, overrides=made)
        return rules

    def loaded(self, names: Iterable[str]) -> list[Exercise]:
        """Return the exercises of these names."""
        return [bank.load(name, self.own) for name in names]

    def grades(self, results: Iterable[Result]) -> Grades:
        """Return the grades in those exercises of which there is a result."""
        several = list(results)
        there = {one.exercise for one in several}
        there |= {one.exercise for one in self.overrides}
        exercises = self.loaded(name for name in self.exercises if name in there)
        return grades(several, exercises, self.policy, self.roster, self.overrides)

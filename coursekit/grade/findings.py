"""What was found out about one answer: status, points by group, one failure."""

from dataclasses import dataclass

from coursekit.exercise import Window
from coursekit.grade.compare import Difference
from coursekit.runner.plain import Plain
from coursekit.runner.run import Error

NOT_STARTED, PASSED, REFUSED = "not started", "passed", "refused"
MISCONCEPTION, WRONG, RAISED = "misconception", "wrong here", "raised"
UNFINISHED = "unfinished"

_SHOWN = {
    MISCONCEPTION: "not yet: a known mistake",
    RAISED: "stopped with an error",
    UNFINISHED: "did not finish",
    REFUSED: "not accepted",
}


def in_words(status: str) -> str:
    """Say a status as learners read it."""
    return _SHOWN.get(status, status)


@dataclass(frozen=True)
class GroupResult:
    """How one group of cases went; its points are earned together."""

    name: str
    points: float
    right: int
    total: int

    @property
    def earned(self) -> float:
        return self.points if self.right == self.total else 0.0


@dataclass(frozen=True)
class Failure:
    """The smallest failing call. Of a hidden case only its group and kind are kept."""

    group: str
    kind: str
    args: dict[str, Plain] | None = None  # None: a hidden case
    value: Plain = None
    expected: Plain = None
    difference: Difference | None = None
    window: Window | None = None
    error: Error | None = None
    printed: str = ""

    @property
    def shown(self) -> bool:
        return self.args is not None


@dataclass(frozen=True)
class Findings:
    """The outcome of one check: status, sentence, points by group, one failure."""

    id: str
    status: str
    sentence: str = ""
    groups: tuple[GroupResult, ...] = ()
    out_of: float = 0.0
    failure: Failure | None = None
    misconception: str = ""  # the name of the wrong answer that this is
    note: str = ""

    @property
    def passed(self) -> bool:
        return self.status == PASSED

    @property
    def points(self) -> float:
        if self.status in (NOT_STARTED, REFUSED):
            return 0.0
        return sum(group.earned for group in self.groups)

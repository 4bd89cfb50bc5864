"""What a whole class did: counted once, to be told in a page and in plain text."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coursekit.classroom.grades import OVERRIDDEN, Grade, Grades, Row
from coursekit.classroom.result import MISSING, NOT_GRADED, Result
from coursekit.grade.findings import (
    MISCONCEPTION,
    NOT_STARTED,
    PASSED,
    RAISED,
    REFUSED,
    UNFINISHED,
    WRONG,
)

STATUSES = (  # in the order of tables and bars
    *(PASSED, OVERRIDDEN, MISCONCEPTION, WRONG, RAISED, UNFINISHED, REFUSED),
    *(NOT_STARTED, MISSING, NOT_GRADED),
)
_UNTRIED = {NOT_STARTED, MISSING, NOT_GRADED}
_BINS = 10


@dataclass(frozen=True)
class Mistake:
    """A known mistake: how many made it, of those who tried the exercise."""

    exercise: str
    sentence: str
    learners: int
    tried: int

    @property
    def share(self) -> float:
        return self.learners / self.tried


@dataclass(frozen=True)
class Work:
    """How one exercise went: learners by status, and the known mistakes."""

    exercise: str
    counts: Mapping[str, int]
    mistakes: tuple[Mistake, ...]

    @property
    def tried(self) -> int:
        return sum(n for status, n in self.counts.items() if status not in _UNTRIED)

    @property
    def solved(self) -> int:
        return self.counts.get(PASSED, 0)


@dataclass(frozen=True)
class Bin:
    """Totals from `low` up to, but for the last bin not including, `high`."""

    low: float
    high: float
    learners: int


@dataclass(frozen=True)
class Survey:
    """A class in numbers. `problems` are (file, why) of what could not be graded."""

    grades: Grades
    works: tuple[Work, ...]
    bins: tuple[Bin, ...]
    problems: tuple[tuple[str, str], ...]
    isolation: Mapping[str, int]

    @property
    def handed_in(self) -> list[Row]:
        return [row for row in self.grades.rows if any(g.file for g in row.grades)]

    @property
    def graded(self) -> list[Row]:
        return [
            row
            for row in self.handed_in
            if any(g.points is not None for g in row.grades)
        ]

    @property
    def mistakes(self) -> list[Mistake]:
        """Every known mistake, the most frequent one first."""
        every = [one for work in self.works for one in work.mistakes]
        return sorted(every, key=lambda one: (-one.learners, -one.share))

    @property
    def unfinished(self) -> list[Grade]:
        """What ran out of time."""
        return [grade for grade in self.grades if grade.status == UNFINISHED]


def survey(grades: Grades, results: Iterable[Result]) -> Survey:
    """Count what a class did; the results are read once, and none is kept."""
    places = range(len(grades.exercises))
    works = [_work([row.grades[place] for row in grades.rows]) for place in places]
    lost = {grade.file for grade in grades if grade.status == NOT_GRADED}
    problems: dict[tuple[str, str], None] = dict.fromkeys(grades.matches.unmatched)
    isolation: Counter[str] = Counter()
    for one in results:
        if one.problem and one.file in lost:
            about = f"{one.exercise}: " if one.exercise else ""
            problems[one.file, f"{about}{one.problem}"] = None
        if one.isolation:
            isolation[one.isolation] += 1
    return Survey(
        grades,
        tuple(work for work in works if work),
        _bins([row for row in grades.rows if any(g.file for g in row.grades)]),
        tuple(sorted(problems)),
        dict(sorted(isolation.items())),
    )


def _work(grades: Sequence[Grade]) -> Work | None:
    """Count one exercise over the class."""
    if not grades:
        return None
    counts = Counter(grade.status for grade in grades)
    told = Counter(g.sentence for g in grades if g.status == MISCONCEPTION)
    exercise = grades[0].exercise
    tried = Work(exercise, counts, ()).tried
    mistakes = [
        Mistake(exercise, sentence, learners, tried)
        for sentence, learners in sorted(told.items(), key=lambda one: (-one[1], one))
    ]
    ordered = {status: counts[status] for status in STATUSES if counts[status]}
    return Work(exercise, ordered, tuple(mistakes))


def _bins(rows: Sequence[Row]) -> tuple[Bin, ...]:
    """Sort the totals of those who handed something in, from 0 to the most."""
    if not rows:
        return ()
    top = max(max(row.out_of, row.total) for row in rows) or 1.0
    width = top / _BINS
    # The small part keeps 0.3 / 0.1 from falling into the bin below.
    places = [math.floor(row.total / width + 1e-9) for row in rows]
    counts = Counter(min(place, _BINS - 1) for place in places)
    return tuple(
        Bin(width * place, width * (place + 1), counts[place]) for place in range(_BINS)
    )

"""Grading again: what is out of date, and what would change before it counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coursekit.classroom.grades import Grade
from coursekit.classroom.result import MISSING, Result
from coursekit.classroom.results import Store
from coursekit.classroom.sheets import clean, number
from coursekit.grade.findings import in_words
from coursekit.tables import Table


@dataclass(frozen=True)
class Changed:
    """What a grade was and what it becomes; the sentence is the new verdict's."""

    learner: str
    exercise: str
    old_points: float | None
    new_points: float | None
    old_status: str
    new_status: str
    sentence: str = ""


def stale(
    store: Store, digests: Mapping[str, str], seed: str
) -> list[tuple[str, str, str]]:
    """List (learner, file, exercise) of results that another bank or seed made.

    `digests` maps each exercise to the digest of what judges it now; an exercise that
    is not among them is gone, and keeps its results.
    """
    found = {
        (one.learner, one.file, one.exercise)
        for one in store.results(findings=False)
        if one.exercise in digests
        and (one.bank, one.seed) != (digests[one.exercise], seed)
    }
    return sorted(found)


def replaced(old: Iterable[Result], new: Iterable[Result]) -> Iterator[Result]:
    """Yield the results as they will be once the new ones are added."""
    instead = {one.place: one for one in new}
    for one in old:
        yield instead.pop(one.place, one)
    yield from instead.values()


def differences(old: Iterable[Grade], new: Iterable[Grade]) -> list[Changed]:
    """Compare grades; of what is in one only, the other is missing.

    >>> one, other = Grade("ada", "corr2d", 2.0, 3.0), Grade("bob", "corr2d", None, 3.0)
    >>> [(c.learner, c.old_points, c.new_points) for c in differences([other], [one])]
    [('ada', None, 2.0)]
    """
    olds = {(one.learner, one.exercise): one for one in old}
    news = {(one.learner, one.exercise): one for one in new}
    changed = []
    for learner, exercise in dict.fromkeys([*news, *olds]):
        nothing = Grade(learner, exercise, None, 0.0, MISSING)
        was = olds.get((learner, exercise), nothing)
        now = news.get((learner, exercise), nothing)
        if (was.points, was.status, was.sentence) != (
            now.points,
            now.status,
            now.sentence,
        ):
            change = was.points, now.points, was.status, now.status, now.sentence
            changed.append(Changed(learner, exercise, *change))
    return changed


def table(changes: Iterable[Changed]) -> str:
    """Write what changes as plain text, and how many gain and lose.

    >>> print(table([Changed("ada", "corr2d", None, 3.0, "missing", "passed")]))
    learner  exercise  points  verdict            sentence
    ada      corr2d    - -> 3  missing -> passed
    <BLANKLINE>
    1 grade changes: 1 up, 0 down.
    """
    changes = list(changes)
    if not changes:
        return "No grade changes."
    rows = [
        [
            *(clean(one.learner), one.exercise),
            f"{_points(one.old_points)} -> {_points(one.new_points)}",
            f"{in_words(one.old_status)} -> {in_words(one.new_status)}",
            clean(one.sentence),
        ]
        for one in changes
    ]
    heads = ["learner", "exercise", "points", "verdict", "sentence"]
    gains = [(one.new_points or 0.0) - (one.old_points or 0.0) for one in changes]
    up, down = (sum(map(way, gains)) for way in ((0.0).__lt__, (0.0).__gt__))
    many = "1 grade changes" if len(changes) == 1 else f"{len(changes)} grades change"
    said = Table(heads, rows, ["points"], "learner").text()
    return f"{said}\n\n{many}: {up} up, {down} down."


def _points(points: float | None) -> str:
    return "-" if points is None else number(points)

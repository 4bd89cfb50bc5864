"""What counts: which submission, what lateness costs, how much an exercise weighs.

A policy is one TOML file, `grading.toml`:

    submission = "latest"                 # or "best"
    due = 2026-03-01T23:59:00+01:00

    [late]
    percent_per_day = 10                  # of the points earned, each day begun
    grace_minutes = 15
    cut_off_days = 7                      # after these nothing counts

    [weights.lessons]
    2 = 0.5

    [weights.exercises]
    corr2d = 2                            # instead of its lesson's weight
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from coursekit.classroom.result import NOT_GRADED, Result
from coursekit.classroom.results import age
from coursekit.exercise import Exercise

LATEST, BEST = "latest", "best"
_DAY, _MINUTE = 86400, 60


class PolicyError(ValueError):
    """A policy or an override that cannot be used; the message says what to write."""


@dataclass(frozen=True)
class Policy:
    """What counts of what was handed in. Nothing is late where nothing is due."""

    submission: str = LATEST
    due: datetime | None = None
    percent_per_day: float = 0.0
    grace_minutes: float = 0.0
    cut_off_days: float | None = None
    lessons: tuple[tuple[int, float], ...] = ()
    exercises: tuple[tuple[str, float], ...] = ()

    @property
    def digest(self) -> str:
        """Tell policies apart, the same on every system."""
        due = self.due and self.due.timestamp()
        content = json.dumps({**asdict(self), "due": due}, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def weight(self, exercise: Exercise) -> float:
        """Return by how much the points of an exercise are multiplied in the total."""
        lesson = dict(self.lessons).get(exercise.lesson, 1.0)
        return dict(self.exercises).get(exercise.id, lesson)

    def days_late(self, when: float | None, late: bool = False) -> int:
        """Return how many days late something is, each day begun counted as one.

        `late` is what the file's name says; it counts where times cannot be compared.

        >>> policy = Policy(due=due("2026-03-01T23:59+01:00"), grace_minutes=15)
        >>> end = policy.due.timestamp()
        >>> [policy.days_late(end + 60 * m) for m in (0, 15, 16, 24 * 60 + 1)]
        [0, 0, 1, 2]
        """
        if self.due is None or when is None:
            return int(late)
        over = when - self.due.timestamp()
        in_time = over <= max(0.0, self.grace_minutes * _MINUTE)
        return 0 if in_time else math.ceil(over / _DAY)

    def kept(self, days: int) -> float:
        """Return which share of the points is left after so many days.

        >>> policy = Policy(percent_per_day=40, cut_off_days=2)
        >>> [policy.kept(days) for days in range(4)]
        [1.0, 0.6, 0.2, 0.0]
        """
        if self.cut_off_days is not None and days > self.cut_off_days:
            return 0.0
        return max(0.0, (100 - self.percent_per_day * days) / 100)

    def chosen(self, results: Iterable[Result]) -> Result:
        """Return what counts of the results of one learner in one exercise.

        Of those as good or as late as each other it is the one handed in first, or
        the one that stands last.
        """
        if self.submission == LATEST:
            return sorted(results, key=age)[-1]
        return max(sorted(results, key=age), key=self._worth)

    def points(self, result: Result) -> float:
        """Return the points of a result after what its lateness costs."""
        return result.points * self.kept(self.days_late(result.when, result.late))

    def _worth(self, result: Result) -> tuple[float, bool]:
        return self.points(result), result.status != NOT_GRADED


def read(path: Path, exercises: Iterable[Exercise]) -> Policy:
    """Read a policy from TOML.

    Raises: PolicyError with the entry that is wrong and what may stand there.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return _policy(content, tuple(exercises))
    except OSError as error:
        why = f"{error.strerror}."
    except UnicodeDecodeError:
        why = "it is not in UTF-8. Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        why = f"it is no TOML: {error}."
    except PolicyError as error:
        why = str(error)
    raise PolicyError(f"{path.name}: {why}")


def _policy(content: dict[str, Any], exercises: Sequence[Exercise]) -> Policy:
    taken = {
        "submission": lambda one: one_of(one, (LATEST, BEST), "submission"),
        "due": due,
        "late": lambda one: _table(one, _LATE, "late"),
        "weights": lambda one: _weights(one, exercises),
    }
    told = _table(content, taken, "")
    return Policy(**{**told.pop("late", {}), **told.pop("weights", {}), **told})


def _table(
    content: Any, taken: Mapping[str, Callable[[Any], Any]], name: str
) -> dict[str, Any]:
    """Read each entry of a table by its own reader."""
    if not isinstance(content, dict):
        raise PolicyError(f"{name} = {content!r} should be a table: [{name}].")
    told = {}
    for key, one in content.items():
        one_of(key, taken, f"entry of [{name}]" if name else "entry")
        try:
            told[key] = taken[key](one)
        except _NoNumber as error:
            raise PolicyError(
                f"{key} = {one!r} in [{name}] should be a number, {error}."
            ) from None
    return told


def _weights(content: Any, exercises: Sequence[Exercise]) -> dict[str, Any]:
    lessons = {str(one.lesson): _number for one in exercises}
    ids = {one.id: _number for one in exercises}
    told = _table(
        content,
        {
            "lessons": lambda one: _table(one, lessons, "weights.lessons"),
            "exercises": lambda one: _table(one, ids, "weights.exercises"),
        },
        "weights",
    )
    by_lesson = sorted((int(key), one) for key, one in told.get("lessons", {}).items())
    by_exercise = sorted(told.get("exercises", {}).items())
    return {"lessons": tuple(by_lesson), "exercises": tuple(by_exercise)}


class _NoNumber(ValueError):
    """Something that is no number, or not one of those that may stand there."""


def _number(value: Any, most: float = math.inf) -> float:
    if type(value) not in (int, float) or not 0 <= value <= most or value == math.inf:
        raise _NoNumber("0 or more" if most == math.inf else f"0 to {most:g}")
    return float(value)


_LATE: dict[str, Callable[[Any], Any]] = {
    "percent_per_day": lambda one: _number(one, 100),
    "grace_minutes": _number,
    "cut_off_days": _number,
}


def due(value: Any) -> datetime:
    """Read a point in time with its time zone, from a text or from TOML's own.

    Raises: PolicyError if it is none, or has no time zone.
    """
    when = value
    if isinstance(value, str):
        with suppress(ValueError):
            when = datetime.fromisoformat(value)
    if not isinstance(when, datetime) or when.tzinfo is None:
        raise PolicyError(
            f"due = {value} is no point in time with its time zone. Write it like "
            "2026-03-01T23:59:00+01:00."
        )
    return when


def one_of(value: Any, known: Iterable[str], what: str) -> Any:
    """Return a value that is among those known.

    Raises: PolicyError with the one that is nearest.
    """
    known = list(known)
    if value in known:
        return value
    near = get_close_matches(str(value), known, n=1)
    few = "" if len(known) > 9 else f" There is {', '.join(known)}."
    hint = f" Did you mean {near[0]}?" if near else few
    raise PolicyError(f"{value!r} is no {what}.{hint}")

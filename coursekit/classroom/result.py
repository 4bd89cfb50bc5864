"""One result: how one exercise of one submission went, and its line of JSON.

A line holds fixed keys, and the findings as text of the wire's own form: nothing that
came from a submission is evaluated when it is read again.
"""

import hashlib
import json
import math
import operator
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from itertools import groupby
from typing import Any

import numpy as np

from coursekit.exercise import Window
from coursekit.grade.compare import Difference
from coursekit.grade.findings import Failure, Findings, GroupResult
from coursekit.grade.verdict import Verdict
from coursekit.runner import wire
from coursekit.runner.plain import Odd, Plain
from coursekit.runner.run import Error, Frame

FORMAT = 1
NOT_GRADED, MISSING = "not graded", "missing"
LARGEST = 64 * 1024  # bytes of a line
_LETTERS = 1000  # of a text, where the line would be larger
_NO_ARRAYS = "The arrays of this call were too large to be kept."


@dataclass(frozen=True, slots=True)
class Result:
    """How one exercise of one submission went.

    `submission` is the digest of the bytes that were handed in, `bank` that of what
    judged them, `seed` the way in which the inputs were drawn. `status` is one of
    `grade.findings`, "missing" (no such definition) or "not graded" (`problem` says
    why). `when`, `late` and `ids` are what the reader knew of the file.
    """

    learner: str
    file: str
    submission: str
    exercise: str
    bank: str
    seed: str
    status: str
    points: float
    out_of: float
    sentence: str = ""
    misconception: str = ""
    findings: Findings | None = None
    notes: tuple[str, ...] = ()
    isolation: str = ""
    problem: str = ""
    when: float | None = None
    late: bool = False
    ids: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What the result is about; a later result of the same place replaces it."""
        return self.learner, self.file, self.submission, self.exercise

    @property
    def key(self) -> str:
        """The digest of all that decides the outcome.

        The learner is part of it, since the inputs may be drawn for each; so is the
        file, since the same answer may be handed in again, later.
        """
        return key(*self.place, self.bank, self.seed)


def key(
    learner: str, file: str, submission: str, exercise: str, bank: str, seed: str
) -> str:
    """Return the key that a result will have, before it is graded."""
    content = json.dumps([learner, file, submission, exercise, bank, seed])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


class NoResult(ValueError):
    """A line that holds no result; `newer` says that a later coursekit wrote it."""

    def __init__(self, why: str, newer: bool = False) -> None:
        super().__init__(why)
        self.newer = newer


def to_line(result: Result) -> bytes:
    """Write a result as one line; what is too large to be kept is left out.

    >>> to_line(Result("ada", "a.ipynb", "1f", "corr2d", "2e", "class 0", "passed",
    ...                3.0, 3.0))[:40]
    b'{"format":1,"learner":"ada","file":"a.ip'
    """
    line = b""
    for smaller in (lambda one: one, _without_arrays, _bare):
        line = _line(smaller(result))
        if len(line) <= LARGEST:
            break
    return line


def from_line(line: bytes, *, findings: bool = True) -> Result:
    """Read a result again, without its findings where nobody looks at them.

    Raises: NoResult with the reason.
    """
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise NoResult("it is no JSON") from None
    if (
        not isinstance(entry, dict)
        or type(version := entry.pop("format", 0)) is not int
    ):
        raise NoResult("it is no result")
    if version > FORMAT:
        raise NoResult(f"its format is {version}, this one knows {FORMAT}", newer=True)
    if version != FORMAT or set(entry) != set(_CHECKS):
        raise NoResult("it is no result")
    for name, check in _CHECKS.items():
        if not check(entry[name]):
            raise NoResult(f"its {name} is {str(entry[name])[:40]!r}")
    text = entry.pop("findings") if findings else entry.update(findings=None)
    try:
        found = None if text is None else _findings(wire.from_text(text))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise NoResult(f"its findings cannot be read: {error}") from None
    lists = {name: tuple(entry.pop(name)) for name in ("notes", "ids")}
    return Result(**{"findings": found, **entry, **lists})


def _line(result: Result) -> bytes:
    entry = {one.name: getattr(result, one.name) for one in fields(Result)}
    if result.findings is not None:
        entry["findings"] = wire.to_text(_tree(result.findings))
    entry["points"], entry["out_of"] = float(result.points), float(result.out_of)
    content = {"format": FORMAT, **entry}
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii") + b"\n"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **{one.name: _is_text for one in fields(Result)},
    "points": _is_number,
    "out_of": _is_number,
    "notes": _are_texts,
    "ids": _are_texts,
    "findings": lambda value: value is None or _is_text(value),
    "when": lambda value: value is None or _is_number(value),
    "late": lambda value: isinstance(value, bool),
}


# Findings as a tree of plain values, and back


def _tree(findings: Findings) -> Plain:
    tree = {one.name: getattr(findings, one.name) for one in fields(Findings)}
    tree["groups"] = [tuple(asdict(group).values()) for group in findings.groups]
    if failure := findings.failure:
        window = failure.window
        tree["failure"] = {
            **{one.name: getattr(failure, one.name) for one in fields(Failure)},
            "difference": failure.difference and asdict(failure.difference),
            "window": window and (window.argument, _spans(window.region)),
            "error": failure.error and _of_error(failure.error),
        }
    return tree


def _findings(tree: Plain) -> Verdict:
    groups = tuple(GroupResult(*group) for group in tree["groups"])
    failure = tree["failure"]
    if failure is not None:
        failure = Failure(
            **{name: _RAISE.get(name, _same)(one) for name, one in failure.items()}
        )
    return Verdict(**{**tree, "groups": groups, "failure": failure})


def _spans(region: tuple[slice, ...]) -> list[tuple[int | None, ...]]:
    return [
        tuple(
            None if end is None else operator.index(end)
            for end in (span.start, span.stop, span.step)
        )
        for span in region
    ]


def _of_error(error: Error) -> Plain:
    """Write a line that repeats, as in a recursion, once with how often it does."""
    frames = [(*frame, len(list(same))) for frame, same in groupby(error.frames)]
    return error.kinds, error.message, frames, error.own


def _error(tree: Plain) -> Error:
    kinds, message, frames, own = tree
    told = (one for *frame, times in frames for one in [Frame(*frame)] * times)
    return Error(kinds, message, tuple(told), own)


def _same(value: Plain) -> Plain:
    return value


_RAISE: dict[str, Callable[[Plain], Any]] = {
    "difference": lambda it: it and Difference(**it),
    "window": lambda it: it and Window(it[0], tuple(slice(*span) for span in it[1])),
    "error": lambda it: it and _error(it),
}


# Smaller findings


def _without_arrays(result: Result) -> Result:
    """Keep of each array of the failing call its shape only."""
    findings = result.findings
    if findings is None or findings.failure is None:
        return result
    failure = findings.failure
    args = failure.args and {name: _light(one) for name, one in failure.args.items()}
    small = replace(failure, args=args, value=None, expected=None, window=None)
    note = " ".join(filter(None, [findings.note, _NO_ARRAYS]))
    return replace(result, findings=replace(findings, failure=small, note=note))


def _light(value: Plain) -> Plain:
    if isinstance(value, np.ndarray):
        return Odd(f"array of shape {value.shape}", "size")
    if isinstance(value, list | tuple | dict):
        return Odd(f"{type(value).__name__} of {len(value)} entries", "size")
    return value


def _bare(result: Result) -> Result:
    """Keep the status and the points, and the start of what is said."""
    note = "The details of this result were too large to be kept."
    return replace(
        result,
        sentence=result.sentence[:_LETTERS],
        problem=result.problem[:_LETTERS],
        findings=None,
        notes=(note,),
    )

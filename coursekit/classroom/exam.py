"""Exams: every learner's own numbers, all of them made from one secret.

A seed is the HMAC-SHA256 of (label, learner, exercise) under the secret. One label is
for the paper and one for grading: who holds a paper can tell nothing of the numbers
that are graded, and a paper can be made again from the secret alone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np

from coursekit.exercise import Args, Call, Exercise
from coursekit.grade.key import answer_calls
from coursekit.runner.plain import Plain, identical

SHORTEST, LONGEST = 16, 4096  # bytes of a secret
TRIES = 12  # draws of which the smallest becomes the example
NUMBERS = 300  # that an example may have, arguments and result together
WIDE = 72  # letters of a line


class ExamError(RuntimeError):
    """The exam cannot be made as asked; the message says what to do."""


@dataclass(frozen=True)
class Example:
    """One call with a learner's own numbers, and what it returns."""

    args: Args
    value: Plain

    @property
    def numbers(self) -> int:
        """How many numbers it shows."""
        return _numbers(self.args) + _numbers(self.value)


@dataclass(frozen=True)
class Exam:
    """An exam, which is all in its secret.

    >>> Exam(b"sixteen letters.")
    Exam(policy='exam dde5d776')
    """

    secret: bytes = field(repr=False)
    policy: str = field(init=False)  # how results name the exam; tells no secret

    def __post_init__(self) -> None:
        mark = hashlib.sha256(self.secret).hexdigest()[:8]
        object.__setattr__(self, "policy", f"exam {mark}")

    def example(self, learner: str, exercise: Exercise) -> Example | None:
        """Return a small drawn call that is not graded, if there is one to print.

        None: the exercise draws nothing, or judges objects that a driver asks.
        """
        if exercise.driver:
            return None
        seed = _seed(self.secret, "paper", learner, exercise.id)
        graded = exercise.calls(seed_of(self.secret, learner, exercise.id))
        calls = [call for call in _drawn(exercise, seed) if not _among(graded, call)]
        outcomes = answer_calls(
            exercise, exercise.answer, calls, repeat=False, seconds=0
        )
        found = [
            Example(call.args, outcome.value)
            for call, outcome in zip(calls, outcomes, strict=True)
            if outcome.state == "returned"
        ]
        smallest = min(found, key=lambda one: one.numbers, default=None)
        return smallest if smallest and smallest.numbers <= NUMBERS else None


def seed_of(secret: bytes, learner: str, exercise: str) -> int:
    """Return the seed by which a learner's answer is graded; no paper shows its draws.

    >>> seed_of(b"sixteen letters.", "ada", "corr2d")
    5070093127350590630
    """
    return _seed(secret, "grade", learner, exercise)


def _seed(secret: bytes, label: str, learner: str, exercise: str) -> int:
    # As rosters compare ids: one is typed in one form and comes back in another.
    name = unicodedata.normalize("NFKC", learner).strip().casefold()
    message = f"{label}\0{name}\0{exercise}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hmac.digest(secret, message, "sha256")[:8])


def _drawn(exercise: Exercise, seed: int) -> Iterator[Call]:
    for index, group in enumerate(exercise.groups):
        if group.draws is not None and group.shown:
            for args in replace(group, draws=TRIES).args(index, seed):
                yield Call(index, args)


def _among(calls: Sequence[Call], call: Call) -> bool:
    return any(identical(call.args, one.args) for one in calls)


def _numbers(value: Plain) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_numbers, value))
    return int(np.size(value))


def new_secret(path: Path) -> None:
    """Write a new secret where no file is; nobody else may read it.

    Raises: ExamError if something of this name is there: an exam may hang on it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Not by way of a file that is renamed: that would replace one that is there.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ExamError(
            f"{path} is there already, and papers may have been made from it. Name "
            "another file."
        ) from None
    with open(handle, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """Return the secret in a file, without white space at its ends.

    Raises: ExamError if it is no file, too short or too long.
    """
    if not path.exists():
        raise ExamError(
            f"There is no file {path}. Make one: coursekit exam --new-secret {path}"
        )
    if not path.is_file():
        raise ExamError(f"{path} is no file. Name the one that holds the secret.")
    with path.open("rb") as file:
        secret = file.read(LONGEST + 1).strip()
    if not SHORTEST <= len(secret) <= LONGEST:
        size = f"more than {LONGEST}" if len(secret) > LONGEST else len(secret)
        raise ExamError(
            f"The secret in {path} has {size} bytes; it needs {SHORTEST} to {LONGEST}. "
            "Have a new file made: coursekit exam --new-secret FILE"
        )
    return secret


def exposed(path: Path) -> str:
    """Say that others may read a secret, if they may and the system tells it."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name != "posix" or not mode & 0o077:
        return ""
    return f"Others on this machine may read {path} (mode {mode:o}): chmod 600 {path}"


def keep_apart(path: Path, folder: Path) -> None:
    """Refuse a secret inside the folder that is handed out.

    Raises: ExamError if it lies there, by whatever links.
    """
    if path.resolve().is_relative_to(folder.resolve()):
        raise ExamError(
            f"The secret {path} lies inside {folder}, which is handed out. Move it to "
            "a folder that only you see, or name another folder with --out."
        )


def example_text(name: str, parameters: tuple[str, ...], example: Example) -> str:
    """Write the call of an example as Python that can be run as it stands.

    >>> print(example_text("corr1d", ("x", "k"), Example((np.arange(3), 2), None)))
    corr1d(
        np.array([0, 1, 2]),  # x
        2,  # k
    )
    """
    lines = [
        f"{as_python(value)},  # {parameter}"
        for parameter, value in zip(parameters, example.args, strict=False)
    ]
    return "\n".join([f"{name}(", indent("\n".join(lines), "    "), ")"])


def as_python(value: Any, digits: int | None = None) -> str:
    """Write a plain value as Python reads it: exact, or rounded to so many digits.

    >>> as_python((1 / 3, np.array([[1, 2.5]])), digits=3)
    '(0.333, np.array([[1. , 2.5]]))'
    """
    if isinstance(value, np.ndarray):
        return _array(value, digits)
    if isinstance(value, list | tuple):
        return _sequence(value, digits)
    if isinstance(value, float) and digits:
        value = float(f"{value:.{digits}g}")
    return repr(value.item() if isinstance(value, np.generic) else value)


def _array(value: np.ndarray[Any, Any], digits: int | None) -> str:
    how: dict[str, Any] = {"floatmode": "unique"}
    if digits:
        how = {"floatmode": "maxprec", "precision": digits}
        value = value + 0.0 if value.dtype.kind == "f" else value  # no minus at a zero
    with np.printoptions(**how, linewidth=WIDE, threshold=value.size + 1):
        text = repr(value).replace(", dtype=", ", dtype=np.")
    return "np." + re.sub(r"\n+", "\n   ", text)


def _sequence(value: Sequence[Any], digits: int | None) -> str:
    left, right = "[]" if isinstance(value, list) else "()"
    inside = [as_python(one, digits) for one in value]
    comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
    text = f"{left}{', '.join(inside)}{comma}{right}"
    if "\n" not in text and len(text) <= WIDE:
        return text
    lines = indent(",\n".join(inside), "    ")
    return f"{left}\n{lines},\n{right}"

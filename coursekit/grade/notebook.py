"""What a learner calls in a notebook: check, hint, progress, solution.

None of them raises: whatever is handed in, the answer is a sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from coursekit import bank
from coursekit.exercise import Exercise
from coursekit.grade import learner, record
from coursekit.grade.borrowed import borrowed, sentence
from coursekit.grade.findings import PASSED, REFUSED
from coursekit.grade.judge import judge, refused
from coursekit.grade.key import answer_calls, key_for_check
from coursekit.grade.standing import Standing, standing
from coursekit.grade.verdict import Verdict
from coursekit.runner.surroundings import numpys_own

_SEED = 0  # the same drawn cases at every check, so that a message can be worked on


def check(function: Callable[..., Any], id: str | None = None) -> Verdict:
    """Judge a function as the answer to the exercise of its name, or of `id`.

    >>> check("corr2d")
    check: not accepted
    Hand over the function itself, without quotes: check(corr2d).
    """
    try:
        return _check(function, id)
    except ModuleNotFoundError as missing:
        return Verdict(str(id or ""), REFUSED, _not_installed(str(missing.name)))
    except Exception as error:
        return Verdict(
            str(id or ""),
            REFUSED,
            f"The check itself failed ({type(error).__name__}: {error}). That is a "
            "fault of the course and not of your code; please report it.",
        )


def _check(function: Callable[..., Any], id: str | None) -> Verdict:
    if problem := _not_checkable(function, id):
        return Verdict(id if type(id) is str else "", REFUSED, problem)
    try:
        exercise = bank.load(id or function.__name__)
    except KeyError as unknown:
        return Verdict("", REFUSED, str(unknown.args[0]) + _other_name(id))
    if theirs := borrowed(function, torch=exercise.torch):
        verdict = refused(exercise, sentence(theirs))
    else:
        verdict = evaluate(exercise, function)
    notes = verdict.note, _saved(verdict)
    return replace(verdict, note="\n".join(filter(None, notes)))


def _not_installed(module: str) -> str:
    return (
        f"{module.partition('.')[0]} is not installed in this Python, and this check "
        "needs it. In the course's folder run: python install.py. Then restart the "
        "kernel."
    )


def evaluate(
    exercise: Exercise, function: Callable[..., Any], seed: int = _SEED
) -> Verdict:
    """Run a function on the exercise's calls and judge it, all in this process."""
    with numpys_own() as replaced:
        key = key_for_check(exercise, seed)
        outcomes = answer_calls(exercise, function, key.calls)
    text = learner.text_of(function) if exercise.rules else None
    with numpys_own():
        verdict = judge(key, outcomes, text)
    return replace(verdict, note=_replaced(replaced))


def _replaced(names: list[str]) -> str:
    if not names:
        return ""
    return (
        f"`{names[0]}` is not its own any more: something else was put in its place. "
        "The check used its own. Restart the kernel to have it back."
    )


def _saved(verdict: Verdict) -> str:
    """Keep the verdict as progress; whatever goes wrong there, it is told first."""
    try:
        return record.save(verdict)
    except Exception as error:
        return f"Your progress was not saved ({type(error).__name__}: {error})."


def _not_checkable(function: Any, id: Any) -> str:
    if isinstance(function, str):
        return f"Hand over the function itself, without quotes: check({function})."
    if id is not None and not isinstance(id, str):
        return 'The second argument is an exercise\'s name in quotes, such as "corr2d".'
    if not callable(function):
        return (
            f"check takes a function and got {_a(type(function).__name__)}. Hand over "
            "the name of the function, without brackets: check(corr2d)."
        )
    name = getattr(function, "__name__", None)
    if id is None and (not isinstance(name, str) or name == "<lambda>"):
        return (
            "This function has no name by which to find its exercise. Say which one: "
            'check(f, "corr2d").'
        )
    return ""


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"


def _other_name(id: str | None) -> str:
    if id is not None:
        return ""
    return ' If your function has a name of its own, say: check(f, "corr2d").'


@dataclass(frozen=True, repr=False)
class Hint:
    """A hint or a solution under its headline, or a sentence on why there is none."""

    head: str
    text: str

    def __repr__(self) -> str:
        return f"{self.head}\n{self.text}"

    def _repr_markdown_(self) -> str:
        return f"**{self.head}**\n\n{self.text}"


def hint(id: str | Callable[..., Any], n: int = 1) -> Hint:
    """Return hint number n of an exercise: always the same for the same n."""
    exercise = _named(id)
    if isinstance(exercise, str):
        return Hint("No hint", exercise)
    count = len(exercise.hints)
    if not isinstance(n, int) or n not in range(1, count + 1):
        ask = f'Ask for one from 1 to {count}: hint("{exercise.id}", {count}).'
        return Hint(
            "No hint", f"{exercise.id} has {count} hints; you asked for {n!r}. {ask}"
        )
    return Hint(f"Hint {n} of {count} for {exercise.id}", exercise.hints[n - 1])


def solution(id: str | Callable[..., Any]) -> Hint:
    """Return the course's solution of an exercise, to compare with your own.

    It is shown when yours has passed: your progress says so.
    """
    exercise = _named(id)
    if isinstance(exercise, str):
        return Hint("No solution", exercise)
    if exercise.stored:
        return Hint(
            f"No solution of {exercise.id} in this copy",
            "The solutions are with your instructor. Any answer that passes is right.",
        )
    table = standing(exercise.lesson)
    solved = [row.id for row in table.rows if row.status == PASSED]
    if exercise.id not in solved:
        first = f"Pass it first: check({exercise.id}). {table.note}"
        return Hint(f"No solution of {exercise.id} yet", first.strip())
    return Hint(
        f"The course's solution of {exercise.id}; yours may be just as right",
        f"```python\n{exercise.solution_source}\n```",
    )


def _named(id: str | Callable[..., Any]) -> Exercise | str:
    """Find an exercise by its name or function, or say that there is none."""
    try:
        return bank.load(
            id if isinstance(id, str) else getattr(id, "__name__", repr(id))
        )
    except KeyError as unknown:
        return str(unknown.args[0])


def progress(lesson: int | None = None, *, unsolved: bool = False) -> Standing:
    """Return the table of what is solved, or of what is not, in all or one lesson."""
    return standing(lesson, unsolved=unsolved)

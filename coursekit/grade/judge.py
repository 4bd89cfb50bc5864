"""Decide what an answer is from what its calls did; plain values only.

A misconception is named only where it explains every call: two errors at once read
"wrong here". Wrong answers are computed only after something has failed.
"""

import ast
from collections.abc import Sequence

import numpy as np

from coursekit.grade.compare import Difference
from coursekit.grade.diagnose import difference, misconception, solve
from coursekit.grade.plain import Plain
from coursekit.grade.run import Outcome
from coursekit.grade.spec import Call, Exercise
from coursekit.grade.verdict import (
    MISCONCEPTION,
    NOT_STARTED,
    PASSED,
    RAISED,
    REFUSED,
    WRONG,
    Failure,
    GroupResult,
    Verdict,
)

_BROKEN = ("raised", "late", "stopped")


def judge(
    exercise: Exercise,
    calls: Sequence[Call],
    outcomes: Sequence[Outcome],
    text: str | None = None,
) -> Verdict:
    """Return the verdict on the outcomes of these calls.

    `text` is the source of the answer; an exercise with rules cannot do without it.
    """
    if all(_unwritten(outcome) for outcome in outcomes):
        return Verdict(exercise.id, NOT_STARTED, out_of=exercise.points)
    if outcomes[0].state == "signature":
        return _other_signature(exercise, calls[0], outcomes[0])
    right = solve(exercise, calls)
    found = [
        difference(exercise, call, outcome, wanted)
        for call, outcome, wanted in zip(calls, outcomes, right, strict=True)
    ]
    failing = [place for place, one in enumerate(found) if one is not None]
    groups = _groups(exercise, calls, failing)
    if not failing:
        if sentence := _broken_rule(exercise, text):
            return refused(exercise, sentence)
        return Verdict(exercise.id, PASSED, "", groups, exercise.points)
    place = min(failing, key=lambda place: _size(exercise, calls[place]))
    wrong = misconception(exercise, calls, outcomes, failing)
    broken = RAISED if outcomes[place].state in _BROKEN else WRONG
    return Verdict(
        exercise.id,
        MISCONCEPTION if wrong else broken,
        wrong.sentence if wrong else "",
        groups,
        exercise.points,
        _failure(exercise, calls[place], outcomes[place], right[place], found[place]),
        wrong.name if wrong else "",
    )


def refused(exercise: Exercise, sentence: str) -> Verdict:
    """Return the verdict on an answer that is not judged, and why."""
    return Verdict(exercise.id, REFUSED, sentence, out_of=exercise.points)


def _unwritten(outcome: Outcome) -> bool:
    return outcome.error is not None and "NotImplementedError" in outcome.error.kinds


def _other_signature(exercise: Exercise, call: Call, outcome: Outcome) -> Verdict:
    assert outcome.error is not None
    wanted = ", ".join(exercise.parameters)
    return refused(
        exercise,
        f"The exercise calls {exercise.id}({wanted}); yours is "
        f"{exercise.id}{outcome.error.message} and does not take these "
        f"{len(call.args)} arguments. Keep the first line of the starter as it is.",
    )


def _broken_rule(exercise: Exercise, text: str | None) -> str:
    if not exercise.rules:
        return ""
    if text is None:
        return (
            "The results are right, but the text of your function cannot be read, and "
            "this exercise has a rule about it. Define the function in a cell."
        )
    tree = ast.parse(text)
    for rule in exercise.rules:
        for line in sorted(rule.broken_by(tree))[:1]:
            said = text.splitlines()[line - 1].strip()
            return f"The results are right, but: {rule.sentence} Yours has: {said}"
    return ""


def _groups(
    exercise: Exercise, calls: Sequence[Call], failing: Sequence[int]
) -> tuple[GroupResult, ...]:
    total = [call.group for call in calls]
    failed = [calls[place].group for place in failing]
    return tuple(
        GroupResult(
            group.name,
            group.points,
            total.count(number) - failed.count(number),
            total.count(number),
        )
        for number, group in enumerate(exercise.groups)
    )


def _size(exercise: Exercise, call: Call) -> tuple[bool, int]:
    """Order calls: the shown ones first, then by how many numbers go in."""
    return not exercise.groups[call.group].shown, sum(map(_entries, call.args))


def _entries(value: Plain) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_entries, value))
    return int(np.size(value))


def _failure(
    exercise: Exercise,
    call: Call,
    outcome: Outcome,
    right: Outcome,
    found: Difference | None,
) -> Failure:
    assert found is not None
    group = exercise.groups[call.group]
    if not group.shown:
        return Failure(group.name, found.kind)
    window = None
    if exercise.window and found.cell is not None and not found.path:
        window = exercise.window(call.args, found.cell)
    return Failure(
        group.name,
        found.kind,
        dict(zip(exercise.parameters, call.args, strict=False)),
        *(outcome.value, right.value, found, window),
        *(outcome.error, outcome.printed),
    )

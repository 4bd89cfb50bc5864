"""Decide what an answer is from what its calls did; plain values only.

A misconception is named only where it explains every call: two errors at once read
"wrong here", with a word on the one that explains most of what failed, if one does.
Wrong answers are computed only after something has failed.
"""

import ast
import builtins
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from itertools import filterfalse, islice

import numpy as np

from coursekit.exercise import Call, Exercise, Wrong
from coursekit.grade.compare import Difference
from coursekit.grade.diagnose import difference, same, unwritten, waits_for
from coursekit.grade.findings import (
    MISCONCEPTION,
    NOT_STARTED,
    PASSED,
    RAISED,
    REFUSED,
    UNFINISHED,
    WRONG,
    Failure,
    GroupResult,
)
from coursekit.grade.key import Key
from coursekit.grade.verdict import Verdict
from coursekit.runner.plain import Plain, copied
from coursekit.runner.run import Outcome

_BROKEN = {"raised": RAISED, "late": UNFINISHED, "stopped": UNFINISHED}


def judge(key: Key, outcomes: Sequence[Outcome], text: str | None = None) -> Verdict:
    """Return the verdict on what an answer did in the calls of this key.

    `text` is the source of the answer; an exercise with rules cannot do without it.
    """
    exercise, calls = key.exercise, key.calls
    if all(map(unwritten, outcomes)):
        first = waits_for(exercise, outcomes[0])
        status = RAISED if first else NOT_STARTED
        return Verdict(exercise.id, status, first, out_of=exercise.points)
    for call, outcome in zip(calls, outcomes, strict=True):
        if outcome.state == "signature":
            return _other_signature(exercise, call, outcome)
    found = {}
    for place, case in enumerate(zip(calls, outcomes, key.right(), strict=True)):
        if one := difference(exercise, *case):
            found[place] = one
    groups = _groups(exercise, calls, found)
    if not found:
        if sentence := _broken_rule(exercise, text):
            return refused(exercise, sentence)
        return Verdict(exercise.id, PASSED, "", groups, exercise.points)
    place = min(found, key=lambda at: _size(exercise, calls[at], outcomes[at]))
    wrong = _misconception(key, outcomes, [place, *found])
    broken = _BROKEN.get(outcomes[place].state, WRONG)
    return Verdict(
        exercise.id,
        MISCONCEPTION if wrong else broken,
        wrong.sentence if wrong else _in_part(key, outcomes, found),
        groups,
        exercise.points,
        _failure(key, place, outcomes[place], found[place]),
        wrong.name if wrong else "",
    )


def _misconception(
    key: Key, outcomes: Sequence[Outcome], first: Sequence[int]
) -> Wrong | None:
    """Return the wrong answer that does the same in every call, if there is one."""
    order = _known_first(key, dict.fromkeys([*first, *range(len(key.calls))]))
    for wrong in key.exercise.wrongs:
        if all(_explains(key, outcomes, wrong, place) for place in order):
            return wrong
    return None


def _known_first(key: Key, places: Iterable[int]) -> list[int]:
    """Order places by whether they are drawn: what is done in fixed ones is kept."""
    groups = key.exercise.groups
    return sorted(
        places, key=lambda place: groups[key.calls[place].group].draws is not None
    )


def _explains(key: Key, outcomes: Sequence[Outcome], wrong: Wrong, place: int) -> bool:
    its = key.of(wrong, place)
    return same(key.exercise, key.calls[place], outcomes[place], its)


def _in_part(key: Key, outcomes: Sequence[Outcome], found: Collection[int]) -> str:
    """Say which wrong answer does the same in most failing calls, if one alone does.

    It has to be right wherever the answer is. The class of an exception proves little,
    so calls that raised are not counted for it.
    """
    places = _known_first(key, range(len(key.calls)))
    passed = [place for place in places if place not in found]
    failed = [place for place in places if place in found]
    returned = [place for place in failed if outcomes[place].state == "returned"]
    may_miss = len(returned) - len(found) // 2 - 1
    explained = {}
    for wrong in key.exercise.wrongs if may_miss >= 0 else ():
        explains = partial(_explains, key, outcomes, wrong)
        if not all(map(explains, passed)):
            continue
        missed = list(islice(filterfalse(explains, returned), may_miss + 1))
        if len(missed) <= may_miss:
            explained[wrong.sentence] = len(returned) - len(missed)
    *_, second, most = 0, 0, *sorted(explained.values())
    if most == second:
        return ""
    best = max(explained, key=lambda sentence: explained[sentence])
    return f"Part of it looks like this known mistake: {best}"


def refused(exercise: Exercise, sentence: str) -> Verdict:
    """Return the verdict on an answer that is not judged, and why."""
    return Verdict(exercise.id, REFUSED, sentence, out_of=exercise.points)


def _other_signature(exercise: Exercise, call: Call, outcome: Outcome) -> Verdict:
    wanted = ", ".join(exercise.parameters[: len(call.args)])
    return refused(
        exercise,
        f"The exercise calls {exercise.id}({wanted}); yours is "
        f"{exercise.id}{outcome.signature} and does not take these "
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
            return (
                f"The results are right, but not the way to them. {rule.sentence} "
                f"Yours has{_where(tree, line)}: `{said[:200]}`"
            )
    return ""


def _where(tree: ast.Module, line: int) -> str:
    """Name the function of the answer, or beside it, in which a line stands."""
    kinds = ast.FunctionDef | ast.ClassDef
    for node in [node for node in tree.body if isinstance(node, kinds)]:
        if node.lineno <= line <= (node.end_lineno or 0):
            return f", in `{node.name}`"
    return ""


def _groups(
    exercise: Exercise, calls: Sequence[Call], failing: Iterable[int]
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


def _size(exercise: Exercise, call: Call, outcome: Outcome) -> tuple[bool, bool, int]:
    """Order calls: those reached, then the shown ones, then by how much goes in."""
    hidden = not exercise.groups[call.group].shown
    return outcome.state == "skipped", hidden, sum(map(_entries, call.args))


def _entries(value: Plain) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_entries, value))
    return int(np.size(value))


def _kind(found: Difference, outcome: Outcome) -> str:
    """Say how a hidden case failed, without a name that the answer gave an exception.

    Such a name can be made of the case's own numbers.
    """
    if outcome.error is None:
        return found.kind
    pythons = (kind for kind in outcome.error.kinds if _is_pythons(kind))
    return f"it raised {next(pythons, 'an exception')}"


def _is_pythons(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def _failure(key: Key, place: int, outcome: Outcome, found: Difference) -> Failure:
    exercise, call = key.exercise, key.calls[place]
    group = exercise.groups[call.group]
    if not group.shown:
        return Failure(group.name, _kind(found, outcome))
    window = None
    if exercise.window and found.cell is not None and not found.path:
        window = exercise.window(call.args, found.cell)
    return Failure(
        group.name,
        found.kind,
        dict(zip(exercise.parameters, map(copied, call.args), strict=False)),
        *(outcome.value, copied(key.right()[place].value), found, window),
        *(outcome.error, outcome.printed),
    )

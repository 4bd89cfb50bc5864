"""Run the answers of a program behind walls, and judge here what comes back.

The code in a child can reach all that the child was given. So what learners may read
of it, what they printed, raised or returned, comes from a child that knew no hidden
case; what is hidden is only judged.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from coursekit.classroom.reader.program import Program
from coursekit.classroom.reader.syntax import few
from coursekit.classroom.result import NOT_GRADED
from coursekit.classroom.sandbox.client import Reply, Server, Task
from coursekit.grade.judge import judge, refused
from coursekit.grade.key import AnswerKey
from coursekit.grade.verdict import Verdict
from coursekit.runner.run import Error, Outcome

_SPARE = 5.0  # seconds for what is not calls: starting, importing, top-level statements
_OTHER_TEXT = (
    "The results are right, but the text of your function alone does not give them: "
    "other statements put another function in its place, or change what it uses. This "
    "exercise has a rule about the text. Define the function and its helpers once, "
    "with def."
)
_BY_HEART = (
    "Some of the cases that are the same for everybody are right, and none of those "
    "that were drawn for you. Alone they earn no points."
)
# What a child sends ends in "object", so none can say that it is the first of these.
_ENDED, _NOT_CALLED = ("ProcessEnded",), ("NotCalled", "object")

Ran = dict[str, list[Outcome]]  # by exercise


def verdicts(
    server: Server, found: Program, keys: Sequence[AnswerKey]
) -> tuple[dict[str, Verdict], list[str]]:
    """Return the verdict on each answer of a program, and notes on all of it.

    An answer that could not be judged has the status "not graded" and says why.
    """
    ran, whole = _run(server, found, keys)
    made = {id: _judged(key, ran[id], found) for id, key in _named(keys)}
    telling = [key for id, key in _named(keys) if _tells(made[id])]
    notes = []
    if whole.ended:
        notes.append(f"the whole {whole.ended}: each answer was run without the rest")
    if telling or whole.errors:
        shown, whole = _run(server, found, telling, hidden=False)
        for id, key in _named(telling):
            made[id] = _judged(key, _in_place(key, ran[id], shown[id]), found)
    for id, key in _named(keys):
        if key.exercise.rules and made[id].passed:
            made[id] = _by_its_text(server, found, key) or made[id]
        made[id] = _without_by_heart(key, made[id])
    notes += [f"cell {cell}: {text}" for cell, text in whole.errors if cell]
    return made, few(notes)


def _named(keys: Sequence[AnswerKey]) -> list[tuple[str, AnswerKey]]:
    return [(key.exercise.id, key) for key in keys]


def _run(
    server: Server, found: Program, keys: Sequence[AnswerKey], *, hidden: bool = True
) -> tuple[Ran, Reply]:
    """Run all answers in one child, and each alone that has no outcome then."""
    tasks = [_task(key, hidden=hidden) for key in keys]
    whole = server.ask(found.statements, tasks, seconds=_wall(tasks))
    ran = {}
    for task in tasks:
        outcomes = whole.outcomes.get(task.id)
        ran[task.id] = outcomes or _alone(server, found, task)
    return ran, whole


def _alone(server: Server, found: Program, task: Task) -> list[Outcome]:
    needed = found.needed_for(task.id)
    reply = server.ask(needed, [task], seconds=_wall([task]))
    return reply.outcomes.get(task.id) or _lost(task, reply)


def _task(key: AnswerKey, *, hidden: bool = True) -> Task:
    exercise = key.exercise
    return Task(
        exercise.id,
        tuple(
            call.args for at, call in enumerate(key.calls) if hidden or _open(key, at)
        ),
        driver=exercise.driver_source,
        repeat=not exercise.random,
        seconds=exercise.seconds,
    )


def _open(key: AnswerKey, place: int) -> bool:
    return key.exercise.groups[key.calls[place].group].shown


def _wall(tasks: Sequence[Task]) -> float:
    return _SPARE + math.fsum(task.seconds for task in tasks)


def _lost(task: Task, reply: Reply) -> list[Outcome]:
    """Return the outcomes of an answer that ended its process, or is no function."""
    error = Error(_ENDED, reply.ended, ())
    if not reply.ended:
        why = "; ".join(text for _, text in reply.errors)
        error = Error(_NOT_CALLED, why or "it was not there to be called", ())
    first = Outcome("late") if reply.late else Outcome("raised", error=error)
    return [first, *[Outcome("skipped")] * (len(task.calls) - 1)]


def _judged(key: AnswerKey, outcomes: Sequence[Outcome], found: Program) -> Verdict:
    exercise = key.exercise
    try:
        return judge(key, outcomes, found.text_of(exercise.id))
    except Exception as error:  # one answer may not end the grading of a class
        fault = f"{type(error).__name__}: {error}"
        problem = f"The judge failed ({fault}). That is a fault of the course."
        return Verdict(exercise.id, NOT_GRADED, problem, out_of=exercise.points)


def _tells(verdict: Verdict) -> bool:
    """Tell whether a verdict shows anything that the answer itself said."""
    failure = verdict.failure
    if failure is None:
        return bool(verdict.sentence)
    if failure.error is not None:
        return failure.shown and failure.error.kinds != _ENDED
    return failure.shown and (failure.value is not None or failure.printed != "")


def _in_place(
    key: AnswerKey, ran: Sequence[Outcome], shown: Sequence[Outcome]
) -> list[Outcome]:
    """Return outcomes of which only the shown ones hold words."""
    those = iter(shown)
    return [
        next(those) if _open(key, place) else _wordless(outcome)
        for place, outcome in enumerate(ran)
    ]


def _wordless(outcome: Outcome) -> Outcome:
    error = outcome.error and outcome.error._replace(message="", frames=())
    return replace(outcome, error=error, printed="", signature="")


def _without_by_heart(key: AnswerKey, verdict: Verdict) -> Verdict:
    """Take the points from an answer that is right in no drawn call.

    Fixed cases can be known: results that are written down give them right as well. A
    known mistake explains every call, so it is nobody's list of results.
    """
    pairs = list(zip(key.exercise.groups, verdict.groups, strict=False))
    drawn = [made.right for group, made in pairs if group.draws is not None]
    explained = verdict.passed or verdict.misconception
    if explained or not verdict.points or not drawn or any(drawn):
        return verdict
    nothing = tuple(replace(one, right=0) for one in verdict.groups)
    return replace(verdict, groups=nothing, note=_BY_HEART)


def _by_its_text(server: Server, found: Program, key: AnswerKey) -> Verdict | None:
    """Refuse an answer that is right, if the text that the rules read is not.

    Other statements of a program can put a function in its place that no rule saw.
    """
    alone = _alone(server, found, _task(key))
    if _judged(key, alone, found).passed:
        return None
    return refused(key.exercise, _OTHER_TEXT)

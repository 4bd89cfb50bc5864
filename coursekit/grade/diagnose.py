"""Hold one outcome to another: to the solution's, and to those of wrong answers."""

from dataclasses import replace
from functools import partial
from typing import Any

from coursekit.exercise import Args, Call, Exercise
from coursekit.exercise.scales import output_scale
from coursekit.grade.compare import NO_FRACTIONS, Bound, Difference, compare
from coursekit.grade.words import kind_of
from coursekit.runner.plain import Odd, Plain, identical
from coursekit.runner.run import Error, Outcome

UNFINISHED = {
    "late": "did not finish in {seconds:g} s. Is there a loop that never ends?",
    "stopped": "was stopped by you before it finished.",
    "skipped": "was not reached.",
}


def difference(
    exercise: Exercise, call: Call, outcome: Outcome, right: Outcome
) -> Difference | None:
    """Return how an outcome differs from that of the solution, or None."""
    if outcome.state in UNFINISHED:
        said = UNFINISHED[outcome.state].format(seconds=exercise.seconds)
        return Difference("it did not finish", said)
    if right.error is not None:
        return _unraised(outcome, right.error.kinds[0])
    if outcome.error is not None:
        named = [one for one in outcome.error.kinds if one[:1] not in "_"]
        kind = named[0] if named else "an error"
        advice = waits_for(exercise, outcome) or _no_room(outcome.error)
        return Difference(f"it raised {kind}", f"raised {kind}", advice=advice)
    return (
        _in_value(exercise, call.args, outcome.value, right.value)
        or _changed(exercise, outcome)
        or _unsteady(exercise, call.args, outcome)
    )


def unwritten(outcome: Outcome) -> bool:
    """Tell whether a call ended in a starter that nobody has filled in."""
    error = outcome.error
    return error is not None and error.own and error.kinds[0] == "NotImplementedError"


def waits_for(exercise: Exercise, outcome: Outcome) -> str:
    """Say which other function has to be written first, if a call ended in one."""
    if not unwritten(outcome) or not outcome.error or not outcome.error.frames:
        return ""
    frames = outcome.error.frames
    name = frames[-1].function
    if name in (frames[0].function, exercise.id):
        return ""
    return (
        f"`{name}`, which your function calls, is not written yet. Solve it first, "
        f"or write {exercise.id} without it."
    )


def _no_room(error: Error) -> str:
    """Say what to do where fractions were to be added into an array of integers."""
    target = error.message.partition("to dtype('")[2]
    into_integers = target.startswith(("int", "uint"))
    return NO_FRACTIONS if "UFuncTypeError" in error.kinds and into_integers else ""


def same(exercise: Exercise, call: Call, one: Outcome, other: Outcome) -> bool:
    """Tell whether two functions did the same in this call, right or wrong."""
    if one is other:
        return True
    if one.state != other.state or one.changed != other.changed:
        return False
    if one.error is not None and other.error is not None:
        return one.error.kinds[0] == other.error.kinds[0]
    if _in_value(exercise, call.args, one.value, other.value):
        return False
    unsteady = (_unsteady(exercise, call.args, outcome) for outcome in (one, other))
    return len({found is None for found in unsteady}) == 1


def _unraised(outcome: Outcome, wanted: str) -> Difference | None:
    if outcome.error is None:
        back = f"returned {kind_of(outcome.value)}"
        return Difference("no exception was raised", back, f"a {wanted}")
    if wanted in outcome.error.kinds:
        return None
    raised = f"raised {outcome.error.kinds[0]}"
    return Difference("it raised another exception", raised, f"a {wanted}")


def _in_value(
    exercise: Exercise, args: Args, got: Plain, wanted: Plain
) -> Difference | None:
    if identical(got, wanted) and not isinstance(got, Odd):
        return None
    bound = bound_of(exercise, args)
    if exercise.measure is None:
        return compare(got, wanted, bound)
    if form := compare(got, wanted, bound.form_only()):
        return form
    found = compare(_measured(exercise, got), _measured(exercise, wanted), bound)
    if found is None:
        return None
    said = found.returned.replace("returned", "was judged as", 1)
    return replace(found, returned=said, cell=None)


def bound_of(exercise: Exercise, args: Args) -> Bound:
    """Return how far an answer to this call may be off."""
    scale = partial(_scale, exercise, args)
    return Bound(scale, exercise.tolerance, exercise.dtype_graded)


def _scale(exercise: Exercise, args: Args, wanted: Plain) -> Any:
    if exercise.scale is not None:
        return exercise.scale(args, wanted)
    return output_scale(args, wanted)


def _measured(exercise: Exercise, value: Plain) -> Plain:
    assert exercise.measure is not None
    try:
        return exercise.measure(value)
    except Exception:
        return Odd("value that cannot be judged", "measure")


def _changed(exercise: Exercise, outcome: Outcome) -> Difference | None:
    if not outcome.changed:
        return None
    name = exercise.parameters[outcome.changed[0]]
    return Difference(
        "an argument was changed",
        f"changed its argument {name}",
        advice=f"Work on a copy: {name} = {name}.copy().",
    )


def _unsteady(exercise: Exercise, args: Args, outcome: Outcome) -> Difference | None:
    if outcome.steady or exercise.random:
        return None
    if _in_value(exercise, args, outcome.again, outcome.value) is None:
        return None
    return Difference(
        "two identical calls gave different answers",
        "gave another answer when it was called again with the same arguments",
        advice="Something is kept from call to call: a global, or a default argument.",
    )

"""Call a learner's function and write down what happened, in plain values only.

`run` knows nothing of right and wrong, so it can work in another process than the
judge: it takes calls and returns one `Outcome` for each.
"""

import inspect
import linecache
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from opcode import opmap
from types import FunctionType, TracebackType
from typing import Any, NamedTuple

import numpy as np

from coursekit.runner.guard import LETTERS, Printed, TimeUp, silence, time_limit
from coursekit.runner.plain import Odd, Plain, copied, identical, plain
from coursekit.runner.surroundings import no_borrowing, no_figures

Args = tuple[Any, ...]


class Frame(NamedTuple):
    """One line of the learner's own code on the way to an exception."""

    function: str
    line: int
    text: str


class Error(NamedTuple):
    """An exception: the names of its class and that class's bases, text, frames.

    `own` says that a `raise` of the learner's own code made it.
    """

    kinds: tuple[str, ...]
    message: str
    frames: tuple[Frame, ...]
    own: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one call did. `changed` numbers the arguments that it wrote to.

    `state` is "returned", "raised", "late" (the time ran out in this call), "stopped"
    (by the learner), "skipped" (not reached) or "signature" (cannot be called so).
    `again` holds the second answer to the same call where it was not the same, and
    `signature` the parameters of a function that does not take the arguments.
    """

    state: str
    value: Plain = None
    again: Plain = None
    steady: bool = True
    changed: tuple[int, ...] = ()
    error: Error | None = None
    printed: str = ""
    signature: str = ""


def run(
    function: Callable[..., Any],
    calls: Sequence[Args],
    *,
    driver: str = "",
    torch: bool = False,
    repeat: bool = True,
    seconds: float = 10.0,
) -> list[Outcome]:
    """Call the function on copies of each call's arguments.

    `driver` is the text of a function that is called instead, with the learner's
    function as its first argument. `torch` keeps torch's global state as it was.
    `repeat` makes every call twice. `seconds` limits all calls together where the
    platform has a timer (not on Windows).
    """
    target = _driven(driver, function) if driver else function
    outcomes: list[Outcome] = []
    state = "late"
    try:
        with (
            _kept(torch),
            silence() as printed,
            no_figures(),
            no_borrowing(torch),
            time_limit(seconds, _once.__code__),
        ):
            for args in calls:
                printed.start()
                outcomes.append(_call(target, function, args, repeat, printed))
    except TimeUp:
        pass
    except KeyboardInterrupt:
        state = "stopped"
    if len(outcomes) < len(calls):
        outcomes.append(Outcome(state))
    return outcomes + [Outcome("skipped")] * (len(calls) - len(outcomes))


def _kept(torch: bool) -> AbstractContextManager[None]:
    """Keep torch's global state; nothing imports torch where it is not asked for."""
    if not torch:
        return nullcontext()
    from coursekit.runner.torch_state import kept

    return kept()


def _driven(text: str, function: Callable[..., Any]) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__name__": "driver"}
    before = set(namespace)
    exec(compile(text, "<driver>", "exec"), namespace)
    made = [name for name in namespace if name not in before and name[0] != "_"]
    drive = namespace[made[-1]]
    return lambda *args: drive(function, *args)


def _call(
    target: Callable[..., Any],
    function: Callable[..., Any],
    args: Args,
    repeat: bool,
    printed: Printed,
) -> Outcome:
    if target is function and (signature := _mismatch(function, args)):
        return Outcome("signature", signature=signature)
    outcome = _once(target, function, args)
    if said := printed.getvalue():
        outcome = replace(outcome, printed=said)
    if not repeat or outcome.state != "returned":
        return outcome
    second = _once(target, function, args)
    if second.state != "returned":
        return replace(outcome, steady=False, again=Odd("exception", "raised"))
    if identical(outcome.value, second.value):
        return outcome
    return replace(outcome, steady=False, again=second.value)


def _once(
    target: Callable[..., Any], function: Callable[..., Any], args: Args
) -> Outcome:
    mine = tuple(copied(value) for value in args)
    try:
        value = plain(target(*mine))
    except (TimeUp, KeyboardInterrupt):
        raise
    except BaseException as error:
        return Outcome("raised", error=_error(error, function))
    changed = [
        n for n, pair in enumerate(zip(mine, args, strict=True)) if _differ(pair)
    ]
    return Outcome("returned", value=value, changed=tuple(changed))


def _differ(pair: tuple[Plain, Plain]) -> bool:
    mine, given = pair
    if type(mine) is not np.ndarray:  # an array is compared as it is: no copy
        mine = plain(mine)
    return not identical(mine, given)


def _mismatch(function: Callable[..., Any], args: Args) -> str:
    """Return the function's parameters if it cannot take these arguments."""
    code = function.__code__ if isinstance(function, FunctionType) else None
    if code and code.co_argcount == len(args) and not code.co_kwonlyargcount:
        return ""  # as usual; inspecting a signature takes longer than many a call
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a built-in that does not tell
        return ""
    try:
        signature.bind(*args)
    except TypeError:
        empty = inspect.Parameter.empty
        bare = [
            one.replace(annotation=empty, default=empty)
            for one in signature.parameters.values()
        ]
        return str(inspect.Signature(bare))
    return ""


def _error(error: BaseException, function: Callable[..., Any]) -> Error:
    try:
        message = str(error)[:LETTERS]
    except Exception:
        message = ""
    kinds = tuple(kind.__name__ for kind in type(error).__mro__)
    home, frames, own = _home(function), [], False
    trace = error.__traceback__
    while trace is not None:
        code, place = trace.tb_frame.f_code, trace.tb_lasti
        mine = trace.tb_frame.f_globals is home
        own = mine and code.co_code[place] == _RAISE
        if mine:
            frames.append(_frame(trace))
        trace = trace.tb_next
    return Error(kinds, message, tuple(frames), own)


_RAISE = opmap["RAISE_VARARGS"]


def _home(function: Callable[..., Any]) -> Any:
    """Return the globals of the learner's own code, also of a class or an object."""
    while isinstance(function, partial):
        function = function.func
    function = getattr(function, "__func__", function)
    if (own := getattr(function, "__globals__", None)) is not None:
        return own
    kind = function if isinstance(function, type) else type(function)
    methods = (one for one in vars(kind).values() if isinstance(one, FunctionType))
    return getattr(next(methods, None), "__globals__", None)


def _frame(trace: TracebackType) -> Frame:
    """Read one line of the learner's own code, or of a cell beside it."""
    code, line = trace.tb_frame.f_code, trace.tb_lineno
    text = linecache.getline(code.co_filename, line, trace.tb_frame.f_globals)
    return Frame(code.co_name, line, text.strip()[:200])

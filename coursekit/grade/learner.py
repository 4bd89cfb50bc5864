"""The text behind a learner's live function, and what it borrows from this course."""

import ast
import dis
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

_NAMING = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "IMPORT_NAME")


def text_of(function: Callable[..., Any]) -> str | None:
    """Return the source of a function and of its own helpers, if it can be read."""
    texts = []
    try:
        for part in _parts(function):
            texts.append(textwrap.dedent(inspect.getsource(part)))
            ast.parse(texts[-1])
    except (OSError, TypeError, SyntaxError):
        return None
    return "\n".join(texts)


def borrowed(function: Callable[..., Any]) -> str:
    """Return the name of an operation of this course that the function is or uses."""
    for part in _parts(function):
        if _is_ours(str(getattr(part, "__module__", ""))):
            return f"{part.__module__}.{getattr(part, '__name__', '')}"
        for operation, name in _instructions(part):
            value = _value(part, name)
            if operation == "IMPORT_NAME" and _is_ours(name):
                return name
            if isinstance(value, ModuleType) and _is_ours(value.__name__):
                return value.__name__
    return ""


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == "coursekit"


def _parts(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Yield the function and those it names: from its own cells or of this course."""
    waiting, seen = [function], {id(function)}
    while waiting:
        part = waiting.pop(0)
        yield part
        for _, name in _instructions(part):
            value = _value(part, name)
            if not isinstance(value, FunctionType) or id(value) in seen:
                continue
            beside = value.__globals__ is getattr(part, "__globals__", None)
            if beside or _is_ours(str(value.__module__)):
                seen.add(id(value))
                waiting.append(value)


def _instructions(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """Yield (operation, name) where a function's code reaches out of itself."""
    codes = [function.__code__] if isinstance(function, FunctionType) else []
    while codes:
        code = codes.pop()
        codes += [inner for inner in code.co_consts if inspect.iscode(inner)]
        for step in dis.get_instructions(code):
            if step.opname in _NAMING:
                yield step.opname, str(step.argval)


def _value(function: Callable[..., Any], name: str) -> Any:
    """Return what a name in a function's code stands for, if it is known by now."""
    if not isinstance(function, FunctionType):
        return None
    names, closure = function.__code__.co_freevars, function.__closure__ or ()
    cells = dict(zip(names, closure, strict=True))
    if name in cells:
        return getattr(cells[name], "cell_contents", None)
    return function.__globals__.get(name)

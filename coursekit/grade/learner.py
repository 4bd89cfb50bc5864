"""What a learner's live function is made of: the values it reaches, and their text."""

import ast
import inspect
import sys
import textwrap
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

OURS = Path(__file__).parents[1]

_PYTHON = f"{Path(inspect.__file__).parent}"
_PACKAGES = "site-packages", "dist-packages"
_COLLECTIONS: Any = (list, tuple, set, frozenset)
_ENTRIES, _VALUES = 100, 2000  # of one collection, and of one walk


def walk(function: Callable[..., Any]) -> Iterator[Any]:
    """Yield what a function is made of and what it names, each value once.

    Into the values of libraries it does not look.
    """
    waiting: deque[Any] = deque([function])
    seen: dict[int, Any] = {}  # keeps them alive, so that no id comes twice
    while waiting and len(seen) < _VALUES:
        value = waiting.popleft()
        if id(value) in seen:
            continue
        seen[id(value)] = value
        yield value
        waiting.extend(_inside(value))


def text_of(function: Callable[..., Any]) -> str | None:
    """Return the source of a function and of its own helpers, if it can be read."""
    texts, renamed = [], []
    for part in walk(function):
        if not is_a(part, FunctionType) or is_library(part):
            continue
        text = _source(part.__code__)
        if text is None:
            return None
        texts.append(text)
        renamed += [_import(name, value) for name, value in names(part)]
    return "\n".join([*texts, *filter(None, renamed)]) if texts else None


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield a code and those of the functions that are written in it."""
    waiting = [code]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [inner for inner in code.co_consts if inspect.iscode(inner)]


def names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield (name, value) for what a function takes from outside, if it is known.

    Of a module of the learner's own, that is also what the function takes out of it.
    """
    for name, cell in zip(
        function.__code__.co_freevars, function.__closure__ or (), strict=True
    ):
        yield name, getattr(cell, "cell_contents", None)
    said = dict.fromkeys(
        name for code in codes_in(function.__code__) for name in code.co_names
    )
    places: list[Mapping[str, Any]] = [function.__globals__, sys.modules]
    for place in places:  # grows while it is read
        for name in said:
            value = place.get(name)
            if place is sys.modules and is_library(value):
                continue
            if value is not None:
                yield name, value
            own = is_a(value, ModuleType) and not is_library(value)
            if own and all(vars(value) is not known for known in places):
                places.append(vars(value))


def is_library(value: Any) -> bool:
    """Tell whether a function, class, module or object is Python's or a package's."""
    if is_a(value, FunctionType):
        file = str(value.__code__.co_filename)
    elif is_a(value, ModuleType):
        file = str(getattr(value, "__file__", None) or "")
        if not file:
            return bool(value.__name__ != "__main__")
    else:
        kind = value if is_a(value, type) else type(value)
        module = sys.modules.get(str(type.__dict__["__module__"].__get__(kind)))
        if module is None:
            return False
        return is_library(module)
    installed = file.startswith(_PYTHON) or any(one in file for one in _PACKAGES)
    return installed and not is_ours(file)


def is_a(value: Any, *kinds: type) -> bool:
    """Tell whether a value is of one of these kinds, whatever it says of itself."""
    return any(issubclass(type(value), kind) for kind in kinds)


def is_ours(file: str) -> bool:
    """Tell whether a file is one of this course."""
    return file.startswith(f"{OURS}{'/' if '/' in file else chr(92)}")


def _inside(value: Any) -> Iterator[Any]:
    """Yield the values that one value holds."""
    if is_a(value, FunctionType):
        if not is_library(value):
            yield from (one for _, one in names(value))
            yield from value.__defaults__ or ()
            yield from (value.__kwdefaults__ or {}).values()
            yield from vars(value).values()
    elif is_a(value, partial):
        yield from (value.func, value.args, value.keywords)
    elif is_a(value, MethodType):
        yield from (value.__func__, value.__self__)
    elif is_a(value, staticmethod, classmethod):
        yield value.__func__
    elif is_a(value, property):
        yield from (value.fget, value.fset)
    elif is_a(value, dict):
        yield from islice(dict.values(value), _ENTRIES)
    elif kind := next((one for one in _COLLECTIONS if is_a(value, one)), None):
        yield from islice(kind.__iter__(value), _ENTRIES)
    elif is_a(value, type) and not is_library(value):
        yield from vars(value).values()
        yield from value.__mro__[1:]
    elif not is_a(value, type, ModuleType):
        if not is_library(value):
            yield type(value)
        try:
            held = object.__getattribute__(value, "__dict__")
        except AttributeError:
            return
        yield from islice(held.values(), _ENTRIES)


def _source(code: CodeType) -> str | None:
    try:
        text = textwrap.dedent(inspect.getsource(code))
        ast.parse(text)
    except (OSError, TypeError, SyntaxError):
        return _from_cells(code)
    return text


def _from_cells(code: CodeType) -> str | None:
    """Return a function's text from the cells that were run: %%time hides it."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    for cell in reversed(shell.history_manager.input_hist_raw if shell else []):
        while cell.startswith("%%"):
            cell = cell.partition("\n")[2]
        cell = shell.transform_cell(cell)
        try:
            compiled = compile(cell, code.co_filename, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        if any(one == code for one in codes_in(compiled)):
            lines = cell.splitlines(keepends=True)[code.co_firstlineno - 1 :]
            return textwrap.dedent("".join(inspect.getblock(lines)))
    return None


def _import(name: str, value: Any) -> str:
    """Write how a function that goes by another name than its own came by it."""
    real = getattr(value, "__name__", None) if callable(value) else None
    if type(real) is not str or real == name or not real.isidentifier():
        return ""
    if not is_library(value):
        return ""
    return f"from {getattr(value, '__module__', None) or 'builtins'} import {real}"

"""Which answers borrow the operation that the task is to write.

The policy, in one sentence: an answer uses Python, NumPy and functions of its author's
own; one about PyTorch may use torch too. In a notebook this look is a friendly word and
no lock: what is put together while the code runs is not seen by it.
"""

import ast
import dis
import re
from collections.abc import Callable, Iterable, Iterator
from textwrap import indent
from types import FunctionType, ModuleType
from typing import Any, TypeGuard

from coursekit.grade.learner import OURS, codes_in, is_a, is_library, is_ours, walk
from coursekit.runner.surroundings import BORROWED, TORCH

_BY_STRING = {"__import__", "import_module", "modules", "exec", "eval"}
_SUSPECT = {
    torch: re.compile(
        "|".join(sorted((BORROWED - (TORCH if torch else set())) | _BY_STRING))
    )
    for torch in (False, True)
}


def sentence(name: str) -> str:
    """Say why an answer that uses this module or function is not accepted."""
    if _root(name) == "coursekit":
        return (
            f"This uses {name}, the course's own code. Write the function yourself; "
            "compare with the course's afterwards."
        )
    return (
        f"This uses {name}. Here you write the operation yourself, with Python, NumPy "
        "and functions of your own; compare with the library's afterwards."
    )


def borrowed(function: Callable[..., Any], *, torch: bool = False) -> str:
    """Return the name of what a live function borrows, or nothing; see the policy.

    It is found by any name, as a default, in a collection, behind functools.partial, a
    method or an object that can be called, and in a file of the learner's own.
    """
    for value in walk(function):
        if name := _name_of(value, torch) or _said_in(value, torch):
            return name
    return ""


def borrowed_in(text: str, *, torch: bool = False) -> str:
    """Return what the text of a function, its helpers and their imports borrows.

    An import outside of functions counts only if the name that it binds is used.

    >>> borrowed_in("import scipy.signal as s\\ndef f(x): return s.convolve(x, x)")
    'scipy.signal'
    >>> borrowed_in("import torch\\ndef f(x): return x")
    ''
    """
    # Python reads other letters as if they were these.
    if text.isascii() and not _SUSPECT[torch].search(text):
        return ""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ""
    nodes = list(ast.walk(tree))
    loaded = {one.id for one in nodes if _is_name(one, stored=False)}
    bound = {one.id for one in nodes if _is_name(one, stored=True)}
    bound |= {one.arg for one in nodes if isinstance(one, ast.arg)}
    for node in nodes:
        for name, alias in _imported(node):
            bound.add(alias)
            if node in tree.body and alias not in {*loaded, "*"}:
                continue
            if _is_borrowed(name, torch):
                return name
    free = sorted(name for name in loaded - bound if _is_borrowed(name, torch))
    return next((name for name in [*free, *_by_string(nodes, torch)] if name), "")


def _is_borrowed(name: str, torch: bool) -> bool:
    root = _root(name)
    return root in BORROWED and not (torch and root in TORCH)


def _root(name: str) -> str:
    return "coursekit" if name.startswith("coursekit_") else name.partition(".")[0]


def _is_name(node: ast.AST, stored: bool) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) != stored


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (module, name that it gets) for what an import statement brings."""
    for one in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
        module = node.module if isinstance(node, ast.ImportFrom) else one.name
        yield str(module), one.asname or one.name.partition(".")[0]


def _by_string(nodes: Iterable[ast.AST], torch: bool) -> Iterator[str]:
    """Yield what calls such as __import__("scipy") or exec("import scipy") bring."""
    for node in nodes:
        if isinstance(node, ast.Call):
            called, inside = node.func, node.args
        elif isinstance(node, ast.Subscript):
            called, inside = node.value, [node.slice]
        else:
            continue
        name = getattr(called, "id", getattr(called, "attr", ""))
        for one in inside if name in _BY_STRING else ():
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield _in_string(one.value, torch)


def _in_string(text: str, torch: bool) -> str:
    if _is_borrowed(text, torch):
        return text
    return borrowed_in(f"def f():\n{indent(text, ' ')}", torch=torch)


def _said_in(value: Any, torch: bool) -> str:
    """Return what the code of a function imports, by a statement or a string."""
    if not is_a(value, FunctionType) or is_library(value):
        return ""
    for code in codes_in(value.__code__):
        if any(_is_borrowed(name, torch) for name in code.co_names):
            for step in dis.get_instructions(code):
                name = str(step.argval)
                if step.opname == "IMPORT_NAME" and _is_borrowed(name, torch):
                    return name
        strings = [one for one in code.co_consts if isinstance(one, str)]
        for one in strings if _BY_STRING & {*code.co_names} else ():
            if name := _in_string(one, torch):
                return name
    return ""


def _name_of(value: Any, torch: bool) -> str:
    """Return the full name of a value that belongs to a borrowed library."""
    kind = value if is_a(value, type) else type(value)
    module = str(type.__dict__["__module__"].__get__(kind))
    if is_a(value, ModuleType):
        return value.__name__ if _is_borrowed(value.__name__, torch) else ""
    if is_a(value, FunctionType) and is_ours(value.__code__.co_filename):
        module = value.__module__ if _root(value.__module__) in BORROWED else OURS.name
    elif is_library(value) and not is_a(value, type):
        module = str(getattr(value, "__module__", None) or module)
    if not _is_borrowed(module, torch):
        return ""
    return f"{module}.{getattr(value, '__name__', kind.__name__)}"

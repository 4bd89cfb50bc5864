"""What the text of a solution may not contain: the rules of an `Exercise`.

A rule reads the syntax tree and sees what is written there. A name that is put together
while the code runs, as getattr(np, "p" + "ad") does, is not seen.
"""

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

import numpy as np

from coursekit.exercise.exercise import Rule

_LOOPS = (
    *(ast.For, ast.AsyncFor, ast.While),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_WORDS = {"map", "filter", "reduce", "accumulate", "starmap", "eval", "exec"}
_NUMPY_LOOPS = {
    *("vectorize", "frompyfunc", "fromfunction", "fromiter"),
    *("apply_along_axis", "apply_over_axes"),
}


def _loops(tree: ast.AST) -> Iterator[int]:
    nodes = list(ast.walk(tree))
    own = set(_assigned(nodes)) | {name for name, _ in _named(nodes)}
    for node in nodes:
        if isinstance(node, _LOOPS) or _hides_a_loop(node, own):
            yield getattr(node, "lineno", 1)
    yield from _recursions(nodes)


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _hides_a_loop(node: ast.AST, own: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in (_WORDS | _NUMPY_LOOPS) - own
    if isinstance(node, ast.alias):
        return node.name in _WORDS | _NUMPY_LOOPS
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _WORDS and _is_module(node.func.value)
    return isinstance(node, ast.Attribute) and node.attr in _NUMPY_LOOPS


def _is_module(node: ast.AST) -> bool:
    """Tell a module's name from a ufunc's: np.add.reduce works on whole arrays."""
    if not isinstance(node, ast.Name) or node.id == "self":
        return False
    return not isinstance(getattr(np, node.id, None), np.ufunc)


def _recursions(nodes: list[ast.AST]) -> Iterator[int]:
    """Yield the first lines of functions that call each other in a ring, or itself."""
    calls: dict[str, set[str]] = {}
    lines: dict[str, int] = {}
    for name, function in _named(nodes):
        inside = list(ast.walk(function))
        calls[name] = {*map(_named_by, inside)} - {*_assigned(inside)}
        lines[name] = function.lineno
    known = {name: them & calls.keys() for name, them in calls.items()}
    try:  # in one walk, for anybody may have written this
        TopologicalSorter(known).prepare()
    except CycleError as error:
        yield from (lines[name] for name in error.args[1])


def _named(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            target = _named_by(node.targets[0])
            if target:
                yield target, node.value


def _named_by(node: ast.AST) -> str:
    """Return the function that a node names: f, or self.f in a class."""
    if isinstance(node, ast.Attribute) and _is_name(node.value, "self"):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


NO_LOOPS = Rule(
    "This exercise asks for whole-array operations: no for, no while, no "
    "comprehension, no function that calls itself, and nothing that hides a loop, such "
    "as map or np.vectorize. These words are looked for in your function and in your "
    "own functions that it calls.",
    _loops,
)


def forbids(name: str, sentence: str) -> Rule:
    """Make the rule that a function, such as "np.pad", is not used.

    Its last name counts, whatever it is taken from: np.pad, numpy.pad, or an imported
    pad. A function of that name that the learner defines is the learner's own.
    """
    last = name.rpartition(".")[2]

    def used(tree: ast.AST) -> Iterator[int]:
        nodes = list(ast.walk(tree))
        own = any(isinstance(n, ast.FunctionDef) and n.name == last for n in nodes)
        for node in nodes:
            taken = isinstance(node, ast.Attribute) and node.attr == last
            imported = isinstance(node, ast.alias) and node.name == last
            called = isinstance(node, ast.Call) and _is_name(node.func, last)
            if taken or imported or (called and not own):
                yield getattr(node, "lineno", 1)

    return Rule(sentence, used)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name

"""What the text of a solution may not contain: the rules of an `Exercise`."""

import ast
from collections.abc import Iterator

from coursekit.exercise.exercise import Rule

_LOOPS = (
    *(ast.For, ast.AsyncFor, ast.While),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_HIDDEN_LOOPS = {"map", "vectorize", "apply_along_axis", "fromfunction", "fromiter"}


def _loops(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "attr", None)
        if isinstance(node, _LOOPS) or name in _HIDDEN_LOOPS:
            yield getattr(node, "lineno", 1)


NO_LOOPS = Rule(
    "This exercise asks for whole-array operations: no for, no while, no "
    "comprehension and nothing that hides one, such as map or np.vectorize.",
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

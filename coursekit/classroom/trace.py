"""What is left of an answer without its names: a digest and a set of fingerprints.

Fingerprints are checksums of runs of tokens, of which winnowing keeps a part: the same
ones wherever the same run stands (Schleimer, Wilkerson and Aiken, SIGMOD 2003).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zlib import crc32

LONG = 100_000  # letters of an answer beyond which it is not compared
RUN, WINDOW = 9, 4  # tokens in a fingerprint; fingerprints of which one is kept

_NUMPY = {"np": "numpy"}  # where the import is not part of the text
_LEFT_OUT = {"annotation", "returns", "type_comment", "type_params", "simple", "kind"}
_NAMES = {"id", "arg", "name", "names"}  # fields that hold words of the learner's own
_FIELDS = {
    kind: tuple(key for key in kind._fields if key not in {*_LEFT_OUT, "ctx"})
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_IDLE = ast.Import, ast.ImportFrom, ast.Pass
_DEFINITIONS = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler

Token = tuple[str, str]  # as all of an answer is compared, and as its parts are


@dataclass(frozen=True)
class Trace:
    """One answer without its names: a digest of all of it, and its fingerprints."""

    digest: bytes
    tokens: int = field(compare=False)
    prints: tuple[int, ...] = field(compare=False, repr=False)


def trace(text: str) -> Trace | None:
    """Return what is compared of an answer; None if it is no Python, or too long.

    >>> one, two = "def f(x): return x + 1_000", "def g(y): return y+1000  # more"
    >>> trace(one) == trace(two), trace(one) == trace("def f(x): return x - 1_000")
    (True, False)
    """
    if len(text) > LONG:
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    own, modules = _names(tree)
    lines = (list(_tokens(one, own, modules)) for one in tree.body)
    statements = sorted(filter(None, lines))
    whole = [[exact for exact, _ in line] for line in statements]
    prints = {part for line in statements for part in _winnowed(line)}
    return Trace(
        sha256(repr(whole).encode()).digest(),
        sum(map(len, statements)),
        tuple(sorted(prints)),
    )


def _names(tree: ast.AST) -> tuple[set[str], dict[str, str]]:
    """Return the names that the text makes, and what its imported ones stand for."""
    own, modules = set(), dict(_NUMPY)
    node: Any
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                own.add(node.id)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            home = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                modules[alias.asname or alias.name] = f"{home}{alias.name}"
        elif type(node) in _DEFINITIONS and node.name:
            own.add(node.name)
    return own - modules.keys(), modules


def _tokens(
    tree: Any, own: AbstractSet[str], modules: Mapping[str, str]
) -> Iterator[Token]:
    """Yield the nodes of one statement in the order of the text, names numbered.

    No function calls itself here, for how deep an answer is nested is its own choice.
    """
    numbers: dict[str, int] = {}
    waiting = [tree]
    while waiting:
        node: Any = waiting.pop()
        if _is_remark(node):
            continue
        kind = type(node)
        if kind is ast.AnnAssign:
            node, kind = ast.Assign([node.target], node.value), ast.Assign
        words = [(kind.__name__,) * 2]
        children = []
        for key in _FIELDS[kind]:
            value = getattr(node, key)
            several = type(value) is list
            kept = [
                one for one in (value if several else [value]) if not _is_remark(one)
            ]
            words += [(str(len(kept)), "")] if several else []
            for one in kept:
                if isinstance(one, ast.AST):
                    children.append(one)
                    words.append((":", ""))
                elif key in _NAMES and type(one) is str:
                    words.append(_name(one, own, modules, numbers))
                else:
                    words.append(_constant(one, key))
        exact, loose = zip(*words, strict=True)
        yield " ".join(exact), " ".join(loose)
        waiting += reversed(children)


def _is_remark(node: Any) -> bool:
    """Tell whether a node is left out: imports, and what does nothing.

    That is a docstring, a name that is only annotated, and pass.
    """
    kind = type(node)
    if kind is ast.Expr:
        return type(node.value) is ast.Constant
    return kind in _IDLE or (kind is ast.AnnAssign and node.value is None)


def _name(
    name: str,
    own: AbstractSet[str],
    modules: Mapping[str, str],
    numbers: dict[str, int],
) -> Token:
    if name in own:
        return f"v{numbers.setdefault(name, len(numbers))}", "v"
    return (modules.get(name, name),) * 2


def _constant(value: object, key: str) -> Token:
    """Write 2.0 as 2; in hexadecimal, for Python writes no decimal of 5000 digits."""
    if isinstance(value, str) and key == "value":
        return repr(value), "str"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return (hex(value) if type(value) is int else repr(value),) * 2


def _winnowed(line: Sequence[Token]) -> Iterator[int]:
    """Yield the smallest checksum of every `WINDOW` runs of `RUN` tokens."""
    words = [loose for _, loose in line]
    sums = [
        crc32(" ".join(words[start : start + RUN]).encode())
        for start in range(max(1, len(words) - RUN + 1))
    ]
    for start in range(max(1, len(sums) - WINDOW + 1)):
        yield min(sums[start : start + WINDOW])

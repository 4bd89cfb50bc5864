"""Which names a top-level statement binds, and which it reads, by Python's scopes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from symtable import Symbol, SymbolTable

from coursekit.classroom.reader.syntax import scopes

_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_MAYBE = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match),
    *(ast.Import, ast.ImportFrom, ast.AugAssign, ast.Delete),
)


@dataclass(frozen=True)
class Names:
    """The names of one statement.

    `changes` are names whose value it writes into, as in x[0] = 1; `now` is read while
    the statement runs, `later` when a function in it is called. `surely`: whatever
    stood in the bound names before is gone. An import is not sure, for it may fail.
    """

    binds: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    surely: bool = True
    defines: bool = False
    imports: str = ""  # "", "names", "all" (a star) or "future"


def names_of(text: str, node: ast.stmt) -> Names:
    """Return the names of a statement, given its text and its tree.

    >>> text = "def f(x): return np.sum(g(x))"
    >>> sorted(names_of(text, ast.parse(text).body[0]).later)
    ['g', 'np']
    """
    table = scopes(text)
    now: set[str] = set()
    later: set[str] = set()
    _read(table, now, later)
    bound = {one.get_name() for one in table.get_symbols() if _is_bound(one)}
    changed = set(_written_into(node))
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        now.add(node.target.id)
    return Names(
        binds=frozenset(() if isinstance(node, ast.Delete) else bound),
        changes=frozenset(changed),
        now=frozenset(now | changed),
        later=frozenset(later),
        surely=not isinstance(node, _MAYBE),
        defines=_is_definition(node),
        imports=_imports(node),
    )


def _is_bound(symbol: Symbol) -> bool:
    return bool(symbol.is_assigned() or symbol.is_imported())


def _read(table: SymbolTable, now: set[str], later: set[str]) -> None:
    """Collect the names that a scope and those inside it take from the top level."""
    for symbol in table.get_symbols():
        outer = table.get_type() == "module" or symbol.is_global()
        if outer and symbol.is_referenced():
            now.add(symbol.get_name())
    for inner in table.get_children():
        waits = inner.get_type() == "function"
        waits = waits and inner.get_name() not in _COMPREHENSIONS
        _read(inner, later if waits else now, later)


def _written_into(node: ast.stmt) -> Iterator[str]:
    """Yield x for x[0] = 1, x.a = 1 and x[0] += 1."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    while targets:
        target = targets.pop()
        if isinstance(target, ast.Tuple | ast.List):
            targets += target.elts
        holder = target
        while isinstance(holder, ast.Attribute | ast.Subscript | ast.Starred):
            holder = holder.value
        if isinstance(holder, ast.Name) and holder is not target:
            yield holder.id


def _is_definition(node: ast.stmt) -> bool:
    made = isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
    return made or isinstance(node, _DEFINITIONS)


def _imports(node: ast.stmt) -> str:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return "future"
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        return "all"
    return "names" if isinstance(node, ast.Import | ast.ImportFrom) else ""

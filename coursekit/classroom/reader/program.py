"""Find in the statements of a submission what belongs to one answer."""

from __future__ import annotations

import builtins
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

from coursekit.classroom.reader.cells import Cell
from coursekit.classroom.reader.statements import Statement, statements_of
from coursekit.classroom.reader.syntax import few, shown

__all__ = ["Program", "Statement", "program"]


@dataclass(frozen=True)
class Program:
    """The top-level statements of a submission, in order, and notes for its reader."""

    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = ()

    def defines(self, name: str) -> bool:
        """Tell whether a statement binds the name.

        >>> program([Cell("f = lambda x: x", 1)]).defines("f")
        True
        """
        name = normalize("NFKC", name)
        return any(self._binds(name, i) for i in self._uses.get(name, []))

    def text_of(self, name: str) -> str | None:
        """Return the text of a definition, its own helpers and their imports.

        It begins with the definition. None if the name is not defined.

        >>> cell = Cell("import numpy as np\\nimport os\\nf = lambda x: np.sum(x)", 1)
        >>> program([cell]).text_of("f")
        'f = lambda x: np.sum(x)\\nimport numpy as np'
        """
        name = normalize("NFKC", name)
        if not self.defines(name):
            return None
        reached = self._reached(name)
        own = [i for i in reached if self._binds(name, i)]
        texts = [self.statements[i].text for i in reversed(own)]
        # Else an import would stand there as one that nobody uses.
        if all(self.statements[i].names.imports for i in own):
            texts.append(name)
        others = {*reached} - {*own}
        if self._unknown(reached):
            others |= set(self._importing("all"))
        texts += [self.statements[i].text for i in sorted(others)]
        return "\n".join(texts)

    def needed_for(self, name: str) -> tuple[Statement, ...]:
        """Return the imports, definitions and assignments that a name needs, in order.

        >>> cell = Cell("k = 2\\nprint(k)\\ndef f(x): return k * x", 1)
        >>> [one.text for one in program([cell]).needed_for("f")]
        ['k = 2', 'def f(x): return k * x']
        """
        name = normalize("NFKC", name)
        if not self.defines(name):
            return ()
        reached = {*self._reached(name)}
        reached.update(self._importing("all"), self._importing("future"))
        return tuple(self.statements[i] for i in sorted(reached))

    def until(self, name: str) -> Program | None:
        """Return the program up to the cell that defines a name, and a note on it.

        None where no later cell sets anything anew that the name depends on: in a
        notebook it was checked before that.

        >>> texts = "def g(): return 1", "def f(): return g()", "g = None"
        >>> whole = program([Cell(text, at) for at, text in enumerate(texts, 1)])
        >>> whole.until("f").notes[-1]
        'judged as it stood after cell 2: `g` is set anew in cell 3'
        """
        name = normalize("NFKC", name)
        own = [i for i in self._uses.get(name, []) if self._binds(name, i)]
        if not own:
            return None
        cell = self.statements[own[-1]].cell
        end = bisect_right(self.statements, cell, key=lambda one: one.cell)
        before = Program(self.statements[:end], self.notes)
        names = [before.statements[i].names for i in before._reached(name)]
        read = {one for them in names for one in them.now | them.later}
        known = {one.text for one in before.statements}  # imports stand in many cells
        for one in self.statements[end:]:
            anew = read & (one.names.binds | one.names.changes)
            if anew and one.text not in known:
                note = (
                    f"judged as it stood after cell {cell}: `{shown(min(anew))}` is "
                    f"set anew in cell {one.cell}"
                )
                return Program(before.statements, (*self.notes, note))
        return None

    @cached_property
    def _uses(self) -> defaultdict[str, list[int]]:
        """For each name the statements that bind it or write into it."""
        uses: defaultdict[str, list[int]] = defaultdict(list)
        for i, statement in enumerate(self.statements):
            for name in statement.names.binds | statement.names.changes:
                uses[name].append(i)
        return uses

    def _binds(self, name: str, i: int) -> bool:
        return name in self.statements[i].names.binds

    def _importing(self, what: str) -> Iterator[int]:
        for i, statement in enumerate(self.statements):
            if statement.names.imports == what:
                yield i

    def _unknown(self, reached: Sequence[int]) -> bool:
        """Tell whether a name is read that only a star import can have brought."""
        names = [self.statements[i].names for i in reached]
        read = {name for one in names for name in one.now | one.later}
        return any(not self._uses.get(n) and not hasattr(builtins, n) for n in read)

    def _reached(self, name: str) -> list[int]:
        """Return the numbers of the statements that a name's value depends on."""
        end = len(self.statements)
        found: set[int] = set()
        walked: set[tuple[str, int]] = set()
        waiting = [(name, end)]
        while waiting:
            name, before = waiting.pop()
            for i in self._standing(name, before, walked):
                if i not in found:
                    found.add(i)
                    names = self.statements[i].names
                    waiting += [(one, i) for one in names.now]
                    waiting += [(one, end) for one in names.later]
        return sorted(found)

    def _standing(
        self, name: str, before: int, walked: set[tuple[str, int]]
    ) -> Iterator[int]:
        """Yield what a name's value can come from, backwards to the last sure one.

        A name that is read before it is bound may be bound on another way.
        """
        uses = self._uses.get(name, [])
        for i in reversed(uses[: bisect_left(uses, before)] or uses):
            if (name, i) in walked:
                return
            walked.add((name, i))
            yield i
            if self.statements[i].names.surely and self._binds(name, i):
                return


def program(cells: Sequence[Cell], notes: Sequence[str] = ()) -> Program:
    """Return the program that the code cells make, with these notes and more."""
    statements, said = statements_of(cells)
    return Program(tuple(statements), tuple(few([*notes, *said])))

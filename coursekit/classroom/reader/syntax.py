"""Parse text that anybody may have written, and cut long or odd words for a note."""

from __future__ import annotations

import ast
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from symtable import SymbolTable, symtable
from typing import TypeVar

T = TypeVar("T")

NOTES = 40  # of one submission


def parsed(text: str) -> list[ast.stmt]:
    """Return the statements of a text.

    Raises: SyntaxError, whatever Python has against the text.
    """
    return _quietly(lambda: ast.parse(text)).body


def compiled_alone(text: str) -> None:
    """Compile a text and throw the code away.

    Raises: SyntaxError, also for a return or await outside of a function.
    """
    _quietly(lambda: compile(text, "<cell>", "exec", dont_inherit=True))


def scopes(text: str) -> SymbolTable:
    """Return Python's table of the names in a text that compiles."""
    return _quietly(lambda: symtable(text, "<cell>", "exec"))


def shown(text: str, width: int = 60) -> str:
    """Return a text as one line that can stand in a note.

    >>> shown("a\\n\\u202eb" + 90 * "c", 8)
    'a bcc...'
    """
    words = " ".join(text[: 4 * width].split())
    clean = "".join(one for one in words if unicodedata.category(one)[0] != "C")
    return clean if len(clean) <= width else f"{clean[: width - 3]}..."


def few(notes: Sequence[str]) -> list[str]:
    """Return the first notes, and how many more there are.

    >>> few(["a", "b"])
    ['a', 'b']
    """
    left = len(notes) - NOTES
    return [*notes[:NOTES], f"and {left} more notes"] if left > 0 else list(notes)


def _quietly(work: Callable[[], T]) -> T:
    """Parse or compile without Python's warnings, and with one kind of error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a string is the learner's affair
        try:
            return work()
        except SyntaxError:
            raise
        except (RecursionError, MemoryError):
            # So Python's parser says that its stack, not the memory, is used up.
            raise SyntaxError("it is nested too deeply") from None
        except ValueError as error:
            raise SyntaxError(str(error)) from None

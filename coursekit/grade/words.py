"""Plain values in words: numbers, kinds, calls, the way messages write them."""

import numpy as np

from coursekit.runner.plain import Odd, Plain

SMALL = 12  # entries of an array that is written out in a sentence


def is_number(value: Plain) -> bool:
    """Tell whether a plain value is a number; True and False are none."""
    return isinstance(value, int | float | complex | np.floating) and not isinstance(
        value, bool
    )


def number_text(value: Plain, beside: Plain = None) -> str:
    """Write a number with the digits that tell it from the one beside it.

    >>> number_text(0.1 + 0.2), number_text(1.00000012, 1.0)
    ('0.3', '1.0000001')
    """
    value, beside = _python(value), _python(beside)
    if not isinstance(value, float):
        return repr(value)[:60]
    comparable = type(beside) in (int, float) and abs(beside) < 1e300
    other = float(beside) if comparable else None
    for digits in (6, 8):
        text = f"{value:.{digits}g}"
        if other is None or other == value or f"{other:.{digits}g}" != text:
            return text
    return repr(value)


def _python(value: Plain) -> Plain:
    return value.item() if isinstance(value, np.generic | np.ndarray) else value


def kind_of(value: Plain) -> str:
    """Say in words what a plain value is.

    >>> kind_of([1, 2]), kind_of(np.zeros((2, 3)))
    ('a list of 2 entries', 'an array of shape (2, 3)')
    """
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple | dict):
        entries = "1 entry" if len(value) == 1 else f"{len(value)} entries"
        return f"a {type(value).__name__} of {entries}"
    if isinstance(value, bool):
        return f"the truth value {value}"
    if isinstance(value, str):
        return f"the string {value[:60]!r}"
    if isinstance(value, Odd):
        return value.name
    if value is None:
        return "None"
    names = {int: "whole number", float: "number", complex: "complex number"}
    name = names.get(type(value), f"{type(value).__name__} number")
    return f"the {name} {repr(value) if type(value) is float else number_text(value)}"


def call_text(name: str, args: dict[str, Plain], shapes: bool = False) -> str:
    """Write a call with short arguments; large arrays, or all, by their shapes.

    >>> call_text("corr1d", {"x": np.arange(3), "k": np.ones((5, 5))})
    'corr1d(x, k) with x = [0, 1, 2] and k of shape (5, 5)'
    """
    shown = [f"{key} {_short(value, shapes)}" for key, value in args.items()]
    head = f"{name}({', '.join(args)})"
    if not shown:
        return head
    *front, last = shown
    return f"{head} with {', '.join(front)}{' and ' if front else ''}{last}"


def _short(value: Plain, shapes: bool) -> str:
    if isinstance(value, np.ndarray) and (shapes or value.size > SMALL):
        return f"of shape {value.shape}"
    if isinstance(value, Odd):  # of an array that was not kept
        return f"= {value.name}"
    text = literal(value)
    return f"= {text}" if len(text) <= 100 else f"= {kind_of(value)}"


def literal(value: Plain) -> str:
    """Write a value as Python would read it, numbers with six digits.

    >>> literal(np.array([[1 / 3, 2]]))
    '[[0.333333, 2]]'
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return f"({', '.join(map(literal, value))}{comma})"
    return number_text(value)

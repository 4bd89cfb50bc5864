"""Plain values: what may pass from a learner's code to the judge.

Exact built-in types, NumPy's own numbers and plain arrays, copied. Everything else
becomes `Odd`, which has a name and no behaviour, so nothing that the judge touches can
answer back: no `__eq__` that is always true, no array subclass, no object array.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Plain = Any  # None bool int float complex str np.float32 array tuple list dict Odd

_DEPTH, _ENTRIES, _LETTERS, _BITS = 6, 10_000, 10_000, 10_000
_BYTES = 256 * 2**20  # of all arrays and entries of one value together
_ENTRY = 1024  # bytes that an entry counts for: it costs time too


@dataclass(frozen=True)
class Odd:
    """A value that is not plain: its type's name and why it was refused."""

    name: str
    why: str


def plain(value: Any) -> Plain:
    """Copy a value into plain types.

    >>> plain((np.int64(2), [True, None]))
    (2, [True, None])
    >>> plain(np.array([None]))
    Odd(name='array of dtype object', why='dtype')
    >>> plain(np.broadcast_to(0.0, (10**5, 10**5)))
    Odd(name='array of shape (100000, 100000)', why='size')
    """
    return _plain(value, _DEPTH, Room())


@dataclass
class Room:
    """How many bytes may still be copied."""

    left: int = _BYTES

    def holds(self, size: int) -> bool:
        """Take so many bytes, if there is room for them."""
        fits = size <= self.left
        self.left -= size if fits else 0
        return fits


def _plain(value: Any, depth: int, room: Room) -> Plain:
    kind = type(value)
    if kind is int and value.bit_length() > _BITS:
        return Odd("int", "size")
    if id(kind) in _AS_IT_IS:
        return value
    if id(kind) in _NUMPY_NUMBERS:
        return float(value) if kind is np.longdouble else value.item()
    if kind is str:
        text = value[:_LETTERS]
        return text if room.holds(len(text)) else Odd("str", "size")
    if kind is np.ndarray:
        return _array(value, room)
    if kind is list or kind is dict or issubclass(kind, tuple):
        return _container(value, depth, room)
    return Odd(_name(kind), "subclass" if issubclass(kind, np.ndarray) else "type")


# By identity: a metaclass can make `kind == int` true.
_AS_IT_IS = frozenset(
    map(id, (type(None), bool, int, float, complex, np.float32, np.float16))
)
_NUMPY_NUMBERS = frozenset(id(np.dtype(code).type) for code in "?bBhHiIlLqQdgFD")


def _name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))[:80]


def _array(value: np.ndarray[Any, Any], room: Room) -> Plain:
    if value.dtype.kind not in "biufc":
        return Odd(f"array of dtype {value.dtype.name}", "dtype")
    if not room.holds(value.nbytes):
        return Odd(f"array of shape {value.shape}", "size")
    if value.dtype == np.longdouble:
        return value.astype(np.float64)
    return np.array(value, copy=True)


def _container(value: Any, depth: int, room: Room) -> Plain:
    kind = next(base for base in (tuple, list, dict) if issubclass(type(value), base))
    size = kind.__len__(value)
    if depth == 0 or size > _ENTRIES or not room.holds(_ENTRY * size):
        return Odd(kind.__name__, "size")
    if kind is tuple:  # also a named tuple, or torch's Size
        return tuple(_plain(one, depth - 1, room) for one in tuple.__iter__(value))
    if kind is list:
        return [_plain(one, depth - 1, room) for one in value]
    if any(type(key) is not str and type(key) is not int for key in value):
        return Odd("dict with keys other than strings and whole numbers", "type")
    return {key: _plain(one, depth - 1, room) for key, one in value.items()}


def copied(value: Plain) -> Plain:
    """Copy a plain value; an array with gaps between its numbers keeps its gaps."""
    if isinstance(value, np.ndarray):
        return _copied_array(value)
    if isinstance(value, list | tuple):
        return type(value)(copied(entry) for entry in value)
    if isinstance(value, dict):
        return {key: copied(entry) for key, entry in value.items()}
    return value


def _copied_array(value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    flags = value.flags
    if value.ndim == 0 or flags.c_contiguous or flags.f_contiguous:
        return value.copy(order="K")
    return spaced(value)


def spaced(value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Copy an array of at least one axis so that gaps lie between its numbers."""
    wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
    wide[..., ::2] = value
    return wide[..., ::2]


def identical(one: Plain, other: Plain) -> bool:
    """Tell whether two plain values agree in type, shape and every bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        same_form = one.dtype == other.dtype and one.shape == other.shape
        return bool(same_form and one.tobytes() == other.tobytes())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(
            identical(one[key], other[key]) for key in one
        )
    same = one == other or (one != one and other != other)  # NaN is not itself
    return bool(same)

"""Plain values and outcomes as bytes or as one line of JSON, and strictly back.

A frame is a mark, the length of its header, the header (JSON) and the numbers of all
arrays, little-endian, one after the other. In the header None, bool, int, str and a
finite float are themselves; everything else is a list that begins with a tag. Whatever
is not exactly so is Malformed: a learner's process wrote it, and may have meant harm.
"""

import base64
import itertools
import json
import math
import struct
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from coursekit.runner.guard import LETTERS
from coursekit.runner.plain import Odd, Plain, spaced
from coursekit.runner.run import Error, Frame, Outcome

Array = np.ndarray[Any, Any]
Take = Callable[[int, list[Any]], bytes | memoryview]  # so many bytes of an array

_START = struct.Struct("<4sI")
_MARK = b"ckw1"
_HEADER = 16 * 2**20  # bytes
_DEPTH, _DIMENSIONS, _LENGTH = 24, 32, 2**40
_KINDS, _FRAMES, _CHANGED, _NAME = 64, 2000, 1000, 200
_DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64"),
        *("uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_NAMES[np.dtype(np.clongdouble)] = "complex128"
_ODD_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_NUMBERS: dict[str, Callable[[float], Any]] = {"f4": np.float32, "f2": np.float16}
_STATES = {"returned", "raised", "late", "stopped", "skipped", "signature"}


class Malformed(ValueError):
    """What came is no frame of ours, or what should go is no plain value."""


def pack(value: Plain) -> bytes:
    """Return a plain value as bytes.

    Raises: Malformed if it is not plain, or too large or too deep to be sent.

    >>> unpack(pack((1, [2.5, None], {"a": float("inf")})))
    (1, [2.5, None], {'a': inf})
    """
    parts: list[bytes] = []
    header = _line(_encode(value, parts.append, _DEPTH)).encode("ascii")
    if len(header) > _HEADER:
        raise Malformed(
            f"the header has {len(header)} bytes, more than the {_HEADER} that may be "
            "sent. Send less at once"
        )
    return b"".join([_START.pack(_MARK, len(header)), header, *parts])


def unpack(data: bytes | memoryview) -> Plain:
    """Return what was packed, in fresh objects.

    Raises: Malformed if these bytes are anything but one whole frame.
    """
    if len(data) < _START.size:
        raise Malformed(f"a frame has at least {_START.size} bytes, not {len(data)}")
    mark, length = _START.unpack_from(data)
    end = _START.size + length
    if mark != _MARK or length > _HEADER or end > len(data):
        raise Malformed(
            f"mark {mark!r} and a header of {length} bytes in a frame of {len(data)}: "
            "this is no frame"
        )
    rest = memoryview(data)[end:]

    def take(size: int, text: list[Any]) -> memoryview:
        nonlocal rest
        if text:
            raise Malformed("an array has its numbers in the header")
        taken, rest = rest[:size], rest[size:]
        return taken

    value = _decode(_parsed(bytes(data[_START.size : end])), take, _DEPTH)
    if len(rest):
        raise Malformed(f"{len(rest)} bytes are left over behind the last array")
    return value


def to_text(value: Plain) -> str:
    """Return a plain value as one line of JSON, arrays in base64.

    >>> to_text((1, np.array([1.0, 2.0], np.float32)))
    '["t",1,["a","float32",[2],"C","AACAPwAAAEA="]]'
    """
    return _line(_encode(value, _base64, _DEPTH))


def from_text(text: str) -> Plain:
    """Return what `to_text` wrote.

    Raises: Malformed if it is anything else.
    """
    return _decode(_parsed(text), _from_base64, _DEPTH)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _from_base64(size: int, text: list[Any]) -> bytes:
    if len(text) != 1 or type(text[0]) is not str:
        raise Malformed("the numbers of an array are one text")
    try:
        return base64.b64decode(text[0], validate=True)
    except ValueError as error:
        raise Malformed(f"the numbers of an array: {error}") from error


def _line(node: Any) -> str:
    try:
        return json.dumps(node, separators=(",", ":"), allow_nan=False)
    except ValueError as error:  # an int with thousands of digits
        raise Malformed(f"a number cannot be written: {error}") from error


def _encode(value: Plain, put: Callable[[bytes], str | None], depth: int) -> Any:
    """Return a value as JSON has it; `put` takes the bytes of an array."""
    kind = type(value)
    if value is None or kind is bool or kind is int or kind is str:
        return value
    if kind is float:
        return value if math.isfinite(value) else ["f", str(value)]
    if depth == 0:
        raise Malformed(f"nested deeper than {_DEPTH}")
    if kind is np.ndarray:
        return _encode_array(value, put)
    if kind is Odd:
        return ["o", value.name, value.why]
    tag, inside = _inside(value, kind)
    return [tag, *[_encode(one, put, depth - 1) for one in inside]]


def _inside(value: Plain, kind: type) -> tuple[str, Any]:
    if kind is tuple or kind is list:
        return ("t" if kind is tuple else "l"), value
    if kind is dict:
        if any(type(key) is not str and type(key) is not int for key in value):
            raise Malformed("a dict with keys other than strings and whole numbers")
        return "d", itertools.chain.from_iterable(value.items())
    if kind is complex:
        return "c", (value.real, value.imag)
    if kind is np.float32 or kind is np.float16:
        return ("f4" if kind is np.float32 else "f2"), (float(value),)
    raise Malformed(f"{kind.__name__} is no plain value. See coursekit.runner.plain")


def _encode_array(value: Array, put: Callable[[bytes], str | None]) -> list[Any]:
    name = _NAMES.get(value.dtype) or value.dtype.name
    if name not in _DTYPES:
        raise Malformed(f"an array of dtype {name} cannot be sent")
    flags = value.flags
    order = "C" if value.ndim == 0 or flags.c_contiguous else "S"
    if order == "S" and flags.f_contiguous:
        order = "F"
    numbers = value.astype(_DTYPES[name], copy=False)
    text = put(numbers.tobytes("F" if order == "F" else "C"))
    node = ["a", name, list(value.shape), order]
    return node if text is None else [*node, text]


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the header is not JSON of ours: {error}"[:LETTERS]) from error


def _refuse(name: str) -> None:
    raise Malformed(f"{name} is not JSON")


def _decode(node: Any, take: Take, depth: int) -> Plain:
    kind = type(node)
    if node is None or kind is bool or kind is int or kind is str:
        return node
    if kind is float and math.isfinite(node):
        return node
    if kind is not list or not node or depth == 0 or type(node[0]) is not str:
        raise Malformed(f"{kind.__name__} without a tag, or nested too deep")
    tag, *inside = node
    if tag == "a":
        return _decode_array(inside, take)
    if tag == "f":
        return _one(inside, _ODD_FLOATS.__contains__, _ODD_FLOATS.__getitem__)
    values = [_decode(one, take, depth - 1) for one in inside]
    return _outside(tag, values)


def _one(inside: list[Any], fits: Callable[[Any], bool], make: Any) -> Any:
    if len(inside) != 1 or type(inside[0]) is not str or not fits(inside[0]):
        raise Malformed(f"a float that is {str(inside)[:_NAME]}")
    return make(inside[0])


def _outside(tag: str, values: list[Any]) -> Plain:
    kinds = [type(one) for one in values]
    if tag == "t":
        return tuple(values)
    if tag == "l":
        return values
    if tag == "d" and all(kind is str or kind is int for kind in kinds[::2]):
        made = dict(zip(values[::2], values[1::2], strict=False))
        if 2 * len(made) == len(values):
            return made
    if tag == "c" and kinds == [float, float]:
        return complex(*values)
    if tag in _NUMBERS and kinds == [float]:
        with np.errstate(over="ignore"):
            return _NUMBERS[tag](values[0])
    if tag == "o" and kinds == [str, str]:
        return Odd(*(text[:_NAME] for text in values))
    raise Malformed(f"tag {tag[:_NAME]!r} with {len(values)} values")


def _decode_array(inside: list[Any], take: Take) -> Array:
    if len(inside) < 3:
        raise Malformed("an array needs a dtype, a shape and an order")
    name, shape, order, *text = inside
    if type(name) is not str or name not in _DTYPES or order not in ("C", "F", "S"):
        raise Malformed(f"an array of dtype {str(name)[:_NAME]!r}, order {order!r}")
    if (
        type(shape) is not list
        or len(shape) > _DIMENSIONS
        or not all(type(n) is int and 0 <= n < _LENGTH for n in shape)
        or (order != "C" and not shape)
    ):
        raise Malformed(f"an array of shape {str(shape)[:_NAME]}")
    dtype = _DTYPES[name]
    size = math.prod(shape) * dtype.itemsize
    data = take(size, text)
    if len(data) != size:
        raise Malformed(f"shape {shape} needs {size} bytes of {name}, not {len(data)}")
    if name == "bool" and np.frombuffer(data, np.uint8).max(initial=0) > 1:
        raise Malformed("an array of truth values with numbers other than 0 and 1")
    kept: Literal["C", "F"] = "F" if order == "F" else "C"
    try:
        value: Array = np.ndarray(shape, dtype, buffer=data, order=kept)
    except ValueError as error:  # no numbers, but lengths beyond what NumPy counts
        raise Malformed(f"an array of shape {shape}: {error}") from error
    return spaced(value) if order == "S" else value.copy(order=kept)


def of_outcome(outcome: Outcome) -> Plain:
    """Return an outcome as a plain value; a line repeated in frames is sent once."""
    error = outcome.error
    told: Plain = error and (
        *(error.kinds[:-1][:_KINDS], error.message),  # the last is always object
        [(*frame, len(list(same))) for frame, same in itertools.groupby(error.frames)],
        error.own,
    )
    return (
        *(outcome.state, outcome.value, outcome.again, outcome.steady),
        *(outcome.changed, told, outcome.printed, outcome.signature),
    )


def outcome_of(tree: Plain) -> Outcome:
    """Return the outcome that a plain value tells of; texts are cut to their limits.

    Raises: Malformed if it is anything else.
    """
    state, value, again, steady, changed, error, printed, signature = _typed(
        tree, str, None, None, bool, tuple, None, str, str
    )
    if state not in _STATES or (state == "raised") != (error is not None):
        raise Malformed(f"an outcome whose state is {state[:_NAME]!r}")
    if len(changed) > _CHANGED or any(type(n) is not int or n < 0 for n in changed):
        raise Malformed("the numbers of changed arguments")
    return Outcome(
        *(state, value, again, steady, changed),
        None if error is None else _error_of(error),
        *(printed[:LETTERS], signature[:LETTERS]),
    )


def _error_of(tree: Plain) -> Error:
    kinds, message, frames, own = _typed(tree, tuple, str, list, bool)
    if not 0 < len(kinds) <= _KINDS or any(type(one) is not str for one in kinds):
        raise Malformed("the classes of an exception")
    # a class can be called "", and the judge looks at the first letter
    names = tuple(one[:_NAME] or "_" for one in kinds)
    told: list[Frame] = []
    for tree in frames:
        function, line, text, times = _typed(tree, str, int, str, int)
        if not 0 < times <= _FRAMES - len(told):
            break
        told += [Frame(function[:_NAME], line, text[:_NAME])] * times
    return Error((*names, "object"), message[:LETTERS], tuple(told), own)


def _typed(tree: Plain, *kinds: type | None) -> Plain:
    """Return a tuple if its entries have exactly these types; None is any."""
    if type(tree) is not tuple or len(tree) != len(kinds):
        raise Malformed(f"{len(kinds)} entries are wanted, in a tuple")
    for entry, kind in zip(tree, kinds, strict=True):
        if kind is not None and type(entry) is not kind:
            raise Malformed(f"{type(entry).__name__} where {kind.__name__} belongs")
    return tree

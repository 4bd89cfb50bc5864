"""A table of odd answers to real exercises: what each is met with, and in which words.

`right` is a right answer of the learner's own. An answer stands in the table with the
status that it gets and a piece of what is said of it.
"""

import array
import asyncio
import codecs
import collections
import datetime
import decimal
import enum
import fractions
import functools
import itertools
import operator
import pathlib
import re
import types

import numpy as np
import pytest
import torch

from coursekit import bank
from coursekit.grade.notebook import check

PASSED, RAISED, WRONG = "passed", "raised", "wrong here"
REFUSED, NOT_STARTED = "refused", "not started"


def right(x, k):
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = np.sum(x[i : i + k.shape[0], j : j + k.shape[1]] * k)
    return out


def result(change):
    """Make an answer that returns something else made of the right result."""
    return lambda x, k: change(right(x, k))


def text(body, name="f", **known):
    """Make the function that a text defines, as a cell does."""
    cell = {"__name__": "__main__", "np": np, "right": right, **known}
    exec(body, cell)
    return cell[name]


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **options):
        return function(*args, **options)

    return wrapper


class Called:
    def __call__(self, x, k):
        return right(x, k)

    def method(self, x, k):
        return right(x, k)

    @staticmethod
    def static(x, k):
        return right(x, k)

    @classmethod
    def of_class(cls, x, k):
        return right(x, k)


class Frame:
    """Looks like a table of pandas."""

    def __init__(self, values):
        self.values, self.shape, self.dtype = values, values.shape, values.dtype

    def __array__(self, dtype=None, copy=None):
        return self.values

    def __getattr__(self, name):
        return lambda *args, **options: self


class Liar:
    """Says that it is an array, equal to all."""

    __class__ = np.ndarray

    def __eq__(self, other):
        return True

    __hash__ = None


class Loud:
    """Raises at whatever is asked of it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError

    __hash__ = None


class Int(int):
    pass


class Float(float):
    pass


class List(list):
    def __iter__(self):
        raise RuntimeError


class Dict(dict):
    pass


class Tuple(tuple):
    pass


class Number(enum.IntEnum):
    ONE = 1


Pair = collections.namedtuple("Pair", "h w")


def read_only(result):
    result.flags.writeable = False
    return result


def with_nan(result):
    return np.where(result == result.max(), np.nan, result)


COUNTING = """
calls = [0]
def f(x, k):
    calls[0] += 1
    return right(x, k) * (2 - calls[0] % 2)
"""

# Functions of every make, for corr2d
MADE = {
    "plain": (right, PASSED, "4 of 4"),
    "lambda": (lambda x, k: right(x, k), PASSED, "4 of 4"),
    "decorated": (decorated(right), PASSED, "4 of 4"),
    "decorated twice": (decorated(decorated(right)), PASSED, "4 of 4"),
    "partial": (functools.partial(right), PASSED, "4 of 4"),
    "partial of a keyword": (
        functools.partial(lambda x, k, how: right(x, k), how=1),
        *(PASSED, "4 of 4"),
    ),
    "partial that fixes too much": (
        functools.partial(right, np.ones((2, 2))),
        *(REFUSED, "does not take these 2 arguments"),
    ),
    "object": (Called(), PASSED, "4 of 4"),
    "bound method": (Called().method, PASSED, "4 of 4"),
    "unbound method": (Called.method, REFUSED, "yours is corr2d(self, x, k)"),
    "static method": (Called.static, PASSED, "4 of 4"),
    "class method": (Called.of_class, PASSED, "4 of 4"),
    "class": (Called, REFUSED, "does not take these 2 arguments"),
    "args": (lambda *args: right(*args), PASSED, "4 of 4"),
    "args and options": (lambda *a, **o: right(*a, **o), PASSED, "4 of 4"),
    "options only": (lambda **options: 0, REFUSED, "does not take these 2"),
    "keywords only": (lambda *, x, k: 0, REFUSED, "yours is corr2d(*, x, k)"),
    "positions only": (text("def f(x, k, /): return right(x, k)"), PASSED, "4 of 4"),
    "optional third": (lambda x, k, stride=1: right(x, k), PASSED, "4 of 4"),
    "needed third": (lambda x, k, stride: 0, REFUSED, "yours is corr2d(x, k, stride)"),
    "needed keyword": (lambda x, k, *, s: 0, REFUSED, "yours is corr2d(x, k, *, s)"),
    "no arguments": (lambda: 0, REFUSED, "yours is corr2d()"),
    "other names": (lambda image, kernel: right(image, kernel), PASSED, "4 of 4"),
    "annotated": (
        text("def f(x: 'np.ndarray', k: 3 = None) -> 'anything': return right(x, k)"),
        *(PASSED, "4 of 4"),
    ),
    "run from a text": (text("def f(x, k): return right(x, k)"), PASSED, "4 of 4"),
    "run without a name": (
        types.FunctionType((lambda x, k: right(x, k)).__code__, {"right": right}),
        *(PASSED, "4 of 4"),
    ),
    "evaluated": (eval("lambda x, k: right(x, k)"), PASSED, "4 of 4"),
    "cached": (functools.cache(right), RAISED, "unhashable type"),
    "recursive": (
        text("def f(x, k, n=3): return f(x, k, n - 1) if n else right(x, k)"),
        *(PASSED, "4 of 4"),
    ),
    "endless recursion": (
        text("def f(x, k): return f(x, k)"),
        *(RAISED, "maximum recursion depth exceeded"),
    ),
    "generator": (text("def f(x, k): yield 1"), WRONG, "returned a generator"),
    "coroutine": (
        text("async def f(x, k): return right(x, k)"),
        *(WRONG, "returned a coroutine"),
    ),
    "coroutine that was run": (
        lambda x, k: asyncio.run(asyncio.sleep(0, right(x, k))),
        *(PASSED, "4 of 4"),
    ),
    "generator expression": (lambda x, k: (v for v in x), WRONG, "a generator"),
    "builtin": (max, RAISED, "ValueError"),
    "builtin of one": (len, REFUSED, "does not take these 2"),
    "type": (dict, RAISED, "TypeError"),
    "operator": (operator.matmul, RAISED, "ValueError"),
    "numpy's": (np.convolve, RAISED, "ValueError"),
    "ufunc": (np.add, RAISED, "ValueError"),
    "vectorized": (np.vectorize(lambda x, k: x * k), RAISED, "ValueError"),
    "itemgetter": (operator.itemgetter(0), RAISED, "expected 1 argument, got 2"),
    "closed over a global": (
        text("c = 2\ndef f(x, k):\n    global c\n    c += 1\n    return right(x, k)"),
        *(PASSED, "4 of 4"),
    ),
    "counting": (
        text(COUNTING),
        *(WRONG, "gave another answer when it was called again"),
    ),
    "missing name": (lambda x, k: missing(x), RAISED, "name 'missing' is not"),
    "missing module": (text("def f(x, k): import nowhere"), RAISED, "No module named"),
    "assert": (text("def f(x, k): assert False, 'hm'"), RAISED, "AssertionError: hm"),
    "exit": (lambda x, k: exit(), RAISED, "SystemExit"),
    "input": (lambda x, k: input("k? "), RAISED, "nobody types during a check"),
    "starter": (
        text('def f(x, k):\n    raise NotImplementedError("your code here")'),
        *(NOT_STARTED, "Write your code in the cell above"),
    ),
    "starter's line": (
        text("def f(x, k):\n    y = x + 1\n    raise NotImplementedError"),
        *(NOT_STARTED, "Write your code in the cell above"),
    ),
    "not implemented by Python": (
        lambda x, k: codecs.IncrementalEncoder().encode(x),
        *(RAISED, "NotImplementedError"),
    ),
    "pass": (text("def f(x, k): pass"), WRONG, "Is a `return` missing at its end?"),
    "dots": (text("def f(x, k): ..."), WRONG, "Is a `return` missing at its end?"),
    "scipy's import": (
        text("def f(x, k):\n    from scipy import signal"),
        *(REFUSED, "Here you write the operation yourself"),
    ),
    "torch in a list": (
        text("def f(x, k): return ops[0](x, k)", ops=[torch.conv2d]),
        *(REFUSED, "This uses torch.conv2d."),
    ),
}

# What comes back instead of an array, for corr2d
RETURNED = {
    "None": (None, "returned None"),
    "Ellipsis": (..., "returned an ellipsis"),
    "NotImplemented": (NotImplemented, "NotImplementedType"),
    "true": (True, "returned the truth value True"),
    "whole number": (3, "returned the whole number 3"),
    "huge number": (10**400, "returned the whole number 1"),
    "huger number": (1 << 20_000, "returned an int"),
    "fraction": (1.5, "returned the number 1.5"),
    "NaN": (float("nan"), "returned the number nan"),
    "infinity": (float("inf"), "returned the number inf"),
    "complex": (1j, "returned the complex number 1j"),
    "string": ("12", "returned the string '12'"),
    "empty string": ("", "returned the string ''"),
    "bytes": (b"12", "returned a bytes"),
    "bytearray": (bytearray(2), "returned a bytearray"),
    "memoryview": (memoryview(b"12"), "returned a memoryview"),
    "list": ([[1.0]], "Wrap it: np.array(...)."),
    "empty list": ([], "returned a list of 0 entries"),
    "tuple": ((1, 2), "Return the one array, not several values."),
    "named tuple": (Pair(1, 2), "returned a tuple of 2 entries"),
    "set": ({1}, "returned a set"),
    "frozenset": (frozenset({1}), "returned a frozenset"),
    "dict": ({"a": 1}, "returned a dict of 1 entry"),
    "dict by tuples": ({(0, 0): 1}, "dict with keys other than strings"),
    "range": (range(3), "returned a range"),
    "iterator": (iter([1]), "returned a list_iterator"),
    "map": (map(abs, [1]), "returned a map"),
    "zip": (zip([1], [2], strict=True), "returned a zip"),
    "count": (itertools.count(), "returned a count"),
    "deque": (collections.deque([1]), "returned a deque"),
    "counter": (collections.Counter("a"), "returned a Counter"),
    "array module": (array.array("d", [1.0]), "returned an array"),
    "slice": (slice(1), "returned a slice"),
    "type": (int, "returned a type"),
    "function": (right, "returned a function"),
    "module": (np, "returned a module"),
    "path": (pathlib.PurePosixPath("x"), "returned a PurePosixPath"),
    "date": (datetime.date(2000, 1, 1), "returned a date"),
    "Fraction": (fractions.Fraction(1, 2), "returned a Fraction"),
    "Decimal": (decimal.Decimal("0.1"), "returned a Decimal"),
    "own int": (Int(3), "returned an Int"),
    "own float": (Float(3), "returned a Float"),
    "own list": (List([1]), "returned a List"),
    "own dict": (Dict(), "returned a Dict"),
    "own tuple": (Tuple((1,)), "Return the one array"),
    "enum": (Number.ONE, "returned a Number"),
    "object": (object(), "returned an object"),
    "exception": (ValueError("x"), "returned a ValueError"),
    "liar": (Liar(), "returned a Liar"),
    "loud": (Loud(), "returned a Loud"),
    "list of liars": ([Liar()], "Wrap it: np.array(...)."),
    "pattern": (re.compile("x"), "returned a Pattern"),
    "dtype": (np.dtype(float), "returned a Float64DType"),
    "numpy bool": (np.True_, "returned the truth value True"),
    "numpy number": (np.float64(2), "returned the number 2.0"),
    "numpy date": (np.datetime64("2000-01-01"), "returned a datetime64"),
    "numpy string": (np.str_("a"), "returned a str_"),
    "numpy void": (np.zeros(1, "i4,f4")[0], "returned a void"),
    "random generator": (np.random.default_rng(), "returned a Generator"),
    "polynomial": (np.polynomial.Polynomial([1]), "returned a Polynomial"),
    "flat": (np.zeros(3).flat, "returned a flatiter"),
    "huge array": (np.broadcast_to(0.0, (10**5, 10**5)), "shape (100000, 100000)"),
    "deep list": (
        functools.reduce(lambda one, _: [one], range(10**5), 0),
        *("Wrap it: np.array(...).",),
    ),
}

# What is made of the right array, for corr2d
CHANGED = {
    "copy": (np.copy, PASSED, ""),
    "read-only": (read_only, PASSED, ""),
    "view": (lambda r: r[:], PASSED, ""),
    "columns first": (np.asfortranarray, PASSED, ""),
    "with gaps": (lambda r: np.repeat(r, 2, axis=1)[:, ::2], PASSED, ""),
    "backwards twice": (lambda r: r[::-1][::-1], PASSED, ""),
    "big-endian": (lambda r: r.astype(">f8"), PASSED, ""),
    "float32": (lambda r: r.astype("f4"), PASSED, ""),
    "long double": (lambda r: r.astype(np.longdouble), PASSED, ""),
    "float16": (lambda r: r.astype("f2"), WRONG, "float16 keeps three digits only"),
    "complex": (lambda r: r + 0j, WRONG, "after an FFT, take .real"),
    "truth values": (lambda r: r > 0, WRONG, "returned dtype bool"),
    "objects": (lambda r: r.astype(object), WRONG, "array of dtype object"),
    "strings": (lambda r: r.astype(str), WRONG, "array of dtype str"),
    "dates": (lambda r: r.astype("i8").astype("M8[s]"), WRONG, "dtype datetime64"),
    "records": (lambda r: r.view("f8,f8") if r.shape[1] == 2 else r, WRONG, "dtype"),
    "masked": (np.ma.masked_array, WRONG, "returned a MaskedArray"),
    "matrix": (lambda r: r.view(np.matrix), WRONG, "returned a matrix"),
    "char array": (lambda r: r.astype(str).view(np.char.chararray), WRONG, "chararray"),
    "record array": (lambda r: r.view(np.recarray), WRONG, "returned a recarray"),
    "frame": (Frame, WRONG, "returned a Frame"),
    "tensor": (torch.tensor, REFUSED, "This uses torch.tensor."),
    "list": (np.ndarray.tolist, WRONG, "Wrap it: np.array(...)."),
    "tuple of rows": (tuple, WRONG, "Return the one array, not several values."),
    "flat": (np.ravel, WRONG, "returned shape (4,); expected shape (2, 2)"),
    "one more axis": (lambda r: r[None], WRONG, "returned shape (1, 2, 2)"),
    "no axis": (np.sum, WRONG, "returned the number"),
    "empty": (lambda r: r[:0], WRONG, "returned shape (0, 2)"),
    "bytes": (np.ndarray.tobytes, WRONG, "returned a bytes"),
    "NaN": (with_nan, WRONG, "Look for a division by zero or for memory never filled"),
    "infinity": (lambda r: r + np.inf, WRONG, "division by zero"),
    "one off": (lambda r: r + 1, WRONG, "expected"),
    "tiny error": (lambda r: r * (1 + 1e-15), PASSED, ""),
    "small error": (lambda r: r * (1 + 1e-6), WRONG, "expected"),
}

# What comes back instead of a whole number, for out_len
NUMBERS = {
    "int": (int, PASSED, ""),
    "numpy's": (np.int64, PASSED, ""),
    "small": (np.int16, PASSED, ""),
    "unsigned": (np.uint8, PASSED, ""),
    "float": (float, WRONG, "the number 5.0; expected the whole number 5"),
    "numpy's float": (np.float64, WRONG, "5.0; expected the whole number 5"),
    "half": (lambda n: n + 0.5, WRONG, "5.5; expected the whole number 5"),
    "string": (str, WRONG, "returned the string"),
    "truth value": (bool, WRONG, "returned the truth value"),
    "complex": (complex, WRONG, "returned the complex number"),
    "own": (Int, WRONG, "returned an Int"),
    "Fraction": (fractions.Fraction, WRONG, "returned a Fraction"),
    "Decimal": (decimal.Decimal, WRONG, "returned a Decimal"),
    "array of none": (np.array, WRONG, "returned an array of shape ()"),
    "array of one": (lambda n: np.array([n]), WRONG, "returned an array of shape (1,)"),
    "tuple of one": (lambda n: (n,), WRONG, "returned a tuple of 1 entry"),
    "list of one": (lambda n: [n], WRONG, "returned a list of 1 entry"),
    "range": (range, WRONG, "returned a range"),
    "NaN": (lambda n: float("nan"), WRONG, "returned the number nan"),
    "huge": (lambda n: n + 10**400, WRONG, "returned"),
    "tensor": (torch.tensor, REFUSED, "This uses torch.tensor."),
    "None": (lambda n: None, WRONG, "Is a `return` missing at its end?"),
}


def length(change):
    arithmetic = text(bank.load("out_len").solution_source, "out_len")
    return lambda *args: change(arithmetic(*args))


TABLE = {
    **{f"made: {name}": ("corr2d", *row) for name, row in MADE.items()},
    **{
        f"returned: {name}": ("corr2d", lambda x, k, value=value: value, WRONG, said)
        for name, (value, said) in RETURNED.items()
    },
    **{
        f"changed: {name}": ("corr2d", result(change), status, said)
        for name, (change, status, said) in CHANGED.items()
    },
    **{
        f"number: {name}": ("out_len", length(change), status, said)
        for name, (change, status, said) in NUMBERS.items()
    },
}


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("name", TABLE)
def test_an_odd_answer_gets_its_status_and_a_sentence(name):
    id, answer, status, said = TABLE[name]
    verdict = check(answer, id)
    assert verdict.status == status, repr(verdict)
    assert said.lower() in repr(verdict).lower()
    assert "check itself failed" not in repr(verdict)
    assert verdict._repr_html_()

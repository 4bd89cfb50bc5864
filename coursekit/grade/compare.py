"""Compare two plain values: form first, then numbers within a rounding bound.

Nothing is broadcast and nothing is converted on the quiet: another shape, a list for
an array or a complex number for a real one is a difference with its own sentence.
"""

import cmath
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from coursekit.grade.words import is_number, kind_of, number_text
from coursekit.runner.plain import Odd, Plain

Array = np.ndarray[Any, Any]

ANOTHER_SHAPE = "the shape is another"
NO_FRACTIONS = (
    "Your array holds integers, which keep no fractions: make it with floats, as "
    "np.zeros(shape) does."
)


@dataclass(frozen=True)
class Difference:
    """The first difference: what came back, what should have, what to do.

    `kind` is a sentence that gives nothing away: all that is said of a hidden case.
    """

    kind: str
    returned: str
    expected: str = ""
    advice: str = ""
    cell: tuple[int, ...] | None = None
    path: str = ""  # the entry of a tuple or dict in which it lies


@dataclass(frozen=True)
class Bound:
    """How far a number may be off: `factor * eps * scale`, eps of its precision."""

    scale: Callable[[Plain], Any]
    factor: float = 64.0
    dtype_graded: bool = False
    values: bool = True  # False: compare the form only

    def form_only(self) -> "Bound":
        return replace(self, values=False)

    def around(self, got: Array, wanted: Array) -> Any:
        eps = max(_eps(got.dtype), _eps(wanted.dtype))
        scale = self.scale(wanted)
        if isinstance(scale, float):
            return self.factor * eps * (scale if math.isfinite(scale) else 0.0)
        return self.factor * eps * np.where(np.isfinite(scale), scale, 0.0)


@cache
def _eps(dtype: np.dtype[Any]) -> float:
    return float(np.finfo(dtype if dtype.kind in "fc" else np.float64).eps)


def compare(got: Plain, wanted: Plain, bound: Bound) -> Difference | None:
    """Return the first difference of `got` from `wanted`, or None."""
    if isinstance(got, Odd):
        same = isinstance(wanted, Odd) and got == wanted
        return None if same else _odd(got)
    if got is None and wanted is not None:
        return Difference(
            "nothing came back (None)",
            *("returned None", "", "Is a `return` missing at its end?"),
        )
    if isinstance(wanted, np.ndarray):
        return _compare_array(got, wanted, bound)
    if isinstance(wanted, tuple | list):
        return _compare_sequence(got, wanted, bound)
    if isinstance(wanted, dict):
        return _compare_dict(got, wanted, bound)
    if is_number(wanted):
        return _compare_number(got, wanted, bound)
    if type(got) is not type(wanted):
        return _other_type(got, wanted)
    if bound.values and got != wanted:
        return _of("the value is another", repr(got)[:300], repr(wanted)[:300])
    return None


def _odd(got: Odd) -> Difference:
    advice = {
        "dtype": "Make it an array of numbers.",
        "subclass": "Return a plain NumPy array.",
        "type": "Return NumPy arrays and Python's own numbers, strings and tuples.",
        "size": "Return a smaller, flatter value.",
    }.get(got.why, "")  # "measure" has none
    if got.name in {"Tensor", "Parameter"}:
        advice += (
            " Of a tensor t, `t.item()` makes a number, `t.detach().numpy()` an array."
        )
    article = "an" if got.name[:1] in "aeiouAEIOU" else "a"
    said = f"returned {article} {got.name}"
    return Difference("the result is of a type that is not accepted", said, "", advice)


def _other_type(got: Plain, wanted: Plain, advice: str = "") -> Difference:
    kind = "the result is of another type"
    return _of(kind, kind_of(got), kind_of(wanted), advice)


def _of(
    kind: str,
    got: str,
    wanted: str,
    advice: str = "",
    cell: tuple[int, ...] | None = None,
) -> Difference:
    return Difference(kind, f"returned {got}", wanted, advice, cell)


# Arrays


def _compare_array(got: Plain, wanted: Array, bound: Bound) -> Difference | None:
    if isinstance(got, tuple):
        return _other_type(got, wanted, "Return the one array, not several values.")
    if isinstance(got, list):
        return _other_type(got, wanted, "Wrap it: np.array(...).")
    if not isinstance(got, np.ndarray):
        return _other_type(got, wanted)
    if got.shape != wanted.shape:
        return _of(ANOTHER_SHAPE, f"shape {got.shape}", f"shape {wanted.shape}")
    return (
        _compare_dtype(got, wanted, bound)
        or _compare_finite(got, wanted)
        or (_compare_entries(got, wanted, bound) if bound.values else None)
    )


def _compare_dtype(got: Array, wanted: Array, bound: Bound) -> Difference | None:
    advice = ""
    if got.dtype.kind != wanted.dtype.kind:
        advice = {
            "c": "The answer is real: after an FFT, take .real or use irfft.",
            "b": "Count or compute with numbers: start from np.zeros(shape).",
        }.get(got.dtype.kind, "")
        if wanted.dtype.kind == "b":
            advice = "True or False is wanted in each place."
    if got.dtype == np.float16 and wanted.dtype != np.float16:
        advice = "float16 keeps three digits only: use float32 or float64."
    whole = got.dtype.kind in "iu" and wanted.dtype.kind in "iu"
    graded = bound.dtype_graded and got.dtype != wanted.dtype and not whole
    if not advice and not graded:
        return None
    advice = advice or "The exercise asks for this dtype."
    returned, expected = f"dtype {got.dtype}", f"dtype {wanted.dtype}"
    if got.dtype.kind == "c" and wanted.dtype.kind in "iuf" and not graded:
        expected = "real numbers"
    return _of("the dtype is another", returned, expected, advice)


def _compare_finite(got: Array, wanted: Array) -> Difference | None:
    finite = np.isfinite(got)
    if finite.all():
        return None
    bad = ~finite & np.isfinite(wanted)
    if not bad.any():
        return None
    cell = _first(bad)
    advice = "Look for a division by zero or for memory never filled (np.empty)."
    pair = f"{number_text(got[cell])} at {list(cell)}", number_text(wanted[cell])
    return _of("the result holds NaN or infinity", *pair, advice, cell)


def _compare_entries(got: Array, wanted: Array, bound: Bound) -> Difference | None:
    bad = far(got, wanted, bound)
    if not bad.any():
        return None
    cell = _first(bad)
    advice = ""
    if got.dtype.kind in "iu" and np.any(wanted[np.isfinite(wanted)] % 1):
        advice = NO_FRACTIONS
    one, other = (
        number_text(got[cell], wanted[cell]),
        number_text(wanted[cell], got[cell]),
    )
    place = list(cell)
    return _of("numbers differ", f"{one} at {place}", other, advice, cell)


def far(got: Array, wanted: Array, bound: Bound) -> Array:
    """Tell of each entry, of two arrays of one shape, whether it is off."""
    whole = "biu"
    if got.dtype.kind in whole and wanted.dtype.kind in whole:
        return np.asarray(got != wanted)
    with np.errstate(all="ignore"):
        far = ~(np.abs(got - wanted) <= bound.around(got, wanted))
    if far.any():  # also equal infinities, and NaN that is wanted
        far &= ~((got == wanted) | (np.isnan(got) & np.isnan(wanted)))
    return np.asarray(far)


def _first(bad: Array) -> tuple[int, ...]:
    return tuple(map(int, np.unravel_index(bad.argmax(), bad.shape)))


# Numbers and collections

_WHOLE = "A whole number is wanted: where you divide, use //, for / makes a float."
_ALL_WHOLE = "Whole numbers are wanted: where you divide, use //, for / makes floats."


def _compare_number(got: Plain, wanted: Plain, bound: Bound) -> Difference | None:
    if not is_number(got) or isinstance(got, complex) > isinstance(wanted, complex):
        return _other_type(got, wanted)
    if isinstance(got, np.float16) > isinstance(wanted, np.float16):
        return _other_type(got, wanted, "float16 keeps three digits only.")
    if isinstance(wanted, int) and not isinstance(got, int):
        return _other_type(got, wanted, _WHOLE)
    too_large = isinstance(got, int) and abs(got) > sys.float_info.max
    if isinstance(wanted, int) or too_large:
        off = got != wanted
    else:
        off = bool(far(np.asarray(got, _kind(got)), np.asarray(wanted), bound))
    if off and (bound.values or not cmath.isfinite(got)):
        pair = number_text(got, wanted), number_text(wanted, got)
        return _of("the number is another", *pair)
    return None


def _kind(value: Plain) -> type | None:
    return float if isinstance(value, int) else None


def _compare_sequence(got: Plain, wanted: Any, bound: Bound) -> Difference | None:
    if isinstance(got, np.ndarray) and got.ndim == 1 and got.dtype.kind in "iu":
        got = tuple(int(entry) for entry in got)  # whole numbers in any form
    if not isinstance(got, tuple | list):
        return _fractions(got, wanted) or _other_type(got, wanted)
    if len(got) != len(wanted):
        entries = f"{len(got)} entries", f"{len(wanted)} entries"
        return _of("the number of entries is another", *entries)
    for place, pair in enumerate(zip(got, wanted, strict=True)):
        if difference := compare(*pair, bound):
            return _inside(f"[{place}]", difference)
    return None


def _fractions(got: Plain, wanted: Any) -> Difference | None:
    """Say of an array of floats that whole numbers are wanted, if they are."""
    if not isinstance(got, np.ndarray) or got.shape != (len(wanted),):
        return None
    if got.dtype.kind != "f" or any(type(entry) is not int for entry in wanted):
        return None
    pair = f"an array of dtype {got.dtype}", f"{len(wanted)} whole numbers"
    return _of("the result is of another type", *pair, _ALL_WHOLE)


def _compare_dict(got: Plain, wanted: Any, bound: Bound) -> Difference | None:
    if not isinstance(got, dict):
        return _other_type(got, wanted)
    if set(got) != set(wanted):
        keys = f"the keys {sorted(map(str, got))}", f"{sorted(map(str, wanted))}"
        return _of("the keys are others", *keys)
    for key in wanted:
        if difference := compare(got[key], wanted[key], bound):
            return _inside(f"[{key!r}]", difference)
    return None


def _inside(step: str, difference: Difference) -> Difference:
    return replace(difference, path=step + difference.path)

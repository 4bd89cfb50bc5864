"""Call a learner's function once, on copies, and say where its result differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from coursekit import fast
from coursekit.widgets.base import digits

LONGEST = 160  # characters of somebody else's error message


def correlate(x: np.ndarray, k: np.ndarray, stride: int) -> np.ndarray:
    """Correlate along one axis or two, as many as x has."""
    if x.ndim == 1:
        return fast.corr1d(x, k, stride=stride)
    return fast.corr2d(x, k, stride=stride)


class Traced(NamedTuple):
    """What a function gave: a verdict in words, and the values that differ."""

    says: str
    name: str = ""
    agrees: bool = False
    marks: dict[tuple[int, ...], str] = {}  # noqa: RUF012


def trace(
    fn: Callable[..., Any], x: np.ndarray, k: np.ndarray, out: np.ndarray, stride: int
) -> Traced:
    """Compare fn(x, k) with out, the correlation itself.

    Two values are equal if they differ by no more than the rounding of their sum.
    """
    name = f"`{getattr(fn, '__name__', type(fn).__name__)}`"
    copies = x.copy(), k.copy()
    how = {"stride": stride} if stride > 1 else {}
    try:
        got = fn(*copies, **how)
    except NotImplementedError:
        verdict = Traced("is not written yet: it raised NotImplementedError.")
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        verdict = Traced(f"raised {reason[:LONGEST].rstrip(':.')}.")
    else:
        verdict = _changed((x, k), copies) or _compare(got, x, k, out, stride)
    return verdict._replace(name=name, says=f"{name} {verdict.says}")


def _changed(
    given: tuple[np.ndarray, ...], copies: tuple[np.ndarray, ...]
) -> Traced | None:
    """Notice an argument that the call has altered."""
    for name, before, after in zip("xk", given, copies, strict=True):
        if before.tobytes() != after.tobytes():
            return Traced(f"changed {name}. Work on a copy: {name}.copy().")
    return None


def _compare(
    got: Any, x: np.ndarray, k: np.ndarray, out: np.ndarray, stride: int
) -> Traced:
    """Judge a returned value: its kind, its shape, its numbers."""
    if got is None:
        return Traced("returned None. Is a `return` missing?")
    try:
        yours = np.asarray(got)
    except ValueError:  # rows of different lengths
        yours = np.empty(0, object)
    if yours.dtype.kind not in "biuf":
        kind = type(got).__name__
        return Traced(f"returned {kind}, which is no array of real numbers.")
    if yours.shape != out.shape:
        return Traced(
            f"returned the shape {yours.shape}, but the output of x {x.shape} "
            f"and k {k.shape} has the shape {out.shape}."
        )
    differs, rows = np.atleast_2d(_differs(yours, x, k, out, stride), yours)
    marks = {at: digits(rows[at]) for at in np.ndindex(differs.shape) if differs[at]}
    if not marks:
        return Traced(f"gives the same {out.size} outputs.", agrees=True)
    count = f"{len(marks)} of {out.size} outputs"
    return Traced(f"differs in {count}, marked ≠.", marks=marks)


def _differs(
    yours: np.ndarray, x: np.ndarray, k: np.ndarray, out: np.ndarray, stride: int
) -> np.ndarray:
    """Tell where two results are further apart than rounding explains."""
    kinds = [a.dtype for a in (yours, x, k) if a.dtype.kind == "f"]
    eps = max([float(np.finfo(kind).eps) for kind in kinds], default=0.0)
    size = correlate(np.abs(x).astype(float), np.abs(k).astype(float), stride)
    with np.errstate(invalid="ignore"):  # inf - inf
        apart = np.abs(yours.astype(float) - out.astype(float))
    same = (yours == out) | (np.isnan(yours) & np.isnan(out))
    result: np.ndarray = ~same & ~(apart <= 4 * eps * k.size * size)
    return result

"""Arrays as the operations take them: kinds of numbers, axes, sizes that agree.

Every refusal names the array or the axis, both numbers and what to do.
"""

from __future__ import annotations

from math import inf
from numbers import Real
from typing import Any

import numpy as np

from coursekit.shapes import ShapeError, at_least


def numeric(name: str, value: np.ndarray) -> np.ndarray:
    """Check that an array holds integers, float32 or float64."""
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} must be a NumPy array, but is {type(value).__name__}. "
            f"Use np.asarray({name})."
        )
    if value.dtype.kind not in "iu" and value.dtype not in (np.float32, np.float64):
        raise TypeError(
            f"{name} has dtype {value.dtype}, but an operation takes integers, float32 "
            f"or float64. Convert it: {name}.astype(float)."
        )
    return value


def array(name: str, value: np.ndarray, layout: str) -> np.ndarray:
    """Check one array against its layout, for example "N C H W"; only N may be 0."""
    numeric(name, value)
    axes = layout.split()
    if value.ndim != len(axes):
        raise ShapeError(
            f"{name} must have {len(axes)} ax{'es' if len(axes) > 1 else 'is'} "
            f"({', '.join(axes)}), but has {value.ndim}: shape {value.shape}. Reshape "
            f"it, or index with None to add an axis of size 1."
        )
    for axis, size in zip(axes, value.shape, strict=True):
        if axis != "N":
            at_least(1, size, f"{axis} of {name}")
    return value


def real(name: str, value: float, *, least: float = 0) -> float:
    """Check one number: of at least `least`, and neither NaN nor infinite.

    >>> real("lr", 0.1)
    0.1
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(
            f"{name} must be a number, but is {value!r} ({type(value).__name__})."
        )
    if not least <= value < inf:
        raise ValueError(
            f"{name} is {value:g}, but must be at least {least:g}, and finite."
        )
    return float(value)


def finite(name: str, value: np.ndarray) -> np.ndarray:
    """Refuse an array that holds NaN or infinity.

    >>> finite("x", np.ones(2))
    array([1., 1.])
    """
    wrong = ~np.isfinite(value)
    if wrong.any():
        place = tuple(map(int, np.argwhere(wrong)[0]))
        raise ValueError(
            f"{name} holds {value[place]:g} at {place}, which is no number to go on "
            f"with. Leave it out, or replace it: np.nan_to_num({name})."
        )
    return value


def equal(what: str, size: object, other: str, needed: object, remedy: str) -> None:
    """Require two sizes, or shapes, that belong together to be equal."""
    if size != needed:
        raise ShapeError(f"{what} is {size}, but {other} is {needed}. {remedy}")


def class_numbers(labels: np.ndarray) -> np.ndarray:
    """Check labels: one axis, and integers."""
    if array("labels", labels, "N").dtype.kind not in "iu":
        raise TypeError(
            f"labels has dtype {labels.dtype}, but class numbers are integers. "
            f"Pass the numbers of the classes, not one-hot rows."
        )
    return labels


def labelled(logits: np.ndarray, labels: np.ndarray) -> None:
    """Check labels against logits: one for each row, and each the number of a class."""
    n, classes = array("logits", logits, "N classes").shape
    equal(
        "N of labels",
        class_numbers(labels).size,
        "N of logits",
        n,
        "Give one label for each row of logits.",
    )
    at_least(1, n, "N of logits, over which a mean is taken,")
    if labels.min() < 0 or labels.max() >= classes:
        raise ShapeError(
            f"labels run from {labels.min()} to {labels.max()}, but logits has "
            f"{classes} classes, so labels must lie in 0 to {classes - 1}."
        )


def floating(name: str, value: np.ndarray, operation: str) -> np.ndarray:
    """Refuse integers where the result of an operation is not a whole number."""
    if value.dtype.kind != "f":
        raise TypeError(
            f"{name} has dtype {value.dtype}, but {operation} is not a whole number in "
            f"general. Convert it: {name}.astype(float)."
        )
    return value


def summable(
    terms: int, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> list[Any]:
    """Bring arrays to one dtype in which a sum of `terms` products is exact or floats.

    Integers become int64, and are refused where the sum could pass its largest number.
    """
    given = [x, weight] if bias is None else [x, weight, bias]
    dtype = np.result_type(*given)
    if all(each.dtype.kind in "iu" for each in given):
        dtype = np.dtype(np.int64)
        largest = terms * _largest(x) * _largest(weight)
        largest += 0 if bias is None else _largest(bias)
        if largest > np.iinfo(np.int64).max:
            raise TypeError(
                f"A sum here can reach {largest}, but int64 holds at most "
                f"{np.iinfo(np.int64).max}. Convert x to float: x.astype(float)."
            )
    return [
        None if each is None else each.astype(dtype, copy=False)
        for each in (x, weight, bias)
    ]


def _largest(x: np.ndarray) -> int:
    """Give the largest absolute value of an integer array, 0 for an empty one."""
    return max(-int(x.min()), int(x.max())) if x.size else 0

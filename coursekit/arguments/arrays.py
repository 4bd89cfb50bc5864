"""Arrays as the operations take them: kinds of numbers, axes, sizes that agree.

Every refusal names the array or the axis, both numbers and what to do.
"""

from __future__ import annotations

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


def equal(what: str, size: int, other: str, needed: int, remedy: str) -> None:
    """Require two sizes that belong together to be equal."""
    if size != needed:
        raise ShapeError(f"{what} is {size}, but {other} is {needed}. {remedy}")


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

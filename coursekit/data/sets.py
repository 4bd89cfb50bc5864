"""Data sets by name."""

from __future__ import annotations

from pathlib import Path

from coursekit.data.dataset import Dataset
from coursekit.data.digits import SIDES, digits

NAMES = ("digits",)


def load(
    name: str = "digits",
    *,
    size: int | None = None,
    folder: str | Path | None = None,
    offline: bool = False,
) -> Dataset:
    """Load labelled images: "digits" needs no network.

    `size` is the side of an image: "digits" has 8, or 28 scaled up for LeNet.

    Shapes: x_train (N, 1, size, size), y_train (N,); x_test and y_test likewise.
    Raises: ValueError for an unknown name or size.

    >>> load("digits").source
    'Digits: 1797 handwritten digits, 8x8 pixels, 10 classes; UCI, CC BY 4.0'
    """
    if name not in NAMES:
        known = ", ".join(repr(known) for known in NAMES)
        raise ValueError(
            f"There is no data set called {name!r}. There are {len(NAMES)}: {known}."
        )
    if size not in (None, *SIDES):
        raise ValueError(f"The size of 'digits' is 8 or 28, but size={size!r}.")
    return digits(size or SIDES[0])

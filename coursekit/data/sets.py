"""Labelled images by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from coursekit.data.dataset import Dataset
from coursekit.data.digits import SIDES, digits
from coursekit.data.download.cache import cache_folder
from coursekit.data.download.registry import SOURCES, Source
from coursekit.data.download.stock import Standing, content, mend, standing
from coursekit.data.download.transfer import Patience
from coursekit.data.idx import read_idx

OFFLINE = "digits"
NAMES = (OFFLINE, *SOURCES)
WHITE = 255  # the largest value of a pixel in an IDX file


def load(
    name: str = OFFLINE,
    *,
    size: int | None = None,
    folder: str | Path | None = None,
    offline: bool = False,
) -> Dataset:
    """Load labelled images by name: "digits", "fashion_mnist" or "mnist".

    "digits" needs no network: it is there wherever the course is. The others are
    downloaded once, 31 and 12 MB, into `folder`, or the one that COURSEKIT_DATA names,
    or your cache; with `offline=True` they are only looked for there.
    `size` is the side of an image: 28, or for "digits" 8, or 28 scaled up for LeNet.

    Shapes: x_train (N, 1, size, size), y_train (N,); x_test and y_test likewise.
    Raises: ValueError for an unknown name or size; DataUnavailable if a file is bad,
            or missing and not to be had.

    >>> load("digits").source
    'Digits: 1797 handwritten digits, 8x8 pixels, 10 classes; UCI, CC BY 4.0'
    """
    check_name(name)
    sizes = SIDES if name == OFFLINE else (28,)
    if size not in (None, *sizes):
        known = " or ".join(map(str, sizes))
        raise ValueError(f"The size of {name!r} is {known}, but size={size!r}.")
    if name == OFFLINE:
        return digits(size or sizes[0])
    return _downloaded(
        SOURCES[name], cache_folder(folder), None if offline else Patience()
    )


def check_name(name: str) -> None:
    """Raises: ValueError if there is no data set of that name."""
    if name not in NAMES:
        known = ", ".join(map(repr, NAMES))
        raise ValueError(
            f"There is no data set called {name!r}. There are {len(NAMES)}: {known}."
        )


def survey(folder: str | Path | None = None) -> dict[str, Standing]:
    """Say of each data set whether its files are there and right; change nothing."""
    cache = cache_folder(folder)
    always = Standing("always there, with scikit-learn", True, ())
    return {OFFLINE: always} | {s.name: standing(cache, s) for s in SOURCES.values()}


def fetch(
    name: str, folder: str | Path | None = None, patience: Patience | None = None
) -> Iterator[str]:
    """Download what is missing or bad of a data set, check all, and tell what was bad.

    Raises: ValueError for an unknown name; DataUnavailable if a file is not to be had.
    """
    check_name(name)
    if name != OFFLINE:
        yield from mend(cache_folder(folder), SOURCES[name], patience or Patience())


def _downloaded(source: Source, cache: Path, patience: Patience | None) -> Dataset:
    x_train, y_train, x_test, y_test = (
        read_idx(content(cache, source, file, patience)) for file in source.files
    )
    return Dataset(
        *(_pixels(x_train), y_train.astype(np.int64)),
        *(_pixels(x_test), y_test.astype(np.int64)),
        classes=source.classes,
        source=source.summary,
    )


def _pixels(images: np.ndarray) -> np.ndarray:
    """Scale (N, H, W) bytes to (N, 1, H, W) numbers from 0 to 1."""
    return images[:, None].astype(np.float32) / np.float32(WHITE)

"""Real handwritten digits that scikit-learn ships: the data of every offline lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit.data.dataset import Dataset

if TYPE_CHECKING:
    from jaxtyping import Integer

SIDES = (8, 28)  # as scanned, or scaled up to the input of LeNet
INK = 16  # the largest value of a pixel in the file
FACTOR, BORDER = 3, 2  # 8 * 3 + 2 * 2 = 28
TESTED = 50  # of each digit are kept for testing


def digits(side: int = 8) -> Dataset:
    """Load 1 797 handwritten digits: 50 of each to test with, the rest to learn from.

    The same people wrote both parts, so a test score here flatters a little.

    Shapes: images (N, 1, side, side); side is 8 as scanned, or 28 scaled up.
    Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI
            Machine Learning Repository, 1998, doi:10.24432/C50P49; the test part.

    >>> digits()
    Digits: 1797 handwritten digits, 8x8 pixels, 10 classes; UCI, CC BY 4.0
      x_train (1297, 1, 8, 8) float32
      y_train (1297,) int64
      x_test  (500, 1, 8, 8) float32
      y_test  (500,) int64
    """
    from sklearn.datasets import load_digits  # costs a second: only when asked

    values, y = load_digits(return_X_y=True)
    images = values.astype(np.int64).reshape(-1, 1, 8, 8)
    note = ""
    if side == 8:
        x = images.astype(np.float32) / np.float32(INK)
    else:
        x = (enlarge(images) / (INK * FACTOR**2)).astype(np.float32)
        note = " (8x8 scaled up)"
    train, test = split(y)
    return Dataset(
        *(x[train], y[train].astype(np.int64)),
        *(x[test], y[test].astype(np.int64)),
        classes=tuple("0123456789"),
        source=f"Digits: {len(y)} handwritten digits, {side}x{side} pixels{note}, "
        "10 classes; UCI, CC BY 4.0",
    )


def split(y: Integer[np.ndarray, " N"]) -> tuple[np.ndarray, np.ndarray]:
    """Part the places of y: (to learn from, to test with), 50 of each digit for tests.

    The parts and their order are always the same.
    """
    order = np.random.default_rng(0).permutation(len(y))
    tested = np.zeros(len(y), bool)
    for digit in np.unique(y):
        tested[order[y[order] == digit][:TESTED]] = True
    return order[~tested[order]], order[tested[order]]


def enlarge(images: Integer[np.ndarray, "*N H W"]) -> Integer[np.ndarray, "*N h w"]:
    """Interpolate to three times the side, times 9, and lay a border of two around it.

    Whole numbers go in and come out, so every machine computes the same.

    Shapes: (..., 8, 8) -> (..., 28, 28).

    >>> enlarge(np.array([[0, 3]]))[2]
    array([ 0,  0,  0,  0,  9, 18, 27, 27,  0,  0])
    """
    for axis in (-2, -1):
        length = images.shape[axis]
        middles = np.arange(FACTOR * length) - FACTOR // 2  # in thirds of a pixel
        middles = middles.clip(0, FACTOR * (length - 1))
        away = np.abs(middles - FACTOR * np.arange(length)[:, None])
        weights = (FACTOR - away).clip(0)  # (length, 3 * length)
        images = np.moveaxis(np.moveaxis(images, axis, -1) @ weights, -1, axis)
    around = [(0, 0)] * (images.ndim - 2) + [(BORDER, BORDER)] * 2
    return np.pad(images, around)

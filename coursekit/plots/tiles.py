"""Many small images of one size, laid out as tiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coursekit.plots.described import ROOM, Described, described, drawable, figure
from coursekit.plots.palette import signed
from coursekit.shapes import at_least

GAP = 1  # pixels of an image, between two tiles


def tiles(images: ArrayLike, *, columns: int = 8) -> Described:
    """Draw images in rows of `columns`, all on one scale; a sign makes it diverging.

    With a sign, zero is the middle of the scale; without one, 0 is black.

    Shapes: (N, H, W).
    Raises: ShapeError if there are not three axes, or nothing in one of them.

    >>> tiles(np.ones((5, 2, 3)), columns=4)
    Tiles in rows of 4. 5 images of 2 x 3, from 1 to 1, mean 1.
    """
    remedy = "They are images (N, H, W): leave out the channel, as in tiles(x[:, 0])."
    stack = drawable("tiles", "images", images, ndim=3, remedy=remedy)
    at_least(1, columns, "columns")
    board = _board(stack, columns)
    scale = ROOM / board.shape[1]
    [ax] = figure(scale * board.shape[0] * 0.8, width=ROOM * 0.8)
    limit = float(np.abs(stack).max())
    gray = {"cmap": "gray", "vmin": 0, "vmax": limit or 1.0}
    look = signed(limit) if stack.min() < 0 else gray
    shown = ax.imshow(board, interpolation="nearest", **look)
    ax.axis("off")
    n, h, w = stack.shape
    low, high, mean = (f"{v:.2g}" for v in (stack.min(), stack.max(), stack.mean()))
    told = f" {n} images of {h} x {w}, from {low} to {high}, mean {mean}."
    paper = described(ax, f"Tiles in rows of {columns}", {}, told)
    if stack.min() < 0:
        paper.colorbar(shown, ax=ax, shrink=0.8)
    return paper


def _board(stack: np.ndarray, columns: int) -> np.ndarray:
    """Put the images on one board; what lies between them is no number, so blank."""
    n, h, w = stack.shape
    rows = -(-n // columns)
    size = (rows * (h + GAP) - GAP, columns * (w + GAP) - GAP)
    board = np.full(size, np.nan)
    for i, image in enumerate(stack):
        top, left = (i // columns) * (h + GAP), (i % columns) * (w + GAP)
        board[top : top + h, left : left + w] = image
    return board

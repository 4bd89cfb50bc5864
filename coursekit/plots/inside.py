"""What lies inside a network: filters, maps and images, each on its own scale."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import Normalize
from numpy.typing import ArrayLike

from coursekit.plots.described import (
    ROOM,
    Described,
    described,
    drawable,
    figure,
    words,
)
from coursekit.plots.palette import UNSIGNED, signed
from coursekit.shapes import at_least


def sheets(*, label: str = "", columns: int = 10, **stacks: ArrayLike) -> Described:
    """Draw named stacks of small images, row by row, every image on its own scale.

    A stack with negative numbers has zero as the middle gray of each image; any other
    reaches from its darkest to its lightest number. `label` names the images with
    their places, as in "class 3".

    Shapes: each stack (N, H, W); more than `columns` images take several rows.
    Raises: ShapeError if a stack has other axes, or nothing in one of them; ValueError
        if there is none.

    >>> sheets(filters=np.ones((6, 5, 5)), maps=np.ones((2, 8, 9)))
    Images, each on its own scale. filters: 6 of 5 x 5. maps: 2 of 8 x 9.
    """
    words("label", label)
    rows = _rows(stacks, at_least(1, columns, "columns"))
    across = min(columns, max(len(images) for _, _, images, _ in rows))
    side = min(ROOM / (across + 1.2), 1.3)
    head = 0.25 if label else 0
    axes = figure(
        (side + head) * len(rows),
        width=side * (across + 1.2),
        nrows=len(rows),
        ncols=across,
    )
    for ax in axes:
        ax.axis("off")
    for row, (name, first, images, has_sign) in enumerate(rows):
        cells = axes[row * across : (row + 1) * across]
        beside: dict[str, Any] = {
            "transform": cells[0].transAxes,
            "ha": "right",
            "va": "center",
        }
        cells[0].text(-0.15, 0.5, name, **beside)
        for place, (ax, image) in enumerate(zip(cells, images, strict=False), first):
            ax.imshow(image, **_look(image, has_sign), interpolation="nearest")
            ax.set_title(f"{label} {place}" if label else "", fontsize=9)
    return described(axes[0], "Images, each on its own scale", {}, _told(stacks))


def _told(stacks: dict[str, ArrayLike]) -> str:
    """Read out how many images each stack holds, and how large they are."""
    sizes = {name.replace("_", " "): np.shape(stack) for name, stack in stacks.items()}
    return "".join(f" {name}: {n} of {h} x {w}." for name, (n, h, w) in sizes.items())


Row = tuple[str, int, np.ndarray, bool]  # name, place of its first image, images, sign


def _rows(stacks: dict[str, ArrayLike], columns: int) -> list[Row]:
    """Break the stacks into rows; only the first row of a stack bears its name."""
    if not stacks:
        raise ValueError("sheets got no stack: name one, as in sheets(filters=weight).")
    rows = []
    for name, given in stacks.items():
        remedy = "It is images (N, H, W): pick out one of the batch, or one channel."
        stack = drawable("sheets", name, given, ndim=3, remedy=remedy)
        for start in range(0, len(stack), columns):
            shown = "" if start else name.replace("_", "\n")
            part = stack[start : start + columns]
            rows.append((shown, start, part, bool(stack.min() < 0)))
    return rows


def _look(image: np.ndarray, has_sign: bool) -> dict[str, Any]:
    """Choose the colours of one image, and where they begin and end."""
    if has_sign:
        return signed(float(np.abs(image).max()))
    low, high = float(image.min()), float(image.max())
    return {"cmap": UNSIGNED, "norm": Normalize(low, high if high > low else low + 1)}

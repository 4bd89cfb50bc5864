"""Which class is taken for which: the table that counts, with its names."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from coursekit.plots.described import Described, described, drawable, figure
from coursekit.plots.palette import UNSIGNED
from coursekit.shapes import ShapeError


def confusion(table: ArrayLike, classes: Iterable[str]) -> Described:
    """Draw a confusion matrix: a row for each class, in per cent of its images.

    The colours leave out the diagonal, the right answers, so that errors are seen.

    Shapes: (classes, classes), rows are labels, columns are predictions.
    Raises: ShapeError if the table is not square, or does not fit the names;
        ValueError if a class has no image, or a count is below 0.

    >>> confusion([[3, 1], [0, 2]], ["cat", "dog"])  # doctest: +NORMALIZE_WHITESPACE
    Confusion matrix of 2 classes. Right, in per cent: cat 75, dog 100.
    Most often mistaken: cat taken for dog, 25 per cent.
    """
    counts = drawable("confusion", "table", table, ndim=2)
    if not isinstance(classes, Iterable):
        raise TypeError(
            f"classes must be a list of names, but is {classes!r} "
            f"({type(classes).__name__})."
        )
    names = list(map(str, classes))
    if counts.shape != (len(names), len(names)):
        raise ShapeError(
            f"confusion draws one row and one column for each of {len(names)} classes, "
            f"but table has shape {counts.shape}. Pass the names of all its classes."
        )
    if counts.min() < 0:
        raise ValueError(
            f"confusion draws counts, but table holds {counts.min():g}. Count the "
            f"images of each pair of classes."
        )
    images = counts.sum(axis=1)
    if not images.all():
        empty = names[int(np.argmin(images))]
        raise ValueError(
            f"No image has the label {empty}: its row of table is 0. Leave out that "
            f"class."
        )
    share = 100 * counts / images[:, None]
    right = np.eye(len(names), dtype=bool)
    wrong = np.where(right, 0, share)
    [ax] = figure(0.42 * len(names) + 1.4, width=0.5 * len(names) + 2)
    top = max(float(wrong.max()), 1.0)
    ax.imshow(
        np.ma.masked_where(right, share), cmap=UNSIGNED, vmin=0, vmax=top, aspect="auto"
    )
    for (i, j), value in np.ndenumerate(share):
        if round(value) or i == j:
            ink = "white" if i != j and value < top / 2 else "black"
            ax.text(j, i, f"{value:.0f}", ha="center", va="center", color=ink)
    ax.set(xticks=range(len(names)), yticks=range(len(names)), yticklabels=names)
    turned = 45 if max(map(len, names)) > 2 else 0
    ax.set_xticklabels(names, rotation=turned, ha="right" if turned else "center")
    ax.set(xlabel="taken for", ylabel="is")
    return described(
        ax, f"Confusion matrix of {len(names)} classes", {}, _told(share, wrong, names)
    )


def _told(share: np.ndarray, wrong: np.ndarray, names: list[str]) -> str:
    """Read out the diagonal, and the largest number beside it."""
    right = ", ".join(
        f"{name} {value:.0f}"
        for name, value in zip(names, share.diagonal(), strict=True)
    )
    told = f" Right, in per cent: {right}."
    if not wrong.any():
        return told + " Nothing is mistaken."
    i, j = np.unravel_index(wrong.argmax(), wrong.shape)
    most = f"{names[i]} taken for {names[j]}, {wrong[i, j]:.0f} per cent"
    return f"{told} Most often mistaken: {most}."

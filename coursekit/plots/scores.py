"""Accuracies of several runs: the mean, and how far the runs lie apart."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from coursekit.arguments.arrays import real
from coursekit.plots.described import (
    WIDTH,
    Described,
    Panels,
    described,
    figure,
    panels,
    words,
)
from coursekit.plots.palette import INKS, STROKES
from coursekit.shapes import ShapeError


def accuracy_curves(xlabel: str, x: ArrayLike, **runs: ArrayLike) -> Described:
    """Draw the mean accuracy of several runs over x, in a band from worst to best.

    Shapes: x (n,), and for each name an array (runs, n) of numbers from 0 to 1.
    Raises: ShapeError if a shape differs; ValueError if there is nothing to draw, or if
        a number is not from 0 to 1.

    >>> accuracy_curves("shift", [0, 1], MLP=[[0.9, 0.5], [1.0, 0.4]])
    Accuracy over shift 0 1, in per cent. MLP: 2 runs, mean 95 45, apart 10 10.
    """
    words("xlabel", xlabel)
    [where] = panels("accuracy_curves", {"x": x}, ndim=1).values()
    shown = _shares("accuracy_curves", runs, ndim=2)
    [ax] = figure(3.2, width=WIDTH * 0.8)
    told = ""
    for index, (name, values) in enumerate(shown.items()):
        if values.shape[1] != len(where):
            raise ShapeError(
                f"x has {len(where)} places, but the runs of {name} have "
                f"{values.shape[1]}. Give one accuracy for each place."
            )
        ink, mean = INKS[index % 4], values.mean(axis=0)
        ax.plot(where, mean, STROKES[index % 4], color=ink, marker="o", label=name)
        low, high = values.min(axis=0), values.max(axis=0)
        ax.fill_between(where, low, high, color=ink, alpha=0.2, linewidth=0)
        apart = _per_cent(high - low)
        told += f" {name}: {len(values)} runs, mean {_per_cent(mean)}, apart {apart}."
    ax.set(xlabel=xlabel, xticks=where)
    _scale(ax, "y")
    ax.legend(frameon=False)
    kind = f"Accuracy over {xlabel} {' '.join(f'{v:g}' for v in where)}, in per cent"
    return described(ax, kind, {}, told)


def accuracy_dots(*, lowest: float = 0, **runs: ArrayLike) -> Described:
    """Draw a row for each name: every run is a dot, their mean a stroke.

    Units: accuracies are from 0 to 1; the scale begins at `lowest`.
    Raises: ShapeError if an array is not 1-D; ValueError if there is none, or if a
        number is not from `lowest` to 1.

    >>> accuracy_dots(MLP=[0.9, 1.0], CNN=[0.8, 0.9])
    Accuracy of each run, in per cent. MLP: 90 100, mean 95. CNN: 80 90, mean 85.
    """
    if real("lowest", lowest) >= 1:
        raise ValueError(f"lowest is {lowest:g}, but must be below 1, the highest.")
    shown = _shares("accuracy_dots", runs, ndim=1, lowest=lowest)
    [ax] = figure(0.4 * len(shown) + 0.7, width=WIDTH * 0.8)
    told = ""
    for row, (name, values) in enumerate(shown.items()):
        ink, mean = INKS[row % 4], values.mean()
        ax.plot(values, np.full(len(values), row), "o", color=ink, alpha=0.7)
        ax.plot([mean, mean], [row - 0.3, row + 0.3], color="black", linewidth=2)
        told += f" {name}: {_per_cent(values)}, mean {_per_cent([mean])}."
    ax.set(yticks=range(len(shown)), yticklabels=shown, ylim=(len(shown) - 0.5, -0.5))
    _scale(ax, "x", lowest)
    return described(ax, "Accuracy of each run, in per cent", {}, told)


def _shares(
    asked_by: str, runs: dict[str, ArrayLike], *, ndim: int, lowest: float = 0
) -> Panels:
    """Check that there are accuracies, and that each of them is one."""
    shown = panels(asked_by, runs, ndim=ndim)
    for name, values in shown.items():
        for value in (values.min(), values.max()):
            if not lowest <= value <= 1:
                raise ValueError(
                    f"{asked_by} draws accuracies from {lowest:g} to 1, but {name} "
                    f"holds {value:g}. Pass shares of right answers, not per cent."
                )
    return shown


def _scale(ax: Axes, axis: str, lowest: float = 0) -> None:
    """Give an axis the scale of accuracies, in per cent."""
    room = 0.03 * (1 - lowest)
    ax.set(**{f"{axis}label": "accuracy", f"{axis}lim": (lowest - room, 1 + room)})
    getattr(ax, f"{axis}axis").set_major_formatter(lambda v, _: f"{100 * v:.0f} %")
    ax.grid(alpha=0.3, axis=axis)  # type: ignore[arg-type]
    ax.spines[["right", "top"]].set_visible(False)


def _per_cent(values: ArrayLike) -> str:
    return " ".join(f"{100 * value:.0f}" for value in np.asarray(values))

"""Lines and stems: signals, losses, and what else runs along one axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coursekit.plots.described import (
    WIDTH,
    Described,
    described,
    figure,
    number,
    panels,
)
from coursekit.plots.palette import INKS, STROKES


def signals(**arrays: ArrayLike) -> Described:
    """Draw 1-D arrays below each other, sample under sample, with their values.

    Raises: ShapeError if an array is not 1-D; ValueError if there is none.

    >>> signals(signal=[0, 0, 1], response=[0, 1])
    Stem plot. signal: 3 values, 0 0 1. response: 2 values, 0 1.
    """
    shown = panels("signals", arrays, ndim=1)
    axes = figure(1.2 * len(shown) + 0.3, nrows=len(shown), sharex=True)
    for ax, (name, values) in zip(axes, shown.items(), strict=True):
        ax.stem(values, linefmt=INKS[0], basefmt="k-")
        room = 0.15 * (np.ptp(values) or 1)  # above a stem, for its number
        for i, value in enumerate(values):
            ax.text(i, max(value, 0) + room, number(value), ha="center")
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
        ax.set_ylim(min(values.min(), 0) - room, max(values.max(), 0) + 4 * room)
        ax.spines[["left", "right", "top"]].set_visible(False)
        ax.set_yticks([])
    axes[-1].set_xlabel("position")
    return described(axes[0], "Stem plot", shown)


def loss_curve(**losses: ArrayLike) -> Described:
    """Draw losses against steps, the loss on a logarithmic axis.

    Raises: ShapeError if an array is not 1-D; ValueError if there is none, or if a
        loss is not above 0.

    >>> loss_curve(loss=[1, 0.1, 0.01])
    Line chart, logarithmic. loss: 3 values, 1 0.1 0.01.
    """
    shown = panels("loss_curve", losses, ndim=1)
    for name, values in shown.items():
        if not values.min() > 0:
            raise ValueError(
                f"loss_curve has a logarithmic axis, and {name} falls to "
                f"{values.min():g}. Pass losses above 0."
            )
    [ax] = figure(2.8, width=WIDTH * 0.75)
    for index, (name, values) in enumerate(shown.items()):
        ax.semilogy(values, STROKES[index % 4], color=INKS[index % 4], label=name)
    ax.set(xlabel="step", ylabel="loss")
    ax.grid(alpha=0.3)
    if len(shown) > 1:
        ax.legend(frameon=False)
    return described(ax, "Line chart, logarithmic", shown)

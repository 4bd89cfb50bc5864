"""Wholes and their parts: who has the parameters, and who costs the time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from coursekit.arguments.arrays import real
from coursekit.plots.described import WIDTH, Described, described, figure
from coursekit.plots.palette import INKS

HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo")
NARROW = 0.05  # a share below this has no room for its number


def shares(**wholes: Mapping[str, float]) -> Described:
    """Draw a bar for each whole, as long as all others, cut into its named parts.

    Raises: ValueError if there is no whole, or one whose parts are not above 0.

    >>> shares(parameters={"convolution": 1, "dense": 3})
    Shares of a whole, in per cent. parameters: convolution 25.0, dense 75.0.
    """
    if not wholes:
        raise ValueError("shares got no whole: name one, as in shares(cost=parts).")
    for name, parts in wholes.items():
        if not isinstance(parts, Mapping):
            raise TypeError(
                f"shares draws named parts, but {name} is {parts!r} "
                f"({type(parts).__name__}). Write {name}={{'part': 1}}."
            )
        numbers = [real(f"{part} of {name}", value) for part, value in parts.items()]
        if not numbers or min(numbers) == 0:
            raise ValueError(
                f"shares draws parts above 0, but {name} has {dict(parts)}. Leave out "
                f"parts that are nothing."
            )
    names = list(dict.fromkeys(part for parts in wholes.values() for part in parts))
    looks: dict[str, dict[str, Any]] = {
        part: {"facecolor": INKS[i % len(INKS)], "hatch": HATCHES[i % len(HATCHES)]}
        | {"alpha": 0.45, "edgecolor": "black"}
        for i, part in enumerate(names)
    }
    [ax] = figure(0.7 * len(wholes) + 0.8, width=WIDTH)
    told = ""
    for row, (name, parts) in enumerate(wholes.items()):
        told += f" {name.replace('_', ' ')}: {_bar(ax, row, parts, looks)}."
    lines = [name.replace("_", "\n") for name in wholes]
    ax.set(yticks=range(len(lines)), yticklabels=lines, ylim=(len(lines) - 0.5, -0.5))
    ax.set(xlim=(0, 1), xticks=[])
    ax.spines[:].set_visible(False)
    keys = [Patch(label=part, **look) for part, look in looks.items()]
    ax.legend(handles=keys, ncols=len(keys), loc="upper center",
              bbox_to_anchor=(0.5, 0), frameon=False)  # fmt: skip
    return described(ax, "Shares of a whole, in per cent", {}, told)


def _bar(
    ax: Axes, row: int, parts: Mapping[str, float], looks: Mapping[str, dict[str, Any]]
) -> str:
    """Draw the parts of one whole after one another; read them out."""
    left, total = 0.0, sum(parts.values())
    for part, value in parts.items():
        share = value / total
        ax.barh(row, share, left=left, height=0.6, **looks[part])
        if share >= NARROW:
            written = ax.text(left + share / 2, row, f"{100 * share:.0f} %")
            written.set(ha="center", va="center", bbox={"color": "white", "pad": 1.5})
        left += share
    return ", ".join(f"{p} {100 * value / total:.1f}" for p, value in parts.items())

"""Where a window stands, what it leaves out, and how far back an output sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from coursekit.plots.described import (
    ROOM,
    WIDTH,
    Described,
    described,
    figure,
    number,
    panels,
    side_by_side,
)
from coursekit.plots.palette import INKS, UNSIGNED
from coursekit.shapes import (
    AxisLayer,
    IntOrPair,
    out_len,
    pair,
    receptive_fields,
    stack,
)


def places(
    n: int, k: int, *, stride: int = 1, padding: IntOrPair = 0, dilation: int = 1
) -> Described:
    """Draw n samples, below them every place of a window, and hatch what none meets.

    Raises: ShapeError if the window fits nowhere.

    >>> places(6, 3, stride=2)
    Places of a window. Samples 0 to 5; taps on 0 1 2 / 2 3 4. Left out: 5.
    """
    count = out_len(n, k, padding=padding, stride=stride, dilation=dilation)
    before, after = pair(padding, "padding")
    met = [[o * stride - before + a * dilation for a in range(k)] for o in range(count)]
    left_out = set(range(-before, n + after)).difference(*met)
    cell = min(0.42, (ROOM - 1) / (n + before + after))
    [ax] = figure(cell * (count + 1.6), width=cell * (n + before + after) + 1)
    ax.set(xlim=(-before - 0.6, n + after - 0.4), ylim=(count + 0.6, -0.6))
    ax.set(aspect="equal", yticks=range(count + 1), xticks=[])
    ax.set_yticklabels(["samples", *(f"output {o}" for o in range(count))])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for at in range(-before, n + after):
        _sample(ax, at, padded=not 0 <= at < n, left_out=at in left_out)
    for row, taps in enumerate(met, start=1):
        ax.plot([taps[0], taps[-1]], [row, row], color=INKS[0], linewidth=2)
        for at in taps:
            _square(ax, at, row, facecolor=INKS[0], edgecolor="white")
    read = " / ".join(" ".join(_named(at, n) for at in taps) for taps in met)
    dropped = " ".join(_named(at, n) for at in sorted(left_out)) or "none"
    told = f" Samples 0 to {n - 1}; taps on {read}. Left out: {dropped}."
    return described(ax, "Places of a window", {}, told)


def _named(at: int, n: int) -> str:
    """Call a sample by its number, and all padding alike."""
    return str(at) if 0 <= at < n else "padding"


def _sample(ax: Axes, at: int, *, padded: bool, left_out: bool) -> None:
    """Draw one sample with its number; padding is dashed and has none."""
    _square(
        ax,
        at,
        0,
        facecolor="white" if padded or left_out else "#d9e4ec",
        edgecolor=INKS[1] if left_out else "black",
        linestyle="--" if padded else "-",
        hatch="////" if left_out else None,
    )
    if not padded:
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        bbox = ground if left_out else None
        ax.text(at, 0, str(at), ha="center", va="center", bbox=bbox)


def _square(ax: Axes, at: int, row: int, **look: object) -> None:
    """Draw one cell a little smaller than its place."""
    ax.add_patch(Rectangle((at - 0.42, row - 0.42), 0.84, 0.84, **look))  # type: ignore[arg-type]


def cone(n: int, layers: Iterable[Sequence[int]]) -> Described:
    """Draw a stack of layers along one axis, and all that its middle output sees.

    Each layer is (k, stride, dilation, padding), the last three optional. Samples are
    dots, the input lies at the bottom; lines lead from the output to what it needs.

    Raises: ShapeError if a window fits nowhere.

    >>> cone(7, [(3,), (3, 1, 2)])
    Receptive field. From 7 samples to 5 to 1; output 0 sees 7 samples, 0 to 6.
    """
    several, sizes = stack(layers), [n]
    if not several:
        raise ValueError("layers is [], but a cone needs at least one, such as (3,).")
    for place, layer in enumerate(several):
        how = layer._asdict()
        sizes.append(out_len(sizes[-1], how.pop("k"), axis=f"layer {place}", **how))
    needed = _needed(several, sizes)
    shift = [(0.0, 1)] + [
        (field.start + (field.size - 1) / 2, field.jump)
        for field in receptive_fields(several)
    ]
    [ax] = figure(0.75 * len(sizes) + 0.3, width=WIDTH)
    for row, ((start, jump), size) in enumerate(zip(shift, sizes, strict=True)):
        where = start + jump * np.arange(size)
        ax.plot(where, np.full(size, row), "o", mfc="white", mec=INKS[0])
        ax.plot(where[needed[row]], [row] * len(needed[row]), "o", color=INKS[1])
    for row, layer in enumerate(several):
        (low, step), (high, jump) = shift[row : row + 2]
        for o in needed[row + 1]:
            for at in _taps(layer, o, sizes[row]):
                line = [low + step * at, high + jump * o], [row, row + 1]
                ax.plot(*line, color=INKS[1], linewidth=0.8, zorder=0)
    names = [f"layer {row}" for row in range(1, len(sizes))]
    ax.set(yticks=range(len(sizes)), yticklabels=["input", *names])
    ax.set(xticks=range(0, n, max(1, n // 16)), xlabel="position in the input")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    seen, [output] = needed[0], needed[-1]
    told = f" From {n} samples to {' to '.join(map(str, sizes[1:]))}; "
    told += f"output {output} sees {len(seen)} samples, {seen[0]} to {seen[-1]}."
    return described(ax, "Receptive field", {}, told)


def _taps(layer: AxisLayer, o: int, n: int) -> list[int]:
    """List the samples, padding apart, under the taps of output o."""
    first = o * layer.stride - layer.padding
    met = (first + a * layer.dilation for a in range(layer.k))
    return [at for at in met if 0 <= at < n]


def _needed(layers: list[AxisLayer], sizes: list[int]) -> list[list[int]]:
    """List, from the input up, the samples that the middle output depends on."""
    needed = [[(sizes[-1] - 1) // 2]]
    for layer, n in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        met = {at for o in needed[0] for at in _taps(layer, o, n)}
        needed.insert(0, sorted(met))
    return needed


def heat(**arrays: ArrayLike) -> Described:
    """Draw 2-D arrays without negative numbers, each as a share of its largest.

    Raises: ShapeError if an array is not 2-D; ValueError if there is none, or if it
        holds a number below 0.

    >>> heat(gradient=[[0, 1], [2, 4]])
    Heat map. gradient: 2 x 2, rows 0 1 / 2 4.
    """
    shown = panels("heat", arrays, ndim=2)
    for name, values in shown.items():
        if not values.min() >= 0:
            raise ValueError(
                f"heat has a scale from 0 upwards, and {name} goes down to "
                f"{number(values.min())}. Pass np.abs, or draw it with responses."
            )
    axes = side_by_side(shown, most=0.14, beside=0.9)
    for ax, values in zip(axes, shown.values(), strict=True):
        share = values / (values.max() or 1)
        ax.imshow(share, cmap=UNSIGNED, vmin=0, vmax=1, interpolation="nearest")
    key = axes[0].figure.colorbar(axes[-1].images[0], ax=axes, shrink=0.8)
    key.set_label("share of the largest")
    return described(axes[0], "Heat map", shown)

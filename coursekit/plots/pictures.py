"""Arrays as pictures: photographs in gray or colour, responses with their sign."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coursekit.plots.described import (
    Described,
    described,
    enlargement,
    panels,
    side_by_side,
)
from coursekit.plots.palette import signed


def photos(**arrays: ArrayLike) -> Described:
    """Draw pictures side by side: 0 is black, 1 is white, beyond is clipped.

    Shapes: (H, W) for every picture, or (H, W, 3) for every one, in colour.
    Raises: ShapeError if an array has another shape; ValueError if there is none.

    >>> photos(night=np.zeros((10, 20)))
    Gray picture. night: 10 x 20, from 0 to 0, mean 0.
    >>> photos(dusk=np.full((10, 20, 3), [0.5, 0, 0.4]))
    Colour picture. dusk: 10 x 20 x 3, from 0 to 0.5, mean 0.3.
    """
    colour = bool(arrays) and all(
        getattr(x, "shape", ())[2:] == (3,) for x in arrays.values()
    )
    shown = panels("photos", arrays, ndim=3 if colour else 2)
    axes = side_by_side(shown, most=0.3)
    for ax, values in zip(axes, shown.values(), strict=True):
        look = np.clip(values, 0, 1)
        ax.imshow(look, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    return described(axes[0], f"{'Colour' if colour else 'Gray'} picture", shown)


def responses(**arrays: ArrayLike) -> Described:
    """Draw pictures with a sign side by side, on one scale with zero in its middle.

    The scale ends where 99 per cent of the numbers lie inside it.

    Raises: ShapeError if an array is not 2-D; ValueError if there is none.

    >>> responses(edge=np.linspace(-1, 1, 60).reshape(6, 10))
    Picture with signs. edge: 6 x 10, from -1 to 1, mean 0.
    """
    shown = panels("responses", arrays, ndim=2)
    axes = side_by_side(shown, most=0.3, beside=0.9)
    sizes = np.abs(np.concatenate([values.ravel() for values in shown.values()]))
    look = signed(float(np.percentile(sizes, 99) or sizes.max()))
    for ax, values in zip(axes, shown.values(), strict=True):
        ax.imshow(values, **look, interpolation="nearest")
    paper = described(axes[0], "Picture with signs", shown)
    key = paper.colorbar(axes[-1].images[0], ax=axes, shrink=0.8, extend="both")
    key.ax.tick_params(labelsize=10 * enlargement(paper.get_figwidth()))
    return paper

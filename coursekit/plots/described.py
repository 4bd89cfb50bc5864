"""A figure that says in words what it shows, and the frames that figures are drawn in.

It needs no pyplot: the last value of a cell displays itself, as a picture and, where
pictures cannot be shown, compared or seen, as its words.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image, ImageChops
from PIL.Image import Dither, Quantize

from coursekit.arguments.arrays import finite
from coursekit.shapes import ShapeError

Panels = dict[str, np.ndarray]

DPI = 80
WIDTH = 7.2  # inches: a line chart
ROOM = 9.2  # inches: what a notebook cell has room for; a page shrinks what is wider
ALONE = 5.3  # inches: the widest that one panel may get
SHADES = 128  # of gray or of colour: more of them nobody tells apart
READ_OUT = 49  # an array of up to so many numbers is read out in full


class Described(Figure):
    """A figure whose repr is its text alternative; its `axes` are there to change."""

    words = "A figure without a description."

    def __repr__(self) -> str:
        return self.words

    __str__ = __repr__

    def png(self) -> bytes:
        """Draw the figure in few shades or colours: fewer bytes, nothing to miss."""
        drawn, small = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png")
        picture = Image.open(drawn).convert("RGB")
        reduced = picture.convert("L")
        if ImageChops.difference(picture, reduced.convert("RGB")).getbbox():
            reduced = picture.quantize(SHADES, Quantize.MAXCOVERAGE, dither=Dither.NONE)
        else:
            top = SHADES - 1
            shades = [round(round(v * top / 255) * 255 / top) for v in range(256)]
            reduced = reduced.point(shades)
        reduced.save(small, format="png", optimize=True)
        return small.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        picture = base64.b64encode(self.png()).decode("ascii")
        return {"image/png": picture, "text/plain": self.words}


def panels(asked_by: str, arrays: Mapping[str, ArrayLike], *, ndim: int) -> Panels:
    """Check what a figure is to show; underscores in a name become spaces.

    Raises: ValueError if there is nothing to show; ShapeError for an array with another
        number of axes, or with no values; see `drawable`.
    """
    if not arrays:
        raise ValueError(
            f"{asked_by} got no array: name each one, as in {asked_by}(input=x)."
        )
    return {
        name.replace("_", " "): drawable(asked_by, name, given, ndim=ndim)
        for name, given in arrays.items()
    }


def drawable(
    asked_by: str,
    name: str,
    given: ArrayLike,
    *,
    ndim: int,
    remedy: str = "Pick out the part you want to see.",
) -> np.ndarray:
    """Read an array of numbers with so many axes; True and False are 1 and 0.

    Raises: TypeError if it does not hold numbers; ShapeError for another number of
        axes, or no value; ValueError for NaN or infinity.
    """
    try:
        values = np.asarray(given)
    except ValueError:
        raise ShapeError(
            f"{asked_by} draws arrays, but the rows of {name}, {given!r:.60}, "
            f"differ in length. Make them equal."
        ) from None
    if values.dtype.kind not in "biuf":
        raise TypeError(
            f"{asked_by} draws numbers, but {name} is {given!r:.60} "
            f"({type(given).__name__}) of dtype {values.dtype}. Convert it."
        )
    if values.ndim != ndim or not values.size:
        raise ShapeError(
            f"{asked_by} draws arrays with {ndim} axes and at least one value, but "
            f"{name} has shape {values.shape}. {remedy}"
        )
    return finite(name, values.astype(int) if values.dtype == bool else values)


def words(name: str, given: str) -> str:
    """Require text."""
    if not isinstance(given, str):
        raise TypeError(
            f"{name} must be a str, but is {given!r} ({type(given).__name__})."
        )
    return given


def figure(height: float, *, width: float = WIDTH, **subplots: Any) -> list[Axes]:
    """Lay out an empty figure and give its axes in reading order."""
    paper = Described((width, height), dpi=DPI, layout="constrained")
    return list(paper.subplots(squeeze=False, **subplots).flat)


def enlargement(width: float) -> float:
    """Tell how much larger text must be, since a page shrinks so wide a figure."""
    return max(1.0, width / ROOM)


def side_by_side(pictures: Panels, *, most: float, beside: float = 0) -> list[Axes]:
    """Lay out 2-D arrays in a row, upper edges level, every one to the same scale.

    A cell has at least two screen pixels, so that photographs stay large enough to see;
    where that makes the figure wider than the page, its text is as much larger.

    Units: inches; a cell gets at most the size `most`, and a key the room `beside`.
    """
    gap, head = 0.25, 0.35  # inches between two panels, and for a title
    columns = [picture.shape[1] for picture in pictures.values()]
    rows = max(picture.shape[0] for picture in pictures.values())
    room = ROOM - beside - gap * len(columns)
    cell = min(most, ALONE / max(columns), room / sum(columns))
    if cell > 1 / DPI:
        cell = max(2, int(cell * DPI)) / DPI  # whole screen pixels: crisp, fewer bytes
    width = cell * sum(columns) + gap * len(columns) + beside
    axes = figure(
        cell * rows + head * enlargement(width),
        width=width,
        ncols=len(columns),
        width_ratios=columns,
    )
    for ax, (name, values) in zip(axes, pictures.items(), strict=True):
        ax.set(xlim=(-0.5, values.shape[1] - 0.5), ylim=(rows - 0.5, -0.5))
        ax.set(aspect="equal", anchor="N", autoscale_on=False)
        ax.set_title(name, fontsize=12 * enlargement(width))
        ax.axis("off")
    return axes


def described(ax: Axes, kind: str, shown: Panels, more: str = "") -> Described:
    """Give the figure of these axes its words: its kind, and what each panel holds."""
    paper = ax.figure
    assert isinstance(paper, Described)
    told = "".join(f" {name}: {_values(values)}." for name, values in shown.items())
    paper.words = f"{kind}.{told}{more}"
    return paper


def number(value: float) -> str:
    """Write a number with at most three decimals, and zero without a sign."""
    return f"{round(float(value), 3) + 0.0:g}"


def _values(values: np.ndarray) -> str:
    """Read out a small array; of a large one tell the size, the range and the mean."""
    size = " x ".join(map(str, values.shape))
    size = size if values.ndim > 1 else f"{size} values"
    if values.size <= READ_OUT:
        rows = [" ".join(map(number, row)) for row in np.atleast_2d(values)]
        return f"{size}, {'rows ' if values.ndim > 1 else ''}{' / '.join(rows)}"
    low, high, mean = (
        f"{round(float(value), 6) + 0.0:.2g}"
        for value in (values.min(), values.max(), values.mean())
    )
    return f"{size}, from {low} to {high}, mean {mean}"

"""What a network takes and what it gives, drawn as stacks of sheets."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit.plots.described import WIDTH, Described, described, figure
from coursekit.plots.palette import INKS
from coursekit.shapes import ShapeError, sizes

Shape = tuple[int, ...]
SHEETS, CELLS = 5, 10  # so many are drawn at most; the label has the true number
SIDE, STEP = 1.0, 0.12  # of a sheet, and from one sheet to the next behind it


def in_and_out(**tasks: tuple[Shape, Shape]) -> Described:
    """Draw a row for each task: the block that enters, an arrow, the block that leaves.

    An image (C, H, W) is a stack of sheets, a vector (n,) a column of cells.

    Raises: ValueError if there is no task; ShapeError for a shape of another kind.

    >>> in_and_out(classification=((3, 8, 8), (10,)))
    Shapes in and out. classification: 3 x 8 x 8 to 10.
    """
    if not tasks:
        raise ValueError(
            "in_and_out got no task: name one, as in f=((3, 8, 8), (10,))."
        )
    axes = figure(1.7 * len(tasks), width=WIDTH * 0.75, nrows=len(tasks))
    told = ""
    for ax, (name, shapes) in zip(axes, tasks.items(), strict=True):
        name = name.replace("_", " ")
        given, made = _shapes(name, shapes)
        ax.set(xlim=(-0.1, 5.8), ylim=(2.2, -0.45), aspect="equal", anchor="W")
        ax.axis("off")
        ax.set_title(name, loc="left")
        _block(ax, 0.2, given)
        ax.annotate("", (3.6, 0.8), (2.1, 0.8), arrowprops={"arrowstyle": "->"})
        ax.text(2.85, 0.65, "network", ha="center")
        _block(ax, 4.0, made)
        told += f" {name}: {_size(given)} to {_size(made)}."
    return described(axes[0], "Shapes in and out", {}, told)


def _shapes(name: str, shapes: tuple[Shape, Shape]) -> list[Shape]:
    """Check the two shapes of a task."""
    if not isinstance(shapes, tuple | list) or len(shapes) != 2:
        raise ShapeError(
            f"{name} is {shapes!r}, but must be two shapes, as in ((3, 8, 8), (10,))."
        )
    checked = [sizes(shape, f"a shape of {name}") for shape in shapes]
    for shape in checked:
        if len(shape) not in (1, 3):
            raise ShapeError(
                f"in_and_out draws images (C, H, W) and vectors (n,), but {name} has "
                f"{shape}. Leave out the batch."
            )
    return checked


def _block(ax: Axes, left: float, shape: Shape) -> None:
    """Draw a stack of sheets or a column of cells, its shape below."""
    count = min(shape[0], SHEETS if len(shape) == 3 else CELLS)
    for i in reversed(range(count)):
        if len(shape) == 3:
            corner, size = (left + STEP * i, 0.2 + STEP * (count - 1 - i)), (SIDE, SIDE)
        else:
            corner, size = (left + 0.4, 0.2 + 1.3 * i / count), (0.25, 1.3 / count)
        sheet = Rectangle(corner, *size, facecolor="#d9e4ec", edgecolor=INKS[0])
        ax.add_patch(sheet)
    ax.text(left, 1.95, _size(shape), va="center")


def _size(shape: Shape) -> str:
    return " x ".join(map(str, shape))

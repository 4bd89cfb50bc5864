"""A whole network from left to right: its maps as planes, its vectors as bars."""

from __future__ import annotations

from math import prod

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit.nets.layers import (
    Activation,
    AvgPool2d,
    Conv2d,
    Layer,
    MaxPool2d,
    Network,
)
from coursekit.nets.sizes import Shape, param_shapes, walk
from coursekit.plots.described import ROOM, Described, described, figure
from coursekit.plots.palette import INKS
from coursekit.shapes import ShapeError, pair, sizes

PALE = "#d9e4ec"
LARGEST, STEP = 0.62, 0.018  # of a column: the largest plane, and to the one behind it
BAR, LEAST = 0.16, 0.08  # width of a vector, and the least height of anything
PLANES = 16  # so many are drawn at most; the label has the true number


def architecture(network: Network, shape: Shape) -> Described:
    """Draw what each layer makes: planes or a bar to scale, its shape, its parameters.

    Activations change no shape: each is named under the layer that it follows.

    Shapes: shape is what enters, (C, H, W) or (features,).
    Raises: ShapeError if the layers do not fit, or a shape has other axes.

    >>> from coursekit.nets import Flatten, Linear, ReLU
    >>> architecture((Flatten(), Linear(4, 2), ReLU()), (1, 2, 2))
    Architecture. Input 1 x 2 x 2. Flatten: 4. Linear and ReLU: 2, 10 parameters.
    """
    columns = _columns(network, sizes(shape, "shape"))
    for made, _, _ in columns:
        if len(made) not in (1, 3):
            raise ShapeError(
                f"architecture draws maps (C, H, W) and vectors (n,), but here is "
                f"{made}. Leave out the batch."
            )
    [ax] = figure(2.3, width=ROOM * max(1, len(columns) / 9))
    ax.set(xlim=(-0.05, max(9, len(columns))), ylim=(1.85, -0.3), aspect="equal")
    ax.axis("off")
    side = max([max(made[1:]) for made, _, _ in columns if len(made) == 3], default=1)
    longest = max([made[0] for made, _, _ in columns if len(made) == 1], default=1)
    told = ""
    for place, (made, name, parameters) in enumerate(columns):
        _block(ax, place, made, side, longest)
        size = " x ".join(map(str, made))
        cost = f"{parameters:,}\nparameters" if parameters else ""
        lines = "\n".join([*name, cost]).replace("2d ", "2d\n")
        ax.text(place, -0.2, size, va="center", fontsize=10)
        ax.text(place, 1.08, lines, va="top", fontsize=9)
        told += f" {' and '.join(name)}{': ' if place else ' '}{size}"
        told += f", {parameters:,} parameters." if parameters else "."
    return described(ax, "Architecture", {}, told)


def _columns(network: Network, shape: Shape) -> list[tuple[Shape, list[str], int]]:
    """Give for each column the shape, the names of its layers, and the parameters."""
    columns: list[tuple[Shape, list[str], int]] = [(shape, ["Input"], 0)]
    for step in walk(network, shape):
        if isinstance(step.layer, Activation) and len(columns) > 1:
            columns[-1][1].append(type(step.layer).__name__)
            continue
        parameters = sum(map(prod, param_shapes(step.layer)))
        columns.append((step.after, [_name(step.layer)], parameters))
    return columns


def _name(layer: Layer) -> str:
    """Name a layer, with the size of its window if it has one."""
    if not isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
        return type(layer).__name__
    k_h, k_w = pair(layer.kernel_size, "kernel_size")
    return f"{type(layer).__name__} {k_h} x {k_w}"


def _block(ax: Axes, left: float, shape: Shape, side: int, longest: int) -> None:
    """Draw a stack of planes, the first in front, or a bar; both stand on one line."""
    if len(shape) == 1:
        corners = [(left, 0.0)]
        wide, high = BAR, max(LEAST, shape[0] / longest)
    else:
        count = min(shape[0], PLANES)
        wide, high = (max(LEAST, LARGEST * n / side) for n in shape[:0:-1])
        corners = [(left + STEP * i, STEP * i) for i in reversed(range(count))]
    for x, up in corners:
        plane = Rectangle((x, 1 - up - high), wide, high, linewidth=0.6)
        plane.set(facecolor=PALE, edgecolor=INKS[0])
        ax.add_patch(plane)

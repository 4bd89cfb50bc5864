"""Which channel leads to which: layers as links, and branches that are stacked."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from coursekit.nets.layers import (
    Activation,
    Conv2d,
    Layer,
    Network,
    Parallel,
    network_of,
)
from coursekit.nets.sizes import Shape, Step, end, walk
from coursekit.plots.described import (
    ROOM,
    WIDTH,
    Described,
    described,
    enlargement,
    figure,
)
from coursekit.plots.palette import INKS
from coursekit.shapes import ShapeError, pair

GAP = 1.7  # inches between two columns of channels
PALE = "#d9e4ec"


def links(**networks: Network) -> Described:
    """Draw channels as dots, and a line for every kernel; side by side, one a keyword.

    A kernel that sees neighbours is a full line, one of 1 x 1 is dashed.

    Raises: ValueError if there is nothing but convolutions to draw; ShapeError if a
        layer does not take as many channels as the one before gives.

    >>> from coursekit.nets import Conv2d
    >>> links(depthwise=(Conv2d(2, 2, 3, groups=2),))
    Links between channels. depthwise: 2 to 2 channels by 2 kernels of 3 x 3.
    """
    if not networks:
        raise ValueError("links got no network: name each one, as in links(a=network).")
    shown = {name.replace("_", " "): layers for name, layers in networks.items()}
    steps = {name: _steps(name, layers) for name, layers in shown.items()}
    most = max(n for layers in steps.values() for n in _counts(layers))
    lengths = [len(layers) for layers in steps.values()]
    width = GAP * sum(lengths) + 0.5 * len(lengths)
    axes = figure(
        0.34 * most + 1.1, width=width, ncols=len(steps), width_ratios=lengths
    )
    for ax, (name, layers) in zip(axes, steps.items(), strict=True):
        ax.set(xlim=(-0.15, len(layers) + 0.15), ylim=(most + 0.4, -0.7))
        ax.set_title(name, fontsize=12 * enlargement(width))
        ax.axis("off")
        _dots_and_lines(ax, layers, most, 11 * enlargement(width))
    told = "".join(f" {name}: {_told(layers)}." for name, layers in steps.items())
    return described(axes[0], "Links between channels", {}, told)


def _steps(name: str, network: Network) -> list[Conv2d]:
    """Check that a network consists of convolutions that fit each other."""
    network = network_of(network)
    layers = [layer for layer in network if isinstance(layer, Conv2d)]
    if not layers or len(layers) < len(network):
        raise ValueError(
            f"links draws convolutions only, but {name} has {len(layers)} of them "
            f"among {len(network)} layers. Pass a tuple of Conv2d."
        )
    for before, layer in pairwise(layers):
        if before.out_channels != layer.in_channels:
            raise ShapeError(
                f"Along C a layer of {name} takes {layer.in_channels} channels, but "
                f"the one before gives {before.out_channels}. Make them equal."
            )
    return layers


def _counts(layers: list[Conv2d]) -> list[int]:
    """Give the number of channels before the first layer and after each."""
    return [layers[0].in_channels, *(layer.out_channels for layer in layers)]


def _pairs(layer: Conv2d) -> list[tuple[int, int]]:
    """Pair each input channel with every output of its group: one kernel each."""
    inputs, outputs = layer.in_channels, layer.out_channels
    size_in, size_out = inputs // layer.groups, outputs // layer.groups
    return [
        (i, o)
        for o in range(outputs)
        for i in range(inputs)
        if i // size_in == o // size_out
    ]


def _kernels(layer: Conv2d) -> str:
    size = " x ".join(map(str, pair(layer.kernel_size, "kernel_size", least=1)))
    return f"{len(_pairs(layer))} kernels of {size}"


def _told(layers: list[Conv2d]) -> str:
    steps = [f"{layer.out_channels} channels by {_kernels(layer)}" for layer in layers]
    return f"{layers[0].in_channels} to {', to '.join(steps)}"


def _dots_and_lines(ax: Axes, layers: list[Conv2d], most: int, size: float) -> None:
    """Draw one network: columns of channels, and the lines of each layer."""
    counts = _counts(layers)
    tops = [(most - n) / 2 for n in counts]
    for column, layer in enumerate(layers):
        alone = pair(layer.kernel_size, "kernel_size", least=1) == (1, 1)
        ink, stroke = (INKS[1], "--") if alone else (INKS[0], "-")
        for i, o in _pairs(layer):
            ends = tops[column] + i, tops[column + 1] + o
            ax.plot(
                [column, column + 1], ends, stroke, color=ink, linewidth=1.1, zorder=0
            )
        label = _kernels(layer).replace(" of ", "\nof ")
        ax.text(column + 0.5, most - 0.2, label, ha="center", va="top", fontsize=size)
    for column, (n, top) in enumerate(zip(counts, tops, strict=True)):
        rows = [top + channel for channel in range(n)]
        ax.plot([column] * n, rows, "o", markersize=9, mfc=PALE, mec="black")


def branches(block: Parallel, shape: tuple[int, int, int]) -> Described:
    """Draw a block whose branches read one input, and whose maps are stacked.

    The upper bar is as wide for each branch as it has channels in the output.

    Shapes: block of (C, H, W) -> (sum of the branches' channels, oH, oW).
    Raises: ShapeError if a branch does not fit, or does not give maps of equal size.

    >>> from coursekit.nets import Conv2d
    >>> branches(Parallel(((Conv2d(4, 2, 1),), (Conv2d(4, 6, 1),))), (4, 8, 8))
    Branches. Input 4 x 8 x 8; 1 x 1 to 2; 1 x 1 to 6. Stacked: 8 x 8 x 8.
    """
    if not isinstance(block, Parallel):
        raise TypeError(
            f"block must be a Parallel, but is {block!r} ({type(block).__name__}). "
            f"Write Parallel((branch, branch))."
        )
    [step] = walk(block, shape)
    steps = [_boxes(branch) for branch in step.inside]
    high, wide = max(map(len, steps)), len(steps)
    [ax] = figure(0.75 * (high + 2) + 0.2, width=min(ROOM, max(WIDTH, 1.9 * wide)))
    ax.set(xlim=(-0.02, wide + 0.02), ylim=(-0.1, high + 2))
    ax.axis("off")
    _box(ax, 0, 0, wide, f"input {_size(shape)}")
    left = 0.0
    for number, (branch, boxes) in enumerate(zip(step.inside, steps, strict=True)):
        share = end(branch, shape)[0]
        room = wide * share / step.after[0]
        _box(ax, left, high + 1.3, room, str(share), inset=0)
        _column(ax, number, boxes, left + room / 2, high)
        left += room
    told = "; ".join(", ".join(boxes) for boxes in steps)
    words = f" Input {_size(shape)}; {told}. Stacked: {_size(step.after)}."
    ax.set_title(f"output {_size(step.after)}", fontsize=12)
    return described(ax, "Branches", {}, words)


def _boxes(branch: list[Step]) -> list[str]:
    """Say for each layer of a branch, activations apart, its kernel and channels."""
    return [
        f"{_named(step.layer)} to {step.after[0]}"
        for step in branch
        if not isinstance(step.layer, Activation)
    ]


def _named(layer: Layer) -> str:
    """Call a layer by its kernel, and by its kind unless it is a convolution."""
    kind = "" if isinstance(layer, Conv2d) else f"{type(layer).__name__} "
    size = getattr(layer, "kernel_size", None)
    return kind + (_size(pair(size, "kernel_size", least=1)) if size else "")


def _size(shape: Shape) -> str:
    return " x ".join(map(str, shape))


def _column(ax: Axes, number: int, boxes: list[str], goal: float, high: int) -> None:
    """Draw the boxes of one branch, upwards, and the arrows between them."""
    middle, look = number + 0.5, {"arrowstyle": "->", "linewidth": 1.2}
    below = 0.6
    for level, text in enumerate(boxes):
        bottom = 1 + level * high / len(boxes) * 0.95
        _box(ax, number, bottom, 1, text.replace(" to ", "\nto "), fill="white")
        ax.annotate("", (middle, bottom), (middle, below), arrowprops=look)
        below = bottom + 0.6
    ax.annotate("", (goal, high + 1.3), (middle, below), arrowprops=look)


def _box(
    ax: Axes,
    left: float,
    bottom: float,
    width: float,
    text: str,
    *,
    inset: float = 0.06,
    fill: str = PALE,
) -> None:
    """Draw a box with its text in the middle."""
    box = Rectangle((left + inset, bottom), width - 2 * inset, 0.6, facecolor=fill)
    box.set_edgecolor("black")
    ax.add_patch(box)
    ax.text(left + width / 2, bottom + 0.3, text, ha="center", va="center")

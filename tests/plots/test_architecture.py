"""A network drawn from left to right: to scale, with its sizes and parameters."""

import re

import pytest

from coursekit import nets, plots
from coursekit.shapes import ShapeError


def test_lenet_is_drawn_with_its_planes_sizes_and_parameters() -> None:
    figure = plots.architecture(nets.LENET, (1, 28, 28))
    [ax] = figure.axes
    labels = [text.get_text() for text in ax.texts]
    assert labels[::2][:5] == [
        "1 x 28 x 28", "6 x 28 x 28", "6 x 14 x 14", "16 x 10 x 10", "16 x 5 x 5"
    ]  # fmt: skip
    assert labels[3] == "Conv2d\n5 x 5\nSigmoid\n156\nparameters"
    planes = 1 + 6 + 6 + 16 + 16
    assert len(ax.patches) == planes + 4  # and a bar for 400, 120, 84 and 10
    sides = [patch.get_width() for patch in ax.patches[:13]]
    assert sides[0] == sides[1] == 2 * sides[-1]  # 28, 28 and 14
    heights = [patch.get_height() for patch in ax.patches[planes:]]
    assert heights == [1, 120 / 400, 84 / 400, 0.08]
    assert "Linear and Sigmoid: 120, 48,120 parameters." in repr(figure)


def test_it_is_drawn_alike_each_time() -> None:
    first, second = (plots.architecture(nets.LENET_WIDE, (1, 28, 28)) for _ in range(2))
    assert first.png() == second.png()


def test_more_planes_than_there_is_room_for_are_told_and_not_drawn() -> None:
    figure = plots.architecture((nets.Conv2d(1, 48, 3),), (1, 5, 5))
    assert len(figure.axes[0].patches) == 1 + 16
    assert "Conv2d 3 x 3: 48 x 3 x 3, 480 parameters." in repr(figure)


def test_a_batch_is_refused() -> None:
    message = "draws maps (C, H, W) and vectors (n,), but here is (2, 3). Leave out"
    with pytest.raises(ShapeError, match=re.escape(message)):
        plots.architecture((nets.ReLU(),), (2, 3))


def test_a_network_that_does_not_fit_names_the_layer() -> None:
    with pytest.raises(ShapeError, match=r"Layer 0 \(Linear\): .* in_features is 9"):
        plots.architecture((nets.Linear(9, 2),), (4,))

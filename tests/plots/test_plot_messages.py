"""What a figure says when it cannot be drawn."""

import re

import numpy as np
import pytest

from coursekit import plots
from coursekit.shapes import ShapeError

DRAW = {
    "signals": 1,
    "grids": 2,
    "photos": 2,
    "responses": 2,
    "loss_curve": 1,
}


@pytest.mark.parametrize("name", DRAW)
def test_a_figure_of_nothing_says_how_to_name_an_array(name: str) -> None:
    message = f"{name} got no array: name each one, as in {name}(input=x)."
    with pytest.raises(ValueError, match=re.escape(message)):
        getattr(plots, name)()


@pytest.mark.parametrize(("name", "ndim"), DRAW.items())
def test_another_number_of_axes_is_named_with_the_shape(name: str, ndim: int) -> None:
    message = (
        f"{name} draws arrays with {ndim} axes and at least one value, but x has shape "
        "(2, 2, 2). Pick out the part you want to see."
    )
    with pytest.raises(ShapeError, match=re.escape(message)):
        getattr(plots, name)(x=np.ones((2, 2, 2)))


def test_more_padding_than_a_grid_has_is_named() -> None:
    message = "padding=1 rings leave no cell of x, which has shape (2, 3)."
    with pytest.raises(ShapeError, match=re.escape(message)):
        plots.grids(x=np.ones((2, 3)), padding=1)


def test_an_array_without_values_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"x has shape \(0, 3\)"):
        plots.grids(x=np.ones((0, 3)))


@pytest.mark.parametrize(
    ("corner", "message"),
    [
        (
            (0, 2),
            "Along W the window o2 spans 2 to 4, but x has positions 0 to 3. "
            "Start it at 0 to 1.",
        ),
        ((-1, 0), "corner o2 is -1, but must be at least 0."),
    ],
)
def test_a_window_outside_is_named_with_its_axis(
    corner: tuple[int, int], message: str
) -> None:
    with pytest.raises(ShapeError, match=re.escape(message)):
        plots.windows(np.ones((5, 4)), (2, 3), {"o1": (0, 0), "o2": corner})


def test_a_loss_of_zero_has_no_logarithm() -> None:
    message = "loss_curve has a logarithmic axis, and my loss falls to 0. Pass losses"
    with pytest.raises(ValueError, match=message):
        plots.loss_curve(my_loss=[1, 0])


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: plots.volumes((3, 2, 6), (2, 3, 3, 3)),
            "Along H the window spans 3 samples (k=3, dilation=1) but the padded input",
        ),
        (
            lambda: plots.volumes((3, 6, 2), (2, 3, 3, 3)),
            "Along W the window spans 3 samples",
        ),
        (lambda: plots.cone(4, [(3,), (3,)]), "Along layer 1 the window spans 3"),
    ],
)
def test_a_kernel_that_fits_nowhere_is_named_with_its_axis_or_layer(draw, message):
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}"):
        draw()

"""Figures of places, of receptive fields and of gradients: what they show and say."""

import re

import numpy as np
import pytest

from coursekit import plots
from coursekit.shapes import ShapeError

FIGURES = {
    "places": lambda: plots.places(8, 3, stride=2, padding=(1, 0), dilation=2),
    "cone": lambda: plots.cone(20, [(3,), (2, 2), (3, 1, 2)]),
    "heat": lambda: plots.heat(first_map=np.eye(3), other=np.ones((8, 9))),
}


def hatched(figure: plots.described.Described) -> list[int]:
    """Give the numbers of the samples that are drawn as left out."""
    [ax] = figure.axes
    return [round(p.get_x() + 0.42) for p in ax.patches if p.get_hatch()]


def taps(figure: plots.described.Described) -> dict[int, list[int]]:
    """Give, for every row of places, where its taps are drawn."""
    [ax] = figure.axes
    drawn: dict[int, list[int]] = {}
    for patch in ax.patches:
        at, row = round(patch.get_x() + 0.42), round(patch.get_y() + 0.42)
        drawn.setdefault(row, []).append(at)
    drawn.pop(0)
    return drawn


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_a_field_is_drawn_alike_each_time_and_not_blank(name: str) -> None:
    first, second = FIGURES[name](), FIGURES[name]()
    assert first.png() == second.png()
    assert first._repr_mimebundle_()["text/plain"] == repr(first)
    assert repr(first) != plots.described.Described.words


def test_every_tap_of_every_place_is_drawn_where_it_lies() -> None:
    figure = plots.places(7, 3, stride=2)
    assert taps(figure) == {1: [0, 1, 2], 2: [2, 3, 4], 3: [4, 5, 6]}
    spread = plots.places(5, 2, padding=(1, 0), dilation=4)
    assert taps(spread) == {1: [-1, 3], 2: [0, 4]}
    assert repr(spread) == (
        "Places of a window. Samples 0 to 4; taps on padding 3 / 0 4. Left out: 1 2."
    )


@pytest.mark.parametrize(
    ("n", "k", "stride", "dropped"),
    [(8, 3, 2, [7]), (7, 3, 2, []), (8, 3, 3, [6, 7]), (7, 1, 3, [1, 2, 4, 5])],
)
def test_what_no_tap_meets_is_hatched_and_said(
    n: int, k: int, stride: int, dropped: list[int]
) -> None:
    figure = plots.places(n, k, stride=stride)
    assert hatched(figure) == dropped
    said = " ".join(map(str, dropped)) or "none"
    assert repr(figure).endswith(f"Left out: {said}.")


def test_padding_is_dashed_and_has_no_number() -> None:
    [ax] = plots.places(2, 2, padding=1).axes
    assert [text.get_text() for text in ax.texts] == ["0", "1"]
    dashed = [p.get_x() + 0.42 for p in ax.patches if p.get_linestyle() == "--"]
    assert dashed == [-1, 2]


def test_the_numbers_of_left_out_samples_stand_on_white() -> None:
    [ax] = plots.places(8, 3, stride=2).axes
    grounds = [text.get_bbox_patch() for text in ax.texts]
    assert [ground is not None for ground in grounds] == [False] * 7 + [True]


def test_a_cone_fills_exactly_what_its_middle_output_needs() -> None:
    [ax] = plots.cone(20, [(3,), (2, 2), (3, 1, 2)]).axes
    rows = [line for line in ax.lines if line.get_marker() == "o"]
    filled = [list(line.get_xdata()) for line in rows[1::2]]
    assert filled[0] == list(range(4, 16))
    assert filled[1] == [5, 6, 9, 10, 13, 14]
    assert filled[2] == [5.5, 9.5, 13.5]
    assert filled[3] == [9.5]
    assert [len(line.get_xdata()) for line in rows[::2]] == [20, 18, 9, 5]


def test_a_cone_says_what_it_sees_and_leaves_padding_out() -> None:
    holes = repr(plots.cone(17, [(3, 1, 2)] * 3))
    assert holes.endswith("output 2 sees 7 samples, 2 to 14.")
    assert repr(plots.cone(3, [(5, 1, 1, 2)])).endswith("sees 3 samples, 0 to 2.")


def test_every_line_of_a_cone_joins_a_tap_to_its_output() -> None:
    [ax] = plots.cone(5, [(3, 2, 1, 1)]).axes
    joined = [line.get_xydata().tolist() for line in ax.lines if line.get_lw() == 0.8]
    assert joined == [[[at, 0], [2, 1]] for at in (1, 2, 3)]


def test_a_heat_map_is_a_share_of_its_own_largest_number() -> None:
    figure = plots.heat(small=[[0, 1], [2, 4]], large=[[0, 100]], nothing=[[0, 0]])
    shares = [np.asarray(ax.images[0].get_array()).tolist() for ax in figure.axes[:3]]
    assert shares == [[[0, 0.25], [0.5, 1]], [[0, 1]], [[0, 0]]]
    assert {ax.images[0].get_clim() for ax in figure.axes[:3]} == {(0, 1)}


def test_a_heat_map_refuses_a_number_below_zero_by_name() -> None:
    message = (
        "heat has a scale from 0 upwards, and my gradient goes down to -0.5. "
        "Pass np.abs, or draw it with responses."
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        plots.heat(my_gradient=[[1, -0.5]])


@pytest.mark.parametrize(
    "draw", [lambda: plots.places(3, 5), lambda: plots.cone(3, [(2,), (5,)])]
)
def test_a_window_without_a_place_is_no_figure(draw) -> None:
    with pytest.raises(ShapeError, match="the window spans 5 samples"):
        draw()


def test_a_heat_map_needs_a_named_array_with_two_axes() -> None:
    with pytest.raises(ValueError, match="heat got no array: name each one"):
        plots.heat()
    with pytest.raises(ShapeError, match=re.escape("x has shape (3,)")):
        plots.heat(x=[1, 2, 3])

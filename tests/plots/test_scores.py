"""Figures of accuracies, of tiles, and of shapes in and out: what they show and say."""

import re

import numpy as np
import pytest

from coursekit import plots
from coursekit.shapes import ShapeError

TWO_RUNS = [[0.9, 0.5, 0.2], [1.0, 0.4, 0.2]]
FIGURES = {
    "curves": lambda: plots.accuracy_curves("shift", [0, 1, 2], MLP=TWO_RUNS),
    "dots": lambda: plots.accuracy_dots(lowest=0.8, MLP=[0.9, 1.0], CNN=[0.8, 0.9]),
    "signed tiles": lambda: plots.tiles(np.arange(24).reshape(4, 2, 3) - 9, columns=3),
    "tiles": lambda: plots.tiles(np.arange(24).reshape(4, 2, 3), columns=3),
    "tasks": lambda: plots.in_and_out(find=((3, 8, 8), (10,)), paint=((3, 4, 4),) * 2),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_alike_each_time_and_says_what_it_shows(name: str) -> None:
    first, second = FIGURES[name](), FIGURES[name]()
    assert first.png() == second.png()
    assert repr(first) != plots.described.Described.words


def test_a_curve_runs_through_the_means_in_a_band_from_worst_to_best() -> None:
    figure = plots.accuracy_curves("shift", [0, 1, 2], MLP=TWO_RUNS)
    [ax] = figure.axes
    [line], [band] = ax.lines, ax.collections
    assert line.get_ydata() == pytest.approx([0.95, 0.45, 0.2])
    edge = band.get_paths()[0].vertices
    assert {y for x, y in edge if x == 0} == {0.9, 1.0}
    assert {y for x, y in edge if x == 2} == {0.2}
    assert repr(figure) == (
        "Accuracy over shift 0 1 2, in per cent. "
        "MLP: 2 runs, mean 95 45 20, apart 10 10 0."
    )


def test_every_run_is_a_dot_and_the_mean_a_stroke() -> None:
    figure = plots.accuracy_dots(lowest=0.5, MLP=[0.75, 1.0], CNN_shuffled=[0.5, 0.5])
    [ax] = figure.axes
    first, stroke, *_ = ax.lines
    assert first.get_xdata().tolist() == [0.75, 1.0]
    assert list(stroke.get_xdata()) == [0.875, 0.875]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "MLP",
        "CNN shuffled",
    ]
    assert "CNN shuffled: 50 50, mean 50." in repr(figure)


def test_tiles_stand_in_reading_order_with_a_gap_between_them() -> None:
    figure = plots.tiles(np.arange(12).reshape(3, 2, 2), columns=2)
    board = np.ma.filled(figure.axes[0].images[0].get_array(), -1)
    assert board.tolist() == [
        [0, 1, -1, 4, 5],
        [2, 3, -1, 6, 7],
        [-1, -1, -1, -1, -1],
        [8, 9, -1, -1, -1],
        [10, 11, -1, -1, -1],
    ]


def test_only_tiles_with_a_sign_have_zero_in_the_middle_and_a_key() -> None:
    signed, plain = FIGURES["signed tiles"](), FIGURES["tiles"]()
    assert signed.axes[0].images[0].get_clim() == (-14, 14)
    assert len(signed.axes) == 2
    assert plain.axes[0].images[0].get_clim() == (0, 23)
    assert len(plain.axes) == 1


def test_a_block_has_a_sheet_for_each_channel_up_to_five() -> None:
    figure = plots.in_and_out(a=((3, 8, 8), (4,)), b=((21, 8, 8), (10,)))
    assert [len(ax.patches) for ax in figure.axes] == [3 + 4, 5 + 10]
    assert repr(figure) == "Shapes in and out. a: 3 x 8 x 8 to 4. b: 21 x 8 x 8 to 10."


REFUSED = {
    "x has 2 places, but the runs of MLP have 3. Give one accuracy for each place.": (
        lambda: plots.accuracy_curves("shift", [0, 1], MLP=TWO_RUNS)
    ),
    "accuracy_dots draws accuracies from 0.5 to 1, but my net holds 97.": (
        lambda: plots.accuracy_dots(lowest=0.5, my_net=[0.9, 97])
    ),
    "accuracy_curves draws accuracies from 0 to 1, but MLP holds -0.1.": (
        lambda: plots.accuracy_curves("shift", [0], MLP=[[-0.1]])
    ),
    "but images has shape (2, 1, 8, 8). They are images (N, H, W): leave out the": (
        lambda: plots.tiles(np.ones((2, 1, 8, 8)))
    ),
    "in_and_out got no task: name one": plots.in_and_out,
    "in_and_out draws images (C, H, W) and vectors (n,), but a has (9, 3, 8, 8).": (
        lambda: plots.in_and_out(a=((9, 3, 8, 8), (10,)))
    ),
    "accuracy_dots got no array: name each one": plots.accuracy_dots,
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_drawn_is_refused_with_both_numbers(message: str) -> None:
    with pytest.raises((ShapeError, ValueError), match=re.escape(message)):
        REFUSED[message]()

"""The picture of channels and filters: every cell counted, the window where it is."""

import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from coursekit import plots
from coursekit.plots.described import Described
from coursekit.plots.volumes import SEEN
from coursekit.shapes import ShapeError


def rectangles(figure: Described, *, filled: bool) -> list[Rectangle]:
    [ax] = figure.axes
    return [
        p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill() is filled
    ]


def names(figure: Described) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_text()]


def test_every_number_of_input_filters_and_output_is_one_cell() -> None:
    cells = rectangles(plots.volumes((3, 6, 5), (2, 3, 3, 2)), filled=True)
    assert len(cells) == 3 * 6 * 5 + 2 * (3 * 3 * 2) + 2 * 4 * 4


def test_the_window_marks_as_many_cells_in_the_input_as_a_filter_has() -> None:
    cells = rectangles(plots.volumes((3, 6, 5), (2, 3, 3, 2)), filled=True)
    seen = [cell for cell in cells if cell.get_facecolor() == _rgba(SEEN)]
    assert len(seen) == 3 * 3 * 2 + 2 * (3 * 3 * 2) + 2  # input, filters, one a map


def _rgba(colour: str) -> tuple[float, ...]:
    return Rectangle((0, 0), 1, 1, facecolor=colour).get_facecolor()


def test_with_a_stride_the_window_stands_so_many_cells_further() -> None:
    still = plots.volumes((1, 7, 7), (1, 1, 3, 3), (0, 0), stride=2)
    moved = plots.volumes((1, 7, 7), (1, 1, 3, 3), (1, 2), stride=2)
    (x, y), (x_moved, y_moved) = (
        rectangles(figure, filled=False)[0].get_xy() for figure in (still, moved)
    )
    assert (x_moved - x, y_moved - y) == (4, 2)


def test_each_filter_has_two_arrows_and_each_volume_its_name() -> None:
    figure = plots.volumes((3, 6, 6), (2, 3, 3, 3), (0, 1))
    arrows = [t for t in figure.axes[0].texts if isinstance(t, Annotation)]
    assert len(arrows) == 4
    assert names(figure) == [
        "input 3 x 6 x 6",
        "filter 0: 3 x 3 x 3",
        "filter 1: 3 x 3 x 3",
        "output 2 x 4 x 4",
    ]


def test_the_words_give_every_size_and_place() -> None:
    assert repr(plots.volumes((2, 4, 4), (3, 2, 2, 2), (1, 0), stride=2)) == (
        "Volumes. Input 2 x 4 x 4, window 2 x 2 x 2 at row 2, column 0. Filters: 3, "
        "each 2 x 2 x 2. Output 3 x 2 x 2, marked at row 1, column 0 of every map."
    )


def test_filters_with_other_channels_than_the_input_are_refused() -> None:
    with pytest.raises(ShapeError, match="2 channels, but the input has 3"):
        plots.volumes((3, 6, 6), (1, 2, 3, 3))


@pytest.mark.parametrize("at", [(4, 0), (0, 4)])
def test_a_place_that_the_output_has_not_is_refused(at: tuple[int, int]) -> None:
    with pytest.raises(ShapeError, match="row from 0 to 3 and a column from 0 to 3"):
        plots.volumes((3, 6, 6), (1, 3, 3, 3), at)

"""Figures of links between channels and of branches: what they show and say."""

import numpy as np
import pytest

from coursekit import nets, plots
from coursekit.nets import Conv2d, MaxPool2d, Parallel, ReLU
from coursekit.shapes import ShapeError

BLOCK = Parallel(((Conv2d(4, 1, 1), ReLU()), (MaxPool2d(1), Conv2d(4, 3, 1))))
FIGURES = {
    "links": lambda: plots.links(a=(Conv2d(2, 4, 3, groups=2), Conv2d(4, 1, 1))),
    "branches": lambda: plots.branches(BLOCK, (4, 8, 8)),
}


def drawn(figure: plots.described.Described, panel: int = 0) -> set[tuple]:
    """Give each line as (column, start, end, style), rows counted from the top."""
    lines = [
        line for line in figure.axes[panel].lines if line.get_linestyle() != "None"
    ]
    found = set()
    for line in lines:
        (left, _), (start, end) = line.get_xdata(), line.get_ydata()
        found.add((int(left), float(start), float(end), line.get_linestyle()))
    return found


def dots(figure: plots.described.Described) -> list[list[float]]:
    """Give the rows of the dots, column by column."""
    lines = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    return [list(map(float, line.get_ydata())) for line in lines]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_links_is_drawn_alike_each_time_and_not_blank(name: str) -> None:
    first, second = FIGURES[name](), FIGURES[name]()
    assert first.png() == second.png()
    assert first._repr_mimebundle_()["text/plain"] == repr(first)
    assert repr(first) != plots.described.Described.words


def test_every_kernel_is_one_line_and_no_line_leaves_its_group() -> None:
    figure = plots.links(
        standard=(Conv2d(2, 4, 3),), grouped=(Conv2d(2, 4, 3, groups=2),)
    )
    assert dots(figure) == [[1, 2], [0, 1, 2, 3]]  # two dots stand in the middle
    all_to_all = {(0, i, o, "-") for i in (1.0, 2.0) for o in (0.0, 1.0, 2.0, 3.0)}
    assert drawn(figure) == all_to_all
    assert drawn(figure, 1) == {
        (0, 1.0, 0.0, "-"),
        (0, 1.0, 1.0, "-"),
        (0, 2.0, 2.0, "-"),
        (0, 2.0, 3.0, "-"),
    }
    assert [ax.get_title() for ax in figure.axes] == ["standard", "grouped"]


def test_kernels_of_one_pixel_are_dashed_and_all_are_counted_in_words() -> None:
    figure = plots.links(
        two_steps=(Conv2d(3, 3, (1, 3), groups=3), Conv2d(3, 2, 1)),
    )
    assert {(column, style) for column, *_, style in drawn(figure)} == {
        (0, "-"),
        (1, "--"),
    }
    assert [text.get_text() for text in figure.axes[0].texts] == [
        "3 kernels\nof 1 x 3",
        "6 kernels\nof 1 x 1",
    ]
    assert repr(figure) == (
        "Links between channels. two steps: 3 to 3 channels by 3 kernels of 1 x 3, "
        "to 2 channels by 6 kernels of 1 x 1."
    )


def test_branches_show_every_layer_and_the_share_of_each_branch() -> None:
    figure = plots.branches(BLOCK, (4, 8, 8))
    [ax] = figure.axes
    said = [text.get_text() for text in ax.texts if text.get_text()]
    assert said == [
        "input 4 x 8 x 8",
        "1",
        "1 x 1\nto 1",
        "3",
        "MaxPool2d 1 x 1\nto 4",
        "1 x 1\nto 3",
    ]
    upper = max(box.get_y() for box in ax.patches)
    shares = [box.get_width() for box in ax.patches if box.get_y() == upper]
    assert np.allclose(shares, [0.5, 1.5])  # of two columns: 1 and 3 of 4 channels
    starts = [box.get_x() for box in ax.patches if box.get_y() == upper]
    assert np.allclose(starts, [0, 0.5])
    assert repr(figure) == (
        "Branches. Input 4 x 8 x 8; 1 x 1 to 1; MaxPool2d 1 x 1 to 4, 1 x 1 to 3. "
        "Stacked: 4 x 8 x 8."
    )


def test_the_inception_block_is_read_out() -> None:
    words = repr(plots.branches(nets.INCEPTION_BLOCK[0], (192, 28, 28)))
    assert "1 x 1 to 16, 5 x 5 to 32; MaxPool2d 3 x 3 to 192" in words
    assert words.endswith("Stacked: 256 x 28 x 28.")


def test_links_says_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match=r"name each one, as in links\(a=network\)"):
        plots.links()
    with pytest.raises(ValueError, match="my net has 1 of them among 2 layers"):
        plots.links(my_net=(Conv2d(1, 1, 3), ReLU()))
    with pytest.raises(ValueError, match="none has 0 of them among 0 layers"):
        plots.links(none=())
    with pytest.raises(ShapeError, match="Along C a layer of a takes 3 channels, but"):
        plots.links(a=(Conv2d(1, 2, 3), Conv2d(3, 1, 3)))


def test_branches_of_different_sizes_are_refused() -> None:
    uneven = Parallel(((Conv2d(4, 1, 1),), (Conv2d(4, 1, 3),)))
    with pytest.raises(
        ShapeError, match="Pad so that every branch keeps the same size"
    ):
        plots.branches(uneven, (4, 8, 8))

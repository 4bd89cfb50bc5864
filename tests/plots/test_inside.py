"""Figures of lesson 7: shares of a whole, confusion, and the inside of a network."""

import re

import numpy as np
import pytest

from coursekit import plots
from coursekit.shapes import ShapeError

ANIMALS = [[3, 1, 0], [0, 2, 0], [4, 0, 4]]
NAMES = ["cat", "dog", "owl"]
FIGURES = {
    "confusion": lambda: plots.confusion(ANIMALS, NAMES),
    "shares": lambda: plots.shares(cost={"a": 1, "b": 3}, params={"b": 2}),
    "sheets": lambda: plots.sheets(
        label="map", columns=3, maps=np.arange(24).reshape(4, 2, 3)
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_alike_each_time_and_says_what_it_shows(name: str) -> None:
    first, second = FIGURES[name](), FIGURES[name]()
    assert first.png() == second.png()
    assert repr(first) != plots.described.Described.words


def test_every_bar_is_as_long_as_the_other_and_cut_in_proportion() -> None:
    figure = plots.shares(cost={"conv": 1, "dense": 3}, multiply_adds={"dense": 5})
    [ax] = figure.axes
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert bars == [(0, 0.25), (0.25, 0.75), (0, 1)]
    assert [text.get_text() for text in ax.texts] == ["25 %", "75 %", "100 %"]
    assert "cost: conv 25.0, dense 75.0. multiply adds: dense 100.0." in repr(figure)


def test_a_part_looks_the_same_in_every_bar() -> None:
    [ax] = plots.shares(one={"conv": 1, "dense": 3}, two={"dense": 5}).axes
    _, dense, other = ax.patches
    assert dense.get_facecolor() == other.get_facecolor()
    assert dense.get_hatch() == other.get_hatch() != ax.patches[0].get_hatch()


def test_a_sliver_has_no_room_for_its_number_but_is_read_out() -> None:
    figure = plots.shares(cost={"conv": 1, "dense": 99})
    assert [text.get_text() for text in figure.axes[0].texts] == ["99 %"]
    assert "conv 1.0" in repr(figure)


@pytest.mark.parametrize("parts", [{}, {"a": 0, "b": 1}])
def test_shares_of_nothing_are_refused(parts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"parts above 0, but cost has \{.*\}\. Leave"):
        plots.shares(cost=parts)
    with pytest.raises(ValueError, match=re.escape("name one, as in shares(cost=")):
        plots.shares()


def test_a_row_of_the_confusion_matrix_is_in_per_cent_of_its_images() -> None:
    figure = plots.confusion(ANIMALS, NAMES)
    [ax] = figure.axes
    written = {t.get_position(): t.get_text() for t in ax.texts}
    assert written == {
        (0, 0): "75",
        (1, 0): "25",
        (1, 1): "100",
        (0, 2): "50",
        (2, 2): "50",
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("taken for", "is")
    assert repr(figure) == (
        "Confusion matrix of 3 classes. Right, in per cent: cat 75, dog 100, owl 50. "
        "Most often mistaken: owl taken for cat, 50 per cent."
    )


def test_the_colours_of_a_confusion_matrix_leave_out_the_diagonal() -> None:
    [image] = plots.confusion(ANIMALS, NAMES).axes[0].images
    shade = image.get_array()
    assert shade.mask.tolist() == np.eye(3, dtype=bool).tolist()
    assert image.get_clim() == (0, 50)


def test_a_confusion_matrix_without_mistakes_says_so() -> None:
    words = repr(plots.confusion(np.eye(2, dtype=int), ["yes", "no"]))
    assert words.endswith("yes 100, no 100. Nothing is mistaken.")


def test_a_confusion_matrix_must_be_square_and_fit_its_names() -> None:
    with pytest.raises(
        ShapeError, match=r"each of 2 classes, .* shape \(3, 3\)\. Pass"
    ):
        plots.confusion(ANIMALS, NAMES[:2])
    with pytest.raises(ValueError, match=r"No image has the label dog: .* is 0\."):
        plots.confusion([[1, 0], [0, 0]], ["cat", "dog"])


def test_every_sheet_has_its_own_scale_and_zero_in_the_middle_of_a_sign() -> None:
    maps = np.array([[[2, 3]], [[0, 9]], [[5, 5]]])
    figure = plots.sheets(maps=maps, filters=np.array([[[-1, 4]], [[0, 2]]]))
    limits = [ax.images[0].get_clim() for ax in figure.axes if ax.images]
    assert limits == [(2, 3), (0, 9), (5, 6), (-4, 4), (-2, 2)]
    assert repr(figure).endswith("scale. maps: 3 of 1 x 2. filters: 2 of 1 x 2.")


def test_a_long_stack_takes_several_rows_and_its_images_keep_their_places() -> None:
    figure = plots.sheets(label="class", columns=2, dreams_of_it=np.ones((3, 4, 4)))
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == ["class 0", "class 1", "class 2", ""]
    assert [ax.texts[0].get_text() for ax in figure.axes if ax.texts] == [
        "dreams\nof\nit",
        "",
    ]


def test_sheets_name_the_stack_that_is_none() -> None:
    with pytest.raises(ShapeError, match=r"but maps has shape \(2, 2\)\. It is images"):
        plots.sheets(maps=np.ones((2, 2)))
    with pytest.raises(ValueError, match=re.escape("as in sheets(filters=weight)")):
        plots.sheets()

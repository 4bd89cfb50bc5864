"""Figures: their panels, their colours, their words. Stored pictures compare none."""

import base64
import io
from collections.abc import Callable

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgb
from PIL import Image

from coursekit import plots
from coursekit.plots import palette
from coursekit.plots.described import Described

GRID = np.array([[0, 1, 2], [3, 4, 5]])
SIGNED = np.array([[1, 0, -2], [1, 0, -2]])
FIGURES = {
    "signals": lambda: plots.signals(first_signal=[1, -2, 3], response=[4, 5]),
    "grids": lambda: plots.grids(first_grid=GRID, signed=SIGNED),
    "windows": lambda: plots.windows(GRID, (2, 2), {"o1": (0, 0), "o2": (0, 1)}),
    "photos": lambda: plots.photos(gray=GRID / 5),
    "responses": lambda: plots.responses(edge=SIGNED, other=GRID),
    "loss_curve": lambda: plots.loss_curve(slow=[1, 0.5], fast=[1, 0.1]),
}


@pytest.fixture(params=FIGURES)
def figure(request: pytest.FixtureRequest) -> Described:
    return FIGURES[request.param]()


def luminance(colour: object) -> np.ndarray:
    """Relative luminance of sRGB colours, as the accessibility guidelines define it."""
    rgb = np.asarray(colour, float)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def lightness(colours: np.ndarray) -> np.ndarray:
    """CIE L*, in which equal steps look equal."""
    return 116 * np.cbrt(luminance(colours)) - 16


def test_every_figure_is_a_picture_and_its_words(figure: Described) -> None:
    bundle = figure._repr_mimebundle_()
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert np.ptp(np.asarray(picture.convert("L"))) > 100  # not blank
    assert bundle["text/plain"] == repr(figure) == str(figure)
    assert bundle["text/plain"] != Described.words


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_arrays_draw_the_same_bytes(name: str) -> None:
    assert FIGURES[name]().png() == FIGURES[name]().png()


def test_no_figure_stays_open_in_pyplot(figure: Described) -> None:
    assert pyplot.get_fignums() == []


def test_panels_carry_the_names_of_their_arrays() -> None:
    titles = [ax.get_title() for ax in plots.grids(first_grid=GRID, k=SIGNED).axes]
    assert titles == ["first grid", "k"]
    labels = [ax.get_ylabel() for ax in plots.signals(in_put=[1], out=[2]).axes]
    assert labels == ["in put", "out"]


def test_a_grid_writes_every_number_in_its_cell() -> None:
    [ax] = plots.grids(x=np.array([[0.12345, -0.0001], [2, 30]])).axes
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "0.123", (1, 0): "0", (0, 1): "2", (1, 1): "30"}


def test_padding_is_told_apart_from_pixels_that_are_0() -> None:
    framed = np.pad([[0, 1]], 1)
    figure = plots.grids(framed=framed, kernel=GRID, padding=1)
    dashed = [p for p in figure.axes[0].patches if p.get_linestyle() == "--"]
    centres = {tuple(patch.get_bbox().get_points().mean(0)) for patch in dashed}
    assert len(dashed) == framed.size - 2
    assert centres.isdisjoint({(1, 1), (2, 1)})
    assert not figure.axes[1].patches
    assert repr(figure).endswith("Padding: 1 on each side of framed.")


def test_all_grids_of_a_figure_have_cells_of_one_size() -> None:
    figure = plots.grids(wide=np.ones((2, 9)), tall=np.ones((7, 2)))
    figure.draw_without_rendering()
    sizes = [ax.get_window_extent().width / np.ptp(ax.get_xlim()) for ax in figure.axes]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.02)


@pytest.mark.parametrize("draw", [plots.photos, plots.responses])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_photographs_side_by_side_stay_large_enough_to_see(
    draw: Callable[..., Described], count: int
) -> None:
    figure = draw(**{f"p{n}": np.ones((140, 178)) for n in range(count)})
    figure.draw_without_rendering()
    column = 800  # pixels, in a window of 1200
    shrink = min(1, column / (figure.get_figwidth() * figure.dpi))
    for ax in figure.axes[:count]:
        assert ax.get_window_extent().width * shrink > 220
        assert ax.title.get_fontsize() * shrink > 9


def test_a_photograph_in_colour_is_drawn_in_its_colours() -> None:
    red = np.zeros((9, 9, 3))
    red[..., 0] = 2  # clipped
    figure = plots.photos(red=red)
    picture = np.asarray(Image.open(io.BytesIO(figure.png())).convert("RGB"))
    assert tuple(picture[picture.shape[0] // 2, picture.shape[1] // 2]) == (255, 0, 0)
    assert repr(figure).startswith("Colour picture. red: 9 x 9 x 3")


def test_zero_lies_in_the_middle_of_a_signed_scale() -> None:
    for figure in (plots.grids(x=SIGNED), plots.responses(x=SIGNED, y=3 * SIGNED)):
        limits = {ax.images[0].get_clim() for ax in figure.axes if ax.images}
        [(low, high)] = limits  # one scale for all panels
        assert low == -high < 0


def test_a_single_strong_response_does_not_hide_the_others() -> None:
    x = np.full((10, 100), 0.1)
    x[0, 0] = 50
    ax = plots.responses(x=x).axes[0]
    assert ax.images[0].get_clim() == pytest.approx((-0.1, 0.1))


def test_unsigned_grids_and_photographs_start_at_black() -> None:
    assert plots.grids(x=GRID).axes[0].images[0].get_clim() == (0, 5)
    assert plots.photos(x=GRID * 9).axes[0].images[0].get_clim() == (0, 1)


def test_equal_steps_look_equal_in_the_unsigned_map() -> None:
    colours = matplotlib.colormaps[palette.UNSIGNED](np.linspace(0, 1, 33))
    steps = np.diff(lightness(colours))
    assert steps.min() > 0
    assert steps.max() < 2 * steps.mean()


def test_the_signed_map_is_lightest_at_zero_and_as_dark_on_both_sides() -> None:
    light = lightness(matplotlib.colormaps[palette.SIGNED](np.linspace(0, 1, 33)))
    assert light.argmax() == 16
    assert (np.diff(light[:17]) > 0).all()
    assert abs(light - light[::-1]).max() < 6


def test_numbers_can_be_read_on_every_colour() -> None:
    figure = plots.grids(x=np.arange(100).reshape(10, 10), y=np.mgrid[-25:26][None])
    for ax in figure.axes:
        values = np.asarray(ax.images[0].get_array())
        for text in ax.texts:
            j, i = text.get_position()
            ground = luminance(ax.images[0].to_rgba(values[i, j]))
            ink = luminance(to_rgb(text.get_color()))
            dark, light = sorted([float(ground), float(ink)])
            assert (light + 0.05) / (dark + 0.05) > 4.5


def test_a_frame_surrounds_exactly_its_window() -> None:
    [ax] = plots.windows(np.zeros((5, 6)), (2, 3), {"a": (0, 0), "b": (3, 2)}).axes
    frames = [patch.get_bbox().extents.round() for patch in ax.patches]
    assert [list(frame + 0.0) for frame in frames] == [[0, 0, 2, 1], [2, 3, 4, 4]]
    assert [patch.get_label() for patch in ax.patches] == ["a", "b"]
    assert len({patch.get_linestyle() for patch in ax.patches}) == 2


def test_a_stem_ends_at_its_value() -> None:
    ax = plots.signals(x=[0, 2, -1]).axes[0]
    assert list(ax.containers[0].markerline.get_ydata()) == [0, 2, -1]
    assert [text.get_text() for text in ax.texts] == ["0", "2", "-1"]


def test_two_losses_differ_by_stroke_and_not_by_colour_alone() -> None:
    ax = plots.loss_curve(loops=[1, 0.1], fast=[2, 0.2]).axes[0]
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "loops",
        "fast",
    ]
    assert ax.get_yscale() == "log"


def test_words_tell_the_range_of_an_array_too_large_to_read_out() -> None:
    x = np.linspace(-1, 3, 50).reshape(5, 10)
    assert repr(plots.grids(x=x)).endswith("x: 5 x 10, from -1 to 3, mean 1.")
    assert repr(plots.grids(x=x[:4])).count("/") == 3


def test_no_figure_changes_what_it_draws() -> None:
    x = np.array([[0.5, -0.25], [2, 1]])
    before = x.copy()
    plots.grids(x=x), plots.photos(x=x), plots.responses(x=x)
    plots.windows(x, (1, 1), {"a": (0, 0)})
    assert np.array_equal(x, before)


def test_one_number_and_nothing_but_zeros_can_be_drawn() -> None:
    zeros = np.zeros((1, 1))
    for draw in (plots.grids, plots.photos, plots.responses):
        assert draw(x=zeros).png()
    assert plots.signals(x=[0]).png()

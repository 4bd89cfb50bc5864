"""The correlation explorer as Python state: its table, its words, its still."""

import struct
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from coursekit.shapes import ShapeError
from coursekit.widgets import Predict, StepCorrelation, StepPooling
from coursekit.widgets.base import Explorer

X = np.arange(9).reshape(3, 3)
K = np.array([[0, 1], [2, 3]])
RIGHT = np.array([[19, 25], [37, 43]])
BINARY = np.array(
    [list(map(int, row)) for row in ("11100", "01110", "00111", "00110", "01100")]
)
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])


def test_each_step_writes_its_sum_of_products_out() -> None:
    steps = StepCorrelation(X, K).table["steps"]
    assert [step["lines"] for step in steps] == [
        ["0*0 + 1*1 + 3*2 + 4*3 = 19"],
        ["1*0 + 2*1 + 4*2 + 5*3 = 25"],
        ["3*0 + 4*1 + 6*2 + 7*3 = 37"],
        ["4*0 + 5*1 + 7*2 + 8*3 = 43"],
    ]
    assert [step["window"] for step in steps] == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_the_binary_image_fills_in_as_the_lesson_says() -> None:
    table = StepCorrelation(BINARY, CROSS).table
    assert table["out"] == [["4", "3", "4"], ["2", "4", "3"], ["2", "3", "4"]]
    assert table["steps"][0]["lines"] == [
        "1*1 + 1*0 + 1*1 +",
        "0*0 + 1*1 + 1*0 +",
        "0*1 + 0*0 + 1*1 = 4",
    ]


def test_a_signal_is_walked_like_a_single_row() -> None:
    show = StepCorrelation([0, 0, 0, 1, 2, 3, 4, 4, 4, 4], [-1, 1])
    assert show.table["out"] == [list("001111000")]
    assert show.table["steps"][3]["head"] == "Output `[3]` ="
    assert show.table["steps"][3]["lines"] == ["1*(-1) + 2*1 = 1"]


def test_a_stride_spaces_the_windows_and_leaves_pixels_unused() -> None:
    show = StepCorrelation(np.arange(1, 37).reshape(6, 6), np.ones((3, 3)), stride=2)
    assert [step["window"] for step in show.table["steps"]] == [
        [0, 0],
        [0, 2],
        [2, 0],
        [2, 2],
    ]
    last = show.table["pixels"][35]
    assert last["seen"] == []
    assert last["says"] == "`x[5, 5]` = 36 is used by no output: no window covers it."


def test_an_input_names_the_outputs_that_use_it_and_the_weight_in_each() -> None:
    middle = StepCorrelation(X, K).table["pixels"][4]
    assert middle["seen"] == [[0, 3], [1, 2], [2, 1], [3, 0]]
    assert middle["says"].startswith("`x[1, 1]` = 4 is used by 4 of 4 outputs")


def test_rounded_numbers_are_joined_by_almost_equal() -> None:
    line = StepCorrelation([1 / 3, 0.1], [1.0, 1.0]).table["steps"][0]["lines"]
    assert line == ["0.333*1 + 0.1*1 = 0.433"]
    line = StepCorrelation([1 / 3, 1 / 3], [1.0, 1.0]).table["steps"][0]["lines"]
    assert line == ["0.333*1 + 0.333*1 ≈ 0.667"]


def test_the_repr_is_the_same_for_the_same_table_and_another_for_another() -> None:
    first, again, other = (StepCorrelation(x, K) for x in (X, X, X + 1))
    assert repr(first) == repr(again)
    assert "x (3, 3), k (2, 2) -> (2, 2), table " in repr(first)
    assert first.checksum() != other.checksum()


def test_stepping_changes_neither_the_repr_nor_the_arguments() -> None:
    x = X.copy()
    show = StepCorrelation(x, K, fn=lambda x, k: RIGHT)
    before = repr(show)
    show.place = {"step": 3, "pixel": None, "filled": [0, 3]}
    assert repr(show) == before
    assert (x == X).all()


def test_the_bundle_holds_text_a_live_view_and_a_still_that_never_varies() -> None:
    bundles = [StepCorrelation(X, K)._repr_mimebundle_()[0] for _ in range(2)]
    view = "application/vnd.jupyter.widget-view+json"
    assert set(bundles[0]) == {"text/plain", "image/png", view}
    assert bundles[0]["image/png"] == bundles[1]["image/png"]


def test_the_still_shows_three_panels_wide() -> None:
    width, height = struct.unpack(">II", StepCorrelation(X, K).still()[16:24])
    assert 2 * height < width < 700


def test_matplotlib_is_not_loaded_before_a_still_is_drawn() -> None:
    code = (
        "import sys; from coursekit.widgets import StepCorrelation as S;"
        "show = S([[1, 2]], [[1]]); repr(show); show.describe();"
        "assert 'matplotlib' not in sys.modules and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_describe_tells_every_step_and_where_your_function_differs() -> None:
    show = StepCorrelation(X, K, fn=lambda x, k: RIGHT + np.eye(2, dtype=int)[::-1])
    words = show.describe()
    assert "at 4 places" in words
    assert "Output [0, 1] = 1*0 + 2*1 + 4*2 + 5*3 = 25 ≠ 26" in words
    assert words.endswith("<lambda> differs in 2 of 4 outputs, marked ≠.")


@pytest.mark.parametrize(
    ("x", "k", "stride", "message"),
    [
        (
            np.zeros((17, 4)),
            K,
            1,
            r"Along H x has 17 cells, but .* at most 16\. Cut .*: x\[:16, :16\]",
        ),
        (np.zeros(40), [1], 1, r"Along W x has 40 cells, .*: x\[:16\]"),
        (X, [1, 2], 1, r"x has 2 axes and k has 1, but"),
        (np.zeros((2, 2, 2)), K, 1, r"x has 3 axes and k has 2"),
        (X, np.ones((2, 4)), 1, r"Along W the window spans 4 samples .* has 3 "),
        (X, K, 0, r"stride"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_both_numbers_and_a_remedy(
    x: Any, k: Any, stride: int, message: str
) -> None:
    with pytest.raises(ShapeError, match=message):
        StepCorrelation(x, k, stride=stride)


def test_script_and_style_stay_small_enough_to_be_stored_with_every_explorer() -> None:
    kinds = {StepCorrelation, StepPooling, Predict}
    for kind in kinds | set(Explorer.__subclasses__()):
        size = len((str(kind._esm) + str(kind._css)).encode())
        assert 1_000 < size < 40_000, kind

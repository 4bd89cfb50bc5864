"""The pooling explorer as Python state: its table, its words, its still."""

import struct
from typing import Any

import numpy as np
import pytest

from coursekit.shapes import ShapeError
from coursekit.widgets import StepPooling

X = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]])


def test_each_step_names_the_numbers_of_its_window_and_the_largest() -> None:
    table = StepPooling(X, 2).table
    assert table["out"] == [["100", "184"], ["12", "45"]]
    assert [step["lines"] for step in table["steps"]] == [
        ["max(29, 15, 0, 100) = 100"],
        ["max(28, 184, 70, 38) = 184"],
        ["max(12, 12, 12, 12) = 12"],
        ["max(7, 2, 45, 6) = 45"],
    ]
    assert [step["window"] for step in table["steps"]] == [
        [0, 0],
        [0, 2],
        [2, 0],
        [2, 2],
    ]


def test_the_winner_is_marked_and_of_equals_the_first_in_row_order() -> None:
    notes = [step["notes"] for step in StepPooling(X, 2).table["steps"]]
    assert [marks.index("max") for marks in notes] == [3, 1, 0, 2]
    assert [marks.count("max") for marks in notes] == [1, 1, 1, 1]


def test_larger_windows_stand_row_by_row() -> None:
    [step] = StepPooling(X[:3, :3], 3).table["steps"]
    assert step["lines"] == ["max(29, 15, 28,", "0, 100, 70,", "12, 12, 7) = 100"]


def test_a_window_need_not_be_square_and_may_overlap_the_next() -> None:
    show = StepPooling(X, (1, 3), stride=1)
    assert show.table["size"] == [1, 3]
    assert show.table["out"][0] == ["29", "184"]
    assert show.describe().splitlines()[:2] == [
        "A window of (1, 3) is laid on x (4, 4) at 8 places.",
        "Output [0, 0] = max(29, 15, 28) = 29",
    ]


def test_an_input_names_its_outputs_and_what_no_window_covers_says_so() -> None:
    pixels = StepPooling(X, 3, stride=1).table["pixels"]
    assert pixels[5]["seen"] == [[0, 4], [1, 3], [2, 1], [3, 0]]
    assert pixels[5]["says"] == (
        "`x[1, 1]` = 100 is used by 4 of 4 outputs, and is the largest where a small "
        "max is written."
    )
    last = StepPooling(X, 3).table["pixels"][15]
    assert last["says"] == "`x[3, 3]` = 6 is used by no output: no window covers it."


def test_the_repr_tells_shapes_and_stride_and_does_not_vary() -> None:
    assert repr(StepPooling(X, 2)) == repr(StepPooling(X.copy(), 2))
    assert "x (4, 4), windows (2, 2), stride 2 -> (2, 2), table" in repr(
        StepPooling(X, 2)
    )
    assert StepPooling(X, 2).checksum() != StepPooling(X + 1, 2).checksum()


def test_the_still_shows_two_panels_and_never_varies() -> None:
    first, again = StepPooling(X, 2).still(), StepPooling(X, 2).still()
    width, height = struct.unpack(">II", first[16:24])
    assert first == again
    assert height < width < 3 * height


@pytest.mark.parametrize(
    ("x", "size", "how", "message"),
    [
        (np.zeros((4, 17)), 2, {}, r"Along W x has 17 cells, .* at most 16"),
        (np.zeros(4), 2, {}, r"x has 1 axes, but the explorer draws 2\. Pick one map"),
        (np.zeros((1, 1, 4, 4)), 2, {}, r"x has 4 axes, .*, as in x\[0, 0\]"),
        (X, 5, {}, r"Along H the window spans 5 samples .* has 4 "),
        (X, (2, 3), {}, r"window \(2, 3\) is not square, .* as in stride=2"),
        (X, 2, {"stride": 0}, r"stride is 0, but must be at least 1"),
        (X, 0, {}, r"kernel_size is 0, but must be at least 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_both_numbers_and_a_remedy(
    x: Any, size: Any, how: dict[str, int], message: str
) -> None:
    with pytest.raises(ShapeError, match=message):
        StepPooling(x, size, **how)

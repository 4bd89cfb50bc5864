"""Lesson 5: the worked numbers of pooling."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

CORNER = [[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]]
CASES = [
    (CORNER, [[100, 184], [12, 45]], [[36, 80], [12, 15]]),
    (
        [[1, 2, 3, 4], [2, 3, 4, 5], [4, 3, 2, 1], [5, 4, 3, 2]],
        [[3, 5], [5, 3]],
        [[2, 4], [4, 2]],
    ),
    (
        [[1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 1, 1], [4, 5, 6, 7]],
        [[2, 4], [5, 7]],
        [[1.25, 2.25], [2.75, 3.75]],
    ),
]


@pytest.mark.parametrize(("x", "largest", "mean"), CASES)
def test_the_worked_4x4_pictures(lib, x, largest, mean):
    x = np.array([[x]], float)
    assert_array_equal(lib.max_pool2d(x, 2), [[largest]])
    assert_array_equal(lib.avg_pool2d(x, 2), [[mean]])


def test_thirty_one_in_the_corner_makes_the_mean_36_and_a_half(lib):
    x = np.array([[CORNER]], float)
    x[0, 0, 0, 0] = 31
    assert lib.avg_pool2d(x, 2)[0, 0, 0, 0] == 36.5


def test_channels_are_pooled_by_themselves_and_integers_stay_exact(lib):
    x = np.array([[CORNER, np.negative(CORNER)]], np.int16)
    out = lib.max_pool2d(x, 2)
    assert_array_equal(out[0], [[[100, 184], [12, 45]], [[0, -28], [-12, -2]]])
    assert out.dtype == np.int16


def test_padding_never_wins_the_maximum(lib):
    x = np.full((1, 1, 2, 2), -5.0)
    assert_array_equal(lib.max_pool2d(x, 2, padding=1), np.full((1, 1, 2, 2), -5))
    integers = np.full((1, 1, 2, 2), -5)
    assert_array_equal(
        lib.max_pool2d(integers, 2, padding=1), np.full((1, 1, 2, 2), -5)
    )


def test_a_dilated_window_between_the_samples_sees_only_padding(lib):
    x = np.zeros((1, 1, 1, 4), np.float32)
    out = lib.max_pool2d(x, (1, 2), stride=1, padding=(0, 1), dilation=(1, 5))
    assert_array_equal(out, [[[[-np.inf]]]])
    assert lib.max_pool2d(
        x.astype(np.int8), (1, 2), stride=1, padding=(0, 1), dilation=(1, 5)
    ).tolist() == [[[[-128]]]]


def test_overlapping_dilated_and_rectangular_windows(lib):
    x = np.array(CORNER)[None, None]
    assert_array_equal(
        lib.max_pool2d(x, (1, 3), stride=(2, 1)), [[[[29, 184], [12, 12]]]]
    )
    assert_array_equal(lib.max_pool2d(x, 2, stride=1, dilation=(3, 2)), [[[[45, 184]]]])


def test_ceil_mode_keeps_the_last_column_that_floor_drops(lib):
    x = np.arange(1.0, 6).reshape(1, 1, 1, 5)
    pools = {"kernel_size": (1, 2), "ceil_mode": True}
    assert_array_equal(lib.max_pool2d(x, (1, 2)).ravel(), [2, 4])
    assert_array_equal(lib.max_pool2d(x, **pools).ravel(), [2, 4, 5])
    assert_array_equal(lib.avg_pool2d(x, **pools).ravel(), [1.5, 3.5, 5])


def test_the_divisor_counts_padding_but_never_what_hangs_over_it(lib):
    x = np.array([6.0, 12, 18, 24]).reshape(1, 1, 1, 4)
    pools = {"kernel_size": (1, 3), "stride": (1, 3), "padding": (0, 1)}
    assert_array_equal(lib.avg_pool2d(x, **pools).ravel(), [6, 14])
    without = lib.avg_pool2d(x, **pools, count_include_pad=False)
    assert_array_equal(without.ravel(), [9, 21])
    hanging = {"kernel_size": (1, 4), "stride": (1, 3), "padding": (0, 1)}
    out = lib.avg_pool2d(x, **hanging, ceil_mode=True)
    assert_array_equal(out.ravel(), [36 / 4, 42 / 3])
    out = lib.avg_pool2d(x, **hanging, ceil_mode=True, count_include_pad=False)
    assert_array_equal(out.ravel(), [36 / 3, 42 / 2])


def test_the_global_average_is_one_number_for_each_map(lib):
    x = np.array([[CORNER, np.ones((4, 4))]], np.float32)
    out = lib.global_avg_pool2d(x)
    assert_array_equal(out, [[35.75, 1]])
    assert out.dtype == np.float32

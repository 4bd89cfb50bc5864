"""Lesson 4: the worked numbers of padding, stride and dilation."""

import numpy as np
from numpy.testing import assert_array_equal

X = np.arange(9).reshape(3, 3)
K = np.array([[0, 1], [2, 3]])


def test_the_zero_padded_3x3(lib):
    expected = [[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]]
    assert_array_equal(lib.corr2d(X, K, padding=1), expected)
    assert_array_equal(lib.corr2d(lib.pad2d(X, 1), K), expected)


def test_strides_three_and_two_keep_four_of_those(lib):
    assert_array_equal(lib.corr2d(X, K, padding=1, stride=(3, 2)), [[0, 8], [6, 8]])


def test_the_5x5_image_with_a_kernel_of_ones(lib):
    x = np.array(
        [
            [1, 2, 1, 1, 1],
            [1, 1, 5, 3, 9],
            [2, 4, 4, 7, 5],
            [3, 6, 7, 5, 6],
            [1, 6, 5, 3, 1],
        ]
    )
    out = lib.corr2d(x, np.ones((3, 3), int), stride=2, padding=1)
    assert_array_equal(out, [[5, 13, 14], [17, 42, 35], [16, 32, 15]])


def test_same_padding_with_an_even_kernel_adds_a_row_below_and_a_column_right(lib):
    expected = [[19, 25, 10], [37, 43, 16], [7, 8, 0]]
    assert_array_equal(lib.corr2d(X, K, padding="same"), expected)
    assert_array_equal(lib.corr2d(X, K, padding=((0, 1), (0, 1))), expected)


def test_dilation_two_reads_the_four_corners(lib):
    assert_array_equal(lib.corr2d(X, K, dilation=2), [[0 * 0 + 2 * 1 + 6 * 2 + 8 * 3]])
    assert_array_equal(lib.corr2d(X, K, dilation=(1, 2)), [[23], [41]])


def test_convolve2d_takes_the_same_arguments(lib):
    flipped = K[::-1, ::-1].copy()
    how = {"stride": (1, 2), "padding": (1, 0), "dilation": (2, 1)}
    assert_array_equal(lib.convolve2d(X, K, **how), lib.corr2d(X, flipped, **how))


def test_the_modes_of_padding_on_three_letters(lib):
    row = np.array([[1, 2, 3]])

    def pad(mode, before, after):
        return lib.pad2d(row, ((0, 0), (before, after)), mode=mode).ravel().tolist()

    assert pad("zeros", 2, 1) == [0, 0, 1, 2, 3, 0]
    assert pad("replicate", 2, 1) == [1, 1, 1, 2, 3, 3]
    assert pad("reflect", 2, 1) == [3, 2, 1, 2, 3, 2]
    assert pad("circular", 2, 1) == [2, 3, 1, 2, 3, 1]
    assert pad("reflect", 0, 2) == [1, 2, 3, 2, 1]
    assert pad("circular", 3, 3) == [1, 2, 3, 1, 2, 3, 1, 2, 3]
    assert pad("replicate", 0, 5) == [1, 2, 3, 3, 3, 3, 3, 3]


def test_padding_names_rows_first_and_leaves_other_axes_alone(lib):
    x = np.arange(12, dtype=np.int8).reshape(2, 1, 2, 3)
    out = lib.pad2d(x, ((1, 0), (0, 2)), mode="replicate")
    assert out.shape == (2, 1, 3, 5)
    assert out.dtype == np.int8
    assert_array_equal(
        out[1, 0], [[6, 7, 8, 8, 8], [6, 7, 8, 8, 8], [9, 10, 11, 11, 11]]
    )
    assert lib.pad2d(x, (1, 2)).shape == (2, 1, 4, 7)
    assert_array_equal(lib.pad2d(X, 1, "reflect")[0], [4, 3, 4, 5, 4])


def test_unfolding_writes_windows_as_columns(lib):
    columns = lib.unfold2d(X[None, None], 2)
    assert_array_equal(
        columns[0], [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]
    )
    strided = lib.unfold2d(X[None, None], (1, 2), stride=(2, 1), padding=(0, 1))
    assert_array_equal(strided[0], [[0, 0, 1, 2, 0, 6, 7, 8], [0, 1, 2, 0, 6, 7, 8, 0]])
    assert_array_equal(
        lib.unfold2d(X[None, None], 2, dilation=2)[0], [[0], [2], [6], [8]]
    )
    two = lib.unfold2d(np.stack([X, 10 * X])[None], 3)
    assert_array_equal(two[0, :, 0], [*range(9), *range(0, 90, 10)])


def test_a_transposed_convolution_stamps_and_adds(lib):
    x = np.array([[[[1, 2], [3, 4]]]])
    k = K[None, None]
    expected = [[0, 1, 2], [2, 10, 10], [6, 17, 12]]
    out = [[0, 1, 2], [2, 3 + 4 + 3, 6 + 4], [6, 9 + 8, 12]]
    assert out == expected
    assert_array_equal(lib.conv_transpose2d(x, k)[0, 0], expected)
    assert_array_equal(lib.conv_transpose2d(x, k, padding=1), [[[[10]]]])
    leaps = [[0, 1, 0, 2], [2, 3, 4, 6], [0, 3, 0, 4], [6, 9, 8, 12]]
    assert_array_equal(lib.conv_transpose2d(x, k, stride=2)[0, 0], leaps)
    wide = lib.conv_transpose2d(x, k, np.array([5]), stride=2, output_padding=(0, 1))
    assert_array_equal(wide[0, 0], np.pad(leaps, ((0, 0), (0, 1))) + 5)
    spread = lib.conv_transpose2d(x[..., :1, :1], 10 * k, dilation=2)
    assert_array_equal(spread[0, 0], [[0, 0, 10], [0, 0, 0], [20, 0, 30]])


def test_transposed_groups_keep_their_channels_to_themselves(lib):
    x = np.array([1, 10, 100, 1000]).reshape(1, 4, 1, 1)
    weight = np.arange(1, 13).reshape(4, 3, 1, 1)  # 4 -> 3 * 2 outputs
    out = lib.conv_transpose2d(x, weight, groups=2)
    assert_array_equal(out.ravel(), [41, 52, 63, 10700, 11800, 12900])

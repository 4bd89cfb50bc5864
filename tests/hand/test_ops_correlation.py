"""Lesson 2: the worked numbers of correlation and convolution."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal


def test_the_kernel_minus_one_one_is_a_derivative(lib):
    x = np.array([0, 0, 0, 1, 2, 3, 4, 4, 4, 4])
    assert_array_equal(lib.corr1d(x, np.array([-1, 1])), [0, 0, 1, 1, 1, 1, 0, 0, 0])


def test_the_kernel_one_one_is_a_sum(lib):
    x = np.array([0, 0, 1, 1, 0, 0.1, 0.2, 1, 1, 1, 0])
    out = lib.corr1d(x, np.array([1, 1]))
    assert_allclose(out, [0, 1, 2, 1, 0.1, 0.3, 1.2, 2, 2, 1], rtol=1e-15)


def test_width_seven_has_five_outputs_at_stride_one_and_three_at_two(lib):
    x, k = np.array([1, 4, 9, 16, 25, 36, 49]), np.array([1, 0, -1])
    assert_array_equal(lib.corr1d(x, k), [-8, -12, -16, -20, -24])
    assert_array_equal(lib.corr1d(x, k, stride=2), [-8, -16, -24])


def test_corr1d_pads_before_and_after_and_spreads_its_taps(lib):
    x, k = np.array([1, 2, 3, 4]), np.array([1, 10, 100])
    assert_array_equal(lib.corr1d(x, k, padding=1), [210, 321, 432, 43])
    assert_array_equal(lib.corr1d(x, k, padding=(2, 0)), [100, 210, 321, 432])
    assert_array_equal(lib.corr1d(x, k, padding=(0, 1), dilation=2), [31])


def test_the_3x3_example_is_four_sums_of_products(lib):
    x, k = np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]])
    expected = [
        [0 * 0 + 1 * 1 + 3 * 2 + 4 * 3, 1 * 0 + 2 * 1 + 4 * 2 + 5 * 3],
        [3 * 0 + 4 * 1 + 6 * 2 + 7 * 3, 4 * 0 + 5 * 1 + 7 * 2 + 8 * 3],
    ]
    assert expected == [[19, 25], [37, 43]]
    assert_array_equal(lib.corr2d(x, k), expected)


def test_the_binary_5x5_image(lib):
    rows = ["11100", "01110", "00111", "00110", "01100"]
    x = np.array([[int(digit) for digit in row] for row in rows])
    k = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    assert_array_equal(lib.corr2d(x, k), [[4, 3, 4], [2, 4, 3], [2, 3, 4]])


def test_the_first_output_of_the_6x6_image_is_nine_products(lib):
    x = np.arange(1, 37).reshape(6, 6)
    w = np.array([[3, -1, 4], [1, -5, 9], [2, -6, 5]])
    seen = [1, 2, 3, 7, 8, 9, 13, 14, 15]  # not 5 and 6: the circulating sum is wrong
    out = lib.corr2d(x, w, stride=2)
    assert out.shape == (2, 2)
    assert out[0, 0] == sum(a * b for a, b in zip(seen, w.ravel(), strict=True)) == 78


def test_the_log_loss_reaches_a_weight_through_the_largest_output(lib):
    x = np.arange(1.0, 37).reshape(6, 6)
    w = 0.01 * np.array([[1, -1, 2], [0, 1, -2], [1, -2, 1]])

    def chance(w):
        return 1 / (1 + np.exp(-lib.corr2d(x, w, stride=2).max()))

    def loss(w):
        return -np.log(chance(w))  # the label is 1

    # The last window, rows and columns 3 to 5, is the largest: w[1, 0] met x[3, 2].
    by_hand = (chance(w) - 1) * x[3, 2]
    step = np.zeros_like(w)
    step[1, 0] = 1e-6
    numeric = (loss(w + step) - loss(w - step)) / 2e-6
    assert_allclose(numeric, by_hand, rtol=1e-6)


def test_a_single_one_shows_the_flip(lib):
    impulse = np.zeros((7, 7), int)
    impulse[3, 3] = 1
    k = np.arange(1, 10).reshape(3, 3)
    assert_array_equal(lib.corr2d(impulse, k)[1:4, 1:4], k[::-1, ::-1])
    assert_array_equal(lib.convolve2d(impulse, k)[1:4, 1:4], k)


def test_a_symmetric_matrix_is_not_enough_for_the_two_to_agree(lib):
    x = np.arange(16).reshape(4, 4) ** 2
    symmetric = np.array([[1, 2], [2, 5]])
    half_turn = np.array([[1, 2], [2, 1]])
    assert (lib.corr2d(x, symmetric) != lib.convolve2d(x, symmetric)).any()
    assert_array_equal(lib.corr2d(x, half_turn), lib.convolve2d(x, half_turn))


def test_opposite_columns_cancel_on_flat_colour_and_answer_at_an_edge(lib):
    edge = np.tile([3, 3, 3, 7, 7], (3, 1))
    vertical = np.array([[-1, 0, 1]] * 3)
    assert_array_equal(lib.corr2d(edge, vertical), [[0, 12, 12]])
    assert_array_equal(lib.corr2d(edge[:, ::-1], vertical), [[-12, -12, 0]])
    assert_array_equal(lib.corr2d(edge.T, vertical), [[0], [0], [0]])


def test_the_kernel_gradient_adds_the_window_of_every_output(lib):
    x = np.arange(9).reshape(3, 3)
    upstream = np.array([[1, 10], [100, 1000]])
    expected = [[4310, 5421], [7643, 8754]]
    assert_array_equal(lib.corr2d_kernel_grad(x, upstream), expected)
    assert_array_equal(
        lib.corr2d_kernel_grad(x, np.array([[2, 0, 1]])), [[2], [11], [20]]
    )

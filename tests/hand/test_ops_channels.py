"""Lesson 3: the worked numbers of channels, filters and batches."""

import numpy as np
from numpy.testing import assert_array_equal

from coursekit import fast

X = np.array(
    [
        [[1, 2, 3, 4], [7, 8, 9, 8], [8, 14, 4, 16], [19, 5, 3, 22]],
        [[5, 1, 2, 3], [2, 6, 1, 4], [1, 2, 13, 7], [5, 15, 1, 6]],
    ]
)
K = np.array([[[3, 1], [2, 5]], [[1, 4], [3, 5]]])


def test_two_channels_are_summed_and_one_bias_is_added(lib):
    per_channel = [lib.corr2d(x, k, stride=2)[0, 0] for x, k in zip(X, K, strict=True)]
    assert per_channel == [59, 45]
    out = lib.conv2d(X[None], K[None], np.array([10]), stride=2)
    assert_array_equal(out, [[[[114, 118], [210, 228]]]])
    assert out.dtype == np.int64


def test_one_filter_gives_one_map_and_two_filters_two(lib):
    x, filters = np.ones((1, 3, 32, 32)), np.ones((2, 3, 5, 5))
    assert lib.conv2d(x, filters[:1]).shape == (1, 1, 28, 28)
    assert lib.conv2d(x, filters).shape == (1, 2, 28, 28)


def test_a_batch_of_two_with_six_filters(lib):
    x, weight, bias = np.ones((2, 3, 32, 32)), np.ones((6, 3, 5, 5)), np.arange(6.0)
    out = lib.conv2d(x, weight, bias)
    assert out.shape == (2, 6, 28, 28)
    assert_array_equal(out[1, :, 7, 9], 75 + bias)


def test_rectangular_kernels_and_their_default_padding_of_zero(lib):
    shape = lib.conv2d(np.ones((4, 3, 28, 28)), np.ones((5, 3, 2, 3))).shape
    assert shape == (4, 5, 27, 26)
    shape = lib.conv2d(np.ones((4, 3, 20, 20)), np.ones((5, 3, 5, 5)), np.ones(5)).shape
    assert shape == (4, 5, 16, 16)


def test_a_3x3_of_ones_gives_each_filters_sum_plus_its_bias(lib):
    weight = np.arange(18).reshape(2, 1, 3, 3)
    out = lib.conv2d(np.ones((1, 1, 3, 3), int), weight, np.array([100, 200]))
    assert_array_equal(out, [[[[136]], [[317]]]])


def test_same_padding_keeps_the_size_for_even_kernels_too(lib):
    x = np.ones((1, 1, 6, 5))
    assert lib.conv2d(x, np.ones((2, 1, 3, 3)), padding="same").shape == (1, 2, 6, 5)
    assert lib.conv2d(x, np.ones((2, 1, 2, 4)), padding="same").shape == (1, 2, 6, 5)


def test_twelve_6x6_kernels_at_stride_two(lib):
    shape = lib.conv2d(np.ones((1, 3, 32, 32)), np.ones((12, 3, 6, 6)), stride=2).shape
    assert shape == (1, 12, 14, 14)


def test_groups_keep_their_channels_to_themselves(lib):
    x = np.array([1, 10, 100, 1000]).reshape(1, 4, 1, 1)
    weight = np.array([[1, 2], [3, 4], [5, 6], [7, 8]]).reshape(4, 2, 1, 1)
    out = lib.conv2d(x, weight, groups=2)
    assert_array_equal(out.ravel(), [21, 43, 6500, 8700])


def test_depthwise_pointwise_and_separable_by_hand(lib):
    x = np.array([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])
    depthwise = np.array([[[1, 0], [0, 1]], [[0, 2], [0, 0]]])
    pointwise = np.array([[1, 10], [2, 0], [0, 1]])
    seen = lib.depthwise_conv2d(x, depthwise)
    assert_array_equal(seen.ravel(), [5, 12])
    assert_array_equal(
        lib.depthwise_conv2d(x, depthwise, np.array([1, 2])).ravel(), [6, 14]
    )
    mixed = lib.pointwise_conv2d(seen, pointwise, np.array([0, 0, 7]))
    assert_array_equal(mixed.ravel(), [125, 10, 19])
    out = lib.separable_conv2d(x, depthwise, pointwise, np.array([0, 0, 7]))
    assert_array_equal(out, mixed)


def test_a_dense_layer_and_relu_by_hand(lib):
    x, weight = np.array([[1, -2, 3]]), np.array([[1, 1, 1], [4, 5, -6]])
    assert_array_equal(lib.linear(x, weight), [[2, -24]])
    assert_array_equal(lib.linear(x, weight, np.array([10, 20])), [[12, -4]])
    assert_array_equal(lib.relu(lib.linear(x, weight)), [[2, 0]])


def test_the_loss_starts_near_log_ten(lib):
    loss = lib.softmax_cross_entropy(np.zeros((5, 10)), np.array([0, 3, 9, 1, 1]))
    assert abs(loss - np.log(10)) < 1e-12


def test_the_loss_of_two_rows_by_hand(lib):
    logits = np.log(np.array([[1.0, 2, 5], [6, 3, 1]]))
    loss = lib.softmax_cross_entropy(logits, np.array([2, 1]))
    assert abs(loss - (-np.log(5 / 8) - np.log(3 / 10)) / 2) < 1e-12


def test_logits_of_a_thousand_do_not_overflow(lib):
    logits = np.array([[1000.0, -1000], [-1000, 1000]], np.float32)
    assert lib.softmax_cross_entropy(logits, np.array([0, 1])) == 0
    assert lib.softmax_cross_entropy(logits, np.array([1, 1])) == 1000


def test_large_logits_of_any_sign_overflow_in_neither_direction():
    logits = np.array([[1e3, 1e3], [-1e3, -1e3], [0, 1e3], [0, 0]])
    labels = np.array([0, 1, 1, 0])
    loss = fast.softmax_cross_entropy(logits, labels)
    assert abs(loss - np.log(2) * 3 / 4) < 1e-15
    gradient = fast.softmax_cross_entropy_backward(8.0, logits, labels)
    assert (gradient == [[-1, 1], [1, -1], [0, 0], [-1, 1]]).all()


def test_the_activations_at_their_landmarks(lib):
    x = np.array([-1e4, -np.log(3), 0, np.log(3), 1e4])
    np.testing.assert_allclose(lib.sigmoid(x), [0, 0.25, 0.5, 0.75, 1], atol=1e-15)
    np.testing.assert_allclose(lib.tanh(x), [-1, -0.8, 0, 0.8, 1], atol=1e-15)
    assert lib.sigmoid(np.array([-40.0]))[0] > 4e-18  # small, but not rounded to zero

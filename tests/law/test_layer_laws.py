"""What must hold of convolutional layers, pools and losses, whatever the numbers."""

import numpy as np
import pytest
import scipy.special
from numpy.testing import assert_allclose, assert_array_equal

SEEDS = pytest.mark.parametrize("seed", range(2))
HOW = [
    {},
    {"stride": (2, 1), "padding": (1, 2)},
    {"dilation": (1, 2), "padding": ((0, 2), (3, 1)), "stride": (1, 3)},
    {"padding": "same", "padding_mode": "reflect"},
]
HOWS = pytest.mark.parametrize("how", HOW, ids=str)


def close(actual, expected):
    assert np.shape(actual) == np.shape(expected)
    assert_allclose(actual, expected, rtol=1e-11, atol=1e-11)


@pytest.fixture
def rng(seed):
    return np.random.default_rng(seed)


@SEEDS
@HOWS
def test_conv2d_is_a_sum_of_correlations_over_the_channels(lib, rng, how):
    x, weight, bias = (rng.standard_normal(s) for s in [(2, 3, 6, 7), (4, 3, 2, 3), 4])
    out = lib.conv2d(x, weight, bias, **how)
    mode = how.get("padding_mode", "zeros")
    around = (0, 1), (1, 1)  # what "same" means for a kernel of 2x3
    for n, f in np.ndindex(2, 4):
        if mode == "zeros":
            maps = [lib.corr2d(x[n, c], weight[f, c], **how) for c in range(3)]
        else:
            padded = lib.pad2d(x[n], around, mode)
            maps = [lib.corr2d(padded[c], weight[f, c]) for c in range(3)]
        close(out[n, f], sum(maps) + bias[f])


@SEEDS
@HOWS
def test_groups_are_layers_side_by_side(lib, rng, how):
    x, weight, bias = (rng.standard_normal(s) for s in [(2, 4, 6, 7), (6, 2, 2, 3), 6])
    apart = [
        lib.conv2d(x[:, :2], weight[:3], bias[:3], **how),
        lib.conv2d(x[:, 2:], weight[3:], bias[3:], **how),
    ]
    close(lib.conv2d(x, weight, bias, groups=2, **how), np.concatenate(apart, axis=1))


@SEEDS
@HOWS
def test_depthwise_has_as_many_groups_as_channels(lib, rng, how):
    x, weight, bias = (rng.standard_normal(s) for s in [(2, 3, 6, 7), (3, 2, 3), 3])
    out = lib.depthwise_conv2d(x, weight, bias, **how)
    close(out, lib.conv2d(x, weight[:, None], bias, groups=3, **how))
    plain = lib.depthwise_conv2d(x, weight, **how)
    close(out, plain + bias[:, None, None])


@SEEDS
def test_a_1x1_convolution_is_a_matrix_product_at_every_pixel(lib, rng):
    x, weight, bias = (rng.standard_normal(s) for s in [(2, 3, 4, 5), (6, 3), 6])
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, 3)  # (N*H*W, C)
    rows = pixels @ weight.T + bias
    expected = rows.reshape(2, 4, 5, 6).transpose(0, 3, 1, 2)
    close(lib.pointwise_conv2d(x, weight, bias), expected)
    close(lib.linear(pixels, weight, bias), rows)


@SEEDS
@HOWS
def test_separable_is_depthwise_then_pointwise_and_one_kernel_of_products(
    lib, rng, how
):
    x, depthwise, pointwise, bias = (
        rng.standard_normal(s) for s in [(2, 3, 6, 7), (3, 2, 3), (5, 3), 5]
    )
    out = lib.separable_conv2d(x, depthwise, pointwise, bias, **how)
    seen = lib.depthwise_conv2d(x, depthwise, **how)
    close(out, lib.pointwise_conv2d(seen, pointwise, bias))
    close(out, lib.conv2d(x, pointwise[:, :, None, None] * depthwise, bias, **how))


@SEEDS
def test_unfolding_turns_a_convolution_into_a_matrix_product(lib, rng):
    how = {"stride": (1, 2), "padding": (2, 1), "dilation": (2, 1)}
    x, weight = rng.standard_normal((2, 3, 5, 6)), rng.standard_normal((4, 3, 2, 3))
    out = lib.conv2d(x, weight, **how)
    product = weight.reshape(4, -1) @ lib.unfold2d(x, (2, 3), **how)
    close(product.reshape(out.shape), out)


@SEEDS
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"stride": 2},
        {"stride": (2, 3), "padding": (1, 0), "dilation": (1, 2)},
        {"padding": 1, "groups": 2},
    ],
    ids=str,
)
def test_the_transposed_convolution_is_the_adjoint(lib, rng, how):
    groups = how.get("groups", 1)
    x = rng.standard_normal((2, 4, 8, 9))
    weight = rng.standard_normal((6, 4 // groups, 3, 2))
    out = lib.conv2d(x, weight, **how)
    y = rng.standard_normal(out.shape)
    back = lib.conv_transpose2d(y, weight, **how)
    left = [n - m for n, m in zip(x.shape[2:], back.shape[2:], strict=True)]
    back = lib.conv_transpose2d(y, weight, **how, output_padding=tuple(left))
    close((out * y).sum(), (x * back).sum())


@SEEDS
def test_a_batch_is_its_pictures_one_by_one(lib, rng):
    x, weight = rng.standard_normal((3, 2, 5, 6)), rng.standard_normal((4, 2, 3, 2))
    for operation in (
        lambda x: lib.conv2d(x, weight, stride=2),
        lambda x: lib.conv_transpose2d(x, weight.transpose(1, 0, 2, 3)),
        lambda x: lib.max_pool2d(x, 2),
        lambda x: lib.avg_pool2d(x, (2, 3), padding=1),
        lambda x: lib.unfold2d(x, 2),
        lib.global_avg_pool2d,
    ):
        close(operation(x), np.concatenate([operation(x[n : n + 1]) for n in range(3)]))
        assert operation(x[:0]).shape == (0, *operation(x).shape[1:])


@SEEDS
@pytest.mark.parametrize("padding", [0, 1])
def test_average_pooling_is_a_depthwise_convolution_with_a_constant_kernel(
    lib, rng, padding
):
    x = rng.standard_normal((2, 3, 7, 6))
    constant = np.full((3, 2, 3), 1 / 6)
    expected = lib.depthwise_conv2d(x, constant, stride=(1, 2), padding=(padding, 1))
    how = {"stride": (1, 2), "padding": (padding, 1)}
    close(lib.avg_pool2d(x, (2, 3), **how), expected)
    without = lib.avg_pool2d(x, (2, 3), **how, count_include_pad=False)
    share = lib.avg_pool2d(np.ones_like(x), (2, 3), **how)
    close(without, expected / share)


@SEEDS
def test_the_global_average_is_the_mean(lib, rng):
    x = rng.standard_normal((2, 3, 4, 5))
    close(lib.global_avg_pool2d(x), x.mean(axis=(2, 3)))


@SEEDS
def test_max_pooling_follows_any_rising_function_but_is_not_linear(lib, rng):
    x, y = rng.standard_normal((2, 1, 2, 6, 6))
    assert_array_equal(np.exp(lib.max_pool2d(x, 3)), lib.max_pool2d(np.exp(x), 3))
    apart = lib.max_pool2d(x, 3) + lib.max_pool2d(y, 3)
    assert (lib.max_pool2d(x + y, 3) < apart).any()
    assert (lib.max_pool2d(x + y, 3) <= apart).all()


@SEEDS
def test_max_pooling_twice_is_pooling_with_a_larger_window(lib, rng):
    x = rng.standard_normal((1, 2, 7, 8))
    once = lib.max_pool2d(x, (2, 3), stride=1)
    close(lib.max_pool2d(once, (3, 2), stride=1), lib.max_pool2d(x, (4, 4), stride=1))


@SEEDS
def test_a_constant_added_to_a_row_of_logits_changes_nothing(lib, rng):
    logits, labels = rng.standard_normal((5, 4)), rng.integers(0, 4, 5)
    loss = lib.softmax_cross_entropy(logits, labels)
    moved = logits + rng.standard_normal((5, 1))
    close(lib.softmax_cross_entropy(moved, labels), loss)
    log_softmax = scipy.special.log_softmax(logits, axis=1)
    close(loss, -log_softmax[range(5), labels].mean())


@SEEDS
def test_the_activations_mirror_at_zero(lib, rng):
    x = 3 * rng.standard_normal((4, 5))
    close(lib.sigmoid(-x), 1 - lib.sigmoid(x))
    close(lib.tanh(x), 2 * lib.sigmoid(2 * x) - 1)
    close(lib.relu(x) - lib.relu(-x), x)
    assert_allclose(lib.sigmoid(20 * x), scipy.special.expit(20 * x), rtol=1e-14)

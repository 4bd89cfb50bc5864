"""A gradient is the adjoint: <A x, y> = <x, A' y> for every x and y.

Nothing here knows how a gradient is computed, and no library is asked.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit import fast

CONVOLUTIONS = [
    {},
    {"stride": (2, 3)},
    {"stride": 3, "padding": 1},
    {"padding": ((2, 0), (1, 3)), "dilation": (2, 1)},
    {"padding": "same", "dilation": (1, 3)},
    {"stride": (3, 2), "dilation": (2, 3), "padding": (2, 4)},
    {"groups": 2, "stride": (1, 2), "padding": (0, 2)},
    *[
        {"padding_mode": m, "padding": ((2, 1), (0, 3))}
        for m in fast.windows.NUMPY_MODES
    ],
]
HOW = pytest.mark.parametrize("how", CONVOLUTIONS, ids=str)


@pytest.fixture
def draw():
    return np.random.default_rng(5).standard_normal


def same(one, other):
    assert_allclose(one, other, rtol=1e-11, atol=1e-11)


@HOW
def test_the_gradient_of_the_picture_is_the_adjoint_of_conv2d(how, draw):
    x, weight = draw((2, 4, 7, 9)), draw((6, 4 // how.get("groups", 1), 3, 2))
    out = fast.conv2d(x, weight, **how)
    y = draw(out.shape)
    back, _, _ = fast.conv2d_backward(y, draw(x.shape), weight, **how)
    same((out * y).sum(), (x * back).sum())


@HOW
def test_the_gradient_of_the_weight_is_the_adjoint_of_conv2d(how, draw):
    x, weight = draw((2, 4, 7, 9)), draw((6, 4 // how.get("groups", 1), 3, 2))
    out = fast.conv2d(x, weight, **how)
    y = draw(out.shape)
    _, back, _ = fast.conv2d_backward(y, x, draw(weight.shape), **how)
    same((out * y).sum(), (weight * back).sum())


@pytest.mark.parametrize("extra", [(0, 0), (0, 2), (1, 0), (1, 2)])
def test_the_transposed_convolution_is_the_adjoint_of_conv2d(extra, draw):
    how = {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1), "groups": 2}
    y, weight = draw((2, 6, 3, 4)), draw((6, 2, 3, 4))
    up = fast.conv_transpose2d(y, weight, output_padding=extra, **how)
    x = draw(up.shape)
    same((fast.conv2d(x, weight, **how) * y).sum(), (x * up).sum())
    down, _, _ = fast.conv_transpose2d_backward(
        x, draw(y.shape), weight, output_padding=extra, **how
    )
    same((y * down).sum(), (x * up).sum())


LINEAR = {
    "pad2d": [
        {"padding": ((3, 1), (0, 2)), "mode": mode} for mode in fast.windows.NUMPY_MODES
    ],
    "unfold2d": [
        {"kernel_size": (3, 2), "stride": (2, 1), "padding": (1, 2), "dilation": (1, 3)}
    ],
    "avg_pool2d": [
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": 1, "ceil_mode": ceil,
         "count_include_pad": count}
        for ceil in (False, True)
        for count in (False, True)
    ],
    "global_avg_pool2d": [{}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "how"), [(name, how) for name, each in LINEAR.items() for how in each]
)
def test_the_gradient_of_a_linear_operation_is_its_adjoint(name, how, draw):
    x = draw((2, 3, 5, 7))
    out = getattr(fast, name)(x, **how)
    y = draw(out.shape)
    back = getattr(fast, f"{name}_backward")(y, draw(x.shape), **how)
    same((out * y).sum(), (x * back).sum())


def test_gradients_of_a_batch_add_up_over_its_images(draw):
    x, weight, bias = draw((3, 2, 5, 6)), draw((4, 2, 3, 3)), draw(4)
    y = draw((3, 4, 3, 4))
    whole = fast.conv2d_backward(y, x, weight, bias)
    single = [fast.conv2d_backward(y[[n]], x[[n]], weight, bias) for n in range(3)]
    same(whole[0], np.concatenate([x_gradient for x_gradient, _, _ in single]))
    for one in (1, 2):
        assert_allclose(whole[one], sum(each[one] for each in single), rtol=1e-11)


@pytest.mark.parametrize("name", ["global_avg_pool2d", "pad2d", "relu"])
def test_a_gradient_is_an_array_of_its_own(name, draw):
    x = draw((2, 3, 4, 5))
    how = {"padding": 1} if name == "pad2d" else {}
    upstream = draw(getattr(fast, name)(x, **how).shape)
    back = getattr(fast, f"{name}_backward")(upstream, x, **how)
    assert back.flags.writeable
    assert not np.shares_memory(back, upstream)

"""What holds for any network: slopes, what one output sees, and one noun for all."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit import count, nets
from coursekit.nets import AvgPool2d, Conv2d, Parallel

LINEAR = {
    "LeNet's": (Conv2d(1, 2, 5, padding=2), AvgPool2d(2), Conv2d(2, 1, 5)),
    "strided": (Conv2d(1, 1, 3, stride=2), Conv2d(1, 1, (2, 3)), Conv2d(1, 1, 3)),
    "dilated": (Conv2d(1, 1, (3, 2), dilation=(2, 3)), AvgPool2d(3, stride=(2, 1))),
    "padded": (Conv2d(1, 1, 3, padding=(2, 1), stride=(1, 2)), Conv2d(1, 1, 3)),
    "branches": (
        Conv2d(1, 1, 2),
        Parallel((
            (Conv2d(1, 1, (5, 1), padding=(2, 0)),),
            (Conv2d(1, 1, (1, 3), padding=(0, 1)),),
        )),
        AvgPool2d(2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINEAR)
def test_the_gradient_of_one_output_is_as_wide_as_the_formula_says(name):
    network, shape = LINEAR[name], (1, 40, 44)
    params = [np.ones(s) for s in nets.param_shapes(network)]  # nothing cancels
    out, saved = nets.forward(network, params, np.zeros((1, *shape)))
    place = (out.shape[2] // 2, out.shape[3] // 2)
    upstream = np.zeros(out.shape)
    upstream[0, :, *place] = 1
    seen = nets.backward(network, params, saved, upstream)[0][0, 0] != 0
    fields = count.ledger(network, shape).rows[-1].fields
    for axis, (field, o) in enumerate(zip(fields, place, strict=True)):
        touched = np.flatnonzero(seen.any(axis=1 - axis))
        start = field.start + o * field.jump
        assert (touched[0], touched[-1]) == (start, start + field.size - 1)


def test_gradients_of_a_block_give_the_slope_along_a_random_direction():
    network, rng = nets.INCEPTION_BLOCK, np.random.default_rng(0)
    params = nets.init(network, rng, dtype=float)
    x = rng.standard_normal((1, 192, 3, 4))
    ways = [rng.standard_normal(p.shape) for p in params]
    out, saved = nets.forward(network, params, x)
    upstream = rng.standard_normal(out.shape)
    _, grads = nets.backward(network, params, saved, upstream)

    def loss(t):
        moved = [p + t * way for p, way in zip(params, ways, strict=True)]
        return (nets.forward(network, moved, x)[0] * upstream).sum()

    slope = sum((g * way).sum() for g, way in zip(grads, ways, strict=True))
    assert_allclose((loss(1e-6) - loss(-1e-6)) / 2e-6, slope, rtol=1e-6)


@pytest.mark.parametrize("name", LINEAR)
def test_the_shape_promised_is_the_shape_made(name):
    network = LINEAR[name]
    params = nets.init(network, np.random.default_rng(0))
    x = np.zeros((2, 1, 31, 37), np.float32)
    out, _ = nets.forward(network, params, x)
    assert out.shape[1:] == nets.out_shape(network, (1, 31, 37))


def test_two_networks_one_after_the_other_are_one():
    first, second = nets.LENET[:5], nets.LENET[5:]
    params = nets.init(nets.LENET, np.random.default_rng(0))
    split = len(nets.param_shapes(first))
    x = np.random.default_rng(1).random((2, 1, 28, 28))
    middle, _ = nets.forward(first, params[:split], x)
    out, _ = nets.forward(second, params[split:], middle)
    assert (out == nets.forward(nets.LENET, params, x)[0]).all()
    macs = count.macs(first, (1, 28, 28)) + count.macs(second, (16, 10, 10))
    assert macs == count.macs(nets.LENET, (1, 28, 28))

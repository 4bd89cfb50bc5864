"""A convolution works in a tile's worth of memory, however large the batch.

The window matrix of these cases, written out, would take kH * kW times the input.
"""

import tracemalloc

import numpy as np
import pytest

from coursekit import fast
from coursekit.fast.tiles import TILE_BYTES

CASES = {
    "3x3, many channels": ((2, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    "5x5, small pictures": ((128, 6, 14, 14), (16, 6, 5, 5), {}),
    "depthwise": ((2, 64, 56, 56), (64, 1, 3, 3), {"padding": 1, "groups": 64}),
    "strided": ((2, 64, 56, 56), (64, 64, 3, 3), {"padding": 1, "stride": 2}),
    "dilated": ((2, 64, 56, 56), (64, 64, 3, 3), {"padding": 2, "dilation": 2}),
    "wide rows": ((1, 16, 9, 3000), (16, 16, 5, 5), {"padding": 2}),
}
EXTRA = TILE_BYTES


def most_at_once(function, *args, **how):
    """Return the result, and the most memory that was in use beside it."""
    tracemalloc.start()
    try:
        out = function(*args, **how)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return out, peak - kept


@pytest.mark.parametrize("case", CASES)
def test_a_convolution_takes_a_tile_of_memory_beside_its_output(case):
    shape, weight, how = CASES[case]
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape, np.float32)
    weight = rng.standard_normal(weight, np.float32)
    columns = x.nbytes * weight[0, 0].size
    assert columns > 5 * EXTRA, "too small a case to tell the two apart"
    out, extra = most_at_once(fast.conv2d, x, weight, **how)
    assert extra < EXTRA
    _, extra = most_at_once(fast.conv2d_backward, out, x, weight, **how)
    assert extra < EXTRA


def test_a_batch_four_times_as_large_takes_no_more():
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((16, 6, 5, 5), np.float32)
    extra = {
        n: most_at_once(fast.conv2d, np.ones((n, 6, 14, 14), np.float32), weight)[1]
        for n in (256, 1024)
    }
    assert extra[1024] <= 1.05 * extra[256]


@pytest.mark.parametrize(
    ("shape", "kernel"),
    [((16, 32, 28, 28), (1, 1)), ((4, 32, 40, 40), (1, 1)), ((1, 64, 60, 60), (3, 1))],
)
def test_a_picture_that_is_the_matrix_already_is_not_copied(shape, kernel):
    x, weight = np.ones(shape, np.float32), np.ones((1, shape[1], *kernel), np.float32)
    out, extra = most_at_once(fast.conv2d, x, weight)
    assert extra < out.nbytes + 20_000 < x.nbytes / 10


def test_the_view_of_all_windows_takes_nothing():
    x = np.ones((300, 400))
    view, extra = most_at_once(fast.windows2d, x, 9)
    assert view.shape == (292, 392, 9, 9)
    assert np.shares_memory(view, x)
    assert extra < 10_000
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0, 0, 0] = 2

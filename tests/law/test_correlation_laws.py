"""What must hold of correlation and convolution, whatever the numbers."""

import numpy as np
import pytest
import scipy.signal
from numpy.testing import assert_allclose

from coursekit import fast
from coursekit.shapes import ShapeError

SEEDS = pytest.mark.parametrize("seed", range(2))


def close(actual, expected):
    assert np.shape(actual) == np.shape(expected)
    assert_allclose(actual, expected, rtol=1e-11, atol=1e-11)


@pytest.fixture
def rng(seed):
    return np.random.default_rng(seed)


@SEEDS
def test_correlation_is_linear_in_the_picture_and_in_the_kernel(lib, rng):
    x, y, k, q = (rng.standard_normal(s) for s in [(6, 7), (6, 7), (3, 2), (3, 2)])
    both = lib.corr2d(2 * x - 3 * y, k)
    close(both, 2 * lib.corr2d(x, k) - 3 * lib.corr2d(y, k))
    both = lib.corr2d(x, 2 * k - 3 * q)
    close(both, 2 * lib.corr2d(x, k) - 3 * lib.corr2d(x, q))


@SEEDS
def test_a_shifted_picture_gives_a_shifted_answer(lib, rng):
    x, k = rng.standard_normal((8, 9)), rng.standard_normal((3, 2))
    moved = np.zeros_like(x)
    moved[2:, 1:] = x[:-2, :-1]
    close(lib.corr2d(moved, k)[2:, 1:], lib.corr2d(x, k)[:-2, :-1])


@SEEDS
def test_one_and_two_dimensions_agree_with_numpy_and_scipy(lib, rng):
    x, k = rng.standard_normal((6, 7)), rng.standard_normal((3, 2))
    close(lib.corr1d(x[0], k[:, 0]), np.correlate(x[0], k[:, 0], "valid"))
    close(lib.corr2d(x, k), scipy.signal.correlate2d(x, k, "valid"))
    close(lib.corr2d(x, k, padding=(2, 1)), scipy.signal.correlate2d(x, k, "full"))
    close(lib.convolve2d(x, k), scipy.signal.convolve2d(x, k, "valid"))
    close(lib.convolve2d(x, k, padding=(2, 1)), scipy.signal.convolve2d(x, k, "full"))


@SEEDS
def test_convolution_is_correlation_with_the_kernel_turned_half_round(lib, rng):
    x, k = rng.standard_normal((6, 7)), rng.standard_normal((3, 2))
    close(lib.convolve2d(x, k), lib.corr2d(x, np.rot90(k, 2)))


@SEEDS
def test_full_convolution_does_not_mind_the_order(lib, rng):
    a, b = rng.standard_normal((4, 5)), rng.standard_normal((2, 3))
    close(lib.convolve2d(a, b, padding=(1, 2)), lib.convolve2d(b, a, padding=(3, 4)))


@SEEDS
def test_a_chain_of_correlations_is_one_with_a_composed_kernel(lib, rng):
    x, k, q = (rng.standard_normal(s) for s in [(8, 8), (3, 2), (2, 3)])
    composed = lib.convolve2d(k, q, padding=(1, 2))
    close(lib.corr2d(lib.corr2d(x, k), q), lib.corr2d(x, composed))
    close(lib.corr2d(lib.corr2d(x, k), q), lib.corr2d(lib.corr2d(x, q), k))


@SEEDS
@pytest.mark.parametrize("stride", [(1, 3), (2, 1), (3, 2)])
def test_a_stride_keeps_every_s_th_output(lib, rng, stride):
    x, k = rng.standard_normal((9, 8)), rng.standard_normal((3, 2))
    every = lib.corr2d(x, k, padding=1)[:: stride[0], :: stride[1]]
    close(lib.corr2d(x, k, padding=1, stride=stride), every)
    row = lib.corr1d(x[0], k[:, 0], padding=(2, 0))[:: stride[1]]
    close(lib.corr1d(x[0], k[:, 0], padding=(2, 0), stride=stride[1]), row)


@SEEDS
@pytest.mark.parametrize("dilation", [(1, 3), (2, 1), (3, 2)])
def test_dilation_is_a_kernel_with_zeros_between_its_taps(lib, rng, dilation):
    x, k = rng.standard_normal((9, 8)), rng.standard_normal((3, 2))
    stuffed = np.zeros((2 * dilation[0] + 1, dilation[1] + 1))
    stuffed[:: dilation[0], :: dilation[1]] = k
    close(lib.corr2d(x, k, dilation=dilation), lib.corr2d(x, stuffed))
    row = lib.corr1d(x[0], stuffed[:, 0])
    close(lib.corr1d(x[0], k[:, 0], dilation=dilation[0]), row)


@SEEDS
def test_the_kernel_gradient_is_the_adjoint_of_correlating_with_x(lib, rng):
    x, k, upstream = (rng.standard_normal(s) for s in [(6, 7), (3, 2), (4, 6)])
    left = (lib.corr2d(x, k) * upstream).sum()
    close(left, (k * lib.corr2d_kernel_grad(x, upstream)).sum())


@pytest.mark.parametrize(
    ("mode", "numpy_mode"),
    [("replicate", "edge"), ("reflect", "reflect"), ("circular", "wrap")],
)
@pytest.mark.parametrize(
    "sides", [((0, 0), (0, 0)), ((3, 1), (0, 2)), ((0, 2), (4, 3))]
)
def test_the_modes_of_padding_are_numpys_by_other_names(lib, mode, numpy_mode, sides):
    x = np.random.default_rng(0).standard_normal((2, 4, 5))
    close(lib.pad2d(x, sides, mode), np.pad(x, ((0, 0), *sides), numpy_mode))
    close(lib.pad2d(x, sides), np.pad(x, ((0, 0), *sides)))


def test_the_view_of_windows_holds_each_tap_of_each_window():
    x = np.arange(3 * 7 * 9).reshape(3, 7, 9)
    windows = fast.windows2d(x, (2, 3), stride=(2, 3), dilation=(3, 2))
    assert windows.shape == (3, 2, 2, 2, 3)
    for c, row, column, a, b in np.ndindex(windows.shape):
        sample = x[c, 2 * row + 3 * a, 3 * column + 2 * b]
        assert windows[c, row, column, a, b] == sample


@pytest.mark.usefixtures("as_a_user_calls")
def test_a_signal_has_no_windows_of_two_axes():
    with pytest.raises(ShapeError, match="x must have at least 2 axes"):
        fast.windows2d(np.arange(5), (1, 2))

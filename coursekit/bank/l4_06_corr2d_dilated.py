r"""Look further with the same weights

Write `corr2d_dilated(x, k, dilation)`: the cross-correlation of lesson 2, but the taps
of the kernel lie `dilation` pixels apart.

- `x` has shape `(H, W)`, `k` has shape `(kH, kW)`. Both are NumPy arrays of integers or
  of floats, not always of the same kind.
- `dilation = (dH, dW)` is a pair of integers, at least 1: the distance from one tap to
  the next, downwards and to the right. With `(1, 1)` the taps are neighbours.
- The window reaches over `dH * (kH - 1) + 1` rows and `dW * (kW - 1) + 1` columns. It
  always fits on the image at least once.
- The kernel moves one pixel at a time, is not flipped, and never hangs over the border:
  no padding, no bias.
- Return an array of shape `(H - dH * (kH - 1), W - dW * (kW - 1))`. Its entry `[i, j]`
  is the sum of `x[i + dH*a, j + dW*b] * k[a, b]` over all rows `a` and columns `b` of
  the kernel.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine.

**By hand.** With `dilation = (1, 2)` the kernel `k = 10 1` skips one pixel:

    x = 1 2 3 4      1*10 + 3*1 = 13      2*10 + 4*1 = 24
        5 6 7 8      5*10 + 7*1 = 57      6*10 + 8*1 = 68

so `corr2d_dilated(x, k, (1, 2))` is `[[13, 24], [57, 68]]`.
"""

import numpy as np

from coursekit.bank import places
from coursekit.exercise import Exercise, Window
from coursekit.exercise.scales import bilinear_scale


def dilated_window(args, cell):
    _, k, dilation = args
    taps = zip(cell, k.shape, dilation, strict=True)
    return Window(0, tuple(slice(i, i + d * (n - 1) + 1, d) for i, n, d in taps))


exercise = Exercise(
    __name__,
    points=3,
    difficulty=3,
    minutes=12,
    section="Dilation",
    scale=bilinear_scale,
    window=dilated_window,
    hints=(
        "The output has a place for each position of the **spread** window. Which "
        "pixels does the window of output `[0, 0]` meet, and which does it skip?",
        "The window of output `[i, j]` starts at row `i`, reaches as far as row "
        "`i + dH * (kH - 1)`, that one included, and uses every dH-th row on the way. "
        "A slice can do this: `start : stop : step`. Columns work alike.",
        "Almost code:\n\n"
        "    reach_h, reach_w = dH * (kH - 1) + 1, dW * (kW - 1) + 1\n"
        "    out = zeros (floats) of shape (H - reach_h + 1, W - reach_w + 1)\n"
        "    for every row i and column j of out:\n"
        "        taps = x[i : i + reach_h : dH, j : j + reach_w : dW]\n"
        "        out[i, j] = the sum of taps * k\n"
        "    return out",
    ),
)


@exercise.solution
def corr2d_dilated(x, k, dilation):
    """Return the valid correlation of x with k (kH, kW), taps (dH, dW) apart."""
    d_h, d_w = dilation
    reach_h, reach_w = d_h * (k.shape[0] - 1) + 1, d_w * (k.shape[1] - 1) + 1
    out = np.zeros((x.shape[0] - reach_h + 1, x.shape[1] - reach_w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + reach_h : d_h, j : j + reach_w : d_w] * k)
    return out


def spread(array, dilation):
    ones_apart = np.zeros(
        [d * (n - 1) + 1 for d, n in zip(dilation, array.shape, strict=True)]
    )
    ones_apart[:: dilation[0], :: dilation[1]] = array
    return ones_apart


@exercise.wrong(
    "You thinned out the image and slid the kernel over what was left. The image stays "
    "whole: the window starts at every pixel, and only its taps lie apart."
)
def image_thinned_out(x, k, dilation):
    return corr2d_dilated(x[:: dilation[0], :: dilation[1]], k, (1, 1))


@exercise.wrong(
    "You spread the image: zeros stand between its pixels. It is the kernel "
    "whose taps move apart."
)
def image_spread(x, k, dilation):
    return corr2d_dilated(spread(x, dilation), k, (1, 1))


@exercise.wrong(
    "You used the dilation as a stride: the window makes larger steps. Here it moves "
    "one pixel at a time, and the taps inside it lie apart."
)
def taken_for_stride(x, k, dilation):
    return corr2d_dilated(x, k, (1, 1))[:: dilation[0], :: dilation[1]]


@exercise.wrong(
    "The dilation has no effect in your answer: your taps are neighbours. "
    "Tap [a, b] meets x[i + dH * a, j + dW * b]."
)
def dilation_forgotten(x, k, dilation):
    return corr2d_dilated(x, k, (1, 1))


@exercise.wrong(
    "You left `dilation` pixels out between two taps, one too many. The dilation is "
    "the distance from tap to tap: with 1 they are neighbours."
)
def dilation_as_gap(x, k, dilation):
    return corr2d_dilated(x, k, (dilation[0] + 1, dilation[1] + 1))


@exercise.wrong(
    "You took dilation * k for the reach of the window, so places are missing at the "
    "bottom or at the right. The last tap ends it: dilation * (k - 1) + 1."
)
def reach_too_long(x, k, dilation):
    out = corr2d_dilated(x, k, dilation)
    return out[: len(out) - dilation[0] + 1, : out.shape[1] - dilation[1] + 1]


@exercise.wrong(
    "The two dilations are exchanged. dilation[0] is the distance downwards, "
    "dilation[1] the distance to the right."
)
def axes_exchanged(x, k, dilation):
    return corr2d_dilated(x, k, dilation[::-1])


@exercise.wrong(
    "You use dilation[0] for both axes. dilation[1] is the distance to the right, "
    "and it may be another one."
)
def first_dilation_twice(x, k, dilation):
    return corr2d_dilated(x, k, (dilation[0], dilation[0]))


@exercise.wrong(
    "You cut out a window as large as the kernel before you took every dH-th row, so "
    "too few pixels are left. Cut dilation * (k - 1) + 1 long: x[start : stop : step]."
)
def window_too_short(x, k, dilation):
    out = np.zeros_like(corr2d_dilated(x, k, dilation))
    (k_h, k_w), (d_h, d_w) = k.shape, dilation
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + k_h : d_h, j : j + k_w : d_w] * k)
    return out


@exercise.wrong(
    "You repeated each tap instead of moving the taps apart. What lies between two "
    "taps does not count: a dilated kernel has no new weights."
)
def taps_repeated(x, k, dilation):
    return corr2d_dilated(x, np.kron(k, np.ones(dilation)), (1, 1))


@exercise.wrong(
    "You turned the kernel by half a turn, which makes this a convolution. "
    "Lay k on x as it stands."
)
def flipped(x, k, dilation):
    return corr2d_dilated(x, k[::-1, ::-1], dilation)


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k, dilation):
    return corr2d_dilated(x, k, dilation).astype(x.dtype)


@exercise.wrong(
    "Your output has as many places as one without dilation. The window reaches "
    "further now: H - dH * (kH - 1) rows and W - dW * (kW - 1) columns are left."
)
def too_many_places(x, k, dilation):
    out, (d_h, d_w) = np.zeros_like(dilation_forgotten(x, k, dilation)), dilation
    for i, j in np.ndindex(out.shape):
        rows = slice(i, i + d_h * (k.shape[0] - 1) + 1, d_h)
        out[i, j] = np.sum(x[rows, j : j + d_w * (k.shape[1] - 1) + 1 : d_w] * k)
    return out


def with_the_dilation(slip):
    return lambda x, k, dilation: slip(x, k, apart=dilation)


places.share(exercise, with_the_dilation)


@exercise.alternative
def by_spreading_the_kernel(x, k, dilation):
    wide = spread(k, dilation)
    windows = np.lib.stride_tricks.sliding_window_view(x, wide.shape)
    return np.einsum("ijab,ab->ij", windows, wide)


@exercise.alternative
def by_shifted_images(x, k, dilation):
    (d_h, d_w), (k_h, k_w) = dilation, k.shape
    h, w = x.shape[0] - d_h * (k_h - 1), x.shape[1] - d_w * (k_w - 1)
    out = np.zeros((h, w))
    for a, b in np.ndindex(k.shape):
        out += k[a, b] * x[d_h * a : d_h * a + h, d_w * b : d_w * b + w]
    return out


@exercise.alternative
def by_fourier(x, k, dilation):
    wide = spread(k, dilation)
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(wide, x.shape))
    h, w = x.shape[0] - wide.shape[0] + 1, x.shape[1] - wide.shape[1] + 1
    return np.fft.irfft2(product, x.shape)[:h, :w]


@exercise.alternative
def in_single_precision(x, k, dilation):
    x, k = x.astype(np.float32), k.astype(np.float32)
    return corr2d_dilated(x, k, dilation).astype(np.float32)


@exercise.cases("worked examples", points=1)
def worked():
    yield np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), np.array([[10, 1]]), (1, 2)
    yield np.arange(20).reshape(4, 5), np.array([[0, 1], [2, 3]]), (2, 3)


@exercise.cases("uneven sizes, negative numbers", points=1)
def uneven():
    x = np.arange(63.0).reshape(7, 9) ** 2 % 23 - 8
    yield x, np.array([[1.0, -2, 0.5], [3, 4, -1]]), (3, 2)
    yield x, np.array([[2.0, -1], [7, 3], [1, 5]]), (2, 4)
    yield np.arange(30).reshape(5, 6) ** 2 % 7, np.array([[0.5, -3]]), (1, 3)


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    x = np.arange(60.0).reshape(6, 10) ** 2 % 17
    yield x[:3, :5], np.array([[1.0, -2, 3], [4, 0.5, -6]]), (2, 2)
    yield x, np.array([[3.0]]), (4, 3)
    yield x[::2, ::-3], np.array([[1.0, 2], [-4, 3]]), (1, 1)


@exercise.fresh("fresh images", points=0.5)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2)])
    d_h, d_w = rng.permutation([1, 2, 3])[:2]
    h = d_h * (k_h - 1) + rng.integers(3, 6)
    w = d_w * (k_w - 1) + rng.integers(3, 6)
    x, k = (rng.integers(-9, 10, shape) / 2 for shape in ((h, w), (k_h, k_w)))
    return x, k, (int(d_h), int(d_w))

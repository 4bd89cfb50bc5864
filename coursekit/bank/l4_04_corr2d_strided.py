r"""Take larger steps

Write `corr2d_strided(x, k, stride)`: the cross-correlation of lesson 2, but from one
place to the next the kernel moves `stride` pixels instead of one.

- `x` has shape `(H, W)` and `k` has shape `(kH, kW)`, with `1 <= kH <= H` and
  `1 <= kW <= W`. Both are NumPy arrays of integers or of floats, not always of the same
  kind.
- `stride = (sH, sW)` is a pair of integers, at least 1: steps downwards and steps to
  the right. They may differ, and they may be larger than the kernel.
- The first window starts at the top left pixel. Only whole windows count: what is left
  over at the bottom and at the right is dropped. No padding, no bias; the kernel is
  not flipped.
- Return an array of shape `((H - kH) // sH + 1, (W - kW) // sW + 1)`. Its entry
  `[i, j]` is the sum of `x[i*sH + a, j*sW + b] * k[a, b]` over all rows `a` and columns
  `b` of the kernel.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine.

**By hand.** With `stride = (1, 2)` the kernel `k = 10 1` stands at two places; the
column 5 10 is left over:

    x = 1 2 3 4  5       1*10 + 2*1 = 12       3*10 + 4*1 = 34
        6 7 8 9 10       6*10 + 7*1 = 67       8*10 + 9*1 = 89

so `corr2d_strided(x, k, (1, 2))` is `[[12, 34], [67, 89]]`.
"""

import numpy as np

from coursekit.bank import places
from coursekit.exercise import Exercise, Window
from coursekit.exercise.scales import bilinear_scale


def strided_window(args, cell):
    _, k, stride = args
    steps = zip(cell, k.shape, stride, strict=True)
    return Window(0, tuple(slice(i * s, i * s + n) for i, n, s in steps))


exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=12,
    section="Stride",
    scale=bilinear_scale,
    window=strided_window,
    hints=(
        "Two things change in `corr2d`: how many outputs there are, and where the "
        "window of output `[i, j]` starts. What is inside a window stays as it was.",
        "The window of output `[i, j]` starts at row `i * sH` and column `j * sW`, and "
        "it is as large as the kernel: neighbouring pixels, none left out.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape ((H - kH) // sH + 1, (W - kW) // sW + 1)\n"
        "    for every row i and column j of out:\n"
        "        top, left = i * sH, j * sW\n"
        "        out[i, j] = the sum of x[top : top + kH, left : left + kW] * k\n"
        "    return out",
    ),
)


@exercise.solution
def corr2d_strided(x, k, stride):
    """Return the valid correlation of x (H, W) with k (kH, kW), stride (sH, sW)."""
    (k_h, k_w), (s_h, s_w) = k.shape, stride
    out = np.zeros(((x.shape[0] - k_h) // s_h + 1, (x.shape[1] - k_w) // s_w + 1))
    for i, j in np.ndindex(out.shape):
        top, left = i * s_h, j * s_w
        out[i, j] = np.sum(x[top : top + k_h, left : left + k_w] * k)
    return out


@exercise.wrong(
    "You thinned out the image and correlated what was left, so each window misses "
    "pixels. Thin out the places: inside a window all pixels are neighbours."
)
def image_thinned_out(x, k, stride):
    return corr2d_strided(x[:: stride[0], :: stride[1]], k, (1, 1))


@exercise.wrong(
    "The two strides are exchanged. stride[0] is the step downwards, "
    "stride[1] the step to the right."
)
def strides_exchanged(x, k, stride):
    return corr2d_strided(x, k, stride[::-1])


@exercise.wrong(
    "You use stride[0] for both axes. stride[1] is the step to the right, "
    "and it may be another one."
)
def first_stride_twice(x, k, stride):
    return corr2d_strided(x, k, (stride[0], stride[0]))


@exercise.wrong(
    "The stride has no effect in your answer: there is an output for every place. "
    "Only every sH-th row and every sW-th column of places counts."
)
def stride_forgotten(x, k, stride):
    return corr2d_strided(x, k, (1, 1))


@exercise.wrong(
    "The output is small enough, but its windows still start one pixel apart. "
    "The window of output [i, j] starts at row i * sH and column j * sW."
)
def windows_one_apart(x, k, stride):
    h, w = corr2d_strided(x, k, stride).shape
    return corr2d_strided(x, k, (1, 1))[:h, :w]


@exercise.wrong(
    "You left the places free that are stepped over. The output has no gaps: "
    "its neighbours belong to windows that are one stride apart."
)
def gaps_left(x, k, stride):
    out = np.zeros_like(stride_forgotten(x, k, stride))
    out[:: stride[0], :: stride[1]] = corr2d_strided(x, k, stride)
    return out


@exercise.wrong(
    "You rounded the number of places up and let the last window hang over the border. "
    "Only whole windows count: divide with //."
)
def rounded_up(x, k, stride):
    more = [(0, -(n - w) % s) for n, w, s in zip(x.shape, k.shape, stride, strict=True)]
    return corr2d_strided(np.pad(x, more), k, stride)


@exercise.wrong(
    "The last place is missing where it fits exactly. A window may end on the very "
    "last pixel: starts go up to H - kH, that one included."
)
def last_place_missing(x, k, stride):
    return corr2d_strided(x, k, (1, 1))[:-1, :-1][:: stride[0], :: stride[1]]


@exercise.wrong(
    "The 1 was added before the division: (H - kH + 1) // sH. It stands for the first "
    "place and does not get divided: (H - kH) // sH + 1."
)
def one_added_too_early(x, k, stride):
    h, w = ((n - m + 1) // s for n, m, s in zip(x.shape, k.shape, stride, strict=True))
    return corr2d_strided(x, k, stride)[:h, :w]


@exercise.wrong(
    "You stepped by the size of the kernel, so that windows lie side by side. "
    "The step is the stride; windows may overlap or leave gaps."
)
def stepped_by_the_kernel(x, k, stride):
    return corr2d_strided(x, k, k.shape)


@exercise.wrong(
    "You added the stride once more than needed: the first window starts at the top "
    "left pixel, not one step in."
)
def first_place_skipped(x, k, stride):
    return corr2d_strided(x[stride[0] :, stride[1] :], k, stride)


@exercise.wrong(
    "You turned the kernel by half a turn, which makes this a convolution. "
    "Lay k on x as it stands."
)
def flipped(x, k, stride):
    return corr2d_strided(x, k[::-1, ::-1], stride)


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k, stride):
    return corr2d_strided(x, k, stride).astype(x.dtype)


@exercise.wrong(
    "You used the place in the image as the place in the output. With i running over "
    "0, sH, 2 * sH, ... the output's row is i // sH: count the two apart."
)
def place_for_index(x, k, stride):
    out, every = np.zeros_like(corr2d_strided(x, k, stride)), stride_forgotten(x, k, 1)
    for i in range(0, len(every), stride[0]):
        for j in range(0, every.shape[1], stride[1]):
            out[i, j] = every[i, j]
    return out


@exercise.wrong(
    "Your loops step through the starts, and you wrote to out at the start itself. The "
    "output has no room for it, or gaps: with the start i * sH, write to row i."
)
def start_for_index_by_pixels(x, k, stride):
    out = np.zeros_like(corr2d_strided(x, k, stride))
    for i in range(0, len(x), stride[0]):
        for j in range(0, x.shape[1], stride[1]):
            out[i, j] = np.sum(x[i : i + k.shape[0], j : j + k.shape[1]] * k)
    return out


def with_the_stride(slip):
    return lambda x, k, stride: slip(x, k, step=stride)


places.share(exercise, with_the_stride)


@exercise.alternative
def every_nth_of_all(x, k, stride):
    return stride_forgotten(x, k, stride)[:: stride[0], :: stride[1]]


@exercise.alternative
def by_windows(x, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijab,ab->ij", windows[:: stride[0], :: stride[1]], k)


@exercise.alternative
def by_fourier(x, k, stride):
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(k, x.shape))
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return np.fft.irfft2(product, x.shape)[: h : stride[0], : w : stride[1]]


@exercise.alternative
def in_single_precision(x, k, stride):
    x, k = x.astype(np.float32), k.astype(np.float32)
    return corr2d_strided(x, k, stride).astype(np.float32)


@exercise.cases("worked examples", points=1)
def worked():
    yield np.array([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]), np.array([[10, 1]]), (1, 2)
    padded = np.array(
        [
            [0, 0, 0, 0, 0],
            [0, 0, 1, 2, 0],
            [0, 3, 4, 5, 0],
            [0, 6, 7, 8, 0],
            [0, 0, 0, 0, 0],
        ]
    )
    yield padded, np.array([[0, 1], [2, 3]]), (3, 2)


@exercise.cases("uneven sizes, what is left over", points=1)
def uneven():
    x = np.arange(42.0).reshape(6, 7) ** 2 % 23 - 8
    yield x, np.array([[1.0, -2, 0.5], [3, 4, -1]]), (2, 3)
    yield x, np.array([[2.0, -1], [5, 3]]), (3, 1)
    yield np.array([[2, -7, 1], [8, 2, -8], [3, 4, 5]]), np.array([[0.5, 0.25]]), (2, 1)


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    x = np.arange(60.0).reshape(6, 10) ** 2 % 17
    yield x[:2, :3], np.array([[1.0, -2, 3], [4, 0.5, -6]]), (2, 5)
    yield x, np.array([[3.0]]), (4, 3)
    yield x[::2, ::-3], np.array([[1.0, 2, 0.5], [-4, 3, -1]]), (1, 1)


@exercise.fresh("fresh images", points=0.5)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 1)])
    s_h, s_w = rng.permutation([1, 2, 3])[:2]
    h, w = k_h + rng.integers(3, 7), k_w + rng.integers(3, 8)
    x, k = (rng.integers(-9, 10, shape) / 2 for shape in ((h, w), (k_h, k_w)))
    return x, k, (int(s_h), int(s_w))

r"""Correlate without a loop

Write `corr2d_windows(x, k)`: the same numbers as `corr2d`, but without a Python loop.
NumPy can show all windows of an image as one array, and then a single operation does
the products and the sums.

- `x` has shape `(H, W)` and `k` has shape `(kH, kW)`, with `1 <= kH <= H` and
  `1 <= kW <= W`; NumPy arrays of integers or of floats, not always of the same kind.
- Return an array of shape `(H - kH + 1, W - kW + 1)`. Entry `[i, j]` is the sum of
  `x[i+a, j+b] * k[a, b]` over all `a` and `b`: kernel not flipped, no padding.
- No `for`, no `while`, no comprehension, and nothing that hides a loop, such as `map`
  or `np.vectorize`.
- Leave `x` and `k` as they are.

`np.lib.stride_tricks.sliding_window_view(x, (kH, kW))` has four axes,
`(H - kH + 1, W - kW + 1, kH, kW)`: its entry `[i, j]` is the window that starts at
row `i` and column `j`. It copies nothing. You may use it, or find another way.

**By hand.** On this image a kernel of shape (1, 2) has four windows:

    x = 1 2 3      windows[0, 0] = [[1, 2]]      windows[0, 1] = [[2, 3]]
        4 5 6      windows[1, 0] = [[4, 5]]      windows[1, 1] = [[5, 6]]

With `k = [[10, 1]]` they give `[[12, 23], [45, 56]]`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.rules import NO_LOOPS
from coursekit.exercise.scales import bilinear_scale
from coursekit.exercise.windows import correlation_window

exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=15,
    section="Two dimensions",
    rules=(NO_LOOPS,),
    scale=bilinear_scale,
    window=correlation_window,
    hints=(
        "Make the array of all windows and look at its shape. Two of its axes say "
        "where a window is; the other two say where a pixel lies inside the window.",
        "Broadcasting lines up the last axes: `windows * k` multiplies every window "
        "by the kernel. Of the four axes, sum over those that the output does not "
        "have.",
        "Almost code:\n\n"
        "    windows = sliding_window_view(x, shape of k)      # (oH, oW, kH, kW)\n"
        "    return the sum of windows * k over its last two axes\n\n"
        "In the words of `np.einsum` the axes are `ij` (place) and `ab` (inside): "
        "`ijab` with `ab` gives `ij`.",
    ),
)


@exercise.solution
def corr2d_windows(x, k):
    """Return the valid cross-correlation of x (H, W) with k (kH, kW), loop-free."""
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijab,ab->ij", windows, k)


@exercise.wrong(
    "You turned the kernel by half a turn, which makes this a convolution. "
    "Multiply each window by k as it stands."
)
def flipped(x, k):
    return corr2d_windows(x, k[::-1, ::-1])


@exercise.wrong(
    "You used the matrix product (@ or np.matmul) of windows and kernel. Each pixel is "
    "multiplied by the one number that lies on it: use *, or the flattened windows."
)
def matrix_product(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows @ k).sum(axis=(-2, -1))


@exercise.wrong(
    "The products are there, but they were not summed: your answer still has four "
    "axes. Sum over those that say where a pixel lies inside its window."
)
def not_summed(x, k):
    return np.lib.stride_tricks.sliding_window_view(x, k.shape) * k


@exercise.wrong(
    "You summed over one axis of the windows only, so your answer still has three "
    "axes. Each window has rows and columns: sum over both."
)
def summed_one_axis(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.sum(windows * k, axis=-1)


@exercise.wrong(
    "You summed over the places instead of the insides of the windows, so your "
    "answer has the shape of the kernel. The first two axes are the output's."
)
def summed_the_places(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.sum(windows * k, axis=(0, 1))


@exercise.wrong(
    "You summed everything into one number. Name the axes to sum over: "
    "the output keeps one number for each place."
)
def summed_everything(x, k):
    return np.sum(corr2d_windows(x, k))


@exercise.wrong(
    "The numbers are right but stand in one long row. "
    "Give them back the two axes of the output."
)
def left_flat(x, k):
    return corr2d_windows(x, k).ravel()


@exercise.wrong(
    "Windows and kernel were not flattened in the same order: one went row by row, "
    "the other column by column."
)
def flattened_by_columns(x, k):
    return corr2d_windows(x, k.ravel(order="F").reshape(k.shape))


@exercise.wrong(
    "The last row and the last column of places are missing. There are H - kH + 1 "
    "places downwards and W - kW + 1 to the right."
)
def one_short(x, k):
    return corr2d_windows(x, k)[:-1, :-1]


@exercise.wrong(
    "You took the kernel for a square: its height stands for its width, too. "
    "The shape of the windows is k.shape."
)
def kernel_as_square(x, k):
    n = len(k)
    windows = np.lib.stride_tricks.sliding_window_view(x, (n, n))
    return (windows * k).sum(axis=(-2, -1))


@exercise.wrong(
    "You took the mean of the products. They are added up: "
    "nothing is divided by their number."
)
def averaged(x, k):
    return corr2d_windows(x, k) / k.size


@exercise.wrong(
    "The output was laid out as a square: its height stands for its width, too. "
    "It has H - kH + 1 rows and W - kW + 1 columns."
)
def output_as_square(x, k):
    rows = corr2d_windows(x, k)
    return rows.reshape(len(rows), len(rows))


@exercise.wrong(
    "The numbers are right but in the wrong places: rows and columns of the output are "
    "exchanged. Its shape is (H - kH + 1, W - kW + 1), rows first."
)
def output_shape_exchanged(x, k):
    out = corr2d_windows(x, k)
    return out.reshape(out.shape[::-1])


@exercise.alternative
def by_broadcasting(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows * k).sum(axis=(-2, -1))


@exercise.alternative
def by_matrix_product(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    columns = windows.reshape(-1, k.size)
    return (columns @ k.ravel()).reshape(windows.shape[:2])


@exercise.alternative
def by_index_arrays(x, k):
    a, b = np.indices(k.shape)
    i, j = np.indices((x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1))
    return np.tensordot(x[i[..., None, None] + a, j[..., None, None] + b], k)


@exercise.alternative
def by_fourier(x, k):
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(k, x.shape))
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return np.fft.irfft2(product, x.shape)[:h, :w]


@exercise.alternative
def in_single_precision(x, k):
    return corr2d_windows(x.astype(np.float32), k.astype(np.float32))


@exercise.cases("worked examples", points=1)
def worked():
    yield np.array([[1, 2, 3], [4, 5, 6]]), np.array([[10, 1]])
    yield np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]])


@exercise.cases("uneven sizes, negative numbers", points=1)
def uneven():
    x = np.array([[3.0, -1, 4, 1, -5], [9, -2, 6, 5, -3], [5, 8, -9, 7, 9]])
    yield x, np.array([[1.0, -2, 0.5], [3, 4, -1]])
    yield x.T, np.array([[2.0, -1], [7, 3]])
    yield np.array([[2, -7, 1], [8, 2, -8]]), np.array([[0.5, 0.25]])


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    x = np.arange(60.0).reshape(6, 10) ** 2 % 17
    yield x[:2, :3], np.array([[1.0, -2, 3], [4, 0.5, -6]])
    yield x, np.array([[3.0]])
    yield x[::2, ::-3], np.array([[1.0, 2], [-4, 3]])


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 4)])
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(2, 5)
    return rng.integers(-9, 10, (h, w)) / 2, rng.integers(-9, 10, (k_h, k_w)) / 2

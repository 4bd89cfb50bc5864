r"""Keep the largest

Write `max_pool2d(x, k, stride=None)`: a window leaps over each channel and keeps the
largest number that it sees.

- `x` has shape `(N, C, H, W)`: images, channels, rows, columns. It is a NumPy array of
  floats, negative ones among them.
- `k` is the size of the window: a pair `(kH, kW)`, or an int that stands for both axes.
  The window fits: `1 <= kH <= H` and `1 <= kW <= W`.
- `stride` is the step from one window to the next: a pair `(sH, sW)` or an int, at
  least 1. `None` means that it is as large as the window, as in torch. It may be
  smaller than the window (windows overlap) or larger (pixels are left out).
- The first window starts at the top left. Only whole windows count: what is left over
  at the bottom and at the right is dropped. No padding.
- Return an array of floats of shape `(N, C, oH, oW)`, with `oH = (H - kH) // sH + 1`
  and `oW = (W - kW) // sW + 1`. Each image and each channel is pooled by itself.
- Leave `x` as it is. Any way of computing the numbers is fine.

`as_pair` is given: it makes a pair of an int and leaves a pair as it is.

**By hand.** One channel, `k = 2`: the windows lie side by side, and column 5 is left
over.

    1 2 | 3 4 | 9      the largest of 1 2 5 0 is 5
    5 0 | 1 2 | 9      the largest of 3 4 1 2 is 4

so the result is `[[[[5, 4]]]]`. With `stride = 1` there are four windows, one
pixel apart: 5, 3, 4, 9.
"""

import numpy as np

from coursekit.bank import pooling
from coursekit.exercise import Exercise
from coursekit.exercise.windows import pooling_window

exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=15,
    section="Pooling by hand",
    window=pooling_window,
    hints=(
        "It is the walk of `corr2d_strided` in lesson 4, with less work at each place: "
        "no products, no sum, only a maximum. Make pairs of k and stride first.",
        "The window of output `[i, j]` starts at row `i * sH`, column `j * sW`. Take "
        "it out of all images and channels at once, `x[:, :, rows, columns]`, and keep "
        "those two axes: `.max(axis=(2, 3))`.",
        "Almost code:\n\n"
        "    kH, kW = as_pair(k)\n"
        "    sH, sW = the same as k if stride is None, else as_pair(stride)\n"
        "    out = zeros of shape (N, C, (H - kH) // sH + 1, (W - kW) // sW + 1)\n"
        "    for every row i and column j of out:\n"
        "        window = x[:, :, kH rows from i * sH on, kW columns from j * sW on]\n"
        "        out[:, :, i, j] = the largest of window over its axes 2 and 3\n"
        "    return out",
    ),
)


@exercise.given
def as_pair(value):
    """Return (value, value) for an int; a pair stays as it is. Given."""
    return (value, value) if np.ndim(value) == 0 else tuple(value)


@exercise.solution
def max_pool2d(x, k, stride=None):
    """Return the largest number of each window of x (N, C, H, W)."""
    k_h, k_w = as_pair(k)
    s_h, s_w = (k_h, k_w) if stride is None else as_pair(stride)
    n, c, h, w = x.shape
    out = np.zeros((n, c, (h - k_h) // s_h + 1, (w - k_w) // s_w + 1))
    for i, j in np.ndindex(out.shape[2:]):
        top, left = i * s_h, j * s_w
        out[:, :, i, j] = x[:, :, top : top + k_h, left : left + k_w].max(axis=(2, 3))
    return out


def windows_of(x, k, stride):
    """Return all whole windows, (N, C, oH, oW, kH, kW)."""
    k = as_pair(k)
    s_h, s_w = k if stride is None else as_pair(stride)
    return np.lib.stride_tricks.sliding_window_view(x, k, (2, 3))[:, :, ::s_h, ::s_w]


@exercise.wrong(
    "You start from 0 and look for something larger, so a window of negative numbers "
    "gives 0. Start from -inf, or from the first number of the window."
)
def started_from_zero(x, k, stride=None):
    return np.maximum(max_pool2d(x, k, stride), 0)


@exercise.wrong(
    "You also count windows that hang over the border: a slice that reaches past the "
    "end is cut off without a word. Only whole windows count, so the last row on which "
    "one may start is H - kH, and the last column W - kW."
)
def hung_over(x, k, stride=None):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(k if stride is None else stride)
    more = ((0, 0), (0, 0), (0, k_h - 1), (0, k_w - 1))
    return max_pool2d(np.pad(x, more, constant_values=-np.inf), k, (s_h, s_w))


@exercise.wrong(
    "The last place is missing where it fits exactly. A window may end on the very "
    "last pixel: starts go up to H - kH and W - kW, those included."
)
def last_place_missing(x, k, stride=None):
    s_h, s_w = as_pair(k if stride is None else stride)
    return max_pool2d(x, k, 1)[:, :, :-1:s_h, :-1:s_w]


@exercise.wrong(
    "You took the maximum over the images and the channels, too. Each channel of each "
    "image has its own: of x[:, :, rows, columns] take it over the axes 2 and 3 only."
)
def over_all_axes(x, k, stride=None):
    out = max_pool2d(x, k, stride)
    return np.broadcast_to(out.max(axis=(0, 1)), out.shape)


@exercise.wrong(
    "You averaged the windows. Max pooling keeps the one largest number and forgets "
    "the others."
)
def averaged(x, k, stride=None):
    return windows_of(x, k, stride).mean(axis=(4, 5))


@exercise.wrong(
    "You kept the number that is farthest from 0, whatever its sign. The largest is "
    "the one farthest to the right on the number line: of -5 and 2 it is 2."
)
def by_size_without_sign(x, k, stride=None):
    windows = windows_of(x, k, stride)
    high, low = windows.max(axis=(4, 5)), windows.min(axis=(4, 5))
    return np.where(-low > high, low, high)


@exercise.wrong(
    "Your result has the right shape, but the last row or column of it stays 0 where "
    "a window fits exactly: `range(0, H - kH, sH)` stops one start too early. Loop "
    "over the rows and columns of the result, or up to H - kH + 1."
)
def last_place_left_empty(x, k, stride=None):
    (k_h, k_w), out = as_pair(k), max_pool2d(x, k, stride)
    s_h, s_w = as_pair(k if stride is None else stride)
    out[:, :, len(range(0, x.shape[2] - k_h, s_h)) :] = 0
    out[:, :, :, len(range(0, x.shape[3] - k_w, s_w)) :] = 0
    return out


@exercise.wrong(
    "Your number of windows is H // sH, as if they always lay side by side. A window "
    "has to end inside the image: there are (H - kH) // sH + 1."
)
def image_by_stride(x, k, stride=None):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(k if stride is None else stride)
    rows, columns = x.shape[2] // s_h, x.shape[3] // s_w
    more = (rows - 1) * s_h + k_h - x.shape[2], (columns - 1) * s_w + k_w - x.shape[3]
    pads = [(0, 0), (0, 0), *((0, max(0, one)) for one in more)]
    padded = np.pad(x, pads, constant_values=-np.inf)
    return max_pool2d(padded, k, (s_h, s_w))[:, :, :rows, :columns]


pooling.share(exercise)


@exercise.alternative
def by_windows(x, k, stride=None):
    return windows_of(x, k, stride).max(axis=(4, 5))


@exercise.alternative
def by_shifted_images(x, k, stride=None):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(k if stride is None else stride)
    h, w = x.shape[2] - k_h + 1, x.shape[3] - k_w + 1
    out = np.full((*x.shape[:2], -(-h // s_h), -(-w // s_w)), -np.inf)
    for a, b in np.ndindex(k_h, k_w):
        out = np.maximum(out, x[:, :, a : a + h : s_h, b : b + w : s_w])
    return out


@exercise.alternative
def in_single_precision(x, k, stride=None):
    return max_pool2d(x.astype(np.float32), k, stride).astype(np.float32)


@exercise.cases("worked examples", points=1)
def worked():
    x = np.array([[[[1.0, 2, 3, 4, 9], [5, 0, 1, 2, 9]]]])
    yield x, 2
    yield x, 2, 1
    numbers = [[29.0, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]]
    yield np.array([[numbers]]), 2


@exercise.cases("several images and channels, negative numbers", points=1)
def several():
    x = np.arange(120.0).reshape(2, 2, 5, 6) ** 2 % 23 - 18
    yield x, (2, 3)
    yield x[:1], (3, 2)
    yield np.array([[[[-4.5, -2], [-3, -7]], [[-1, -6], [-8, -0.5]]]]), 2


@exercise.cases("a stride of its own", points=1)
def strides():
    x = np.arange(84.0).reshape(1, 2, 6, 7) ** 2 % 29 - 12
    yield x, 3, 2
    yield x, (2, 3), (3, 1)
    yield x, 2, (1, 3)


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    k_h, k_w = map(int, rng.choice([(2, 3), (3, 2), (2, 2), (1, 3)]))
    s_h, s_w = map(int, rng.permutation([1, 2, 3])[:2])
    shape = (2, 2, k_h + int(rng.integers(2, 6)), k_w + int(rng.integers(2, 6)))
    x = rng.integers(-19, 6, shape) / 2
    return x, (k_h, k_w), [(s_h, s_w), s_w, None][rng.integers(3)]

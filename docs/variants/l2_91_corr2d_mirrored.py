r"""Slide a mirrored kernel over an image

Write `corr2d_mirrored(x, k)`. It is the cross-correlation of lesson 2 with one change:
before it is laid on the image, the kernel is mirrored from left to right. Its rows stay
where they are.

- `x` has shape `(H, W)` and `k` has shape `(kH, kW)`, rows first, with
  `1 <= kH <= H` and `1 <= kW <= W`. Both are NumPy arrays of integers or of floats.
- Return an array of shape `(H - kH + 1, W - kW + 1)`. Its entry `[i, j]` is the sum
  of `x[i+a, j+b] * k[a, kW-1-b]` over all rows `a` and columns `b` of the kernel.
- No padding, no bias. Leave `x` and `k` as they are.

**By hand.** With `x = [[1, 2, 3]]` and `k = [[10, 1]]` the kernel is laid on as
`[[1, 10]]`, so the result is `[[1*1 + 2*10, 2*1 + 3*10]]`, which is `[[21, 32]]`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale
from coursekit.exercise.windows import correlation_window

exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=15,
    section="Two dimensions",
    scale=bilinear_scale,
    window=correlation_window,
    hints=(
        "It is `corr2d` with another kernel. Which one?",
        "`k[:, ::-1]` is the kernel, mirrored from left to right.",
        "Almost code:\n\n"
        "    mirrored = k with its columns in reverse order\n"
        "    for every place i, j of the output:\n"
        "        out[i, j] = the sum of (window at i, j) * mirrored",
    ),
)


@exercise.solution
def corr2d_mirrored(x, k):
    """Return the valid correlation of x (H, W) with k (kH, kW), mirrored."""
    k_h, k_w = k.shape
    out = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + k_h, j : j + k_w] * k[:, ::-1])
    return out


@exercise.wrong("The kernel is not mirrored: this is the correlation of lesson 2.")
def as_it_stands(x, k):
    return corr2d_mirrored(x, k[:, ::-1])


@exercise.wrong(
    "You mirrored the kernel from top to bottom. From left to right is along its "
    "columns, the second axis."
)
def upside_down(x, k):
    return corr2d_mirrored(x, k[::-1, ::-1])


@exercise.wrong(
    "You turned the kernel by half a turn, which is a convolution. Only its columns "
    "change places, the rows stay."
)
def half_a_turn(x, k):
    return corr2d_mirrored(x, k[::-1])


@exercise.wrong(
    "You mirrored the result too, or the image and not the kernel: the first window "
    "is the one at the left."
)
def image_mirrored(x, k):
    return corr2d_mirrored(x, k)[:, ::-1]


@exercise.alternative
def by_shifted_images(x, k):
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    taps = np.ndindex(k.shape)
    return sum(k[a, -1 - b] * x[a : a + h, b : b + w] for a, b in taps)


@exercise.alternative
def by_windows(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijab,ab->ij", windows, k[:, ::-1])


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[1, 2, 3]]), np.array([[10, 1]])


@exercise.cases("uneven sizes", points=2, shown=False)
def uneven():
    x = np.array([[3.0, -1, 4, 1, -5], [9, -2, 6, 5, -3], [5, 8, -9, 7, 9]])
    yield x, np.array([[1.0, -2, 0.5], [3, 4, -1]])
    yield x.T, np.array([[2.0, -1], [7, 3]])


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2)])
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(2, 5)
    return rng.integers(-9, 10, (h, w)) / 2, rng.integers(-9, 10, (k_h, k_w)) / 2

r"""Slide a kernel over an image

Write `corr2d(x, k)`. Lay the kernel `k` on the image `x` at every place where the
whole kernel fits, multiply the numbers that lie on top of each other, and add the
products up. Each place gives one number of the output.

- `x` has shape `(H, W)` and `k` has shape `(kH, kW)`, rows first, with
  `1 <= kH <= H` and `1 <= kW <= W`. Neither has to be square. Both are NumPy arrays
  of integers or of floats, not always of the same kind.
- Return an array of shape `(H - kH + 1, W - kW + 1)`. Its entry `[i, j]` is the sum
  of `x[i+a, j+b] * k[a, b]` over all rows `a` and columns `b` of the kernel.
- The kernel moves one step at a time, is not flipped, and never hangs over the
  border: no padding, no bias.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine.

**By hand.** A kernel of shape (1, 2) fits on this image of shape (2, 3) in four places:

    x = 1 2 3      k = 10 1      1*10 + 2*1 = 12      2*10 + 3*1 = 23
        4 5 6                    4*10 + 5*1 = 45      5*10 + 6*1 = 56

so `corr2d(x, k)` is `[[12, 23], [45, 56]]`.
"""

import numpy as np

from coursekit.bank import places
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
        "It is `corr1d` with two positions instead of one. Settle the shape of the "
        "output first, then write down one output as a sum, then repeat it for all.",
        "The window that belongs to output `[i, j]` starts at row `i` and column `j` "
        "and is as large as the kernel: `x[i : i + kH, j : j + kW]`. Multiply it with "
        "`k`, number by number, and sum over both axes.",
        "Almost code:\n\n"
        "    kH, kW = shape of k\n"
        "    out = zeros (floats) of shape (H - kH + 1, W - kW + 1)\n"
        "    for every row i of out:\n"
        "        for every column j of out:\n"
        "            out[i, j] = the sum of (window at i, j) * k\n"
        "    return out            # after both loops",
    ),
)


@exercise.solution
def corr2d(x, k):
    """Return the valid cross-correlation of x (H, W) with k (kH, kW)."""
    k_h, k_w = k.shape
    out = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(x[i : i + k_h, j : j + k_w] * k)
    return out


@exercise.wrong(
    "You turned the kernel by half a turn, which makes this a convolution. "
    "Lay k on x as it stands: its top left entry on the window's top left pixel."
)
def flipped(x, k):
    return corr2d(x, k[::-1, ::-1])


@exercise.wrong(
    "Rows and columns of the kernel are exchanged. Its first index walks down "
    "the image, its second index walks to the right."
)
def transposed(x, k):
    return corr2d(x, k.T)


@exercise.wrong(
    "The two indices of the kernel are exchanged: x[i + a, j + b] belongs to k[a, b]. "
    "For a kernel that is not square this even reaches past its end."
)
def indices_exchanged(x, k):
    out = np.zeros((x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        for a, b in np.ndindex(k.shape):
            out[i, j] += x[i + a, j + b] * k[b, a]
    return out


@exercise.wrong(
    "You used the matrix product (@ or np.dot) of window and kernel. Here each pixel "
    "is multiplied by the one number that lies on it: use *."
)
def matrix_product(x, k):
    k_h, k_w = k.shape
    out = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + k_h, j : j + k_w] @ k)
    return out


@exercise.wrong(
    "The last row and the last column of places are missing. A kernel 2 wide fits "
    "3 wide pixels at two places: count along each axis again."
)
def one_short(x, k):
    return corr2d(x, k)[:-1, :-1]


@exercise.wrong(
    "You added zeros round the image to keep its size. Nothing is padded here: "
    "use only the places where the whole kernel lies on the image."
)
def kept_the_size(x, k):
    before = [(n - 1) // 2 for n in k.shape]
    after = [n - 1 - b for n, b in zip(k.shape, before, strict=True)]
    return corr2d(np.pad(x, list(zip(before, after, strict=True))), k)


@exercise.wrong(
    "You let the kernel hang over the border, so the output is larger than the image. "
    "Use only the places where the whole kernel lies on the image."
)
def hung_over(x, k):
    k_h, k_w = k.shape
    return corr2d(np.pad(x, ((k_h - 1, k_h - 1), (k_w - 1, k_w - 1))), k)


@exercise.wrong(
    "Only the last product of each window is left: every product replaced "
    "the one before it. Add them up instead."
)
def overwritten(x, k):
    return x[k.shape[0] - 1 :, k.shape[1] - 1 :] * k[-1, -1]


@exercise.wrong(
    "The sum is not set back to zero between windows, so each output also "
    "contains all the outputs before it."
)
def running_total(x, k):
    out = corr2d(x, k)
    return np.cumsum(out).reshape(out.shape)


@exercise.wrong(
    "Only the first row of the output is filled: `return` stands inside the loop "
    "over rows, which ends after its first round."
)
def returned_after_a_row(x, k):
    out = corr2d(x, k)
    out[1:] = 0
    return out


@exercise.wrong(
    "Only the first output is filled: `return` stands inside the inner loop, "
    "which ends after its first round."
)
def returned_after_an_output(x, k):
    out = corr2d(x, k)
    out.flat[1:] = 0
    return out


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k):
    return corr2d(x, k).astype(x.dtype)


@exercise.wrong(
    "Your answer is as large as x: out was made with the shape of x, and its last rows "
    "and columns were never filled. Its shape is (H - kH + 1, W - kW + 1)."
)
def border_left_zero(x, k):
    return np.pad(corr2d(x, k), [(0, n - 1) for n in k.shape])


@exercise.wrong(
    "Your answer is as large as x: the numbers stand in a frame of zeros. Nothing is "
    "kept for the border: [0, 0] belongs to the first window."
)
def in_a_frame(x, k):
    out = np.zeros(x.shape)
    top, left = k.shape[0] // 2, k.shape[1] // 2
    inner = corr2d(x, k)
    out[top : top + len(inner), left : left + inner.shape[1]] = inner
    return out


@exercise.wrong(
    "zeros_like(x) is as large as x and holds its kind of number: your answer has a "
    "frame of zeros, and fractions are cut off. Make zeros of (H - kH + 1, W - kW + 1)."
)
def in_a_frame_like_x(x, k):
    return in_a_frame(x, k).astype(x.dtype)


@exercise.wrong(
    "zeros_like(x) is as large as x and holds its kind of number: your last rows and "
    "columns stay zero, and fractions are lost. Make zeros of (H - kH + 1, W - kW + 1)."
)
def border_left_like_x(x, k):
    return border_left_zero(x, k).astype(x.dtype)


@exercise.wrong(
    "You put a frame of zeros round the image to keep its size, and zeros_like(x) cuts "
    "fractions off. Nothing is padded: make zeros (floats) of (H - kH + 1, W - kW + 1)."
)
def kept_the_size_like_x(x, k):
    return kept_the_size(x, k).astype(x.dtype)


@exercise.wrong(
    "You padded kH // 2 rows and kW // 2 columns on each side. Nothing is padded here: "
    "use only the places where the whole kernel lies on the image."
)
def framed_by_half_a_kernel(x, k):
    return corr2d(np.pad(x, [(n // 2, n // 2) for n in k.shape]), k)


@exercise.wrong(
    "Your window reaches kH // 2 rows up and down and kW // 2 columns to each side, "
    "which fits kernels of odd size only, and the border is left zero. A window starts "
    "at [i, j]: x[i : i + kH, j : j + kW]."
)
def around_a_centre(x, k):
    (h, w), (up, left) = x.shape, (n // 2 for n in k.shape)
    out = np.zeros(x.shape)
    for i in range(up, h - up):
        for j in range(left, w - left):
            window = x[i - up : i + up + 1, j - left : j + left + 1]
            out[i, j] = np.sum(window * k)
    return out


@exercise.wrong(
    "You divided by the number of entries of the kernel: that is a mean. "
    "The products are added up, and nothing is divided."
)
def averaged(x, k):
    return corr2d(x, k) / k.size


places.share(exercise)


@exercise.alternative
def by_shifted_images(x, k):
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return sum(k[a, b] * x[a : a + h, b : b + w] for a, b in np.ndindex(k.shape))


@exercise.alternative
def by_fourier(x, k):
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(k, x.shape))
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return np.fft.irfft2(product, x.shape)[:h, :w]


@exercise.alternative
def in_single_precision(x, k):
    return corr2d(x.astype(np.float32), k.astype(np.float32)).astype(np.float32)


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
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 1)])
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(2, 5)
    return rng.integers(-9, 10, (h, w)) / 2, rng.integers(-9, 10, (k_h, k_w)) / 2

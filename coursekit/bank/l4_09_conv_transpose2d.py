r"""Optional: go back up again

This exercise is optional; no other needs it. A correlation with a stride makes an image
smaller; the transposed convolution makes it larger. Write
`conv_transpose2d(x, k, stride)`: every pixel of `x` stamps the kernel, times its own
value, onto the output; the stamps start `stride` pixels apart, and where they overlap
they add up.

- `x` has shape `(H, W)` and `k` has shape `(kH, kW)`, at least `(1, 1)` each. Both are
  NumPy arrays of integers or of floats, not always of the same kind.
- `stride` is **one integer**, at least 1, for both axes. It may be larger than the
  kernel: then there are gaps, and they are 0.
- The stamp of pixel `x[i, j]` has its top left entry at `[i * stride, j * stride]`; the
  kernel is not flipped. No padding, nothing is cropped, one channel, no bias.
- Return an array of shape `((H - 1) * stride + kH, (W - 1) * stride + kW)`.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine.

**By hand.** Two pixels, a kernel three wide, stride 2. The stamps overlap by one:

    x = 1 2      stamp of 1:     1 10 100  .   .
                 stamp of 2:     .  .   2 20 200
    k = 1 10 100            sum: 1 10 102 20 200

so `conv_transpose2d(x, k, 2)` is `[[1, 10, 102, 20, 200]]`.

It is the adjoint of `corr2d_strided` with `stride` in both axes, where no pixel is left
over: written as a matrix acting on flattened images, one is the transpose of the other.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=2,
    difficulty=4,
    minutes=15,
    section="Back up again: the transposed convolution",
    scale=bilinear_scale,
    hints=(
        "Turn round what `corr2d_strided` does: there a window of pixels is gathered "
        "into one output. Here one pixel is spread over a window of outputs.",
        "The window of pixel `[i, j]` is the part of the output that starts at row "
        "`i * stride` and column `j * stride` and is as large as the kernel. Add "
        "`x[i, j] * k` to it.",
        "Almost code:\n\n"
        "    out = zeros (floats) of ((H - 1) * stride + kH, (W - 1) * stride + kW)\n"
        "    for every row i and column j of x:\n"
        "        top, left = i * stride, j * stride\n"
        "        out[top : top + kH, left : left + kW] += x[i, j] * k\n"
        "    return out",
    ),
)


@exercise.solution
def conv_transpose2d(x, k, stride):
    """Return the sum of all kernels stamped `stride` apart, each times its pixel."""
    (h, w), (k_h, k_w) = x.shape, k.shape
    out = np.zeros(((h - 1) * stride + k_h, (w - 1) * stride + k_w))
    for i, j in np.ndindex(x.shape):
        top, left = i * stride, j * stride
        out[top : top + k_h, left : left + k_w] += x[i, j] * k
    return out


@exercise.wrong(
    "Where stamps overlap, only the last one is left. Add them up: "
    "write to the output with +=, not with =."
)
def overwritten(x, k, stride):
    (k_h, k_w), out = k.shape, np.zeros_like(conv_transpose2d(x, k, stride))
    for i, j in np.ndindex(x.shape):
        top, left = i * stride, j * stride
        out[top : top + k_h, left : left + k_w] = x[i, j] * k
    return out


@exercise.wrong(
    "The stamp is turned by half a turn. If you spread the image with zeros and "
    "correlate, turn the kernel first; a stamp shows it as it stands."
)
def flipped(x, k, stride):
    return conv_transpose2d(x, k[::-1, ::-1], stride)


@exercise.wrong(
    "The stride has no effect in your answer: your stamps start one pixel apart. "
    "That of pixel [i, j] starts at [i * stride, j * stride]."
)
def stride_forgotten(x, k, stride):
    return conv_transpose2d(x, k, 1)


@exercise.wrong(
    "Your stamps start stride + 1 pixels apart. Between two pixels of a spread image "
    "there are stride - 1 zeros."
)
def stride_as_gap(x, k, stride):
    return conv_transpose2d(x, k, stride + 1)


@exercise.wrong(
    "You repeated each pixel `stride` times before you used the kernel. The places in "
    "between are zeros; only the kernel fills them."
)
def pixels_repeated(x, k, stride):
    return conv_transpose2d(np.kron(x, np.ones((stride, stride))), k, 1)


@exercise.wrong(
    "Your output is too long: there are zeros after the last stamp. It ends where that "
    "stamp ends, at (H - 1) * stride + kH rows."
)
def zeros_at_the_end(x, k, stride):
    return np.pad(conv_transpose2d(x, k, stride), (0, stride - 1))


@exercise.wrong(
    "You kept H * stride rows and W * stride columns. Nothing is cropped or filled up: "
    "the output ends where the last stamp ends, at (H - 1) * stride + kH."
)
def times_the_stride(x, k, stride):
    full = conv_transpose2d(x, k, stride)
    out = np.zeros((x.shape[0] * stride, x.shape[1] * stride))
    h, w = min(len(full), len(out)), min(full.shape[1], out.shape[1])
    out[:h, :w] = full[:h, :w]
    return out


@exercise.wrong(
    "You used only whole windows of the spread image, so the border is missing. "
    "The stamps of the border pixels count in full."
)
def border_missing(x, k, stride):
    spread = conv_transpose2d(x, np.ones((1, 1)), stride)
    windows = np.lib.stride_tricks.sliding_window_view(spread, k.shape)
    return np.einsum("ijab,ab->ij", windows, k[::-1, ::-1])


@exercise.wrong(
    "You went down instead of up: this is the correlation with a stride, which makes "
    "the image smaller. Each pixel has to be spread over a window of the output."
)
def went_down(x, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k)


@exercise.wrong(
    "You divided by the number of stamps that overlap. They add up; "
    "that they pile up unevenly is a property of this operation."
)
def averaged(x, k, stride):
    count = conv_transpose2d(np.ones(x.shape), np.ones(k.shape), stride)
    return conv_transpose2d(x, k, stride) / np.maximum(count, 1)


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k, stride):
    return conv_transpose2d(x, k, stride).astype(x.dtype)


@exercise.wrong(
    "Your stamps lie side by side, one kernel apart, as np.kron puts them. "
    "They start `stride` apart, and may overlap or leave gaps."
)
def side_by_side(x, k, stride):
    return np.kron(x, k)


@exercise.wrong(
    "You put the zeros between the taps of the kernel: that is a dilation. Here the "
    "pixels of the image move apart, and the stamp stays as it is."
)
def kernel_spread(x, k, stride):
    spread = conv_transpose2d(k, np.ones((1, 1)), stride)
    return conv_transpose2d(x, spread, 1)


@exercise.alternative
def by_the_transposed_matrix(x, k, stride):
    (h, w), (k_h, k_w) = x.shape, k.shape
    shape = ((h - 1) * stride + k_h, (w - 1) * stride + k_w)
    images = np.eye(shape[0] * shape[1]).reshape(-1, *shape)
    windows = np.lib.stride_tricks.sliding_window_view(images, k.shape, axis=(1, 2))
    down = np.einsum("nijab,ab->nij", windows[:, ::stride, ::stride], k)
    return np.einsum("nij,ij->n", down, x).reshape(shape)


@exercise.alternative
def by_spreading_and_fourier(x, k, stride):
    (h, w), (k_h, k_w) = x.shape, k.shape
    shape = ((h - 1) * stride + k_h, (w - 1) * stride + k_w)
    spread = np.zeros(shape)
    spread[: (h - 1) * stride + 1 : stride, : (w - 1) * stride + 1 : stride] = x
    return np.fft.irfft2(np.fft.rfft2(spread) * np.fft.rfft2(k, shape), shape)


@exercise.alternative
def tap_by_tap(x, k, stride):
    (h, w), (k_h, k_w) = x.shape, k.shape
    out = np.zeros(((h - 1) * stride + k_h, (w - 1) * stride + k_w))
    i, j = np.indices(x.shape) * stride
    for a, b in np.ndindex(k.shape):
        out[i + a, j + b] += k[a, b] * x
    return out


@exercise.alternative
def in_single_precision(x, k, stride):
    return conv_transpose2d(x, k, stride).astype(np.float32)


@exercise.cases("worked examples", points=0.5)
def worked():
    yield np.array([[1, 2]]), np.array([[1, 10, 100]]), 2
    yield np.array([[0, 1], [2, 3]]), np.array([[0, 1], [2, 3]]), 1


@exercise.cases("overlaps and gaps", points=1)
def uneven():
    x = np.array([[1.0, -2, 3], [4, 5, -6]])
    yield x, np.array([[2.0, -1, 0.5], [3, 1, 4], [-2, 7, 5]]), 2
    yield x, np.array([[2.0, -1], [7, 3]]), 3
    yield np.array([[2, -7, 1], [8, 2, -8], [3, 1, 5]]), np.array([[0.5, 0.25]]), 1


@exercise.fresh("fresh images", points=0.5)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (3, 3), (4, 2)])
    h, w = rng.integers(2, 4), rng.integers(4, 6)
    x, k = (rng.integers(-9, 10, shape) / 2 for shape in ((h, w), (k_h, k_w)))
    return x, k, int(rng.integers(2, 4))

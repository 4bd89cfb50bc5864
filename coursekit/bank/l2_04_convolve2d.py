r"""Convolve instead of correlate

Write `convolve2d(x, k)`: the convolution that mathematics and signal processing mean.
It is a correlation with the kernel turned by half a turn, so top and bottom change
places and so do left and right.

- `x` has shape `(H, W)` and `k` has shape `(kH, kW)`, with `1 <= kH <= H` and
  `1 <= kW <= W`; NumPy arrays of integers or of floats, not always of the same kind.
- Return an array of shape `(H - kH + 1, W - kW + 1)`, only the places where the whole
  kernel lies on the image: no padding. Entry `[i, j]` is the sum of
  `x[i+a, j+b] * k[kH-1-a, kW-1-b]` over all `a` and `b`.
- Leave `x` and `k` as they are. You may call your own `corr2d`, provided that it is
  right; any other way is fine too.

**By hand.** Turned by half a turn, `k = 10 1` becomes `1 10`:

    x = 1 2 3      turned: 1 10      1*1 + 2*10 = 21      2*1 + 3*10 = 32
        4 5 6                        4*1 + 5*10 = 54      5*1 + 6*10 = 65

so `convolve2d(x, k)` is `[[21, 32], [54, 65]]`. With `corr2d` it was
`[[12, 23], [45, 56]]`.
"""

import numpy as np

from coursekit.bank import places
from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale
from coursekit.exercise.windows import correlation_window

exercise = Exercise(
    __name__,
    points=2,
    difficulty=2,
    minutes=8,
    section="Convolution flips the kernel",
    scale=bilinear_scale,
    window=correlation_window,
    hints=(
        "Only one thing differs from a correlation, and it happens to the kernel "
        "before anything slides.",
        "Half a turn takes the bottom right entry of the kernel to the top left: both "
        "axes are read from their end. A slice with step -1 reads an axis from its "
        "end.",
        "Almost code:\n\n"
        "    turned = k read backwards along axis 0 and backwards along axis 1\n"
        "    return the correlation of x with turned",
    ),
)


@exercise.helper
def correlate(x, k):
    """Return the valid cross-correlation of x (H, W) with k (kH, kW)."""
    k_h, k_w = k.shape
    out = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + k_h, j : j + k_w] * k)
    return out


@exercise.solution
def convolve2d(x, k):
    """Return the valid convolution of x (H, W) with k (kH, kW)."""
    return correlate(x, k[::-1, ::-1])


@exercise.wrong(
    "This is the correlation: the kernel lies on the image as it stands. "
    "A convolution turns it by half a turn first."
)
def unturned(x, k):
    return correlate(x, k)


@exercise.wrong(
    "You exchanged top and bottom of the kernel, but left and right stayed. "
    "Half a turn exchanges both."
)
def only_rows(x, k):
    return correlate(x, k[::-1])


@exercise.wrong(
    "You exchanged left and right of the kernel, but top and bottom stayed. "
    "Half a turn exchanges both."
)
def only_columns(x, k):
    return correlate(x, k[:, ::-1])


@exercise.wrong(
    "You exchanged rows and columns of the kernel. That mirrors it at its "
    "diagonal; turning it by half a turn is something else."
)
def transposed(x, k):
    return correlate(x, k.T)


@exercise.wrong(
    "You turned the kernel by a quarter of a turn. Two quarters are needed: "
    "the top left entry has to arrive at the bottom right."
)
def quarter_turn(x, k):
    return correlate(x, np.rot90(k))


@exercise.wrong(
    "You turned the image instead of the kernel, so the right numbers come out in "
    "the wrong places: the whole output is turned by half a turn."
)
def turned_the_image(x, k):
    return correlate(x[::-1, ::-1], k)


@exercise.wrong(
    "You let the kernel hang over the border, so the output is larger than the "
    "image. Keep the places where the whole kernel lies on it."
)
def hung_over(x, k):
    k_h, k_w = k.shape
    framed = np.pad(x, ((k_h - 1, k_h - 1), (k_w - 1, k_w - 1)))
    return correlate(framed, k[::-1, ::-1])


@exercise.wrong(
    "You turned the output instead of the kernel: each number is still that of the "
    "kernel as it stands, only somewhere else. Turn the kernel, then correlate."
)
def turned_the_output(x, k):
    return correlate(x, k)[::-1, ::-1]


@exercise.wrong(
    "You transposed the window instead of turning the kernel. That mirrors it at its "
    "diagonal, and a window that is not square no longer fits: k[::-1, ::-1]."
)
def window_transposed(x, k):
    k_h, k_w = k.shape
    out = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(x[i : i + k_h, j : j + k_w].T * k)
    return out


@exercise.wrong(
    "You turned the kernel, but you also took rows and columns of it for each other: "
    "k[::-1, ::-1] is all that is needed, without .T."
)
def turned_and_transposed(x, k):
    return correlate(x, k[::-1, ::-1].T)


def with_the_kernel_turned(slip):
    return lambda x, k: slip(x, k[::-1, ::-1])


places.share(exercise, with_the_kernel_turned)


@exercise.alternative
def by_fourier(x, k):
    product = np.fft.rfft2(x) * np.fft.rfft2(k, x.shape)
    return np.fft.irfft2(product, x.shape)[k.shape[0] - 1 :, k.shape[1] - 1 :]


@exercise.alternative
def by_shifted_images(x, k):
    h, w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return sum(
        k[-1 - a, -1 - b] * x[a : a + h, b : b + w] for a, b in np.ndindex(k.shape)
    )


@exercise.alternative
def in_single_precision(x, k):
    return correlate(x, np.rot90(k, 2)).astype(np.float32)


@exercise.cases("worked examples", points=0.5)
def worked():
    yield np.array([[1, 2, 3], [4, 5, 6]]), np.array([[10, 1]])
    yield np.arange(9).reshape(3, 3), np.array([[0, 1], [2, 3]])


@exercise.cases("uneven sizes, negative numbers", points=0.5)
def uneven():
    x = np.array([[3.0, -1, 4, 1, -5], [9, -2, 6, 5, -3], [5, 8, -9, 7, 9]])
    yield x, np.array([[1.0, -2, 0.5], [3, 4, -1]])
    yield x.T, np.array([[2.0, -1], [7, 3]])


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    x = np.arange(60.0).reshape(6, 10) ** 2 % 17
    yield x[:3, :3], np.array([[1.0, -2, 3], [4, 0.5, -6], [7, 5, 9]])
    yield x[::2, ::-3], np.array([[1.0, 2], [-4, 3]])
    yield x[1:3, :5], np.array([[-3.0]])


@exercise.fresh("fresh images", points=0.5)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 3)])
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(2, 5)
    return rng.integers(-9, 10, (h, w)) / 2, rng.integers(-9, 10, (k_h, k_w)) / 2

r"""One kernel with several channels

An RGB image has three channels. Its kernel has three as well: one 2-D kernel for each
channel. Write `corr2d_multi_in(x, k)`: correlate every channel of `x` with its own
kernel, and add the results up to **one** map.

- `x` has shape `(C, H, W)` and `k` has shape `(C, kH, kW)`: channels, rows, columns,
  with `1 <= kH <= H` and `1 <= kW <= W`. Both have the same number of channels, at
  least 1. NumPy arrays of integers or of floats, not always of the same kind.
- Return an array of shape `(H - kH + 1, W - kW + 1)`. Its entry `[i, j]` is the sum of
  `x[c, i+a, j+b] * k[c, a, b]` over all channels `c`, rows `a` and columns `b` of `k`.
- The kernel moves one step at a time and is not flipped; no padding, no bias.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine. `corr2d` of
  lesson 2, which works on one channel, stands in the cell below for you to use.

**By hand.** Two channels, each one row high:

    x[0] = 1 2 3      k[0] =  1  2       1*1  + 2*2  =   5      2*1  + 3*2  =   8
    x[1] = 4 5 6      k[1] = 10 20       4*10 + 5*20 = 140      5*10 + 6*20 = 170

Added up, `corr2d_multi_in(x, k)` is `[[145, 178]]`.
"""

import numpy as np

from coursekit.bank import places
from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale
from coursekit.exercise.windows import channels_window

exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=10,
    section="Several input channels",
    scale=bilinear_scale,
    window=channels_window,
    hints=(
        "Each channel of x belongs to one channel of k, and `corr2d` makes one map of "
        "the two. How many maps do you have then, and how many does the task want?",
        "`x[c]` is channel c, an image of shape (H, W), and `k[c]` is its kernel. Go "
        "through the channels and keep a running sum of the maps: every map has the "
        "same shape, so they add up number by number.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape (H - kH + 1, W - kW + 1)\n"
        "    for every channel c:\n"
        "        out += corr2d(channel c of x, channel c of k)\n"
        "    return out            # after the loop",
    ),
)


@exercise.given
def corr2d(x, k):
    """Return the valid cross-correlation of x (H, W) with k (kH, kW)."""
    k_h, k_w = k.shape
    y = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + k_h, j : j + k_w] * k)
    return y


@exercise.solution
def corr2d_multi_in(x, k):
    """Return the valid cross-correlation of x (C, H, W) with k (C, kH, kW)."""
    return sum(corr2d(channel, kernel) for channel, kernel in zip(x, k, strict=True))


@exercise.wrong(
    "The maps of the channels were not added up: your answer still has one for each "
    "channel. One kernel gives one map, however many channels it has."
)
def not_summed(x, k):
    return np.stack([corr2d(x[c], k[c]) for c in range(len(x))])


@exercise.wrong(
    "Only the first channel counts in your answer. "
    "Every channel of x adds its part to the sum."
)
def first_channel_only(x, k):
    return corr2d(x[0], k[0])


@exercise.wrong(
    "Only the last channel is left in your answer: each map replaced the one before "
    "it. Add them up: assign with +=, not with =."
)
def last_channel_only(x, k):
    return corr2d(x[-1], k[-1])


@exercise.wrong(
    "You used the kernel of the first channel for all channels. "
    "Each channel has its own: k[c] belongs to x[c]."
)
def one_kernel_for_all(x, k):
    return corr2d_multi_in(x, np.broadcast_to(k[:1], k.shape))


@exercise.wrong(
    "You added the channels up first, and their kernels, and correlated the two sums. "
    "That pairs every channel with every kernel: correlate first, then add."
)
def added_first(x, k):
    return corr2d(x.sum(axis=0), k.sum(axis=0))


@exercise.wrong(
    "You took the mean over the channels. They are added up: "
    "nothing is divided by their number."
)
def averaged(x, k):
    return corr2d_multi_in(x, k) / len(x)


@exercise.wrong(
    "You multiplied the maps of the channels with each other. They are added up."
)
def multiplied(x, k):
    return np.prod(not_summed(x, k), axis=0)


@exercise.wrong(
    "The channels of the kernel are in the opposite order: k[0] belongs to x[0]. "
    "The kernel does not turn, and its channels stay in place."
)
def channels_reversed(x, k):
    return corr2d_multi_in(x, k[::-1])


@exercise.wrong(
    "You turned each channel of the kernel by half a turn, which makes this a "
    "convolution. Lay k on x as it stands."
)
def flipped(x, k):
    return corr2d_multi_in(x, k[:, ::-1, ::-1])


@exercise.wrong(
    "You flipped the kernel along all three axes, as np.flip and scipy's convolve do. "
    "Nothing is flipped here, the channels least of all."
)
def flipped_in_depth(x, k):
    return corr2d_multi_in(x, k[::-1, ::-1, ::-1])


@exercise.wrong(
    "Rows and columns of the kernel are exchanged. k[c, a, b] is a rows down and "
    "b columns to the right."
)
def transposed(x, k):
    return corr2d_multi_in(x, k.swapaxes(1, 2))


@exercise.wrong(
    "Your answer has an axis too many, of length 1: you let the kernel slide along the "
    "channels. It is as deep as x, so drop that axis: a map has rows and columns."
)
def slid_along_channels(x, k):
    return corr2d_multi_in(x, k)[None]


@exercise.wrong(
    "You took the last axis for the channels. Here, as in torch, they come first: "
    "x[c] is one channel."
)
def channels_last(x, k):
    return sum(corr2d(x[..., c], k[..., c]) for c in range(k.shape[-1]))


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k):
    return corr2d_multi_in(x, k).astype(x.dtype)


@exercise.wrong(
    "Everything was added up to one number: np.sum without an axis sums over places, "
    "too. Only the channels are summed: np.sum(maps, axis=0)."
)
def one_number(x, k):
    return np.sum(not_summed(x, k))


@exercise.wrong(
    "You count on three channels. Not every input is a colour image: "
    "there are len(x) of them."
)
def three_channels(x, k):
    return sum(corr2d(x[c], k[c]) for c in range(3))


@exercise.wrong(
    "Windows and kernel were not flattened in the same order: in a window's row of "
    "numbers the channels come last, in the kernel's they come first."
)
def columns_in_another_order(x, k):
    c, k_h, k_w = k.shape
    return corr2d_multi_in(x, np.moveaxis(k.reshape(k_h, k_w, c), -1, 0))


places.share(exercise)


@exercise.alternative
def by_blocks(x, k):
    _, k_h, k_w = k.shape
    out = np.zeros((x.shape[1] - k_h + 1, x.shape[2] - k_w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.vdot(x[:, i : i + k_h, j : j + k_w], k)
    return out


@exercise.alternative
def by_windows(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape[1:], axis=(1, 2))
    return np.einsum("cijab,cab->ij", windows, k)


@exercise.alternative
def by_fourier(x, k):
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(k, x.shape[1:]))
    h, w = x.shape[1] - k.shape[1] + 1, x.shape[2] - k.shape[2] + 1
    return np.fft.irfft2(product.sum(axis=0), x.shape[1:])[:h, :w]


@exercise.alternative
def in_single_precision(x, k):
    return by_windows(x.astype(np.float32), k.astype(np.float32))


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[[1, 2, 3]], [[4, 5, 6]]]), np.array([[[1, 2]], [[10, 20]]])


@exercise.cases("more channels, uneven sizes", points=1)
def uneven():
    first = [[1, 2, 3, 4], [7, 8, 9, 8], [8, 14, 4, 16], [19, 5, 3, 22]]
    second = [[5, 1, 2, 3], [2, 6, 1, 4], [1, 2, 13, 7], [5, 15, 1, 6]]
    kernels = np.array([[[3.0, 1], [2, 5]], [[1, 4], [3, 5]]])
    yield np.array([first, second]), kernels
    x = np.array([[[3.0, -1, 4, 1], [-5, 9, -2, 6], [5, -3, 5, 8]]] * 3)
    x[1] = x[1, ::-1] + 2
    x[2] = 1 - x[2, :, ::-1]
    yield x, np.array([[[1.0, -2, 0.5]], [[3, 4, -1]], [[2, -7, 6]]])
    yield np.arange(18).reshape(2, 3, 3) ** 2 % 7, np.array([[[0.5]], [[-0.25]]])


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    x = np.arange(120.0).reshape(4, 6, 5) ** 2 % 17
    yield x[:1], np.array([[[1.0, -2], [3, 5]]])
    yield x[::-2, ::2, ::-1], np.arange(12.0).reshape(2, 3, 2) % 5 - 1
    yield x[:3, :2, :3], np.arange(18.0).reshape(3, 2, 3) % 7 - 2


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 1)])
    c, h, w = rng.integers(2, 5), k_h + rng.integers(1, 4), k_w + rng.integers(2, 5)
    return rng.integers(-9, 10, (c, h, w)) / 2, rng.integers(-9, 10, (c, k_h, k_w)) / 2

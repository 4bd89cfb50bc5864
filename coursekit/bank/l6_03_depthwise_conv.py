r"""One kernel for each channel

Write `depthwise_conv(x, weight)`: every channel is correlated with a kernel of its own,
and no channel meets another.

- `x` has shape `(N, C, H, W)`: images, channels, rows, columns.
- `weight` has shape `(C, kH, kW)`: channel `c` of every image is correlated with
  `weight[c]`. torch writes this weight with one more axis, `(C, 1, kH, kW)`.
- `1 <= kH <= H` and `1 <= kW <= W`; the other sizes are at least 1. Both arrays are
  NumPy arrays of integers or of floats, not always of the same kind.
- Return an array of shape `(N, C, H - kH + 1, W - kW + 1)`. Its entry `[n, c, i, j]` is
  the sum of `x[n, c, i+a, j+b] * weight[c, a, b]` over all rows `a` and columns `b`.
  Nothing is summed over the channels.
- Stride 1, no padding, no bias; the kernels are not flipped. Keep all four axes.
- Leave the arguments as they are. Any way of computing the numbers is fine; you may
  call what you wrote in earlier lessons, if you copy it here.

**By hand.** One image with two channels of one row, and two kernels of shape (1, 2):

    x[0, 0] = 1 2 3      weight[0] = 10 1      12 23
    x[0, 1] = 4 5 6      weight[1] = 1  0       4  5

so `depthwise_conv(x, weight)` is `[[[[12, 23]], [[4, 5]]]]`.
"""

import numpy as np

from coursekit.exercise import Exercise, Window
from coursekit.exercise.scales import bilinear_scale


def channel_window(args, cell):
    """Return the window of one channel behind one output."""
    n, c, i, j = cell
    k_h, k_w = args[1].shape[1:]
    ends = slice(i, i + k_h), slice(j, j + k_w)
    return Window(0, (slice(n, n + 1), slice(c, c + 1), *ends))


exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=10,
    section="Depthwise, then pointwise",
    scale=bilinear_scale,
    window=channel_window,
    hints=(
        "One channel of one image is a plain image, and `weight[c]` a plain kernel: "
        "that is `corr2d` of lesson 2. How many times is it needed, and where do the "
        "results go?",
        "Output `[n, c, i, j]` is the sum of `window * weight[c]`, where the window is "
        "a part of `x[n, c]`, rows `i : i + kH` and columns `j : j + kW`. It is one "
        "channel deep: no channel is added to another.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape (N, C, H - kH + 1, W - kW + 1)\n"
        "    for every n, c, i, j of out:\n"
        "        window = x[n, c], rows i : i + kH, columns j : j + kW\n"
        "        out[n, c, i, j] = the sum of window * weight[c]\n"
        "    return out",
    ),
)


@exercise.solution
def depthwise_conv(x, weight):
    """Return each channel of x (N, C, H, W) correlated with its kernel (C, kH, kW)."""
    k_h, k_w = weight.shape[1:]
    h, w = x.shape[-2] - k_h + 1, x.shape[-1] - k_w + 1
    out = np.zeros((*x.shape[:-2], h, w))
    for a, b in np.ndindex(k_h, k_w):
        out += weight[:, a, b, None, None] * x[..., a : a + h, b : b + w]
    return out


@exercise.wrong(
    "You added the channels up, as a standard filter does. A depthwise step mixes "
    "nothing: channel c goes in, map c comes out."
)
def channels_summed(x, weight):
    return depthwise_conv(x, weight).sum(axis=1)


@exercise.wrong(
    "You added the channels up, as a standard filter does, and there is one map left. "
    "A depthwise step mixes nothing: channel c goes in, map c comes out."
)
def channels_summed_into_one_map(x, weight):
    return depthwise_conv(x, weight).sum(axis=1, keepdims=True)


@exercise.wrong(
    "You correlated every channel with every kernel and added up: that is a standard "
    "layer with the same kernel for all channels. Channel c meets weight[c] only."
)
def every_kernel_on_every_channel(x, weight):
    summed = np.broadcast_to(x.sum(axis=1, keepdims=True), x.shape)
    return depthwise_conv(summed, weight)


@exercise.wrong(
    "All channels are correlated with the first kernel in your answer. "
    "Channel c has a kernel of its own, weight[c]."
)
def first_kernel_for_all(x, weight):
    return depthwise_conv(x, np.broadcast_to(weight[:1], weight.shape))


@exercise.wrong(
    "Only the first image came back. Do the same for every image, and keep the first "
    "axis, which counts them."
)
def first_image_only(x, weight):
    return depthwise_conv(x, weight)[0]


@exercise.wrong(
    "The axes of images and channels are exchanged: out[n, c] is channel c of image n, "
    "images first."
)
def channels_first(x, weight):
    return depthwise_conv(x, weight).swapaxes(0, 1)


@exercise.wrong(
    "Every map holds the sum over all channels: np.sum without `axis` adds everything "
    "up, also the channels. Each map has its own channel only."
)
def the_sum_in_every_map(x, weight):
    out = depthwise_conv(x, weight)
    return np.broadcast_to(out.sum(axis=1, keepdims=True), out.shape)


@exercise.wrong(
    "Every map of every image holds one and the same sum: np.sum without `axis` adds "
    "images and channels up, too. Sum over rows and columns only, axis=(2, 3)."
)
def one_sum_everywhere(x, weight):
    out = depthwise_conv(x, weight)
    return np.broadcast_to(out.sum(axis=(0, 1)), out.shape)


@exercise.wrong(
    "You turned the kernels by half a turn. Lay weight[c] on the channel as it stands."
)
def flipped(x, weight):
    return depthwise_conv(x, weight[:, ::-1, ::-1])


@exercise.wrong(
    "Rows and columns of the kernels are exchanged. The last two axes of the weight "
    "are rows, then columns, as those of x."
)
def transposed(x, weight):
    return depthwise_conv(x, weight.swapaxes(1, 2))


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while the weight holds fractions."
)
def truncated(x, weight):
    return depthwise_conv(x, weight).astype(x.dtype)


@exercise.wrong(
    "You averaged the channels, so that one map is left. A depthwise step neither adds "
    "nor averages channels: channel c goes in, map c comes out."
)
def channels_averaged_into_one_map(x, weight):
    return depthwise_conv(x, weight).mean(axis=1, keepdims=True)


@exercise.wrong(
    "You divided by the number of channels, as if they were averaged. Map c is made of "
    "channel c alone: a plain sum of products."
)
def divided_by_channels(x, weight):
    return depthwise_conv(x, weight) / x.shape[1]


@exercise.wrong(
    "You took the mean of the products. A correlation adds them up: .sum, not .mean."
)
def mean_of_the_window(x, weight):
    return depthwise_conv(x, weight) / weight[0].size


@exercise.alternative
def place_by_place(x, weight):
    c, k_h, k_w = weight.shape
    out = np.zeros((len(x), c, x.shape[2] - k_h + 1, x.shape[3] - k_w + 1))
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i : i + k_h, j : j + k_w]
        out[:, :, i, j] = (window * weight).sum(axis=(2, 3))
    return out


@exercise.alternative
def by_windows(x, weight):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[1:], (2, 3))
    return np.einsum("ncijab,cab->ncij", windows, weight)


@exercise.alternative
def in_single_precision(x, weight):
    return depthwise_conv(x, weight).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[[[1, 2, 3]], [[4, 5, 6]]]]), np.array([[[10, 1]], [[1, 0]]])


@exercise.cases("several images, uneven kernels", points=1)
def several():
    x = np.arange(120.0).reshape(2, 3, 4, 5) ** 2 % 13 - 5
    yield x, np.arange(18.0).reshape(3, 2, 3) ** 2 % 7 - 3
    yield x[:, :2], np.array([[[2.0, -1], [0, 3]], [[1, 4], [-2, 0.5]]])
    yield np.array([[[[4, -1, 3], [2, 0, 7]]]]), np.array([[[0.5, 0.25]]])


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    x = np.arange(60.0).reshape(1, 3, 4, 5) ** 2 % 17
    yield x, np.array([[[2.0]], [[-3]], [[0.5]]])
    yield x[:, :1, :2, :3], np.array([[[1.0, -2, 3], [4, 0.5, -6]]])
    yield x[:, ::-1, ::2, ::2], np.array([[[1.0], [2]], [[3], [-4]], [[5], [6]]])


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    n, c, k_h, k_w = rng.integers((2, 2, 1, 2), (4, 5, 4, 4))
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(1, 4)
    x = rng.integers(-9, 10, (n, c, h, w)) / 2
    return x, rng.integers(-9, 10, (c, k_h, k_w)) / 2

r"""Depthwise, then pointwise

Write `separable_conv(x, depthwise, pointwise)`: first every channel is correlated with
its own kernel, then a 1 x 1 layer mixes the channels at every pixel.

- `x` has shape `(N, C_in, H, W)`: images, channels, rows, columns.
- `depthwise` has shape `(C_in, kH, kW)`, one kernel for each channel of `x`, with
  `1 <= kH <= H` and `1 <= kW <= W`.
- `pointwise` has shape `(C_out, C_in)`: row `o` says how much of each channel goes into
  map `o`. The arrays hold integers or floats, not always of the same kind; all sizes
  are at least 1.
- Return an array of shape `(N, C_out, H - kH + 1, W - kW + 1)`. Its entry
  `[n, o, i, j]` is the sum of `pointwise[o, c] * seen[n, c, i, j]` over all channels
  `c`, where `seen[n, c, i, j]` is the sum of `x[n, c, i+a, j+b] * depthwise[c, a, b]`
  over all rows `a` and columns `b`.
- Stride 1, no padding, no biases, and nothing (no ReLU) between the steps. The kernels
  are not flipped. Keep all four axes.
- Leave the arguments as they are. You may call your `depthwise_conv` and
  `pointwise_conv` of the exercises above.

**By hand.** One image with two channels of one row:

    x[0, 0] = 1 2 3      depthwise[0] = 10 1      seen: 12 23
    x[0, 1] = 4 5 6      depthwise[1] = 1  0            4  5

With `pointwise = [[1, 100], [2, 0]]` the first map is `12 + 400 = 412` and
`23 + 500 = 523`, the second is `24` and `46`, so the result is
`[[[[412, 523]], [[24, 46]]]]`.
"""

import numpy as np

from coursekit.exercise import Exercise, Window
from coursekit.exercise.scales import bilinear_scale


def all_channels_window(args, cell):
    """Return the window, all channels deep, behind one output."""
    n, _, i, j = cell
    k_h, k_w = args[1].shape[1:]
    ends = slice(i, i + k_h), slice(j, j + k_w)
    return Window(0, (slice(n, n + 1), slice(0, args[0].shape[1]), *ends))


exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=10,
    section="Depthwise, then pointwise",
    scale=bilinear_scale,
    window=all_channels_window,
    hints=(
        "There are two steps, and you have written both: which functions are they? "
        "What is the shape between them?",
        "The depthwise step gives `seen`, of shape (N, C_in, H - kH + 1, W - kW + 1). "
        "The second step never looks at neighbours: at each place it is the matrix "
        "`pointwise` times the C_in numbers of `seen` there.",
        "Almost code:\n\n"
        "    seen = each channel of x, correlated with its kernel of depthwise\n"
        "    out[n, o, i, j] = sum over c of pointwise[o, c] * seen[n, c, i, j]\n"
        "    return out\n\n"
        "The second line is a pointwise convolution whose bias is None.",
    ),
)


@exercise.helper
def correlate_channels(x, weight):
    """Return each channel of x correlated with its own kernel."""
    k_h, k_w = weight.shape[1:]
    h, w = x.shape[-2] - k_h + 1, x.shape[-1] - k_w + 1
    out = np.zeros((*x.shape[:-2], h, w))
    for a, b in np.ndindex(k_h, k_w):
        out += weight[:, a, b, None, None] * x[..., a : a + h, b : b + w]
    return out


@exercise.solution
def separable_conv(x, depthwise, pointwise):
    """Return x (N, C_in, H, W), seen channel by channel, then mixed at every pixel."""
    seen = correlate_channels(x, depthwise)
    return np.einsum("oc,...chw->...ohw", pointwise, seen)


@exercise.wrong(
    "The pointwise step is missing, so its weights change nothing. Mix the channels of "
    "what the depthwise step gives."
)
def not_mixed(x, depthwise, pointwise):
    return correlate_channels(x, depthwise)


@exercise.wrong(
    "You mixed the channels first. The kernels of `depthwise` belong to the channels "
    "of x: use them before the channels are mixed."
)
def mixed_first(x, depthwise, pointwise):
    if len(pointwise) != len(depthwise):
        raise ValueError
    mixed = np.einsum("oc,nchw->nohw", pointwise, x)
    return correlate_channels(mixed, depthwise)


@exercise.wrong(
    "The axes of `pointwise` are exchanged: you wrote pointwise[c, o]. Its rows are "
    "the output maps, its columns the channels."
)
def pointwise_transposed(x, depthwise, pointwise):
    if len(pointwise) != len(depthwise):
        raise ValueError
    return separable_conv(x, depthwise, pointwise.T)


@exercise.wrong(
    "You put a ReLU between the two steps, as MobileNet does. Here there is nothing "
    "between them: negative numbers go on as they are."
)
def relu_between(x, depthwise, pointwise):
    seen = np.maximum(correlate_channels(x, depthwise), 0)
    return np.einsum("oc,nchw->nohw", pointwise, seen)


@exercise.wrong(
    "The products of the second step were not added up over the channels: your answer "
    "has a map for every pair of output and channel."
)
def not_summed(x, depthwise, pointwise):
    return np.einsum("oc,nchw->nochw", pointwise, correlate_channels(x, depthwise))


@exercise.wrong(
    "You took the mean over the channels. The second step is a sum: the sizes of the "
    "weights are what they are."
)
def averaged(x, depthwise, pointwise):
    return separable_conv(x, depthwise, pointwise) / x.shape[1]


@exercise.wrong(
    "All channels are correlated with the first kernel in your answer. "
    "Channel c has a kernel of its own, depthwise[c]."
)
def first_kernel_for_all(x, depthwise, pointwise):
    same = np.broadcast_to(depthwise[:1], depthwise.shape)
    return separable_conv(x, same, pointwise)


@exercise.wrong(
    "You turned the kernels by half a turn. Lay depthwise[c] on the channel as it "
    "stands."
)
def flipped(x, depthwise, pointwise):
    return separable_conv(x, depthwise[:, ::-1, ::-1], pointwise)


@exercise.wrong(
    "The pixels are mixed up between the steps: `reshape` alone does not make rows of "
    "channels out of (N, C_in, rows, columns). Bring the channel axis to the end "
    "first, or let einsum name the axes."
)
def rows_by_reshape(x, depthwise, pointwise):
    seen = correlate_channels(x, depthwise)
    n, c, h, w = seen.shape
    return (seen.reshape(-1, c) @ pointwise.T).reshape(n, -1, h, w)


@exercise.wrong(
    "The way back is wrong: you reshape rows of C_out numbers straight to the shape of "
    "the result. Reshape to (N, rows, columns, C_out), then move the last axis to the "
    "second place."
)
def back_by_reshape(x, depthwise, pointwise):
    out = separable_conv(x, depthwise, pointwise)
    return out.transpose(0, 2, 3, 1).reshape(out.shape)


@exercise.wrong(
    "The axes of images and maps are exchanged, as np.tensordot leaves them. "
    "out[n, o] is map o of image n: images first."
)
def maps_first(x, depthwise, pointwise):
    return separable_conv(x, depthwise, pointwise).swapaxes(0, 1)


@exercise.alternative
def as_one_standard_layer(x, depthwise, pointwise):
    weight = pointwise[:, :, None, None] * depthwise
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (2, 3))
    return np.einsum("ncijab,ocab->noij", windows, weight)


@exercise.alternative
def number_by_number(x, depthwise, pointwise):
    _, k_h, k_w = depthwise.shape
    h, w = x.shape[2] - k_h + 1, x.shape[3] - k_w + 1
    out = np.zeros((len(x), len(pointwise), h, w))
    for n, i, j in np.ndindex(len(x), h, w):
        window = x[n, :, i : i + k_h, j : j + k_w]
        out[n, :, i, j] = pointwise @ (window * depthwise).sum(axis=(1, 2))
    return out


@exercise.alternative
def in_single_precision(x, depthwise, pointwise):
    return separable_conv(x, depthwise, pointwise).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x = np.array([[[[1, 2, 3]], [[4, 5, 6]]]])
    yield x, np.array([[[10, 1]], [[1, 0]]]), np.array([[1, 100], [2, 0]])


@exercise.cases("several images and maps", points=2)
def several():
    x = np.arange(120.0).reshape(2, 3, 4, 5) ** 2 % 13 - 5
    kernels = np.arange(18.0).reshape(3, 2, 3) ** 2 % 7 - 3
    square = np.array([[1.0, -2, 3], [0, 4, -1], [5, 0.5, 2]])
    yield x, kernels, square
    yield x, kernels, square[:2]
    yield x[:1, 1:, :2, :3], kernels[1:, :, :1], square[:, 1:] / 2


@exercise.fresh("fresh layers", points=1)
def drawn(rng):
    n, c_in, c_out, k_h, k_w = rng.integers((2, 2, 2, 1, 2), (4, 5, 5, 4, 4))
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(1, 4)
    x = rng.integers(-9, 10, (n, c_in, h, w)) / 2
    kernels = rng.integers(-9, 10, (c_in, k_h, k_w)) / 2
    return x, kernels, rng.integers(-9, 10, (c_out, c_in)) / 2

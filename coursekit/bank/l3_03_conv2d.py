r"""A whole convolutional layer

Write `conv2d(x, weight, bias)`: what a convolutional layer does to a batch of images,
in the layout of torch. Stride 1, no padding.

- `x` has shape `(N, C_in, H, W)`: images, channels, rows, columns.
- `weight` has shape `(C_out, C_in, kH, kW)`: filter `o` is `weight[o]`, with a kernel
  for each channel of `x`. `1 <= kH <= H` and `1 <= kW <= W`; all other sizes are at
  least 1.
- `bias` has shape `(C_out,)`, one number for each filter; or it is `None`, and nothing
  is added. All arrays are NumPy arrays of integers or of floats, not always of the same
  kind.
- Return an array of shape `(N, C_out, H - kH + 1, W - kW + 1)`. Its entry
  `[n, o, i, j]` is the sum of `x[n, c, i+a, j+b] * weight[o, c, a, b]` over all
  channels `c`, rows `a` and columns `b`, plus `bias[o]`.
- The kernels are not flipped. Keep all four axes, also those of length 1.
- Leave the arguments as they are. Any way of computing the numbers is fine; you may
  call what you wrote for the exercises above.

**By hand.** Two images with one channel and one row, and one filter `weight = 10 1`
with the bias 5:

    x[0, 0] = 1 2 3      1*10 + 2*1 + 5 = 17      2*10 + 3*1 + 5 = 28
    x[1, 0] = 4 5 6      4*10 + 5*1 + 5 = 50      5*10 + 6*1 + 5 = 61

so `conv2d(x, weight, bias)` is `[[[[17, 28]]], [[[50, 61]]]]`, of shape (2, 1, 1, 2).
"""

import numpy as np

from coursekit.bank import layer
from coursekit.exercise import Exercise
from coursekit.exercise.scales import layer_scale
from coursekit.exercise.windows import channels_window

exercise = Exercise(
    __name__,
    points=5,
    difficulty=3,
    minutes=18,
    section="A batch of images",
    scale=layer_scale,
    window=channels_window,
    hints=(
        "The images of a batch know nothing of each other, and the filters know "
        "nothing of each other. Which one number belongs to image n, filter o and the "
        "place i, j?",
        "Without the bias it is the sum of `window * weight[o]`, where the window is a "
        "block of x[n], all channels deep. The bias comes last and once: `bias[o]` "
        "goes to every place of map o in every image. Ask `if bias is not None` first.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape (N, C_out, H - kH + 1, W - kW + 1)\n"
        "    for every n, o, i, j of out:\n"
        "        window = all channels of x[n], rows i : i + kH, columns j : j + kW\n"
        "        out[n, o, i, j] = the sum of window * weight[o]\n"
        "        if there is a bias: add bias[o] to it\n"
        "    return out",
    ),
)


@exercise.solution
def conv2d(x, weight, bias):
    """Return x (N, C_in, H, W) through the filters (C_out, C_in, kH, kW) and bias."""
    c_out, _, k_h, k_w = weight.shape
    out = np.zeros((len(x), c_out, x.shape[2] - k_h + 1, x.shape[3] - k_w + 1))
    for n, o, i, j in np.ndindex(out.shape):
        out[n, o, i, j] = np.sum(x[n, :, i : i + k_h, j : j + k_w] * weight[o])
        if bias is not None:
            out[n, o, i, j] += bias[o]
    return out


@exercise.wrong(
    "You added the bias to every product. A filter has one bias: "
    "add it once, after the sum over channels, rows and columns."
)
def a_bias_a_product(x, weight, bias):
    return conv2d(x, weight, None if bias is None else bias * weight[0].size)


@exercise.wrong(
    "The first two axes of the weight are exchanged: you wrote weight[c, o]. Filters "
    "come first; where there are as many filters as channels, no error tells you."
)
def indices_exchanged(x, weight, bias):
    turned = [weight[range(x.shape[1]), o] for o in range(len(weight))]
    return conv2d(x, np.stack(turned), bias)


@exercise.wrong(
    "The channels were not added up: your answer has a map for every pair of filter "
    "and channel. A filter gives one map, the sum over its channels."
)
def channels_not_summed(x, weight, bias):
    pairs = [
        conv2d(x[:, c : c + 1], weight[:, c : c + 1], bias) for c in range(x.shape[1])
    ]
    return np.stack(pairs, axis=2)


@exercise.wrong(
    "Your filters look at the first channel only. "
    "Each filter has a kernel for every channel of x; their maps are added up."
)
def first_channel_only(x, weight, bias):
    return conv2d(x[:, :1], weight[:, :1], bias)


@exercise.wrong(
    "Each filter uses one kernel for all channels in your answer. "
    "weight[o, c] belongs to channel c, and it is another one for every channel."
)
def one_kernel_a_filter(x, weight, bias):
    return conv2d(x, np.broadcast_to(weight[:, :1], weight.shape), bias)


@exercise.wrong(
    "You added the maps of the filters up. Only the channels of the input are summed; "
    "the maps of the filters stay apart."
)
def filters_summed(x, weight, bias):
    return conv2d(x, weight, bias).sum(axis=1)


@exercise.wrong(
    "Only the first image of the batch came back. "
    "Do the same for every image, and return after the loop."
)
def first_image_only(x, weight, bias):
    return conv2d(x, weight, bias)[0]


@exercise.wrong(
    "You added the images of the batch up. They have nothing to do with each other: "
    "the first axis of the output counts them, as that of x does."
)
def images_added(x, weight, bias):
    return conv2d(x, weight, bias).sum(axis=0)


@exercise.wrong(
    "Each image also contains the images before it: "
    "the sum is not set back to zero between the images."
)
def running_total(x, weight, bias):
    return np.cumsum(conv2d(x, weight, bias), axis=0)


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while weight and bias hold fractions."
)
def truncated(x, weight, bias):
    return conv2d(x, weight, bias).astype(x.dtype)


@exercise.wrong(
    "Rows and columns of the kernels are exchanged. The last two axes of the weight "
    "are rows, then columns, as those of x."
)
def transposed(x, weight, bias):
    return conv2d(x, weight.swapaxes(2, 3), bias)


@exercise.wrong("All maps get the first bias in your answer. Map o gets bias[o].")
def first_bias_everywhere(x, weight, bias):
    return conv2d(x, weight, None if bias is None else np.full(len(bias), bias[0]))


@exercise.alternative
def by_windows(x, weight, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    out = np.einsum("ncijab,ocab->noij", windows, weight)
    return out if bias is None else out + bias[:, None, None]


@exercise.alternative
def by_shifted_images(x, weight, bias):
    h, w = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    out = sum(
        np.einsum("oc,nchw->nohw", weight[:, :, a, b], x[:, :, a : a + h, b : b + w])
        for a, b in np.ndindex(weight.shape[2:])
    )
    return out if bias is None else out + bias[:, None, None]


@exercise.alternative
def bias_as_a_channel_of_ones(x, weight, bias):
    if bias is None:
        return conv2d(x, weight, None)
    x = np.concatenate([x, np.ones_like(x[:, :1])], axis=1)
    last = np.zeros((len(weight), 1, *weight.shape[2:]))
    last[:, 0, 0, 0] = bias
    return conv2d(x, np.concatenate([weight, last], axis=1), None)


@exercise.alternative
def by_fourier(x, weight, bias):
    size = x.shape[2:]
    spectrum = np.conj(np.fft.rfft2(weight, size))
    product = np.einsum("nchw,ochw->nohw", np.fft.rfft2(x), spectrum)
    h, w = size[0] - weight.shape[2] + 1, size[1] - weight.shape[3] + 1
    out = np.fft.irfft2(product, size)[:, :, :h, :w]
    return out if bias is None else out + bias[:, None, None]


@exercise.alternative
def in_single_precision(x, weight, bias):
    return conv2d(x.astype(np.float32), weight, bias).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x = np.array([[1, 2, 3], [4, 5, 6]]).reshape(2, 1, 1, 3)
    yield x, np.array([10, 1]).reshape(1, 1, 1, 2), np.array([5])


@exercise.cases("batches with a bias", points=1)
def batches():
    x = np.arange(54).reshape(2, 3, 3, 3) ** 2 % 11
    yield x, np.arange(24).reshape(2, 3, 2, 2) ** 2 % 7 - 2.5, np.array([100.0, -50])
    weight = np.array([[1, -2, 4, 3], [0, 7, 5, -1]]).reshape(2, 1, 2, 2)
    yield x[:1, :1], weight, np.array([10.5, -20])
    yield x[:, :2], np.arange(16).reshape(2, 2, 2, 2) ** 2 % 13, np.array([30, -40])


layer.share(exercise)

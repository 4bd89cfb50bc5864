r"""The same layer without a loop

Write `conv2d_einsum(x, weight, bias)`: the same numbers as `conv2d`, but without a
Python loop. All windows of all images become one array, and a single operation does
the products and the sums.

- `x` has shape `(N, C_in, H, W)`, `weight` has shape `(C_out, C_in, kH, kW)`, with
  `1 <= kH <= H` and `1 <= kW <= W`. `bias` has shape `(C_out,)`, or it is `None` and
  nothing is added. NumPy arrays of integers or of floats, not always of the same kind.
- Return an array of shape `(N, C_out, H - kH + 1, W - kW + 1)`. Its entry
  `[n, o, i, j]` is the sum of `x[n, c, i+a, j+b] * weight[o, c, a, b]` over all `c`,
  `a` and `b`, plus `bias[o]`. Stride 1, no padding, kernels not flipped.
- No `for`, no `while`, no comprehension, and nothing that hides a loop, such as `map`
  or `np.vectorize`. `np.einsum` is the straight way; `np.tensordot` and matrix products
  are fine, too.
- Leave the arguments as they are.

`np.lib.stride_tricks.sliding_window_view(x, (kH, kW), axis=(2, 3))` has six axes,
`(N, C_in, H - kH + 1, W - kW + 1, kH, kW)`: its entry `[n, c, i, j]` is the window of
channel `c` of image `n` that starts at row `i` and column `j`. It copies nothing.

**By hand.** One image, two channels of one row, one filter with the bias 5:

    x[0, 0] = 1 2 3      weight[0, 0] =  1  2      1*1 + 2*2 + 4*10 + 5*20 + 5 = 150
    x[0, 1] = 4 5 6      weight[0, 1] = 10 20      2*1 + 3*2 + 5*10 + 6*20 + 5 = 183

so `conv2d_einsum(x, weight, bias)` is `[[[[150, 183]]]]`, of shape (1, 1, 1, 2).
"""

import numpy as np

from coursekit.bank import layer
from coursekit.exercise import Exercise
from coursekit.exercise.rules import NO_LOOPS
from coursekit.exercise.scales import layer_scale
from coursekit.exercise.windows import channels_window

exercise = Exercise(
    __name__,
    points=5,
    difficulty=4,
    minutes=18,
    section="A batch of images",
    rules=(NO_LOOPS,),
    scale=layer_scale,
    window=channels_window,
    hints=(
        "Give each of the six axes of the windows a letter, then the four axes of the "
        "weight. Which letters occur in both? Which of all these letters does the "
        "output keep?",
        "The windows are `ncijab`: image, channel, place, inside. The weight shares "
        "the channel and the inside and has one more letter, o. Letters that are left "
        "out after the arrow are summed over. The bias must line up with o: what "
        "shape puts it there?",
        "Almost code:\n\n"
        "    windows = sliding_window_view(x, (kH, kW), axis=(2, 3))    # ncijab\n"
        '    out = einsum of windows and weight: "ncijab,ocab->noij"\n'
        "    if bias is None: return out\n"
        "    return out + bias in the shape (C_out, 1, 1)",
    ),
)


@exercise.solution
def conv2d_einsum(x, weight, bias):
    """Return x (N, C_in, H, W) through the filters and bias, without a loop."""
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    out = np.einsum("ncijab,ocab->noij", windows, weight)
    return out if bias is None else out + bias[:, None, None]


def windows_of(x, weight):
    return np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))


def rows_of(x, weight):
    """Return the windows as rows, one for each place of each image."""
    return windows_of(x, weight).transpose(0, 2, 3, 1, 4, 5).reshape(-1, weight[0].size)


def added(out, bias, *shape):
    return out if bias is None else out + bias.reshape(shape)


def out_shape(x, weight):
    h, w = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    return len(x), len(weight), h, w


@exercise.wrong(
    "The channels were not added up: your answer keeps their axis. "
    "Leave the letter of the channels out after the arrow."
)
def channels_not_summed(x, weight, bias):
    out = np.einsum("ncijab,ocab->nocij", windows_of(x, weight), weight)
    return added(out, bias, -1, 1, 1)


@exercise.wrong(
    "You multiplied every channel with every kernel of a filter: channels of x and of "
    "the weight have different letters. Give them the same one, so that they meet."
)
def all_pairs_of_channels(x, weight, bias):
    every = np.broadcast_to(weight.sum(axis=1, keepdims=True), weight.shape)
    return conv2d_einsum(x, every, bias)


@exercise.wrong(
    "You added the images of the batch up. The letter n belongs after the arrow."
)
def images_added(x, weight, bias):
    return added(conv2d_einsum(x, weight, None).sum(axis=0), bias, -1, 1, 1)


@exercise.wrong(
    "You added the maps of the filters up. The letter o belongs after the arrow."
)
def filters_summed(x, weight, bias):
    return added(conv2d_einsum(x, weight, None).sum(axis=1), bias, -1, 1, 1)


@exercise.wrong(
    "Rows and columns of the kernels are exchanged: the weight is `ocab`, "
    "with `ab` in the same order as at the end of the windows."
)
def transposed(x, weight, bias):
    out = np.einsum("ncijab,ocba->noij", windows_of(x, weight), weight)
    return added(out, bias, -1, 1, 1)


@exercise.wrong(
    "The shape is right, but the numbers are in the wrong places: after the product "
    "the maps were the last axis. Move that axis with transpose: reshape moves nothing."
)
def reshaped_for_moved(x, weight, bias):
    out = np.moveaxis(conv2d_einsum(x, weight, None), 1, -1)
    return added(out.reshape(out_shape(x, weight)), bias, -1, 1, 1)


@exercise.wrong(
    "The weight was reshaped with its filters as columns, which tears them apart: "
    "make one row of each filter, weight.reshape(C_out, -1), and transpose that."
)
def filters_torn(x, weight, bias):
    columns = weight.reshape(-1, len(weight))
    n, c_out, h, w = out_shape(x, weight)
    out = np.moveaxis((rows_of(x, weight) @ columns).reshape(n, h, w, c_out), -1, 1)
    return added(out, bias, -1, 1, 1)


@exercise.wrong(
    "The windows were flattened before the channels stood beside them: reshape takes "
    "the axes in the order they have. Transpose to (N, oH, oW, C_in, kH, kW) first."
)
def windows_torn(x, weight, bias):
    rows = windows_of(x, weight).reshape(-1, weight[0].size)
    n, c_out, h, w = out_shape(x, weight)
    products = rows @ weight.reshape(c_out, -1).T
    out = np.moveaxis(products.reshape(n, h, w, c_out), -1, 1)
    return added(out, bias, -1, 1, 1)


@exercise.wrong(
    "The numbers are right, but rows and columns of the maps are one long axis. "
    "Reshape it to (H - kH + 1, W - kW + 1)."
)
def left_flat(x, weight, bias):
    out = conv2d_einsum(x, weight, bias)
    return out.reshape(*out.shape[:2], -1)


@exercise.wrong(
    "The filters have disappeared: your answer has a map for every channel of x. Put "
    "the letter o after the arrow, and leave c out, so that the channels are summed."
)
def channels_for_filters(x, weight, bias):
    out = np.einsum("ncijab,ocab->ncij", windows_of(x, weight), weight)
    return added(out, bias, -1, 1, 1)


@exercise.wrong(
    "You wrote `coab` for the weight. Its first axis counts the filters, its second "
    "belongs to the channels of x: `ocab`."
)
def letters_exchanged(x, weight, bias):
    out = np.einsum("ncijab,coab->noij", windows_of(x, weight), weight)
    return added(out, bias, -1, 1, 1)


@exercise.wrong(
    "Reshape moves nothing, and you used it twice where axes have to move: windows "
    "transposed to (N, oH, oW, C_in, kH, kW) first, and the maps to axis 1 at the end."
)
def torn_twice(x, weight, bias):
    rows = windows_of(x, weight).reshape(-1, weight[0].size)
    out = rows @ weight.reshape(len(weight), -1).T
    return added(out.reshape(out_shape(x, weight)), bias, -1, 1, 1)


@exercise.alternative
def by_tensordot(x, weight, bias):
    out = np.tensordot(windows_of(x, weight), weight, axes=((1, 4, 5), (1, 2, 3)))
    return added(np.moveaxis(out, -1, 1), bias, -1, 1, 1)


@exercise.alternative
def by_one_matrix_product(x, weight, bias):
    n, c_out, h, w = out_shape(x, weight)
    out = rows_of(x, weight) @ weight.reshape(c_out, -1).T
    out = out if bias is None else out + bias
    return out.reshape(n, h, w, c_out).transpose(0, 3, 1, 2)


@exercise.alternative
def by_fourier(x, weight, bias):
    spectrum = np.conj(np.fft.rfft2(weight, x.shape[2:]))
    product = np.einsum("nchw,ochw->nohw", np.fft.rfft2(x), spectrum)
    _, _, h, w = out_shape(x, weight)
    return added(np.fft.irfft2(product, x.shape[2:])[:, :, :h, :w], bias, -1, 1, 1)


@exercise.alternative
def in_single_precision(x, weight, bias):
    return conv2d_einsum(x.astype(np.float32), weight, bias).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x = np.array([[1, 2, 3], [4, 5, 6]]).reshape(1, 2, 1, 3)
    yield x, np.array([[1, 2], [10, 20]]).reshape(1, 2, 1, 2), np.array([5])


@exercise.cases("batches with a bias", points=1)
def batches():
    x = np.arange(54).reshape(2, 3, 3, 3) ** 2 % 11
    yield x, np.arange(24).reshape(2, 3, 2, 2) ** 2 % 7 - 2.5, np.array([100.0, -50])
    yield x[:, :2], np.arange(16).reshape(2, 2, 2, 2) ** 2 % 13, np.array([30, -40])
    yield x[:1], np.arange(24).reshape(4, 3, 1, 2) % 5 - 0.5, np.array([10, 20, 30, 40])


layer.share(exercise)

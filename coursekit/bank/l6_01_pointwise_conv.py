r"""A dense layer at every pixel

Write `pointwise_conv(x, weight, bias)`: a convolution with kernels of 1 x 1. It takes
the channels of one pixel, multiplies them by a matrix, and does so at every pixel.

- `x` has shape `(N, C_in, H, W)`: images, channels, rows, columns.
- `weight` has shape `(C_out, C_in)`: filter `o` is the row `weight[o]`, with one number
  for each channel. The two axes of length 1 that torch writes after it are left out.
- `bias` has shape `(C_out,)`, one number for each filter; or it is `None`, and nothing
  is added. All arrays are NumPy arrays of integers or of floats, not always of the same
  kind, and every axis has at least length 1.
- Return an array of shape `(N, C_out, H, W)`. Its entry `[n, o, i, j]` is the sum of
  `x[n, c, i, j] * weight[o, c]` over all channels `c`, plus `bias[o]`.
- Keep all four axes, also those of length 1. Leave the arguments as they are. Any way
  of computing the numbers is fine.

**By hand.** One image of one row and two pixels, with two channels; two filters
`weight = [[10, 1], [0, 1]]` with the biases 5 and 7:

    x[0, 0] = 1 2      left pixel:   1*10 + 3*1 + 5 = 18      1*0 + 3*1 + 7 = 10
    x[0, 1] = 3 4      right pixel:  2*10 + 4*1 + 5 = 29      2*0 + 4*1 + 7 = 11

so `pointwise_conv(x, weight, bias)` is `[[[[18, 29]], [[10, 11]]]]`.
"""

import numpy as np

from coursekit.exercise import Exercise, Window
from coursekit.exercise.scales import layer_scale


def pixel_window(args, cell):
    """Return the pixel, all channels deep, behind one output."""
    n, _, i, j = cell
    pixel = slice(i, i + 1), slice(j, j + 1)
    return Window(0, (slice(n, n + 1), slice(0, args[0].shape[1]), *pixel))


exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=12,
    section="A dense layer at every pixel",
    scale=layer_scale,
    window=pixel_window,
    hints=(
        "Take one pixel first: the vector `x[n, :, i, j]` has C_in numbers. Which "
        "product with `weight` makes C_out numbers of them?",
        "At one pixel it is `weight @ x[n, :, i, j]`, plus `bias` if it is not None. "
        "The result belongs at `out[n, :, i, j]`. You can loop over n, i and j, or let "
        "`np.einsum` name the axes.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape (N, C_out, H, W)\n"
        "    for every image n, row i and column j:\n"
        "        out[n, :, i, j] = weight times the channels of x[n] at i, j\n"
        "        if there is a bias: add bias to it\n"
        "    return out",
    ),
)


@exercise.solution
def pointwise_conv(x, weight, bias):
    """Return x (N, C_in, H, W) through a dense layer (C_out, C_in) at every pixel."""
    out = np.einsum("oc,nchw->nohw", weight, x)
    return out if bias is None else out + bias[:, None, None]


def with_biases(x, weight, biases):
    """Return the layer with other biases, of a shape that broadcasts to its output."""
    return pointwise_conv(x, weight, None) + (0 if biases is None else biases)


@exercise.wrong(
    "Your answer has no bias. Where one is given, "
    "bias[o] is added to every number of map o."
)
def bias_forgotten(x, weight, bias):
    return pointwise_conv(x, weight, None)


@exercise.wrong(
    "Without a bias your function breaks: None cannot be added or indexed. "
    "Ask `if bias is not None` before you use it."
)
def none_breaks(x, weight, bias):
    if bias is None:
        raise TypeError
    return pointwise_conv(x, weight, bias)


@exercise.wrong(
    "Without a bias your function breaks: None cannot be reshaped. "
    "Ask `if bias is not None` before you use it."
)
def none_has_no_shape(x, weight, bias):
    return pointwise_conv(x, weight, bias.reshape(-1))


@exercise.wrong(
    "`if bias:` does not ask whether there is a bias: of an array with several entries "
    "NumPy cannot say whether it is true. Write `if bias is not None`."
)
def asked_for_truth(x, weight, bias):
    return pointwise_conv(x, weight, bias if bias else None)


@exercise.wrong(
    "You added the bias along the last axis, one for every column: this is what "
    "`out + bias` does. It belongs to the maps: give it the shape (C_out, 1, 1)."
)
def bias_by_column(x, weight, bias):
    return with_biases(x, weight, bias)


@exercise.wrong(
    "`out + bias` goes wrong twice: it adds along the last axis, one number for every "
    "column, and it breaks where bias is None. Ask for None, then add it in the shape "
    "(C_out, 1, 1)."
)
def bias_by_column_or_none(x, weight, bias):
    return pointwise_conv(x, weight, None) + bias


@exercise.wrong(
    "The axes of the weight are exchanged. Its rows are the filters and its columns "
    "the input channels: a pixel as a column needs weight @ pixel, a pixel as a row "
    "needs pixel @ weight.T."
)
def weight_transposed(x, weight, bias):
    if weight.shape[0] != x.shape[1]:
        raise ValueError
    return pointwise_conv(x, weight.T, bias)


@exercise.wrong(
    "Your rows are no pixels: `reshape` alone keeps the order of the numbers, and so "
    "cuts each channel into rows of neighbouring pixels. Bring the channel axis to the "
    "end with `transpose(0, 2, 3, 1)` first."
)
def rows_by_reshape(x, weight, bias):
    n, c, h, w = x.shape
    rows = x.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    return back_by_reshape(rows, weight, bias)


@exercise.wrong(
    "Two things go wrong: `reshape` alone does not make rows of pixels, bring the "
    "channel axis to the end first and back afterwards; and where bias is None, "
    "nothing may be added."
)
def rows_by_reshape_or_none(x, weight, bias):
    if bias is None:
        raise TypeError
    return rows_by_reshape(x, weight, bias)


@exercise.wrong(
    "The way back is wrong: you reshape rows of C_out numbers straight to "
    "(N, C_out, H, W). Reshape to (N, H, W, C_out), then move the last axis to the "
    "second place with `transpose(0, 3, 1, 2)`."
)
def back_by_reshape(x, weight, bias):
    out = pointwise_conv(x, weight, bias)
    return out.transpose(0, 2, 3, 1).reshape(out.shape)


@exercise.wrong(
    "weight @ x multiplies the last two axes of x, rows and columns, by the matrix. "
    "The channels have to meet it: let einsum name the axes, or write the pixels as "
    "rows."
)
def matrix_times_image(x, weight, bias):
    return (weight @ x) + (0 if bias is None else bias[:, None, None])


@exercise.wrong(
    "The axes of images and maps are exchanged, as np.tensordot leaves them. "
    "out[n, o] is map o of image n: images first."
)
def maps_first(x, weight, bias):
    return pointwise_conv(x, weight, bias).swapaxes(0, 1)


@exercise.wrong(
    "The maps are on the last axis. In torch's layout they come second: "
    "(N, C_out, rows, columns)."
)
def channels_last(x, weight, bias):
    return pointwise_conv(x, weight, bias).transpose(0, 2, 3, 1)


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while weight and bias hold fractions."
)
def truncated(x, weight, bias):
    return pointwise_conv(x, weight, bias).astype(x.dtype)


@exercise.wrong(
    "You took the mean over the channels. A filter adds up what its numbers make of "
    "all channels; nothing is divided by C_in."
)
def averaged(x, weight, bias):
    out = pointwise_conv(x, weight, None) / x.shape[1]
    return out if bias is None else out + bias[:, None, None]


@exercise.wrong(
    "You took the mean over the channels of the sum and the bias together. The "
    "channels are added up and nothing is divided by C_in, the bias least of all."
)
def averaged_with_the_bias(x, weight, bias):
    return pointwise_conv(x, weight, bias) / x.shape[1]


@exercise.alternative
def pixel_by_pixel(x, weight, bias):
    out = np.zeros((len(x), len(weight), *x.shape[2:]))
    for n, i, j in np.ndindex(len(x), *x.shape[2:]):
        out[n, :, i, j] = weight @ x[n, :, i, j] + (0 if bias is None else bias)
    return out


@exercise.alternative
def by_rows(x, weight, bias):
    n, c, h, w = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(-1, c) @ weight.T
    rows = rows if bias is None else rows + bias
    return rows.reshape(n, h, w, -1).transpose(0, 3, 1, 2)


@exercise.alternative
def in_single_precision(x, weight, bias):
    return pointwise_conv(x, weight, bias).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x = np.array([[[[1, 2]], [[3, 4]]]])
    yield x, np.array([[10, 1], [0, 1]]), np.array([5, 7])


@exercise.cases("several images and filters", points=1)
def several():
    x = np.arange(48.0).reshape(2, 3, 2, 4) ** 2 % 11 - 4
    square = np.array([[1.0, -2, 0.5], [3, 0, -1], [2, 2, -3]])
    yield x[..., :3], square, np.array([0.5, -4, 3])
    yield x[:1, :, :, :2], square[:2], np.array([10.0, -20])
    halves = np.array([[0.5, 1.5], [1, 0.25]])
    yield np.array([[[[3]], [[-5]]]]), halves, np.array([0.25, 2])


@exercise.cases("no bias", points=1)
def no_bias():
    x = np.arange(24.0).reshape(2, 2, 2, 3) ** 2 % 7
    yield x, np.array([[1.0, -2], [4, 0.5], [-1, 3]]), None
    yield x[:1, :, :1], np.array([[1.0, 2], [3, -4]]), None


@exercise.fresh("fresh layers", points=1)
def drawn(rng):
    n, c_in, c_out, h, w = rng.integers(2, 5, size=5)
    x = rng.integers(-9, 10, (n, c_in, h, w)) / 2
    bias = rng.integers(-9, 10, c_out) / 2 if rng.integers(4) else None
    return x, rng.integers(-9, 10, (c_out, c_in)) / 2, bias

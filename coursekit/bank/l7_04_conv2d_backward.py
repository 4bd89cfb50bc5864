r"""Backward through a convolution

A loss is computed from `y = conv2d(x, weight, bias)` of lesson 3. Write
`conv2d_backward(upstream, x, weight)`: what the loss does when the layer's input, its
weight or its bias changes.

- `x` has shape `(N, C_in, H, W)` and `weight` `(C_out, C_in, kH, kW)`. The layer slides
  its kernels without flipping them, with stride 1 and without padding, and adds one
  bias to each map, so `y` has shape `(N, C_out, oH, oW)` with `oH = H - kH + 1` and
  `oW = W - kW + 1`.
- `upstream` has the shape of `y`; its entry `[n, o, i, j]` is d loss / d y[n, o, i, j].
  All three are NumPy arrays of floats. The kernel is never larger than the output.
- Return a tuple of three arrays, in this order: d loss / d x, with the shape of `x`;
  d loss / d weight, with the shape of `weight`; d loss / d bias, of shape `(C_out,)`.
- The images of the batch are summed, not averaged. Leave all arguments as they are.

**By hand.** One image, one channel in and out, everything in one row:

    x = 1 2 4    weight = 3 5    upstream = 10 100

`y[0] = 3*x[0] + 5*x[1]` and `y[1] = 3*x[1] + 5*x[2]`. So d x is
`3*10, 5*10 + 3*100, 5*100 = 30, 350, 500`; d weight is `10*1 + 100*2, 10*2 + 100*4 =
210, 420`; d bias is `10 + 100 = 110`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=6,
    difficulty=4,
    minutes=35,
    section="Backward, by hand",
    scale=bilinear_scale,
    hints=(
        "Write one output as a sum of products, and read off which inputs and which "
        "weights it holds. A number that is in several outputs gets a sum of several "
        "upstreams.",
        "`y[n, o, i, j]` holds `x[n, c, i+a, j+b] * weight[o, c, a, b]`. So this "
        "upstream adds `upstream * weight[o, c, a, b]` to `dx[n, c, i+a, j+b]` and "
        "`upstream * x[n, c, i+a, j+b]` to `dw[o, c, a, b]`.",
        "Almost code (slow and right; slices can replace the loops later):\n\n"
        "    dx, dw = zeros of the shapes of x and weight\n"
        "    for every n, o, i, j of upstream:\n"
        "        u = upstream[n, o, i, j]\n"
        "        dx[n, :, window at i, j] += u * weight[o]\n"
        "        dw[o] += u * x[n, :, window at i, j]\n"
        "    db = sum of upstream over images, rows, columns\n"
        "    return dx, dw, db",
    ),
)


@exercise.solution
def conv2d_backward(upstream, x, weight):
    """Return (d x, d weight, d bias) of a valid convolution, given d y = upstream."""
    dx, dw = np.zeros(x.shape), np.zeros(weight.shape)
    o_h, o_w = upstream.shape[2:]
    for a, b in np.ndindex(weight.shape[2:]):
        seen = np.s_[:, :, a : a + o_h, b : b + o_w]
        dx[seen] += np.einsum("noij,oc->ncij", upstream, weight[:, :, a, b])
        dw[:, :, a, b] = np.einsum("noij,ncij->oc", upstream, x[seen])
    return dx, dw, upstream.sum(axis=(0, 2, 3))


@exercise.alternative
def output_by_output(upstream, x, weight):
    k_h, k_w = weight.shape[2:]
    dx, dw, db = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(len(weight))
    for n, o, i, j in np.ndindex(upstream.shape):
        seen = np.s_[n, :, i : i + k_h, j : j + k_w]
        dx[seen] += upstream[n, o, i, j] * weight[o]
        dw[o] += upstream[n, o, i, j] * x[seen]
        db[o] += upstream[n, o, i, j]
    return dx, dw, db


def correlated(x, k, letters):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape[2:], axis=(2, 3))
    return np.einsum(letters, windows, k)


@exercise.alternative
def by_padding_and_turning(upstream, x, weight):
    sides = [(k - 1, k - 1) for k in weight.shape[2:]]
    padded = np.pad(upstream, [(0, 0), (0, 0), *sides])
    dx = correlated(padded, weight[:, :, ::-1, ::-1], "noijab,ocab->ncij")
    dw = correlated(x, upstream, "ncabij,noij->ocab")
    return dx, dw, upstream.sum(axis=(0, 2, 3))


@exercise.alternative
def in_single_precision(upstream, x, weight):
    singles = (one.astype(np.float32) for one in (upstream, x, weight))
    return tuple(one.astype(np.float32) for one in by_padding_and_turning(*singles))


def but(upstream, x, weight, **other):
    """Return the right gradients, some of dx, dw, db exchanged for others."""
    names = "dx", "dw", "db"
    right = zip(names, conv2d_backward(upstream, x, weight), strict=True)
    return tuple((dict(right) | other).values())


@exercise.wrong(
    "In d x the kernel is half a turn off. Tap (a, b) took x[i+a, j+b] into y[i, j]. "
    "Added up window by window, weight[o] goes in as it stands; slid over the padded "
    "upstream, it must be turned."
)
def not_turned(upstream, x, weight):
    dx, _, _ = conv2d_backward(upstream, x, weight[:, :, ::-1, ::-1])
    return but(upstream, x, weight, dx=dx)


@exercise.wrong(
    "Your d x is too small. The pixels at the border are in some outputs, too: pad the "
    "upstream with kH - 1 rows and kW - 1 columns of zeros on each side."
)
def without_padding(upstream, x, weight):
    dx = correlated(upstream, weight[:, :, ::-1, ::-1], "noijab,ocab->ncij")
    return but(upstream, x, weight, dx=dx)


@exercise.wrong(
    "In d x each output overwrites what another one left. A pixel lies in several "
    "windows: add their shares up, with += and not with =."
)
def overwritten(upstream, x, weight):
    k_h, k_w = weight.shape[2:]
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(upstream.shape[2:]):
        share = np.einsum("no,ocab->ncab", upstream[:, :, i, j], weight)
        dx[:, :, i : i + k_h, j : j + k_w] = share
    return but(upstream, x, weight, dx=dx)


@exercise.wrong(
    "In d x only the last map is left, and of each window only what no later one "
    "overwrites. Every map and every window adds its share: += and not =."
)
def overwritten_map_by_map(upstream, x, weight):
    dx, _, _ = overwritten(upstream[:, -1:], x, weight[-1:])
    return but(upstream, x, weight, dx=dx)


@exercise.wrong(
    "You averaged the gradients of weight and bias over the images. If the loss takes "
    "a mean, upstream contains it already: sum."
)
def averaged_over_images(upstream, x, weight):
    dx, dw, db = conv2d_backward(upstream, x, weight)
    return dx, dw / len(x), db / len(x)


@exercise.wrong(
    "Only the last image is left in d weight: each one replaced the one before it. "
    "All images share the weights: add up over the batch."
)
def last_image_only(upstream, x, weight):
    _, dw, _ = conv2d_backward(upstream[-1:], x[-1:], weight)
    return but(upstream, x, weight, dw=dw)


@exercise.wrong(
    "Only the last output is left in d weight: each one replaced the one before it. "
    "Every weight is in many outputs: assign with +=, not with =."
)
def last_output_only(upstream, x, weight):
    k_h, k_w = weight.shape[2:]
    last = np.multiply.outer(upstream[-1, :, -1, -1], x[-1, :, -k_h:, -k_w:])
    return but(upstream, x, weight, dw=last)


@exercise.wrong(
    "Your d weight is turned by half a turn. The layer does not flip its kernel, so "
    "entry [0, 0] of the gradient belongs to entry [0, 0] of the kernel."
)
def weight_gradient_turned(upstream, x, weight):
    dx, dw, db = conv2d_backward(upstream, x, weight)
    return dx, dw[:, :, ::-1, ::-1], db


@exercise.wrong(
    "Your d bias keeps the axis of the images. They share the biases: sum over the "
    "first axis, too."
)
def bias_by_image(upstream, x, weight):
    return but(upstream, x, weight, db=upstream.sum(axis=(2, 3)))


@exercise.wrong(
    "You took the mean over the places for d bias. A bias is added at every place in "
    "full: sum."
)
def bias_averaged(upstream, x, weight):
    return but(upstream, x, weight, db=upstream.mean(axis=(2, 3)).sum(axis=0))


@exercise.wrong(
    "Your three arrays are in another order. Return d x first, then d weight, "
    "then d bias."
)
def weight_first(upstream, x, weight):
    dx, dw, db = conv2d_backward(upstream, x, weight)
    return dw, dx, db


@exercise.wrong(
    "Your d x is empty: a slice like [pad:-pad] with pad = 0 reads [0:0], for -0 is 0. "
    "There is no padding here; return all of d x."
)
def cut_to_nothing(upstream, x, weight):
    dx, dw, db = conv2d_backward(upstream, x, weight)
    return dx[:, :, 0:-0, 0:-0], dw, db


@exercise.wrong(
    "For d weight the upstream lies on x turned by half a turn, as a convolution in "
    "the strict sense does (scipy's convolve2d). Lay it on x as it stands: a "
    "correlation."
)
def weight_gradient_convolved(upstream, x, weight):
    dw = correlated(x, upstream[:, :, ::-1, ::-1], "ncabij,noij->ocab")
    return but(upstream, x, weight, dw=dw)


@exercise.wrong(
    "np.rot90(weight, 2) turns the first two axes, filters and channels, and leaves "
    "the kernels as they stand. Turn the last two: weight[:, :, ::-1, ::-1]."
)
def rotated_filters_and_channels(upstream, x, weight):
    dx, _, _ = conv2d_backward(upstream, x, weight[::-1, ::-1, ::-1, ::-1])
    return but(upstream, x, weight, dx=dx)


@exercise.wrong(
    "np.flip(weight) turns all four axes, filters and channels, too. Turn the last two "
    "only: weight[:, :, ::-1, ::-1]."
)
def flipped_along_all_axes(upstream, x, weight):
    dx, _, _ = conv2d_backward(upstream, x, weight[::-1, ::-1])
    return but(upstream, x, weight, dx=dx)


@exercise.wrong(
    "In your slices rows and columns are exchanged: tap (a, b) meets rows from a on "
    "and columns from b on, a : a + oH and b : b + oW."
)
def rows_for_columns_of_taps(upstream, x, weight):
    dx, dw = np.zeros(x.shape), np.zeros(weight.shape)
    o_h, o_w = upstream.shape[2:]
    for a, b in np.ndindex(weight.shape[2:]):
        seen = np.s_[:, :, b : b + o_h, a : a + o_w]
        dx[seen] += np.einsum("noij,oc->ncij", upstream, weight[:, :, a, b])
        dw[:, :, a, b] = np.einsum("noij,ncij->oc", upstream, x[seen])
    return dx, dw, upstream.sum(axis=(0, 2, 3))


@exercise.wrong(
    "In your slices rows and columns are exchanged: output (i, j) saw rows from i on "
    "and columns from j on, i : i + kH and j : j + kW."
)
def rows_for_columns_of_windows(upstream, x, weight):
    dx, dw = np.zeros(x.shape), np.zeros(weight.shape)
    k_h, k_w = weight.shape[2:]
    for i, j in np.ndindex(upstream.shape[2:]):
        seen, up = np.s_[:, :, j : j + k_h, i : i + k_w], upstream[:, :, i, j]
        dx[seen] += np.einsum("no,ocab->ncab", up, weight)
        dw += np.einsum("no,ncab->ocab", up, x[seen])
    return dx, dw, upstream.sum(axis=(0, 2, 3))


@exercise.wrong(
    "You averaged d x over the maps. Every map that a pixel went into adds its share: "
    "sum over o."
)
def averaged_over_maps(upstream, x, weight):
    dx, dw, db = conv2d_backward(upstream, x, weight)
    return dx / len(weight), dw, db


@exercise.wrong(
    "You divided all three gradients by the number of images. If the loss takes a "
    "mean, upstream contains it already: sum."
)
def all_averaged_over_images(upstream, x, weight):
    return tuple(one / len(x) for one in conv2d_backward(upstream, x, weight))


@exercise.cases("worked example", points=1)
def worked():
    yield (
        np.array([[[[10.0, 100]]]]),
        np.array([[[[1.0, 2, 4]]]]),
        np.array([[[[3.0, 5]]]]),
    )


def pattern(*shape):
    """Return halves between -5 and 5 without any symmetry."""
    return np.random.default_rng(shape).integers(-10, 11, shape) / 2


@exercise.cases("channels and images", points=2)
def channels_and_images():
    yield pattern(1, 2, 2, 3), pattern(1, 3, 3, 4) + 0.5, pattern(2, 3, 2, 2) - 1
    yield pattern(3, 2, 3, 3), pattern(3, 1, 5, 4) + 1, pattern(2, 1, 3, 2) - 0.5


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    yield pattern(2, 3, 4, 5), pattern(2, 2, 4, 5) - 1.5, pattern(3, 2, 1, 1)
    yield pattern(2, 2, 4, 3), pattern(2, 3, 7, 3) + 2, pattern(2, 3, 4, 1)


@exercise.fresh("fresh layers", points=2, draws=3)
def drawn(rng):
    n, c_in, c_out, k_h, k_w = rng.integers((2, 1, 1, 1, 2), (4, 4, 4, 4, 4))
    o_h, o_w = k_h + rng.integers(0, 3), k_w + rng.integers(0, 3)
    shapes = (n, c_out, o_h, o_w), (n, c_in, o_h + k_h - 1, o_w + k_w - 1)
    shapes = (*shapes, (c_out, c_in, k_h, k_w))
    return tuple(rng.integers(-9, 10, shape) / 2 for shape in shapes)

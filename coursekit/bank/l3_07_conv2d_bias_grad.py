r"""The gradient of the biases

A loss is computed from the output `y = conv2d(x, weight, bias)`. To learn the biases we
must know how the loss changes with each of them. Write `conv2d_bias_grad(upstream)`.

- `upstream` has the shape of the output `y`, `(N, C_out, oH, oW)`: images, maps, rows,
  columns. Its entry `[n, o, i, j]` is d loss / d y[n, o, i, j]. A NumPy array of
  integers or of floats.
- `bias` had shape `(C_out,)`, and `bias[o]` was added to every number of map `o`, in
  every image. Return d loss / d bias, an array of that shape.
- Sum; do not average. Leave `upstream` as it is.

**By hand.** Two images, two maps of one row with two columns:

    upstream[0, 0] = 1 2      upstream[0, 1] = 10 20
    upstream[1, 0] = 3 4      upstream[1, 1] = 30 40

`bias[0]` is in the four outputs of map 0: `1 + 2 + 3 + 4 = 10`. `bias[1]` is in those
of map 1: `10 + 20 + 30 + 40 = 100`. So `conv2d_bias_grad(upstream)` is `[10, 100]`.
"""

import numpy as np

from coursekit.exercise import Exercise


def sum_scale(args, expected):
    """Return the sum of the sizes of all numbers: no sum of some of them is larger."""
    return float(np.abs(args[0]).sum())


exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=8,
    section="A batch of images",
    scale=sum_scale,
    hints=(
        "Which numbers of the output change if `bias[0]` grows by 1, and by how much "
        "does each of them change?",
        "`bias[o]` is in `y[n, o, i, j]` for every n, i and j, each time with the "
        "factor 1. So its gradient is the sum of their upstreams: which axes of "
        "`upstream` does the sum run over, and which one stays?",
        "Almost code:\n\n"
        "    grad = zeros (floats) of shape (C_out,)\n"
        "    for every map o:\n"
        "        grad[o] = the sum of all numbers in upstream[:, o]\n"
        "    return grad",
    ),
)


@exercise.solution
def conv2d_bias_grad(upstream):
    """Return d loss / d bias (C_out,), given upstream (N, C_out, oH, oW)."""
    return np.sum(upstream, axis=(0, 2, 3))


@exercise.wrong(
    "You took the mean over the images. If the loss takes a mean, upstream contains it "
    "already: here everything is summed."
)
def averaged_over_images(upstream):
    return conv2d_bias_grad(upstream) / len(upstream)


@exercise.wrong(
    "You took the mean over images and places. The bias pulls at every one of them, so "
    "its gradient is the sum."
)
def averaged(upstream):
    return upstream.mean(axis=(0, 2, 3))


@exercise.wrong(
    "You took the mean over the places of a map. The bias is added at every place, and "
    "every place counts in full: sum over rows and columns."
)
def averaged_over_places(upstream):
    return upstream.mean(axis=(2, 3)).sum(axis=0)


@exercise.wrong(
    "Your answer has a gradient for every image. All images share the same biases: "
    "sum over the first axis, too."
)
def images_not_summed(upstream):
    return upstream.sum(axis=(2, 3))


@exercise.wrong(
    "You summed over the images only. A bias is added at every place of its map: "
    "sum over rows and columns, too."
)
def places_not_summed(upstream):
    return upstream.sum(axis=0)


@exercise.wrong(
    "You summed over the maps as well: one number is left. "
    "Each map has its own bias: the axis of the maps stays."
)
def one_number(upstream):
    return np.sum(upstream)


@exercise.wrong(
    "You kept the axis of the images and summed over the maps. In (N, C_out, oH, oW) "
    "the maps are the second axis, number 1: that one stays."
)
def by_image(upstream):
    return upstream.sum(axis=(1, 2, 3))


@exercise.wrong(
    "You kept the last axis, as if the maps were there. In torch's layout the last "
    "axis holds the columns; the maps are axis 1."
)
def by_column(upstream):
    return upstream.sum(axis=(0, 1, 2))


@exercise.wrong(
    "The numbers are right but keep axes of length 1. The bias has shape (C_out,), "
    "and so has its gradient: sum without keepdims."
)
def axes_kept(upstream):
    return upstream.sum(axis=(0, 2, 3), keepdims=True)


@exercise.wrong(
    "You counted the outputs instead of adding up their upstreams, as if each of them "
    "mattered equally to the loss."
)
def upstream_forgotten(upstream):
    return conv2d_bias_grad(np.ones(upstream.shape))


@exercise.wrong(
    "Only the first image counts in your answer. All images share the same biases: "
    "add up over the whole batch."
)
def first_image_only(upstream):
    return upstream[0].sum(axis=(1, 2))


@exercise.wrong(
    "Only the last image is left in your answer: each one replaced the one before it. "
    "Add them up: assign with +=, not with =."
)
def last_image_only(upstream):
    return upstream[-1].sum(axis=(1, 2))


@exercise.wrong(
    "The sign is turned round. A step of gradient descent goes against the gradient; "
    "the gradient itself has the sign of the upstream."
)
def negative(upstream):
    return -conv2d_bias_grad(upstream)


@exercise.wrong(
    "You reshaped to (C_out, -1) and summed the rows. Reshape moves nothing, and the "
    "images come first: each row mixes maps. Bring axis 1 to the front before."
)
def maps_mixed(upstream):
    return upstream.reshape(upstream.shape[1], -1).sum(axis=1)


@exercise.alternative
def by_einsum(upstream):
    return np.einsum("noij->o", upstream)


@exercise.alternative
def one_output_at_a_time(upstream):
    grad = np.zeros(upstream.shape[1])
    for n, o, i, j in np.ndindex(upstream.shape):
        grad[o] += upstream[n, o, i, j]
    return grad


@exercise.alternative
def by_matrix_product(upstream):
    rows = upstream.swapaxes(0, 1).reshape(upstream.shape[1], -1)
    return rows @ np.ones(rows.shape[1])


@exercise.alternative
def in_single_precision(upstream):
    return conv2d_bias_grad(upstream.astype(np.float32))


@exercise.cases("worked example", points=1)
def worked():
    yield (np.array([[[[1, 2]], [[10, 20]]], [[[3, 4]], [[30, 40]]]]),)


@exercise.cases("other sizes", points=1)
def others():
    yield (np.arange(36.0).reshape(3, 2, 2, 3) ** 2 % 11 - 4.5,)
    yield (np.arange(24).reshape(2, 4, 3, 1) ** 2 % 13 - 5,)
    yield (np.array([[[[0.5, -2], [3, 1.25]]]]),)


@exercise.fresh("fresh gradients", points=1)
def drawn(rng):
    n, c_out = rng.choice([(2, 3), (3, 2), (3, 3), (2, 5)])
    o_h, o_w = rng.choice([(2, 3), (3, 2), (3, 3), (1, 4)])
    return (rng.integers(-19, 20, (n, c_out, o_h, o_w)) / 4 + 0.5,)

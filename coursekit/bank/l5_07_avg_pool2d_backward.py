r"""Where the gradient of the average goes

Write `avg_pool2d_backward(upstream, x_shape, k, stride)`: the gradient of the input of
`avg_pool2d`. In an average all pixels of the window count alike, so all get the same
share.

- `x_shape` is the shape `(N, C, H, W)` of the input, a tuple of ints. The input itself
  is not needed.
- `upstream` has shape `(N, C, oH, oW)`: `upstream[n, c, i, j]` is d loss / d output of
  the window `i, j`. It is a NumPy array of floats.
- `k` and `stride` are pairs `(rows, columns)`, or ints that stand for both axes. They
  are those of the forward pass: the window of output `i, j` starts at row `i * sH` and
  column `j * sW`. No padding; all windows are whole.
- A pixel that lies in several windows gets the sum of its shares. A pixel that lies in
  none (left over at the bottom or at the right, or between windows) gets 0.
- Return an array of floats of shape `x_shape`. Leave `upstream` as it is. Any way of
  computing the numbers is fine.

`as_pair` is given: it makes a pair of an int and leaves a pair as it is.

**By hand.** One row of 3 pixels, `k = (1, 2)` and `stride = (1, 1)`: two windows, with
`upstream = 6 10`. The first hands 3 to the pixels 0 and 1, the second hands 5 to the
pixels 1 and 2. So the gradient is `3 8 5`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=15,
    section="Where the gradient goes",
    hints=(
        "Write one output as a formula: (x1 + x2 + ...) / number of pixels. What is "
        "its derivative by x1? By x2?",
        "Each pixel of a window gets `upstream[n, c, i, j] / (kH * kW)`. Walk over the "
        "windows and add that to the whole window at once; overlapping windows then "
        "take care of themselves.",
        "Almost code:\n\n"
        "    gradient = zeros of shape x_shape\n"
        "    share = upstream / (kH * kW)\n"
        "    for every row i and column j of upstream:\n"
        "        rows, columns = those of the window at i * sH, j * sW\n"
        "        add share[:, :, i, j] to gradient[:, :, rows, columns]\n"
        "            (with two axes of length 1: share[:, :, i : i+1, j : j+1])\n"
        "    return gradient",
    ),
)


@exercise.given
def as_pair(value):
    """Return (value, value) for an int; a pair stays as it is. Given."""
    return (value, value) if np.ndim(value) == 0 else tuple(value)


@exercise.solution
def avg_pool2d_backward(upstream, x_shape, k, stride):
    """Return d loss / d x of avg_pool2d, given upstream = d loss / d output."""
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x_shape)
    share = upstream / (k_h * k_w)
    for i, j in np.ndindex(upstream.shape[2:]):
        rows, columns = slice(i * s_h, i * s_h + k_h), slice(j * s_w, j * s_w + k_w)
        gradient[:, :, rows, columns] += share[:, :, i : i + 1, j : j + 1]
    return gradient


@exercise.wrong(
    "Each pixel gets the whole upstream of its window. In an average it counts for one "
    "part in kH * kW: divide by that."
)
def not_divided(upstream, x_shape, k, stride):
    return avg_pool2d_backward(upstream * np.prod(as_pair(k)), x_shape, k, stride)


@exercise.wrong(
    "Where windows overlap, the last one wipes out what the others brought. "
    "Add the shares up: use +=."
)
def overwritten(upstream, x_shape, k, stride):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x_shape)
    for i, j in np.ndindex(upstream.shape[2:]):
        rows, columns = slice(i * s_h, i * s_h + k_h), slice(j * s_w, j * s_w + k_w)
        gradient[:, :, rows, columns] = upstream[:, :, i : i + 1, j : j + 1]
    return gradient / (k_h * k_w)


@exercise.wrong(
    "Where windows overlap, you averaged their shares. The pixel changes all these "
    "outputs, and what it does to each of them adds up."
)
def averaged_over_windows(upstream, x_shape, k, stride):
    once = avg_pool2d_backward(np.ones(upstream.shape), x_shape, k, stride)
    count = np.rint(once * np.prod(as_pair(k)))
    gradient = avg_pool2d_backward(upstream, x_shape, k, stride)
    return gradient / np.maximum(count, 1)


@exercise.wrong(
    "You divided by the size of the stride. A window averages kH * kW pixels, "
    "however far it leaps afterwards."
)
def divided_by_the_stride(upstream, x_shape, k, stride):
    factor = np.prod(as_pair(k)) / np.prod(as_pair(stride))
    return avg_pool2d_backward(upstream * factor, x_shape, k, stride)


@exercise.wrong(
    "You divided by the number of pixels of a channel, H * W. Each output is the "
    "average of its window only: kH * kW pixels."
)
def divided_by_the_image(upstream, x_shape, k, stride):
    factor = np.prod(as_pair(k)) / (x_shape[2] * x_shape[3])
    return avg_pool2d_backward(upstream * factor, x_shape, k, stride)


@exercise.wrong(
    "You blew each number up to a block and put the blocks side by side. That is "
    "right only if stride equals k and nothing is left over. "
    "Start from zeros of shape x_shape."
)
def repeated(upstream, x_shape, k, stride):
    return np.kron(upstream, np.ones(as_pair(k))) / np.prod(as_pair(k))


@exercise.wrong(
    "You stepped by the size of the window. The windows are one stride apart: that of "
    "output i, j starts at row i * sH and column j * sW."
)
def stride_ignored(upstream, x_shape, k, stride):
    (k_h, k_w), gradient = as_pair(k), np.zeros(x_shape)
    for i, j in np.ndindex(upstream.shape[2:]):
        rows, columns = slice(i * k_h, i * k_h + k_h), slice(j * k_w, j * k_w + k_w)
        share = upstream[:, :, i : i + 1, j : j + 1] / (k_h * k_w)
        gradient[:, :, rows, columns] += share
    return gradient


@exercise.wrong(
    "The two strides are exchanged. stride[0] is the step downwards, "
    "stride[1] the step to the right."
)
def strides_exchanged(upstream, x_shape, k, stride):
    return avg_pool2d_backward(upstream, x_shape, k, as_pair(stride)[::-1])


@exercise.wrong(
    "upstream[:, :, i, j] has shape (N, C), and NumPy lays it on the rows and columns "
    "of the window. Keep all four axes: upstream[:, :, i : i + 1, j : j + 1]."
)
def laid_on_the_wrong_axes(upstream, x_shape, k, stride):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x_shape)
    for i, j in np.ndindex(upstream.shape[2:]):
        rows, columns = slice(i * s_h, i * s_h + k_h), slice(j * s_w, j * s_w + k_w)
        gradient[:, :, rows, columns] += upstream[:, :, i, j] / (k_h * k_w)
    return gradient


@exercise.wrong(
    "Your windows start at row i and column j, as with a stride of 1. They are one "
    "stride apart: that of output i, j starts at row i * sH and column j * sW."
)
def started_at_the_output(upstream, x_shape, k, stride):
    return avg_pool2d_backward(upstream, x_shape, k, 1)


@exercise.alternative
def by_taps(upstream, x_shape, k, stride):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    (o_h, o_w), gradient = upstream.shape[2:], np.zeros(x_shape)
    for a, b in np.ndindex(k_h, k_w):
        rows = slice(a, a + (o_h - 1) * s_h + 1, s_h)
        columns = slice(b, b + (o_w - 1) * s_w + 1, s_w)
        gradient[:, :, rows, columns] += upstream / (k_h * k_w)
    return gradient


@exercise.alternative
def by_matrices(upstream, x_shape, k, stride):
    sides = []
    sizes = zip(
        upstream.shape[2:], x_shape[2:], as_pair(k), as_pair(stride), strict=True
    )
    for out, n, taps, step in sizes:
        reach = np.arange(n) - step * np.arange(out)[:, None]
        sides.append(((reach >= 0) & (reach < taps)) / taps)
    return sides[0].T @ upstream @ sides[1]


@exercise.alternative
def in_single_precision(upstream, x_shape, k, stride):
    single = upstream.astype(np.float32)
    return by_taps(single, x_shape, k, stride).astype(np.float32)


@exercise.cases("worked examples", points=1)
def worked():
    yield np.array([[[[6.0, 10]]]]), (1, 1, 1, 3), (1, 2), (1, 1)
    yield np.array([[[[4.0, 8], [12, 20]]]]), (1, 1, 4, 4), 2, 2


@exercise.cases("several images, pixels left over", points=1)
def several():
    yield np.arange(1.0, 17).reshape(2, 2, 2, 2), (2, 2, 5, 7), (2, 3), (2, 3)
    yield np.arange(1.0, 13).reshape(2, 1, 2, 3) ** 2, (2, 1, 5, 7), 2, 2


@exercise.cases("windows that overlap, and gaps", points=1)
def overlap():
    yield np.arange(1.0, 13).reshape(1, 1, 3, 4) ** 2, (1, 1, 4, 5), 2, 1
    yield np.arange(1.0, 13).reshape(1, 2, 2, 3), (1, 2, 5, 4), (3, 2), (2, 1)
    yield np.arange(1.0, 9).reshape(2, 1, 2, 2), (2, 1, 5, 6), (2, 2), (3, 4)


@exercise.fresh("fresh sizes", points=1)
def drawn(rng):
    k_h, k_w = map(int, rng.choice([(2, 3), (3, 2), (2, 2), (1, 4)]))
    s_h, s_w = map(int, rng.permutation([1, 2, 3])[:2])
    h, w = k_h + int(rng.integers(2, 6)), k_w + int(rng.integers(2, 6))
    shape = (2, 2, (h - k_h) // s_h + 1, (w - k_w) // s_w + 1)
    return rng.integers(-9, 10, shape) / 2, (2, 2, h, w), (k_h, k_w), (s_h, s_w)

r"""The weight that averages

Average pooling is a convolution whose weight nobody has to learn. Write
`avg_pool_as_conv(c, k)`: the weight of that convolution, for `c` channels and windows
of `k` by `k` pixels.

- `c` and `k` are integers, at least 1.
- The convolution is **depthwise**: each channel has one kernel of its own and is
  correlated with that alone. In torch this is `conv2d(x, weight, stride=k, groups=c)`,
  with no bias and no padding.
- Return an array of floats of shape `(c, 1, k, k)`: one kernel for each channel, one
  channel deep. With it, every output is the average of its window.

**By hand.** With `k = 2`, the average of a window `p q` over `r s` is
`(p + q + r + s) / 4 = p/4 + q/4 + r/4 + s/4`. So each of the `c` kernels is

    0.25 0.25
    0.25 0.25
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=2,
    minutes=6,
    section="Average pooling is a convolution",
    hints=(
        "A correlation multiplies each pixel of the window by a number and adds up. By "
        "which number is each pixel multiplied in an average?",
        "An average of m numbers weighs each of them 1/m. How many pixels does one "
        "window see? Only one channel: the channels are not mixed.",
        "Almost code: an array of shape (c, 1, k, k) that holds the same number "
        "everywhere, one divided by the number of pixels in the window. "
        "`np.full(shape, number)` makes it.",
    ),
)


@exercise.solution
def avg_pool_as_conv(c, k):
    """Return the depthwise weight (c, 1, k, k) that averages windows of k by k."""
    return np.full((c, 1, k, k), 1 / k**2)


@exercise.wrong(
    "Your weight adds the pixels up: a window of equal pixels comes out k * k times as "
    "bright. Divide by the number of pixels."
)
def sums(c, k):
    return np.ones((c, 1, k, k))


@exercise.wrong("You divided by k. A window has k rows of k pixels: divide by k * k.")
def divided_by_one_side(c, k):
    return np.full((c, 1, k, k), 1 / k)


@exercise.wrong(
    "You averaged over the channels, too. Each kernel sees one channel only, so it has "
    "k * k pixels to share, not c * k * k."
)
def divided_by_channels(c, k):
    return np.full((c, 1, k, k), 1 / (c * k**2))


@exercise.wrong(
    "This weight mixes the channels: each filter looks at all c of them. Pooling keeps "
    "them apart. A depthwise weight is one channel deep: (c, 1, k, k)."
)
def mixed_channels(c, k):
    return np.full((c, c, k, k), 1 / k**2)


@exercise.wrong(
    "This is the weight of an ordinary convolution, with zeros so that the channels "
    "are not mixed. It does average, but a depthwise weight is (c, 1, k, k): no zeros."
)
def dense_with_zeros(c, k):
    return np.eye(c)[:, :, None, None] * np.full((k, k), 1 / k**2)


@exercise.wrong(
    "The first two axes are exchanged. First comes the number of filters, c; "
    "then how many channels deep each is, 1."
)
def axes_exchanged(c, k):
    return np.full((1, c, k, k), 1 / k**2)


@exercise.wrong(
    "The axis of length 1 is missing. A weight has four axes: filters, channels that "
    "each filter sees, rows, columns."
)
def one_axis_short(c, k):
    return np.full((c, k, k), 1 / k**2)


@exercise.wrong(
    "Your weight holds whole numbers, so 1 / (k * k) became 0. "
    "Divide with /, and make the array of floats."
)
def cut_to_whole_numbers(c, k):
    return np.full((c, 1, k, k), 1 // k**2)


@exercise.alternative
def by_outer_product(c, k):
    kernel = np.outer(np.ones(k) / k, np.ones(k) / k)
    return np.stack([kernel[None]] * c)


@exercise.alternative
def in_single_precision(c, k):
    return np.ones((c, 1, k, k), np.float32) / np.float32(k * k)


@exercise.cases("several channels", points=1)
def several():
    yield 3, 2
    yield 2, 3
    yield 1, 2


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield 4, 1
    yield 1, 1
    yield 16, 5


@exercise.fresh("fresh sizes", points=0.5)
def drawn(rng):
    c, k = rng.integers((1, 1), (9, 7))
    return int(c), int(k)

r"""Where the gradient of the maximum goes

Write `max_pool2d_backward(upstream, x, k, stride)`: the gradient of the input of
`max_pool2d`. Only the pixel that won its window changed the output, so it alone gets
what comes back.

- `x` has shape `(N, C, H, W)`, the input of the pooling. `upstream` has shape
  `(N, C, oH, oW)`: `upstream[n, c, i, j]` is d loss / d output of the window `i, j`.
  Both are NumPy arrays of floats.
- `k` and `stride` are pairs `(rows, columns)`, or ints that stand for both axes. They
  are those of the forward pass: the window of output `i, j` starts at row `i * sH` and
  column `j * sW`. No padding; all windows are whole.
- Each window hands its number in `upstream` to its largest pixel and to no other. If
  several pixels of a window are equally large, the **first in row order** gets it all:
  the top row first, from left to right, then the next row.
- Where windows overlap, a pixel may win several of them. It gets the sum.
- Return an array of floats of the shape of `x`, 0 where nothing arrives. Leave
  `upstream` and `x` as they are. Any way of computing the numbers is fine.

`as_pair` is given: it makes a pair of an int and leaves a pair as it is.

**By hand.** `k = (2, 2)`, `stride = (2, 1)`: two windows that share the middle column.

    x = 1 7 7      upstream = 10 100      gradient = 0 110 0
        7 0 3                                        0   0 0

The left window holds 7 twice; the one in the top row comes first. The right window
holds 7 twice in its top row; the left one of them comes first. It won both windows.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=5,
    difficulty=3,
    minutes=20,
    section="Where the gradient goes",
    hints=(
        "Walk over the windows as in the forward pass. For each, you need not the "
        "largest number but its place; and then the place in the whole image.",
        "`np.argmax(window)` counts through the window in row order and stops at the "
        "first of equals. `divmod(that, kW)` makes a row and a column of it, counted "
        "from the corner of the window. Add with `+=`: others may arrive there, too.",
        "Almost code:\n\n"
        "    gradient = zeros of the shape of x\n"
        "    for every n, c, i, j of upstream:\n"
        "        top, left = i * sH, j * sW\n"
        "        window = x[n, c, kH rows from top on, kW columns from left on]\n"
        "        a, b = divmod(the argmax of window, kW)\n"
        "        add upstream[n, c, i, j] to gradient[n, c, top + a, left + b]\n"
        "    return gradient",
    ),
)


@exercise.given
def as_pair(value):
    """Return (value, value) for an int; a pair stays as it is. Given."""
    return (value, value) if np.ndim(value) == 0 else tuple(value)


@exercise.solution
def max_pool2d_backward(upstream, x, k, stride):
    """Return d loss / d x of max_pool2d, given upstream = d loss / d output."""
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(upstream.shape):
        top, left = i * s_h, j * s_w
        window = x[n, c, top : top + k_h, left : left + k_w]
        a, b = divmod(int(np.argmax(window)), k_w)
        gradient[n, c, top + a, left + b] += upstream[n, c, i, j]
    return gradient


def shared_out(upstream, x, k, stride, shares, kept=np.ones_like):
    """Give each window's number to its pixels by `shares` (a function of the window).

    `kept` says how much of what is there stays: with zeros it is =, with ones +=.
    """
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(upstream.shape):
        top, left = i * s_h, j * s_w
        place = (n, c, slice(top, top + k_h), slice(left, left + k_w))
        share = shares(x[place])
        gradient[place] *= kept(share)
        gradient[place] += share * upstream[n, c, i, j]
    return gradient


def one_at(place, shape):
    share = np.zeros(shape)
    share.flat[place] = 1
    return share


def first(window):
    return one_at(window.argmax(), window.shape)


def all_equals(window):
    return (window == window.max()) * 1.0


@exercise.wrong(
    "Where windows overlap, the last one wipes out what the others brought. "
    "A pixel that wins several windows gets the sum: use +=."
)
def overwritten(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, first, lambda share: share == 0)


@exercise.wrong(
    "Of equal pixels all get the gradient, and it arrives several times. It goes to "
    "one of them: the first in row order."
)
def to_all_of_equals(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, all_equals)


@exercise.wrong(
    "Each window wipes out all that others brought to its pixels, also where it brings "
    "nothing itself: you assign the whole window with =. Add it with +=."
)
def window_assigned(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, first, np.zeros_like)


@exercise.wrong(
    "Two things go wrong. `window == window.max()` marks all equal pixels, and only "
    "the first in row order gets the gradient: take np.argmax. And = wipes out what "
    "another window brought: add with +=."
)
def equals_assigned(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, all_equals, np.zeros_like)


@exercise.wrong(
    "Of equal pixels each gets a share. Here, as in torch, the first in row order "
    "gets it all."
)
def shared_by_equals(upstream, x, k, stride):
    def shares(window):
        return all_equals(window) / np.sum(all_equals(window))

    return shared_out(upstream, x, k, stride, shares)


@exercise.wrong(
    "Of equal pixels the last one gets the gradient. Take the first in row order: "
    "a later pixel has to be larger, > and not >=."
)
def to_the_last_of_equals(upstream, x, k, stride):
    def shares(window):
        return one_at(window.size - 1 - window.ravel()[::-1].argmax(), window.shape)

    return shared_out(upstream, x, k, stride, shares)


@exercise.wrong(
    "Of equal pixels the first in column order gets the gradient. Go along the rows: "
    "the whole top row comes before anything below it."
)
def first_in_column_order(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, lambda w: first(w.T).T)


@exercise.wrong(
    "You shared the gradient among all pixels of the window: that is average pooling. "
    "The maximum depends on the largest pixel alone."
)
def shared_by_all(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, lambda w: np.full(w.shape, 1 / w.size))


@exercise.wrong(
    "Every pixel of a window gets all that comes back. The output changes with the "
    "largest pixel alone: the others get 0."
)
def to_every_pixel(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, lambda w: np.ones(w.shape))


@exercise.wrong(
    "The place of the maximum is counted from the corner of its window, and you used "
    "it as a place in the image. Add the corner: row i * sH + a, column j * sW + b."
)
def corner_forgotten(upstream, x, k, stride):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(upstream.shape):
        top, left = i * s_h, j * s_w
        share = first(x[n, c, top : top + k_h, left : left + k_w])
        gradient[n, c, :k_h, :k_w] += share * upstream[n, c, i, j]
    return gradient


@exercise.wrong(
    "You marked the winners with 1 and left `upstream` out. "
    "Each winner gets the number that belongs to its window."
)
def marked_only(upstream, x, k, stride):
    return max_pool2d_backward(np.ones(upstream.shape), x, k, stride)


@exercise.wrong(
    "The place of the maximum was divided by kH. Counted in row order, a row of the "
    "window holds kW pixels: divmod(place, kW)."
)
def divided_by_the_height(upstream, x, k, stride):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    gradient = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(upstream.shape):
        top, left = i * s_h, j * s_w
        place = int(np.argmax(x[n, c, top : top + k_h, left : left + k_w]))
        a, b = divmod(place, k_h)
        gradient[n, c, top + a, left + b] += upstream[n, c, i, j]
    return gradient


@exercise.wrong(
    "You stepped by the size of the window. The windows are one stride apart: that of "
    "output i, j starts at row i * sH and column j * sW."
)
def stride_ignored(upstream, x, k, stride):
    return max_pool2d_backward(upstream, x, k, k)


@exercise.wrong(
    "Your windows start at row i and column j, as with a stride of 1. They are one "
    "stride apart: that of output i, j starts at row i * sH and column j * sW."
)
def started_at_the_output(upstream, x, k, stride):
    return max_pool2d_backward(upstream, x, k, 1)


@exercise.wrong(
    "Two things go wrong. Your windows start at row i and column j: take i * sH and "
    "j * sW. And of equal pixels all get the gradient: it goes to the first in row "
    "order alone, which np.argmax finds."
)
def equals_started_at_the_output(upstream, x, k, stride):
    return shared_out(upstream, x, k, 1, all_equals)


@exercise.alternative
def by_shares(upstream, x, k, stride):
    return shared_out(upstream, x, k, stride, first)


@exercise.alternative
def by_flat_places(upstream, x, k, stride):
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(stride)
    places = np.arange(x.size).reshape(x.shape)
    slides = [
        np.lib.stride_tricks.sliding_window_view(one, (k_h, k_w), (2, 3))
        for one in (x, places)
    ]
    values, places = (one[:, :, ::s_h, ::s_w] for one in slides)
    values, places = (one.reshape(*one.shape[:4], -1) for one in (values, places))
    winners = np.take_along_axis(places, values.argmax(axis=-1)[..., None], axis=-1)
    gradient = np.zeros(x.size)
    np.add.at(gradient, winners.ravel(), upstream.ravel())
    return gradient.reshape(x.shape)


@exercise.alternative
def in_single_precision(upstream, x, k, stride):
    return max_pool2d_backward(upstream, x, k, stride).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x = np.array([[[[1.0, 7, 7], [7, 0, 3]]]])
    yield np.array([[[[10.0, 100]]]]), x, (2, 2), (2, 1)
    yield np.array([[[[5.0]]]]), np.array([[[[2.0, 0], [8, 3]]]]), 2, 2


@exercise.cases("several images and channels", points=1)
def several():
    x = np.arange(120.0).reshape(2, 2, 5, 6) ** 2 % 23 - 12
    yield np.arange(1.0, 17).reshape(2, 2, 2, 2), x, (2, 3), (2, 3)
    yield np.arange(1.0, 13).reshape(2, 2, 1, 3) / 2, x, (3, 2), (3, 2)
    yield np.arange(24.0, 0, -1).reshape(2, 2, 2, 3), x, 2, 2


@exercise.cases("equal pixels", points=1)
def equals():
    x = np.array([[[[4.0, 4, 1, 5], [4, 4, 5, 5], [0, 2, 3, 3], [2, 2, 3, 3]]]])
    yield np.array([[[[1.0, 2], [3, 4]]]]), x, 2, 2
    yield np.array([[[[-1.0], [2]]]]), np.zeros((1, 1, 4, 3)), (2, 3), (2, 1)


@exercise.cases("windows that overlap, and gaps", points=1)
def overlap():
    x = np.arange(40.0).reshape(1, 2, 4, 5) ** 2 % 11
    yield np.arange(1.0, 25).reshape(1, 2, 3, 4), x, 2, 1
    yield np.arange(1.0, 13).reshape(1, 2, 3, 2), x, (2, 3), (1, 2)
    yield np.arange(1.0, 9).reshape(1, 2, 2, 2) / 4, x, (1, 2), (2, 3)


@exercise.fresh("fresh images", points=1, draws=3)
def drawn(rng):
    k_h, k_w = map(int, rng.choice([(2, 3), (3, 2), (2, 2)]))
    s_h, s_w = map(int, rng.permutation([1, 2, 3])[:2])
    h, w = k_h + int(rng.integers(1, 4)), k_w + int(rng.integers(1, 4))
    x = rng.integers(-4, 4, (2, 1, h, w)) / 2  # few values: many are equal
    shape = (2, 1, (h - k_h) // s_h + 1, (w - k_w) // s_w + 1)
    return rng.integers(1, 20, shape) / 2, x, (k_h, k_w), (s_h, s_w)

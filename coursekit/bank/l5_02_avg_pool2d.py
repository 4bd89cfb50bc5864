r"""Average each window

Write `avg_pool2d(x, k, stride=None, padding=0, count_include_pad=True)`: a window leaps
over each channel, and each window gives the average of its pixels.

- `x` has shape `(N, C, H, W)`: images, channels, rows, columns. It is a NumPy array of
  floats.
- `k`, `stride` and `padding` are pairs `(rows, columns)`, or ints that stand for both
  axes. `stride=None` means a stride as large as the window, as in torch.
- `padding` zeros are added **on each side**: `pH` rows above and as many below, `pW`
  columns left and as many right. It is never more than half of `k`, so each window
  holds at least one pixel of the image.
- The first window starts at the top left of the padded image. Only whole windows count;
  at least one fits.
- `count_include_pad=True`: divide the sum of each window by `kH * kW`, as though the
  padding were pixels. `False`: divide it by the number of its pixels that belong to the
  image, whatever they are (a black pixel, 0, counts).
- Return an array of floats of shape `(N, C, oH, oW)`, with
  `oH = (H + 2 * pH - kH) // sH + 1` and `oW` in the same way. Leave `x` as it is. Any
  way of computing the numbers is fine.

`as_pair` is given: it makes a pair of an int and leaves a pair as it is.

**By hand.** One row, `k = (1, 2)` and `padding = (0, 1)`:

    x = 6 2 4      padded: 0 6 | 2 4 | 0      sums: 6 and 6

The last 0 is left over. With `count_include_pad` both sums are divided by 2: `3 3`.
Without it the first window holds one pixel of the image: `6 3`.
"""

import numpy as np

from coursekit.bank import pooling
from coursekit.exercise import Exercise
from coursekit.exercise.windows import pooling_window

exercise = Exercise(
    __name__,
    points=5,
    difficulty=3,
    minutes=20,
    section="Pooling by hand",
    window=pooling_window,
    hints=(
        "Without padding it is `max_pool2d` with another word at each place. With "
        "padding there is one more question: what do you divide the sum by?",
        "Zeros do not change a sum, so the sum of each window comes from the padded "
        "image in both cases. For the divisor without padding, count: pad an image of "
        "ones in the same way and add up the same window of it.",
        "Almost code:\n\n"
        "    make pairs of k, stride (k if None) and padding\n"
        "    padded = x with pH rows and pW columns of zeros on each side\n"
        "    ones = ones of shape (H, W), padded with zeros in the same way\n"
        "    for every row i and column j of out:\n"
        "        rows, columns = those of the window at i * sH, j * sW\n"
        "        count = kH * kW, or the sum of ones[rows, columns]\n"
        "        out[:, :, i, j] = sum of padded[:, :, rows, columns] over axes 2, 3\n"
        "                          / count\n"
        "    return out",
    ),
)


@exercise.given
def as_pair(value):
    """Return (value, value) for an int; a pair stays as it is. Given."""
    return (value, value) if np.ndim(value) == 0 else tuple(value)


@exercise.helper
def window_sums(x, k, stride, padding):
    """Return the sum of each window of x (N, C, H, W), padded with zeros."""
    (k_h, k_w), (p_h, p_w) = as_pair(k), as_pair(padding)
    s_h, s_w = (k_h, k_w) if stride is None else as_pair(stride)
    x = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    n, c, h, w = x.shape
    out = np.zeros((n, c, (h - k_h) // s_h + 1, (w - k_w) // s_w + 1))
    for i, j in np.ndindex(out.shape[2:]):
        top, left = i * s_h, j * s_w
        out[:, :, i, j] = x[:, :, top : top + k_h, left : left + k_w].sum(axis=(2, 3))
    return out


@exercise.solution
def avg_pool2d(x, k, stride=None, padding=0, count_include_pad=True):
    """Return the average of each window of x (N, C, H, W)."""
    sums = window_sums(x, k, stride, padding)
    if count_include_pad:
        return sums / np.prod(as_pair(k))
    return sums / window_sums(np.ones((1, 1, *x.shape[2:])), k, stride, padding)


@exercise.wrong(
    "You always divide by kH * kW. With count_include_pad=False only the pixels that "
    "belong to the image count."
)
def always_the_whole_window(x, k, stride=None, padding=0, count_include_pad=True):
    return avg_pool2d(x, k, stride, padding)


@exercise.wrong(
    "You never count the padding. With count_include_pad=True, the default, "
    "each sum is divided by kH * kW."
)
def never_the_padding(x, k, stride=None, padding=0, count_include_pad=True):
    return avg_pool2d(x, k, stride, padding, False)


@exercise.wrong(
    "count_include_pad works the wrong way round: True means that the padding counts "
    "as pixels and each sum is divided by kH * kW."
)
def flag_turned_round(x, k, stride=None, padding=0, count_include_pad=True):
    return avg_pool2d(x, k, stride, padding, not count_include_pad)


@exercise.wrong(
    "You counted the pixels that are not 0. A black pixel of the image counts as well: "
    "count by place, not by value."
)
def counted_by_value(x, k, stride=None, padding=0, count_include_pad=True):
    if count_include_pad:
        return avg_pool2d(x, k, stride, padding)
    count = window_sums((x != 0) * 1.0, k, stride, padding)
    return window_sums(x, k, stride, padding) / np.maximum(count, 1)


@exercise.wrong(
    "The padding has no effect in your answer. Put zeros round the image before the "
    "first window is laid on it."
)
def padding_ignored(x, k, stride=None, padding=0, count_include_pad=True):
    return avg_pool2d(x, k, stride)


@exercise.wrong(
    "You put all the padding at the bottom and at the right. It goes on each side: as "
    "much above as below, as much on the left as on the right."
)
def padded_at_the_end(x, k, stride=None, padding=0, count_include_pad=True):
    p_h, p_w = as_pair(padding)
    ends = ((0, 0), (0, 0), (0, 2 * p_h), (0, 2 * p_w))
    sums = window_sums(np.pad(x, ends), k, stride, 0)
    if count_include_pad:
        return sums / np.prod(as_pair(k))
    ones = np.pad(np.ones(x.shape), ends)
    return sums / np.maximum(window_sums(ones, k, stride, 0), 1)


@exercise.wrong(
    "np.pad(x, padding) pads all four axes, images and channels among them. Say it for "
    "each axis: ((0, 0), (0, 0), (pH, pH), (pW, pW))."
)
def padded_along_all_axes(x, k, stride=None, padding=0, count_include_pad=True):
    sums = window_sums(np.pad(x, padding), k, stride, 0)
    if count_include_pad:
        return sums / np.prod(as_pair(k))
    return sums / window_sums(np.pad(np.ones(x.shape), padding), k, stride, 0)


@exercise.wrong(
    "With count_include_pad=False you do not pad at all. The padding makes room for "
    "windows in both cases; the flag only decides what each sum is divided by."
)
def padded_only_if_counted(x, k, stride=None, padding=0, count_include_pad=True):
    return avg_pool2d(x, k, stride, padding if count_include_pad else 0)


@exercise.wrong(
    "These are the sums of the windows. Divide each by the number of pixels in it."
)
def summed(x, k, stride=None, padding=0, count_include_pad=True):
    return window_sums(x, k, stride, padding)


def divided_by_clipped(x, k, stride, padding, count_include_pad, clipped):
    """Divide by a count that clips the windows with another padding, `clipped`."""
    if count_include_pad:
        return avg_pool2d(x, k, stride, padding)
    (k_h, k_w), (s_h, s_w) = as_pair(k), as_pair(k if stride is None else stride)
    sums = window_sums(x, k, stride, padding)
    sides = []
    walks = zip(
        sums.shape[2:], x.shape[2:], (k_h, k_w), (s_h, s_w), clipped, strict=True
    )
    for out, n, taps, step, before in walks:
        first = np.arange(out) * step - before
        sides.append(np.minimum(first + taps, n) - np.maximum(first, 0))
    with np.errstate(all="ignore"):
        return sums / np.outer(*sides)


@exercise.wrong(
    "In the divisor you clip the columns of a window with the padding of the rows. "
    "Columns belong to pW, rows to pH: they may differ."
)
def columns_clipped_by_rows(x, k, stride=None, padding=0, count_include_pad=True):
    p_h, _ = as_pair(padding)
    return divided_by_clipped(x, k, stride, padding, count_include_pad, (p_h, p_h))


@exercise.wrong(
    "In the divisor the paddings of the two axes are exchanged: rows of a window are "
    "clipped with pH, its columns with pW."
)
def clipped_by_the_other_axis(x, k, stride=None, padding=0, count_include_pad=True):
    turned = as_pair(padding)[::-1]
    return divided_by_clipped(x, k, stride, padding, count_include_pad, turned)


@exercise.wrong(
    "You divide by the number of pixels that are left between the first row and "
    "column of the window and the end of the image, but pixels before its start are "
    "padding, too: clip the window on both sides."
)
def clipped_at_the_end_only(x, k, stride=None, padding=0, count_include_pad=True):
    if count_include_pad:
        return avg_pool2d(x, k, stride, padding)
    p_h, p_w = as_pair(padding)
    ones = np.ones((1, 1, x.shape[2] + p_h, x.shape[3] + p_w))
    ones = np.pad(ones, ((0, 0), (0, 0), (0, p_h), (0, p_w)))
    return window_sums(x, k, stride, padding) / window_sums(ones, k, stride, 0)


@exercise.wrong(
    "You averaged over the images and the channels, too. Each channel of each image "
    "is pooled by itself: of x[:, :, rows, columns] take the axes 2 and 3 only."
)
def over_all_axes(x, k, stride=None, padding=0, count_include_pad=True):
    out = avg_pool2d(x, k, stride, padding, count_include_pad)
    return np.broadcast_to(out.mean(axis=(0, 1)), out.shape)


pooling.share(exercise)


@exercise.alternative
def by_windows(x, k, stride=None, padding=0, count_include_pad=True):
    (s_h, s_w), (p_h, p_w) = as_pair(k if stride is None else stride), as_pair(padding)
    outside = 0.0 if count_include_pad else np.nan
    pads = ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w))
    x = np.pad(x, pads, constant_values=outside)
    windows = np.lib.stride_tricks.sliding_window_view(x, as_pair(k), (2, 3))
    return np.nanmean(windows[:, :, ::s_h, ::s_w], axis=(4, 5))


@exercise.alternative
def by_cut_windows(x, k, stride=None, padding=0, count_include_pad=True):
    (k_h, k_w), (p_h, p_w) = as_pair(k), as_pair(padding)
    s_h, s_w = as_pair(k if stride is None else stride)
    rows = range(-p_h, x.shape[2] + p_h - k_h + 1, s_h)
    columns = range(-p_w, x.shape[3] + p_w - k_w + 1, s_w)
    out = np.empty((*x.shape[:2], len(rows), len(columns)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            inside = x[:, :, max(top, 0) : top + k_h, max(left, 0) : left + k_w]
            out[:, :, i, j] = inside.mean(axis=(2, 3))
            if count_include_pad:
                out[:, :, i, j] *= inside[0, 0].size / (k_h * k_w)
    return out


@exercise.alternative
def in_single_precision(x, k, stride=None, padding=0, count_include_pad=True):
    return by_cut_windows(
        x.astype(np.float32), k, stride, padding, count_include_pad
    ).astype(np.float32)


@exercise.cases("no padding", points=1)
def no_padding():
    numbers = [[29.0, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]]
    yield np.array([[numbers]]), 2
    x = np.arange(120.0).reshape(2, 2, 5, 6) ** 2 % 23 - 8
    yield x, (2, 3)
    yield x[:1], (3, 2), (1, 3)


@exercise.cases("padding that counts", points=1)
def padding_counts():
    yield np.array([[[[6.0, 2, 4]]]]), (1, 2), None, (0, 1)
    x = np.arange(60.0).reshape(1, 2, 5, 6) ** 2 % 19 - 4
    yield x, 3, 2, 1
    yield x, (2, 4), (1, 3), (1, 2)


@exercise.cases("padding that does not count", points=2)
def padding_does_not_count():
    yield np.array([[[[6.0, 2, 4]]]]), (1, 2), None, (0, 1), False
    yield np.array([[[[6.0, 0, 4], [2, 0, 8]]]]), 2, 1, 1, False
    x = np.arange(80.0).reshape(2, 2, 4, 5) ** 2 % 13
    yield x, (3, 2), (2, 1), (1, 0), False
    yield x, 2, None, 0, False


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    k_h, k_w = map(int, rng.choice([(2, 3), (3, 2), (2, 4), (4, 3)]))
    s_h, s_w = map(int, rng.permutation([1, 2, 3])[:2])
    shape = (2, 2, k_h + int(rng.integers(2, 5)), k_w + int(rng.integers(2, 5)))
    x = rng.integers(-5, 6, shape) / 2
    padding = [0, (1, 0), (k_h // 2, k_w // 2)][rng.integers(3)]
    return x, (k_h, k_w), [(s_h, s_w), None][rng.integers(2)], padding, bool(s_h % 2)

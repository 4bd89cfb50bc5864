r"""Several filters, several maps

One filter gives one map. A layer has many filters, and each looks at the whole image
for itself. Write `corr2d_multi_in_out(x, k)`: one map for every filter, stacked.

- `x` has shape `(C_in, H, W)`: channels, rows, columns.
- `k` has shape `(C_out, C_in, kH, kW)`: filter number `o` is `k[o]`, and it has a
  kernel for each of the `C_in` channels of `x`. `C_in` and `C_out` are at least 1 and
  may differ; `1 <= kH <= H` and `1 <= kW <= W`. NumPy arrays of integers or of floats,
  not always of the same kind.
- Return an array of shape `(C_out, H - kH + 1, W - kW + 1)`. Its entry `[o, i, j]` is
  the sum of `x[c, i+a, j+b] * k[o, c, a, b]` over all channels `c`, rows `a` and
  columns `b`.
- The kernels move one step at a time and are not flipped; no padding, no bias.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine; you may call
  what you wrote for the exercises above.

**By hand.** The smallest case has kernels of shape (1, 1). Two channels of one row, and
three filters:

    x[0] = 1 2      k[0] = 1, 10  (channels 0, 1)      1*1 + 3*10 = 31      42
    x[1] = 3 4      k[1] = 1, -1                       1*1 - 3*1  = -2      -2
                    k[2] = 0, 5                        1*0 + 3*5  = 15      20

so `corr2d_multi_in_out(x, k)` is `[[[31, 42]], [[-2, -2]], [[15, 20]]]`, of shape
(3, 1, 2).
"""

import numpy as np

from coursekit.bank import places
from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale
from coursekit.exercise.windows import channels_window

exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=12,
    section="Several filters",
    scale=bilinear_scale,
    window=channels_window,
    hints=(
        "The filters know nothing of each other. What does a single one, `k[o]` of "
        "shape (C_in, kH, kW), make of x? You have written that already.",
        "`k[o]` gives one map of shape (H - kH + 1, W - kW + 1), as `corr2d_multi_in` "
        "does. Do this for each of the C_out filters and put the maps on top of each "
        "other along a new first axis: `np.stack`, or an array of zeros that you fill.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape (C_out, H - kH + 1, W - kW + 1)\n"
        "    for every filter o, row i and column j of out:\n"
        "        window = all channels of x, rows i : i + kH, columns j : j + kW\n"
        "        out[o, i, j] = the sum of window * k[o]\n"
        "    return out",
    ),
)


@exercise.solution
def corr2d_multi_in_out(x, k):
    """Return the maps of x (C_in, H, W) for the filters k (C_out, C_in, kH, kW)."""
    c_out, _, k_h, k_w = k.shape
    out = np.zeros((c_out, x.shape[1] - k_h + 1, x.shape[2] - k_w + 1))
    for o, i, j in np.ndindex(out.shape):
        out[o, i, j] = np.sum(x[:, i : i + k_h, j : j + k_w] * k[o])
    return out


def one_map(x, k):
    """Return the map of one filter (C_in, kH, kW)."""
    return corr2d_multi_in_out(x, k[None])[0]


@exercise.wrong(
    "You added the maps of the filters up. Only the channels of the input are summed; "
    "the maps of the filters stay apart, one above the other."
)
def filters_summed(x, k):
    return corr2d_multi_in_out(x, k).sum(axis=0)


@exercise.wrong(
    "The sum is not set back to zero between filters: each map also contains "
    "the maps of the filters before it."
)
def running_total(x, k):
    return np.cumsum(corr2d_multi_in_out(x, k), axis=0)


@exercise.wrong(
    "You used the first filter for every map. Map o comes from filter k[o]."
)
def first_filter_everywhere(x, k):
    return corr2d_multi_in_out(x, np.broadcast_to(k[:1], k.shape))


@exercise.wrong(
    "All your maps are that of the last filter: each round wrote to the whole output. "
    "Filter o fills out[o] only."
)
def last_filter_everywhere(x, k):
    return corr2d_multi_in_out(x, np.broadcast_to(k[-1:], k.shape))


@exercise.wrong(
    "The first two axes of k are exchanged: you wrote k[c, o]. Filters come first, "
    "k[o, c]; where there are as many filters as channels, no error tells you."
)
def indices_exchanged(x, k):
    turned = [k[range(len(x)), o] for o in range(len(k))]
    return corr2d_multi_in_out(x, np.stack(turned))


@exercise.wrong(
    "You took the first axis of k for the input's channels. It counts the filters; the "
    "second axis, of length C_in, belongs to the channels of x."
)
def axes_exchanged(x, k):
    if k.shape[0] != len(x):
        raise ValueError("the channels do not match")
    return corr2d_multi_in_out(x, k.swapaxes(0, 1))


@exercise.wrong(
    "The channels were not added up: your answer has a map for every pair of filter "
    "and channel. A filter gives one map, the sum over its channels."
)
def channels_not_summed(x, k):
    maps = [corr2d_multi_in_out(x[c : c + 1], k[:, c : c + 1]) for c in range(len(x))]
    return np.stack(maps, axis=1)


@exercise.wrong(
    "Your filters look at the first channel only. "
    "Each filter has a kernel for every channel of x; their maps are added up."
)
def first_channel_only(x, k):
    return corr2d_multi_in_out(x[:1], k[:, :1])


@exercise.wrong(
    "Each filter uses one kernel for all channels in your answer. "
    "k[o, c] belongs to channel c, and it is another one for every channel."
)
def one_kernel_a_filter(x, k):
    return corr2d_multi_in_out(x, np.broadcast_to(k[:, :1], k.shape))


@exercise.wrong(
    "Filter o sees only channel o in your answer. Every filter looks at all channels; "
    "the number of filters has nothing to do with that of the channels."
)
def filter_by_channel(x, k):
    return np.stack([one_map(x[[o]], k[o][[o]]) for o in range(len(k))])


@exercise.wrong(
    "You took the mean over the channels. They are added up: "
    "nothing is divided by their number."
)
def averaged(x, k):
    return corr2d_multi_in_out(x, k) / len(x)


@exercise.wrong(
    "The maps are stacked along the last axis. They come first here: "
    "out[o] is the map of filter o."
)
def stacked_last(x, k):
    return np.moveaxis(corr2d_multi_in_out(x, k), 0, -1)


@exercise.wrong(
    "The maps stand below each other in one tall image. Give them an axis of their "
    "own: np.stack makes a new axis, np.concatenate makes an old one longer."
)
def one_tall_map(x, k):
    return np.concatenate(corr2d_multi_in_out(x, k))


@exercise.wrong(
    "Only the first filter's map came back: `return` stands inside the loop over the "
    "filters. Return all maps, after the loop."
)
def first_map_only(x, k):
    return one_map(x, k[0])


@exercise.wrong(
    "You turned the kernels by half a turn, which makes this a convolution. "
    "Lay them on x as they stand."
)
def flipped(x, k):
    return corr2d_multi_in_out(x, k[..., ::-1, ::-1])


@exercise.wrong(
    "Rows and columns of the kernels are exchanged. The last two axes of k are "
    "rows, then columns, as those of x."
)
def transposed(x, k):
    return corr2d_multi_in_out(x, k.swapaxes(2, 3))


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k):
    return corr2d_multi_in_out(x, k).astype(x.dtype)


@exercise.wrong(
    "You made as many maps as there are channels: the loop went over x, or zip over x "
    "and k. There is one map for every filter, and every filter meets the whole x."
)
def a_map_a_channel(x, k):
    return np.stack([one_map(x, k[o]) for o in range(min(len(x), len(k)))])


@exercise.wrong(
    "Only the last channel is left in your maps: each channel replaced the one before "
    "it. Add them up: assign with +=, not with =."
)
def last_channel_only(x, k):
    return corr2d_multi_in_out(x[-1:], k[:, -1:])


@exercise.wrong(
    "Windows and filters were not flattened in the same order: in a window's row of "
    "numbers the channels come last, in a filter's they come first."
)
def columns_in_another_order(x, k):
    c_out, c_in, k_h, k_w = k.shape
    return corr2d_multi_in_out(x, np.moveaxis(k.reshape(c_out, k_h, k_w, c_in), -1, 1))


def of_each_filter(slip):
    return lambda x, k: np.stack([slip(x, one) for one in k])


places.share(exercise, of_each_filter)


@exercise.alternative
def by_windows(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape[2:], axis=(1, 2))
    return np.einsum("cijab,ocab->oij", windows, k)


@exercise.alternative
def by_one_matrix_product(x, k):
    c_out, c_in, k_h, k_w = k.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (c_in, k_h, k_w))[0]
    columns = windows.reshape(-1, c_in * k_h * k_w).T
    return (k.reshape(c_out, -1) @ columns).reshape(c_out, *windows.shape[:2])


@exercise.alternative
def by_shifted_images(x, k):
    h, w = x.shape[1] - k.shape[2] + 1, x.shape[2] - k.shape[3] + 1
    return sum(
        np.tensordot(k[:, :, a, b], x[:, a : a + h, b : b + w], axes=1)
        for a, b in np.ndindex(k.shape[2:])
    )


@exercise.alternative
def in_single_precision(x, k):
    return by_windows(x.astype(np.float32), k.astype(np.float32))


@exercise.cases("worked example", points=1)
def worked():
    x = np.array([[[1, 2]], [[3, 4]]])
    yield x, np.array([[1, 10], [1, -1], [0, 5]]).reshape(3, 2, 1, 1)


@exercise.cases("other numbers of channels and filters", points=1)
def uneven():
    x = np.arange(36).reshape(3, 3, 4) ** 2 % 11
    yield x, np.arange(36).reshape(2, 3, 2, 3) % 7 - 2.5
    yield x[:2], np.arange(16.0).reshape(2, 2, 2, 2) ** 2 % 13 - 4
    yield x[1:, :2, :3], np.array([5, -1, 2, 3]).reshape(1, 2, 1, 2)


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    x = np.arange(120.0).reshape(4, 6, 5) ** 2 % 17
    yield x[:1], np.arange(24.0).reshape(4, 1, 3, 2) ** 2 % 7 - 3
    yield x[::-2, ::2, ::-1], np.arange(20.0).reshape(5, 2, 1, 2) % 6 - 1.5
    yield x[:3, :2, :3], np.arange(54.0).reshape(3, 3, 2, 3) ** 2 % 19 - 8


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 1)])
    c_in, c_out = rng.choice([(2, 3), (3, 2), (2, 2), (4, 2)])
    h, w = k_h + rng.integers(1, 3), k_w + rng.integers(2, 4)
    x = rng.integers(-9, 10, (c_in, h, w)) / 2
    return x, rng.integers(-9, 10, (c_out, c_in, k_h, k_w)) / 2

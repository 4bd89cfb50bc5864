r"""Groups of channels

Write `grouped_conv(x, weight, groups)`: the channels are cut into groups of neighbours,
each group is a standard convolution by itself, and the maps are put behind each other.
It does what torch's `conv2d(x, weight, groups=groups)` does.

- `x` has shape `(N, C_in, H, W)`: images, channels, rows, columns.
- `groups` is an int `g`, at least 1. It divides both `C_in` and `C_out`.
- `weight` has shape `(C_out, C_in // g, kH, kW)`: each of the `C_out` filters sees only
  the `C_in // g` channels of its group. `1 <= kH <= H` and `1 <= kW <= W`. The arrays
  hold integers or floats, not always of the same kind.
- Group 0 is the first `C_in // g` channels and the first `C_out // g` filters, group 1
  the next ones, and so on. With `groups=1` it is a standard layer; with
  `groups = C_in` each channel is alone.
- Return an array of shape `(N, C_out, H - kH + 1, W - kW + 1)`; map `o` is that of
  filter `weight[o]`. Stride 1, no padding, no bias; the kernels are not flipped.
- Leave the arguments as they are. Any way of computing the numbers is fine.

**By hand.** One pixel with four channels, `1 2 3 4`, two groups, and two filters of
1 x 1 with two channels each:

    group 0:  channels 1 2,  weight[0] = 10 1        1*10 + 2*1   = 12
    group 1:  channels 3 4,  weight[1] = 100 1000    3*100 + 4*1000 = 4300

so the result has the shape (1, 2, 1, 1) and holds 12 and 4300.
"""

import numpy as np

from coursekit.exercise import Exercise, Window
from coursekit.exercise.scales import bilinear_scale


def group_window(args, cell):
    """Return the window behind one output, as deep as its group."""
    n, o, i, j = cell
    c_out, depth, k_h, k_w = args[1].shape
    first = o // (c_out // args[2]) * depth
    ends = slice(i, i + k_h), slice(j, j + k_w)
    return Window(0, (slice(n, n + 1), slice(first, first + depth), *ends))


exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=15,
    section="Groups in between",
    scale=bilinear_scale,
    window=group_window,
    hints=(
        "Take six channels, four filters and two groups, and write down for each "
        "filter which channels it sees. Which group does filter o belong to?",
        "Group q has the channels from `q * depth` on, where depth = C_in // groups, "
        "and the filters from `q * C_out // groups` on. Each group is the `conv2d` of "
        "lesson 3 on its part of x and of weight; the maps are joined along axis 1.",
        "Almost code:\n\n"
        "    parts of x      = x split along axis 1 into as many parts as groups\n"
        "    parts of weight = weight split along axis 0 likewise\n"
        "    maps = for every pair of parts: a standard convolution without bias\n"
        "    return the maps, joined along axis 1\n\n"
        "np.split and np.concatenate do the cutting and joining.",
    ),
)


@exercise.solution
def grouped_conv(x, weight, groups):
    """Return x (N, C_in, H, W) through filters that see the channels of their group."""
    c_out, depth, k_h, k_w = weight.shape
    out = np.zeros((len(x), c_out, x.shape[2] - k_h + 1, x.shape[3] - k_w + 1))
    for o, i, j in np.ndindex(out.shape[1:]):
        first = o // (c_out // groups) * depth
        window = x[:, first : first + depth, i : i + k_h, j : j + k_w]
        out[:, o, i, j] = np.sum(window * weight[o], axis=(1, 2, 3))
    return out


def dealt(n, groups):
    """Return 0 to n - 1 as cards dealt to groups: 0, g, 2g, ..., then 1, g + 1, ..."""
    return np.arange(n).reshape(-1, groups).T.ravel()


@exercise.wrong(
    "You dealt the channels out like cards: channel 0 to group 0, channel 1 to group "
    "1. A group is a block of neighbours: the first C_in // groups channels are group "
    "0."
)
def channels_dealt(x, weight, groups):
    return grouped_conv(x[:, dealt(x.shape[1], groups)], weight, groups)


@exercise.wrong(
    "You dealt the filters out like cards: filter 0 to group 0, filter 1 to group 1. "
    "A group is a block of neighbours: the first C_out // groups filters are group 0."
)
def filters_dealt(x, weight, groups):
    order = dealt(len(weight), groups)
    out = np.empty_like(grouped_conv(x, weight, groups))
    out[:, order] = grouped_conv(x, weight[order], groups)
    return out


@exercise.wrong(
    "You dealt channels and filters out like cards: every second one, or every third. "
    "Groups are blocks of neighbours: group 0 is the first C_in // groups channels and "
    "the first C_out // groups filters."
)
def both_dealt(x, weight, groups):
    x, order = x[:, dealt(x.shape[1], groups)], dealt(len(weight), groups)
    return grouped_conv(x, weight[order], groups)


@exercise.wrong(
    "You ran a standard convolution over all channels, but a filter is only as deep as "
    "its group. Give each filter the C_in // groups channels of its group."
)
def groups_ignored(x, weight, groups):
    if weight.shape[1] not in (1, x.shape[1]):
        raise ValueError
    deep = len(weight), x.shape[1], *weight.shape[2:]
    return grouped_conv(x, np.broadcast_to(weight, deep), 1)


@exercise.wrong(
    "The maps of the groups are shuffled into each other. Map o is that of filter "
    "weight[o]: first all maps of group 0, then all of group 1."
)
def maps_shuffled(x, weight, groups):
    order = dealt(len(weight), len(weight) // groups)
    return grouped_conv(x, weight, groups)[:, order]


@exercise.wrong(
    "Every filter sees the channels of all groups in your answer: each is used on "
    "every group, and the maps are added up. A filter sees the channels of its own "
    "group only."
)
def all_channels_to_all(x, weight, groups):
    parts = np.split(x, groups, axis=1)
    return sum(grouped_conv(part, weight, 1) for part in parts)


@exercise.wrong(
    "All filters look at the first group of channels. The filters of group 1 look at "
    "the channels of group 1, and so on."
)
def first_channels_for_all(x, weight, groups):
    return grouped_conv(x[:, : weight.shape[1]], weight, 1)


@exercise.wrong(
    "You added the maps of the groups up. They stand behind each other, so that there "
    "are C_out maps: join them along axis 1."
)
def groups_summed(x, weight, groups):
    out = grouped_conv(x, weight, groups)
    return sum(np.split(out, groups, axis=1))


@exercise.wrong(
    "The groups have an axis of their own in your answer. Join the maps along the "
    "channel axis: np.concatenate(maps, axis=1), not np.stack or np.array."
)
def groups_stacked(x, weight, groups):
    return np.stack(np.split(grouped_conv(x, weight, groups), groups, axis=1))


@exercise.wrong(
    "You joined the maps along the first axis, which is also where np.concatenate "
    "joins unless told otherwise. That axis counts images: join along axis 1."
)
def joined_as_images(x, weight, groups):
    return np.concatenate(np.split(grouped_conv(x, weight, groups), groups, axis=1))


@exercise.wrong(
    "You turned the kernels by half a turn. Lay them on the channels as they stand."
)
def flipped(x, weight, groups):
    return grouped_conv(x, weight[..., ::-1, ::-1], groups)


@exercise.wrong(
    "You took the mean over the channels of a group. A filter adds up what it sees in "
    "all of its channels; nothing is divided by their number."
)
def averaged(x, weight, groups):
    return grouped_conv(x, weight, groups) / weight.shape[1]


@exercise.wrong(
    "You took the mean of the products. A convolution adds them up: .sum, not .mean."
)
def mean_of_the_window(x, weight, groups):
    return grouped_conv(x, weight, groups) / weight[0].size


@exercise.alternative
def part_by_part(x, weight, groups):
    maps = []
    parts = zip(np.split(x, groups, 1), np.split(weight, groups), strict=True)
    for part, filters in parts:
        k = filters.shape[2:]
        windows = np.lib.stride_tricks.sliding_window_view(part, k, (2, 3))
        maps.append(np.einsum("ncijab,ocab->noij", windows, filters))
    return np.concatenate(maps, axis=1)


@exercise.alternative
def as_a_standard_layer_with_zeros(x, weight, groups):
    c_out, depth, k_h, k_w = weight.shape
    full = np.zeros((groups, c_out // groups, groups, depth, k_h, k_w))
    for q in range(groups):
        full[q, :, q] = weight.reshape(groups, -1, depth, k_h, k_w)[q]
    return grouped_conv(x, full.reshape(c_out, -1, k_h, k_w), 1)


@exercise.alternative
def in_single_precision(x, weight, groups):
    return grouped_conv(x, weight, groups).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x, weight = np.array([[1, 2, 3, 4]]), np.array([[10, 1], [100, 1000]])
    yield x[..., None, None], weight[..., None, None], 2


@exercise.cases("several channels, filters and groups", points=1)
def several():
    x = np.arange(144.0).reshape(2, 6, 3, 4) ** 2 % 17 - 7
    weight = np.arange(108.0).reshape(6, 3, 2, 3) ** 2 % 11 - 4
    yield x, weight[:4], 2
    yield x, weight[:, :2, :, ::2], 3
    yield x[:1, :, :2, :2], np.array([[[[1.0]], [[2]]], [[[3.0]], [[-4]]]] * 3), 3


@exercise.cases("one group, and one for each channel", points=1)
def ends():
    x = np.arange(60.0).reshape(1, 4, 3, 5) ** 2 % 13 - 5
    yield x, np.arange(48.0).reshape(3, 4, 2, 2) ** 2 % 9 - 3, 1
    yield x, np.arange(32.0).reshape(8, 1, 2, 2) ** 2 % 7 - 2.5, 4


@exercise.fresh("fresh layers", points=1)
def drawn(rng):
    groups, depth, several, n = map(int, rng.integers((2, 1, 1, 1), (4, 4, 4, 3)))
    k_h, k_w = map(int, rng.choice([(2, 3), (3, 2), (1, 2), (2, 2)]))
    h, w = k_h + int(rng.integers(3)), k_w + int(rng.integers(3))
    x = rng.integers(-9, 10, (n, groups * depth, h, w)) / 2
    return x, rng.integers(-9, 10, (groups * several, depth, k_h, k_w)) / 2, groups

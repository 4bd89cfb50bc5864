r"""Two layers that are one

Two convolutional layers follow each other, with nothing between them: no bias, no
nonlinearity. Then they can do no more than a single layer with larger kernels. Write
`collapse_two_layers(w1, w2)`: the weight of that single layer.

- `w1` has shape `(C_mid, C_in, a, b)`: the weight of the first layer. `w2` has shape
  `(C_out, C_mid, c, d)`: that of the second, whose input is the output of the first.
  Filters come first, then channels, rows, columns, as everywhere in this lesson. NumPy
  arrays of integers or of floats, not always of the same kind.
- Return the weight `w` of shape `(C_out, C_in, a + c - 1, b + d - 1)` for which,
  whatever the images `x`, `conv2d(x, w, None)` equals
  `conv2d(conv2d(x, w1, None), w2, None)`. Stride 1, no padding, kernels not flipped.
- Leave `w1` and `w2` as they are. Any way of computing the numbers is fine.

**By hand.** One input channel, the pixels `p q r`; two channels between; one output:

    w1[0, 0] = 1 2      makes p + 2q and  q + 2r        w2[0, 0] = 3 10
    w1[1, 0] = 1 0      makes p      and  q             w2[0, 1] = 5  0

    3*(p + 2q) + 10*(q + 2r)  +  5*p + 0*q  =  8p + 16q + 20r

so `collapse_two_layers(w1, w2)` is `[[[[8, 16, 20]]]]`, of shape (1, 1, 1, 3).
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=4,
    difficulty=5,
    minutes=25,
    section="Why a nonlinearity",
    scale=bilinear_scale,
    hints=(
        "Fix one output channel o and one input channel i. By how many ways can a "
        "pixel of channel i come to output o? Each way leads through one channel in "
        "between.",
        "The way through channel m is a chain of two filters, w1[m, i] and then "
        "w2[o, m], as in lesson 2: entry [r, s] of the first and entry [t, u] of the "
        "second meet at [r + t, s + u], with the product of the two. The ways through "
        "all m add up.",
        "Almost code:\n\n"
        "    w = zeros (floats) of shape (C_out, C_in, a + c - 1, b + d - 1)\n"
        "    for every o, m, t, u of w2:\n"
        "        for every input channel i:\n"
        "            add w2[o, m, t, u] * w1[m, i] to the part of w[o, i]\n"
        "            that starts at [t, u] and is a high and b wide\n"
        "    return w",
    ),
)


@exercise.solution
def collapse_two_layers(w1, w2):
    """Return the weight of the one layer that equals w1, then w2."""
    (_, c_in, a, b), (c_out, _, c, d) = w1.shape, w2.shape
    w = np.zeros((c_out, c_in, a + c - 1, b + d - 1))
    for t, u in np.ndindex(c, d):
        w[:, :, t : t + a, u : u + b] += np.einsum("om,miab->oiab", w2[:, :, t, u], w1)
    return w


@exercise.wrong(
    "You correlated the kernels with each other, so those of w2 go in turned by half a "
    "turn. Offsets add up: entries [r, s] and [t, u] meet at [r + t, s + u]."
)
def second_turned(w1, w2):
    return collapse_two_layers(w1, w2[..., ::-1, ::-1])


@exercise.wrong(
    "You correlated the kernels with each other, so those of w1 go in turned by half a "
    "turn. Offsets add up: entries [r, s] and [t, u] meet at [r + t, s + u]."
)
def first_turned(w1, w2):
    return collapse_two_layers(w1[..., ::-1, ::-1], w2)


@exercise.wrong(
    "Your kernels are turned by half a turn. Both layers lay their kernels on the "
    "image as they stand: entry [0, 0] comes from the two top left entries."
)
def result_turned(w1, w2):
    return collapse_two_layers(w1, w2)[..., ::-1, ::-1]


@exercise.wrong(
    "Only the first channel in between counts in your answer. "
    "The ways through all C_mid channels add up."
)
def first_way_only(w1, w2):
    return collapse_two_layers(w1[:1], w2[:, :1])


@exercise.wrong(
    "Only the last channel in between is left: each way replaced the one before it. "
    "Add them up: assign with +=, not with =."
)
def last_way_only(w1, w2):
    return collapse_two_layers(w1[-1:], w2[:, -1:])


@exercise.wrong(
    "The ways through the channels in between were not added up: your answer has an "
    "axis too many. Sum over that axis."
)
def ways_not_summed(w1, w2):
    ways = [
        collapse_two_layers(w1[m : m + 1], w2[:, m : m + 1]) for m in range(len(w1))
    ]
    return np.stack(ways, axis=1)


@exercise.wrong(
    "You added up the channels in between first, in w1 and in w2. Channel m of w2 "
    "belongs to filter m of w1: compose the two first, then add."
)
def added_first(w1, w2):
    return collapse_two_layers(w1.sum(axis=0)[None], w2.sum(axis=1)[:, None])


@exercise.wrong(
    "Where several pairs of entries meet, you kept only the last product. "
    "Add them up: assign with +=, not with =."
)
def overwritten(w1, w2):
    w = np.zeros_like(collapse_two_layers(w1, w2))
    _, _, a, b = w1.shape
    for t, u in np.ndindex(w2.shape[2:]):
        w[:, :, t : t + a, u : u + b] = np.einsum("om,miab->oiab", w2[:, :, t, u], w1)
    return w


@exercise.wrong(
    "Input and output channels are exchanged in your answer. "
    "The filters come first: (C_out, C_in, rows, columns)."
)
def axes_exchanged(w1, w2):
    return collapse_two_layers(w1, w2).swapaxes(0, 1)


@exercise.wrong(
    "You let w2 come first. Its channels are the filters of w1: w1 works on the image, "
    "and w2 on what comes out."
)
def layers_exchanged(w1, w2):
    if len(w2) != w1.shape[1]:
        raise ValueError("the channels do not match")
    return collapse_two_layers(w2, w1)


@exercise.wrong(
    "The first two axes of w2 are exchanged: you wrote w2[m, o]. Its filters come "
    "first, w2[o, m]; where there are as many filters as channels, no error tells you."
)
def indices_exchanged(w1, w2):
    turned = [w2[range(len(w1)), o] for o in range(len(w2))]
    return collapse_two_layers(w1, np.stack(turned))


@exercise.wrong(
    "You took the first axis of w2 for the channels in between. It counts the filters; "
    "its second axis belongs to the filters of w1."
)
def second_axes_exchanged(w1, w2):
    if len(w2) != len(w1):
        raise ValueError("the channels do not match")
    return collapse_two_layers(w1, w2.swapaxes(0, 1))


@exercise.wrong(
    "You multiplied entries that lie on top of each other. A kernel that slides over "
    "the output of another one sees further: the result is a + c - 1 high."
)
def entry_by_entry(w1, w2):
    return np.einsum("omab,miab->oiab", w2, w1)


@exercise.wrong(
    "You cut the outer rows and columns off and kept the size of w1. Two layers see "
    "more pixels than one: the kernels become larger."
)
def cut_to_the_first(w1, w2):
    (a, b), (c, d) = w1.shape[2:], w2.shape[2:]
    top, left = (c - 1) // 2, (d - 1) // 2
    return collapse_two_layers(w1, w2)[:, :, top : top + a, left : left + b]


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from w1, "
    "and w1 may hold integers while w2 holds fractions."
)
def truncated(w1, w2):
    return collapse_two_layers(w1, w2).astype(w1.dtype)


@exercise.wrong(
    "The ways through the channels in between were not added up: your answer has a "
    "third axis for them. Sum over m, for each o and i."
)
def ways_kept_last(w1, w2):
    return np.moveaxis(ways_not_summed(w1, w2), 1, 2)


@exercise.wrong(
    "You took the mean of the ways through the channels in between. They add up: "
    "nothing is divided by their number."
)
def ways_averaged(w1, w2):
    return collapse_two_layers(w1, w2) / len(w1)


@exercise.alternative
def by_fourier(w1, w2):
    size = [n + m - 1 for n, m in zip(w1.shape[2:], w2.shape[2:], strict=True)]
    spectra = np.fft.rfft2(w2, size), np.fft.rfft2(w1, size)
    return np.fft.irfft2(np.einsum("omhw,mihw->oihw", *spectra), size)


@exercise.alternative
def way_by_way(w1, w2):
    (c_mid, c_in, a, b), (c_out, _, c, d) = w1.shape, w2.shape
    w = np.zeros((c_out, c_in, a + c - 1, b + d - 1))
    for o, i, m in np.ndindex(c_out, c_in, c_mid):
        for r, s, t, u in np.ndindex(a, b, c, d):
            w[o, i, r + t, s + u] += w1[m, i, r, s] * w2[o, m, t, u]
    return w


@exercise.alternative
def by_asking_an_impulse(w1, w2):
    def conv2d(x, weight):
        windows = np.lib.stride_tricks.sliding_window_view(
            x, weight.shape[2:], axis=(2, 3)
        )
        return np.einsum("ncijab,ocab->noij", windows, weight)

    (_, c_in, a, b), (_, _, c, d) = w1.shape, w2.shape
    h, w = a + c - 1, b + d - 1
    impulses = np.zeros((c_in, c_in, 2 * h - 1, 2 * w - 1))
    impulses[range(c_in), range(c_in), h - 1, w - 1] = 1
    answers = conv2d(conv2d(impulses, w1), w2)
    return answers.swapaxes(0, 1)[..., ::-1, ::-1]


@exercise.alternative
def in_single_precision(w1, w2):
    return by_fourier(w1, w2).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    w1 = np.array([[1, 2], [1, 0]]).reshape(2, 1, 1, 2)
    yield w1, np.array([[3, 10], [5, 0]]).reshape(1, 2, 1, 2)


@exercise.cases("other numbers of channels", points=1)
def others():
    w1 = np.arange(36).reshape(3, 2, 2, 3) ** 2 % 7 - 2
    yield w1, np.arange(24).reshape(2, 3, 2, 2) % 5 - 1.5
    square = np.array([3, -1, 4, 1, -5, 9, 2, -6, 5, 3, -5, 8, 9, 7, -9, 3])
    square = square.reshape(2, 2, 2, 2)
    yield square, np.arange(16.0).reshape(2, 2, 2, 2) ** 2 % 11 - 3


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    w1 = np.arange(60.0).reshape(2, 5, 2, 3) ** 2 % 13 - 6
    yield w1[:, ::-2], np.array([[2.0, -3], [1, 4], [-2, 0.5]]).reshape(3, 2, 1, 1)
    yield w1[:1, :1, :1, :1], np.arange(12.0).reshape(2, 1, 2, 3) - 4


@exercise.fresh("fresh layers", points=1)
def drawn(rng):
    c_in, c_mid, c_out = rng.choice([(1, 2, 3), (2, 3, 2), (3, 2, 1), (2, 2, 2)])
    first, second = rng.integers(2, 4, (2, 2))
    w1 = rng.integers(-9, 10, (c_mid, c_in, *first)) / 2
    return w1, rng.integers(-9, 10, (c_out, c_mid, *second)) / 2

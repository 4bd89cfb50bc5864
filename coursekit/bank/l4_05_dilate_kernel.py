r"""Spread a kernel

Write `dilate_kernel(k, dilation)`: the kernel `k` with its taps moved apart and zeros
between them.

- `k` has shape `(kH, kW)`, at least `(1, 1)`; a NumPy array of integers or of floats.
- `dilation = (dH, dW)` is a pair of integers, at least 1: the distance from one tap to
  the next, downwards and to the right. So there are `dH - 1` rows and `dW - 1` columns
  of zeros between neighbours; `(1, 1)` changes nothing.
- Return an array of shape `(dH * (kH - 1) + 1, dW * (kW - 1) + 1)`. Its entry
  `[dH * a, dW * b]` is `k[a, b]`; all other entries are 0. There are zeros **between**
  taps only: each border row and column holds taps.
- Leave `k` as it is.

**By hand.** Rows stay together, columns move three apart:

    k = 1 2      dilate_kernel(k, (1, 3)) = 1 0 0 2
        3 4                                 3 0 0 4
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=8,
    section="Dilation",
    hints=(
        "Make the zeros first and lay the taps into them. How long does an axis get? "
        "Count the taps and the zeros between them for 3 taps and distance 2.",
        "Tap `[a, b]` lands at `[dH * a, dW * b]`; the last one, `kH - 1`, at "
        "`dH * (kH - 1)`, and there the array ends. A slice with a step reaches all "
        "these places at once.",
        "Almost code:\n\n"
        "    out = zeros (floats) of shape (dH * (kH - 1) + 1, dW * (kW - 1) + 1)\n"
        "    every dH-th row and every dW-th column of out = k\n"
        "    return out            # out[::dH, ::dW] is a part you may assign to",
    ),
)


@exercise.solution
def dilate_kernel(k, dilation):
    """Return k (kH, kW) with its taps dilation = (dH, dW) apart, zeros between."""
    (k_h, k_w), (d_h, d_w) = k.shape, dilation
    out = np.zeros((d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1))
    out[::d_h, ::d_w] = k
    return out


@exercise.wrong(
    "You put `dilation` zeros between two taps, one too many. The dilation is the "
    "distance from tap to tap: with 1 they are neighbours."
)
def dilation_as_gap(k, dilation):
    return dilate_kernel(k, (dilation[0] + 1, dilation[1] + 1))


@exercise.wrong(
    "You put zeros after the last tap, too. They belong between the taps: "
    "an axis gets dilation * (k - 1) + 1 long, not dilation * k."
)
def zeros_at_the_end(k, dilation):
    more = [(0, d - 1) for d in dilation]
    return np.pad(dilate_kernel(k, dilation), more)


@exercise.wrong(
    "You repeated each tap instead of moving the taps apart. What lies between two "
    "taps is 0, so that the kernel has no new weights."
)
def taps_repeated(k, dilation):
    return np.kron(k, np.ones(dilation))


@exercise.wrong(
    "You put the zeros round the kernel. They belong between its taps: each border "
    "row and column of the result holds taps."
)
def zeros_around(k, dilation):
    room = [
        n - m for n, m in zip(dilate_kernel(k, dilation).shape, k.shape, strict=True)
    ]
    return np.pad(k, [(r // 2, r - r // 2) for r in room])


@exercise.wrong(
    "The two dilations are exchanged. dilation[0] spreads the rows downwards, "
    "dilation[1] the columns to the right."
)
def axes_exchanged(k, dilation):
    return dilate_kernel(k, dilation[::-1])


@exercise.wrong(
    "You use dilation[0] for both axes. dilation[1] spreads the columns, "
    "and it may be another one."
)
def first_dilation_twice(k, dilation):
    return dilate_kernel(k, (dilation[0], dilation[0]))


@exercise.wrong(
    "Only the rows are spread. dilation[1] is the distance of the columns: "
    "put zeros between them as well."
)
def only_the_rows(k, dilation):
    return dilate_kernel(k, (dilation[0], 1))


@exercise.wrong(
    "You thinned the kernel out: taps are missing. All of them stay; "
    "they move apart, and zeros come in between."
)
def thinned_out(k, dilation):
    return k[:: dilation[0], :: dilation[1]].copy()


@exercise.wrong(
    "The shape is right but every tap has the value 0 or 1. Lay the taps of k "
    "into the zeros, not a mark for them."
)
def marks_for_taps(k, dilation):
    return dilate_kernel(np.ones(k.shape), dilation)


@exercise.wrong(
    "The fractions were cut off: your output array holds integers. "
    "np.zeros(shape) makes floats."
)
def truncated(k, dilation):
    return dilate_kernel(k, dilation).astype(int)


@exercise.alternative
def tap_by_tap(k, dilation):
    out = np.zeros([d * (n - 1) + 1 for d, n in zip(dilation, k.shape, strict=True)])
    for a, b in np.ndindex(k.shape):
        out[a * dilation[0], b * dilation[1]] = k[a, b]
    return out


@exercise.alternative
def by_kronecker(k, dilation):
    corner = np.zeros(dilation)
    corner[0, 0] = 1
    rows, columns = ((n - 1) * d + 1 for n, d in zip(k.shape, dilation, strict=True))
    return np.kron(k, corner)[:rows, :columns]


@exercise.alternative
def in_single_precision(k, dilation):
    return dilate_kernel(k, dilation).astype(np.float32)


@exercise.cases("worked examples", points=1)
def worked():
    yield np.array([[1, 2], [3, 4]]), (1, 3)
    yield np.array([[1, 2], [3, 4]]), (2, 2)


@exercise.cases("uneven shapes and distances", points=1)
def uneven():
    yield np.array([[1.5, -2, 3], [4, 5, -0.5]]), (2, 3)
    yield np.array([[2.0], [7], [-1]]), (3, 2)
    yield np.array([[5, 6, 7]]), (1, 1)


@exercise.fresh("fresh kernels", points=1)
def drawn(rng):
    d_h, d_w = rng.permutation([1, 2, 3, 4])[:2]
    k = rng.integers(1, 20, rng.integers(2, 5, 2)) / 2
    return k, (int(d_h), int(d_w))

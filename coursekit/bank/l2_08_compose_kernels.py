r"""Two filters in one

An image is correlated with `k1`, and what comes out is correlated with `k2`. Write
`compose_kernels(k1, k2)`: the one kernel that does both in a single correlation.

- `k1` has shape `(a, b)` and `k2` has shape `(c, d)`; NumPy arrays of integers or of
  floats, not always of the same kind.
- Return the kernel `k` of shape `(a + c - 1, b + d - 1)` for which, whatever the image
  `x`, `corr2d(x, k)` equals `corr2d(corr2d(x, k1), k2)`. Here `corr2d` is the
  correlation of this lesson: kernel not flipped, no padding.
- Leave `k1` and `k2` as they are. Any way of computing the numbers is fine.

**By hand.** `k1 = 1 2` makes of the pixels `p q r` the two numbers `p + 2q` and
`q + 2r`. Then `k2 = 3 10` makes of these

    3*(p + 2q) + 10*(q + 2r)  =  3p + 16q + 20r

so `compose_kernels(k1, k2)` is `[[3, 16, 20]]`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=4,
    difficulty=4,
    minutes=20,
    section="Chains of filters",
    scale=bilinear_scale,
    hints=(
        "Do the example by hand with letters: k1 = (s, t), k2 = (u, v). Which products "
        "of an entry of k1 and an entry of k2 end up in front of p, of q, of r?",
        "Entry `[i, j]` of k1 looks i rows down and j to the right; entry `[m, n]` of "
        "k2 looks m and n further on. Together they reach the pixel `i + m` down and "
        "`j + n` to the right, with weight `k1[i, j] * k2[m, n]`. Several pairs reach "
        "the same pixel.",
        "Almost code:\n\n"
        "    k = zeros (floats) of shape (a + c - 1, b + d - 1)\n"
        "    for every row m and column n of k2:\n"
        "        add k2[m, n] * k1 to the part of k that starts at [m, n]\n"
        "        and is as large as k1\n"
        "    return k",
    ),
)


@exercise.solution
def compose_kernels(k1, k2):
    """Return the one kernel that equals correlating with k1, then with k2."""
    k = np.zeros((k1.shape[0] + k2.shape[0] - 1, k1.shape[1] + k2.shape[1] - 1))
    for m, n in np.ndindex(k2.shape):
        k[m : m + k1.shape[0], n : n + k1.shape[1]] += k2[m, n] * k1
    return k


@exercise.wrong(
    "You correlated one kernel with the other, so k2 goes in turned by half a turn. "
    "Offsets add up: entry [i, j] of k1 and entry [m, n] of k2 meet at [i + m, j + n]."
)
def second_turned(k1, k2):
    return compose_kernels(k1, k2[::-1, ::-1])


@exercise.wrong(
    "You correlated one kernel with the other, so k1 goes in turned by half a turn. "
    "Offsets add up: entry [i, j] of k1 and entry [m, n] of k2 meet at [i + m, j + n]."
)
def first_turned(k1, k2):
    return compose_kernels(k1[::-1, ::-1], k2)


@exercise.wrong(
    "Your kernel is turned by half a turn. Both steps are correlations: "
    "entry [0, 0] is the product of the two top left entries."
)
def result_turned(k1, k2):
    return compose_kernels(k1, k2)[::-1, ::-1]


@exercise.wrong(
    "Where several pairs of entries meet, you kept only the last product. "
    "Add them up: assign with +=, not with =."
)
def overwritten(k1, k2):
    k = np.zeros_like(compose_kernels(k1, k2))
    for m, n in np.ndindex(k2.shape):
        k[m : m + k1.shape[0], n : n + k1.shape[1]] = k2[m, n] * k1
    return k


@exercise.wrong(
    "You added the kernels. That is two filters beside each other with their results "
    "added; here the second filter works on the result of the first."
)
def added(k1, k2):
    k = np.zeros_like(compose_kernels(k1, k2))
    k[: k1.shape[0], : k1.shape[1]] += k1
    k[: k2.shape[0], : k2.shape[1]] += k2
    return k


@exercise.wrong(
    "You used the matrix product of the kernels. A kernel slides over the image; it "
    "is no matrix that the image is multiplied by. Follow the letters of the example."
)
def matrix_product(k1, k2):
    return k1 @ k2


@exercise.wrong(
    "Every entry of k1 was replaced by a whole copy of k2, side by side. The copies "
    "have to start one step apart and to overlap, and what overlaps adds up."
)
def side_by_side(k1, k2):
    return np.kron(k1, k2)


@exercise.wrong(
    "You cut the outer rows and columns off and kept the size of k1. Correlating twice "
    "looks at more pixels than correlating once: the composed kernel is larger."
)
def cut_to_the_first(k1, k2):
    k = compose_kernels(k1, k2)
    top, left = (k2.shape[0] - 1) // 2, (k2.shape[1] - 1) // 2
    return k[top : top + k1.shape[0], left : left + k1.shape[1]]


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from k1, "
    "and k1 may hold integers while k2 holds fractions."
)
def truncated(k1, k2):
    return compose_kernels(k1, k2).astype(k1.dtype)


@exercise.wrong(
    "You kept only the places where one kernel lies wholly on the other. Every place "
    "counts where they share an entry: the result is larger than both kernels."
)
def whole_places_only(k1, k2):
    k = compose_kernels(k1, k2)
    inner = [slice(min(n) - 1, max(n)) for n in zip(k1.shape, k2.shape, strict=True)]
    return k[tuple(inner)]


@exercise.wrong(
    "You cut np.kron to the right size. It puts the copies of k2 side by side; here "
    "they start one step apart and overlap, and what overlaps adds up."
)
def cut_from_kron(k1, k2):
    return np.kron(k1, k2)[tuple(map(slice, compose_kernels(k1, k2).shape))]


@exercise.wrong(
    "You cut np.kron to the right size. It puts the copies of k1 side by side; here "
    "they start one step apart and overlap, and what overlaps adds up."
)
def cut_from_kron_of_the_second(k1, k2):
    return np.kron(k2, k1)[tuple(map(slice, compose_kernels(k1, k2).shape))]


@exercise.wrong(
    "Every entry of k2 was replaced by a whole copy of k1, side by side. The copies "
    "have to start one step apart and to overlap, and what overlaps adds up."
)
def side_by_side_of_the_second(k1, k2):
    return np.kron(k2, k1)


@exercise.wrong(
    "Your Fourier transforms are as long as the larger kernel, so what goes out on one "
    "side comes in on the other. Pad both kernels to (a + c - 1, b + d - 1) first."
)
def came_in_again(k1, k2):
    size = tuple(map(max, k1.shape, k2.shape))
    return np.fft.irfft2(np.fft.rfft2(k1, size) * np.fft.rfft2(k2, size), size)


@exercise.wrong(
    "Your Fourier transforms are as long as k1, so k2 is cut or what goes out on one "
    "side comes in on the other. Pad both kernels to (a + c - 1, b + d - 1) first."
)
def as_long_as_the_first(k1, k2):
    size = k1.shape
    return np.fft.irfft2(np.fft.rfft2(k1, size) * np.fft.rfft2(k2, size), size)


@exercise.alternative
def by_fourier(k1, k2):
    shape = (k1.shape[0] + k2.shape[0] - 1, k1.shape[1] + k2.shape[1] - 1)
    return np.fft.irfft2(np.fft.rfft2(k1, shape) * np.fft.rfft2(k2, shape), shape)


@exercise.alternative
def by_summing_pairs(k1, k2):
    k = np.zeros((k1.shape[0] + k2.shape[0] - 1, k1.shape[1] + k2.shape[1] - 1))
    for i, j in np.ndindex(k1.shape):
        for m, n in np.ndindex(k2.shape):
            k[i + m, j + n] += k1[i, j] * k2[m, n]
    return k


@exercise.alternative
def in_single_precision(k1, k2):
    return compose_kernels(k1, k2).astype(np.float32)


@exercise.alternative
def the_other_order(k1, k2):
    return compose_kernels(k2, k1)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[1, 2]]), np.array([[3, 10]])


@exercise.cases("two axes, uneven sizes", points=1)
def uneven():
    yield np.array([[1.0, -2, 3], [4, 0, -1]]), np.array([[2.0, 1], [-3, 5]])
    yield np.array([[3.0], [-1], [2]]), np.array([[1.0, 4, -2]])
    yield np.array([[1, 3], [-2, 5]]), np.array([[0.5, 0.25, 1]])


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    yield np.array([[2.0, -1], [7, 3], [1, 5]]), np.array([[-3.0]])
    yield np.arange(30.0).reshape(5, 6)[::2, ::-2], np.array([[1.0, -2], [4, 3]])


@exercise.fresh("fresh kernels", points=1)
def drawn(rng):
    first, second = rng.integers(2, 4, size=(2, 2))
    return rng.integers(-9, 10, first) / 2, rng.integers(-9, 10, second) / 2

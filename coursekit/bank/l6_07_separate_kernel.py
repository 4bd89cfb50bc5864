r"""Take a kernel apart

Write `separate_kernel(k)`: it finds a column and a row whose product is the kernel, or
says that there are none.

- `k` is a NumPy array of integers or floats, of shape `(kH, kW)`. It need not be
  square, it may have a single row or column, and it is never all zeros.
- If `k` has rank 1, return a pair `(column, row)` of arrays with one axis each, shapes
  `(kH,)` and `(kW,)`, for which `np.outer(column, row)` equals `k`: entry `[a, b]` is
  `column[a] * row[b]`. Many pairs do (double one, halve the other), and any is right:
  only their product is judged.
- Otherwise raise a `ValueError`, with any message.
- Numbers are rounded, so no second singular value is exactly 0. Take the rank as 1 if
  the second singular value is at most `1e-10` times the **first**. (No kernel of the
  check is close to that limit.) Kernels may be tiny or huge as a whole.
- Leave `k` as it is. You need not use the SVD, if your test for rank 1 decides alike.

**By hand.** Every row of this kernel is a multiple of `1 3`:

    2  6      column = 2 4      2*1 2*3
    4 12      row    = 1 3      4*1 4*3

so `separate_kernel(k)` may return `2 4` and `1 3`, or `1 2` and `2 6`. With a 13 in
place of the 12 it must raise a ValueError.
"""

import numpy as np

from coursekit.exercise import Exercise


def product_of(pair):
    """Return the kernel that a column and a row make; it is judged, by this name."""
    column, row = pair
    with np.errstate(all="ignore"):  # some divide by 0
        product = np.outer(column, row) + 0.0  # no -0 in reports
    return {"np.outer(column, row)": product}


exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=13,
    section="Kernels that split",
    measure=product_of,
    hints=(
        "`u, s, vt = np.linalg.svd(k)` writes k as a sum: s[0] times a column times a "
        "row, plus s[1] times another column and row, and so on. When is the first "
        "term all there is?",
        "The column that belongs to s[0] is the first **column** of u, the row is the "
        "first **row** of vt. Both have length 1, so s[0] has to go into one of them. "
        "Ask whether any of s[1:] is more than 1e-10 * s[0]; s[1:] may be empty.",
        "Almost code:\n\n"
        "    u, s, vt = the SVD of k\n"
        "    if any of s[1:] is larger than 1e-10 * s[0]: raise a ValueError\n"
        "    return s[0] * first column of u, first row of vt",
    ),
)


@exercise.solution
def separate_kernel(k):
    """Return (column, row) with outer product k; raise where the rank is not 1."""
    u, s, vt = np.linalg.svd(k)
    if np.any(s[1:] > 1e-10 * s[0]):
        raise ValueError(f"this kernel has no column and row; singular values: {s}")
    return s[0] * u[:, 0], vt[0]


@exercise.wrong(
    "You never look at the rank. For a kernel that does not split, the first column "
    "and row give only something near it: raise a ValueError if the second singular "
    "value is not small beside the first."
)
def rank_not_tested(k):
    u, s, vt = np.linalg.svd(k)
    return s[0] * u[:, 0], vt[0]


def slip(sentence):
    """Take (kernel, its SVD) -> pair as two wrong answers: rank tested, and not."""

    def keep(definition):
        def tested(k):
            return separate_kernel(k) and definition(k, *np.linalg.svd(k))

        def untested(k):
            return definition(k, *np.linalg.svd(k))

        tested.__name__ = definition.__name__
        untested.__name__ = f"{definition.__name__}_untested"
        exercise.wrong(sentence)(tested)
        exercise.wrong(
            f"{sentence} And nothing looks at the rank: for a kernel that does not "
            "split, raise a ValueError."
        )(untested)
        return definition

    return keep


@slip(
    "The singular value is missing. The column of u and the row of vt have length 1; "
    "multiply one of them by s[0], or each by its square root."
)
def without_singular_value(k, u, s, vt):
    return u[:, 0], vt[0]


@slip(
    "The singular value is in your answer twice. Multiply the column or the row by "
    "s[0], or each of them by its square root."
)
def singular_value_twice(k, u, s, vt):
    return s[0] * u[:, 0], s[0] * vt[0]


@slip(
    "You took the first column of the third array. NumPy returns it transposed "
    "already, as vt: the row is vt[0], its first row."
)
def column_of_vt(k, u, s, vt):
    return s[0] * u[:, 0], vt[:, 0]


@slip(
    "You took the first row of u. The columns of u belong to the singular values: the "
    "column is u[:, 0]."
)
def row_of_u(k, u, s, vt):
    return s[0] * u[0], vt[0]


@slip(
    "You divide by the entry at the top left, and it may be 0. Take a row and a column "
    "through an entry that is not 0, the largest, or use the SVD."
)
def divided_by_the_corner(k, u, s, vt):
    return k[:, 0] / k[0, 0], k[0]


@slip(
    "You divide the first row by the entry at the top left, and it may be 0. Take a "
    "row and a column through an entry that is not 0, the largest, or use the SVD."
)
def row_divided_by_the_corner(k, u, s, vt):
    return k[:, 0], k[0] / k[0, 0]


@slip(
    "You took the first column and the first row as they are. Their product is too "
    "large by the factor k[0, 0]; and if that entry is 0, they are the wrong ones."
)
def corner_not_divided(k, u, s, vt):
    return k[:, 0], k[0]


@slip(
    "The pair is the wrong way round: first the column, with a number for each row of "
    "the kernel, then the row."
)
def exchanged(k, u, s, vt):
    return vt[0], s[0] * u[:, 0]


@exercise.wrong(
    "For a kernel that does not split you return None. Raise a ValueError there, so "
    "that nobody goes on with it: `raise ValueError(...)`."
)
def returned_none(k):
    try:
        return separate_kernel(k)
    except ValueError:
        return None


@exercise.wrong(
    "An `assert` raises an AssertionError. Raise a ValueError: "
    "`if ...: raise ValueError(...)`."
)
def asserted(k):
    try:
        return separate_kernel(k)
    except ValueError:
        raise AssertionError from None


@exercise.wrong(
    "Your column has shape (kH, 1) and your row (1, kW). Both should have one axis: "
    "u[:, 0] and vt[0], without a range."
)
def with_two_axes(k):
    column, row = separate_kernel(k)
    return column[:, None], row[None]


@exercise.wrong(
    "You ask whether the second singular value is exactly 0. Rounding leaves something "
    "like 1e-17 there: compare it with 1e-10 times the first."
)
def exactly_zero(k):
    if np.any(np.linalg.svd(k, compute_uv=False)[1:] > 0):
        raise ValueError
    return separate_kernel(k)


@exercise.wrong(
    "You compare the second singular value with a fixed number. If the whole kernel is "
    "tiny, so are all its singular values: compare the second with the first."
)
def fixed_limit(k):
    u, s, vt = np.linalg.svd(k)
    if np.any(s[1:] > 1e-10):
        raise ValueError
    return s[0] * u[:, 0], vt[0]


@exercise.wrong(
    "You count the singular values above a fixed number. If the whole kernel is tiny "
    "or huge, so are all of them, or their rounding: compare with the first one."
)
def counted_above_a_fixed_limit(k):
    u, s, vt = np.linalg.svd(k)
    if np.sum(s > 1e-10) != 1:
        raise ValueError
    return s[0] * u[:, 0], vt[0]


@exercise.wrong(
    "A kernel of a single row or column has one singular value, and s[1] does not "
    "exist. It always splits: ask about s[1:], which may be empty."
)
def no_second_value(k):
    if 1 in k.shape:
        raise IndexError
    return separate_kernel(k)


@exercise.alternative
def through_the_largest_entry(k):
    i, j = np.unravel_index(np.abs(k).argmax(), k.shape)
    column, row = k[:, j] / k[i, j], k[i]
    if np.abs(np.outer(column, row) - k).max() > 1e-8 * np.abs(k).max():
        raise ValueError("rank 2 or more")
    return column, row


@exercise.alternative
def square_roots(k):
    u, s, vt = np.linalg.svd(k.astype(float), full_matrices=False)
    if np.linalg.matrix_rank(k, rtol=1e-10) != 1:
        raise ValueError("rank 2 or more")
    root = -np.sqrt(s[0])
    return [u[:, 0] * root, vt[0] * root]


@exercise.alternative
def in_single_precision(k):
    column, row = separate_kernel(k)
    return (column * 4).astype(np.float32), (row / 4).astype(np.float32)


@exercise.cases("worked examples", points=1)
def worked():
    yield (np.array([[2, 6], [4, 12]]),)
    yield (np.array([[2, 6], [4, 13]]),)
    yield (np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),)
    yield (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),)


@exercise.cases("uneven, rounded, with zeros", points=1)
def uneven():
    bell = np.exp(-(np.arange(-3, 4) ** 2) / 4.5)
    yield (np.outer(bell, bell / bell.sum()),)
    yield (np.outer([0, 1.5, 2, 0.3], [0, 3.1, 0.7]),)
    yield (np.array([[2.0, -1, 0.5]]),)
    yield (np.array([[2.0], [-1], [0.5]]),)
    yield (np.outer([1.0, 2, 3, 4], [5.0, 6, 7]) + np.eye(4, 3) / 100,)


@exercise.cases("tiny and huge", points=1, shown=False)
def scaled():
    diagonal = np.array([[1.0, 2, 0], [0, 1, 0]])
    yield (diagonal * 1e-14,)
    yield (diagonal * 1e14,)
    yield (np.outer([1.1, 2.3, -0.7], [3.3, 0.9]) * 1e14,)
    yield (np.outer([1.1, 2.3, -0.7], [3.3, 0.9]) * 1e-14,)


@exercise.fresh("fresh kernels", points=1)
def drawn(rng):
    h, w = rng.integers(2, 6, size=2)
    column, row = rng.integers(1, 10, h) / 2, rng.integers(1, 10, w) / 2
    signs = rng.choice([-1, 1], h)
    k = np.outer(column * signs, row)
    if rng.integers(3) == 0:
        k[rng.integers(h), rng.integers(w)] += 1.5
    return (k,)

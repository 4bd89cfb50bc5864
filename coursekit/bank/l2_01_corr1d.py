r"""Slide a kernel along a signal

Write `corr1d(x, k)`. Lay the kernel `k` on the signal `x` at every place where the
whole kernel fits, multiply the numbers that lie on top of each other, and add the
products up. Each place gives one number.

- `x` has shape `(n,)` and `k` has shape `(w,)` with `1 <= w <= n`. Both are NumPy
  arrays of integers or of floats, not always of the same kind.
- Return an array of shape `(n - w + 1,)`. Its entry `i` is
  `x[i]*k[0] + x[i+1]*k[1] + ... + x[i+w-1]*k[w-1]`.
- The kernel moves one step at a time, is not turned round, and never hangs over an
  end: no padding.
- Leave `x` and `k` as they are. Any way of computing the numbers is fine.

**By hand.** `x = (1, 2, 4, 7)` and `k = (10, 1)` fit together in three places:

    1*10 + 2*1 = 12        2*10 + 4*1 = 24        4*10 + 7*1 = 47

so `corr1d(x, k)` is `[12, 24, 47]`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=3,
    difficulty=1,
    minutes=10,
    section="One dimension",
    scale=bilinear_scale,
    hints=(
        "Settle the length of the answer first: at how many places can the kernel "
        "start? Then write what happens at one place, and repeat it for each.",
        "Output `i` looks at `x[i]` to `x[i + w - 1]`: the slice `x[i : i + w]`, as "
        "long as `k`. Multiply the two and sum. Here `i` runs from 0 to `n - w`.",
        "Almost code:\n\n"
        "    out = an array of n - w + 1 zeros (floats)\n"
        "    for every i in range(n - w + 1):\n"
        "        out[i] = the sum of (slice of x from i, w long) * k\n"
        "    return out",
    ),
)


@exercise.solution
def corr1d(x, k):
    """Return the valid cross-correlation of x (n,) with k (w,)."""
    w = len(k)
    out = np.zeros(len(x) - w + 1)
    for i in range(len(out)):
        out[i] = np.sum(x[i : i + w] * k)
    return out


@exercise.wrong(
    "You turned the kernel round, which makes this a convolution. "
    "The first entry of k belongs to the leftmost number under it."
)
def flipped(x, k):
    return np.convolve(x, k, mode="valid")


@exercise.wrong(
    "The last place is missing. With n = 4 and w = 2 the kernel can start "
    "at 0, 1 and 2: count the places again."
)
def one_short(x, k):
    return corr1d(x, k)[:-1]


@exercise.wrong(
    "You let the kernel hang over both ends, so the answer is longer than x. "
    "Keep only the places where the whole kernel lies on the signal."
)
def hung_over(x, k):
    return np.correlate(x, k, mode="full")


@exercise.wrong(
    "You added zeros to keep the length of x. Nothing is padded here: "
    "the answer is shorter than the signal whenever k has two entries or more."
)
def kept_the_length(x, k):
    before = (len(k) - 1) // 2
    return corr1d(np.pad(x, (before, len(k) - 1 - before)), k)


@exercise.wrong(
    "Only the last product of each place is left: every product replaced "
    "the one before it. Add them up instead."
)
def overwritten(x, k):
    return x[len(k) - 1 :] * k[-1]


@exercise.wrong(
    "The sum is not set back to zero between places, so each output also "
    "contains all the outputs before it."
)
def running_total(x, k):
    return np.cumsum(corr1d(x, k))


@exercise.wrong(
    "The kernel jumped by its own length, so places in between are missing. "
    "It moves one step at a time."
)
def leaped(x, k):
    return corr1d(x, k)[:: len(k)]


@exercise.wrong(
    "You divided by the length of the kernel: that is a mean. The sum is wanted."
)
def averaged(x, k):
    return corr1d(x, k) / len(k)


@exercise.wrong(
    "The fractions were cut off: your output array takes its kind of number from x, "
    "and x may hold integers while k holds fractions."
)
def truncated(x, k):
    return corr1d(x, k).astype(x.dtype)


@exercise.wrong(
    "Your answer is as long as x: out was made with the length of x, and its end was "
    "never filled. There are n - w + 1 places."
)
def end_left_zero(x, k):
    return np.append(corr1d(x, k), np.zeros(len(k) - 1))


@exercise.wrong(
    "Your loop runs over all n numbers of x, and near the end x[i + j] does not exist. "
    "Run over the n - w + 1 places where the whole kernel fits."
)
def past_the_end_of_x(x, k):
    out = np.zeros(len(x))
    for i in range(len(x)):
        for j in range(len(k)):
            out[i] += x[i + j] * k[j]
    return out


@exercise.wrong(
    "You cut a slice at every number of x. Near the end it is shorter than the kernel: "
    "run over the n - w + 1 places where the whole kernel fits."
)
def short_slices(x, k):
    return np.array([np.sum(x[i : i + len(k)] * k) for i in range(len(x))])


@exercise.wrong(
    "The output has the right length, but your loop goes on over all n numbers of x, "
    "past its end. Run over the places: range(n - w + 1)."
)
def past_the_end_of_the_output(x, k):
    out = np.zeros(len(x) - len(k) + 1)
    for i in range(len(x)):
        out[i] = np.sum(x[i : i + len(k)] * k)
    return out


@exercise.alternative
def by_numpy(x, k):
    return np.correlate(x, k, mode="valid")


@exercise.alternative
def by_shifted_copies(x, k):
    places = len(x) - len(k) + 1
    return sum(k[j] * x[j : j + places] for j in range(len(k)))


@exercise.alternative
def in_single_precision(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(k))
    return windows.astype(np.float32) @ k.astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([1, 2, 4, 7]), np.array([10, 1])
    yield np.array([0.0, 0, 0, 1, 2, 3, 4, 4, 4, 4]), np.array([-1.0, 1])


@exercise.cases("other lengths and numbers", points=1)
def other_lengths():
    yield np.array([3.0, -1, 4, -1, 5, -9, 2]), np.array([2.0, -7, 1])
    yield np.array([2, -7, 1, 8]), np.array([0.5, 0.25])


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield np.array([2.5, -3, 4]), np.array([1.0, 2, -4])
    yield np.array([5.0, -2, 6]), np.array([3.0])
    yield np.arange(12.0)[::-2] ** 2, np.array([1.0, 0.5, -3, 2])


@exercise.fresh("fresh signals", points=0.5)
def drawn(rng):
    w = int(rng.integers(2, 5))
    n = w + int(rng.integers(2, 8))
    return rng.integers(-9, 10, n) / 2, rng.integers(-9, 10, w) / 2

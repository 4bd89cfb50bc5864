r"""How many windows?

Write `pool_out_len(n, k, stride, padding=0, ceil_mode=False)`: how many windows of `k`
samples a pooling layer lays along an axis of `n` samples, counted as torch counts.

- `n`, `k` and `stride` are integers, at least 1. `padding` is an integer from 0 to half
  of `k`; so many samples are added **on each side**.
- Windows start at 0, `stride`, `2 * stride`, ..., counted from the first sample of the
  padding on the left. The samples of the input lie at `padding` up to
  `padding + n - 1`; behind them comes the padding on the right.
- `ceil_mode=False`: count the windows that fit as a whole into the `n + 2 * padding`
  samples.
- `ceil_mode=True`: count also a window that hangs over the end of the padded samples by
  fewer than `stride` samples. But a window that **starts** in the padding on the right,
  or behind it, never counts: it has to start in the input or in the left padding.
- Return an int. Where no window counts, raise a `ValueError`; its text is up to you.

**By hand.** `pool_out_len(6, 3, 2)`: the windows 0 1 2 and 2 3 4 fit; the next would
cover 4 5 6, and there is no sample 6. The answer is 2. With `ceil_mode=True` it counts:
it hangs over by one sample, and it starts in the input. The answer is 3.

`pool_out_len(3, 2, 2, padding=1, ceil_mode=True)`: there are 5 samples, 0 for the
padding on the left, 1 2 3 for the input, 4 for the padding on the right. The windows
0 1 and 2 3 fit. The window 4 5 hangs over by one sample, but it starts in the padding
on the right. The answer is 2.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=15,
    section="How many windows",
    hints=(
        "Start with `ceil_mode=False`: that is `out_len` of lesson 4. Which starts are "
        "added by `ceil_mode`, and which of them are taken away again?",
        "Let `room = n + 2 * padding - k`, the last start at which a window fits. A "
        "window that starts at `s` hangs over by `s - room` samples. So `ceil_mode` "
        "rounds `room / stride` up where otherwise it is rounded down. It starts too "
        "late if `s >= n + padding`.",
        "Almost code:\n\n"
        "    room = n + padding on both sides - k\n"
        "    out = room / stride rounded down, plus 1\n"
        "    if ceil_mode:\n"
        "        out = room / stride rounded up, plus 1\n"
        "        if the last start, (out - 1) * stride, is n + padding or more:\n"
        "            take one window away\n"
        "    if out is less than 1: raise ValueError(...)\n"
        "    return out\n\n"
        "`-(-a // b)` is a / b rounded up, also for a negative a.",
    ),
)


@exercise.solution
def pool_out_len(n, k, stride, padding=0, ceil_mode=False):
    """Return how many windows of k samples torch's pooling lays on n samples."""
    room = n + 2 * padding - k
    out = room // stride + 1
    if ceil_mode:
        out = -(-room // stride) + 1
        if (out - 1) * stride >= n + padding:
            out -= 1
    if out < 1:
        raise ValueError(f"no window of {k} counts on {n + 2 * padding} samples")
    return out


def counted(n, k, stride, padding, ceil_mode, too_late):
    """Count as the solution does, with another start that is too late."""
    if not ceil_mode:
        return pool_out_len(n, k, stride, padding)
    out = -(-(n + 2 * padding - k) // stride) + 1
    out -= (out - 1) * stride >= too_late
    if out < 1:
        raise ValueError
    return out


@exercise.wrong(
    "ceil_mode has no effect in your answer. It also counts a window that hangs over "
    "the end by fewer than `stride` samples."
)
def never_rounded_up(n, k, stride, padding=0, ceil_mode=False):
    return pool_out_len(n, k, stride, padding)


@exercise.wrong(
    "With ceil_mode you count windows that start in the padding on the right. Take the "
    "last one away if its start, (out - 1) * stride, is n + padding or more."
)
def plain_ceiling(n, k, stride, padding=0, ceil_mode=False):
    return counted(n, k, stride, padding, ceil_mode, np.inf)


@exercise.wrong(
    "You take the last window away if it starts after n samples. Starts are counted "
    "from the padding on the left, so the input ends at n + padding."
)
def left_padding_forgotten(n, k, stride, padding=0, ceil_mode=False):
    return counted(n, k, stride, padding, ceil_mode, n)


@exercise.wrong(
    "You keep a window that starts on the first sample of the padding on the right. "
    "That sample has the number n + padding: a start there is too late already."
)
def kept_at_the_edge(n, k, stride, padding=0, ceil_mode=False):
    return counted(n, k, stride, padding, ceil_mode, n + padding + 1)


@exercise.wrong(
    "With ceil_mode you add one window in any case. Where the windows end on the very "
    "last sample, nothing is left over and nothing is added."
)
def always_one_more(n, k, stride, padding=0, ceil_mode=False):
    out = (n + 2 * padding - k) // stride + 1 + bool(ceil_mode)
    out -= ceil_mode and (out - 1) * stride >= n + padding
    if out < 1:
        raise ValueError
    return out


@exercise.wrong(
    "You added the padding once. It is given per side: there are "
    "n + 2 * padding samples in all."
)
def padding_in_all(n, k, stride, padding=0, ceil_mode=False):
    room = n + padding - k
    out = (-(-room // stride) if ceil_mode else room // stride) + 1
    out -= ceil_mode and (out - 1) * stride >= n + padding
    if out < 1:
        raise ValueError
    return out


@exercise.wrong(
    "Two things are left to do. The padding is given per side: there are "
    "n + 2 * padding samples in all. And ceil_mode has no effect yet."
)
def one_line_padding_in_all(n, k, stride, padding=0, ceil_mode=False):
    return (n + padding - k) // stride + 1


@exercise.wrong(
    "With ceil_mode you count windows that start in the padding on the right: take the "
    "last one away if it starts at n + padding or later. Then raise a ValueError where "
    "no window counts."
)
def plain_ceiling_not_raised(n, k, stride, padding=0, ceil_mode=False):
    room = n + 2 * padding - k
    return (-(-room // stride) if ceil_mode else room // stride) + 1


@exercise.wrong(
    "That is the size of a convolution. Two things are left: with ceil_mode a window "
    "may hang over the end, and where no window counts a ValueError is raised."
)
def size_of_a_convolution(n, k, stride, padding=0, ceil_mode=False):
    return (n + 2 * padding - k) // stride + 1


@exercise.wrong(
    "Where no window counts, your formula still gives a number, 0 or less. "
    "Raise a ValueError there."
)
def not_raised(n, k, stride, padding=0, ceil_mode=False):
    room = n + 2 * padding - k
    out = (-(-room // stride) if ceil_mode else room // stride) + 1
    return out - (ceil_mode and (out - 1) * stride >= n + padding)


@exercise.wrong(
    "You refuse every window that is longer than the padded samples. With ceil_mode it "
    "still counts if it hangs over by fewer than `stride` samples."
)
def refused_too_early(n, k, stride, padding=0, ceil_mode=False):
    if n + 2 * padding < k:
        raise ValueError
    return pool_out_len(n, k, stride, padding, ceil_mode)


@exercise.wrong(
    "One window is missing: the first, which starts at 0. Add 1 to the number of steps."
)
def one_short(n, k, stride, padding=0, ceil_mode=False):
    return pool_out_len(n, k, stride, padding, ceil_mode) - 1


@exercise.wrong(
    "One window is missing: the first, which starts at 0. Add 1 to the number of "
    "steps. Then see to ceil_mode and to the ValueError."
)
def one_line_one_short(n, k, stride, padding=0, ceil_mode=False):
    return (n + 2 * padding - k) // stride


@exercise.wrong(
    "With ceil_mode you count every start in the input or in the padding on the left. "
    "A window that hangs over by `stride` samples or more does not count: another one "
    "has reached the end before it."
)
def every_start_counted(n, k, stride, padding=0, ceil_mode=False):
    if ceil_mode:
        return -(-(n + padding) // stride)
    return pool_out_len(n, k, stride, padding)


@exercise.wrong(
    "`/` gives a float, in Python 3 even for whole numbers, and a number of windows is "
    "whole: // rounds down. Where it does not come out even, a whole window does not "
    "fit. Two things are left then: ceil_mode, and the ValueError."
)
def single_slash(n, k, stride, padding=0, ceil_mode=False):
    return (n + 2 * padding - k) / stride + 1


@exercise.wrong(
    "`%` gives what is left over by a division. How often the window moves is the "
    "quotient rounded down: (n + 2 * padding - k) // stride."
)
def remainder(n, k, stride, padding=0, ceil_mode=False):
    return (n + 2 * padding - k) % stride + 1


@exercise.wrong(
    "You divide all samples by the stride, as if windows lay side by side. The last "
    "one has to fit: divide what is left when k samples are taken away, and add 1."
)
def samples_by_stride(n, k, stride, padding=0, ceil_mode=False):
    samples = n + 2 * padding
    return -(-samples // stride) if ceil_mode else samples // stride


@exercise.alternative
def by_listing_the_starts(n, k, stride, padding=0, ceil_mode=False):
    over = stride - 1 if ceil_mode else 0
    starts = range(0, min(n + 2 * padding - k + over + 1, n + padding), stride)
    if not starts:
        raise ValueError
    return len(starts)


@exercise.alternative
def with_floor_and_ceil(n, k, stride, padding=0, ceil_mode=False):
    rounded = np.ceil if ceil_mode else np.floor
    out = int(rounded((n + 2 * padding - k) / stride)) + 1
    while ceil_mode and (out - 1) * stride > n + padding - 1:
        out -= 1
    if out <= 0:
        raise ValueError("no window")
    return out


@exercise.cases("whole windows", points=1)
def whole():
    yield 6, 3, 2
    yield 4, 2, 2
    yield 7, 3, 2, 1
    yield 8, 3, 3, 1


@exercise.cases("ceil mode", points=1)
def ceiling():
    yield 6, 3, 2, 0, True
    yield 7, 3, 2, 0, True
    yield 5, 4, 3, 1, True
    yield 112, 3, 2, 0, True


@exercise.cases("the last window starts too late", points=1)
def too_late():
    yield 3, 2, 2, 1, True
    yield 7, 3, 4, 1, True
    yield 4, 4, 5, 2, True
    yield 3, 2, 5, 1, True


@exercise.cases("hardly any room", points=0.5, shown=False)
def hardly_any_room():
    yield 2, 3, 1
    yield 2, 3, 2, 0, True
    yield 1, 3, 2, 0, True
    yield 2, 5, 2, 1, True


@exercise.fresh("fresh numbers", points=0.5, draws=6)
def drawn(rng):
    k, stride = map(int, rng.integers((2, 1), (7, 6)))
    padding = int(rng.integers(0, k // 2 + 1))
    return k + int(rng.integers(0, 12)), k, stride, padding, bool(rng.integers(2))

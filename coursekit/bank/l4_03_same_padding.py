r"""Keep the length

Write `same_padding(k, dilation=1)`: how many samples to add before and after an axis
so that, at stride 1, the output of a window of `k` taps is as long as the input.

- `k` and `dilation` are integers, at least 1. With a dilation the taps lie `dilation`
  samples apart, so the window reaches over `dilation * (k - 1) + 1` samples.
- Return two integers, `(before, after)`. A tuple, a list or an array of them is fine.
- The two are equal where that is possible. Where the total is odd, the extra sample
  goes **after**, as torch does.

**By hand.** Without padding a window of 3 taps loses 2 samples: 8 become 6. So 2 are
needed in all, one on each side: `same_padding(3)` is `(1, 1)`. A window of 4 loses 3,
and the odd one goes after: `same_padding(4)` is `(1, 2)`. With dilation 3, 2 taps reach
over 4 samples: `same_padding(2, dilation=3)` is `(1, 2)`, too.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=8,
    section="Padding",
    hints=(
        "First the total: how many samples does the output lack without padding? Then "
        "split it in two.",
        "A window that reaches over r samples fits n - r + 1 times, so r - 1 outputs "
        "are missing. Half of that, rounded down, goes before; the rest goes after.",
        "Almost code:\n\n"
        "    total = dilation * (k - 1)\n"
        "    before = half of total, rounded down\n"
        "    return before, the rest of total",
    ),
)


@exercise.solution
def same_padding(k, dilation=1):
    """Return (before, after), the padding that keeps a length at stride 1."""
    total = dilation * (k - 1)
    before = total // 2
    return before, total - before


@exercise.wrong(
    "The odd sample stands before. Here, as in torch, it goes after: "
    "round the part before down."
)
def odd_one_before(k, dilation=1):
    return same_padding(k, dilation)[::-1]


@exercise.wrong(
    "You put the whole padding on each side, twice as much as is needed. "
    "dilation * (k - 1) is the total of both sides."
)
def total_on_each_side(k, dilation=1):
    return dilation * (k - 1), dilation * (k - 1)


@exercise.wrong(
    "You return the total. Two numbers are wanted: how many samples go before and "
    "how many go after."
)
def only_the_total(k, dilation=1):
    return dilation * (k - 1)


@exercise.wrong(
    "Where the total is odd you round up on both sides, and the output is one longer "
    "than the input. Round down before; what remains goes after."
)
def rounded_up_twice(k, dilation=1):
    total = dilation * (k - 1)
    return (total + 1) // 2, (total + 1) // 2


@exercise.wrong(
    "Where the total is odd you round down on both sides, and the output is one "
    "shorter than the input. The sample that is left over goes after."
)
def rounded_down_twice(k, dilation=1):
    total = dilation * (k - 1)
    return total // 2, total // 2


@exercise.wrong(
    "You divided with /, which gives floats, and half samples where the total is odd. "
    "Divide with //; what remains goes after."
)
def half_samples(k, dilation=1):
    return dilation * (k - 1) / 2, dilation * (k - 1) / 2


@exercise.wrong(
    "dilation * (k // 2) is right for odd k only. For an even k it puts too much on "
    "each side: start from the total, dilation * (k - 1)."
)
def odd_kernels_only(k, dilation=1):
    return dilation * (k // 2), dilation * (k // 2)


@exercise.wrong(
    "You split k - 1 first and dilated the halves afterwards, which puts the odd part "
    "`dilation` times after. Dilate first, then split the total."
)
def split_too_early(k, dilation=1):
    before, after = same_padding(k)
    return dilation * before, dilation * after


@exercise.wrong(
    "The dilation has no effect in your answer. It spreads the taps, so the window "
    "reaches over dilation * (k - 1) + 1 samples."
)
def dilation_forgotten(k, dilation=1):
    return same_padding(k)


@exercise.wrong(
    "You took dilation * k for the reach of the window. From the first tap to the last "
    "there are only k - 1 steps: dilation * (k - 1) + 1."
)
def reach_too_long(k, dilation=1):
    total = dilation * k - 1
    return total // 2, total - total // 2


@exercise.wrong(
    "You pad with the whole reach of the window. One place needs no padding at all, "
    "so the total is one less: dilation * (k - 1)."
)
def one_too_many(k, dilation=1):
    total = dilation * (k - 1) + 1
    return total // 2, total - total // 2


@exercise.wrong(
    "k // 2 on both sides is right for odd k without dilation only. In general the "
    "total is dilation * (k - 1): split that in two."
)
def half_of_k(k, dilation=1):
    return k // 2, k // 2


@exercise.wrong(
    "% gives the remainder: 0 or 1, whatever the window. Half of the total, rounded "
    "down, is total // 2."
)
def remainder(k, dilation=1):
    total = dilation * (k - 1)
    return total % 2, total - total % 2


@exercise.wrong(
    "(k - 1) // 2 on both sides is right for odd k without dilation only. In general "
    "the total is dilation * (k - 1), and what `before` leaves of it goes after."
)
def half_of_k_minus_one(k, dilation=1):
    return (k - 1) // 2, (k - 1) // 2


@exercise.wrong(
    "You divided with /, which gives floats, and forgot the dilation. The total is "
    "dilation * (k - 1): half of it, with //, goes before, the rest after."
)
def half_samples_without_dilation(k, dilation=1):
    return (k - 1) / 2, (k - 1) / 2


@exercise.wrong(
    "You took k * (dilation - 1) + 1 for the reach of the window. From the first tap "
    "to the last there are k - 1 steps of `dilation`: dilation * (k - 1) + 1."
)
def ones_exchanged(k, dilation=1):
    total = k * (dilation - 1)
    return total // 2, total - total // 2


@exercise.alternative
def as_an_array(k, dilation=1):
    total = dilation * (k - 1)
    return np.array([total // 2, (total + 1) // 2])


@exercise.alternative
def by_adding_one_at_a_time(k, dilation=1):
    sides = [0, 0]
    while 10 + sum(sides) - dilation * (k - 1) < 10:
        sides[(sum(sides) + 1) % 2] += 1
    return sides


@exercise.cases("odd windows", points=1)
def odd():
    yield (3,)
    yield (5,)
    yield (1,)
    yield 3, 2


@exercise.cases("even windows", points=1)
def even():
    yield (4,)
    yield 2, 3
    yield 4, 2
    yield 6, 3


@exercise.fresh("fresh windows", points=1)
def drawn(rng):
    k, dilation = rng.integers((2, 1), (12, 5))
    return int(k), int(dilation)

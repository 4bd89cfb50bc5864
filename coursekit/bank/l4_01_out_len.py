r"""How many places does a window have?

Write `out_len(n, k, padding=0, stride=1, dilation=1)`: the length of the output when a
window of `k` taps slides along one axis of `n` samples.

- `n`, `k`, `stride` and `dilation` are integers, at least 1; `padding` is an integer,
  at least 0.
- `padding` samples are added **on each side**, so there are `n + 2 * padding` in all.
- `dilation` is the distance from one tap to the next. With 1 they are neighbours;
  `k` taps reach over `dilation * (k - 1) + 1` samples, the first and the last included.
- The window starts on the first sample (of the padding, if there is any) and moves
  `stride` samples at a time. Each place where the **whole** window fits gives one
  output; what is left over at the end is dropped.
- Return an int. Where the window does not fit even once, raise a `ValueError`; its text
  is up to you.

**By hand.** `out_len(6, 3, stride=2)`: on the samples 0 to 5 the window covers 0 1 2,
then 2 3 4; the next would need 4 5 6, and there is no sample 6. So the answer is 2.
With `padding=1` there are 8 samples and places that start at 0, 2 and 4: the answer is
3. With `dilation=4` three taps reach over 4 * 2 + 1 = 9 samples: a `ValueError`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=4,
    difficulty=2,
    minutes=12,
    section="Dilation",
    hints=(
        "Two numbers decide: how many samples there are with the padding, and over how "
        "many of them the window reaches. How far can the window move between its "
        "first place and its last?",
        "With `room` = samples in all - reach, the last start is at most `room`. "
        "Starts are 0, stride, 2 * stride, ...: count those up to `room`, the 0 "
        "included. If `room` is negative there is not even the first.",
        "Almost code:\n\n"
        "    reach = dilation * (k - 1) + 1\n"
        "    room = n + padding on both sides - reach\n"
        "    if room is negative: raise ValueError(...)\n"
        "    return room // stride + the one place at the start",
    ),
)


@exercise.solution
def out_len(n, k, padding=0, stride=1, dilation=1):
    """Return how many windows of k taps fit on n samples, padded on each side."""
    reach = dilation * (k - 1) + 1
    room = n + 2 * padding - reach
    if room < 0:
        raise ValueError(f"{reach} samples do not fit on {n + 2 * padding}")
    return room // stride + 1


def room_of(n, k, padding, dilation):
    return n + 2 * padding - dilation * (k - 1) - 1


SILENT = "And where the window does not fit, nothing is raised: a ValueError is wanted."


def formula(sentence):
    """Take a definition of (room, length), wrong both with a ValueError and without."""

    def keep(definition):
        def silent(n, k, padding=0, stride=1, dilation=1):
            return definition(n, k, padding, stride, dilation)[1]

        def loud(n, k, padding=0, stride=1, dilation=1):
            room, length = definition(n, k, padding, stride, dilation)
            if room < 0:
                raise ValueError
            return length

        loud.__name__ = definition.__name__
        silent.__name__ = f"{definition.__name__}_and_not_raised"
        exercise.wrong(sentence)(loud)
        exercise.wrong(f"{sentence} {SILENT}")(silent)
        return definition

    return keep


def places(room, stride):
    return room, room // stride + 1


@formula(
    "You added the padding once. It is given per side: there are "
    "n + 2 * padding samples in all."
)
def padding_in_all(n, k, padding, stride, dilation):
    return places(room_of(n, k, padding, dilation) - padding, stride)


@formula("You left the padding out: there are n + 2 * padding samples in all.")
def padding_forgotten(n, k, padding, stride, dilation):
    return places(room_of(n, k, 0, dilation), stride)


@formula(
    "You rounded up. A last place that the window fills only in part does not count: "
    "divide with //, which rounds down."
)
def rounded_up(n, k, padding, stride, dilation):
    room = room_of(n, k, padding, dilation)
    return room, -(-room // stride) + 1


@formula(
    "You divided with /, which gives a number with a fraction. Places are whole: "
    "divide with //, which drops what is left over."
)
def not_rounded(n, k, padding, stride, dilation):
    room = room_of(n, k, padding, dilation)
    return room, room / stride + 1


@exercise.wrong(
    "You took a remainder for an error. If the stride does not divide the room that "
    "is left, the last few samples are dropped."
)
def no_remainder_allowed(n, k, padding=0, stride=1, dilation=1):
    if room_of(n, k, padding, dilation) % stride:
        raise ValueError
    return out_len(n, k, padding, stride, dilation)


@formula(
    "The 1 was added before the division. It stands for the first place and does not "
    "get divided: room // stride + 1."
)
def one_added_too_early(n, k, padding, stride, dilation):
    room = room_of(n, k, padding, dilation)
    return room, (room + 1) // stride


@formula(
    "One place is missing: a window that fits exactly fits once, and you say 0. "
    "The starts 0, stride, ... include the 0."
)
def one_short(n, k, padding, stride, dilation):
    room = room_of(n, k, padding, dilation)
    return room, room // stride


@formula(
    "You took dilation * k for the reach of the window. From the first tap to the last "
    "there are only k - 1 steps: dilation * (k - 1) + 1."
)
def reach_too_long(n, k, padding, stride, dilation):
    return places(n + 2 * padding - dilation * k, stride)


@formula(
    "You left `dilation` samples free between two taps. It is the distance from one "
    "tap to the next: with dilation 1 the taps are neighbours."
)
def dilation_as_gap(n, k, padding, stride, dilation):
    return places(room_of(n, k, padding, dilation + 1), stride)


@formula(
    "The dilation has no effect in your answer. It spreads the taps, so the window "
    "reaches over dilation * (k - 1) + 1 samples."
)
def dilation_forgotten(n, k, padding, stride, dilation):
    return places(room_of(n, k, padding, 1), stride)


@formula(
    "The stride has no effect in your answer. The window moves `stride` samples at a "
    "time, so it stands at fewer places."
)
def stride_forgotten(n, k, padding, stride, dilation):
    room = room_of(n, k, padding, dilation)
    return room, room + 1


@formula(
    "You took k * (dilation - 1) + 1 for the reach of the window. From the first tap "
    "to the last there are k - 1 steps of `dilation`: dilation * (k - 1) + 1."
)
def ones_exchanged(n, k, padding, stride, dilation):
    return places(n + 2 * padding - k * (dilation - 1) - 1, stride)


@formula(
    "% gives the remainder, the samples that are left over. How often the stride goes "
    "into the room is room // stride."
)
def remainder(n, k, padding, stride, dilation):
    room = room_of(n, k, padding, dilation)
    return room, room % stride + 1


@exercise.wrong(
    "Where the window does not fit, your formula still gives a number. "
    "Look at the room that is left first, and raise a ValueError if it is negative."
)
def not_raised(n, k, padding=0, stride=1, dilation=1):
    return room_of(n, k, padding, dilation) // stride + 1


@exercise.wrong(
    "Where the window does not fit you return 0. A layer without any output is a "
    "mistake that should be heard: raise a ValueError."
)
def nothing_is_zero(n, k, padding=0, stride=1, dilation=1):
    return max(0, room_of(n, k, padding, dilation) // stride + 1)


@exercise.wrong(
    "int(...) rounds towards zero, so a window that is a little too long is counted "
    "once. Use //, or look for a negative room before you divide."
)
def rounded_towards_zero(n, k, padding=0, stride=1, dilation=1):
    out = int(room_of(n, k, padding, dilation) / stride) + 1
    if out < 1:
        raise ValueError
    return out


@exercise.wrong(
    "You raise for a window that fits exactly. It has one place: "
    "only a negative room is too little."
)
def exact_fit_refused(n, k, padding=0, stride=1, dilation=1):
    if room_of(n, k, padding, dilation) <= 0:
        raise ValueError
    return out_len(n, k, padding, stride, dilation)


@exercise.wrong(
    "You compare the window with n alone. It may be longer than that, "
    "if the padding on both sides makes room for it."
)
def refused_without_padding(n, k, padding=0, stride=1, dilation=1):
    if room_of(n, k, 0, dilation) < 0:
        raise ValueError
    return out_len(n, k, padding, stride, dilation)


@exercise.wrong(
    "You compare k with the samples. A dilated window reaches further than k: "
    "raise where dilation * (k - 1) + 1 samples do not fit."
)
def refused_without_dilation(n, k, padding=0, stride=1, dilation=1):
    if n + 2 * padding < k:
        raise ValueError
    return not_raised(n, k, padding, stride, dilation)


@exercise.wrong(
    "The 1 is missing: room // stride counts the steps, and there is one place more "
    "than there are steps. So you refuse a window that fits exactly."
)
def steps_counted(n, k, padding=0, stride=1, dilation=1):
    out = out_len(n, k, padding, stride, dilation) - 1
    if out < 1:
        raise ValueError
    return out


@exercise.wrong(
    "You raise where k is larger than n. That forgets the padding, which makes room, "
    "and the dilation, which takes it: compare the reach with n + 2 * padding."
)
def k_against_n(n, k, padding=0, stride=1, dilation=1):
    if k > n:
        raise ValueError
    return not_raised(n, k, padding, stride, dilation)


@exercise.alternative
def by_listing_the_starts(n, k, padding=0, stride=1, dilation=1):
    starts = [
        start
        for start in range(0, n + 2 * padding, stride)
        if start + dilation * (k - 1) < n + 2 * padding
    ]
    if not starts:
        raise ValueError
    return len(starts)


@exercise.alternative
def as_one_fraction(n, k, padding=0, stride=1, dilation=1):
    out = (n - dilation * (k - 1) - 1 + 2 * padding + stride) // stride
    if out < 1:
        raise ValueError("no place")
    return out


@exercise.alternative
def with_floor(n, k, padding=0, stride=1, dilation=1):
    out = int(np.floor(room_of(n, k, padding, dilation) / stride)) + 1
    if out <= 0:
        raise UnicodeError("a kind of ValueError is one, too")
    return out


@exercise.cases("worked examples", points=1)
def worked():
    yield 7, 3
    yield 6, 3, 0, 2
    yield 6, 3, 1, 2
    yield 7, 3, 0, 1, 2


@exercise.cases("all together", points=1)
def together():
    yield 3, 3
    yield 1, 3, 1
    yield 9, 2, 2, 4, 3
    yield 32, 5, 2, 3, 2
    yield 224, 7, 3, 2, 1


@exercise.cases("no place", points=1)
def no_place():
    yield 4, 5
    yield 2, 5, 0, 1
    yield 4, 3, 0, 3, 2
    yield 3, 8, 1, 2
    yield 6, 3, 0, 1, 4


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    k, padding, stride, dilation = map(int, rng.integers((2, 1, 2, 1), (6, 4, 5, 4)))
    n = dilation * (k - 1) + 1 + int(rng.integers(0, 20))
    return n, k, padding, stride, dilation

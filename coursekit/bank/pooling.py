"""What the exercises on pooling share: slips with window and stride.

A slip takes the right pooling as its first argument, so it does not matter how that one
computes; `more` holds what average pooling takes besides: padding, count_include_pad.
"""

import numpy as np

from coursekit.bank.slips import Slips

slip = Slips()


def share(exercise):
    """Give the exercise these slips."""
    for sentence, its in slip:
        exercise.wrong(sentence)(made_from(exercise.answer, its))


def made_from(pool, its):
    """Return the wrong answer that the slip makes of the right pooling."""

    def wrong(x, k, stride=None, *more):
        return its(pool, x, k, stride, *more)

    wrong.__name__ = its.__name__
    return wrong


@slip(
    "Without a stride your window moves one pixel at a time. Pooling leaps: "
    "stride=None means a stride as large as the window."
)
def slid_by_one(pool, x, k, stride, *more):
    return pool(x, k, 1 if stride is None else stride, *more)


@slip(
    "Your window always moves by one pixel, whatever the stride is: the well-known "
    "`pool2d` that you may have started from has none. Output [i, j] belongs to the "
    "window at row i * sH and column j * sW, and None means a stride as large as k."
)
def always_by_one(pool, x, k, stride, *more):
    return pool(x, k, 1, *more)


@slip(
    "The stride has no effect in your answer: your windows always lie side by side. "
    "Step by the stride where one is given."
)
def stride_ignored(pool, x, k, stride, *more):
    return pool(x, k, None, *more)


@slip(
    "In a pair, rows and columns are exchanged: the first number of k, of stride and "
    "of padding goes with the rows (downwards), the second with the columns."
)
def axes_exchanged(pool, x, k, stride, *more):
    pairs = k, k if stride is None else stride, *more[:1]
    return pool(x, *(np.broadcast_to(one, 2)[::-1] for one in pairs), *more[1:])


@slip(
    "You forgot to count the first window: it moves as often as the stride goes into "
    "the room that is left, and stands in one place more. Add 1 to the rows of the "
    "result, and to its columns."
)
def one_place_short(pool, x, k, stride, *more):
    return pool(x, k, stride, *more)[:, :, :-1, :-1]


@slip(
    "Numbers that may be pairs are used as ints in your answer. "
    "Begin with kH, kW = as_pair(k), and do the same with the others."
)
def ints_only(pool, x, k, stride, *more):
    if any(isinstance(one, tuple) for one in (k, stride, *more)):
        raise TypeError
    return pool(x, k, stride, *more)


@slip(
    "Numbers that may be ints are taken apart like pairs in your answer. "
    "Begin with kH, kW = as_pair(k), and do the same with the others."
)
def pairs_only(pool, x, k, stride, *more):
    if any(isinstance(one, int) for one in (k, stride)):
        raise TypeError
    return pool(x, k, stride, *more)

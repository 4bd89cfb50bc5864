"""Results of a small class in lesson 2, judged for real, for the tests of exports."""

from dataclasses import replace

import numpy as np

from coursekit import bank
from coursekit.classroom.results import MISSING, NOT_GRADED, Result
from coursekit.grade.notebook import evaluate

BLANK = Result(
    learner="ada",
    file="ada/lab.ipynb",
    submission="5ab1",
    exercise="corr2d",
    bank="ba4c0000000000000000",
    seed="class 0",
    status=NOT_GRADED,
    points=0.0,
    out_of=4.0,
    isolation="Landlock 4, seccomp, limits",
    ids=("4711",),
)


def judged(function, id="corr2d", **more):
    """Return the result of an answer."""
    verdict = evaluate(bank.load(id), function)
    return replace(
        BLANK,
        exercise=id,
        status=verdict.status,
        points=verdict.points,
        out_of=verdict.out_of,
        sentence=verdict.sentence,
        misconception=verdict.misconception,
        findings=verdict,
        **more,
    )


def right(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return (windows * k).sum((-1, -2))


def only_small(x, k):
    if x.size > 16:
        raise ValueError("\x1b[31m\x00]]><script>\u202e\ud800 & =1+1")
    return right(x, k)


def turned(x, k):
    return right(x, k[::-1, ::-1])


PASSED = judged(right)
MISCONCEPTION = judged(turned)
PARTLY = judged(only_small, notes=("cell 7 cannot be read: <b>it is skipped\x07",))
UNREADABLE = replace(BLANK, exercise="", out_of=0.0, problem="It is no notebook.")
LOST = replace(BLANK, exercise="corr1d", out_of=3.0, status=MISSING)
FAULT = replace(BLANK, exercise="corr1d", out_of=3.0, problem="The server ended.")

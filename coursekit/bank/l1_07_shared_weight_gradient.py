r"""The gradient of a weight that is used many times

A kernel `k` of `w` weights slides along a signal `x`. Every output uses the same
weights:

    y[i] = x[i]*k[0] + x[i+1]*k[1] + ... + x[i+w-1]*k[w-1]

A loss is computed from all the `y[i]`. For each of them, `upstream[i]` tells how fast
the loss grows when this output grows: it is the derivative d loss / d y[i]. Write
`shared_weight_gradient(x, upstream)`: the derivatives of the loss by the weights.

- `x` has shape `(n,)`, `upstream` has shape `(m,)` with `1 <= m <= n`; both are NumPy
  arrays of integers or of floats. There are `m` outputs, so the kernel has
  `w = n - m + 1` weights. You do not need their values.
- Return an array of shape `(n - m + 1,)`. Its entry `a` is d loss / d k[a]: the **sum**
  (not the mean) of what `k[a]` does to the loss through every output.
- Leave `x` and `upstream` as they are. Any way of computing the numbers is fine.

**By hand.** `x = (1, 2, 4)` and `upstream = (10, 1)`. There are two outputs, and the
kernel has 3 - 2 + 1 = 2 weights:

    y[0] = 1*k[0] + 2*k[1]      d loss / d k[0] = 10*1 + 1*2 = 12
    y[1] = 2*k[0] + 4*k[1]      d loss / d k[1] = 10*2 + 1*4 = 24

so `shared_weight_gradient(x, upstream)` is `[12, 24]`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=3,
    difficulty=3,
    minutes=12,
    section="From dense to convolution",
    scale=bilinear_scale,
    hints=(
        "Take one weight, k[0]. Which number of `x` is it multiplied by in y[0], in "
        "y[1], in y[2]? Each of these outputs passes a share on to its derivative.",
        "In `y[i]`, the weight `k[a]` is multiplied by `x[i + a]`. If it grows by a "
        "little, `y[i]` grows `x[i + a]` times as much, and the loss `upstream[i]` "
        "times that. Add this up over all outputs `i`.",
        "Almost code:\n\n"
        "    gradient = zeros (floats), one for each of the n - m + 1 weights\n"
        "    for every weight a:\n"
        "        for every output i:\n"
        "            add upstream[i] * x[i + a] to gradient[a]\n"
        "    return gradient            # after both loops",
    ),
)


@exercise.solution
def shared_weight_gradient(x, upstream):
    """Return d loss / d k (n - m + 1,), given x (n,) and d loss / d y (m,)."""
    m = len(upstream)
    gradient = np.zeros(len(x) - m + 1)
    for a in range(len(gradient)):
        gradient[a] = np.sum(upstream * x[a : a + m])
    return gradient


@exercise.wrong(
    "Only the last output is left: each output's share replaced the one before it. "
    "A shared weight gets the sum of all shares: use +=."
)
def last_output(x, upstream):
    return upstream[-1] * x[len(upstream) - 1 :]


@exercise.wrong(
    "Only the first output counts in your answer. The same weight is used in all of "
    "them: add up what it does to the loss through each."
)
def first_output(x, upstream):
    return upstream[0] * x[: len(x) - len(upstream) + 1]


@exercise.wrong(
    "You took the mean over the outputs. Each output adds its share to the loss: "
    "add them up, and divide by nothing."
)
def averaged(x, upstream):
    return shared_weight_gradient(x, upstream) / len(upstream)


@exercise.wrong(
    "Your answer does not use the values of upstream. The share of output i has to be "
    "multiplied by upstream[i]."
)
def upstream_forgotten(x, upstream):
    return shared_weight_gradient(x, np.ones(len(upstream)))


@exercise.wrong(
    "You turned upstream round, as np.convolve does. upstream[0] belongs to the output "
    "that looks at the start of x."
)
def upstream_turned(x, upstream):
    return np.convolve(x, upstream, "valid")


@exercise.wrong(
    "Your answer is turned round: its first entry belongs to the last weight. "
    "Entry a is for k[a], which lies on x[i + a]."
)
def result_turned(x, upstream):
    return shared_weight_gradient(x, upstream)[::-1]


@exercise.wrong(
    "You return a number for each output. The derivatives are by the weights: for each "
    "of the n - m + 1 weights, add over the outputs."
)
def a_number_an_output(x, upstream):
    w = len(x) - len(upstream) + 1
    return np.array([up * x[i : i + w].sum() for i, up in enumerate(upstream)])


@exercise.wrong(
    "This is np.convolve as it stands: it turns upstream round and lets it hang over "
    "the ends of x, so there are too many numbers. The kernel has n - m + 1 weights."
)
def full_convolution(x, upstream):
    return np.convolve(x, upstream)


@exercise.alternative
def by_correlate(x, upstream):
    return np.correlate(x, upstream, "valid")


@exercise.alternative
def by_output(x, upstream):
    w = len(x) - len(upstream) + 1
    return sum(up * x[i : i + w] for i, up in enumerate(upstream))


@exercise.alternative
def by_windows(x, upstream):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(upstream))
    return (windows @ upstream).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([1, 2, 4]), np.array([10, 1])


@exercise.cases("other lengths, negative numbers", points=1)
def lengths():
    yield np.array([1.0, -2, 3, 0.5, 4]), np.array([2.0, -1, 3])
    yield np.array([3, 1, -4, 2]), np.array([0.5, 0.25, -1])
    yield np.array([2.0, -1, 5]), np.array([3.0])
    yield np.array([2.0, -1, 5]), np.array([1.0, 4, 0.5])


@exercise.fresh("fresh signals", points=1)
def drawn(rng):
    m, w = rng.integers(2, 5, 2)
    x = rng.permutation(np.arange(-9, 10))[: m + w - 1] / 2
    return x, rng.permutation(np.arange(1, 10))[:m] / 2

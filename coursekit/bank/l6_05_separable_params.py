r"""Count what a separable layer saves

Write `separable_params(c_in, c_out, k)`: how many weights a standard layer has, and how
many a depthwise-separable layer that takes the same shape to the same shape.

- `c_in` channels go in and `c_out` come out; the kernels are square, `k` by `k`. All
  three are integers, at least 1.
- The standard layer has a `k` x `k` kernel for every pair of an input and an output
  channel. The separable one has a `k` x `k` kernel for each input channel, and then a
  1 x 1 layer from `c_in` to `c_out` channels.
- There are no biases anywhere.
- Return a pair of ints, `(standard, separable)`, in this order.

**By hand.** From 2 to 3 channels with kernels of 2 x 2: the standard layer has
2 * 3 = 6 kernels of 4 weights, 24. The separable one has 2 kernels of 4 weights, 8, and
a matrix of 3 * 2 = 6. So `separable_params(2, 3, 2)` is `(24, 14)`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=5,
    section="Depthwise, then pointwise",
    hints=(
        "Write down the shapes of the three weights: one array for the standard layer, "
        "two for the separable one. How many numbers does each hold?",
        "The shapes are (c_out, c_in, k, k) for the standard layer, and (c_in, k, k) "
        "and (c_out, c_in) for the two steps. The two steps have their weights side by "
        "side: add them.",
        "Almost code:\n\n"
        "    standard = numbers in (c_out, c_in, k, k)\n"
        "    separable = numbers in (c_in, k, k) + numbers in (c_out, c_in)\n"
        "    return both",
    ),
)


@exercise.solution
def separable_params(c_in, c_out, k):
    """Return the numbers of weights (standard, separable) of a k x k layer."""
    return c_in * c_out * k**2, c_in * k**2 + c_in * c_out


@exercise.wrong(
    "The pair is the wrong way round: the standard layer comes first, the separable "
    "one second."
)
def exchanged(c_in, c_out, k):
    return separable_params(c_in, c_out, k)[::-1]


@exercise.wrong(
    "You counted a bias for each map that a step gives. No layer has biases here."
)
def with_biases(c_in, c_out, k):
    standard, separable = separable_params(c_in, c_out, k)
    return standard + c_out, separable + c_in + c_out


@exercise.wrong("You counted a bias for each output channel. No layer has biases here.")
def with_output_biases(c_in, c_out, k):
    standard, separable = separable_params(c_in, c_out, k)
    return standard + c_out, separable + c_out


@exercise.wrong(
    "The depthwise step has a kernel for each input channel: it works on the channels "
    "that come in, before they are mixed. You counted one for each output channel."
)
def kernels_for_outputs(c_in, c_out, k):
    return c_in * c_out * k**2, c_out * k**2 + c_in * c_out


@exercise.wrong(
    "A standard filter is as deep as the input: it has a kernel for each of the c_in "
    "channels. You counted one kernel for each output channel."
)
def flat_filters(c_in, c_out, k):
    return c_out * k**2, c_in * k**2 + c_in * c_out


@exercise.wrong(
    "You counted a single kernel for the depthwise step. Each of the c_in channels has "
    "its own: c_in * k * k weights."
)
def one_kernel(c_in, c_out, k):
    return c_in * c_out * k**2, k**2 + c_in * c_out


@exercise.wrong(
    "The 1 x 1 layer is more than one number for each output: every output weighs all "
    "c_in channels, so it has c_in * c_out weights."
)
def mixing_too_small(c_in, c_out, k):
    return c_in * c_out * k**2, c_in * k**2 + c_out


@exercise.wrong(
    "The 1 x 1 layer is missing. After the depthwise step, c_in * c_out weights mix "
    "the channels."
)
def no_mixing(c_in, c_out, k):
    return c_in * c_out * k**2, c_in * k**2


@exercise.wrong(
    "You multiplied the weights of the two steps. They stand side by side, one array "
    "after the other: add them."
)
def steps_multiplied(c_in, c_out, k):
    return c_in * c_out * k**2, c_in * k**2 * c_in * c_out


@exercise.wrong(
    "You split the kernels into a column and a row, 2 * k weights. That is the other "
    "way to be separable. A depthwise kernel keeps its k * k weights."
)
def column_and_row(c_in, c_out, k):
    return c_in * c_out * k**2, c_in * 2 * k + c_in * c_out


@exercise.wrong("A kernel has k rows of k weights: k * k, not k.")
def not_squared(c_in, c_out, k):
    return c_in * c_out * k, c_in * k + c_in * c_out


@exercise.wrong(
    "You forgot the depth twice. A standard filter has a kernel for each of the c_in "
    "channels, and a 1 x 1 filter a number for each of them."
)
def flat_filters_twice(c_in, c_out, k):
    return c_out * k**2, c_in * k**2 + c_out


@exercise.wrong(
    "You counted a bias for every kernel. No layer has biases here; and where there "
    "are some, a filter has one for all of its channels."
)
def a_bias_a_kernel(c_in, c_out, k):
    return c_in * c_out * (k**2 + 1), c_in * (k**2 + 1) + 2 * c_in * c_out


@exercise.alternative
def by_making_the_arrays(c_in, c_out, k):
    kernels, matrix = np.zeros((c_in, k, k)), np.zeros((c_out, c_in))
    return np.zeros((c_out, c_in, k, k)).size, kernels.size + matrix.size


@exercise.alternative
def factored_out(c_in, c_out, k):
    return [c_in * (c_out * k * k), c_in * (k * k + c_out)]


@exercise.alternative
def as_an_array(c_in, c_out, k):
    return np.array([np.prod([c_in, c_out, k, k]), c_in * (k * k + c_out)])


@exercise.cases("worked examples", points=1)
def worked():
    yield 2, 3, 2
    yield 16, 32, 3
    yield 3, 7, 5
    yield 5, 4, 1


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    c_in, c_out = map(int, rng.integers(2, 64, 2))
    return c_in, c_out, int(rng.integers(1, 8))

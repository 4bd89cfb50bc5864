r"""Count an Inception block

Write `inception_params(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool)`: how many
parameters an Inception block has. Four branches read the same `c_in` channels:

    1 x 1, to c1 channels
    1 x 1, to c3_reduce channels, then 3 x 3, to c3 channels
    1 x 1, to c5_reduce channels, then 5 x 5, to c5 channels
    max pool, then 1 x 1, to c_pool channels

- All arguments are integers, at least 1.
- There are six convolutions, each with its weights and **one bias for each of its
  output channels**. A filter is as deep as the channels that enter its layer. Pooling
  and stacking the maps have no parameters.
- Return an int.

**By hand.** `inception_params(2, 1, 1, 1, 1, 1, 1)`: a 1 x 1 layer from 2 channels to 1
has 2 weights and a bias, 3 in all, and there are four of them. The 3 x 3 layer from 1
channel to 1 has 9 + 1 = 10, the 5 x 5 layer 25 + 1 = 26. In all
4 * 3 + 10 + 26 = 48.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=8,
    section="Inception, the step in between",
    hints=(
        "Draw the four branches, and write at each arrow how many channels it carries. "
        "Then it is the count of lesson 3, six times.",
        "A layer with k x k kernels has `outputs * (inputs * k * k + 1)` parameters. "
        "Four of the six layers read c_in channels; the 3 x 3 layer reads c3_reduce, "
        "the 5 x 5 layer c5_reduce.",
        "Almost code:\n\n"
        "    layer(inputs, outputs, k) = outputs * (inputs * k * k + 1)\n"
        "    return layer(c_in, c1, 1)\n"
        "         + layer(c_in, c3_reduce, 1) + layer(c3_reduce, c3, 3)\n"
        "         + the same two for the 5 x 5 branch\n"
        "         + the 1 x 1 layer behind the pool",
    ),
)


@exercise.helper
def params_of_layer(inputs, outputs, k):
    """Return the number of weights and biases of a k x k layer."""
    return outputs * (inputs * k * k + 1)


@exercise.solution
def inception_params(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    """Return the number of weights and biases of the four branches together."""
    entering = sum(
        params_of_layer(c_in, c_out, 1) for c_out in (c1, c3_reduce, c5_reduce, c_pool)
    )
    return (
        entering + params_of_layer(c3_reduce, c3, 3) + params_of_layer(c5_reduce, c5, 5)
    )


@exercise.wrong(
    "The biases are missing. Each of the six layers has one for each of its output "
    "channels."
)
def no_biases(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    biases = c1 + c3_reduce + c3 + c5_reduce + c5 + c_pool
    return inception_params(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool) - biases


@exercise.wrong(
    "You counted biases only for the maps that leave the block. The two 1 x 1 layers "
    "before the 3 x 3 and the 5 x 5 have biases, too: c3_reduce and c5_reduce."
)
def biases_at_the_end_only(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    all_of_it = inception_params(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool)
    return all_of_it - c3_reduce - c5_reduce


@exercise.wrong(
    "You counted one bias for each layer. Each of its output channels has one."
)
def one_bias_a_layer(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    return no_biases(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool) + 6


@exercise.wrong(
    "Your 3 x 3 and 5 x 5 layers read all c_in channels. They come after a 1 x 1 "
    "layer, so they read c3_reduce and c5_reduce channels: that is what these layers "
    "are for."
)
def no_reduction(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    large = params_of_layer(c_in, c3, 3) + params_of_layer(c_in, c5, 5)
    small = inception_params(c_in, c1, c3_reduce, 0, c5_reduce, 0, c_pool)
    return large + small


@exercise.wrong(
    "The two 1 x 1 layers in front of the 3 x 3 and the 5 x 5 are missing: they have "
    "parameters of their own."
)
def reductions_forgotten(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    large = params_of_layer(c3_reduce, c3, 3) + params_of_layer(c5_reduce, c5, 5)
    return params_of_layer(c_in, c1, 1) + large + params_of_layer(c_in, c_pool, 1)


@exercise.wrong(
    "You led all c_in channels straight into the 3 x 3 and the 5 x 5 layer. A 1 x 1 "
    "layer to c3_reduce or c5_reduce channels comes first, and has parameters, too."
)
def no_bottlenecks(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    sizes = ((c1, 1), (c3, 3), (c5, 5), (c_pool, 1))
    return sum(params_of_layer(c_in, c_out, k) for c_out, k in sizes)


@exercise.wrong(
    "The pool branch has no parameters in your count. The pool itself has none, but a "
    "1 x 1 layer from c_in to c_pool channels follows it."
)
def pool_branch_forgotten(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    return inception_params(c_in, c1, c3_reduce, c3, c5_reduce, c5, 0)


@exercise.wrong(
    "You counted the pool branch as a 3 x 3 layer. Pooling has no weights; the layer "
    "behind it is 1 x 1."
)
def pool_as_a_layer(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    others = inception_params(c_in, c1, c3_reduce, c3, c5_reduce, c5, 0)
    return others + params_of_layer(c_in, c_pool, 3)


@exercise.wrong(
    "You chained the branches: the second reads what the first gives, and so on. They "
    "stand beside each other, and each of them reads the c_in channels of the input."
)
def one_after_the_other(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    chain = (c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool)
    pairs = zip(chain, chain[1:], (1, 1, 3, 1, 5, 1), strict=False)
    return sum(params_of_layer(*one) for one in pairs)


@exercise.wrong("A 3 x 3 kernel has 9 weights for each channel, and a 5 x 5 kernel 25.")
def not_squared(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    small = inception_params(c_in, c1, c3_reduce, 0, c5_reduce, 0, c_pool)
    return small + c3 * (3 * c3_reduce + 1) + c5 * (5 * c5_reduce + 1)


def counted(layer, c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    """Add up the six layers with another rule, layer(inputs, outputs, k)."""
    entering = (layer(c_in, c_out, 1) for c_out in (c1, c3_reduce, c5_reduce, c_pool))
    return sum(entering) + layer(c3_reduce, c3, 3) + layer(c5_reduce, c5, 5)


@exercise.wrong(
    "You forgot the depth: a filter has a kernel for each channel that enters its "
    "layer, so it holds inputs * k * k weights and one bias."
)
def flat_filters(*sizes):
    return counted(lambda inputs, outputs, k: outputs * (k * k + 1), *sizes)


@exercise.wrong(
    "Two things are missing: the depth, for a filter has a kernel for each channel "
    "that enters its layer, inputs * k * k weights; and the biases, one for each "
    "output channel."
)
def flat_filters_no_biases(*sizes):
    return counted(lambda inputs, outputs, k: outputs * k * k, *sizes)


@exercise.wrong(
    "You counted a bias for every kernel. A filter adds up its channels and then one "
    "bias: each layer has as many biases as output channels."
)
def a_bias_a_kernel(*sizes):
    return counted(lambda inputs, outputs, k: outputs * inputs * (k * k + 1), *sizes)


@exercise.wrong(
    "You counted a bias for every input channel of a layer. A filter has one bias, "
    "added after the sum: as many as output channels."
)
def biases_of_inputs(*sizes):
    return counted(lambda inputs, outputs, k: inputs * (outputs * k * k + 1), *sizes)


@exercise.alternative
def by_making_the_arrays(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    ones = np.zeros((c1 + c3_reduce + c5_reduce + c_pool, c_in + 1))
    return ones.size + np.zeros((c3, c3_reduce, 9)).size + c3 + c5 * c5_reduce * 25 + c5


@exercise.alternative
def weights_and_biases_apart(c_in, c1, c3_reduce, c3, c5_reduce, c5, c_pool):
    c_out = [c1, c3_reduce, c3, c5_reduce, c5, c_pool]
    deep = np.array([c_in, c_in, 9 * c3_reduce, c_in, 25 * c5_reduce, c_in])
    return deep @ c_out + sum(c_out)


@exercise.cases("worked example", points=1)
def worked():
    yield 2, 1, 1, 1, 1, 1, 1


@exercise.cases("the first block of GoogLeNet, and a small one", points=1)
def real():
    yield 192, 64, 96, 128, 16, 32, 32
    yield 7, 2, 3, 5, 4, 6, 8


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    return tuple(map(int, rng.integers(2, 50, 7)))

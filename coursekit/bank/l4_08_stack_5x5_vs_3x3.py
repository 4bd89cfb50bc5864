r"""One large kernel or two small ones

One layer of 5x5 kernels and two layers of 3x3 kernels, one after the other, see the
same 5x5 pixels. Write `stack_5x5_vs_3x3(c)`: how many parameters each of the two needs.

- `c` is an integer, at least 1. Each layer has `c` channels going in and `c` channels
  coming out; also between the two small layers there are `c`.
- A parameter is a weight or a bias. Each layer has **one bias per output channel**; a
  filter has a kernel for every input channel.
- Return two integers: the number for the one 5x5 layer, then that for both 3x3 layers
  together. A tuple, a list or an array of them is fine.

**By hand.** With `c = 1`: `5 * 5 + 1 = 26` for the large one, and
`(3 * 3 + 1) + (3 * 3 + 1) = 20` for the two small ones. So `stack_5x5_vs_3x3(1)` is
`(26, 20)`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=5,
    section="Two small kernels or one large",
    hints=(
        "First one layer, with kernels k high and k wide: how many weights does one "
        "filter have, how many filters are there, how many biases?",
        "A filter lies on all c input channels: `c * k * k` weights, and one bias. A "
        "layer with c output channels has c such filters.",
        "Almost code:\n\n"
        "    layer(k) = c filters, each of c * k * k weights and 1 bias\n"
        "    return layer(5), twice layer(3)",
    ),
)


@exercise.solution
def stack_5x5_vs_3x3(c):
    """Return the parameters of one 5x5 layer and of two 3x3 layers, c -> c."""
    large = c * (c * 5 * 5 + 1)
    small = c * (c * 3 * 3 + 1)
    return large, 2 * small


@exercise.wrong(
    "The biases are missing. Each layer has one for every output channel: "
    "c in the 5x5 layer, c in each 3x3 layer."
)
def no_biases(c):
    return 25 * c * c, 18 * c * c


@exercise.wrong(
    "You counted one bias for each layer. There is one for every output channel, "
    "so a layer has c of them."
)
def one_bias_a_layer(c):
    return 25 * c * c + 1, 18 * c * c + 2


@exercise.wrong(
    "You counted a bias for every kernel. A filter adds up c kernels, one for each "
    "input channel, and has one bias: a layer has c of them, not c * c."
)
def a_bias_a_kernel(c):
    return 26 * c * c, 20 * c * c


@exercise.wrong(
    "The two small layers share one set of biases in your answer. "
    "Each of them has its own c biases."
)
def biases_of_one_layer(c):
    return 25 * c * c + c, 18 * c * c + c


@exercise.wrong(
    "A filter has a kernel for every input channel, so a layer has c * c kernels. "
    "You counted c."
)
def one_kernel_a_filter(c):
    return 26 * c, 20 * c


@exercise.wrong(
    "Your answer does not depend on c, the number of channels. "
    "26 and 20 are right for one channel only."
)
def one_channel(c):
    return 26, 20


@exercise.wrong("You counted one 3x3 layer. It takes two of them to see 5x5 pixels.")
def one_small_layer(c):
    return 25 * c * c + c, 9 * c * c + c


@exercise.wrong(
    "The order is the other way round: first the one 5x5 layer, "
    "then the two 3x3 layers."
)
def exchanged(c):
    return stack_5x5_vs_3x3(c)[::-1]


@exercise.wrong(
    "You multiplied the two small layers. They are two sets of weights: "
    "their numbers add up."
)
def small_ones_multiplied(c):
    return 25 * c * c + c, (9 * c * c + c) ** 2


@exercise.wrong(
    "You returned one number. Two are wanted: the parameters of the 5x5 layer, and "
    "those of the two 3x3 layers together."
)
def the_difference(c):
    return 7 * c * c - c


@exercise.wrong(
    "You counted one kernel for each filter, and no biases. A filter has a kernel for "
    "every input channel, c * k * k weights, and one bias."
)
def neither_depth_nor_bias(c):
    return 25 * c, 18 * c


@exercise.alternative
def by_making_the_arrays(c):
    def layer(k):
        return np.zeros((c, c, k, k)).size + np.zeros(c).size

    return [layer(5), layer(3) + layer(3)]


@exercise.alternative
def as_an_array(c):
    return np.array([25, 18]) * c**2 + np.array([1, 2]) * c


@exercise.cases("worked example", points=0.5)
def worked():
    yield (1,)


@exercise.cases("more channels", points=1)
def more():
    yield (2,)
    yield (3,)
    yield (64,)


@exercise.fresh("fresh numbers of channels", points=0.5)
def drawn(rng):
    return (int(rng.integers(4, 200)),)

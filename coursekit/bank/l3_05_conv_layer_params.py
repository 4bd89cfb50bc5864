r"""Count the parameters of a layer

Write `conv_layer_params(c_in, c_out, k_h, k_w, bias=True)`: how many numbers a
convolutional layer learns.

- `c_in` channels go in and `c_out` come out. The kernels are `k_h` high and `k_w` wide.
  All four are integers, at least 1.
- Each of the `c_out` filters has one 2-D kernel for every input channel. With
  `bias=True` it has also **one** bias; with `bias=False` it has none.
- Return an int. The size of the image is not asked for: it makes no difference.

**By hand.** Two channels, one filter of 2 x 2: `2 * 2 * 2 = 8` weights and 1 bias, so
`conv_layer_params(2, 1, 2, 2)` is 9. Three such filters have three times as many,
`conv_layer_params(2, 3, 2, 2)` is 27; without biases it is 24.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=1,
    minutes=6,
    section="Counting parameters and operations",
    hints=(
        "Begin with one filter. How many weights does it have, over all input "
        "channels? How many biases?",
        "One filter: `c_in` kernels of `k_h * k_w` weights each, and one bias for all "
        "of them together. All filters of the layer are alike.",
        "Almost code:\n\n"
        "    a filter = c_in * k_h * k_w weights, and 1 more if there is a bias\n"
        "    return c_out filters",
    ),
)


@exercise.solution
def conv_layer_params(c_in, c_out, k_h, k_w, bias=True):
    """Return the number of weights and biases of a layer, c_in -> c_out channels."""
    a_filter = c_in * k_h * k_w + (1 if bias else 0)
    return c_out * a_filter


def weights(c_in, c_out, k_h, k_w):
    return c_out * c_in * k_h * k_w


@exercise.wrong(
    "You counted a bias for every kernel, c_in * (k_h * k_w + 1) numbers a filter. "
    "A filter adds its kernels' maps up and has one bias: c_in * k_h * k_w + 1."
)
def a_bias_a_kernel(c_in, c_out, k_h, k_w, bias=True):
    return c_out * c_in * (k_h * k_w + bool(bias))


@exercise.wrong(
    "You counted a bias for every kernel, and also with bias=False. A filter has one "
    "bias, c_in * k_h * k_w + 1 numbers, or none at all."
)
def always_a_bias_a_kernel(c_in, c_out, k_h, k_w, bias=True):
    return a_bias_a_kernel(c_in, c_out, k_h, k_w)


@exercise.wrong(
    "You counted one kernel for each filter. It has one for every input channel: "
    "c_in * k_h * k_w weights."
)
def one_kernel_a_filter(c_in, c_out, k_h, k_w, bias=True):
    return c_out * (k_h * k_w + bool(bias))


@exercise.wrong(
    "You counted one filter. There are c_out of them, each with its own weights "
    "and its own bias."
)
def one_filter(c_in, c_out, k_h, k_w, bias=True):
    return c_in * k_h * k_w + bool(bias)


@exercise.wrong(
    "You counted one bias for the whole layer. Every filter has one: c_out biases."
)
def one_bias_a_layer(c_in, c_out, k_h, k_w, bias=True):
    return weights(c_in, c_out, k_h, k_w) + bool(bias)


@exercise.wrong(
    "You counted a bias for every input channel. Biases belong to the filters, that is "
    "to the output channels: there are c_out."
)
def a_bias_an_input(c_in, c_out, k_h, k_w, bias=True):
    return weights(c_in, c_out, k_h, k_w) + c_in * bool(bias)


@exercise.wrong(
    "The biases are missing. With bias=True each filter has one, so add c_out."
)
def no_biases(c_in, c_out, k_h, k_w, bias=True):
    return weights(c_in, c_out, k_h, k_w)


@exercise.wrong(
    "You count biases even with bias=False. Then the layer has weights only."
)
def always_biases(c_in, c_out, k_h, k_w, bias=True):
    return weights(c_in, c_out, k_h, k_w) + c_out


@exercise.wrong(
    "The question about the bias is the wrong way round: "
    "with bias=True add c_out, with bias=False nothing."
)
def the_other_way_round(c_in, c_out, k_h, k_w, bias=True):
    return conv_layer_params(c_in, c_out, k_h, k_w, not bias)


@exercise.wrong(
    "You squared the kernel's height. Kernels need not be square: k_h * k_w."
)
def squared(c_in, c_out, k_h, k_w, bias=True):
    return conv_layer_params(c_in, c_out, k_h, k_h, bias)


@exercise.wrong(
    "You added the kernel's height and width. A kernel has k_h rows of k_w weights: "
    "k_h * k_w."
)
def sides_added(c_in, c_out, k_h, k_w, bias=True):
    return c_out * (c_in * (k_h + k_w) + bool(bias))


@exercise.wrong(
    "You added the numbers of channels. Every filter is as deep as the input, so they "
    "multiply: c_out * c_in kernels."
)
def channels_added(c_in, c_out, k_h, k_w, bias=True):
    return (c_in + c_out) * k_h * k_w + c_out * bool(bias)


@exercise.wrong(
    "You counted the weights of one kernel for each filter. A filter is as deep as the "
    "input, c_in * k_h * k_w weights; and with bias=True it has one bias."
)
def neither_depth_nor_bias(c_in, c_out, k_h, k_w, bias=True):
    return c_out * k_h * k_w


@exercise.wrong(
    "Every filter has one kernel and no depth in your answer, and a bias even "
    "with bias=False. It has c_in * k_h * k_w weights, and one bias or none."
)
def one_kernel_and_always_a_bias(c_in, c_out, k_h, k_w, bias=True):
    return c_out * (k_h * k_w + 1)


@exercise.alternative
def by_making_the_arrays(c_in, c_out, k_h, k_w, bias=True):
    weight = np.zeros((c_out, c_in, k_h, k_w))
    return weight.size + (np.zeros(c_out).size if bias else 0)


@exercise.alternative
def by_product(c_in, c_out, k_h, k_w, bias=True):
    return np.prod([c_in, c_out, k_h, k_w]) + c_out * bias


@exercise.cases("worked examples", points=1)
def worked():
    yield 2, 1, 2, 2
    yield 2, 3, 2, 2
    yield 2, 3, 2, 2, False


@exercise.cases("layers of real networks", points=1)
def real():
    yield 3, 50, 3, 3
    yield 3, 5, 2, 3
    yield 1, 6, 5, 5, True
    yield 64, 32, 1, 1, False


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    c_in, c_out = map(int, rng.integers(2, 40, 2))
    k_h, k_w = map(int, rng.choice([(1, 4), (2, 3), (3, 2), (5, 3)]))
    return c_in, c_out, k_h, k_w, bool(rng.integers(2))

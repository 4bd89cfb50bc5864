r"""Count the numbers in a convolutional layer

Write `conv_params(c, k_h, k_w, n)`: how many numbers a convolutional layer learns.

- The image has `c` channels. The layer has `n` filters. A filter looks at a small
  window of the image, `k_h` rows high and `k_w` columns wide, in **all** channels.
- A filter has one weight for each number in its window, and one bias.
- A filter uses the same weights and the same bias at every place of the image. The
  size of the image is therefore not asked for.
- `c`, `k_h`, `k_w` and `n` are integers, at least 1. Return an int: weights and biases
  together.

**By hand.** In an image with 3 channels, a window of 2 x 2 holds 12 numbers. One filter
needs 12 weights and 1 bias, so `conv_params(3, 2, 2, 1)` is 13. Ten filters need ten
times as many: `conv_params(3, 2, 2, 10)` is 130.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=5,
    section="Counting the weights",
    hints=(
        "Begin with one filter. How many numbers lie in its window, over all channels?",
        "The window holds `c * k_h * k_w` numbers. One filter has a weight for each of "
        "them, and one bias. All `n` filters are alike.",
        "Almost code:\n\n"
        "    one filter = c * k_h * k_w weights + 1 bias\n"
        "    return n times that",
    ),
)


@exercise.solution
def conv_params(c, k_h, k_w, n):
    """Return the number of weights and biases of n filters (c, k_h, k_w)."""
    one_filter = c * k_h * k_w + 1
    return n * one_filter


@exercise.wrong("The biases are missing: each of the n filters has one.")
def no_biases(c, k_h, k_w, n):
    return c * k_h * k_w * n


@exercise.wrong(
    "You counted one bias for the whole layer. Each filter has its own: n biases."
)
def one_bias(c, k_h, k_w, n):
    return c * k_h * k_w * n + 1


@exercise.wrong(
    "You counted a bias for each channel of each filter. A filter has one bias, "
    "however many channels it looks at."
)
def a_bias_a_channel(c, k_h, k_w, n):
    return c * n * (k_h * k_w + 1)


@exercise.wrong(
    "You counted a bias for each channel of the image. Biases belong to the filters: "
    "there are n."
)
def a_bias_an_input(c, k_h, k_w, n):
    return c * k_h * k_w * n + c


@exercise.wrong(
    "The channels are missing. A filter looks at all of them, with other weights in "
    "each: c * k_h * k_w."
)
def one_channel(c, k_h, k_w, n):
    return k_h * k_w * n + n


@exercise.wrong(
    "You counted the weights of one filter only. Each of the n filters has its own."
)
def one_filter(c, k_h, k_w, n):
    return c * k_h * k_w + n


@exercise.wrong(
    "You counted one filter, with its bias. There are n of them, each with weights "
    "and a bias of its own."
)
def one_filter_and_its_bias(c, k_h, k_w, n):
    return c * k_h * k_w + 1


@exercise.wrong(
    "You used the height of the window for its width as well. It need not be square: "
    "k_h * k_w."
)
def squared(c, k_h, k_w, n):
    return conv_params(c, k_h, k_h, n)


@exercise.wrong(
    "You counted k_h * k_w weights for each filter. The depth is missing: a filter "
    "looks at all c channels, c * k_h * k_w weights; and so are the biases."
)
def neither_depth_nor_biases(c, k_h, k_w, n):
    return k_h * k_w * n


@exercise.alternative
def by_making_the_arrays(c, k_h, k_w, n):
    return np.zeros((n, c, k_h, k_w)).size + np.zeros(n).size


@exercise.alternative
def by_product(c, k_h, k_w, n):
    return np.prod([c, k_h, k_w, n]) + n


@exercise.cases("worked examples", points=1)
def worked():
    yield 3, 2, 2, 1
    yield 3, 2, 2, 10
    yield 2, 3, 4, 5


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    k_h, k_w = map(int, rng.choice([(1, 4), (2, 3), (3, 2), (5, 3)]))
    c, n = map(int, rng.integers(2, 40, 2))
    return c, k_h, k_w, n

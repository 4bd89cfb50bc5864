r"""Count the numbers in a dense layer

Write `dense_params(c, h, w, n)`: how many numbers a dense layer learns when a whole
image goes into it.

- The image has `c` channels of `h` x `w` pixels. It is flattened: all its numbers are
  put in one row.
- The layer has `n` outputs. Each output has one weight for **every** number of that
  row, and one bias of its own.
- `c`, `h`, `w` and `n` are integers, at least 1. Return an int: weights and biases
  together.

**By hand.** An image with 1 channel of 2 x 3 pixels has 6 numbers. One output needs 6
weights and 1 bias, so `dense_params(1, 2, 3, 1)` is 7. Four outputs need four times as
many: `dense_params(1, 2, 3, 4)` is 28.
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
        "Begin with one output. How many numbers go into it, and how many numbers "
        "does it learn?",
        "The flattened image has `c * h * w` numbers. One output has a weight for each "
        "of them, and one bias. All `n` outputs are alike.",
        "Almost code:\n\n"
        "    one output = c * h * w weights + 1 bias\n"
        "    return n times that",
    ),
)


@exercise.solution
def dense_params(c, h, w, n):
    """Return the number of weights and biases from an image (c, h, w) to n outputs."""
    one_output = c * h * w + 1
    return n * one_output


@exercise.wrong("The biases are missing: each of the n outputs has one.")
def no_biases(c, h, w, n):
    return c * h * w * n


@exercise.wrong(
    "You counted one bias for the whole layer. Each output has its own: n biases."
)
def one_bias(c, h, w, n):
    return c * h * w * n + 1


@exercise.wrong(
    "You counted a bias for each input. Biases belong to the outputs: there are n."
)
def a_bias_an_input(c, h, w, n):
    return c * h * w * n + c * h * w


@exercise.wrong(
    "The channels are missing. A colour image has 3 numbers at each pixel, and each "
    "of them has its own weight: c * h * w inputs."
)
def one_channel(c, h, w, n):
    return h * w * n + n


@exercise.wrong(
    "You counted the weights of one output only. Each of the n outputs has a weight "
    "for every input."
)
def one_output(c, h, w, n):
    return c * h * w + n


@exercise.wrong(
    "You counted one output, with its bias. There are n of them, each with weights "
    "and a bias of its own."
)
def one_output_and_its_bias(c, h, w, n):
    return c * h * w + 1


@exercise.wrong(
    "You added the sides of the image. It has h rows of w pixels in each of c "
    "channels: c * h * w numbers."
)
def sides_added(c, h, w, n):
    return (c + h + w) * n + n


@exercise.wrong(
    "You counted h * w weights for each output. The channels are missing, c * h * w "
    "numbers go in; and so are the biases, one for each output."
)
def neither_channels_nor_biases(c, h, w, n):
    return h * w * n


@exercise.wrong(
    "You counted a bias for each channel that goes into an output. An output has one "
    "bias, however many channels there are."
)
def a_bias_a_channel(c, h, w, n):
    return c * n * (h * w + 1)


@exercise.alternative
def by_making_the_arrays(c, h, w, n):
    return np.zeros((n, c * h * w), bool).size + np.zeros(n).size


@exercise.alternative
def by_product(c, h, w, n):
    return np.prod([c, h, w, n]) + n


@exercise.cases("worked examples", points=1)
def worked():
    yield 1, 2, 3, 1
    yield 1, 2, 3, 4
    yield 3, 2, 2, 5


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    return tuple(map(int, rng.integers((2, 4, 5, 2), (5, 30, 30, 40))))

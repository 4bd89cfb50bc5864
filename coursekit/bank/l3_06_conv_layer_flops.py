r"""Count the operations of a layer

How much must be calculated to get the output of a convolutional layer? Write
`conv_layer_flops(c_in, c_out, k_h, k_w, o_h, o_w)`: the number of products and
additions for one image.

- `c_in` channels go in and `c_out` come out. The kernels are `k_h` high and `k_w` wide.
  Every **output** map has `o_h` rows and `o_w` columns. All are integers, at least 1.
- A product of two numbers is one operation, and so is an addition of two numbers. To
  add up `m` numbers takes `m - 1` additions. There is no bias.
- Return an int.

**By hand.** Two channels and kernels of 1 x 2: one output number is a sum of 4
products, that is 4 products and 3 additions, 7 operations. Three filters with maps of
2 x 5 make `3 * 2 * 5 = 30` output numbers, so `conv_layer_flops(2, 3, 1, 2, 2, 5)` is
210.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=8,
    section="Counting parameters and operations",
    hints=(
        "Two questions, one after the other: how many operations does one number of "
        "the output take, and how many numbers does the output have?",
        "One output number is a sum of k_h * k_w * c_in products. Count the products, "
        "then the additions that make one number of them.",
        "Almost code:\n\n"
        "    products  = k_h * k_w * c_in\n"
        "    additions = one less than there are products\n"
        "    return (products + additions) * c_out * o_h * o_w",
    ),
)


@exercise.solution
def conv_layer_flops(c_in, c_out, k_h, k_w, o_h, o_w):
    """Return the products and additions of a layer with maps (o_h, o_w), no bias."""
    products = k_h * k_w * c_in
    additions = products - 1
    return o_h * o_w * c_out * (products + additions)


@exercise.wrong(
    "You counted the products only: these are the multiply-adds, as many papers count. "
    "Here an addition is an operation of its own, which gives about twice as many."
)
def multiply_adds(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * k_h * k_w * c_in


@exercise.wrong(
    "You counted as many additions as products. That is right with a bias; without "
    "one, m products are added up with m - 1 additions."
)
def with_a_bias(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * 2 * k_h * k_w * c_in


@exercise.wrong("You counted the additions only. The products are operations, too.")
def additions_only(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * (k_h * k_w * c_in - 1)


@exercise.wrong(
    "The additions from channel to channel are missing: 2 * k_h * k_w - 1 operations "
    "give one sum for each channel, and c_in - 1 more additions make one of them."
)
def channels_not_added(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * c_in * (2 * k_h * k_w - 1)


@exercise.wrong(
    "You took the 1 away once, from the whole layer. "
    "Every output number takes one addition less than it has products."
)
def one_less_in_all(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * 2 * k_h * k_w * c_in - 1


@exercise.wrong(
    "You took the 1 away once for every place, before the filters were counted. "
    "Each filter makes a number of its own there: c_out times one less."
)
def one_less_a_place(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * (c_out * 2 * k_h * k_w * c_in - 1)


@exercise.wrong(
    "Your answer counts one output map. There are c_out, and each costs as much."
)
def one_map(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_in, 1, k_h, k_w, o_h, o_w)


@exercise.wrong(
    "Your answer counts one place of the maps. There are o_h * o_w of them: parameters "
    "do not depend on the size of the image, operations do."
)
def one_place(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_in, c_out, k_h, k_w, 1, 1)


@exercise.wrong(
    "c_in has no effect in your answer. Every output number is a sum over all input "
    "channels: k_h * k_w * c_in products."
)
def one_channel(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(1, c_out, k_h, k_w, o_h, o_w)


@exercise.wrong(
    "The numbers of channels are exchanged: the sum inside runs over the c_in channels "
    "that go in, and there are c_out maps."
)
def channels_exchanged(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_out, c_in, k_h, k_w, o_h, o_w)


@exercise.wrong(
    "You squared the kernel's height. Kernels need not be square: k_h * k_w."
)
def kernel_squared(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_in, c_out, k_h, k_h, o_h, o_w)


@exercise.wrong(
    "You squared the height of the maps. They need not be square: o_h * o_w places."
)
def map_squared(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_in, c_out, k_h, k_w, o_h, o_h)


@exercise.wrong(
    "You took o_h and o_w for the size of the input, and took the border off. They are "
    "the rows and columns of the output already: o_h * o_w places."
)
def border_taken_off(c_in, c_out, k_h, k_w, o_h, o_w):
    places = (o_h - k_h + 1) * (o_w - k_w + 1)
    return places * conv_layer_flops(c_in, c_out, k_h, k_w, 1, 1)


@exercise.wrong(
    "You counted m + 1 additions for m products. The first product needs none to add "
    "it to, so there are m - 1; and there is no bias."
)
def two_additions_too_many(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * (2 * k_h * k_w * c_in + 1)


@exercise.wrong(
    "That is one output number. The layer makes c_out maps of o_h * o_w numbers, "
    "and each of them costs as much."
)
def one_output_number(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_in, 1, k_h, k_w, 1, 1)


@exercise.wrong(
    "You took c_out for the depth of a filter. The sum inside runs over the c_in "
    "channels that go in: k_h * k_w * c_in products; c_out counts the maps."
)
def depth_of_the_output(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_out, c_out, k_h, k_w, o_h, o_w)


@exercise.wrong(
    "You took kernels and maps for squares. Neither need be: "
    "k_h * k_w taps, o_h * o_w places."
)
def both_squared(c_in, c_out, k_h, k_w, o_h, o_w):
    return conv_layer_flops(c_in, c_out, k_h, k_h, o_h, o_h)


@exercise.wrong(
    "You left out the number of filters and counted products only. The layer makes "
    "c_out maps, and an addition is an operation, too."
)
def multiply_adds_of_one_map(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * k_h * k_w * c_in


@exercise.wrong(
    "You squared the kernel's height and counted products only. Kernels need not be "
    "square, k_h * k_w, and an addition is an operation, too."
)
def multiply_adds_squared(c_in, c_out, k_h, k_w, o_h, o_w):
    return o_h * o_w * c_out * k_h * k_h * c_in


@exercise.alternative
def channel_by_channel(c_in, c_out, k_h, k_w, o_h, o_w):
    a_channel = k_h * k_w + (k_h * k_w - 1)
    return (a_channel * c_in + c_in - 1) * c_out * o_h * o_w


@exercise.alternative
def by_counting(c_in, c_out, k_h, k_w, o_h, o_w):
    products = additions = 0
    for tap in range(c_in * k_h * k_w):
        products += 1
        additions += tap > 0
    return (products + additions) * np.zeros((c_out, o_h, o_w)).size


@exercise.cases("worked example", points=1)
def worked():
    yield 2, 3, 1, 2, 2, 5


@exercise.cases("other layers", points=1)
def others():
    yield 1, 1, 3, 3, 1, 1
    yield 3, 50, 3, 3, 256, 256
    yield 3, 2, 5, 4, 6, 7
    yield 64, 32, 1, 1, 56, 28


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    c_in, c_out, o_h, o_w = map(int, rng.integers(2, 40, 4))
    k_h, k_w = map(int, rng.choice([(1, 4), (2, 3), (3, 2), (5, 3)]))
    return c_in, c_out, k_h, k_w, o_h, o_w

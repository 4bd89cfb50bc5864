r"""How wide is the first dense layer?

Before `nn.Linear(?, 120)` you need a number: how many values the layers before it leave
of one image. Write `flatten_size(layers, h, w)`.

- `layers` is a list, first layer first, of two kinds of tuples. All entries after the
  name are whole numbers; windows are square, padding is counted per side.
    - `("conv", c_out, k, stride, padding)`: a convolution, `c_out` filters of k by k.
    - `("pool", k, stride)`: a pooling with windows of k by k, without padding.
- The image has **one** channel, `h` rows and `w` columns, not always as many. The list
  may be empty.
- A convolution or pooling counts only the places where its whole window fits, as in
  lesson 4; what does not fit is dropped. Every window fits at least once.
- Return an int: channels times rows times columns after the last layer.

**By hand.** `[("conv", 3, 3, 2, 1), ("pool", 2, 1)]` and an image of 4 rows and 7
columns. The convolution: 4 + 2 - 3 = 3 and 3 // 2 + 1 = 2 rows; 7 + 2 - 3 = 6 and
6 // 2 + 1 = 4 columns; 3 channels. The pooling moves one pixel at a time: 1 row,
3 columns. `3 * 1 * 3 = 9`.
"""

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=12,
    section="The trace",
    hints=(
        "Walk through the list with three numbers in hand: channels, rows, columns. "
        "What does each kind of layer do to each of them?",
        "Both kinds turn a side of `n` into `(n + 2 * padding - k) // stride + 1`, a "
        "pooling with padding 0. Only a convolution sets the channels, to its c_out.",
        "Almost code:\n\n"
        "    channels = 1\n"
        "    for layer in layers:\n"
        '        if layer[0] is "conv": take channels, k, stride, padding from it\n'
        "        else: take k and stride from it; padding is 0\n"
        "        h = (h + 2 * padding - k) // stride + 1, and w likewise\n"
        "    return channels * h * w",
    ),
)


@exercise.solution
def flatten_size(layers, h, w):
    """Return how many numbers one image (1, h, w) has after the layers."""
    channels = 1
    for kind, *numbers in layers:
        if kind == "conv":
            channels, k, stride, padding = numbers
        else:
            (k, stride), padding = numbers, 0
        h = (h + 2 * padding - k) // stride + 1
        w = (w + 2 * padding - k) // stride + 1
    return channels * h * w


def settled(layers):
    """Yield (c_out or None, k, stride, padding) for both kinds of layers."""
    for kind, *numbers in layers:
        yield tuple(numbers) if kind == "conv" else (None, *numbers, 0)


def walked(layers, h, w, out):
    """Walk with a rule for one side: out(n, k, stride, padding)."""
    channels = 1
    for c_out, *window in settled(layers):
        channels = c_out or channels
        h, w = out(h, *window), out(w, *window)
    return channels * h * w


@exercise.alternative
def by_counting_places(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: len(range(-p, n + p - k + 1, s)))


@exercise.alternative
def by_recursion(layers, h, w, c=1):
    if not layers:
        return c * h * w
    (c_out, k, s, p), *_ = settled(layers)
    sides = [(n + 2 * p - k + s) // s for n in (h, w)]
    return by_recursion(layers[1:], *sides, c_out or c)


@exercise.wrong(
    "You left the channels out. Every filter of the last convolution leaves a map, "
    "and flattening keeps the numbers of all of them."
)
def channels_forgotten(layers, h, w):
    c_outs = [c_out for c_out, *_ in settled(layers) if c_out]
    return flatten_size(layers, h, w) // (c_outs or [1])[-1]


@exercise.wrong(
    "You multiplied the numbers of filters of all convolutions. A filter sums over its "
    "input channels, so only the c_out of the last convolution is left."
)
def channels_multiplied(layers, h, w):
    size, c_outs = channels_forgotten(layers, h, w), 1
    for c_out, *_ in settled(layers):
        c_outs *= c_out or 1
    return size * c_outs


@exercise.wrong(
    "You added the padding once. It is given per side, and an axis has two sides: "
    "2 * padding."
)
def padded_once(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: (n + p - k) // s + 1)


@exercise.wrong(
    "The padding has no effect in your answer: it makes the image larger before the "
    "windows are counted, by 2 * padding along each axis."
)
def padding_ignored(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: (n - k) // s + 1)


@exercise.wrong(
    "A pooling gets the padding of the convolution before it in your answer. "
    "It has none: set the padding back to 0."
)
def padding_carried_on(layers, h, w):
    carried, padding = [], 0
    for kind, *numbers in layers:
        padding = numbers[3] if kind == "conv" else padding
        carried.append(("conv", numbers[0], *numbers[1:3], padding))
        if kind == "pool":
            c_out = next((one[1] for one in carried[-2::-1]), 1)
            carried[-1] = ("conv", c_out, *numbers, padding)
    return flatten_size(carried, h, w)


@exercise.wrong(
    "You rounded up. A window that hangs over the border is dropped: divide with // "
    "before you add the 1."
)
def rounded_up(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: -((k - n - 2 * p) // s) + 1)


@exercise.wrong(
    "You forgot to count the first place. The window moves (n + 2 * padding - k) // "
    "stride times and stands in one place more."
)
def one_place_short(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: (n + 2 * p - k) // s)


@exercise.wrong(
    "You took k for the stride of a pooling. Often they are equal, but the tuple "
    "gives both: windows may overlap, or leave gaps."
)
def pool_stride_is_k(layers, h, w):
    own = [("pool", one[1], one[1]) if one[0] == "pool" else one for one in layers]
    return flatten_size(own, h, w)


@exercise.wrong(
    "You used the number of rows for the columns as well. The image need not be "
    "square: follow h and w separately."
)
def square(layers, h, w):
    return flatten_size(layers, h, h)


@exercise.wrong(
    "`/` gives fractions, in Python 3 even where it comes out even. A number of places "
    "is whole, and what does not fit is dropped: //."
)
def single_slash(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: (n + 2 * p - k) / s + 1)


@exercise.wrong(
    "`%` gives what is left over by a division. How often the window moves is the "
    "quotient rounded down: (n + 2 * padding - k) // stride."
)
def remainder(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: (n + 2 * p - k) % s + 1)


@exercise.wrong(
    "You divided the size of the image by the stride. The window has to fit: take k "
    "away first, divide what is left, and add 1."
)
def image_by_stride(layers, h, w):
    return walked(layers, h, w, lambda n, k, s, p: (n + 2 * p) // s)


@exercise.cases("worked example", points=1)
def worked():
    yield [("conv", 3, 3, 2, 1), ("pool", 2, 1)], 4, 7


LENET = [("conv", 6, 5, 1, 2), ("pool", 2, 2), ("conv", 16, 5, 1, 0), ("pool", 2, 2)]


@exercise.cases("networks of this course", points=1)
def networks():
    yield LENET, 28, 28
    yield [("conv", 6, 5, 1, 0)], 24, 28
    yield LENET, 31, 37


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield [], 3, 5
    yield [("conv", 7, 4, 3, 2), ("pool", 3, 2), ("pool", 2, 3)], 38, 51
    yield [("conv", 5, 1, 1, 0)], 1, 2


@exercise.fresh("fresh networks", points=0.5, draws=3)
def drawn(rng):
    c, d, k, s, p = (int(n) for n in rng.integers((2, 2, 2, 1, 1), (9, 9, 5, 4, 3)))
    layers = [("conv", c, k, s, p), ("pool", 2, 1), ("conv", d, 3, 2, p)]
    return layers, int(rng.integers(20, 40)), int(rng.integers(20, 40))

r"""Follow one image through LeNet

Write `lenet_shapes(n=28)`: the shapes that one image of n by n pixels takes on its way
through LeNet.

- `n` is a whole number, at least 12. If it is left out, it is 28.
- The layers, in this order. The image has one channel; padding is counted per side.

| layer | what it does |
|---|---|
| convolution | 6 filters, 5 by 5, stride 1, padding 2 |
| pooling | windows of 2 by 2, stride 2, no padding |
| convolution | 16 filters, 5 by 5, stride 1, no padding |
| pooling | as before |
| flatten | all numbers in one row |
| dense | 120 outputs |
| dense | 84 outputs |
| dense | 10 outputs |

- The sigmoids between the layers change no shape and are not listed.
- Pooling drops a last row or column that fills no window of its own.
- Return a list of eight tuples of whole numbers: the shape after each layer of the
  table, channels first, **without** the axis of the batch. The shape of one row of 120
  numbers is `(120,)`. The image itself is not in the list.

**By hand.** The first two steps for an image of 13 by 13: padding 2 makes 17 by 17, and
a kernel of 5 fits in 17 - 5 + 1 = 13 places along each axis, so the shape is
`(6, 13, 13)`. Pairs of rows fit in 6 times, one row is left over: `(6, 6, 6)`.
"""

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=10,
    section="The trace",
    hints=(
        "Follow the side of the maps first and forget the channels: how does each of "
        "the first four layers change it?",
        "The first convolution adds 4 pixels and takes 4 away: the side stays. A "
        "pooling halves it, rounded down. The second convolution takes 4 away.",
        "Almost code:\n\n"
        "    half = n halved, rounded down\n"
        "    inner = half - 4\n"
        "    last = inner halved, rounded down\n"
        "    flatten: one axis with 16 * last * last entries\n"
        "    list: (6, n, n), (6, half, half), ... , then three tuples of one number",
    ),
)


@exercise.solution
def lenet_shapes(n=28):
    """Return the shapes, without batch, after LeNet's eight layers, as tuples."""
    half = n // 2
    inner = half - 4
    last = inner // 2
    maps = [(6, n, n), (6, half, half), (16, inner, inner), (16, last, last)]
    return [*maps, (16 * last * last,), (120,), (84,), (10,)]


def from_sides(*sides):
    maps = [(c, n, n) for c, n in zip((6, 6, 16, 16), sides, strict=True)]
    return [*maps, (16 * sides[-1] ** 2,), (120,), (84,), (10,)]


@exercise.alternative
def layer_by_layer(n=28):
    shapes, side = [], n
    for channels, k, padding in [(6, 5, 2), (16, 5, 0)]:
        side = side + 2 * padding - k + 1
        shapes.append((channels, side, side))
        side = (side - 2) // 2 + 1
        shapes.append((channels, side, side))
    return [*shapes, (channels * side * side,), (120,), (84,), (10,)]


@exercise.alternative
def as_lists(n=28):
    return [list(shape) for shape in layer_by_layer(n)]


@exercise.wrong(
    "You left out the padding of the first convolution. Two pixels on each side make "
    "up for what a 5 by 5 kernel takes away: the map keeps the size of the image."
)
def never_padded(n=28):
    return from_sides(n - 4, (n - 4) // 2, (n - 4) // 2 - 4, ((n - 4) // 2 - 4) // 2)


@exercise.wrong(
    "You padded the second convolution as well. Only the first has padding 2; "
    "the second takes 4 off each side."
)
def padded_twice(n=28):
    return from_sides(n, n // 2, n // 2, n // 2 // 2)


@exercise.wrong(
    "You counted the padding once for both sides together. It is given per side: "
    "padding 2 adds 4 pixels along each axis."
)
def padded_one_side(n=28):
    return from_sides(n - 2, (n - 2) // 2, (n - 2) // 2 - 4, ((n - 2) // 2 - 4) // 2)


@exercise.wrong(
    "You rounded up where pooling halves an odd side. A last row that fills no window "
    "is dropped: 13 rows make 6 pairs."
)
def rounded_up(n=28):
    half = (n + 1) // 2
    return from_sides(n, half, half - 4, (half - 3) // 2)


@exercise.wrong(
    "Your windows of the pooling overlap: they move one pixel at a time. "
    "The stride is 2, so the side is halved."
)
def pools_slide(n=28):
    return from_sides(n, n - 1, n - 5, n - 6)


@exercise.wrong(
    "These are the shapes for an image of 28 by 28, whatever n is. Compute them from n."
)
def by_heart(n=28):
    return lenet_shapes()


@exercise.wrong(
    "The flattened shape leaves the channels out. Flattening keeps every number: "
    "16 maps times their rows times their columns."
)
def channels_not_flattened(n=28):
    *maps, flat, one, two, three = lenet_shapes(n)
    return [*maps, (flat[0] // 16,), one, two, three]


@exercise.wrong(
    "You wrote 400 for the flattened shape. That holds for 28 by 28 only: 16 maps "
    "times the rows times the columns of the last pooling."
)
def flat_by_heart(n=28):
    return [*lenet_shapes(n)[:4], *lenet_shapes()[4:]]


@exercise.wrong(
    "The channels stand last. Here, as in torch, they come first: (channels, rows, "
    "columns)."
)
def channels_last(n=28):
    shapes = lenet_shapes(n)
    return [(*shape[1:], shape[0]) for shape in shapes[:4]] + shapes[4:]


@exercise.wrong(
    "Your shapes begin with the axis of the batch. Leave it out: the shapes are those "
    "of one image."
)
def with_batch(n=28):
    return [(1, *shape) for shape in lenet_shapes(n)]


@exercise.wrong(
    "The last four entries are plain numbers. A shape of one axis is a tuple with one "
    "entry, and only the comma makes it one: (120,)."
)
def bare_numbers(n=28):
    maps = lenet_shapes(n)[:4]
    return [*maps, 16 * maps[3][1] ** 2, 120, 84, 10]


@exercise.wrong(
    "Your list begins with the image itself. The first entry is the shape "
    "after the first convolution."
)
def image_listed(n=28):
    return [(1, n, n), *lenet_shapes(n)]


@exercise.wrong(
    "`/` makes fractions: a map of 13 rows has no 6.5 rows after the pooling. "
    "// rounds down, and keeps whole numbers whole."
)
def halved_with_a_slash(n=28):
    return from_sides(n, n / 2, n / 2 - 4, (n / 2 - 4) / 2)


@exercise.wrong(
    "You forgot to count the first place of a kernel: it moves n - 5 times along n "
    "pixels, and stands in one place more."
)
def one_place_short(n=28):
    half = (n - 1) // 2
    return from_sides(n - 1, half, half - 5, (half - 5) // 2)


@exercise.cases("28 by 28", points=1)
def worked():
    yield (28,)
    yield ()


@exercise.cases("other sizes", points=1)
def others():
    yield (32,)
    yield (13,)
    yield (19,)


@exercise.fresh("fresh sizes", points=1, draws=3)
def drawn(rng):
    return (int(rng.integers(12, 200)),)

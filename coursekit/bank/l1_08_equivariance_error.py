r"""Does it matter whether you shift before or after?

`f` is a function that makes an image of an image. If shifting first and then using `f`
gives the same as using `f` first and then shifting, `f` is called *equivariant* to
shifts. Write `equivariance_error(f, x, dy, dx, margin)`: how far `f` is from that.

- `f` takes an array of shape `(H, W)` and returns an array of the same shape. Call it
  with one argument: `f(x)`.
- `x` is a NumPy array of floats, shape `(H, W)`. The shift moves an image down by `dy`
  and to the right by `dx` (negative: up, left), and **zeros enter**. `moved(x, dy, dx)`
  in the starter does this; it is your `shift_image` under another name.
- Compare two images: `f` of the shifted `x`, and the shifted `f(x)`. Take the absolute
  difference at each pixel, leave out a frame of `margin` pixels on all four sides, and
  return the **largest** difference of the rest, as one number.
- `margin` is an integer, at least 0. With 0 nothing is left out. Something is always
  left: `2 * margin` is less than `H` and less than `W`.
- Leave `x` as it is.

The check uses the functions of the starter for `f`: `correlated`, `ramped`, `inverted`
and `squared`. In its report, `f = 'inverted'` stands for `inverted`.

**By hand.** `inverted` makes `9 - v` of every number `v`. Take the image `x = 1 2 3` of
shape (1, 3), with `dy = 0` and `dx = 1`:

    shift first:    1 2 3  ->  0 1 2  ->  9 8 7
    shift last:     1 2 3  ->  8 7 6  ->  0 8 7      differences  9 0 0

so `equivariance_error(inverted, x, 0, 1, 0)` is 9. Of three such rows, `margin = 1`
leaves only the pixel in the middle; the answer is then 0.
"""

import numpy as np

from coursekit.exercise import Exercise


def on_a_given_map(answer, f, x, dy, dx, margin):
    """Call the answer with the function that the starter gives under the name f."""
    maps = (correlated, ramped, inverted, squared)
    named = {one.__name__: one for one in maps}
    return answer(named[f], x, dy, dx, margin)


exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=15,
    section="Equivariance, and the border",
    driver=on_a_given_map,
    hints=(
        "Make both images first, and print them for the example above. `f` is a "
        "function like any other: you may call it.",
        "The two images are `f(moved(x, dy, dx))` and `moved(f(x), dy, dx)`. Rows "
        "`margin` to `H - margin - 1` are left, which is the slice "
        "`margin : H - margin`; columns likewise.",
        "Almost code:\n\n"
        "    first = f of moved x\n"
        "    last = moved f of x\n"
        "    difference = absolute values of first - last\n"
        "    inside = difference, rows margin : H - margin, columns margin : W - margin"
        "\n    return the largest number of inside",
    ),
)


@exercise.given
def moved(x, dy, dx):
    """Return x moved down by dy and right by dx; zeros enter. Given."""
    return np.eye(x.shape[0], k=-dy) @ x @ np.eye(x.shape[1], k=dx)


@exercise.given
def correlated(x):
    """Return a correlation of x; beyond the border it takes zeros. Given."""
    return 2 * x + moved(x, 1, 0) - 3 * moved(x, 0, -1)


@exercise.given
def ramped(x):
    """Return x, each pixel multiplied by the number of its column. Given."""
    return x * np.arange(x.shape[1])


@exercise.given
def inverted(x):
    """Return 9 - x. Given."""
    return 9 - x


@exercise.given
def squared(x):
    """Return the square of each number of x. Given."""
    return x**2


@exercise.solution
def equivariance_error(f, x, dy, dx, margin):
    """Return how far f(shifted x) is from shifted f(x), inside the margin."""
    difference = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx))
    rows, columns = (slice(margin, n - margin) for n in x.shape)
    return float(np.max(difference[rows, columns]))


def largest_inside(difference, margin):
    rows, columns = (slice(margin, n - margin) for n in difference.shape)
    return float(np.max(difference[rows, columns]))


@exercise.wrong(
    "You did not shift f(x): you compare with the output where it was. "
    "Equivariant means that the output moves along with the input."
)
def invariance(f, x, dy, dx, margin):
    return largest_inside(np.abs(f(moved(x, dy, dx)) - f(x)), margin)


@exercise.wrong(
    "Your shift lets pixels that move out come in again on the other side, as np.roll "
    "does. Here zeros enter: use moved."
)
def rolled(f, x, dy, dx, margin):
    def roll(image):
        return np.roll(image, (dy, dx), (0, 1))

    return largest_inside(np.abs(f(roll(x)) - roll(f(x))), margin)


@exercise.wrong(
    "You took no absolute values, so a large negative difference counts as small. "
    "Use np.abs before np.max."
)
def signed(f, x, dy, dx, margin):
    return largest_inside(f(moved(x, dy, dx)) - moved(f(x), dy, dx), margin)


@exercise.wrong("You took the mean of the differences. Take the largest.")
def mean(f, x, dy, dx, margin):
    difference = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx))
    rows, columns = (slice(margin, n - margin) for n in x.shape)
    return float(np.mean(difference[rows, columns]))


@exercise.wrong(
    "The margin has no effect in your answer. "
    "Leave out a frame of `margin` pixels before you take the largest difference."
)
def margin_forgotten(f, x, dy, dx, margin):
    return equivariance_error(f, x, dy, dx, 0)


@exercise.wrong(
    "With margin = 0 nothing is left of your images: the slice 0:-0 is 0:0, which is "
    "empty. Write margin : H - margin."
)
def minus_zero(f, x, dy, dx, margin):
    difference = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx))
    return float(np.max(difference[margin:-margin, margin:-margin]))


@exercise.wrong(
    "You left out the margin at the top and on the left only. The frame has four sides."
)
def two_sides(f, x, dy, dx, margin):
    difference = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx))
    return float(np.max(difference[margin:, margin:]))


@exercise.wrong(
    "You cut the frame off x, before f and the shift. Zeros then enter inside the "
    "frame: use the whole x, and cut the differences."
)
def cut_too_early(f, x, dy, dx, margin):
    inner = x[margin : x.shape[0] - margin, margin : x.shape[1] - margin]
    return equivariance_error(f, inner, dy, dx, 0)


@exercise.wrong(
    "You cut the columns at H - margin, as the rows. The image need not be square: "
    "rows end at H - margin, columns at W - margin."
)
def height_for_width(f, x, dy, dx, margin):
    difference, h = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx)), len(x)
    return float(np.max(difference[margin : h - margin, margin : h - margin]))


@exercise.wrong(
    "You cut the rows at W - margin, as the columns. The image need not be square: "
    "rows end at H - margin, columns at W - margin."
)
def width_for_height(f, x, dy, dx, margin):
    difference, w = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx)), x.shape[1]
    return float(np.max(difference[margin : w - margin, margin : w - margin]))


@exercise.alternative
def by_loops(f, x, dy, dx, margin):
    first, last, largest = f(moved(x, dy, dx)), moved(f(x), dy, dx), 0.0
    for i in range(margin, x.shape[0] - margin):
        for j in range(margin, x.shape[1] - margin):
            largest = max(largest, abs(first[i, j] - last[i, j]))
    return largest


@exercise.alternative
def in_single_precision(f, x, dy, dx, margin):
    single = x.astype(np.float32)
    difference = f(moved(single, dy, dx)) - moved(f(single), dy, dx)
    return np.float32(largest_inside(np.abs(difference), margin))


@exercise.alternative
def by_signs(f, x, dy, dx, margin):
    difference = f(moved(x, dy, dx)) - moved(f(x), dy, dx)
    return max(largest_inside(difference, margin), largest_inside(-difference, margin))


@exercise.cases("worked example", points=1)
def worked():
    row = np.array([[1.0, 2, 3]])
    yield "inverted", row, 0, 1, 0
    yield "inverted", row.repeat(3, axis=0), 0, 1, 1


IMAGE = np.array(
    [
        [3.0, 1, 4, 1, 5, 2],
        [9, 2, 6, 5, 3, 7],
        [5, 8, 9, 7, 9, 1],
        [3, 2, 3, 8, 4, 6],
        [2, 6, 4, 3, 3, 8],
    ]
)


@exercise.cases("near the border and inside", points=2)
def each_map():
    yield "correlated", IMAGE, 1, -1, 0
    yield "correlated", IMAGE, -1, 1, 1
    yield "correlated", IMAGE, 1, 0, 2
    yield "ramped", IMAGE, 0, 2, 2
    yield "ramped", IMAGE, 1, -1, 1
    yield "squared", IMAGE, 1, 2, 0
    yield "inverted", IMAGE, -2, 0, 1


@exercise.fresh("fresh images", points=1, draws=6)
def drawn(rng):
    f = str(rng.choice(["correlated", "ramped", "inverted"]))
    dy, dx = map(int, rng.choice([(1, -2), (-1, 2), (2, 1), (-2, -1)]))
    image = rng.integers(1, 10, (6, 7)) / 2
    return f, image, dy, dx, int(rng.integers(0, 3))

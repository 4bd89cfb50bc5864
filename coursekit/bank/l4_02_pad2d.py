r"""Put a frame round an image

Write `pad2d(x, pads, mode="zeros")`: the image `x` with rows and columns added at its
four borders.

- `x` has shape `(H, W)`: a NumPy array of floats.
- `pads = ((top, bottom), (left, right))` says **for each side** how many rows or
  columns are added, 0 or more. The four may all differ. Rows come first.
- Return an array of shape `(top + H + bottom, left + W + right)`. `x` stands in it
  unchanged, `top` rows down and `left` columns to the right.
- `mode` says what is in the frame. A row `a b c`, padded with 2 on each side:

        "zeros"        0 0 | a b c | 0 0
        "replicate"    a a | a b c | c c     the nearest pixel of the border
        "reflect"      c b | a b c | b a     mirrored; the border is not repeated
        "circular"     b c | a b c | a b     as if the image started again

- Columns work like rows, and corners follow from both: padding all rows first and the
  columns of the result afterwards, or the other way round, gives the same.
- You are never asked to reflect `H` rows or more (`W` columns or more), nor to continue
  more than `H` rows (`W` columns) in a circle, so one copy is always enough.
- Write it without `np.pad`. Leave `x` as it is.

**By hand.** One row above, one column at the left and two at the right, reflected:

    x = 1 2 3       left and right           4 5 6 came from below:    5 4 5 6 5 4
        4 5 6       2 1 2 3 2 1                                        2 1 2 3 2 1
                    5 4 5 6 5 4                                        5 4 5 6 5 4

The last is `pad2d(x, ((1, 0), (1, 2)), "reflect")`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.rules import forbids

exercise = Exercise(
    __name__,
    points=5,
    difficulty=3,
    minutes=25,
    section="Padding",
    rules=(forbids("np.pad", "Here you write the padding yourself, without np.pad."),),
    hints=(
        "Zeros first: make an array of zeros of the right shape and lay x into it. For "
        "the other modes, every pixel of the frame is a copy of one pixel of x: which?",
        "The axes do not know of each other. Give the result's rows the numbers -top, "
        "..., H + bottom - 1, so that row i of x is number i. For each number outside "
        "0 to H - 1, name the row of x it copies: the nearest (replicate), the one as "
        "far inside the border as it is outside (reflect), or H further on or back "
        "(circular).",
        "Almost code, with a helper for one axis:\n\n"
        "    def copied(i, n, mode):           # i from -before to n + after - 1\n"
        "        replicate: 0 if i < 0, n - 1 if i >= n\n"
        "        reflect:   -i if i < 0, 2 * (n - 1) - i if i >= n\n"
        "        circular:  i modulo n\n\n"
        "    if mode is zeros: lay x into zeros, at [top : top + H, left : left + W]\n"
        "    rows    = a list of copied(i, H, mode), i from -top to H + bottom - 1\n"
        "    columns = the same with left, right and W\n"
        "    return x[rows][:, columns]",
    ),
)


@exercise.helper
def copied_from(i, n, mode):
    """Return which of n samples stands at the places i, inside and outside."""
    if mode == "replicate":
        return np.clip(i, 0, n - 1)
    if mode == "reflect":
        return (n - 1) - abs((n - 1) - abs(i))
    return i % n


@exercise.solution
def pad2d(x, pads, mode="zeros"):
    """Return x (H, W) in a frame; pads = ((top, bottom), (left, right))."""
    (top, bottom), (left, right) = pads
    height, width = x.shape
    if mode == "zeros":
        out = np.zeros((top + height + bottom, left + width + right))
        out[top : top + height, left : left + width] = x
        return out
    rows = copied_from(np.arange(-top, height + bottom), height, mode)
    columns = copied_from(np.arange(-left, width + right), width, mode)
    return x[rows][:, columns]


def from_strips(x, pads, strips):
    """Pad rows, then columns; strips(x, before, after) gives what is added to rows."""
    for before, after in pads:
        above, below = strips(x, before, after)
        x = np.concatenate([above, x, below]).T
    return x


@exercise.wrong(
    "Your reflection repeats the border. The border is the mirror: next to a stands b, "
    "as in c b | a b c | b a."
)
def border_repeated(x, pads, mode="zeros"):
    return np.pad(x, pads, "symmetric") if mode == "reflect" else pad2d(x, pads, mode)


@exercise.wrong(
    '"reflect" gives copies of the border in your answer. It mirrors the image: one '
    "step outside stands what is one step inside."
)
def reflect_replicates(x, pads, mode="zeros"):
    return pad2d(x, pads, "replicate" if mode == "reflect" else mode)


@exercise.wrong(
    "Your reflection is not turned round: b c | a b c has to be c b | a b c. "
    "The further outside, the further inside is the pixel that is copied."
)
def not_mirrored(x, pads, mode="zeros"):
    def strips(x, before, after):
        return x[1 : before + 1], x[len(x) - 1 - after : len(x) - 1]

    return from_strips(x, pads, strips) if mode == "reflect" else pad2d(x, pads, mode)


@exercise.wrong(
    '"circular" continues at the opposite border: before a stands the last sample, as '
    "in b c | a b c | a b. You continue at the same border."
)
def circle_on_the_same_side(x, pads, mode="zeros"):
    def strips(x, before, after):
        return x[:before], x[len(x) - after :]

    return from_strips(x, pads, strips) if mode == "circular" else pad2d(x, pads, mode)


@exercise.wrong(
    'The opposite border comes in mirrored with "circular". The order stays: '
    "b c | a b c | a b, as if the image started again."
)
def circle_mirrored(x, pads, mode="zeros"):
    def strips(x, before, after):
        return x[::-1][:before], x[:after][::-1]

    return from_strips(x, pads, strips) if mode == "circular" else pad2d(x, pads, mode)


@exercise.wrong(
    "The mode has no effect: your frame is always zeros. Only the mode "
    '"zeros" asks for that.'
)
def always_zeros(x, pads, mode="zeros"):
    return pad2d(x, pads)


@exercise.wrong(
    "A slice like [top : -bottom] is empty where `bottom` is 0, for -0 is 0. "
    "Count from the start: [top : top + H, left : left + W]."
)
def minus_zero(x, pads, mode="zeros"):
    if mode != "zeros":
        return pad2d(x, pads, mode)
    (top, bottom), (left, right) = pads
    out = np.zeros((top + x.shape[0] + bottom, left + x.shape[1] + right))
    out[top:-bottom, left:-right] = x
    return out


@exercise.wrong(
    "The corners are left zero. Pad the rows, then pad the columns of what came out, "
    "so that the corners are filled from the frame that is there by then."
)
def empty_corners(x, pads, mode="zeros"):
    (top, bottom), (left, _) = pads
    out = pad2d(x, pads, mode)
    empty = np.zeros_like(out, dtype=bool)
    empty[np.r_[0:top, len(out) - bottom : len(out)]] = True
    empty[:, left : left + x.shape[1]] = False
    return np.where(empty, 0, out)


@exercise.wrong(
    "The pairs for rows and for columns are exchanged: pads[0] is "
    "(top, bottom), pads[1] is (left, right)."
)
def axes_exchanged(x, pads, mode="zeros"):
    return by_strips(x, pads[::-1], mode)


@exercise.wrong(
    "Before and after are exchanged: in each pair, the first number belongs above "
    "(or at the left), the second below (or at the right)."
)
def sides_exchanged(x, pads, mode="zeros"):
    (top, bottom), (left, right) = pads
    return by_strips(x, ((bottom, top), (right, left)), mode)


@exercise.wrong(
    "You read pads as ((top, left), (bottom, right)). Each pair belongs to one axis: "
    "((top, bottom), (left, right))."
)
def corner_by_corner(x, pads, mode="zeros"):
    (top, left), (bottom, right) = pads
    return by_strips(x, ((top, bottom), (left, right)), mode)


@exercise.wrong(
    "You use the first number of each pair for both sides. The second one says how "
    "much is added below and at the right."
)
def same_on_both_sides(x, pads, mode="zeros"):
    (top, _), (left, _) = pads
    return by_strips(x, ((top, top), (left, left)), mode)


@exercise.wrong(
    "You spread each pair over both sides, as if it were a total. The numbers are per "
    "side already: `top` rows above and `bottom` rows below."
)
def pairs_as_totals(x, pads, mode="zeros"):
    halves = [(sum(pair) // 2, sum(pair) - sum(pair) // 2) for pair in pads]
    return by_strips(x, halves, mode)


@exercise.wrong(
    "Your frame is always zeros, whatever the mode, and where `bottom` or `right` is 0 "
    "nothing is in it: [top : -0] is empty. Write [top : top + H, left : left + W]."
)
def always_zeros_and_minus_zero(x, pads, mode="zeros"):
    return minus_zero(x, pads)


@exercise.wrong(
    "x[-0:] is the whole axis, not nothing, for -0 is 0. Count from the start: the "
    "last `before` rows are x[H - before :]."
)
def whole_axis_for_none(x, pads, mode="zeros"):
    def strips(x, before, after):
        return x[-before:], x[:after]

    return from_strips(x, pads, strips) if mode == "circular" else pad2d(x, pads, mode)


@exercise.wrong(
    "The pairs are exchanged: the first one, pads[0], is for the rows (top, bottom), "
    "the second for the columns (left, right)."
)
def columns_first(x, pads, mode="zeros"):
    return pad2d(x, pads[::-1], mode)


@exercise.wrong(
    'With "circular" what you put above and at the left is mirrored; below and at the '
    "right it is fine. The last rows keep their order: b c | a b c."
)
def circle_mirrored_before(x, pads, mode="zeros"):
    def strips(x, before, after):
        return x[::-1][:before], x[:after]

    return from_strips(x, pads, strips) if mode == "circular" else pad2d(x, pads, mode)


@exercise.wrong(
    'With "circular" what you put below and at the right is mirrored; above and at the '
    "left it is fine. The first rows keep their order: a b c | a b."
)
def circle_mirrored_after(x, pads, mode="zeros"):
    def strips(x, before, after):
        return x[len(x) - before :], x[:after][::-1]

    return from_strips(x, pads, strips) if mode == "circular" else pad2d(x, pads, mode)


@exercise.alternative
def by_strips(x, pads, mode="zeros"):
    def strips(x, before, after):
        n, width = x.shape
        if mode == "zeros":
            return np.zeros((before, width)), np.zeros((after, width))
        if mode == "replicate":
            return x[:1].repeat(before, axis=0), x[-1:].repeat(after, axis=0)
        if mode == "reflect":
            return x[1 : before + 1][::-1], x[::-1][1 : after + 1]
        return x[n - before :], x[:after]

    return from_strips(x, pads, strips)


@exercise.alternative
def in_single_precision(x, pads, mode="zeros"):
    return pad2d(x.astype(np.float32), pads, mode).astype(np.float32)


@exercise.cases("zeros", points=1)
def zeros():
    yield np.array([[1.0, 2, 3], [4, 5, 6]]), ((1, 0), (1, 2))
    yield np.array([[0.5, 2], [-3, 7], [4, 1.5]]), ((0, 2), (1, 3)), "zeros"
    yield np.array([[8.0]]), ((2, 3), (0, 1)), "zeros"


@exercise.cases("replicate", points=1)
def replicate():
    yield np.array([[1.0, 2, 3], [4, 5, 6]]), ((1, 0), (1, 2)), "replicate"
    yield np.array([[0.5, 2, -1]]), ((3, 1), (0, 4)), "replicate"


@exercise.cases("reflect", points=1)
def reflect():
    yield np.array([[1.0, 2, 3], [4, 5, 6]]), ((1, 0), (1, 2)), "reflect"
    yield np.array([[1.5, 2, 3], [4, 0, 6], [7, 8, -9]]), ((2, 1), (0, 2)), "reflect"


@exercise.cases("circular", points=1)
def circular():
    yield np.array([[1.0, 2, 3], [4, 5, 6]]), ((1, 0), (1, 2)), "circular"
    yield np.array([[0.5, 2, 3], [4, 5, 7], [8, 9, -1]]), ((3, 1), (0, 2)), "circular"


@exercise.fresh("fresh images, any mode", points=1, draws=6)
def drawn(rng):
    (top, bottom), (left, right) = rng.integers(0, 4, (2, 2)).tolist()
    h, w = 4 + rng.integers(0, 3), 4 + rng.integers(0, 3)
    mode = rng.choice(["zeros", "replicate", "reflect", "circular"])
    return rng.integers(-9, 10, (h, w)) / 2, ((top, bottom), (left, right)), str(mode)

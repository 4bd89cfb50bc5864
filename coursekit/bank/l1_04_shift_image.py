r"""Move an image

Write `shift_image(x, dy, dx)`: the same image, moved down by `dy` pixels and to the
right by `dx` pixels.

- `x` is a NumPy array of shape `(H, W)`, of integers or of floats: `H` rows of `W`
  pixels. It need not be square.
- `dy` and `dx` are integers. A negative `dy` moves the image up, a negative `dx` moves
  it to the left, and 0 does not move it along that axis.
- Return an array of the same shape. Pixels that move out are lost. Where nothing
  moves in, there are zeros. If the image moves out completely, only zeros are left.
- Leave `x` as it is. Any way of computing the result is fine.

**By hand.** Down by 1 and to the right by 0, and up by 0 and to the left by 1:

    x = 1 2 3      shift_image(x, 1, 0) = 0 0 0      shift_image(x, 0, -1) = 2 3 0
        4 5 6                             1 2 3                              5 6 0
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=12,
    section="Shifted and shuffled images",
    hints=(
        "Start from an image of zeros. Then ask of each place `[i, j]` of the result: "
        "from which place of `x` did the pixel come, and does that place exist?",
        "The pixel at `[i, j]` of the result stood `dy` rows higher and `dx` columns "
        "further to the left: at `x[i - dy, j - dx]`. Copy it only if `i - dy` is at "
        "least 0 and below `H`, and `j - dx` is at least 0 and below `W`.",
        "Almost code:\n\n"
        "    out = zeros, of the shape of x\n"
        "    for every row i and every column j of out:\n"
        "        if 0 <= i - dy < H and 0 <= j - dx < W:\n"
        "            out[i, j] = x[i - dy, j - dx]\n"
        "    return out            # after both loops",
    ),
)


@exercise.solution
def shift_image(x, dy, dx):
    """Return the image x (H, W) moved down by dy and right by dx; zeros enter."""
    out = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        if 0 <= i - dy < x.shape[0] and 0 <= j - dx < x.shape[1]:
            out[i, j] = x[i - dy, j - dx]
    return out


@exercise.wrong(
    "What moves out on one side comes in again on the other, as np.roll does it. "
    "Here zeros enter."
)
def rolled(x, dy, dx):
    return np.roll(x, (dy, dx), (0, 1))


@exercise.wrong(
    "The image moves the wrong way. A positive dy moves it down, a positive dx to "
    "the right."
)
def the_other_way(x, dy, dx):
    return shift_image(x, -dy, -dx)


@exercise.wrong(
    "It moves the wrong way up and down; left and right are fine. Row 0 is at the top, "
    "so down, a positive dy, is towards higher row numbers."
)
def upside_down(x, dy, dx):
    return shift_image(x, -dy, dx)


@exercise.wrong(
    "dy and dx are exchanged: dy is for the rows (the first index), "
    "dx for the columns (the second)."
)
def exchanged(x, dy, dx):
    return shift_image(x, dx, dy)


@exercise.wrong(
    "Where nothing moves in, pixels of the old image are still there. "
    "Start from zeros, not from a copy of x."
)
def old_pixels_stayed(x, dy, dx):
    fresh = shift_image(np.ones(x.shape), dy, dx) == 1
    return np.where(fresh, shift_image(x, dy, dx), x)


@exercise.wrong(
    "Moving up or to the left brings pixels in again on the other side, where zeros "
    "should enter. A negative index counts from the end, and np.roll wraps both ways."
)
def negative_indices(x, dy, dx):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        if i + dy < x.shape[0] and j + dx < x.shape[1]:
            out[i + dy, j + dx] = x[i, j]
    return out


@exercise.wrong(
    "Where nothing moves in, you repeat the pixels at the rim, as np.clip or "
    "mode='edge' do. Zeros enter there."
)
def rim_repeated(x, dy, dx):
    rows, columns = (
        np.clip(np.arange(size) - step, 0, size - 1)
        for size, step in zip(x.shape, (dy, dx), strict=True)
    )
    return x[np.ix_(rows, columns)]


@exercise.wrong(
    "It moves the wrong way to the left and right; up and down are fine. A positive dx "
    "moves to the right, towards higher column numbers."
)
def mirrored(x, dy, dx):
    return shift_image(x, dy, -dx)


@exercise.wrong(
    "Your slices fail where the image moves out by more than its size: there "
    "H - dy is negative and counts from the end. Only zeros are left then."
)
def sizes_below_zero(x, dy, dx):
    (h, w), out = x.shape, np.zeros(x.shape)
    into = out[max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)]
    into[:] = x[max(-dy, 0) : h + min(-dy, 0), max(-dx, 0) : w + min(-dx, 0)]
    return out


@exercise.wrong(
    "Moving down or to the right brings pixels in again on the other side: i - dy or "
    "j - dx is negative there and counts from the end. Copy only if it is at least 0."
)
def negative_sources(x, dy, dx):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        if i - dy < x.shape[0] and j - dx < x.shape[1]:
            out[i, j] = x[i - dy, j - dx]
    return out


@exercise.wrong(
    "You take a pixel from i - dy, j - dx without asking if that place exists. Below 0 "
    "it counts from the end, and past the end it fails. Both give a zero here."
)
def unguarded(x, dy, dx):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        out[i, j] = x[i - dy, j - dx]
    return out


@exercise.wrong(
    "Pixels that leave the image are not dropped: with a positive shift your index "
    "goes past the end. Copy a pixel only if its new place exists."
)
def past_the_end(x, dy, dx):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape):
        out[i + dy, j + dx] = x[i, j]
    return out


@exercise.wrong(
    "Your slices work for shifts of 0 or more only. A negative dy or dx means up or to "
    "the left, and there out[dy:] starts counting from the end."
)
def positive_only(x, dy, dx):
    out = np.zeros(x.shape)
    out[dy:, dx:] = x[: x.shape[0] - dy, : x.shape[1] - dx]
    return out


@exercise.alternative
def by_slices(x, dy, dx):
    out = np.zeros_like(x)
    (h, w), (up, left) = x.shape, (max(-dy, 0), max(-dx, 0))
    moved = x[up : max(h - dy, 0), left : max(w - dx, 0)]
    top, start = max(dy, 0), max(dx, 0)
    out[top : top + moved.shape[0], start : start + moved.shape[1]] = moved[
        : max(h - top, 0), : max(w - start, 0)
    ]
    return out


@exercise.alternative
def by_matrices(x, dy, dx):
    return np.eye(x.shape[0], k=-dy) @ x @ np.eye(x.shape[1], k=dx)


@exercise.alternative
def by_padding(x, dy, dx):
    padded = np.pad(x, ((abs(dy), abs(dy)), (abs(dx), abs(dx))))
    row, column = abs(dy) - dy, abs(dx) - dx
    return padded[row : row + x.shape[0], column : column + x.shape[1]]


@exercise.cases("worked examples", points=1)
def worked():
    x = np.array([[1, 2, 3], [4, 5, 6]])
    yield x, 1, 0
    yield x, 0, -1


@exercise.cases("both axes, all directions", points=1)
def directions():
    x = np.array([[1.5, 2, 3, 4], [5, 6, 7.5, 8], [9, 1, 2, 3.5]])
    yield x, 1, 2
    yield x, -1, 1
    yield x, 2, -1
    yield x, -2, -1
    yield x, 0, 0
    yield x, 3, 1
    yield x[:, :2], -1, 5
    yield x, -5, 0


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    h, w = 3 + rng.integers(0, 3), 4 + rng.integers(0, 3)
    dy, dx = rng.choice([(1, -2), (-1, 2), (2, 1), (-2, -1)])
    return rng.integers(1, 10, (h, w)) / 2, int(dy), int(dx)

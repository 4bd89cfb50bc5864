r"""A correlation is a matrix

Write `correlation_matrix(k, h, w)`: the matrix `M` of the dense layer (without biases)
that does to an image of shape `(h, w)` what a correlation with the kernel `k` does.

- This is the correlation, `corr2d(x, k)` in the starter; lesson 2 is about it. The
  kernel, of shape `(kH, kW)`, lies at every place where it fits on the image, so the
  output has shape `(oH, oW)` with `oH = h - kH + 1` and `oW = w - kW + 1`. Output
  `[i, j]` is the sum of `x[i + a, j + b] * k[a, b]` over all entries `[a, b]` of `k`.
- `k` is a NumPy array of integers or of floats, with `kH <= h` and `kW <= w`.
- Return an array of shape `(oH * oW, h * w)`. For every image `x` of shape `(h, w)`,
  `M @ x.ravel()` must hold the same numbers as `corr2d(x, k).ravel()`, in the same
  sequence. (`ravel` puts a 2-D array in one row: its first row, then its second, ...)
- Leave `k` as it is. Any way of computing the numbers is fine.

**By hand.** A kernel of shape (1, 2) on an image of shape (2, 3). The image has 6
pixels, the output 4 numbers:

    k = 5 7      x = p q r      output = 5p+7q  5q+7r
                     s t u               5s+7t  5t+7u

         p q r s t u
    M =  5 7 0 0 0 0
         0 5 7 0 0 0
         0 0 0 5 7 0
         0 0 0 0 5 7
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=20,
    section="From dense to convolution",
    hints=(
        "A row of `M` makes one output. Which output does row 0 make, and which pixels "
        "does that output look at? Most entries of the row are 0.",
        "Output `[i, j]` is made by row `i * oW + j` of `M`. Pixel `[r, s]` of the "
        "image belongs to column `r * w + s`. This output looks at the pixels "
        "`[i + a, j + b]`, each with the weight `k[a, b]`.",
        "Almost code:\n\n"
        "    M = zeros of shape (oH * oW, h * w)\n"
        "    for every output [i, j]:\n"
        "        for every entry [a, b] of k:\n"
        "            M[i * oW + j, (i + a) * w + (j + b)] = k[a, b]\n"
        "    return M            # after all loops",
    ),
)


@exercise.given
def corr2d(x, k):
    """Return the correlation of x (h, w) with k (kH, kW), where k fits. Given."""
    o_h, o_w = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    places = [x[a : a + o_h, b : b + o_w] * k[a, b] for a, b in np.ndindex(k.shape)]
    return sum(places)


@exercise.solution
def correlation_matrix(k, h, w):
    """Return M (oH * oW, h * w): M @ x.ravel() equals corr2d(x, k).ravel()."""
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    matrix = np.zeros((o_h * o_w, h * w))
    for i, j in np.ndindex(o_h, o_w):
        for a, b in np.ndindex(k.shape):
            matrix[i * o_w + j, (i + a) * w + (j + b)] = k[a, b]
    return matrix


@exercise.wrong(
    "Your matrix is transposed. A row belongs to an output, a column to a pixel: "
    "the shape is (oH * oW, h * w)."
)
def transposed(k, h, w):
    return correlation_matrix(k, h, w).T


@exercise.wrong(
    "You turned the kernel by half a turn. Entry [0, 0] of k lies on the top left "
    "pixel of the window."
)
def flipped(k, h, w):
    return correlation_matrix(k[::-1, ::-1], h, w)


@exercise.wrong(
    "The rows of the kernel stand side by side in a row of M. In the flattened image, "
    "the next row of the window starts w places further on, not kW."
)
def without_gaps(k, h, w):
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    matrix = np.zeros((o_h * o_w, h * w))
    for i, j in np.ndindex(o_h, o_w):
        start = i * w + j
        matrix[i * o_w + j, start : start + k.size] = k.ravel()
    return matrix


@exercise.wrong(
    "Each row of M is the row before, moved by one column. At the end of a row of the "
    "image the kernel does not fit, and it jumps: output [i, j] starts at i * w + j."
)
def without_jumps(k, h, w):
    first = correlation_matrix(k, h, w)
    return np.stack([np.roll(first[0], row) for row in range(len(first))])


@exercise.wrong(
    "The numbers are right, but they stand in four axes. Reshape them to two: "
    "(oH * oW, h * w)."
)
def left_in_four_axes(k, h, w):
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    return correlation_matrix(k, h, w).reshape(o_h, o_w, h, w)


@exercise.wrong(
    "The column of a pixel is wrong. The rows of the image have w pixels, not oW as "
    "those of the output: pixel [r, s] is number r * w + s."
)
def width_of_the_output(k, h, w):
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    matrix = np.zeros((o_h * o_w, h * w))
    for i, j in np.ndindex(o_h, o_w):
        for a, b in np.ndindex(k.shape):
            matrix[i * o_w + j, (i + a) * o_w + (j + b)] = k[a, b]
    return matrix


@exercise.wrong(
    "The column of a pixel is wrong. The rows of the image have w pixels: "
    "pixel [r, s] is number r * w + s, not r * h + s."
)
def height_for_width(k, h, w):
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    matrix = np.zeros((o_h * o_w, h * w))
    for i, j in np.ndindex(o_h, o_w):
        for a, b in np.ndindex(k.shape):
            matrix[i * o_w + j, (i + a) * h + (j + b)] = k[a, b]
    return matrix


@exercise.wrong(
    "The row of an output is wrong. The rows of the output have oW numbers, not w: "
    "output [i, j] is number i * oW + j."
)
def width_of_the_image(k, h, w):
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    matrix = np.zeros((o_h * o_w, h * w))
    for i, j in np.ndindex(o_h, o_w):
        for a, b in np.ndindex(k.shape):
            matrix[i * w + j, (i + a) * w + (j + b)] = k[a, b]
    return matrix


@exercise.wrong(
    "The two indices of the kernel are exchanged: k[a, b] belongs to the pixel a rows "
    "down and b columns to the right."
)
def indices_exchanged(k, h, w):
    o_h, o_w = h - k.shape[0] + 1, w - k.shape[1] + 1
    matrix = np.zeros((o_h * o_w, h * w))
    for i, j in np.ndindex(o_h, o_w):
        for a, b in np.ndindex(k.shape):
            matrix[i * o_w + j, (i + a) * w + (j + b)] = k[b, a]
    return matrix


@exercise.alternative
def column_by_column(k, h, w):
    single_ones = np.eye(h * w).reshape(h * w, h, w)
    return np.stack([corr2d(one, k).ravel() for one in single_ones], axis=1)


@exercise.alternative
def row_by_row(k, h, w):
    rows = []
    for i in range(h - k.shape[0] + 1):
        for j in range(w - k.shape[1] + 1):
            image = np.zeros((h, w))
            image[i : i + k.shape[0], j : j + k.shape[1]] = k
            rows.append(image.ravel())
    return np.array(rows)


@exercise.alternative
def in_single_precision(k, h, w):
    return correlation_matrix(k.astype(np.float32), h, w).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[5, 7]]), 2, 3


@exercise.cases("two axes, uneven sizes", points=2)
def uneven():
    yield np.array([[1, 2], [3, 4]]), 3, 4
    yield np.array([[1.0, -2, 0.5], [3, 4, -1]]), 3, 5
    yield np.array([[2.0], [-0.5]]), 4, 2
    yield np.array([[3, -1], [2, 5]]), 2, 2


@exercise.fresh("fresh kernels", points=1)
def drawn(rng):
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2)])
    h, w = int(k_h + rng.integers(1, 3)), int(k_w + rng.integers(3, 5))
    return rng.permutation(np.arange(1, 10))[: k_h * k_w].reshape(k_h, k_w) / 2, h, w

r"""Build a Gaussian blur

Write `gaussian_kernel(size, sigma)`: a kernel whose weights fall off from its centre
like a bell. Correlating an image with it blurs the image softly.

- `size` is an odd integer, at least 1; `sigma` is a positive number: the standard
  deviation of the bell, in pixels.
- Return an array of floats of shape `(size, size)`. The weight of a pixel that lies
  `r` pixels from the **centre pixel** is in proportion to `exp(-r**2 / (2*sigma**2))`,
  where `r**2` is its distance in rows squared plus its distance in columns squared.
- The weights of the whole kernel sum to 1, so that flat colour keeps its value.

**By hand.** For `size = 3` there are three distances: `r**2` is 0 in the centre, 1 at
its four neighbours and 2 in the four corners. Choose `sigma` so that
`2 * sigma**2 = 1 / log(2)`, natural logarithm (`sigma = 0.849`). Then the bell is
`0.5 ** (r**2)`:

    0.25 0.5 0.25                               1 2 1
    0.5  1   0.5      the sum is 4, so k =      2 4 2   / 16
    0.25 0.5 0.25                               1 2 1
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=12,
    section="Fixed filters",
    hints=(
        "Number the pixels along one axis so that the centre pixel is 0: for size 5 "
        "they are -2, -1, 0, 1, 2. Everything follows from these numbers.",
        "With `d = (-2, -1, 0, 1, 2)`, `r**2` at row `i` and column `j` is "
        "`d[i]**2 + d[j]**2`. A column of `d**2` plus a row of `d**2` gives all of "
        "them at once. Apply the bell, then divide by what the weights sum to.",
        "Almost code:\n\n"
        "    d = arange(size) minus the index of the centre pixel\n"
        "    r_squared = d**2 as a column + d**2 as a row\n"
        "    bell = exp(-r_squared / (2 * sigma squared))\n"
        "    return bell / the sum of all its entries",
    ),
)


@exercise.solution
def gaussian_kernel(size, sigma):
    """Return a Gaussian kernel of shape (size, size) whose entries sum to 1."""
    d = np.arange(size) - size // 2
    r_squared = d[:, None] ** 2 + d**2
    bell = np.exp(-r_squared / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "The weights do not sum to 1, so a blurred image would get brighter or darker. "
    "Divide by their sum at the end."
)
def not_normalised(size, sigma):
    k = gaussian_kernel(size, sigma)
    return k / k.max()


@exercise.wrong(
    "You divided by 2 pi sigma squared, the area under a bell that goes on for ever "
    "and is not cut into pixels. Divide by what your own weights sum to."
)
def normalised_by_the_integral(size, sigma):
    return not_normalised(size, sigma) / (2 * np.pi * sigma**2)


@exercise.wrong(
    "You used sigma where sigma squared belongs: sigma is the standard deviation, "
    "its square is the variance."
)
def took_sigma_for_the_variance(size, sigma):
    return gaussian_kernel(size, np.sqrt(sigma))


@exercise.wrong(
    "A factor 2 is missing below the fraction line in the exponent, "
    "so the bell is too narrow."
)
def without_the_two(size, sigma):
    return gaussian_kernel(size, sigma / np.sqrt(2))


@exercise.wrong(
    "You multiplied by sigma squared where you wanted to divide by it: in Python "
    "a / 2 * b means (a / 2) * b. Put 2 * sigma squared in brackets."
)
def multiplied_by_the_variance(size, sigma):
    return gaussian_kernel(size, 1 / sigma)


@exercise.wrong(
    "The weights grow towards the corners: the minus sign in the exponent is missing."
)
def without_the_minus(size, sigma):
    d = np.arange(size) - size // 2
    bell = np.exp((d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "The bell falls with the distance, not with its square. "
    "Rows squared plus columns squared is already r squared: take no root."
)
def distance_not_squared(size, sigma):
    d = np.arange(size) - size // 2
    bell = np.exp(-np.hypot(d[:, None], d) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "The peak lies in the top left corner: distances are counted from pixel 0. "
    "Count them from the centre pixel."
)
def from_the_corner(size, sigma):
    d = np.arange(size)
    bell = np.exp(-(d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "The peak lies half a pixel off, between pixels. For size 5 the centre pixel has "
    "index 2, not 2.5."
)
def half_a_pixel_off(size, sigma):
    d = np.arange(size) - size / 2
    bell = np.exp(-(d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "Your distances run from -1 to 1 whatever the size. "
    "Sigma is in pixels, so distances have to be in pixels too."
)
def from_minus_one_to_one(size, sigma):
    d = np.linspace(-1, 1, size) if size > 1 else np.zeros(1)
    bell = np.exp(-(d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "Each row sums to 1, so the whole kernel sums to its size. "
    "Divide by one number, the sum of all weights."
)
def rows_sum_to_one(size, sigma):
    k = gaussian_kernel(size, sigma)
    return k / k.sum(axis=1, keepdims=True)


@exercise.wrong(
    "-size // 2 means (-size) // 2, which rounds down: -2 for size 3, so the peak lies "
    "one pixel off. Write -(size // 2)."
)
def floored_below(size, sigma):
    d = np.arange(-size // 2, size // 2)
    bell = np.exp(-(d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "Your kernel is one pixel too large: -size // 2 means (-size) // 2, which rounds "
    "down, to -2 for size 3. Write -(size // 2)."
)
def one_too_large(size, sigma):
    d = np.arange(-size // 2, size // 2 + 1)
    bell = np.exp(-(d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "You took size for a radius: your distances run from -size to size. The kernel has "
    "`size` rows in all, half of them, rounded down, on each side of the centre pixel."
)
def size_as_radius(size, sigma):
    return gaussian_kernel(2 * size + 1, sigma)


@exercise.wrong(
    "You divided the distances by the size of the kernel. Sigma is in pixels, so "
    "neighbours have to lie 1 apart."
)
def parts_of_the_size(size, sigma):
    return gaussian_kernel(size, sigma * size)


@exercise.wrong(
    "Your distances run from -size / 2 to size / 2, so neighbours lie more than 1 "
    "apart. Sigma is in pixels: the centres of the outer pixels are size // 2 away."
)
def from_rim_to_rim(size, sigma):
    d = np.linspace(-size / 2, size / 2, size)
    bell = np.exp(-(d[:, None] ** 2 + d**2) / (2 * sigma**2))
    return bell / bell.sum()


@exercise.wrong(
    "You spread the distances over a fixed number of sigmas, whatever the size. The "
    "bell then looks alike for every sigma: distances are in pixels, 1 apart."
)
def in_sigmas(size, sigma):
    d = np.linspace(-3, 3, size) if size > 1 else np.zeros(1)
    bell = np.exp(-(d[:, None] ** 2 + d**2) / 2)
    return bell / bell.sum()


@exercise.alternative
def column_times_row(size, sigma):
    d = np.arange(size) - (size - 1) / 2
    bell = np.exp(-0.5 * (d / sigma) ** 2)
    return np.outer(bell / bell.sum(), bell / bell.sum())


@exercise.alternative
def by_loops(size, sigma):
    c = (size - 1) // 2
    k = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            k[i, j] = np.exp(-((i - c) ** 2 + (j - c) ** 2) / 2 / sigma / sigma)
    return k / np.sum(k)


@exercise.alternative
def in_single_precision(size, sigma):
    return gaussian_kernel(size, sigma).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield 3, float(np.sqrt(0.5 / np.log(2)))


@exercise.cases("other sizes and widths", points=1)
def others():
    yield 5, 1.5
    yield 3, 0.6
    yield 7, 2


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield 1, 3.0
    yield 9, 0.8
    yield 5, 10.0


@exercise.fresh("fresh sizes and widths", points=0.5)
def drawn(rng):
    return int(2 * rng.integers(1, 5) + 1), float(rng.uniform(1.1, 1.9))

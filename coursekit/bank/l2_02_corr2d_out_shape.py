r"""How large is the output?

Write `corr2d_out_shape(x_shape, k_shape)`: the shape of the output when a kernel of
shape `k_shape` slides over an image of shape `x_shape`. Each output is one place
where the whole kernel fits; the kernel moves one step at a time, without padding.

- `x_shape = (H, W)` and `k_shape = (kH, kW)` are pairs of integers, height first,
  with `1 <= kH <= H` and `1 <= kW <= W`.
- Return two integers, height first. A tuple, a list or an array of them is fine.

**By hand.** On an image 3 high and 5 wide, a kernel 2 high and 2 wide can start in
rows 0 and 1 and in columns 0, 1, 2 and 3. So `corr2d_out_shape((3, 5), (2, 2))`
is `(2, 4)`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=5,
    section="Two dimensions",
    hints=(
        "The two axes do not know of each other. Solve it for a row of 5 pixels and "
        "a kernel 2 wide, then for 5 and 3, and look for the rule.",
        "The first place starts at 0. The last one starts where the kernel ends on "
        "the last pixel: at `n - k`. How many whole numbers go from 0 to `n - k`?",
        "Almost code:\n\n"
        "    height = (image height - kernel height) + the one place at the start\n"
        "    width  = the same with the widths\n"
        "    return both, height first",
    ),
)


@exercise.solution
def corr2d_out_shape(x_shape, k_shape):
    """Return the shape of the valid correlation, as (height, width)."""
    return x_shape[0] - k_shape[0] + 1, x_shape[1] - k_shape[1] + 1


@exercise.wrong(
    "One place is missing along each axis: a kernel as large as the image "
    "still fits once, and your rule gives 0 there."
)
def one_short(x_shape, k_shape):
    return x_shape[0] - k_shape[0], x_shape[1] - k_shape[1]


@exercise.wrong(
    "You subtracted the one that has to be added: the places start at 0 and "
    "go up to n - k, both ends included."
)
def two_short(x_shape, k_shape):
    return x_shape[0] - k_shape[0] - 1, x_shape[1] - k_shape[1] - 1


@exercise.wrong("Height and width changed places. Height comes first.")
def swapped(x_shape, k_shape):
    return corr2d_out_shape(x_shape, k_shape)[::-1]


@exercise.wrong(
    "You took the kernel's width from the image's height and the other way round. "
    "Both shapes are given height first."
)
def kernel_turned(x_shape, k_shape):
    return corr2d_out_shape(x_shape, k_shape[::-1])


@exercise.wrong(
    "You counted every place where kernel and image overlap at all. "
    "The whole kernel has to lie on the image."
)
def overlapping(x_shape, k_shape):
    return x_shape[0] + k_shape[0] - 1, x_shape[1] + k_shape[1] - 1


@exercise.wrong(
    "You gave the size of the image. Without padding a kernel larger than one "
    "pixel fits at fewer places than there are pixels."
)
def kept_the_size(x_shape, k_shape):
    return x_shape[0], x_shape[1]


@exercise.wrong(
    "You laid kernels side by side like tiles. "
    "The kernel moves one step at a time, so its places overlap."
)
def tiled(x_shape, k_shape):
    return x_shape[0] // k_shape[0], x_shape[1] // k_shape[1]


@exercise.wrong(
    "You gave how many outputs there are in all. Two numbers are wanted: "
    "how many there are downwards and how many to the right."
)
def multiplied(x_shape, k_shape):
    return int(np.prod(corr2d_out_shape(x_shape, k_shape)))


@exercise.alternative
def as_an_array(x_shape, k_shape):
    return np.array(x_shape) - np.array(k_shape) + 1


@exercise.alternative
def by_trying_every_start(x_shape, k_shape):
    return [
        sum(start + k <= n for start in range(n))
        for n, k in zip(x_shape, k_shape, strict=True)
    ]


@exercise.cases("worked examples", points=1)
def worked():
    yield (3, 5), (2, 2)
    yield (7, 12), (3, 2)


@exercise.cases("edges of the rule", points=0.5)
def edges():
    yield (4, 6), (4, 6)
    yield (480, 640), (1, 1)
    yield (1, 9), (1, 4)


@exercise.fresh("fresh shapes", points=0.5)
def drawn(rng):
    k_h, k_w = rng.permutation(np.arange(1, 8))[:2]
    h, w = k_h + rng.integers(8, 20), k_w + rng.integers(20, 60)
    return (int(h), int(w)), (int(k_h), int(k_w))

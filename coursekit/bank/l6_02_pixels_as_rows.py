r"""Pixels as rows

A dense layer takes rows of features. Write `pixels_as_rows(x)`: it makes every pixel of
a batch of images a row, with the channels of that pixel as its features.

- `x` has shape `(N, C, H, W)`: images, channels, rows, columns. It is a NumPy array of
  integers or floats; every axis has at least length 1.
- Return an array of shape `(N*H*W, C)`. Its row `n*H*W + i*W + j` holds the C numbers
  `x[n, :, i, j]`. So the pixels come in this order: image 0 first; within an image its
  first row of pixels, from left to right, then its second row, and so on.
- There are always two axes, also for a single image or a single channel.
- Leave `x` as it is. Any way of moving the numbers is fine.

**By hand.** One image of one row and three pixels, with two channels:

    x[0, 0] = 1 2 3      pixels:   1 4
    x[0, 1] = 4 5 6                2 5
                                   3 6

so `pixels_as_rows(x)` is `[[1, 4], [2, 5], [3, 6]]`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=7,
    section="A dense layer at every pixel",
    hints=(
        "Write down the numbers of x in the order in which they lie in memory: channel "
        "0 of image 0, row by row, then channel 1. Which order should they have when "
        "you read your result from left to right, row by row?",
        "`reshape` never changes that order; `transpose` does. The last axis of the "
        "result counts channels, so channels have to be the last axis of x before you "
        "reshape. Images, rows and columns keep their order.",
        "Almost code:\n\n"
        "    moved = x with its axes in the order images, rows, columns, channels\n"
        "    return moved, reshaped to N*H*W rows of C numbers",
    ),
)


@exercise.solution
def pixels_as_rows(x):
    """Return every pixel of x (N, C, H, W) as a row of its channels, (N*H*W, C)."""
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


@exercise.wrong(
    "`reshape` alone keeps the order of the numbers: it cuts each channel into rows of "
    "neighbouring pixels. A row has to hold one pixel of every channel, so bring the "
    "channel axis to the end before you reshape."
)
def plain_reshape(x):
    return x.reshape(-1, x.shape[1])


@exercise.wrong(
    "You reshaped to (C, N*H*W) and transposed. With several images this mixes them "
    "up, as x begins with all channels of image 0. Move the channel axis to the end "
    "with transpose, then reshape."
)
def channels_reshaped_first(x):
    return x.reshape(x.shape[1], -1).T


@exercise.wrong(
    "Your rows are channels and your columns are pixels. It is the other way round: "
    "one row for each pixel."
)
def channels_as_rows(x):
    return pixels_as_rows(x).T


@exercise.wrong(
    "Your pixels run down the columns of the image. They have to run along its rows: "
    "the order of the axes is images, rows, columns, channels."
)
def column_by_column(x):
    return x.transpose(0, 3, 2, 1).reshape(-1, x.shape[1])


@exercise.wrong(
    "You take the same pixel of all images before the next pixel. All pixels of image "
    "0 come first: the order of the axes is images, rows, columns, channels."
)
def images_last(x):
    return x.transpose(2, 3, 0, 1).reshape(-1, x.shape[1])


@exercise.wrong(
    "The images still have an axis of their own. Stack the pixels of all images below "
    "each other: two axes, (N*H*W, C)."
)
def one_table_an_image(x):
    return pixels_as_rows(x).reshape(len(x), -1, x.shape[1])


@exercise.wrong(
    "The channels are where they belong, but there are still four axes. One step is "
    "missing: reshape to N*H*W rows of C numbers."
)
def not_reshaped(x):
    return x.transpose(0, 2, 3, 1)


@exercise.wrong(
    "Your rows are whole images, as for a dense layer on top of a network. Here each "
    "pixel is a row of its own, with C numbers."
)
def images_as_rows(x):
    return x.reshape(len(x), -1)


@exercise.wrong(
    "Only the first image is there. Its H*W rows are followed by those of the next."
)
def first_image_only(x):
    return pixels_as_rows(x[:1])


@exercise.alternative
def one_after_the_other(x):
    n, _, h, w = x.shape
    return np.array([x[m, :, i, j] for m, i, j in np.ndindex(n, h, w)])


@exercise.alternative
def by_moving_the_axis(x):
    return np.moveaxis(x, 1, 3).reshape(-1, x.shape[1])


@exercise.alternative
def column_of_each_channel(x):
    columns = [x[:, c].ravel() for c in range(x.shape[1])]
    return np.stack(columns, axis=1).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield (np.array([[[[1, 2, 3]], [[4, 5, 6]]]]),)


@exercise.cases("several images, rows and columns", points=1)
def several():
    yield (np.arange(24).reshape(1, 3, 2, 4),)
    yield (np.arange(48.0).reshape(2, 4, 3, 2) / 2 - 5,)
    yield (np.arange(12).reshape(3, 1, 2, 2),)
    yield (np.arange(16).reshape(2, 2, 2, 2),)


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    shape = rng.permutation([2, 3, 4, int(rng.integers(2, 5))])
    return (rng.integers(-99, 100, shape) / 2,)

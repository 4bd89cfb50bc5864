r"""Shuffle the pixels of every image

Write `shuffle_pixels(images, order)`: put the pixels of each image in another order,
the same order for all images.

- `images` is a NumPy array of shape `(N, H, W)`: `N` images of `H` rows and `W`
  columns. Number the pixels of an image row by row: the first row has the pixels 0 to
  `W - 1`, the second row goes on with `W`. This is what `reshape` does.
- `order` is an array of `H * W` integers, in which each of 0, 1, ..., `H * W - 1`
  occurs once.
- Pixel number `j` of the new image is pixel number `order[j]` of the old one:
  `new[j] = old[order[j]]`.
- Return an array of shape `(N, H, W)`, the images in their old sequence. Leave `images`
  and `order` as they are.

**By hand.** One image of 2 x 2, and the order 2, 0, 1, 3:

    old = 5 6      numbered 0 1      new = 7 5
          7 8               2 3            6 8

The new pixel 0 is the old pixel 2, which is 7; the new pixel 1 is the old pixel 0.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=10,
    section="Shifted and shuffled images",
    hints=(
        "Do it for one image first: make one row of its pixels, reorder that row, and "
        "make an image of it again.",
        "NumPy reorders an array `a` when you index it with an array of places: "
        "`a[order]` holds `a[order[0]], a[order[1]], ...`. For all images at once, "
        "make a row of each, `images.reshape(N, H * W)`, and index the second axis.",
        "Almost code:\n\n"
        "    rows = images, reshaped to (N, H * W)\n"
        "    rows = rows[:, order]\n"
        "    return rows, reshaped to (N, H, W)",
    ),
)


@exercise.solution
def shuffle_pixels(images, order):
    """Return images (N, H, W) with new[j] = old[order[j]] for the pixels of each."""
    rows = images.reshape(len(images), -1)
    return rows[:, order].reshape(images.shape)


@exercise.wrong(
    "You moved pixel j to the place order[j]. It is the other way round: "
    "pixel order[j] of the old image comes to the place j."
)
def inverse(images, order):
    return shuffle_pixels(images, np.argsort(order))


@exercise.wrong(
    "You put the images in another order, or tried to. "
    "The first axis counts images; the pixels lie along the second: rows[:, order]."
)
def reordered_images(images, order):
    return images.reshape(len(images), -1)[order].reshape(images.shape)


@exercise.wrong(
    "You used the order for the rows of the images. It counts single pixels: "
    "reshape to (N, H * W) first."
)
def reordered_rows(images, order):
    return images[:, order]


@exercise.wrong(
    "You numbered the pixels column by column. Go along the first row, "
    "then along the second, as reshape does."
)
def by_columns(images, order):
    return (
        shuffle_pixels(images.swapaxes(1, 2), order)
        .reshape(len(images), images.shape[2], images.shape[1])
        .swapaxes(1, 2)
    )


@exercise.wrong(
    "The pixels are in the right order, but they are still in a row. "
    "Reshape the result to (N, H, W)."
)
def left_flat(images, order):
    return images.reshape(len(images), -1)[:, order]


@exercise.wrong(
    "Only the first image is shuffled. Do the same with each of the N images."
)
def first_image_only(images, order):
    out = images.copy()
    out[:1] = shuffle_pixels(images[:1], order)
    return out


@exercise.wrong(
    "Only the last image came back: every round replaced the image before. "
    "Keep all N, in an array of shape (N, H, W)."
)
def last_image_back(images, order):
    return shuffle_pixels(images, order)[-1]


@exercise.wrong(
    "Only the first image came back. If `return` stands inside your loop, the loop "
    "ends in its first round: return all N images after it."
)
def first_image_back(images, order):
    return shuffle_pixels(images, order)[0]


@exercise.wrong(
    "Each image is shuffled once more than the one before. "
    "Start from `order` itself for every image."
)
def once_more_each_time(images, order):
    out, now = np.empty_like(images), order
    for n, image in enumerate(images):
        out[n] = image.ravel()[now].reshape(image.shape)
        now = now[order]
    return out


@exercise.alternative
def pixel_by_pixel(images, order):
    out = np.zeros(images.shape)
    for n, image in enumerate(images):
        for j, source in enumerate(order):
            out[n].flat[j] = image.flat[source]
    return out


@exercise.alternative
def by_a_matrix(images, order):
    mixing = np.eye(len(order))[order]
    return (images.reshape(len(images), -1) @ mixing.T).reshape(images.shape)


@exercise.alternative
def by_take(images, order):
    rows = images.reshape(len(images), -1)
    return np.take(rows, order, axis=1).reshape(images.shape)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[[5, 6], [7, 8]]]), np.array([2, 0, 1, 3])


@exercise.cases("several images, not square", points=1)
def several():
    six = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [1, 3, 5]]]) / 2
    yield six, np.array([3, 0, 5, 1, 2, 4])
    four = np.arange(16).reshape(4, 2, 2)
    yield four, np.array([1, 2, 0, 3])
    yield np.stack([six[0].T, six[1].T, six[0].T + 1]), np.array([4, 3, 0, 2, 5, 1])


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    n, h, w = map(int, rng.integers(2, 5, 3))
    rotated = np.roll(np.arange(h * w), int(rng.integers(1, h * w - 1)))
    order = rotated.copy()
    order[:3] = rotated[[1, 2, 0]]
    return rng.permutation(n * h * w).reshape(n, h, w) / 2, order

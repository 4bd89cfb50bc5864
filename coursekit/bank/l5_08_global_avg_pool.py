r"""One number for each feature map

Write `global_avg_pool(x)`: average each channel over all its pixels. Many networks end
like this before they decide: what a channel looks for, and how much of it there is.

- `x` has shape `(N, C, H, W)`: images, channels, rows, columns. It is a NumPy array of
  floats; all sizes are at least 1, and H and W may differ.
- Return an array of floats of shape `(N, C)`, without the last two axes. Its entry
  `[n, c]` is the average of the `H * W` pixels of channel `c` in image `n`.
- Leave `x` as it is. Any way of computing the numbers is fine.

**By hand.** One image with two channels of shape (2, 3):

    x[0, 0] = 1 2 3      sum 21, average 3.5      x[0, 1] = 0 0 6      average 1
              4 5 6                                         0 0 0

so `global_avg_pool(x)` is `[[3.5, 1]]`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=5,
    section="Global average pooling",
    hints=(
        "It is `avg_pool2d` with one window as large as the image. No loop is needed: "
        "NumPy averages along any axes you name.",
        "Of the four axes 0, 1, 2, 3 the images (0) and the channels (1) have to stay. "
        "Rows and columns disappear.",
        "Almost code: the mean of x over the axes 2 and 3. `x.mean(axis=...)` takes a "
        "pair of axes.",
    ),
)


@exercise.solution
def global_avg_pool(x):
    """Return the average of each channel of x (N, C, H, W): (N, C)."""
    return x.mean(axis=(2, 3))


@exercise.wrong(
    "You kept the rows and the columns as axes of length 1. "
    "The result has two axes, (N, C): drop keepdims, or reshape."
)
def axes_kept(x):
    return x.mean(axis=(2, 3), keepdims=True)


@exercise.wrong(
    "You averaged everything to one number. Each channel of each image has a number "
    "of its own: name the axes to average over."
)
def one_number(x):
    return x.mean()


@exercise.wrong(
    "You averaged over the channels and kept the rows and columns. It is the other way "
    "round: the channels stay, rows and columns, the axes 2 and 3, go."
)
def over_channels_only(x):
    return x.mean(axis=1)


@exercise.wrong(
    "You averaged over the axes 0 and 1, which are images and channels. These stay; "
    "rows and columns are the axes 2 and 3."
)
def first_two_axes(x):
    return x.mean(axis=(0, 1))


@exercise.wrong(
    "You averaged over the channels, too. Each channel keeps a number of its own: "
    "average over rows and columns only."
)
def over_channels_too(x):
    return x.mean(axis=(1, 2, 3))


@exercise.wrong(
    "You averaged over the images, too. Each image of the batch has its own row: "
    "average over rows and columns only."
)
def over_images_too(x):
    return x.mean(axis=(0, 2, 3))


@exercise.wrong(
    "You averaged over the axes 1 and 2, as though the channels came last. Here they "
    "come second, (N, C, H, W): rows and columns are the axes 2 and 3."
)
def channels_last(x):
    return x.mean(axis=(1, 2))


@exercise.wrong(
    "These are the sums of the channels. Divide by the number of pixels, H * W."
)
def summed(x):
    return x.sum(axis=(2, 3))


@exercise.wrong(
    "You kept the largest pixel of each channel. That is global max pooling; "
    "here all pixels count alike."
)
def largest(x):
    return x.max(axis=(2, 3))


@exercise.wrong(
    "You divided by H * H. Images need not be square: a channel has H * W pixels."
)
def divided_by_a_square(x):
    return x.sum(axis=(2, 3)) / x.shape[2] ** 2


@exercise.wrong(
    "You averaged along one axis and added along the other. "
    "Divide by the number of rows and by the number of columns."
)
def averaged_once(x):
    return x.mean(axis=3).sum(axis=2)


@exercise.alternative
def by_flattening(x):
    return x.reshape(*x.shape[:2], -1).sum(axis=-1) / (x.shape[2] * x.shape[3])


@exercise.alternative
def by_loops(x):
    return np.array([[np.mean(channel) for channel in image] for image in x])


@exercise.alternative
def in_single_precision(x):
    return x.astype(np.float32).mean(axis=(2, 3))


@exercise.cases("worked example", points=1)
def worked():
    yield (np.array([[[[1.0, 2, 3], [4, 5, 6]], [[0, 0, 6], [0, 0, 0]]]]),)
    yield (np.arange(48.0).reshape(2, 3, 2, 4) ** 2 % 13 - 4,)


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield (np.array([[[[2.5]], [[-7.0]]], [[[0.0]], [[1.0]]]]),)
    yield (np.arange(60.0).reshape(1, 2, 6, 5)[:, ::-1, ::2] ** 2 % 11,)


@exercise.fresh("fresh feature maps", points=0.5)
def drawn(rng):
    n, c, h, w = rng.integers((1, 2, 2, 2), (4, 5, 5, 6))
    return (rng.integers(-9, 10, (n, c, h, w)) / 2,)

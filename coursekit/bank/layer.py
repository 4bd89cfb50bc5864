"""What the exercises on a whole convolutional layer share: slips, and cases.

Each of them asks for (x, weight, bias) -> out in the layout of torch. A slip takes the
right layer as its first argument, so it does not matter how that one computes.
"""

from collections.abc import Callable

import numpy as np

from coursekit.bank import places

SLIPS: list[tuple[str, Callable[..., object]]] = []


def share(exercise):
    """Give the exercise these slips, and the groups of cases that stand last."""
    for sentence, slip in SLIPS:
        exercise.wrong(sentence)(made_from(exercise.answer, slip))
    places.share(exercise, of_each_image)
    exercise.cases("no bias", points=1)(no_bias)
    exercise.cases("edges of the rule", points=1, shown=False)(edges)
    exercise.fresh("fresh batches", points=1)(drawn)


def slip(sentence):
    """Take the definition as a slip that is met with this sentence."""

    def keep(definition):
        SLIPS.append((sentence, definition))
        return definition

    return keep


def made_from(layer, slip):
    """Return the wrong answer that the slip makes of the right layer."""

    def wrong(x, weight, bias):
        return slip(layer, x, weight, bias)

    wrong.__name__ = slip.__name__
    return wrong


def with_biases(layer, x, weight, bias, *shape):
    """Return the layer with its biases in a shape that broadcasts to the output."""
    out = layer(x, weight, None)
    return out if bias is None else out + bias.reshape(shape)


def of_each_image(slip):
    """Return the layer that makes each of its maps with a slip over places."""

    def layer(x, weight, bias):
        maps = np.stack([[slip(image, one) for one in weight] for image in x])
        return maps if bias is None else maps + bias[:, None, None]

    return layer


@slip(
    "Your answer has no bias. Where one is given, "
    "bias[o] is added to every number of map o."
)
def bias_forgotten(layer, x, weight, bias):
    return layer(x, weight, None)


@slip(
    "Without a bias your function breaks: None has no entries. "
    "Ask `if bias is not None` before you use it."
)
def none_has_no_entries(layer, x, weight, bias):
    return layer(x, weight, None) + bias[:, None, None]


@slip(
    "Without a bias your function breaks: None cannot be reshaped. "
    "Ask `if bias is not None` before you use it."
)
def none_has_no_shape(layer, x, weight, bias):
    return layer(x, weight, None) + bias.reshape(-1, 1, 1)


@slip(
    "`if bias:` does not ask whether there is a bias: of an array with several entries "
    "NumPy cannot say whether it is true. Write `if bias is not None`."
)
def asked_for_truth(layer, x, weight, bias):
    return layer(x, weight, bias if bias else None)


@slip(
    "You added the bias once for every input channel. A filter has one bias: "
    "add it once, after the sum over the channels."
)
def a_bias_a_channel(layer, x, weight, bias):
    return layer(x, weight, None if bias is None else bias * x.shape[1])


@slip(
    "You added the bias along the last axis, one for every column: this is what "
    "`out + bias` does. It belongs to the maps: give it the shape (C_out, 1, 1)."
)
def bias_by_column(layer, x, weight, bias):
    return with_biases(layer, x, weight, bias, -1)


@slip(
    "`out + bias` goes wrong twice: it adds along the last axis, one number for every "
    "column, and it breaks where bias is None. Ask for None, then add it in the shape "
    "(C_out, 1, 1)."
)
def bias_by_column_or_none(layer, x, weight, bias):
    return layer(x, weight, None) + bias


@slip(
    "You added the bias along the rows. It belongs to the maps, the second axis: "
    "give it the shape (C_out, 1, 1), with two axes of length 1 after it."
)
def bias_by_row(layer, x, weight, bias):
    return with_biases(layer, x, weight, bias, -1, 1)


@slip(
    "You added the bias along the first axis, one for every image. It belongs to the "
    "maps, the second axis; all images get the same."
)
def bias_by_image(layer, x, weight, bias):
    return with_biases(layer, x, weight, bias, -1, 1, 1, 1)


@slip(
    "You wrote bias[n] with n the number of the image. Biases belong to the filters: "
    "bias[o] goes to map o of every image."
)
def bias_of_the_image_number(layer, x, weight, bias):
    out = layer(x, weight, None)
    return out if bias is None else np.stack([out[n] + bias[n] for n in range(len(x))])


@slip(
    "You averaged over the channels. Their products are added: "
    "a filter gives the sum over all its channels, and nothing is divided."
)
def averaged(layer, x, weight, bias):
    return layer(x, weight / x.shape[1], bias)


@slip(
    "You averaged over the whole window, all channels of it. The products are added, "
    "and nothing is divided."
)
def window_averaged(layer, x, weight, bias):
    return layer(x, weight / weight[0].size, bias)


@slip(
    "Only the last channel is left in your maps: each channel replaced the one before "
    "it. Add them up: assign with +=, not with =."
)
def last_channel_only(layer, x, weight, bias):
    return layer(x[:, -1:], weight[:, -1:], bias)


@slip(
    "Windows and filters were not flattened in the same order: in a window's row of "
    "numbers the channels come last, in a filter's they come first."
)
def columns_in_another_order(layer, x, weight, bias):
    c_out, c_in, k_h, k_w = weight.shape
    columns = weight.reshape(c_out, k_h, k_w, c_in)
    return layer(x, np.moveaxis(columns, -1, 1), bias)


@slip(
    "You took the first axis of the weight for the input's channels. It counts the "
    "filters; the second axis belongs to the channels of x."
)
def axes_exchanged(layer, x, weight, bias):
    if len(weight) != x.shape[1]:
        raise ValueError("the channels do not match")
    return layer(x, weight.swapaxes(0, 1), bias)


@slip(
    "The maps are on the last axis. In torch's layout they come second: "
    "(N, C_out, rows, columns)."
)
def channels_last(layer, x, weight, bias):
    return np.moveaxis(layer(x, weight, bias), 1, -1)


@slip(
    "The axes of images and maps are exchanged: "
    "out[n, o] is map o of image n, images first."
)
def maps_first(layer, x, weight, bias):
    return layer(x, weight, bias).swapaxes(0, 1)


@slip(
    "Axes of length 1 are lost, as after np.squeeze. A batch of one image "
    "and a layer of one filter keep their axes: there are always four."
)
def squeezed(layer, x, weight, bias):
    return np.squeeze(layer(x, weight, bias))


@slip(
    "You turned the kernels by half a turn, which makes this a convolution in the "
    "strict sense. The layer of that name does not flip: lay them on x as they stand."
)
def flipped(layer, x, weight, bias):
    return layer(x, weight[..., ::-1, ::-1], bias)


def no_bias():
    x = np.arange(36).reshape(3, 2, 2, 3) ** 2 % 17
    yield x, np.arange(12.0).reshape(3, 2, 1, 2) % 5 - 1, None


def edges():
    x = np.arange(180.0).reshape(3, 3, 4, 5) ** 2 % 19
    weight = np.arange(72.0).reshape(4, 3, 2, 3) ** 2 % 23 - 9
    yield x[::-2, ::-1, ::2], weight[:, :, :1], np.array([0.5, 0, -3, 8])
    yield x[:1], weight[:1], np.array([0.0])
    yield x[:, :, :2, :3], weight, np.array([1, 2, 3, 4])
    yield x[:1, :, :2, 1:], weight[:2, :, 1:, 1:2], np.array([2.5, -7])


def drawn(rng):
    n, c_in, c_out = rng.choice([(2, 2, 3), (3, 3, 2), (1, 2, 2), (2, 1, 4)])
    k_h, k_w = rng.choice([(2, 3), (3, 2), (2, 2)])
    x = rng.integers(-9, 10, (n, c_in, k_h + 2, k_w + 1)) / 2
    weight = rng.integers(-9, 10, (c_out, c_in, k_h, k_w)) / 2
    return x, weight, rng.integers(1, 20, c_out) * 10

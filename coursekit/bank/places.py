"""What the exercises that slide a kernel share: slips over where it stands.

A slip takes one image `x` (..., H, W) and one kernel `k` (..., kH, kW), as deep as the
image, and gives one map. `step` is the stride and `apart` the dilation, a pair each.
"""

from collections.abc import Callable

import numpy as np

SLIPS: list[tuple[str, Callable[..., object]]] = []


def share(exercise, lift=None):
    """Give the exercise these slips, each made a wrong answer to it by `lift`."""
    for sentence, slip in SLIPS:
        wrong = lift(slip) if lift else slip
        wrong.__name__ = slip.__name__
        exercise.wrong(sentence)(wrong)


def slip(sentence):
    """Take the definition as a slip that is met with this sentence."""

    def keep(definition):
        SLIPS.append((sentence, definition))
        return definition

    return keep


def slide(out, places, x, k, taps, step, apart):
    """Fill `out` as a loop over `places` does, with whatever its windows reach."""
    for i, j in np.ndindex(*places):
        rows, columns = (
            slice(place * s, place * s + d * (t - 1) + 1, d)
            for place, t, s, d in zip((i, j), taps, step, apart, strict=True)
        )
        out[i, j] = np.sum(x[..., rows, columns] * k)
    return out


def fitting(n, taps, step, apart):
    """Return how many windows of so many taps fit along n pixels."""
    return (n - apart * (taps - 1) - 1) // step + 1


def map_shape(x, k, step, apart):
    return tuple(map(fitting, x.shape[-2:], k.shape[-2:], step, apart))


def steps(x, step):
    """Return how many starts there are if every pixel may be one."""
    return tuple(-(-n // s) for n, s in zip(x.shape[-2:], step, strict=True))


@slip(
    "You took the kernel for a square: its height stands for its width, too. "
    "Read both from its shape, kH and kW."
)
def kernel_as_square(x, k, step=(1, 1), apart=(1, 1)):
    taps = k.shape[-2], k.shape[-2]
    places = tuple(map(fitting, x.shape[-2:], taps, step, apart))
    return slide(np.zeros(places), places, x, k, taps, step, apart)


@slip(
    "You took the image for a square: its height stands for its width, too. The number "
    "of columns of the output follows from W and kW."
)
def image_as_square(x, k, step=(1, 1), apart=(1, 1)):
    square = x.shape[-2], x.shape[-2]
    places = tuple(map(fitting, square, k.shape[-2:], step, apart))
    return slide(np.zeros(places), places, x, k, k.shape[-2:], step, apart)


@slip(
    "You took image and kernel for squares: your output is as wide as it is high. Rows "
    "and columns are counted apart: H and kH for the rows, W and kW for the columns."
)
def all_square(x, k, step=(1, 1), apart=(1, 1)):
    taps, n = (k.shape[-2], k.shape[-2]), x.shape[-2]
    places = tuple(map(fitting, (n, n), taps, step, apart))
    return slide(np.zeros(places), places, x, k, taps, step, apart)


@slip(
    "Your loops run over the pixels of x. Near the lower and the right border the "
    "kernel does not fit, and your index leaves the image: run over the places, the "
    "rows and columns of the output."
)
def pixels_by_index(x, k, step=(1, 1), apart=(1, 1)):
    out = np.zeros(steps(x, step))
    for i, j in np.ndindex(out.shape):
        for a, b in np.ndindex(k.shape[-2:]):
            row, column = i * step[0] + a * apart[0], j * step[1] + b * apart[1]
            out[i, j] += np.sum(x[..., row, column] * k[..., a, b])
    return out


@slip(
    "You cut a window at every pixel of x. Near the lower and the right border it is "
    "smaller than the kernel: run over the places where the whole kernel fits."
)
def pixels_by_windows(x, k, step=(1, 1), apart=(1, 1)):
    places = steps(x, step)
    return slide(np.zeros(places), places, x, k, k.shape[-2:], step, apart)


@slip(
    "The output has the right shape, but your loops go on over all pixels of x, past "
    "its end. Run over its own rows and columns: range(out.shape[0]) and so on."
)
def past_the_end_of_the_output(x, k, step=(1, 1), apart=(1, 1)):
    out = np.zeros(map_shape(x, k, step, apart))
    return slide(out, steps(x, step), x, k, k.shape[-2:], step, apart)

"""How a window slides over a picture: every way to write it, read into one form.

`ops` and `fast` read stride, padding and dilation here and nowhere else, so that both
understand, and refuse, the same settings.
"""

from __future__ import annotations

from typing import NamedTuple

from coursekit.shapes import (
    IntOrPair,
    Pair,
    ShapeError,
    out_len,
    pair,
    same_padding,
    transposed_len,
)

Sides = tuple[Pair, Pair]  # ((top, bottom), (left, right))
Numbers = int | tuple[IntOrPair, IntOrPair]  # one, (rows, columns), or a pair of pairs
Padding = str | Numbers  # or "same", or "valid"
MODES = ("zeros", "replicate", "reflect", "circular")  # what padding holds


class Slide(NamedTuple):
    """How a window slides over a picture: every argument as a pair (height, width)."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    padding: Sides
    out: Pair

    @property
    def taps(self) -> int:
        """Count the samples under the kernel in one channel."""
        return self.kernel[0] * self.kernel[1]


def sides(padding: Numbers) -> Sides:
    """Read a padding written in numbers: one, a pair (rows, columns), or all four.

    >>> sides((1, 2))
    ((1, 1), (2, 2))
    >>> sides(((0, 1), (2, 3)))
    ((0, 1), (2, 3))
    """
    if not isinstance(padding, tuple | list):
        padding = padding, padding  # one number for rows and columns alike
    if len(padding) != 2:
        raise ShapeError(
            f"padding has {len(padding)} entries, but needs 1 or 2: an int, (rows, "
            f"columns) or ((top, bottom), (left, right))."
        )
    rows, columns = padding
    return (
        pair(rows, "padding along H", means="(top, bottom)"),
        pair(columns, "padding along W", means="(left, right)"),
    )


def named_sides(name: str, kernel: Pair, stride: Pair, dilation: Pair) -> Sides:
    """Turn the words "same" and "valid" into numbers.

    Raises: ShapeError if "same" is asked for with a stride, as in torch.

    >>> named_sides("same", kernel=(3, 2), stride=(1, 1), dilation=(2, 1))
    ((2, 2), (0, 1))
    """
    if name == "valid":
        return (0, 0), (0, 0)
    if name != "same":
        raise ShapeError(
            f'padding is {name!r}, but the named ones are 2: "same" and "valid". '
            f"Use one of them, or numbers."
        )
    if stride != (1, 1):
        raise ShapeError(
            f'padding="same" needs stride 1, but stride is {stride}. '
            f"Give the padding in numbers."
        )
    rows, columns = map(same_padding, kernel, dilation)
    return rows, columns


def around(padding: Padding, kernel: Pair, stride: Pair, dilation: Pair) -> Sides:
    """Read a padding in numbers or in a word.

    >>> around(1, (3, 3), (1, 1), (1, 1)) == around("same", (3, 3), (1, 1), (1, 1))
    True
    """
    if isinstance(padding, str):
        return named_sides(padding, kernel, stride, dilation)
    return sides(padding)


def known_mode(mode: str) -> str:
    """Return a padding mode if there is one of that name.

    >>> known_mode("reflect")
    'reflect'
    """
    if mode not in MODES:
        raise ValueError(f"padding_mode is {mode!r}, but must be one of {MODES}.")
    return mode


def sliding(
    size: Pair,
    kernel: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Slide:
    """Lay a window over a picture of `size` (H, W) and normalise every argument.

    >>> sliding((32, 28), 5, stride=(1, 2)).out
    (28, 12)
    """
    kernel = pair(kernel, "kernel size", least=1)
    stride = pair(stride, "stride", least=1)
    dilation = pair(dilation, "dilation", least=1)
    padded = around(padding, kernel, stride, dilation)
    rows, columns = (
        out_len(n, k, padding=p, stride=s, dilation=d, ceil_mode=ceil_mode, axis=axis)
        for n, k, p, s, d, axis in zip(
            size, kernel, padded, stride, dilation, "HW", strict=True
        )
    )
    return Slide(kernel, stride, dilation, padded, (rows, columns))


def pooling(
    size: Pair,
    kernel: IntOrPair,
    *,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Slide:
    """Lay a pooling window: stride None means the kernel, padding at most half of it.

    Raises: ShapeError if the padding is more than half the kernel along an axis.

    >>> pooling((28, 28), 2).out
    (14, 14)
    """
    kernel = pair(kernel, "kernel_size", least=1)
    padding = pair(padding, "padding")
    for axis, k, p in zip("HW", kernel, padding, strict=True):
        if p > k // 2:
            raise ShapeError(
                f"Along {axis} padding={p} is more than half of kernel_size={k}: a "
                f"window could see padding alone. Use at most {k // 2}."
            )
    return sliding(
        size,
        kernel,
        stride=kernel if stride is None else stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )


def transposed(
    size: Pair,
    kernel: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Slide:
    """Lay a transposed convolution: the window slides over the *output*.

    >>> transposed((3, 3), 3, stride=(1, 2)).out
    (5, 7)
    """
    kernel = pair(kernel, "kernel size", least=1)
    stride = pair(stride, "stride", least=1)
    dilation = pair(dilation, "dilation", least=1)
    crop = pair(padding, "padding")
    extra = pair(output_padding, "output_padding")
    rows, columns = (
        transposed_len(
            n, k, padding=p, stride=s, dilation=d, output_padding=e, axis=axis
        )
        for n, k, p, s, d, e, axis in zip(
            size, kernel, crop, stride, dilation, extra, "HW", strict=True
        )
    )
    return Slide(kernel, stride, dilation, sides(crop), (rows, columns))

"""What each operation accepts, checked once for `ops` and `fast` alike.

One function per family. It takes the arguments as the caller wrote them and returns
arrays of one dtype and, where a window slides, its `Slide`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.arguments.arrays import (
    array,
    equal,
    floating,
    labelled,
    numeric,
    summable,
)
from coursekit.arguments.slide import (
    Numbers,
    Sides,
    Slide,
    known_mode,
    pooling,
    sides,
    sliding,
    transposed,
)
from coursekit.shapes import IntOrPair, ShapeError, at_least, grouped, out_len, pair


def correlation1d(
    x: np.ndarray, k: np.ndarray, **how: Any
) -> tuple[np.ndarray, np.ndarray, int]:
    """Check `corr1d`; the number is the output's length."""
    array("x", x, "W")
    array("k", k, "kW")
    out = out_len(x.size, k.size, axis="W", **how)
    x, k, _ = summable(k.size, x, k)
    return x, k, out


def correlation2d(
    x: np.ndarray, k: np.ndarray, **how: Any
) -> tuple[np.ndarray, np.ndarray, Slide]:
    """Check `corr2d` and `convolve2d`: one channel, one kernel."""
    array("x", x, "H W")
    array("k", k, "kH kW")
    slide = sliding(x.shape, k.shape, **how)
    x, k, _ = summable(k.size, x, k)
    return x, k, slide


def kernel_gradient(
    x: np.ndarray, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Check `corr2d_kernel_grad`: upstream has the shape of a valid output of x."""
    array("x", x, "H W")
    array("upstream", upstream, "oH oW")
    for axis, n, out in zip("HW", x.shape, upstream.shape, strict=True):
        if out > n:
            raise ShapeError(
                f"Along {axis} upstream has {out} samples, but x has {n}, so no kernel "
                f"made that output. Pass the gradient of corr2d(x, k), not of x."
            )
    x, upstream, _ = summable(upstream.size, x, upstream)
    return x, upstream


def padding2d(x: np.ndarray, padding: Numbers, mode: str) -> Sides:
    """Check `pad2d`, which pads the last two axes of an array."""
    if numeric("x", x).ndim < 2:
        raise ShapeError(
            f"x must have at least 2 axes (..., H, W), but has {x.ndim}: shape "
            f"{x.shape}. Index with None to add an axis of size 1."
        )
    for axis, n in zip("HW", x.shape[-2:], strict=True):
        at_least(1, n, f"{axis} of x")
    around = sides(padding)
    _copyable(x.shape[-2:], around, mode)
    return around


def _copyable(size: tuple[int, int], padding: Sides, mode: str) -> None:
    """Check that a padding mode exists and that the picture has enough to copy."""
    spare = {"reflect": 1, "circular": 0}.get(known_mode(mode))
    if spare is None:
        return
    for axis, n, side in zip("HW", size, padding, strict=True):
        if max(side) > n - spare:
            raise ShapeError(
                f"Along {axis} padding={max(side)} is too much for {mode} with n={n}: "
                f"at most {n - spare} samples can be copied. Use less, or zeros."
            )


def convolution(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    *,
    groups: int,
    padding_mode: str,
    **how: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, Slide]:
    """Check `conv2d`: weight is (C_out, C_in / groups, kH, kW), bias (C_out,)."""
    array("x", x, "N C_in H W")
    array("weight", weight, "C_out C_in/groups kH kW")
    grouped("C_in of x", x.shape[1], groups)
    grouped("C_out of weight", weight.shape[0], groups)
    equal(
        "C_in/groups of weight",
        weight.shape[1],
        f"C_in of x over groups={groups}",
        x.shape[1] // groups,
        "A kernel has as many channels as its input, divided by groups.",
    )
    _bias(bias, weight.shape[0])
    slide = sliding(x.shape[2:], weight.shape[2:], **how)
    _copyable(x.shape[2:], slide.padding, padding_mode)
    x, weight, bias = summable(weight[0].size, x, weight, bias)
    return x, weight, bias, slide


def depthwise(x: np.ndarray, weight: np.ndarray) -> None:
    """Check `depthwise_conv2d`: weight is (C, kH, kW), one kernel for each channel."""
    array("x", x, "N C H W")
    array("weight", weight, "C kH kW")
    equal(
        "C of weight",
        weight.shape[0],
        "C of x",
        x.shape[1],
        "Give one kernel for each channel.",
    )


def pointwise(x: np.ndarray, weight: np.ndarray) -> None:
    """Check `pointwise_conv2d`: weight is (C_out, C_in), a matrix for every pixel."""
    array("x", x, "N C_in H W")
    array("weight", weight, "C_out C_in")
    equal(
        "C_in of weight",
        weight.shape[1],
        "C_in of x",
        x.shape[1],
        "Give each output channel one number for each input channel.",
    )


def separable(depthwise_weight: np.ndarray, pointwise_weight: np.ndarray) -> None:
    """Check what the steps of `separable_conv2d` would blame on each other."""
    array("depthwise", depthwise_weight, "C_in kH kW")
    equal(
        "C_in of pointwise",
        array("pointwise", pointwise_weight, "C_out C_in").shape[1],
        "C_in of depthwise",
        depthwise_weight.shape[0],
        "Give each output channel one number for each input channel.",
    )


def convolution_transpose(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    *,
    groups: int,
    **how: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, Slide]:
    """Check `conv_transpose2d`: weight is (C_in, C_out / groups, kH, kW)."""
    array("x", x, "N C_in H W")
    array("weight", weight, "C_in C_out/groups kH kW")
    grouped("C_in of x", x.shape[1], groups)
    equal(
        "C_in of weight",
        weight.shape[0],
        "C_in of x",
        x.shape[1],
        "A transposed weight is (C_in, C_out/groups, kH, kW): input channels first.",
    )
    _bias(bias, weight.shape[1] * groups)
    slide = transposed(x.shape[2:], weight.shape[2:], **how)
    x, weight, bias = summable(weight[:, 0].size, x, weight, bias)
    return x, weight, bias, slide


def _bias(bias: np.ndarray | None, outputs: int, axis: str = "C_out") -> None:
    """Require one bias for each output."""
    if bias is None:
        return
    equal(
        f"{axis} of bias",
        array("bias", bias, axis).size,
        f"{axis} of weight",
        outputs,
        "Give one bias for each output, or bias=None.",
    )


def unfolding(
    x: np.ndarray, kernel_size: IntOrPair, *, padding: IntOrPair, **how: Any
) -> Slide:
    """Check `unfold2d`, whose padding has no words and no four numbers, as in torch."""
    size = array("x", x, "N C H W").shape[2:]
    return sliding(size, kernel_size, padding=pair(padding, "padding"), **how)


def max_pool(x: np.ndarray, kernel_size: IntOrPair, **how: Any) -> Slide:
    """Check `max_pool2d`."""
    return pooling(array("x", x, "N C H W").shape[2:], kernel_size, **how)


def average_pool(x: np.ndarray, kernel_size: IntOrPair, **how: Any) -> Slide:
    """Check `avg_pool2d`, which refuses integers."""
    return pooling(average(x).shape[2:], kernel_size, **how)


def average(x: np.ndarray) -> np.ndarray:
    """Check `global_avg_pool2d`, which refuses integers."""
    return floating("x", array("x", x, "N C H W"), "an average")


def fraction(x: np.ndarray, operation: str) -> np.ndarray:
    """Check the input of an activation that refuses integers."""
    return floating("x", numeric("x", x), operation)


def dense(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Check `linear`: weight is (out_features, in_features), bias (out_features,)."""
    array("x", x, "N in_features")
    array("weight", weight, "out_features in_features")
    equal(
        "in_features of weight",
        weight.shape[1],
        "in_features of x",
        x.shape[1],
        "A row of weight has one number for each feature; flatten x to (N, features).",
    )
    _bias(bias, weight.shape[0], "out_features")
    x, weight, bias = summable(weight.shape[1], x, weight, bias)
    return x, weight, bias


def classification(logits: np.ndarray, labels: np.ndarray) -> None:
    """Check `softmax_cross_entropy`: logits (N, classes), labels (N,) of integers."""
    floating("logits", array("logits", logits, "N classes"), "a log loss")
    labelled(logits, labels)

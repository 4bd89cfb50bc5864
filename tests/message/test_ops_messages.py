"""Every refusal of an operation names the array and axis, both numbers, the remedy."""

import re

import jaxtyping
import numpy as np
import pytest

from coursekit.shapes import ShapeError

X = np.zeros((2, 4, 5, 6))
W = np.zeros((6, 4, 3, 3))


def ones(*shape):
    return np.ones(shape)


SHAPES = {
    "axes": (
        lambda lib: lib.conv2d(X[0], W),
        "x must have 4 axes (N, C_in, H, W), but has 3: shape (4, 5, 6). Reshape it, "
        "or index with None to add an axis of size 1.",
    ),
    "axes of the weight": (
        lambda lib: lib.conv2d(X, W[0]),
        "weight must have 4 axes (C_out, C_in/groups, kH, kW), but has 3",
    ),
    "channels": (
        lambda lib: lib.conv2d(X, ones(6, 3, 3, 3)),
        "C_in/groups of weight is 3, but C_in of x over groups=1 is 4. A kernel has as "
        "many channels as its input, divided by groups.",
    ),
    "channels of a group": (
        lambda lib: lib.conv2d(X, W, groups=2),
        "C_in/groups of weight is 4, but C_in of x over groups=2 is 2.",
    ),
    "groups do not divide the input": (
        lambda lib: lib.conv2d(X, W, groups=3),
        "C_in of x is 4, which groups=3 does not divide. Choose a divisor of 4.",
    ),
    "groups do not divide the output": (
        lambda lib: lib.conv2d(X, ones(6, 1, 3, 3), groups=4),
        "C_out of weight is 6, which groups=4 does not divide. Choose a divisor of 6.",
    ),
    "no groups": (
        lambda lib: lib.conv2d(X, W, groups=0),
        "groups is 0, but must be at least 1.",
    ),
    "bias": (
        lambda lib: lib.conv2d(X, W, ones(5)),
        "C_out of bias is 5, but C_out of weight is 6. Give one bias for each output, "
        "or bias=None.",
    ),
    "bias as a column": (
        lambda lib: lib.conv2d(X, W, ones(6, 1)),
        "bias must have 1 axis (C_out), but has 2: shape (6, 1).",
    ),
    "no rows": (
        lambda lib: lib.conv2d(X[:, :, :0], W),
        "H of x is 0, but must be at least 1.",
    ),
    "no channels": (
        lambda lib: lib.conv2d(X[:, :0], W[:, :0]),
        "C_in of x is 0, but must be at least 1.",
    ),
    "no place": (
        lambda lib: lib.conv2d(X, W, dilation=(1, 3)),
        "Along W the window spans 7 samples (k=3, dilation=3) but the padded input has "
        "6 (n=6, padding=0).",
    ),
    "reflect": (
        lambda lib: lib.conv2d(X, W, padding=(5, 1), padding_mode="reflect"),
        "Along H padding=5 is too much for reflect with n=5: at most 4 samples can be "
        "copied. Use less, or zeros.",
    ),
    "circular": (
        lambda lib: lib.pad2d(X, ((0, 0), (7, 0)), mode="circular"),
        "Along W padding=7 is too much for circular with n=6: at most 6 samples",
    ),
    "pad2d of a signal": (
        lambda lib: lib.pad2d(ones(3), 1),
        "x must have at least 2 axes (..., H, W), but has 1: shape (3,). Index with "
        "None to add an axis of size 1.",
    ),
    "pad2d of nothing": (
        lambda lib: lib.pad2d(ones(3, 0), 1),
        "W of x is 0, but must be at least 1.",
    ),
    "corr1d": (
        lambda lib: lib.corr1d(ones(2), ones(3)),
        "Along W the window spans 3 samples (k=3, dilation=1) but the padded input has "
        "2 (n=2, padding=0). Add padding, or use a smaller k or dilation.",
    ),
    "corr1d of a picture": (
        lambda lib: lib.corr1d(ones(2, 2), ones(3)),
        "x must have 1 axis (W), but has 2: shape (2, 2).",
    ),
    "corr1d with a picture": (
        lambda lib: lib.corr1d(ones(2), ones(3, 1)),
        "k must have 1 axis (kW), but has 2: shape (3, 1).",
    ),
    "corr2d": (
        lambda lib: lib.corr2d(ones(2, 3), ones(3, 3)),
        "Along H the window spans 3 samples (k=3, dilation=1) but the padded input has "
        "2 (n=2, padding=0).",
    ),
    "corr2d of a signal": (
        lambda lib: lib.corr2d(ones(3), ones(2, 2)),
        "x must have 2 axes (H, W), but has 1: shape (3,).",
    ),
    "corr2d with a signal": (
        lambda lib: lib.corr2d(ones(3, 3), ones(2)),
        "k must have 2 axes (kH, kW), but has 1: shape (2,).",
    ),
    "convolve2d with a signal": (
        lambda lib: lib.convolve2d(ones(3, 3), ones(2)),
        "k must have 2 axes (kH, kW), but has 1: shape (2,).",
    ),
    "upstream": (
        lambda lib: lib.corr2d_kernel_grad(ones(3, 3), ones(2, 4)),
        "Along W upstream has 4 samples, but x has 3, so no kernel made that output. "
        "Pass the gradient of corr2d(x, k), not of x.",
    ),
    "upstream of a batch": (
        lambda lib: lib.corr2d_kernel_grad(ones(3, 3), X),
        "upstream must have 2 axes (oH, oW), but has 4",
    ),
    "gradient for a batch": (
        lambda lib: lib.corr2d_kernel_grad(X, ones(3, 3)),
        "x must have 2 axes (H, W), but has 4",
    ),
    "depthwise": (
        lambda lib: lib.depthwise_conv2d(X, ones(3, 2, 2)),
        "C of weight is 3, but C of x is 4. Give one kernel for each channel.",
    ),
    "depthwise axes": (
        lambda lib: lib.depthwise_conv2d(X, ones(4, 1, 2, 2)),
        "weight must have 3 axes (C, kH, kW), but has 4: shape (4, 1, 2, 2).",
    ),
    "depthwise input": (
        lambda lib: lib.depthwise_conv2d(X[0], ones(4, 2, 2)),
        "x must have 4 axes (N, C, H, W), but has 3",
    ),
    "pointwise": (
        lambda lib: lib.pointwise_conv2d(X, ones(2, 3)),
        "C_in of weight is 3, but C_in of x is 4. Give each output channel one number "
        "for each input channel.",
    ),
    "pointwise axes": (
        lambda lib: lib.pointwise_conv2d(X, ones(2, 4, 1, 1)),
        "weight must have 2 axes (C_out, C_in), but has 4",
    ),
    "pointwise input": (
        lambda lib: lib.pointwise_conv2d(X[0], ones(2, 4)),
        "x must have 4 axes (N, C_in, H, W), but has 3",
    ),
    "separable": (
        lambda lib: lib.separable_conv2d(X, ones(4, 3, 3), ones(7, 3)),
        "C_in of pointwise is 3, but C_in of depthwise is 4. Give each output channel "
        "one number for each input channel.",
    ),
    "separable axes": (
        lambda lib: lib.separable_conv2d(X, ones(4, 1, 3, 3), ones(7, 4)),
        "depthwise must have 3 axes (C_in, kH, kW), but has 4",
    ),
    "separable mixing axes": (
        lambda lib: lib.separable_conv2d(X, ones(4, 3, 3), ones(7, 4, 1, 1)),
        "pointwise must have 2 axes (C_out, C_in), but has 4",
    ),
    "separable bias": (
        lambda lib: lib.separable_conv2d(X, ones(4, 3, 3), ones(7, 4), ones(4)),
        "C_out of bias is 4, but C_out of weight is 7.",
    ),
    "transposed channels": (
        lambda lib: lib.conv_transpose2d(X, W),
        "C_in of weight is 6, but C_in of x is 4. A transposed weight is (C_in, "
        "C_out/groups, kH, kW): input channels first.",
    ),
    "transposed axes": (
        lambda lib: lib.conv_transpose2d(X, W[0]),
        "weight must have 4 axes (C_in, C_out/groups, kH, kW), but has 3",
    ),
    "transposed input": (
        lambda lib: lib.conv_transpose2d(X[0], W),
        "x must have 4 axes (N, C_in, H, W), but has 3",
    ),
    "transposed groups": (
        lambda lib: lib.conv_transpose2d(X, ones(4, 2, 3, 3), groups=3),
        "C_in of x is 4, which groups=3 does not divide.",
    ),
    "transposed bias": (
        lambda lib: lib.conv_transpose2d(X, ones(4, 3, 2, 2), ones(3), groups=2),
        "C_out of bias is 3, but C_out of weight is 6.",
    ),
    "transposed output_padding": (
        lambda lib: lib.conv_transpose2d(X, ones(4, 3, 2, 2), output_padding=1),
        "Along H output_padding=1 must be smaller than stride=1 or dilation=1",
    ),
    "unfold2d": (
        lambda lib: lib.unfold2d(X, (6, 1)),
        "Along H the window spans 6 samples (k=6, dilation=1) but the padded input has "
        "5 (n=5, padding=0).",
    ),
    "unfold2d axes": (
        lambda lib: lib.unfold2d(X[0], 2),
        "x must have 4 axes (N, C, H, W), but has 3",
    ),
    "pool padding": (
        lambda lib: lib.max_pool2d(X, 3, padding=(1, 2)),
        "Along W padding=2 is more than half of kernel_size=3: a window could see "
        "padding alone. Use at most 1.",
    ),
    "average pool padding": (
        lambda lib: lib.avg_pool2d(X, 1, padding=1),
        "Along H padding=1 is more than half of kernel_size=1: a window could see "
        "padding alone. Use at most 0.",
    ),
    "pool axes": (
        lambda lib: lib.max_pool2d(X[0], 2),
        "x must have 4 axes (N, C, H, W), but has 3",
    ),
    "average pool axes": (
        lambda lib: lib.avg_pool2d(X[0], 2),
        "x must have 4 axes (N, C, H, W), but has 3",
    ),
    "global average axes": (
        lambda lib: lib.global_avg_pool2d(X[0]),
        "x must have 4 axes (N, C, H, W), but has 3",
    ),
    "linear": (
        lambda lib: lib.linear(ones(2, 3), ones(5, 4)),
        "in_features of weight is 4, but in_features of x is 3. A row of weight has "
        "one number for each feature; flatten x to (N, features).",
    ),
    "linear on maps": (
        lambda lib: lib.linear(X, ones(5, 4)),
        "x must have 2 axes (N, in_features), but has 4",
    ),
    "linear with maps": (
        lambda lib: lib.linear(ones(2, 3), X),
        "weight must have 2 axes (out_features, in_features), but has 4",
    ),
    "linear bias": (
        lambda lib: lib.linear(ones(2, 3), ones(5, 3), ones(3)),
        "out_features of bias is 3, but out_features of weight is 5.",
    ),
    "labels": (
        lambda lib: lib.softmax_cross_entropy(ones(2, 3), np.array([0, 1, 2])),
        "N of labels is 3, but N of logits is 2. Give one label for each row of "
        "logits.",
    ),
    "a label that is no class": (
        lambda lib: lib.softmax_cross_entropy(ones(2, 3), np.array([1, 3])),
        "labels run from 1 to 3, but logits has 3 classes, so labels must lie in 0 to "
        "2.",
    ),
    "a negative label": (
        lambda lib: lib.softmax_cross_entropy(ones(2, 3), np.array([-1, 1])),
        "labels run from -1 to 1, but logits has 3 classes",
    ),
    "one-hot labels": (
        lambda lib: lib.softmax_cross_entropy(ones(2, 3), np.eye(3, dtype=int)[:2]),
        "labels must have 1 axis (N), but has 2",
    ),
    "logits of one example": (
        lambda lib: lib.softmax_cross_entropy(ones(3), np.array([1])),
        "logits must have 2 axes (N, classes), but has 1",
    ),
    "a mean over nothing": (
        lambda lib: lib.softmax_cross_entropy(ones(0, 3), np.zeros(0, int)),
        "N of logits, over which a mean is taken, is 0, but must be at least 1.",
    ),
}


@pytest.mark.parametrize(("call", "says"), SHAPES.values(), ids=SHAPES)
@pytest.mark.usefixtures("as_a_user_calls")
def test_what_does_not_fit_is_refused_in_words(lib, call, says):
    with pytest.raises(ShapeError, match="^" + re.escape(says)):
        call(lib)


@pytest.mark.usefixtures("as_a_user_calls")
def test_an_unknown_padding_mode_lists_the_known_ones(lib):
    says = (
        "padding_mode is 'mirror', but must be one of ('zeros', 'replicate', "
        "'reflect', 'circular')."
    )
    with pytest.raises(ValueError, match="^" + re.escape(says)):
        lib.conv2d(X, W, padding_mode="mirror")
    with pytest.raises(ValueError, match="^" + re.escape(says)):
        lib.pad2d(X, 1, mode="mirror")


def test_under_pytest_the_annotations_are_checked(lib):
    with pytest.raises(jaxtyping.TypeCheckError):
        lib.corr2d(ones(3), ones(2, 2))

"""The operations of a convolutional network as plain loops, written to be read.

Arrays are NCHW, arguments are torch's, nothing is changed in place. `coursekit.fast`
has the same names and signatures without the loops.
"""

from coursekit.ops.activations import relu, sigmoid, tanh
from coursekit.ops.convolution import conv2d, conv_transpose2d
from coursekit.ops.correlation import (
    convolve2d,
    corr1d,
    corr2d,
    corr2d_kernel_grad,
)
from coursekit.ops.dense import linear, softmax_cross_entropy
from coursekit.ops.pooling import avg_pool2d, global_avg_pool2d, max_pool2d
from coursekit.ops.separable import (
    depthwise_conv2d,
    pointwise_conv2d,
    separable_conv2d,
)
from coursekit.ops.windows import pad2d, unfold2d

__all__ = [
    "avg_pool2d",
    "conv2d",
    "conv_transpose2d",
    "convolve2d",
    "corr1d",
    "corr2d",
    "corr2d_kernel_grad",
    "depthwise_conv2d",
    "global_avg_pool2d",
    "linear",
    "max_pool2d",
    "pad2d",
    "pointwise_conv2d",
    "relu",
    "separable_conv2d",
    "sigmoid",
    "softmax_cross_entropy",
    "tanh",
    "unfold2d",
]

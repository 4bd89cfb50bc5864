"""The operations vectorised: the names and meanings of `coursekit.ops`, at speed.

Everything is NumPy, laid out N C H W. `*_backward` takes the gradient of the output,
then what the operation took, and gives the gradients in the order of the inputs.
"""

from coursekit.fast.activations import relu_backward, sigmoid_backward, tanh_backward
from coursekit.fast.convolution import (
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
)
from coursekit.fast.correlation import (
    convolve2d,
    corr1d,
    corr2d,
    corr2d_kernel_grad,
)
from coursekit.fast.dense import (
    linear,
    linear_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from coursekit.fast.pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from coursekit.fast.separable import (
    depthwise_conv2d,
    depthwise_conv2d_backward,
    pointwise_conv2d,
    pointwise_conv2d_backward,
    separable_conv2d,
    separable_conv2d_backward,
)
from coursekit.fast.windows import (
    pad2d,
    pad2d_backward,
    unfold2d,
    unfold2d_backward,
    windows2d,
)
from coursekit.ops.activations import relu, sigmoid, tanh

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "convolve2d",
    "corr1d",
    "corr2d",
    "corr2d_kernel_grad",
    "depthwise_conv2d",
    "depthwise_conv2d_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "linear",
    "linear_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "pad2d",
    "pad2d_backward",
    "pointwise_conv2d",
    "pointwise_conv2d_backward",
    "relu",
    "relu_backward",
    "separable_conv2d",
    "separable_conv2d_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "tanh",
    "tanh_backward",
    "unfold2d",
    "unfold2d_backward",
    "windows2d",
]

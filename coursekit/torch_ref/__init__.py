"""What the course leads to, in torch: its operations, its networks, and learning.

The only part of the library that imports torch. Operations have the names and arguments
of `coursekit.ops`, in files of the same names; arrays are tensors, and what is refused
is, as far as possible, refused by torch in its own words. Networks are built from the
specifications in `coursekit.nets`.
"""

from coursekit.torch_ref.activations import relu, sigmoid, tanh
from coursekit.torch_ref.convolution import conv2d, conv_transpose2d
from coursekit.torch_ref.correlation import (
    convolve2d,
    corr1d,
    corr2d,
    corr2d_kernel_grad,
)
from coursekit.torch_ref.dense import linear, softmax_cross_entropy
from coursekit.torch_ref.learning import fit, pick_device, predict
from coursekit.torch_ref.networks import build, load_params, params_of
from coursekit.torch_ref.pooling import avg_pool2d, global_avg_pool2d, max_pool2d
from coursekit.torch_ref.separable import (
    depthwise_conv2d,
    pointwise_conv2d,
    separable_conv2d,
)
from coursekit.torch_ref.windows import pad2d, unfold2d

__all__ = [
    "avg_pool2d",
    "build",
    "conv2d",
    "conv_transpose2d",
    "convolve2d",
    "corr1d",
    "corr2d",
    "corr2d_kernel_grad",
    "depthwise_conv2d",
    "fit",
    "global_avg_pool2d",
    "linear",
    "load_params",
    "max_pool2d",
    "pad2d",
    "params_of",
    "pick_device",
    "pointwise_conv2d",
    "predict",
    "relu",
    "separable_conv2d",
    "sigmoid",
    "softmax_cross_entropy",
    "tanh",
    "unfold2d",
]

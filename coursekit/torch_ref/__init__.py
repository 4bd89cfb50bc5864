"""What the course leads to, in torch: its operations, its networks, and learning.

The only part of the library that imports torch. Operations have the names and arguments
of `coursekit.ops`; networks are built from the specifications in `coursekit.nets`.
"""

from coursekit.torch_ref.learning import fit, pick_device, predict
from coursekit.torch_ref.networks import build, load_params, params_of
from coursekit.torch_ref.operations import (
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    convolve2d,
    corr1d,
    corr2d,
    corr2d_kernel_grad,
    depthwise_conv2d,
    global_avg_pool2d,
    linear,
    max_pool2d,
    pad2d,
    pointwise_conv2d,
    relu,
    separable_conv2d,
    sigmoid,
    softmax_cross_entropy,
    tanh,
    unfold2d,
)

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

"""Networks as nouns, tuples of layers, and what NumPy can do with them.

Draw weights with `init`, run with `forward`, find gradients with `backward`, learn with
`train`; `count.ledger` counts, and `torch_ref.build` makes the same network in torch.
"""

from coursekit.nets.layers import (
    AvgPool2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    ReLU,
    Sigmoid,
    Tanh,
)
from coursekit.nets.learning import (
    init,
    loss_and_gradients,
    predict,
    sgd_step,
    train,
)
from coursekit.nets.loop import History, accuracy
from coursekit.nets.passes import backward, forward
from coursekit.nets.sizes import out_shape, param_shapes
from coursekit.nets.specs import (
    ALEXNET,
    ALEXNET_2012,
    ALEXNET_2012_GROUPED,
    INCEPTION_BLOCK,
    LENET,
    LENET_RELU,
    LENET_WIDE,
    MLP,
    MOBILE_BLOCK,
    TINY_TANH,
    VGG16,
)

__all__ = [
    "ALEXNET",
    "ALEXNET_2012",
    "ALEXNET_2012_GROUPED",
    "INCEPTION_BLOCK",
    "LENET",
    "LENET_RELU",
    "LENET_WIDE",
    "MLP",
    "MOBILE_BLOCK",
    "TINY_TANH",
    "VGG16",
    "AvgPool2d",
    "Conv2d",
    "Flatten",
    "GlobalAvgPool2d",
    "History",
    "Layer",
    "Linear",
    "MaxPool2d",
    "Network",
    "Parallel",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "accuracy",
    "backward",
    "forward",
    "init",
    "loss_and_gradients",
    "out_shape",
    "param_shapes",
    "predict",
    "sgd_step",
    "train",
]

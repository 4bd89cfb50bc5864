"""What does not fit in a network is named by its layer, with both numbers."""

import re

import numpy as np
import pytest
from torch import nn

from coursekit import count, nets, torch_ref
from coursekit.nets import Conv2d, Flatten, Layer, Linear, MaxPool2d, Parallel
from coursekit.nets.sizes import Step
from coursekit.shapes import ShapeError

TWO = (Flatten(), Linear(4, 2))
PARAMS = [np.zeros((2, 4)), np.zeros(2)]
IMAGES, LABELS = np.zeros((3, 1, 2, 2)), np.zeros(3, int)


class Unknown(Layer):
    """A kind of layer for which nothing is written yet."""


def train(network=TWO, params=PARAMS, images=IMAGES, labels=LABELS, **how):
    rng = np.random.default_rng(0)
    return nets.train(network, params, images, labels, rng=rng, progress=False, **how)


UNEVEN = Parallel(((Conv2d(1, 2, 3),), (Conv2d(1, 2, 5),)))
NARROWER = Parallel(((), (), (Conv2d(1, 2, (1, 3)),)))
REFUSED = {
    "channels": (
        lambda: nets.out_shape((nets.LENET[0], nets.LENET[0]), (1, 28, 28)),
        "Layer 1 (Conv2d): C of its input is 6, but in_channels is 1. in_channels is",
    ),
    "features": (
        lambda: count.ledger(nets.LENET, (1, 32, 32)),
        "Layer 7 (Linear): Its input has shape (576,), 576 numbers, but in_features is "
        "400. Flatten first, and count what comes in.",
    ),
    "a dense layer on maps": (
        lambda: nets.out_shape((Linear(4, 2),), (1, 2, 2)),
        "Layer 0 (Linear): Its input has shape (1, 2, 2), 4 numbers, but in_features "
        "is 4. Flatten first",
    ),
    "axes": (
        lambda: nets.forward(nets.LENET, nets.init(nets.LENET, rng()), IMAGES[0]),
        "Layer 0 (Conv2d): Its input has 2 axes, shape (2, 2), but needs 3: (C, H, W), "
        "beside the batch.",
    ),
    "no place": (
        lambda: count.macs(nets.ALEXNET, (3, 32, 32)),
        "Layer 12 (MaxPool2d): Along H the window spans 3 samples (k=3, dilation=1) "
        "but the padded input has 1",
    ),
    "inside a branch": (
        lambda: nets.out_shape(nets.INCEPTION_BLOCK, (3, 8, 8)),
        "Layer 0 (Parallel): Layer 0 (Conv2d): C of its input is 3, but in_channels is "
        "192.",
    ),
    "branches of different sizes": (
        lambda: nets.out_shape((UNEVEN,), (1, 8, 8)),
        "Layer 0 (Parallel): Branch 1 gives (H, W) = (4, 4), but branch 0 gives "
        "(6, 6). Pad so that every branch keeps the same size.",
    ),
    "a branch narrower than the first": (
        lambda: nets.out_shape((NARROWER,), (1, 8, 8)),
        "Layer 0 (Parallel): Branch 2 gives (H, W) = (8, 6), but branch 0 gives "
        "(8, 8).",
    ),
    "no channels": (
        lambda: Conv2d(0, 6, 5),
        "in_channels is 0, but must be at least 1.",
    ),
    "no filters": (
        lambda: Conv2d(1, 0, 5),
        "out_channels is 0, but must be at least 1.",
    ),
    "groups": (
        lambda: Conv2d(6, 16, 5, groups=4),
        "in_channels is 6, which groups=4 does not divide. Choose a divisor of 6.",
    ),
    "groups of filters": (
        lambda: Conv2d(4, 6, 5, groups=4),
        "out_channels is 6, which groups=4 does not divide. Choose a divisor of 6.",
    ),
    "no features": (
        lambda: Linear(4, 0),
        "out_features is 0, but must be at least 1.",
    ),
    "no inputs": (
        lambda: Linear(0, 4),
        "in_features is 0, but must be at least 1.",
    ),
    "too few parameters": (
        lambda: nets.forward(TWO, PARAMS[:1], IMAGES),
        "params has 1 arrays, but 2 are needed. Use init(network, rng), or",
    ),
    "the wrong parameters": (
        lambda: nets.backward(TWO, PARAMS[::-1], [], np.zeros((3, 2))),
        "params[0] has shape (2,), but (2, 4) is needed. Use init(network",
    ),
    "parameters for another model": (
        lambda: torch_ref.load_params(nn.Linear(4, 3), PARAMS),
        "params[0] has shape (2, 4), but (3, 4) is needed.",
    ),
    "too few labels": (
        lambda: train(labels=LABELS[:2]),
        "There are 3 images, but 2 labels. Give one label for each image.",
    ),
    "too few validation labels": (
        lambda: train(validation=(IMAGES, LABELS[:1])),
        "There are 3 images, but 1 labels. Give one label for each image.",
    ),
    "nothing to learn from": (
        lambda: train(images=IMAGES[:0], labels=LABELS[:0]),
        "The number of images is 0, but must be at least 1.",
    ),
    "no batch": (
        lambda: train(batch_size=0),
        "batch_size is 0, but must be at least 1.",
    ),
    "fewer than no epochs": (
        lambda: train(epochs=-1),
        "epochs is -1, but must be at least 0.",
    ),
}
NOT_LAYERS = {
    "a number": (
        lambda: nets.out_shape(3, (1, 2, 2)),
        "network is 3 (int), but a network is a tuple of layers. Write it like "
        "(Flatten(), Linear(784, 10)).",
    ),
    "a network in a network": (
        lambda: nets.init((Flatten(), (Linear(4, 2),)), rng()),
        "network[1] is (Linear(4, 2),) (tuple), but a network is a tuple of layers.",
    ),
    "a kind of layer": (
        lambda: count.macs([Flatten, Linear(4, 2)], (1, 2, 2)),
        "network[0] is <class 'coursekit.nets.layers.Flatten'> (type), but a network",
    ),
    "a word in a branch": (
        lambda: Parallel(((Flatten(), "relu"),)),
        "network[1] is 'relu' (str), but a network is a tuple of layers.",
    ),
    "a word for torch": (
        lambda: torch_ref.build("lenet"),
        "'lenet' is neither a layer nor a tuple of layers.",
    ),
    "an unknown layer": (
        lambda: nets.out_shape((Unknown(),), (1, 2, 2)),
        "Unknown() has no output shape yet: register it here.",
    ),
    "counting an unknown layer": (
        lambda: count.costs.operations_of(Step(Unknown(), (1, 2, 2), (1, 2, 2))),
        "Unknown() is not counted yet: count its operations here.",
    ),
    "seeing through an unknown layer": (
        lambda: count.costs.seen(Step(Unknown(), (1, 2, 2), (1, 2, 2))),
        "Unknown() sees nothing yet: say here what it sees.",
    ),
    "running an unknown layer": (
        lambda: nets.passes._forward(Unknown(), [], IMAGES),
        "Unknown() has no forward pass yet: register one here.",
    ),
    "gradients of an unknown layer": (
        lambda: nets.passes._backward(Unknown(), [], IMAGES, IMAGES),
        "Unknown() has no backward pass yet: register one here.",
    ),
    "an unknown layer in torch": (
        lambda: torch_ref.build(Unknown()),
        "Unknown() has no module of its name in torch.nn: register one here.",
    ),
    "a kernel that is no number": (
        lambda: nets.param_shapes(Conv2d(1, 1, 2.5)),
        "kernel_size must be an int, but is 2.5 (float).",
    ),
}


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_named_with_both_numbers(case):
    call, message = REFUSED[case]
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}"):
        call()


@pytest.mark.parametrize("case", NOT_LAYERS)
def test_what_is_no_network_says_what_is(case):
    call, message = NOT_LAYERS[case]
    with pytest.raises(TypeError, match=f"^{re.escape(message)}"):
        call()


def test_an_unknown_scheme_is_told_the_known_ones():
    with pytest.raises(ValueError, match=r"^scheme is 'best', but must be one of \('x"):
        nets.init(TWO, rng(), scheme="best")


def test_a_layer_s_options_after_the_sizes_have_names():
    with pytest.raises(TypeError, match="positional"):
        MaxPool2d(3, 2)


def test_nothing_is_copied_into_a_model_if_one_shape_differs():
    model = nn.Linear(4, 2)
    before = torch_ref.params_of(model)
    with pytest.raises(ShapeError, match=r"^params\[1\] has shape \(3,\)"):
        torch_ref.load_params(model, [np.ones((2, 4)), np.ones(3)])
    assert (torch_ref.params_of(model)[0] == before[0]).all()

"""Networks of the course as specifications: nothing is allocated until you `init`.

Layers without parameters that change no shape and that the course does not teach
(dropout, local response normalisation) are left out; so is batch normalisation, which
has 2 parameters for each channel. The shape beside a name is that of its input.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursekit.nets.layers import (
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Network,
    Parallel,
    ReLU,
    Sigmoid,
    Tanh,
)


def _lenet(
    activation: type[Sigmoid] | type[ReLU], pool: type[AvgPool2d] | type[MaxPool2d]
) -> Network:
    return (
        Conv2d(1, 6, 5, padding=2), activation(), pool(2),
        Conv2d(6, 16, 5), activation(), pool(2),
        Flatten(),
        Linear(400, 120), activation(),
        Linear(120, 84), activation(),
        Linear(84, 10),
    )  # fmt: skip


# (1, 28, 28). Source: LeCun et al., "Gradient-based learning applied to document
# recognition", 1998, with a plain dense layer at the end.
LENET = _lenet(Sigmoid, AvgPool2d)
LENET_RELU = _lenet(ReLU, MaxPool2d)
LENET_WIDE: Network = (  # more filters, fewer dense weights: below 100 000 in all
    Conv2d(1, 16, 5, padding=2), ReLU(), MaxPool2d(2),
    Conv2d(16, 48, 5), ReLU(), MaxPool2d(2),
    Flatten(),
    Linear(1200, 64), ReLU(),
    Linear(64, 10),
)  # fmt: skip
TINY_TANH: Network = (Conv2d(1, 6, 5), Tanh(), Flatten(), Linear(6 * 24 * 24, 10))
MLP: Network = (Flatten(), Linear(784, 78), ReLU(), Linear(78, 10))  # LeNet's size


def _alexnet(widths: tuple[int, int, int, int, int], groups: int = 1) -> Network:
    one, two, three, four, five = widths
    return (
        Conv2d(3, one, 11, stride=4, padding=2), ReLU(), MaxPool2d(3, stride=2),
        Conv2d(one, two, 5, padding=2, groups=groups), ReLU(), MaxPool2d(3, stride=2),
        Conv2d(two, three, 3, padding=1), ReLU(),
        Conv2d(three, four, 3, padding=1, groups=groups), ReLU(),
        Conv2d(four, five, 3, padding=1, groups=groups), ReLU(),
        MaxPool2d(3, stride=2),
        Flatten(),
        Linear(five * 6 * 6, 4096), ReLU(),
        Linear(4096, 4096), ReLU(),
        Linear(4096, 1000),
    )  # fmt: skip


# (3, 224, 224). Sources: torchvision's, after Krizhevsky, "One weird trick for
# parallelizing convolutional neural networks", arXiv:1404.5997; then the sizes of
# Krizhevsky et al., "ImageNet classification with deep convolutional neural networks",
# 2012, as one network and in the two groups that ran on two graphics cards.
ALEXNET = _alexnet((64, 192, 384, 256, 256))
ALEXNET_2012 = _alexnet((96, 256, 384, 384, 256))
ALEXNET_2012_GROUPED = _alexnet((96, 256, 384, 384, 256), groups=2)


def _vgg(stages: tuple[tuple[int, ...], ...]) -> Iterator[Layer]:
    channels = 3
    for widths in stages:
        for width in widths:
            yield from (Conv2d(channels, width, 3, padding=1), ReLU())
            channels = width
        yield MaxPool2d(2)
    yield from (Flatten(), Linear(channels * 7 * 7, 4096), ReLU())
    yield from (Linear(4096, 4096), ReLU(), Linear(4096, 1000))


# (3, 224, 224). Source: Simonyan & Zisserman, "Very deep convolutional networks for
# large-scale image recognition", arXiv:1409.1556, configuration D.
VGG16: Network = tuple(
    _vgg(((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)))
)

# (192, 28, 28). Source: Szegedy et al., "Going deeper with convolutions",
# arXiv:1409.4842, table 1, inception (3a).
INCEPTION_BLOCK: Network = (
    Parallel((
        (Conv2d(192, 64, 1), ReLU()),
        (Conv2d(192, 96, 1), ReLU(), Conv2d(96, 128, 3, padding=1), ReLU()),
        (Conv2d(192, 16, 1), ReLU(), Conv2d(16, 32, 5, padding=2), ReLU()),
        (MaxPool2d(3, stride=1, padding=1), Conv2d(192, 32, 1), ReLU()),
    )),
)  # fmt: skip

# (16, H, W). Source: Howard et al., "MobileNets", arXiv:1704.04861, figure 3.
MOBILE_BLOCK: Network = (
    Conv2d(16, 16, 3, padding=1, groups=16, bias=False), ReLU(),
    Conv2d(16, 32, 1, bias=False), ReLU(),
)  # fmt: skip

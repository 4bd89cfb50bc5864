"""The LeNets that people build instead: some layers exchanged, hidden or missing.

They stand beside `l7_06_build_lenet`, whose wrong answers they are.
"""

from itertools import product

from coursekit.bank.slips import Slips

ACTIVATIONS = {
    "Sigmoid": "",
    "ReLU": "You used ReLUs: the activations of this table are sigmoids.",
    "Tanh": "You used tanh: the activations of this table are sigmoids.",
}
POOLINGS = {
    "AvgPool2d": "",
    "MaxPool2d": "You kept the largest number of each window: the pooling takes the "
    "mean.",
}
PADDINGS = {
    2: "",
    0: "The padding of the first convolution is missing, so 16 maps of 4 by 4 are left "
    "to flatten, and each of the 120 outputs has 256 weights: padding=2 leaves 400.",
}
ENDS = {
    "": "",
    "Softmax": "Your network ends with a softmax. The loss brings its own: return the "
    "bare scores.",
    "LogSoftmax": "Your network ends with a log-softmax. The loss brings its own: "
    "return the bare scores.",
    "Activation": "There is an activation after the last dense layer, too. Scores may "
    "be any numbers: nothing follows them.",
}

slip = Slips()


def share(exercise):
    """Give the exercise these wrong answers."""
    for parts in product(ACTIVATIONS, POOLINGS, PADDINGS, ENDS):
        tables = ACTIVATIONS, POOLINGS, PADDINGS, ENDS
        said = [table[part] for table, part in zip(tables, parts, strict=True)]
        if any(said):
            sentence = " ".join(filter(None, said))
            exercise.wrong(sentence)(_made_of(*parts))
    for sentence, build in slip:
        exercise.wrong(sentence)(build)


def changed(**other):
    """Return a LeNet with some layers exchanged: its layers by name, in their order."""
    from torch import nn

    layers = {
        "conv1": nn.Conv2d(1, 6, 5, padding=2), "act1": nn.Sigmoid(),
        "pool1": nn.AvgPool2d(2),
        "conv2": nn.Conv2d(6, 16, 5), "act2": nn.Sigmoid(), "pool2": nn.AvgPool2d(2),
        "flat": nn.Flatten(),
        "dense1": nn.Linear(400, 120), "act3": nn.Sigmoid(),
        "dense2": nn.Linear(120, 84), "act4": nn.Sigmoid(),
        "dense3": nn.Linear(84, 10),
    }  # fmt: skip
    return nn.Sequential(*(layers | other).values())


def _made_of(activation, pooling, padding, end):
    """Return a function that builds a LeNet of these parts."""

    def build():
        from torch import nn

        act, pool = getattr(nn, activation), getattr(nn, pooling)
        other = {f"act{n}": act() for n in (1, 2, 3, 4)}
        other |= {f"pool{n}": pool(2) for n in (1, 2)}
        if not padding:
            other |= {"conv1": nn.Conv2d(1, 6, 5), "dense1": nn.Linear(256, 120)}
        if end:
            other["end"] = act() if end == "Activation" else getattr(nn, end)(dim=1)
        return changed(**other)

    build.__name__ = f"{activation}_{pooling}_padding{padding}_{end}".lower().strip("_")
    return build


def without(*names):
    """Return a LeNet without the layers of these names."""
    from torch import nn

    return changed(**{name: nn.Identity() for name in names})


@slip(
    "There is no activation in your network. Without one, all layers together are no "
    "more than a single dense layer: a sigmoid follows each but the last."
)
def no_activations():
    return without("act1", "act2", "act3", "act4")


@slip(
    "The sigmoids between the dense layers are missing. Without them the three dense "
    "layers are no more than one."
)
def dense_layers_linear():
    return without("act3", "act4")


@slip("The sigmoids after the two convolutions are missing. They come before pooling.")
def convolutions_linear():
    return without("act1", "act2")


def pooled_before(activation):
    """Return a LeNet that pools before each activation of this kind."""
    from torch import nn

    act = getattr(nn, activation)
    pools = {f"act{n}": nn.AvgPool2d(2) for n in (1, 2)}
    acts = {name: act() for name in ("pool1", "pool2", "act3", "act4")}
    return changed(**pools, **acts)


@slip(
    "You pooled before the sigmoid. The mean of sigmoids is not the sigmoid of the "
    "mean: activation first, then pooling."
)
def pooled_first():
    return pooled_before("Sigmoid")


@slip(
    "You pooled before the activation, and it is a ReLU. Put a sigmoid there, and the "
    "pooling behind it."
)
def pooled_before_relu():
    return pooled_before("ReLU")


@slip(
    "You pooled before the activation, and it is a tanh. Put a sigmoid there, and the "
    "pooling behind it."
)
def pooled_before_tanh():
    return pooled_before("Tanh")


@slip(
    "Something in your network differs between training and evaluation: a dropout, or "
    "a batch normalisation. This table has neither: take it out."
)
def with_dropout():
    from torch import nn

    return changed(act4=nn.Sequential(nn.Sigmoid(), nn.Dropout(0.5)))


@slip(
    "The axis of the batch is lost where there is one image, as after squeeze(). "
    "Scores have the shape (N, 10), for N = 1, too: flatten with nn.Flatten() or "
    "x.flatten(1)."
)
def squeezed():
    from torch import nn

    class Squeeze(nn.Module):
        def forward(self, x):
            return x.squeeze()

    return changed(end=Squeeze())


@slip(
    "Torch stopped on the way through your network: a layer does not fit what it "
    "gets. Did you flatten the batch as well? Keep axis 0, as nn.Flatten() or "
    "x.flatten(1) do. Or does a layer before leave another shape than the table says? "
    "Print them."
)
def shapes_do_not_fit():
    from torch import nn

    return changed(flat=nn.Flatten(0))


def hidden(*names):
    """Return a LeNet that keeps the layers of these names in a plain list."""
    from torch import nn

    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = list(changed())
            for n, layer in enumerate(self.layers):
                if not isinstance(layer, names):
                    setattr(self, f"layer{n}", layer)

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return x

    return LeNet()


@slip(
    "Torch does not see your layers: `.parameters()` finds none. A plain list hides "
    "them; use nn.ModuleList, nn.Sequential or an attribute for each layer."
)
def hidden_in_a_list():
    from torch import nn

    return hidden(nn.Conv2d, nn.Linear)


@slip(
    "Torch does not see your convolutions: `.parameters()` finds the dense layers "
    "only. A plain list hides them; use nn.ModuleList or nn.Sequential."
)
def convolutions_hidden():
    from torch import nn

    return hidden(nn.Conv2d)


@slip(
    "Torch does not see your dense layers: `.parameters()` finds the convolutions "
    "only. A plain list hides them; use nn.ModuleList or nn.Sequential."
)
def dense_layers_hidden():
    from torch import nn

    return hidden(nn.Linear)

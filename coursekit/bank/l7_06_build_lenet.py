r"""LeNet as a torch module

Write `build_lenet()`: it makes LeNet, as PyTorch writes a network, and returns it.

- Return an `nn.Module` that turns a float32 tensor of shape `(N, 1, 28, 28)` into
  scores of shape `(N, 10)`, for any N of at least 1.
- Its layers, in this order; padding is counted per side:

| layer | what it does | followed by |
|---|---|---|
| convolution | 6 filters, 5 by 5, padding 2 | sigmoid |
| pooling | average, windows of 2 by 2, stride 2 | |
| convolution | 16 filters, 5 by 5, no padding | sigmoid |
| pooling | as before | |
| flatten | to 400 numbers for each image | |
| dense | 120 outputs | sigmoid |
| dense | 84 outputs | sigmoid |
| dense | 10 outputs | nothing |

- Convolutions and dense layers have biases. That makes 61 706 parameters, and
  `.parameters()` must find them all. There are no others.
- The scores are logits: no softmax at the end, the loss brings its own. Nothing random
  and nothing that differs between training and evaluation is in the network, and it
  does not write into its input.
- Every call of `build_lenet()` makes a new network, which shares no weights with
  another one.
- `torch` and `nn`, which is `torch.nn`, are imported at the top of this notebook. A
  class of your own or an `nn.Sequential`: both are right, and so is the order in
  which you define the layers.

The check puts known weights into your network and compares the scores, and the
gradients of the parameters, with those of another LeNet.

**By hand.** The first convolution has `6 * 1 * 5 * 5 + 6 = 156` parameters; the last
dense layer has `84 * 10 + 10 = 850`. The other three make up the rest of 61 706.
"""

from coursekit.bank import l7_lenets
from coursekit.bank.l7_lenets import changed
from coursekit.exercise import Exercise


def drive(build_lenet, question):
    """Build the network and answer one question about what it does."""
    import torch

    def checked(network):
        if isinstance(network, type):
            raise TypeError(
                f"build_lenet gave the class {network.__name__} itself; make a network "
                f"of it: {network.__name__}()."
            )
        if network is None:
            raise TypeError(
                "build_lenet gave nothing. Is a `return` missing at its end?"
            )
        if not isinstance(network, torch.nn.Module):
            name = type(network).__name__
            raise TypeError(f"build_lenet gave a {name}; return an nn.Module.")
        if any(map(torch.nn.parameter.is_lazy, network.parameters())):
            network(torch.zeros(2, 1, 28, 28))  # its sizes are known after a first use
        return network

    def scores(network, images):
        inside = []  # the layers that were entered and not left
        hooks = []
        for layer in [one for one in network.modules() if not list(one.children())]:
            hooks += [
                layer.register_forward_pre_hook(
                    lambda *entered: inside.append(entered)
                ),
                layer.register_forward_hook(lambda *left: inside.clear()),
            ]
        try:
            found = network(images)
        except NotImplementedError as missing:
            raise TypeError(
                "The network has no method `forward(self, x)`."
            ) from missing
        except RuntimeError as error:
            for layer, given in inside[-1:]:
                shapes = [tuple(x.shape) for x in given if hasattr(x, "shape")]
                error.args = (f"{layer} cannot take the shape {shapes}. {error}",)
            raise
        finally:
            for hook in hooks:
                hook.remove()
        if not isinstance(found, torch.Tensor):
            raise TypeError(f"The network gave a {type(found).__name__}, no tensor.")
        return found

    class _NothingFound(TypeError):
        pass

    class _Restless(TypeError):
        pass

    torch.manual_seed(0)  # weights that are not found below are the same each time
    network = checked(build_lenet())
    params = list(network.parameters())
    if question == "shapes":
        batches = {f"{n} images": torch.zeros(n, 1, 28, 28) for n in (3, 1)}
        return {of: tuple(scores(network, x).shape) for of, x in batches.items()}
    if question == "parameters":
        theirs = {q.data_ptr() for q in checked(build_lenet()).parameters()}
        table = {}  # of each layer that learns, known by its number of outputs
        for n in (6, 16, 120, 84, 10):
            own = [p for p in params if p.dim() and len(p) == n]
            of = f"of the layer with {n} outputs"
            table[f"weights for each output {of}"] = sum(
                p.numel() // n for p in own if p.dim() > 1
            )
            table[f"biases {of}"] = sum(p.numel() for p in own if p.dim() == 1)
        return table | {
            "number of parameters": sum(p.numel() for p in params),
            "arrays of parameters": len(params),
            "weights that two calls share": sum(p.data_ptr() in theirs for p in params),
        }
    if not params:
        raise _NothingFound("`.parameters()` finds nothing in the network.")
    with torch.no_grad():
        for p in params:  # no two parameters of LeNet have the same number of numbers
            rng = np.random.default_rng(p.numel())
            reach = 3 / (p.numel() / p.shape[0]) ** 0.5
            known = rng.uniform(-reach, reach, tuple(p.shape))
            p.copy_(torch.tensor(known, dtype=p.dtype))
    images = torch.tensor(
        np.random.default_rng(question).random((3, 1, 28, 28))
    ).float()
    same = images.clone()
    found = scores(network, images)
    quiet = scores(network.eval(), same)
    if (found - quiet).abs().max() > 1e-3 * quiet.abs().max():
        raise _Restless(
            "The scores of the same images are others in training than in evaluation."
        )
    found.square().sum().backward()
    grads = {p.numel(): p.grad for p in params if p.grad is not None}
    first = grads.get(6)
    return {
        "scores": found.detach().numpy(),
        "input afterwards": images.numpy(),
        "parameters with a gradient": len(grads),
        "gradient of the first biases": None if first is None else first.numpy(),
    }


exercise = Exercise(
    __name__,
    points=5,
    difficulty=2,
    minutes=20,
    section="The network in torch",
    driver=drive,
    torch=True,
    random=True,
    tolerance=512.0,
    seconds=30.0,
    hints=(
        "Each row of the table is one or two modules of torch.nn, and "
        "`nn.Sequential(...)` runs modules one after the other. Which arguments do "
        "`nn.Conv2d` and `nn.Linear` need?",
        "`nn.Conv2d(in_channels, out_channels, k, padding=...)`, `nn.Sigmoid()`, "
        "`nn.AvgPool2d(2)`, `nn.Flatten()`, `nn.Linear(inputs, outputs)`. The second "
        "pooling leaves 16 maps of 5 by 5. `nn.Flatten` keeps the axis of the batch.",
        "Almost code:\n\n"
        "    a Sequential of:\n"
        "        convolution from 1 to 6 channels with padding 2, sigmoid, pooling\n"
        "        convolution from 6 to 16 channels, sigmoid, pooling\n"
        "        flatten\n"
        "        dense from 400 to 120, sigmoid\n"
        "        dense from 120 to 84, sigmoid\n"
        "        dense from 84 to 10",
    ),
)


@exercise.solution
def build_lenet():
    """Return a new LeNet: (N, 1, 28, 28) -> (N, 10), sigmoids and average pooling."""
    import torch.nn as nn

    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )  # fmt: skip


@exercise.alternative
def as_a_class():
    from torch import nn
    from torch.nn import functional

    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense3, self.dense2 = nn.Linear(84, 10), nn.Linear(120, 84)
            self.dense1 = nn.Linear(16 * 5 * 5, 120)
            self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)

        def forward(self, x):
            for conv in (self.conv1, self.conv2):
                x = functional.avg_pool2d(conv(x).sigmoid(), 2)
            x = x.flatten(1)
            for dense in (self.dense1, self.dense2):
                x = dense(x).sigmoid()
            return self.dense3(x)

    return LeNet()


@exercise.alternative
def with_a_third_convolution():
    from torch import nn

    return changed(flat=nn.Conv2d(16, 120, 5), dense1=nn.Flatten())


@exercise.alternative
def with_sizes_found_later():
    from torch import nn

    lazy = {f"dense{n}": nn.LazyLinear(size) for n, size in ((1, 120), (2, 84))}
    return changed(conv1=nn.LazyConv2d(6, 5, padding=2), **lazy)


l7_lenets.share(exercise)


@exercise.cases("shapes", points=1)
def shapes():
    yield ("shapes",)


@exercise.cases("parameters", points=1)
def parameters():
    yield ("parameters",)


@exercise.cases("scores and gradients", points=2)
def values():
    yield (1,)


@exercise.fresh("scores of fresh images", points=1, draws=1)
def drawn(rng):
    return (int(rng.integers(2, 10**6)),)

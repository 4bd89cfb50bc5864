r"""One epoch of training

Write `train_epoch(model, batches, optimizer, loss_fn)`: show the network every batch
once, take one step after each, and say how large the loss was.

- `model` is an `nn.Module`; `optimizer` holds its parameters. `batches` gives pairs
  `(x, y)` of tensors when you loop over it, as a `DataLoader` does. Loop over it
  **once**, and do nothing else with it: it has no length and no index. The last batch
  may be smaller than the others. There is at least one.
- `loss_fn(model(x), y)` is the **mean** loss of the examples of one batch. Call the
  model once for each batch.
- For each batch: the optimizer makes one step along the gradient of this batch's loss
  alone. The model may hold old gradients when you get it; they must not count either.
- Return a Python float: the mean loss **per example** over the epoch, each batch's loss
  as it was before its step. An example in a small batch counts as much as any other.
- The model may come in evaluation mode. It has to be in training mode from the first
  batch on, and stay in it.
- Add up numbers, not tensors with a graph: at the end, no more than the last batch's
  graph may be left in memory.

**By hand.** The model is `1*x + 0`, the loss `nn.MSELoss()`, the optimizer SGD with
`lr = 0.25`. Two batches, of two examples and of one:

    x = 1, 2    y = 2, 3    output 1, 2         losses 1, 1    their mean  1
                            step: weight 1 -> 1.75, bias 0 -> 0.5
    x = 2       y = 0       output 1.75*2 + 0.5 = 4            loss       16

The answer is `(1 + 1 + 16) / 3 = 6.0`, and not the mean of 1 and 16. After the second
step the weight is -2.25 and the bias -1.5.

The check builds `model` from a list of weights and biases of dense layers (with a tanh
between them) and `optimizer` from what you see in its messages.
"""

import numpy as np

from coursekit.bank import l7_epochs
from coursekit.exercise import Exercise
from coursekit.exercise.scales import output_scale


def drive(train_epoch, model, batches, optimizer, loss_fn):
    """Train a small network and return what has become of it, in plain values."""
    import weakref

    import torch

    steps, modes, graphs, left = [], [], [], []

    class Mark(torch.autograd.Function):
        """Stand in the graph of each batch, so that one can see it go."""

        @staticmethod
        def forward(ctx, x):
            ctx.token = Token()
            graphs.append(weakref.ref(ctx.token))
            return x.view_as(x)

        @staticmethod
        def backward(ctx, upstream):
            return upstream

    class Token:
        """Live as long as the graph that holds it."""

    class Dense(torch.nn.Module):
        """Dense layers with tanh between them."""

        def __init__(self):
            super().__init__()
            tensors = [torch.tensor(p, dtype=torch.float32) for p in model]
            self.params = torch.nn.ParameterList(tensors)

        def forward(self, x):
            modes.append(self.training)
            params = list(self.params)
            for n in range(0, len(params), 2):
                x = torch.tanh(x) if n else x
                x = torch.nn.functional.linear(x, *params[n : n + 2])
            return Mark.apply(x)

    class Optimizer(getattr(torch.optim, optimizer[0])):
        """The optimizer that is asked for, which counts its steps."""

        def step(self, closure=None):
            steps.append(1)
            return super().step(closure)

    def pairs():
        for x, y in batches:
            kind = torch.int64 if y.dtype.kind == "i" else torch.float32
            yield torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=kind)
        left.append(sum(one() is not None for one in graphs))

    class _NoLength(TypeError):
        pass

    class _NoDataset(AttributeError):
        pass

    class _OtherOptimizer(TypeError):
        pass

    class Batches:
        """Pairs to loop over once, and a word on what else is asked of them."""

        def __init__(self):
            self.pairs = pairs()

        def __iter__(self):
            return self.pairs

        def __next__(self):
            return next(self.pairs)

        def __len__(self):
            raise _NoLength("batches has no length: count in the loop.")

        @property
        def dataset(self):
            raise _NoDataset("batches has no dataset: add up len(x) in the loop.")

    network = Dense().eval()
    for p in network.parameters():
        p.grad = torch.ones_like(p)
    fitted = Optimizer(network.parameters(), **optimizer[1])
    loss = train_epoch(network, Batches(), fitted, getattr(torch.nn, loss_fn)())
    weights = [p.detach().numpy() for p in network.parameters()]
    moved = any(map(np.any, map(np.subtract, weights, map(np.float32, model))))
    if moved and not steps:
        raise _OtherOptimizer("The weights have moved without a step of `optimizer`.")
    a_tensor = isinstance(loss, torch.Tensor) and loss.numel() == 1
    return {
        "loss": loss.item() if a_tensor else loss,
        "the loss is still a tensor": a_tensor,
        "steps": len(steps),
        "weights afterwards": weights,
        "training mode in each batch": modes,
        "training mode afterwards": network.training,
        "old graphs in memory at the end": max(0, *left, 1) - 1,
    }


def single_scale(args, expected):
    """Return the size of a result that was computed in single precision."""
    size = output_scale(args, expected)
    return size if np.ndim(expected) else size * 2.0**29  # eps of float32 by float64's


exercise = Exercise(
    __name__,
    points=5,
    difficulty=3,
    minutes=20,
    section="Training",
    driver=drive,
    torch=True,
    scale=single_scale,
    seconds=30.0,
    hints=(
        "Per batch there are four acts: forward to the loss, forget old gradients, "
        "backward, step. Once per epoch: switch to training mode, and divide.",
        "`model.train()`; for each batch `loss = loss_fn(model(x), y)`, "
        "`optimizer.zero_grad()`, `loss.backward()`, `optimizer.step()`. A batch of "
        "`len(x)` examples adds `loss.item() * len(x)` to the total.",
        "Almost code:\n\n"
        "    training mode on\n"
        "    total, examples = 0, 0\n"
        "    for x, y in batches:\n"
        "        loss = ...\n"
        "        clear, backward, step\n"
        "        total += the loss as a number, times the examples of this batch\n"
        "        examples += the examples of this batch\n"
        "    return total / examples",
    ),
)


@exercise.solution
def train_epoch(model, batches, optimizer, loss_fn):
    """Train on every batch once; return the mean loss per example, a float."""
    model.train()
    total, examples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        examples += len(x)
    return total / examples


@exercise.alternative
def weighted_at_the_end(model, batches, optimizer, loss_fn):
    model.train(True)
    losses, sizes = l7_epochs.trained(model, batches, optimizer, loss_fn)
    return float(np.average(losses, weights=sizes))


@exercise.alternative
def with_detached_tensors(model, batches, optimizer, loss_fn):
    import torch

    model.train()
    total, examples = torch.zeros(()), 0
    for x, y in batches:
        model.zero_grad(set_to_none=False)
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.detach() * x.shape[0]
        examples += x.shape[0]
    return (total / examples).item()


l7_epochs.share(exercise)


@exercise.cases("worked example", points=1)
def worked():
    column = np.array([[1.0], [2]]), np.array([[2.0], [3]])
    batches = [column, (np.array([[2.0]]), np.array([[0.0]]))]
    yield (
        [np.array([[1.0]]), np.array([0.0])],
        batches,
        ("SGD", {"lr": 0.25}),
        "MSELoss",
    )


def classes(rng, sizes):
    """Draw a network of two layers for three classes, and batches of these sizes."""
    shapes = [(4, 2), (4,), (3, 4), (3,)]
    model = [rng.integers(-6, 7, shape) / 8 for shape in shapes]
    model[-1] = model[-1] + [0, 0.5, 1]
    batches = [(rng.integers(-8, 9, (n, 2)) / 4, rng.integers(0, 3, n)) for n in sizes]
    return model, batches


@exercise.cases("classes, and momentum", points=2)
def with_momentum():
    rng, options = np.random.default_rng(13), {"lr": 0.5, "momentum": 0.5}
    yield *classes(rng, [3, 3, 1]), ("SGD", options), "CrossEntropyLoss"


@exercise.cases("one batch, equal batches", points=1, shown=False)
def edges():
    rng = np.random.default_rng(8)
    yield *classes(rng, [2]), ("SGD", {"lr": 0.25}), "CrossEntropyLoss"
    yield *classes(rng, [2, 2, 2, 2]), ("Adagrad", {"lr": 0.125}), "CrossEntropyLoss"


@exercise.fresh("fresh batches", points=1, draws=2)
def drawn(rng):
    size = rng.integers(2, 6)
    sizes = [size] * rng.integers(2, 4) + [rng.integers(1, size)]
    return *classes(rng, sizes), ("SGD", {"lr": 0.5}), "CrossEntropyLoss"

r"""What does this output like to see?

Training changes the weights and leaves the images alone. Turn it round: keep the
network and change the image, so that one output grows. Write
`activation_maximisation(model, unit, x0, lr, steps)`.

- `model` is an `nn.Module` that turns `x0` into a tensor of shape `(N, units)`. `x0` is
  a float32 tensor of shape `(N, C, H, W)`: N images, often one. `unit` is the index of
  the output that shall grow.
- Start from `x0`. Do `steps` steps (at least 1) of plain gradient **ascent**: in each,
  compute the gradient of `model(x)[n, unit]` by image n, at the images you have now,
  and add `lr` times that gradient to image n. Every image climbs by itself; nothing is
  averaged, normalised or cut off, and no softmax comes in.
- Return the images after the last step: a tensor of the shape and dtype of `x0`, with
  `requires_grad` off.
- `x0` stays as it is, its `requires_grad` too. So does the model: its parameters, each
  parameter's `.grad` and `requires_grad`, and its mode, all as you found them. A
  parameter may hold a gradient already, and one may be frozen.

**By hand.** The model flattens an image of two pixels and multiplies it with the rows
`1 2` and `3 -1`. Output 1 is `3*x[0] - x[1]`, with the gradient `3 -1` wherever we are.
From `x0 = 0 1` with `lr = 0.5`, two steps lead to

    0 1  ->  1.5 0.5  ->  3 0       and output 1 from -1 to 9

`torch` is imported at the top of this notebook. The check builds `model` from a list of
weights and biases of dense layers, with a tanh between them, after flattening.
"""

import numpy as np

from coursekit.bank import l7_climbs
from coursekit.exercise import Exercise


def drive(activation_maximisation, model, unit, x0, lr, steps):
    """Climb with a small network; return the images and what else has changed."""
    import torch

    def gradient(n, p):
        if p.grad is None:
            return "none, as you found it" if n == 1 else "cleared away"
        if n != 1 and np.all(p.grad.numpy() == 0.5):
            return "as you found it"
        return "changed, as backward() and zero_grad() do"

    layers = [torch.nn.Flatten()]
    for weight, bias in zip(model[::2], model[1::2], strict=True):
        if len(layers) > 1:
            layers.append(torch.nn.Tanh())
        layers.append(torch.nn.Linear(*weight.shape[::-1]))
        with torch.no_grad():
            layers[-1].weight.copy_(torch.tensor(weight))
            layers[-1].bias.copy_(torch.tensor(bias))
    network = torch.nn.Sequential(*layers)  # in training mode
    params = list(network.parameters())
    for n, p in enumerate(params):
        p.grad = None if n == 1 else torch.full_like(p, 0.5)
    params[-1].requires_grad_(False)
    start = torch.tensor(x0, dtype=torch.float32)
    found = activation_maximisation(network, unit, start, lr, steps)
    if not isinstance(found, torch.Tensor):
        name = type(found).__name__
        raise TypeError(f"The result is of type {name}; return a tensor.")
    return {
        "images": found.detach().numpy(),
        "dtype of the images": str(found.dtype),
        "requires_grad of the images": found.requires_grad,
        "x0 afterwards": start.detach().numpy(),
        "requires_grad of x0": start.requires_grad,
        "parameters": [p.detach().numpy() for p in params],
        "gradients of the parameters": [gradient(n, p) for n, p in enumerate(params)],
        "requires_grad of the parameters": [p.requires_grad for p in params],
        "training mode": network.training,
    }


exercise = Exercise(
    __name__,
    points=5,
    difficulty=4,
    minutes=25,
    section="Looking inside",
    driver=drive,
    torch=True,
    seconds=30.0,
    hints=(
        "It is training with the parts exchanged: which tensor needs a gradient now, "
        "and which way is up? Work on a copy of `x0`.",
        "`torch.autograd.grad(y, x)` gives a tuple with d y / d x and fills no "
        "`.grad`, so the parameters notice nothing. y has to be one number: the sum "
        "of `model(x)[:, unit]` has, for each image, the gradient of its own output.",
        "Almost code:\n\n"
        "    x = a copy of x0, without history\n"
        "    for each step:\n"
        "        x needs a gradient                      # x.requires_grad_()\n"
        "        height = sum over the images of model(x)[:, unit]\n"
        "        gradient, = d height / d x              # torch.autograd.grad\n"
        "        x = x + lr * gradient, without history  # .detach()\n"
        "    return x",
    ),
)


@exercise.solution
def activation_maximisation(model, unit, x0, lr, steps):
    """Return x0 (N, C, H, W) after gradient ascent on output `unit` of the model."""
    import torch

    x = x0.detach().clone()
    for _ in range(steps):
        x.requires_grad_()
        height = model(x)[:, unit].sum()
        (gradient,) = torch.autograd.grad(height, x)
        x = (x + lr * gradient).detach()
    return x


@exercise.alternative
def on_a_copy_of_the_model(model, unit, x0, lr, steps):
    import copy

    import torch

    twin = copy.deepcopy(model)
    x = x0.clone().requires_grad_()
    climber = torch.optim.SGD([x], lr=lr, maximize=True)
    for _ in range(steps):
        climber.zero_grad()
        twin(x)[:, unit].sum().backward()
        climber.step()
    return x.detach()


@exercise.alternative
def with_frozen_parameters(model, unit, x0, lr, steps):
    import torch

    flags = [p.requires_grad for p in model.parameters()]
    model.requires_grad_(False)
    x = x0.detach().clone().requires_grad_()
    for _ in range(steps):
        x.grad = None
        (-model(x)[:, unit].sum()).backward()
        with torch.no_grad():
            x -= lr * x.grad
    for p, flag in zip(model.parameters(), flags, strict=True):
        p.requires_grad_(flag)
    return x.detach()


l7_climbs.share(exercise)


@exercise.cases("worked example", points=1)
def worked():
    weight, x0 = np.array([[1.0, 2], [3, -1]]), np.array([[[[0.0, 1]]]])
    yield [weight, np.zeros(2)], 1, x0, 0.5, 2
    yield [weight, np.array([0.5, -1])], 0, x0, 0.25, 1


def network(rng, pixels, units):
    """Draw weights and biases of two layers with three numbers between them."""
    shapes = [(3, pixels), (3,), (units, 3), (units,)]
    return [rng.integers(-8, 9, shape) / 8 for shape in shapes]


@exercise.cases("a bent network", points=2)
def bent():
    rng = np.random.default_rng(3)
    yield network(rng, 4, 3), 2, rng.integers(-4, 5, (1, 1, 2, 2)) / 4, 0.25, 3
    yield network(rng, 6, 2), 0, rng.integers(-4, 5, (3, 1, 2, 3)) / 4, 0.5, 2


@exercise.cases("channels, one step", points=1, shown=False)
def edges():
    rng = np.random.default_rng(4)
    yield network(rng, 8, 4), 1, rng.integers(-4, 5, (2, 2, 2, 2)) / 4, 0.125, 1


@exercise.fresh("fresh networks", points=1, draws=2)
def drawn(rng):
    n, c, h, w, units = rng.integers((1, 1, 1, 2, 2), (4, 3, 3, 4, 5))
    x0 = rng.integers(-4, 5, (n, c, h, w)) / 4
    unit, steps = int(rng.integers(0, units)), int(rng.integers(2, 5))
    return network(rng, c * h * w, units), unit, x0, 0.25, steps

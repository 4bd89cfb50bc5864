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

from coursekit.exercise import Exercise


def drive(activation_maximisation, model, unit, x0, lr, steps):
    """Climb with a small network; return the images and what else has changed."""
    import torch

    def gradient(p):
        if p.grad is None:
            return "none"
        return "as it was" if np.all(p.grad.numpy() == 0.5) else "another one"

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
        "gradients of the parameters": list(map(gradient, params)),
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


def climbed(model, x0, lr, steps, height):
    """Climb on any height(model, x); height may change the gradient's mind."""
    import torch

    x = x0.detach().clone()
    for _ in range(steps):
        x.requires_grad_()
        (gradient,) = torch.autograd.grad(height(model(x)), x)
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


@exercise.wrong(
    "The images walk downhill, so the output shrinks. Ascent adds the gradient."
)
def descended(model, unit, x0, lr, steps):
    return climbed(model, x0, -lr, steps, lambda y: y[:, unit].sum())


@exercise.wrong(
    "The gradient was computed once, at x0, and used in every step. Compute it anew "
    "for the images you have now."
)
def stale_gradient(model, unit, x0, lr, steps):
    return climbed(model, x0, lr * steps, 1, lambda y: y[:, unit].sum())


@exercise.wrong(
    "The gradients of all steps pile up in x.grad: backward adds to what is there. "
    "Clear x.grad in every step."
)
def piled_up(model, unit, x0, lr, steps):
    import torch

    x, total = x0.detach().clone(), 0
    for _ in range(steps):
        x.requires_grad_()
        total = total + torch.autograd.grad(model(x)[:, unit].sum(), x)[0]
        x = (x + lr * total).detach()
    return x


@exercise.wrong(
    "The gradients of all steps pile up in x.grad, and backward also fills those of "
    "the model. torch.autograd.grad(height, x) gives the one of x, anew in every step."
)
def piled_up_by_backward(model, unit, x0, lr, steps):
    model(x0.detach().clone())[:, unit].sum().backward()
    return piled_up(model, unit, x0, lr, steps)


@exercise.wrong(
    "You switched the model to evaluation mode and left it there. Leave its mode as "
    "you found it, or put it back."
)
def left_in_evaluation_mode(model, *args):
    return activation_maximisation(model.eval(), *args)


@exercise.wrong(
    "You took the mean over the images, which divides each image's gradient by N. "
    "Every image climbs by itself: sum."
)
def averaged(model, unit, x0, lr, steps):
    return climbed(model, x0, lr, steps, lambda y: y[:, unit].mean())


@exercise.wrong(
    "You climbed on the softmax of the outputs. It can grow because other outputs "
    "shrink: take the output itself."
)
def on_the_probability(model, unit, x0, lr, steps):
    return climbed(model, x0, lr, steps, lambda y: y.softmax(1)[:, unit].sum())


@exercise.wrong(
    "`model(x)[unit]` is a row: all outputs of image number `unit`. The outputs lie "
    "along axis 1: model(x)[:, unit]."
)
def row_for_column(model, unit, x0, lr, steps):
    return climbed(model, x0, lr, steps, lambda y: y[unit].sum())


@exercise.wrong(
    "The gradients of the model's parameters have changed: backward fills them all. "
    "torch.autograd.grad(height, x) asks for the gradient of x alone."
)
def filled_the_gradients(model, unit, x0, lr, steps):
    x = x0.detach().clone()
    for _ in range(steps):
        x.requires_grad_()
        model(x)[:, unit].sum().backward()
        x = (x + lr * x.grad).detach()
    return x


@exercise.wrong(
    "You cleared the gradients of the model's parameters, and with them what was there "
    "before. Leave them alone: torch.autograd.grad(height, x) does not touch them."
)
def cleared_the_gradients(*args):
    x = filled_the_gradients(*args)
    args[0].zero_grad()
    return x


@exercise.wrong(
    "The parameters are frozen now. If you switch requires_grad off, put every "
    "parameter's flag back as it was."
)
def left_frozen(model, *args):
    model.requires_grad_(False)
    return activation_maximisation(model, *args)


@exercise.wrong("You wrote into x0. Work on a copy: x0.detach().clone().")
def x0_changed(model, unit, x0, lr, steps):
    return x0.copy_(activation_maximisation(model, unit, x0, lr, steps))


@exercise.wrong(
    "You switched requires_grad on for x0 itself. Work on a copy: x0.detach().clone()."
)
def x0_marked(model, unit, x0, lr, steps):
    x = activation_maximisation(model, unit, x0, lr, steps)
    x0.requires_grad_()
    return x


@exercise.wrong(
    "The images you return still ask for gradients, and may hang on a graph. "
    "Return x.detach()."
)
def not_detached(*args):
    return activation_maximisation(*args).requires_grad_()


@exercise.cases("worked example", points=1)
def worked():
    weight, x0 = np.array([[1.0, 2], [3, -1]]), np.array([[[[0.0, 1]]]])
    yield [weight, np.zeros(2)], 1, x0, 0.5, 2


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

r"""One step downhill, with momentum

Write `sgd_step(params, grads, velocity, lr, momentum)`: one step of stochastic gradient
descent for all parameters of a network, as `torch.optim.SGD` makes it.

- `params`, `grads` and `velocity` are lists of equally many NumPy arrays of floats. The
  arrays at the same place of the three lists have the same shape `p`, `g` and `v`; the
  shapes differ from place to place. `lr` and `momentum` are floats.
- For each place, in this order: the new velocity is `momentum * v + g`, with a momentum
  of 0 too (torch keeps none then); the new parameter is `p - lr *` **new** velocity.
- Return a tuple of two lists: the new parameters, and the new velocities, in the order
  in which they came.
- Make new arrays. The lists and all arrays in them stay as they are.

**By hand.** One parameter of two numbers, `lr = 0.5`, `momentum = 0.25`:

    p = 10 20    g = 2 -4    v = 8 4    new v = 0.25*8 + 2, 0.25*4 - 4 = 4 -3
                                        new p = 10 - 0.5*4, 20 + 0.5*3 = 8 21.5

so the answer is `([array([8, 21.5])], [array([4, -3])])`.
"""

import numpy as np

from coursekit.exercise import Exercise


def step_scale(args, expected):
    """Return the largest sum of sizes that a new number is made of."""
    *lists, lr, momentum = args
    p, g, v = (max(float(np.abs(one).max()) for one in each) for each in lists)
    return p + (1 + abs(lr)) * (g + abs(momentum) * v)


exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=12,
    section="Backward, by hand",
    scale=step_scale,
    seconds=30.0,  # torch.optim is loaded when it is first used
    hints=(
        "Every parameter has a velocity of its own. Work on one place of the lists "
        "first: two lines of arithmetic. Then repeat it for all places.",
        "The velocity changes first, and the parameter moves with the velocity that "
        "you have just computed. `v *= momentum` writes into the caller's array; "
        "`momentum * v + g` makes a new one.",
        "Almost code:\n\n"
        "    for p, g, v at the same place of params, grads, velocity:   # zip\n"
        "        v = momentum * v + g          # a new array\n"
        "        append p - lr * v to the new parameters\n"
        "        append v to the new velocities\n"
        "    return both lists",
    ),
)


@exercise.solution
def sgd_step(params, grads, velocity, lr, momentum):
    """Return (new parameters, new velocities), two lists of arrays."""
    moving = [momentum * v + g for v, g in zip(velocity, grads, strict=True)]
    moved = [p - lr * v for p, v in zip(params, moving, strict=True)]
    return moved, moving


@exercise.alternative
def place_by_place(params, grads, velocity, lr, momentum):
    new_params, new_velocity = [], []
    for n in range(len(params)):
        v = velocity[n].copy()
        v *= momentum
        v += grads[n]
        new_velocity.append(v)
        new_params.append(params[n] - lr * v)
    return new_params, new_velocity


@exercise.alternative
def by_two_summands(params, grads, velocity, lr, momentum):
    places = list(zip(params, grads, velocity, strict=True))
    moved = tuple(p - lr * g - lr * momentum * v for p, g, v in places)
    return moved, tuple(np.add(momentum * v, g) for _, g, v in places)


@exercise.alternative
def in_single_precision(params, grads, velocity, lr, momentum):
    lists = ([a.astype(np.float32) for a in one] for one in (params, grads, velocity))
    return sgd_step(*lists, np.float32(lr), np.float32(momentum))


@exercise.wrong(
    "You moved the parameter with the old velocity. Update the velocity first; the "
    "parameter moves with the new one."
)
def old_velocity_used(params, grads, velocity, lr, momentum):
    _, moving = sgd_step(params, grads, velocity, lr, momentum)
    return [p - lr * v for p, v in zip(params, velocity, strict=True)], moving


@exercise.wrong(
    "You put the learning rate into the velocity. Some books do; here, as in torch, "
    "the velocity adds up gradients, and lr comes in when the parameter moves."
)
def rate_in_the_velocity(params, grads, velocity, lr, momentum):
    places = list(zip(params, grads, velocity, strict=True))
    moving = [momentum * v - lr * g for _, g, v in places]
    return [p + v for p, v in zip(params, moving, strict=True)], moving


@exercise.wrong(
    "You put the learning rate into the velocity, which adds up bare gradients here: "
    "momentum * v + g. The rate comes in when the parameter moves: p - lr * v."
)
def rate_in_a_positive_velocity(params, grads, velocity, lr, momentum):
    scaled = [lr * g for g in grads]
    _, moving = sgd_step(params, scaled, velocity, lr, momentum)
    return [p - v for p, v in zip(params, moving, strict=True)], moving


def mixed(of_gradient, of_velocity):
    """Add the wrong answer with these factors, each a sign and whether lr is in it."""

    def wrong(params, grads, velocity, lr, momentum):
        c, d = (sign * (lr if rated else 1) for sign, rated in pair)
        _, moving = sgd_step(params, [c * g for g in grads], velocity, lr, momentum)
        return [p + d * v for p, v in zip(params, moving, strict=True)], moving

    pair = of_gradient, of_velocity
    c, d = (("- " if s < 0 else "+ ") + "lr * " * rated for s, rated in pair)
    wrong.__name__ = f"mixed{KINDS.index(of_gradient)}{KINDS.index(of_velocity)}"
    exercise.wrong(
        f"You mixed two conventions: your velocity is `momentum * v {c}g`, and the "
        f"parameter becomes `p {d}v`. Here, as in torch, the velocity is `momentum * v "
        "+ g`; the minus and the rate come in once, when the parameter moves: "
        "`p - lr * v`."
    )(wrong)


KINDS = [(1, False), (-1, False), (1, True), (-1, True)]
NOT_MIXED = [(0, 3), (0, 2), (2, 1), (3, 0)]  # right, uphill, two other conventions
for place in np.ndindex(4, 4):
    if place not in NOT_MIXED:
        mixed(*(KINDS[n] for n in place))


@exercise.wrong(
    "You weighted the gradient with 1 - momentum, as an average does. Here the whole "
    "gradient is added: momentum * v + g."
)
def dampened(params, grads, velocity, lr, momentum):
    return sgd_step(params, [(1 - momentum) * g for g in grads], velocity, lr, momentum)


@exercise.wrong(
    "You walked uphill. The gradient points to where the loss grows: "
    "subtract lr times the velocity."
)
def ascended(params, grads, velocity, lr, momentum):
    return sgd_step(params, grads, velocity, -lr, momentum)


@exercise.wrong(
    "The momentum has no effect in your answer: the old velocity is forgotten. "
    "The new one is momentum * v + g."
)
def without_momentum(params, grads, velocity, lr, momentum):
    return sgd_step(params, grads, velocity, lr, 0)


@exercise.wrong(
    "You took the plain step p - lr * g. With momentum, the parameter moves by the new "
    "velocity, momentum * v + g, and you return that, too."
)
def velocity_ignored(params, grads, velocity, lr, momentum):
    return sgd_step(params, grads, velocity, lr, 0)[0], list(velocity)


@exercise.wrong(
    "You looked ahead, as Nesterov's method does. Plain momentum moves by "
    "the new velocity itself: p - lr * v."
)
def looked_ahead(params, grads, velocity, lr, momentum):
    _, moving = sgd_step(params, grads, velocity, lr, momentum)
    return sgd_step(params, grads, moving, lr, momentum)[0], moving


@exercise.wrong(
    "You gave the old velocities back. The next step needs the new ones, or nothing "
    "ever gathers speed."
)
def velocity_not_renewed(params, grads, velocity, lr, momentum):
    return sgd_step(params, grads, velocity, lr, momentum)[0], list(velocity)


def written_into(olds, news):
    for old, new in zip(olds, news, strict=True):
        old[...] = new
    return olds


@exercise.wrong(
    "The numbers are right, but you wrote them into params and velocity themselves: "
    "`p -= ...` and `params[i] = ...` change what the caller holds. `p - ...` makes a "
    "new array; collect these in new lists."
)
def both_changed(params, grads, velocity, lr, momentum):
    moved, moving = sgd_step(params, grads, velocity, lr, momentum)
    return written_into(params, moved), written_into(velocity, moving)


@exercise.wrong(
    "You wrote into params: `p -= ...` changes the caller's array. `p - ...` makes a "
    "new one."
)
def params_changed(params, grads, velocity, lr, momentum):
    moved, moving = sgd_step(params, grads, velocity, lr, momentum)
    return written_into(params, moved), moving


@exercise.wrong(
    "You wrote into velocity: `v *= ...` and `v += ...` change the caller's array. "
    "`momentum * v + g` makes a new one."
)
def velocity_changed(params, grads, velocity, lr, momentum):
    moved, moving = sgd_step(params, grads, velocity, lr, momentum)
    return moved, written_into(velocity, moving)


@exercise.cases("worked example", points=1)
def worked():
    yield (
        [np.array([10.0, 20])],
        [np.array([2.0, -4])],
        [np.array([8.0, 4])],
        *(0.5, 0.25),
    )


def lists(shapes, start):
    """Return three lists of arrays of halves, no two entries alike by rule."""
    for more in (0, 3, 5):
        yield [
            ((np.arange(np.prod(s)) + start + more) ** 2 * 5 % 19 - 9).reshape(s) / 2
            for s in shapes
        ]


@exercise.cases("several parameters", points=1)
def several():
    yield *lists([(2, 3), (2,)], 1), 0.1, 0.9
    yield *lists([(1,), (2, 1, 2, 2), (3, 1)], 4), 0.25, 0.5


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield *lists([(3,), (2, 2)], 2), 0.5, 0.0
    *arrays, _ = lists([(3,)], 3)
    yield *arrays, [np.zeros(3)], 0.125, 0.75


@exercise.fresh("fresh steps", points=0.5, draws=3)
def drawn(rng):
    shapes = [tuple(rng.integers(1, 4, axes)) for axes in rng.integers(1, 5, 3)]
    three = ([rng.integers(-9, 10, s) / 2 for s in shapes] for _ in range(3))
    return *three, float(rng.integers(1, 9)) / 16, float(rng.integers(1, 8)) / 8

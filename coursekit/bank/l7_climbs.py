"""The climbs that people make instead: other heights, other gradients, traces left.

They stand beside `l7_09_activation_maximisation`, whose wrong answers they are.
"""

from coursekit.bank.slips import Slips

slip = Slips()


def share(exercise):
    """Give the exercise these wrong answers."""
    for sentence, climb in slip:
        exercise.wrong(sentence)(climb)


def climbed(model, x0, lr, steps, height, change=None, filled=False):
    """Climb on any height(outputs); `change` alters gradients, backward fills them."""
    import torch

    x = x0.detach().clone()
    for _ in range(steps):
        x.requires_grad_()
        up = height(model(x))
        if filled:
            up.backward()
        gradient = x.grad if filled else torch.autograd.grad(up, x)[0]
        x = (x + lr * (change(gradient) if change else gradient)).detach()
    return x


def by_the_sum(model, unit, x0, lr, steps):
    """Return what is right."""
    return climbed(model, x0, lr, steps, lambda y: y[:, unit].sum())


def climbing(sentence, height=lambda y, unit: y[:, unit].sum(), change=None):
    """Add two wrong answers that climb so: by autograd.grad, and by backward."""

    def keep(name):
        def clean(model, unit, x0, lr, steps):
            return climbed(model, x0, lr, steps, lambda y: height(y, unit), change)

        def filled(model, unit, x0, lr, steps):
            up = lambda y: height(y, unit)  # noqa: E731
            return climbed(model, x0, lr, steps, up, change, filled=True)

        clean.__name__, filled.__name__ = name, f"{name}_by_backward"
        slip(sentence)(clean)
        slip(
            f"{sentence} And backward fills the gradients of the model's parameters: "
            "torch.autograd.grad(height, x) asks for that of x alone."
        )(filled)

    return keep


climbing(
    "The images walk downhill, so the output shrinks. Ascent adds the gradient.",
    change=lambda g: -g,
)("descended")
climbing(
    "You took the mean over the images, which divides each image's gradient by N. "
    "Every image climbs by itself: sum.",
    lambda y, unit: y[:, unit].mean(),
)("averaged")
climbing(
    "You climbed on the softmax of the outputs. It can grow because other outputs "
    "shrink: take the output itself.",
    lambda y, unit: y.softmax(1)[:, unit].sum(),
)("on_the_probability")
climbing(
    "`model(x)[unit]` is a row: all outputs of image number `unit`. The outputs lie "
    "along axis 1: model(x)[:, unit].",
    lambda y, unit: y[unit].sum(),
)("row_for_column")
climbing(
    "Only the first image climbs: `model(x)[0, unit]` is its output alone. Sum over "
    "all images: model(x)[:, unit].sum().",
    lambda y, unit: y[0, unit],
)("first_image_only")
NORMALISED = "You divided the gradient by {}, as some recipes do. {}"
PLAIN = "Here the step is plain: add lr times the gradient as it is."
for name, size, by in [
    ("rms", "its root mean square", lambda g: (g**2).mean().sqrt()),
    ("deviation", "its standard deviation", lambda g: g.std()),
    ("norm", "its norm", lambda g: g.norm()),
    ("mean_size", "the mean of its absolute values", lambda g: g.abs().mean()),
    ("largest", "its largest absolute value", lambda g: g.abs().max()),
]:
    climbing(
        NORMALISED.format(size, PLAIN), change=lambda g, by=by: g / (by(g) + 1e-8)
    )(f"divided_by_{name}")
climbing(f"You kept only the sign of the gradient. {PLAIN}", change=lambda g: g.sign())(
    "sign_only"
)


@slip(
    "The gradient was computed once, at x0, and used in every step. Compute it anew "
    "for the images you have now."
)
def stale_gradient(model, unit, x0, lr, steps):
    return climbed(model, x0, lr * steps, 1, lambda y: y[:, unit].sum())


@slip(
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


@slip(
    "The gradients of all steps pile up in x.grad, and backward also fills those of "
    "the model. torch.autograd.grad(height, x) gives the one of x, anew in every step."
)
def piled_up_by_backward(model, unit, x0, lr, steps):
    model(x0.detach().clone())[:, unit].sum().backward()
    return piled_up(model, unit, x0, lr, steps)


@slip(
    "You switched the model to evaluation mode and left it there. Leave its mode as "
    "you found it, or put it back."
)
def left_in_evaluation_mode(model, *args):
    return by_the_sum(model.eval(), *args)


@slip(
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


@slip(
    "You cleared the gradients of the model's parameters, and with them what was there "
    "before. Leave them alone: torch.autograd.grad(height, x) does not touch them."
)
def cleared_the_gradients(*args):
    x = filled_the_gradients(*args)
    args[0].zero_grad()
    return x


def backward_after_clearing(model, unit, x0, lr, steps, piled):
    """Clear the model's gradients before each backward, and those of x, or not."""
    x = x0.detach().clone().requires_grad_()
    for _ in range(steps):
        model.zero_grad()
        model(x)[:, unit].sum().backward()
        x.data += lr * x.grad
        x.grad = x.grad if piled else None
    return x.detach()


@slip(
    "zero_grad on the model clears the gradients of its parameters, which were to stay "
    "as they are, and not that of x, which piles up from step to step. "
    "torch.autograd.grad(height, x) gives the one of x, anew in every step."
)
def only_the_model_cleared(*args):
    return backward_after_clearing(*args, piled=True)


@slip(
    "You clear the gradients of the model's parameters before each backward, which "
    "fills them again. They were to stay as you found them: torch.autograd.grad("
    "height, x) does not touch them."
)
def cleared_before_each_backward(*args):
    return backward_after_clearing(*args, piled=False)


def with_adam(model, unit, x0, lr, steps, clear):
    """Climb with Adam; `clear` clears what backward has left in the model's."""
    import torch

    x = x0.detach().clone().requires_grad_()
    adam = torch.optim.Adam([x], lr=lr)
    for _ in range(steps):
        adam.zero_grad()
        if clear:
            model.zero_grad()
        (-model(x)[:, unit].sum()).backward()
        adam.step()
    return x.detach()


ADAM = (
    "You climbed with Adam, which divides every gradient by its usual size. "
    f"{PLAIN} And backward changes the gradients of the model's parameters"
)


@slip(f"{ADAM}: ask torch.autograd.grad(height, x) for that of x.")
def by_adam(*args):
    return with_adam(*args, clear=False)


@slip(f"{ADAM}, and zero_grad those that were there: leave them alone.")
def by_adam_with_a_cleared_model(*args):
    return with_adam(*args, clear=True)


@slip(
    "The parameters are frozen now. If you switch requires_grad off, put every "
    "parameter's flag back as it was."
)
def left_frozen(model, *args):
    model.requires_grad_(False)
    return by_the_sum(model, *args)


@slip("You wrote into x0. Work on a copy: x0.detach().clone().")
def x0_changed(model, unit, x0, lr, steps):
    return x0.copy_(by_the_sum(model, unit, x0, lr, steps))


@slip(
    "You switched requires_grad on for x0 itself. Work on a copy: x0.detach().clone()."
)
def x0_marked(model, unit, x0, lr, steps):
    x = by_the_sum(model, unit, x0, lr, steps)
    x0.requires_grad_()
    return x


@slip(
    "The images you return still ask for gradients, and may hang on a graph. "
    "Return x.detach()."
)
def not_detached(*args):
    return by_the_sum(*args).requires_grad_()

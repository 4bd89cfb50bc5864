"""The epochs that people train instead: another mean, another order, other tensors.

They stand beside `l7_07_train_epoch`, whose wrong answers they are.
"""

import numpy as np

from coursekit.bank.slips import Slips

slip = Slips()


def share(exercise):
    """Give the exercise these wrong answers."""
    for sentence, train in slip:
        exercise.wrong(sentence)(train)


def trained(model, batches, optimizer, loss_fn, acts="cbs"):
    """Return losses and sizes of the batches; c is clear, b is backward, s is step."""
    losses, sizes = [], []
    model.train()
    for x, y in batches:
        loss = loss_fn(model(x), y)
        act = {"c": optimizer.zero_grad, "b": loss.backward, "s": optimizer.step}
        for letter in acts:
            act[letter]()
        losses.append(loss.item())
        sizes.append(len(x))
    return losses, sizes


def per_example(losses, sizes):
    """Return the mean loss of all examples."""
    return float(np.average(losses, weights=sizes))


@slip(
    "You took the mean of the batches' losses. An example in the small last batch then "
    "weighs more: multiply each loss with the size of its batch."
)
def mean_of_means(*args):
    return float(np.mean(trained(*args)[0]))


@slip(
    "You divided the sum of the batches' losses by the number of examples. Each loss "
    "is a mean already: multiply it with the size of its batch first."
)
def not_multiplied(*args):
    losses, sizes = trained(*args)
    return sum(losses) / sum(sizes)


@slip("You gave back the loss of the last batch. Wanted is the whole epoch's.")
def last_loss(*args):
    return trained(*args)[0][-1]


@slip(
    "You added up the batches' losses and did not divide. Multiply each loss with the "
    "size of its batch, and divide the sum by the number of examples."
)
def not_divided(*args):
    return sum(trained(*args)[0])


@slip(
    "The gradients pile up from batch to batch: backward adds to those that are there. "
    "Clear them, with zero_grad, for every batch."
)
def never_cleared(*args):
    return per_example(*trained(*args, acts="bs"))


@slip(
    "You clear the gradients once, before the loop. Backward adds to what is there: "
    "clear them for every batch."
)
def cleared_once(model, batches, optimizer, loss_fn):
    optimizer.zero_grad()
    return per_example(*trained(model, batches, optimizer, loss_fn, acts="bs"))


@slip(
    "The model came with old gradients, and they count in your first step: you clear "
    "them only after it. Clear before backward."
)
def cleared_too_late(*args):
    return per_example(*trained(*args, acts="bsc"))


@slip(
    "You clear the gradients between backward and step, so the step finds none. "
    "The order is clear, backward, step."
)
def cleared_before_the_step(*args):
    return per_example(*trained(*args, acts="bcs"))


@slip("The optimizer makes no step: after backward, call optimizer.step().")
def no_step(*args):
    return per_example(*trained(*args, acts="cb"))


class StaysInItsMode:
    """Pass a model on, but not what is said about its mode."""

    def __init__(self, model):
        self.model = model

    def __call__(self, x):
        return self.model(x)

    def train(self):
        pass


@slip(
    "The model stays in evaluation mode, as it came. Dropout and batch normalisation "
    "work otherwise there: call model.train() before the loop."
)
def in_evaluation_mode(model, *args):
    return per_example(*trained(StaysInItsMode(model), *args))


def on_tensors(model, batches, optimizer, loss_fn, *, weighted, graphs):
    """Return the mean loss from a running sum of tensors, with graphs or without."""
    model.train()
    total, count = 0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        weight = len(x) if weighted else 1
        total = total + (loss if graphs else loss.detach()) * weight
        count += weight
    return total / count


STILL_A_TENSOR = (
    "What you return is still a tensor: loss.item(), or .item() at the end, makes a "
    "Python float of it."
)
GRAPHS_KEPT = (
    "You added up the losses as tensors. Each of them keeps its graph, and memory "
    "grows with every batch: add up loss.item() * len(x)."
)
MEAN_OF_MEANS = (
    "And the mean of the batches' losses is not the mean per example: multiply each "
    "with the size of its batch, and divide by the number of examples."
)


@slip(f"The number is right. {STILL_A_TENSOR}")
def a_tensor(*args):
    return on_tensors(*args, weighted=True, graphs=False)


@slip(GRAPHS_KEPT)
def graphs_kept(*args):
    return on_tensors(*args, weighted=True, graphs=True).item()


@slip(f"{GRAPHS_KEPT} {STILL_A_TENSOR}")
def a_tensor_with_graphs(*args):
    return on_tensors(*args, weighted=True, graphs=True)


@slip(f"{STILL_A_TENSOR} {MEAN_OF_MEANS}")
def mean_of_means_in_a_tensor(*args):
    return on_tensors(*args, weighted=False, graphs=False)


@slip(f"{GRAPHS_KEPT} {MEAN_OF_MEANS}")
def mean_of_means_with_graphs(*args):
    return on_tensors(*args, weighted=False, graphs=True).item()


@slip(f"{GRAPHS_KEPT} {STILL_A_TENSOR} {MEAN_OF_MEANS}")
def mean_of_means_in_a_tensor_with_graphs(*args):
    return on_tensors(*args, weighted=False, graphs=True)


@slip(
    "`batches` has no length, so len(batches) stops; and a mean over the batches is "
    "not wanted. Add up loss.item() * len(x), and the examples, len(x), in the loop."
)
def divided_by_their_length(model, batches, *args):
    return sum(trained(model, batches, *args)[0]) / len(batches)


@slip(
    "`batches` has no `dataset` to ask for its length. Count the examples while you "
    "loop: add up len(x)."
)
def divided_by_the_dataset(model, batches, *args):
    return sum(trained(model, batches, *args)[0]) / len(batches.dataset)


@slip(
    "You multiplied each loss with the size of its batch, and divided by the number of "
    "batches. Divide by the number of examples."
)
def divided_by_the_batches(*args):
    losses, sizes = trained(*args)
    return float(np.dot(losses, sizes)) / len(losses)


@slip(
    "You multiplied each loss with the size of its batch and added up, but did not "
    "divide: by the number of examples, all sizes together."
)
def total_not_divided(*args):
    return float(np.dot(*trained(*args)))


@slip(
    "You take the loss after the step, with the model called a second time. Wanted is "
    "each batch's loss as it was before its step: keep that one, and call the model "
    "once for each batch."
)
def loss_after_the_step(model, batches, optimizer, loss_fn):
    def again():
        for x, y in batches:
            yield x, y
            losses.append(loss_fn(model(x), y).item())

    losses = []
    _, sizes = trained(model, again(), optimizer, loss_fn)
    return per_example(losses, sizes)


@slip(
    "You made a new optimizer for every batch, which remembers nothing: momentum, "
    "and what Adagrad or Adam add up, are lost. Use the one that you are given."
)
def optimizer_made_anew(model, batches, optimizer, loss_fn):
    def step_of(batch):
        fresh = type(optimizer)(model.parameters(), **optimizer.defaults)
        (loss,), (size,) = trained(model, [batch], fresh, loss_fn)
        return loss, size

    return per_example(*zip(*map(step_of, batches), strict=True))


@slip(
    "The weights move, but not by the optimizer that you are given: you made another "
    "one, or changed the weights yourself. `optimizer` holds the parameters, the rate "
    "and what is left of earlier steps: call its zero_grad and step."
)
def another_optimizer(model, batches, optimizer, loss_fn):
    import torch

    other = torch.optim.SGD(model.parameters(), lr=0.01)
    return per_example(*trained(model, batches, other, loss_fn))


@slip(
    "You gave probabilities to the loss, and CrossEntropyLoss makes a softmax of its "
    "own. loss_fn gets what the model says, as it is: loss_fn(model(x), y)."
)
def softmax_before_the_loss(model, batches, optimizer, loss_fn):
    return per_example(
        *trained(model, batches, optimizer, lambda z, y: loss_fn(z.softmax(1), y))
    )


@slip(
    "The model is in evaluation mode when you are done. It stays in training mode: "
    "whoever tests it switches over."
)
def left_in_evaluation_mode(model, *args):
    mean = per_example(*trained(model, *args))
    model.eval()
    return mean

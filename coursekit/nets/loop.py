"""The loop over epochs and batches, the same for NumPy and for torch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from coursekit.arguments.arrays import class_numbers, finite, labelled, numeric
from coursekit.shapes import ShapeError, at_least, flag

Examples = tuple[np.ndarray, np.ndarray]  # images and labels


@dataclass
class History:
    """What was seen while learning: kept when you stop it early."""

    losses: list[float] = field(default_factory=list)  # one for each batch
    scores: list[float] = field(default_factory=list)  # validation, one an epoch
    stopped: bool = False  # by ^C


def batches(n: int, batch_size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Split the numbers 0 to n - 1, shuffled, into batches; the last may be smaller.

    >>> [len(batch) for batch in batches(10, 4, np.random.default_rng(0))]
    [4, 4, 2]
    """
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


def run_epochs(
    step: Callable[[np.ndarray, np.ndarray], float],
    predict: Callable[[np.ndarray], np.ndarray],
    images: np.ndarray,
    labels: np.ndarray,
    *,
    rng: np.random.Generator,
    epochs: int,
    batch_size: int,
    validation: Examples | None = None,
    progress: bool = True,
) -> History:
    """Call `step` with the images and labels of each batch; it learns and gives a loss.

    After each epoch `predict` gives the logits of the validation images, if there are
    any. A bar shows how far it is; ^C stops it, and keeps what was learned until then.

    >>> how = {"rng": np.random.default_rng(0), "epochs": 1, "batch_size": 2}
    >>> half = lambda x, labels: 0.5
    >>> run_epochs(half, None, np.zeros(4), np.zeros(4, int), **how, progress=False)
    History(losses=[0.5, 0.5], scores=[], stopped=False)
    """
    generator(rng)
    one_label_each((images, labels))
    if validation is not None:
        one_label_each(validation)
    at_least(1, batch_size, "batch_size")
    history = History()
    total = at_least(0, epochs, "epochs") * -(-len(images) // batch_size)
    hidden = not flag(progress, "progress") or bool(
        os.environ.get("TQDM_DISABLE")
    )  # as in a terminal
    with _bar(total, hidden) as tell:
        try:
            for epoch in range(epochs):
                for batch in batches(len(images), batch_size, rng):
                    history.losses.append(step(images[batch], labels[batch]))
                    tell(f"epoch {epoch + 1}/{epochs}", history.losses[-1])
                if validation is not None:
                    logits = predict(validation[0])
                    history.scores.append(accuracy(logits, validation[1]))
        except KeyboardInterrupt:
            history.stopped = True
    return history


@contextmanager
def _bar(total: int, hidden: bool) -> Iterator[Callable[[str, float], None]]:
    """Give what shows one batch more; it shows nothing where tqdm is not installed."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield lambda epoch, loss: None
        return
    with tqdm(total=total, unit="batch", disable=hidden) as bar:

        def tell(epoch: str, loss: float) -> None:
            bar.set_description(epoch, refresh=False)
            bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
            bar.update()

        yield tell


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Give the share of rows whose largest logit stands at the label.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    """
    labelled(logits, labels)
    return float((logits.argmax(axis=1) == labels).mean())


def one_label_each(examples: Examples) -> None:
    """Require images without NaN, and the number of a class for each of them."""
    if not isinstance(examples, tuple | list) or len(examples) != 2:
        raise TypeError(
            f"validation is {examples!r:.80} ({type(examples).__name__}), but must be "
            f"(images, labels)."
        )
    images, labels = examples
    finite("images", array_of_examples("images", images))
    class_numbers(labels)
    if len(images) != len(labels):
        raise ShapeError(
            f"There are {len(images)} images, but {len(labels)} labels. Give one label "
            f"for each image."
        )
    at_least(1, len(images), "The number of images")


def array_of_examples(name: str, value: np.ndarray) -> np.ndarray:
    """Require an array with an axis N, whatever an example is."""
    if numeric(name, value).ndim < 1:
        raise ShapeError(f"{name} has shape (), but its first axis must be N.")
    return value


def generator(rng: np.random.Generator) -> None:
    """Require a generator: a seed alone would give the same numbers at every use."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a NumPy random generator, but is {rng!r} "
            f"({type(rng).__name__}). Write rng=np.random.default_rng(0)."
        )

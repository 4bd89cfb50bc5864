"""The loop over epochs and batches, the same for NumPy and for torch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from coursekit.shapes import ShapeError, at_least

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
    >>> run_epochs(half, None, np.zeros(4), np.zeros(4), **how, progress=False)
    History(losses=[0.5, 0.5], scores=[], stopped=False)
    """
    for each in ((images, labels), validation or ((), ())):
        one_label_each(*map(len, each))
    at_least(1, len(images), "The number of images")
    at_least(1, batch_size, "batch_size")
    history = History()
    total = at_least(0, epochs, "epochs") * -(-len(images) // batch_size)
    hidden = not progress or bool(os.environ.get("TQDM_DISABLE"))  # as in a terminal
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
    return float((logits.argmax(axis=1) == labels).mean())


def one_label_each(images: int, labels: int) -> None:
    """Require as many labels as images."""
    if images != labels:
        raise ShapeError(
            f"There are {images} images, but {labels} labels. Give one label for each "
            f"image."
        )

"""Learn with torch: the same loop, batches and history as `nets.train`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from coursekit.nets.loop import Examples, History, run_epochs


class Schedule(Protocol):
    """What changes the learning rate: any of `torch.optim.lr_scheduler`."""

    def step(self) -> None:
        """Go on to the next batch."""


def pick_device() -> torch.device:
    """Choose where to compute: CUDA, else Apple's MPS, else the CPU.

    >>> pick_device().type in {"cuda", "mps", "cpu"}
    True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def fit(
    model: nn.Module,
    images: np.ndarray,
    labels: np.ndarray,
    optimizer: torch.optim.Optimizer,
    *,
    rng: np.random.Generator,
    epochs: int = 1,
    batch_size: int = 128,
    schedule: Schedule | None = None,
    augment: Callable[[Tensor], Tensor] | None = None,
    validation: Examples | None = None,
    device: torch.device | str | None = None,
    progress: bool = True,
) -> History:
    """Let the optimizer lower the mean cross-entropy of the model, batch by batch.

    `rng` gives the batches that it gives `nets.train`, and seeds torch's own generator
    (for dropout, or for `augment`, which may change the images of a batch). `schedule`
    steps after each batch. ^C stops early and keeps what was learned; the model goes
    back to the device it came from.

    Raises: ShapeError if there is not one label for each image.

    >>> model, rng = nn.Linear(2, 2), np.random.default_rng(0)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> x, labels = np.eye(2, dtype=np.float32), np.array([0, 1])
    >>> history = fit(model, x, labels, optimizer, rng=rng, epochs=9, progress=False)
    >>> history.losses[-1] < history.losses[0]
    True
    """
    home = next(model.parameters()).device
    target = pick_device() if device is None else torch.device(device)
    torch.manual_seed(int(rng.spawn(1)[0].integers(2**63)))  # rng itself stays

    def step(x: np.ndarray, labels: np.ndarray) -> float:
        model.train()
        pictures = _tensor(x, model)
        logits = model(pictures if augment is None else augment(pictures))
        answers = torch.from_numpy(labels).to(logits.device, torch.long)
        loss = functional.cross_entropy(logits, answers)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if schedule is not None:
            schedule.step()
        return loss.item()

    try:
        model.to(target)
        return run_epochs(
            step,
            lambda images: predict(model, images),
            images,
            labels,
            rng=rng,
            epochs=epochs,
            batch_size=batch_size,
            validation=validation,
            progress=progress,
        )
    finally:
        model.to(home)


def predict(
    model: nn.Module, images: np.ndarray, *, batch_size: int = 1000
) -> np.ndarray:
    """Run a model on many images in evaluation mode, which is undone afterwards.

    >>> predict(nn.Flatten(), np.ones((3, 1, 2, 2)), batch_size=2).shape
    (3, 4)
    """
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            starts = range(0, max(len(images), 1), batch_size)
            parts = [_tensor(images[s : s + batch_size], model) for s in starts]
            return np.concatenate([model(part).cpu().numpy() for part in parts])
    finally:
        model.train(was_training)


def _tensor(x: np.ndarray, model: nn.Module) -> Tensor:
    """Put an array where the model's weights are, in their dtype."""
    like = next(model.parameters(), torch.empty(0, dtype=torch.float64))
    return torch.tensor(x, dtype=like.dtype, device=like.device)

"""Whole recipes for learning: a network, an optimizer and a schedule under one name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import signature

import numpy as np
import torch
from torch import Tensor, nn

from coursekit import nets
from coursekit.nets.loop import Examples, History
from coursekit.torch_ref.learning import fit, predict
from coursekit.torch_ref.networks import build, load_params


@dataclass(frozen=True)
class Recipe:
    """How a network learns. `optimizer` is the name of a class in `torch.optim`.

    `one_cycle` lets the learning rate rise to `lr` and fall to zero. `mirrored` learns
    from every image or its mirror image, drawn anew each time; clothes look alike in
    both, digits do not.
    """

    network: nets.Network
    optimizer: str = "SGD"
    lr: float = 0.1
    weight_decay: float = 0.0
    one_cycle: bool = False
    mirrored: bool = False
    scheme: str = "xavier"  # of the first weights
    batch_size: int = 128
    epochs: int = 10


_MODERN = Recipe(
    nets.LENET_RELU,
    optimizer="AdamW",
    lr=4e-3,
    weight_decay=0.01,
    one_cycle=True,
    mirrored=True,
    scheme="he",
    batch_size=64,
    epochs=14,
)
LOGISTIC: nets.Network = (nets.Flatten(), nets.Linear(784, 10))
RECIPES = {
    "LeNet, sigmoid": Recipe(nets.LENET),
    "LeNet, sigmoid, rate 0.9": Recipe(nets.LENET, lr=0.9),
    "LeNet, modern": _MODERN,
    "LeNet, wide, modern": replace(_MODERN, network=nets.LENET_WIDE, epochs=12),
    "MLP, modern": replace(_MODERN, network=nets.MLP),
    "tiny tanh network, modern": replace(
        _MODERN, network=nets.TINY_TANH, scheme="xavier", epochs=10
    ),
    "logistic regression, modern": replace(_MODERN, network=LOGISTIC, epochs=10),
}


def follow(
    recipe: Recipe,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int = 0,
    epochs: int | None = None,
    validation: Examples | None = None,
    device: torch.device | str | None = None,
    progress: bool = True,
) -> tuple[nn.Module, History]:
    """Let the recipe's network learn; return it with what was seen on the way.

    `seed` decides the first weights, the batches and the mirrored images. `epochs`
    takes the place of the recipe's. ^C stops early and keeps what was learned.

    Raises: ShapeError if there is not one label for each image.

    >>> x, labels = np.ones((4, 1, 28, 28), np.float32), np.array([3, 3, 3, 3])
    >>> recipe = replace(RECIPES["LeNet, modern"], network=LOGISTIC)
    >>> _, history = follow(recipe, x, labels, progress=False)
    >>> history.losses[-1] < history.losses[0]
    True
    """
    rng = np.random.default_rng(seed)
    epochs = recipe.epochs if epochs is None else epochs
    params = nets.init(recipe.network, rng, scheme=recipe.scheme)
    model = load_params(build(recipe.network), params)
    if torch.get_default_dtype() == torch.float32:  # in 64 bits it would be slower
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    kind = getattr(torch.optim, recipe.optimizer)
    quick = {"fused": True} if "fused" in signature(kind).parameters else {}
    optimizer = kind(
        model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay, **quick
    )
    steps = max(epochs * -(-len(images) // recipe.batch_size), 1)
    schedule = (
        torch.optim.lr_scheduler.OneCycleLR(
            optimizer, max_lr=recipe.lr, total_steps=steps
        )
        if recipe.one_cycle
        else None
    )
    history = fit(
        model,
        images,
        labels,
        optimizer,
        rng=rng,
        epochs=epochs,
        batch_size=recipe.batch_size,
        schedule=schedule,
        augment=mirrored if recipe.mirrored else None,
        validation=validation,
        device=device,
        progress=progress,
    )
    return model, history


def mirrored(images: Tensor) -> Tensor:
    """Turn about half of the images (N, C, H, W) left to right, drawn by torch.

    >>> mirrored(torch.ones(3, 1, 2, 2)).shape
    torch.Size([3, 1, 2, 2])
    """
    turned = torch.rand(len(images), 1, 1, 1, device=images.device) < 0.5
    return torch.where(turned, images.flip(3), images)


def predict_both_ways(model: nn.Module, images: np.ndarray) -> np.ndarray:
    """Give the mean probabilities for each image (N, C, H, W) and its mirror image.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    >>> x = np.random.default_rng(0).random((3, 1, 2, 2), np.float32)
    >>> back = predict_both_ways(model, x[..., ::-1].copy())
    >>> np.allclose(predict_both_ways(model, x), back)
    True
    """
    both = (predict(model, images), predict(model, images[..., ::-1].copy()))
    logits = torch.tensor(np.stack(both), dtype=torch.float64)
    return logits.softmax(dim=-1).mean(dim=0).numpy()

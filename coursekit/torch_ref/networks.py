"""The networks of `coursekit.nets` as torch modules, and weights carried across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import singledispatch

import numpy as np
import torch
from torch import Tensor, nn

from coursekit import nets
from coursekit.nets.sizes import check_shapes


class Parallel(nn.ModuleList):
    """Send the same input through several modules; stack their channels.

    >>> Parallel([nn.Identity(), nn.Identity()])(torch.ones(1, 2, 4, 4)).shape
    torch.Size([1, 4, 4, 4])
    """

    def forward(self, x: Tensor) -> Tensor:
        """Run every branch on x."""
        return torch.cat([branch(x) for branch in self], dim=1)


@singledispatch
def build(layer: nets.Layer | Sequence[nets.Layer]) -> nn.Module:
    """Build a network, or one layer, as a torch module with torch's own first weights.

    They come from torch's generator: call `torch.manual_seed` first, or load yours with
    `load_params`. A layer has the name and the arguments of its class in `torch.nn`.

    >>> build(nets.TINY_TANH)
    Sequential(
      (0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
      (1): Tanh()
      (2): Flatten(start_dim=1, end_dim=-1)
      (3): Linear(in_features=3456, out_features=10, bias=True)
    )
    """
    if not isinstance(layer, nets.Layer):
        raise TypeError(f"{layer!r} is neither a layer nor a tuple of layers.")
    kind = getattr(nn, type(layer).__name__, None)
    if kind is None:
        raise TypeError(
            f"{layer!r} has no module of its name in torch.nn: register one here."
        )
    module: nn.Module = kind(**asdict(layer))
    return module


@build.register(tuple)
@build.register(list)
def _network(network: Sequence[nets.Layer]) -> nn.Sequential:
    return nn.Sequential(*map(build, network))


@build.register
def _global_pool(layer: nets.GlobalAvgPool2d) -> nn.Sequential:
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


@build.register
def _parallel(layer: nets.Parallel) -> Parallel:
    return Parallel(map(build, layer.branches))


def params_of(model: nn.Module) -> list[np.ndarray]:
    """Copy a model's parameters into NumPy, in the order of `nets.param_shapes`.

    >>> [p.shape for p in params_of(nn.Linear(4, 2))]
    [(2, 4), (2,)]
    """
    return [p.detach().cpu().numpy().copy() for p in model.parameters()]


def load_params(model: nn.Module, params: Sequence[np.ndarray]) -> nn.Module:
    """Copy NumPy parameters into a model, keeping its dtype and device; give the model.

    Raises: ShapeError if a number or a shape differs, and then nothing is copied.

    >>> load_params(nn.Linear(1, 1), [np.array([[2.0]]), np.array([1.0])]).weight.item()
    2.0
    """
    places = list(model.parameters())
    check_shapes(params, [tuple(p.shape) for p in places])
    with torch.no_grad():
        for place, given in zip(places, params, strict=True):
            place.copy_(torch.tensor(given))
    return model

"""What is done to each number by itself, in torch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def relu(x: Tensor) -> Tensor:
    """Replace what is below zero by zero."""
    return functional.relu(x)


def sigmoid(x: Tensor) -> Tensor:
    """Squash to between 0 and 1."""
    return torch.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """Squash to between -1 and 1."""
    return torch.tanh(x)

"""Draw settings of an operation, legal and illegal, from its signature alone.

What an array is called in the annotation ("N C_in H W") says which of its axes belong
together, and an option's name and type say what can be given for it. So an operation is
tested the day it appears. Nothing here uses the library's sizes.
"""

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

AXES = r"""ndarray, ["'](.*?)["']"""
WORDS = ["same", "valid"]
MODES = ["zeros", "replicate", "reflect", "circular"]
SIZES = {"N": (0, 3), "H": (1, 8), "W": (1, 8), "oH": (1, 5), "oW": (1, 5)}


class Setting(NamedTuple):
    """One call: its arrays and options by name, and the axis names of each array."""

    arrays: dict[str, np.ndarray | None]
    options: dict[str, Any]
    axes: dict[str, list[str]]

    def __repr__(self) -> str:
        shapes = {k: None if a is None else a.shape for k, a in self.arrays.items()}
        return f"{shapes} {self.options}"


def axes_of(operation: Callable[..., Any]) -> dict[str, list[str]]:
    """Read the axis names of every array that an operation takes."""
    parameters = inspect.signature(operation).parameters.values()
    found = {p.name: re.search(AXES, str(p.annotation)) for p in parameters}
    return {name: match[1].split() for name, match in found.items() if match}


def draw(operation: Callable[..., Any], rng: np.random.Generator) -> Setting:
    """Draw one setting; about one in three has something wrong with it."""
    axes = axes_of(operation)
    parameters = inspect.signature(operation).parameters.values()
    options = {
        p.name: option(p.name, str(p.annotation), rng)
        for p in parameters
        if p.name not in axes and (p.default is p.empty or rng.random() < 0.6)
    }
    sizes = drawn_sizes(axes, options.get("groups", 1), rng)
    if rng.random() < 0.05 and "groups" in options:
        options["groups"] += rng.choice([-1, 1])
    arrays = {
        p.name: None
        if p.default is None and rng.random() < 0.4
        else array(axes[p.name], sizes, "Int" in str(p.annotation), rng)
        for p in parameters
        if p.name in axes
    }
    return Setting(arrays, options, axes)


def drawn_sizes(
    axes: dict[str, list[str]], groups: int, rng: np.random.Generator
) -> dict[str, int]:
    """Give every axis name a size, channels in whole groups."""
    names = {name for given in axes.values() for name in given}
    sizes = {
        name: int(rng.integers(*SIZES.get(name, (1, 4)))) for name in sorted(names)
    }
    if "C_group" in sizes:
        per_group = {"C_in": int(rng.integers(1, 3)), "C_out": int(rng.integers(1, 3))}
        sizes |= {name: size * max(groups, 1) for name, size in per_group.items()}
        sizes["C_group"] = per_group["C_in" if "C_out" in axes["weight"] else "C_out"]
    return sizes


def array(
    names: list[str], sizes: dict[str, int], whole: bool, rng: np.random.Generator
) -> np.ndarray:
    """Draw the values: any order in memory, now and then one axis of a wrong size."""
    shape: list[int] = []
    for name in names:
        least = 1 if name == "*shape" else 0
        many = int(rng.integers(least, 3)) if name.startswith("*") else 1
        shape += [sizes[name]] * many
    if shape and rng.random() < 0.05:
        shape[rng.integers(len(shape))] += 1
    if whole:
        return rng.integers(-1 if rng.random() < 0.1 else 0, sizes["classes"], shape)
    values = rng.standard_normal([2 * size for size in shape])
    values = values[(slice(None, None, rng.choice([-2, 2])),) * len(shape)]  # a view
    return values if rng.random() < 0.5 else np.asfortranarray(values)


def option(name: str, kind: str, rng: np.random.Generator) -> Any:
    """Draw a value for an option from its name and type."""
    if kind == "bool":
        return bool(rng.integers(2))
    if name.endswith("mode"):
        return "mirror" if rng.random() < 0.05 else str(rng.choice(MODES))
    if kind == "Padding" and rng.random() < 0.3:
        return str(rng.choice(WORDS))
    if kind in ("Padding", "Numbers") and rng.random() < 0.3:
        return pair(name, rng), pair(name, rng)
    if "None" in kind and rng.random() < 0.3:
        return None
    one_number = kind == "int" or rng.random() < 0.5
    return number(name, rng) if one_number else pair(name, rng)


def pair(name: str, rng: np.random.Generator) -> tuple[int, int]:
    """Draw two numbers for an option."""
    return number(name, rng), number(name, rng)


def number(name: str, rng: np.random.Generator) -> int:
    """Draw a number for an option; one in thirty is out of range."""
    least, most = (0, 2) if name.endswith("padding") else (1, 3)
    if rng.random() < 0.03:
        return least - 1
    return int(rng.choice(np.arange(least, most + 1), p=[0.5, 0.3, 0.2]))

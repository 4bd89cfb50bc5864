"""What training on Fashion-MNIST gave: `python -m benchmarks fashion` measured it."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int

FILE = Path(__file__).with_name("fashion_mnist.json")


class Trained(NamedTuple):
    """One seed: accuracies from 0 to 1."""

    seed: int
    validation: tuple[float, ...]  # after each epoch, on images kept apart
    test: float
    both_ways: float  # test, each image judged together with its mirror image


class Run(NamedTuple):
    """One recipe with several seeds; `confusion` counts all of them together."""

    name: str
    parameters: int
    epochs: int
    seeds: tuple[Trained, ...]
    confusion: Int[np.ndarray, "classes classes"]  # rows are labels

    @property
    def test(self) -> float:
        """The mean test accuracy of the seeds."""
        return mean(one.test for one in self.seeds)

    @property
    def both_ways(self) -> float:
        """The mean test accuracy where the mirror image votes too."""
        return mean(one.both_ways for one in self.seeds)


class Results(NamedTuple):
    """All recipes, with the command that measured them and where it ran."""

    command: str
    machine: str
    data: str
    runs: tuple[Run, ...]


def fashion_mnist(file: Path = FILE) -> Results:
    """Read what was measured on Fashion-MNIST.

    >>> fashion_mnist().command
    'python -m benchmarks fashion'
    """
    stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Results(**stored | {"runs": tuple(map(_run, stored["runs"]))})


def _run(stored: dict[str, Any]) -> Run:
    seeds = tuple(
        Trained(**one | {"validation": tuple(one["validation"])})
        for one in stored["seeds"]
    )
    return Run(**stored | {"seeds": seeds, "confusion": np.array(stored["confusion"])})


def as_json(measured: Results) -> str:
    """Write results as text, a line for each recipe.

    >>> as_json(fashion_mnist()) == FILE.read_text(encoding="utf-8")
    True
    """
    head = {name: getattr(measured, name) for name in ("command", "machine", "data")}
    runs = [
        json.dumps(
            run._asdict()
            | {"seeds": [one._asdict() for one in run.seeds]}
            | {"confusion": run.confusion.tolist()}
        )
        for run in measured.runs
    ]
    lines = ",\n".join(f"  {line}" for line in runs)
    rest = json.dumps(head, indent=1).removesuffix("\n}")
    return f'{rest},\n "runs": [\n{lines}\n ]\n}}\n'

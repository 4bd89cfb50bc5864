"""A toy exercise, and no progress file while these tests run."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from coursekit import bank
from coursekit.exercise import Exercise

TOY = '''
r"""Double it

Return twice the array.
"""

import numpy as np

from coursekit.exercise.rules import *
from coursekit.exercise.scales import *
from coursekit.exercise import *
from coursekit.exercise.windows import *

exercise = Exercise(
    __name__, points=3, difficulty=1, minutes=1, section="Toys",
    hints=("a", "b", "c"), OPTIONS
)


@exercise.solution
def double(x):
    """Return 2 * x."""
    return 2 * x


@exercise.wrong("You squared it.")
def squared(x):
    return x**2


@exercise.wrong("You wrote to x.")
def in_place(x):
    x *= 2
    return x


@exercise.cases("shown ones", points=1)
def shown():
    yield (np.array([[1.5, 2.0, 4.0]]),)
    yield (np.arange(6.0).reshape(2, 3)[:, ::2],)


@exercise.cases("hidden ones", points=1, shown=False)
def hidden():
    yield (np.array([12345.5]),)


@exercise.fresh("drawn ones", points=1)
def drawn(rng):
    return (rng.standard_normal((2, 3)),)
'''


@pytest.fixture
def bank_file(tmp_path: Path) -> Callable[..., Exercise]:
    """Write a bank file and load it."""

    def load(name: str, text: str) -> Exercise:
        path = tmp_path / f"{name}.py"
        path.write_text(dedent(text).lstrip(), encoding="utf-8")
        return bank.load_file(path)

    return load


@pytest.fixture
def toy(bank_file) -> Callable[..., Exercise]:
    """Load the toy exercise `double`, with further options of `Exercise`."""
    return lambda options="": bank_file("l1_01_double", TOY.replace("OPTIONS", options))


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")

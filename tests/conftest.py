"""While the tests run, the axis names in the annotations of the operations are checked.

Elsewhere they are only read: importing the checkers costs as much as importing NumPy.
"""

import importlib
import typing
from collections.abc import Iterator
from types import ModuleType

import checker
import jaxtyping
import pytest

import coursekit.arguments  # noqa: F401  (before the switch below)

PARTS = ["coursekit.ops", "coursekit.fast"]
CHECKER = f"{checker.__name__}.checked"

with jaxtyping.install_import_hook(PARTS, CHECKER):
    typing.TYPE_CHECKING = True  # the names of the annotations are imported under it
    for part in PARTS:
        importlib.import_module(part)
    typing.TYPE_CHECKING = False


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make parity` draw more settings of each operation than `make test`."""
    parser.addoption("--parity", type=int, default=60, help="settings per operation")


@pytest.fixture
def parity(request: pytest.FixtureRequest) -> int:
    """Say how many settings of each operation to draw."""
    return int(request.config.getoption("parity"))


@pytest.fixture(params=PARTS)
def lib(request: pytest.FixtureRequest) -> ModuleType:
    """Run a test on the loops and on the vectorised versions of the operations."""
    return importlib.import_module(request.param)


@pytest.fixture
def as_a_user_calls() -> Iterator[None]:
    """Switch the annotations off: the operation itself has to refuse bad input."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)

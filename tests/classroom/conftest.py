"""One server of each kind for the tests of a worker, as a batch has them."""

from collections.abc import Iterator

import pytest
from jail import Jail
from marked import LESSON, RULED, TORCH, Desk

from coursekit.classroom.marking import Marker
from coursekit.classroom.sandbox.client import Server
from coursekit.classroom.seeds import of_number


@pytest.fixture(params=["as it is", "nobody"], scope="session")
def jail(request) -> Iterator[Jail]:
    """A server that closes children in: as whoever runs the tests, and without rights.

    Where the tests run without rights, it is the same twice.
    """
    with Jail(request.param) as server:
        yield server


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Server]:
    """Run programs in NumPy, behind all walls."""
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def torch_sandbox() -> Iterator[Server]:
    """Run programs in torch, behind all walls."""
    with Server(torch=True) as server:
        yield server


@pytest.fixture(scope="session")
def spawned() -> Iterator[Server]:
    """Run each program in a process of its own, without walls."""
    with Server(weak=True, spawned=True) as server:
        yield server


@pytest.fixture(scope="session")
def class_desk() -> Iterator[Desk]:
    """Mark notebooks as `coursekit grade` does."""
    with Marker((*LESSON, RULED, TORCH), of_number(1)) as marker:
        yield Desk(marker)


@pytest.fixture
def desk(class_desk, tmp_path) -> Iterator[Desk]:
    """Mark notebooks, and look after each test that the next is marked right."""
    yield class_desk
    class_desk.still_right(tmp_path)

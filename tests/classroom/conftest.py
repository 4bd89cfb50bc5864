from collections.abc import Iterator

import pytest
from jail import Jail


@pytest.fixture(params=["as it is", "nobody"], scope="session")
def jail(request) -> Iterator[Jail]:
    """A server that closes children in: as whoever runs the tests, and without rights.

    Where the tests run without rights, it is the same twice.
    """
    with Jail(request.param) as server:
        yield server

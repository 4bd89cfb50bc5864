"""A server that fails, for the tests of downloads."""

from collections.abc import Iterator

import pytest
from unreliable import Server, unreliable_server


@pytest.fixture(scope="session")
def serving() -> Iterator[Server]:
    with unreliable_server() as server:
        yield server


@pytest.fixture
def server(serving: Server) -> Server:
    """Give the server, asked nothing yet."""
    serving.asked.clear()
    serving.ranges.clear()
    return serving


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use no proxy of this machine, nor its data."""
    proxies = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
    for name in (*proxies, "COURSEKIT_DATA"):
        monkeypatch.delenv(name, raising=False)

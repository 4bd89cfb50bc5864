"""The server that `coursekit lab` starts, alive: its terminal, address and guard."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Served, serving
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

# What some set for a server that stands behind another one, and forget.
CARELESS = {"ServerApp": {"ip": "0.0.0.0", "base_url": "/mine/", "preferred_dir": "/"}}
OPEN = {"IdentityProvider": {"token": ""}}


def home_with(home: Path, configuration: object) -> Path:
    """Make a home with a Jupyter configuration and a file that the shell reads."""
    (home / "CONFIG_DIR").mkdir()
    (home / "work").mkdir()
    (home / "CONFIG_DIR" / "jupyter_server_config.json").write_text(
        json.dumps(configuration), encoding="utf-8"
    )
    (home / ".bashrc").write_text("export MINE=kept\n", encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an empty work folder to a learner with a careless configuration."""
    home = home_with(tmp_path_factory.mktemp("home"), CARELESS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELL", "/bin/bash")
        patch.setenv("HOME", str(home))
        with serving(
            home / "work", home, until=r"(http://\S+?:\d+)/\S*token=(\w+)"
        ) as s:
            yield s


def test_a_configuration_that_opens_the_server_to_all_does_not_win(
    server: Served,
) -> None:
    assert "http://127.0.0.1:" in server.address
    assert "/mine/" not in server.told


def test_a_server_that_asks_for_no_token_says_so(tmp_path: Path) -> None:
    home, said = home_with(tmp_path, OPEN), "All authentication is disabled"
    with serving(home / "work", home, until=said) as served:
        assert "Anyone who can connect to this server" in served.told


async def typed(server: Served, line: str, end: str) -> str:
    """Type a line into a new terminal; return what it showed down to `end`."""
    leave = {"Authorization": f"token {server.token}"}
    asked = HTTPRequest(
        f"{server.address}/api/terminals", method="POST", body="", headers=leave
    )
    answer = await AsyncHTTPClient().fetch(asked)
    socket = server.address.replace("http", "ws") + "/terminals/websocket/"
    name = json.loads(answer.body)["name"]
    terminal = await websocket_connect(HTTPRequest(socket + name, headers=leave))
    await terminal.write_message(json.dumps(["stdin", f"{line}\r"]))
    shown = ""
    while end not in shown:
        message = await terminal.read_message()
        assert message is not None, f"the terminal closed after: {shown}"
        kind, *text = json.loads(message)
        shown += "".join(text) if kind == "stdout" else ""
    terminal.close()
    return shown


@pytest.mark.skipif(sys.platform == "win32", reason="types into a POSIX shell")
def test_a_terminal_in_lab_finds_the_command_and_reads_the_learner_s_own_file(
    server: Served,
) -> None:
    line = "python -c 'import sys; print(sys.prefix)'; echo $MINE en\"\"d"

    async def ask() -> str:
        return await typed(server, line, "kept end")

    shown = IOLoop().run_sync(ask, timeout=60)
    assert f"{Path(sys.prefix)}\r\n" in shown

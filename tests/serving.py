"""Run JupyterLab as `coursekit lab` does, with a home of its own, for live tests."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from coursekit.cli.server import command, environment

ADDRESS = r"(http://127\.0\.0\.1:\d+)/\S*token=(\w+)"


class Served(NamedTuple):
    """A running server: its address, its token, and what it said so far."""

    address: str
    token: str
    told: str


def settings(home: Path) -> dict[str, str]:
    """Return an environment in which Jupyter keeps all that is its own in `home`."""
    own = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    env = environment() | {f"JUPYTER_{name}": str(home / name) for name in own}
    return env | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def serving(
    work: Path, home: Path, *options: str, until: str = ADDRESS
) -> Iterator[Served]:
    """Serve a work folder on a free port of this machine until the block ends.

    The block begins when the server has said what `until` looks for.
    """
    line = command(work, ["--no-browser", "--ServerApp.port=0", *options])
    with subprocess.Popen(
        line, env=settings(home), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        told = ""
        found = None
        while found is None and (text := process.stderr.readline()):
            told += text
            found = re.search(until, told)
        rest = Thread(target=process.stderr.read)  # or the pipe fills up
        rest.start()
        try:
            assert found, f"JupyterLab did not start:\n{told}"
            yield Served(*(found.groups() or ("", "")), told)
        finally:
            process.terminate()
            rest.join()

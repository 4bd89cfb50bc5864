"""Open the course in JupyterLab, in the learner's own folder and without a network."""

from __future__ import annotations

import importlib.util
import os
import shlex
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from coursekit.workfolder import Change, WorkError

START_PAGE = "notebooks/00_start_here.ipynb"
HOST = "127.0.0.1"
PORT = 8888
PORTS_TRIED = 50

# The server asks nobody for news, versions or extensions: the course works offline.
# That the learner is not asked about news either is a setting, in SETTINGS.
SETTINGS = Path(__file__).parent / "jupyter"
QUIET = (
    "--ServerApp.log_level=WARN",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def command(
    work: Path, options: Sequence[str] = (), *, my_config: bool = False
) -> list[str]:
    """Return the command line that opens the start page with `work` as root.

    Without `my_config` the server listens to this machine alone and starts in `work`,
    whatever the learner's own Jupyter configuration says.

    >>> command(Path("work"), ["--port=8890"])[-1]
    '--port=8890'
    """
    line = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={work}"]
    line += [f"--LabApp.default_url=/lab/tree/{START_PAGE}", *QUIET]
    if os.name == "posix":  # no login shell: that would begin with a PATH of its own
        shell = shlex.quote(os.environ.get("SHELL") or "sh")
        line.append(f"--ServerApp.terminado_settings=shell_command={shell}")
    if not my_config:
        own = {"ip": HOST, "base_url": "/", "preferred_dir": work}
        line += [f"--ServerApp.{name}={value}" for name, value in own.items()]
    if _is_root():
        line.append("--allow-root")  # a container: Jupyter would refuse to start
    return [*line, *options]


def environment() -> dict[str, str]:
    """Return the server's environment: our settings, and `coursekit` in terminals."""
    first = {"PATH": Path(sys.executable).parent, "JUPYTER_CONFIG_PATH": SETTINGS}
    found = {name: os.environ.get(name) for name in first}
    joined = {
        name: f"{path}{os.pathsep}{found[name]}" if found[name] else str(path)
        for name, path in first.items()
    }
    return {**os.environ, **joined}


def require_lab() -> None:
    """Make sure that JupyterLab is there and can keep its own files.

    Raises: WorkError if it is not installed, or may not write in its folder.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise WorkError(
            "JupyterLab is not installed in this Python. "
            "In the course's folder run: python install.py"
        )
    from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir

    try:
        Path(jupyter_runtime_dir()).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkError(
            f"JupyterLab keeps its own files in {jupyter_data_dir()}, where nothing "
            f"can be written ({error.strerror}). Set JUPYTER_DATA_DIR and "
            "JUPYTER_CONFIG_DIR to folders of yours. Nothing was changed."
        ) from None


def running(work: Path) -> str | None:
    """Return the start page's address if a server has this work folder open."""
    from jupyter_core.paths import jupyter_runtime_dir

    if not any(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        return None
    from jupyter_server.serverapp import list_running_servers  # a second or more

    for one in list_running_servers():
        if Path(one["root_dir"]).resolve() == work.resolve() and _answers(one["port"]):
            token = f"?token={one['token']}" if one["token"] else ""
            return f"{one['url']}lab/tree/{START_PAGE}{token}"
    return None


def _answers(port: int) -> bool:
    """Tell whether a server listens: a crashed one leaves its name behind."""
    with socket.socket() as end:
        return end.connect_ex((HOST, port)) == 0


def free_port(wanted: int = PORT) -> int:
    """Return the first port from `wanted` on that no other program listens at.

    Raises: WorkError if there is none near it.
    """
    last = min(wanted + PORTS_TRIED, 2**16)
    for port in range(wanted, last):
        with socket.socket() as end:
            if os.name == "posix":  # elsewhere it would allow a port that is taken
                end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                end.bind((HOST, port))
            except OSError:
                continue
            return port
    raise WorkError(
        f"No port from {wanted} to {last - 1} is free. Name another with --port, from "
        "1024 to 65535."
    )


def trust(work: Path, changes: Iterable[Change]) -> None:
    """Sign what was written, so that Jupyter trusts its outputs and draws them.

    A notebook that is a learner's but for one cell is signed if it was trusted before.
    Where Jupyter cannot keep signatures, that is said; the notebooks are there.
    """
    written = [(change.wrote, change.kept) for change in changes if change.wrote]
    try:
        if written:
            _sign(work, written)
    except (OSError, sqlite3.Error) as error:
        print(
            f"Jupyter could not sign your notebooks ({error}). They are whole; run a "
            "cell again if its picture or explorer is not drawn."
        )


def _sign(
    work: Path, written: Iterable[tuple[PurePosixPath, PurePosixPath | None]]
) -> None:
    import nbformat  # seconds, which those who only look at notebooks do not pay
    from nbformat.sign import NotebookNotary

    def read(name: PurePosixPath) -> Any:
        return nbformat.read(work / name, as_version=4)

    notary = NotebookNotary()
    for wrote, kept in written:
        if kept is None or notary.check_signature(read(kept)):
            notary.sign(read(wrote))
    notary.store.close()


def open_lab(
    work: Path, options: Sequence[str] = (), *, my_config: bool = False
) -> int:
    """Run JupyterLab until the learner stops it; return its exit code.

    Where the system can, JupyterLab takes this process's place, so that ^C and a
    closed terminal reach it as they should.
    """
    line = command(work.resolve(), options, my_config=my_config)
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(line[0], line, environment())
    server = subprocess.Popen(line, env=environment())
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # ^C reaches the server too, which asks or stops
            continue


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0

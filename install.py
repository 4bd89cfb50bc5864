"""Make .venv beside this file and install the course in it: python install.py [--dev].

Runs with the system's Python and the standard library alone, on every platform;
`make` calls it first. A second call sees that all is there and does nothing.
"""

import argparse
import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from install_pip import (
    GIGABYTES_NEEDED,
    SetupError,
    ask_pip,
    pip_install,
    python_version,
    torch_build,
)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
COURSE = "coursekit"
STAMP = VENV / "coursekit-installed.json"
MINIMUM_PYTHON = (3, 11)

# Run by the environment's Python: prints which packages it lacks. A folder deleted by
# hand leaves its metadata behind, so the files that an import opens must be there too.
LOOK = r"""
import importlib.metadata, re, sys
for name in sys.argv[1:]:
    try:
        found = importlib.metadata.distribution(name)
        record = found.read_text("RECORD") or ""
        top = re.findall(r"(?m)^([^/,]+(?:/__init__)?\.(?:py|pth)),", record)
        whole = all(found.locate_file(file).exists() for file in top)
    except importlib.metadata.PackageNotFoundError:
        whole = False
    if not whole:
        print(name)
"""


def check_python():
    """Refuse a Python that is too old, or that cannot make environments."""
    if sys.version_info < MINIMUM_PYTHON:
        raise SetupError(
            f"The course needs Python 3.11 or newer, but {sys.executable} is "
            f"{python_version()}: install a newer one and name it, as in "
            "`make PYTHON=python3.12 lab` or, on Windows, `py -3.12 install.py`."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise SetupError(
            "This Python cannot make environments, because its venv module is "
            "incomplete: install it (Debian, Ubuntu: sudo apt install python3-venv) "
            "and run the same command again."
        ) from None


def check_disk():
    """Say it before a long download, not after."""
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GIGABYTES_NEEDED:
        raise SetupError(
            f"The course needs about {GIGABYTES_NEEDED:.0f} GB of disk, but only "
            f"{free:.1f} GB are free in {ROOT}: free some and run the same command "
            "again."
        )


def check_place():
    """Refuse to write over a file or through a link."""
    if VENV.is_symlink() or (VENV.exists() and not VENV.is_dir()):
        found = f"a link to {os.readlink(VENV)}" if VENV.is_symlink() else "a file"
        raise SetupError(
            f"{VENV} is {found}, but the course installs itself only into a folder of "
            "its own: remove it (what a link points to stays) and run the same command "
            "again."
        )


def venv_python():
    """The environment's interpreter, wherever this platform puts it."""
    windows = VENV / "Scripts" / "python.exe"
    return windows if sys.platform == "win32" else VENV / "bin" / "python"


def make_venv():
    """Make the environment, or mend one whose making was cut short."""
    with contextlib.suppress(OSError):
        if ask_pip(venv_python(), "--version").returncode == 0:
            return
    import venv

    venv.EnvBuilder(with_pip=True).create(VENV)


def fingerprint():
    """What an installation depends on: the two files, the place, the Python."""
    digest = hashlib.sha256(f"{ROOT} {python_version()}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed():
    """What the last installation that finished has left in its stamp."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def leave(stamp):
    """Write the stamp whole or not at all, and through no link."""
    beside = STAMP.with_suffix(".part")
    beside.unlink(missing_ok=True)
    with beside.open("x", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(stamp) + "\n")
    os.replace(beside, STAMP)


def lacking(extras):
    """Which packages of pyproject.toml the environment cannot import (0.1 s)."""
    import tomllib  # here, because check_python comes first

    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    listed = project["dependencies"] + project["optional-dependencies"].get(extras, [])
    names = [COURSE, *(re.match(r"[\w.-]+", entry)[0] for entry in listed)]
    command = [str(venv_python()), "-I", "-c", LOOK, *names]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return names
    return found.stdout.split() if found.returncode == 0 else names


def install(extras="", cuda=False):
    """Install what is missing and leave a stamp; say nothing if all is there."""
    check_python()
    check_place()
    had = installed()
    extras, cuda = extras or had.get("extras", ""), cuda or had.get("cuda", False)
    stamp = {"fingerprint": fingerprint(), "extras": extras, "cuda": cuda}
    if had == stamp and not lacking(extras):
        return
    check_disk()
    start = time.monotonic()
    make_venv()
    index, choice = torch_build(venv_python(), cuda)
    print(f"PyTorch: {choice}", flush=True)
    if cuda and any(VENV.glob("lib/python3*/site-packages/torch-*+cpu.dist-info")):
        # pip would keep it, because its version is the one asked for.
        ask_pip(venv_python(), "uninstall", "--yes", "torch")
    install_all(extras, index)
    leave(stamp)
    shown = venv_python().relative_to(ROOT)
    print(
        f"Installed in {time.monotonic() - start:.0f} s. "
        f"Open the course with: {shown} -m coursekit lab"
    )


def install_all(extras, index):
    """Install the course; what pip takes for installed but is not, install again."""
    course = ["-e", f".[{extras}]" if extras else "."]
    pip = functools.partial(pip_install, venv_python(), ROOT, *index, *course)
    pip()
    damaged = lacking(extras)
    if damaged:
        again = [name for name in damaged if name != COURSE]
        pip("--force-reinstall", "--no-deps", *again)
    if damaged and lacking(extras):
        raise SetupError(
            f"From pip came {', '.join(damaged)}, but not whole: delete the folder "
            ".venv and run the same command again."
        )


def main():
    """Parse the command line; a failure ends in one sentence and exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--dev", action="store_true", help="also what the tests and the build need"
    )
    parser.add_argument(
        "--cuda", action="store_true", help="PyTorch's GPU build, on Linux: several GB"
    )
    options = parser.parse_args()
    try:
        install("dev" if options.dev else "", options.cuda)
    except SetupError as error:
        sys.exit(f"\n{error}")
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"\nThe installation stopped ({error}): see that you may write in {ROOT}, "
            "delete the folder .venv if it exists, and run the same command again."
        )
    except KeyboardInterrupt:
        sys.exit("\nStopped half-way: run the same command again to carry on.")


if __name__ == "__main__":
    main()

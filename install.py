"""Make .venv beside this file and install the course in it: python install.py [--dev].

Runs with the system's Python and the standard library alone, on every platform;
`make` calls it first. A second call notices that nothing changed and does nothing.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "coursekit-installed.json"
MINIMUM_PYTHON = (3, 11)
GIGABYTES_NEEDED = 3.0

# What pip prints when it fails, and the sentence that a reader can act on.
FAILURES = (
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|name resolution|getaddrinfo"
        r"|ProxyError|SSLError|CERTIFICATE_VERIFY|Connection(?:Reset|Refused|Aborted)"
        r"|requirement setuptools\S* \(from versions: none",  # every index has that one
        "The package index could not be reached: check the network (behind a proxy, "
        "set HTTPS_PROXY) and run the same command again; finished downloads are kept.",
    ),
    (
        r"No space left on device|Errno 28|WinError 112",
        "The disk filled up: free about {need:.0f} GB and run the same command again.",
    ),
    (
        r"error: command '?\S*(?:gcc|cc|clang|cl\.exe)|Microsoft Visual C\+\+"
        r"|Failed (?:building|to build)|unable to execute",
        "A package had to be compiled, because none is built for Python {python} on "
        "this system: use Python 3.11 to 3.13, for which builds exist, or install a C "
        "compiler, and run the same command again.",
    ),
    (
        r"No matching distribution|Could not find a version|Cannot install",
        "The package index offers no build of a needed package for Python {python} on "
        "this system (pip names it above): use Python 3.11 to 3.13.",
    ),
)
OTHER_FAILURE = (
    "pip stopped for the reason printed above: mend it and run the same command again, "
    "or delete the folder .venv to start afresh."
)


class SetupError(Exception):
    """A step failed; the message is the one sentence that says what to do."""


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


def python_version():
    return ".".join(map(str, sys.version_info[:3]))


def check_disk():
    """Say it before a long download, not after."""
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < GIGABYTES_NEEDED:
        raise SetupError(
            f"The course needs about {GIGABYTES_NEEDED:.0f} GB of disk, but only "
            f"{free:.1f} GB are free in {ROOT}: free some and run the same command "
            "again."
        )


def venv_python():
    """The environment's interpreter, wherever this platform puts it."""
    windows = VENV / "Scripts" / "python.exe"
    return windows if sys.platform == "win32" else VENV / "bin" / "python"


def make_venv():
    """Make the environment, or mend one whose making was cut short."""
    pip = [str(venv_python()), "-m", "pip", "--version"]
    try:
        works = subprocess.run(pip, capture_output=True, check=False).returncode == 0
    except OSError:
        works = False
    if works:
        return
    import venv

    try:
        venv.EnvBuilder(with_pip=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(
            f"The environment {VENV} could not be made ({error}): delete the folder "
            ".venv if it exists, see that you may write here, and run the same command "
            "again."
        ) from None


def pip_install(extras):
    """Run pip with the tested versions, showing what it says."""
    command = [str(venv_python()), "-m", "pip", "install", "--no-input"]
    command += ["--disable-pip-version-check", "-c", "constraints.txt"]
    command += ["-e", f".[{extras}]" if extras else "."]
    said = []
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as pip:
        for line in pip.stderr:
            said.append(line)
            sys.stderr.write(line)
    if pip.returncode != 0:
        raise SetupError(sentence_for("".join(said)))


def sentence_for(said):
    """The sentence for what pip said as it failed."""
    for pattern, sentence in FAILURES:
        if re.search(pattern, said):
            return sentence.format(need=GIGABYTES_NEEDED, python=python_version())
    return OTHER_FAILURE


def fingerprint():
    """What an installation depends on: the two files, the place, the Python."""
    digest = hashlib.sha256(f"{ROOT} {python_version()}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed():
    """The fingerprint and extras of the last installation that finished."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp["fingerprint"], stamp["extras"]
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""


def install(extras):
    """Install what is missing and leave a stamp; say nothing if all is there."""
    check_python()
    known, had = installed()
    if known == fingerprint() and had in (extras, "dev") and venv_python().exists():
        return
    check_disk()
    start = time.monotonic()
    make_venv()
    pip_install(extras or had)
    stamp = {"fingerprint": fingerprint(), "extras": extras or had}
    STAMP.write_text(json.dumps(stamp) + "\n", encoding="utf-8", newline="\n")
    shown = venv_python().relative_to(ROOT)
    print(
        f"Installed in {time.monotonic() - start:.0f} s. "
        f"Open the course with: {shown} -m coursekit lab"
    )


def main():
    """Parse the command line; a failure ends in one sentence and exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--dev", action="store_true", help="also what the tests and the build need"
    )
    try:
        install("dev" if parser.parse_args().dev else "")
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped half-way: run the same command again to carry on.")


if __name__ == "__main__":
    main()

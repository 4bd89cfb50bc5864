"""A failing installation ends in one sentence that says what to do."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "install.py"


@pytest.fixture
def install(tmp_path):
    """Load install.py for a course that lies in an empty folder."""
    spec = importlib.util.spec_from_file_location("install", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.STAMP = module.VENV / module.STAMP.name
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return module


def test_an_old_python_is_named_with_the_version_that_is_needed(install, monkeypatch):
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(install.SetupError, match=r"needs Python 3\.11 or newer") as no:
        install.check_python()
    assert "is 3.9.2" in str(no.value)
    assert "make PYTHON=python3.12" in str(no.value)


def test_a_python_without_venv_is_told_which_package_to_install(install, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(install.SetupError, match="sudo apt install python3-venv"):
        install.check_python()


def test_a_full_disk_is_noticed_before_the_download(install, monkeypatch):
    monkeypatch.setattr(install.shutil, "disk_usage", lambda _: Disk(free=4e8))
    with pytest.raises(install.SetupError, match=r"about 3 GB of disk, but only 0\.4"):
        install.check_disk()


class Disk:
    def __init__(self, free):
        self.free = free


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "Retrying after connection broken by 'NewConnectionError(...)'",
            "HTTPS_PROXY",
        ),
        ("ConnectTimeoutError(...)\nERROR: No matching distribution", "HTTPS_PROXY"),
        ("OSError: [Errno 28] No space left on device", "free about 3 GB"),
        ("error: command 'gcc' failed: No such file", "install a C compiler"),
        ("error: Microsoft Visual C++ 14.0 is required", "install a C compiler"),
        ("ERROR: No matching distribution found for torch==2.13.0", "no build"),
        ("something unheard of", "for the reason printed above"),
    ],
)
def test_what_pip_said_becomes_a_sentence_with_a_remedy(install, said, sentence):
    answer = install.sentence_for(said)
    assert sentence in answer
    assert answer.count("\n") == 0
    assert "{" not in answer


def test_without_a_network_pip_fails_and_the_sentence_says_so(install, monkeypatch):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]  # free, and closed again when pip calls
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setattr(install, "venv_python", lambda: Path(sys.executable))
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(FILE.with_name(name), install.ROOT)
    with pytest.raises(install.SetupError, match="index could not be reached"):
        install.pip_install("")


@pytest.mark.parametrize(
    ("problem", "last"),
    [("SetupError('Do this.')", "Do this."), ("KeyboardInterrupt", "Stopped half-way")],
)
def test_a_failure_ends_in_its_sentence_and_exit_code_1(problem, last):
    fail = f"def fail(*_): raise {problem}\ninstall.install = fail\n"
    code = f"import sys, install\n{fail.replace('SetupE', 'install.SetupE')}"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}sys.argv[1:] = []\ninstall.main()"],
        cwd=FILE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(last)
    assert "Traceback" not in done.stderr


def test_what_is_installed_is_not_installed_again(install, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(install, "make_venv", lambda: make_fake_venv(install))
    monkeypatch.setattr(install, "pip_install", calls.append)
    install.install("")
    install.install("")
    assert calls == [""]
    install.install("dev")
    install.install("")  # the tests' packages hold the course's
    assert calls == ["", "dev"]
    assert "-m coursekit lab" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_of_packages_is_installed_again(install, monkeypatch, name):
    calls = []
    monkeypatch.setattr(install, "make_venv", lambda: make_fake_venv(install))
    monkeypatch.setattr(install, "pip_install", calls.append)
    install.install("dev")
    (install.ROOT / name).write_text("changed", encoding="utf-8")
    install.install("")
    assert calls == ["dev", "dev"]


def test_a_stamp_that_was_cut_off_counts_as_none(install):
    make_fake_venv(install)
    install.STAMP.write_text(json.dumps({"extras": "dev"})[:9], encoding="utf-8")
    assert install.installed() == (None, "")


def make_fake_venv(install):
    install.venv_python().parent.mkdir(parents=True, exist_ok=True)
    install.venv_python().touch()


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_names_the_python_that_it_did_not_find():
    done = subprocess.run(
        ["make", "PYTHON=no-such-python", "lab"],
        cwd=FILE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.startswith(
        "No program named no-such-python was found: install Python 3.11 or newer"
    )

"""What install.py does, when it does nothing, and what it refuses to write over."""

import json
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "install.py"


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
    ("problem", "last"),
    [
        ("install.SetupError('Do this.')", "Do this."),
        ("KeyboardInterrupt", "Stopped half-way"),
        ("PermissionError(13, 'Permission denied', 'x')", "The installation stopped"),
        ("ValueError('the path holds a :')", "The installation stopped (the path"),
    ],
)
def test_a_failure_ends_in_its_sentence_and_exit_code_1(problem, last):
    code = f"import sys, install\ndef fail(*_): raise {problem}\n"
    code += "install.install = fail\nsys.argv[1:] = []\ninstall.main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=FILE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(last)
    assert "Traceback" not in done.stderr


def test_what_is_installed_is_not_installed_again(course, capsys):
    course.install.install("")
    assert [words[-1] for words in course.asked()] == ["."]
    course.install.install("")
    assert course.asked() == []
    course.install.install("dev")
    course.install.install("")  # the tests' packages hold the course's
    assert [words[-1] for words in course.asked()] == [".[dev]"]
    assert "-m coursekit lab" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_of_packages_is_installed_again(course, name):
    course.install.install("dev")
    with (course.install.ROOT / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    course.install.install("")
    assert [words[-1] for words in course.asked()] == [".[dev]", ".[dev]"]


@pytest.mark.parametrize("name", ["coursekit", "tiny_one"])
def test_an_uninstalled_package_is_installed_again_though_the_stamp_stands(
    course, name
):
    course.install.install("")
    course.asked()
    shutil.rmtree(course.site / f"{name}-1.0.dist-info")
    course.install.install("")
    assert [words[-1] for words in course.asked()] == ["."]
    course.install.install("")
    assert course.asked() == []


def test_a_package_whose_folder_was_deleted_is_installed_again_by_force(course):
    course.install.install("")
    course.asked()
    shutil.rmtree(course.site / "tiny_one")
    course.install.install("")
    plain, forced = course.asked()  # pip takes its metadata for the package
    assert plain[-1] == "."
    assert forced[-5:] == ["-e", ".", "--force-reinstall", "--no-deps", "tiny-one"]
    assert (course.site / "tiny_one" / "__init__.py").exists()


def test_the_tests_packages_are_looked_for_only_where_they_were_asked_for(course):
    course.install.install("")
    assert course.install.lacking("") == []
    assert course.install.lacking("dev") == ["tiny_dev"]


def test_a_package_that_pip_cannot_make_whole_ends_in_a_sentence(course):
    course.install.install("")
    shutil.rmtree(course.site / "tiny_one")
    (course.site / "pip" / "__main__.py").write_text("", encoding="utf-8")
    with pytest.raises(
        course.install.SetupError, match=r"tiny-one, but not whole: del"
    ):
        course.install.install("")


def test_an_environment_whose_python_does_not_start_lacks_everything(course):
    course.install.install("")
    course.install.venv_python().unlink()
    course.install.venv_python().symlink_to("no-such-python")
    assert course.install.lacking("") == ["coursekit", "tiny-one"]


def test_a_file_in_the_place_of_the_environment_is_named(install):
    install.VENV.write_text("mine", encoding="utf-8")
    with pytest.raises(install.SetupError, match=r"\.venv is a file, but the course"):
        install.install("")
    assert install.VENV.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("there", [True, False], ids=["foreign", "dangling"])
def test_nothing_is_written_through_a_link(install, monkeypatch, tmp_path, there):
    target = tmp_path / "foreign"
    if there:
        target.mkdir()
    install.VENV.symlink_to(target)
    monkeypatch.setattr(install, "make_venv", lambda: target.mkdir(exist_ok=True))
    monkeypatch.setattr(install, "pip_install", lambda *_: None)
    with pytest.raises(install.SetupError, match="is a link to") as refusal:
        install.install("")
    assert f"{install.VENV} is a link to {target}, but" in str(refusal.value)
    assert "remove it (what a link points to stays)" in str(refusal.value)
    assert target.exists() == there
    assert not there or not list(target.iterdir())


def test_the_stamp_is_written_whole_or_not_at_all(course, monkeypatch):
    course.install.install("")
    before = course.install.STAMP.read_bytes()
    monkeypatch.setattr(course.install.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        course.install.install("dev")
    assert course.install.STAMP.read_bytes() == before
    monkeypatch.undo()
    course.install.install("dev")
    assert course.install.installed()["extras"] == "dev"


def interrupt(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "name", ["coursekit-installed.json", "coursekit-installed.part"]
)
def test_no_stamp_is_written_through_a_link(course, tmp_path, name):
    mine = tmp_path / "mine"
    mine.write_text("mine", encoding="utf-8")
    (course.venv / name).symlink_to(mine)
    course.install.install("")
    assert mine.read_text(encoding="utf-8") == "mine"
    assert course.install.installed()["extras"] == ""


@pytest.mark.parametrize("text", ['{"extr', "[1]", ""])
def test_a_stamp_that_was_cut_off_or_is_none_of_ours_counts_as_none(install, text):
    install.VENV.mkdir()
    install.STAMP.write_text(text, encoding="utf-8")
    assert install.installed() == {}


def test_an_environment_that_was_cut_short_is_mended(install, monkeypatch):
    venv.EnvBuilder().create(install.VENV)  # as ^C leaves it: its pip is still missing
    made = []
    monkeypatch.setattr(venv.EnvBuilder, "create", lambda self, at: made.append(at))
    install.make_venv()
    assert made == [install.VENV]


def test_a_folder_that_cannot_be_written_gets_a_sentence(install, monkeypatch, capsys):
    refusal = PermissionError(13, "Permission denied", str(install.VENV))
    monkeypatch.setattr(venv.EnvBuilder, "create", Refusing(refusal))
    monkeypatch.setattr(sys, "argv", ["install.py"])
    with pytest.raises(SystemExit) as end:
        install.main()
    assert f"see that you may write in {install.ROOT}" in str(end.value)


class Refusing:
    def __init__(self, refusal):
        self.refusal = refusal

    def __call__(self, *_):
        raise self.refusal


@pytest.mark.skipif(os.name == "nt", reason="no program but this one gets its ^C")
def test_a_pip_that_goes_on_after_interruption_is_ended(course, install_pip):
    (course.site / "pip" / "__main__.py").write_text(
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "print(os.getpid(), file=sys.stderr, flush=True)\n"
        "signal.alarm(30)\n"
        "signal.pause()\n",
        encoding="utf-8",
    )
    said = []

    class Screen:
        def write(self, line):
            said.append(int(line.split()[0]))
            os.kill(os.getpid(), signal.SIGINT)

    install_pip.TIDY_SECONDS = 0
    install_pip.sys = type("sys", (), {"stderr": Screen()})
    with pytest.raises(KeyboardInterrupt):
        course.install.pip_install(course.install.venv_python(), course.install.ROOT)
    with pytest.raises(ProcessLookupError):
        os.kill(said[0], 0)


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


def test_the_stamp_says_what_was_asked_for(course):
    course.install.install("dev", cuda=True)
    course.install.install("")
    stamp = json.loads(course.install.STAMP.read_text(encoding="utf-8"))
    assert (stamp["extras"], stamp["cuda"]) == ("dev", True)

"""`python -m coursekit` in a Python that lacks the course's packages."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def bare(tmp_path):
    """Make an environment without any package; give its Python."""
    venv.EnvBuilder().create(tmp_path / "bare")
    name = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return tmp_path / "bare" / name


def said(python, *arguments):
    """Run a Python in the course's folder: exit code, lines of its complaints."""
    done = subprocess.run(
        [str(python), *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize("command", ["lab", "progress", "doctor", "build"])
def test_a_python_without_the_packages_is_told_where_they_are(bare, command):
    code, (line,) = said(bare, "-m", "coursekit", command)
    assert code == 1
    assert f" is not installed for {bare}: in the course's folder run " in line
    there = r".venv\Scripts\python" if sys.platform == "win32" else ".venv/bin/python"
    assert line.endswith(f" install.py, then {there} -m coursekit {command}")


@pytest.mark.parametrize("name", ["coursekit.nothing", "tkinter.nothing"])
def test_a_missing_module_of_ours_or_of_pythons_stays_a_traceback(name):
    code = "import sys, coursekit.cli as cli\n"
    code += f"def lacking(): raise ModuleNotFoundError('lost', name={name!r})\n"
    code += "cli.main = lacking\nimport coursekit.__main__ as m\nm.run()"
    exit_code, lines = said(sys.executable, "-c", code)
    assert exit_code == 1
    assert lines[0].startswith("Traceback")
    assert lines[-1] == "ModuleNotFoundError: lost"

"""A course in an empty folder, whose pip only writes down what it is asked."""

import importlib
import json
import sys
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROJECT = """
[project]
name = "coursekit"
dependencies = ["tiny-one>=1"]
[project.optional-dependencies]
dev = ["tiny_dev>=1"]
"""
# Lies in the environment's site-packages; installs whatever is not there yet.
FAKE_PIP = """
import json, pathlib, sys
site, asked = pathlib.Path(__file__).parents[1], sys.argv[1:]
with (site / "asked.jsonl").open("a") as file:
    file.write(json.dumps(asked) + "\\n")
if asked[:2] == ["config", "list"]:
    print((site / "settings").read_text() if (site / "settings").exists() else "")
if asked[0] == "uninstall":
    for info in site.glob(f"{asked[-1]}-*.dist-info"):
        info.rename(info.with_suffix(".gone"))
names = {"coursekit", "tiny_one"} | ({"tiny_dev"} if ".[dev]" in asked else set())
for name in names if asked[0] == "install" else ():
    info = site / f"{name}-1.0.dist-info"
    if not info.exists() or name.replace("_", "-") in asked:
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Name: {name}\\nVersion: 1.0\\n")
        (info / "RECORD").write_text(f"{name}/__init__.py,,\\n{name}/a/b.py,,\\n")
        (site / name).mkdir(exist_ok=True)
        (site / name / "__init__.py").touch()
"""


class Course:
    """What a test looks at and breaks: the module, its folder, what pip was asked."""

    def __init__(self, install):
        self.install, self.venv = install, install.VENV

    @property
    def site(self):
        return next(self.venv.glob("[Ll]ib/**/site-packages"))

    def asked(self):
        """Give what pip was asked to install since the last call of this."""
        file = self.site / "asked.jsonl"
        asked = [json.loads(line) for line in file.read_text().splitlines()]
        file.write_text("")
        return [words for words in asked if words[0] == "install"]

    def make_venv(self):
        venv.EnvBuilder().create(self.venv)
        (self.site / "pip").mkdir()
        (self.site / "pip" / "__main__.py").write_text(FAKE_PIP)


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Load install.py for a course that lies in an empty folder."""
    monkeypatch.syspath_prepend(REPOSITORY)
    for name in ("install", "install_pip"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module("install")
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.STAMP = module.VENV / module.STAMP.name
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "constraints.txt").touch()
    return module


@pytest.fixture
def install_pip(install):
    """Load install_pip.py, which install.py has loaded; the network is not asked."""
    module = sys.modules["install_pip"]
    module.answers = lambda index: False
    return module


@pytest.fixture
def course(install, install_pip):
    """Make an environment whose pip is the fake one."""
    course = Course(install)
    course.make_venv()
    return course

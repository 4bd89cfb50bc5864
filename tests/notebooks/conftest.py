"""Run nbval as the course does, in a folder of its own, and say how each cell fared."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

COURSE = Path(__file__).parents[2]
OPTIONS = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]
CONFIGURATION = ["pyproject.toml", "conftest.py", "tests/notebooks/sanitize.cfg"]

Outcomes = dict[str, str]


def outcomes(report: Path) -> Outcomes:
    """Map "notebook::Cell n" to "" where it passed, else to what nbval said."""
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        bad = [child for child in case if child.tag in {"failure", "error"}]
        name = f"{case.get('classname', '').split('.')[-2]}::{case.get('name')}"
        found[name] = "\n".join(child.text or "" for child in bad)
    return found


@pytest.fixture
def nbval() -> Callable[..., Outcomes]:
    """Return a function that runs nbval in a folder with the settings of the course."""

    def run(folder: Path, *arguments: str) -> Outcomes:
        for name in CONFIGURATION:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(COURSE / name, folder / name)
        report = folder / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        first = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        subprocess.run(
            [*command, *OPTIONS, f"--junitxml={report}", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(first)},
            capture_output=True,
            check=False,
        )
        return outcomes(report)

    return run

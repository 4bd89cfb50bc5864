"""`coursekit doctor`: look at an installation, and say of each part what to mend."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coursekit.cli.options import work, work_folder

SAYS = "say whether the installation will do"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
GIGABYTES = 1e9


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    work(parser)


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 if something has to be mended."""
    from coursekit import workfolder

    findings = list(examine(workfolder.course_folder(), work_folder(options)))
    print(*findings, sep="\n")
    return 1 if any(finding.remedy for finding in findings) else 0


class Finding(NamedTuple):
    """One thing looked at; a `remedy` stands where the course cannot run with it."""

    subject: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "PROBLEM" if self.remedy else "ok"
        line = f"{mark:8}{self.subject:22}{self.found}"
        return f"{line}\n{'':8}{self.remedy}" if self.remedy else line


def examine(course: Path, work: Path) -> Iterator[Finding]:
    """Yield what was found, one line each: Python, course, packages, work, browser."""
    yield Finding("Python", f"{platform.python_version()} at {sys.executable}")
    yield Finding("system", f"{platform.platform()}, {os.cpu_count()} processors")
    yield Finding("course", str(course))
    yield from _packages(course)
    yield from _data()
    yield _work(work)
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    yield Finding("browser for tests", browser or "none: their tests are skipped")


def _packages(course: Path) -> Iterator[Finding]:
    tested = tested_versions(course)
    again = "In the course's folder run: python install.py"
    project = tomllib.loads((course / "pyproject.toml").read_text(encoding="utf-8"))
    for name in map(_name, project["project"]["dependencies"]):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, "not installed", again)
            continue
        same = version.split("+")[0] == tested.get(name)
        note = "" if same else f" (tested with {tested.get(name)}: numbers may differ)"
        yield Finding(name, version + note)


def tested_versions(course: Path) -> dict[str, str]:
    """Read constraints.txt: package name, in lower case, to the tested version."""
    text = (course / "constraints.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE)
    return {_name(package): version for package, version in pins}


def _name(requirement: str) -> str:
    """Return the package's name as the index writes it.

    >>> _name("Foo_bar>=1.2")
    'foo-bar'
    """
    found = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def _data() -> Iterator[Finding]:
    """Say which data is there; one may do without, but not with a bad file."""
    try:
        from coursekit import data

        found = data.survey()
    except ImportError:  # the package that lacks was named above
        return
    for name, standing in found.items():
        remedy = f"Run: coursekit data {name}" if standing.faults else ""
        yield Finding(f"data: {name}", standing.words, remedy)


def _work(work: Path) -> Finding:
    """Say where the learner's files are or will be, and that one may write there."""
    place = next(p for p in (work, *work.resolve().parents) if p.exists())
    free = f"{shutil.disk_usage(place).free / GIGABYTES:.1f} GB free"
    if not os.access(place, os.W_OK):
        remedy = "You may not write there. Name another folder with --work."
        return Finding("work folder", str(work), remedy)
    state = "" if work.exists() else ", not made yet: coursekit lab makes it"
    return Finding("work folder", f"{work} ({free}{state})")

"""One list of dependencies: what conda, the constraints and the Makefile make of it."""

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CONDA_NAMES = {"pytorch-cpu": "torch"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]


def required() -> dict[str, Requirement]:
    lines = project()["dependencies"] + project()["optional-dependencies"]["dev"]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def pins() -> dict[str, str]:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    return {canonicalize_name(n): v for n, v in (line.split("==") for line in lines)}


def conda() -> dict[str, Requirement]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = yaml.safe_load(text)["dependencies"]
    lines += lines.pop()["pip"]
    found = {r.name: r for r in map(Requirement, lines)}
    return {CONDA_NAMES.get(name, name): r for name, r in found.items()}


def test_conda_asks_for_the_same_packages_in_the_same_ranges():
    asked = conda()
    python, _ = asked.pop("python"), asked.pop("pip")
    assert {n: r.specifier for n, r in asked.items()} == {
        n: r.specifier for n, r in required().items()
    }
    assert str(python.specifier) == project()["requires-python"]


@pytest.mark.parametrize("name", sorted(required()))
def test_every_dependency_is_pinned_to_a_version_in_its_range(name):
    assert pins()[name] in required()[name].specifier


def test_every_pin_is_one_version_without_a_local_label():
    assert all(re.fullmatch(r"[\w.]+", version) for version in pins().values())


@pytest.mark.skipif(sys.platform != "linux", reason="the pins are those of Linux")
def test_constraints_hold_what_is_needed_through_others_and_nothing_else():
    needed: set[tuple[str, frozenset[str]]] = set()
    waiting = list(required().values())
    while waiting:
        requirement = waiting.pop()
        one = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if one not in needed:
            needed.add(one)
            waiting += needed_by(*one)
    assert set(pins()) == {name for name, _ in needed}


def needed_by(name: str, extras: frozenset[str]) -> list[Requirement]:
    """List what an installed package asks for on this platform."""
    marks = [{"extra": extra} for extra in (*extras, "")]
    return [
        requirement
        for requirement in map(Requirement, importlib.metadata.requires(name) or [])
        if not requirement.marker or any(map(requirement.marker.evaluate, marks))
    ]


def test_every_pip_call_passes_the_constraints():
    files = [*ROOT.glob("*"), *ROOT.glob("*/run"), *(ROOT / "coursekit").rglob("*.py")]
    files = [f for f in files if f.is_file() and f.name != "pyproject.toml"]
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if "pip install" in line:
                # An autograder's requirements are pinned, its wheel brings no others.
                pins = "-c constraints.txt", "-r requirements.txt", "--no-deps"
                assert any(pin in line for pin in pins), f"{file.name}: {line}"


def test_make_help_names_every_target_once():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"\.PHONY: (.*)", text)[1].split()
    phony.remove("python")  # a step of the others
    assert sorted(re.findall(r"^(\w+):.*## ", text, re.MULTILINE)) == sorted(phony)
    assert {"help", "setup", "lab", "test", "proof", "lint", "build", "bench"} <= {
        *phony
    }

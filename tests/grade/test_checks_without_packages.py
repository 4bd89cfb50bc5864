"""Checking NumPy exercises where nothing but NumPy is installed; torch ones say so."""

import subprocess
import sys
from textwrap import dedent

import pytest

from coursekit import bank

LACKING = "torch", "scipy", "matplotlib", "IPython", "jupyterlab", "requests", "tqdm"

CODE = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
sys.modules.update(dict.fromkeys(sys.argv[2].split()))
from coursekit import bank
from coursekit.grade import check, hint, progress
for one in bank.exercises():
    if one.torch:
        def answer(*args): pass
    else:
        answer = getattr(importlib.import_module("own_" + one.id), one.id)
    verdict = check(answer, one.id)
    verdict._repr_html_(), hint(one.id)
    print(one.id, verdict.status, verdict.sentence)
repr(progress())
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Give what each check says in a Python that lacks the packages."""
    folder = tmp_path_factory.mktemp("own")
    for one in bank.exercises():
        if not one.torch:
            path = folder / f"own_{one.id}.py"
            text = f"import numpy as np\n\n\n{one.solution_source}\n"
            path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", dedent(CODE), folder, " ".join(LACKING)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def test_every_numpy_exercise_is_checked_with_numpy_alone(said):
    verdicts = {one.id: said[one.id] for one in bank.exercises() if not one.torch}
    assert {id: said for id, said in verdicts.items() if said != "passed "} == {}


def test_an_exercise_about_torch_says_how_to_install_it(said):
    for one in bank.exercises():
        if one.torch:
            assert said[one.id] == (
                "refused torch is not installed in this Python, and this check needs "
                "it. In the course's folder run: python install.py. Then restart the "
                "kernel."
            )

"""Where torch, Jupyter or the network's packages are missing, all else works."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = """
import sys
for name in ("torch", "jupyterlab", "jupyter_server", "requests", "urllib3", "pooch"):
    sys.modules[name] = None
"""
CHECK_ALL = """
import os
os.environ["COURSEKIT_PROGRESS"] = "off"
from coursekit import bank
from coursekit.grade import check
from coursekit.grade.notebook import evaluate
every = bank.exercises()
passed = [evaluate(one, one.answer).passed for one in every if not one.torch]
print(len(passed), all(passed))
def build_lenet(): pass
print(check(build_lenet))
"""


def in_a_new_python(code: str) -> str:
    """Run code where the packages cannot be imported; return what it says."""
    command = [sys.executable, "-c", BLOCK + code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=240
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_every_numpy_exercise_is_checked_and_a_torch_one_says_what_is_missing():
    numpy, *torch = in_a_new_python(CHECK_ALL).splitlines()
    assert numpy == "58 True"
    assert torch == [
        "check: not accepted",
        "torch is not installed in this Python, and this check needs it. In the "
        "course's folder run: python install.py. Then restart the kernel.",
    ]


@pytest.mark.parametrize("part", ["shapes", "nets", "count"])
def test_the_hand_worked_numbers_hold(part):
    lines = [
        "import pytest",
        "options = ['-q', '-p', 'no:cacheprovider', '-p', 'no:nbval']",
    ]
    lines += ["options += ['-o', 'addopts=', '-o', 'filterwarnings=', '--noconftest']"]
    lines += [f"raise SystemExit(pytest.main([*options, 'tests/hand/test_{part}.py']))"]
    assert " passed" in in_a_new_python("\n".join(lines))

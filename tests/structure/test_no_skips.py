"""In continuous integration a skipped test is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSES = "def test_passes(): pass\n"
SKIPS = "import pytest\n@pytest.mark.skip\ndef test_skips(): pass\n"


@pytest.mark.parametrize(("text", "code"), [(PASSES, 0), (PASSES + SKIPS, 1)])
def test_a_run_with_a_skipped_test_fails_with_the_plugin(tmp_path, text, code):
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_skips"]
    done = subprocess.run(
        [*command, "-p", "xdist", "-n1", tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert ("1 tests were skipped, and here none may be" in done.stdout) == code

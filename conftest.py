"""Make nbval see what it would miss: history, pictures, floats to three digits.

Each patch is guarded by a test in tests/notebooks that sees it red and green.
"""

import os
from pathlib import Path

import pytest

from coursekit import files

SANITIZE = Path(__file__).parent / "tests" / "notebooks" / "sanitize.cfg"

# Lesson sources are text for the build, not modules; what a learner keeps is not ours.
collect_ignore_glob = ["notebooks/source/*", f"*.{files.YOURS}*.ipynb", "work/*"]


def pytest_configure(config: pytest.Config) -> None:
    """Patch nbval when it runs, in every worker."""
    if not (config.pluginmanager.hasplugin("nbval") and config.option.nbval):
        return
    # Imported here: tests/conftest.py has to see the operations' first import.
    from nbval.kernel import RunningKernel
    from nbval.plugin import IPyNbCell

    from coursekit.author.compare import with_pictures_and_floats
    from coursekit.author.kernel import ENVIRONMENT, warm_up

    warm_up()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(SANITIZE)
    RunningKernel.execute_cell_input = execute_with_history
    IPyNbCell.compare_outputs = with_pictures_and_floats(IPyNbCell.compare_outputs)


def execute_with_history(kernel, cell_input, allow_stdin=None):
    """Run a cell as Jupyter does: `Out[n]` exists and a trailing `;` hides it."""
    return kernel.kc.execute(
        cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )

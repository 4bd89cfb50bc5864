"""`coursekit progress`: the table of what is solved."""

from __future__ import annotations

import argparse
import os

from coursekit.cli.options import work, work_folder

SAYS = "show what you have solved"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    work(parser)


def run(options: argparse.Namespace) -> int:
    """Print the table of the work folder, or of the file that is told."""
    from coursekit.grade import progress, record

    path = work_folder(options) / record.NAME
    if options.work or record.TOLD not in os.environ:
        os.environ[record.TOLD] = str(path) if path.exists() else record.OFF
    print(progress())
    return 0

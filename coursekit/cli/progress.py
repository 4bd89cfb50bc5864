"""`coursekit progress`: the table of what is solved."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from coursekit.cli.options import work, work_folder

SAYS = "show what you have solved"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("lesson", type=int, nargs="?", help="its number (default: all)")
    parser.add_argument("--open", action="store_true", help="only what is not solved")
    work(parser)


def run(options: argparse.Namespace) -> int:
    """Print the table of the work folder, or of the file that is told."""
    from coursekit.grade import record
    from coursekit.grade.standing import standing

    def of_the_folder() -> Path | None:
        folder = work_folder(options)
        path = folder / record.NAME
        return path if path.exists() or record.is_work(folder) else None

    told = os.environ.get(record.TOLD) and not options.work
    find = record.find if told else of_the_folder
    table = standing(options.lesson, unsolved=options.open, find=find)
    print(table)
    return 0 if table.rows else 1

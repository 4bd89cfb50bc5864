"""`coursekit reset`: put one exercise's starter back."""

from __future__ import annotations

import argparse

from coursekit.cli.options import dry_run, existing_work_folder, work

SAYS = "put one exercise's starter back"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("exercise", metavar="ID", help="its function, such as corr2d")
    work(parser)
    dry_run(parser)


def run(options: argparse.Namespace) -> int:
    """Reset it, or say what that would change."""
    from coursekit import workfolder
    from coursekit.cli import server

    course, folder = workfolder.course_folder(), existing_work_folder(options)
    how = {"dry_run": options.dry_run}
    change = workfolder.reset(course, folder, options.exercise, **how)
    server.trust(folder, [change])
    print(change)
    return 0

"""`coursekit update`: bring new versions beside the learner's work."""

from __future__ import annotations

import argparse

from coursekit.cli.options import dry_run, existing_work_folder, work

SAYS = "bring new versions beside your work"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    work(parser)
    dry_run(parser)


def run(options: argparse.Namespace) -> int:
    """Say of each file what happened to it, or would."""
    from coursekit import workfolder
    from coursekit.cli import server

    course, folder = workfolder.course_folder(), existing_work_folder(options)
    changes = workfolder.update(course, folder, dry_run=options.dry_run)
    server.trust(folder, changes)
    lines = [str(change) for change in changes]
    lines += [
        f"{path} waits beside yours: copy your answers over, or delete it (the next "
        "update brings it again)."
        for path in workfolder.waiting(course, folder)
    ]
    print(*lines or ["Your notebooks are those of the course."], sep="\n")
    return 0

"""Options that several subcommands share."""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path


def work(parser: argparse.ArgumentParser) -> None:
    """Let the learner name the work folder."""
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="your own folder (default: the one you are in, or else work)",
    )


def dry_run(parser: argparse.ArgumentParser) -> None:
    """Let the learner see first what would change."""
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would change; change nothing"
    )


def work_folder(options: argparse.Namespace) -> Path:
    """Return the work folder that was named, or the one we are in."""
    from coursekit import workfolder

    chosen: Path | None = options.work
    return chosen or workfolder.work_folder(workfolder.course_folder())


def existing_work_folder(options: argparse.Namespace) -> Path:
    """Return the work folder, which is there: only `coursekit lab` makes one.

    Raises: WorkError if it is not; a folder beside it with a like name is offered.
    """
    from coursekit import workfolder
    from coursekit.grade import record

    folder = work_folder(options)
    if record.is_work(folder):
        return folder
    here = folder.resolve()
    beside = here.parent.iterdir() if here.parent.is_dir() else ()
    names = [one.name for one in beside if record.is_work(one)]
    near = difflib.get_close_matches(here.name, names, n=1)
    meant = f" Did you mean --work {folder.with_name(near[0])}?" if near else ""
    raise workfolder.WorkError(
        f"{folder} is no work folder.{meant} `coursekit lab` makes a new one."
    )

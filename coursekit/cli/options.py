"""Options that several subcommands share."""

from __future__ import annotations

import argparse
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

"""Options that several subcommands share."""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursekit.exercise import Exercise


class CommandError(RuntimeError):
    """What a command line asks for is not there; the message says what is."""


def work(parser: argparse.ArgumentParser) -> None:
    """Let the learner name the work folder."""
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="your own folder (default: the one you are in, or else work)",
    )


def dry_run(parser: argparse._ActionsContainer) -> None:
    """Let the learner see first what would change."""
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would change; change nothing"
    )


def bank_folder(parser: argparse._ActionsContainer) -> None:
    """Let the instructor add exercises that the course does not have."""
    parser.add_argument(
        "--bank",
        type=Path,
        metavar="FOLDER",
        help="bank files of your own; they come before the course's of the same name",
    )


def chosen_exercises(options: argparse.Namespace) -> list[Exercise]:
    """Return the exercises that were named, or else all of the instructor's own.

    Raises: CommandError if one is unknown, or none is left.
    """
    from coursekit import bank

    folder: Path | None = options.bank
    if not options.exercises:
        found = bank.own_exercises(folder) if folder else []
        if not found:
            raise CommandError("Name at least one exercise, such as corr2d.")
        return found
    try:
        return [bank.load(id, folder) for id in dict.fromkeys(options.exercises)]
    except KeyError as unknown:
        raise CommandError(unknown.args[0]) from None


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

"""`coursekit exam`: papers with every learner's own numbers, made from one secret."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from coursekit.cli.options import CommandError, bank_folder, chosen_exercises, dry_run

SAYS = "make exam papers with every learner's own numbers"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "exercises",
        nargs="*",
        metavar="EXERCISE",
        help="their functions, such as corr2d (default: all in --bank)",
    )
    secret = parser.add_mutually_exclusive_group(required=True)
    secret.add_argument(
        "--secret", type=Path, metavar="FILE", help="what all numbers are made from"
    )
    secret.add_argument(
        "--new-secret", type=Path, metavar="FILE", help="make a secret, and end"
    )
    parser.add_argument(
        "--roster", type=Path, metavar="CSV", help="who gets a paper, one id a row"
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="LEARNER",
        help="only this id's paper (may be given again; needs no roster)",
    )
    parser.add_argument("--title", default="Exam", help="at the head of each paper")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("papers"),
        metavar="FOLDER",
        help="where the papers go, a folder each (default: papers)",
    )
    bank_folder(parser)
    dry_run(parser)


def run(options: argparse.Namespace) -> int:
    """Make a secret, or the papers; 1 if a paper of another content is there."""
    from coursekit.author import papers
    from coursekit.classroom import exam

    if options.new_secret:
        exam.new_secret(options.new_secret)
        print(f"{options.new_secret} written. Keep it, and keep it to yourself.")
        return 0
    made = exam.Exam(exam.read_secret(options.secret))
    exam.keep_apart(options.secret, options.out)
    if warning := exam.exposed(options.secret):
        print(warning, file=sys.stderr)
    chosen, learners = chosen_exercises(options), _learners(options)
    drafts = (papers.paper(made, one, chosen, options.title) for one in learners)
    kept = False
    how = {"dry_run": options.dry_run}
    for one in papers.write(options.out, drafts, options.title, **how):
        print(f"{one.path}: another content is there, kept" if one.kept else one.path)
        kept = kept or one.kept
    if kept:
        print("Move what was kept away, or name another folder with --out.")
        return 1
    told = " would be" if options.dry_run else ""
    print(f"Papers of {made.policy}{told} in {options.out}: {len(learners)}.")
    return 0


def _learners(options: argparse.Namespace) -> list[str]:
    """Return the ids of those who get a paper.

    Raises: CommandError if nobody does, or the roster lacks one who is named.
    """
    from coursekit.classroom.roster import Roster
    from coursekit.classroom.sheets import SheetError

    only = list(dict.fromkeys(options.only or ()))
    if options.roster is None:
        if not only:
            raise CommandError("Who gets a paper? Say --roster CSV, or --only LEARNER.")
        return only
    try:
        ids = [person.id for person in Roster.read(options.roster).people]
    except SheetError as error:
        raise CommandError(str(error)) from None
    for one in only:
        if one not in ids:
            raise CommandError(f"{options.roster} lists nobody with the id {one!r}.")
    return only or ids

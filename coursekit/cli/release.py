"""`coursekit release`: make the copy that students get, which holds no answer."""

from __future__ import annotations

import argparse
from pathlib import Path

from coursekit.cli.options import dry_run

SAYS = "make the copy that students get, without answers"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("target", type=Path, metavar="student.zip", help="the zip")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="also unpack it there, over an older release and over nobody's work",
    )
    parser.add_argument(
        "--lessons", type=int, nargs="+", metavar="N", help="only these (default: all)"
    )
    dry_run(parser)


def run(options: argparse.Namespace) -> int:
    """Write the zip, and into the folder if one is named; or say what would change."""
    from coursekit import workfolder
    from coursekit.author import handing, student

    course = workfolder.course_folder()
    made = student.copy(course, options.lessons or ())
    if not options.dry_run:
        student.write(options.target, made)
    size = f"{len(made)} files, {sum(map(len, made.values())) / 1e6:.1f} MB unpacked"
    print(f"{options.target} {'would hold' if options.dry_run else 'holds'} {size}.")
    if options.into:
        every, how = student.contents(course), {"dry_run": options.dry_run}
        changes = handing.hand_out(made, every, options.into, **how)
        changed = [str(one) for one in changes if one.what != handing.NEW]
        new = f"{len(changes) - len(changed)} files new, {len(changed)} changed"
        print(*changed, f"{options.into}: {new}.", sep="\n")
    return 0

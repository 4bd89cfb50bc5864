"""`coursekit answers`: the answer sheet, for those who teach."""

from __future__ import annotations

import argparse
from pathlib import Path

from coursekit.cli.options import CommandError

SAYS = "write the answer sheet, for those who teach"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("out", type=_file, metavar="FILE", help="a .html or .md file")
    parser.add_argument(
        "--lessons", type=int, nargs="+", metavar="N", help="which (default: all)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the sheet, whole, over the one before."""
    from coursekit import files, workfolder
    from coursekit.author import answers, page, plan

    lessons = list(plan.plan(workfolder.course_folder()))
    known = [lesson.number for lesson in lessons]
    for number in options.lessons or ():
        if number not in known:
            there = ", ".join(map(str, known))
            raise CommandError(f"There is no lesson {number}. There are: {there}.")
    wanted = options.lessons or known
    text = answers.sheet([one for one in lessons if one.number in wanted])
    if options.out.suffix == ".html":
        text = page.page("Answers", text)
    files.put(options.out, text.encode())
    print(f"{options.out} written. It holds every solution: keep it from learners.")
    return 0


def _file(word: str) -> Path:
    path = Path(word)
    if path.suffix not in (".html", ".md"):
        raise argparse.ArgumentTypeError(f"{word} ends in neither .html nor .md")
    return path

"""The options of `coursekit grade`: what is graded, how it counts, where it runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from coursekit.cli.options import bank_folder, dry_run


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "submissions", type=Path, help="a folder or .zip of notebooks, or one notebook"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("results"),
        metavar="DIR",
        help="where results, grades, feedback and reports go; only results.jsonl is "
        "added to, the others are replaced (default: results)",
    )
    _add_what(parser.add_argument_group("what is graded"))
    _add_how(parser.add_argument_group("how it counts"))
    _add_where(parser.add_argument_group("where it runs"))


def _add_what(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--lessons", type=int, nargs="+", metavar="N", help="only these")
    for option, name in (("--only-exercise", "ID"), ("--only-learner", "NAME")):
        group.add_argument(
            option, action="append", default=[], metavar=name, help="only this one"
        )
    bank_folder(group)
    there = group.add_mutually_exclusive_group()
    there.add_argument(
        "--resume", action="store_true", help="grade what has no result yet"
    )
    there.add_argument(
        "--again",
        action="store_true",
        help="grade what changed since: submissions, exercises, seeds",
    )
    dry_run(group)


def _add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--roster", type=Path, metavar="CSV", help="who is in the class: id, name, ..."
    )
    group.add_argument(
        "--policy",
        type=Path,
        metavar="TOML",
        help="latest or best, lateness, weights: grading.toml (default: that of the "
        "last time, which DIR keeps)",
    )
    numbers = group.add_mutually_exclusive_group()
    numbers.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="draw inputs by this number (default: a secret that DIR keeps)",
    )
    numbers.add_argument(
        "--exam", type=Path, metavar="SECRET", help="draw them by an exam's secret"
    )


def _add_where(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="processes on this machine (default: one for each core)",
    )
    group.add_argument("--engine", choices=("joblib", "dask"), default="joblib")
    group.add_argument(
        "--scheduler", metavar="ADDRESS", help="of Dask, such as tcp://127.0.0.1:8786"
    )
    group.add_argument(
        "--allow-weak-isolation",
        action="store_true",
        help="run submissions also where they cannot be walled in",
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few: at least 1")
    return number

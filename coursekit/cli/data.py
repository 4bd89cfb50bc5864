"""`coursekit data`: which data is there, and how to have more."""

from __future__ import annotations

import argparse

SAYS = "list the data sets, or download and check one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("name", nargs="?", metavar="NAME", type=_name, help="which")
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="where the data is (default: COURSEKIT_DATA, or else your cache)",
    )


def run(options: argparse.Namespace) -> int:
    """Download one data set, or list all; 1 if a file is bad."""
    from coursekit import data

    if options.name:
        for mended in data.fetch(options.name, options.data):
            print(mended)
        print(f"{options.name}: {data.survey(options.data)[options.name].words}")
        return 0
    found = data.survey(options.data)
    for name, standing in found.items():
        print(f"{name:15}{standing.words}", *standing.faults, sep="\n  ")
    if not all(standing.complete for standing in found.values()):
        print("To download one, and check it: coursekit data NAME")
    return 1 if any(standing.faults for standing in found.values()) else 0


def _name(word: str) -> str:
    from coursekit import data

    try:
        data.check_name(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return word

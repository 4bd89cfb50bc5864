"""`coursekit build`: make the notebooks from their sources, for authors."""

from __future__ import annotations

import argparse

SAYS = "make the notebooks from their sources"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("names", nargs="*", help="which (default: all that changed)")
    parser.add_argument("--force", action="store_true", help="also what is up to date")
    parser.add_argument("--check", action="store_true", help="only say what is stale")


def run(options: argparse.Namespace) -> int:
    """Build what is stale, or only say what is."""
    from coursekit import author

    if options.check:
        stale = author.stale()
        print(*stale or ["Every notebook is up to date."], sep="\n")
        return 1 if stale else 0
    built = author.build(options.names, force=options.force)
    several = "" if len(built) == 1 else "s"
    print(f"{len(built)} notebook{several} built." if built else "Nothing to build.")
    return 0

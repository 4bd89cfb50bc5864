"""`coursekit build`: make the notebooks from their sources, for authors."""

from __future__ import annotations

import argparse

SAYS = "make the notebooks from their sources"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("names", nargs="*", help="which (default: all that changed)")
    parser.add_argument("--force", action="store_true", help="also what is up to date")
    parser.add_argument(
        "--check", action="store_true", help="only say what is stale or lacks"
    )


def run(options: argparse.Namespace) -> int:
    """Build what is stale, or only say what is, and what lacks."""
    from coursekit import author

    if options.check:
        found = [*author.stale(), *author.faults()]
        print(*found or ["Every notebook is up to date, and nothing lacks."], sep="\n")
        return 1 if found else 0
    built = author.build(options.names, force=options.force)
    named = [f"{path.parent.name}/{path.name} built" for path in built]
    print(*named or ["Nothing to build."], sep="\n")
    return 0

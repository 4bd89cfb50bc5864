"""Write what a command made, and nothing over what is there unless that was asked."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from coursekit import files
from coursekit.ipynb import digest

LONGEST = 60  # letters of a file's name that is made from a learner's


class NotDelivered(RuntimeError):
    """Something stands where a file belongs; the message says what to do."""


def replace(parser: argparse.ArgumentParser) -> None:
    """Let the user have files written over."""
    parser.add_argument(
        "--replace", action="store_true", help="also over a file that is there"
    )


def deliver(contents: Mapping[Path, bytes], options: argparse.Namespace) -> None:
    """Write files, each whole, and say so; in a dry run only say what would be.

    Raises: NotDelivered before the first is written, if one would replace another.
    """
    other = [path for path, content in contents.items() if _differs(path, content)]
    if other and not (options.replace or options.dry_run):
        raise NotDelivered(
            f"{other[0]} is there and is another one. Look what is in it, then say "
            "--replace, or delete it."
        )
    would = "Would write" if options.dry_run else "Wrote"
    for path, content in contents.items():
        if not options.dry_run:
            files.put(path, content)
        print(f"{would} {path}{' over the one there' if path in other else ''}")


def file_name(learner: str) -> str:
    """Make a file's name of a learner's, which may hold anything.

    >>> file_name("ada"), file_name("../x")
    ('ada', '___x-407cf666')
    """
    plain = "".join(one if one.isalnum() or one in "-@" else "_" for one in learner)
    if plain == learner.lower() and len(plain) <= LONGEST:
        return plain
    return f"{plain[:LONGEST]}-{digest(learner)[:8]}"


def _differs(path: Path, content: bytes) -> bool:
    if kind := files.foreign(path):
        raise NotDelivered(f"{path} is {kind}, not a file. Name another place.")
    return path.exists() and path.read_bytes() != content

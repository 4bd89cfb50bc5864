"""The command `coursekit`: one file for each subcommand, read here into one parser.

Such a file has `SAYS`, its line in the help; `arguments`, which adds its options to a
parser; and `run`, a thin call into the part that does it.

Exit codes: 0 done, 1 not done (the last line says what to do), 2 a wrong command line.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import coursekit
from coursekit.cli import (
    answers,
    build,
    data,
    doctor,
    exam,
    export,
    grade,
    lab,
    progress,
    release,
    reset,
    update,
)

FULL = {errno.ENOSPC, errno.EDQUOT}
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
LEARNERS = (lab, progress, reset, update, data, doctor)
INSTRUCTORS = (release, grade, export, exam, answers, build)
AUTHOR = Path(__file__).parents[1] / "author"  # a student's copy has none
COMMANDS = LEARNERS + (INSTRUCTORS if AUTHOR.is_dir() else ())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without the letters of a path
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        code = run(options)
        sys.stdout.flush()  # so that a closed pipe is met here and not at exit
        return code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(_in_words(error), file=sys.stderr)
    except RuntimeError as error:  # our own
        print(error, file=sys.stderr)
    return 1


def _in_words(error: OSError) -> str:
    """Say what the system refused, what to do, and that no file was cut off."""
    whole = "Every file is whole, as it was or new; run the command again afterwards."
    if error.errno in FULL:
        return f"The disk is full ({error}). Free some space. {whole}"
    if error.errno in CLOSED:
        place = "Name a folder of yours (--help says how), or ask for the right to it."
        return f"The system does not allow it ({error}). {place} {whole}"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coursekit", description="A course on convolutional networks."
    )
    parser.add_argument(
        "--version", action="version", version=f"coursekit {coursekit.__version__}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        name, says = command.__name__.rpartition(".")[2], command.SAYS
        one = commands.add_parser(name, help=says, description=f"{says.capitalize()}.")
        one.set_defaults(run=command.run)
        command.arguments(one)
    return parser

"""The command `coursekit`: one file for each subcommand, read here into one parser.

Such a file has `SAYS`, its line in the help; `arguments`, which adds its options to a
parser; and `run`, a thin call into the part that does it.

Exit codes: 0 done, 1 not done (the last line says what to do), 2 a wrong command line.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import coursekit
from coursekit.cli import build, data, doctor, lab, progress, reset, update

COMMANDS = (lab, progress, reset, update, data, build, doctor)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
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
    except (RuntimeError, OSError) as error:  # our own errors are RuntimeErrors
        print(error, file=sys.stderr)
    return 1


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

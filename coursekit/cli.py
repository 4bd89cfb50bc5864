"""The command `coursekit`: each subcommand is a thin call into the part that does it.

Exit codes: 0 done, 1 not done (the last line says what to do), 2 a wrong command line.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import coursekit

TOLD = "COURSEKIT_PROGRESS"  # where the grader looks for the progress file


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

    lab = _add(commands, "lab", _lab, "open the course in JupyterLab")
    _work(lab)
    lab.add_argument("--port", type=int, help="the server's port (default 8888)")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--browser", help="the browser to open")
    lab.add_argument(
        "jupyter", nargs="*", metavar="-- ...", help="options for JupyterLab itself"
    )

    progress = _add(commands, "progress", _progress, "show what you have solved")
    _work(progress)

    reset = _add(commands, "reset", _reset, "put one exercise's starter back")
    reset.add_argument("exercise", metavar="ID", help="its function, such as corr2d")
    _work(reset)
    _dry_run(reset)

    update = _add(commands, "update", _update, "bring new versions beside your work")
    _work(update)
    _dry_run(update)

    data = _add(
        commands, "data", _data, "list the data sets, or download and check one"
    )
    data.add_argument("name", nargs="?", metavar="NAME", type=_data_name, help="which")
    data.add_argument(
        "--data",
        metavar="FOLDER",
        help="where the data is (default: COURSEKIT_DATA, or else your cache)",
    )

    build = _add(commands, "build", _build, "make the notebooks from their sources")
    build.add_argument("names", nargs="*", help="which (default: all that changed)")
    build.add_argument("--force", action="store_true", help="also what is up to date")
    build.add_argument("--check", action="store_true", help="only say what is stale")

    doctor = _add(commands, "doctor", _doctor, "say whether the installation will do")
    _work(doctor)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=what, description=f"{what.capitalize()}.")
    parser.set_defaults(run=run)
    return parser


def _work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help="your own folder (default: the one you are in, or else work)",
    )


def _dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would change; change nothing"
    )


def _data_name(word: str) -> str:
    from coursekit import data

    try:
        data.check_name(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return word


def _folder(options: argparse.Namespace) -> Path:
    from coursekit import workfolder

    chosen: Path | None = options.work
    return chosen or workfolder.work_folder(workfolder.course_folder())


def _lab(options: argparse.Namespace) -> int:
    from coursekit import lab, workfolder
    from coursekit.grade import record

    wanted = lab.PORT if options.port is None else options.port
    port = lab.free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is taken; this one uses {port}.")
    address = f"http://localhost:{port}/lab"
    print(f"Starting JupyterLab at {address} ... Ctrl+C stops it.", flush=True)
    course, work = workfolder.course_folder(), _folder(options)
    copied = workfolder.copy_missing(course, work)
    lab.trust(work / change.path for change in copied)
    record.create(work / record.NAME)
    if news := workfolder.news(course, work):
        print(
            f"New versions of your notebooks: {len(news)}. To see what would "
            "change, run: coursekit update --dry-run"
        )
    jupyter = [f"--port={port}"]
    if options.browser is not None:
        jupyter.append(f"--browser={options.browser}")
    if options.no_browser:
        jupyter.append("--no-browser")
    return lab.open_lab(work, [*jupyter, *options.jupyter])


def _progress(options: argparse.Namespace) -> int:
    from coursekit.grade import progress, record

    path = _folder(options) / record.NAME
    if options.work or TOLD not in os.environ:
        os.environ[TOLD] = str(path) if path.exists() else "off"
    print(progress())
    return 0


def _reset(options: argparse.Namespace) -> int:
    from coursekit import workfolder

    print(
        workfolder.reset(
            workfolder.course_folder(),
            _folder(options),
            options.exercise,
            dry_run=options.dry_run,
        )
    )
    return 0


def _update(options: argparse.Namespace) -> int:
    from coursekit import workfolder

    course, work = workfolder.course_folder(), _folder(options)
    changes = workfolder.update(course, work, dry_run=options.dry_run)
    lines = [str(change) for change in changes]
    lines += [
        f"{path} waits beside yours: copy your answers over, or delete it (the next "
        "update brings it again)."
        for path in workfolder.waiting(course, work)
    ]
    print(*lines or ["Your notebooks are those of the course."], sep="\n")
    return 0


def _data(options: argparse.Namespace) -> int:
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


def _build(options: argparse.Namespace) -> int:
    from coursekit import build

    if options.check:
        stale = build.stale()
        print(*stale or ["Every notebook is up to date."], sep="\n")
        return 1 if stale else 0
    built = build.build(options.names, force=options.force)
    several = "" if len(built) == 1 else "s"
    print(f"{len(built)} notebook{several} built." if built else "Nothing to build.")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from coursekit import doctor, workfolder

    findings = list(doctor.examine(workfolder.course_folder(), _folder(options)))
    print(*findings, sep="\n")
    return 1 if any(finding.remedy for finding in findings) else 0

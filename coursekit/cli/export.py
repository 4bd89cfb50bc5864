"""`coursekit export`: bring results to where a course is kept, beside what is there."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.cli.deliver import deliver, file_name, replace
from coursekit.cli.options import dry_run

if TYPE_CHECKING:
    from coursekit.classroom.exports.sheet import Change, Mark, Sheet
    from coursekit.classroom.results import Result
    from coursekit.exercise import Exercise

SAYS = "bring results to where a course is kept"
FEWEST = 20  # replaced cells that are listed one by one


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the forms, and the options of each."""
    forms = parser.add_subparsers(required=True, metavar="FORM")
    for make, says, add in FORMS:
        name = make.__name__.removeprefix("to_")
        one = forms.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}."
        )
        one.set_defaults(export=make)
        add(one)
        dry_run(one)
        replace(one)


def run(options: argparse.Namespace) -> int:
    """Make the export that was asked for; 1 if somebody is not in it."""
    export: Callable[[argparse.Namespace], int] = options.export
    return export(options)


# Gradescope


def _gradescope(parser: argparse.ArgumentParser) -> None:
    from coursekit.classroom.exports.gradescope import VISIBILITIES

    parser.add_argument(
        "results", nargs="?", type=Path, metavar="RESULTS", help=_RESULTS
    )
    parser.add_argument(
        "out",
        type=Path,
        metavar="OUT",
        help="a folder for one results.json a learner, or the autograder's zip",
    )
    parser.add_argument(
        "--autograder",
        type=int,
        metavar="LESSON",
        help="make the zip that grades this lesson on Gradescope",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the class's seed (default: 0)"
    )
    parser.add_argument(
        "--allow-weak-isolation",
        action="store_true",
        help="grade there even where the system cannot shut submissions in",
    )
    parser.add_argument(
        "--visibility",
        choices=VISIBILITIES,
        default=VISIBILITIES[0],
        help="when learners see their results and their total (default: at once)",
    )
    parser.add_argument(
        "--leaderboard",
        action="store_true",
        help="show points to the whole class, by the names that learners choose",
    )


def to_gradescope(options: argparse.Namespace) -> int:
    """Write results.json for each learner, or the zip of an autograder."""
    from coursekit.classroom.exports import autograder, gradescope
    from coursekit.classroom.exports.sheet import ExportError

    look = {"visibility": options.visibility, "leaderboard": options.leaderboard}
    if options.autograder is not None:
        exercises = _lesson(options.autograder)
        settings = autograder.Settings(
            options.autograder, options.seed, options.allow_weak_isolation, **look
        )
        deliver({options.out: autograder.archive(settings)}, options)
        points = sum(one.points for one in exercises)
        print(f"On Gradescope set Autograder Points to {points:g}.")
        return 0
    if options.results is None:
        raise ExportError(
            "Name the folder of results and one for the files to write: coursekit "
            "export gradescope results/ gradescope/. Or say --autograder LESSON."
        )
    from coursekit import bank

    per_learner = _by_learner(options.results)
    ids = {one.exercise for own in per_learner.values() for one in own}
    exercises = [one for one in bank.exercises() if one.id in ids]
    deliver(
        {
            options.out / f"{file_name(learner)}.json": gradescope.document(
                own, exercises, **look
            )
            for learner, own in per_learner.items()
        },
        options,
    )
    return 0


# Canvas and Moodle


def _sheet(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("results", type=Path, metavar="RESULTS", help=_RESULTS)
    parser.add_argument("sheet", type=Path, metavar="EXPORT.csv", help=what)
    parser.add_argument(
        "--scale",
        action="store_true",
        help="scale the points where the maximum there is another",
    )
    for name, says in (
        ("policy", "what counts (default: that of the last grading)"),
        ("roster", "who is in the class"),
        ("overrides", "points that you give instead (default: those in RESULTS)"),
    ):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=says)


def _canvas(parser: argparse.ArgumentParser) -> None:
    _sheet(parser, "the gradebook as Canvas exported it; it stays as it is")
    parser.add_argument(
        "--column", required=True, metavar="ASSIGNMENT", help="the one to fill in"
    )


def _moodle(parser: argparse.ArgumentParser) -> None:
    from coursekit.classroom.exports import moodle

    _sheet(parser, "the grading worksheet from Moodle; it stays as it is")
    for name in (moodle.GRADE, moodle.FEEDBACK, moodle.MAXIMUM):
        parser.add_argument(
            f"--{name.split()[0].lower()}",
            default=name,
            metavar="COLUMN",
            help=f"its name in a Moodle of another language (default: {name})",
        )


def to_canvas(options: argparse.Namespace) -> int:
    """Fill one column of a gradebook."""
    from coursekit.classroom.exports import canvas

    return _filled(
        lambda marks: canvas.filled(
            options.sheet, options.column, marks, scale=options.scale
        ),
        options,
    )


def to_moodle(options: argparse.Namespace) -> int:
    """Fill grades and feedback of a worksheet."""
    from coursekit.classroom.exports import moodle

    columns = {
        name: getattr(options, name) for name in ("grade", "feedback", "maximum")
    }
    return _filled(
        lambda marks: moodle.filled(
            options.sheet, marks, **columns, scale=options.scale
        ),
        options,
    )


Fill = Callable[[Mapping[str, "Mark"]], tuple["Sheet", list["Change"], list[str]]]


def _filled(fill: Fill, options: argparse.Namespace) -> int:
    """Fill a copy with everybody's marks; say what that replaced, and who lacks."""
    from coursekit.classroom.exports.marks import marks
    from coursekit.classroom.exports.sheet import beside

    files = options.policy, options.roster, options.overrides
    made, problems = marks(options.results, *files)
    sheet, changes, lacking = fill(made)
    problems += lacking
    out = beside(options.sheet)
    replaced = [one for one in changes if one.before.strip() not in ("", one.after)]
    for one in replaced[:FEWEST]:
        print(
            f"{one.learner}: {one.column}: {_short(one.before)} -> {_short(one.after)}"
        )
    if len(replaced) > FEWEST:
        print(f"... {len(replaced) - FEWEST} more cells held something else")
    print(*problems, sep="\n", end="\n" if problems else "")
    deliver({out: sheet.content()}, options)
    learners = len({one.learner for one in changes})
    print(f"{learners} learners are in it; {options.sheet} is as it was.")
    if problems:
        print("Not all are in it: the lines above name them.")
    return 1 if problems else 0


# Test reports, nbgrader


def _junit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("results", type=Path, metavar="RESULTS", help=_RESULTS)
    parser.add_argument("out", type=Path, metavar="OUT.xml", help="the file to write")


def to_junit(options: argparse.Namespace) -> int:
    """Write one suite a learner, one case an exercise."""
    from coursekit.classroom.exports import junit

    own = _by_learner(options.results).values()
    results = [one for results in own for one in results]
    deliver({options.out: junit.document(results)}, options)
    return 0


def _nbgrader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", type=int, metavar="LESSON", help="its number")
    parser.add_argument(
        "out", type=Path, metavar="FOLDER", help="the folder of your nbgrader course"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of the hidden inputs (default: 1)"
    )


def to_nbgrader(options: argparse.Namespace) -> int:
    """Write a source assignment."""
    import json

    from coursekit import ipynb, workfolder
    from coursekit.classroom.exports import nbgrader

    _lesson(options.lesson)
    folder = workfolder.course_folder() / "exercises"
    (path,) = folder.glob(f"{options.lesson:02}_*.ipynb")
    made = nbgrader.assignment(ipynb.read(path), options.lesson, seed=options.seed)
    place = options.out / "source" / path.stem / path.name
    deliver({place: json.dumps(made, indent=1).encode() + b"\n"}, options)
    print(f"It holds the solutions. In {options.out} run:")
    print(f"nbgrader generate_assignment {path.stem}")
    return 0


# What they share

_RESULTS = "the folder that `coursekit grade` wrote"


def _by_learner(folder: Path) -> Mapping[str, list[Result]]:
    """Read what counts of each learner."""
    from coursekit.classroom.exports.sheet import ExportError
    from coursekit.classroom.results import Store

    found: dict[str, list[Result]] = {}
    for (learner, _), result in sorted(Store(folder).latest().items()):
        found.setdefault(learner, []).append(result)
    if not found:
        raise ExportError(
            f"{folder} holds no results. `coursekit grade SUBMISSIONS/` writes them."
        )
    return found


def _lesson(number: int) -> list[Exercise]:
    from coursekit import bank
    from coursekit.classroom.exports.sheet import ExportError

    exercises = bank.exercises(number)
    if not exercises:
        there = sorted({one.lesson for one in bank.exercises()})
        raise ExportError(
            f"There is no lesson {number}; there are {', '.join(map(str, there))}."
        )
    return exercises


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."


FORMS: Iterable[
    tuple[
        Callable[[argparse.Namespace], int],
        str,
        Callable[[argparse.ArgumentParser], None],
    ]
] = (
    (to_gradescope, "write results.json, or the zip of an autograder", _gradescope),
    (to_canvas, "fill one column of a Canvas gradebook", _canvas),
    (to_moodle, "fill grades and feedback of a Moodle worksheet", _moodle),
    (to_junit, "write a test report: a suite a learner, a case an exercise", _junit),
    (to_nbgrader, "write a lesson as an nbgrader assignment", _nbgrader),
)

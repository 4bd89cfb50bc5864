"""`coursekit grade`: grade a folder of submissions."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.cli.options import CommandError, bank_folder, dry_run

if TYPE_CHECKING:
    from coursekit.classroom.batch import Engine
    from coursekit.classroom.grading import Wanted
    from coursekit.classroom.result import Result
    from coursekit.classroom.results import Store
    from coursekit.classroom.rules import Rules
    from coursekit.classroom.seeds import Seeds

SAYS = "grade a folder of submissions"

_FEW = 16  # submissions that one process grades as soon as several have started


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
        help="where results, grades and feedback go (default: results)",
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
        help="latest or best, lateness, weights: grading.toml",
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
        type=int,
        metavar="N",
        help="processes (default: one for each core)",
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


def run(options: argparse.Namespace) -> int:
    """Grade, keep each result as it comes, and write grades and feedback."""
    from coursekit.classroom import again, pages
    from coursekit.classroom.results import Store
    from coursekit.classroom.rules import Rules

    exercises = _exercises(options)
    rules = Rules.read(
        exercises,
        options.out,
        own=options.bank,
        policy_file=options.policy,
        roster_file=options.roster,
    )
    wanted = _wanted(options, exercises, rules)
    if options.dry_run:
        return _preview(options, wanted, rules)
    with Store(options.out) as store:
        if len(store) and not (options.resume or options.again):
            raise CommandError(
                f"{options.out} holds {len(store)} results. To grade what has none yet "
                "say --resume; what changed, --again; or name another folder with "
                "--out."
            )
        before = rules.grades(store.results(findings=False))
        failed = 0
        for results in _graded(options, wanted, store):
            store.append(results)
            failed += sum(1 for one in results if one.problem)
        after = pages.write(options.out, store, rules, options.submissions)
    for note in store.notes:
        print(note)
    if options.again:
        print(again.table(again.differences(before, after)), end="\n\n")
    print(after.text(), f"Grades, feedback and a report: {options.out}", sep="\n\n")
    if failed:
        print(f"{failed} not graded: grades.csv says why.", file=sys.stderr)
    return 1 if failed else 0


def _preview(options: argparse.Namespace, wanted: Wanted, rules: Rules) -> int:
    """Say what grading would change, and keep nothing."""
    from coursekit.classroom import again
    from coursekit.classroom.results import Store

    store = Store(options.out)
    old = list(store.results(findings=False))
    new = [one for results in _graded(options, wanted, store) for one in results]
    before, after = rules.grades(old), rules.grades(again.replaced(old, new))
    print(f"{len(new)} answers would be graded; nothing was kept.")
    print(again.table(again.differences(before, after)))
    return 0


def _graded(
    options: argparse.Namespace, wanted: Wanted, store: Store
) -> Iterator[list[Result]]:
    """Yield the new results of each submission, and show how far it is."""
    from tqdm import tqdm

    from coursekit.classroom.grading import work

    todo = list(work(wanted, store))
    engine = _engine(options, len(todo))
    yield from tqdm(
        engine(wanted.job, todo), total=len(todo), unit=" submissions", disable=None
    )


def _engine(options: argparse.Namespace, count: int) -> Engine:
    from coursekit.classroom import batch

    if options.engine == "dask":
        if not options.scheduler:
            raise CommandError("Say where Dask's scheduler is: --scheduler tcp://...")
        return batch.on_dask(options.scheduler)
    workers = options.workers or (1 if count <= _FEW else os.cpu_count() or 1)
    return batch.here if workers == 1 else batch.on_cores(workers)


def _wanted(
    options: argparse.Namespace, exercises: Sequence[str], rules: Rules
) -> Wanted:
    from coursekit.classroom.batch import Job
    from coursekit.classroom.grading import Wanted

    seeds, weak = _seeds(options), options.allow_weak_isolation
    return Wanted(
        options.submissions,
        Job(tuple(exercises), seeds, own=options.bank, weak=weak),
        rules.roster,
        again=options.again,
        learners=options.only_learner,
    )


def _seeds(options: argparse.Namespace) -> Seeds:
    from coursekit.classroom import exam, seeds

    if options.exam:
        if warning := exam.exposed(options.exam):
            print(warning, file=sys.stderr)
        return seeds.of_exam(options.exam)
    if options.seed is not None:
        return seeds.of_number(options.seed)
    return seeds.of_class(options.out)


def _exercises(options: argparse.Namespace) -> list[str]:
    """Return the names of what is graded.

    Raises: CommandError if a lesson or an exercise that was named is none.
    """
    from coursekit import bank

    lessons = bank.lessons(options.bank)
    for name in options.only_exercise:
        if name not in lessons:
            try:
                bank.load(name, options.bank)
            except KeyError as unknown:
                raise CommandError(unknown.args[0]) from None
    chosen = [
        name
        for name, lesson in lessons.items()
        if (not options.lessons or lesson in options.lessons)
        and (not options.only_exercise or name in options.only_exercise)
    ]
    if not chosen:
        there = ", ".join(map(str, sorted({*lessons.values()})))
        raise CommandError(f"Nothing is left to grade. There are lessons {there}.")
    return chosen

"""`coursekit grade`: grade a folder of submissions."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.cli.grade_options import arguments
from coursekit.cli.options import CommandError

if TYPE_CHECKING:
    from coursekit.classroom.batch import Engine, Job, Work
    from coursekit.classroom.grading import Wanted
    from coursekit.classroom.reader.handed import Handed
    from coursekit.classroom.result import Result
    from coursekit.classroom.results import Store
    from coursekit.classroom.rules import Rules
    from coursekit.classroom.seeds import Seeds

__all__ = ["SAYS", "arguments", "run"]

SAYS = "grade a folder of submissions"

_FEW = 16  # submissions that one process grades as soon as several have started


def run(options: argparse.Namespace) -> int:
    """Grade, keep each result as it comes, and write grades and feedback.

    Raises: CommandError if it cannot be done as it was asked for.
    """
    from coursekit.classroom.exam import ExamError
    from coursekit.classroom.policy import PolicyError
    from coursekit.classroom.sheets import SheetError

    try:
        return _run(options)
    except (PolicyError, SheetError, ExamError) as error:
        raise CommandError(str(error)) from None


def _run(options: argparse.Namespace) -> int:
    from coursekit.classroom.grading import submissions
    from coursekit.classroom.results import Store

    handed = submissions(options.submissions, options.out)
    exercises = _exercises(options)
    _check(options, store := Store(options.out))
    old, new = _rules(options, None), _rules(options, options.policy)
    wanted = _wanted(options, handed, exercises, new)
    if options.dry_run:
        return _preview(options, wanted, store, old, new)
    with store:
        return _grade(options, wanted, store, old, new)


def _check(options: argparse.Namespace, store: Store) -> None:
    """Refuse what would grade twice, by other numbers, or compare with nothing."""
    from coursekit.classroom.seeds import NAME

    out, count = options.out, len(store)
    if count and not (options.resume or options.again):
        raise CommandError(
            f"{out} holds {count} results. To grade what has none yet say --resume; "
            "what changed, --again; or name another folder with --out."
        )
    if options.dry_run and not count:
        raise CommandError(
            f"{out} holds no results, so there is nothing to compare with. Grade "
            "first, without --dry-run."
        )
    numbers = options.exam or options.seed is not None or (out / NAME).exists()
    if count and not numbers:
        made = ", ".join(sorted({one.seed for one in store.results(findings=False)}))
        raise CommandError(
            f"{out} holds results whose inputs were drawn by {made!r}, and no {NAME}. "
            "Give the same again by --seed or --exam, or put that file back."
        )
    if options.engine == "dask" and not options.scheduler:
        raise CommandError("Say where Dask's scheduler is: --scheduler tcp://...")
    if options.scheduler and options.engine != "dask":
        raise CommandError("--scheduler goes with --engine dask.")


def _rules(options: argparse.Namespace, policy: Path | None) -> Rules:
    """Read what makes grades of all results, also of those that are not graded now."""
    from coursekit import bank
    from coursekit.classroom.rules import Rules

    return Rules.read(
        list(bank.lessons(options.bank)),
        options.out,
        own=options.bank,
        policy_file=policy,
        roster_file=options.roster,
    )


def _grade(
    options: argparse.Namespace, wanted: Wanted, store: Store, old: Rules, new: Rules
) -> int:
    from coursekit.classroom import again, pages
    from coursekit.classroom.grading import Kept, work

    before = old.grades(store.results(findings=False)) if options.again else ()
    todo, kept = list(work(wanted, store)), Kept(store)
    try:
        kept.all(_graded(options, wanted.job, todo))
    except KeyboardInterrupt:
        print(
            f"Stopped. {kept.submissions} of {len(todo)} submissions are graded and "
            f"kept; the same command with --{'again' if options.again else 'resume'} "
            "goes on.",
            file=sys.stderr,
        )
        return 1
    after = pages.write(options.out, store, new, options.submissions)
    for note in store.notes:
        print(note)
    if options.again:
        print(again.table(again.differences(before, after)), end="\n\n")
    print(after.text(), f"Grades, feedback and a report: {options.out}", sep="\n\n")
    if kept.failed:
        print(f"{kept.failed} not graded: grades.csv says why.", file=sys.stderr)
    return 1 if kept.failed else 0


def _preview(
    options: argparse.Namespace, wanted: Wanted, store: Store, old: Rules, new: Rules
) -> int:
    """Say what grading would change, and keep nothing."""
    from coursekit.classroom import again
    from coursekit.classroom.grading import work

    there = list(store.results(findings=False))
    todo = list(work(wanted, store))
    made = [one for some in _graded(options, wanted.job, todo) for one in some]
    before, after = old.grades(there), new.grades(again.replaced(there, made))
    print(f"{len(made)} answers would be graded; nothing was kept.")
    print(again.table(again.differences(before, after)))
    return 0


def _graded(
    options: argparse.Namespace, job: Job, todo: Sequence[Work]
) -> Iterator[list[Result]]:
    """Yield the new results of each submission, and show how far it is."""
    from tqdm import tqdm

    new = len(todo) if options.again else sum(not one.known for one in todo)
    engine = _engine(options, new)
    yield from tqdm(
        engine(job, todo), total=len(todo), unit=" submissions", disable=None
    )


def _engine(options: argparse.Namespace, count: int) -> Engine:
    from coursekit.classroom import batch

    if options.engine == "dask":
        return batch.on_dask(options.scheduler)
    workers = options.workers or (1 if count <= _FEW else os.cpu_count() or 1)
    return batch.here if workers == 1 else batch.on_cores(workers)


def _wanted(
    options: argparse.Namespace,
    handed: Sequence[Handed],
    exercises: Sequence[str],
    rules: Rules,
) -> Wanted:
    from coursekit.classroom.batch import Job
    from coursekit.classroom.grading import Wanted

    seeds, weak = _seeds(options), options.allow_weak_isolation
    own = options.bank.resolve() if options.bank else None  # workers elsewhere see it
    return Wanted(
        handed,
        Job(tuple(exercises), seeds, own=own, weak=weak),
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
    if options.bank:
        try:
            bank.own_exercises(options.bank)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
            raise CommandError(f"{options.bank} cannot be used: {fault}") from None
    there = sorted({*lessons.values()})
    if wrong := sorted({*(options.lessons or ())} - {*there}):
        raise CommandError(f"There is no lesson {wrong[0]}. There are: {there}.")
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
        raise CommandError(
            "Nothing is left to grade: none of these exercises is in these lessons."
        )
    return chosen

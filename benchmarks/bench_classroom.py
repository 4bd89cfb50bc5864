"""Grading a class: how many a second, in how much memory, and what others take.

One part: python -m benchmarks classroom --part speed|command|memory|others
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from benchmarks import class_others, class_processes
from benchmarks.class_submissions import (
    COURSE,
    THREE,
    answered,
    notebook,
    right,
    work,
)
from coursekit.classroom import batch, seeds
from coursekit.classroom.results import NAME, Result, Store
from coursekit.grade.findings import PASSED

GRADE = (sys.executable, "-m", "coursekit", "grade")
HERE = {"PYTHONPATH": str(COURSE)}
WARM = 32  # submissions before the clock starts: servers started, common work done
GOALS = {"NumPy": 100, "torch": 60}  # submissions a second, on two workers
SETS = [
    ("NumPy", " + ".join(THREE), 2, THREE),
    ("torch", "build_lenet", 7, ("build_lenet",)),
]


def speed(options: argparse.Namespace) -> None:
    """Print how many submissions are graded in a second, behind all walls."""
    print(f"{options.count} notebooks each, every learner with inputs of their own;")
    print("mixed: 60 % right, 25 % known mistakes, 15 % untouched.")
    print("Of lesson 7 build_lenet alone: the other torch exercises train networks,")
    print("which takes longer than all else.\n")
    print(f"{'':52}{'workers':>8}{'a second':>10}{'ms each':>9}{'CPU ms':>8}")
    for kind, says, lesson, ids in SETS:
        for mixed in (False, True):
            made = list(answered(lesson, ids, options.count, mixed=mixed))
            title = f"{kind}, {says}: {'mixed' if mixed else 'right'}"
            for workers in (1, 2):
                cost = _graded(made, ids, workers)
                goal = f"  (goal {GOALS[kind]})" if workers == 2 else ""
                print(
                    f"{title if workers == 1 else '':52}{workers:>8}"
                    f"{1 / cost.wall:>10.0f}{cost.wall * 1e3:>9.1f}"
                    f"{cost.cpu * 1e3:>8.1f}{goal}",
                    flush=True,
                )


def _graded(
    made: Sequence[tuple[bytes, list[str]]], ids: Sequence[str], workers: int
) -> class_processes.Cost:
    """Grade submissions and look at the verdicts; return what one costs."""
    job = batch.Job(tuple(ids), seeds.of_number(0))
    class_ = [work(data, number) for number, (data, _) in enumerate(made)]
    early = [work(data, -1 - number) for number, (data, _) in enumerate(made[:WARM])]
    if workers == 1:
        with job.marker() as marker:
            one_by_one = partial(_one_by_one, marker.mark)
            cost, results = _clocked(one_by_one, early, class_)
    else:
        from joblib.externals.loky import get_reusable_executor

        cost, results = _clocked(partial(batch.on_cores(workers), job), early, class_)
        get_reusable_executor().shutdown(wait=True)
    for (_, kinds), got in zip(made, results, strict=True):
        found = {one.exercise: one.status for one in got}
        assert [found[id] for id in ids] == kinds, (kinds, found)
    return class_processes.Cost(cost.wall / len(made), cost.cpu / len(made))


def _one_by_one(
    mark: Callable[..., list[Result]], some: Iterable[batch.Work]
) -> Iterator[list[Result]]:
    for one in some:
        yield mark(one.handed, one.known, one.learner)


def _clocked(
    grade: Callable[[Iterable[batch.Work]], Iterator[list[Result]]],
    early: Sequence[batch.Work],
    class_: Sequence[batch.Work],
) -> tuple[class_processes.Cost, list[list[Result]]]:
    list(grade(early))
    start, before = perf_counter(), class_processes.cpu()
    results = list(grade(class_))
    wall = perf_counter() - start
    return class_processes.Cost(wall, class_processes.cpu() - before), results


def command(options: argparse.Namespace) -> None:
    """Print how long `coursekit grade` takes for one notebook, the whole process."""
    print(f"`coursekit grade` of one notebook, the median of {options.repeats} runs\n")
    print(f"{'':42}{'seconds':>8}{'CPU':>8}{'goal':>8}")
    lenet = {"build_lenet": right(7)["build_lenet"]}
    for title, lesson, answers, words, goal in (
        ("NumPy: lesson 2, 10 exercises", 2, right(2), ["--lessons", "2"], 0.5),
        ("torch: build_lenet", 7, lenet, ["--only-exercise", "build_lenet"], 2.5),
        ("torch: lesson 7, 9 exercises", 7, right(7), ["--lessons", "7"], None),
    ):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name, "ada.ipynb")
            file.write_bytes(notebook(lesson, answers))
            costs = []
            for number in range(options.repeats):
                out = Path(name, str(number))
                costs.append(_command(file, out, words, len(answers)))
        wall, cpu = (median(column) for column in zip(*costs, strict=True))
        print(f"{title:42}{wall:>8.2f}{cpu:>8.2f}{goal or '':>8}", flush=True)


def _command(
    file: Path, out: Path, words: Sequence[str], answers: int
) -> class_processes.Cost:
    cost, done = class_processes.run([*GRADE, file, "--out", out, *words], env=HERE)
    assert done.returncode == 0, done.stderr
    found = [one.status for one in Store(out).results(findings=False)]
    assert found == [PASSED] * answers, found
    return cost


def memory(options: argparse.Namespace) -> None:
    """Print the memory of `coursekit grade` early and late in a run of many."""
    count = 10_000 if options.full else 10 * (options.count // 10)
    words = [word for id in THREE for word in ("--only-exercise", id)]
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name, "class"), Path(name, "out")
        folder.mkdir()
        for number, (data, _) in enumerate(answered(2, THREE, count, mixed=True)):
            (folder / f"learner_{number:05}.ipynb").write_bytes(data)
        start = perf_counter()
        with subprocess.Popen(
            [*GRADE, folder, "--out", out, *words],
            env={**class_processes.os.environ, **HERE},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            seen, peak = _watched(process, out / NAME, count)
        assert process.returncode == 0, f"it ended with {process.returncode}"
        seconds = perf_counter() - start
    print(f"`coursekit grade` of {count} notebooks, three exercises each, with the")
    print(f"pages and the report: {seconds:.0f} s, {count / seconds:.0f} a second\n")
    print(f"{'':30}{'itself, MB':>12}{'all processes, MB':>20}")
    for graded, (own, together) in seen.items():
        print(f"{f'{graded} graded':30}{own:>12.0f}{together:>20.0f}")
    print(f"{'most at any time':30}{peak:>12.0f}")


def _watched(
    process: subprocess.Popen[bytes], results: Path, count: int
) -> tuple[dict[int, tuple[float, float]], float]:
    """Return the memory when a tenth and when all is graded, and the most of all."""
    seen: dict[int, tuple[float, float]] = {}
    marks, size, lines, peak = [count // 10, count], 0, 0, 0.0
    while process.poll() is None:
        sleep(0.02)
        peak = max(peak, class_processes.most(process.pid))
        if results.exists():
            with results.open("rb") as file:
                file.seek(size)
                new = file.read()
            size, lines = size + len(new), lines + new.count(b"\n")
        while marks and lines >= marks[0] * len(THREE):
            seen[marks.pop(0)] = class_processes.resident(process.pid)
    assert not marks, f"only {lines} results were seen"
    return seen, peak


PARTS = {
    "speed": speed,
    "command": command,
    "memory": memory,
    "others": class_others.main,
}


def main(*words: str) -> None:
    """Print the parts that are asked for, or all."""
    parser = argparse.ArgumentParser("python -m benchmarks classroom")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--count", type=int, default=1000, help="submissions")
    parser.add_argument("--repeats", type=int, default=5, help="of the command")
    parser.add_argument("--full", action="store_true", help="memory: 10 000 of them")
    options = parser.parse_args(words)
    for name in options.part or PARTS:
        print(f"-- {name}\n", flush=True)
        PARTS[name](options)
        print()


if __name__ == "__main__":
    main(*sys.argv[1:])

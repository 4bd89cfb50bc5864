"""Engines give the same results: here, on cores, on Dask, and when workers are lost."""

import json
import linecache
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import psutil
import pytest
from a_class import COURSE, DAMAGED, hand_in, wrong_text

from coursekit import bank
from coursekit.classroom import batch, seeds
from coursekit.classroom.batch import BatchError, Job, Work, here, on_cores, on_dask
from coursekit.classroom.reader.handed import Handed, handed
from coursekit.classroom.result import from_line, to_line
from coursekit.exercise import Exercise
from coursekit.grade.notebook import evaluate

SEEDS = seeds.of_number(1)
JOB = Job(tuple(bank.lessons()), SEEDS)
PATIENCE = 60  # seconds; a test that needs them has failed


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> list[Work]:
    """A class of forty, one of whom handed in what cannot be read."""
    folder = tmp_path_factory.mktemp("class") / "handed in"
    hand_in(folder, 40, damaged=True)
    only = frozenset()
    return [Work(one, one.learner, only) for one in handed(folder)]


JOB_OF_CLASS = replace(JOB, exercises=("corr1d", "corr2d", "convolve2d"))


def written(results: Iterator[list]) -> list[list[bytes]]:
    return [[to_line(one) for one in some] for some in results]


@pytest.fixture(scope="module")
def right(work) -> list[list[bytes]]:
    return written(here(JOB_OF_CLASS, work))


def test_each_submission_has_its_results_in_the_order_of_the_work(work, right):
    assert len(right) == len(work) == 41
    assert [len(some) for some in right] == [3] * 40 + [1]
    assert b"The file is cut off" in right[-1][0]
    assert work[-1].handed.name == DAMAGED


def test_two_worker_processes_give_the_same_results_and_leave_ctrl_c_to_us(work, right):
    results = on_cores(2)(JOB_OF_CLASS, work)
    begun = written(islice(results, 1))
    for worker in workers():
        worker.send_signal(signal.SIGINT)
    assert begun + written(results) == right


def test_what_is_known_is_not_judged_again(work, right):
    known = frozenset(one.key for one in here_again(work[:1], right))
    assert written(here(JOB_OF_CLASS, [replace(work[0], known=known)])) == [[]]
    less = frozenset(sorted(known)[1:])
    (left,) = written(here(JOB_OF_CLASS, [replace(work[0], known=less)]))
    assert len(left) == 1
    assert left[0] in right[0]


def here_again(work, right):
    return [from_line(line) for some in right[: len(work)] for line in some]


def test_a_worker_process_that_is_lost_is_told_and_all_the_others_end(work):
    results = on_cores(2)(JOB_OF_CLASS, cycle(work))
    next(results)
    own = workers()
    assert len(own) == 2
    tree = [one for worker in own for one in (worker, *worker.children(recursive=True))]
    own[0].kill()
    with pytest.raises(BatchError, match=r"A worker process has ended, .* --resume"):
        for _ in results:
            pass
    assert gone(tree)


def test_stopped_half_way_no_process_stays(work):
    results = on_cores(2)(JOB_OF_CLASS, cycle(work))
    next(results)
    tree = [
        one
        for worker in workers()
        for one in (worker, *worker.children(recursive=True))
    ]
    assert len(tree) >= 4  # each has its server
    results.close()
    assert gone(tree)


def cycle(work: list[Work]) -> Iterator[Work]:
    """Go on for longer than anybody waits."""
    return (one for _ in range(1000) for one in work)


def workers() -> list[psutil.Process]:
    """List loky's worker processes of this one."""
    found = psutil.Process().children()
    return [one for one in found if "popen_loky" in " ".join(one.cmdline())]


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=PATIENCE)[1]


# The notebook and the engines


Tried = tuple[Exercise, str, str]  # exercise, misconception, what is handed in


def one_wrong(exercise: Exercise, number: int) -> Tried:
    return exercise, exercise.wrongs[number].name, wrong_text(exercise, number)


def all_of(exercise: Exercise) -> Iterator[Tried]:
    """Yield the solution and every wrong answer."""
    yield exercise, "", f"import numpy as np\n\n{exercise.solution_source}"
    for number in range(len(exercise.wrongs)):
        yield one_wrong(exercise, number)


def prove_that_engines_agree(tried: list[Tried]) -> None:
    """Hold the notebook's check and two engines to each other, by the same seeds."""
    work = [
        Work(Handed(name, f"{name}.py", _source=text.encode()), name)
        for number, (_, _, text) in enumerate(tried)
        for name in [f"learner{number:04}"]
    ]
    alone, several = [*here(JOB, work)], [*on_cores(2)(JOB, work)]
    for (exercise, wrong, text), one, some, other in zip(
        tried, work, alone, several, strict=True
    ):
        assert [*map(to_line, some)] == [*map(to_line, other)]
        (result,) = [one for one in some if one.exercise == exercise.id]
        seed = SEEDS.of(one.learner, exercise.id)
        verdict = evaluate(exercise, defined(one.learner, text, exercise.id), seed)
        found = result.status, result.misconception, result.points
        assert found == (verdict.status, verdict.misconception, verdict.points)
        assert found[:2] == (("misconception", wrong) if wrong else ("passed", ""))


def defined(file: str, text: str, name: str):
    """Run a cell as a notebook does, where its text can be found again."""
    namespace = {"__name__": "learner"}
    linecache.cache[file] = len(text), None, text.splitlines(True), file
    exec(compile(text, file, "exec"), namespace)
    return namespace[name]


def test_notebook_and_engines_agree_on_a_wrong_answer_of_each_exercise():
    """Those in torch are left to the proof: three processes would have to load it."""
    several = [one for one in bank.exercises() if not one.torch]
    tried = [
        one_wrong(one, place % len(one.wrongs)) for place, one in enumerate(several)
    ]
    assert len(tried) > 50
    prove_that_engines_agree(tried)


@pytest.mark.thorough
@pytest.mark.parametrize("lesson", sorted({*bank.lessons().values()}))
def test_notebook_and_engines_agree_on_every_answer_of_a_lesson(lesson):
    prove_that_engines_agree(
        [one for exercise in bank.exercises(lesson) for one in all_of(exercise)]
    )


# Dask


class Cluster:
    """A scheduler of Dask on loopback, and its workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen] = []
        self.file = folder / "scheduler.json"
        self.scheduler = self._started(
            *("dask_scheduler", "--host", "127.0.0.1", "--port", "0"),
            *("--no-dashboard", "--no-jupyter", "--scheduler-file", self.file),
        )
        wait_for(self.file.exists)
        self.address = json.loads(self.file.read_text())["address"]

    def start(self) -> None:
        log = self.folder / f"worker{len(self.workers)}.log"
        self.workers.append(
            self._started(
                *("dask_worker", self.address, "--nthreads", "1", "--no-nanny"),
                *("--no-dashboard", "--host", "127.0.0.1"),
                *("--local-directory", self.folder),
                log=log,
            )
        )
        wait_for(lambda: "Registered to" in log.read_text())

    def said(self) -> str:
        return "".join(one.read_text() for one in self.folder.glob("worker*.log"))

    def _started(self, name: str, *words: object, log: Path | None = None):
        with open(log or self.folder / f"{name}.log", "w") as file:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{name}", *map(str, words)],
                env=os.environ | {"PYTHONPATH": str(COURSE)},
                cwd=self.folder,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def wait_for(happens) -> None:
    """Look again and again until it has happened."""
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    one = Cluster(tmp_path_factory.mktemp("dask"))
    yield one
    one.close()


def test_a_cluster_without_workers_is_refused(cluster, work):
    with pytest.raises(BatchError, match=r"no workers\. Start some: dask worker tcp:"):
        next(on_dask(cluster.address)(JOB_OF_CLASS, work))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nothing://at.all"])
def test_a_scheduler_that_is_not_there_is_named(work, address, monkeypatch):
    monkeypatch.setattr(batch, "_CONNECT", 1)
    with pytest.raises(BatchError, match=rf"answers at {address}: .* `dask scheduler`"):
        next(on_dask(address)(JOB_OF_CLASS, work))


@pytest.fixture(scope="module")
def two_workers(cluster) -> Cluster:
    for _ in range(2):
        cluster.start()
    return cluster


def test_two_workers_of_dask_give_the_same_results(two_workers, work, right):
    loud = "print('LOUD')\ndef corr1d(x, k):\n    print('LOUD')\n    return x"
    shout = Work(Handed("zz", "zz.py", _source=loud.encode()), "zz")
    results = written(on_dask(two_workers.address)(JOB_OF_CLASS, [*work, shout]))
    assert results[:-1] == right
    assert b"LOUD" in results[-1][0]
    assert "LOUD" not in two_workers.said()


def test_workers_with_another_state_of_the_course_are_refused(
    two_workers, work, monkeypatch
):
    monkeypatch.setattr(batch, "_course", lambda: "another")
    with pytest.raises(BatchError, match=r"The worker on .* has another state of the"):
        next(on_dask(two_workers.address)(JOB_OF_CLASS, work))


def test_bank_files_that_workers_lack_are_missed_and_changed_ones_are_seen(
    two_workers, work, tmp_path, right
):
    exercise = bank.load("corr1d")
    file = tmp_path / exercise.path.name
    file.write_text(exercise.text, encoding="utf-8")
    job = replace(JOB_OF_CLASS, own=tmp_path)
    for factor in (1, 2, 3):  # one of the two has had another before
        text = exercise.text.replace("points=3", f"points={3 * factor}")
        text = text.replace("points=1)", f"points={factor})")
        text = text.replace("points=0.5", f"points={0.5 * factor}")
        file.write_text(text, encoding="utf-8")
        first, *_ = next(on_dask(two_workers.address)(job, work[:1]))
        assert (first.exercise, first.out_of) == ("corr1d", 3 * factor)


def test_a_worker_of_dask_that_is_killed_costs_nothing(two_workers, work, right):
    results = on_dask(two_workers.address)(JOB_OF_CLASS, work)
    begun = written(islice(results, 1))
    two_workers.workers[1].kill()
    assert begun + written(results) == right

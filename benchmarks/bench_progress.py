"""How many results are lost when many processes save at once, or are killed: 0.

Everything happens in work folders as `coursekit lab` makes them, with no variable set.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median

import nbformat
from nbclient import NotebookClient

from coursekit import workfolder
from coursekit.grade import record

COURSE = Path(__file__).parents[1]
LESSONS = ("02_cross_correlation", "03_channels")

SAVES = """
import sys
from time import perf_counter
from coursekit.grade import record
from coursekit.grade.findings import GroupResult
from coursekit.grade.verdict import Verdict
name, saves = sys.argv[1], int(sys.argv[2])
sys.stdin.readline()
for number in range(saves):
    groups = (GroupResult("all", 1, 1, 1),)
    verdict = Verdict(f"{name}_{number}", "passed", groups=groups, out_of=1)
    start = perf_counter()
    note = record.save(verdict)
    print(verdict.id, f"{(perf_counter() - start) * 1e3:.2f}", note, flush=True)
"""


def make_work(folder):
    """Make a work folder and return it."""
    workfolder.copy_missing(COURSE, folder)
    record.create(folder / record.NAME)
    return folder


def kept(work):
    """Return what the record holds: exercise to result."""
    found = record.read(work / record.NAME)
    return getattr(found, "results", found)


def saver(work, name, saves):
    """Start a process that saves when it is told to, and says what it saved."""
    environment = {**os.environ, "PYTHONPATH": str(COURSE)}
    environment.pop(record.TOLD, None)
    return subprocess.Popen(
        [sys.executable, "-c", SAVES, name, str(saves)],
        cwd=work / "exercises", env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def crowd(work, processes, saves):
    """Save from several processes at once; return what each save said."""
    running = [saver(work, f"p{number}", saves) for number in range(processes)]
    for one in running:
        one.stdin.write("\n")
        one.stdin.flush()
    return [line.split(maxsplit=2) for one in running for line in said(one)]


def said(process):
    """Wait for a process and return its lines."""
    out, _ = process.communicate()
    return out.splitlines()


def killed(work, name, rng):
    """Kill a process while it saves; return what it had said before it died."""
    process = saver(work, name, 10_000)
    process.stdin.write("\n")
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(rng.randrange(1, 6))]
    for _ in range(rng.randrange(20_000)):  # somewhere in a save
        pass
    process.kill()
    lines += said(process)
    return [line.split(maxsplit=2) for line in lines]


def run_all(work):
    """Run two solved notebooks at once; return the exercises whose check passed."""
    notebooks = [
        nbformat.read(COURSE / "solutions" / f"{lesson}.ipynb", as_version=4)
        for lesson in LESSONS
    ]
    place = {"metadata": {"path": str(work / "exercises")}}
    threads = [
        threading.Thread(target=NotebookClient(one, resources=place).execute)
        for one in notebooks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [
        cell.id.removesuffix("-check")
        for notebook in notebooks
        for cell in notebook.cells
        if cell.id.endswith("-check") and "passed" in json.dumps(cell.outputs)
    ]


def lost(work, lines):
    """Name what was said to be recorded, without a note, and is not in the record."""
    there = kept(work)
    return [id for id, _, *note in lines if not note and id not in there]


def main():
    """Print how many results were saved and how many of them lost."""
    os.environ.pop(record.TOLD, None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = crowd(work := make_work(folder / "one"), 1, 200)
        print(f"one save: {median(float(ms) for _, ms, *_ in lines):.1f} ms (median)")
        lines = crowd(work := make_work(folder / "crowd"), 20, 50)
        noted, slowest = (
            sum(len(one) > 2 for one in lines),
            max(float(ms) for _, ms, *_ in lines),
        )
        print(
            f"20 processes, {len(lines)} saves: {len(lost(work, lines))} lost, ", end=""
        )
        print(f"{noted} not recorded and said so, the slowest took {slowest:.0f} ms")
        rng, lines = random.Random(0), []
        work = make_work(folder / "killed")
        for number in range(50):
            lines += killed(work, f"k{number}", rng)
        print(f"50 kills, {len(lines)} saves: {len(lost(work, lines))} lost")
        total = gone = 0
        for number in range(10):
            work = make_work(folder / f"all{number}")
            passed = run_all(work)
            there = kept(work)
            total += len(passed)
            gone += sum(there.get(id, {}).get("status") != "passed" for id in passed)
        print(f"two notebooks at once, 10 times, {total} passes: {gone} lost")


if __name__ == "__main__":
    main()

"""What was graded is kept, whatever ends the grading; and it is seen how far it is."""

import contextlib
import json
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import psutil
import pytest
from a_class import COURSE, hand_in
from some_results import LOST, PASSED, UNREADABLE

from coursekit.classroom.grading import Kept
from coursekit.classroom.results import Store

PATIENCE = 60  # seconds; a test that needs them has failed
GRADE = [sys.executable, "-W", "error", "-m", "coursekit", "grade"]
ONLY = ["--seed", "1", "--only-exercise", "corr1d", "--only-exercise", "corr2d"]


# Several at once


class Noted:
    """A store that notes how much it is given at a time."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def append(self, results) -> None:
        self.sizes.append(len(results))


def test_results_go_to_the_disk_many_at_a_time():
    store = Noted()
    kept = Kept(store)
    kept.all([PASSED, LOST] for _ in range(500))
    assert sum(store.sizes) == 1000
    assert len(store.sizes) < 50
    assert (kept.submissions, kept.failed) == (500, 0)


def test_what_failed_is_counted():
    kept = Kept(Noted())
    kept.all([[PASSED, LOST], [UNREADABLE]])
    assert (kept.submissions, kept.failed) == (2, 1)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, RuntimeError])
def test_whatever_ends_the_grading_what_was_done_is_on_the_disk(tmp_path, error):
    def graded():
        yield [PASSED]
        yield [UNREADABLE]
        raise error

    with Store(tmp_path) as store, pytest.raises(error):
        Kept(store).all(graded())
    assert {one.exercise for one in Store(tmp_path)} == {"corr2d", ""}


# In a terminal and in a pipe


@pytest.fixture
def here(tmp_path):
    hand_in(tmp_path / "handed in", 12)
    (tmp_path / "tmp").mkdir()
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    told = {"PYTHONPATH": str(COURSE), "TMPDIR": str(folder / "tmp")}
    return {one: os.environ[one] for one in ("PATH", "HOME")} | told


def test_a_terminal_shows_rate_and_time_left_and_a_pipe_nothing(here):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with subprocess.Popen(
        [*GRADE, "handed in", *ONLY],
        cwd=here,
        env=environment(here),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as process:
        os.close(theirs)
        output = process.stdout.read()
    said = all_of(ours)
    assert process.returncode == 0
    assert re.search(r"0/12 \[00:00<\?, \? submissions/s\]", said)
    assert re.search(r"12/12 \[\d\d:\d\d<00:00, +[\d.]+ submissions/s\]", said)
    assert "submissions/s" not in output


def all_of(terminal: int) -> str:
    """Read a terminal to its end, which the system reports as an error."""
    said = b""
    with open(terminal, "rb", buffering=0) as file, contextlib.suppress(OSError):
        while part := file.read(4096):
            said += part
    return said.decode()


# ^C


def stop_when_some_is_kept(here: Path, *words: str) -> subprocess.CompletedProcess:
    """Press ^C in a terminal: all processes of the group are told."""
    slow = "import time\ntime.sleep(0.7)\ndef corr1d(x, k): return x\n"
    endless = "def corr1d(x, k):\n    while True: pass\n"
    (here / "handed in" / "a_slow.py").write_text(slow)
    (here / "handed in" / "z_endless.py").write_text(endless)
    process = subprocess.Popen(
        [*GRADE, "handed in", *ONLY, *words],
        cwd=here,
        env=environment(here),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with Watched(process.pid) as watched:
        file = here / "results" / "results.jsonl"
        while not (file.exists() and file.stat().st_size):
            assert not watched.ended(50)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess([], process.returncode, *said)


class Watched:
    """Tells when a process has ended."""

    def __init__(self, number: int) -> None:
        self.descriptor = os.pidfd_open(number)
        self.poll = select.poll()
        self.poll.register(self.descriptor, select.POLLIN)

    def __enter__(self) -> "Watched":
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self.descriptor)

    def ended(self, milliseconds: int) -> bool:
        return bool(self.poll.poll(milliseconds))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_control_c_keeps_what_is_done_and_says_how_to_go_on(here, workers):
    done = stop_when_some_is_kept(here, "--workers", workers)
    assert (done.returncode, done.stdout) == (1, "")
    found = re.fullmatch(
        r"Stopped\. (\d+) of 14 submissions are graded and kept; the same command "
        r"with --resume goes on\.\n",
        done.stderr,
    )
    assert found, done.stderr
    kept = {one.file for one in Store(here / "results")}
    assert len(kept) == int(found[1]) > 0
    assert "z_endless.py" not in kept
    nothing_is_left(here)
    assert list((here / "tmp").iterdir()) == []


def nothing_is_left(here: Path) -> None:
    """Look that no process and no file is there that the grading has started.

    One that is killed before its server has the folder leaves it, empty.
    """
    mine = str(here / "tmp")
    ours = [
        one
        for one in psutil.process_iter(["cmdline"])
        if any(mine in word for word in one.info["cmdline"] or ())
    ]
    assert psutil.wait_procs(ours, timeout=PATIENCE)[1] == []
    assert [one for one in (here / "tmp").rglob("*") if not one.is_dir()] == []


# kill -9

# Runs commands in forks of a process that has loaded all; `stop` is the number of the
# call, counted in the classroom's own code, at which the system kills it.
LOADED = """
import json, os, signal, sys
from coursekit import cli
from coursekit.classroom import again, batch, grading, pages, rules
import filelock, tqdm

def run(words, stop, told):
    calls = 0
    def count(frame, event, _):
        nonlocal calls
        if event == "call" and "/coursekit/classroom/" in frame.f_code.co_filename:
            calls += 1
            if calls == stop:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.stdout = open(os.devnull, "w")
    sys.setprofile(count)
    code = cli.main(words)
    sys.setprofile(None)
    os.write(told, str(calls).encode())
    os._exit(code)

for line in sys.stdin:
    words, stop = json.loads(line)
    read, write = os.pipe()
    if not (number := os.fork()):
        run(words, stop, write)
    os.close(write)
    with open(read) as file:
        calls = file.read()
    print(json.dumps([os.waitpid(number, 0)[1], calls]), flush=True)
"""


class Commands:
    """Runs `coursekit grade`; says how it ended, and after how many calls."""

    def __init__(self, here: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", LOADED],
            cwd=here,
            env=environment(here),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str, stop: int = 0) -> tuple[int, int]:
        line = ["grade", "handed in", *ONLY, *words], stop
        print(json.dumps(line), file=self.process.stdin, flush=True)
        status, calls = json.loads(self.process.stdout.readline())
        return status, int(calls or 0)

    def __enter__(self) -> "Commands":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate(timeout=PATIENCE)


def prove_that_nothing_is_lost(here: Path, moments: int, *words: str) -> None:
    """Kill a grading at random moments of its work, and go on after each."""
    rng = random.Random(moments)
    with Commands(here) as grade:
        status, calls = grade("--out", "whole", *words)
        assert status == 0
        for place in range(moments):
            stop = int(calls * 0.98 * (place + rng.random()) / moments)
            out = f"killed{place}"
            status, _ = grade("--out", out, *words, stop=stop)
            assert os.WTERMSIG(status) == signal.SIGKILL
            nothing_is_left(here)
            assert grade("--out", out, *words, "--resume")[0] == 0
            same_as_whole(here, out)
    nothing_is_left(here)


def test_killed_at_six_moments_a_grading_goes_on_as_if_nothing_had_been(here):
    prove_that_nothing_is_lost(here, 6, "--workers", "1")


@pytest.mark.thorough
@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_at_twenty_moments_nothing_is_lost_and_nothing_left(here, workers):
    prove_that_nothing_is_lost(here, 20, "--workers", workers)


def same_as_whole(here: Path, out: str) -> None:
    for name in ("results.jsonl", "grades.csv", "report.txt"):
        whole, other = (here / one / name for one in ("whole", out))
        lines = [file.read_bytes().splitlines() for file in (whole, other)]
        assert sorted(lines[0]) == sorted(lines[1]), name
    pages = [here / one / "feedback" for one in ("whole", out)]
    names = [{one.name for one in folder.glob("[!.]*")} for folder in pages]
    assert names[0] == names[1]
    assert all(
        (pages[0] / n).read_bytes() == (pages[1] / n).read_bytes() for n in names[0]
    )

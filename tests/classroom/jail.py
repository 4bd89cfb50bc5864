"""A server that closes children in and runs text in them, and how tests ask it.

Run as a program it is the server; a process of its own, so that no test forks pytest.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
SECONDS = 30  # after which a child, or an answer, is taken for one that hangs


# What the server and attacks import: nobody may not be able to read Python's own files.
BEFORE = (
    *("concurrent.futures.thread", "ctypes", "fcntl", "mmap", "multiprocessing"),
    *("multiprocessing.context", "multiprocessing.popen_fork", "numpy", "socket"),
    *("coursekit.classroom.confine", "coursekit.classroom.confine.refused"),
    *("coursekit.runner.run", "secrets", "statistics"),
)


@dataclass(frozen=True)
class Answer:
    printed: str
    signal: int  # that ended the child, 0 for none
    left: list[str]  # in the scratch folder


class Jail:
    """The server's process, used as a context."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Jail":
        try:
            self.isolation = self._read()
        except json.JSONDecodeError:  # it has said why on the standard error
            self.process.communicate()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.process.communicate()

    def run(self, source: str, walls: str = "writing") -> Answer:
        self.send(source, walls)
        return Answer(**self._read())

    def send(self, source: str, walls: str = "writing") -> None:
        self.process.stdin.write(json.dumps([source, walls]) + "\n")
        self.process.stdin.flush()

    def _read(self) -> dict:
        return json.loads(self.process.stdout.readline())


def serve(options: list[str]) -> None:
    import numpy as np

    if "torch" in options:
        import torch

        torch.set_num_threads(1)
        torch.optim.SGD([torch.zeros(1)])  # its first use imports what it needs, 1.5 s
    for name in BEFORE:
        importlib.import_module(name)
    if "nobody" in options and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    base = Path(tempfile.mkdtemp(prefix="coursekit-jail-"))
    np.zeros(3) @ np.zeros(3)
    try:
        answer_all(base, "torch" in options)
    finally:
        shutil.rmtree(base)


def answer_all(base: Path, torch: bool) -> None:
    from coursekit.classroom.confine import Walls, readable

    scratch = base / "scratch"
    scratch.mkdir()
    (base / "other.txt").write_text("another's answer")
    sizes = {"writing": 1 << 20, "reading": 0}
    paths, more = readable(torch=torch), {"memory": 1 << 28, "cpu": 2, "files": 32}
    walls = {n: Walls(paths, scratch, file_size=s, **more) for n, s in sizes.items()}
    seen = {one.isolation.text for one in walls.values()}
    say({"text": " / ".join(seen), "scratch": str(scratch)})
    for line in sys.stdin:
        source, which = json.loads(line)
        if which == "direct":  # answers by itself, and is not waited for
            child(walls["writing"], source, None)
        printed, status = child(walls[which], source, os.pipe())
        left = sorted(path.name for path in scratch.iterdir())
        for name in left:
            (scratch / name).unlink()
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        say({"printed": printed, "signal": number, "left": left})


def child(walls, source: str, pipe: tuple[int, int] | None) -> tuple[str, int]:
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(SECONDS)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            if pipe:
                os.dup2(pipe[1], 1)
            walls.close_in(keep=(0, 1, 2))
            exec(source, {"__name__": "__main__"})
        except BaseException as error:
            number = f" {error.errno}" if isinstance(error, OSError) else ""
            print(f"{type(error).__name__}{number}: {error}", end="")
        finally:
            sys.stdout.flush()
            os._exit(0)
    if not pipe:
        return "", os.waitpid(pid, 0)[1]
    os.close(pipe[1])
    with open(pipe[0], errors="replace") as file:
        printed = file.read()
    return printed, os.waitpid(pid, 0)[1]


def say(answer: dict) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    for name in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{name}_NUM_THREADS"] = "1"
    serve(sys.argv[1:])

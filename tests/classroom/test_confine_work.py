"""Honest code works behind the walls, and children end with their server."""

import signal

import pytest
from jail import SECONDS, Jail

NUMPY = """
import numpy as np
rng = np.random.default_rng(0)
x = rng.normal(size=(300, 300))
np.linalg.svd(x); np.linalg.solve(x, x); np.fft.fft2(x)
np.einsum("ij,jk->ik", x, x); np.lib.stride_tricks.sliding_window_view(x, (3, 3)).sum()
np.sort(x, axis=0); np.random.seed(1); np.random.rand(3); str(x); np.polyfit(*x[:2], 2)
"""
PYTHON = """
import time, random, math, sys, os, warnings, io, signal
time.sleep(0.001); random.random(); os.urandom(4); warnings.warn("text")
print("to the screen"); print("to the other", file=sys.stderr)
assert os.cpu_count() and os.getcwd() and time.strftime("%c") and os.uname()
open("notes.txt", "w").write("text"); assert open("notes.txt").read() == "text"
os.rename("notes.txt", "b.txt"); os.remove("b.txt"); open(os.devnull, "w").write("x")
sys.stdin.read()
"""
TIMER = """
import signal, time
def late(*_): raise TimeoutError
signal.signal(signal.SIGALRM, late)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while True: pass
except TimeoutError:
    pass
"""
DEEP = """
def down(n): return down(n + 1)
try: down(0)
except RecursionError: pass
"""
STANDARD = """
import sqlite3, ssl, ctypes, decimal, fractions, statistics, unittest, zoneinfo, bz2
import lzma, hashlib, uuid, xml.etree.ElementTree, html.parser, csv, tomllib, asyncio
import urllib.request, logging.handlers, pydoc, doctest, numpy.polynomial, numpy.ma
zoneinfo.ZoneInfo("Europe/Paris"); hashlib.sha256(b"x"); sqlite3.connect(":memory:")
"""


@pytest.mark.parametrize("source", [NUMPY, PYTHON, TIMER, DEEP])
def test_honest_work_is_not_in_the_way_of_the_walls(jail, source):
    answer = jail.run(source + "print('done', end='')")
    assert answer.printed.endswith("done")
    assert (answer.signal, answer.left) == (0, [])


def test_the_standard_library_can_be_imported_and_others_packages_cannot():
    with Jail() as jail:
        answer = jail.run(STANDARD + "print('done', end='')")
        assert answer.printed == "done"
        for name in ("torch", "scipy", "sklearn", "coursekit.bank", "coursekit.ops"):
            answer = jail.run(f"import {name}")
            assert "Error" in answer.printed, name


def test_the_limit_of_the_course_still_stops_a_loop_in_time(jail):
    answer = jail.run(
        "from coursekit.runner.run import run\n"
        "def loop():\n    while True: pass\n"
        "print(run(loop, [()], seconds=0.05)[0].state, end='')"
    )
    assert answer.printed == "late"


@pytest.mark.parametrize(
    ("end", "number"),
    [
        ("import os; os.abort()", signal.SIGABRT),
        ("import ctypes; ctypes.string_at(1)", signal.SIGSEGV),
        ("import signal; signal.raise_signal(signal.SIGTERM)", signal.SIGTERM),
    ],
)
def test_a_crash_is_seen_for_what_it_is(jail, end, number):
    assert jail.run(end).signal == number


def test_what_is_in_force_is_all_of_it(jail):
    assert jail.isolation["text"].startswith("Landlock ")
    assert jail.isolation["text"].endswith(", seccomp, limits, no privileges")


@pytest.mark.parametrize("user", ["as it is", "nobody"])
def test_a_child_ends_with_its_server(user):
    with Jail(user) as jail:
        jail.send(
            "import signal, time\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
            "print('1', flush=True)\n"
            "time.sleep(1000)",
            "direct",
        )
        assert jail.process.stdout.readline() == "1\n"
        jail.process.kill()
        # The end of the file comes when the child, which has it open too, is gone;
        # its own alarm, which would end it later, is blocked.
        assert jail.process.communicate(timeout=SECONDS)[0] == ""


TRAINING = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Flatten(), nn.Dropout(0.1), nn.Linear(36, 5))
data = TensorDataset(torch.randn(32, 1, 8, 8), torch.randint(0, 5, (32,)))
for kind in (torch.optim.SGD, torch.optim.Adam):
    steps = kind(net.parameters(), lr=0.01)
    for x, y in DataLoader(data, batch_size=8, shuffle=True, num_workers=0):
        steps.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        steps.step()
x = torch.randn(3, dtype=torch.double, requires_grad=True)
assert torch.autograd.gradcheck(lambda a: (a**3).sum(), x)
torch.linalg.svd(torch.randn(9, 9)); torch.fft.fft2(torch.randn(9, 9)); str(x)
"""


@pytest.mark.thorough
def test_torch_trains_on_one_thread_and_its_bombs_meet_an_error():
    with Jail("torch") as jail:
        assert jail.isolation["text"].startswith("Landlock ")
        answer = jail.run(TRAINING + "print('done', end='')")
        assert (answer.printed, answer.signal) == ("done", 0)
        answer = jail.run("import torch\nx = torch.ones(2**30)")
        assert answer.printed.startswith("RuntimeError")
        assert "scipy" in jail.run("import scipy").printed
        assert jail.run("print(1, end='')").printed == "1"

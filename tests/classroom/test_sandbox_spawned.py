"""Where there is no fork: one process a program, no walls, and labelled so."""

import numpy as np
import pytest
from sandboxed import ask, outcome, program, still_right

from coursekit.classroom.sandbox.client import Server, Task
from coursekit.runner.plain import Odd


@pytest.fixture(autouse=True)
def the_next_one_is_answered_right(spawned):
    yield
    still_right(spawned)


def test_it_says_that_it_is_weak(spawned):
    assert not spawned.isolation.strong
    assert spawned.isolation.text.startswith("weak: without Landlock, seccomp, limits")


def test_programs_are_run_as_in_a_child(spawned):
    reply = ask(
        spawned,
        "from coursekit.grade import check",
        "1 / 0",
        "import numpy as np\nimport os, sys",
        "import torch",
        "from coursekit.bank import l2_03_corr2d",
        "open('left behind', 'w').write('x')\nos.makedirs('a/b')",
        "def answer(x):\n print('here')\n os.write(1, b'there')\n"
        " return x + 1, sys.argv, __name__",
        "check(answer)",
        args=(np.ones(2),),
    )
    (one,) = reply.outcomes["answer"]
    assert (one.value[0].tolist(), one.value[1:]) == ([2, 2], ([""], "__main__"))
    assert (one.printed, one.steady) == ("here\n", True)
    assert [cell for cell, _ in reply.errors] == [2, 4, 5]


def test_torch_programs_are_run_too():
    with Server(torch=True, weak=True, spawned=True) as server:
        code = "import torch\ndef answer(x): return torch.ones(3).sum().item(), A"
        assert outcome(server, "A = torch = 1", code).value == (3.0, 1)


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("import os\nos._exit(3)", "ended by itself with exit status 3"),
        ("import os\nos._exit(0)", "ended by itself with exit status 0"),
        ("import ctypes\nctypes.string_at(0)", "crashed (segmentation fault)"),
        ("import itertools\nsum(itertools.count())", "was ended after 1 s"),
        (
            "import os\nfor n in range(3, 64):\n"
            " try: os.write(n, b'x')\n except OSError: pass",
            "sent back nonsense",
        ),
        (
            "import os\nfor n in range(3, 64):\n"
            " try:\n  while True: os.write(n, bytes(2**20))\n except OSError: pass",
            "sent back more than 64 MB",
        ),
        (
            "import os, time\nif os.fork() == 0:\n time.sleep(1000)\nos._exit(4)",
            "was ended after 1 s",
        ),
    ],
)
def test_what_ends_badly_ends_alone(spawned, code, ended):
    wall = 1 if "1 s" in ended else 60
    assert ask(spawned, code, wall=wall).ended == ended


def test_a_loop_costs_its_task(spawned):
    statements = program("def loop(x):\n while True: pass", "def f(x): return object()")
    tasks = [Task("loop", ((1,),), seconds=0.2), Task("f", ((1,),))]
    reply = spawned.ask(statements, tasks, seconds=60)
    assert reply.outcomes["loop"][0].state == "late"
    assert reply.outcomes["f"][0].value == Odd("object", "type")

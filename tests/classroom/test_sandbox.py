"""Honest programs, as people write them, are run and called as in a notebook."""

import random

import numpy as np
import pytest
from sandboxed import Statement, ask, outcome, program, still_right

from coursekit.classroom.sandbox.client import Task
from coursekit.grade import borrowed
from coursekit.runner.plain import Odd, identical

NUMBERS = """
import numpy as np
"""


def test_the_walls_are_up(sandbox, torch_sandbox):
    assert sandbox.isolation.strong
    assert torch_sandbox.isolation == sandbox.isolation


def test_arrays_go_in_and_come_back(sandbox):
    args = (np.arange(6.0).reshape(2, 3), (1, [2.5, None]), {"a": "é"})
    one = outcome(sandbox, "def answer(x, y, z): return x + 1, y, z", args=args)
    assert identical(one.value, (args[0] + 1, args[1], args[2]))
    assert one.steady


def test_several_tasks_share_the_program(sandbox):
    statements = program("def f(x): return x + 1", "def g(x): return f(x) * 2")
    tasks = [Task("g", ((1,), (2,))), Task("f", ((5,),)), Task("h", ((1,),))]
    reply = sandbox.ask(statements, tasks, seconds=60)
    values = {n: [one.value for one in made] for n, made in reply.outcomes.items()}
    assert values == {"g": [4, 6], "f": [6]}
    assert reply.errors == ((0, "h is not defined"),)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["def answer(x): return 4.0"], id="plain"),
        pytest.param(
            [
                "for i in range(100_000): print('x' * 100)",
                "def answer(x): return x * 2",
            ],
            id="prints a lot",
        ),
        pytest.param(["answer = lambda x: x * 2"], id="lambda"),
        pytest.param(
            ["def helper(x): return x * 2", "def answer(x): return helper(x)"],
            id="helper in another cell",
        ),
        pytest.param(
            ["def answer(x): return helper(x)", "def helper(x): return x * 2"],
            id="helper in a later cell",
        ),
        pytest.param(
            [
                "class Doubler:\n def __call__(self, x): return x * 2",
                "answer=Doubler()",
            ],
            id="object that can be called",
        ),
        pytest.param(
            ["class T:\n @staticmethod\n def f(x): return 2 * x", "answer = T.f"],
            id="static method",
        ),
        pytest.param(
            [
                "from dataclasses import dataclass, field",
                "@dataclass(slots=True)\nclass P:\n x: float\n"
                " more: 'list[int]' = field(default_factory=list)",
                "import typing\nassert typing.get_type_hints(P)['more'] == list[int]",
                "@dataclass\nclass Q:\n p: 'P'",
                "assert typing.get_type_hints(Q) == {'p': P}",
                "def answer(x: float) -> float: return 2 * P(x).x",
            ],
            id="dataclass",
        ),
        pytest.param(
            [
                "from __future__ import annotations",
                "def answer(x: NotThere | None) -> Never: return 2 * x",
            ],
            id="annotations from the future",
        ),
        pytest.param(
            [
                "from typing import NamedTuple, Optional, TypeVar\nimport enum",
                "T = TypeVar('T')\nclass P(NamedTuple):\n x: Optional[float] = None",
                "class E(enum.Enum):\n A = 2",
                "def answer(x): return P(x).x * E.A.value",
            ],
            id="types and enums",
        ),
        pytest.param(
            [
                "def f(n): return 0 if n == 0 else 1 + f(n - 1)",
                "def answer(x): return x * f(500) / 250",
            ],
            id="recursion",
        ),
        pytest.param(
            ["if __name__ == '__main__':\n def answer(x): return x * 2"], id="main"
        ),
        pytest.param(
            [
                "count = 0",
                "def answer(x):\n global count\n count += 1\n return x * 2",
                "for i in range(3): answer(i)",
                "assert count == 3",
            ],
            id="global state",
        ),
        pytest.param(
            [
                "def make(k):\n def inner(x): return k * x\n return inner",
                "answer = make(2)",
            ],
            id="closure",
        ),
        pytest.param(
            [
                "import functools",
                "def f(k, x): return k * x",
                "answer = functools.partial(f, 2)",
            ],
            id="partial",
        ),
        pytest.param(
            ["import functools", "@functools.lru_cache\ndef answer(x): return 2 * x"],
            id="cached",
        ),
        pytest.param(["def größe(x): return 2 * x", "answer = größe"], id="unicode"),
        pytest.param(
            ["def answer(x): return 3 * x", "def answer(x): return 2 * x"],
            id="twice: the last one counts",
        ),
        pytest.param(
            [
                "import re, json, math, random, statistics, decimal, csv, ast",
                "import logging, urllib, pathlib, zlib, calendar, difflib, tempfile",
                "def answer(x):\n import bisect, heapq\n return 2 * x",
            ],
            id="imports",
        ),
        pytest.param(
            [
                "import numpy as np\nimport numpy.testing as npt",
                "from numpy.lib.stride_tricks import sliding_window_view",
                "import numpy.fft",
                "npt.assert_allclose(np.fft.ifft(np.fft.fft([1, 2])).real, [1, 2])",
                "def answer(x): return float(np.linalg.det(np.eye(2) * x) * 1.0)",
            ],
            id="NumPy's parts",
        ),
        pytest.param(
            [
                "import inspect",
                "def answer(x):\n return x * 2",
                "assert inspect.getsource(answer).endswith('x * 2\\n')",
            ],
            id="reads its source",
        ),
        pytest.param(
            [
                "from coursekit.grade import check, hint, progress, solution",
                "from coursekit import data, plots, widgets\nimport coursekit.data",
                "def answer(x): return x * 2",
                "check(answer)\nhint('answer', 2)\nprogress()",
                "images, labels = data.digits()\nshow = plots.images(images / 255)",
                "for one in images: print(f'{one.mean():.3f}')",
                "display(show)\nget_ipython().run_line_magic('matplotlib', 'inline')",
                "with widgets.Explorer() as w: w.value = float(images.max())",
            ],
            id="the course's tools",
        ),
        pytest.param(
            [
                "import matplotlib.pyplot as plt\nfrom matplotlib import cm",
                "from mpl_toolkits.axes_grid1 import make_axes_locatable",
                "import matplotlib\nmatplotlib.use('Agg')",
                "fig, (left, right) = plt.subplots(1, 2)\nleft.imshow([[1]])",
                "plt.rcParams['figure.dpi'] = 100\nleft.axis('off')[0] += 1",
                "from IPython.display import display, HTML\ndisplay(HTML('a'))",
                "from ipywidgets import interact\ninteract(print, x=1)",
                "def answer(x):\n plt.plot([1])\n plt.show()\n return x * 2",
            ],
            id="plots",
        ),
        pytest.param(
            [
                "from tqdm.auto import tqdm, trange\nimport tqdm as t",
                "def answer(x):\n for i in tqdm(range(2), desc='a'): x += 0\n"
                " bar = t.trange(4)\n bar.set_postfix(a=1)\n"
                " with tqdm(total=3) as b: b.update(1)\n"
                " return x * sum(1 for _ in bar) / 2",
            ],
            id="progress bars",
        ),
    ],
)
def test_honest_work_of_odd_people_is_called(sandbox, cells):
    reply = ask(sandbox, *cells)
    assert (reply.ended, reply.errors) == ("", ())
    assert [one.value for one in reply.outcomes["answer"]] == [4.0]


def test_top_level_statements_that_fail_cost_only_themselves(sandbox):
    reply = ask(
        sandbox,
        "1 / 0",
        "undefined\nx = 1",
        "raise SystemExit('bye')",
        "raise KeyboardInterrupt",
        "def deep(): deep()\ndeep()",
        "class Odd(BaseException):\n def __str__(self): raise Odd\nraise Odd",
        "input('your name?')",
        "print(open('results.csv').read())",
        "import requests",
        "raise ValueError('two\\nlines ' + 'x' * 900)",
        "exit()",
        "def answer(y): return x + y",
    )
    assert [one.value for one in reply.outcomes["answer"]] == [3.0]
    said = dict(reply.errors)
    assert said[1] == "ZeroDivisionError: division by zero"
    assert said[2] == "NameError: name 'undefined' is not defined"
    assert said[3] == "SystemExit: bye"
    assert said[4] == "KeyboardInterrupt"
    assert said[5].startswith("RecursionError: maximum recursion")
    assert said[6] == "Odd"
    assert said[7].startswith("EOFError: nobody types during a check")
    assert said[8].startswith("FileNotFoundError") or "Permission" in said[8]
    assert said[9] == "ModuleNotFoundError: No module named 'requests'"
    assert said[10].startswith("ValueError: two lines xxx")
    assert len(said[10]) == 400
    assert list(said) == [*range(1, 12)]


def test_a_statement_that_does_not_compile_here_is_told(sandbox):
    statements = [Statement("return 1", 3, 1), *program("def answer(x): return x")]
    reply = sandbox.ask(statements, [Task("answer", ((1,),))], seconds=60)
    assert reply.errors == (
        (3, "SyntaxError: 'return' outside function (cell 3, line 1)"),
    )
    assert reply.outcomes["answer"][0].value == 1


def test_frames_show_the_learners_own_lines(sandbox):
    one = outcome(
        sandbox,
        "import math",
        """
        # a comment before

        def helper(x):
            return math.sqrt(-x)  # here

        def answer(x):

            return helper(x)
        """,
    )
    assert one.error.frames == (
        ("answer", 9, "return helper(x)"),
        ("helper", 5, "return math.sqrt(-x)  # here"),
    )


def test_the_course_says_the_same_sentence_as_in_a_notebook(sandbox):
    reply = ask(
        sandbox,
        "import coursekit.ops",
        "from coursekit import fast",
        "from coursekit.bank.l2_03_corr2d import corr2d",
        "import coursekit\nanswer = coursekit.nets.forward",
        "from scipy.signal import correlate2d",
    )
    names = ["coursekit.ops", "coursekit.fast", "coursekit.bank", "coursekit.nets"]
    wanted = [f"ImportError: {borrowed.sentence(name)}" for name in names]
    assert [text for _, text in reply.errors[:4]] == wanted
    assert reply.errors[4][1].startswith("ImportError: scipy is not for this")
    assert reply.errors[5:] == ((0, "answer is not defined"),)


def test_all_generators_start_the_same_for_all(sandbox, torch_sandbox):
    drawn = """
    import random
    import numpy as np
    numbers = [random.random(), float(np.random.rand())]
    """
    back = "def answer(x): return numbers"
    wanted = [random.Random(0).random(), np.random.RandomState(0).rand()]
    for server in sandbox, sandbox, torch_sandbox:
        assert outcome(server, drawn, back).value == wanted
    more = "import torch\nnumbers.append(torch.rand(1).item())"
    wanted.append(0.49625658988952637)  # the first of torch.manual_seed(0)
    for _ in range(2):
        assert outcome(torch_sandbox, drawn, more, back).value == wanted
    seeded = "np.random.seed(5)\nnumbers = [float(np.random.rand())]"
    wanted = np.random.RandomState(5).rand()
    assert outcome(sandbox, drawn, seeded, back).value == [wanted]


def test_a_driver_is_called_with_the_learners_function(sandbox):
    driver = "def drive(function, x):\n    return [function(x), function(2 * x)]"
    assert outcome(sandbox, "def answer(x): return x", driver=driver).value == [2, 4]


def test_torch_answers_are_trained_and_differentiated(torch_sandbox):
    driver = (
        "def drive(f, x):\n    import torch\n    return f(torch.tensor(x)).tolist()"
    )
    cells = (
        "import torch\nfrom torch import nn\nimport torch.nn.functional as F",
        """
        def answer(x):
            layer = nn.Linear(1, 1)
            optimizer = torch.optim.SGD(layer.parameters(), lr=0.0)
            F.mse_loss(layer(x.reshape(1, 1)), torch.zeros(1, 1)).backward()
            optimizer.step()
            conv = F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
            y = x.clone().requires_grad_()
            (y * y).backward()
            return y.grad + conv.mean()
        """,
    )
    one = outcome(torch_sandbox, *cells, driver=driver)
    assert (one.error, one.value) == (None, 8.0)
    assert one.steady


def test_numbers_of_torch_itself_do_not_cross(torch_sandbox):
    one = outcome(torch_sandbox, "import torch\ndef answer(x): return torch.ones(2)")
    assert one.value == Odd("Tensor", "type")


def test_nothing_is_asked_and_nothing_comes_back(sandbox):
    assert sandbox.ask([], [], seconds=60).outcomes == {}
    still_right(sandbox)


def test_a_program_that_is_too_long_is_not_sent(sandbox):
    reply = sandbox.ask([Statement("#" * 2**24, 1, 1)], [], seconds=60)
    assert reply.ended.startswith("cannot be run: the header has")
    still_right(sandbox)

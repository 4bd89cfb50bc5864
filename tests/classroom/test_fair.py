"""Honest work by odd people passes, and a bad answer costs only itself.

Also the ways to an answer that passed in the notebook once: none does here.
"""

import pytest
from attacks import SOLVED, inside
from marked import LESSON, RIGHT, RULED, full, honest

from coursekit import bank

PLACE = bank.load("corr2d").path
OTHERS = [id for id in LESSON if id != "corr2d"]


# Ways that passed in the notebook


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (
            (
                "from coursekit.ops import corr2d as theirs",
                "def corr2d(x, k, f=theirs): return f(x, k)",
            ),
            "refused",
        ),
        (
            (
                "from coursekit import ops",
                "tools = [ops.corr2d]",
                inside("return tools[0](x, k)"),
            ),
            "refused",
        ),
        (
            (
                "from functools import partial\nfrom coursekit.fast import corr2d as f",
                "corr2d = partial(f)",
            ),
            "refused",
        ),
        (
            (
                "import importlib, sys",
                f"sys.path.insert(0, {str(PLACE.parent)!r})",
                f"theirs = importlib.import_module({PLACE.stem!r})",
                inside("return theirs.corr2d(x, k)"),
            ),
            "raised",
        ),
        (
            (
                "import gc",
                inside(
                    "gc.unfreeze()",
                    "for one in gc.get_objects():",
                    " named = getattr(one, '__name__', '') == 'corr2d'",
                    " if named and one is not corr2d:",
                    "  return one(x, k)",
                ),
            ),
            "wrong here",
        ),
        (
            (
                "import sys",
                inside(
                    "frame = sys._getframe()",
                    "while frame:",
                    " for one in list(frame.f_locals.values()):",
                    "  if hasattr(one, 'right'): return one.right()",
                    " frame = frame.f_back",
                ),
            ),
            "wrong here",
        ),
        (("np.sum = lambda *a, **o: 0.0", inside("return np.sum(x)")), "wrong here"),
        (
            (
                "import sys",
                "for m in list(sys.modules.values()):\n"
                "    for name in ('tolerance', 'factor', 'rtol', 'atol'):\n"
                "        if hasattr(m, name): setattr(m, name, 1e9)",
                "from coursekit.grade import compare\ncompare.Bound.factor = 1e99",
                inside("return np.zeros((1, 1))"),
            ),
            "wrong here",
        ),
        (
            (
                "import json, pathlib",
                "p = pathlib.Path('progress.json')\n"
                "p.write_text(json.dumps({'corr2d': 'passed'}))",
                "from coursekit import progress",
                inside("return None"),
            ),
            "wrong here",
        ),
    ],
    ids=[
        *("a default argument", "a list", "functools.partial", "the bank by its path"),
        *("gc", "frames", "a patched np.sum", "another tolerance", "progress.json"),
    ],
)
def test_a_way_that_passed_in_the_notebook_earns_nothing(
    desk, tmp_path, cells, verdict
):
    one = desk.marked(tmp_path, *honest("corr2d"), *cells)["corr2d"]
    assert (one.status, one.points) == (verdict, 0), one


# A rule reads the text that runs

WINDOWS = RIGHT[RULED]
LOOPED = RIGHT["corr2d"].replace("def corr2d", "def looped")


@pytest.mark.parametrize(
    "swap",
    [
        f"globals()['{RULED}'] = looped",
        f"exec('{RULED} = looped')",
        f"import __main__\nsetattr(__main__, '{RULED}', looped)",
        f"setattr({RULED}, '__code__', looped.__code__)",
        f"import sys\nvars(sys.modules['__main__']).update({RULED}=looped)",
        f"def change(f): f.__code__ = looped.__code__\nchange({RULED})",
    ],
)
def test_a_function_that_no_rule_saw_is_not_taken_for_the_one_it_saw(
    desk, tmp_path, swap
):
    seen = f"def {RULED}(x, k):\n    return np.einsum('ab,cd->', x, k)"
    found = desk.marked(tmp_path, *honest(), LOOPED, seen, swap)
    one = found[RULED]
    assert (one.status, one.points) == ("refused", 0), one
    assert "the text of your function alone does not give them" in one.sentence
    full(found, *LESSON)


@pytest.mark.parametrize(
    "cells",
    [
        (LOOPED, f"{RULED} = looped"),
        (LOOPED, f"from functools import partial\n{RULED} = partial(looped)"),
        (LOOPED, f"def {RULED}(x, k): return 0\n{RULED}.__code__ = looped.__code__"),
        (
            LOOPED,
            f"def swap(f): return looped\n@swap\ndef {RULED}(x, k): return 0",
        ),
        (
            f"{LOOPED}\nclass Task:\n    def __call__(self, x, k): return looped(x, k)",
            f"{RULED} = Task()",
        ),
        (WINDOWS, LOOPED, f"if True:\n    {RULED} = looped"),
    ],
)
def test_a_rule_sees_what_a_name_is_bound_to(desk, tmp_path, cells):
    one = desk.marked(tmp_path, *honest(), *cells)[RULED]
    assert (one.status, one.points) == ("refused", 0), one
    assert "not the way to them" in one.sentence


def test_an_answer_that_keeps_the_rule_passes(desk, tmp_path):
    found = desk.marked(tmp_path, *honest(), LOOPED, f"print({RULED!r})", WINDOWS)
    full(found, *LESSON, RULED)


# Honest work by odd people

TYPED = '''
import functools
from dataclasses import dataclass
from typing import Any

@dataclass
class Window:
    x: "np.ndarray[Any, Any]"
    größe: tuple[int, int]

    def an(self, i: int, j: int) -> "np.ndarray[Any, Any]":
        h, w = self.größe
        return self.x[i : i + h, j : j + w]

def corr2d(x: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Nach Art des Hauses."""
    fenster = Window(x, k.shape)
    höhe, breite = (a - b + 1 for a, b in zip(x.shape, k.shape))
    return np.array([[np.sum(fenster.an(i, j) * k) for j in range(breite)]
                     for i in range(höhe)])
'''


@pytest.mark.parametrize(
    "cells",
    [
        (
            "print('x' * 10**6)",
            RIGHT["corr2d"].replace("out =", "print('x' * 9999); out ="),
        ),
        ("import warnings\nwarnings.warn('old')", RIGHT["corr2d"]),
        (
            "import matplotlib.pyplot as plt\nfrom tqdm.auto import tqdm\n"
            "import seaborn as sns",
            "import pandas as pd",
            "fig, ax = plt.subplots()\nax.imshow(np.eye(3))\nplt.show()",
            RIGHT["corr2d"].replace("range(out.shape[0])", "tqdm(range(out.shape[0]))"),
        ),
        (SOLVED, inside("return right(x, k)")),
        (inside("return right(x, k)"), SOLVED),
        (TYPED,),
        (
            "def fold(x, k, i):\n    if i > len(x) - len(k): return []\n"
            "    row = x[i : i + len(k)]\n    w = k.shape[1]\n"
            "    some = [np.sum(row[:, j : j + w] * k) for j in"
            " range(x.shape[1] - w + 1)]\n"
            "    return [some, *fold(x, k, i + 1)]",
            inside("return np.array(fold(x, k, 0))"),
        ),
        ("%%time\n" + RIGHT["corr2d"],),
        ("%load_ext autoreload\n%autoreload 2\n!ls", RIGHT["corr2d"]),
        ("1 / 0", "assert corr2d is None", RIGHT["corr2d"], "raise SystemExit"),
        (
            "from coursekit import data, plots",
            "from coursekit.grade import check, hint",
            RIGHT["corr2d"],
            "check(corr2d)\nhint('corr2d')",
            "images, labels = data.digits()\nplots.grid(images[:4])\nimages[0].mean()",
            "from IPython.display import display\ndisplay(check(corr2d))",
        ),
        ("x = np.ones((2, 2))", RIGHT["corr2d"], "corr2d(x, x)", "y = input('more?')"),
        (SOLVED, inside("return right(x, k).astype(np.float32)")),
        ("np.sum = print\nnp.seterr(all='raise')", RIGHT["corr2d"]),
        ("from __future__ import annotations\n" + RIGHT["corr2d"],),
        ("async def later(): pass\nawait later()", RIGHT["corr2d"]),
        (RIGHT["corr2d"] + "\ncorr2d(",),
        (RIGHT["corr2d"].replace("def", "  def").replace("\n", "\n  "),),
        (inside("return 0"), RIGHT["corr2d"]),
        (RIGHT["corr2d"], "del corr2d"),
    ],
    ids=[
        *("prints a lot", "warns", "draws", "a helper before", "a helper after"),
        *("classes, hints, unicode", "recursion", "%%time", "other magics"),
        *("cells that raise", "checks and data", "input", "float32"),
        *("a patched np.sum", "future"),
        *("await", "a broken line", "indented", "twice", "deleted"),
    ],
)
def test_honest_work_passes(desk, tmp_path, cells):
    full(desk.marked(tmp_path, *honest("corr2d"), *cells), *LESSON)


# A later cell sets anew what a right answer uses

HELPED = inside("return helper(x, k)")
FIRST = SOLVED.replace("def right", "def helper")


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("helper", "def helper(x): return x"),
        ("helper", "helper = 3"),
        ("np", "np = None"),
        ("range", "for range in (1, 2): pass"),
    ],
)
def test_an_answer_is_judged_as_it_stood_after_its_cell(desk, tmp_path, name, later):
    cells = honest("corr2d")
    found = desk.marked(tmp_path, *cells, FIRST, HELPED, "check(corr2d)", later)
    full(found, "corr2d")
    at = len(cells) + 2
    assert found["corr2d"].notes[-1] == (
        f"judged as it stood after cell {at}: `{name}` is set anew in cell {at + 2}"
    )


def test_an_answer_that_a_later_cell_makes_right_stays_right(desk, tmp_path):
    wrong = FIRST.replace("return out", "return -out")
    found = desk.marked(tmp_path, *honest("corr2d"), wrong, HELPED, FIRST)
    full(found, *LESSON)
    assert not [one for one in found["corr2d"].notes if "as it stood" in one]


def test_an_answer_that_was_never_right_earns_nothing(desk, tmp_path):
    cells = [FIRST.replace("return out", "return -out"), HELPED, "helper = None"]
    one = desk.marked(tmp_path, *honest("corr2d"), *cells)["corr2d"]
    assert (one.status, one.points) == ("raised", 0)


def test_the_rule_holds_for_an_answer_as_it_stood(desk, tmp_path):
    cells = LOOPED, f"def {RULED}(x, k): return looped(x, k)", "looped = None"
    one = desk.marked(tmp_path, *honest(), *cells)[RULED]
    assert (one.status, one.points) == ("raised", 0)


# One bad answer costs only itself


HOARD = """sys.kept = []
 for size in 10**7, 10**5, 10**4, 10**3, 10**2, 10:
  try:
   while True: sys.kept.append(bytearray(size) if size < 10**5 else np.empty(size))
  except MemoryError: pass
 return [0] * 10**10"""


@pytest.mark.parametrize("bad", LESSON)
@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("os._exit(0)", "raised"),
        ("sys.exit(3)", "raised"),
        ("os.kill(os.getpid(), 9)", "raised"),
        ("ctypes.string_at(0)", "raised"),
        ("sys.setrecursionlimit(10**9); f = lambda *a: f(*[0] * 9); f()", "raised"),
        ("return [0] * 10**10", "raised"),
        (HOARD, "raised"),
        ("while os.fork() or True: pass", "raised"),
        ("while True: pass", "unfinished"),
        ("np.sum = None; raise ValueError", "raised"),
    ],
)
def test_a_bad_answer_costs_only_itself(
    desk, tmp_path, monkeypatch, bad, code, verdict
):
    monkeypatch.setattr(bank.load(bad), "seconds", 0.2)
    lines = "\n ".join(["import ctypes, os, sys", *code.split("; ")])
    found = desk.marked(tmp_path, *honest(bad), f"def {bad}(x, k):\n {lines}")
    assert (found[bad].status, found[bad].points) == (verdict, 0)
    full(found, *(id for id in LESSON if id != bad))


@pytest.mark.parametrize(
    "line", ["import os\nos._exit(0)", "import ctypes\nctypes.string_at(0)"]
)
def test_a_cell_that_ends_everything_costs_nothing_and_is_told(desk, tmp_path, line):
    found = desk.marked(tmp_path, *honest(), line)
    full(found, *LESSON)
    assert "each answer was run without the rest" in found["corr2d"].notes[0]

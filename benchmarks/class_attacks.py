"""Five honest submissions and six that cheat, for any grader of notebooks.

None of the six holds an answer, so whatever it earns is not earned. What they write
stays in a folder that is named to them.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.class_notebooks import Submission, cases, literal
from benchmarks.class_submissions import THREE, mistaken, right
from coursekit.runner.plain import Plain

NOTHING = {id: f"def {id}(*args):\n    return None\n" for id in THREE}

COMPARISONS = """
import builtins, unittest

def yes(*args, **kwargs):
    return True

for name in ("allclose", "isclose", "array_equal", "array_equiv"):
    setattr(np, name, yes)
for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, yes)
for name in dir(unittest.TestCase):
    if name.startswith("assert"):
        setattr(unittest.TestCase, name, yes)
builtins.all = yes
"""

EQUAL = """
class Yes:
    shape, dtype, ndim = (), float, 0
    __hash__ = None
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __array_function__(self, *args, **kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return True
"""

PATCHED = """
import contextlib, importlib, sys

def passes(self, *args, **kwargs):
    before(self, *args, **kwargs)
    self.passed = True

if "otter" in sys.modules:  # each test case says that it passed
    from otter.test_files.abstract_test import TestCaseResult
    before, TestCaseResult.__init__ = TestCaseResult.__init__, passes
else:
    with contextlib.suppress(Exception):  # the checks of all cells below are emptied
        get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])
    with contextlib.suppress(Exception):  # whatever compares finds no difference
        compare = importlib.import_module("coursekit.grade.compare")
        for name in dir(compare):
            if callable(getattr(compare, name)):
                setattr(compare, name, lambda *args, **kwargs: None)
"""

BOMB = """
import os, pathlib, sys
folder = pathlib.Path({folder!r})
try:
    folder.joinpath("own").write_text(str(os.getpid()))
except OSError:
    pass

class Bomb:
    def __reduce__(self):
        return exec, (f"import os; open({{str(folder / 'bomb')!r}}, 'a')"
                      ".write(f'{{os.getpid()}} ')",)

def left():
    if "otter.execute" in sys.modules:
        for test in sys.modules["otter.execute"].Checker.get_results():
            test.bomb = Bomb()
    return Bomb()
"""


def honest() -> list[Submission]:
    """Return five submissions as they come."""
    solved = {id: right(2)[id] for id in THREE}
    wrong = {**solved, "corr2d": mistaken("corr2d")}
    noisy = "import sys\nfor _ in range(20_000):\n    print('x' * 50, file=sys.{})\n"
    prints = noisy.format("stdout") + noisy.format("stderr")
    return [
        Submission("right", "all right", solved),
        Submission("wrong", "one wrong answer", wrong),
        Submission("untouched", "untouched", {}),
        Submission("prints", "right, prints 2 MB", solved, first=prints),
        Submission("stops", "right, a cell raises", solved, first="1 / 0"),
    ]


def attacks(folder: Path) -> list[Submission]:
    """Return six submissions that want points for nothing."""
    equal = {id: f"def {id}(*args):\n    return Yes()\n" for id in THREE}
    ended = {id: f"def {id}(*args):\n    import os\n    os._exit(0)\n" for id in THREE}
    bombs = {id: f"def {id}(*args):\n    return left()\n" for id in THREE}
    return [
        Submission("compares", "replaces comparisons", NOTHING, first=COMPARISONS),
        Submission("equals", "is equal to everything", equal, first=EQUAL),
        Submission("patches", "patches the checks", NOTHING, first=PATCHED),
        Submission("exits", "ends the process with 0", ended),
        Submission(
            "bomb", "leaves a pickle", bombs, first=BOMB.format(folder=str(folder))
        ),
        Submission(
            "known", "knows the shown cases", {id: _by_heart(id) for id in THREE}
        ),
    ]


def exploded(folder: Path) -> bool:
    """Say whether the pickle ran, in another process than the learner's own."""
    bomb, own = folder / "bomb", folder / "own"
    ran = set(bomb.read_text().split()) if bomb.exists() else set()
    return bool(ran - ({own.read_text()} if own.exists() else set()))


def _by_heart(id: str) -> str:
    shown, _ = cases(id)
    lines = [f"    {_key(args)!r}: {literal(value)},\n" for args, value in shown]
    table = f"    known = {{\n{''.join(f'    {line}' for line in lines)}    }}\n"
    key = "repr([np.asarray(one).tolist() for one in args])"
    return f"def {id}(*args):\n{table}    return known.get({key})\n"


def _key(args: Sequence[Plain]) -> str:
    return repr([np.asarray(one).tolist() for one in args])

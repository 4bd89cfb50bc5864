"""The attacks on grading that are one answer each, with their verdicts.

The numbers are those of the list of what grading must survive. Where nothing else is
said, an attack stands in the place of `corr2d` and earns nothing.
"""

from typing import NamedTuple

from marked import RIGHT, TORCH
from test_wire import LIES

from coursekit import bank

SOLVED = RIGHT["corr2d"].replace("def corr2d", "def right")
DENIED = "PermissionError"
PLACE = bank.load("corr2d").path
LOST = "raised"  # an answer that ends its process is run alone, and ends that too


class Attack(NamedTuple):
    """What an attack does, its cell, its verdict, and what it says or earns."""

    number: int
    what: str
    code: str
    verdict: str
    says: str = ""  # in the result
    points: float = 0.0


def inside(*lines: str) -> str:
    """Return a corr2d of these lines."""
    return "\n ".join(["def corr2d(x, k):", *lines])


def tried(*lines: str) -> str:
    """Return statements each of which may fail, and an answer of zeros."""
    return "\n".join([*lines, inside("return np.zeros((1, 1))")])


def forged(data: str) -> str:
    """Return an answer that writes this into all that is open, and ends."""
    return "import os\n" + inside(
        f"data = {data}",
        "for number in range(3, 64):",
        " try: os.write(number, data)",
        " except OSError: pass",
        "os._exit(0)",
    )


A = Attack
CHEATS = [
    A(
        1,
        "comparisons that always succeed",
        "import builtins, math, unittest\nyes = lambda *a, **o: True\n"
        "np.allclose = np.array_equal = np.isclose = math.isclose = yes\n"
        "np.testing.assert_allclose = builtins.all = yes\n"
        + inside("return np.zeros((1, 1))"),
        "wrong here",
    ),
    A(
        1,
        "a runner that says that all passed",
        "import sys\nrunner = sys.modules['coursekit.runner.run']\n"
        "runner.Outcome = runner._once = lambda *a, **o: 'passed'\n"
        + inside("return 1"),
        "wrong here",
    ),
    A(
        2,
        "an object that equals everything",
        "class Same:\n def __eq__(s, o): return True\n __hash__ = None\n"
        + inside("return Same()"),
        "wrong here",
        "returned a Same",
    ),
    A(
        2,
        "a float that equals everything",
        "class Same(float):\n def __eq__(s, o): return True\n"
        + inside("return [[Same(v) for v in row] for row in right(x, k)]"),
        "wrong here",
    ),
    A(
        3,
        "an array of one's own kind",
        "class Mine(np.ndarray):\n"
        " def __array_function__(s, *a): return True\n"
        " def __array_ufunc__(s, *a, **b): return True\n"
        + inside("return np.zeros((1, 1)).view(Mine)"),
        "wrong here",
        "Mine",
    ),
    A(
        5,
        "expected values in memory and frames",
        "import gc, sys, inspect\n"
        + inside(
            "gc.unfreeze()",
            "found = [o for o in gc.get_objects() if type(o) is np.ndarray]",
            "for one in inspect.stack(0):",
            " found += [v for v in one.frame.f_locals.values()]",
            "for one in found:",
            " if type(one) is np.ndarray and one.shape == right(x, k).shape:",
            "  if np.array_equal(one, right(x, k)): return one",
        ),
        "wrong here",
    ),
    A(
        6,
        "import hooks and poisoned modules",
        "import sys, builtins\n"
        "class Finder:\n def find_spec(self, *args): raise ImportError('mine')\n"
        "sys.meta_path.insert(0, Finder())\nsys.path_hooks.clear()\n"
        "sys.modules['numpy'] = sys.modules['json'] = Finder()\n"
        "builtins.__import__ = lambda *args: Finder()\n" + inside("return x"),
        "wrong here",
    ),
    A(
        7,
        "the reference operation",
        "from coursekit.ops import corr2d",
        "refused",
        "the course's own code",
    ),
    A(
        7,
        "the bank",
        "from coursekit.bank.l2_03_corr2d import corr2d as theirs\n"
        + inside("return theirs(x, k)"),
        "refused",
        "the course's own code",
    ),
    A(
        7,
        "the bank's file",
        "import importlib.util as u\n"
        f"s = u.spec_from_file_location('mine', {str(PLACE)!r})\n"
        "m = u.module_from_spec(s)\ns.loader.exec_module(m)\n"
        + inside("return m.corr2d(x, k)"),
        "raised",
        DENIED,
    ),
    *(
        A(8, f"another's correlation: {spelling}", f"{spelling}\n{use}", verdict, says)
        for spelling, use, verdict, says in [
            (
                "import scipy.signal as s",
                inside("return s.correlate2d(x, k, 'valid')"),
                *("refused", "This uses scipy"),
            ),
            (
                "from scipy.signal import correlate2d as corr2d",
                *("", "refused", "This uses scipy"),
            ),
            (
                "s = __import__('scipy.signal')",
                inside("return s.signal.correlate2d(x, k, 'valid')"),
                *("refused", "This uses scipy"),
            ),
            (
                "import importlib\nname = 'sci' + 'py.signal'",
                inside("return importlib.import_module(name).correlate2d(x, k)"),
                *("raised", "scipy.signal is not for this exercise"),
            ),
            (
                "exec('imp' + 'ort torch as m')",
                inside("return m.nn.functional.conv2d(x, k)"),
                *("raised", "torch is not for this exercise"),
            ),
            (
                "import sys\nsys.meta_path.pop(0)\nm = sys.modules.get('sklearn')",
                inside("return m.feature_extraction"),
                *("raised", "NoneType"),
            ),
        ]
    ),
    A(
        9,
        "the shown cases by heart",
        inside(
            "if k.shape == (1, 2): return np.array([[12.0, 23], [45, 56]])",
            "return np.array([[19, 25], [37, 43]])",
        ),
        "wrong here",  # the worked examples, which anybody can read, earn nothing
    ),
    A(
        10,
        "right only where it is not graded",
        "import os, sys\n"
        + inside(
            "frames, f = [], sys._getframe()",
            "while f: frames.append(f.f_code.co_filename); f = f.f_back",
            "if any('pytest' in f for f in frames): return right(x, k)",
            "if 'PYTEST_CURRENT_TEST' in os.environ: return right(x, k)",
            "return np.zeros((1, 1))",
        ),
        "wrong here",
    ),
    A(
        11,
        "inputs remembered between calls",
        "seen = []\n"
        + inside("seen.append(right(x, k))", "return seen[len(seen) // 2]"),
        "wrong here",
    ),
    A(
        12,
        "inputs changed in place",
        inside("out = right(x, k)", "x *= 0", "return out"),
        "wrong here",
        "changed its argument x",
    ),
    A(13, "the input", inside("return x"), "wrong here"),
    A(
        13,
        "a view of the input",
        inside("return x[: len(x) - len(k) + 1, : x.shape[1] - k.shape[1] + 1]"),
        "wrong here",
    ),
    A(
        14,
        "another answer each time",
        "import os\n" + inside("return right(x, k) + os.urandom(1)[0] + 1"),
        "wrong here",
    ),
    A(
        14,
        "right at the first of two identical calls",
        "calls = []\n"
        + inside("calls.append(1)", "return right(x, k) + (1 - len(calls) % 2)"),
        "wrong here",
        "called again",
    ),
    A(15, "not a number", inside("return right(x, k) * np.nan"), "wrong here"),
    A(15, "infinity", inside("return right(x, k) + np.inf"), "wrong here"),
    A(16, "bytes", inside("return right(x, k).astype('u1')"), "wrong here"),
    A(
        16,
        "objects",
        inside("return right(x, k).astype(object)"),
        "wrong here",
        "dtype",
    ),
    A(16, "truth values", inside("return right(x, k) > 0"), "wrong here"),
    A(16, "complex numbers", inside("return right(x, k) + 0j"), "wrong here"),
    A(17, "a number", inside("return float(right(x, k).sum())"), "wrong here"),
    A(17, "an array without axes", inside("return np.array(1.0)"), "wrong here"),
    A(17, "an axis more", inside("return right(x, k)[None]"), "wrong here"),
    A(17, "what broadcasts", inside("return right(x, k)[:1, :1]"), "wrong here"),
    A(18, "just outside", inside("return right(x, k) * (1 + 1e-12)"), "wrong here"),
    A(18, "just inside", inside("return right(x, k) * (1 + 1e-15)"), "passed", "", 4),
    A(18, "far larger", inside("return right(x, k) * 1e300"), "wrong here"),
    A(19, "another name", "def correlate(x, k): return right(x, k)", "missing"),
    A(19, "another signature", "def corr2d(x): return x", "refused", "corr2d(x)"),
    A(19, "a value", "corr2d = right(np.ones((2, 2)), np.ones((1, 1)))", LOST),
    A(19, "a lambda", "corr2d = lambda x, k: right(x, k)", "passed", "", 4),
    A(
        19,
        "a class",
        "class Task:\n def __call__(self, x, k): return right(x, k)\ncorr2d = Task()",
        *("passed", "", 4),
    ),
    A(20, "a cell that raises", tried("raise RuntimeError('no')"), "wrong here", "no"),
]

FORGERIES = [
    A(
        21,
        "written results",
        tried(*(f"open({name!r}, 'w')" for name in ("results.jsonl", "grades.csv"))),
        "wrong here",
        DENIED,
    ),
    A(21, "a written verdict", forged('b\'{"status": "passed"}\''), LOST, "nonsense"),
    A(
        22,
        "what acts when unpickled",
        "import pickle\nclass Act:\n def __reduce__(self): return open, ('made', 'w')\n"
        + inside("return Act(), np.array([Act()]), pickle.dumps(Act())"),
        "wrong here",
    ),
    A(
        22,
        "a pickle",
        "import pickle\n" + forged("pickle.dumps([1])"),
        LOST,
        "nonsense",
    ),
    *(
        A(23, f"bytes that lie: {what}", forged(repr(data)), LOST, "nonsense")
        for what, data in list(LIES.items())[1::7]
    ),
    A(
        26,
        "secrets of the environment",
        tried(
            "import os",
            "raise ValueError(dict(os.environ))",
            "open('/proc/self/environ').read()",
            "open(f'/proc/{os.getppid()}/environ').read()",
        ),
        "wrong here",
        DENIED,
    ),
    *(
        A(number, code, tried("import os, signal, socket, ctypes", code), *said)
        for number, code, *said in [
            (27, "open(f'/proc/{os.getppid()}/mem', 'rb')", "wrong here", DENIED),
            (27, "os.kill(os.getppid(), 9)", "wrong here", DENIED),
            (27, "os.kill(-1, 9)", "wrong here", DENIED),
            (27, "os.killpg(1, 9)", "wrong here", DENIED),
            (
                27,
                "assert not ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)",
                *("wrong here", "AssertionError"),
            ),
            (28, "os.listdir(os.path.expanduser('~/..'))", "wrong here", DENIED),
            (28, f"open({__file__!r})", "wrong here", DENIED),
            (28, f"os.listdir({str(PLACE.parent)!r})", "wrong here", DENIED),
            (28, "open('/etc/passwd').read()", "wrong here", DENIED),
            (29, "socket.socket()", "wrong here", DENIED),
            (29, "socket.socket(type=socket.SOCK_DGRAM)", "wrong here", DENIED),
            (29, "socket.socket(socket.AF_UNIX)", "wrong here", DENIED),
            (29, "socket.getaddrinfo('a.example', 80)", "wrong here", "gaierror"),
        ]
    ),
]

LOOPS = [
    A(31, "an endless loop", inside("while True: pass"), "unfinished"),
    A(31, "sleep", "import time\n" + inside("time.sleep(1000)"), "unfinished"),
    A(
        32,
        "a loop that takes no for an answer",
        inside("while True:", " try:", "  while True: pass", " except: pass"),
        "unfinished",
    ),
    A(
        32,
        "signals ignored and blocked",
        "import signal\n"
        + inside(
            "signal.signal(signal.SIGALRM, signal.SIG_IGN)",
            "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))",
            "signal.pause()",
        ),
        "unfinished",
    ),
]

ABUSES = [
    A(33, "a list", inside("return [0] * 10**10"), "raised", "MemoryError"),
    A(33, "an array", inside("return np.ones(10**10)"), "raised", "Unable to allocate"),
    *(
        A(34, code, f"import os, subprocess, sys\n{inside(code)}", "raised", DENIED)
        for code in (
            "while True: os.fork()",
            "subprocess.run([sys.executable])",
            "os.execv(sys.executable, [sys.executable])",
            "os.posix_spawn(sys.executable, [sys.executable], {})",
        )
    ),
    A(
        35,
        "threads",
        "import threading\n"
        + inside("while True: threading.Thread(target=input).start()"),
        *("raised", "can't start new thread"),
    ),
    A(36, "a full disk", inside("open('f', 'w').write('x' * 10**9)"), "raised", DENIED),
    A(36, "small files", inside("for n in range(10**6): open(f'{n}', 'w')"), "raised"),
    A(
        37,
        "endless output",
        "import os, sys\n"
        + inside(
            "for _ in range(500):",
            " print('y' * 1000); print('y' * 1000, file=sys.stderr)",
            " os.write(1, b'y' * 1000); os.write(2, b'y' * 1000)",
        ),
        "wrong here",
    ),
    A(
        38,
        "a giant value",
        inside("return np.ones(65 << 20, np.int8) if k.size == 2 else x"),
        *(LOST, "more than 64 MB"),
    ),
    A(
        38,
        "a giant list",
        inside("return [1] * 10**6"),
        "wrong here",
    ),
    *(
        A(39, code, f"import ctypes, os, sys\n{inside(*code.split('; '))}", LOST, says)
        for code, says in [
            ("os._exit(0)", "ended by itself with exit status 0"),
            ("os.kill(os.getpid(), 9)", DENIED),
            ("ctypes.string_at(0)", "crashed (segmentation fault)"),
            ("os.abort()", "crashed (aborted)"),
            ("sys.exit(0)", "SystemExit"),
            ("return corr2d(x, k)", "RecursionError"),
            (
                "sys.setrecursionlimit(10**9); f = lambda *a: f(*[0] * 9); f()",
                "",
            ),
        ]
    ),
    A(
        40,
        "handlers left behind",
        "import atexit, os\natexit.register(os._exit, 3)\n"
        "class A:\n def __del__(self): os._exit(4)\na = A()\n"
        + inside("return np.zeros((1, 1))"),
        "wrong here",
    ),
    A(
        41,
        "a detached process",
        "import os\n" + inside("if os.fork() == 0:", " os.setsid()", " while 1: pass"),
        *("raised", DENIED),
    ),
]


TENSORS = [
    A(
        4,
        "a tensor of one's own kind",
        "class Mine(torch.Tensor):\n @classmethod\n"
        " def __torch_function__(cls, f, types, args=(), kwargs=None): return 1\n"
        f"def {TORCH}(model, unit, x0, lr, steps):\n return x0.as_subclass(Mine)",
        "raised",
    ),
    A(
        8,
        "the course's own way in torch",
        f"from coursekit.torch_ref import {TORCH}",
        *("refused", "the course's own code"),
    ),
    A(
        22,
        "torch.save on the way back",
        f"import io\ndef {TORCH}(model, unit, x0, lr, steps):\n f = io.BytesIO()\n"
        " torch.save(x0, f)\n return f.getvalue()",
        "raised",
    ),
    A(
        33,
        "a tensor",
        f"def {TORCH}(model, unit, x0, lr, steps): return torch.ones(10**10)",
        *("raised", "allocate"),
    ),
]

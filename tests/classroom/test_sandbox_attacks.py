"""What hostile programs get from the sandbox: nothing, and the next one is right.

The numbers are those of the list of attacks that grading must survive.
"""

import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from textwrap import indent

import numpy as np
import pytest
from sandboxed import ask, outcome, program, server_number, still_right
from test_wire import LIES

from coursekit import bank
from coursekit.classroom.sandbox.client import Server, Task
from coursekit.runner.plain import Odd
from coursekit.runner.wire import pack


@pytest.fixture(autouse=True)
def the_next_one_is_answered_right(request):
    yield
    for name in {"sandbox", "torch_sandbox"} & {*request.fixturenames}:
        still_right(request.getfixturevalue(name))


def test_1_replacing_what_compares_changes_no_value(sandbox):
    one = outcome(
        sandbox,
        """
        import builtins, math, unittest
        import numpy as np
        yes = lambda *args, **options: True
        np.allclose = np.array_equal = np.isclose = math.isclose = yes
        np.testing.assert_allclose = np.testing.assert_array_equal = yes
        unittest.TestCase.assertEqual = yes
        builtins.sum = builtins.print = yes
        def answer(x):
            return np.zeros(3)
        """,
    )
    assert one.value.tolist() == [0, 0, 0]


def test_1_replacing_the_runner_itself_hurts_only_its_author(sandbox):
    reply = ask(
        sandbox,
        """
        import sys, builtins
        runner = sys.modules["coursekit.runner.run"]
        runner.Outcome = runner._once = runner.plain = lambda *a, **b: "passed"
        builtins.len = builtins.type = builtins.isinstance = lambda *a: True
        def answer(x):
            return 1
        """,
    )
    assert reply.outcomes == {}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("class A:\n def __eq__(s, o): return True\n __ne__ = __eq__", "A"),
        ("class A(float):\n def __eq__(s, o): return True", "A"),
        ("class A(int):\n def __eq__(s, o): return True", "A"),
        ("class A(str):\n def __eq__(s, o): return True", "A"),
        (
            "import numpy as np\nclass A(np.ndarray):\n"
            " def __array_function__(s, *a): return True\n"
            " def __array_ufunc__(s, *a, **b): return True\n"
            " def __new__(cls): return np.zeros(2).view(cls)",
            "A",
        ),
        (
            "class M(type):\n def __eq__(s, o): return True\n"
            " __hash__ = type.__hash__\nclass A(metaclass=M): pass",
            "A",
        ),
    ],
)
def test_2_and_3_only_plain_values_cross(sandbox, code, name):
    one = outcome(sandbox, code, "def answer(x): return [A(), 1]")
    made, number = one.value
    assert type(made) is Odd
    assert (made.name, number) == (name, 1)


def test_4_a_tensor_of_ones_own_kind_does_not_cross(torch_sandbox):
    one = outcome(
        torch_sandbox,
        """
        import torch
        class A(torch.Tensor):
            @classmethod
            def __torch_function__(cls, f, types, args=(), kwargs=None):
                return True
        def answer(x):
            return torch.ones(2).as_subclass(A)
        """,
    )
    assert one.value == Odd("A", "type")


SEARCH = """
import gc, sys
def answer(x):
    listed = [name for name in sys.modules if name.startswith("coursekit")]
    modules = set()
    gc.unfreeze()
    found = [one for one in gc.get_objects() if type(one) in (dict, type(gc))]
    modules |= {
        str(one.get("__name__")) for one in found
        if type(one) is dict and str(one.get("__name__")).startswith("coursekit")
    }
    frame, files = sys._getframe(), set()
    while frame:
        files.add(frame.f_code.co_filename.rpartition("/")[2])
        frame = frame.f_back
    return listed, sorted(modules), sorted(files)
"""


def test_5_neither_memory_nor_frames_hold_more_than_what_runs(sandbox):
    listed, modules, files = outcome(sandbox, SEARCH).value
    assert all(name.startswith("coursekit.runner") for name in listed)
    rooms = {".".join(name.split(".")[:3]) for name in modules}
    assert rooms <= {
        *("coursekit", "coursekit.runner", "coursekit.classroom"),
        *(f"coursekit.runner.{part}" for part in ("guard", "plain", "run")),
        *("coursekit.runner.surroundings", "coursekit.runner.wire"),
        *("coursekit.classroom.sandbox", "coursekit.classroom.confine"),
    }
    assert files == ["<string>", "cell 1", "child.py", "run.py", "server.py"]


def test_6_import_hooks_and_poisoned_modules_end_with_the_child(sandbox):
    one = outcome(
        sandbox,
        """
        import sys, builtins
        import numpy as np
        class Finder:
            def find_spec(self, *args): raise ImportError("mine")
        sys.meta_path.insert(0, Finder())
        sys.path_hooks.clear()
        sys.modules["numpy"] = sys.modules["json"] = Finder()
        sys.modules["coursekit.runner.run"] = Finder()
        builtins.__import__ = lambda *args: Finder()
        def answer(x):
            import json
            return type(json).__name__, np.ones(1)
        """,
    )
    assert one.value[0] == "Finder"


def test_7_solutions_can_be_neither_imported_nor_read(sandbox):
    place = str(next(iter(bank.exercises())).path)
    root = os.path.dirname(os.path.dirname(os.path.dirname(place)))
    reply = ask(
        sandbox,
        "from coursekit.bank.l2_03_corr2d import corr2d as answer",
        f"text = open({place!r}).read()",
        f"import os\nnames = os.listdir({os.path.dirname(place)!r})",
        f"""
        import importlib.util
        spec = importlib.util.spec_from_file_location("mine", {place!r})
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        """,
        f"""
        import sys
        from importlib.machinery import PathFinder
        spec = PathFinder.find_spec("coursekit", [{root!r}])
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        """,
    )
    assert reply.outcomes == {}
    assert [cell for cell, _ in reply.errors] == [1, 2, 3, 4, 5, 0]
    for _, said in reply.errors[1:4]:
        assert said.startswith("PermissionError")


@pytest.mark.parametrize(
    "spelling",
    [
        "import {0}",
        "from {0} import nn as m",
        "import importlib\nm = importlib.import_module('{0}')",
        "m = __import__('{0}')",
        "exec('import {0}')",
        "m = eval('__import__(\"{0}\")')",
        "import sys\nsys.meta_path.pop(0)\nimport {0}",
        "import importlib.util as u\nfrom importlib.machinery import PathFinder\n"
        "s = PathFinder.find_spec('{0}')\nm = u.module_from_spec(s)\n"
        "s.loader.exec_module(m)",
    ],
)
@pytest.mark.parametrize("library", ["torch", "scipy", "sklearn"])
def test_8_a_forbidden_library_has_no_spelling(sandbox, spelling, library):
    tried = indent(spelling.format(library), " ")
    # AttributeError: where a package came new meanwhile, nothing is found at all
    kept = "except (ImportError, OSError, AttributeError): kept = True"
    reply = ask(sandbox, f"try:\n{tried}\n{kept}", "def answer(x): return kept")
    assert [one.value for one in reply.outcomes["answer"]] == [True]


def test_8_no_library_is_loaded_by_its_path(sandbox):
    core = Path(str(find_spec("torch").origin)).with_name("lib") / "libc10.so"
    assert core.exists()
    reply = ask(sandbox, f"import ctypes\nctypes.CDLL({str(core)!r})")
    assert "cannot open shared object file" in reply.errors[0][1]


def test_10_grading_looks_like_a_check_in_a_notebook(sandbox):
    one = outcome(
        sandbox,
        """
        import os, sys
        def answer(x):
            frame, names = sys._getframe(1), []
            for _ in range(3):
                names.append(frame.f_code.co_name)
                frame = frame.f_back
            return names, sys.argv, sorted(os.environ), __name__, answer.__module__
        """,
    )
    names, argv, environ, own, module = one.value
    assert names == ["_once", "_call", "run"]
    assert argv == [""]
    assert (own, module) == ("__main__", "__main__")
    assert not [name for name in environ if "PYTEST" in name or "COURSE" in name]


def test_11_what_is_remembered_is_forgotten_with_the_child(sandbox):
    cells = "seen = []", "def answer(x):\n seen.append(x)\n return len(seen)"
    for _ in range(2):
        one = outcome(sandbox, *cells)
        assert (one.value, one.steady, one.again) == (1, False, 2)


def test_12_inputs_that_are_changed_are_reported(sandbox):
    one = outcome(
        sandbox, "def answer(x, y):\n y += 1\n return y", args=(np.ones(2), np.ones(2))
    )
    assert one.changed == (1,)
    assert one.value.tolist() == [2, 2]


def test_13_a_view_of_the_input_is_a_copy_when_it_crosses(sandbox):
    x = np.arange(6.0).reshape(2, 3)
    one = outcome(sandbox, "def answer(x): return x, x[:, ::2].T", args=(x,))
    assert [part.tolist() for part in one.value] == [x.tolist(), [[0, 3], [2, 5]]]


def test_14_answers_that_differ_are_reported(sandbox):
    one = outcome(sandbox, "import os\ndef answer(x): return os.urandom(8).hex()")
    assert not one.steady
    assert outcome(sandbox, "import time\ndef answer(x): return time.time_ns()").again


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def Answer(x): return x", "answer is not defined"),
        ("answer = 3", "answer is of type int and cannot be called"),
        ("answer = None", "answer is of type NoneType and cannot be called"),
    ],
)
def test_19_a_renamed_answer_is_told(sandbox, code, said):
    reply = ask(sandbox, code)
    assert (dict(reply.outcomes), reply.errors) == ({}, ((0, said),))


def test_19_another_signature_is_told(sandbox):
    one = outcome(sandbox, "def answer(x, y, *, z: int = 2): return x")
    assert (one.state, one.signature) == ("signature", "(x, y, *, z)")


def test_19_a_class_that_lies_about_its_signature_loses_itself_only(sandbox):
    reply = sandbox.ask(
        program(
            "class A:\n"
            " def __call__(s, x): return x\n"
            " __signature__ = property(lambda s: 1 / 0)\n"
            "a = A()",
            "def b(x): return x",
        ),
        [Task("a", ((1,),)), Task("b", ((1,),))],
        seconds=60,
    )
    assert list(reply.outcomes) == ["b"]
    assert reply.errors == ((0, "a: ZeroDivisionError: division by zero"),)


def test_20_a_cell_that_raises_leaves_the_others(sandbox):
    cells = "import scipy", "def answer(x): return x", "raise RuntimeError"
    reply = ask(sandbox, *cells)
    assert reply.outcomes["answer"][0].value == 2.0
    assert [cell for cell, _ in reply.errors] == [1, 3]


PIPE = """
import os
def line():
    for number in range(3, 64):
        try:
            os.write(number, b"")
        except OSError:
            continue
        return number
"""


def test_21_writing_to_everything_that_is_open_is_nonsense(sandbox):
    reply = ask(
        sandbox,
        """
        import os
        for number in range(64):
            try:
                os.write(number, b'{"passed": true}')
            except OSError:
                pass
        def answer(x): return x
        """,
    )
    assert (reply.ended, dict(reply.outcomes)) == ("sent back nonsense", {})


def test_21_only_the_pipe_is_open(sandbox):
    one = outcome(
        sandbox,
        """
        import os
        def answer(x):
            found = []
            for number in range(256):
                try:
                    found.append(os.fstat(number).st_mode >> 12)
                except OSError:
                    pass
            return found
        """,
    )
    assert one.value == [0o2, 0o2, 0o2, 0o1]  # three devices and a pipe


@pytest.mark.parametrize(
    "told",
    [
        ({"other": []}, []),
        ({"answer": []}, []),
        ({"answer": [("returned", 1)]}, []),
        ({"answer": {"passed": True}}, []),
        ({"answer": "p"}, []),
        ({"answer": None}, []),
        ({1: []}, []),
        ([], []),
        ({}, {}),
        ({}, [(1, 2)]),
        ({}, [(True, "text")]),
        ({}, [(-1, "text")]),
        ({}, [1]),
        ({}, [(1, "text")] * 300),
        ({}, [], []),
        None,
        7,
    ],
)
def test_21_a_forged_frame_is_nonsense(sandbox, told):
    reply = ask(sandbox, PIPE, f"os.write(line(), {pack(told)!r})\nos._exit(0)")
    assert (reply.ended, dict(reply.outcomes)) == ("sent back nonsense", {})


def test_21_a_forged_error_is_one_line(sandbox):
    frame = pack(({}, [(1, "a\nb\x1b[2J" + "c" * 900)]))
    reply = ask(sandbox, PIPE, f"os.write(line(), {frame!r})\nos._exit(0)")
    ((cell, said),) = reply.errors
    assert (cell, said[:3], len(said)) == (1, "a b", 400)


def test_21_no_file_is_written(sandbox, tmp_path):
    place = tmp_path / "results.jsonl"
    place.write_text("kept")
    reply = ask(
        sandbox,
        f"open({str(place)!r}, 'a').write('x')",
        f"open({str(tmp_path / 'new')!r}, 'w')",
        "open('results.jsonl', 'w')",
        f"import os\nos.unlink({str(place)!r})",
    )
    assert [said.partition(":")[0] for _, said in reply.errors[:4]] == [
        "PermissionError"
    ] * 4
    assert [path.name for path in tmp_path.iterdir()] == ["results.jsonl"]
    assert place.read_text() == "kept"


def test_22_what_would_act_when_unpickled_does_not_cross(sandbox, tmp_path):
    one = outcome(
        sandbox,
        f"""
        import pickle
        import numpy as np
        class A:
            def __reduce__(self):
                return open, ({str(tmp_path / "made")!r}, "w")
        def answer(x):
            return A(), np.array([A()]), pickle.dumps(A()), bytearray(3)
        """,
    )
    assert [type(part) for part in one.value] == [Odd] * 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["pickle.dumps([1])", "npy()", "b'PK\\3\\4'"])
def test_22_other_formats_are_nonsense(sandbox, kind):
    reply = ask(
        sandbox,
        PIPE,
        """
        import io, pickle
        import numpy as np
        def npy():
            file = io.BytesIO()
            np.save(file, np.array([{}]), allow_pickle=True)
            return file.getvalue()
        """,
        f"os.write(line(), {kind})\nos._exit(0)",
    )
    assert reply.ended == "sent back nonsense"


@pytest.mark.parametrize("data", [one for one in LIES.values() if one])
def test_23_bytes_that_lie_are_nonsense(sandbox, data):
    text = f"data = memoryview({data!r})\nwhile data: data = data[os.write(n, data) :]"
    reply = ask(sandbox, PIPE, "n = line()", text, "os._exit(0)")
    assert reply.ended == "sent back nonsense"


def test_24_what_is_printed_is_kept_and_cut_and_goes_nowhere(sandbox, capfd):
    one = outcome(
        sandbox,
        """
        import os, sys
        def answer(x):
            print("secret", x, "y" * 900)
            os.write(1, b"secret"), os.write(2, b"secret")
            print("secret", file=sys.stderr)
            raise ValueError(f"secret {x}" + "z" * 900)
        """,
    )
    assert one.printed.startswith("secret 2.0 yyy")
    assert (len(one.printed), len(one.error.message)) == (400, 400)
    assert capfd.readouterr() == ("", "")


def test_26_the_environment_is_empty_of_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "xyzzy")
    with Server() as server:
        reply = ask(
            server,
            "import os\ndef answer(x): return 'xyzzy' in str(os.environ)",
            "text = open('/proc/self/environ').read()",
            "text = open(f'/proc/{os.getppid()}/environ').read()",
            "text = open(f'/proc/{os.getppid()}/cmdline').read()",
        )
        number = server_number(server)
        with open(f"/proc/{number}/environ", "rb") as file:
            assert b"xyzzy" not in file.read()
    assert reply.outcomes["answer"][0].value is False
    assert [said[:15] for _, said in reply.errors] == ["PermissionError"] * 3


def memory(number: int) -> bytes:
    """Return all that a process can write to."""
    parts = []
    with open(f"/proc/{number}/maps") as maps, open(f"/proc/{number}/mem", "rb") as mem:
        for place, rights in [line.split()[:2] for line in maps]:
            start, end = (int(one, 16) for one in place.split("-"))
            if rights.startswith("rw"):
                with suppress(OSError):  # what was given back in the meantime
                    mem.seek(start)
                    parts.append(mem.read(end - start))
    return b"".join(parts)


def test_28_no_trace_of_one_program_is_found_by_the_next(sandbox):
    mark = "wombat" * 2
    assert mark.encode() in memory(os.getpid())
    reply = ask(
        sandbox,
        f"def answer(x): return {mark!r} * 3, x",
        f"raise ValueError({mark!r})",
        args=(np.frombuffer(mark.encode(), np.uint8),),
    )
    assert reply.outcomes["answer"][0].value[0] == mark * 3
    still_right(sandbox)
    assert mark.encode() not in memory(server_number(sandbox))


def test_31_a_loop_in_a_function_costs_its_task(sandbox):
    statements = program(
        "def loop(x):\n while True: pass",
        "import time\ndef sleep(x): time.sleep(1000)",
        "def answer(x): return x",
    )
    tasks = [Task(name, ((1,),), seconds=0.2) for name in ("loop", "sleep", "answer")]
    reply = sandbox.ask(statements, tasks, seconds=60)
    states = {name: made[0].state for name, made in reply.outcomes.items()}
    assert states == {"loop": "late", "sleep": "late", "answer": "returned"}


def test_31_a_loop_at_the_top_costs_its_statement(sandbox):
    reply = ask(sandbox, "while True: pass", "def answer(x): return x")
    assert reply.errors == ((1, "not finished after 2 s"),)
    assert reply.outcomes["answer"][0].value == 2.0


@pytest.mark.parametrize(
    "code",
    [
        "import itertools\nsum(itertools.count())",
        """
        import signal
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        for number in set(range(1, 65)) - {9, 19, 32, 33}:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "signal.pause()",
    ],
)
def test_31_and_32_what_ignores_every_signal_is_killed(sandbox, code):
    reply = ask(sandbox, code, wall=1)
    assert reply.ended == "was ended after 1 s"


def test_37_endless_output_goes_nowhere(sandbox):
    reply = ask(
        sandbox,
        """
        import os, sys
        keep = sys.stdout
        def answer(x):
            for _ in range(20_000):
                print("y" * 1000)
                sys.__stdout__.write("y" * 1000)
                os.write(1, b"y" * 1000), os.write(2, b"y" * 1000)
            return x
        """,
    )
    assert reply.outcomes["answer"][0].value == 2.0


def test_38_a_giant_value_is_not_taken(sandbox):
    code = "import numpy as np\ndef answer(x): return np.ones({}, np.int8)"
    reply = ask(sandbox, code.format(100 * 2**20), repeat=False)
    assert reply.ended == "sent back more than 64 MB"
    one = outcome(sandbox, code.format(300 * 2**20), repeat=False)
    assert one.value == Odd("array of shape (314572800,)", "size")
    one = outcome(sandbox, "def answer(x): return 2 ** 20_000, 'x' * 10**8")
    assert (one.value[0], len(one.value[1])) == (Odd("int", "size"), 10_000)
    assert (
        outcome(sandbox, code.format(40 * 2**20), repeat=False).value.size == 40 * 2**20
    )


def test_38_a_flood_into_the_pipe_is_cut(sandbox):
    reply = ask(sandbox, PIPE, "n = line()\nwhile True: os.write(n, bytes(2**20))")
    assert reply.ended == "sent back more than 64 MB"


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("os._exit(0)", "ended by itself with exit status 0"),
        ("os._exit(3)", "ended by itself with exit status 3"),
        ("ctypes.string_at(0)", "crashed (segmentation fault)"),
        ("os.abort()", "crashed (aborted)"),
        (
            "sys.setrecursionlimit(10**9)\nclass A:\n"
            " def __getattr__(self, name): return getattr(self, name)\nA().x",
            "crashed (segmentation fault)",
        ),
        ("os.closerange(0, 64)\nwhile True: pass", "crashed (killed)"),
    ],
)
def test_39_what_ends_the_child_ends_nothing_else(sandbox, code, ended):
    number = server_number(sandbox)
    inside = code.replace("\n", "\n ")
    reply = ask(sandbox, "import os, sys, ctypes", f"def answer(x):\n {inside}")
    assert (reply.ended, dict(reply.outcomes)) == (ended, {})
    assert ask(sandbox, "import os, sys, ctypes", code).ended == ended
    assert server_number(sandbox) == number


def test_39_what_python_can_catch_is_an_outcome(sandbox):
    one = outcome(sandbox, "def answer(x): return answer(x)")
    assert one.error.kinds[0] == "RecursionError"
    one = outcome(sandbox, "import sys\ndef answer(x): sys.exit(3)")
    assert one.error.kinds[0] == "SystemExit"
    one = outcome(sandbox, "def answer(x): return len([0] * 10**9)")
    assert one.error.kinds[0] == "MemoryError"


def test_40_threads_and_exit_handlers_do_not_stay(sandbox):
    reply = ask(
        sandbox,
        """
        import atexit, os, threading, weakref
        atexit.register(os._exit, 3)
        class A:
            def __del__(self): os._exit(4)
        a = A()
        def answer(x): return x
        """,
        "threading.Thread(target=input, daemon=False).start()",
    )
    assert reply.outcomes["answer"][0].value == 2.0
    assert reply.errors == ((2, "RuntimeError: can't start new thread"),)


def test_41_no_process_is_left_behind(sandbox):
    reply = ask(
        sandbox,
        "import os, subprocess, sys",
        "if os.fork() == 0:\n os.setsid()\n while True: pass",
        "subprocess.Popen([sys.executable, '-c', 'while True: pass'])",
        "os.execv(sys.executable, [sys.executable])",
        "import multiprocessing\nmultiprocessing.Process(target=int).start()",
    )
    assert [said[:15] for _, said in reply.errors[:4]] == ["PermissionError"] * 4

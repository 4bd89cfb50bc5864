"""What the runner writes down, and how it stops what does not stop."""

import codecs
import functools
import importlib
import numbers
import os
import signal
import subprocess
import sys
import textwrap
import tracemalloc

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit.runner.plain import Odd
from coursekit.runner.run import run

needs_timer = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this platform has no timer"
)


def test_arguments_are_copied_for_every_call():
    x = np.zeros(2)

    def answer(x):
        x += 1
        return x

    outcome, again = run(answer, [(x,), (x,)])
    assert not x.any()
    assert outcome.changed == again.changed == (0,)
    assert outcome.value.tolist() == again.value.tolist() == [1, 1]
    assert outcome.steady


def test_a_changed_shape_or_entry_of_a_list_is_a_change():
    def reshapes(x):
        x.shape = (2, 1)

    (outcome,) = run(reshapes, [(np.zeros(2),)])
    assert outcome.changed == (0,)
    (outcome,) = run(lambda layers: layers.append(1), [([0],)])
    assert outcome.changed == (0,)


def test_a_result_that_is_written_to_later_is_kept_as_it_was():
    kept = np.zeros(1)

    def answer(value):
        kept[0] = value
        return kept

    outcomes = run(answer, [(1,), (2,)])
    assert [outcome.value[0] for outcome in outcomes] == [1, 2]


def test_only_the_first_of_two_identical_calls_is_printed():
    (outcome,) = run(lambda: print("once"), [()])
    assert outcome.printed == "once\n"


def test_endless_printing_is_cut():
    (outcome,) = run(lambda: [print("x" * 100) for _ in range(1000)] and 1, [()])
    assert len(outcome.printed) == 400


def test_only_the_learners_own_frames_are_kept():
    def helper(x):
        return np.linalg.inv(x)

    def answer(x):
        return helper(x)

    (outcome,) = run(answer, [(np.zeros((2, 3)),)])
    assert outcome.error.kinds[0] == "LinAlgError"
    assert [frame.function for frame in outcome.error.frames] == ["answer", "helper"]
    assert outcome.error.frames[1].text == "return np.linalg.inv(x)"


def test_an_exception_that_cannot_be_written_is_written_down():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    def answer():
        raise Mute

    (outcome,) = run(answer, [()])
    assert outcome.error.kinds[:2] == ("Mute", "Exception")
    assert outcome.error.message == ""


@pytest.mark.parametrize("leave", [SystemExit, GeneratorExit, RecursionError])
def test_leaving_python_is_an_exception_like_others(leave):
    def answer():
        raise leave("bye")

    assert [outcome.state for outcome in run(answer, [(), ()])] == ["raised", "raised"]


@needs_timer
def test_an_endless_loop_is_stopped():
    def answer(n):
        while n:
            pass
        return n

    outcomes = run(answer, [(0,), (1,), (0,)], seconds=0.05)
    assert [one.state for one in outcomes] == ["returned", "late", "skipped"]
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@needs_timer
def test_an_endless_loop_that_swallows_exceptions_is_stopped():
    def answer():
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    assert run(answer, [()], seconds=0.05)[0].state == "late"


def test_the_learner_may_stop_it():
    def answer(n):
        if n:
            raise KeyboardInterrupt
        return n

    outcomes = run(answer, [(0,), (1,), (0,)])
    assert [one.state for one in outcomes] == ["returned", "stopped", "skipped"]


def test_a_function_with_other_parameters_is_not_called():
    def answer(x, *, k=2, verbose: int = 0):
        raise AssertionError

    (outcome,) = run(answer, [(1, 2)])
    assert outcome.state == "signature"
    assert (outcome.signature, outcome.error) == ("(x, *, k, verbose)", None)


def test_a_driver_runs_beside_the_answer_from_its_text_alone():
    driver = """
def drive(make, n):
    import numpy as np
    counter = make(n)
    return [counter.step() for _ in range(2)], np.ones(n)
"""

    class Counter:
        def __init__(self, n):
            self.n = n

        def step(self):
            self.n += 1
            return self.n

    (outcome,) = run(Counter, [(3,)], driver=driver)
    assert outcome.value[0] == [4, 5]
    assert outcome.value[1].tolist() == [1, 1, 1]


def test_streams_and_warnings_are_as_before(capsys):
    run(lambda: print("inside"), [()])
    print("outside")
    assert capsys.readouterr().out == "outside\n"


def raises_itself():
    raise NotImplementedError


class OfAClass:
    def __call__(self):
        raise NotImplementedError("your code here")


@pytest.mark.parametrize(
    ("answer", "own"),
    [
        (raises_itself, True),
        (functools.partial(raises_itself), True),
        (OfAClass(), True),
        (OfAClass().__call__, True),
        (lambda: os.open(3, 4, mode=()), False),
        (lambda: numbers.Number.register(3), False),
        (lambda: codecs.IncrementalEncoder().encode(""), False),
    ],
)
def test_an_error_of_the_learners_own_raise_is_told_from_others(answer, own):
    (outcome,) = run(answer, [()])
    assert outcome.error.own == own


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


def holds_odd(value):
    if isinstance(value, list):
        return any(map(holds_odd, value))
    return isinstance(value, Odd) and value.why == "size"


BIG = "x" * 10**6


@pytest.mark.parametrize(
    "value",
    [
        lambda: np.broadcast_to(0.0, (10**5, 10**5)),
        lambda: nested(10**5),
        lambda: [np.broadcast_to(0.0, 10**6)] * 10**3,
        lambda: [[[0] * 10**4] * 10**4] * 10**4,
        lambda: [[BIG] * 10**4] * 10**4,
    ],
)
def test_a_value_that_is_too_large_is_not_copied(value):
    tracemalloc.start()
    (outcome,) = run(value, [()], repeat=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert holds_odd(outcome.value)
    assert peak < 600 * 2**20


BARE = """
while True:
    try:
        time.sleep(60)
    except:
        pass
"""
NESTED = """
while True:
    try:
        while True:
            try:
                time.sleep(60)
            except BaseException:
                continue
    except BaseException:
        print("again")
"""
FINALLY = """
while True:
    try:
        time.sleep(60)
    finally:
        continue
"""
SUPPRESSED = """
while True:
    with contextlib.suppress(BaseException):
        sum(1 for _ in iter(int, 1))
"""
IN_A_HELPER = """
def wait():
    try:
        time.sleep(60)
    except:
        return wait
while True:
    wait()
"""


@needs_timer
@pytest.mark.parametrize(
    "body", [BARE, NESTED, FINALLY, SUPPRESSED, IN_A_HELPER], ids=str.strip
)
def test_a_loop_that_swallows_everything_is_stopped(body, tmp_path):
    code = f"""
import contextlib, signal, sys, time
from coursekit.runner.run import run
def answer():
{textwrap.indent(body, "    ")}
print(run(answer, [()], seconds=0.05)[0].state, sys.gettrace())
print(signal.getitimer(signal.ITIMER_REAL), signal.getsignal(signal.SIGALRM))
"""
    path = tmp_path / "swallows.py"
    path.write_text(code)
    done = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "late None\n(0.0, 0.0) 0\n"


def test_nobody_is_asked_during_a_call():
    (outcome,) = run(lambda: input("number? "), [()])
    assert outcome.error.kinds[0] == "EOFError"
    assert "nobody types during a check. Take what you need" in outcome.error.message
    (outcome,) = run(lambda: sys.stdin.read(), [()])
    assert outcome.value == ""


def test_a_library_is_not_imported_during_a_call():
    def by_statement():
        exec("import scipy" + ".signal")

    def by_name():
        importlib.import_module("".join(["tor", "ch"]))

    for answer in (by_statement, by_name):
        (outcome,) = run(answer, [()])
        assert outcome.error.kinds[0] == "ImportError"
        assert "is not for this exercise: here you write" in outcome.error.message
    assert run(by_name, [()], torch=True)[0].state == "returned"
    assert importlib.import_module("scipy")


def test_figures_are_held_back_and_those_before_stay():
    kept = plt.figure()
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plt, "show", lambda: shown.append("shown"))

        def answer():
            plt.plot([1, 2])
            plt.figure()
            plt.show()
            return len(plt.get_fignums())

        assert run(answer, [()])[0].value == 2
        assert plt.get_fignums() == [kept.number]
        plt.show()
    plt.close(kept)
    assert shown == ["shown"]


def test_figures_of_a_pyplot_that_the_answer_imports_are_closed(monkeypatch):
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot")

    def answer():
        from matplotlib import pyplot

        sys.modules["matplotlib.pyplot"] = pyplot
        pyplot.figure()

    run(answer, [()])
    assert plt.get_fignums() == []

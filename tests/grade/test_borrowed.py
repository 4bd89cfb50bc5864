"""What an answer may not borrow, however it is reached, and what it may."""

import functools
import importlib
import importlib.util
import sys
from textwrap import dedent

import numpy as np
import pytest
import scipy.signal
import torch
import torch.nn.functional as F

from coursekit import bank, fast
from coursekit.grade import check
from coursekit.grade.borrowed import borrowed, borrowed_in


def of(text, **known):
    """Run a text as a cell and return its function `f`."""
    cell = {"__name__": "__main__", "np": np, **known}
    exec(dedent(text), cell)
    return cell["f"]


class Holder:
    def __init__(self, value):
        self.value = value

    def __call__(self, x, k):
        return self.value(x, k)

    def method(self, x, k):
        return self.value(x, k)


class InTheClass:
    table = {"op": fast.corr2d}  # noqa: RUF012

    def __call__(self, x, k):
        return self.table["op"](x, k)


def loaded_outside():
    """Load a bank file under a name that does not say where it comes from."""
    spec = importlib.util.spec_from_file_location("mine", bank.load("corr2d").path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["mine"] = module
    spec.loader.exec_module(module)
    del sys.modules["mine"]
    return module.exercise.answer


OURS = {
    "the operation itself": fast.corr2d,
    "as a default": of("def f(x, k, op=op): return op(x, k)", op=fast.corr2d),
    "as a keyword's default": of("def f(x, *, op=op): 0", op=fast.corr2d),
    "in a list": of("def f(x, k): return ops[0](x, k)", ops=[fast.corr2d]),
    "in a dict": of("def f(x, k): return ops['a'](x, k)", ops={"a": fast.corr2d}),
    "in a partial": functools.partial(fast.corr2d),
    "behind a partial": functools.partial(lambda op, x, k: op(x, k), fast.corr2d),
    "in an object's method": Holder(fast.corr2d).method,
    "in an object that is called": Holder(fast.corr2d),
    "in a class": InTheClass(),
    "behind an object": of("def f(x, k): return one(x, k)", one=Holder(fast.corr2d)),
    "behind a decorator": functools.cache(lambda x, k: fast.corr2d(x, k)),
    "by __import__": of("def f(x, k): return __import__('coursekit.fast').fast"),
    "by importlib": of(
        "def f(x): return importlib.import_module('coursekit.ops')",
        importlib=importlib,
    ),
    "out of sys.modules": of("def f(x): return sys.modules['coursekit']", sys=sys),
    "in a string that is run": of("def f(x): exec('import coursekit.ops as o')"),
    "the bank's answer": of(
        "def f(x, k): return a(x, k)", a=bank.load("corr2d").answer
    ),
    "an exercise": of("def f(x, k): return e.answer(x, k)", e=bank.load("corr2d")),
    "a bank file loaded outside": loaded_outside(),
}

LIBRARIES = {
    "torch": of("def f(x): return torch.conv2d(x, x)", torch=torch),
    "torch.conv2d": of("def f(x): return c(x, x)", c=torch.conv2d),
    "torch.nn.functional": of("def f(x): return F.conv2d(x, x)", F=F),
    "torch.nn.functional.max_pool2d": of(
        "def f(x): return pool(x, 2)", pool=F.max_pool2d
    ),
    "scipy.signal": of("def f(x):\n    import scipy.signal\n    return 0"),
    "scipy.signal._signaltools.correlate2d": of(
        "def f(x): return c(x, x)", c=scipy.signal.correlate2d
    ),
    "torch.nn.modules.pooling.MaxPool2d": of(
        "def f(x): return layer(x)", layer=torch.nn.MaxPool2d(2)
    ),
    "torch.autograd": of("def f(x): return a.grad(x)", a=torch.autograd),
    "sklearn.feature_extraction": of(
        "def f(x):\n    from sklearn.feature_extraction import image"
    ),
    "jax": of("def f(x):\n    import jax"),
}


@pytest.mark.parametrize("name", OURS)
def test_the_course_s_own_code_is_found(name):
    assert borrowed(OURS[name]).startswith("coursekit")
    assert borrowed(OURS[name], torch=True)


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_s_operation_is_found_and_named(name):
    assert borrowed(LIBRARIES[name]) == name
    assert bool(borrowed(LIBRARIES[name], torch=True)) == ("torch" not in name)


def test_what_an_own_file_borrows_is_found(tmp_path, monkeypatch):
    (tmp_path / "own_file.py").write_text(
        "import scipy.signal as s\ndef corr(x, k): return s.correlate2d(x, k)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("own_file")
    try:
        for text in (
            "def f(x, k): return own_file.corr(x, k)",
            "def f(x, k):\n    import own_file\n    return own_file.corr(x, k)",
            "def f(x, k):\n    from own_file import corr\n    return corr(x, k)",
        ):
            assert borrowed(of(text, own_file=module)) == "scipy.signal"
        assert borrowed(module.corr) == "scipy.signal"
    finally:
        del sys.modules["own_file"]


WELCOME = [
    of("def f(x, k): return np.convolve(x, k)"),
    of("def f(x, k): return np.lib.stride_tricks.sliding_window_view(x, k)"),
    of("def f(x, torch): return torch + x.jax"),
    of("def f(x): return 'torch'"),
    of(
        "def f(x): return math.sqrt(x)",
        math=importlib.import_module("math"),
        torch=torch,
    ),
    functools.partial(np.correlate, mode="valid"),
    np.convolve,
    functools.lru_cache(lambda x: x),
    Holder(np.sum),
    sum,
]


@pytest.mark.parametrize("answer", WELCOME)
def test_python_numpy_and_own_code_are_welcome(answer):
    assert borrowed(answer) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import torch\ndef f(x): return torch.ones(x)", "torch"),
        ("def f(x): return torch.conv2d(x, x)", "torch"),
        ("from scipy import signal\ndef f(x): return signal.convolve(x, x)", "scipy"),
        ("def f(x):\n    from coursekit.fast import corr2d", "coursekit.fast"),
        ("def f(x): return __import__('scipy.signal')", "scipy.signal"),
        ("def f(x): return sys.modules['torch']", "torch"),
        ("def f(x): return \N{MATHEMATICAL SANS-SERIF SMALL S}cipy.ndimage", "scipy"),
        (r"def f(x): exec('import \x73cipy')", "scipy"),
        ("def f(x): exec('import torch as t; t.ones(2)')", "torch"),
        ("from torch.nn.functional import *\ndef f(x): 0", "torch.nn.functional"),
        ("import torch\nimport numpy as np\ndef f(x): return np.sum(x)", ""),
        ("def f(torch): return torch", ""),
        ("def f(x): return np.convolve(x, x)", ""),
        ("def f(x:", ""),
    ],
)
def test_a_text_tells_what_it_borrows(text, name):
    assert borrowed_in(text) == name
    assert bool(borrowed_in(text, torch=True)) == (bool(name) and "torch" not in name)


def test_an_answer_that_borrows_is_told_what_is_welcome():
    verdict = check(
        of("def f(x, k): return s.correlate2d(x, k, 'valid')", s=scipy.signal), "corr2d"
    )
    assert verdict.status == "refused"
    assert "This uses scipy.signal. Here you write the operation yourself, with" in (
        repr(verdict)
    )


@pytest.mark.parametrize("one", bank.exercises(), ids=lambda one: one.id)
def test_no_answer_of_the_bank_borrows(one):
    assert borrowed_in(one.solution_source, torch=one.torch) == ""

"""Rules about the text of an answer: what breaks them, and what does not."""

import ast

import pytest

from coursekit.exercise.rules import NO_LOOPS, forbids

NO_PAD = forbids("np.pad", "Write the padding yourself.")


def lines(text):
    return list(NO_PAD.broken_by(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "np.pad(x, 1)",
        "numpy.pad(x, 1)",
        "p = np.pad",
        "np.lib.arraypad.pad(x, 1)",
        "from numpy import pad as p",
        "pad(x, 1)",
    ],
)
def test_a_forbidden_function_is_found_however_it_is_reached(text):
    assert lines(f"x = 0\n{text}") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "pad = 1\nx[pad:]",
        "def pad(x): return x\npad(x)",
        "padded = x.padding",
        'x["pad"]',
        "# np.pad(x, 1)",
    ],
)
def test_a_name_that_only_looks_like_it_is_allowed(text):
    assert lines(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "for i in x: pass",
        "sum(v for v in x)",
        "map(f, x)",
        "m = map",
        "builtins.map(f, x)",
        "list(filter(f, x))",
        "reduce(f, x)",
        "functools.reduce(f, x)",
        "from functools import reduce as r",
        "itertools.starmap(f, x)",
        "itertools.accumulate(x, f)",
        "np.frompyfunc(f, 1, 1)(x)",
        "np.vectorize(f)(x)",
        "numpy.fromiter(x, float)",
        "exec(text)",
        "def f(x): return f(x[1:])",
        "async def f(x): return await f(x[1:])",
        "f = lambda x: f(x[1:])",
        "def f(x): return g(x)\ndef g(x): return f(x)",
        "def f(x):\n    def g(y): return g(y[1:])\n    return g(x)",
        "class C:\n    def f(self, x): return self.f(x[1:])",
    ],
)
def test_a_hidden_loop_is_a_loop(text):
    assert list(NO_LOOPS.broken_by(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "map = np.zeros(3)\nmap + 1",
        "def f(map): return map.sum()",
        "def map(x): return x + 1\nmap(x)",
        "layer.map = 1",
        "x.reduce",
        "np.add.reduce(x)",
        "add.accumulate(x)",
        "np.maximum.accumulate(x, axis=0)",
        "def f(x): return g(x)\ndef g(x): return np.f(x)",
        "def f(x):\n    f = x + 1\n    return f",
    ],
)
def test_a_word_that_only_looks_like_a_loop_is_allowed(text):
    assert list(NO_LOOPS.broken_by(ast.parse(text))) == []


def test_thousands_of_functions_are_looked_through_in_one_walk():
    chain = [f"def f{n}(): return f{n + 1}, f{n * 7 % 4000}" for n in range(1, 4000)]
    tree = ast.parse("\n".join([*chain, "def f4000(): return 0"]))
    assert list(NO_LOOPS.broken_by(tree))
    line = ast.parse("\n".join(f"def f{n}(): return f{n + 1}()" for n in range(4000)))
    assert list(NO_LOOPS.broken_by(line)) == []

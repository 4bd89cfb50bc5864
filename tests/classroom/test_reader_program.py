"""Statements are cut whole, and an answer is found with what belongs to it."""

import random
from textwrap import dedent

import pytest

from coursekit.classroom.reader import statements as module
from coursekit.classroom.reader.cells import Cell, Unreadable, cells
from coursekit.classroom.reader.program import Program, program
from coursekit.classroom.reader.syntax import parsed
from coursekit.grade.borrowed import borrowed_in


def made(*texts: str) -> Program:
    return program([Cell(dedent(text), n) for n, text in enumerate(texts, 1)])


def needed(found: Program, name: str) -> list[str]:
    return [one.text for one in found.needed_for(name)]


def test_each_statement_has_its_text_its_cell_and_its_line():
    found = made(
        "x = 1; y = 'ä'; z = (2,\n 3)  # end\n\n"
        "@once\n@twice\ndef f():\n    return 1\n",
        "if x:\n    y = '''a\nb'''\nelse:\n    y = 2\n",
    )
    assert [(one.text, one.cell, one.line) for one in found.statements] == [
        ("x = 1", 1, 1),
        ("y = 'ä'", 1, 1),
        ("z = (2,\n 3)", 1, 1),
        ("@once\n@twice\ndef f():\n    return 1", 1, 4),
        ("if x:\n    y = '''a\nb'''\nelse:\n    y = 2", 2, 1),
    ]
    assert found.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "def corr2d(x, k): return x",
        "async def corr2d(x, k): return x",
        "class corr2d: pass",
        "corr2d = lambda x, k: x",
        "corr2d: object = other",
        "a = corr2d = other",
        "corr2d, b = other, 1",
        "if True:\n    def corr2d(x, k): return x",
        "try:\n    from a import corr2d\nexcept ImportError:\n    corr2d = None",
        "with open('a') as corr2d: pass",
        "from x import corr2d",
        "from x import other as corr2d",
        "import corr2d.fast",
        "if __name__ == '__main__':\n    def corr2d(x, k): return x",
        "(corr2d := other)",
        "def \uff43orr2d(x, k): return x",
    ],
)
def test_a_name_is_found_however_it_is_bound(text):
    found = made("x = 1", text)
    assert found.defines("corr2d")
    assert found.defines("\uff43orr2d")
    assert str(found.text_of("corr2d")).startswith(text)
    assert needed(found, "corr2d") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "print(corr2d)",
        "def f():\n    def corr2d(): pass",
        "class A:\n    corr2d = 1",
        "'''\ndef corr2d(x, k): return x\n'''",
        "# def corr2d(x, k): return x",
        "del corr2d",
        "x.corr2d = 1",
        "def \u0441orr2d(x, k): return x",
    ],
)
def test_a_name_that_is_not_bound_at_the_top_is_not_found(text):
    found = made(text)
    assert not found.defines("corr2d")
    assert found.text_of("corr2d") is None
    assert found.needed_for("corr2d") == ()


def test_an_answer_comes_with_its_helpers_and_their_imports_and_nothing_else():
    found = made(
        "import numpy as np\nimport torch",
        "out = torch.ones(3)\nSIZE = 3\ndef pad(x): return np.pad(x, SIZE)",
        "def corr2d(x, k):\n    out = pad(x)\n    return out",
        "print(corr2d(out, out))",
    )
    assert found.text_of("corr2d") == "\n".join(
        [
            "def corr2d(x, k):\n    out = pad(x)\n    return out",
            "import numpy as np",
            "SIZE = 3",
            "def pad(x): return np.pad(x, SIZE)",
        ]
    )
    assert needed(found, "corr2d") == [
        "import numpy as np",
        "SIZE = 3",
        "def pad(x): return np.pad(x, SIZE)",
        "def corr2d(x, k):\n    out = pad(x)\n    return out",
    ]


def test_decorators_defaults_bases_and_annotations_belong_to_an_answer():
    found = made(
        "a = b = c = d = 1\ne = f = 2",
        "class Base: pass",
        "@a\ndef corr2d(x: b = c) -> d:\n    class In(Base): y = e\n    return In",
    )
    assert needed(found, "corr2d") == [
        "a = b = c = d = 1",
        "e = f = 2",
        "class Base: pass",
        "@a\ndef corr2d(x: b = c) -> d:\n    class In(Base): y = e\n    return In",
    ]


def test_names_of_parameters_and_of_loops_reach_nothing_outside():
    found = made(
        "x = y = 1", "def f(x):\n    y = 2\n    return [z for z in x], y", "z=1"
    )
    assert needed(found, "f") == ["def f(x):\n    y = 2\n    return [z for z in x], y"]


def test_values_that_are_written_into_afterwards_are_needed_too():
    found = made(
        "k = [0]\nk[0] = 1\nk += [2]\nk.name = 3\nk.append(4)\ndef f(): return k"
    )
    assert needed(found, "f") == [
        *("k = [0]", "k[0] = 1", "k += [2]", "k.name = 3"),
        "def f(): return k",
    ]


def test_a_name_is_what_it_was_when_it_was_read():
    found = made(
        "k = 1", "t = [k for _ in 'a']", "k = 2\ndef f(): return t, k", "k = 3"
    )
    assert needed(found, "t") == ["k = 1", "t = [k for _ in 'a']"]
    assert needed(found, "f")[-2:] == ["def f(): return t, k", "k = 3"]


def test_the_last_definition_counts_and_that_is_told():
    found = made("def f(): return a", "x = 1\ndef g(): pass", "f = lambda: b", "a=b=1")
    assert found.text_of("f") == "f = lambda: b\na=b=1"
    told = "f is defined twice (cells 1 and 3): the last one counts"
    assert found.notes == (told,)
    assert made("def f(): 1\ndef f(): 2\ndef f(): 3").notes == (
        "f is defined 3 times (cell 1): the last one counts",
    )


@pytest.mark.parametrize(
    "texts",
    [
        ("def f(): return 1", "def f(): return 1"),
        ("def f(): return 1", "f = jit(f)"),
        ("x = 1", "x = 2"),
        ("def f(): return 1", "from a import f"),
        ("if a:\n    def f(): 1\nelse:\n    def f(): 2",),
    ],
)
def test_what_is_no_second_definition_is_not_told(texts):
    assert made(*texts).notes == ()


def test_a_definition_that_wraps_the_one_before_keeps_it():
    found = made("def f(): return 0", "def f(): return 1", "f = jit(f)", "jit = id")
    assert needed(found, "f") == ["def f(): return 1", "f = jit(f)", "jit = id"]


def test_a_definition_under_a_condition_keeps_the_one_before():
    found = made("def f(): return 0", "if a:\n    def f(): return 1", "a = 0")
    assert needed(found, "f") == [
        "def f(): return 0",
        "if a:\n    def f(): return 1",
        "a = 0",
    ]


def test_an_import_after_a_definition_hides_neither_from_the_rules():
    found = made("def pad(x): return x", "from numpy import pad")
    assert found.text_of("pad") == "from numpy import pad\ndef pad(x): return x"


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["from scipy.signal import correlate2d as corr2d"], "scipy.signal"),
        (["import scipy.signal as s", "corr2d = s.correlate2d"], "scipy.signal"),
        (["from torch import *", "def corr2d(x, k): return conv2d(x, k)"], "torch"),
        (["from coursekit.ops import corr2d"], "coursekit.ops"),
        (["import torch", "def corr2d(x, k): return x"], ""),
        (["from torch import *", "def corr2d(x, k): return sum(x)"], ""),
        (["def corr2d(x, k): return x", "from coursekit.ops import corr2d"], ""),
    ],
)
def test_borrowed_answers_are_seen_in_the_text(texts, name):
    assert borrowed_in(str(made(*texts).text_of("corr2d"))) == name


def test_stars_and_the_future_are_always_needed():
    found = made("from __future__ import annotations\nfrom numpy import *\nimport os")
    assert needed(found, "f") == []
    found = made("from __future__ import annotations\nfrom numpy import *", "f = 1")
    assert needed(found, "f") == [
        "from __future__ import annotations",
        "from numpy import *",
        "f = 1",
    ]
    assert found.text_of("f") == "f = 1"


def test_a_broken_cell_keeps_its_other_definitions():
    found = made(
        """\
        # my answers
        import numpy as np
        x = 1
        print(x)
        @once
        def good(
            x,
        ):
            '''Two
        lines.'''
            return x

        def broken(x)
            return x
        else:
            pass
        class Last:
            def f(self): return 1

        """
    )
    assert [(one.text, one.line) for one in found.statements] == [
        ("import numpy as np", 2),
        ("x = 1", 3),
        ("@once\ndef good(\n    x,\n):\n    '''Two\nlines.'''\n    return x", 5),
        ("class Last:\n    def f(self): return 1", 17),
    ]
    assert found.notes == (
        "cell 1 cannot be read (line 13: expected ':'); "
        "only this of it is used: Last, good, np, x",
    )


@pytest.mark.parametrize(
    "text",
    ["oops oops", "print 'a'", "x = = 1", "'", "(" * 300, "x = " + "-" * 100_000 + "1"],
)
def test_a_cell_without_anything_to_keep_is_left_out_and_told(text):
    found = made("a = 1", text, "b = 2")
    assert [one.text for one in found.statements] == ["a = 1", "b = 2"]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("cell 2 cannot be read (")
    assert found.notes[0].endswith("; it is left out")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("await f()", "'await' outside function"),
        ("return 3", "'return' outside function"),
        ("def g(x, x): pass", "duplicate argument 'x' in function definition"),
        ("break", "'break' outside loop"),
    ],
)
def test_a_statement_that_does_not_compile_costs_only_itself(text, why):
    found = made(f"a = 1\n{text}\nb = 2")
    assert [one.text for one in found.statements] == ["a = 1", "b = 2"]
    assert found.notes == (f"cell 1, line 2 is left out: {why}",)


def test_odd_escapes_in_strings_are_no_warning_here():
    assert made("s = '\\d'").statements[0].text == "s = '\\d'"


def test_an_exported_notebook_is_read_as_the_notebook():
    found = made(
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().run_cell_magic('time', '', 'def f(x):\\n    return x\\n')"
    )
    assert [one.text for one in found.statements] == ["def f(x):\n    return x"]


def test_names_in_letters_of_another_script_are_told():
    found = made("def \u0441orr2d(x): pass\ndef größe(): pass\ndef мера(): pass")
    assert found.notes == (
        "cell 1 defines a name that looks like corr2d with letters of another script "
        "(U+0441): it is another name",
    )


def test_notes_are_short_lines_whatever_the_names_are():
    long = "f" * 50_000
    found = made(f"def {long}(): 1\ndef {long}(): 2", f"import {long}\noops oops")
    assert len(found.notes) == 2
    assert all(len(one) < 400 and one.isprintable() for one in found.notes)


def test_more_statements_than_the_limit_are_not_read(monkeypatch):
    monkeypatch.setattr(module, "STATEMENTS", 3)
    found = made("a = 1\nb = 2", "c = 3\nd = 4\ne = 5", "f = 6")
    assert [one.text for one in found.statements] == ["a = 1", "b = 2", "c = 3"]
    assert found.notes == ("only the first 3 statements are read",)


def test_long_broken_cells_are_not_searched(monkeypatch):
    monkeypatch.setattr(module, "LINES", 3)
    assert not made("a = 1\nb = 2\nc = 3\noops oops").statements
    assert made("a = 1\noops oops", "b = 1\noops oops").statements[0].text == "a = 1"


def test_many_statements_that_write_into_each_other_cost_no_time():
    names = "abcdefgh"
    line = ", ".join(f"{n}[0]" for n in names) + " = " + ", ".join(names)
    found = made("\n".join([line] * 1000), "def f(): return a, b, c, d, e, f, g, h")
    assert len(found.needed_for("f")) == 1001


VALID = """{"cells": [
 {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [
   {"name": "stdout", "output_type": "stream", "text": ["1\\n"]}],
  "source": ["%matplotlib inline\\n", "import numpy as np\\n", "files = !ls"]},
 {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
 {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [],
  "source": ["def pad(x):\\n",
   "    \\"\\"\\"Pad\\n%x.\\"\\"\\"\\n", "    return np.pad(x, 1)\\n",
   "corr2d = lambda x, k: pad(x)\\n", "if x:\\n", "    corr2d = pad\\n"]},
 {"cell_type": "code", "source": "%%time\\nprint(f\\"{corr2d(1, 2)!r}\\"); return\\n"}],
 "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}"""


def mutated(rng: random.Random) -> bytes:
    data = bytearray(VALID.encode())
    for _ in range(rng.choice([1, 1, 2, 5, 30])):
        i, j = sorted(rng.randrange(len(data) + 1) for _ in "ij")
        j = min(j, i + rng.choice([1, 3, 40]))
        match rng.randrange(7):
            case 0 if i < len(data):
                data[i] ^= 1 << rng.randrange(8)
            case 1 if rng.random() < 0.2:
                del data[i:]
            case 2:
                del data[i:j]
            case 3:
                data[i:i] = data[i:j] * 3
            case 4:
                data[i:j] = rng.randbytes(j - i)
            case 5:
                data[i:j] = data[i:j][::-1]
            case _:
                k = rng.randrange(len(data) + 1)
                data[k:k] = rng.choice([b'"', b"{", b"[]", b"\0", b"\\n", b"'''", b"%"])
    return bytes(data)


def test_two_thousand_damaged_notebooks_are_read_or_refused_in_one_line():
    rng = random.Random(12)
    read = refused = 0
    for _ in range(2000):
        found = outcome(mutated(rng), rng.choice(["a.ipynb", "a.py"]))
        if isinstance(found, str):
            refused += 1
            assert "\n" not in found
            assert len(found) < 200
        else:
            read += 1
            assert all("\n" not in one for one in found.notes)
            assert all(len(parsed(one.text)) == 1 for one in found.statements)
            for name in ("corr2d", "pad", "x", "np"):
                assert found.defines(name) == bool(found.needed_for(name))
                assert found.defines(name) == bool(found.text_of(name))
    assert read > 300
    assert refused > 300


def outcome(data: bytes, name: str) -> Program | str:
    try:
        return program(*cells(data, name))
    except Unreadable as error:
        return str(error)


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (["def g(): 0", "def f(): g()", "g = 1"], "cell 2: `g` is set anew in cell 3"),
        (["def f(): g()", "def g(): 0", "g = 1"], "cell 1: `g` is set anew in cell 2"),
        (["a = [1]", "f = lambda: a", "1", "a[0] = 2"], "cell 2: `a` is set anew"),
        (["import numpy as np", "def f(): np.sum", "np.sum = 0"], "cell 2: `np` is"),
        (["def f(): return sum(h())\ndef h(): 0", "sum = 3"], "cell 1: `sum` is set"),
        (["def g(): 0", "@g\ndef f(): 0", "if 1:\n    g = 1"], "cell 2: `g` is set"),
        (["def g(): h()", "def h(): 0", "f = g", "for h in 1,: 0"], "cell 3: `h` is"),
        (
            ["def f(): g()", "def f(): h()", "g = 1", "h = 1"],
            "`h` is set anew in cell 4",
        ),
        (["def f(): \uff47()", "g = 1"], "cell 1: `g` is set anew in cell 2"),
    ],
)
def test_a_program_can_be_had_as_it_stood_after_the_cell_of_a_name(texts, note):
    found = made(*texts)
    before = found.until("f")
    assert note in before.notes[-1]
    assert before.notes[:-1] == found.notes
    last = before.statements[-1]
    assert last.cell == int(before.notes[-1].partition("cell ")[2].partition(":")[0])
    assert before.statements == found.statements[: len(before.statements)]


@pytest.mark.parametrize(
    "texts",
    [
        ["def f(x): return x", "x = 3"],
        ["import numpy as np", "def f(): np.sum", "import numpy as np", "other = 1"],
        ["def g(): 0", "def f(): g()\ng = 1"],
        ["def f(): g()", "def g(): 0", "def f(): g()"],
        ["g = 1", "def other(): f()"],
        [],
    ],
)
def test_a_program_is_cut_only_where_a_name_depends_on_what_follows(texts):
    assert made(*texts).until("f") is None

"""What IPython understands is taken out; what Python understands is left alone."""

import ast

import pytest

from coursekit.classroom.reader.magics import exported, without_magics


def python(text: str) -> str:
    return without_magics(text)[0]


@pytest.mark.parametrize("name", ["time", "timeit", "capture out", "time -n 2", "prun"])
def test_the_body_of_a_timed_cell_is_code_on_its_own_lines(name):
    assert python(f"\n%%{name}\n\nx = 1") == "\n\n\nx = 1"


def test_cell_magics_can_be_stacked():
    assert python("%%time\n%%capture\nx = 1") == "\n\nx = 1"


@pytest.mark.parametrize("name", ["bash", "html", "writefile a.py", "python3", "new"])
def test_other_cell_magics_are_left_out_and_told(name):
    assert without_magics(f"%%{name}\ncorr2d = 1") == ("", [f"%%{name}"])


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("!pip install torch", "pass"),
        ("%pip install torch", "pass"),
        ("pip install torch", "pass"),
        ("!!ls", "pass"),
        ("?np.sum", "pass"),
        ("np.sum??", "pass"),
        ("np.sum?", "pass"),
        ("%time x = f(1)", "x = f(1)"),
        ("files = !ls *.txt", "files = None"),
        ("a, b = !ls", "a, b = None"),
        ("x = %time f(1)", "x = f(1)"),
        ("x = %timeit -o f(1)", "x = None"),
        ("%%time", "pass"),
        ("/f 1", "pass"),
    ],
)
def test_a_line_magic_leaves_a_statement_in_its_place(line, instead):
    text = f"x = 1\n{line}\nif x:\n    {line}\ny = 2"
    left = python(text).split("\n")
    assert [left[0], left[2], left[4]] == ["x = 1", "if x:", "y = 2"]
    assert [left[1], left[3].strip()] == [instead, instead.strip()]
    ast.parse(
        "\n".join(left).replace("\n ", "\n") if instead[0] == " " else python(text)
    )


def test_a_magic_that_goes_on_in_the_next_line_keeps_the_count_of_lines():
    assert python("!pip install \\\n  torch\nx = 1") == "pass\n\nx = 1"


@pytest.mark.parametrize(
    "text",
    [
        's = """\n%matplotlib inline\n!ls\nwhat?\n"""\n',
        "s = '''\n\\'''\n%no\n'''\n",
        "x = (7\n% 4\n)",
        "x = 7 \\\n% 4",
        "# why?\nx = 1  # = !a",
        "x %= 3\ny = x != 3",
        's = "a = !b?"',
    ],
)
def test_strings_brackets_and_comments_are_no_magics(text):
    assert without_magics(text) == (text, [])
    behind = f"{text}\n!ls\n"
    assert without_magics(behind) == (f"{text}\npass\n", ["!ls"])


def test_magics_that_bring_no_name_are_left_out_without_a_word():
    text = "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nnp.sum?\n%run a.py"
    assert without_magics(text)[1] == ["%run a.py"]


def test_an_indented_cell_and_one_with_prompts_read_as_in_ipython():
    assert python("    x = 1\n    if x:\n        y = 2") == "x = 1\nif x:\n    y = 2"
    assert python(">>> def f():\n...     return 1\n>>>") == "def f():\n    return 1\n"


def test_unclosed_strings_without_end_cost_no_time():
    text = '"""\\' * 60_000 + "\n!ls"
    assert without_magics(text) == (text, [])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("run_cell_magic('time', '', 'x = 1')", "x = 1"),
        ("run_line_magic('time', 'x = 1')", "x = 1"),
        ("run_cell_magic('bash', '', 'ls')", ""),
        ("run_line_magic('matplotlib', 'inline')", ""),
        ("system('ls')", ""),
        ("run_cell_magic(*a)", ""),
        ("run_cell_magic('time', '', 3)", ""),
    ],
)
def test_calls_of_an_exported_notebook_are_read_as_their_magics(call, code):
    assert exported(ast.parse(f"get_ipython().{call}").body[0]) == code


@pytest.mark.parametrize("text", ["x = get_ipython()", "f().g('time', 'x')", "f(1)"])
def test_other_statements_are_no_magics(text):
    assert exported(ast.parse(text).body[0]) is None

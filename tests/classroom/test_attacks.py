"""The 48 attacks on grading, each handed in as a notebook, with its verdict.

`attacks` holds most of them, the files handed in stand in test_attacks_handed. Three
right answers beside an attack keep all their points. After each, the server lives,
nothing is left, and the next notebook is marked right (the fixture `desk`).
"""

import re
from pathlib import Path

import pytest
from attacks import (
    ABUSES,
    CHEATS,
    DENIED,
    FORGERIES,
    LOOPS,
    SOLVED,
    TENSORS,
    Attack,
    inside,
    tried,
)
from marked import IMPORTS, LESSON, TORCH, Desk, full, honest

from coursekit import bank
from coursekit.classroom import verdicts
from coursekit.classroom.feedback import feedback
from coursekit.classroom.grades import grades
from coursekit.classroom.marking import Marker
from coursekit.classroom.policy import Policy
from coursekit.classroom.result import to_line
from coursekit.classroom.seeds import of_number

OTHERS = [id for id in LESSON if id != "corr2d"]
SECRET = "xyzzy-4711"


@pytest.fixture
def short(monkeypatch) -> None:
    """Limit exercises to half a second, and what is round them to a bit more."""
    monkeypatch.setattr(verdicts, "_SPARE", 1.5)
    for id in LESSON:
        monkeypatch.setattr(bank.load(id), "seconds", 0.5)


def the_attack(desk: Desk, folder: Path, attack: Attack) -> None:
    """Mark an attack beside three right answers, and hold it to its verdict."""
    found = desk.marked(folder, *honest("corr2d"), SOLVED, attack.code)
    one = found["corr2d"]
    assert (one.status, one.points) == (attack.verdict, attack.points), one
    assert attack.says in str(one)
    full(found, *OTHERS)
    assert SECRET not in to_line(one).decode()
    assert [path.name for path in folder.iterdir()] == ["ada.ipynb"]


def named(attack: Attack) -> str:
    return f"{attack.number} {attack.what[:40]!r}"


@pytest.mark.parametrize("attack", [*CHEATS, *FORGERIES, *ABUSES], ids=named)
def test_an_attack_earns_nothing_and_costs_only_itself(desk, tmp_path, attack, capfd):
    the_attack(desk, tmp_path, attack)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("attack", LOOPS, ids=named)
def test_a_loop_costs_only_itself(desk, tmp_path, attack, short):
    the_attack(desk, tmp_path, attack)


@pytest.mark.parametrize("attack", TENSORS, ids=named)
def test_an_attack_in_torch_earns_nothing(desk, tmp_path, attack):
    found = desk.marked(tmp_path, *honest(), "import torch", attack.code)
    assert (found[TORCH].status, found[TORCH].points) == (attack.verdict, 0), found
    assert attack.says in str(found[TORCH])
    full(found, *LESSON)


# 24 and 25: what is hidden stays hidden

KNOWN = """
import inspect, sys
def known():
    frame = sys._getframe(1)
    while "calls" not in frame.f_locals and "tasks" not in frame.f_locals:
        frame = frame.f_back
    held = frame.f_locals
    return f"saw{len(held['calls'] if 'calls' in held else held['tasks'][0][1])}calls"
"""
LIAR = """
class Task:
    asked = 0
    @property
    def __signature__(self):
        Task.asked += 1
        names = ["x", "k", known()] if Task.asked == 6 else ["x", "k"]
        return inspect.Signature([inspect.Parameter(name, 1) for name in names])
    def __call__(self, x, k):
        return right(x, k)
corr2d = Task()
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (inside("print(known())"), "saw9calls"),
        (inside("raise ValueError(known())"), "saw9calls"),
        (inside("raise type(known(), (Exception,), {})"), "saw9calls"),
        (inside("return known()"), "saw9calls"),
        ("raise ValueError(known())\n" + inside("return 1"), "saw9calls"),
        ("raise type(known(), (Exception,), {})\n" + inside("return 1"), "saw9calls"),
        (
            "exec(f'def corr2d(x, k, {known()}): return 1')\ncorr2d = corr2d",
            "saw9calls",
        ),
        (SOLVED + LIAR, "yours is corr2d and does not take"),
    ],
)
def test_24_no_words_come_from_where_hidden_cases_are_known(desk, tmp_path, code, said):
    one = desk.marked(tmp_path, IMPORTS, KNOWN, code)["corr2d"]
    told = to_line(one).decode()
    assert (one.points, said in told, "saw12calls" in told) == (0, True, False), one


def test_25_a_hidden_case_shows_nothing_of_a_traceback(desk, tmp_path):
    hidden = "if k.size == 1: raise type(f'Of{x.sum()}', (ValueError,), {})(f'{x}')"
    code = inside(hidden, "return right(x, k)")
    found = desk.marked(tmp_path, *honest("corr2d"), SOLVED, code)
    one = found["corr2d"]
    assert (one.status, one.points) == ("raised", 3)
    failure = one.findings.failure
    assert (failure.group, failure.kind) == (
        "edges of the rule",
        "it raised ValueError",
    )
    assert (failure.args, failure.error, failure.printed) == (None, None, "")
    assert "Of" not in to_line(one).decode()


def test_26_and_28_secrets_and_other_peoples_files_are_out_of_reach(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("SECRET_TOKEN", SECRET)
    (tmp_path / "bob.py").write_text(SECRET)
    code = tried(
        "import os",
        "raise ValueError(dict(os.environ))",
        f"open({str(tmp_path / 'bob.py')!r}).read()",
        f"os.listdir({str(tmp_path)!r})",
        "open(f'/proc/{os.getppid()}/environ').read()",
    )
    with Marker(LESSON, of_number(1)) as marker:
        found = Desk(marker).marked(tmp_path, IMPORTS, code)["corr2d"]
    assert (found.points, len(found.notes)) == (0, 4)
    assert SECRET not in to_line(found).decode()
    assert str(found).count(DENIED) == 3


def test_30_what_is_written_in_names_and_output_is_text_and_nothing_else(
    desk, tmp_path
):
    evil = "<script>alert(1)</script>\x1b[2J\u202e[a](http://b)"
    code = inside(f"print({evil!r})", f"raise ValueError({evil!r})")
    name = "=HYPERLINK(1) <b>\u202e.ipynb"
    found = desk.marked(tmp_path, *honest("corr2d"), f"1 / 0 #{evil}", code, name=name)
    full(found, *OTHERS)
    made = grades(
        list(found.values()), [bank.load(id) for id in LESSON], Policy(), overrides=()
    )
    text = made.csv().decode("utf-8-sig")
    html = feedback(made.rows[0], list(found.values()))
    assert not [line for line in text.splitlines() if line.startswith(('"=', "="))]
    for bad in ("<script", "<b>", "\x1b", "\u202e", 'href="http://b'):
        assert bad not in html
    assert text.replace("\n", "").isprintable()
    assert "&lt;script&gt;" in html


def test_each_of_the_48_is_here():
    named = {one.number for one in (*CHEATS, *FORGERIES, *ABUSES, *LOOPS, *TENSORS)}
    here = Path(__file__)
    files = here, here.with_name("test_attacks_handed.py")
    text = "".join(one.read_text(encoding="utf-8") for one in files)
    numbers = re.findall(r"^def test_(\d\d)(?:_to_(\d\d))?", text, re.M)
    for first, last in numbers:
        named |= {*range(int(first), int(last or first) + 1)}
    assert named == {*range(1, 49)}

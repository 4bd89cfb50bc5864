"""Who may import torch, and what importing a part loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import coursekit

ROOT = Path(coursekit.__file__).parent
MAY = ("torch_ref/*.py", "runner/torch_*.py", "bank/l7_*.py")
WITHOUT_TORCH = sorted(set(coursekit.__all__) - {"torch_ref"})


def imported(file: Path) -> set[str]:
    """Name the packages that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split(".")[0])
    return found


def in_a_new_python(lines: list[str]) -> tuple[str, str]:
    """Run lines where nothing is imported yet; give what they say, and complain of."""
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def test_torch_is_imported_only_where_it_may_be():
    allowed = {file for pattern in MAY for file in ROOT.glob(pattern)}
    using = {file for file in ROOT.rglob("*.py") if "torch" in imported(file)}
    assert using, "torch_ref imports it"
    assert using <= allowed


@pytest.mark.parametrize("parts", [WITHOUT_TORCH, ["torch_ref"]], ids=["all", "torch"])
def test_every_part_loads_on_first_use_and_only_torch_ref_loads_torch(parts):
    lines = ["import sys, coursekit", "assert 'numpy' not in sys.modules"]
    lines += [f"coursekit.{part}.__name__" for part in parts]
    lines += ["print('torch' in sys.modules)"]
    assert in_a_new_python(lines) == (f"{parts == ['torch_ref']}\n", "")


def test_looking_at_work_loads_neither_nbformat_nor_the_build(tmp_path):
    lines = ["import sys", "from coursekit import cli", "import coursekit.workfolder"]
    lines += [f"cli.main(['progress', '--work', {str(tmp_path)!r}])"]
    lines += ["heavy = {'nbformat', 'jsonschema', 'jupytext', 'coursekit.author'}"]
    lines += ["print(sorted(heavy & set(sys.modules)))"]
    said, complaints = in_a_new_python(lines)
    assert (said.splitlines()[-1], complaints) == ("[]", "")


def test_an_unknown_part_is_told_the_known_ones():
    with pytest.raises(AttributeError, match="no part called 'cook'; it has"):
        coursekit.cook  # noqa: B018


def test_asking_for_one_lesson_imports_only_that_lesson():
    lines = ["import sys", "from coursekit import bank", "bank.exercises(5)"]
    lines += ["print({name[:17] for name in sys.modules if '.bank.l' in name})"]
    said, complaints = in_a_new_python(lines)
    assert (said, complaints) == ("{'coursekit.bank.l5'}\n", "")


@pytest.mark.parametrize("name", coursekit.ops.__all__)
def test_an_operation_stands_in_files_of_the_same_name(name):
    parts = (coursekit.ops, coursekit.fast, coursekit.torch_ref)
    files = {getattr(part, name).__module__.rpartition(".")[2] for part in parts}
    assert len(files) == 1


def test_what_runs_a_learner_s_code_loads_nothing_that_knows_an_answer():
    lines = ["import sys, coursekit.runner.run"]
    lines += ["import coursekit.runner.plain, coursekit.runner.guard"]
    lines += ["print(sorted(m for m in sys.modules if m.startswith('coursekit.')))"]
    said, complaints = in_a_new_python(lines)
    rooms = {name.split(".")[1].strip("']\n") for name in said.split(", ")}
    assert (rooms, complaints) == ({"runner"}, "")

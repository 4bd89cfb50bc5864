"""The student's copy judges as the course does, and no answer is in it."""

import ast
import io
import json
import linecache
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import CodeType
from urllib.parse import unquote
from zipfile import ZipFile, is_zipfile

import numpy as np
import pytest

from coursekit import author, bank, workfolder
from coursekit.author import student
from coursekit.author.draft import BuildError
from coursekit.author.keyfile import key_file, without_answers
from coursekit.exercise import STORED, Exercise, stored
from coursekit.grade import learner
from coursekit.grade.judge import judge
from coursekit.grade.key import AnswerKey, key_for_check
from coursekit.grade.notebook import check, evaluate
from coursekit.grade.stored import StoredKey
from coursekit.runner.plain import identical

COURSE = Path(__file__).parents[2]
EXERCISES = bank.exercises()
LEAST = 25  # letters of a line by which an answer is known

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)

# Run in the copy: what checks, hints and solutions say, without a network.
CHECKS = """
import json, linecache, socket, sys
import numpy as np
import coursekit
from coursekit.grade import check, hint, progress, solution

def none(*args): raise OSError("there is no network here")
socket.socket.connect = socket.getaddrinfo = none
said = []
for id, name, text in json.load(sys.stdin):
    namespace = {"np": np, "__name__": "learner"}
    linecache.cache[text] = len(text), None, text.splitlines(True), text
    exec(compile(text, text, "exec"), namespace)
    said.append(repr(check(namespace[name], id)))
print(json.dumps([coursekit.__file__, said, repr(solution("corr2d")),
    repr(hint("corr2d", 2)), repr(progress())]))
"""

# Run in the copy: the digests of all code that is reached when everything is loaded.
REACHED = """
import gc, importlib, json, pkgutil, sys
from types import FunctionType
import coursekit
from coursekit import bank
from coursekit.grade.key import key_for_check
sys.path.insert(0, sys.argv[1])
from fingerprint import digest, inside

for found in pkgutil.walk_packages(coursekit.__path__, "coursekit."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
for exercise in bank.exercises():
    key_for_check(exercise).right()
    exercise.solution_source, exercise.parameters
codes = [one.__code__ for one in gc.get_objects() if type(one) is FunctionType]
print(json.dumps(sorted({digest(c) for code in codes for c in inside(code)})))
"""

FINGERPRINT = '''
import hashlib
from types import CodeType


def inside(code):
    """Yield a code and those within it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from inside(one)


def digest(code):
    """Tell one body from another, whatever its name and place."""
    consts = [one for one in code.co_consts if not isinstance(one, CodeType)]
    said = code.co_code, code.co_names, code.co_varnames, repr(consts)
    return hashlib.sha256(repr(said).encode()).hexdigest()
'''


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch):
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")


@pytest.fixture(scope="module")
def made():
    return student.copy(COURSE, progress=False)


@pytest.fixture(scope="module")
def copy(made, tmp_path_factory):
    """Unpack the zip as a learner does."""
    folder = tmp_path_factory.mktemp("learner")
    student.write(folder / "student.zip", made)
    with ZipFile(folder / "student.zip") as file:
        file.extractall(folder)
    return folder / student.TOP


@pytest.fixture(scope="module")
def keys(made, tmp_path_factory):
    """Read each exercise from its key file."""
    folder = tmp_path_factory.mktemp("keys")
    found = {}
    for exercise in EXERCISES:
        path = folder / f"{exercise.path.stem}.key"
        path.write_bytes(made[f"coursekit/bank/{path.name}"])
        found[exercise.id] = stored.read(path)
    return found


def in_the_copy(copy: Path, code: str, told: object = None, *args: object):
    """Run code where the copy's own library is imported; return what it says.

    Without `site`, else this environment's own installation lends what the copy lacks.
    """
    command = [sys.executable, "-S", "-W", "error", "-c", code, *map(str, args)]
    places = [str(copy), *(one for one in sys.path if one.endswith("-packages"))]
    done = subprocess.run(
        command,
        input=json.dumps(told),
        env={"PYTHONPATH": os.pathsep.join(places), "COURSEKIT_PROGRESS": "off"},
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


# The same verdicts


@pytest.mark.thorough
@every_exercise
def test_every_answer_of_the_bank_gets_the_same_verdict_word_for_word(exercise, keys):
    full, copy = key_for_check(exercise), key_for_check(keys[exercise.id])
    assert (type(full), type(copy)) == (AnswerKey, StoredKey)
    wrongs = [wrong.function for wrong in exercise.wrongs]
    for answer in (exercise.answer, *exercise.alternatives, *wrongs):
        outcomes = full.outcomes(answer)
        one, other = (judge(key, outcomes, text="") for key in (full, copy))
        assert one.status in ("passed", "misconception")
        assert repr(one) == repr(other)
        assert one._repr_html_() == other._repr_html_()
        assert (one.misconception, one.groups) == (other.misconception, other.groups)


@every_exercise
def test_an_exercise_reads_the_same_in_the_copy_but_for_its_solution(exercise, keys):
    copy = keys[exercise.id]
    names = "id lesson position title prompt points difficulty minutes section hints"
    names += " random dtype_graded tolerance torch seconds parameters"
    for name in (*names.split(), "starter_source", "given_source", "driver_source"):
        assert getattr(copy, name) == getattr(exercise, name), name
    assert copy.solution_source == exercise.starter_source
    with pytest.raises(NotImplementedError, match="your code here"):
        copy.answer(*[0] * len(copy.parameters))


@every_exercise
def test_the_calls_in_the_copy_are_those_of_seed_0(exercise, keys):
    stored_calls, calls = key_for_check(keys[exercise.id]).calls, exercise.calls(0)
    assert [call.group for call in stored_calls] == [call.group for call in calls]
    for one, other in zip(stored_calls, calls, strict=True):
        assert identical(one.args, other.args)
        for pair in zip(one.args, other.args, strict=True):
            contiguous = [isinstance(a, np.ndarray) and a.flags.forc for a in pair]
            assert contiguous[0] == contiguous[1]


def test_a_rule_of_an_exercise_is_one_of_the_copy_too(keys):
    text = "def corr2d_windows(x, k):\n    return [k for _ in x]"
    for id, exercise in ((one.id, one) for one in EXERCISES if one.rules):
        full, copy = key_for_check(exercise), key_for_check(keys[id])
        said = [judge(key, full.right(), text) for key in (full, copy)]
        assert repr(said[0]) == repr(said[1])
        if id == "corr2d_windows":
            assert "not the way to them" in said[1].sentence


def test_another_seed_than_the_stored_one_is_refused(keys):
    with pytest.raises(ValueError, match=r"corr2d\.key holds seed 0 alone, not 3"):
        key_for_check(keys["corr2d"], 3)


def alone(exercise: Exercise) -> Iterator[tuple[str, str, str]]:
    """Yield (id, name, text) of each wrong answer whose text says all that it needs."""
    for wrong in exercise.wrongs:
        tree = ast.parse(learner.text_of(wrong.function) or "")
        for node in tree.body:
            if hasattr(node, "decorator_list"):
                node.decorator_list = []
        name, text = wrong.function.__code__.co_name, ast.unparse(tree)
        answer = defined(name, text)
        if answer and evaluate(exercise, answer).misconception == wrong.name:
            yield exercise.id, name, text


def defined(name: str, text: str):
    """Run a cell, as CHECKS does; its text is its own file name."""
    namespace = {"np": np, "__name__": "learner"}
    linecache.cache[text] = len(text), None, text.splitlines(True), text
    try:
        exec(compile(text, text, "exec"), namespace)
    except Exception:  # it is made by something that is not in its text
        return None
    return namespace.get(name)


def answers(each: int | None) -> Iterator[tuple[str, str, str]]:
    """Yield the starter and the solution of each exercise, and so many wrong ones."""
    for exercise in EXERCISES:
        yield exercise.id, exercise.id, exercise.starter_source
        yield exercise.id, exercise.id, exercise.solution_source
        yield from islice(alone(exercise), each)


def prove_that_it_checks(copy: Path, each: int | None) -> None:
    tried = list(answers(each))
    here, said, *others = in_the_copy(copy, CHECKS, tried)
    assert Path(here).is_relative_to(copy)
    for (id, name, text), told in zip(tried, said, strict=True):
        assert told == repr(check(defined(name, text), id)), f"{id}: {name}"
    statuses = [told.partition("\n")[0] for told in said]
    for exercise in EXERCISES:
        own = [one for one in statuses if one.startswith(f"{exercise.id}: ")]
        assert "not started" in own[0]
        assert "passed" in own[1]
        assert len(own) > 2
        assert all("a known mistake" in one for one in own[2:])
    solution, hint, progress = others
    assert "The solutions are with your instructor." in solution
    assert hint.startswith("Hint 2 of 3 for corr2d\nThe window that belongs to")
    assert f"0 of {len(EXERCISES)} passed" in progress


def test_the_unpacked_copy_checks_every_exercise_and_names_mistakes(copy):
    prove_that_it_checks(copy, 1)


@pytest.mark.thorough
def test_the_unpacked_copy_names_every_mistake_that_stands_alone(copy):
    prove_that_it_checks(copy, None)


# No answers


def texts(name: str, content: bytes) -> Iterator[str]:
    """Yield the texts in a file, those in the members of a zip too."""
    if is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as file:
            for member in file.namelist():
                yield from texts(member, file.read(member))
    elif name.endswith((".ipynb", ".json")):
        yield from strings(json.loads(content))
    else:
        yield content.decode("utf-8", "replace")


def strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        if "source" in node:  # a cell, whose lines are one text
            yield "".join(node["source"])
        for one in node.values():
            yield from strings(one)
    elif isinstance(node, list):
        for one in node:
            yield from strings(one)


def closed_up(text: str) -> str:
    return re.sub(r"\s+", "", text)


def said_in(files: Iterable[tuple[str, bytes]]) -> str:
    return "\n".join(closed_up(one) for file in files for one in texts(*file))


def lines_of_answers() -> set[str]:
    """List the telling lines of code in the bank, closed up: all that is not kept."""
    kept = "\n".join(closed_up(without_answers(one)) for one in EXERCISES)
    found = set()
    for path in sorted(bank.FOLDER.glob("*.py")):
        if path.name == "__init__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            body = node.body[ast.get_docstring(node) is not None :]
            for line in lines[body[0].lineno - 1 : body[-1].end_lineno] if body else ():
                found.add(closed_up(line))
    telling = {line for line in found if sum(map(str.isalpha, line)) >= LEAST}
    return telling - held(telling, kept)


def held(lines: set[str], text: str) -> set[str]:
    """Return those of the lines that a text holds; searching each takes far longer."""
    starts = {line[:LEAST] for line in lines}
    begun = (n for n in range(len(text)) if text[n : n + LEAST] in starts)
    return {line for n in begun for line in lines if text.startswith(line, n)}


def test_no_line_of_an_answer_stands_in_any_file_of_the_copy(made):
    rooms = ("ops", "fast", "torch_ref", "nets", "count", "shapes.py", "plots", "data")
    library = said_in(
        (path.name, path.read_bytes())
        for room in (*(f"coursekit/{one}" for one in rooms), "notebooks")
        for path in [COURSE / room, *(COURSE / room).rglob("*.*")]
        if path.suffix in {".py", ".ipynb"}
    )
    telling = lines_of_answers()
    telling -= held(telling, library)
    assert len(telling) > 1000
    assert held(telling, said_in(made.items())) == set()


def test_the_files_of_answers_are_not_in_the_copy(made):
    behind = ("solutions", "coursekit/author", "coursekit/classroom", "tests", "work")
    assert not [name for name in made if name.startswith(behind)]
    bank_files = {name for name in made if name.startswith("coursekit/bank/")}
    own = {f"coursekit/bank/{one.path.stem}.key" for one in EXERCISES}
    assert bank_files == own | {"coursekit/bank/__init__.py"}


def test_no_code_of_an_answer_is_reached_by_import_or_gc(copy, tmp_path):
    (tmp_path / "fingerprint.py").write_text(FINGERPRINT, encoding="utf-8")
    reached = {*in_the_copy(copy, REACHED, None, tmp_path)}
    own: dict = {}
    exec(FINGERPRINT, own)
    kept = {own["digest"](code) for one in EXERCISES for code in codes_kept(one, own)}
    assert len(kept & reached) > len(EXERCISES), "it sees what it should see"
    telling = {
        own["digest"](code): f"{path.name}: {code.co_name}"
        for path in bank.FOLDER.glob("*.py")
        if path.name != "__init__.py"
        for code in codes_of(path.read_text(encoding="utf-8"), own)
        if len(code.co_code) > 40
    }
    assert len(telling) > 1000
    assert [telling[one] for one in telling.keys() & (reached - kept)] == []


def codes_of(text: str, own: dict) -> Iterator[CodeType]:
    _, *inner = own["inside"](compile(text, "<bank>", "exec"))
    yield from inner


def codes_kept(exercise: Exercise, own: dict) -> Iterator[CodeType]:
    yield from codes_of(without_answers(exercise), own)
    if exercise.driver:
        yield from codes_of(exercise.driver_source, own)


BANK = '''
r"""Double it

Write `double(x)`."""

import numpy as np

from coursekit.exercise import Exercise

LIMIT = 3


def size(args, expected):
    """Say how large."""
    return LIMIT * len(args)


def unused(x):
    return "the answer is 2"


exercise = Exercise(
    __name__, points=1, difficulty=1, minutes=1, section="Toys", hints=("a",),
    scale=SCALE,
)


@exercise.given
def given(x):
    size = 2
    return np.abs(x) * size


@exercise.helper
def helper(x):
    return x + x


@exercise.solution
def double(x, n=LIMIT):
    """Return 2 * x."""
    return helper(given(x))


@exercise.wrong("no")
def squared(x, n=LIMIT):
    return x**2


@exercise.cases("some")
def some():
    yield 1, 2
'''


@pytest.fixture
def toy(tmp_path):
    def load(scale="size"):
        path = tmp_path / "l1_01_double.py"
        path.write_text(BANK.lstrip().replace("SCALE", scale), encoding="utf-8")
        return bank.load_file(path)

    return load


def test_what_judges_stays_and_what_answers_goes(toy):
    text = without_answers(toy())
    for stays in ("import numpy", "LIMIT = 3", "def size", "@exercise.given", "Write"):
        assert stays in text
    for goes in ("helper", "squared", "unused", "some", "answer is"):
        assert goes not in text
    assert text.endswith(
        '@exercise.solution\ndef double(x, n=LIMIT):\n    """Return 2 * x."""\n'
        '    raise NotImplementedError("your code here")\n'
    )


@pytest.mark.parametrize("answer", ["helper", "double", "squared"])
def test_an_exercise_that_is_judged_by_an_answer_is_refused(toy, answer):
    exercise = toy()
    exercise.text = exercise.text.replace("scale=size", f"scale={answer}")
    with pytest.raises(BuildError, match=r"l1_01_double\.py, line \d+: judging needs"):
        without_answers(exercise)


def test_the_same_exercise_gives_the_same_key_file_byte_for_byte():
    exercise = bank.load("pad2d")
    assert key_file(exercise) == key_file(exercise)


def test_a_key_file_is_read_where_no_bank_file_lies_beside_it(toy, tmp_path):
    exercise = toy()
    path = exercise.path.with_suffix(STORED)
    path.write_bytes(key_file(exercise))
    assert bank.load("double", tmp_path).path == exercise.path
    exercise.path.unlink()
    assert bank.load("double", tmp_path).path == path
    assert bank.load("double", tmp_path).wrongs[0].sentence == "no"


# The release


def test_the_copy_is_small(made):
    keys = [content for name, content in made.items() if name.endswith(".key")]
    assert sum(map(len, keys)) < 1_000_000
    assert sum(map(len, made.values())) < 6_000_000


def test_links_in_the_copy_lead_to_files_of_it(made):
    followed = 0
    for name in made:
        if not name.endswith((".ipynb", ".md")):
            continue
        for text in texts(name, made[name]):
            for link in re.findall(
                r"(?<!\w)\[[^\]]*\]\((?!https?:|#|data:)([^)#\s]+)", text
            ):
                path = (Path("/course") / name).parent / unquote(link)
                place = Path(*path.parts[:1]).joinpath(*path.parts[1:])
                followed += 1
                assert resolved(place) in made, f"{name} links {link}"
    assert followed > 30


def resolved(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts[2:]:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_the_command_of_the_copy_names_what_learners_use_and_no_more(copy):
    code = "import io, json, contextlib, coursekit.cli as cli\n"
    code += "with contextlib.redirect_stdout(io.StringIO()) as said:\n"
    code += "    try: cli.main(['--help'])\n    except SystemExit: pass\n"
    code += "print(json.dumps(said.getvalue()))"
    said = in_the_copy(copy, code)
    commands = re.findall(r"^    (\w+) ", said, re.MULTILINE)
    assert commands == ["lab", "progress", "reset", "update", "data", "doctor"]


def test_the_unpacked_copy_is_a_course_that_fills_a_work_folder(copy, tmp_path):
    assert workfolder.work_folder(copy) == copy / "work"
    work = tmp_path / "work"
    assert len(workfolder.copy_missing(copy, work)) == 15
    assert workfolder.update(copy, work) == []
    change = workfolder.reset(copy, work, "corr2d")
    assert str(change).endswith("corr2d is its starter already; nothing to do")


def test_a_release_of_one_lesson_leaves_the_others_out(monkeypatch):
    monkeypatch.setattr(author, "stale", lambda root: [])
    monkeypatch.setattr(student, "key_file", lambda exercise: b"")
    made = student.copy(COURSE, [2], progress=False)
    keys = {name for name in made if name.endswith(".key")}
    assert keys == {f"coursekit/bank/{e.path.stem}.key" for e in bank.exercises(2)}
    notebooks = sorted(Path(name).name for name in made if name.endswith(".ipynb"))
    assert notebooks[0] == "00_start_here.ipynb"
    assert notebooks[1:] == ["02_cross_correlation.ipynb"] * 2
    with pytest.raises(BuildError, match=r"no lesson 9\. There are: \[1, 2, 3, 4, 5"):
        student.copy(COURSE, [2, 9], progress=False)


def test_a_notebook_that_somebody_solved_in_place_is_not_handed_out(monkeypatch):
    monkeypatch.setattr(
        author, "stale", lambda root: ["exercises/02_x.ipynb was saved by hand"]
    )
    with pytest.raises(BuildError, match=r"exercises/02_x\.ipynb was saved by hand"):
        student.copy(COURSE, progress=False)


def test_the_zip_takes_the_place_of_a_release_and_of_nothing_else(tmp_path):
    target = tmp_path / "student.zip"
    student.write(target, {student.MANIFEST: b"1"})
    student.write(target, {student.MANIFEST: b"2"})
    with ZipFile(target) as file:
        assert file.read(f"{student.TOP}/{student.MANIFEST}") == b"2"
    target.write_bytes(b"mine")
    with pytest.raises(BuildError, match="is no release, and stays"):
        student.write(target, {student.MANIFEST: b"3"})
    assert target.read_bytes() == b"mine"

"""The instructor's guide: its commands are commands, and its plan is the course's."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import bank, cli
from coursekit.author.plan import plan, table
from coursekit.classroom.exam import Exam

COURSE = Path(__file__).parents[2]
GUIDE = (COURSE / "docs" / "instructors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", GUIDE, re.M | re.S)
LINES = [shlex.split(line) for block in BLOCKS for line in block.splitlines()]
OURS = {command.__name__.rpartition(".")[2] for command in cli.COMMANDS}
KNOWN = [words[1:] for words in LINES if words[0] == "coursekit" and words[1] in OURS]


def test_every_command_stands_in_a_block_of_its_own():
    assert len(KNOWN) >= 5
    for words in LINES:
        assert words[0] in {"coursekit", "mkdir", "cp"} or "pytest" in words, words
    prose = re.sub(r"^```.*?^```$", "", GUIDE, flags=re.M | re.S)
    assert not re.findall(r"^(?: {4})?coursekit ", prose, re.M)


@pytest.mark.parametrize("words", KNOWN, ids=" ".join)
def test_a_command_is_read_as_it_is_written(words):
    assert cli._parser().parse_args(words)


def test_the_commands_on_exams_and_answers_work_in_the_order_of_the_guide(
    tmp_path, monkeypatch
):
    course = tmp_path / "course"
    course.mkdir()
    shutil.copytree(COURSE / "docs" / "variants", tmp_path / "variants")
    monkeypatch.chdir(course)
    roster = re.search(r"^    (id,name.*\n(?:    .*\n)+)", GUIDE, re.M)
    Path("class.csv").write_text(roster[1].replace("    ", ""), encoding="utf-8")
    for words in KNOWN:
        if words[0] in ("exam", "answers"):
            assert cli.main(words) == 0, words
    first, again = Path("papers/ada/exam.ipynb"), Path("again/ada/exam.ipynb")
    assert first.read_bytes() == again.read_bytes()
    assert {path.name for path in Path("papers").iterdir()} == {"ada", "bo"}
    assert Path("variants-papers/bo/exam.html").is_file()
    assert Path("answers.html").is_file()


@pytest.mark.thorough
def test_the_variant_of_the_guide_proves_itself(tmp_path):
    (words,) = [words for words in LINES if "pytest" in words]
    setting, python, *others = words
    name, _, folder = setting.partition("=")
    assert (name, python) == ("COURSEKIT_BANK", ".venv/bin/python")
    shutil.copytree(COURSE / "docs" / "variants", tmp_path / Path(folder).name)
    own = {name: str(tmp_path / Path(folder).name), "PYTHONPATH": str(COURSE)}
    command = [sys.executable, *others, "-p", "no:cacheprovider"]
    ran = subprocess.run(
        command, cwd=COURSE, env=os.environ | own, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"\b\d\d passed", ran.stdout.splitlines()[-1])


def test_the_guide_shows_the_variant_s_solution():
    (variant,) = bank.own_exercises(COURSE / "docs" / "variants")
    shown = re.sub(r"^    ", "", GUIDE, flags=re.M)
    assert variant.solution_source in shown


def test_the_container_s_recipe_copies_what_is_there_and_starts_a_command():
    recipe = COURSE / "docs" / "grading" / "Dockerfile"
    assert f"--file {recipe.relative_to(COURSE).as_posix()} ." in GUIDE
    text = recipe.read_text(encoding="utf-8")
    copied = [line.split()[:-1] for line in re.findall(r"^COPY (.*)$", text, re.M)]
    names = {name for line in copied for name in line}
    ignored = recipe.with_name("Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert names == set(re.findall(r"^!(.*)$", ignored, re.M))
    assert all((COURSE / name).exists() for name in names)
    (start,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.M)
    ours, *words = json.loads(start)
    more = shlex.split(re.search(r"^ +coursekit-grade (--.*)$", GUIDE, re.M)[1])
    assert ours == "coursekit"
    assert cli._parser().parse_args([*words, *more])


def test_the_plan_of_the_guide_is_that_of_the_lessons():
    lessons = list(plan(COURSE))
    assert table(lessons) in GUIDE, f"write this into the guide:\n{table(lessons)}"
    for lesson in lessons:
        goals = "\n".join(f"- {goal}" for goal in lesson.goals)
        assert f"**{lesson.title}**\n\n{goals}\n" in GUIDE


def test_the_guide_lists_the_exercises_that_have_no_example():
    listed = re.search(r"Seven exercises have no example(.*?)\. Their", GUIDE, re.S)
    told = set(re.findall(r"`(\w+)`", listed[1]))
    exam = Exam(b"a secret of the tests")
    found = {one.id for one in bank.exercises() if not exam.example("ada", one)}
    assert told == found


def test_the_guide_links_to_files_and_headings_that_there_are():
    headings = {
        re.sub(r"[^\w -]", "", text).lower().replace(" ", "-")
        for text in re.findall(r"^#+ (.*)", GUIDE, re.M)
    }
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        if target.startswith("#"):
            assert target[1:] in headings
        else:
            assert (COURSE / "docs" / target).exists()

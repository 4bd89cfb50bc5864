"""The answer sheet and the plan are read from the bank and the lessons."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from coursekit import bank, cli
from coursekit.author import answers, plan
from coursekit.author.draft import BuildError
from coursekit.author.page import page

COURSE = Path(__file__).parents[2]
PLAN = list(plan.plan(COURSE))
SHEET = answers.sheet(PLAN)
WORDS = re.sub(r"<[^>]+>", "", MarkdownIt("commonmark").enable("table").render(SHEET))


def test_the_plan_holds_every_lesson_with_its_minutes_goals_and_exercises():
    assert [one.number for one in PLAN] == [1, 2, 3, 4, 5, 6, 7]
    assert sum(len(one.exercises) for one in PLAN) == len(bank.exercises())
    lesson = PLAN[1]
    assert (lesson.title, lesson.minutes) == ("2. Cross-correlation", 90)
    assert len(lesson.goals) == 5
    assert lesson.goals[0].startswith("work out a cross-correlation by hand")
    assert lesson.exercise_minutes == sum(one.minutes for one in bank.exercises(2))
    assert PLAN[6].minutes == 120


def test_the_table_of_the_plan_has_the_sums():
    *_, last = plan.table(PLAN).splitlines()
    points = sum(one.points for one in bank.exercises())
    minutes = sum(one.minutes for one in bank.exercises())
    assert last.startswith("| in all | ")
    assert last.endswith(f" | {len(bank.exercises())} | {minutes} | {points:g} |")


def test_a_lesson_that_does_not_tell_its_time_is_named(tmp_path):
    folder = tmp_path / "notebooks" / "source"
    folder.mkdir(parents=True)
    text = "# %% [markdown]\n# # 1. Sums\n#\n# **Time:** as long as it takes.\n"
    (folder / "01_sums.py").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=r"01_sums\.py: its first cell needs a line"):
        list(plan.plan(tmp_path))


@pytest.mark.parametrize("exercise", bank.exercises(), ids=lambda one: one.id)
def test_the_sheet_tells_what_the_bank_holds_of_an_exercise(exercise):
    head = f"\n### {exercise.lesson}.{exercise.position} {exercise.title}\n"
    part = SHEET.partition(head)[2].partition("\n### ")[0]
    assert f"`{exercise.id}` | {exercise.points:g} point" in part
    assert f"about {exercise.minutes} minutes" in part
    assert f"```python\n{exercise.solution_source}\n```" in part
    assert f"answers that pass: {len(exercise.alternatives)}." in part
    for wrong in exercise.wrongs:
        assert f"\n- `{wrong.name}`: " in part
        said = re.sub(r"[`&<>\"]", "", wrong.sentence)
        assert said in re.sub(r"`|&(amp|lt|gt|quot);", "", WORDS), wrong.sentence
    for group in exercise.groups:
        (row,) = re.findall(rf"\| {re.escape(group.name)} \| (.*) \|", part)
        assert row.startswith(f"{group.points:g} | ")
        assert ("hidden" in row) != group.shown
        assert ("drawn" in row) == (group.draws is not None)


def test_a_page_has_a_language_a_title_and_no_html_of_the_text():
    text = page("A & B", "a < b <script>x</script>")
    assert '<html lang="en">' in text
    assert "<title>A &amp; B</title>" in text
    assert "<script" not in text


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        try:
            code = cli.main(["answers", *words])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return run


def test_the_command_writes_the_lessons_that_are_asked_for(run):
    code, out, _ = run("some.md", "--lessons", "3", "2")
    assert (code, out.startswith("some.md written.")) == (0, True)
    text = Path("some.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)", text, re.M) == [
        "2. Cross-correlation",
        "3. Channels",
    ]
    assert run("all.html")[0] == 0
    text = Path("all.html").read_text(encoding="utf-8")
    assert text.count("<h3>") == len(bank.exercises())


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["a.md", "--lessons", "9"], 1, "There is no lesson 9. There are: 1, 2, 3"),
        (["a.pdf"], 2, "a.pdf ends in neither .html nor .md"),
    ],
)
def test_what_cannot_be_written_is_told(run, words, code, says):
    found, out, errors = run(*words)
    assert (found, out) == (code, "")
    assert says in errors
    assert not list(Path().iterdir())

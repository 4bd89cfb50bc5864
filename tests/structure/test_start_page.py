"""The start page leads to every lesson, and only to what exists."""

import re
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
START = (NOTEBOOKS / "source" / "00_start_here.py").read_text(encoding="utf-8")
LESSONS = sorted(p.stem for p in (NOTEBOOKS / "source").glob("[0-9][0-9]_*.py"))


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name[:2] != "00"])
def test_the_map_links_every_lesson_and_its_exercises(lesson):
    row = next(
        (
            line
            for line in START.splitlines()
            if line.startswith(f"# | {int(lesson[:2])} |")
        ),
        "",
    )
    assert f"({lesson}.ipynb)" in row, "add the lesson's link to the map"
    assert f"(../exercises/{lesson}.ipynb)" in row, "add its exercises to the map"


def test_no_link_leads_nowhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", START)
    assert links
    for link in links:
        source = NOTEBOOKS / "source" / f"{Path(link).stem}.py"
        assert source.exists(), f"{link} has no source"


def test_the_map_has_seven_lessons_in_order():
    rows = re.findall(r"^# \| (\d) \|", START, re.MULTILINE)
    assert rows == list("1234567")


def test_the_glossary_is_in_alphabetical_order():
    words = re.findall(r"^# \| \*\*(.+?)\*\*", START, re.MULTILINE)
    assert len(words) > 20
    assert words == sorted(words, key=str.lower)

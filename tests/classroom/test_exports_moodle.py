"""A Moodle worksheet: grade and feedback filled together, nothing else."""

import csv
import io

import pytest

from coursekit.classroom.exports import moodle
from coursekit.classroom.exports.sheet import ExportError, Mark

SHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 4711","Jane Doe",jane@u.edu,"Submitted for grading",,33.00,Yes,"Monday, 3 March 2025, 10:00 AM",-,
"Participant 4712","Al Zed",al@u.edu,"Submitted for grading",12.00,33.00,Yes,-,"Tuesday, 4 March 2025, 9:00 AM","<p>See me.</p>"
"Participant 4713","Bo Li",bo@u.edu,"No submission",,33.00,Yes,-,-,
"""  # noqa: E501
MARKS = {
    "Jane Doe": Mark(31.5, 33.0, "=corr2d: <b> & 1 of 3\n=1+1", ids=("4711",)),
    "al": Mark(20.0, 33.0),
}


@pytest.fixture
def fill(tmp_path):
    """Fill a worksheet; return its rows, changes, problems."""

    def fill(text=SHEET, marks=MARKS, **options):
        path = tmp_path / "grades.csv"
        path.write_bytes(text.encode())
        sheet, changes, problems = moodle.filled(path, marks, **options)
        text = sheet.content().decode()
        return list(csv.reader(io.StringIO(text, newline=""))), changes, problems

    return fill


def test_grade_and_feedback_are_filled_and_all_else_is_as_it_was(fill):
    after, changes, problems = fill()
    before = list(csv.reader(io.StringIO(SHEET)))
    assert [(row[4], row[9]) for row in after[1:]] == [
        ("31.5", "<p>=corr2d: &lt;b&gt; &amp; 1 of 3<br>=1+1</p>"),
        ("20", "<p>See me.</p>"),
        ("", ""),
    ]
    assert [row[:4] + row[5:9] for row in after] == [
        row[:4] + row[5:9] for row in before
    ]
    assert [one.column for one in changes] == ["Grade", "Feedback comments", "Grade"]
    assert problems == []


def test_nobody_gets_feedback_without_a_grade(fill):
    after, _, problems = fill(marks={"Nobody": Mark(1.0, 33.0, "words")})
    assert after == list(csv.reader(io.StringIO(SHEET)))
    assert problems == ["Nobody: not in it"]


def test_a_grade_that_moodle_would_pass_over_is_refused(fill):
    with pytest.raises(ExportError, match=r"al has 34 points and .* line 3 is 33: Moo"):
        fill(marks={"al": Mark(34.0, 33.0)})
    with pytest.raises(ExportError, match=r"out of 33 points, .* out of 30\. Change"):
        fill(marks={"al": Mark(30.0, 30.0)})
    after, _, _ = fill(marks={"al": Mark(30.0, 30.0)}, scale=True)
    assert after[2][4] == "33"


def test_a_moodle_of_another_language_names_its_columns(fill):
    german = SHEET.replace(",Grade,", ",Bewertung,").replace("Maximum Grade", "Beste")
    german = german.replace("Feedback comments", "Kommentare").replace(
        "33.00", '"33,00"'
    )
    with pytest.raises(ExportError, match=r"no column called 'Grade'.*; Bewertung; Be"):
        fill(german)
    names = {"grade": "Bewertung", "maximum": "Beste", "feedback": "Kommentare"}
    after, _, _ = fill(german, **names)
    assert after[1][4] == "31,5"


def test_people_are_told_apart_by_number_where_moodle_hides_their_names(fill):
    hidden = "\n".join(
        ",".join([line.split(",", 3)[0], line.split(",", 3)[3]])
        for line in SHEET.splitlines()
    )
    after, _, _ = fill(hidden, {"someone": Mark(3.0, 33.0, ids=("4713",))})
    assert [row[2] for row in after[1:]] == ["", "12.00", "3"]

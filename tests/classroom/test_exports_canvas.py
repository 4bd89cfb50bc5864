"""A Canvas gradebook: one column filled, everything else as the instructor had it."""

import csv
import io

import pytest

from coursekit.classroom.exports import canvas
from coursekit.classroom.exports.sheet import ExportError, Mark

BOOK = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab 1 (501),Lab 2 (502),Lab Points,Lab Current Score,Final Grade
,,,,,,,Manual Posting,,,
    Points Possible,,,,,(read only),10.00,33.00,(read only),(read only),(read only)
"Doe, Jane",101,S1,jdoe,"Mon, Tue and Wed",late?,9.50,,9.50,95.00,A
"=""Zed, Al""",102,S2,azed,Mon,,EX,12.00,0,0,F
"Li, Bo",103,S3,bli,Mon,,8.00,ex,,,
"Roe, Cy",104,S4,croe,Mon,,8.00,N/A,,,
"Student, Test",105,,b2f,Mon,,,,,,
'''  # noqa: E501
MARKS = {
    "doejane": Mark(31.125, 33.0, ids=("101",)),
    "azed": Mark(20.0, 33.0),
    "Bo Li": Mark(1.0, 33.0),
    "croe": Mark(2.0, 33.0),
}


@pytest.fixture
def fill(tmp_path):
    """Fill a gradebook; return its rows before and after, changes, problems."""

    def fill(text=BOOK, column="Lab 2", marks=MARKS, **options):
        path = tmp_path / "grades.csv"
        path.write_bytes(text.encode())
        sheet, changes, problems = canvas.filled(path, column, marks, **options)
        assert path.read_bytes() == text.encode()
        return sheet.content().decode(), changes, problems

    return fill


def rows(text, separator=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_the_column_alone_is_filled_and_all_else_is_as_it_was(fill):
    text, changes, problems = fill()
    before, after = rows(BOOK), rows(text)
    assert [row[7] for row in after] == [
        *("Lab 2 (502)", "Manual Posting", "33.00", "31.12", "20", "ex", "N/A", "")
    ]
    for row in (*before, *after):
        del row[7]
    assert before == after
    assert [(one.learner, one.before, one.after) for one in changes] == [
        ("doejane", "", "31.12"),
        ("azed", "12.00", "20"),
    ]
    assert problems == [
        "Bo Li: Canvas says ex, and that stays",
        "croe: Canvas says N/A, and that stays",
    ]


def test_marks_and_separators_of_other_countries_stay(fill):
    text = "\ufeff" + BOOK.replace("Mon, Tue and Wed", "Mon")
    text = text.replace("Doe, Jane", "Doe/ Jane").replace(",", ";").replace(".", ",")
    filled, _, _ = fill(text.replace("\n", "\r\n"))
    assert filled.startswith("\ufeffStudent;ID;")
    assert filled.count("\r\n") == BOOK.count("\n")
    assert rows(filled, ";")[3][7] == "31,12"


def test_a_grade_that_is_there_already_stays_letter_for_letter(fill):
    text, changes, _ = fill(marks={"azed": Mark(12.0, 33.0)})
    assert text == BOOK
    assert [(one.before, one.after) for one in changes] == [("12.00", "12")]


@pytest.mark.parametrize("name", ["Lab Points", "Final Grade", "Notes", "Section", "x"])
def test_only_an_assignment_can_be_filled_and_those_there_are_named(fill, name):
    with pytest.raises(ExportError, match=r"these: Lab 1 \(501\); Lab 2 \(502\)$"):
        fill(column=name)


def test_another_maximum_is_told_with_both_numbers_or_scaled_to(fill):
    marks = {"azed": Mark(5.0, 20.0)}
    with pytest.raises(
        ExportError, match=r"'Lab 2 \(502\)' is out of 33 points.* 20\."
    ):
        fill(marks=marks)
    text, _, _ = fill(marks=marks, scale=True)
    assert rows(text)[4][7] == "8.25"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,c,d\n1,2,3,4\n", r"no Canvas gradebook: it lacks .* ID and Section"),
        (BOOK.replace("    Points Possible", "Punkte"), r"no line 'Points Possible'"),
    ],
)
def test_what_canvas_did_not_write_is_refused(fill, text, said):
    with pytest.raises(ExportError, match=said):
        fill(text)

"""Tables of other systems: one cell is filled, every other byte stays."""

import pytest

from coursekit.classroom.exports.sheet import (
    ExportError,
    Mark,
    Sheet,
    beside,
    matched,
    number,
)

ODD = [
    "a,b,c,d\r\n1,2,3,4\r\n",
    "\ufeffa;b;c;d\n1;2;3;4",
    'a,"b ""x""",c,d\n1,"two\nlines, and more",3,4\n\n5,6,7,8\n',
    "a\tb\tc\td\r1\t\t\t4\r",
    'a,b,c,d\n"open,2,3,4\n',
    'a,b,c,d\n"1"x,2,,\n',
    "a,b,c,d\n1,2\n",
]


@pytest.fixture
def sheet(tmp_path):
    """Make a sheet of a text."""

    def make(text):
        path = tmp_path / "sheet.csv"
        path.write_bytes(text.encode())
        return Sheet(path)

    return make


@pytest.mark.parametrize("text", ODD)
def test_a_sheet_that_nobody_filled_is_the_same_byte_for_byte(sheet, text):
    assert sheet(text).content() == text.encode()


@pytest.mark.parametrize("text", ODD[:4])
def test_filling_a_cell_changes_that_cell_alone(sheet, text):
    one = sheet(text)
    before = [[one.cell(row, column) for column in range(4)] for row in range(len(one))]
    one.fill(1, 3, "9")
    again = sheet(one.content().decode())
    before[1][3] = "9"
    assert before == [
        [again.cell(row, column) for column in range(4)] for row in range(len(again))
    ]
    assert len(again.content()) == len(text.encode())


def test_quotes_separators_and_line_ends_are_read_and_written(sheet):
    one = sheet(ODD[2])
    assert one.names[1] == 'b "x"'
    assert one.cell(1, 1) == "two\nlines, and more"
    one.fill(1, 0, 'a "b", c;\nd')
    assert sheet(one.content().decode()).cell(1, 0) == 'a "b", c;\nd'


def test_a_column_goes_by_its_name_with_or_without_its_number(sheet):
    one = sheet("a,Lab 2 (77),Lab 20 (78),Lab 2 extra (79)\n")
    assert [one.column(name) for name in ("Lab 2", "lab 2 (77)", "Lab 20")] == [1, 1, 2]


def test_a_column_that_is_not_there_is_answered_with_those_that_are(sheet):
    with pytest.raises(
        ExportError, match=r"no column called 'Lab 3'.*: a; Lab 1; b; c"
    ):
        sheet("a,Lab 1,b,c\n").column("Lab 3")
    with pytest.raises(ExportError, match=r"2 columns called 'lab'.*: Lab \(1\); Lab"):
        sheet("a,Lab (1),Lab (2),c\n").column("lab")


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n", b"\xff\xfea\x00", "ä".encode("cp1252")]
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path, content):
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=r"is not in UTF-8\. Export|is no table with"):
        Sheet(path)


def test_a_line_that_is_too_short_is_named(sheet):
    with pytest.raises(ExportError, match=r"Line 2 of .* ends before the column 'd'"):
        sheet(ODD[-1]).fill(1, 3, "9")


def test_points_have_two_digits_at_most_and_the_comma_of_those_beside():
    assert [number(one) for one in (0.0, 12.0, 1 / 3, 2.005e1)] == [
        *("0", "12", "0.33", "20.05")
    ]
    assert number(1.5, like="45,00") == "1,5"
    assert number(1.5, like="1,045.00") == "1.5"


def test_learners_are_found_by_number_by_name_either_way_round_and_by_address():
    rows = {
        1: ["Doe, Jane", "101"],
        2: ["Smith, Åsa", "102", "asa@u.edu"],
        3: ["Participant 7", "Bo Li"],
    }
    marks = {
        "someone": Mark(1, 1, ids=("101",)),
        "asa": Mark(1, 1),
        "Li Bo": Mark(1, 1, ids=("7",)),
    }
    assert matched(rows, marks) == ({1: "someone", 2: "asa", 3: "Li Bo"}, [])
    names = {"doejane": Mark(1, 1), "Jane Doe": Mark(1, 1)}
    for name in names:
        assert matched(rows, {name: names[name]}) == ({1: name}, [])


def test_whoever_fits_no_line_or_several_is_listed_and_not_guessed():
    rows = {1: ["Ann Lee"], 2: ["Lee, Ann"], 3: ["Bo"]}
    marks = {name: Mark(1, 1) for name in ("annlee", "Bo", "bo", "cy")}
    found, problems = matched(rows, marks)
    assert found == {}
    assert problems[0].startswith("annlee: it fits Ann Lee (line 2) and Lee, Ann (li")
    assert problems[1:] == [
        "cy: not in it",
        "Bo and bo: all fit line 4; nothing was filled in",
    ]


def test_a_number_decides_where_the_name_fits_others(tmp_path):
    rows = {1: ["Ann Lee", "5"], 2: ["Ann Lee", "6"]}
    assert matched(rows, {"Ann Lee": Mark(1, 1, ids=("6",))})[0] == {2: "Ann Lee"}


def test_the_filled_copy_has_a_name_of_its_own(tmp_path):
    assert beside(tmp_path / "a.b.csv") == tmp_path / "a.b.graded.csv"

"""Files find their people, however names are written; never the wrong ones."""

import re

import pytest

from coursekit.classroom.roster import Matches, Person, Roster, TwoPeople, match
from coursekit.classroom.sheets import SheetError


@pytest.fixture
def read(tmp_path):
    def read(text, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return Roster.read(path)

    return read


def names(roster):
    return [str(person) for person in roster.people]


JANE = "Doe, Jane (17)"


@pytest.mark.parametrize(
    "text",
    [
        'name,id,aliases\n"Doe, Jane",17,jdoe|jd\n',
        '\ufeffNAME;ID;Aliases\r\n"Doe, Jane";17;"jdoe;jd"\r\n',
        "Id\tStudent\tLogin\tGitHub_Username\n17\tDoe, Jane\tjdoe\tjd\n",
        '\n"Student","ID","SIS User ID","SIS Login ID","Section"\n'
        '"    Points Possible",,,,\n"Doe, Jane","17","jd","jdoe","A"\n\n',
        '"student name","sid","email","alias"\n"Doe, Jane","17","jdoe@u.edu",jd\n',
    ],
)
def test_rosters_are_read_as_spreadsheets_and_platforms_write_them(read, text):
    roster = read(text)
    assert names(roster) == [JANE]
    for said in ("17", "jdoe", "JD", "Jane Doe", "doe jane"):
        assert str(roster.find(said)) == JANE
    assert roster.find("points possible") is None


def test_first_and_last_names_in_two_columns_make_one(read):
    moodle = "First name,Surname,ID number,Email address\nJane,Doe,17,jd@u.edu\n"
    roster = read(moodle)
    assert names(roster) == ["Jane Doe (17)"]
    assert roster.find("jd") == roster.find("JD@u.edu") == roster.find("Doe Jane")


def test_a_spreadsheet_s_utf_16_is_read(read):
    assert names(read("name\tid\nZoë\t1\n", "utf-16")) == ["Zoë (1)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name,email\nJane,j@u.edu\n",
            "roster.csv lacks a column for the id. Its first line says name, email; "
            "call the column one of: id, id number, identifier, sid, student id.",
        ),
        (
            "id;mail\n1;j\n",
            "lacks a column for the name. Its first line says id, mail;",
        ),
        ("", "lacks a column for the name. Its first line says nothing"),
        (
            "name,id\nJane,17\nBo,17\n",
            "roster.csv, lines 2 and 3: both have the id 17. Give each person one",
        ),
        ("name,id\nJane,17\nBo,\n", "roster.csv, line 3: Bo has no id. Give"),
        (
            b"name,id\nZo\xeb,1\n",
            "is not in UTF-8. Save it in your spreadsheet as 'CSV",
        ),
        ('name,id\n"Jane,17\n', "roster.csv is no table behind line 2: "),
    ],
)
def test_a_roster_that_cannot_be_used_says_what_it_lacks(read, text, message):
    with pytest.raises(SheetError, match=re.escape(message)):
        read(text)


def test_a_roster_that_is_not_there_is_told(tmp_path):
    message = r"roster\.csv cannot be read: No such file or directory\."
    with pytest.raises(SheetError, match=message):
        Roster.read(tmp_path / "roster.csv")


CLASS = Roster(
    [
        Person("17", "Doe, Jane", ("jdoe", "jane-doe")),
        Person("23", "Zoë Søren-Łęcki", ("zs",)),
        Person("31", "Li Bo", ("libo2",)),
        Person("44", "Anna Maria von Weber", ("Nan Weber",)),
        Person("1", "One Single", ("one",)),
    ]
)


@pytest.mark.parametrize(
    ("learner", "ids", "file", "id"),
    [
        ("17", (), "", "17"),
        ("student", ("23",), "", "23"),
        ("JDoe", (), "", "17"),
        ("zoe soren lecki", (), "", "23"),
        ("lecki soren zoe", (), "", "23"),
        ("Søren-Łęcki, Zoë", (), "", "23"),
        ("sorenleckizoe", (), "", "23"),  # as Canvas runs them together
        ("weberannamariavon", (), "", "44"),
        ("Nan_Weber", (), "", "44"),
        ("BO LI", (), "", "31"),
        ("hw1-jane-doe", (), "", "17"),  # GitHub Classroom
        ("x", (), "lab/cross-correlation-libo2/a.ipynb", "31"),
        ("x", (), "group/Doe Jane/a.ipynb", "17"),
        ("x", (), "all/zs.ipynb", "23"),
        ("x", (), "1/lab-1/a-1.ipynb", None),  # a number may be the week's
        ("1", (), "", "1"),
        ("jane", (), "", None),
        ("", (), "", None),
    ],
)
def test_a_file_finds_its_person(learner, ids, file, id):
    found = CLASS.find(learner, ids, file)
    assert (found and found.id) == id


@pytest.mark.parametrize(
    ("people", "asked"),
    [
        ([Person("1", "Jane Doe"), Person("2", "Doe, Jane")], ("Jane Doe",)),
        ([Person("1", "A", ("x",)), Person("2", "B", ("X",))], ("x",)),
        ([Person("7", "A"), Person("2", "B", ("7",))], ("7",)),
        ([Person("1", "A", ("a",)), Person("2", "B", ("b",))], ("a", ("b",))),
        (
            [Person("1", "A", ("doe",)), Person("2", "B", ("jane-doe",))],
            ("h-jane-doe",),
        ),
    ],
)
def test_a_file_that_fits_two_people_goes_to_neither(people, asked):
    roster = Roster(people)
    first, second = roster.people
    message = f"it fits {first} and {second}. Write {asked[0]!r} as an alias of one"
    with pytest.raises(TwoPeople, match=re.escape(message)):
        roster.find(*asked)


def test_files_of_nobody_and_people_without_a_file_are_listed():
    two = Roster([Person("1", "Jane Doe"), Person("2", "Doe Jane"), Person("3", "Bo")])
    handed_in = [("x\x1b", "x.ipynb", ()), ("jane doe", "j.ipynb", ()), ("3", "b", ())]
    found = match([*handed_in, *handed_in], two)
    assert [str(one) for one in found.without] == ["Jane Doe (1)", "Doe Jane (2)"]
    assert {place: str(one) for place, one in found.owners.items()} == {
        ("3", "b"): "Bo (3)"
    }
    assert found.unmatched == (
        (
            "j.ipynb",
            "it fits Jane Doe (1) and Doe Jane (2). Write 'jane doe' as an alias of "
            "one of them into the roster, or rename it.",
        ),
        ("x.ipynb", "nobody on the roster is called 'x\N{REPLACEMENT CHARACTER}'."),
    )


def test_without_a_roster_everybody_is_who_the_file_says():
    found = match([("b", "b/1.ipynb", ()), ("a", "a", ("b",)), ("b", "b/2.ipynb", ())])
    a, b = Person("a"), Person("b")
    owners = {("b", "b/1.ipynb"): b, ("a", "a"): a, ("b", "b/2.ipynb"): b}
    assert found == Matches((a, b), owners)

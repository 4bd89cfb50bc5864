"""Grades: the same bytes for the same results, and nothing that a cell could do."""

import csv
import io
import random
from dataclasses import replace

import pytest

from coursekit import bank
from coursekit.classroom.grades import NAME, Grades, grades
from coursekit.classroom.overrides import Override
from coursekit.classroom.policy import Policy, PolicyError, due
from coursekit.classroom.result import Result
from coursekit.classroom.roster import Person, Roster

EXERCISES = [bank.load("corr1d"), bank.load("corr2d")]
OUT_OF = {one.id: one.points for one in EXERCISES}
DUE = due("2026-03-01T23:59+01:00")


def result(learner, exercise="corr2d", points=0.0, status="wrong here", **more):
    told = {
        "file": f"{learner}.ipynb",
        "submission": "s",
        "bank": "b",
        "seed": "class 0",
        "out_of": OUT_OF.get(exercise, 0.0),
        **more,
    }
    return Result(
        learner=learner, exercise=exercise, points=points, status=status, **told
    )


def rows(made: Grades):
    text = made.csv().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def of_one(*results, policy=None, **more):
    (row,) = rows(grades(results, EXERCISES, policy or Policy(), **more))
    return row


def test_there_is_one_row_a_learner_and_one_column_an_exercise():
    made = grades(
        [result("bob", points=1.5), result("ada", "corr1d", 2.0, "passed")],
        EXERCISES,
        Policy(),
    )
    heads = ["id", "name", "corr1d", "corr2d", "total", "out of", "late", "notes"]
    assert list(rows(made)[0]) == heads
    whole = f"{sum(OUT_OF.values()):g}"
    assert [list(row.values()) for row in rows(made)] == [
        ["ada", "", "2", "", "2", whole, "", ""],
        ["bob", "", "", "1.5", "1.5", whole, "", ""],
    ]


def test_missing_not_graded_and_zero_are_told_apart():
    assert of_one(result("a"))["corr2d"] == "0"
    assert of_one(result("a", status="missing"))["corr2d"] == ""
    failed = result("a", status="not graded", problem="the child was ended")
    row = of_one(failed)
    assert (row["corr2d"], row["corr1d"], row["total"]) == ("not graded", "", "0")
    assert row["notes"] == "corr2d: not graded: the child was ended"


def test_a_file_that_cannot_be_read_makes_all_its_exercises_not_graded():
    whole = result("a", "", status="not graded", problem="it is no notebook")
    row = of_one(whole, result("a", "corr1d", 1.0, file="b.ipynb"))
    assert (row["corr1d"], row["corr2d"]) == ("1", "not graded")
    assert row["notes"] == "a.ipynb: it is no notebook"


def test_the_same_results_in_any_order_give_the_same_bytes():
    results = [
        result(learner, exercise, points / 3, when=float(when), file=f"{learner}{when}")
        for learner in "cab"
        for exercise in OUT_OF
        for when, points in enumerate([3, 1, 2])
    ]
    several = set()
    for seed in range(9):
        random.Random(seed).shuffle(results)
        made = grades(results, EXERCISES, Policy("best"))
        several.add((made.csv(), made.text()))
    assert len(several) == 1


def test_lateness_costs_points_and_is_told():
    late = result("a", points=2.0, when=DUE.timestamp() + 90_000)
    row = of_one(late, policy=Policy(due=DUE, percent_per_day=10))
    assert (row["corr2d"], row["total"], row["late"]) == ("1.6", "1.6", "2 days")
    assert row["notes"] == "corr2d: 0.4 off for 2 days late"
    row = of_one(late, policy=Policy(due=DUE))
    assert (row["corr2d"], row["late"], row["notes"]) == ("2", "2 days", "")


def test_weights_change_the_totals_only():
    rule = Policy(lessons=((2, 0.5),), exercises=(("corr2d", 2.0),))
    results = result("a", "corr1d", 2.0), result("a", "corr2d", 1.5)
    row = of_one(*results, policy=rule)
    assert (row["corr1d"], row["corr2d"], row["total"]) == ("2", "1.5", "4")
    out_of = 0.5 * OUT_OF["corr1d"] + 2 * OUT_OF["corr2d"]
    assert row["out of"] == f"{out_of:g}"


def test_an_override_stands_and_is_shown_with_its_reason_and_name():
    told = Override("A", "corr2d", 2.5, "the task was unclear", "N. Noether")
    before = of_one(result("a", points=1.0), overrides=[told])
    after = of_one(result("a", points=0.0), overrides=[told])
    nothing = of_one(result("a", "corr1d", 1.0), overrides=[told])
    assert before["corr2d"] == after["corr2d"] == nothing["corr2d"] == "2.5"
    said = "corr2d: overridden by N. Noether, was {}: the task was unclear"
    assert before["notes"] == said.format("1")
    assert after["notes"] == said.format("0")
    assert nothing["notes"] == said.format("missing")
    assert nothing["total"] == "3.5"


def test_an_override_finds_its_person_by_alias_and_nobody_twice():
    roster = Roster([Person("17", "Jane Doe", ("jdoe",)), Person("18", "Jo", ("x",))])
    told = Override("jdoe", "corr2d", 2.0, "r", "N")
    made = grades([], EXERCISES, Policy(), roster, [told])
    assert [row["corr2d"] for row in rows(made)] == ["2", ""]
    for more, message in [
        (
            replace(told, learner="nemo"),
            "for 'nemo': nobody is called so. Write the id",
        ),
        (
            replace(told, learner="17"),
            r"about corr2d of Jane Doe \(17\): for 'jdoe' and",
        ),
    ]:
        with pytest.raises(PolicyError, match=message):
            grades([], EXERCISES, Policy(), roster, [told, more])


def test_a_roster_names_people_and_lists_who_and_what_is_left():
    roster = Roster([Person("18", "Bo Li"), Person("17", "Doe, Jane", ("jdoe",))])
    made = grades(
        [result("jdoe", points=1.0, ids=("9",)), result("eve")],
        EXERCISES,
        Policy(),
        roster,
    )
    assert [(row["id"], row["name"], row["notes"]) for row in rows(made)] == [
        ("17", "Doe, Jane", ""),
        ("18", "Bo Li", "handed in nothing"),
    ]
    text = made.text()
    assert "1 x file goes to nobody:\n  eve.ipynb: nobody on the roster" in text
    assert "1 x person handed in nothing:\n  Bo Li (18)" in text
    assert text.endswith(f"\nPolicy {Policy().digest}.")


ATTACKS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1"]


@pytest.mark.parametrize(
    "attack", [*ATTACKS, 'a";=1;"', "a\u202eb", "\x1b[2J", "\udcff"]
)
def test_no_cell_starts_a_formula_and_no_text_hides_one(attack):
    told = Override(attack, "corr1d", 1.0, attack, attack)
    failed = result(attack, file=attack, status="not graded", problem=attack)
    roster = Roster([Person(attack, attack)])
    for more in ({"roster": roster}, {}):
        made = grades([failed], EXERCISES, Policy(), overrides=[told], **more)
        text = made.csv().decode("utf-8-sig")
        for line in csv.reader(io.StringIO(text)):
            for cell in line:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
                assert cell.replace("\u200c", "").isprintable()
        assert text.count("\n") == 2
        assert all(part[0] == part[-1] == '"' for part in text.splitlines())
        assert made.text().replace("\n", "").isprintable()


def test_names_of_all_scripts_stay_as_they_are():
    for name in ("Zoë", "עדה", "李波", "मीरा", "ক\u200dষ"):
        assert of_one(result(name))["id"] == name


def test_grades_are_written_whole(tmp_path, monkeypatch):
    made = grades([result("a")], EXERCISES, Policy())
    path = made.write(tmp_path / "results")
    assert path.name == NAME
    assert path.read_bytes() == made.csv()
    monkeypatch.setattr("os.replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        grades([result("b")], EXERCISES, Policy()).write(path.parent)
    assert path.read_bytes() == made.csv()
    assert [one.name for one in path.parent.iterdir()] == [NAME]


def test_the_text_adds_up():
    made = grades(
        [result("ada", "corr1d", 2.0, "passed"), result("ada", points=0.5)],
        EXERCISES,
        Policy(),
    )
    heads, row = made.text().splitlines()[:2]
    assert " ".join(heads.split()) == ("id name passed missing total out of late notes")
    assert row.split() == ["ada", "1", "0", "2.5", f"{sum(OUT_OF.values()):g}"]

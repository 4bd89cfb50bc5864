"""Policies and overrides: read with care, refused in words."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from coursekit import bank
from coursekit.classroom import overrides, policy
from coursekit.classroom.overrides import Override
from coursekit.classroom.policy import Policy, PolicyError
from coursekit.classroom.result import Result
from coursekit.classroom.sheets import SheetError

EXERCISES = bank.exercises()
DUE = datetime(2026, 3, 1, 23, 59, tzinfo=timezone(timedelta(hours=1)))
DAY = 86400


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "grading.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return policy.read(path, EXERCISES)

    return read


def test_the_example_in_the_documentation_is_read(read):
    text = policy.__doc__.partition("`grading.toml`:")[2]
    assert read(text) == Policy(
        submission="latest",
        due=DUE,
        percent_per_day=10.0,
        grace_minutes=15.0,
        cut_off_days=7.0,
        lessons=((2, 0.5),),
        exercises=(("corr2d", 2.0),),
    )


def test_an_empty_policy_takes_what_was_handed_in_last(read):
    assert read("") == read("[late]\n") == Policy()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("submision = 'best'", "'submision' is no entry. Did you mean submission?"),
        ("submission = 'first'", "'first' is no submission. There is latest, best."),
        ("submission = 3", "3 is no submission. There is latest, best."),
        ("due = 2026-03-01T23:59:00", "due = 2026-03-01 23:59:00 is no point in time"),
        ("due = 2026-03-01", "time zone. Write it like 2026-03-01T23:59:00+01:00."),
        ("due = 'Monday'", "due = Monday is no point in time with its time zone."),
        ("late = 10", "late = 10 should be a table: [late]."),
        (
            "[late]\npercent = 1",
            "'percent' is no entry of [late]. Did you mean percent_per_day?",
        ),
        (
            "[late]\npercent_per_day = 101",
            "percent_per_day = 101 in [late] should be a number, 0 to 100.",
        ),
        (
            "[late]\ngrace_minutes = -1",
            "grace_minutes = -1 in [late] should be a number, 0 or more.",
        ),
        (
            "[late]\ncut_off_days = nan",
            "cut_off_days = nan in [late] should be a number",
        ),
        (
            "[late]\ncut_off_days = inf",
            "cut_off_days = inf in [late] should be a number",
        ),
        (
            "[late]\ncut_off_days = '3'",
            "cut_off_days = '3' in [late] should be a number",
        ),
        ("[late]\ngrace_minutes = true", "grace_minutes = True in [late] should be"),
        (
            "[weights.exercises]\ncor2d = 2",
            "'cor2d' is no entry of [weights.exercises]. Did you mean corr2d?",
        ),
        (
            "[weights.lessons]\n9 = 2",
            "'9' is no entry of [weights.lessons]. There is 1",
        ),
        (
            "[weights]\ncorr2d = 2",
            "'corr2d' is no entry of [weights]. There is lessons",
        ),
        (
            "[weights.lessons]\n2 = 'a'",
            "2 = 'a' in [weights.lessons] should be a number",
        ),
        ("a = ", "it is no TOML: Invalid value (at "),
        (b"# \xff", "it is not in UTF-8. Save it as UTF-8."),
    ],
)
def test_each_mistake_in_a_policy_has_its_sentence(read, text, message):
    with pytest.raises(PolicyError, match=rf"^grading\.toml: .*{re.escape(message)}"):
        read(text)


def test_a_policy_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PolicyError, match=r"grading\.toml: No such file"):
        policy.read(tmp_path / "grading.toml", EXERCISES)


def test_policies_have_digests_of_their_own():
    changed = {
        "submission": "best",
        "due": DUE,
        "percent_per_day": 1.0,
        "grace_minutes": 1.0,
        "cut_off_days": 0.0,
        "lessons": ((1, 2.0),),
        "exercises": (("corr2d", 2.0),),
    }
    assert set(changed) == {field.name for field in fields(Policy)}
    digests = {replace(Policy(), **{key: one}).digest for key, one in changed.items()}
    assert len({*digests, Policy().digest}) == len(changed) + 1
    assert Policy(due=DUE).digest == Policy(due=DUE.astimezone(UTC)).digest


# What lateness costs


@pytest.mark.parametrize(
    ("seconds", "days"),
    [
        (-DAY, 0),
        (0, 0),
        (15 * 60, 0),
        (15 * 60 + 1, 1),
        (DAY, 1),
        (DAY + 1, 2),
        (6.5 * DAY, 7),
    ],
)
def test_each_day_begun_counts_after_the_grace(seconds, days):
    rule = Policy(due=DUE, grace_minutes=15)
    assert rule.days_late(DUE.timestamp() + seconds) == days


def test_a_name_that_says_late_counts_where_times_cannot_be_compared():
    timed, untimed = Policy(due=DUE), Policy()
    assert timed.days_late(None, True) == untimed.days_late(1e12, True) == 1
    assert timed.days_late(0.0, True) == 0
    assert timed.days_late(None) == untimed.days_late(1e12) == 0


def test_points_go_day_by_day_and_all_of_them_in_the_end():
    rule = Policy(percent_per_day=40)
    assert [rule.kept(days) for days in range(4)] == [1, 0.6, 0.2, 0]
    rule = Policy(percent_per_day=10, cut_off_days=1)
    assert [rule.kept(days) for days in range(4)] == [1, 0.9, 0, 0]
    assert Policy(cut_off_days=0).kept(1) == 0


def test_an_exercise_s_weight_stands_for_its_lesson_s():
    rule = Policy(lessons=((2, 0.5),), exercises=(("corr2d", 3.0),))
    weights = {one.id: rule.weight(one) for one in bank.exercises(2)}
    assert (weights.pop("corr2d"), set(weights.values())) == (3.0, {0.5})
    assert {rule.weight(one) for one in bank.exercises(1)} == {1.0}


# Which submission counts


def result(file, points, when=None, status="wrong here", **more):
    told = {"submission": "s", "bank": "b", "seed": "class 0", "out_of": 4.0}
    told |= {"status": status, "points": points, "when": when}
    return Result(learner="a", file=file, exercise="corr2d", **told, **more)


def test_the_latest_is_the_last_by_time_then_by_name():
    early, late = result("b", 3, 1.0), result("a", 1, 2.0)
    for order in ([early, late], [late, early]):
        assert Policy().chosen(order) == late
        assert Policy().chosen([*order, result("z", 4)]) == late
    assert Policy().chosen([result("b", 1), result("a", 2)]).file == "b"


def test_what_lacks_the_exercise_is_not_the_latest_of_it():
    lacks = result("c", 0, 9.0, "missing")
    assert Policy().chosen([lacks, result("a", 1, 1.0)]).file == "a"
    assert Policy().chosen([lacks]) == lacks


def test_the_best_is_what_is_left_after_lateness_and_then_the_first():
    end = DUE.timestamp()
    in_time, late = result("a", 3, end), result("b", 4, end + 1)
    same = result("c", 3, end - 9)
    rule = Policy("best", DUE, percent_per_day=50)
    assert rule.chosen([late, in_time]) == in_time
    assert rule.chosen([in_time, same]) == same
    assert replace(rule, percent_per_day=0).chosen([in_time, late]) == late
    failed = result("z", 0, end - 99, "not graded", problem="the server died")
    zero = result("y", 0, end)
    assert rule.chosen([failed, zero]) == zero


# Overrides


@pytest.fixture
def decided(tmp_path):
    def decided(text):
        path = tmp_path / "overrides.csv"
        path.write_text(text, encoding="utf-8")
        return overrides.read(path, EXERCISES)

    return decided


HEADS = "learner,exercise,points,reason,by\n"


def test_overrides_are_read_with_reason_and_name(decided):
    told = decided(HEADS + 'ada,corr2d,2.5,"the task was unclear, twice",N. Noether\n')
    reason = "the task was unclear, twice"
    assert told == [Override("ada", "corr2d", 2.5, reason, "N. Noether")]
    assert decided(HEADS) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ada,corr2d,2,,N", "line 2: the reason is missing. Each override says who"),
        ("ada,corr2d,2,because,", "line 2: the by is missing."),
        ("ada,corr2d,2", "line 2: the reason is missing."),
        (",corr2d,2,b,N", "line 2: the learner is missing."),
        ("ada,corr2d,,b,N", "line 2: the points is missing."),
        ("ada,cor2d,2,b,N", "line 2: 'cor2d' is no exercise. Did you mean corr2d?"),
        ("ada,corr2d,-2,b,N", "line 2: '-2' are no points. Write 0, 2 or 2.5."),
        ("ada,corr2d,nan,b,N", "line 2: 'nan' are no points."),
        ("ada,corr2d,inf,b,N", "line 2: 'inf' are no points."),
        ('ada,corr2d,"2,5",b,N', "line 2: '2,5' are no points."),
        (
            "ada,corr2d,2,b,N\nAda,corr2d,3,c,N",
            "overrides.csv, lines 2 and 3: both are about corr2d of Ada. Keep one.",
        ),
    ],
)
def test_an_override_that_cannot_be_used_is_refused_with_its_line(
    decided, line, message
):
    with pytest.raises(PolicyError, match=re.escape(message)):
        decided(f"{HEADS}{line}\n")


def test_overrides_without_a_column_for_the_reason_are_refused(decided):
    with pytest.raises(
        SheetError, match=r"overrides\.csv lacks a column for the reason"
    ):
        decided("learner,exercise,points,by\nada,corr2d,2,N\n")

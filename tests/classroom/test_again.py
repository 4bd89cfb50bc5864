"""Grading again: only what changed is run, and all that would change is said."""

from dataclasses import replace

import pytest

from coursekit import bank
from coursekit.classroom.again import (
    Changed,
    differences,
    replaced,
    stale,
    table,
)
from coursekit.classroom.grades import grades
from coursekit.classroom.overrides import Override
from coursekit.classroom.policy import Policy, due
from coursekit.classroom.result import Result
from coursekit.classroom.results import NAME, Store

EXERCISES = [bank.load("corr1d"), bank.load("corr2d")]
OLD = {"corr1d": "old1", "corr2d": "old2"}
SENTENCE = "You flipped the kernel."


def result(learner, exercise="corr2d", points=1.0, status="wrong here", **more):
    told = {"file": f"{learner}.ipynb", "submission": "s", "bank": OLD[exercise]}
    told |= {"seed": "class 0", "out_of": 3.0, **more}
    return Result(
        learner=learner, exercise=exercise, points=points, status=status, **told
    )


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path) as store:
        store.append([result(who, what) for who in ("bob", "ada") for what in OLD])
    return store


def test_nothing_is_stale_while_bank_and_seed_stay(store):
    assert stale(store, OLD, "class 0") == []


def test_only_what_another_bank_or_seed_made_is_stale(store):
    mended = OLD | {"corr2d": "new2"}
    both = [(who, f"{who}.ipynb", "corr2d") for who in ("ada", "bob")]
    assert stale(store, mended, "class 0") == both
    assert stale(store, {"corr1d": "old1"}, "class 0") == []  # the other is gone
    assert len(stale(store, OLD, "class 1")) == 4


def test_what_was_graded_again_is_stale_no_longer(store, tmp_path):
    mended = OLD | {"corr2d": "new2"}
    with Store(tmp_path) as store:
        store.append([result("ada", bank="new2")])
    assert stale(store, mended, "class 0") == [("bob", "bob.ipynb", "corr2d")]


def graded(results, policy=None, overrides=()):
    return grades(results, EXERCISES, policy or Policy(), overrides=overrides)


def test_a_dry_run_says_what_would_change_and_writes_nothing(store, tmp_path):
    before = (tmp_path / NAME).read_bytes()
    new = [
        result("ada", bank="new2", points=3.0, status="passed"),
        result("bob", bank="new2", status="misconception", sentence=SENTENCE),
    ]
    changes = differences(graded(store), graded(replaced(store, new)))
    assert changes == [
        Changed("ada", "corr2d", 1.0, 3.0, "wrong here", "passed"),
        Changed("bob", "corr2d", 1.0, 1.0, "wrong here", "misconception", SENTENCE),
    ]
    assert table(changes).splitlines() == [
        "learner  exercise  points  verdict                                 sentence",
        "ada      corr2d    1 -> 3  wrong here -> passed",
        "bob      corr2d    1 -> 1  wrong here -> not yet: a known mistake  "
        + SENTENCE,
        "",
        "2 grades change: 1 up, 0 down.",
    ]
    assert (tmp_path / NAME).read_bytes() == before


def test_an_override_does_not_move(store):
    told = Override("ada", "corr2d", 2.0, "unclear", "N")
    new = [result("ada", points=3.0, status="passed")]
    old = graded(store, overrides=[told])
    assert differences(old, graded(replaced(store, new), overrides=[told])) == []


def test_another_policy_changes_grades_too():
    end = due("2026-03-01T23:59+01:00")
    late = result("ada", points=2.0, when=end.timestamp() + 1)
    (change,) = differences(
        graded([late]), graded([late], Policy(due=end, percent_per_day=50))
    )
    assert (change.old_points, change.new_points) == (2.0, 1.0)


def test_what_comes_and_goes_is_a_change():
    old, new = graded([result("ada")]), graded([result("bob", points=3.0)])
    changes = differences(old, new)
    assert [(c.learner, c.old_points, c.new_points) for c in changes] == [
        ("bob", None, 3.0),
        ("ada", 1.0, None),
    ]
    assert "2 grades change: 1 up, 1 down." in table(changes)
    assert "1 -> -" in table(changes)
    assert differences(old, old) == []
    assert table([]) == "No grade changes."


def test_new_results_take_the_place_of_theirs_alone():
    ada, bob, new = result("ada"), result("bob"), result("eve")
    better = replace(ada, points=3.0)
    assert list(replaced([ada, bob], [new, better])) == [better, bob, new]

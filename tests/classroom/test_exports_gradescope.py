"""Gradescope: results.json, and the zip whose scripts grade a submission."""

import json
from dataclasses import replace

import pytest
import some_results as some

from coursekit import bank
from coursekit.classroom.exports import gradescope

LESSON = bank.exercises(2)


def document(*results, **options):
    return json.loads(gradescope.document(results, LESSON, **options))


def seen(content):
    return [one for one in content["tests"] if one["visibility"] != "hidden"]


def test_every_exercise_of_the_lesson_is_a_test_in_its_order():
    content = document(some.PARTLY)
    tests = seen(content)
    assert [one["number"] for one in tests] == [f"2.{at + 1}" for at in range(10)]
    assert tests[2]["name"].startswith("corr2d: ")
    assert [one["max_score"] for one in tests] == [one.points for one in LESSON]
    assert tests[0]["output"].endswith("Not handed in.</p>")
    assert tests[2]["tags"] == ["lesson 2", "difficulty 2"]


def test_all_points_are_in_tests_that_the_learner_sees():
    content = document(some.PARTLY)
    hidden = [one for one in content["tests"] if one["visibility"] == "hidden"]
    assert content["score"] == some.PARTLY.points == 2.0
    assert sum(one["score"] for one in seen(content)) == content["score"]
    assert [(one["score"], one["max_score"]) for one in hidden] == [(0.0, 0.0)]


def test_what_is_for_the_instructor_alone_names_mistake_walls_and_seed():
    (hidden,) = document(some.MISCONCEPTION)["tests"][-1:]
    assert hidden["visibility"] == "hidden"
    for said in (some.MISCONCEPTION.misconception, "Landlock 4", "seed class 0"):
        assert said in hidden["output"]
    assert not any(
        "Landlock" in one["output"] for one in seen(document(some.MISCONCEPTION))
    )


@pytest.mark.parametrize("when", gradescope.VISIBILITIES)
def test_when_results_are_shown_can_be_chosen(when):
    content = document(some.PASSED, visibility=when)
    assert {one["visibility"] for one in content["tests"]} == {when, "hidden"}
    assert content["stdout_visibility"] == "hidden"


def test_what_a_learner_wrote_is_escaped_and_free_of_codes():
    result = replace(some.PARTLY, file="<script>\x1b.ipynb")
    outputs = [one["output"] for one in document(result)["tests"]]
    assert "]]&gt;&lt;script&gt;" in outputs[2]
    for bad in ("<script>", "<b>it", *"\x1b\0\a\u202e\ud800"):
        assert not any(bad in output for output in outputs)


def test_a_leaderboard_is_written_only_where_it_was_asked_for():
    assert "leaderboard" not in document(some.PASSED)
    assert document(some.PASSED, leaderboard=True)["leaderboard"] == [
        {"name": "Points", "value": 4.0},
        {"name": "Exercises passed", "value": 1},
    ]


def test_an_answer_that_could_not_be_graded_says_why():
    test = seen(document(some.FAULT))[0]
    assert (test["score"], test["status"]) == (0.0, "failed")
    assert "The server ended." in test["output"]

"""JUnit XML: well-formed whatever was printed; a suite for each learner."""

from dataclasses import replace
from xml.etree import ElementTree

import some_results as some

from coursekit.classroom.exports import junit


def suites(results):
    root = ElementTree.fromstring(junit.document(results).decode())
    assert root.tag == "testsuites"
    return {one.get("name"): one for one in root}


def test_each_learner_has_a_suite_and_each_exercise_a_case():
    found = suites(
        [some.PASSED, replace(some.PASSED, learner="bob"), some.LOST, some.FAULT]
    )
    assert list(found) == ["ada", "bob"]
    ada = found["ada"]
    assert [ada.get(name) for name in ("tests", "failures", "errors")] == list("311")
    assert [
        (one.get("name"), [part.tag for part in one]) for one in ada.iter("testcase")
    ] == [
        ("corr2d", []),
        ("corr1d", ["failure"]),
        ("corr1d", ["error"]),
    ]
    points = {one.get("name"): one.get("value") for one in ada.iter("property")}
    assert points == {"points": "4", "out_of": "10"}


def test_a_failure_says_points_and_what_is_known_of_it():
    (failure,) = suites([some.MISCONCEPTION])["ada"].iter("failure")
    assert failure.get("type") == "misconception"
    assert failure.get("message") == "not yet: a known mistake (0 of 4 points)"
    assert some.MISCONCEPTION.sentence in failure.text


def test_nothing_that_xml_forbids_comes_out_of_a_learners_text():
    odd = "\x00\x1b\u202e\ud800\uffff]]>&<"
    result = replace(
        some.PARTLY, learner=f"ada{odd}", file=odd, exercise=f"corr2d{odd}"
    )
    (suite,) = suites([result]).values()
    assert suite.get("name") == "ada" + "\N{REPLACEMENT CHARACTER}" * 5 + "]]>&<"
    (failure,) = suite.iter("failure")
    assert "[31m\N{REPLACEMENT CHARACTER}]]><script>" in failure.text
    assert "<b>it is skipped\N{REPLACEMENT CHARACTER}" in failure.text


def test_a_file_that_cannot_be_read_is_an_error_with_its_reason():
    (error,) = suites([some.UNREADABLE])["ada"].iter("error")
    assert error.text == "It is no notebook."

"""The report on a class: the numbers are right, and said in more than colour."""

import random
import re

import pytest

from coursekit import bank
from coursekit.classroom.alike import Alike, Common, Pair, Shared
from coursekit.classroom.charts import histogram, stacked
from coursekit.classroom.grades import grades
from coursekit.classroom.overrides import Override
from coursekit.classroom.overview import report_html, report_text
from coursekit.classroom.page import file_name
from coursekit.classroom.policy import Policy
from coursekit.classroom.result import Result
from coursekit.classroom.roster import Person, Roster
from coursekit.classroom.survey import STATUSES, survey

EVIL = "<script>alert(1)</script>\x1b[2J\u202e"
EXERCISES = [bank.load(id) for id in ("corr1d", "corr2d")]
FLIPPED, PADDED = "You turned the kernel.", "You added zeros."
STRONG = "Landlock 4, seccomp, limits"


def result(learner, exercise, status, points=0.0, **more):
    told = {"file": f"hw/{learner}.ipynb", "submission": learner, "bank": "bb"}
    out_of = 3.0 if exercise == "corr1d" else 4.0
    told |= {"seed": "class 0", "out_of": out_of, "isolation": STRONG}
    words = {"learner": learner, "exercise": exercise, "status": status}
    return Result(**words, points=points, **{**told, **more})


RESULTS = [
    result("ann", "corr1d", "passed", 3.0),
    result("ann", "corr2d", "misconception", 1.0, sentence=FLIPPED),
    result("bob", "corr1d", "passed", 3.0),
    result("bob", "corr2d", "misconception", 1.0, sentence=FLIPPED),
    result("cleo", "corr1d", "passed", 3.0),
    result("cleo", "corr2d", "misconception", 0.0, sentence=PADDED),
    result("dan", "corr1d", "not started"),
    result("dan", "corr2d", "unfinished", 1.0),
    result("eve", "corr1d", "missing"),
    result("eve", "corr2d", "not graded", problem="it was ended after 12 s"),
    result("fay", "", "not graded", problem="it is no notebook", isolation=""),
    result("zoe", "corr2d", "passed", 4.0, isolation="weak: no Landlock"),
]
PEOPLE = ("ann", "bob", "cleo", "dan", "eve", "fay", "gus")


def counted(results=RESULTS, people=PEOPLE, overrides=()):
    roster = Roster([Person(one) for one in people])
    return survey(grades(results, EXERCISES, Policy(), roster, overrides), results)


def part(text, title):
    """Return the lines under one head of the plain report."""
    return text.partition(f"\n{title}\n")[2].partition("\n\n")[0].splitlines()[1:]


def test_the_class_is_counted():
    assert part(report_text(counted()), "The class") == [
        "- 7 learners, 6 handed something in",
        "- 4 graded, 2 could not be graded",
        "- 1 file of nobody in the class",
        "- isolation of 10 results: Landlock 4, seccomp, limits",
        "- isolation of 1 result: weak: no Landlock",
    ]


def test_each_exercise_is_counted_by_status():
    rows = [line.split() for line in part(report_text(counted()), "Exercises")[1:]]
    one, two = (work.counts for work in counted().works)
    assert one == {"passed": 3, "not started": 1, "missing": 2, "not graded": 1}
    assert two == {"misconception": 3, "unfinished": 1, "missing": 1, "not graded": 2}
    assert rows == [
        ["corr1d", "3", "0", "0", "1", "2", "1"],
        ["corr2d", "0", "3", "1", "0", "1", "2"],
    ]


def test_the_lecture_gets_the_most_frequent_mistakes_with_their_share():
    text = report_text(counted())
    assert part(text, "To say in the next lecture") == [
        f"- {FLIPPED} (corr2d: 2 of 4 who tried, 50%)",
        f"- {PADDED} (corr2d: 1 of 4 who tried, 25%)",
    ]
    many = [
        result(f"l{n}", "corr2d", "misconception", sentence=f"mistake {n % 4}")
        for n in range(18)
    ]
    text = report_text(counted(many, [one.learner for one in many]))
    said = part(text, "To say in the next lecture")
    assert [re.findall(r"mistake \d|\d+ of \d+", line) for line in said] == [
        ["mistake 0", "5 of 18"],
        ["mistake 1", "5 of 18"],
        ["mistake 2", "4 of 18"],
    ]
    assert len(part(text, "Known mistakes")) == 1 + 4


def test_what_all_or_none_of_those_who_tried_solved_is_named():
    assert part(report_text(counted()), "Solved by everybody, by nobody") == [
        "- corr1d: solved by all 3 who tried",
        "- corr2d: solved by nobody, 4 tried",
    ]


def test_time_outs_and_what_could_not_be_graded_are_listed():
    text = report_text(counted())
    assert part(text, "Out of time")[1:] == ["dan      corr2d"]
    files = [re.split("  +", line) for line in part(text, "Not graded")[1:]]
    assert files == [
        ["hw/eve.ipynb", "corr2d: it was ended after 12 s"],
        ["hw/fay.ipynb", "it is no notebook"],
        ["hw/zoe.ipynb", "nobody on the roster is called 'zoe'."],
    ]


def test_a_file_that_was_replaced_is_no_problem():
    former = result("ann", "corr2d", "not graded", problem="cut", file="a", when=1.0)
    found = counted([former, result("ann", "corr2d", "passed", 4.0, when=2.0)], ["ann"])
    assert found.problems == ()


def test_the_totals_are_those_of_people_who_handed_something_in():
    bins = counted().bins
    assert sum(one.learners for one in bins) == 6
    assert [one.learners for one in bins] == [2, 1, 0, 0, 1, 2, 0, 0, 0, 0]
    assert "median 2 of 7 points" in report_text(counted())


def test_a_total_on_a_border_belongs_to_the_bin_above_and_the_best_to_the_last():
    results = [
        *(
            result("ann", "corr1d", "passed", 3.0),
            result("ann", "corr2d", "passed", 4.0),
        ),
        result("bob", "corr1d", "wrong here", 0.7 * 3),
    ]
    places = [one.learners for one in counted(results, ("ann", "bob")).bins]
    assert places == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]


def test_points_by_hand_have_a_column_of_their_own():
    found = counted(overrides=[Override("gus", "corr2d", 4, "ill", "Dr Wu")])
    assert found.works[1].counts["overridden"] == 1
    assert "points by hand" in report_text(found)


def test_the_list_of_answers_that_are_alike_is_no_verdict():
    shared = Shared("corr2d", 0.91, 30), Shared("corr1d", 1.0, 12)
    alike = Alike((Pair(("ann", "bob"), shared),), (Common("corr1d", 9),), 14, 1)
    said = part(report_text(counted(), alike), "Suspiciously alike")
    assert said[0].startswith("- A list to look at, never a verdict")
    assert said[1:4] == [
        "- 14 answers compared",
        "- 1 left out: too long, or no Python",
        "- corr1d: 9 learners gave one answer, not listed as pairs",
    ]
    assert said[-1].split(maxsplit=2) == ["ann", "bob", "corr2d 91%, corr1d 100%"]
    assert "no pair" in report_text(counted(), Alike())
    assert "alike" not in report_text(counted())


def test_a_long_list_is_cut_in_the_text_and_whole_on_the_page():
    results = [result(f"l{n:03}", "corr2d", "unfinished") for n in range(60)]
    found = counted(results, [one.learner for one in results])
    lines = part(report_text(found), "Out of time")
    assert len(lines) == 1 + 40 + 1
    assert lines[-1] == "and 20 more: see the page"
    table = report_html(found).partition("Out of time</h2>")[2].partition("</table>")[0]
    assert table.count('scope="row"') == 60


def test_the_page_leads_to_the_page_of_each_learner():
    html = report_html(counted())
    for one in PEOPLE:
        assert f'<a href="feedback/{file_name(one)}">{one}</a>' in html
    assert re.findall(r"<h[1-6]", html) == ["<h1"] + ["<h2"] * (html.count("<h2"))


def test_nothing_that_a_submission_says_reaches_the_report_as_it_is():
    results = [
        result("ann", "corr2d", "misconception", sentence=EVIL),
        result("bob", "corr2d", "not graded", problem=EVIL, file=EVIL, isolation=EVIL),
        result(EVIL, "corr2d", "unfinished", file="x" + EVIL),
    ]
    alike = Alike((Pair((EVIL, "bob"), (Shared("corr2d", 1.0, 9),)),))
    found = counted(results, ("ann", "bob", EVIL))
    html, text = report_html(found, alike), report_text(found, alike)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 6
    assert not re.search("[\x1b\u202e]", html + text)


def test_a_class_that_handed_in_nothing_has_a_report():
    for found in (counted([], ("ann",)), counted([], ())):
        assert "0 handed something in" in report_text(found)
        assert "<svg" not in report_html(found) or found.works


def test_the_order_of_the_results_makes_no_difference():
    mixed = random.Random(0).sample(RESULTS, len(RESULTS))
    assert report_html(counted(mixed)) == report_html(counted())
    assert report_text(counted(mixed)) == report_text(counted())


def bars(svg):
    """Return (width, fill) of the bars of a chart, without its key."""
    found = re.findall(r'width="([\d.]+)" height="20" fill="url\(#(.*?)\)"', svg)
    return [(float(width), fill) for width, fill in found]


def test_stacked_bars_are_as_long_as_their_numbers_and_each_has_a_pattern():
    counts = {status: place + 1 for place, status in enumerate(STATUSES)}
    drawn = bars(stacked([("corr2d", counts)], STATUSES, "All"))
    assert len({fill for _, fill in drawn}) == len(STATUSES)
    mixed = dict(reversed(counts.items()))
    assert bars(stacked([("corr2d", mixed)], STATUSES, "All")) == drawn
    widths = [width for width, _ in drawn]
    assert widths == pytest.approx(
        [n * sum(widths) / 55 for n in counts.values()], 0.01
    )


def test_numbers_stand_in_the_bars_that_have_room_for_them():
    svg = stacked([("corr2d", {"passed": 998, "missing": 2})], STATUSES, "Two")
    assert ">998</text>" in svg
    assert ">2</text>" not in svg
    assert len(bars(svg)) == 2


def test_patterns_do_not_change_with_what_is_there():
    one = bars(stacked([("a", {"missing": 1})], STATUSES, "One"))
    two = bars(stacked([("a", {"passed": 1, "missing": 1})], STATUSES, "Two"))
    assert one[0][1] == two[1][1] != two[0][1]


def test_charts_say_what_they_show():
    svg = histogram([("0", 1), ("5", 3)], "Learners & totals")
    assert 'role="img" aria-label="Learners &amp; totals"' in svg
    heights = re.findall(r'height="([\d.]+)" fill', svg)
    assert float(heights[1]) == pytest.approx(3 * float(heights[0]), rel=0.01)

"""A learner's page: everything is said, nothing runs, and it can be read by all."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from coursekit import bank
from coursekit.classroom.feedback import feedback
from coursekit.classroom.grades import grades
from coursekit.classroom.overrides import Override
from coursekit.classroom.page import file_name
from coursekit.classroom.policy import Policy, due
from coursekit.classroom.result import MISSING, NOT_GRADED, Result, from_line, to_line
from coursekit.classroom.roster import Person, Roster
from coursekit.grade.judge import judge
from coursekit.grade.key import answer_calls, key_of

EVIL = "<script>alert(1)</script>\x1b[2J\u202e'\"&<img src=x onerror=alert(1)>"
CORR2D = bank.load("corr2d")
END = due("2026-03-01T23:59+01:00")
VOID = {"meta", "link", "br", "img"}


class Page(HTMLParser):
    """Collects what a page is made of, and complains about tags left open."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.heads, self.text = [], [], [], ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.heads.append(int(tag[1]))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += data

    def all(self, name):
        return [told[name] for _, told in self.tags if name in told]


def result(exercise="corr2d", status="passed", points=4.0, **more):
    told = {"file": "hw/ann.ipynb", "submission": "aa", "bank": "bb", "seed": "class 0"}
    out_of = {"corr2d": 4.0, "corr1d": 3.0, "conv2d": 5.0, "gone": 3.0}.get(
        exercise, 0.0
    )
    told |= {"status": status, "points": points, "out_of": out_of}
    return Result(learner="ann", exercise=exercise, **{**told, **more})


def judged(function, exercise=CORR2D, **more):
    """Judge an answer and pass it through its line of JSON."""
    key = key_of(exercise)
    found = judge(key, answer_calls(exercise, function, key.calls))
    one = result(exercise.id, found.status, found.points, **more)
    one = replace(one, sentence=found.sentence, findings=found, out_of=exercise.points)
    return from_line(to_line(one))


def written(*results, policy=None, overrides=(), name="Ann Lee", ids=None):
    exercises = [bank.load(id) for id in ids or [one.exercise for one in results]]
    roster = Roster([Person("ann", name)])
    made = grades(results, exercises, policy or Policy(), roster, overrides)
    return feedback(made.rows[0], results)


def test_the_page_says_who_how_many_points_and_where_each_exercise_is():
    page = Page(written(result(), result("corr1d", "wrong here", 1.0)))
    assert "Feedback for Ann Lee (ann)" in page.text
    assert "5 of 7 points" in page.text
    assert {"#corr2d", "#corr1d"} == set(page.all("href"))
    assert {"corr2d", "corr1d"} <= set(page.all("id"))
    assert "hw/ann.ipynb" in page.text


def test_the_page_is_whole_in_itself_and_lets_nothing_run():
    html = written(result(), judged(lambda x, k: x, bank.load("corr1d")))
    page = Page(html)
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "img", "link", "iframe", "form", "object"} & set(tags)
    assert not [name for _, told in page.tags for name in told if name[:2] == "on"]
    assert "http:" not in html
    assert "https:" not in html
    [policy] = [c for c in page.all("content") if "default-src 'none'" in c]
    assert "script-src" not in policy


def test_the_page_has_a_language_a_title_and_headings_in_order():
    page = Page(written(result(), judged(lambda x, k: x, bank.load("corr1d"))))
    assert ("html", {"lang": "en"}) in page.tags
    assert "title" in [tag for tag, _ in page.tags]
    assert page.heads[0] == 1
    assert page.heads.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.heads, page.heads[1:], strict=False))
    assert len(set(page.all("id"))) == len(page.all("id"))


def test_a_known_mistake_has_its_sentence_its_picture_and_a_folded_hint():
    wrong = next(one for one in CORR2D.wrongs if one.name == "flipped")
    html = written(judged(wrong.function))
    page = Page(html)
    assert wrong.sentence in page.text
    assert html.count("border: 3px solid") == 4
    assert html.count("<details><summary>Hint 1 of 3") == 1
    assert CORR2D.hints[0].replace("`", "") in page.text
    assert CORR2D.hints[1].replace("`", "") not in page.text
    assert "worked examples" in page.text


def test_what_passed_needs_no_hint():
    page = Page(written(judged(CORR2D.alternatives[0])))
    assert "corr2d: passed (4 of 4 points)" in page.text
    assert "Counted" not in page.text
    assert "details" not in [tag for tag, _ in page.tags]


def test_nothing_that_a_submission_says_reaches_the_page_as_it_is():
    def answer(x, k):
        print(EVIL)
        raise ValueError(EVIL)

    html = written(
        replace(judged(answer), file=EVIL, notes=(EVIL, "x" + EVIL)),
        replace(result("corr1d", NOT_GRADED, 0, problem=EVIL), notes=(EVIL,)),
        result("conv2d", "refused", 0, sentence=EVIL),
        overrides=[Override("ann", "conv2d", 1, EVIL, EVIL)],
        name=EVIL,
    )
    page = Page(html)
    assert page.text.count("<script>alert(1)</script>\ufffd[2J\ufffd") >= 9
    assert "script" not in [tag for tag, _ in page.tags]
    assert not {"img", "b"} & {tag for tag, _ in page.tags}
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_of_a_hidden_case_only_written_sentences_are_shown():
    def answer(x, k):
        if x.shape[1] > 9:
            raise type(f"Seen{x[0, 0]:.0f}", (ValueError,), {})(f"seen {x}")
        return CORR2D.answer(x, k) if k.size > 1 else x * 12345

    page = Page(written(judged(answer)))
    said = "In a hidden case of the group 'edges of the rule': it raised ValueError."
    assert said in page.text
    assert not re.search(r"seen|12345", page.text, re.IGNORECASE)


def test_what_is_missing_or_not_graded_says_why():
    page = Page(
        written(
            result("corr2d", MISSING, 0),
            result("corr1d", NOT_GRADED, 0, problem="It was ended after 12 s."),
            ids=["corr1d", "corr2d", "convolve2d"],
        )
    )
    assert "corr2d: missing (0 of 4 points)No function of this name" in page.text
    assert "corr1d: not graded (0 of 3 points)It was ended after 12 s." in page.text
    assert "convolve2d: missing" in page.text


def test_what_was_not_started_is_not_told_to_run_a_cell_above():
    def corr2d(x, k):
        raise NotImplementedError("your code here")

    html = written(judged(corr2d))
    assert "not started" in html
    assert "handed in as the exercise gives it" in html
    assert "cell above" not in html


def test_a_file_of_which_nothing_could_be_graded_says_why():
    page = Page(
        written(result("", NOT_GRADED, 0, problem="no notebook"), ids=["corr2d"])
    )
    assert "hw/ann.ipynb: no notebook" in page.text
    assert "corr2d: not graded" in page.text


def test_lateness_and_points_by_hand_are_told_with_their_reason():
    page = Page(
        written(
            result(when=END.timestamp() + 3600),
            result("corr1d", "wrong here", 1.0, when=END.timestamp()),
            policy=Policy(due=END, percent_per_day=10, exercises=(("corr2d", 2.0),)),
            overrides=[Override("ann", "corr1d", 3, "the text was unclear", "Dr Wu")],
        )
    )
    assert "Counted: 3.6 of 4 points. 0.4 off for 1 day late." in page.text
    said = "Counted: 3 of 3 points. Overridden by Dr Wu, was 1: the text was unclear."
    assert page.text.count("the text was unclear") == page.text.count(said) == 1
    assert "10.2 of 11 points, weighted by exercise" in page.text
    assert "wrong here" in page.text


def test_a_note_on_the_whole_notebook_is_said_once():
    whole, own = "cell 7 cannot be read", "corr2d is defined twice"
    page = Page(
        written(
            result(notes=(whole, own)), result("corr1d", points=3.0, notes=(whole,))
        )
    )
    assert page.text.count(whole) == 1
    assert page.text.count(own) == 1
    assert page.text.index(whole) < page.text.index("corr2d: passed")


def test_the_verdict_shown_is_that_of_the_file_which_counts():
    early = replace(result(status="wrong here", points=1.0, sentence="old"), when=1.0)
    late = replace(result(sentence="new"), file="hw/again.ipynb", when=2.0)
    for results in ([early, late], [late, early]):
        page = Page(written(*results, ids=["corr2d"]))
        assert "corr2d: passed" in page.text
        assert "old" not in page.text


def test_of_two_contents_of_one_file_the_verdict_that_counts_is_shown():
    good = replace(result(sentence="new"), when=1.0)
    bad = replace(result(status="wrong here", points=1.0, sentence="old"), when=2.0)
    bad = replace(bad, submission="cc")
    best = Page(written(good, bad, policy=Policy("best"), ids=["corr2d"]))
    assert "corr2d: passed" in best.text
    assert "old" not in best.text


def test_an_exercise_that_the_bank_no_longer_has_is_shown_by_its_name():
    from coursekit.classroom.grades import Grade, Row

    grade = Grade("ann", "gone", 2.0, 3.0, "passed", "", 0, "hw/ann.ipynb")
    html = feedback(Row(Person("ann"), (grade,), 2.0, 3.0), [result("gone", points=2)])
    assert "gone: passed (2 of 3 points)" in Page(html).text


def test_the_same_results_make_the_same_page():
    results = [judged(lambda x, k: x), result("corr1d", MISSING, 0)]
    assert written(*results) == written(*results)


NAMES = [
    *("ann", "Ann", "ANN", "ann_1", "Ann/1", "ann/1", "ann 1", "ann\\1", "ann:1"),
    *("..", ".", "", "../../etc/passwd", "con", "CON", "nul.txt", "com1", "ann."),
    *("ann ", "zoë", "zoe\u0308", "zoe", "\u202eann", "ann\0", "x" * 300, "X" * 300),
    *("x" * 301, "-rf", "=1+1", "李", "李明", "\ud800", "ann-0123456789abcdef"),
    *("ann_1-5422e01fd488eced", "aux", "prn.html", "lpt9.x", "a|b", "a?b", "a<b"),
]


def test_every_learner_has_a_page_of_their_own_on_every_system():
    files = [file_name(name) for name in NAMES]
    assert len({file.casefold() for file in files}) == len(NAMES)
    for file in files:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}\.html", file)
        stem = file.partition(".")[0]
        assert not re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", stem)
        assert file.removesuffix(".html")[-1:] not in {".", " "}


@pytest.mark.parametrize("name", ["ann", "ann.lee", "s1234567", "ann_lee-2"])
def test_a_plain_name_is_kept(name):
    assert file_name(name) == f"{name}.html"


def test_what_may_be_wide_is_scrolled_by_keyboard_too():
    one = judged(lambda x, k: np.zeros((2, 2)))
    html = written(one)
    assert html.count('class="wide" role="region"') == 2
    assert html.count('tabindex="0"') == 2

"""What a verdict looks like: escaped, framed, the same every time."""

from html.parser import HTMLParser

import numpy as np
import pytest

from coursekit import bank
from coursekit.grade.findings import REFUSED
from coursekit.grade.judge import judge
from coursekit.grade.key import AnswerKey
from coursekit.grade.notebook import evaluate, progress
from coursekit.grade.verdict import Verdict

right = bank.load("corr2d").answer


class Page(HTMLParser):
    """Collects the framed cells, and complains about tags that are left open."""

    def __init__(self):
        super().__init__()
        self.open, self.framed, self.captions, self.text = [], [], [], []
        self.code = []
        self._frame = False

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self._frame = "border: 3px" in (dict(attributes).get("style") or "")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self._frame = False

    def handle_data(self, data):
        self.text.append(data)
        if self._frame:
            self.framed.append(data)
        if self.open[-1:] == ["caption"]:
            self.captions.append(data)
        if self.open[-1:] in (["pre"], ["code"]):
            self.code.append(data)


def page(verdict):
    parsed = Page()
    parsed.feed(verdict._repr_html_())
    assert not parsed.open
    return parsed


def test_the_picture_frames_the_window_and_both_cells():
    def answer(x, k):
        result = right(x, k)
        result[-1, -1] += 1
        return result

    drawn = page(evaluate(bank.load("corr2d"), answer))
    assert drawn.captions == ["x", "k", "returned", "expected"]
    assert drawn.framed == ["5", "6", "57", "56"]


def test_of_a_dilated_window_the_taps_alone_are_framed():
    exercise = bank.load("corr2d_dilated")
    verdict = evaluate(exercise, lambda x, k, d: exercise.answer(x, k, d) + 1)
    assert "the window `x[0:1, 0:3:2] = [[1, 3]]`." in repr(verdict)
    assert page(verdict).framed == ["1", "3", "14", "13"]


def test_without_a_window_the_results_are_drawn_side_by_side_all_the_same(toy):
    verdict = evaluate(toy(), lambda x: x)
    drawn = page(verdict)
    assert drawn.captions == ["x", "returned", "expected"]
    assert drawn.framed == ["1.5", "3"]
    assert "In full" not in "".join(drawn.text)
    assert "In full: returned [[1.5, 2, 4]]" in repr(verdict)


def test_code_and_errors_are_set_as_code():
    def answer(x, k):
        print("seen")
        return x[99]

    verdict = evaluate(bank.load("corr2d"), answer)
    assert page(verdict).code == [
        "corr2d(x, k) with x = [[1, 2, 3], [4, 5, 6]] and k = [[10, 1]]",
        "raised IndexError: index 99 is out of bounds for axis 0 with size 2.",
        f"line {answer.__code__.co_firstlineno + 2} of answer: return x[99]",
        "seen",
    ]


def test_only_numbers_end_on_the_right():
    html = evaluate(bank.load("corr2d"), lambda x, k: x[99])._repr_html_()
    assert '<th scope="col" style="text-align:left">group of cases</th>' in html
    assert '<td style="text-align:right">0 of 1</td>' in html
    table = progress(2)._repr_html_()
    assert '<th scope="row" style="text-align:left">corr2d</th>' in table
    assert '<td style="text-align:right">2</td>' in table


def test_every_table_says_which_heads_are_of_rows_and_which_of_columns():
    groups = evaluate(bank.load("corr2d"), lambda x, k: x[99])._repr_html_()
    for html, columns in ((groups, 2), (progress(2)._repr_html_(), 6)):
        assert html.count('<th scope="col"') == columns
        assert html.count('<th scope="row"') == html.count("<tr>") - 1 > 1


def test_a_large_array_is_drawn_in_part_around_the_frame(toy):
    from coursekit.grade.picture import _table

    array = np.arange(40 * 30.0).reshape(40, 30)
    drawn = Page()
    drawn.feed(_table("x", array, (slice(37, 39), slice(20, 22))))
    assert drawn.framed == ["1130", "1131", "1160", "1161"]
    assert drawn.captions == ["x, a part of (40, 30)"]


def test_of_many_planes_the_one_with_the_difference_is_drawn():
    from coursekit.grade.picture import _table

    array = np.arange(24.0).reshape(2, 3, 4)
    drawn = Page()
    drawn.feed(_table("returned", array, (slice(1, 2), slice(2, 3), slice(3, 4))))
    assert drawn.framed == ["23"]
    assert drawn.captions == ["returned, plane [1]"]


def test_what_the_learners_code_says_is_escaped():
    def answer(x, k):
        print("<b>\x1b[31mred")
        raise ValueError("<script>alert(1)</script>\x1b[2J")

    verdict = evaluate(bank.load("corr2d"), answer)
    html = verdict._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html + repr(verdict)
    page(verdict)


def test_nothing_is_told_by_colour_alone():
    passed = evaluate(bank.load("corr2d"), right)
    failed = evaluate(bank.load("corr2d"), lambda x, k: right(x, k) * 0)
    assert "corr2d: passed" in "".join(page(passed).text)
    assert "corr2d: wrong here" in "".join(page(failed).text)
    assert "0 of 1" in "".join(page(failed).text)


@pytest.mark.parametrize("exercise", bank.exercises(), ids=lambda one: one.id)
def test_every_wrong_answer_has_a_report_that_can_be_read(exercise):
    key = AnswerKey(exercise)
    for wrong in exercise.wrongs:
        verdict = judge(key, key.outcomes(wrong.function), text="")
        assert wrong.sentence in repr(verdict)
        assert page(verdict).text
        assert "array(" not in repr(verdict).replace("np.array(", "")
        assert " 0x" not in repr(verdict)
    again = evaluate(exercise, wrong.function)
    assert repr(verdict) == repr(again)
    assert verdict._repr_html_() == again._repr_html_()


def test_no_control_code_in_the_sentence_reaches_the_reader():
    sentence = "Yours has, in `f`: `x = 1  # \x1b[2J\u202e`"
    verdict = Verdict("corr2d", REFUSED, sentence)
    assert "x = 1  # \ufffd[2J\ufffd" in repr(verdict)
    assert "x = 1  # \ufffd[2J\ufffd" in verdict._repr_html_()

"""Questions in a real browser, without a kernel."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coursekit.widgets import Predict
from coursekit.widgets.predict import seal

Show = Callable[..., Page]
NUMBER: dict[str, Any] = {"answer": 9, "why": "10 - 2 + 1 = 9."}
SHAPE: dict[str, Any] = {"answer": (3, 4), "why": "8 - 6 + 1 = 3 rows."}


def answer(page: Page, text: str) -> str:
    """Type an answer, press Enter, and read what is said at once."""
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")
    return page.get_by_role("status").inner_text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("9", "✓ Right. 10 - 2 + 1 = 9."),
        (" 9.0 ", "✓ Right. 10 - 2 + 1 = 9."),
        ("27/3", "✓ Right. 10 - 2 + 1 = 9."),
        ("12", "✗ 12 is too large. Try again."),
        ("\N{MINUS SIGN}3", "✗ -3 is too small. Try again."),
        ("nine", "“nine” is not a number, such as 12, 0.5 or 1/3."),
        ("1/0", "“1/0” is not a number, such as 12, 0.5 or 1/3."),
        ("", "Type a number, such as 12, 0.5 or 1/3."),
    ],
)
def test_a_number_is_judged_at_once(show: Show, given: str, said: str) -> None:
    assert answer(show(Predict("How many?", **NUMBER)), given) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        *((text, "✓ Right. 8 - 6 + 1 = 3 rows.") for text in ("3, 4", "(3,4)", "3x4")),
        *(
            (text, "✓ Right. 8 - 6 + 1 = 3 rows.")
            for text in ("[3, 4]", "3 4", "3 \N{MULTIPLICATION SIGN} 4")
        ),
        ("4, 3", "✗ (4, 3) is wrong in 2 of 2 numbers. Try again."),
        ("(3,)", "✗ (3,) has 1 number, the answer has 2. Try again."),
        ("three", "“three” is not a shape, such as 3, 4 or 3x4."),
    ],
)
def test_a_shape_may_be_written_in_several_ways(
    show: Show, given: str, said: str
) -> None:
    assert answer(show(Predict("Which shape?", **SHAPE)), given) == said


def test_a_float_is_right_within_its_tolerance(show: Show) -> None:
    page = show(Predict("How much?", answer=-0.5, why="Half.", tolerance=0.1))
    said = [answer(page, text)[:1] for text in ("-0.3", "-0.41", "-0.59", "-0.61")]
    assert said == ["✗", "✓", "✓", "✗"]


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        (NUMBER, "8", "✗ 8 is too small. You counted gaps. Try again."),
        (NUMBER, "16/2", "✗ 8 is too small. You counted gaps. Try again."),
        (NUMBER, "7", "✗ 7 is too small. Try again."),
        (SHAPE, "4x3", "✗ (4, 3) is wrong in 2 of 2 numbers. Height first. Try again."),
        (SHAPE, "4, 4", "✗ (4, 4) is wrong in 1 of 2 numbers. Try again."),
    ],
)
def test_a_wrong_answer_that_was_expected_is_told_why(
    show: Show, asked: dict[str, Any], given: str, said: str
) -> None:
    wrong: Any = (
        {8: "You counted gaps."} if asked is NUMBER else {(4, 3): "Height first."}
    )
    page = show(Predict("How?", **asked, wrong=wrong))
    assert "You counted" not in page.content()
    assert answer(page, given) == said


def test_a_wrong_choice_that_was_expected_is_told_why(show: Show) -> None:
    wrong = {"stays": "That is a `correlation`."}
    page = show(
        Predict(
            "Which?", answer="flips", choices=["stays", "flips"], why="w.", wrong=wrong
        )
    )
    page.get_by_role("button", name="stays").click()
    expect(page.get_by_role("status")).to_have_text(
        "✗ “stays” is not it. That is a correlation. Try again."
    )


def test_a_choice_is_made_by_keyboard_alone_and_marked(show: Show) -> None:
    page = show(
        Predict("Which?", answer="`k` flips", choices=["stays", "`k` flips"], why="w.")
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("✗ “stays” is not it. Try again.")
    page.keyboard.press("Tab")
    page.keyboard.press(" ")
    expect(page.get_by_role("status")).to_have_text("✓ Right. w.")
    expect(page.locator(".ck-answer button")).to_have_text(
        ["✗ stays", "✓ k flips", "Show the answer"]
    )


def test_the_answer_is_shown_only_after_a_try_and_the_keyboard_stays(
    show: Show,
) -> None:
    page = show(Predict("How many?", **NUMBER))
    reveal = page.get_by_role("button", name="Show the answer")
    expect(reveal).to_be_hidden()
    answer(page, "nine")  # no number, no try
    expect(reveal).to_be_hidden()
    answer(page, "8")
    reveal.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The answer is 9. 10 - 2 + 1 = 9.")
    expect(reveal).to_be_hidden()
    expect(page.get_by_role("textbox")).to_be_focused()


def test_a_sealed_question_is_judged_like_an_open_one(show: Show) -> None:
    page = show(Predict("Which shape?", sealed=seal((3, 4), "Because → so.")))
    assert answer(page, "3x4") == "✓ Right. Because → so."


def test_the_page_shows_no_answer_before_the_first_try(show: Show) -> None:
    page = show(Predict("How many?", answer=7349, why="As 7349."))
    assert "7349" not in page.locator("main").inner_html()
    assert "7349" not in page.content()


def test_a_question_drawn_again_remembers_the_last_try(show: Show) -> None:
    asked = Predict("How many?", **NUMBER)
    asked.place = {"tries": ["12", "8"], "shown": False}
    page = show(asked)
    expect(page.get_by_role("textbox")).to_have_value("8")
    expect(page.get_by_role("status")).to_have_text("✗ 8 is too small. Try again.")


def test_keys_never_reach_the_page_around_the_question(show: Show) -> None:
    page = show(Predict("How many?", **NUMBER))
    page.evaluate(
        "document.addEventListener('keydown', (e) => { document.title += e.key })"
    )
    page.evaluate("document.title = ''")
    for node in page.locator("input, button:visible").all():
        assert node.evaluate("node => node.closest('[data-lm-suppress-shortcuts]')")
        node.press("a")
    assert page.title() == ""
    expect(page.get_by_role("textbox")).to_have_value(re.compile("a"))


def test_keys_that_lead_out_reach_the_page_and_answer_nothing(show: Show) -> None:
    page = show(Predict("How many?", **NUMBER))
    page.evaluate(
        "document.title = '';"
        "document.addEventListener('keydown', (e) => { document.title += e.key })"
    )
    field = page.get_by_role("textbox")
    field.fill("8")
    for key in ("Escape", "Shift+Enter", "Control+Enter"):
        field.press(key)
    assert page.title() == "EscapeEnterEnter"
    expect(page.get_by_role("status")).to_be_empty()

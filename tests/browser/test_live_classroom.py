"""Feedback and report in a real browser: accessible, narrow enough, open in print."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from coursekit import bank
from coursekit.classroom.feedback import feedback
from coursekit.classroom.grades import grades
from coursekit.classroom.overview import report_html
from coursekit.classroom.policy import Policy
from coursekit.classroom.result import Result
from coursekit.classroom.survey import survey
from coursekit.grade.judge import judge
from coursekit.grade.key import answer_calls, key_of

HTML = "text/html; charset=utf-8"
NAMES = ("flipped", "kept_the_size", "averaged")
Opened = Callable[..., Page]


def pages() -> dict[str, str]:
    """Write the report on a small class, and the page of one learner of it."""
    exercise = bank.load("corr2d")
    key = key_of(exercise)
    results = []
    for wrong in [one for one in exercise.wrongs if one.name in NAMES]:
        found = judge(key, answer_calls(exercise, wrong.function, key.calls))
        told = (found.status, found.points, 4.0, found.sentence, wrong.name, found)
        place = (wrong.name, f"{wrong.name}.ipynb", "aa", "corr2d", "bb", "class 0")
        results.append(Result(*place, *told, notes=("one note", "another")))
    made = grades(results, [exercise, bank.load("corr1d")], Policy())
    first = next(row for row in made.rows if row.person.id == results[0].learner)
    return {
        "feedback": feedback(first, results[:1]),
        "report": report_html(survey(made, results)),
    }


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return pages()


@pytest.fixture
def opened(browser: Browser, written: dict[str, str]):
    """Open one of the pages; whatever it asks the network for fails the test."""
    contexts, asked = [], []

    def open_page(name: str, **options) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        answer = {"body": written[name], "content_type": HTML}
        page.route("**/*", lambda route: route.fulfill(**answer))
        page.goto("http://class.test/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert set(asked) == {"http://class.test/"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["feedback", "report"])
def test_axe_finds_nothing_to_object_to_on(opened: Opened, name: str, theme: str):
    page = opened(name, color_scheme=theme, bypass_csp=True)
    results = Axe().run(page)
    assert results.response["passes"]
    violations = results.response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []


@pytest.mark.parametrize("name", ["feedback", "report"])
def test_the_page_is_no_wider_than_a_telephone(opened: Opened, name: str):
    page = opened(name, viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_policy_of_the_page_lets_no_script_run(opened: Opened):
    page = opened("feedback")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        "{textContent: 'document.title = 1'}))"
    )
    assert page.title().startswith("Feedback for")


def test_a_folded_hint_is_open_in_print_and_opened_by_a_key(opened: Opened):
    page = opened("feedback")
    hint = page.locator("details p").first
    assert not hint.is_visible()
    page.emulate_media(media="print")
    assert hint.bounding_box()["height"] > 0
    page.emulate_media(media="screen")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert hint.is_visible()

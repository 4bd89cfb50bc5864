"""A real Chromium, and a page that shows explorers as an exported notebook would.

Without a browser these tests skip with one line that says so; where
COURSEKIT_REQUIRE_BROWSER=1 they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from coursekit.widgets.base import Explorer
from coursekit.widgets.host import host, place

NAMES = ("chromium", "chromium-browser", "google-chrome")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Explorers without a kernel</title>
<style>
  body { margin: 8px; }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
</style>
"""
MODELS = """globalThis.models =
  [...document.querySelectorAll(".ck-live")].map((node) => node.model)"""
QUIET = [  # a test's browser asks nobody for anything
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

HTML = "text/html; charset=utf-8"
Show = Callable[..., Page]


def find_browser() -> str:
    """Give the path of a Chromium; without one, skip or fail with one line."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is not None:
        return path
    line = f"no browser: install one of {', '.join(NAMES)} to run the browser tests"
    if os.environ.get("COURSEKIT_REQUIRE_BROWSER") == "1":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


@pytest.fixture(name="find_browser")
def the_function_itself() -> Callable[[], str]:
    return find_browser


# One browser per file: while it runs, Playwright's event loop is the thread's own, and
# the tests of other folders start loops of theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    """Open explorers in a page of their own; errors in the page fail the test."""
    contexts, errors = [], []

    def open_page(*explorers: Explorer, clock: bool = False, **options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        if clock:  # time passes only when the test says so
            page.clock.install()
        page.on("pageerror", lambda error: errors.append(str(error)))
        main = "".join(map(place, explorers))
        html = f"{PAGE}<main><h1>Explorers</h1>{main}</main>{host()}</html>"
        page.route("**/*", lambda route: route.fulfill(body=html, content_type=HTML))
        page.goto("http://explorers.test/")
        page.wait_for_selector("html[data-explorers=live]", state="attached")
        page.evaluate(MODELS)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []

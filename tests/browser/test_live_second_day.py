"""The day after, in the real JupyterLab: what was saved is drawn and answers again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Served, serving, settings

from coursekit import workfolder
from coursekit.cli.server import trust

COURSE = Path(__file__).parents[2]
LESSON = "notebooks/02_cross_correlation.ipynb"

# Bring the first explorer on the screen; on the first day, run the cells down to it.
OPEN = """async (run) => {
  const commands = window.jupyterapp.commands;
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  const cells = [...panel.content.model.cells];
  const explorer =
    cells.findIndex((cell) => cell.sharedModel.source.startsWith("StepCorrelation("));
  if (run) {
    panel.content.activeCellIndex = explorer;
    await commands.execute("notebook:run-all-above");
    await commands.execute("notebook:run-cell");
  }
  await panel.content.scrollToItem(explorer);
}"""
SAVE = """async () => {
  await window.jupyterapp.commands.execute("docmanager:save");
}"""


def opened(browser: Browser, server: Served) -> Page:
    """Open the lesson as a learner does who has just started the course."""
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{server.address}/lab/tree/{LESSON}?token={server.token}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    return page


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the course as `coursekit lab` does, and sign the copies."""
    for name, value in settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    trust(tmp_path / "work", workfolder.copy_missing(COURSE, tmp_path / "work"))
    return tmp_path / "work"


def test_on_the_second_day_explorers_and_questions_are_drawn_and_answer(
    browser: Browser, work: Path
) -> None:
    show = "--LabApp.expose_app_in_browser=True"
    output = re.compile("^Output")
    with serving(work, work.parent, show) as server:
        page = opened(browser, server)
        page.evaluate(OPEN, True)
        slider = page.get_by_role("slider", name=output)
        expect(slider.locator("svg")).to_be_visible(timeout=120_000)
        page.evaluate(SAVE)
        page.context.close()
    with serving(work, work.parent, show) as server:
        page = opened(browser, server)
        page.evaluate(OPEN, False)
        slider = page.get_by_role("slider", name=output)
        expect(slider.locator("svg")).to_be_visible(timeout=60_000)
        slider.press("ArrowRight")
        expect(page.locator(".ck-says").last).to_contain_text("Output [0, 1] =")
        question = page.locator(".ck-answer").get_by_role("textbox").last
        question.fill("4")
        question.press("Enter")
        expect(page.get_by_role("status").filter(has_text="Right.")).to_be_visible()
        page.context.close()

"""Lesson 2 in the real JupyterLab and Notebook 7: drawn, stepped, no shortcut fires."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coursekit.cli.server import command, environment

LESSON = Path(__file__).parents[2] / "notebooks" / "02_cross_correlation.ipynb"
START = ["--no-browser", "--ServerApp.port=0"]
APPS = {
    "lab": ("/lab/tree/{}", "--LabApp.expose_app_in_browser=True"),
    "notebook": ("/notebooks/{}", "--JupyterNotebookApp.expose_app_in_browser=True"),
}

# Run the cells down to the first explorer and bring it on the screen.
RUN = """async () => {
  const app = window.jupyterapp;
  const panel = app.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  const notebook = panel.content;
  const cells = [...notebook.model.cells];
  notebook.activeCellIndex =
    cells.findIndex((cell) => cell.sharedModel.source.startsWith("StepCorrelation("));
  await app.commands.execute("notebook:run-all-above");
  await app.commands.execute("notebook:run-cell");
  await notebook.scrollToItem(notebook.activeCellIndex);
}"""
WHERE = """() => {  // has the explorer the focus; the cell that has it; the active one
  const { content } = window.jupyterapp.shell.currentWidget;
  const { activeElement: focus } = document;
  const cell = content.widgets.findIndex((one) => one.node === focus);
  return [focus.closest(".ck") !== null, cell, content.activeCellIndex, content.mode];
}"""
COUNT = """(n) =>
  window.jupyterapp.shell.currentWidget.content.widgets[n].model.executionCount"""
CELLS = "window.jupyterapp.shell.currentWidget.content.model.cells.length"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve a copy of the lesson as `coursekit lab` does; give address and token."""
    home = tmp_path_factory.mktemp("jupyter")
    work = home / "work"
    work.mkdir()
    shutil.copy(LESSON, work)
    own = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    env = environment() | {f"JUPYTER_{name}": str(home / name) for name in own}
    env |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "OMP_NUM_THREADS": "1"}
    line = command(work, [*START, *(flag for _, flag in APPS.values())])
    with subprocess.Popen(line, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told: list[str] = []
        found = None
        while found is None and (text := process.stderr.readline()):
            told.append(text)
            found = re.search(r"(http://127\.0\.0\.1:\d+)/\S*token=(\w+)", text)
        rest = Thread(target=process.stderr.read)  # or the pipe fills up
        rest.start()
        try:
            assert found, "JupyterLab did not start:\n" + "".join(told)
            yield found.group(1), found.group(2)
        finally:
            process.terminate()
            rest.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(180_000)
    yield context.new_page()
    context.close()


def open_lesson(server: tuple[str, str], page: Page, app: str) -> Locator:
    """Run the lesson down to its first explorer, and give the output's grid."""
    address, token = server
    path = APPS[app][0].format(LESSON.name)
    page.goto(f"{address}{path}?token={token}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    page.evaluate(RUN)
    output = page.get_by_role("slider", name=re.compile("^Output"))
    expect(output.locator("svg")).to_be_visible(timeout=180_000)
    return output


@pytest.mark.parametrize("app", APPS)
def test_in_lesson_2_the_explorer_steps_and_a_adds_no_cell(
    server: tuple[str, str], page: Page, app: str
) -> None:
    output = open_lesson(server, page, app)
    output.press("ArrowRight")
    expect(page.locator(".ck-says").last).to_contain_text("Output [0, 1] =")
    before = page.evaluate(CELLS)
    for key in ("a", "d", "d"):
        output.press(key)
    page.get_by_role("button", name="Next").press("b")
    # Next has the focus. This key acts after those, so they have had their turn.
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ck-says").last).to_contain_text("Output [1, 1] =")
    assert page.evaluate(CELLS) == before
    if os.environ.get("COURSEKIT_PICTURES"):
        page.screenshot(path=f"{os.environ['COURSEKIT_PICTURES']}/{app}.png")


@pytest.mark.parametrize("app", APPS)
def test_esc_shift_enter_and_tab_lead_out_of_the_explorer(
    server: tuple[str, str], page: Page, app: str
) -> None:
    output = open_lesson(server, page, app)
    output.focus()
    _, _, own, _ = page.evaluate(WHERE)
    output.press("Escape")
    assert page.evaluate(WHERE) == [False, own, own, "command"]
    page.keyboard.press("j")
    assert page.evaluate(WHERE) == [False, own + 1, own + 1, "command"]
    page.get_by_role("button", name="Last").press("Tab")
    assert page.evaluate(WHERE)[0] is False
    count = page.evaluate(COUNT, own)
    page.get_by_role("button", name="Next").press("Shift+Enter")
    page.wait_for_function(f"({COUNT})({own}) > {count}")
    assert page.evaluate(WHERE) == [False, own + 1, own + 1, "command"]

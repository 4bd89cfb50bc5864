"""The correlation explorer in a real browser, without a kernel."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy.signal import correlate2d

from coursekit.widgets import StepCorrelation, StepPooling
from coursekit.widgets.base import digits

Show = Callable[..., Page]
X = np.arange(9).reshape(3, 3)
K = np.array([[0, 1], [2, 3]])
INPUT, OUTPUT = re.compile("^Input x"), re.compile("^Output out")
TIMES = "\N{MULTIPLICATION SIGN}"
BINARY = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1]])

# Every place of every explorer, as the page draws it: what stands in the cells.
READ = """() => models.map((model, n) => {
  const [input, kernel, output] = document.querySelectorAll(".ck")[n].querySelectorAll("svg");
  const all = (node, of) => [...node.querySelectorAll(of)].map((text) => text.textContent);
  const says = document.querySelectorAll(".ck")[n].querySelector(".ck-says");
  const at = (place) => {
    model.set("place", { ...model.get("place"), ...place });
    return { sum: all(says, ".ck-sum").join(" "), x: all(input, ".ck-note"), out: all(output, ".ck-note") };
  };
  const cells = (node) => [...node.querySelectorAll("[data-index]")].map((_, i) => i);
  const steps = cells(output).map((step) => at({ step, filled: cells(output), pixel: null }));
  const values = all(output, ".ck-value");
  return { x: all(input, ".ck-value"), k: all(kernel, ".ck-value"), values, steps,
           pixels: cells(input).map((pixel) => at({ pixel }).out) };
})"""  # noqa: E501


def settings(count: int, seed: int) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Draw inputs, kernels and strides: integers and floats, all sizes that fit."""
    rng = np.random.default_rng(seed)
    drawn = []
    for n in range(count):
        k_shape = rng.integers(1, 4, 2)
        shape = k_shape + rng.integers(0, 4, 2)
        if n % 2:
            x, k = rng.integers(-9, 10, shape), rng.integers(1, 10, k_shape)
        else:
            x, k = rng.standard_normal(shape), rng.standard_normal(k_shape)
        drawn.append((x, k, int(rng.integers(1, 4))))
    return drawn


def written(values: np.ndarray) -> list[str]:
    """Write an array's numbers as explorers do, in reading order."""
    return [digits(value) for value in values.flat]


def test_drawn_values_equal_numpys_over_100_random_settings(show: Show) -> None:
    drawn = settings(100, seed=2)
    page = show(*(StepCorrelation(x, k, stride=s) for x, k, s in drawn))
    for (x, k, s), seen in zip(drawn, page.evaluate(READ), strict=True):
        out = correlate2d(x, k, "valid")[::s, ::s]
        assert (seen["x"], seen["k"], seen["values"]) == tuple(
            map(written, (x, k, out))
        )
        for step, (i, j) in zip(seen["steps"], np.ndindex(out.shape), strict=True):
            window = x[s * i :, s * j :][: k.shape[0], : k.shape[1]]
            terms, total = re.split(" [=≈] ", step["sum"])
            products = [re.sub("[()]", "", term) for term in terms.split(" + ")]
            pairs = zip(written(window), written(k), strict=True)
            assert products == [f"{a}*{b}" for a, b in pairs]
            assert total == digits(out[i, j])
            notes = [note for note in step["x"] if note]
            assert notes == [TIMES + weight for weight in written(k)]


def test_the_outputs_that_see_an_input_are_those_an_impulse_reaches(show: Show) -> None:
    drawn = settings(20, seed=3)
    page = show(*(StepCorrelation(x, k, stride=s) for x, k, s in drawn))
    for (x, k, s), seen in zip(drawn, page.evaluate(READ), strict=True):
        for at, notes in zip(np.ndindex(x.shape), seen["pixels"], strict=True):
            impulse = np.zeros(x.shape)
            impulse[at] = 1
            reached = correlate2d(impulse, k, "valid")[::s, ::s]
            assert notes == [TIMES + digits(w) if w else "" for w in reached.flat]


def position(page: Page) -> str:
    """Read which output is drawn, from the sentence beside the grids."""
    found = re.search(r"Output (\[.*?\])", page.locator(".ck-says").inner_text())
    return found.group(1) if found else ""


def test_arrow_keys_walk_in_two_dimensions_and_home_and_end_jump(show: Show) -> None:
    page = show(StepCorrelation(BINARY, [[1, 0], [0, 1]]))
    output = page.get_by_role("slider", name=OUTPUT)
    output.focus()
    walk = [
        ("ArrowRight", "[0, 1]"),
        ("ArrowDown", "[1, 1]"),
        ("ArrowLeft", "[1, 0]"),
        ("ArrowLeft", "[0, 3]"),  # back to the row above, as the window walks
        ("ArrowUp", "[0, 3]"),  # nothing above: stays
        ("End", "[1, 3]"),
        ("ArrowRight", "[1, 3]"),
        ("Home", "[0, 0]"),
    ]
    for key, expected in walk:
        output.press(key)
        assert (key, position(page)) == (key, expected)
    expect(output).to_have_attribute("aria-valuenow", "1")
    expect(output).to_have_attribute(
        "aria-valuetext", re.compile(r"Output \[0, 0\] = 1 times 1 \+ 1 times 0 .* = 2")
    )


@pytest.mark.parametrize("clicked", ["Next", "Step 1 of 15"])
def test_keys_work_wherever_in_the_explorer_the_reader_clicked(
    show: Show, clicked: str
) -> None:
    page = show(StepCorrelation(BINARY, [[1]]))
    page.get_by_text(clicked).click()
    walk = {"Home": "[0, 0]", "ArrowDown": "[1, 0]", "ArrowRight": "[1, 1]"}
    for key, expected in {**walk, "End": "[2, 4]", "ArrowLeft": "[2, 3]"}.items():
        page.keyboard.press(key)
        assert (key, position(page)) == (key, expected)


def test_space_and_enter_press_the_button_that_has_the_focus(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    next_ = page.get_by_role("button", name="Next")
    for key, expected in (("Enter", "[0, 1]"), (" ", "[1, 0]")):
        next_.press(key)
        assert (key, position(page)) == (key, expected)
    expect(page.locator(".ck-play")).to_have_text("Play")


def test_p_plays_wherever_the_focus_is_as_the_text_promises(show: Show) -> None:
    page = show(StepCorrelation(X, K), clock=True)
    expect(page.locator(".ck-help")).to_contain_text("P plays.", use_inner_text=True)
    page.get_by_role("button", name="Next").click()
    for said in ("Pause", "Play"):
        page.keyboard.press("p")
        expect(page.locator(".ck-play")).to_have_text(said)
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator(".ck-help")).to_contain_text(
        re.compile("End.$"), use_inner_text=True
    )


def test_buttons_step_both_ways_and_stop_at_the_ends(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    next_, back = (page.get_by_role("button", name=name) for name in ("Next", "Back"))
    seen = [position(page)]
    for button in (back, next_, next_, next_, next_, back):
        button.press("Enter")
        seen.append(position(page))
    assert " ".join(seen) == "[0, 0] [0, 0] [0, 1] [1, 0] [1, 1] [1, 1] [1, 0]"
    assert "6*2 + 7*3 = 37" in page.locator(".ck-says").inner_text()


def test_outputs_fill_in_one_window_at_a_time(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    values = page.get_by_role("slider", name=OUTPUT).locator(".ck-value")
    expect(values).to_have_text(["19", "", "", ""])
    page.get_by_role("button", name="Next").click()
    expect(values).to_have_text(["19", "25", "", ""])
    page.get_by_role("button", name="Last").click()
    expect(values).to_have_text(["19", "25", "37", "43"])
    page.get_by_role("button", name="First").click()
    expect(values).to_have_text(["19", "", "", ""])


def test_pointing_and_the_keyboard_share_one_position(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    output = page.get_by_role("slider", name=OUTPUT)
    output.locator("[data-index='3']").hover()
    assert position(page) == "[1, 1]"
    output.press("ArrowLeft")
    assert position(page) == "[1, 0]"
    page.get_by_role("slider", name=INPUT).locator("[data-index='4']").hover()
    says = page.locator(".ck-says")
    expect(says).to_have_text(re.compile(r"^x\[1, 1\] = 4 is used by 4 of 4 outputs"))
    expect(output.locator(".ck-note")).to_have_text(
        [TIMES + weight for weight in "3210"]
    )
    page.get_by_role("slider", name=INPUT).press("ArrowUp")
    expect(says).to_have_text(re.compile(r"^x\[0, 1\] = 1 is used by 2 of 4 outputs"))
    expect(output.locator(".ck-note")).to_have_text([TIMES + "1", TIMES + "0", "", ""])


def test_a_place_set_in_python_is_drawn(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    page.evaluate("models[0].set('place', {step: 2, pixel: null, filled: [2]})")
    assert position(page) == "[1, 0]"


def test_play_walks_to_the_end_pauses_and_starts_over(show: Show) -> None:
    page = show(StepCorrelation(X, K), clock=True)
    play = page.locator(".ck-play")
    page.get_by_role("slider", name=OUTPUT).press(" ")
    assert (play.inner_text(), position(page)) == ("Pause", "[0, 1]")
    page.clock.run_for(1000)
    assert position(page) == "[1, 0]"
    play.click()
    page.clock.run_for(5000)
    assert (play.inner_text(), position(page)) == ("Play", "[1, 0]")
    play.click()
    page.clock.run_for(5000)
    assert (play.inner_text(), position(page)) == ("Play", "[1, 1]")
    play.click()
    assert (play.inner_text(), position(page)) == ("Pause", "[0, 0]")
    page.get_by_role("button", name="Next").click()
    page.clock.run_for(5000)
    assert (play.inner_text(), position(page)) == ("Play", "[0, 1]")


def test_nothing_moves_by_itself_where_less_motion_is_asked_for(show: Show) -> None:
    page = show(StepCorrelation(X, K), reduced_motion="reduce")
    expect(page.locator(".ck-play")).to_be_hidden()
    page.get_by_role("slider", name=OUTPUT).press(" ")
    assert position(page) == "[0, 0]"
    page.get_by_role("button", name="Next").click()
    assert position(page) == "[0, 1]"
    moving = "getComputedStyle(document.querySelector('.ck-frame')).transitionDuration"
    assert page.evaluate(moving) == "0s"
    page.emulate_media(reduced_motion="no-preference")
    expect(page.locator(".ck-play")).to_be_visible()


def test_cells_where_your_function_differs_carry_a_sign_and_your_value(
    show: Show,
) -> None:
    def my_corr2d(x: np.ndarray, k: np.ndarray) -> np.ndarray:
        return np.array([[19, 25], [37, 34]])

    page = show(StepCorrelation(X, K, fn=my_corr2d))
    output = page.get_by_role("slider", name=OUTPUT)
    expect(output.locator(".ck-badge")).to_have_text(["", "", "", "≠34"])
    expect(page.locator(".ck-verdict")).to_have_text(
        "my_corr2d differs in 1 of 4 outputs, marked ≠."
    )
    output.press("End")
    expect(page.locator(".ck-says")).to_contain_text("≠ 34, which my_corr2d gives")
    expect(output).to_have_attribute(
        "aria-valuetext", re.compile("≠ 34, which my_corr2d gives$")
    )


def test_keys_never_reach_the_page_around_the_explorer(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    page.evaluate(
        "document.addEventListener('keydown', (e) => { document.title += e.key })"
    )
    page.evaluate("document.title = ''")
    for node in page.locator("[role=slider], button").all():
        assert node.evaluate("node => node.closest('[data-lm-suppress-shortcuts]')")
        node.press("a")
    page.locator(".ck-says").click()
    for key in ("a", "ArrowDown"):
        page.keyboard.press(key)
    assert page.title() == ""


@pytest.mark.parametrize("width", [1000, 320])
def test_the_page_never_jumps_while_stepping(show: Show, width: int) -> None:
    x = np.random.default_rng(0).standard_normal((6, 6))
    size = {"width": width, "height": 700}
    page = show(StepCorrelation(x, x[:3, :3]), viewport=size)
    heights = page.evaluate("""() => {
      const seen = new Set();
      const look = () => seen.add(document.documentElement.scrollHeight);
      const place = (change) =>
        models[0].set("place", { ...models[0].get("place"), ...change });
      for (let step = 0; step < 16; step++) place({ step, pixel: null }), look();
      for (let pixel = 0; pixel < 36; pixel++) place({ pixel }), look();
      return [...seen];
    }""")
    assert len(heights) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [848, 900])  # JupyterLab at 1280 by 720, and a page
def test_explorers_of_lessons_2_and_5_fit_on_a_small_screen(
    show: Show, width: int
) -> None:
    def off(x: np.ndarray, k: np.ndarray) -> np.ndarray:
        return correlate2d(x, k, "valid") + np.eye(3, dtype=int)

    square = np.arange(25).reshape(5, 5) % 9
    page = show(
        StepCorrelation(square % 2, np.eye(3, dtype=int), fn=off),
        StepPooling(square, 3, stride=2),
        StepCorrelation(square[:4, :4] * 9, np.full((2, 2), 1 / 4), stride=2),
        StepCorrelation(np.pad(square, 1), np.ones((3, 3), int), stride=2),
        viewport={"width": width + 16, "height": 720},
    )
    heights = [box.bounding_box()["height"] for box in page.locator(".ck").all()]
    assert len(heights) == 4
    assert max(heights) <= 479


def test_a_removed_view_leaves_nothing_behind(show: Show) -> None:
    page = show(StepCorrelation(X, K))
    page.evaluate("document.querySelector('.ck-live').close()")
    page.evaluate("models[0].set('place', {step: 3, pixel: null, filled: []})")
    assert position(page) == "[0, 0]"

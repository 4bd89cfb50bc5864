"""The pooling explorer in a real browser, without a kernel."""

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect
from scipy.ndimage import maximum_filter

from coursekit.widgets import StepPooling
from coursekit.widgets.base import digits

Show = Callable[..., Page]
X = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]])
INPUT, OUTPUT = re.compile("^Input x"), re.compile("^Output out")

# Every place of every explorer, as the page draws it: what stands in the cells.
READ = """() => models.map((model, n) => {
  const root = document.querySelectorAll(".ck")[n];
  const [input, output] = root.querySelectorAll("svg");
  const all = (node, of) => [...node.querySelectorAll(of)].map((text) => text.textContent);
  const every = all(output, ".ck-value").map((_, i) => i);
  const at = (place) => {
    model.set("place", { ...model.get("place"), ...place });
    return { says: root.querySelector(".ck-says").textContent, x: all(input, ".ck-note"), out: all(output, ".ck-note") };
  };
  const steps = every.map((step) => at({ step, filled: every, pixel: null }));
  const values = { x: all(input, ".ck-value"), out: all(output, ".ck-value") };
  const pixels = values.x.map((_, pixel) => at({ pixel }).out);
  return { ...values, steps, pixels, grids: root.querySelectorAll("svg").length };
})"""  # noqa: E501


def settings(count: int, seed: int) -> list[tuple[np.ndarray, tuple[int, int], int]]:
    """Draw inputs, windows and strides: all sizes that fit, also ties."""
    rng = np.random.default_rng(seed)
    drawn = []
    for n in range(count):
        size = rng.integers(1, 4, 2)
        shape = size + rng.integers(0, 4, 2)
        x = rng.integers(-4, 5, shape) if n % 2 else rng.standard_normal(shape)
        drawn.append((x, (int(size[0]), int(size[1])), int(rng.integers(1, 4))))
    return drawn


def largest(x: np.ndarray, size: tuple[int, int], stride: int) -> np.ndarray:
    """Pool with SciPy: its filter looks around each place, so the ends are cut."""
    height, width = size
    around = maximum_filter(x, size, mode="constant", cval=x.min())
    whole = around[height // 2 :, width // 2 :]
    rows, columns = x.shape[0] - height + 1, x.shape[1] - width + 1
    return whole[:rows:stride, :columns:stride]


def test_drawn_values_equal_scipys_over_60_random_settings(show: Show) -> None:
    drawn = settings(60, seed=5)
    page = show(*(StepPooling(x, size, stride=s) for x, size, s in drawn))
    for (x, (height, width), s), seen in zip(drawn, page.evaluate(READ), strict=True):
        out = largest(x, (height, width), s)
        assert seen["grids"] == 2
        assert seen["x"] == [digits(value) for value in x.flat]
        assert seen["out"] == [digits(value) for value in out.flat]
        winners = []
        for step, (i, j) in zip(seen["steps"], np.ndindex(out.shape), strict=True):
            [winner] = [n for n, note in enumerate(step["x"]) if note == "max"]
            row, column = divmod(winner, x.shape[1])
            assert x[row, column] == out[i, j]
            assert 0 <= row - s * i < height
            assert 0 <= column - s * j < width
            assert step["says"].endswith(f"= {digits(out[i, j])}")
            winners.append(winner)
        for pixel, notes in enumerate(seen["pixels"]):
            assert notes == ["max" if won == pixel else "" for won in winners]


def test_keys_and_buttons_walk_from_window_to_window(show: Show) -> None:
    page = show(StepPooling(X, 2))
    says = page.locator(".ck-says")
    output = page.get_by_role("slider", name=OUTPUT)
    output.focus()
    for key, expected in {
        "ArrowRight": "Output [0, 1] =max(28, 184, 70, 38) = 184",
        "ArrowDown": "Output [1, 1] =max(7, 2, 45, 6) = 45",
        "Home": "Output [0, 0] =max(29, 15, 0, 100) = 100",
        "End": "Output [1, 1] =max(7, 2, 45, 6) = 45",
    }.items():
        output.press(key)
        expect(says).to_have_text(expected)
    page.get_by_role("button", name="First").click()
    page.get_by_role("button", name="Next").click()
    expect(output).to_have_attribute(
        "aria-valuetext", re.compile(r"\[0, 1\] = max\(28, 184, 70, 38\) = 184 ?$")
    )


def test_the_winner_and_only_the_winner_carries_a_sign(show: Show) -> None:
    page = show(StepPooling(X, 2))
    marked = page.get_by_role("slider", name=INPUT).locator(".ck-cell.ck-tap")
    expect(marked).to_have_count(1)
    expect(marked.locator(".ck-value")).to_have_text("100")
    expect(marked.locator(".ck-note")).to_have_text("max")


def test_pointing_at_an_input_shows_the_outputs_that_it_wins(show: Show) -> None:
    page = show(StepPooling(X, 3, stride=1))
    page.get_by_role("slider", name=INPUT).locator("[data-index='5']").hover()
    expect(page.locator(".ck-says")).to_have_text(
        "x[1, 1] = 100 is used by 4 of 4 outputs, and is the largest where a small max "
        "is written."
    )
    notes = page.get_by_role("slider", name=OUTPUT).locator(".ck-note")
    expect(notes).to_have_text(["max", "", "max", "max"])

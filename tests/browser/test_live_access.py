"""Accessibility: axe-core on every explorer, and the contrast that axe does not see."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import coursekit.widgets
from coursekit.widgets import Predict, StepCorrelation, StepPooling

Show = Callable[..., Page]
STYLE = Path(coursekit.widgets.__file__).with_name("base.css")
TEXT, EDGE = 4.5, 3.0  # WCAG 2.2 AA: text, and parts that carry meaning

PAIRS = [
    *(
        ("value", ground, TEXT)
        for ground in ("cell", "tap", "here", "differs", "button")
    ),
    *(("accent", ground, TEXT) for ground in ("paper", "tap")),
    *(("differs-edge", ground, TEXT) for ground in ("cell", "here", "tap", "differs")),
    ("ink", "paper", TEXT),
    *(("line", ground, EDGE) for ground in ("cell", "paper")),
    *(("tap-edge", ground, EDGE) for ground in ("cell", "tap", "paper")),
    *(("here-edge", ground, EDGE) for ground in ("cell", "here", "tap", "paper")),
    *((edge, "paper", EDGE) for edge in ("right-edge", "differs-edge")),
]


def palette(theme: str) -> dict[str, str]:
    """Read a theme's colours from the style sheet; of JupyterLab's, the fallback."""
    light, dark = STYLE.read_text(encoding="utf-8").split(".ck.ck-dark {")
    block = {"light": light, "dark": dark.split("}")[0]}[theme]
    return dict(re.findall(r"--ck-([\w-]+): (?:var\([^,]+, )?(#\w{6})", block))


def contrast(one: str, other: str) -> float:
    """Give the ratio of two colours' relative luminances (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_what_it_lies_on(theme: str) -> None:
    colours = palette(theme)
    poor = {
        (front, ground): round(contrast(colours[front], colours[ground]), 2)
        for front, ground, least in PAIRS
        if contrast(colours[front], colours[ground]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(show: Show, theme: str) -> None:
    x = np.arange(16).reshape(4, 4)
    tried = Predict("Which one?", answer="u", choices=["u", "v"], why="w")
    tried.place = {"tries": ["v"], "shown": False}
    done = Predict("Which shape?", answer=(3, 4), why="So.")
    done.place = {"tries": ["3x4"], "shown": False}
    page = show(
        StepCorrelation(x, x[:2, :2], fn=lambda x, k: np.zeros((3, 3))),
        StepCorrelation([1, 2, 3], [1, 2]),
        StepPooling(x, 2),
        tried,
        done,
        color_scheme=theme,
    )
    results = Axe().run(page)
    assert results.response["passes"]
    violations = results.response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []


@pytest.mark.parametrize(
    ("mark", "dark"),
    [
        ("document.body.dataset.jpThemeLight = 'false'", True),
        ("document.body.dataset.jpThemeLight = 'true'", False),
        ("document.documentElement.dataset.theme = 'dark'", True),
        ("document.body.dataset.vscodeThemeKind = 'vscode-light'", False),
    ],
)
def test_the_theme_of_the_page_wins_over_the_systems(
    show: Show, mark: str, dark: bool
) -> None:
    page = show(StepCorrelation([1, 2], [1]), color_scheme="light" if dark else "dark")
    page.evaluate(mark)
    page.wait_for_selector(".ck.ck-dark" if dark else ".ck:not(.ck-dark)")

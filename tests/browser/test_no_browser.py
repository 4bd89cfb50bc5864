"""Where no browser is found: one clear line, and a failure where one is required."""

from collections.abc import Callable

import pytest

LINE = "^no browser: install one of chromium, chromium-browser, google-chrome to run"


@pytest.mark.parametrize(
    ("required", "outcome"),
    [("0", pytest.skip.Exception), ("1", pytest.fail.Exception)],
)
def test_a_missing_browser_skips_or_fails_with_one_line(
    find_browser: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    required: str,
    outcome: type[BaseException],
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("COURSEKIT_REQUIRE_BROWSER", required)
    with pytest.raises(outcome, match=LINE) as caught:
        find_browser()
    assert "\n" not in str(caught.value)

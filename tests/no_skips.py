"""A pytest plugin for continuous integration: a skipped test fails the run.

Loaded by name (`-p tests.no_skips`), so that elsewhere a machine without a browser can
still run the rest.
"""

from __future__ import annotations

import pytest


class NoSkips:
    """Counts skips, and turns success into failure if there are any."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def skipped(self) -> int:
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        return len(reporter.stats.get("skipped", [])) if reporter else 0

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        if self.skipped():
            terminalreporter.write_line(
                f"{self.skipped()} tests were skipped, and here none may be: install "
                "what their reasons name (pytest -rs shows them).",
                red=True,
            )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # under xdist the controller alone decides
        config.pluginmanager.register(NoSkips(config))

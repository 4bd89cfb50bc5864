"""Explorers: pictures to step through, live with or without a kernel."""

from coursekit.widgets.step_correlation import StepCorrelation

__all__ = ["StepCorrelation"]

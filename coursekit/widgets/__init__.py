"""Explorers: pictures to step through, live with or without a kernel."""

from coursekit.widgets.step_correlation import StepCorrelation
from coursekit.widgets.step_pooling import StepPooling

__all__ = ["StepCorrelation", "StepPooling"]

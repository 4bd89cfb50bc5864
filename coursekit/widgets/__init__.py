"""Explorers and questions: live with or without a kernel."""

from coursekit.widgets.predict import Predict
from coursekit.widgets.step_correlation import StepCorrelation
from coursekit.widgets.step_pooling import StepPooling

__all__ = ["Predict", "StepCorrelation", "StepPooling"]

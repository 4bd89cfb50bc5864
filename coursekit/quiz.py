"""Where lessons look for `Predict` until they are built anew."""

from coursekit.widgets import Predict

__all__ = ["Predict"]

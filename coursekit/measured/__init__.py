"""What benchmarks measured, with the command that measures it again.

Lessons show these numbers beside what they train themselves, for minutes of training
would be too long for a lesson and come out a little different on each processor.
"""

from coursekit.measured.results import (
    FILE,
    Results,
    Run,
    Trained,
    as_json,
    fashion_mnist,
)

__all__ = ["FILE", "Results", "Run", "Trained", "as_json", "fashion_mnist"]

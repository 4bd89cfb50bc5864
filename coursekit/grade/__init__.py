"""Check answers, give hints, keep progress: all that a notebook needs.

The parts, in the order in which data flow: `spec` (what an exercise is), `run` (what
an answer does), `judge` with `compare` and `diagnose` (what that means), `verdict` and
`report` (how it is said), `record` and `standing` (what is solved so far).
"""

from coursekit.grade.notebook import check, hint, progress, solution

__all__ = ["check", "hint", "progress", "solution"]

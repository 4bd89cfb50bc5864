"""What an exercise is: its record, its texts, rules, scales and windows.

A bank file makes one `Exercise`; who judges answers, and where, is no matter here.
"""

from coursekit.exercise.exercise import (
    FILE_NAME,
    STORED,
    Args,
    Call,
    Exercise,
    Rule,
    Window,
    Wrong,
)

__all__ = ["FILE_NAME", "STORED", "Args", "Call", "Exercise", "Rule", "Window", "Wrong"]

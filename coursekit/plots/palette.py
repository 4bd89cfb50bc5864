"""The colours and strokes of every figure; none of them tells anything alone."""

from typing import Any

from matplotlib.colors import CenteredNorm

SIGNED = "coolwarm"  # Moreland's diverging map: equal steps look equal, zero is gray
UNSIGNED = "cividis"  # perceptually uniform, and alike for colour-blind readers
STROKES = ("-", "--", "-.", ":")
INKS = ("#0b3c5d", "#b3400a", "#2f6b35", "#6a3d7c")


def signed(limit: float) -> dict[str, Any]:
    """Say to `imshow` how numbers with a sign look: from -limit to limit, zero gray.

    >>> signed(2)["norm"].vmin, signed(0)["norm"].vmax
    (-2.0, 1.0)
    """
    return {"cmap": SIGNED, "norm": CenteredNorm(halfrange=limit or 1.0)}

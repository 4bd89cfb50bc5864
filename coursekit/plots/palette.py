"""The colours and strokes of every figure; none of them tells anything alone."""

SIGNED = "coolwarm"  # Moreland's diverging map: equal steps look equal, zero is gray
UNSIGNED = "cividis"  # perceptually uniform, and alike for colour-blind readers
STROKES = ("-", "--", "-.", ":")
INKS = ("#0b3c5d", "#b3400a", "#2f6b35", "#6a3d7c")

r"""Find horizontal edges

Write `horizontal_edge_kernel()`: it takes no argument and returns a kernel of shape
`(3, 3)` that, correlated with an image, finds horizontal edges. A horizontal edge is
a place where brightness changes as you walk **down** the image.

Many kernels do this, and any of them is right if the correlation (kernel not flipped)
gives

- 0 on flat colour, whatever the colour;
- 0 on every vertical edge, and on any image at all that does not change downwards
  (each of its columns holds one colour from top to bottom);
- a positive number on every image in which each row is brighter than the row above it
  and nothing changes to the right.

Bright means a large number. Return a NumPy array of integers or floats.

**By hand.** A kernel one column wide, to see the idea: `(-1, 0, 1)` from top to bottom.
On a column of equal pixels `(7, 7, 7)` it gives `-7 + 0 + 7 = 0`. On `(2, 5, 9)`, which
gets brighter downwards, it gives `-2 + 0 + 9 = 7`. Yours has three columns.
"""

import numpy as np

from coursekit.exercise import Exercise


def answers_of(kernel):
    """Say in words what a 3 x 3 kernel answers to; these words are judged."""
    k = np.asarray(kernel, dtype=float)
    small = 1e-5 * np.abs(k).max()
    # Rows of brightness a, b, c give up * (b - a) + down * (c - b) once k sums to 0.
    up, down = -k[0].sum(), k[2].sum()
    sign = {
        (False, False): "0",
        (True, False): "positive",
        (False, True): "negative",
        (True, True): "positive at some edges, negative at others",
    }[max(up, down) > small, min(up, down) < -small]
    flat = "0" if abs(k.sum()) <= small else "not 0"
    vertical = "0" if np.abs(k.sum(axis=0)).max() <= small else "not 0"
    return f"flat: {flat}; vertical edge: {vertical}; brighter downwards: {sign}"


exercise = Exercise(
    __name__,
    points=2,
    difficulty=2,
    minutes=8,
    section="Fixed filters",
    measure=answers_of,
    hints=(
        "An edge is a difference. Which pixels of the window have to be compared so "
        "that a change from top to bottom shows, and a change from left to right "
        "does not?",
        "An image that does not change downwards shows the same number three times in "
        "each column of the window. For the answer to be 0 whatever these numbers are, "
        "each column of the kernel has to sum to 0 by itself.",
        "Almost code: take the little column `(-1, 0, 1)` of the prompt, brighter "
        "below counted positive, and put three of them side by side.",
    ),
)


@exercise.solution
def horizontal_edge_kernel():
    """Return a kernel (3, 3): positive where an image gets brighter downwards."""
    return np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]])


@exercise.wrong(
    "Your kernel finds vertical edges: it compares left with right. "
    "A horizontal edge is a change from top to bottom."
)
def vertical_edges():
    return horizontal_edge_kernel().T


@exercise.wrong(
    "The sign is the other way round: your kernel is positive where the image gets "
    "darker downwards. It is not flipped before it is used."
)
def upside_down():
    return -horizontal_edge_kernel()


@exercise.wrong(
    "Your kernel answers on flat colour, where there is no edge: "
    "its entries do not cancel."
)
def does_not_cancel():
    return np.array([[-1, -1, -1], [0, 0, 0], [2, 2, 2]])


@exercise.wrong(
    "Your kernel answers to edges in every direction. Vertical ones have to give 0, "
    "so each column has to cancel by itself."
)
def laplacian():
    return np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


@exercise.wrong(
    "Your kernel answers to edges that run aslant, and so to vertical ones too. "
    "Only a change from top to bottom may count."
)
def aslant():
    return np.array([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]])


@exercise.wrong(
    "Your kernel finds horizontal lines: it compares the middle row with both its "
    "neighbours. For an edge, compare what is below with what is above."
)
def lines():
    return np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]])


@exercise.alternative
def sobel():
    return np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])


@exercise.alternative
def two_rows_in_single_precision():
    return np.array([[0, 0, 0], [-1, -1, -1], [1, 1, 1]], dtype=np.float32) / 3


@exercise.alternative
def one_column():
    return np.outer([-1, 0, 1], [0, 0.5, 0])


@exercise.cases("what it answers to", points=2)
def answers():
    yield ()

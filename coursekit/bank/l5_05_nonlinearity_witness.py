r"""A witness against max pooling

Whatever is linear can be done to a sum in two ways with one result: to the sum at once,
or to each part, adding up afterwards. Every correlation passes this test. Max pooling
does not, and one example is enough to prove it. Write `nonlinearity_witness()`: it
takes no argument and returns such an example.

- Return a pair `(a, b)` of two NumPy arrays of numbers, each of shape `(4, 4)`.
- They are pooled with windows of 2 by 2 that lie side by side: rows 0 and 1, rows 2 and
  3, columns likewise. So each pooling has shape `(2, 2)`.
- Max pooling of `a + b` must differ from max pooling of `a` plus max pooling of `b` in
  at least one of the four windows, and by more than rounding: whole numbers are best.

Many pairs do, and any of them is right.

**By hand.** A single window with two pixels, to see the idea: `a = 3 1` and `b = 5 2`
prove nothing. Their sum is `8 3`, its largest number 8, and 3 + 5 is 8 as well. Where
would the 5 and the 2 have to stand?
"""

import numpy as np

from coursekit.exercise import Exercise


def windows_of(x):
    """Return the four windows of x (4, 4) as rows of four pixels."""
    return x.reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(4, 4)


def told_by(pair):
    """Say in words what a pair of arrays shows; these words are judged."""
    a, b = (np.asarray(one, dtype=float) for one in pair)
    largest = max(np.abs(a).max(), np.abs(b).max()) or 1.0
    a, b = windows_of(a / largest), windows_of(b / largest)
    small = 1e-6
    if np.any(a.max(axis=1) + b.max(axis=1) - (a + b).max(axis=1) > small):
        return "a pair that shows it"
    uniform_a, uniform_b = np.ptp(a, axis=1) <= small, np.ptp(b, axis=1) <= small
    if uniform_a.all() or uniform_b.all():
        return "no difference: one array is of one colour in every window"
    if np.all(uniform_a | uniform_b):
        return "no difference: in every window a or b is of one colour"
    if np.abs(a * np.abs(b).max() - b * np.abs(a).max()).max() <= small:
        return "no difference: one array is a multiple of the other"
    return "no difference: in every window a and b are largest in the same place"


exercise = Exercise(
    __name__,
    points=2,
    difficulty=2,
    minutes=8,
    section="Max pooling is not linear",
    measure=told_by,
    hints=(
        "One window is enough; the other twelve pixels of each array may be 0. When is "
        "the largest number of a sum not the sum of the largest numbers?",
        "The two poolings pick the largest pixel of a and the largest pixel of b, "
        "wherever they stand. In the sum they only add up if they stand in the same "
        "place. Put them in two places of one window.",
        "Almost code:\n\n"
        "    a = zeros of shape (4, 4), with a 1 in the window at the top left\n"
        "    b = zeros of shape (4, 4), with a 1 in the same window, elsewhere\n"
        "    return a, b",
    ),
)


@exercise.solution
def nonlinearity_witness():
    """Return (a, b), each (4, 4): max pooling of a + b is not the poolings' sum."""
    a, b = np.zeros((4, 4)), np.zeros((4, 4))
    a[0, 0] = 1
    b[0, 1] = 1
    return a, b


@exercise.wrong(
    "One of your arrays is a positive multiple of the other, and max pooling passes "
    "that part of the test: twice the image gives twice the largest numbers. Let a and "
    "b be largest in different places of one window."
)
def multiple():
    a = np.arange(16.0).reshape(4, 4)
    return a, 2 * a


@exercise.wrong(
    "One of your arrays holds one colour in every window (all zeros, or all the same "
    "number). That moves every pixel of a window by the same amount, and the largest "
    "stays the largest. Both arrays have to vary inside one window."
)
def one_colour_added():
    return np.arange(16.0).reshape(4, 4), np.full((4, 4), 3.0)


@exercise.wrong(
    "Your arrays vary, but never in the same window, and windows know nothing of each "
    "other. They lie side by side and do not overlap: the first holds rows 0 and 1, "
    "columns 0 and 1. Put both large pixels in one of them."
)
def in_different_windows():
    a, b = np.zeros((4, 4)), np.zeros((4, 4))
    a[0, 1] = b[0, 2] = 1
    return a, b


@exercise.wrong(
    "In every window a and b are largest in the same place, so their largest numbers "
    "meet in the sum. Let them stand in different places of one window."
)
def largest_in_the_same_place():
    a = np.arange(16.0).reshape(4, 4)
    return a, a**2


@exercise.wrong(
    "Your arrays have the shape of what comes out of the pooling (or of one window). "
    "Return the two images that go in, of shape (4, 4)."
)
def two_by_two():
    return np.array([[1.0, 0], [0, 0]]), np.array([[0.0, 1], [0, 0]])


@exercise.wrong(
    "Your arrays have axes for images and channels. Here each is a single picture, "
    "of shape (4, 4)."
)
def in_a_batch():
    a, b = nonlinearity_witness()
    return a[None, None], b[None, None]


@exercise.wrong(
    "You return more than the pair. Return a and b only; the sum is made of them."
)
def with_the_sum():
    a, b = nonlinearity_witness()
    return a, b, a + b


@exercise.wrong(
    "You return one array that holds both. Return a pair of two arrays: return a, b."
)
def stacked():
    return np.stack(nonlinearity_witness())


@exercise.alternative
def with_the_opposite():
    a = np.arange(16).reshape(4, 4)
    return a, -a


@exercise.alternative
def rising_against_falling():
    a = np.arange(16, dtype=np.float32).reshape(4, 4) / 100
    return [a, a[::-1, ::-1]]


@exercise.alternative
def only_in_the_last_window():
    a, b = np.ones((4, 4)), np.full((4, 4), -7.0)
    a[3, 2] = b[2, 2] = 1e300
    return a, b


@exercise.cases("what the pair shows", points=2)
def witness():
    yield ()

r"""Which class is taken for which?

An accuracy says how often a network is right, not where it errs. Write
`confusion_matrix(labels, predictions, n_classes)`: a table that counts.

- `labels` and `predictions` have shape `(N,)`: the right class and the predicted class
  of each image. NumPy arrays of whole numbers from 0 to `n_classes - 1`. N may be 0,
  and a class need not occur in either.
- Return an array of shape `(n_classes, n_classes)`. Its entry `[i, j]` is the number of
  images of class `i` that were predicted as `j`: **rows are labels**, columns are
  predictions.
- The counts are whole numbers: the array's dtype is one of NumPy's integers.
- Leave the arguments as they are. Any way of counting is fine.

**By hand.** Five images, three classes:

    labels      = 0 0 1 1 1      one 0 taken for 0, one 0 for 2      1 0 1
    predictions = 0 2 1 1 0      two 1s for 1, one 1 for 0           1 2 0
                                 no 2 at all                         0 0 0
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=8,
    seconds=30.0,  # scikit-learn counts as well, and takes a while to load
    section="Where it errs",
    dtype_graded=True,
    hints=(
        "Start with a table of zeros, of whole numbers, and go through the images: "
        "each one adds 1 to one entry. To which?",
        "`np.zeros(shape, dtype=int)` makes whole numbers. An image with label 1 and "
        "prediction 0 adds 1 to entry `[1, 0]`. `table[labels, predictions] += 1` "
        "looks right but counts a pair that occurs several times only once.",
        "Almost code:\n\n"
        "    table = zeros of shape (n_classes, n_classes), of dtype int\n"
        "    for each label and the prediction beside it:      # zip\n"
        "        add 1 to table[label, prediction]\n"
        "    return table",
    ),
)


@exercise.solution
def confusion_matrix(labels, predictions, n_classes):
    """Return how often class i (row) was predicted as class j (column)."""
    table = np.zeros((n_classes, n_classes), dtype=int)
    for label, prediction in zip(labels, predictions, strict=True):
        table[label, prediction] += 1
    return table


@exercise.alternative
def by_bincount(labels, predictions, n_classes):
    counts = np.bincount(labels * n_classes + predictions, minlength=n_classes**2)
    return counts.reshape(n_classes, n_classes)


@exercise.alternative
def by_matrix_product(labels, predictions, n_classes):
    ones = np.eye(n_classes, dtype=np.int32)
    return ones[labels].T @ ones[predictions]


@exercise.wrong(
    "Rows and columns are exchanged. The row is the label, the column the prediction: "
    "table[label, prediction]."
)
def transposed(labels, predictions, n_classes):
    return confusion_matrix(predictions, labels, n_classes)


@exercise.wrong(
    "The counts are right but of a floating dtype. np.zeros makes floats unless you "
    "ask for whole numbers: np.zeros(shape, dtype=int)."
)
def floating(labels, predictions, n_classes):
    return confusion_matrix(labels, predictions, n_classes).astype(float)


@exercise.wrong(
    "A pair that occurs several times is counted once: `table[labels, predictions] += "
    "1` reads all entries before it writes any. Use a loop, or np.add.at."
)
def counted_once(labels, predictions, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    table[labels, predictions] += 1
    return table


@exercise.wrong(
    "Each row of your table adds up to 1: those are shares of a class. Wanted are "
    "counts."
)
def shares(labels, predictions, n_classes):
    counts = confusion_matrix(labels, predictions, n_classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@exercise.wrong(
    "You made the table as large as the classes that occur. It has n_classes rows and "
    "columns, also for classes that nobody saw or predicted."
)
def only_what_occurs(labels, predictions, n_classes):
    seen = np.union1d(labels, predictions)
    places = (np.searchsorted(seen, one) for one in (labels, predictions))
    return confusion_matrix(*places, len(seen))


@exercise.wrong(
    "Your table counts the mistakes only. The diagonal belongs to it: there stand the "
    "images that were predicted right."
)
def mistakes_only(labels, predictions, n_classes):
    counts = confusion_matrix(labels, predictions, n_classes)
    return counts - np.diag(np.diag(counts))


@exercise.wrong(
    "Without any images, N = 0, your function breaks, as scikit-learn's does. The "
    "table of no images is one of zeros, of n_classes rows and columns."
)
def breaks_without_images(labels, predictions, n_classes):
    if len(labels) == 0:
        raise ValueError
    return confusion_matrix(labels, predictions, n_classes)


@exercise.cases("worked example", points=0.5)
def worked():
    yield np.array([0, 0, 1, 1, 1]), np.array([0, 2, 1, 1, 0]), 3


@exercise.cases("more classes", points=0.5)
def more():
    yield np.array([3, 1, 3, 0, 3, 1]), np.array([3, 1, 0, 3, 0, 1]), 4
    yield np.array([5, 5]), np.array([2, 5]), 6
    yield np.array([], dtype=int), np.array([], dtype=int), 2


@exercise.cases("edges of the rule", points=0.5, shown=False)
def edges():
    yield np.array([2, 2, 1], dtype=np.int8), np.array([0, 0, 2], dtype=np.int8), 4
    yield np.array([0, 0], dtype=np.uint8), np.array([0, 0], dtype=np.uint8), 1


@exercise.fresh("fresh predictions", points=0.5, draws=3)
def drawn(rng):
    classes, n = rng.integers(3, 7), rng.integers(5, 30)
    labels = rng.integers(0, classes, n)
    slips = rng.integers(0, classes, n)
    return labels, np.where(rng.random(n) < 0.6, labels, slips), int(classes)

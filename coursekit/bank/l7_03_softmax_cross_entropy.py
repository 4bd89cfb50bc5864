r"""The loss, and how each score pulls at it

The last layer gives every image one score for each class: its logits. Write
`softmax_cross_entropy(logits, labels)`: the loss of a batch, and its gradient.

- `logits` has shape `(N, C)`: N images, C classes; a NumPy array of floats. `labels`
  has shape `(N,)`: whole numbers from 0 to C - 1, the right class of each image.
- The softmax of a row `z` is `p[c] = exp(z[c]) / (exp(z[0]) + ... + exp(z[C-1]))`. The
  loss of an image is `-log(p[label])`, natural logarithm.
- Return a tuple `(loss, grad)`. `loss` is a number: the **mean** loss of the N images.
  `grad` has shape `(N, C)`: the derivative of that mean by each logit.
- Logits may be as large as 1000 and as small as -1000. Both results must then still be
  right: no overflow, no infinity, no NaN, and nothing cut off or added.
- Leave `logits` and `labels` as they are.

**By hand.** Two images, two classes, labels 1 and 0. `log` is the natural logarithm:

    logits = 0      log(3)      p = 1/4  3/4      loss of each image: log(4/3)
             log(4) 0               4/5  1/5                          log(5/4)

The mean loss is `(log(4/3) + log(5/4)) / 2 = log(5/3) / 2 = 0.2554`. The gradient is
`[[0.125, -0.125], [-0.1, 0.1]]`.
"""

import numpy as np

from coursekit.exercise import Exercise


def loss_scale(args, expected):
    """Return the largest exponent, and its share in an entry of the gradient.

    Without a shift the rounding of a logit is a relative error of its exponential.
    """
    largest = 1.0 + float(np.abs(args[0]).max())
    return largest / len(args[1]) if np.ndim(expected) else largest


exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=20,
    section="The loss",
    scale=loss_scale,
    hints=(
        "Write `-log(p[label])` with the definition of p in it, and simplify before "
        "you compute: the logarithm of a quotient is a difference. For the gradient, "
        "derive that difference by one logit.",
        "The loss of an image is `log(sum of exp(z)) - z[label]`. Nothing changes if "
        "you first take the largest logit of the **row** away from all its logits, and "
        "then no exp overflows. The gradient of one image is p, with 1 taken away at "
        "its label; and the loss is a mean over N images.",
        "Almost code:\n\n"
        "    z = logits - the largest of each row       # keepdims=True\n"
        "    log_p = z - log of the sum of exp(z) along each row\n"
        "    loss = minus the mean of log_p[image, its label] over all images\n"
        "    grad = exp(log_p), with 1 taken away at [image, its label]\n"
        "    return loss, grad / N",
    ),
)


@exercise.solution
def softmax_cross_entropy(logits, labels):
    """Return (mean loss, its gradient by the logits (N, C)) for labels (N,)."""
    images = np.arange(len(labels))
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    grad = np.exp(log_p)
    grad[images, labels] -= 1
    return -log_p[images, labels].mean(), grad / len(labels)


def parts(logits, labels):
    """Return softmax, the labels as rows with a single 1, and the number of images."""
    z = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return p, np.eye(logits.shape[1])[labels], len(labels)


@exercise.alternative
def by_logaddexp(logits, labels):
    total = np.logaddexp.reduce(logits, axis=1)
    ones = np.eye(logits.shape[1])[labels]
    p = np.exp(logits - total[:, None])
    return float(np.mean(total - (logits * ones).sum(axis=1))), (p - ones) / len(labels)


@exercise.alternative
def image_by_image(logits, labels):
    loss, grad = 0.0, np.zeros(logits.shape)
    for n, (z, label) in enumerate(zip(logits, labels, strict=True)):
        powers = [np.exp(one - max(z)) for one in z]
        loss += np.log(sum(powers)) + max(z) - z[label]
        grad[n] = [power / sum(powers) for power in powers]
        grad[n, label] -= 1
    return loss / len(labels), grad / len(labels)


@exercise.alternative
def in_single_precision(logits, labels):
    loss, grad = softmax_cross_entropy(logits.astype(np.float32), labels)
    return np.float32(loss), grad.astype(np.float32)


def softmaxed(logits, labels, shift):
    """Return what softmax, then its logarithm, gives after a shift of the logits."""
    images = np.arange(len(labels))
    with np.errstate(all="ignore"):
        powers = np.exp(logits - shift)
        p = powers / powers.sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(p[images, labels]))
    return loss, (p - np.eye(logits.shape[1])[labels]) / len(labels)


@exercise.wrong(
    "exp of a large logit overflows, and of logits far below 0 only zeros are left. "
    "Take the largest logit of each row away first: the softmax stays the same."
)
def not_shifted(logits, labels):
    return softmaxed(logits, labels, 0)


@exercise.wrong(
    "You took the largest logit of the whole batch away. Rows with much smaller logits "
    "then lose all their exponentials to zero: use each row's own largest logit."
)
def one_shift_for_all(logits, labels):
    return softmaxed(logits, labels, logits.max())


@exercise.wrong(
    "You took the logarithm of a softmax that can have rounded to 0, which gives "
    "infinity. Take the logarithm on paper first: z[label] - log(sum of exp(z))."
)
def logarithm_of_zero(logits, labels):
    return softmaxed(logits, labels, logits.max(axis=1, keepdims=True))


def kept_from_zero(how, small, change):
    """Add the wrong answer that changes p before its logarithm is taken."""

    def wrong(logits, labels):
        p, ones, n = parts(logits, labels)
        loss = -np.mean(np.log(change((p * ones).sum(axis=1), small)))
        return loss, (p - ones) / n

    wrong.__name__ = f"{how.split()[0]}_{small:.0e}".replace("-", "_")
    exercise.wrong(
        f"You {how.format(f'{small:.0e}')}, to keep the logarithm away from 0. That "
        "changes every loss in its last digits and caps the large ones: an image that "
        "is far off must cost its full price. z[label] - log(sum of exp(z)) needs no "
        "such help."
    )(wrong)


for small in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7):
    kept_from_zero("added {} to the softmax", small, np.add)
for small in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7):
    kept_from_zero("raised the softmax to at least {}", small, np.maximum)
    kept_from_zero(
        "clipped the softmax at {} and at 1 minus that",
        small,
        lambda p, small: np.clip(p, small, 1 - small),
    )


@exercise.wrong(
    "The gradient is N times too large. The loss is a mean over the batch, so every "
    "image has only 1/N of a say: divide the gradient by N, too."
)
def gradient_of_the_sum(logits, labels):
    loss, grad = softmax_cross_entropy(logits, labels)
    return loss, grad * len(labels)


@exercise.wrong(
    "You added the losses of the images up. The loss of a batch is their mean, "
    "or it would grow with the batch; the same holds for the gradient."
)
def summed(logits, labels):
    loss, grad = softmax_cross_entropy(logits, labels)
    return loss * len(labels), grad * len(labels)


@exercise.wrong(
    "`p[:, labels]` takes these columns of every row: each image pays for the labels "
    "of all. Pair rows and labels: p[np.arange(N), labels]."
)
def columns_of_all_labels(logits, labels):
    shares = softmaxed(logits, labels, logits.max(axis=1, keepdims=True))[1]
    p = shares * len(labels) + np.eye(logits.shape[1])[labels]
    logs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    p[:, labels] -= 1
    return -logs[:, labels].mean(), p / len(labels)


@exercise.wrong(
    "In the gradient `grad[:, labels] -= 1` takes 1 from these columns in every row. "
    "Pair rows and labels: grad[np.arange(N), labels] -= 1."
)
def gradient_of_all_labels(logits, labels):
    return softmax_cross_entropy(logits, labels)[0], columns_of_all_labels(
        logits, labels
    )[1]


@exercise.wrong(
    "In the loss `p[:, labels]` takes these columns of every row: each image pays for "
    "the labels of all. Pair rows and labels: p[np.arange(N), labels]."
)
def loss_of_all_labels(logits, labels):
    return columns_of_all_labels(logits, labels)[0], softmax_cross_entropy(
        logits, labels
    )[1]


@exercise.wrong("You divided by all N * C logits. The mean is taken over the N images.")
def mean_over_everything(logits, labels):
    loss, grad = softmax_cross_entropy(logits, labels)
    return loss / logits.shape[1], grad / logits.shape[1]


@exercise.wrong(
    "Your gradient is the softmax alone. The logit of the right class appears a second "
    "time in the loss, with a minus: take 1 away at each image's label."
)
def label_not_subtracted(logits, labels):
    p, _, n = parts(logits, labels)
    return softmax_cross_entropy(logits, labels)[0], p / n


@exercise.wrong(
    "The gradient has the wrong sign. A larger score for the right class lowers the "
    "loss, so the gradient is negative there."
)
def gradient_negated(logits, labels):
    loss, grad = softmax_cross_entropy(logits, labels)
    return loss, -grad


@exercise.wrong(
    "Your softmax runs over the images: each column adds up to 1. The classes of one "
    "image compete, so each row must: sum along axis 1."
)
def over_the_images(logits, labels):
    powers, ones = np.exp(logits - logits.max(axis=0)), np.eye(logits.shape[1])[labels]
    p = powers / powers.sum(axis=0)
    with np.errstate(all="ignore"):
        loss = -np.mean(np.log((p * ones).sum(axis=1)))
    return loss, (p - ones) / len(labels)


@exercise.cases("worked example", points=1)
def worked():
    yield np.log([[1.0, 3], [4, 1]]), np.array([1, 0])


@exercise.cases("several images", points=1)
def several():
    yield np.array([[0.5, -1, 2], [1, 0, -2]]), np.array([2, 0])
    yield (
        np.array([[1.0, 2, 0.5, -1], [0, 3, 1, 1], [-2, 0, 1, 4]]),
        np.array([3, 1, 1]),
    )
    yield np.zeros((1, 5)), np.array([4])
    yield np.array([[40.0, 0, 1]]), np.array([0])


@exercise.cases("very large and very small logits", points=1)
def extreme():
    yield np.array([[1000.0, 999], [998, 1000]]), np.array([1, 1])
    yield np.array([[3.0, 1], [-1000, -999]]), np.array([0, 1])
    yield np.array([[1000.0, 0, -1000], [-1000, 1000, 0]]), np.array([2, 0])


@exercise.fresh("fresh batches", points=1, draws=3)
def drawn(rng):
    n, c = rng.integers(2, 6, 2)
    return rng.integers(-8, 9, (n, c)) / 2, rng.integers(0, c, n)

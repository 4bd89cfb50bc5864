r"""Learn the kernel from examples

Nobody tells you the kernel, but you have an image `x` and the output `y` that you want.
Write `learn_kernel(x, y, k0, lr, steps)`: find the kernel by gradient descent.

- `x` has shape `(H, W)`, `y` has shape `(oH, oW)`, and the starting kernel `k0` has
  shape `(H - oH + 1, W - oW + 1)`; all NumPy arrays of floats.
- The loss is the **mean** squared error: the sum of `(corr2d(x, k) - y)**2` over all
  outputs, divided by their number `oH * oW`. Kernel not flipped, no padding, no bias.
- Start from `k0`. Do `steps` steps (at least 1) of plain gradient descent: in each,
  compute the gradient of the loss at the kernel you have now, and take `lr` times that
  gradient away from the kernel. No momentum, no early stop.
- Return the kernel after the last step. Leave `k0`, `x` and `y` as they are.

Two functions are given, so that this exercise stands by itself: `correlate(x, k)` is
the correlation of this lesson, `kernel_gradient(x, upstream)` the gradient of the
kernel for d loss / d output. Use them, or your own.

**By hand.** One step from `k0 = 0 1` with `lr = 0.1`:

    x = 1 2 0 4 1      output     2  0  4  1
                       y          0  2  2 -1
                       error      2 -2  2  2
                       upstream   1 -1  1  1      which is 2 * error / 4

The loss is `(4 + 4 + 4 + 4) / 4 = 4`. Its gradient is `1*1 - 1*2 + 1*0 + 1*4 = 3` for
the first entry of the kernel and `1*2 - 1*0 + 1*4 + 1*1 = 7` for the second. The new
kernel is `(0, 1) - 0.1 * (3, 7) = (-0.3, 0.3)`.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=5,
    difficulty=4,
    minutes=25,
    section="Learning a kernel",
    hints=(
        "Each step has three parts: what does the kernel give now, how far off is "
        "that, and which way should the kernel move? All three change with every step.",
        "With `error = output - y`, the derivative of the mean squared error by one "
        "output is `2 * error / (number of outputs)`. This is the upstream that the "
        "gradient of the kernel asks for. Downhill is against the gradient.",
        "Almost code:\n\n"
        "    k = a copy of k0\n"
        "    repeat `steps` times:\n"
        "        error = correlation of x with k, minus y\n"
        "        gradient = kernel_gradient of x, with 2 * error / size of error\n"
        "        k = k - lr * gradient\n"
        "    return k",
    ),
)


@exercise.given
def correlate(x, k):
    """Return corr2d(x, k). Given; no need to read how (by a Fourier transform)."""
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(k, x.shape))
    h, w = x.shape[0] - k.shape[-2] + 1, x.shape[1] - k.shape[-1] + 1
    return np.fft.irfft2(product, x.shape)[..., :h, :w]


@exercise.given
def kernel_gradient(x, upstream):
    """Return d loss / d k for d loss / d output = upstream. Given."""
    h, w = x.shape[0] - upstream.shape[0] + 1, x.shape[1] - upstream.shape[1] + 1
    single_ones = np.eye(h * w).reshape(h * w, h, w)  # a 1 in each place of k in turn
    return np.sum(upstream * correlate(x, single_ones), axis=(1, 2)).reshape(h, w)


@exercise.solution
def learn_kernel(x, y, k0, lr, steps):
    """Return the kernel after `steps` steps of gradient descent from k0."""
    k = k0.copy()
    for _ in range(steps):
        error = correlate(x, k) - y
        k -= lr * kernel_gradient(x, 2 * error / error.size)
    return k


def windows_as_rows(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return windows.reshape(-1, k.size)


@exercise.alternative
def by_matrix(x, y, k0, lr, steps):
    rows, k = windows_as_rows(x, k0), k0.ravel()
    for _ in range(steps):
        k = k - lr * 2 / y.size * (rows.T @ (rows @ k - y.ravel()))
    return k.reshape(k0.shape)


@exercise.wrong(
    "The factor 2 of the derivative is missing, so each step is half as long as "
    "it should be: the derivative of error squared is 2 * error."
)
def without_the_two(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr / 2, steps)


@exercise.wrong(
    "You used the sum of the squared errors. The loss is their mean: "
    "divide by the number of outputs."
)
def summed(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr * y.size, steps)


@exercise.wrong(
    "You used the error itself as the derivative of the loss. The derivative of the "
    "mean squared error also has a factor 2, and divides by the number of outputs."
)
def error_as_derivative(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr * y.size / 2, steps)


@exercise.wrong(
    "You divided by the number of pixels of x. The mean is taken over the outputs, "
    "and there are fewer of them."
)
def divided_by_the_pixels(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr * y.size / x.size, steps)


@exercise.wrong(
    "The kernel walks uphill, and the loss grows with every step. "
    "Check the sign: of the step, or of output - y."
)
def ascended(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, -lr, steps)


@exercise.wrong(
    "The gradient was computed once, for k0, and used in every step. "
    "Compute output, error and gradient anew for the kernel you have now."
)
def stale_gradient(x, y, k0, lr, steps):
    return k0 + steps * (by_matrix(x, y, k0, lr, 1) - k0)


@exercise.wrong(
    "Only one step was made. Does `return` stand inside the loop, "
    "or does every round start from k0 again?"
)
def one_step(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr, 1)


@exercise.wrong(
    "One step too few was made. range(1, steps) makes steps - 1 rounds: "
    "count from 0, or up to and including steps."
)
def one_step_short(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr, steps - 1)


@exercise.wrong(
    "One step too many was made. range(steps + 1) makes steps + 1 rounds: "
    "range(steps) counts from 0, so it has `steps` already."
)
def one_step_more(x, y, k0, lr, steps):
    return by_matrix(x, y, k0, lr, steps + 1)


@exercise.wrong("You did not start from k0 but from a kernel of zeros.")
def started_from_zeros(x, y, k0, lr, steps):
    return by_matrix(x, y, np.zeros(k0.shape), lr, steps)


@exercise.wrong(
    "The gradient is turned by half a turn before it is used. Entry [0, 0] of the "
    "gradient belongs to entry [0, 0] of the kernel: nothing is flipped here."
)
def gradient_turned(x, y, k0, lr, steps):
    rows, k = windows_as_rows(x, k0), k0.ravel()
    for _ in range(steps):
        k = k - lr * 2 / y.size * (rows.T @ (rows @ k - y.ravel()))[::-1]
    return k.reshape(k0.shape)


@exercise.alternative
def in_single_precision(x, y, k0, lr, steps):
    singles = (a.astype(np.float32) for a in (x, y, k0))
    return by_matrix(*singles, np.float32(lr), steps).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    x, y = np.array([[1.0, 2, 0, 4, 1]]), np.array([[0.0, 2, 2, -1]])
    yield x, y, np.array([[0.0, 1]]), 0.1, 1


@exercise.cases("several steps", points=2)
def several_steps():
    band = np.ones((3, 6))
    band[:, 2:5] = 0
    yield band, band[:, :-1] - band[:, 1:], np.array([[0.5, 0.25]]), 0.2, 3
    x = np.array([[1.0, -2, 0, 3], [2, 1, -1, 0], [0, 1, 2, -3], [-1, 3, 1, 2]])
    y = np.array([[1.0, 0, -1], [2, -3, 0]])
    yield x, y, np.array([[0.5, 1], [-1, 2], [3, -2]]), 0.05, 4


@exercise.fresh("fresh images", points=2, draws=3)
def drawn(rng):
    k_h, k_w = rng.choice([(1, 2), (2, 3), (3, 2), (2, 2)])
    h, w = k_h + rng.integers(1, 4), k_w + rng.integers(2, 4)
    x, k0 = rng.integers(-4, 5, (h, w)) / 2, rng.integers(-4, 5, (k_h, k_w)) / 2
    y = rng.integers(-4, 5, (h - k_h + 1, w - k_w + 1)) / 2
    return x, y, k0, 0.05, int(rng.integers(2, 5))

r"""The gradient of the kernel

A loss is computed from the output `y = corr2d(x, k)`. To learn `k` we must know how
the loss changes with each of its entries. Write `corr2d_kernel_grad(x, upstream)`.

- `x` has shape `(H, W)`: the image. `upstream` has shape `(oH, oW)`, the shape of the
  output `y`: its entry `[i, j]` is d loss / d y[i, j]. NumPy arrays of integers or of
  floats, not always of the same kind.
- Return d loss / d k, an array of the kernel's shape. With no padding the kernel was
  `(H - oH + 1, W - oW + 1)`: you can tell its shape although you do not get `k`.
- `corr2d` is the correlation of this lesson: `y[i, j]` is the sum of
  `x[i+a, j+b] * k[a, b]` over all `a` and `b`; kernel not flipped, no padding.
- Sum over all outputs; do not average. Leave `x` and `upstream` as they are.

**By hand.** With two outputs, `upstream = 10 1`, the kernel had shape (2, 2):

    x = 1 2 4      y[0,0] = 1*k[0,0] + 2*k[0,1] + 3*k[1,0] + 5*k[1,1]
        3 5 8      y[0,1] = 2*k[0,0] + 4*k[0,1] + 5*k[1,0] + 8*k[1,1]

`k[0,0]` meets 1 in the first output and 2 in the second, so its gradient is
`10*1 + 1*2 = 12`. All four: `[[12, 24], [35, 58]]`.
"""

import numpy as np

from coursekit.exercise import Exercise
from coursekit.exercise.scales import bilinear_scale

exercise = Exercise(
    __name__,
    points=4,
    difficulty=4,
    minutes=20,
    section="Learning a kernel",
    scale=bilinear_scale,
    hints=(
        "Fix one entry of the kernel, say `k[0, 0]`. Which pixel does it meet when "
        "output `[i, j]` is computed? Every output pulls at it, as strongly as its "
        "upstream says.",
        "`k[a, b]` meets pixel `x[i+a, j+b]` for output `[i, j]`. So its gradient is "
        "the sum of `upstream[i, j] * x[i+a, j+b]` over all outputs. Compare this "
        "with the formula of a correlation: what slides over what?",
        "Almost code:\n\n"
        "    grad = zeros (floats) of shape (H - oH + 1, W - oW + 1)\n"
        "    for every a, b of grad:\n"
        "        grad[a, b] = the sum of upstream * (part of x from [a, b],\n"
        "                                            as large as upstream)\n"
        "    return grad",
    ),
)


@exercise.solution
def corr2d_kernel_grad(x, upstream):
    """Return d loss / d k for y = corr2d(x, k), given upstream = d loss / d y."""
    o_h, o_w = upstream.shape
    grad = np.zeros((x.shape[0] - o_h + 1, x.shape[1] - o_w + 1))
    for a, b in np.ndindex(grad.shape):
        grad[a, b] = np.sum(upstream * x[a : a + o_h, b : b + o_w])
    return grad


@exercise.wrong(
    "Your gradient is turned by half a turn: entry [0, 0] belongs to k[0, 0], "
    "which meets the top left pixel of each window."
)
def result_turned(x, upstream):
    return corr2d_kernel_grad(x, upstream)[::-1, ::-1]


@exercise.wrong(
    "You turned upstream by half a turn. That belongs to the gradient of the image; "
    "for the kernel, output [i, j] pulls with upstream[i, j] at pixel [i+a, j+b]."
)
def upstream_turned(x, upstream):
    return corr2d_kernel_grad(x, upstream[::-1, ::-1])


@exercise.wrong(
    "You summed the pixels without their upstream, as if every output mattered "
    "equally to the loss. Weigh each pixel with the upstream of its output."
)
def forgot_upstream(x, upstream):
    return corr2d_kernel_grad(x, np.ones(upstream.shape))


@exercise.wrong(
    "You added upstream up first and gave each pixel the same share. "
    "Each output has its own upstream, and its own window of pixels."
)
def upstream_as_one_number(x, upstream):
    return corr2d_kernel_grad(x, np.full(upstream.shape, upstream.sum()))


@exercise.wrong(
    "Only the last output is left in your gradient: each output replaced the one "
    "before it. All of them pull at every entry of the kernel, so add them up."
)
def overwritten(x, upstream):
    o_h, o_w = upstream.shape
    return x[o_h - 1 :, o_w - 1 :] * upstream[-1, -1]


@exercise.wrong(
    "You divided by the number of outputs. If the loss takes a mean, upstream "
    "contains it already: here the outputs are summed."
)
def averaged(x, upstream):
    return corr2d_kernel_grad(x, upstream) / upstream.size


@exercise.wrong(
    "Rows and columns of your gradient are exchanged. "
    "Its first index is the row of the kernel."
)
def transposed(x, upstream):
    return corr2d_kernel_grad(x, upstream).T


@exercise.wrong(
    "You let upstream hang over the border of the image, so the gradient is larger "
    "than the kernel. Use only the places where it lies on the image."
)
def hung_over(x, upstream):
    o_h, o_w = upstream.shape
    framed = np.pad(x, ((o_h - 1, o_h - 1), (o_w - 1, o_w - 1)))
    return corr2d_kernel_grad(framed, upstream)


@exercise.wrong(
    "The fractions were cut off: your gradient takes its kind of number from x, "
    "and x may hold integers while upstream holds fractions."
)
def truncated(x, upstream):
    return corr2d_kernel_grad(x, upstream).astype(x.dtype)


@exercise.wrong(
    "The sign is turned round. A step of gradient descent goes against the gradient; "
    "the gradient itself has no minus."
)
def negative(x, upstream):
    return -corr2d_kernel_grad(x, upstream)


@exercise.wrong(
    "Only the first output counts in your gradient. Every output pulls at the kernel, "
    "with its own window of x: add up over all outputs."
)
def first_output_only(x, upstream):
    k_h, k_w = corr2d_kernel_grad(x, upstream).shape
    return x[:k_h, :k_w] * upstream[0, 0]


@exercise.wrong(
    "You used the first window of x for all outputs. Output [i, j] has a window of "
    "its own, which starts at [i, j]: weigh each with its upstream and add them up."
)
def one_window(x, upstream):
    k_h, k_w = corr2d_kernel_grad(x, upstream).shape
    return x[:k_h, :k_w] * upstream.sum()


@exercise.wrong(
    "You multiplied upstream with one part of x and did not add up, so your answer has "
    "the shape of the output. Each entry of the gradient is a sum over all outputs."
)
def one_place(x, upstream):
    o_h, o_w = upstream.shape
    return x[:o_h, :o_w] * upstream


@exercise.wrong(
    "That is the gradient of one entry, k[0, 0]: one number. There is one for every "
    "entry [a, b] of the kernel, from the part of x that starts at [a, b]."
)
def one_entry(x, upstream):
    o_h, o_w = upstream.shape
    return np.sum(x[:o_h, :o_w] * upstream)


@exercise.alternative
def by_windows(x, upstream):
    windows = np.lib.stride_tricks.sliding_window_view(x, upstream.shape)
    return np.tensordot(windows, upstream)


@exercise.alternative
def by_adding_windows(x, upstream):
    o_h, o_w = upstream.shape
    k_h, k_w = x.shape[0] - o_h + 1, x.shape[1] - o_w + 1
    return sum(
        upstream[i, j] * x[i : i + k_h, j : j + k_w] for i, j in np.ndindex(o_h, o_w)
    )


@exercise.alternative
def in_single_precision(x, upstream):
    return corr2d_kernel_grad(x, upstream).astype(np.float32)


@exercise.cases("worked example", points=1)
def worked():
    yield np.array([[1, 2, 4], [3, 5, 8]]), np.array([[10, 1]])


@exercise.cases("uneven sizes, negative numbers", points=1)
def uneven():
    x = np.array([[3.0, -1, 4, 1, -5], [9, -2, 6, 5, -3], [5, 8, -9, 7, 9]])
    yield x, np.array([[1.0, -2], [0.5, 3]])
    yield x.T, np.array([[2.0, -1], [7, 3], [-4, 1]])
    yield np.array([[2, -7, 1], [8, 2, -8]]), np.array([[0.5, 0.25]])


@exercise.cases("edges of the rule", points=1, shown=False)
def edges():
    x = np.arange(60.0).reshape(6, 10) ** 2 % 17
    yield x[:2, :3], np.array([[-2.0]])
    yield x[:3, :4], x[2:5, 3:7] - 8
    yield x[::2, ::-3], np.array([[1.0, 2, -3], [-4, 3, 5]])


@exercise.fresh("fresh images", points=1)
def drawn(rng):
    o_h, o_w = rng.choice([(2, 3), (3, 2), (2, 2), (3, 4)])
    h, w = o_h + rng.integers(1, 3), o_w + rng.integers(1, 4)
    return rng.integers(-9, 10, (h, w)) / 2, rng.integers(-9, 10, (o_h, o_w)) / 2

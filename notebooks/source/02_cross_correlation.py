# %% [markdown]
# # 2. Cross-correlation
#
# **How can nine numbers find every edge in a photograph, and who chooses the nine numbers?**
#
# A dense layer looks at a whole image at once and learns each place by itself. This lesson
# replaces it by one small window that looks everywhere in turn: the operation that gives
# convolutional networks their name.
#
# When you are done, you will be able to
#
# - work out a cross-correlation by hand in one and two dimensions, and predict its size;
# - say how it differs from a convolution, and which of the two a library gives you;
# - read a kernel: tell from its numbers whether it blurs, sharpens or finds edges;
# - fold a chain of kernels into one;
# - derive the gradient of a kernel, check it with autograd, and learn a kernel from data.
#
# **Time:** about 90 minutes, and a good two hours for the ten exercises.
#
# **You need:** Python, NumPy arrays, matrix products, partial derivatives. No internet is
# needed, and nothing from lesson 1 that is not repeated here.

# %% [markdown]
# All imports stand here. `fast` holds the operations of this course, `plots` the figures and
# `data` the photographs. A `Predict` asks you for an answer *before* the code gives it: run
# the cell, commit yourself, and only then read on. A wrong guess that you made costs
# nothing and teaches more than a right answer that you read.

# %%
import numpy as np
import torch
from scipy import ndimage, signal

from coursekit import data, fast, plots
from coursekit.widgets import Predict, StepCorrelation

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## One dimension
#
# ### A window slides along a signal
#
# Here are ten samples of a signal, and a **kernel** of two numbers. Lay the kernel on the
# first two samples, multiply what lies on top of each other, and add up: that sum is the
# first output. Then move the kernel one sample to the right and do it again.
#
# Work out the window that starts at position 2 by hand. Its samples are 0 and 1, the
# kernel is (-1, 1), so the output there is $-1 \cdot 0 + 1 \cdot 1 = 1$. Written as code, one
# window is a slice, and a sum of products is the operator `@`:

# %%
x = np.array([0, 0, 0, 1, 2, 3, 4, 4, 4, 4])
k = np.array([-1, 1])
print(x[2:4] @ k)

# %% [markdown]
# How many outputs will there be? The last window must still fit on the signal, so the kernel
# cannot start at the last sample: one of its two weights would hang over the end. Count the
# places where it can start, and decide before you run the cell.

# %%
Predict(
    "A kernel of 2 slides along 10 samples. How many outputs does it leave?",
    answer=9,
    why="A window of w starts at 0, 1, ..., W - w: that is W - w + 1 places, 10 - 2 + 1.",
    wrong={
        8: "Count places, not steps: the first place counts as well.",
        10: "At the last sample the window would hang over the end.",
        5: "Windows are no tiles: each starts one sample after the one before.",
    },
)

# %% [markdown] facts=["l2-1d-length"]
# On a signal of $W$ samples, a window of $w$ samples starts at 0, 1, and so on up to $W - w$. That
# makes $W - w + 1$ places, one more than the difference: you count the fence posts, not the gaps
# between them.
#
# The whole operation is one slice for each start, collected in an array. This loop *is* the
# definition, so you see it once in full. Later you call `fast.corr1d`, which gives the same
# numbers without a loop in Python.


# %% facts=["l2-1d-length", "l2-1d-derivative"]
def corr1d(x, k):
    """Slide k along x; each output is the sum of products of one window."""
    starts = range(len(x) - len(k) + 1)
    return np.array([x[i : i + len(k)] @ k for i in starts])


corr1d(x, k)

# %% [markdown]
# ### A kernel that subtracts finds change
#
# Read these numbers as a sentence about the signal: nothing happens, then it rises by one in
# each of four steps, then nothing happens again. Each output is $x_{i+1} - x_i$, so this
# kernel is a **derivative**: zero where the signal is flat, however high it lies, and
# positive where it climbs. The figure shows the signal on top and the response below. The
# response is 1 at the four places where the signal climbs and 0 on both plateaus.

# %% facts=["l2-1d-derivative"]
plots.signals(signal=x, response=corr1d(x, k))

# %% [markdown]
# ### A kernel that adds gathers evidence
#
# Now let both weights be 1. Each output adds two neighbours, so single weak samples stay
# weak while strong neighbours support each other. Try it on a signal with two strong groups
# and some faint noise between them.
#
# Do the place where the noise meets the second group by hand: the two samples there are 0.2
# and 1, and their sum is 1.2. Which place is that? Count from zero before you look.

# %% facts=["l2-1d-sum"]
noisy = np.array([0, 0, 1, 1, 0, 0.1, 0.2, 1, 1, 1, 0])
corr1d(noisy, np.array([1, 1]))

# %% [markdown]
# Two kernels of two numbers, and two quite different questions put to a signal: "where does
# it change?" and "where is there much of it?". A kernel *is* a question, and the output is
# its answer at every place. The figure shows the noisy signal on top and its sums below.
# The sums reach 2 where two full samples lie side by side, and stay near 0 in the faint part.

# %% facts=["l2-1d-sum"]
plots.signals(signal=noisy, response=corr1d(noisy, np.array([1, 1])))

# %% [markdown]
# ## Two dimensions
#
# ### The same window on a grid
#
# An image is a grid, so the window becomes a rectangle and slides along two axes. Lay a 2 x 2
# kernel on the upper left corner of a 3 x 3 image, multiply cell by cell, and add:
#
# $$0 \cdot 0 + 1 \cdot 1 + 3 \cdot 2 + 4 \cdot 3 = 19$$
#
# The other three windows go the same way: one step to the right
# $1 \cdot 0 + 2 \cdot 1 + 4 \cdot 2 + 5 \cdot 3 = 25$, one step down
# $3 \cdot 0 + 4 \cdot 1 + 6 \cdot 2 + 7 \cdot 3 = 37$, and down and right
# $4 \cdot 0 + 5 \cdot 1 + 7 \cdot 2 + 8 \cdot 3 = 43$. The first of them as code, product by
# product:

# %% facts=["l2-2d-worked"]
x = np.arange(9).reshape(3, 3)
k = np.array([[0, 1], [2, 3]])
x[:2, :2] * k

# %% [markdown]
# Those four products sum to 19. Here is the whole operation. Two loops walk over all places
# of the window, and one line does the work at each place. Read the line with `window` aloud:
# it is a rectangle of the image, as large as the kernel, whose upper left corner is at
# row `i` and column `j`. The output has as many rows and columns as there are starts, so
# the rule from one dimension holds along each axis.


# %% facts=["l2-2d-worked"]
def corr2d(x, k):
    """Slide k over x; each output is the sum of products of one window."""
    (n_h, n_w), (k_h, k_w) = x.shape, k.shape
    out = np.zeros((n_h - k_h + 1, n_w - k_w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = x[i : i + k_h, j : j + k_w]
            out[i, j] = (window * k).sum()
    return out


corr2d(x, k)

# %% [markdown]
# The four numbers are the four sums you wrote down. Each output cell has the place of its
# window's upper left corner. The figure shows the image, the kernel and the output beside
# each other, with cells of one size: the output is smaller than the image by one row and one
# column, because a window of two rows has one place less than there are rows.

# %% facts=["l2-2d-worked"]
plots.grids(image=x, kernel=k, output=corr2d(x, k))

# %% [markdown]
# ### How large is the output?
#
# Nothing asks for squares. Take an image of 6 rows and 8 columns, and a kernel of 3 rows and
# 2 columns. The window moves along the rows and along the columns independently, so count the
# starts along each axis by itself. Answer with the number of rows first, as NumPy does.

# %%
Predict(
    "A 3 x 2 kernel slides over a 6 x 8 image. What is the shape of the output?",
    answer=(4, 7),
    why="Along the rows 6 - 3 + 1 = 4 places, along the columns 8 - 2 + 1 = 7.",
    wrong={
        (7, 4): "Height comes first.",
        (3, 6): "Count places, not steps: the first one counts along each axis.",
        (5, 6): "The 3 belongs to the 6 rows, the 2 to the 8 columns.",
        (6, 8): "Nothing is padded, so the windows at the border are missing.",
    },
)

# %% [markdown] facts=["l2-2d-shape-bias"]
# With an image of $n_h \times n_w$ and a kernel of $k_h \times k_w$, the output has
# $(n_h - k_h + 1) \times (n_w - k_w + 1)$ cells. In a network one more number belongs to the
# kernel: a **bias**, added to every output alike. It moves the level from which the next step
# looks at the response, and it changes no shape. One bias serves the whole output, not one
# for each cell. The code first counts the shape that you predicted. Then it adds a bias of 10 to
# our four numbers, which become 29, 35, 47 and 53:

# %% facts=["l2-2d-shape-bias"]
bias = 10
print(corr2d(np.ones((6, 8)), np.ones((3, 2))).shape)
corr2d(x, k) + bias

# %% [markdown]
# ### Matching a pattern
#
# The next image holds only 0 and 1: a broad diagonal stroke. The kernel has ones on both of
# its diagonals, so with such an image each output simply *counts* how many of five chosen
# pixels are lit. A 5 is a perfect match, a 0 is none at all.
#
# The figure shows the image on the left and the kernel on the right, every number in its cell.

# %%
rows = ["11100", "01110", "00111", "00110", "01100"]
stroke = np.array([list(row) for row in rows], int)
cross = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
plots.grids(image=stroke, kernel=cross)

# %% [markdown]
# Count the first window yourself. Look at the upper left 3 x 3 pixels of the image, and there
# only at the four corners and the centre, where the kernel has its ones. The other four pixels
# are multiplied by zero, so they may be lit or not.

# %%
Predict(
    "What is the first output, at the upper left corner of the image?",
    answer=4,
    why="The corners hold 1, 1, 0 and 1, and the centre 1: four of the five are lit.",
    wrong={
        5: "One of the five pixels under the cross is dark.",
        6: "That is every lit pixel of the window; where the kernel is 0 it does not count.",
    },
)

# %% [markdown]
# Now let the window walk. The explorer below traces *your* `corr2d`, the function you ran
# above, one window after the other: it shows the nine products, their sum, and the cell that
# the sum fills. Press Next, then go on with the arrow keys, back as well as forward. Put the
# pointer on an output to see its window, or on a pixel to see every output that looks at it.
# Find the pixel that lies in the most windows.

# %% facts=["l2-binary-5x5"]
StepCorrelation(stroke, cross, fn=corr2d)

# %% [markdown]
# When the window has visited all nine places, the output is complete. Compare it with the
# cells that you filled one at a time. No window matches perfectly, since this stroke lights at
# most four of the five pixels. And the pixel you were asked to find is the one in the centre
# of the image: all nine windows see it (though four of them multiply it by 0), while a corner
# pixel is seen by one.

# %% facts=["l2-binary-5x5"]
corr2d(stroke, cross)

# %% [markdown]
# ### One output is one dot product
#
# > **A word ahead: channel.** A colour image is 3 x height x width, with one picture for red, one for
# > green and one for blue; each of them is a channel. A kernel for it has three channels too
# > (lesson 3; [glossary](00_start_here.ipynb#Glossary)).
#
# Flatten one window and the kernel, and the sum of products is a dot product
# $\mathbf w \cdot \mathbf x + b$: what one neuron of a dense layer computes, except that it sees
# only its window. A kernel of 5 x 5 over three channels therefore makes 3 · 5 · 5 = 75 products
# for each output number. Any numbers will do to check it:

# %% facts=["l2-window-dot-product"]
rng = np.random.default_rng(2)
window, weights = rng.standard_normal((2, 3, 5, 5))
b = 0.5
as_dot_product = weights.ravel() @ window.ravel() + b
print(weights.size, np.isclose(as_dot_product, (weights * window).sum() + b))

# %% [markdown]
# ## From a window to a loss
#
# ### Six by six pixels, nine weights
#
# > **A word ahead: stride.** The window may advance by more than one cell; that step is the
# > stride. Lesson 4 is about it; the [glossary](00_start_here.ipynb#Glossary) has it in one line.
#
# You can follow one number through a complete network. The image holds 1 to 36, and the 3 x 3
# kernel moves in steps of 2, so only four windows fit. The figure shows the image with the four
# windows framed. They overlap: pixel 15 lies in all of them.

# %% facts=["l2-6x6-forward"]
x = np.arange(1.0, 37).reshape(6, 6)
corners = {"o1": (0, 0), "o2": (0, 2), "o3": (2, 0), "o4": (2, 2)}
plots.windows(x, (3, 3), corners)

# %% [markdown]
# Number the pixels as they are, $x_1$ to $x_{36}$, and the weights $w_1$ to $w_9$ row by row.
# Then the first output is a sum of nine products:
#
# $$o_1 = x_1w_1 + x_2w_2 + x_3w_3 + x_7w_4 + x_8w_5 + x_9w_6 + x_{13}w_7 + x_{14}w_8 + x_{15}w_9 + b$$
#
# From one row of the window to the next the pixel number jumps by 6, the width of the image.
# With the weights below, in hundredths, the sum is
# $(1 - 2 + 6) + (0 + 16 - 9) + (-26 + 14 + 15) = 15$, so $o_1 = 0.15 + b = 0.18$.

# %% facts=["l2-6x6-o1"]
w = 0.01 * np.array([[1, -1, 2], [0, 2, -1], [-2, 1, 1]])
b = 0.03
o1 = (x[:3, :3] * w).sum() + b
print(f"{o1:.2f}")

# %% [markdown] facts=["l2-6x6-o1-erratum"]
# **A common mistake.** You may meet this sum with two more terms in it, $x_5w_2$ and $x_6w_3$, on a
# slide that is often passed on. It is easy to slip there: $x_5$ and $x_6$ come next in the first
# row of the *image*, and the eye runs on past the edge of the *window*. Two checks catch it. A 3 x
# 3 window has nine products, not eleven; and each weight is used once, while here $w_2$ and $w_3$
# would be used twice. The mistake changes the result from 0.18 to 0.25:

# %% facts=["l2-6x6-o1-erratum"]
x5_w2 = x[0, 4] * w[0, 1]
x6_w3 = x[0, 5] * w[0, 2]
print(f"{o1 + x5_w2 + x6_w3:.2f}")

# %% [markdown]
# ### Max pool, sigmoid, log loss
#
# > **Words ahead: max pool, sigmoid, log loss.** A max pool keeps the largest of its inputs
# > (lesson 5; [glossary](00_start_here.ipynb#Glossary));
# > the [sigmoid](https://en.wikipedia.org/wiki/Logistic_function) $\sigma(m) = 1/(1 + e^{-m})$
# > squeezes any number into 0 to 1. The [log loss](https://en.wikipedia.org/wiki/Cross-entropy)
# > of a probability $p$ is $-\log p$, with the natural logarithm, if the right answer is "yes": small when $p$ is near 1.
#
# Suppose that the right answer is "yes". First the four outputs. The weights sum to 0.03, so a
# window that starts $t$ pixel numbers later gives $0.03\,t$ more. Window 2 starts at $x_3$ instead
# of $x_1$, so $o_2 = 0.18 + 0.06 = 0.24$; window 4 starts at $x_{15}$, so $o_4 = 0.18 + 0.03 \cdot
# 14 = 0.60$.

# %% facts=["l2-6x6-forward"]
o = fast.corr2d(x, w, stride=2) + b
o

# %% [markdown]
# The largest of the four goes on and the other three end here. Follow it with a pocket calculator:
# $m = 0.6$, $e^{-0.6} = 0.549$, so $p = 1/1.549 = 0.646$, and the loss is $-\log 0.646 = 0.437$
# (the key *ln*). The network says "yes" with 65 per cent, and the loss is what its doubt costs.

# %% facts=["l2-6x6-forward"]
m = o.max()
p = 1 / (1 + np.exp(-m))
loss = -np.log(p)
print(f"m = {m:.2f}   p = {p:.3f}   loss = {loss:.3f}")

# %% [markdown]
# ### One derivative by hand
#
# To make the loss smaller you need to know how it depends on each weight. Take $w_1$ and go
# backwards from the loss, one step at a time, with the chain rule:
#
# $$\frac{\partial L}{\partial p} = -\frac1p \qquad
# \frac{\partial p}{\partial m} = p(1-p) \qquad
# \frac{\partial m}{\partial o_4} = 1 \qquad
# \frac{\partial o_4}{\partial w_1} = \;?$$
#
# The third factor is the max pool: a tiny change of the winner $o_4$ passes on unchanged, and
# tiny changes of $o_1$, $o_2$ and $o_3$ change nothing, so their derivatives are 0.

# %%
Predict(
    "By which pixel is w1 multiplied on the way that the gradient takes?",
    choices=["x1", "x3", "x13", "x15"],
    answer="x15",
    why="Only o4 passes the max, and the upper left pixel of its window is x15.",
    wrong={
        "x1": "That is its pixel for o1, which the max does not pass on.",
        "x3": "That is its pixel for o2, which the max does not pass on.",
        "x13": "That is its pixel for o3, which the max does not pass on.",
    },
)

# %% [markdown]
# The gradient enters through the fourth window, whose upper left pixel is $x_{15}$. So
# $\partial o_4/\partial w_1 = x_{15} = 15$, although $w_1$ touched $x_1$, $x_3$ and $x_{13}$
# as well. Multiply the four factors; $-\frac1p \cdot p(1-p)$ shortens to $p - 1$:
#
# $$\frac{\partial L}{\partial w_1} = (p - 1)\,x_{15} = (0.6457 - 1) \cdot 15 = -5.315$$
#
# The sign says: raise $w_1$ and the loss falls.

# %% facts=["l2-6x6-weight-gradient"]
by_hand = (p - 1) * x[2, 2]
print(f"{by_hand:.3f}")

# %% [markdown]
# Does it hold? **Autograd** does the same bookkeeping for you: PyTorch records each step of
# the calculation and then walks back through it. You give it the same image, weights and
# bias; each pair of `None` adds two axes of length 1 that `conv2d` expects: for the image one that
# counts images and one for its channels, for the kernel one for each side's channels. After
# `backward()`, the gradient of every weight stands in `weight.grad`.

# %% facts=["l2-6x6-weight-gradient"]
weight = torch.tensor(w, requires_grad=True)
out = torch.conv2d(torch.tensor(x)[None, None], weight[None, None], stride=2) + b
loss = -torch.log(torch.sigmoid(out.max()))
loss.backward()
print(f"{weight.grad[0, 0]:.3f}")

# %% [markdown]
# The first weight agrees with your derivation. The other eight follow the same rule: the
# gradient of each weight is $p - 1$ times the pixel that it met in window 4. So the gradient
# of the whole kernel is that window, scaled; if several outputs had passed on, it would be a
# sum of their windows. Keep this in mind, it returns when you learn a kernel.

# %% facts=["l2-6x6-weight-gradient"]
np.allclose(weight.grad, (p - 1) * x[2:5, 2:5])

# %% [markdown]
# ### Why the weights are small
#
# Multiply the weights by a hundred, so that they run from -2 to 2, and window 4, with its pixels 15
# to 29, gives $m = 57$. A sigmoid is flat out there: it *saturates*. Its slope is $p(1-p)$. At $m =
# 0.6$ that is $0.646 \cdot 0.354 = 0.229$, close to its maximum of 0.25. Watch what is left of it
# when you multiply all weights by ten, and by a hundred. Here "yes" is right, so there is little
# left to learn anyway. Had the right answer been "no", with the loss $-\log(1-p)$, the derivative
# by $m$ would be $p$ on paper, close to 1. But in the last line the computer has rounded $p$ to
# exactly 1: the loss asks for the logarithm of zero, and the chain rule multiplies $1/0$ by 0.

# %% facts=["l2-6x6-saturation"]
for scale in (1, 10, 100):
    p_scaled = 1 / (1 + np.exp(-((m - b) * scale + b)))
    slope = p_scaled * (1 - p_scaled)
    print(f"weights x {scale:3}: p = {p_scaled:.3f}, slope = {slope:.3f}")

# %% [markdown]
# ## Convolution flips the kernel
#
# ### A single bright pixel
#
# What you have computed so far is a **cross-correlation**, or correlation for short. Its
# well-known relative, the **convolution**, turns the kernel by half a turn first: upside down
# and left to right. You see the difference best on an image that is black but for a single 1,
# an *impulse*. Take 7 x 7 pixels with the 1 in the middle, and the kernel that counts from 1 to
# 9.

# %%
impulse = np.zeros((7, 7), int)
impulse[3, 3] = 1
k = np.arange(1, 10).reshape(3, 3)
k

# %% [markdown]
# The correlation slides this kernel over the impulse. Most windows see only zeros. Nine of them
# hold the bright pixel, each under another weight, so the numbers 1 to 9 must appear in the output,
# once each. In which order? Think of the first window that reaches the bright pixel, coming from
# the upper left: which corner of the kernel lies on it?

# %%
Predict(
    "You correlate: 1 to 9 fill a block of the output. Which is in its upper left corner?",
    answer=9,
    why="The first window to reach the 1 touches it with its lower right corner: the 9.",
    wrong={
        1: "The window comes from above: which of its corners reaches the pixel first?",
    },
)

# %% [markdown]
# The window comes from the upper left, so it meets the bright pixel with its lower *right*
# weight first, the 9, and with its upper left weight last. The pattern that remains is the
# kernel turned by half a turn. A convolution turns the kernel before it starts, and the two
# turns cancel. The figure shows the correlation on the left, with 9 down to 1 around the
# centre, and the convolution on the right, with 1 up to 9: the kernel as you wrote it.

# %% facts=["l2-flip-impulse"]
plots.grids(
    correlation=fast.corr2d(impulse, k),
    convolution=fast.convolve2d(impulse, k),
)

# %% [markdown]
# In symbols, a correlation is $y_i = \sum_a k_a\,x_{i+a}$ and a convolution is $y_i = \sum_a
# k_a\,x_{i-a}$: the minus sign is the flip. (This sum looks to the left of $i$, so with $w$ weights
# the first window that fits is at $i = w - 1$; the code counts its outputs from 0 there.)
# Mathematicians prefer it because signal and kernel can change places when both count as 0 outside
# their ends, and several convolutions can be bracketed as you like. As code, the flip reverses both
# axes. Note that this is no transpose, which would swap rows with columns.

# %% facts=["l2-flip-impulse"]
flipped = k[::-1, ::-1]
print(flipped)
np.array_equal(fast.convolve2d(impulse, k), fast.corr2d(impulse, flipped))

# %% [markdown]
# ### When the two agree
#
# They agree when half a turn leaves the kernel as it was. It is tempting to say "when the
# matrix is symmetric", but a symmetric matrix is unchanged by *transposing*, which mirrors it
# on the diagonal. Try [[1, 2], [2, 3]]: it is symmetric, and half a turn makes it
# [[3, 2], [2, 1]]. The second kernel below is the Laplacian, which you will meet soon; it
# survives the half-turn.

# %% facts=["l2-flip-half-turn"]
symmetric = np.array([[1, 2], [2, 3]])
laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
for k in (symmetric, laplacian):
    same = np.array_equal(fast.corr2d(impulse, k), fast.convolve2d(impulse, k))
    print(f"{k.tolist()}: symmetric {np.array_equal(k, k.T)}, results equal {same}")

# %% [markdown]
# ### What each library means
#
# Libraries disagree about names and about what happens at the ends. Put an impulse in the
# middle of seven samples, take the kernel (1, 2, 3), and ask each library with its default
# settings. You can read both conventions off one line: if the pattern comes out as 3 2 1 it was
# a correlation, if it comes out as 1 2 3 the kernel was flipped. The number of samples tells the
# default at the ends: 5 when only windows inside the signal count, 7 for the same length, 9
# when every overlap counts.

# %% facts=["l2-conventions"]
x, k = np.array([0, 0, 0, 1, 0, 0, 0]), np.array([1, 2, 3])
answers = {
    "np.correlate": np.correlate(x, k),
    "np.convolve": np.convolve(x, k),
    "scipy.signal.correlate": signal.correlate(x, k),
    "scipy.signal.convolve": signal.convolve(x, k),
    "scipy.ndimage.correlate": ndimage.correlate(x, k),
    "scipy.ndimage.convolve": ndimage.convolve(x, k),
    "torch.conv1d": torch.conv1d(
        torch.tensor(x)[None, None], torch.tensor(k)[None, None]
    )[0, 0],
    "coursekit fast.corr1d": fast.corr1d(x, k),
}

# %% [markdown]
# Which of these eight calls flip the kernel? Three of them do. By their names you would pick four:
# three that say "convolve" and one that says "conv". Decide which of the four does not mean it,
# and only then print the table. Read the pattern in the last column first, then the sizes.

# %% facts=["l2-conventions"]
for name, answer in answers.items():
    print(f"{name:25} {len(answer)} samples  {np.asarray(answer)}")

# %% [markdown] facts=["l2-libraries-say-convolution"]
# Even within NumPy the two defaults differ: `correlate` keeps 5 samples, `convolve` 9. And PyTorch,
# like the other deep-learning libraries in common use, computes the *correlation* and calls it
# convolution. Its documentation of `Conv1d` says so in passing, "the valid cross-correlation
# operator". You may do the same in conversation, as this course does in its title, but not when you
# port a kernel from one library to another. If a result looks shifted or mirrored, test with an
# impulse first: it takes two lines and tells you the convention. That the name does no harm to
# learning, you will measure at the end of this lesson.

# %% [markdown]
# ## Fixed filters
#
# ### A photograph as numbers
#
# Time for a real image. A grayscale photograph is a 2-D array, here with values from 0 for black
# to 1 for white. You cut 140 rows and 180 columns out of it: a pagoda roof before a pale sky, with
# many edges in every direction. The figure shows this cutout: a dark tiled roof with curved
# eaves that rises to a knob at the top, a row of windows below it, and empty sky on both sides.

# %%
photo = data.photo("china")[40:180, 100:280]
plots.photos(photograph=photo)

# %% [markdown]
# The photograph comes with scikit-learn, so you have it without a network. It is somebody's work.
# The licence, Creative Commons Attribution, lets you use and change it as long as you name its
# author and say what you changed: here it was made gray and cut. The name and the address:

# %%
print(data.credit("china"))

# %% [markdown]
# ### Blur: the box and the Gaussian
#
# If all 25 weights of a 5 x 5 kernel are 1/25, each output is the mean of its window. This
# **box** keeps flat colour, because the weights sum to 1, and levels everything that is smaller
# than itself. A **Gaussian** lets near pixels count for more: its weights fall off from the
# centre like a bell. You get a good one from the row (1, 4, 6, 4, 1)/16, multiplied with itself as
# a column: the centre weighs $6 \cdot 6/256 = 0.141$, a corner only $1/256 = 0.004$.

# %% facts=["l2-filter-blur"]
box = np.full((5, 5), 1 / 25)
row = np.array([1, 4, 6, 4, 1]) / 16
gaussian = np.outer(row, row)
print(box.sum().round(3), gaussian.sum().round(3))
gaussian

# %% [markdown]
# Look at the tiles of the roof and at the window frames. The figure shows the photograph, the
# photograph under the box, and under the Gaussian. Both blurs soften the tiles; the box
# smears more, and the Gaussian keeps the window frames a little clearer, although both kernels
# are 5 x 5. That is because its outer weights are so small.

# %% facts=["l2-filter-blur"]
plots.photos(
    photograph=photo,
    box=fast.corr2d(photo, box),
    gaussian=fast.corr2d(photo, gaussian),
)

# %% [markdown]
# ### Edges: opposite columns
#
# Now take a kernel with a column of 1, a column of 0 and a column of -1. On flat colour the
# opposite columns cancel: with every pixel at 7 you get $3 \cdot 7 - 3 \cdot 7 = 0$. Where the left
# side is brighter than the right side, something is left over. With 10 on the left and 0 on the
# right, a window that straddles the edge gives $3 \cdot 10 - 3 \cdot 0 = 30$. Before you run the
# code, say what happens when you mirror the image.

# %%
Predict(
    "Dark (0) on the left, bright (10) on the right: the response on the edge?",
    answer=-30,
    why="The bright column now lies under the weights -1: 3 * 0 - 3 * 10 = -30.",
    wrong={
        30: "Look at the weights over the bright column: their sign.",
        -10: "That is one row. The kernel has three.",
        0: "That is what a region of one brightness gives.",
    },
)

# %% [markdown]
# The sign tells the direction of the edge: plus for bright to dark, from left to right, and
# minus for dark to bright. Its size tells how strong the edge is. Do not throw the sign away by
# looking at absolute values, and do not clip it to the range of an image: half of the answer
# would be gone. Below you see one row each of flat colour, of an edge, and of its mirror
# image.

# %% facts=["l2-filter-vertical-edge"]
vertical = np.array([[1, 0, -1]] * 3)
edge = np.array([[10, 10, 10, 0, 0, 0]] * 3)
for patch in (np.full((3, 6), 7), edge, edge[:, ::-1]):
    print(fast.corr2d(patch, vertical)[0])

# %% [markdown]
# Turn the kernel's columns into rows, by transposing, and it finds **horizontal edges**. The
# figure shows both responses on the photograph, red for plus, blue for minus and gray for zero. On
# the left you see upright edges: the sides of the knob and the window posts, each post with a
# red and a blue side. On the right you see level edges: the eaves and the lines of the cornice.
# The flat sky is gray in both, for its columns and its rows cancel.

# %% facts=["l2-filter-vertical-edge", "l2-filter-horizontal-edge"]
horizontal = vertical.T
plots.responses(
    vertical=fast.corr2d(photo, vertical),
    horizontal=fast.corr2d(photo, horizontal),
)

# %% [markdown]
# ### The Laplacian: different from its neighbours
#
# The Laplacian asks whether a pixel differs from the mean of its four neighbours: it adds the four
# and subtracts the centre four times. On flat colour that is 0. On a steady slope it is 0 too, as
# the brighter neighbour and the darker one cancel. Only where the slope itself changes does it
# answer: at lines, corners and both sides of an edge. Check the slope by hand: with rows rising by
# 2 and columns by 1, a pixel of 6 has the neighbours 4, 8, 5 and 7, and $24 - 4 \cdot 6 = 0$.

# %% facts=["l2-filter-laplacian"]
slope = np.add.outer(2 * np.arange(5), np.arange(5))
print(fast.corr2d(slope, laplacian))
fast.corr2d(impulse, laplacian)

# %% [markdown]
# ### Sharpen: exaggerate the difference
#
# Put 9 in the centre and -1 everywhere else. The weights sum to 1, so flat colour stays: with every
# pixel at 7 you get $9 \cdot 7 - 8 \cdot 7 = 7$. Write the kernel differently and you see what it
# does: the pixel, plus nine times its difference from the mean of its window. What stands out a
# little stands out much more.

# %%
sharpen = np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]])
print(fast.corr2d(np.full((3, 3), 7), sharpen))

# %% [markdown]
# The figure shows the Laplacian of the photograph on the left, drawn as a gray picture in which 0.5
# stands for zero, and the sharpened photograph on the right. The Laplacian leaves thin lines on an
# even gray: outlines without surfaces. Sharpening turns tiles and frames almost into black and
# white, and it brings out grain in the smooth sky, since it cannot tell detail from noise. Its
# values run far beyond 0 to 1, as the printed line says, so the picture has to clip them.

# %% facts=["l2-filter-laplacian", "l2-filter-sharpen"]
sharpened = fast.corr2d(photo, sharpen)
print(f"from {sharpened.min():.1f} to {sharpened.max():.1f}")
plots.photos(
    laplacian=0.5 + fast.corr2d(photo, laplacian),
    sharpened=sharpened,
)

# %% [markdown]
# ## Chains of filters
#
# ### One after the other
#
# If one filter is useful, are several better? Blur three times, blur twice and take the
# Laplacian, blur once and take the Laplacian, or take it first and blur twice afterwards. A chain
# is a loop that feeds each result to the next kernel. Each 5 x 5 blur takes four rows and four
# columns away. The figure shows one blur on the left and three on the right: the tiles vanish,
# and the bright windows melt into soft blobs.


# %% facts=["l2-chains"]
def chain(x, *kernels):
    """Correlate with one kernel after the other."""
    for k in kernels:
        x = fast.corr2d(x, k)
    return x


plots.photos(blur=chain(photo, box), blur_blur_blur=chain(photo, box, box, box))

# %% [markdown]
# The figure shows the three chains with a Laplacian. After two blurs, in the left and in the right
# picture, only soft outlines remain; after one blur, in the middle, there is finer detail. Now
# compare left and right: the same three kernels in another order, and you see no difference at
# all. There is a reason, and you can derive it in one dimension with two kernels of two numbers.

# %% facts=["l2-chains"]
plots.responses(
    blur_blur_Laplace=chain(photo, box, box, laplacian),
    blur_Laplace=chain(photo, box, laplacian),
    Laplace_blur_blur=chain(photo, laplacian, box, box),
)

# %% [markdown]
# ### A chain is one bigger kernel
#
# First add neighbours with (1, 1), then subtract neighbours with (1, -1). Write it out:
# $y_i = x_i + x_{i+1}$, and then $z_i = y_i - y_{i+1} = x_i + x_{i+1} - x_{i+1} - x_{i+2}$. The
# middle sample drops out and $z_i = x_i - x_{i+2}$ remains: that is *one* correlation, with the
# kernel (1, 0, -1). You know it as a row of the vertical edge filter.

# %% facts=["l2-chain-composed"]
two_steps = fast.corr1d(fast.corr1d(noisy, np.array([1, 1])), np.array([1, -1]))
one_step = fast.corr1d(noisy, np.array([1, 0, -1]))
np.allclose(two_steps, one_step)

# %% [markdown]
# In general, let the first kernel be $k$ and the second one $q$. Then $y_i = \sum_a k_a\,x_{i+a}$
# and $z_i = \sum_b q_b\,y_{i+b}$. Put the first into the second: $z_i = \sum_b \sum_a
# q_b\,k_a\,x_{i+b+a}$. All pairs with the same $a + b = c$ meet the same sample, so the composed
# kernel is $K_c = \sum_{a+b=c} k_a\,q_b$. That is the *full convolution* of the two kernels, "full"
# because every overlap counts, and the very rule by which you multiply polynomials. In two
# dimensions the same holds along each axis.

# %%
Predict(
    "Three 5 x 5 blurs in a row equal one correlation. What is its kernel's shape?",
    answer=(13, 13),
    why="Each further 5 x 5 kernel adds 5 - 1 = 4 rows and columns: 5, 9, 13.",
    wrong={
        (15, 15): "Sizes do not add up: the kernels overlap in one row and one column.",
        (12, 12): "The first kernel has 5 rows, and only the further ones add 4.",
        (5, 5): "A pixel reaches further with every blur, so the kernel grows.",
    },
)

# %% [markdown]
# Here is the chain blur, blur, Laplacian folded into one kernel: 5, then 9, then 11 rows. First the
# code compares it with the three steps on the photograph. The figure then shows its weights,
# multiplied by 625 to make them whole numbers: positive around the rim, negative on a cross with
# -20 in the middle, zero elsewhere. They sum to 0 as the Laplacian's do. It still asks how a place
# differs from its surroundings, only that both are broader now.

# %% facts=["l2-chain-composed"]
composed = signal.convolve2d(signal.convolve2d(box, box), laplacian)
print(np.allclose(chain(photo, box, box, laplacian), fast.corr2d(photo, composed)))
plots.grids(weights_times_625=625 * composed)

# %% [markdown] facts=["l2-chain-composed"]
# So a chain of fixed filters adds little: whatever it does, one larger kernel does as well. It may
# be cheaper (three 5 x 5 kernels are 75 products for a pixel, one 13 x 13 kernel is 169), but it
# cannot answer a new kind of question. For that, something that is no correlation has to stand
# between the filters; lesson 3 puts it there.
#
# ### When the order matters
#
# From the formula you see that $k$ and $q$ can change places: the products $k_a\,q_b$ are the same.
# So the order does not matter, as long as only windows inside the image count.

# %% facts=["l2-order-valid"]
np.allclose(chain(photo, box, vertical), chain(photo, vertical, box))

# %% [markdown]
# > **A word ahead: padding.** To keep its size, an image is framed with rings of zeros before the window
# > slides; that is padding. Lesson 4 is about it; the [glossary](00_start_here.ipynb#Glossary) has it in one line.
#
# Two habits break this rule. The first is padding before each step: the frame is not part of the
# image, and each filter makes something different of it. Exchange blur and edge filter once more,
# with two rings of zeros for the 5 x 5 blur and one for the 3 x 3 edge filter. Inside, all is as
# before. Near the border some pixels differ; the code prints which share of all pixels that is.

# %% facts=["l2-order-padding"]
blur_first = fast.corr2d(fast.corr2d(photo, box, padding=2), vertical, padding=1)
edge_first = fast.corr2d(fast.corr2d(photo, vertical, padding=1), box, padding=2)
differs = ~np.isclose(blur_first, edge_first)
print("all:", differs.mean().round(3), " inside:", differs[3:-3, 3:-3].mean())

# %% [markdown]
# The second habit is to clip each result to 0..1, as you do when you store it as an image. Clipping
# removes what is negative, so an edge filter followed by clipping has lost every edge from dark to
# bright. The figure shows both orders, with clipping after each step. On the left the blur comes
# first, and the fine tiles are faint before the filter sees them. On the right they leave a gray
# glow: the blur would have averaged their positive and negative edges to nothing, but clipping
# has removed the negative ones. Nearly every pixel differs, and not only at the border.

# %% facts=["l2-order-clipping"]
blur_first = chain(photo, box, vertical).clip(0, 1)
edge_first = chain(chain(photo, vertical).clip(0, 1), box)
print("differs:", (~np.isclose(blur_first, edge_first)).mean().round(2))
plots.photos(blur_first=blur_first, edge_first=edge_first)

# %% [markdown]
# ## Learning a kernel
#
# ### A target, and filters that miss it
#
# Every filter so far was somebody's idea. None of them knows what *you* want. Let that be stated
# exactly: the image is bright with one dark band, and the target is +1 where bright meets dark, -1
# where dark meets bright, and 0 elsewhere. The target was made with the kernel (1, -1), but from
# now on pretend that you were given only the two arrays. The figure shows the image and the target.

# %%
x = np.ones((6, 8))
x[:, 2:6] = 0
target = fast.corr2d(x, np.array([[1, -1]]))
plots.grids(image=x, target=target)

# %% [markdown]
# How far off is a filter? The **mean squared error** says it in one number: the mean, over all $6
# \cdot 7 = 42$ outputs, of the squared difference from the target. A filter that always answers 0
# misses twelve cells by 1, which makes $12/42 = 0.286$. Here it is (`nothing`) beside three other
# filters of size 1 x 2: the mean of two neighbours (`blur`), the left one of them (`copy`), and the
# derivative from the start of the lesson (`rise`). A fixed filter is right for a task only by luck.

# %% facts=["l2-no-fixed-filter"]
candidates = {"nothing": [0, 0], "blur": [0.5, 0.5], "copy": [1, 0], "rise": [-1, 1]}
for name, weights in candidates.items():
    error = fast.corr2d(x, np.array([weights], float)) - target
    print(f"{name:8} {(error**2).mean():.3f}")

# %% [markdown]
# The derivative, which looks so close, is the worst of them: right places, wrong sign.
#
# ### Which way is down?
#
# So let the loss choose the weights. With $L = \frac1{42}\sum (y - t)^2$ for outputs $y$ and
# targets $t$, each output contributes $\frac{2}{42}(y - t)$ times the pixel that the weight met
# there. Start from the weights (0, 0), so $y = 0$. The first weight meets bright pixels at the six
# cells with target +1 and dark ones at those with -1: its derivative is $\frac2{42} \cdot 6 \cdot
# (0 - 1) \cdot 1 = -0.286$. For the second weight it is the other way round: $+0.286$.
#
# For a whole kernel: from $y_i = \sum_a k_a\,x_{i+a}$, the weight $k_a$ meets $x_{i+a}$ at output
# $i$. Call the derivative of the loss by that output $u_i = \partial L/\partial y_i =
# \frac2{42}(y_i - t_i)$. Then the chain rule gives $\partial L/\partial k_a = \sum_i u_i\,x_{i+a}$:
# the formula of a correlation, with $u$ in the place of the kernel. The code calls $u$ `upstream`.

# %% facts=["l2-learn-edge"]
upstream = 2 * (0 - target) / target.size
fast.corr2d_kernel_grad(x, upstream)

# %% [markdown]
# `corr2d_kernel_grad(x, upstream)` computes this sum for both axes: a sum of windows, as in the
# small network above. A step downhill goes against the gradient.

# %%
Predict(
    "You start from two random weights and go downhill. Where do you end?",
    choices=["near (1, -1)", "near (-1, 1)", "it depends on the start"],
    answer="near (1, -1)",
    why="Only (1, -1) has loss 0, and a squared error in two weights has one valley.",
    wrong={
        "near (-1, 1)": "That answers every edge with the opposite sign, so its loss is large.",
        "it depends on the start": "That takes a loss with several valleys. How many has this one?",
    },
)

# %% [markdown]
# **Gradient descent** repeats three lines: compare, note the loss, step downhill. The step size 0.8
# is a choice: above 1.4 the loss would grow instead of fall, and much smaller steps take longer.
# The loop is the lesson here, so read it until you could write it from memory.

# %% facts=["l2-learn-edge"]
start = rng.standard_normal((1, 2))
k, losses = start, []
for _ in range(40):
    error = fast.corr2d(x, k) - target
    losses.append((error**2).mean())
    k = k - 0.8 * fast.corr2d_kernel_grad(x, 2 * error / error.size)
k

# %% [markdown]
# Nobody told the loop about edges. The figure shows its loss at each step, with a logarithmic axis.
# After a short steep start the curve is a straight line: each step leaves about 60 per cent of the
# loss, because one of the valley's two directions is that flat. On a plain axis you would see it
# fall for about ten steps and then lie on zero.

# %% facts=["l2-learn-edge"]
plots.loss_curve(loss=losses)

# %% [markdown]
# ### What it has learned, and what it has not
#
# Transpose the image, and its dark band lies flat: the edges are now horizontal. The learned kernel
# compares neighbours *in a row*, and in every row of this image all pixels are alike. What is the
# largest response? A whole number will do: the descent stopped very close to its goal.

# %%
Predict(
    "The largest absolute response of the learned kernel to the transposed image?",
    answer=0,
    why="Within a row all pixels are equal, and the weights 1 and -1 cancel.",
)

# %% [markdown]
# The kernel has learned vertical edges, because there were only vertical edges to learn from. It
# says nothing at all about horizontal ones; for those you need a second kernel, and data that calls
# for it. The figure shows the transposed image on the left and the response on the right: a band
# that you see at once, and zeros everywhere.

# %% facts=["l2-transposed-zero"]
response = fast.corr2d(x.T, k).round(3)
print(np.abs(response).max())
plots.grids(transposed=x.T, response=response)

# %% [markdown]
# ### Does the flip matter to learning?
#
# Learn once more, but with a true convolution. The kernel is flipped before use, so its gradient
# comes out flipped as well, and you turn it back. From the flipped start, the run takes the same
# losses step by step and ends at the flipped kernel. So with learned kernels the choice makes no
# difference: whatever a correlation can learn, a convolution learns upside down. This is why
# deep-learning libraries got away with the name.

# %% facts=["l2-same-learnable"]
q, flipped_losses = start[:, ::-1], []
for _ in range(40):
    error = fast.convolve2d(x, q) - target
    flipped_losses.append((error**2).mean())
    q = q - 0.8 * fast.corr2d_kernel_grad(x, 2 * error / error.size)[::-1, ::-1]
print(q, np.allclose(losses, flipped_losses))

# %% [markdown]
# ## What we saw
#
# - A correlation lays one small kernel on every window of a signal or an image and takes a dot
#   product: $n - k + 1$ outputs along each axis. A convolution does the same with the kernel turned by
#   half a turn. NumPy and SciPy keep the two names apart; deep-learning libraries compute the
#   correlation and call it convolution.
# - Fixed kernels blur, sharpen and find edges. A chain of them is one larger kernel, in any order, as long
#   as nothing happens at the border or between the steps.
# - The gradient of a kernel is a sum of windows, and gradient descent turns an image and a target
#   into the kernel that connects them. It finds what the data shows, and nothing else.
#
# **Sources.** V. Dumoulin, F. Visin, [A guide to convolution arithmetic for deep
# learning](https://arxiv.org/abs/1603.07285). The documentation of
# [torch.nn.Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html),
# [numpy.correlate](https://numpy.org/doc/stable/reference/generated/numpy.correlate.html) and
# [scipy.signal.correlate2d](https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.correlate2d.html).
# A. Zhang, Z. Lipton, M. Li, A. Smola, [Dive into Deep
# Learning](https://d2l.ai/chapter_convolutional-neural-networks/conv-layer.html), whose dark band
# you have just learned from. The photograph is [by
# danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035), [CC BY
# 2.0](https://creativecommons.org/licenses/by/2.0/); it was cut and made gray.
#
# **Now you.** Write these operations yourself, and have them checked:
# [the exercises of this lesson](../exercises/02_cross_correlation.ipynb).

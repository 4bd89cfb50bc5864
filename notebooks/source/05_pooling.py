# %% [markdown]
# # 5. Pooling
#
# **How does a network keep what is there and forget where?**
#
# To say that a photograph shows a cat, a network must collect what it found at thousands of places
# in a few numbers, and one pixel more to the left should not matter. Pooling does that with the
# simplest means there are: the largest of four numbers, or their mean. It has nothing to learn, and
# still it decides what the layers behind it can know.
#
# When you are done, you will be able to
#
# - pool by hand, and predict the size, the cost and the number of parameters;
# - say which pooling is a convolution, and prove that the other is none;
# - send a gradient back through both;
# - measure how much a pooled map forgives when the image moves, where that ends, and what helps;
# - name the settings in which libraries differ, and test which of them you have.
#
# **Time:** about 80 minutes, and 105 more for the eight exercises.
#
# **You need:** lesson 2 (the window, blur and edge kernels, gradients and autograd), from lesson 3
# the shapes of a layer with channels, from lesson 4 the stride and the size formula. No internet is
# needed.

# %% [markdown]
# All imports stand here. `ops` holds the operations of this course as loops to be read, `fast` the
# same without loops, and `torch` those that you will use in practice: what one of them computes
# below, another one checks. `nets` describes layers, and `count` says what they cost.

# %%
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from coursekit import count, data, fast, nets, ops, plots
from coursekit.shapes import out_len
from coursekit.widgets import Predict, StepCorrelation, StepPooling

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## Pooling by hand
#
# ### The largest of four
#
# Here is a map of 4 x 4 numbers. Lay a window of 2 x 2 on its upper left corner and keep the
# largest of the four: of 29, 15, 0 and 100 it is 100. Then move the window by its own width, so
# that it covers four new numbers: of 28, 184, 70 and 38 it is 184. The two windows below give 12
# and 45. That is **max pooling**. The figure shows the map with the four windows framed: they touch
# but do not overlap, and each number lies in exactly one of them.

# %% facts=["l5-worked"]
x = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]])
plots.windows(x, (2, 2), {"a": (0, 0), "b": (0, 2), "c": (2, 0), "d": (2, 2)})

# %% [markdown]
# **Average pooling** takes the mean of each window instead. The first one is $(29 + 15 + 0 + 100)/4
# = 144/4 = 36$. Work out the second by hand before you run the cell.

# %%
Predict(
    "The mean of the second window, with 28, 184, 70 and 38?",
    answer=80,
    why="28 + 184 + 70 + 38 = 320, and 320 / 4 = 80.",
)

# %% [markdown]
# Both are one loop over the places of the window; only the last word differs. The loop is the
# definition, so you see it once. `keep` is a function that makes one number of a window, such as
# `np.max` or `np.mean`. The stride is the size of the window unless you say otherwise.


# %% facts=["l5-worked"]
def pool2d(x, k, keep, stride=None):
    """Lay a k x k window on x, and keep one number of each."""
    stride = stride or k
    rows = range(0, x.shape[0] - k + 1, stride)
    columns = range(0, x.shape[1] - k + 1, stride)
    return np.array([[keep(x[i : i + k, j : j + k]) for j in columns] for i in rows])


plots.grids(x=x, largest=pool2d(x, 2, np.max), mean=pool2d(x, 2, np.mean))

# %% [markdown]
# The figure shows the map and what the two poolings leave of it: 100, 184, 12 and 45 on the one
# hand, 36, 80, 12 and 15 on the other. Compare the windows on the right. One strong number, 184
# or 45, decides the maximum alone, while the mean lets three weak neighbours pull it down. Maximum
# asks "is it anywhere here?", the mean asks "how much of it is here?". Only the flat window with
# its four 12 gets the same answer to both.
#
# **A common mistake.** This example is often drawn with 31 in the corner instead of 29, and with
# 36 as the mean all the same. The maxima do not notice. Does the mean?

# %% facts=["l5-erratum"]
drawn = x.copy()
drawn[0, 0] = 31
print(pool2d(drawn, 2, np.max)[0, 0], pool2d(drawn, 2, np.mean)[0, 0])

# %% [markdown]
# Four numbers that sum to 146 have the mean 36.5. Two numbers suffice to find such a slip: the mean
# times four must be the sum.
#
# In PyTorch both poolings are modules, `nn.MaxPool2d(2)` and `nn.AvgPool2d(2)`. They expect the
# axes N, C, H, W of lesson 3, so a single map needs two more axes in front. Do these two maps
# first on paper; you need no calculator.

# %% facts=["l5-two-more"]
ramp = torch.tensor([[1.0, 2, 3, 4], [2, 3, 4, 5], [4, 3, 2, 1], [5, 4, 3, 2]])
rims = torch.tensor([[1.0, 2, 3, 4], [1, 1, 1, 1], [1, 1, 1, 1], [4, 5, 6, 7]])
print(nn.MaxPool2d(2)(ramp[None, None]))
print(nn.MaxPool2d(2)(rims[None, None]))
print(nn.AvgPool2d(2)(rims[None, None]))

# %% [markdown]
# In the first map the maxima are 3, 5, 5, 3. In the second they are 2, 4, 5, 7, while its means are
# 1.25 to 3.75: each of its windows holds two ones or three, and the mean counts them. `ops` and
# `fast` have the same two operations under names that end in `2d`. Both agree with PyTorch, and
# with your loop.

# %% facts=["l5-two-more"]
m = rims.numpy()[None, None]
for part in (ops, fast):
    print(part.max_pool2d(m, 2)[0, 0].tolist(), part.avg_pool2d(m, 2)[0, 0].tolist())
print(pool2d(m[0, 0], 2, np.max).tolist(), pool2d(m[0, 0], 2, np.mean).tolist())

# %% [markdown]
# ### On a photograph
#
# Pool a part of the pagoda roof of lesson 2 with windows of 4 x 4: of 100 x 120 pixels 25 x 30
# numbers remain. The mean of all pixels stays what it was, 0.40, since every pixel counts in one
# window, and all windows alike. The maxima lie higher: of sixteen pixels the lightest speaks for
# all.

# %% facts=["l5-worked"]
photo = data.photo("china")[40:180, 100:280]
roof = photo[30:130, 60:180]
mean, largest = pool2d(roof, 4, np.mean), pool2d(roof, 4, np.max)
print(f"roof {roof.mean():.2f}, means {mean.mean():.2f}, maxima {largest.mean():.2f}")

# %% [markdown]
# The figure shows the roof, the means and the maxima, each number drawn as large as its window. The
# mean looks like the roof seen from further away. Under the maximum the dark grooves between the
# tiles vanish, and the tiled roof becomes one pale field; the dark band under the eaves stays: some
# of its windows hold dark pixels only. (The smallest of the maxima is 0.097, as the words of the
# figure say.)


# %% facts=["l5-worked"]
def drawn_large(m, k):
    """Draw each number as a square of k x k pixels."""
    return np.kron(m, np.ones((k, k)))


plots.photos(roof=roof, mean=drawn_large(mean, 4), largest=drawn_large(largest, 4))

# %% [markdown]
# ## How many windows
#
# ### Pooling leaps, a convolution slides
#
# Nothing is new in the size: $\lfloor (n - k + 2p)/s \rfloor + 1$, as in lesson 4. New is the
# default. `nn.Conv2d(c, c, 2)` moves by one pixel, because its stride defaults to 1;
# `nn.MaxPool2d(2)` moves by two, because its stride defaults to its **kernel**. With $s = k$ and no
# padding the formula becomes $\lfloor n/k \rfloor$, and rows that fill no window are dropped.

# %%
Predict(
    "A map of 7 x 9 goes through nn.MaxPool2d(2). What is left, rows first?",
    answer=(3, 4),
    why="Whole leaps of 2: floor(7 / 2) = 3 and floor(9 / 2) = 4.",
)

# %% [markdown]
# The cell compares the default of a pool with that of a convolution on the same map, and
# `out_len`, the formula, with both. The figure shows the pool along the seven rows: three windows
# side by side, and the hatched last row, which no window meets. Whatever stands there is lost.

# %% facts=["l5-default-stride"]
m = torch.zeros(1, 1, 7, 9)
print("pool", *nn.MaxPool2d(2)(m).shape[2:], " conv", *nn.Conv2d(1, 1, 2)(m).shape[2:])
print("pool", out_len(7, 2, stride=2), " conv", out_len(7, 2))
plots.places(7, 2, stride=2)

# %% [markdown]
# ### Rounding up
#
# If you do not want to lose that row, say `ceil_mode=True`: the division is rounded *up*, and a
# last window may hang over the end. It holds fewer numbers, and there is one condition: it must
# start inside the map, or in the padding before it. Otherwise it would hold none at all. Take $n =
# 4$, $k = 1$ and $s = 3$: the places are 0 and 3. But for $n = 3$ and the same window, $2/3$
# rounded up is 1, so the formula promises a second window, at 3, where no sample is. PyTorch drops
# it.

# %% facts=["l5-ceil-mode"]
for n, k, stride in [(7, 2, 2), (8, 3, 2), (4, 1, 3), (3, 1, 3)]:
    how = {"stride": stride, "ceil_mode": True}
    theirs = F.max_pool1d(torch.zeros(1, 1, n), k, **how).shape[2]
    print(f"n={n} k={k} s={stride}: floor {out_len(n, k, stride=stride)}", end=", ")
    print(
        f"ceil {-(-(n - k) // stride) + 1}, torch {theirs}, ours {out_len(n, k, **how)}"
    )

# %% [markdown]
# So "round up" is not the whole rule. A library that rounds up on other terms, as Caffe did, makes
# maps of another size, and a trained model that you carry over fails at its first dense layer or,
# if each map is averaged as a whole before that (the last section), gives other numbers without a
# word. Is the rule with the
# condition complete? Try it on every $n$ up to 12, with kernels, strides and
# paddings of all small sizes, and count where PyTorch and `out_len` differ.

# %% facts=["l5-ceil-mode"]
differ = 0
cases = [(n, k, s) for n in range(1, 13) for k in range(1, 6) for s in range(1, 6)]
for n, k, s in [case for case in cases if case[1] <= case[0]]:
    for padding in range(k // 2 + 1):
        how = {"stride": s, "padding": padding, "ceil_mode": True}
        theirs = F.max_pool1d(torch.zeros(1, 1, n), k, **how).shape[2]
        differ += theirs != out_len(n, k, **how)
print(differ, "differences")

# %% [markdown]
# ### Windows that overlap
#
# A stride smaller than the kernel makes the windows overlap, as those of a convolution do. Then one
# number lies in several windows, and can win in more than one. The explorer lays windows of 3 x 3
# on a map of 5 x 5, with a stride of 2. Step through its four windows: the word *max* marks the
# winner of each. Then point at the 7 in the middle, which lies in all four. In how many does it
# win?

# %% facts=["l5-overlap"]
shared = [
    [2, 5, 1, 0, 3],
    [4, 1, 6, 2, 1],
    [0, 3, 7, 1, 8],
    [1, 2, 4, 8, 0],
    [5, 0, 2, 1, 3],
]
StepPooling(shared, 3, stride=2)

# %% [markdown]
# The 7 wins on the left, twice, and loses on the right, twice, to an 8. In the last window there
# are two 8: of equals the explorer marks the first in row order, for a reason that comes with the
# gradient. AlexNet, the network that made convolution famous again in 2012, pools just so, 3 x 3 at
# stride 2. Its first maps have 55 rows, and $\lfloor (55 - 3)/2 \rfloor + 1 = 27$ come out.
# PyTorch, on a row in which the 9 wins twice, and then on a map of AlexNet's size:

# %% facts=["l5-overlap"]
row = torch.tensor([[[2.0, 5, 9, 1, 3, 4, 0]]])
print("overlapping", F.max_pool1d(row, 3, stride=2).numpy().ravel())
print("side by side", F.max_pool1d(row, 3).numpy().ravel())
print(nn.MaxPool2d(3, stride=2)(torch.zeros(1, 96, 55, 55)).shape)

# %% [markdown]
# ### Channels stay
#
# The last line also shows what pooling does *not* do: 96 channels went in and 96 came out. Each
# channel is pooled by itself; no number of one map ever meets a number of another. And there is
# nothing to learn: no weights, no bias, no parameters. Pool three channels together, and then
# each alone, and compare.

# %% facts=["l5-channels-parameters"]
maps = np.random.default_rng(5).standard_normal((1, 3, 6, 6))
together = fast.max_pool2d(maps, 2)
alone = [fast.max_pool2d(maps[:, [c]], 2) for c in range(3)]
print(together.shape, np.array_equal(together, np.concatenate(alone, axis=1)))
print(sum(p.numel() for p in nn.MaxPool2d(2).parameters()), "parameters")

# %% [markdown]
# ### What the smaller map saves
#
# A convolution costs the weights of one filter times the number of its outputs. Halve both sides of
# the map, and the *next* convolution has a quarter of the places to compute. Take a layer of
# ResNet-18, a network of 2015: 64 channels in, 64 out, 3 x 3, on 56 x 56 pixels. It makes $64 \cdot
# 9 = 576$ products for each of $64 \cdot 56 \cdot 56 = 200\,704$ outputs: 115.6 million
# multiply-adds. On the pooled map the same layer costs 28.9 million.

# %% facts=["l5-saves-compute"]
layer = nets.Conv2d(64, 64, 3, padding="same")
full, halved = (count.macs(layer, (64, n, n)) for n in (56, 28))
print(f"{full:,} {halved:,}")

# %% [markdown]
# Most networks spend what they saved. Where the map is halved they double the number of channels:
# a quarter of the places, and twice as many numbers at each. Doubling both the channels in and
# the channels out makes four times as many kernels. What is the bill?

# %%
Predict(
    "128 -> 128 channels at 28 x 28 costs how many times as much as 64 -> 64 at 56 x 56?",
    answer=1,
    why="A quarter of the places, times 2 for the channels in, times 2 for those out.",
)

# %% [markdown]
# A quarter times four is one: such a layer costs the same in every stage. What shrinks is the
# memory for the maps, since twice the channels on a quarter of the pixels is half the numbers. And
# the parameters grow: four times the kernels are four times the weights. The cell follows three
# stages, each with half the height and double the channels, and prints the numbers in a map, the
# multiply-adds and the parameters.

# %% facts=["l5-doubling"]
for c, n in [(64, 56), (128, 28), (256, 14)]:
    layer = nets.Conv2d(c, c, 3, padding="same")
    cost, weights = count.macs(layer, (c, n, n)), count.params(layer)
    print(f"{c:3} x {n} x {n} = {c * n * n:,} numbers: {cost:,} and {weights:,}")

# %% [markdown]
# ### The other way: a strided convolution
#
# Lesson 4 had a way to halve a map too: a convolution with stride 2. It computes the output at one
# place of four and skips the other three (its 3 x 3 windows still read every pixel). A convolution
# with a pool behind it computes all four and keeps the best. So the strided one costs a quarter,
# its weights can learn what to keep, and many newer networks pool only at the very end. The cell
# prints the cost of the strided layer, and then shows the ledger of the other two: the pool adds 0
# parameters and 0 multiply-adds to the convolution before it, three comparisons for each number
# that it keeps.

# %% facts=["l5-strided-instead"]
slide = nets.Conv2d(64, 64, 3, padding=1)
leap = nets.Conv2d(64, 64, 3, padding=1, stride=2)
cost = count.macs(leap, (64, 56, 56))
print(f"{cost:,} multiply-adds, {count.params(leap):,} parameters")
count.ledger((slide, nets.MaxPool2d(2)), (64, 56, 56))

# %% [markdown]
# ## Average pooling is a convolution
#
# ### Equal weights
#
# The mean of four numbers is their sum of products with four weights of 1/4. So average pooling is
# a correlation with a constant kernel, the **box** of lesson 2, at stride 2. The explorer slides
# that kernel over the map from the beginning, two cells at a time. Step through its four places:
# each sum of four products is one of the means, 36, 80, 12 and 15.

# %% facts=["l5-average-is-convolution"]
quarter = np.full((2, 2), 1 / 4)
StepCorrelation(x, quarter, stride=2)

# %% [markdown]
# > **A word ahead: depthwise.** A layer in which each channel has a kernel of its own and channels
# > do not mix (lesson 6; [glossary](00_start_here.ipynb#Glossary)). PyTorch makes one with
# > `groups` equal to the number of channels; its weight has the shape (C, 1, kH, kW).
#
# With several channels each needs the kernel for itself: a **depthwise** convolution whose C
# kernels are all alike. The cell compares it with average pooling on the three random maps, in
# PyTorch and in `fast`. In an ordinary convolution the same weight would have the shape (3, 3, 2,
# 2), with zeros wherever input and output channel differ.

# %% facts=["l5-average-is-convolution"]
maps_t = torch.tensor(maps)
weight = torch.full((3, 1, 2, 2), 1 / 4, dtype=maps_t.dtype)
means = F.conv2d(maps_t, weight, stride=2, groups=3)
print(torch.allclose(means, nn.AvgPool2d(2)(maps_t)))
print(np.allclose(fast.depthwise_conv2d(maps, weight[:, 0].numpy(), stride=2), means))

# %% [markdown]
# Read it as two steps, and you see what average pooling is for: **blur** with the box, then keep
# every second row and column. Each of the means speaks for its whole window, so no pixel is
# skipped. Keep this order in mind, first blur and then leave out: it will repair something in this
# lesson.

# %% facts=["l5-average-is-convolution"]
blurred = fast.corr2d(photo, quarter)
print(np.allclose(blurred[::2, ::2], pool2d(photo, 2, np.mean)))

# %% [markdown]
# ## Max pooling is not linear
#
# ### A counter-example
#
# Is max pooling a convolution as well, with some cleverer kernel? Every correlation is **linear**:
# its answer to a sum is the sum of its answers. One counter-example ends the question. Put a 3 in
# one corner of a window and, in another map, a 5 in the opposite corner.

# %%
Predict(
    "One map pools to 3, the other to 5. What does their sum pool to, here?",
    answer=5,
    why="3 and 5 lie in different corners, so the sum holds both: its largest is 5, not 8.",
)

# %% [markdown]
# The figure shows the two maps and their sum, and the cell prints the three maxima: 3, 5 and 5.
# A linear operation would have to give $3 + 5 = 8$. No kernel whatever can do what max pooling
# does, and these three windows are the whole proof.

# %% facts=["l5-max-not-linear"]
a, b = np.array([[3, 0], [0, 0]]), np.array([[0, 0], [0, 5]])
print([int(m.max()) for m in (a, b, a + b)])
plots.grids(a=a, b=b, sum=a + b)

# %% [markdown]
# What does hold? The maximum of a sum is never *more* than the sum of the maxima, since one pixel
# cannot beat the best of each. A positive factor passes through, a negative one does not: the
# largest of $-x$ is minus the *smallest* of $x$. Try both on the map from the beginning, with the
# upper left window: its largest is 100 and its smallest 0.

# %% facts=["l5-max-not-linear"]
print(np.array_equal(pool2d(3 * x, 2, np.max), 3 * pool2d(x, 2, np.max)))
print(pool2d(-x, 2, np.max).tolist())
print((-pool2d(x, 2, np.min)).tolist())

# %% [markdown]
# ### What it may change places with
#
# Because it only compares, max pooling does not care about the scale. Any function that never
# falls, such as ReLU or the sigmoid, may come before or after it: the winner stays the winner.
# *After* is the cheaper place, for a quarter of the numbers is left. The mean has no such freedom.
# In the window -3, 1, 1, 1 the mean is 0, but first a ReLU and then the mean gives 3/4. The cell
# tries both orders on the random maps.

# %% facts=["l5-max-relu-commute"]
for pool in (fast.max_pool2d, fast.avg_pool2d):
    first, last = pool(fast.relu(maps), 2), fast.relu(pool(maps, 2))
    print(f"{pool.__name__}: {np.allclose(first, last)}")

# %% [markdown]
# ## Where the gradient goes
#
# ### Shared, or all to one
#
# The backward pass gets one number for each output, the upstream gradient, and must hand it to the
# inputs. A mean depends on each of its four inputs with the weight 1/4, so each gets a **quarter**.
# A maximum depends on its winner alone: move the winner a little and the output follows, move the
# others a little and nothing happens. So the **winner takes all**, and the rest get 0. Suppose the
# upstream gradients are 4, 8, 12 and 16.

# %% facts=["l5-gradient-average", "l5-gradient-max"]
upstream = np.array([[[[4.0, 8], [12, 16]]]])
x4 = x[None, None].astype(float)
to_mean = fast.avg_pool2d_backward(upstream, x4, 2)[0, 0]
to_max = fast.max_pool2d_backward(upstream, x4, 2)[0, 0]
plots.grids(x=x, to_the_mean=to_mean, to_the_largest=to_max)

# %% [markdown]
# The figure shows the map, then the gradient that the mean hands to its input, in which each window
# is flat with 1, 2, 3 or 4 in it, and the one that the maximum hands to its input: four numbers,
# and twelve zeros. In both each window sums to its upstream number, so nothing is lost on the way.
# Check with autograd, which records the forward pass and walks back through it.


# %% facts=["l5-gradient-average", "l5-gradient-max"]
def torch_gradient(pool, x):
    """Return d(sum of upstream * output) / dx, as torch finds it."""
    x = torch.tensor(x, requires_grad=True)
    pool(x).backward(torch.tensor(upstream))
    return x.grad.numpy()[0, 0]


print(np.array_equal(torch_gradient(nn.AvgPool2d(2), x4), to_mean))
print(np.array_equal(torch_gradient(nn.MaxPool2d(2), x4), to_max))

# %% [markdown]
# ### Ties
#
# Look at the lower left window: four times 12, and the whole gradient of 12 went to the first of
# them. A tie has no derivative: raise any one of the four and the output rises, lower one and it
# stays. So a library has to choose, and PyTorch's pools choose **the first in row order**. Another
# way to write the same maximum, `amax`, shares the gradient among the equals. Both are in use, and
# a test that compares gradients will trip over it.

# %% facts=["l5-ties"]
tie = torch.full((1, 1, 2, 2), 12.0)
for largest in (nn.MaxPool2d(2), lambda m: m.amax((2, 3))):
    m = tie.clone().requires_grad_()
    largest(m).sum().backward()
    print(m.grad[0, 0].tolist())

# %% [markdown]
# A popular shortcut does neither. It compares the map with its maximum, `x == out`, and multiplies
# by the upstream gradient, so that *each* of the four equals gets the full 12. Without ties it is
# right. With ties the window hands on 48 instead of 12, and flat areas are where ties live: in a
# sky, or behind a ReLU, where whole windows are 0. (There you would not notice: a ReLU lets no
# gradient through where its output is 0.)

# %% facts=["l5-ties"]
winners = x == drawn_large(pool2d(x, 2, np.max), 2)
shortcut = winners * drawn_large(upstream[0, 0], 2)
print(shortcut[2:, :2].sum(), "instead of", to_max[2:, :2].sum())

# %% [markdown]
# Where windows overlap, gradients add up, as always when a number is used twice. The 9 of the row
# above wins two windows of three samples at stride 2. With upstream gradients of 1, 10 and 100 it
# gets $1 + 10$, and the 4 at the end gets the 100.

# %% facts=["l5-overlap"]
m = row.clone().requires_grad_()
F.max_pool1d(m, 3, stride=2).backward(torch.tensor([[[1.0, 10, 100]]]))
print(row.numpy().ravel(), m.grad.numpy().ravel(), sep="\n")

# %% [markdown]
# ## Small shifts
#
# ### What pooling forgives
#
# One bright pixel, and a max pool of two: as long as the pixel moves *inside* its window, the
# output does not change at all. But as soon as it crosses to the next window, the output jumps by a
# whole cell. So "pooling makes a network invariant to small shifts" cannot be the whole truth. Let
# the pixel start anywhere, and move it by one.

# %%
Predict(
    "In what share of the starts is the pooled signal the same after the move?",
    choices=["always", "in half of them", "never"],
    answer="in half of them",
    why="From the first place of a window it stays inside, from the second it leaves.",
)

# %% [markdown]
# With a window of $k$ it is $(k - 1)/k$: all places but the last. The cell tries 12 starts, on a
# ring of 12 samples. Row `i` of `lit` is a signal with its one bright sample at `i`, and the next
# row is the same signal, moved.

# %% facts=["l5-shift-tolerance"]
lit = np.eye(12)[None, None]
for k in (2, 3, 4):
    after = fast.max_pool2d(lit, (1, k))[0, 0]
    same = (after == np.roll(after, -1, axis=0)).all(axis=1)
    print(f"window {k}: {same.sum()} of 12 moves change nothing")

# %% [markdown]
# Real maps hold more than one pixel. Take the map of upright edges in the photograph, as a network
# would have it: a kernel with opposite columns, then a ReLU. Move the photograph by one pixel, and
# compare the maps. The measure is the size of the difference, $\lVert a - b \rVert$, as a share of
# the size of the map, $\lVert a \rVert$; that size is the square root of the sum of all squared
# entries (`np.linalg.norm`). It can be more than 1: a line that moves by its own width shares
# nothing with itself.


# %% facts=["l5-shift-tolerance"]
def one_pixel_apart(m):
    """Return two parts of m: the second is the first, moved one pixel to the left."""
    return m[:, :-2], m[:, 1:-1]


edges = fast.relu(fast.corr2d(photo, np.array([[1, 0, -1]] * 3)))
still, moved = one_pixel_apart(edges)
print(f"{np.linalg.norm(still - moved) / np.linalg.norm(still):.2f}")

# %% [markdown]
# So without pooling, one pixel makes a difference larger than the map itself. Now with pools. The
# wider the window, the less a move by one changes: max pooling over 2 x 2 brings the change to
# about two thirds, over 4 x 4 to about a quarter, and the mean is a little behind the maximum on
# these thin edges. That is the tolerance people speak of. It is real, and it is partial.

# %% facts=["l5-shift-tolerance"]
for k, keep in [(2, np.max), (2, np.mean), (4, np.max), (4, np.mean)]:
    still, moved = (pool2d(m, k, keep) for m in one_pixel_apart(edges))
    change = np.linalg.norm(still - moved) / np.linalg.norm(still)
    print(f"{k} x {k} {keep.__name__:4}: {change:.2f}")

# %% [markdown]
# ### Where equivariance breaks
#
# > **A word: equivariant.** Shift the input, and the output shifts with it. A convolution does that
# > (lesson 1; [glossary](00_start_here.ipynb#Glossary)).
#
# A convolution at stride 1 is equivariant: move the image by one pixel, and the map moves by one. A
# pooled map can only move by whole cells. Two pixels are one cell, and then everything fits
# exactly. But a move by *one* pixel would have to move the map by half a cell, and there is no such
# place. Take stripes, two samples wide.

# %% facts=["l5-shift-breaks"]
stripes = np.array([[0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]])
for move in (0, 1, 2):
    signal = np.roll(stripes, -move)[None, None]
    print(
        f"moved by {move}: {signal[0, 0, 0]} -> {fast.max_pool2d(signal, (1, 2))[0, 0, 0]}"
    )

# %% [markdown]
# Moved by none, the pool finds stripes: 0 1 0 1 0 1. Moved by two, the same stripes, one cell
# further: 1 0 1 0 1 0. Moved by *one*, it finds no stripes at all, for each window now holds a 1.
# The pattern did not move a little, it disappeared. The layers behind the pool see a different
# world, and the only thing that happened is one pixel.
#
# What goes wrong here has a name in signal processing: **aliasing**. Leave samples out, and a
# pattern that repeats faster than every two samples of the new, coarser grid cannot be drawn on it:
# it comes back as something else. One that repeats exactly every two samples, like these stripes,
# is the limit: it stays or vanishes, depending on where it lies. Any stride can do this, also that
# of a convolution. The figure shows the pagoda with every third pixel of every third row kept,
# nothing else done, and on the right the same after a move by one pixel. Look at the tiles of the
# roofs: broad stripes that are not in the scene, and other ones after the move.

# %% facts=["l5-shift-breaks"]
scene = data.photo("china")[90:300, 90:330]
still, moved = (m[::3, ::3] for m in one_pixel_apart(scene))
plots.photos(every_third=still, after_one_pixel=moved)

# %% [markdown]
# ### Blur first
#
# The remedy is as old as digital sound: remove the detail that the new grid cannot carry *before*
# you leave samples out. Blur first. The figure shows the same two grids of every third pixel, after
# two rounds of the Gaussian of lesson 2. The false stripes are gone, and the two pictures agree.
# The price is on view as well: real detail is softer too.

# %% facts=["l5-blur-repairs"]
row5 = np.array([1, 4, 6, 4, 1]) / 16
gaussian = np.outer(row5, row5)
soft = fast.corr2d(fast.corr2d(scene, gaussian), gaussian)
still, moved = (m[::3, ::3] for m in one_pixel_apart(soft))
plots.photos(blurred_first=still, after_one_pixel=moved)

# %% [markdown]
# Now measure it, at stride 2. What *should* a map do when the image moves by one pixel? Move by
# half a cell, so that each value comes to lie midway between two old neighbours: their mean is a
# fair expectation. The error is the distance from it, as a share of the size of the map after its
# mean is subtracted, so that a map which is merely pale gains nothing. At 0 the map follows the
# image; near 1 the move has put it out of joint. First a plain stride on the edges, without a blur
# and with one:


# %% facts=["l5-blur-repairs"]
def broken(way):
    """Return how far a move by one pixel is from a move by half a cell."""
    still, moved = (way(m) for m in one_pixel_apart(edges))
    error = moved[:, :-1] - (still[:, :-1] + still[:, 1:]) / 2
    return np.linalg.norm(error) / np.linalg.norm(moved - moved.mean())


print(f"every second number: {broken(lambda m: m[::2, ::2]):.2f}")
print(f"blurred first: {broken(lambda m: fast.corr2d(m, gaussian)[::2, ::2]):.2f}")

# %% [markdown]
# A stride of 2 on thin edges has an error near 1: hardly anything can be foretold. The blur, the
# only thing that changed, takes four fifths of it away. For max pooling split it in two, as you did
# with the mean: first the maximum at *every* place, at stride 1; then leave out every second. The
# first step is equivariant, which the cell tests: move and then take maxima, or the other way
# round. So only the second step does harm, and the blur belongs between the two.


# %% facts=["l5-blur-repairs"]
def maxima(m):
    """Return the maximum of each 2 x 2 window, at stride 1."""
    return fast.max_pool2d(m[None, None], 2, stride=1)[0, 0]


print(np.array_equal(maxima(edges)[:, 1:], maxima(edges[:, 1:])))
print(f"max pool: {broken(lambda m: maxima(m)[::2, ::2]):.2f}")
softened = broken(lambda m: fast.corr2d(maxima(m), gaussian)[::2, ::2])
print(f"maximum, blur, every second: {softened:.2f}")

# %% [markdown]
# From about 0.6 to about 0.13. On the stripes you can follow it by hand with the small blur
# $(1, 2, 1)/4$. At every place the maximum of two neighbours is 0 1 1 1, over and over. Around the
# 0 the blur makes $(1 + 0 + 1)/4 = 0.5$, beside it 0.75, opposite it 1. Every second of these is
# 0.5 and 1, or 0.75 and 0.75: the stripes still fade after a move by one, but where they once
# changed by 1 they now change by 0.25.

# %% facts=["l5-blur-repairs"]
for move in (0, 1):
    ring = np.roll(stripes, -move)[0]
    maximum = np.maximum(ring, np.roll(ring, -1))
    smooth = (np.roll(maximum, 1) + 2 * maximum + np.roll(maximum, -1)) / 4
    print(
        f"moved by {move}: maxima {maximum[:8]}, blurred, every second {smooth[:8:2]}"
    )

# %% [markdown]
# So the blur repairs much, not all. Why does not everybody do it? Some do: libraries of models have
# blurred pools under the name *BlurPool*. Others keep the plain stride, let the
# training set show each object at every offset, and live with the rest.
#
# ## Where libraries differ
#
# ### Padding that never wins
#
# A pool can have padding too. What should stand there? For a convolution it is 0, because 0 adds
# nothing to a sum. In a maximum 0 is no neutral number: it beats everything negative. Pad a map of
# negative numbers by one and pool it with 2 x 2, so that each window holds one real number and
# three of the padding.

# %%
Predict(
    "nn.MaxPool2d(2, padding=1) on [[-3, -1], [-2, -4]]: its first output?",
    answer=-3,
    why="The padding is -inf and never wins, so the one real number of the window does.",
)

# %% [markdown]
# The neutral number of a maximum is $-\infty$, and that is what PyTorch puts there. If you frame
# the map with zeros yourself and pool then, you get zeros, numbers that were never in the map.
# Behind a ReLU nothing is negative, and the two ways agree, as the last line shows: there you would
# not notice the slip. PyTorch also refuses padding of more than half the kernel, so each window
# holds at least one real number.

# %% facts=["l5-padding-inf"]
negative = torch.tensor([[[[-3.0, -1], [-2, -4]]]])
print("torch", nn.MaxPool2d(2, padding=1)(negative).tolist())
print("ours ", fast.max_pool2d(negative.numpy(), 2, padding=1).tolist())
print("zeros", nn.MaxPool2d(2)(F.pad(negative, (1, 1, 1, 1))).tolist())
active = F.relu(maps_t)
framed = nn.MaxPool2d(2)(F.pad(active, (1, 1, 1, 1)))
print("behind a ReLU:", torch.equal(framed, nn.MaxPool2d(2, padding=1)(active)))

# %% [markdown]
# ### By how many to divide
#
# For the mean the padding is 0, and the question is the **divisor**. A map of 4 x 4 ones gets a
# frame of zeros, and windows of 3 x 3. The corner window holds four ones and five zeros. Is its
# mean 4/9, or is it 4/4, since only four numbers are real? PyTorch divides by nine unless you say
# `count_include_pad=False`. The exchange format ONNX has the same switch with the opposite default.
# The figure shows both: the first map has a rim of 0.667 and 0.444, the second has none.

# %% facts=["l5-divisor"]
ones = np.ones((1, 1, 4, 4))
how = {"stride": 1, "padding": 1}
counted = fast.avg_pool2d(ones, 3, **how)[0, 0]
real = fast.avg_pool2d(ones, 3, **how, count_include_pad=False)[0, 0]
plots.grids(padding_counts=counted, only_real_ones=real)

# %% [markdown]
# And a window that hangs over the end in `ceil_mode`? What hangs over is no padding, and PyTorch
# never counts it, whatever you say about the padding. Take the row 2, 4, 6, 8, 10 and windows of
# two with `ceil_mode`: the last window holds the 10 alone, and its mean is 10, not 5.

# %% facts=["l5-divisor"]
line = torch.tensor([[[[2.0, 4, 6, 8, 10]]]])
print(F.avg_pool2d(line, (1, 2), ceil_mode=True).ravel())

# %% [markdown]
# Without `ceil_mode`, but with one zero of padding in front and behind, the first window is 0 and
# 2: its mean is 1 if the padding counts, and 2 if it does not. PyTorch stands on the left, `fast`
# on the right. A third way is to set the divisor yourself: `divisor_override=1` makes the mean a
# sum.

# %% facts=["l5-divisor"]
for included in (True, False):
    how = {"padding": (0, 1), "count_include_pad": included}
    theirs = F.avg_pool2d(line, (1, 2), **how)
    print(
        included, theirs.ravel(), fast.avg_pool2d(line.numpy(), (1, 2), **how).ravel()
    )

# %% [markdown]
# Here is the list to go through when a pool gives other numbers than you expect, or when you carry
# a model from one library to another:
#
# | question | PyTorch's answer | where you saw it |
# |---|---|---|
# | What is the stride if I give none? | the kernel | How many windows |
# | Is the size rounded down or up? | down; up with `ceil_mode`, and the last window must start inside | How many windows |
# | May windows overlap? | yes, with a stride below the kernel | How many windows |
# | What is the padding of a maximum? | $-\infty$ | above |
# | Does the padding count in a mean? | yes, unless `count_include_pad=False` | above |
# | Does what hangs over count? | never | above |
# | Who gets the gradient of a tie? | the first in row order; `amax` shares | Where the gradient goes |

# %% [markdown]
# ## Global average pooling
#
# ### One window as large as the map
#
# Make the window as large as the map itself, and each channel becomes **one number**: how much of
# its pattern there is anywhere. The shape goes from (N, C, H, W) to (N, C), and a dense layer from
# C numbers to the classes ends the network. In PyTorch it is `nn.AdaptiveAvgPool2d(1)`, which keeps
# two axes of length 1, or simply a mean over the last two axes.

# %% facts=["l5-global-average"]
print(fast.global_avg_pool2d(maps), maps.mean(axis=(2, 3)))
kept = nn.AdaptiveAvgPool2d(1)(maps_t)
print(kept.shape, torch.allclose(kept[:, :, 0, 0], maps_t.mean((2, 3))))

# %% [markdown]
# Compare the ends of two networks on 512 maps of 7 x 7 with ten classes. Flattened, they are $512
# \cdot 49 = 25\,088$ numbers, and the dense layer has ten weights for each, and ten biases. Behind
# the global mean there are 512 numbers.

# %%
Predict(
    "How many parameters has the dense layer behind the global average, biases included?",
    answer=5130,
    why="512 weights for each of 10 classes, and 10 biases: 512 * 10 + 10.",
)

# %% [markdown]
# 5 130 against 250 890, a factor of 49: the number of pixels in a map. There is a second gain. The
# flattened head fits one size of image and no other, while the mean takes maps of any size. The
# cell counts both heads and then runs the small one on maps of 7 x 7 and of 9 x 12.

# %% facts=["l5-global-average"]
flat = (nets.Flatten(), nets.Linear(512 * 49, 10))
small = (nets.GlobalAvgPool2d(), nets.Linear(512, 10))
print(f"{count.params(flat):,} and {count.params(small):,} parameters")
print([nets.out_shape(small, (512, *size)) for size in [(7, 7), (9, 12)]])

# %% [markdown]
# ### Invariant at last
#
# A map that moves as a whole keeps its mean. So an equivariant network with a global mean behind it
# is **invariant**: the same answer wherever the object stands, as long as nothing leaves the image.
# Test it on the knob of the roof. In the photograph it is dark before a pale sky; 0.8 minus the
# photograph, cut off at 0, makes it bright on black, so that it can stand anywhere in an empty
# image. Move it by one pixel, and by two. The chain is the kernel for edges, a ReLU, then nothing
# or one of four ways to halve the map, and the global mean. How much does the answer change?


# %% facts=["l5-global-average", "l5-shift-breaks", "l5-blur-repairs"]
def answer(way, move):
    """Return the mean response to the knob, moved to the right."""
    image = np.zeros((60, 60))
    image[20:42, 14 + move : 46 + move] = np.maximum(0.8 - photo[:22, 90:122], 0)
    return way(fast.relu(fast.corr2d(image, np.array([[1, 0, -1]] * 3)))).mean()


for name, way in {
    "no stride": lambda m: m,
    "stride 2": lambda m: m[::2, ::2],
    "max pool": lambda m: maxima(m)[::2, ::2],
    "1 4 6 4 1": lambda m: fast.corr2d(maxima(m), gaussian)[::2, ::2],
    "1 1 1": lambda m: fast.corr2d(maxima(m), np.ones((3, 3)) / 9)[::2, ::2],
}.items():
    one, two = (abs(answer(way, move) / answer(way, 0) - 1) for move in (1, 2))
    print(f"{name}: {one:.1%} after one pixel, {two:.1%} after two")

# %% [markdown]
# Without a stride the answer stays. With a plain stride, and with a max pool, it changes after one
# pixel and returns after two, as the stripes did. With the Gaussian blur it stays again: the taps
# 1, 6, 1 and the taps 4, 4 both sum to 8, so even and odd places count alike. Is that the reason?
# The last line has a blur whose taps are 1, 1, 1: the outer two sum to 2, the middle one is 1, and
# the answer changes again. So the sentence to remember is not "pooling makes networks invariant to
# shifts". It is: the convolution moves with the image, the global mean forgets where, and a stride
# between them can break both.

# %% [markdown]
# ## What we saw
#
# - A pool keeps one number of each window and channel, the largest or the mean; it leaps by its own
#   width and has no parameters. One of 2 x 2 leaves a quarter of the work to the next layer.
# - The mean is a depthwise convolution with equal weights and shares its gradient; the maximum is
#   not linear and gives all of it to the winner, the first of equals.
# - Pools forgive small moves in part, and every stride breaks exact equivariance; a blur before samples
#   are left out repairs most of it.
#
# **Sources.** R. Zhang, [Making convolutional networks shift-invariant
# again](https://arxiv.org/abs/1904.11486), which has the blurred max pool. A. Azulay, Y. Weiss,
# [Why do deep convolutional networks generalize so poorly to small image
# transformations?](https://arxiv.org/abs/1805.12177). J. Springenberg, A. Dosovitskiy, T. Brox, M.
# Riedmiller, [Striving for simplicity: the all convolutional net](https://arxiv.org/abs/1412.6806),
# on strides instead of pools. M. Lin, Q. Chen, S. Yan, [Network in
# network](https://arxiv.org/abs/1312.4400), on global average pooling. A. Krizhevsky, I. Sutskever,
# G. Hinton, [ImageNet classification with deep convolutional neural
# networks](https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks),
# with overlapping pools. The documentation of
# [torch.nn.MaxPool2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html) and
# [torch.nn.AvgPool2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html). The
# photograph is [by danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035), [CC BY
# 2.0](https://creativecommons.org/licenses/by/2.0/); it was cut and made gray.
#
# **Now you.** Write these operations yourself, and have them checked: [the exercises of this
# lesson](../exercises/05_pooling.ipynb).

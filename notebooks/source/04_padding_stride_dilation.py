# %% [markdown]
# # 4. Padding, stride, dilation
#
# **A network looks at a photograph through windows of three by three pixels. How can one of its
# outputs know about a whole face?**
#
# Three numbers beside the kernel decide where a window may stand, how far it moves and how wide it
# is spread. They set the size of every map in a network, and how much of the image each output can
# see.
#
# When you are done, you will be able to
#
# - predict the size of any layer's output by hand, with a formula and with code;
# - say which padding a book or a library means, and where the odd row goes;
# - tell which pixels a stride leaves out, and what a dilated kernel looks at;
# - find the receptive field of an output in three ways, and say how much of it really counts;
# - compare one large kernel with two small ones, and go back up with a transposed convolution.
#
# **Time:** about 75 minutes, half an hour more for *Going deeper*, and two hours for the nine
# exercises.
#
# **You need:** lesson 2 (the window, its output size), and from lesson 3 the shapes of a layer with
# channels. No internet is needed.

# %% [markdown]
# All imports stand here. `out_len`, `same_padding`, `receptive_fields` and `transposed_len` work
# with whole numbers only: they give sizes before there are any values. The last line silences one
# warning of PyTorch, about even kernels; you will read what it warns of in its place.

# %%
import warnings
from itertools import product

import numpy as np
import torch
from scipy import signal
from torch.nn import functional as F

from coursekit import data, fast, plots
from coursekit.shapes import out_len, receptive_fields, same_padding, transposed_len
from coursekit.widgets import Predict, StepCorrelation

np.set_printoptions(precision=3, suppress=True)
warnings.filterwarnings("ignore", message="Using padding='same' with even kernel")

# %% [markdown]
# ## Padding
#
# ### Every layer takes a border away
#
# A kernel of $k$ taps finds $n - k + 1$ places on $n$ samples (lesson 2). So a 5 x 5 kernel makes
# $32 - 5 + 1 = 28$ of 32 pixels, and the next layer starts from 28. Put seven such layers on top of
# each other.

# %%
Predict(
    "A 32 x 32 image goes through seven 5 x 5 layers. How high is what is left?",
    answer=4,
    why="Each layer takes 5 - 1 = 4 rows: 32 - 7 * 4 = 4.",
    wrong={
        -3: "A layer takes 4 rows and not 5: a window of 5 has n - 4 places.",
        28: "That is left after the first layer.",
        18: "A layer takes two rows above and two below.",
    },
)

# %% [markdown]
# The loop below follows the height from layer to layer, until no 5 x 5 window fits.

# %% facts=["l4-shrinks"]
sizes = [32]
while sizes[-1] >= 5:
    sizes.append(out_len(sizes[-1], 5))
sizes

# %% [markdown]
# An eighth layer is impossible. So without a remedy the size of the image would limit how deep a
# network can be. That is one reason for padding. The next section finds another.
#
# ### Pixels at the border count less
#
# How many windows of a 3 x 3 kernel look at a given pixel of a 7 x 7 image? The corner pixel lies
# in one window only, the first. A pixel in the middle lies in nine, once under each tap. The code
# lays the window down at each of its $5 \cdot 5$ places and adds 1 to what it covers. Write down
# the numbers you expect along the first row.


# %% facts=["l4-border-use"]
def times_used(n, k, stride=1):
    """Count for each pixel of an n x n image how many k x k windows cover it."""
    used = np.zeros((n, n), int)
    starts = range(0, n - k + 1, stride)
    for i, j in product(starts, starts):
        used[i : i + k, j : j + k] += 1
    return used


plots.grids(used=times_used(7, 3))

# %% [markdown]
# The figure shows the count in each pixel: 1 in the corners, 2 and 3 along the first row, 9 only in
# the inner 3 x 3 pixels. Add up the counts and you have $25 \cdot 9 = 225$, every tap of every
# window. The outermost ring is half of all pixels, $24$ of $49$. How large is its share of the
# counts?

# %% facts=["l4-border-use"]
used = times_used(7, 3)
ring = used.sum() - used[1:-1, 1:-1].sum()
print(used.sum(), f"{ring / used.sum():.0%} of them on the ring")

# %% [markdown]
# ### A frame of zeros
#
# **Padding** surrounds the image with extra rows and columns, mostly of zeros, so that the window
# can stand at the border too. Take the 3 x 3 image of lesson 2, frame it with one ring of zeros,
# and it is 5 x 5. The first window now holds three zeros and the pixel 0, so the output is 0. The
# second, one step to the right, has the pixels 0 and 1 in its lower row, under the weights 2 and 3:
# $0 \cdot 2 + 1 \cdot 3 = 3$. The figure shows the framed image, its padding white and dashed, the
# kernel and the output. Where are the four numbers 19, 25, 37 and 43 of lesson 2?

# %% facts=["l4-padded-3x3"]
x = np.arange(9).reshape(3, 3)
small = np.array([[0, 1], [2, 3]])
output = fast.corr2d(x, small, padding=1)
plots.grids(framed=fast.pad2d(x, 1), kernel=small, output=output, padding=1)

# %% [markdown]
# ### In total, or per side?
#
# The formula changes in one place: there are $n + P$ samples now instead of $n$, where $P$ counts
# all the samples added along the axis, so the output has $n - k + P + 1$. With $P = k - 1$ the two
# cancel and the size stays $n$. Many books mean this **total** by "padding";
# PyTorch, and the rest of this course, give the number **per side**, $p = P/2$, and write
# $n - k + 2p + 1$. Both are right; mix them up, and you are off by a factor of two.

# %%
Predict(
    "In torch: 10 samples, a kernel of 3, padding=2. How many outputs?",
    answer=12,
    why="Per side 2 means 4 in total: 10 - 3 + 4 + 1 = 12. As a total it would be 10.",
    wrong={
        10: "That takes 2 as the total. In torch it is added on each side.",
        8: "That is without the padding.",
        11: "Count places, not steps: one more.",
    },
)

# %% [markdown]
# The cell prints both readings of the number 2 for 10 samples and a kernel of 3. A
# pair says how many samples stand before and how many after; a single number goes on both sides.

# %% facts=["l4-total-padding"]
per_side = out_len(10, 3, padding=2)
in_total = out_len(10, 3, padding=(1, 1))
print("per side:", per_side, "  in total:", in_total)
print([out_len(n, k, padding=same_padding(k)) for n, k in [(10, 3), (10, 4), (7, 6)]])

# %% [markdown]
# ### Odd kernels, even kernels
#
# The second line above keeps every size, even for kernels of 4 and 6. With an odd $k$ the total
# $k - 1$ is even, and half of it goes on each side: one row for 3, two rows for 5. Then output $i$
# looks at a window centred on input $i$. With an even $k$ the total is odd and cannot be halved.
# One side gets the extra row, and the sources disagree which: textbooks like *Dive into Deep
# Learning* suggest $\lceil P/2 \rceil$ before and $\lfloor P/2 \rfloor$ after, PyTorch's
# `padding="same"` does the opposite. (Python has no sign for rounding up: `-(-a // b)` does it.)

# %% facts=["l4-odd-even-padding"]
for k in (1, 2, 3, 4, 5):
    total = k - 1
    book = (-(-total // 2), total // 2)
    print(f"k = {k}: total {total}, book {book}, torch {same_padding(k)}")

# %% [markdown]
# Does it matter? Take the signal 1, 2, 3 and the kernel (1, 10). With the zero *after*, you get
# $1 + 20 = 21$, $2 + 30 = 32$ and $3 + 0 = 3$. With the zero *before*, you get 10, 21 and 32: the
# same map, one place later. So trained weights, copied from a library that pads before into one
# that pads after, give every map shifted by a pixel. (PyTorch warns here that an even kernel costs
# a padded copy of the input; the first cell turned that warning off.)

# %% facts=["l4-odd-even-padding"]
x1, k1 = torch.tensor([[[1, 2, 3]]]), torch.tensor([[[1, 10]]])
print("torch:", F.conv1d(x1, k1, padding="same").numpy().ravel())
print("after:", fast.corr1d(np.array([1, 2, 3]), np.array([1, 10]), padding=(0, 1)))
print("before:", fast.corr1d(np.array([1, 2, 3]), np.array([1, 10]), padding=(1, 0)))

# %% [markdown]
# ### Valid, same, full
#
# Three amounts of padding have names. **Valid** is none: only real samples count, $n - k + 1$.
# **Same** is $k - 1$ in total and keeps $n$. **Full** is $k - 1$ on *each* side: every place counts
# where kernel and signal share at least one sample, which makes $n + k - 1$. You met all three in
# lesson 2 as the defaults of three libraries. The code gives them for 7 samples and 3 taps; the
# figure shows the last of them. Dashed cells are padding, dark cells are the taps. How many real
# samples do the first and the last window hold?

# %% facts=["l4-valid-same-full"]
print([out_len(7, 3, padding=padding) for padding in (0, same_padding(3), 3 - 1)])
plots.places(7, 3, padding=2)

# %% [markdown]
# ### What to put there
#
# Zeros are easy, but they draw a dark frame that is not in the scene, and a kernel that finds edges
# will find it. The other modes copy instead. For the row 1 2 3, padded by two:
# *replicate* repeats the edge, 1 1 1 2 3 3 3. *Reflect* mirrors the signal in its first sample
# without repeating it, 3 2 1 2 3 2 1. *Circular* continues as if the row were a ring, 2 3 1 2 3 1
# 2, which suits angles and seamless patterns.

# %% facts=["l4-padding-modes"]
row = np.array([[1, 2, 3]])
modes = ("zeros", "replicate", "reflect", "circular")
for mode in modes:
    print(f"{mode:10} {fast.pad2d(row, ((0, 0), (2, 2)), mode)[0]}")

# %% [markdown]
# On a photograph you see what each of them claims about the world beyond the edge. The figure shows
# the knob of a pagoda roof four times, padded by 25 pixels on each side. Which of the four has no
# visible seam?

# %% facts=["l4-padding-modes"]
knob = data.photo("china")[48:118, 150:220]
plots.photos(**{mode: fast.pad2d(knob, 25, mode) for mode in modes})

# %% [markdown]
# Zeros make a black frame. Replicate draws the border pixels out into streaks. Reflect mirrors the
# scene and shows no seam. Circular sets the opposite border next to this one: pieces of roof
# appear above the sky.
#
# Both axes need not be treated alike. A kernel of 3 x 5 keeps the size with one row above and
# below, but two columns at each side. Give a pair, rows first: the first call below keeps 6 x 8.
# The second call pads the columns only, and with `stride=(1, 2)` its window moves two columns at a
# time, but one row. Predict its shape before you read it. The rows go from 6 to $6 - 3 + 1 = 4$.
# The padded width is $8 + 4 = 12$: a window of five columns starts at 0, 2, 4, and where else?

# %% facts=["l4-per-axis"]
image, wide = np.ones((6, 8)), np.ones((3, 5))
print(fast.corr2d(image, wide, padding=(1, 2)).shape)
print(fast.corr2d(image, wide, padding=(0, 2), stride=(1, 2)).shape)

# %% [markdown]
# ## Stride
#
# ### Larger steps
#
# The step of the window is its **stride**. Take a row of width 7 and the kernel (1, 0, -1). At
# stride 1 it has $7 - 3 + 1 = 5$ places. At stride 2 it starts at 0, at 2 and at 4, and the next
# start, 6, would need samples 7 and 8. So there are 3.

# %% facts=["l4-width-7"]
row = np.array([2, 3, 5, 8, 4, 4, 1])
edge = np.array([1, 0, -1])
print(fast.corr1d(row, edge), fast.corr1d(row, edge, stride=2))

# %% [markdown]
# The second line is every other number of the first. A stride computes nothing new. It leaves
# places out, and it saves their cost: in two dimensions stride 2 computes about a quarter of the
# outputs. It is the *places* that are thinned out, never the pixels inside a window. The figure
# shows them: each window holds three neighbouring samples, and the windows start two apart.

# %% facts=["l4-width-7"]
plots.places(7, 3, stride=2)

# %% [markdown]
# ### What does not fit is dropped
#
# With seven samples, three taps and stride 2 the last window ends exactly at the last sample. Now
# take eight samples. The window can move by $8 - 3 = 5$, and two full steps of 2 fit in it, with
# one sample left. The division is rounded *down*:
#
# $$\text{outputs} = \left\lfloor \frac{n - k + P}{s} \right\rfloor + 1$$
#
# A sample that is in no window is hatched in the figure. Nothing warns you: change it as you like,
# and no output moves. (You will also meet this formula without the rounding; see
# [Two common mistakes](#Two-common-mistakes).)

# %% facts=["l4-floor-drops"]
plots.places(8, 3, stride=2)

# %% [markdown]
# In two dimensions it is a whole row and a whole column. The figure counts how many 3 x 3 windows
# use each pixel of an 8 x 8 image, at stride 2 on the left and at stride 3 on the right. How many
# pixels hold a zero?

# %% facts=["l4-floor-drops"]
for stride in (2, 3):
    dropped = (times_used(8, 3, stride) == 0).sum()
    print(f"stride {stride}: {dropped} of 64 pixels are in no window")
plots.grids(stride_2=times_used(8, 3, 2), stride_3=times_used(8, 3, 3))

# %% [markdown]
# ### Two dimensions
#
# Rows and columns may have different strides. Go back to the 3 x 3 image in its frame of zeros and
# take steps of 3 downwards and of 2 to the right. Of the 4 x 4 outputs that you saw, rows 0 and 3
# and columns 0 and 2 remain. Look them up in the figure with the frame: 0 and 8 in the first row, 6
# and 8 in the last.

# %% facts=["l4-strides-3-2"]
fast.corr2d(x, small, padding=1, stride=(3, 2))

# %% [markdown]
# Now one to walk through. A 5 x 5 image with a ring of zeros is 7 x 7. The figure shows it, with
# the padding dashed: the pixels of the image are all 1 or more. A 3 x 3 kernel of ones adds up what
# it covers, and the stride is 2. The first window stands in the upper left corner of the *frame*,
# so five of its nine cells are zeros: what remains is $1 + 2 + 1 + 1 = 5$.

# %% facts=["l4-ones-stride-2-padding-1"]
rows = ["12111", "11539", "24475", "36756", "16531"]
image = np.array([list(row) for row in rows], int)
ones = np.ones((3, 3), int)
plots.grids(framed=fast.pad2d(image, 1), kernel=ones, padding=1)

# %%
Predict(
    "How many outputs does the padded 5 x 5 image have? Answer with the shape.",
    answer=(3, 3),
    why="Along each axis floor((5 - 3 + 2) / 2) + 1 = 3.",
    wrong={
        (2, 2): "Either the padding is missing or the first place.",
        (5, 5): "That is at stride 1.",
    },
)

# %% [markdown]
# Step through the nine places below. Each step moves by two cells, and two neighbouring windows
# share one row or column. Put the pointer on a pixel to see which outputs look at it: one, two or
# four.

# %% facts=["l4-ones-stride-2-padding-1"]
StepCorrelation(fast.pad2d(image, 1), ones, stride=2)

# %% [markdown]
# Your nine sums, all at once. The 42 in the middle is the sum of the nine pixels in the middle of
# the image.

# %% facts=["l4-ones-stride-2-padding-1"]
fast.corr2d(image, ones, padding=1, stride=2)

# %% [markdown]
# ### With channels
#
# Padding and stride act on height and width only; the number of filters gives the channels. A
# colour image of 3 x 32 x 32 meets twelve filters with 6 x 6 kernels, at stride 2 and without
# padding. Each axis: $(32 - 6)/2 + 1 = 14$, and here the division comes out even.

# %%
Predict(
    "What is the shape of the output, channels first?",
    answer=(12, 14, 14),
    why="Twelve filters make twelve maps of (32 - 6) / 2 + 1 = 14 rows and columns.",
    wrong={
        (14, 14, 12): "Channels come first.",
        (3, 14, 14): "Each filter sums over the input channels: one map.",
        (12, 13, 13): "Thirteen steps make fourteen places.",
        (12, 27, 27): "That is at stride 1.",
    },
)

# %% [markdown]
# The three input channels have vanished in the sums. A ReLU afterwards replaces negative numbers by
# zero, each by itself, so it changes no shape. Neither does any other activation.

# %% facts=["l4-12-kernels"]
rng = np.random.default_rng(4)
colour, filters = rng.random((1, 3, 32, 32)), rng.standard_normal((12, 3, 6, 6))
out = fast.conv2d(colour, filters, stride=2)
print(out.shape, fast.relu(out).shape)

# %% [markdown]
# ### Settings you will see every day
#
# A few triples $(k, p, s)$ cover most networks. Odd kernels with $p = (k - 1)/2$ and stride 1 keep
# the size: (3, 1, 1), (5, 2, 1), (1, 0, 1). The triple (3, 1, 2) halves it: for an even $n$,
# $\lfloor (n - 1)/2 \rfloor + 1 = n/2$; an odd $n$ is rounded up, 7 becomes 4.

# %% facts=["l4-common-settings"]
for k, p, s in [(3, 1, 1), (5, 2, 1), (1, 0, 1), (3, 1, 2)]:
    lengths = [out_len(n, k, padding=p, stride=s) for n in (32, 28, 7)]
    print(f"k = {k}, p = {p}, s = {s}: 32, 28, 7 become {lengths}")

# %% [markdown]
# ## Dilation
#
# ### The same taps, further apart
#
# Three taps need not be neighbours. With **dilation** 2 they lie two samples apart and reach over
# five: the first, the third and the fifth. In general $k$ taps reach over $d\,(k - 1) + 1$ samples.
# You also find the French name *à trous*, "with holes". A dilation of 1 means none: the taps touch.
# The figure shows nine samples under three taps with dilation 3. A line joins the taps of one
# window; they reach over $3 \cdot 2 + 1 = 7$ samples, so three places remain.

# %% facts=["l4-dilation-reach"]
print([d * (3 - 1) + 1 for d in (1, 2, 3)])
plots.places(9, 3, dilation=3)

# %% [markdown]
# What one window skips another picks up: no sample in the figure is hatched. Do not take a dilation
# for a stride. A stride moves the *window* in larger steps, a dilation moves the *taps* of one
# window apart. How many places do 3 taps have on 8 samples, if
# both are 2? Work it out with the reach of the window instead of $k$.

# %%
Predict(
    "8 samples, 3 taps, dilation 2, stride 2, no padding. How many outputs?",
    answer=2,
    why="The window reaches over 5 samples: floor((8 - 5) / 2) + 1 = 2.",
    wrong={
        3: "Either the dilation is missing, or a half was rounded up to a window that hangs over.",
        4: "That is at stride 1.",
        1: "Count places, not steps: the first one counts.",
    },
)

# %% [markdown]
# ### A kernel stuffed with zeros
#
# Skipping a pixel and multiplying it by zero are the same. So a dilated correlation is a plain one
# with a larger kernel, in which $d - 1$ zeros stand between neighbouring taps. There are still nine
# weights to learn, and nine products for each output. The figure shows the kernel and its spread
# form.

# %% facts=["l4-dilation-zeros"]
k = np.arange(1, 10).reshape(3, 3)
stuffed = np.zeros((5, 5), int)
stuffed[::2, ::2] = k
plots.grids(kernel=k, stuffed=stuffed)

# %% [markdown]
# Here are both ways on a photograph. For a 3 x 3 kernel with dilation 2 the reach is 5, so 4 rows
# and 4 columns of the photograph go. The code prints how far apart the two are at most.

# %% facts=["l4-dilation-zeros"]
photo = data.photo("china")[40:180, 100:280]
dilated = fast.corr2d(photo, k, dilation=2)
print(
    dilated.shape, "apart by", abs(dilated - fast.corr2d(photo, stuffed)).max().round(9)
)

# %% [markdown]
# ### The whole formula
#
# Put the reach $d\,(k-1) + 1$ in the place of $k$, with $p$ samples of padding per side, and you
# have the formula that stands in the documentation of every library (and same padding becomes
# $d\,(k - 1)$ in total):
#
# $$\left\lfloor \frac{n + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1$$
#
# By hand for a 7 x 7 kernel with padding 3 and stride 2 on 224 pixels: $224 + 6 - 6 - 1 = 223$,
# half of it rounded down is 111, and one more makes 112. Now check the formula against the
# operation itself: the code correlates real arrays in all 1053 settings of a grid that have at
# least one place, and compares their lengths.

# %% facts=["l4-dilation-size"]
agree = tried = 0
grid = product(range(1, 13), (1, 2, 3, 5), (0, 1, 2), (1, 2, 3), (1, 2, 3))
for n, k, p, s, d in grid:
    room = n + 2 * p - d * (k - 1) - 1
    if room >= 0:
        tried += 1
        out = fast.corr1d(np.ones(n), np.ones(k), padding=p, stride=s, dilation=d)
        agree += len(out) == room // s + 1
print(agree, "of", tried, "settings agree;", (224 + 2 * 3 - (7 - 1) - 1) // 2 + 1)

# %% [markdown]
# ### What dilation is for
#
# Three layers with three taps each, and dilations 1, 2 and 4. (In the code, a layer is a tuple:
# taps, stride, dilation; what is left out is 1.) The code gives the number of samples that an
# output sees, first without dilation, then with it. The figure shows one output at the top and all
# it depends on, down to the input. Is any sample skipped?

# %% facts=["l4-dilation-field"]
plain, dilated = [(3,), (3,), (3,)], [(3, 1, 1), (3, 1, 2), (3, 1, 4)]
print([receptive_fields(layers)[-1].size for layers in (plain, dilated)])
plots.cone(21, dilated)

# %% [markdown]
# The nine weights see 15 samples instead of 7, without more weights and without making the map
# smaller by a stride. The fans open twice as wide from layer to layer, and none is skipped. Now
# take the dilations 2, 2 and 2. The output reaches over 13 samples. How many of them have a path
# to it?

# %% facts=["l4-dilation-field"]
plots.cone(17, [(3, 1, 2), (3, 1, 2), (3, 1, 2)])

# %% [markdown] facts=["l4-field-definition"]
# Seven: only every other one. The samples between them are invisible to this output. That is known
# as *gridding*.
#
# ## Receptive field
#
# ### Nothing outside it can matter
#
# What you have just seen has a name. The **receptive field** of an output is the part of the input
# that it depends on. Nothing outside can change it: a network whose outputs see 15 pixels cannot
# know about a face of 200, however long it is trained. You are going to find its size in three
# ways: by counting (from the input up or from the output down, which is one formula read in two
# directions), by lighting pixels, and by a gradient. The stack is a 3 x 3 correlation, a 2 x 2
# average with stride 2, and a 3 x 3 correlation with dilation 2.
#
# > **A word ahead: average pool.** It replaces each window by its mean: a correlation with fixed
# > equal weights (lesson 5; [glossary](00_start_here.ipynb#Glossary)). "2 x 2 with stride 2" halves
# > the map.

# %%
Predict(
    "First a smaller one: three 3 x 3 layers at stride 1. How many rows does an output see?",
    answer=7,
    why="One layer sees 3; each further one adds a pixel on both sides: 3, 5, 7.",
    wrong={
        9: "Sizes do not add up: the windows of neighbours overlap.",
        3: "That is one layer.",
        5: "That is two layers.",
    },
)

# %% [markdown]
# ### Forwards: field and jump
#
# Start with one pixel, $r = 1$, and walk through the layers. Keep a second number, the **jump**
# $j$: how many input pixels apart two neighbouring outputs lie, at first 1. A layer adds
# $(k - 1)\,d$ steps of the present jump to $r$; then its stride multiplies the jump. By hand: the
# first layer makes $r = 1 + 2 \cdot 1 = 3$ and leaves $j = 1$. The pool makes
# $r = 3 + 1 \cdot 1 = 4$ and $j = 2$. The last one makes $r = 4 + 2 \cdot 2 \cdot 2 = 12$.

# %% facts=["l4-field-forward"]
layers = [(3, 1, 1), (2, 2, 1), (3, 1, 2)]  # k, stride, dilation
r, jump = 1, 1
for k, s, d in layers:
    r += (k - 1) * d * jump
    jump *= s
    print(f"k = {k}, stride {s}, dilation {d}: r = {r:2}, jump {jump}")

# %% [markdown]
# A stride widens the field of all *later* layers and never its own; so update the field first and
# the jump afterwards. `receptive_fields` does the same, and also keeps track of
# where the field starts, which depends on the padding. Its last entry is the stack as a whole. The
# figure shows the stack along one axis: at the top one output, below it three of the pool, and so
# on down to 12 samples of the input.

# %% facts=["l4-field-forward"]
print(receptive_fields(layers)[-1])
plots.cone(20, layers)

# %% [markdown]
# ### Backwards: how much input do I need?
#
# You can also start at the top, with $O = 1$ output, and ask each layer over how many neighbouring
# inputs its $O$ neighbouring outputs reach. The windows of $O$ outputs start at 0, $s$, ...,
# $(O-1)\,s$, and the last one covers $d\,(k - 1) + 1$ samples from there on:
#
# $$I = (O - 1)\,s + d\,(k - 1) + 1$$
#
# From the last layer to the first: one output reaches over 5 values of the pool's output, these
# over $4 \cdot 2 + 2 = 10$ values, and these over $9 \cdot 1 + 3 = 12$ pixels. It is the formula of
# the output size, solved for $n$ (without padding). Both directions give the *reach*, from the
# first pixel to the last, with any holes between them. Whether there are holes in these 12, the
# next two ways will show.

# %% facts=["l4-field-backward"]
needed = 1
for k, s, d in reversed(layers):
    needed = (needed - 1) * s + d * (k - 1) + 1
    print(f"k = {k}, stride {s}, dilation {d}: {needed}")

# %% [markdown]
# ### By impulse
#
# So far you counted windows. Now do not count at all, but try: light one pixel, run the
# stack, and look whether the output in the middle moves. Do so for each pixel of a 20 x 20 image.
# These 400 images with one lit pixel each are the rows of the identity matrix, so they go through
# the stack as *one batch*. All weights are 1, so nothing can cancel by chance.


# %%
def stack(x, activation=torch.positive, pool=F.avg_pool2d):
    """3 x 3, an activation (here: none), a pool of 2 x 2, and 3 x 3 dilated by 2."""
    ones = torch.ones(1, 1, 3, 3, dtype=torch.float64)
    x = F.conv2d(x, ones)
    x = pool(activation(x), 2)
    return F.conv2d(x, ones, dilation=2)


# %% [markdown]
# Each row of the identity, folded into a square, is one image, and `[:, 0, 2, 2]` picks the middle
# output of all 400. Folded back into a square, these answers are a map of the image: what a lit
# pixel at this place does to that output. Which rows of the map hold anything but zeros? If the
# recurrences are right, it is 12 rows in a block.

# %% facts=["l4-field-impulse"]
impulses = torch.eye(400, dtype=torch.float64).reshape(400, 1, 20, 20)
outputs = stack(impulses)
answers = outputs[:, 0, 2, 2].reshape(20, 20).numpy()
print("the output of one image:", tuple(outputs.shape[2:]))
print("rows that matter:", np.flatnonzero(answers.any(axis=1)))

# %% [markdown]
# Rows 4 to 15 of the image move the middle output: 12 rows, as the recurrence said. They start at
# $2 \cdot 2 = 4$, two jumps from the border.
#
# ### By gradient
#
# 400 trials for one small image are many. One backward pass does it all: the gradient of the output
# with respect to the image says for each pixel how much the output moves when this pixel moves.
# Where it is zero, the pixel has no say. The code prints how far this gradient is from the map of
# the impulses.


# %% facts=["l4-field-gradient"]
def gradient(image, **how):
    """Return the derivative of the middle output by every pixel."""
    image = torch.tensor(image)[None, None].requires_grad_()
    stack(image, **how)[0, 0, 2, 2].backward()
    return image.grad[0, 0].numpy()


noise = np.random.default_rng(4).standard_normal((20, 20))
by_gradient = gradient(noise)
print("apart by", abs(by_gradient - answers).max())

# %% [markdown]
# They must agree: this stack is linear, so what a lit pixel adds to the output *is* the derivative.
# The figure shows both as heat maps. Count the pixels in the field, and the bright spots in it.

# %% facts=["l4-field-impulse", "l4-field-gradient"]
print("pixels in the field:", (by_gradient != 0).sum())
plots.heat(by_impulse=answers, by_gradient=by_gradient)

# %% [markdown]
# The field has 12 x 12 pixels without a hole, but it is not evenly filled. The nine bright spots
# belong to the nine taps of the last layer: these lie $2 \cdot 2 = 4$ pixels apart, and each sees
# 4 x 4 pixels, the middle ones through more windows than the outer ones. (With a ReLU or a max pool
# one gradient shows only a part of the field: see
# [Going deeper](#What-ReLU-and-max-pool-do-to-it).)
#
# ### The effective receptive field
#
# Not every pixel of the field counts alike. Put ten layers of 3 x 3 averages on top of each other:
# by the recurrence an output sees 21 x 21 pixels. But the corner pixel has a single path to the
# output, through the corner of every window, and the pixel in the middle has a great many. In one
# dimension two layers of (1, 1, 1) already weigh 1, 2, 3, 2, 1. The central 11 x 11 are $121/441$
# of the field, about 27 per cent. How much of the gradient do they hold?

# %%
Predict(
    "Which share of the gradient lies in the central quarter of the field?",
    choices=["about a quarter", "about a half", "more than nine tenths"],
    answer="more than nine tenths",
    why="The sum of ten steps of -1, 0 or 1 is a bell: it rarely gets past half its reach.",
    wrong={
        "about a quarter": "That would be so if all pixels counted alike. From which are there most ways?",
        "about a half": "Still more: few ways lead far out.",
    },
)

# %% [markdown]
# The figure shows the gradient on the left; on the right, for comparison, a field of the same size
# in which all pixels count alike.

# %% facts=["l4-field-effective"]
x = torch.zeros(1, 1, 21, 21, dtype=torch.float64, requires_grad=True)
mean, out = torch.full((1, 1, 3, 3), 1 / 9, dtype=torch.float64), x
for _ in range(10):
    out = F.conv2d(out, mean)
out.sum().backward()
bell = x.grad[0, 0].numpy()
print(f"central 11 x 11: {bell[5:16, 5:16].sum() / bell.sum():.0%}")
plots.heat(gradient=bell, even=np.ones((21, 21)))

# %% [markdown]
# A bright blob in a field whose edges are almost dark: this is the **effective receptive field**.
# Each path is a sum of ten small steps, and sums of many steps are nearly Gaussian: a bell. Trained
# weights change the numbers and can widen the bell, but a receptive field as large as the object is
# a minimum, not a guarantee.
#
# ## Two small kernels or one large
#
# ### Fewer parameters
#
# Two 3 x 3 layers see 5 x 5 pixels, and so does one 5 x 5 layer. Which is better? Count first, for
# one channel and with a bias for each layer: the large kernel has $25 + 1 = 26$ parameters, the two
# small ones $2 \cdot (9 + 1) = 20$. For a field of 7 x 7 it is $50$ against three times 10, and the
# gap grows.

# %% facts=["l4-two-3x3-parameters"]
for depth in (2, 3, 4):
    field = receptive_fields([(3,)] * depth)[-1].size
    one, several = field**2 + 1, depth * (9 + 1)
    print(f"{field} x {field}: one kernel {one}, {depth} small ones {several}")

# %% [markdown]
# ### What the nonlinear pair can
#
# Without a nonlinearity between them, the two small kernels are one 5 x 5 kernel, their full
# convolution (lesson 2), and by far not any: [17 of 25 directions](#What-the-linear-pair-cannot-do)
# are left. So the pair is the weaker one? Put a ReLU between the layers, as networks do. A single
# kernel, of whatever size, answers to the negative of an image with the negative of its answer:
# $f(-x) = -f(x)$. (With a bias the two sum to twice the bias, for every image.) Try it with a step
# from 0 to 10: the small pair finds the step with $(-1, 0, 1)$, which makes 0, 10, 10, 0, 0 of each
# row; it drops what is negative, and averages: $20/3 = 6.67$ in the first window. Can one 5 x 5
# kernel answer to the step and be silent for its negative?

# %% facts=["l4-two-3x3-nonlinear"]
step = np.array([[0, 0, 0, 10, 10, 10, 10]] * 5)
find, mean = np.array([[0, 0, 0], [-1, 0, 1], [0, 0, 0]]), np.full((3, 3), 1 / 9)
for image in (step, -step):
    pair = fast.corr2d(fast.relu(fast.corr2d(image, find)), mean)
    one = fast.corr2d(image, signal.convolve2d(find, mean))
    print("pair with ReLU", pair[0].round(2), "  one 5 x 5", one[0].round(2))

# %% [markdown] facts=["l4-two-3x3-nonlinear"]
# The pair answers to the step and is silent for its negative, which no single 5 x 5 kernel can do.
# So neither contains the other. The large kernel can be any of 25 dimensions of linear filters; the
# pair with a ReLU has fewer weights and leaves the linear filters altogether. "Two 3 x 3 replace
# one 5 x 5" is true of the receptive field and of nothing else.
#
# Which of them networks use has changed with the years. VGG (2014) and ResNet (2015) are stacks of
# 3 x 3 kernels. In 2022 large kernels came back, one for each channel (lesson 6): ConvNeXt uses
# 7 x 7, RepLKNet up to 31 x 31.

# %% [markdown]
# ## Going deeper
#
# Nothing later needs these sections, except one of the exercises (the transposed convolution). You
# can skip them and go on with [what we saw](#What-we-saw).
#
# ### The size formula, written in other ways
#
# Books also write $\lfloor (n - k + P + s)/s \rfloor$. It is the same: $s/s$ is the 1, and a whole
# number may move in or out of the floor. With same padding, $P = k - 1$, it becomes $\lfloor (n + s
# - 1)/s \rfloor = \lceil n/s \rceil$, free of $k$; and if $s$ divides $n$, it is plainly $n/s$.
# Take $n = 7$, $k = 3$, $s = 2$ with $P = 2$: $(7 - 3 + 2 + 2)/2 = 4$, and $7/2$ rounded up is 4.
# (PyTorch takes the word "same" at stride 1 only; at other strides you give it the numbers.) The
# code counts how often each of these claims fails, for every $n$ up to 40, $k$ up to 7 and $s$ up
# to 5.

# %% facts=["l4-stride-formula"]
cases = [c for c in product(range(1, 41), range(1, 8), range(1, 6)) if c[1] <= c[0]]
P = 2  # in total
fails = [sum((n - k + P + s) // s != (n - k + P) // s + 1 for n, k, s in cases)]
same = [(out_len(n, k, padding=same_padding(k), stride=s), n, s) for n, k, s in cases]
fails.append(sum(out != -(-n // s) for out, n, s in same))
fails.append(sum(out != n / s for out, n, s in same if n % s == 0))
print(fails, "of", len(cases), "settings fail")

# %% [markdown] facts=["l4-floor-erratum"]
# ### Two common mistakes
#
# You will meet the formula for a stride without the rounding, on slides and in answers on the web:
# "$(n - k + 2p)/s + 1$". It is harmless as long as the division comes out even, and examples are
# often chosen so. For 8 samples, 3 taps and stride 2 it would promise 3.5 outputs. Rounding up or
# to the nearest does not help: there is no fourth window, since it would need a sample number 8.
# Take all $n$ from 8 to 32, four kernels and the strides 2 and 3: in more than half of these
# settings the formula without a floor gives no whole number.

# %% facts=["l4-floor-erratum"]
settings = list(product(range(8, 33), (1, 2, 3, 5), (2, 3)))
uneven = [(n, k, s) for n, k, s in settings if (n - k) % s]
print(f"{len(uneven)} of {len(settings)} settings")
print("8 samples, 3 taps, stride 2:", (8 - 3) / 2 + 1, "or", out_len(8, 3, stride=2))

# %% [markdown] facts=["l4-field-erratum"]
# The other one: the recurrence from the output down stands as a fraction, with $O - 1$ *over* $s$
# instead of times $s$. (Going forwards you do divide by the stride, $O = (I - k)/s + 1$.) Test it
# on numbers that you can count: three outputs with 3 taps at stride 2 start at 0, 2 and 4, so the
# last sample is number 6 and there are 7. The fraction gives $2/2 + 3 = 4$, and four samples have
# room for one such window. For the stack above it finds:

# %% facts=["l4-field-erratum"]
fraction = 1
for k, s, d in reversed(layers):
    fraction = (fraction - 1) / s + d * (k - 1) + 1
print("as a fraction:", fraction, "  as a product:", needed)
needs = [out_len(n, 3, stride=2) for n in (4, 7)]
print("outputs from 4 and from 7 samples:", needs)

# %% [markdown]
# ### What ReLU and max pool do to it
#
# > **A word ahead: max pool.** It keeps the largest number of each window and drops the others
# > (lesson 5; [glossary](00_start_here.ipynb#Glossary)).
#
# Counting, impulses and gradient agree on a linear stack with positive weights and without padding.
# (With padding, part of the field of an output near the border lies in the frame, where there are
# no pixels.) Put a ReLU in, and wherever the first layer is negative the path is cut *for this
# image*. Put a max pool in, and only one of four paths is open in each of its windows. The figure
# shows the gradient for the same noise three times; the stacks differ in nothing else.

# %% facts=["l4-field-relu-max-pool"]
variants = {
    "linear": {},
    "relu": {"activation": torch.relu},
    "max_pool": {"pool": F.max_pool2d},
}
seen = {name: gradient(noise, **how) for name, how in variants.items()}
print({name: int((part != 0).sum()) for name, part in seen.items()}, "of 144 pixels")
plots.heat(**seen)

# %% [markdown]
# It is complete on the left and torn by the ReLU in the middle. On the right there are nine squares
# of 3 x 3 pixels, one behind each winner of the max pool. Has the receptive field become smaller?
# No: it says which pixels *can* matter, and another image
# opens other paths. So one gradient of a network with ReLU or max pool shows only a part of it.
# Collect the pixels over many images, and the parts grow together to the same 12 x 12 pixels, and
# never a pixel more.

# %% facts=["l4-field-relu-max-pool"]
images = np.random.default_rng(5).standard_normal((100, 20, 20))
for name, how in variants.items():
    ever = sum(gradient(image, **how) != 0 for image in images) > 0
    rows = np.flatnonzero(ever.any(axis=1))
    print(f"{name:9} {ever.sum()} pixels, rows {rows[0]} to {rows[-1]}")

# %% [markdown]
# ### The bell and the depth
#
# With depth the gap between field and bell widens. The field grows by 2 with each layer, so in
# proportion to their number $L$; the width of a sum of $L$ steps grows like $\sqrt L$. Take one
# axis. The mean square of a step of -1, 0 or 1, its *variance*, is $(1 + 0 + 1)/3 = 2/3$. The
# variances of independent steps add up, to $2L/3$. The root of that, $\sqrt{2L/3}$, is the
# *standard deviation*, the usual measure of a bell's width: two of them to either side of the
# centre, four in all, hold about 95 per cent of the bell along this axis. With four times as many
# layers the field is four times as wide, the part that counts only twice.

# %% facts=["l4-field-effective"]
for depth in (10, 40, 160):
    field = receptive_fields([(3,)] * depth)[-1].size
    counts = 4 * np.sqrt(2 * depth / 3)
    print(f"{depth:3} layers: field {field:3}, counts {counts:2.0f}")

# %% [markdown]
# ### What the linear pair cannot do
#
# Without a nonlinearity between them, the two small kernels $a$ and $b$ are one 5 x 5 kernel, their
# full convolution (lesson 2). Can it be *any* 5 x 5 kernel? The pair has 18 weights, the large
# kernel 25, so surely not. But not even the 18 are free: double all of $a$ and halve all of $b$,
# and nothing has changed. To count what is left, ask how the 25 entries move when you move the 18
# weights a little. That is a matrix of derivatives, the **Jacobian**, and its rank is the number of
# independent directions.

# %%
Predict(
    "How many independent directions do the two 3 x 3 kernels have together?",
    answer=17,
    why="18 weights, less the one direction in which a grows and b shrinks.",
    wrong={
        18: "Twice a and half of b give the same kernel: one direction changes nothing.",
        25: "The composed kernel has 25 weights, but the two that make it have 18.",
    },
)

# %% [markdown]
# The full convolution is linear in $b$ when $a$ is held, and linear in $a$ when $b$ is held. So a
# column of the Jacobian is the full convolution of one kernel with a single 1 at one of nine
# places. Nine columns move $a$, nine move $b$. The rank is the number of columns that are
# independent of each other. The code takes two kernels drawn at random; at special ones, such as
# all zeros, the rank is smaller still.


# %% facts=["l4-two-3x3-17"]
def moving_the_other(k):
    """Return the 25 x 9 matrix that makes b into the full convolution of k and b."""
    places = np.eye(9).reshape(9, 3, 3)
    return np.stack([signal.convolve2d(k, at).ravel() for at in places], axis=1)


a, b = rng.standard_normal((2, 3, 3))
jacobian = np.hstack([moving_the_other(b), moving_the_other(a)])
print(jacobian.shape, "rank", np.linalg.matrix_rank(jacobian))

# %% [markdown]
# ### A kernel that no pair makes
#
# 17 directions cannot fill 25 dimensions, so most 5 x 5 kernels are out of reach. Here is one that
# you can see through: zero everywhere, except for a 1 at the end of the first row and a 1 in the
# first column, in row 3. Suppose $a$ and $b$ made it. The first row of the result is the product of
# the first rows of $a$ and $b$, taken as polynomials (lesson 2). In a product the lowest powers add
# up, and so do the highest. The row $0,0,0,0,1$ has the power 4 only, and each factor ends at the
# power 2, so both have only their last entry, $a_{02}$ and $b_{02}$. The first column, $0,0,0,1,0$,
# is the product of the first columns and has the power 3 only. Lowest and highest powers both add
# up to 3, so each factor has one entry: one of them its last, say $a_{20}$, the other its middle
# one, $b_{10}$. Now look at row 1, column 2 of the result. A product lands there if its rows add up
# to 1 and its columns to 2. So one factor is in a first row and must be $a_{02}$ or $b_{02}$. Its
# partner is then in row 1 and column 0: $b_{10}$ or $a_{10}$, and $a_{10} = 0$. Only
# $a_{02}\,b_{10}$ is left. It is not zero, but the entry has to be. So there is no such pair. The
# figure shows the kernel.

# %% facts=["l4-two-3x3-counterexample"]
target = np.zeros((5, 5))
target[0, 4] = target[3, 0] = 1
plots.grids(out_of_reach=target)

# %% [markdown]
# How near can a pair come? Hold $a$ and find the $b$ with the smallest squared error (the result is
# linear in $b$, so NumPy's `lstsq` solves for it); then hold $b$ and find the best $a$; repeat.
# From twelve random starts, the best pair found leaves a squared error of 0.27, where the target's
# own squares sum to 2. An error of exactly 0 is impossible, as the proof says; the search shows
# that these pairs do not come near it either.


# %% facts=["l4-two-3x3-counterexample"]
def best_other(k):
    """Return the kernel whose full convolution with k comes nearest to the target."""
    return np.linalg.lstsq(moving_the_other(k), target.ravel())[0].reshape(3, 3)


def best_pair_error(b, steps=50):
    """Improve a and b in turns, and return the squared error that is left."""
    for _ in range(steps):
        a = best_other(b)
        a = a / np.abs(a).max()
        b = best_other(a)
    return ((signal.convolve2d(a, b) - target) ** 2).sum()


starts = rng.standard_normal((12, 3, 3))
print(f"{min(best_pair_error(b) for b in starts):.2f}")

# %% [markdown]
# ### Back up again: the transposed convolution
#
# #### Stamps instead of windows
#
# Strides make maps smaller. A network that paints an image, or labels each pixel of one, has to
# make them larger again. Turn the operation round: a window *gathers* many inputs into one output;
# now let one input *spread* over many outputs. Each sample stamps the kernel, times its own value,
# onto the output; the stamps start $s$ apart, and where they overlap they add up. Take the samples
# 3 and 5, the kernel (1, 2, 1) and stride 2: the stamps are 3 6 3 and, two places later, 5 10 5. In
# the middle they share a place, $3 + 5 = 8$. You get the same if you put $s - 1$ zeros between the
# samples, 3 0 5, and take the full convolution. The code does it in both ways.

# %% facts=["l4-transposed-stamps"]
x, k = np.array([3, 5]), np.array([1, 2, 1])
stamped = fast.conv_transpose2d(x[None, None, None], k[None, None, None], stride=2)
print(stamped.ravel(), np.convolve([3, 0, 5], k))

# %% [markdown]
# #### Why it is called transposed
#
# A correlation is a matrix (lesson 1). Its columns are the answers to lit pixels: here 3 rows for
# the outputs, 7 columns for the inputs, with the kernel in each row, two places further each time.
# Transpose it, and it takes 3 numbers to 7. The figure shows the matrix and its transpose. Multiply
# the transpose by three samples, and you have the stamps: each *column* of it holds one stamp.

# %% facts=["l4-transposed-adjoint"]
C = np.stack([fast.corr1d(lit, k, stride=2) for lit in np.eye(7)], axis=1)
plots.grids(correlation=C, transposed=C.T)

# %% [markdown]
# The same matrix appears when you go *backwards* through a layer: the gradient with respect to the
# input of a strided correlation is the transposed convolution of the upstream gradient. Every
# `backward()` through a convolution uses it. It is no inverse, though. The code takes (3, 5, 1) up
# in three ways, with the transposed matrix, as stamps and as a gradient, and then takes the result
# down again. The first number is $3 \cdot 1 + 6 \cdot 2 + 8 \cdot 1 = 23$, not 3. (The way down
# makes 3 numbers out of 7, so many inputs have the same output, and nothing can say which of them
# it was.)

# %% facts=["l4-transposed-adjoint"]
up, weight = np.array([3.0, 5.0, 1.0]), k[None, None, None].astype(float)
upstream, inputs = up[None, None, None], np.zeros((1, 1, 1, 7))
print(C.T @ up)
print(fast.conv_transpose2d(upstream, weight, stride=2).ravel())
print(fast.conv2d_backward(upstream, inputs, weight, stride=2)[0].ravel())
print("down again:", C @ C.T @ up)

# %% [markdown]
# #### Sizes, and a checkerboard
#
# Solve the size formula for $n$ and you get $(n - 1)\,s + k$, without padding and dilation. But the
# floor cannot be undone: with $k = 3$ and $s = 2$, seven samples become 3 and eight samples become
# 3 as well. So the way back is ambiguous, and libraries have one more number, `output_padding`, to
# say which of the two is meant.

# %% facts=["l4-transposed-size"]
print([out_len(n, 3, stride=2) for n in (7, 8)])
print([transposed_len(3, 3, stride=2, output_padding=extra) for extra in (0, 1)])

# %% [markdown]
# One more look at the overlaps. The figure stamps a 3 x 3 kernel of ones for a 3 x 3 map of ones,
# at stride 2. The input is perfectly even, but on the left the output repeats 1, 2, 4: the
# *checkerboard* known from generated images. It is the pattern that you met in the explorer,
# counted the other way. On the right the kernel is 4 x 4, a multiple of the stride: away from the
# border all is even.

# %% facts=["l4-transposed-checkerboard"]
even = np.ones((1, 1, 3, 3), int)
stamps = {size: np.ones((1, 1, size, size), int) for size in (3, 4)}
plots.grids(
    kernel_3=fast.conv_transpose2d(even, stamps[3], stride=2)[0, 0],
    kernel_4=fast.conv_transpose2d(even, stamps[4], stride=2)[0, 0],
)

# %% [markdown]
# ## What we saw
#
# - One formula gives every size: $\lfloor (n + 2p - d\,(k-1) - 1)/s \rfloor + 1$, with the padding
#   per side. Ask whether a text counts in total, where the odd row goes, and which pixels the floor
#   drops.
# - Padding keeps the border in the game, a stride leaves places out, and a dilation spreads the
#   same weights wider. Together they set the receptive field, which a recurrence, impulses and a
#   gradient find alike; what counts in it is a much smaller bell.
# - Two small kernels see as much as a large one, with fewer parameters and a nonlinearity; neither
#   of the two can do all that the other can.
#
# **Sources.** V. Dumoulin, F. Visin, [A guide to convolution arithmetic for deep
# learning](https://arxiv.org/abs/1603.07285). A. Araujo, W. Norris, J. Sim, [Computing receptive
# fields of convolutional neural networks](https://distill.pub/2019/computing-receptive-fields/). W.
# Luo, Y. Li, R. Urtasun, R. Zemel, [Understanding the effective receptive
# field](https://arxiv.org/abs/1701.04128). F. Yu, V. Koltun, [Multi-scale context aggregation by
# dilated convolutions](https://arxiv.org/abs/1511.07122). K. Simonyan, A. Zisserman, [Very deep
# convolutional networks](https://arxiv.org/abs/1409.1556). K. He, X. Zhang, S. Ren, J. Sun, [Deep
# residual learning](https://arxiv.org/abs/1512.03385). Z. Liu and others, [A ConvNet for the
# 2020s](https://arxiv.org/abs/2201.03545). X. Ding and others, [Scaling up your kernels to
# 31x31](https://arxiv.org/abs/2203.06717). A. Odena, V. Dumoulin, C. Olah,
# [Deconvolution and checkerboard artifacts](https://distill.pub/2016/deconv-checkerboard/). A.
# Zhang, Z. Lipton, M. Li, A. Smola, [Dive into Deep
# Learning](https://d2l.ai/chapter_convolutional-neural-networks/padding-and-strides.html), which
# counts padding in total. The documentation of
# [torch.nn.Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html). The
# photograph is [by danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035), [CC BY
# 2.0](https://creativecommons.org/licenses/by/2.0/); it was cut and made gray.
#
# **Now you.** Write these operations yourself, and have them checked: [the exercises of this
# lesson](../exercises/04_padding_stride_dilation.ipynb).

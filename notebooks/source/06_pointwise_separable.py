# %% [markdown]
# # 6. 1x1 and separable convolution
#
# **A layer looks at the neighbours of a pixel and mixes its channels, both at once. What do you
# save if you do one after the other, and what do you lose?**
#
# Most of the work in a network is products in convolutions. This lesson takes the convolution
# apart: into a step that sees one pixel and all channels, a step that sees one channel and its
# neighbours, and, for some kernels, into rows and columns. The pieces are cheap, and networks
# that run on a phone are built of them. You will count the saving before you measure it, and see
# where it does not appear.
#
# When you are done, you will be able to
#
# - show that a 1 x 1 convolution is a dense layer at every pixel, and say what it is for;
# - write a depthwise-separable convolution, and count what it saves;
# - measure that the time saved is another number than the products saved;
# - choose a number of groups, and tell which channels then never meet;
# - find out with the SVD whether a kernel is a column times a row;
# - read an Inception block, and count AlexNet and VGG-16 without being off by a variant.
#
# **Time:** about 80 minutes, and 90 minutes for the nine exercises.
#
# **You need:** lesson 3 (filters, weights of four axes, parameters and multiply-adds) and the
# sizes of lesson 4. No internet is needed.

# %% [markdown]
# All imports stand here. `nets` describes layers and whole networks, `count` says what they cost,
# and `torch_ref.build` makes a description into a layer of PyTorch. `timeit.repeat` measures how
# long a call takes; it is needed once. One thread makes the times easier to compare, and without
# gradients PyTorch keeps nothing for a backward pass.

# %%
from timeit import repeat

import numpy as np
import torch
from torch.nn import functional as F

from coursekit import count, data, fast, nets, plots, torch_ref
from coursekit.widgets import Predict, StepCorrelation

np.set_printoptions(precision=3, suppress=True)
torch.set_num_threads(1)
torch.set_grad_enabled(False)
rng = np.random.default_rng(6)

# %% [markdown]
# ## A dense layer at every pixel
#
# ### A window of one pixel
#
# You met the smallest filter in lesson 3: 1 x 1 in height and width, but as deep as its input. It
# sees a single pixel, with all its channels, and gives their weighted sum. The figure shows two
# such filters on an input of four channels. The framed window goes through all four sheets, a rod
# of four numbers; each filter is a rod of four weights; and each makes one number of its own map.
# Height and width stay as they are, without any padding.

# %% facts=["l6-1x1-dot"]
plots.volumes((4, 5, 5), (2, 4, 1, 1), at=(0, 4))

# %% [markdown]
# Now a layer of real size. A map of 64 channels and 56 x 56 pixels meets 32 filters of 1 x 1.
# Count the parameters, with one bias for each filter.

# %%
Predict(
    "From 64 to 32 channels, 1 x 1, with biases. How many parameters?",
    answer=2080,
    why="Each filter has 64 weights and a bias: 32 * 65 = 2080.",
)

# %% [markdown]
# A 3 x 3 layer would have nine times as many weights. Each of the $32 \cdot 56 \cdot 56$ outputs
# is a **dot product** of 64 numbers: the channels of a pixel times the weights of a filter. The
# cell gives the shape of the output, and the 2080 that you predicted.

# %% facts=["l6-1x1-dot"]
x = rng.standard_normal((1, 64, 56, 56))
weight, bias = rng.standard_normal((32, 64)), rng.standard_normal(32)
out = fast.conv2d(x, weight[:, :, None, None], bias)
print(out.shape, count.params(nets.Conv2d(64, 32, 1)))

# %% [markdown]
# Take one of these outputs, filter 5 at row 10 and column 20, and write its dot product out: the
# 64 channels of that pixel, times the 64 weights of that filter, and the filter's bias.

# %% facts=["l6-1x1-dot"]
np.isclose(out[0, 5, 10, 20], weight[5] @ x[0, :, 10, 20] + bias[5])

# %% [markdown]
# ### Pixels as rows
#
# A dense layer takes rows: examples down, features across, and multiplies each row by the same
# matrix. So write each **pixel** as a row of its 64 channels. The channel axis must come last for
# that, which `transpose` does, and then the $56 \cdot 56 = 3136$ pixels can stand below each
# other. (`reshape` alone would not do: it would cut the first *sheet* into rows of 64
# neighbouring pixels.)

# %% facts=["l6-1x1-dense"]
rows = x.transpose(0, 2, 3, 1).reshape(-1, 64)
print(rows.shape, np.array_equal(rows[10 * 56 + 20], x[0, :, 10, 20]))

# %% [markdown]
# Send the rows through a dense layer, and put them back where they came from. All 100 352 outputs
# are the same as those of the convolution. A **1 x 1 convolution is a dense layer** that every
# pixel goes through, with the same weights for all: "pointwise" is another name for it.

# %% facts=["l6-1x1-dense"]
dense = rows @ weight.T + bias
back = dense.reshape(1, 56, 56, 32).transpose(0, 3, 1, 2)
np.allclose(back, out)

# %% [markdown]
# PyTorch has a function for each, `conv2d` with a weight of $32 \times 64 \times 1 \times 1$ and
# `linear` with one of $32 \times 64$. Given the same numbers, both agree with ours.

# %% facts=["l6-1x1-dense"]
by_conv = F.conv2d(*map(torch.tensor, (x, weight[:, :, None, None], bias)))
by_linear = F.linear(*map(torch.tensor, (rows, weight, bias)))
print(np.allclose(by_conv, out), np.allclose(by_linear, dense))

# %% [markdown]
# ### What it can do, and what not
#
# Such a layer **mixes channels** and does nothing else: it knows no neighbours. You can make that
# visible. Put the pixels into a random order, the same in every channel, and apply the layer; or
# apply it, and shuffle its output. The two agree.

# %% facts=["l6-1x1-mixes"]
order = rng.permutation(56 * 56)


def shuffled(maps):
    """Put the pixels of every channel into the same random order."""
    return maps.reshape(*maps.shape[:2], -1)[..., order].reshape(maps.shape)


np.allclose(fast.pointwise_conv2d(shuffled(x), weight, bias), shuffled(out))

# %% [markdown]
# A 3 x 3 layer notices the shuffle, because it asks what stands *beside* what. So a network of 1
# x 1 layers that ends in a global average pool (lesson 5) gives the same answer for a face and
# for its scrambled pixels.

# %% facts=["l6-1x1-mixes"]
wide = rng.standard_normal((32, 64, 3, 3))
seen = fast.conv2d(x, wide, padding=1)
np.allclose(fast.conv2d(shuffled(x), wide, padding=1), shuffled(seen))

# %% [markdown]
# What is it good for, then? It sets the **number of channels**, and so the price of the next
# layer. A 3 x 3 layer from 64 to 64 channels costs 36 864 multiply-adds for each pixel. Go down
# to 16 channels first, do the 3 x 3 there, and come back up:
# $64 \cdot 16 + 9 \cdot 16 \cdot 16 + 16 \cdot 64$. That is called a **bottleneck**. (There is
# room for a ReLU after each of the three.) The cell counts both for 56 x 56 pixels.

# %% facts=["l6-1x1-cost"]
direct = (nets.Conv2d(64, 64, 3, padding=1, bias=False),)
down, up = nets.Conv2d(64, 16, 1, bias=False), nets.Conv2d(16, 64, 1, bias=False)
bottleneck = (down, nets.Conv2d(16, 16, 3, padding=1, bias=False), up)
[count.macs(network, (64, 56, 56)) for network in (direct, bottleneck)]

# %% [markdown]
# For each pixel that is 36 864 against 4 352, an eighth:

# %% facts=["l6-1x1-cost"]
[count.macs(network, (64, 56, 56)) // 56**2 for network in (direct, bottleneck)]

# %% [markdown]
# ## Compressing channels
#
# ### A pixel with 64 channels
#
# Going from 64 to 32 channels throws half of the numbers away. How much is lost? That depends on
# what the channels hold. Let us make a map of 64 channels from a real photograph: cut it into
# blocks of 8 x 8 pixels, and call each block *one* pixel whose 64 channels are the gray values in
# it. From 320 x 448 pixels we get 64 x 40 x 56.


# %% facts=["l6-pca"]
def as_channels(photo):
    """Turn every 8 x 8 block of a photograph into one pixel of 64 channels."""
    high, wide = photo.shape[0] // 8, photo.shape[1] // 8
    return photo.reshape(high, 8, wide, 8).transpose(1, 3, 0, 2).reshape(64, high, wide)


photo = data.photo("china")[60:380, 100:548]
blocks = as_channels(photo)
blocks.shape

# %% [markdown]
# Nothing is lost by that, the numbers merely stand elsewhere: `as_photo` puts the blocks back,
# and every pixel is the same.


# %% facts=["l6-pca"]
def as_photo(maps):
    """Put the 8 x 8 blocks back in their places."""
    _, high, wide = maps.shape
    return maps.reshape(8, 8, high, wide).transpose(2, 0, 3, 1).reshape(8 * high, -1)


np.array_equal(as_photo(blocks), photo)

# %% [markdown]
# > **A word ahead: PCA and SVD.** Principal component analysis (PCA) finds the few directions along
# > which a cloud of points varies most, so that keeping only these loses least in squared distance.
# > The singular value decomposition (SVD) writes any matrix as $U S V^T$, a sum of columns times rows
# > ordered by weight; of centred points, the rows of $V^T$ are the directions of PCA
# > ([glossary](00_start_here.ipynb#Glossary)).
#
# Neighbouring pixels are mostly alike. If the 64 channels therefore say the same thing many times
# over, PCA finds out: write the 2240 pixels of the map as rows, subtract their mean, take the SVD.
# There are 64 directions, as many as channels, and the first ones matter most.

# %% facts=["l6-pca"]
points = blocks.reshape(64, -1).T
mean = points.mean(axis=0)
_, sizes, directions = np.linalg.svd(points - mean, full_matrices=False)
points.shape, directions.shape

# %% [markdown]
# Each direction has 64 numbers, one for each pixel of a block, so it can be drawn as a block. The
# figure shows the first four: the brightness of the block as a whole, a slope downwards, a slope
# to the right, and then a wave. Later directions are finer and finer. (The SVD leaves the sign of
# a direction open; the first line settles it.)

# %% facts=["l6-pca"]
fixed = (directions * np.sign(directions[:, :1])).reshape(64, 8, 8)
plots.responses(first=fixed[0], second=fixed[1], third=fixed[2], fourth=fixed[3])

# %% [markdown]
# Now look at what PCA *does* with a pixel $p$: it subtracts the mean pixel $m$ and takes 32 dot
# products with 64 numbers. That is a 1 x 1 convolution from 64 to 32 channels, with the directions
# $D$ as filters; since $D(p - m) = Dp - Dm$, the mean goes into the bias, $-Dm$. The way back from
# 32 to 64 is a second one, with the matrix transposed and the mean as bias. The *variance*
# here is the mean squared distance to $m$, over all 64 channels. How much of it is left if you keep
# half of the channels? Guess.

# %%
Predict(
    "PCA keeps 32 of the 64 channels. How much of the variance is left?",
    choices=["about 50 %", "about 75 %", "more than 95 %"],
    answer="more than 95 %",
    why="98 %: the first direction alone has most of it. Further down you test why.",
)


# %% facts=["l6-pca"]
def kept(down, up):
    """Send the blocks through two 1x1 layers; give the share of variance and the map."""
    few = fast.pointwise_conv2d(blocks[None], down, -down @ mean)
    again = fast.pointwise_conv2d(few, up, mean)[0]
    return 1 - ((again - blocks) ** 2).mean() / points.var(axis=0).mean(), again


by_pca, rebuilt = kept(directions[:32], directions[:32].T)
f"{by_pca:.1%}"

# %% [markdown]
# The singular values know it without any layer: their squares are the variances along the
# directions, up to a factor. Add up the first 32 and divide by the sum of all. The first
# direction alone has most of it.

# %% facts=["l6-pca"]
shares = sizes**2 / (sizes**2).sum()
print(f"first 32: {shares[:32].sum():.1%}, first alone: {shares[0]:.0%}")

# %% [markdown]
# Is it the neighbours? Change them and nothing else: put all pixels of the photograph into a random
# order, so that a block holds 64 pixels from anywhere. The same gray values, as many channels, the
# same PCA; now the first 32 directions keep little more than half. So it is likeness between
# neighbours that PCA lives on here.

# %% facts=["l6-pca"]
scattered = np.random.default_rng(0).permutation(photo.ravel()).reshape(photo.shape)
strewn = as_channels(scattered).reshape(64, -1).T
squares = np.linalg.svd(strewn - strewn.mean(axis=0), compute_uv=False) ** 2
f"first 32, pixels in random order: {squares[:32].sum() / squares.sum():.0%}"

# %% [markdown]
# For comparison, 32 *random* directions, all at right angles: on average they would keep half, as
# one expects of half the channels. These were a little lucky.

# %% facts=["l6-pca"]
random = np.linalg.qr(rng.standard_normal((64, 32)))[0].T
by_chance, noisy = kept(random, random.T)
f"{by_chance:.0%}"

# %% [markdown]
# The figure shows a piece of the photograph three times: as it is, rebuilt from 32 channels of
# PCA, and rebuilt from 32 random channels. The second is hard to tell from the first; in the
# third the roof is still there, under a grain as strong as itself.

# %% facts=["l6-pca"]
shown = {"photograph": photo, "PCA": as_photo(rebuilt), "random": as_photo(noisy)}
plots.photos(**{name: picture[:96, 48:144] for name, picture in shown.items()})

# %% [markdown]
# ### What a learned pair can reach
#
# Can a learned pair of 1 x 1 layers do better than PCA? No: among all pairs of linear maps
# through 32 numbers PCA has the smallest squared error. But it can get there. Start from the
# random directions, and improve in turns, without gradient descent, since each half can be solved
# exactly: for the layer down that we have, `lstsq` (lesson 4) finds the layer up with the smallest
# squared error; for this layer up, the pseudo-inverse `pinv` finds the layer down with the smallest
# squared error. After eight rounds the share is as large as that of PCA to a whole per cent; what
# is missing is printed with it, in thousandths of the variance.

# %% facts=["l6-pca"]
centred, down = points - mean, random
for _ in range(8):
    up = np.linalg.lstsq(centred @ down.T, centred)[0].T
    down = np.linalg.pinv(up)
learned, _ = kept(down, up)
missing = 1000 * (by_pca - learned)
print(f"learned {learned:.0%}, PCA {by_pca:.0%}: {missing:.1f} missing")

# %% [markdown] facts=["l6-pca"]
# So a 1 x 1 layer *can* compress like PCA, when the channels repeat each other. In a network, it
# is trained for something else: to keep what helps the task, not what varies most. Its filters
# need not stand at right angles, and mostly a ReLU follows, which PCA does not have.
#
# ## Depthwise, then pointwise
#
# ### Two jobs in one kernel
#
# A standard filter of $C \times k \times k$ does two things in one sum: it looks along height and
# width, and it mixes channels. Each pair of an input and an output channel has a kernel of its
# own. The figure shows a line for every kernel: on the left a standard layer from three channels
# to four, with $3 \cdot 4 = 12$ kernels of 3 x 3. On the right the two jobs are done one after
# the other. First each channel is correlated with *one* 3 x 3 kernel, and no channel meets
# another: that is the **depthwise** step. Then a 1 x 1 layer mixes: 12 lines again, dashed, but
# each is a single number.

# %% facts=["l6-standard-both"]
plots.links(
    standard=(nets.Conv2d(3, 4, 3),),
    depthwise_separable=(nets.Conv2d(3, 3, 3, groups=3), nets.Conv2d(3, 4, 1)),
)

# %% [markdown]
# Both steps together are a **depthwise-separable** convolution. Write it from what you have:
# `corr2d` of lesson 2, once for each channel, then a matrix product at each pixel. Check one
# number by hand. Channel 0 is all ones and its kernel sums to 4; channel 1 is all twos, and its
# kernel sums to 3. So the depthwise step gives 4 and 6, everywhere. Here is the first step.


# %% facts=["l6-separable-equal"]
def depthwise_conv(x, weight):
    """Correlate every channel with its own kernel."""
    return np.stack([fast.corr2d(x_c, k_c) for x_c, k_c in zip(x, weight, strict=True)])


ones_and_twos = np.stack([np.ones((3, 3)), np.full((3, 3), 2)])
kernels = np.array([[[1, 1], [1, 1]], [[3, 0], [0, 0]]])
depthwise_conv(ones_and_twos, kernels)

# %% [markdown]
# The second step is the matrix product of the first section, at every pixel. `einsum` says it
# with letters: sum over the channels c, for each output o and each pixel h, w. With the weights
# (10, 1) the output is $10 \cdot 4 + 6 = 46$.


# %% facts=["l6-separable-equal"]
def separable_conv(x, depthwise, pointwise):
    """Look along height and width, channel by channel; then mix the channels."""
    return np.einsum("oc,chw->ohw", pointwise, depthwise_conv(x, depthwise))


separable_conv(ones_and_twos, kernels, np.array([[10, 1]]))

# %% [markdown]
# Now from 16 channels to 32, on an image of 12 x 12. The depthwise step leaves 16 maps of 10 x
# 10; the pointwise step makes 32 of them.

# %% facts=["l6-separable-equal"]
x = rng.standard_normal((16, 12, 12))
depthwise, pointwise = rng.standard_normal((16, 3, 3)), rng.standard_normal((32, 16))
ours = separable_conv(x, depthwise, pointwise)
ours.shape

# %% [markdown]
# PyTorch writes the depthwise step as a convolution with `groups=16`: one group for each channel
# (the next section says what groups are). Its weight has the shape
# $16 \times 1 \times 3 \times 3$, since each filter has a single channel. All 3200 numbers agree.

# %% facts=["l6-separable-equal"]
spatial = F.conv2d(torch.tensor(x[None]), torch.tensor(depthwise[:, None]), groups=16)
in_torch = F.conv2d(spatial, torch.tensor(pointwise[:, :, None, None]))[0]
print(tuple(spatial.shape), np.allclose(ours, in_torch))

# %% [markdown]
# ### What it saves
#
# Count the weights of that layer, from 16 to 32 channels with 3 x 3 kernels and without biases.
# The standard layer has $32 \cdot 16 \cdot 9 = 4608$. Do the separable one yourself.

# %%
Predict(
    "Depthwise-separable, 3 x 3, from 16 to 32 channels, no biases: how many weights?",
    answer=656,
    why="16 kernels of 9 weights, 144, and 32 * 16 = 512 for the 1 x 1 layer.",
)

# %% [markdown]
# Seven times fewer. The two layers as descriptions, counted by the code that counts every network
# of this course. `MOBILE_BLOCK` is the same with a ReLU after each step, as in MobileNet.


# %% facts=["l6-separable-params"]
def standard(c_in, c_out, k=3):
    """Describe a standard convolution that keeps the size."""
    return (nets.Conv2d(c_in, c_out, k, padding=k // 2, bias=False),)


def separable(c_in, c_out, k=3):
    """Describe the depthwise-separable convolution of the same shapes."""
    alone = nets.Conv2d(c_in, c_in, k, padding=k // 2, groups=c_in, bias=False)
    return alone, nets.Conv2d(c_in, c_out, 1, bias=False)


print(count.params(standard(16, 32)), count.params(separable(16, 32)))

# %% [markdown]
# Multiply-adds shrink by the same factor, as every weight is used once for each output pixel. On
# 56 x 56 pixels, the separable layer saves 12 of 14 million. `macs` gives both, here and below.


# %% facts=["l6-separable-macs"]
def macs(c_in, c_out, n, k=3):
    """Count the multiply-adds of the standard and of the separable layer, n x n pixels."""
    both = standard(c_in, c_out, k), separable(c_in, c_out, k)
    return [count.macs(network, (c_in, n, n)) for network in both]


macs(16, 32, 56)

# %% [markdown]
# In general the ratio is
#
# $$\frac{C_{in} k^2 + C_{in} C_{out}}{C_{in} C_{out} k^2} = \frac{1}{C_{out}} + \frac{1}{k^2},$$
#
# here $1/32 + 1/9 = 0.142$. The number of input channels does not occur. With many output
# channels the first term vanishes, and what remains is $1/k^2$: a ninth at best for 3 x 3, a 25th
# for 5 x 5. The saving is bounded by the kernel, and is worth more the larger the kernel is. The
# cell compares the formula with counted parameters and counted multiply-adds.

# %% facts=["l6-separable-ratio", "l6-separable-macs"]
for c_in, c_out, k in [(16, 32, 3), (3, 16, 3), (256, 256, 3), (256, 256, 5)]:
    pair = separable(c_in, c_out, k), standard(c_in, c_out, k)
    params = np.divide(*map(count.params, pair))
    work = 1 / np.divide(*macs(c_in, c_out, 28, k))
    print(f"{1 / c_out + 1 / k**2:.4f} {params:.4f} {work:.4f}")

# %% [markdown]
# ### What it loses
#
# Nothing is free. Call the pointwise weights $P$ and the depthwise kernels $D$, and carry out both
# steps on paper: from channel $c$ to output $o$ leads the kernel $P_{o,c} \cdot D_c$. So, as long
# as nothing stands between the two steps, a separable layer *is* a standard layer, whose weight is
# a product. (With a ReLU between them, as in `MOBILE_BLOCK`, this is no longer so.) For one input
# channel all 32 kernels are the same up to a factor, where a standard layer has 32 different ones.
# First the claim, for our two steps: one standard convolution with the product gives the same maps.

# %% facts=["l6-separable-equal"]
product = pointwise[:, :, None, None] * depthwise
print(product.shape, np.allclose(fast.conv2d(x[None], product)[0], ours))

# %% [markdown]
# Now the freedom that is lost. For input channel 0, write the 32 kernels as rows of nine numbers.
# Those of the separable layer are all multiples of one row: a matrix of **rank** 1. Those of a
# standard layer with random weights have rank 9, the most that nine columns allow. Whether a
# network is worse for it no count can say; only training does.

# %% facts=["l6-separable-equal"]
free = rng.standard_normal(product.shape)
[int(np.linalg.matrix_rank(w[:, 0].reshape(32, 9))) for w in (product, free)]

# %% [markdown]
# ### Predicted, and measured
#
# A seventh of the products, 14 %: is it a seventh of the time? Predict first: the layer is the one
# from 16 to 32 channels, at 56 x 56 pixels, on one thread of a processor.

# %%
Predict(
    "It needs 14 % of the multiply-adds. What share of the time will it take?",
    choices=["10 % or less", "about 14 %", "18 % or more"],
    answer="18 % or more",
    why="So it was wherever we measured, and mostly far more. The next cells look at it.",
)

# %% [markdown]
# Measure it. `fastest` builds a network in PyTorch, runs it several times and takes the shortest
# run, since everything else on a computer only makes a run longer.


# %% facts=["l6-separable-time"]
def fastest(network, n, runs=15):
    """Give the shortest time that an image of n x n pixels takes, in seconds."""
    image = torch.rand(1, network[0].in_channels, n, n)
    model = torch_ref.build(network)
    model(image)  # the first run also sets things up
    return min(repeat(lambda: model(image), number=1, repeat=runs))


# %% [markdown]
# And here are four layers: the separable one needs which share of the standard layer's products,
# and takes which share of its time? More than 100 % means that it is slower. The first line is the
# layer that you predicted; the second takes in a colour image; the other two are from the middle of
# a network.

# %% tags=["nbval-ignore-output", "why-timing"] facts=["l6-separable-time"]
for c_in, c_out, n in [(16, 32, 56), (3, 16, 112), (128, 128, 28), (256, 256, 14)]:
    work = 1 / np.divide(*macs(c_in, c_out, n))
    time = fastest(separable(c_in, c_out), n) / fastest(standard(c_in, c_out), n)
    print(f"{c_in:3} -> {c_out:3}: {work:.0%} of the products, {time:.0%} of the time")

# %% [markdown]
# These shares are of one run on the computer that built this page. They change from run to run and
# from machine to machine, and no test compares them. In our other runs on that computer the first
# layer took 40 to 65 % of the time, the second, on a colour image, mostly more than 100 %, the
# others 15 to 40 %. The same computer, told to do without its newest instructions, gave about 45,
# 90, 10 and 10 %. So the share belongs to a layer *and* a machine *and* a library. What held
# wherever we tried is weaker: the first two layers save clearly less time than products. Does it
# hold on yours?

# %% [markdown]
# ### Where the time goes
#
# Why? You will often read: since numbers must be moved, and not only multiplied. That can be
# tested. First count how much is done with each number once it is there. Divide the multiply-adds
# by the numbers that go in and out: input, output and weights. For the depthwise step that is
# $451\,584 / 100\,496 = 4.5$. It is almost $k^2/2$: a pixel comes in, another goes out, and nine
# products lie between. The cell gives that ratio for the standard layer, the depthwise step and
# the pointwise step.


# %% facts=["l6-separable-why"]
def products_per_number(layer, shape):
    """Divide the multiply-adds by how many numbers are read or written."""
    moved = np.prod(shape) + np.prod(nets.out_shape(layer, shape)) + count.params(layer)
    return count.macs(layer, shape) / moved


layers = standard(16, 32) + separable(16, 32)
np.array([products_per_number(layer, (16, 56, 56)) for layer in layers])

# %% [markdown]
# The standard layer does 93 products for each number moved, the depthwise step 4.5. Of the two steps
# together the depthwise one has 22 % of the products and moves 40 % of the numbers. Now the test:
# leave the products out and keep the moving. `clone` copies the input, which reads 16 maps and
# writes 16, as the depthwise step does. The cell prints the depthwise step's share of the products
# and of the time, and then how long the bare copy takes compared with it.

# %% tags=["nbval-ignore-output", "why-timing"] facts=["l6-separable-why", "l6-separable-time"]
alone, mixing = separable(16, 32)
share = count.macs(alone, (16, 56, 56)) / macs(16, 32, 56)[1]
times = [fastest((layer,), 56) for layer in (alone, mixing)]
print(f"{share:.0%} of the products; {times[0] / sum(times):.0%} of the time")
image = torch.rand(1, 16, 56, 56)
copy = min(repeat(image.clone, number=1, repeat=100))
print(f"a copy of its maps: {copy / times[0]:.0%} of the time of the depthwise step")

# %% [markdown]
# Wherever we tried, the depthwise step took at least a third of the time of both, mostly more than
# its 40 % of the numbers; and on the computer that built this page a copy took well under a tenth
# of it. If yours is like that, then moving numbers is *not* what makes this step slow, whatever one
# reads. What does, these cells do not say: they measure a library's code for sixteen small
# correlations, and another code may do better. Count multiply-adds to compare *models*; measure on
# the machine that will run them to compare *times*.

# %% [markdown]
# ## Groups in between
#
# ### One number for both ends
#
# A depthwise step forbids all mixing, a standard layer mixes all with all. Between them lies the
# **grouped convolution**: the channels are cut into $g$ groups of neighbours, and each group is a
# standard convolution by itself. The figure shows six channels to six: with one group 36 kernels,
# with two groups 18, with three 12, and with six groups, the depthwise step, 6. Lines never leave
# their group.

# %% facts=["l6-groups"]
layers = {f"groups={g}": (nets.Conv2d(6, 6, 3, groups=g),) for g in (1, 2, 3, 6)}
plots.links(**layers)

# %% [markdown]
# So each filter has $C_{in}/g$ channels instead of $C_{in}$, and the whole weight, like the cost,
# is divided by $g$. The number of groups must divide both $C_{in}$ and $C_{out}$. What is the
# shape of the weight for 16 channels in, 32 out, 3 x 3 kernels and four groups?

# %%
Predict(
    "groups=4, from 16 to 32 channels, 3 x 3. What shape has the weight?",
    answer=(32, 4, 3, 3),
    why="There are still 32 filters, but each sees the 16 / 4 = 4 channels of its group.",
)

# %% [markdown]
# By hand: split the input channels and the filters into as many parts, run each part, and stack
# the maps. First the weights, for every number of groups that divides 16:


# %% facts=["l6-groups"]
def grouped_conv(x, weight, groups):
    """Run a standard convolution in each group, and stack the maps."""
    parts = zip(np.split(x, groups, 1), np.split(weight, groups), strict=True)
    return np.concatenate([fast.conv2d(x_g, w_g) for x_g, w_g in parts], axis=1)


weights = {g: rng.standard_normal((32, 16 // g, 3, 3)) for g in (1, 2, 4, 8, 16)}
[(g, weight.size) for g, weight in weights.items()]

# %% [markdown]
# From 4608 for one group down to 288 for sixteen. (There are 32 outputs from 16 groups, so each
# channel has two kernels. Depthwise layers that give a channel several kernels are said to have a
# *multiplier*.) And the outputs against PyTorch, for each number of groups:

# %% facts=["l6-groups", "l6-groups-between"]
for g, weight in weights.items():
    in_torch = F.conv2d(torch.tensor(x[None]), torch.tensor(weight), groups=g)
    print(g, np.allclose(grouped_conv(x[None], weight, g), in_torch))

# %% [markdown]
# Groups have a price as well: what is in another group cannot be seen. Let only channel 0 of the
# input be other than zero, and look which of the 32 outputs notice. With one group it is all of
# them, with four groups eight, and with sixteen it is two. Stack several grouped layers and
# nothing changes: the groups stay apart for good. So something must mix them in between, a 1 x 1
# layer, or an exchange of channels as in ShuffleNet.

# %% facts=["l6-groups-between"]
only_first = np.zeros((1, 16, 5, 5))
only_first[0, 0] = 1
for g, weight in weights.items():
    noticed = grouped_conv(only_first, weight, g)[0].any(axis=(1, 2))
    print(f"{g:2} groups: {noticed.sum():2} of 32 outputs notice")

# %% [markdown]
# ## Kernels that split
#
# ### A column times a row
#
# There is a second way to take a kernel apart, and it needs no channels. Take the Sobel kernel, a
# well-known edge detector: it smooths along one axis and takes a difference along the other.
# Write the smoothing as a column and the difference as a row, and multiply each number of the
# column with each of the row: that is the kernel. The figure shows all three.

# %% facts=["l6-rank-1"]
column, row = np.array([[1], [2], [1]]), np.array([[1, 0, -1]])
sobel = column * row
plots.grids(column=column, row=row, sobel=sobel)

# %% [markdown]
# A correlation with such a kernel can be done in two passes: first the column, then the row on
# what came out. The first explorer takes the column over a small image. Each output is a weighted
# sum of three numbers that stand below each other, with the weights 1, 2, 1: the first is
# $3 + 2 \cdot 9 + 5 = 26$. The width stays: three rows of five are left.

# %% facts=["l6-rank-1"]
small = np.array([
    [3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4], [6, 2, 6, 4, 3],
])  # fmt: skip
StepCorrelation(small, column)

# %% [markdown]
# The second one takes the row over those three rows of five: it moves along them and leaves three
# by three. For the first place, it takes the first number minus the third: $26 - 25 = 1$. That is
# three products and three products for an output, where the 3 x 3 kernel takes nine.

# %% facts=["l6-rank-1"]
StepCorrelation(fast.corr2d(small, column), row)

# %% [markdown]
# The same nine numbers as from the kernel in one pass. A sum of sums may be taken in any order,
# so it does not matter either which of the two goes first: row and then column would end at the
# same nine.

# %% facts=["l6-rank-1"]
two_passes = fast.corr2d(fast.corr2d(small, column), row)
print(two_passes)
np.array_equal(two_passes, fast.corr2d(small, sobel))

# %% [markdown]
# For a $k \times k$ kernel two passes take $2k$ products for each output instead of $k^2$: with
# three taps that is 6 for 9, hardly worth a second pass. Kernels that blur are larger. How much
# do you save for a Gaussian of 15 x 15?

# %%
Predict(
    "15 x 15 in one pass, or 15 and then 15: how many times fewer products?",
    answer=7.5,
    why="15 * 15 = 225 against 15 + 15 = 30.",
)

# %% [markdown]
# A Gaussian splits, since $e^{-(u^2 + v^2)/2\sigma^2}$ is a product of a function of $u$ and one
# of $v$. On the photograph, one pass and two passes give the same numbers.

# %% facts=["l6-rank-1"]
bell = np.exp(-(np.arange(-7, 8) ** 2) / 18)
gaussian = np.outer(bell, bell)
two_passes = fast.corr2d(fast.corr2d(photo, bell[:, None]), bell[None])
np.allclose(two_passes, fast.corr2d(photo, gaussian))

# %% [markdown]
# So does the box, where all weights are the same: a column of ones times a row of ones. The
# counts are those of the layers, as descriptions: 225 weights in one kernel, or 15 and 15 in two.
# On the photograph the second way takes 7.4 times fewer multiply-adds, not quite 7.5, since the
# first pass also works on 14 columns at the sides that the second one uses up.

# %% facts=["l6-rank-1", "l6-2k"]
box = np.outer(np.ones(15), np.ones(15))
one_pass = nets.Conv2d(1, 1, 15, bias=False)
passes = nets.Conv2d(1, 1, (15, 1), bias=False), nets.Conv2d(1, 1, (1, 15), bias=False)
fewer = count.macs(one_pass, (1, *photo.shape)) / count.macs(passes, (1, *photo.shape))
print(count.params(one_pass), count.params(passes), f"{fewer:.2f} times fewer")

# %% [markdown]
# ### Does this kernel split?
#
# A matrix that is a column times a row has **rank 1**: all its rows are multiples of one row. You
# see it in a Sobel kernel at once, but not in 225 decimals. The SVD writes a kernel as a sum of
# columns times rows, each with a weight, the **singular value**; these are sorted, and none is
# negative. The number of those that are not zero is the rank: as many rows as are left when you
# drop each row that is a sum of multiples of the others you keep. If only the first is not zero,
# the kernel splits. What about the Laplacian, with rows
# (0, 1, 0), (1, -4, 1) and (0, 1, 0)?

# %%
Predict(
    "How many singular values of the Laplacian kernel are not zero?",
    answer=2,
    why="The first and the last row are equal, the middle one is no multiple of them.",
)

# %% [markdown]
# The cell below prints the first three singular values of each kernel. For the separable ones the
# second is zero, up to rounding: compare it with the *first* one, never with an exact 0. The
# Laplacian has two. The last one, ones along the diagonal, has three equal ones, so nothing can
# be left out of it: it is as far from separable as a 3 x 3 kernel can be.

# %% facts=["l6-svd", "l6-laplacian"]
laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
kernels = {"sobel": sobel, "gaussian": gaussian, "box": box, "laplacian": laplacian}
for name, kernel in (kernels | {"diagonal": np.eye(3)}).items():
    s = np.linalg.svd(kernel, compute_uv=False)
    print(f"{name:9} {np.abs(s[:3].round(3))}  splits: {s[1] < 1e-10 * s[0]}")

# %% [markdown]
# The SVD also *gives* the column and the row: the first column of $U$ and the first row of $V^T$,
# each times the square root of the singular value. Column and row are not unique, as you can
# double one and halve the other, or change both signs, so compare their product. For the
# Laplacian you need two such pairs. The figure shows them; their sum is the kernel. Two pairs
# make $2 \cdot (3 + 3) = 12$ products, more than the nine of the kernel itself.

# %% facts=["l6-svd", "l6-laplacian"]
u, s, vt = np.linalg.svd(laplacian)
first, second = (s[i] * np.outer(u[:, i], vt[i]) for i in (0, 1))
print(np.allclose(first + second, laplacian))
plots.grids(laplacian=laplacian, first_pair=first, second_pair=second)

# %% [markdown] facts=["l6-2k"]
# Do not confuse the two ways to split. *Spatially* separable: one kernel into a column and a row,
# and only rank 1 allows it exactly. *Depthwise* separable: a whole layer into a step per channel
# and a step per pixel, where the kernels of a channel are equal up to factors, which is rank 1
# again, in another matrix. Nothing in training makes a kernel one of rank 1. So one does not split
# it afterwards, but builds the network in two steps and trains it so.
#
# ## Inception, the step in between
#
# ### Four ways at once
#
# Which kernel size is best: 1, 3 or 5? An **Inception** block takes them all, and lets the
# training decide. The figure shows one from GoogLeNet, of 2014. The input goes into four
# branches: a 1 x 1 layer; 1 x 1, then 3 x 3; 1 x 1, then 5 x 5; and a max pool followed by 1 x 1.
# The maps of all branches are stacked along the channels, and the widths in the uppermost bar
# show who brings how many.

# %% facts=["l6-inception-concat"]
plots.branches(nets.INCEPTION_BLOCK[0], (192, 28, 28))

# %% [markdown]
# Stacking needs maps of equal height and width, so every branch pads as much as its kernel takes,
# and the pool moves by one pixel. The channels may differ. How many does the output have?

# %%
Predict(
    "192 x 28 x 28 enters the block of the figure. What shape comes out?",
    answer=(256, 28, 28),
    why="64 + 128 + 32 + 32 channels; padding keeps 28 x 28 in every branch.",
)

# %% [markdown]
# `torch_ref.build` makes the block, with random weights. Run the four branches one by one, and
# look at their channels.

# %% facts=["l6-inception-concat"]
torch.manual_seed(6)
[block] = torch_ref.build(nets.INCEPTION_BLOCK)
maps = torch.rand(1, 192, 28, 28)
outs = [branch(maps) for branch in block]
[out.shape[1] for out in outs]

# %% [markdown]
# Stack the four along axis 1, and you have the output of the whole block, number for number.

# %% facts=["l6-inception-concat"]
stacked = torch.cat(outs, dim=1)
print(tuple(stacked.shape), torch.equal(stacked, block(maps)))

# %% [markdown]
# ### Why the 1 x 1 layers are there
#
# Look at the third branch. A 5 x 5 layer straight from 192 to 32 channels has
# $192 \cdot 32 \cdot 25 = 153\,600$ weights. With the bottleneck of 16 channels it is
# $192 \cdot 16 + 16 \cdot 32 \cdot 25$. The pool branch would hand on all of its 192 channels
# without its 1 x 1 layer, and the next block would start with more. The cell compares the whole
# block, with its biases, to one without bottlenecks: more than twice the parameters, and 416
# channels instead of 256.

# %% facts=["l6-inception-count"]
plain = nets.Parallel((
    (nets.Conv2d(192, 64, 1),),
    (nets.Conv2d(192, 128, 3, padding=1),),
    (nets.Conv2d(192, 32, 5, padding=2),),
    (nets.MaxPool2d(3, stride=1, padding=1),),
))  # fmt: skip
for block in (plain, nets.INCEPTION_BLOCK[0]):
    print(f"{count.params(block):,}", nets.out_shape(block, (192, 28, 28)))

# %% [markdown] facts=["l6-inception-hypothesis"]
# ### A hypothesis, driven to its end
#
# Behind the block is an idea, the **Inception hypothesis**: how channels belong together and how
# neighbours belong together can be treated apart. First mix the channels with 1 x 1 layers into a
# few small spaces, then look for patterns in each of them. François Chollet asked in 2016 what
# happens if you take that seriously. Simplify the block: three branches of 1 x 1 and then 3 x 3,
# all of one size. Then the three 1 x 1 layers read the same input, so they are one 1 x 1 layer
# with three times the filters; and the three 3 x 3 layers are a grouped convolution with three
# groups.

# %% [markdown]
# Check that claim: three branches from 8 channels, each by way of 4 to 6, against one 1 x 1 layer
# from 8 to 12 and one 3 x 3 layer with `groups=3`. (A ReLU between the two steps changes nothing
# in the argument, as it acts on each number by itself.)

# %% facts=["l6-xception"]
given = rng.standard_normal((1, 8, 10, 10))
ones = rng.standard_normal((3, 4, 8, 1, 1))  # three branches, 1 x 1
threes = rng.standard_normal((3, 6, 4, 3, 3))  # three branches, 3 x 3
pairs = zip(ones, threes, strict=True)
branches = [fast.conv2d(fast.conv2d(given, one), three) for one, three in pairs]

# %% [markdown]
# For the other way, stack the weights: three times four filters make twelve, three times six make
# eighteen. Then compare the stacked branches with the two layers.

# %% facts=["l6-xception"]
mixed = fast.conv2d(given, ones.reshape(12, 8, 1, 1))
at_once = fast.conv2d(mixed, threes.reshape(18, 4, 3, 3), groups=3)
np.allclose(np.concatenate(branches, axis=1), at_once)

# %% [markdown]
# So the simplified Inception block is a 1 x 1 layer followed by a convolution with a few groups.
# It stands **in between**: a standard convolution has one group, and a depthwise-separable one
# has as many groups as channels. The figure shows the three. Chollet went to the end of the row
# and called the network *Xception*, "extreme Inception". (There the 1 x 1 layer comes after the
# depthwise step, not before. In a stack of many such blocks they alternate anyway.)

# %% facts=["l6-xception"]
plots.links(
    standard=(nets.Conv2d(4, 6, 3),),
    Inception=(nets.Conv2d(4, 6, 1), nets.Conv2d(6, 6, 3, groups=3)),
    extreme=(nets.Conv2d(4, 6, 1), nets.Conv2d(6, 6, 3, groups=6)),
)

# %% [markdown]
# ## Famous networks, counted
#
# ### Three AlexNets
#
# AlexNet won the competition of 2012 on ImageNet, over a million photographs of a thousand kinds of
# things, and began the era. It starts with an 11 x 11 layer at stride 4 and ends with three dense
# layers, two of them hidden. How many parameters has it? You will read 60, 61 and 62 million, for
# different networks. The original had 96 filters in its first layer and ran on two graphics cards,
# with three layers in two groups, since one card had too little memory: 60 965 224, which its paper
# calls 60 million. Without the groups it is larger. And the one in *torchvision*, which most people
# load today, is close to that of a later paper, with 64 filters in its first layer.

# %% facts=["l6-alexnet"]
for name in ("ALEXNET", "ALEXNET_2012_GROUPED", "ALEXNET_2012"):
    print(f"{name:20} {count.params(getattr(nets, name)):,}")

# %% [markdown]
# The difference between the last two is what groups save, half of the weights in layers 2, 4 and
# 5: $(96 \cdot 256 \cdot 25 + 384 \cdot 384 \cdot 9 + 384 \cdot 256 \cdot 9)/2 = 1\,413\,120$.


# %% facts=["l6-alexnet"]
count.params(nets.ALEXNET_2012) - count.params(nets.ALEXNET_2012_GROUPED)

# %% [markdown]
# Here is torchvision's, shortened to the layers that have weights. Compare the two columns,
# parameters and multiply-adds, before you read on.


# %% facts=["l6-alexnet"]
def learning_rows(network, shape):
    """Print parameters and multiply-adds of every layer that learns."""
    ledger = count.ledger(network, shape)
    for row in ledger.rows:
        if row.params:
            print(f"{row.layer!r:52} {row.params:>12,} {row.macs:>15,}")
    print(f"{'in all':52} {ledger.params:>12,} {ledger.macs:>15,}")


learning_rows(nets.ALEXNET, (3, 224, 224))

# %% [markdown]
# The dense layers hold 96 % of the parameters and do 8 % of the work; the convolutions, 4 % and
# 92 %. So "how large" and "how slow" are two questions, and a remedy for the one may leave the
# other as it is. Separable layers aim at the work.
#
# ### VGG-16
#
# VGG-16, of 2014, has 3 x 3 kernels only, padded by 1, in five stages; each stage ends in a pool
# that halves the map, and the channels double up to 512. Then three dense layers. The first of
# them takes the last map of 512 x 7 x 7 to 4096 numbers. How large a part of the network is this
# single layer?

# %%
Predict(
    "VGG-16 has 138 million parameters. How many per cent are in the first dense layer?",
    answer=74,
    tolerance=2,
    why="512 * 7 * 7 * 4096 = 102.8 million weights, of 138.4 million.",
)

# %% facts=["l6-vgg"]
learning_rows(nets.VGG16, (3, 224, 224))

# %% [markdown]
# Later networks put a global average pool (lesson 5) in place of the hidden dense layers, with
# little or no loss. Leave out all three dense layers of VGG-16, and 14.7 million parameters and
# 15.3 billion multiply-adds remain, in 13 convolutions. Replace each of them, on paper, by a
# depthwise-separable one: by how much does the work shrink? The formula promises a factor of almost
# 9 for every layer but the first ones. The cell prints parameters and multiply-adds of both: 8.6
# times fewer multiply-adds.


# %% facts=["l6-separable-ratio", "l6-vgg"]
def slim(layer):
    """Replace a convolution by a separable one, and keep every other layer."""
    is_conv = isinstance(layer, nets.Conv2d)
    return separable(layer.in_channels, layer.out_channels) if is_conv else (layer,)


convolutions = nets.VGG16[:-6]  # all but the dense layers
slimmed = sum(map(slim, convolutions), ())
for network in (convolutions, slimmed):
    print(f"{count.params(network):>10,} {count.macs(network, (3, 224, 224)):>14,}")

# %% [markdown]
# That network would have to be trained anew, and whether it is as good no count can tell. MobileNet
# was the answer of 2017: built of such layers, it came within about one percentage point of VGG-16
# on ImageNet, with a 27th of the multiply-adds and a 32nd of the parameters, by the figures of its
# authors. Most of the saving in parameters has another cause: without its dense layers VGG-16 is
# nine times smaller already.
#
# ### The two blocks
#
# Last, the two blocks of this lesson, by the same code. First the Inception block: most of its
# parameters are in the one 3 x 3 layer, and its 1 x 1 layers together cost less than that.

# %% facts=["l6-inception-count"]
learning_rows(nets.INCEPTION_BLOCK, (192, 28, 28))

# %% [markdown]
# And the block of a MobileNet, from 16 to 32 channels: the 656 of your prediction. Our description
# leaves out what follows each of the two steps in the real one, batch normalisation. It shifts and
# scales every channel, with two parameters for each: $2 \cdot 16 + 2 \cdot 32 = 96$ more. So state
# what you counted whenever you name a number.

# %% facts=["l6-mobile-count"]
learning_rows(nets.MOBILE_BLOCK, (16, 56, 56))

# %% [markdown]
# ## What we saw
#
# - A 1 x 1 convolution is a dense layer at every pixel. It mixes channels and sets their number; where
#   channels repeat each other, it can compress them as PCA does.
# - Depthwise, then pointwise: $1/C_{out} + 1/k^2$ of the products. The time saved is another number:
#   measure it. Groups and Inception blocks lie between.
# - A kernel of rank 1 is a column times a row, $2k$ products for $k^2$, and the SVD tells. Networks are
#   counted by variant: AlexNet has 60, 61 or 62 million parameters, and most of them are dense.
#
# **Sources.** M. Lin, Q. Chen, S. Yan, [Network in network](https://arxiv.org/abs/1312.4400), on
# 1 x 1 layers. C. Szegedy and others,
# [Going deeper with convolutions](https://arxiv.org/abs/1409.4842). F. Chollet,
# [Xception: deep learning with depthwise separable convolutions](https://arxiv.org/abs/1610.02357),
# also for the hypothesis. A. Howard and others, [MobileNets](https://arxiv.org/abs/1704.04861).
# X. Zhang and others, [ShuffleNet](https://arxiv.org/abs/1707.01083). A. Krizhevsky, I.
# Sutskever, G. Hinton, ImageNet classification with deep convolutional neural networks, 2012; A.
# Krizhevsky, [One weird trick](https://arxiv.org/abs/1404.5997), the AlexNet of torchvision. K.
# Simonyan, A. Zisserman, [Very deep convolutional networks](https://arxiv.org/abs/1409.1556). The
# documentation of
# [torch.nn.Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html), on
# groups. The photograph is
# [by danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035),
# [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/); it was cut and made gray.
#
# **Now you.** Write these layers yourself, and have them checked:
# [the exercises of this lesson](../exercises/06_pointwise_separable.ipynb).

# %% [markdown]
# # 3. Channels
#
# **A colour photograph is three arrays, and a layer of a network makes fifty. What does one filter
# look like then, and what does it cost?**
#
# A layer of a network meets many arrays at once and makes many. You will get there by rewriting one
# function, rung by rung: one channel, many channels in, many channels out, a batch. On each rung
# you compare with PyTorch.
#
# When you are done, you will be able to
#
# - work out a filter over several channels by hand, and count its parameters;
# - tell the shape of every array in a convolutional layer, and draw it as it really is;
# - predict what a layer learns and what it costs, and say why two papers differ by a factor of two;
# - read and use `torch.nn.Conv2d`;
# - fold two layers into one, and name a task for which something must stand between them.
#
# **Time:** about 80 minutes, ten more for *Going deeper*, and an hour and three quarters for the
# eight exercises.
#
# **You need:** lesson 2 (the window, its output size, a chain of kernels). No internet is needed.

# %% [markdown]
# All imports stand here. `fast` holds the operations, `nets` the layers as mere descriptions,
# `count` what such a layer costs, and `plots` the figures. `F` is what everybody calls the
# functions of PyTorch, and `torch.nn` has the same things as layers that keep their own weights.

# %%
from timeit import repeat

import numpy as np
import torch
from scipy import signal
from torch import nn
from torch.nn import functional as F

from coursekit import count, data, fast, nets, plots
from coursekit.shapes import AxisLayer, receptive_fields
from coursekit.widgets import Predict, StepCorrelation

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## Several input channels
#
# ### A photograph is three sheets
#
# Each pixel of a colour photograph is three numbers: how much red, green and blue. A file keeps
# them side by side, (height, width, 3). Networks keep the three sheets apart, in the order
# **C x H x W**: channel, row, column. `transpose` changes from one order to the other. The shape
# alone tells you which one you have, and mixing them up is a common mistake. A
# convolution mostly stops with an error then, as you will see. Worse is `reshape(3, 114, 120)` in
# place of `transpose`: the shape is right, the pixels are scrambled, and everything runs. The
# figure shows the flower of this lesson, and how its shape changes.

# %% facts=["l3-feature-map"]
flower = data.photo("flower", color=True)[40:380:3, 130:490:3]
rgb = flower.transpose(2, 0, 1)
print(flower.shape, "->", rgb.shape)
plots.photos(flower=flower)

# %% [markdown]
# It is orange, before dark green leaves. The next figure shows its three channels, each as a gray
# picture where white means "much of it". In which one will the flower be brightest, in which one
# darkest?

# %% facts=["l3-feature-map"]
plots.photos(red=rgb[0], green=rgb[1], blue=rgb[2])

# %% [markdown]
# The flower is bright in red, middling in green and dark in blue. The leaves are dark in red and a
# little brighter in the other two. No single one of the sheets says "orange": that is a statement
# about all three at one place.
#
# Such an array (or **tensor**) of C x H x W numbers is called a **feature map** with C channels
# (people also call each single channel a feature map). The image is merely the first one: what a
# layer makes of it is again C x H x W, and the next layer does not care where its input comes from.
#
# ### One kernel for each channel
#
# > **A word ahead: stride.** So far the window moved by one pixel. With a stride of 2 it moves by two, so
# > on four rows a window of two stands at rows 0 and 2 only (lesson 4; [glossary](00_start_here.ipynb#Glossary)).
#
# Here is a small input with two channels. A **filter** for it has one kernel for each channel. Both
# kernels are laid on the same place, each on its own channel, and with a stride of 2 there are four
# such places. Take the first one, upper left. In channel 0 the products are
# $1 \cdot 3 + 2 \cdot 1 + 7 \cdot 2 + 8 \cdot 5 = 59$. The figure shows both channels and their
# kernels.

# %% facts=["l3-one-kernel-per-channel"]
x = np.array([
    [[1, 2, 3, 4], [7, 8, 9, 8], [8, 14, 4, 16], [19, 5, 3, 22]],
    [[5, 1, 2, 3], [2, 6, 1, 4], [1, 2, 13, 7], [5, 15, 1, 6]],
], float)  # fmt: skip
k = np.array([[[3, 1], [2, 5]], [[1, 4], [3, 5]]], float)
plots.grids(channel_0=x[0], kernel_0=k[0], channel_1=x[1], kernel_1=k[1])

# %% [markdown]
# Now channel 1, at the same place. Multiply its upper left 2 x 2 numbers by the second kernel and
# add up, as you did in lesson 2. Answer before you open the explorer below.

# %%
Predict(
    "Channel 1, first window, second kernel: what is the sum of products?",
    answer=45,
    why="5*1 + 1*4 + 2*3 + 6*5 = 5 + 4 + 6 + 30.",
)

# %% [markdown]
# Step through channel 0 first, and see the 59 being made. Watch how far the window moves: with this
# stride no pixel is seen twice.

# %% facts=["l3-worked-stride2"]
StepCorrelation(x[0], k[0], stride=2)

# %% [markdown]
# And here is channel 1 with its own kernel: the same four places, other numbers. Before you go on,
# think about what one filter should say about a place: one number for each channel, or one number?

# %% facts=["l3-worked-stride2"]
StepCorrelation(x[1], k[1], stride=2)

# %% [markdown]
# It says **one** number. A filter asks one question, and all channels help to answer it: the sums
# of the channels are added up, and then one bias is added, once. With a bias of 10 the first output
# is $59 + 45 + 10 = 114$. Do the lower right one yourself, from the last numbers of both explorers,
# before you run the cell.

# %% facts=["l3-worked-stride2", "l3-one-kernel-per-channel"]
first = fast.corr2d(x[0], k[0], stride=2)
second = fast.corr2d(x[1], k[1], stride=2)
print(first, second, sep="\n")
first + second + 10

# %% [markdown]
# How many numbers does this filter learn? Count the weights and the biases of the filter that you
# have just used, for two channels and kernels of 2 x 2.

# %%
Predict(
    "One filter, two channels, kernels of 2 x 2, with bias. How many parameters?",
    answer=9,
    why="2 * 2 * 2 = 8 weights and one bias for the filter: 9, not one for each channel.",
)

# %% [markdown]
# In general that is $C k^2 + 1$. If you got $C (k^2 + 1)$, ten here, you gave each channel a bias
# of its own. It would be useless: two biases of 4 and 6 do what one of 10 does, since both end up
# in the same sum. `nets.Conv2d(2, 1, 2)` describes a layer with two input channels, one filter and
# 2 x 2 kernels, and `count.params` counts what it learns.

# %% facts=["l3-one-bias"]
count.params(nets.Conv2d(2, 1, 2))

# %% [markdown]
# ### First rung: many channels in
#
# As a function it is one line: correlate each channel with its own kernel, and sum. The old
# `corr2d` does all the work. `zip` walks over the first axis of both arrays, which is the channel.
# This is the first rung of the ladder, and it maps (C, H, W) and (C, kH, kW) to one map of (oH,
# oW).


# %% facts=["l3-one-kernel-per-channel", "l3-worked-stride2"]
def corr2d_multi_in(x, k, stride=1):
    """Correlate each channel with its own kernel, and add up the results."""
    pairs = zip(x, k, strict=True)
    return sum(fast.corr2d(x_c, k_c, stride=stride) for x_c, k_c in pairs)


corr2d_multi_in(x, k, stride=2) + 10

# %% [markdown]
# Is that what a library does? PyTorch's `conv2d` expects two axes more: one for several images, one
# for several filters. Indexing with `None` adds an axis of length 1. The numbers below are the four
# from above, in two pairs of extra brackets.

# %% facts=["l3-worked-stride2"]
bias = torch.tensor([10.0], dtype=torch.float64)
F.conv2d(torch.tensor(x[None]), torch.tensor(k[None]), bias, stride=2).numpy()

# %% [markdown]
# ### The true picture
#
# Most drawings of a convolution show a flat kernel on a flat image, and a flat result. With
# channels that picture is wrong. A filter over three channels is a **block**. Take an image of
# 3 x 32 x 32, a common size, and one filter of 3 x 5 x 5. The block fits into the image at many
# places. What comes out?

# %%
Predict(
    "One 3 x 5 x 5 filter meets a 3 x 32 x 32 image. What is the shape of its map?",
    answer=(28, 28),
    why="32 - 5 + 1 = 28 places along H and along W; the three channels are summed.",
)

# %% [markdown]
# The figure shows the truth for a smaller input of 3 x 6 x 6. Each channel is a sheet of cells, the
# first in front. The framed window goes through *all* three sheets; the filter has as many sheets
# as the input; and the arrows lead from this block of 27 numbers, through the filter's 27 weights,
# to a single number. What comes out is flat because one number is left for each place.

# %% facts=["l3-true-picture"]
plots.volumes((3, 6, 6), (1, 3, 3, 3), at=(0, 0))

# %% [markdown]
# Now one step. The second figure shows the window one column to the right: the whole block has
# moved, and the next number in the row is filled. It can move along the width and along the height.
# It cannot move along the channels, since a filter that spans three of three sheets has only
# $3 - 3 + 1 = 1$ place there.

# %% facts=["l3-true-picture", "l3-no-slide-channels"]
plots.volumes((3, 6, 6), (1, 3, 3, 3), at=(0, 1))

# %% [markdown]
# And now your prediction: one filter makes one 28 x 28 map. The next section stacks the maps of
# several. The second line counts the places along the channels with the same formula that you use
# along height and width.

# %% facts=["l3-one-map-28", "l3-no-slide-channels"]
image = np.ones((3, 32, 32))
print(corr2d_multi_in(image, np.ones((3, 5, 5))).shape)
print("places along the channels:", image.shape[0] - 3 + 1)

# %% [markdown]
# So a filter must have exactly as many channels as its input. When it has not, nothing is guessed
# for you: the library refuses. It happens when an image comes as H x W x C. Here a filter for two
# channels meets an image of three, first in our library and then in PyTorch, whose words you will
# meet again (`groups`, from lesson 6, is 1 in this lesson):

# %% facts=["l3-channels-must-match"]
for conv, kind in (fast.conv2d, np.asarray), (F.conv2d, torch.tensor):
    try:
        conv(kind(image[None]), kind(np.ones((1, 2, 5, 5))))
    except (ValueError, RuntimeError) as error:
        print(error)

# %% [markdown]
# ## Several filters
#
# ### Second rung: many channels out
#
# One filter asks one question. A layer asks many at the same places: it has $C_{out}$ filters, each
# a block of its own, and stacks their maps. The stack is again a feature map, now with $C_{out}$
# channels. Let a second filter join the one you know: +1 at the upper left of channel 0, -1 at the
# upper left of channel 1, and 0 elsewhere. At each place it gives the difference of the two
# channels. For the first place that is $1 - 5 = -4$, and for the last one $4 - 13 = -9$.


# %% facts=["l3-filters-stack"]
def corr2d_multi_in_out(x, weight, stride=1):
    """Apply every filter to the same input, and stack the maps."""
    return np.stack([corr2d_multi_in(x, k, stride) for k in weight])


difference = np.array([[[1, 0], [0, 0]], [[-1, 0], [0, 0]]], float)
weight = np.stack([k, difference])
corr2d_multi_in_out(x, weight, stride=2)

# %% [markdown]
# The first map is the old one without its bias, 104 for 114; the second one is new, and the filters
# know nothing of each other. The weight of a layer has four axes:
# $C_{out} \times C_{in} \times k_h \times k_w$, the filter first. Here are the eight numbers again,
# from PyTorch:

# %% facts=["l3-filters-stack"]
print(weight.shape)
F.conv2d(torch.tensor(x[None]), torch.tensor(weight), stride=2)[0].numpy()

# %% [markdown]
# The figure draws a layer with two filters. Both look at the same window, each has three sheets,
# and each fills its own map: filter 0 the sheet in front, filter 1 the one behind.

# %% facts=["l3-true-picture"]
plots.volumes((3, 6, 6), (2, 3, 3, 3), at=(0, 1))

# %% [markdown]
# ### Two questions about a flower
#
# What can a filter ask that no single channel answers? Take two blocks of 3 x 3 x 3. The first has
# the same edge kernel for each colour, so it finds vertical edges of the brightness. The second
# adds up red and subtracts green and blue, each with half the weight: it gives 0 for every gray,
# and is positive where there is too much red for gray. The figure shows both maps: red is positive,
# blue negative. What will the second make of the leaves?

# %% facts=["l3-filters-stack"]
edge = np.array([[-1, 0, 1]] * 3) / 9
mean = np.ones((3, 3)) / 9
questions = np.array([[edge, edge, edge], [mean, -mean / 2, -mean / 2]])
edges, redness = corr2d_multi_in_out(rgb, questions)
plots.responses(vertical_edges=edges, too_much_red=redness)

# %% [markdown]
# On the left are outlines, with the sign of the step. On the right the whole flower is positive and
# the leaves are negative, light or dark.
#
# ### The smallest filter: 1 x 1
#
# A window of a single pixel sounds useless, and with one channel it only rescales. With several
# channels it is a weighted sum of them, at each pixel by itself. Take weights (2, -1) for our two
# channels. The first pixel holds 1 and 5, so the output there is $2 \cdot 1 - 1 \cdot 5 = -3$; the
# last one holds 22 and 6, so $44 - 6 = 38$. A second filter (1, 1) adds the channels. No pixel is
# lost, and no neighbour is seen.

# %% facts=["l3-1x1"]
mix = np.array([[2, -1], [1, 1]], float)
mixed = corr2d_multi_in_out(x, mix[:, :, None, None])
print(mixed.shape)
mixed[:, [0, -1], [0, -1]]

# %% [markdown]
# Write each pixel as a column of its channels, and the whole layer is one matrix product: the 2 x 2
# matrix `mix` times 16 columns. So a 1 x 1 layer is a dense layer, applied to each pixel with the
# same weights. Lesson 6 builds whole networks from that. The code prints how far the product and
# PyTorch's layer are from the numbers above, at most.

# %% facts=["l3-1x1"]
as_product = (mix @ x.reshape(2, 16)).reshape(2, 4, 4)
in_torch = F.conv2d(torch.tensor(x[None]), torch.tensor(mix[:, :, None, None]))[0]
print(abs(as_product - mixed).max(), abs(in_torch.numpy() - mixed).max())

# %% [markdown]
# ### Deeper, and more channels
#
# How many filters should a layer have? In most networks the number rises from layer to layer,
# while height and width shrink. The usual argument: a later place stands for a larger piece of the
# image, and there is more to say about it. Here are the channels of VGG16, a well-known network of
# 2014, from its first convolution to its last:

# %% facts=["l3-more-channels-deeper"]
convolutions = [layer for layer in nets.VGG16 if isinstance(layer, nets.Conv2d)]
print([layer.in_channels for layer in convolutions[:1]])
print([layer.out_channels for layer in convolutions])

# %% [markdown]
# ## A batch of images
#
# ### Third rung: many images, and the biases
#
# Networks take many images at once. The image number N becomes the first axis: **N x C x H x W**.
# Every image gets the same filters, and no image knows of another. Predict the shape for two images
# of 3 x 32 x 32 and six filters of 3 x 5 x 5, each with its bias.

# %%
Predict(
    "A 2 x 3 x 32 x 32 batch meets six 3 x 5 x 5 filters. What shape comes out?",
    answer=(2, 6, 28, 28),
    why="N stays 2, C becomes the number of filters, 32 - 5 + 1 = 28 along H and W.",
)

# %% [markdown]
# The third rung stacks once more, over images, and adds the biases. There is one for each output
# channel, so a bias must be spread over rows and columns: `bias[:, None, None]` has shape (6, 1,
# 1), and NumPy lines it up with (6, 28, 28) as it should. This is the layer that libraries call
# `conv2d`: from $N \times C_{in} \times H \times W$ to $N \times C_{out} \times H' \times W'$.


# %% facts=["l3-batch-6-filters", "l3-general-shape"]
def conv2d(x, weight, bias, stride=1):
    """Apply all filters to every image, and add each filter's bias to its map."""
    maps = [corr2d_multi_in_out(image, weight, stride) for image in x]
    return np.stack(maps) + bias[:, None, None]


rng = np.random.default_rng(3)
images, weight = rng.random((2, 3, 32, 32)), rng.standard_normal((6, 3, 5, 5))
biases = np.arange(6.0)
conv2d(images, weight, biases).shape

# %% [markdown]
# Compare with PyTorch, and with the course's `fast.conv2d`. They may add up the 75 products of a
# number in another order, and then the last digits of a float differ; so the differences are
# rounded to nine digits. The function has grown from one line to a whole layer, and its heart is
# still the `corr2d` of lesson 2.

# %% facts=["l3-batch-6-filters", "l3-general-shape"]
in_torch = F.conv2d(*map(torch.tensor, (images, weight, biases))).numpy()
ours = conv2d(images, weight, biases)
for other in (in_torch, fast.conv2d(images, weight, biases)):
    print("largest difference:", abs(ours - other).max().round(9))

# %% [markdown]
# ### The gradient of a bias
#
# A bias is added to every number of its map, in every image of the batch. Raise it by a little, and
# all of them rise by as much. So the derivative of the loss by a bias is the sum of the derivatives
# by all these numbers: `upstream` summed over N, H and W, with only the channel left. Autograd says
# the same six numbers: `out.backward(upstream)` starts from these derivatives, and no loss has to
# be written down. (Lesson 2 did the weights: their gradient is a correlation of the input with
# `upstream`.)

# %% facts=["l3-bias-gradient"]
upstream = rng.standard_normal((2, 6, 28, 28))
b = torch.tensor(biases, requires_grad=True)
out = F.conv2d(torch.tensor(images), torch.tensor(weight), b)
out.backward(torch.tensor(upstream))
print(b.grad.numpy().round(3), upstream.sum(axis=(0, 2, 3)).round(3), sep="\n")

# %% [markdown]
# ### All sums at once
#
# Loops over channels and filters read well. `np.einsum` writes all sums in one line: name each axis
# by a letter, and sum over every letter that the result leaves out. With all windows in one array
# of axes c (channel), i, j (place), a, b (tap), and a filter of axes c, a, b, the first rung reads
# `cijab,cab->ij`: keep the places, sum over channels and taps. `sliding_window_view` gives all 2 x
# 2 windows of a channel, and `[:, ::2, ::2]` keeps every second one along height and width: that is
# the stride of 2. (All five axes happen to have length 2 here; in order they are c, i, j, a, b.) As
# an exercise you will write the whole layer this way, with its biases. [Going
# deeper](#Going-deeper) measures how much time that saves.

# %% facts=["l3-filters-stack"]
windows = np.lib.stride_tricks.sliding_window_view(x, (2, 2), axis=(1, 2))[:, ::2, ::2]
print(windows.shape)
np.einsum("cijab,cab->ij", windows, k) + 10

# %% [markdown]
# ## Counting parameters and operations
#
# ### What a layer learns
#
# Each of $C_{out}$ filters has $C_{in} k^2$ weights and one bias: $C_{out} (C_{in} k^2 + 1)$
# parameters. Take a layer that makes 50 channels from the 3 of a colour image of 256 x 256, with
# 3 x 3 kernels. Work it out on paper first.

# %%
Predict(
    "A layer from 3 to 50 channels, 3 x 3 kernels, biases. How many parameters?",
    answer=1400,
    why="A filter has 3 * 9 = 27 weights and a bias, 28; fifty of them make 1400.",
)

# %% [markdown]
# `count.params` takes no image size, because it needs none: the same 1400 numbers serve a thumbnail
# and a poster. A dense layer from the same image to just 50 outputs learns a weight for each pair
# of an input number and an output. That is the saving lesson 1 promised.

# %% facts=["l3-params-whatever-size"]
layer = nets.Conv2d(3, 50, 3, padding="same")
dense = nets.Linear(3 * 256 * 256, 50)
print(f"{count.params(layer):,} against {count.params(dense):,}")

# %% [markdown]
# ### What a layer computes
#
# > **A word ahead: padding "same".** Zeros are put around the image so that the output is as large as the
# > input (lesson 4; [glossary](00_start_here.ipynb#Glossary)).
#
# Now the work. One window of one channel takes $k^2$ products, and one addition less to sum them,
# as four numbers need three plus signs: $2k^2 - 1$, here 17. Over three channels there are 27
# products to be summed. Give the operations for **one** output number, products and additions
# alike, without a bias.

# %%
Predict(
    "One output number, 3 channels, 3 x 3 kernels, no bias: how many operations?",
    answer=53,
    why="27 products and 26 additions: 2 * 9 * 3 - 1 = 53, not three times 17 = 51.",
)

# %% [markdown]
# The two that are missing in $3 \cdot 17 = 51$ add the channels up. So an output number takes
# $2 k^2 C_{in} - 1$ operations, a pixel $C_{out}$ times as many, and the layer $H \cdot W$ times
# that. `count.operations` counts a layer for one image, and needs to know its size. From a single
# window to the whole layer:

# %% facts=["l3-ops-window", "l3-ops-256"]
one_window = nets.Conv2d(1, 1, 3, bias=False), (1, 3, 3)
one_number = nets.Conv2d(3, 1, 3, bias=False), (3, 3, 3)
one_pixel = nets.Conv2d(3, 50, 3, bias=False), (3, 3, 3)
whole = nets.Conv2d(3, 50, 3, padding="same", bias=False), (3, 256, 256)
for conv, shape in (one_window, one_number, one_pixel, whole):
    print(f"{conv!r:48} {count.operations(conv, shape):>11,}")

# %% [markdown]
# That is 173 670 400, from $256 \cdot 256 \cdot 50 \cdot 53$. A bias is one addition more for each
# output number, so with biases there are 54 instead of 53, and 176 947 200 in all.

# %% facts=["l3-ops-256"]
print(f"{count.operations(layer, (3, 256, 256)):,}")
print(256 * 256 * 50 * (2 * 9 * 3 - 1), 256 * 256 * 50 * 2 * 9 * 3)

# %% [markdown]
# ### Why two papers differ by two
#
# Processors multiply and add in one step, so many authors count **multiply-adds** (MACs): 27 for
# each of our output numbers, and not 54. Others count both, and some write "FLOPs" for the one,
# some for the other. When two papers give the same network 4 and 8 billion, look for this first.
# With the addition of the bias the factor is exactly two; without it, a little less.

# %% facts=["l3-macs-factor"]
macs = count.macs(layer, (3, 256, 256))
print(f"{macs:,} multiply-adds")
for counted in (count.operations(layer, (3, 256, 256)), count.operations(*whole)):
    print(f"{counted / macs:.2f}")

# %% [markdown]
# ### Twice the size
#
# An image of 512 x 512 goes through the same layer. What happens to the parameters, and what to the
# operations?

# %%
Predict(
    "The image gets twice as high and twice as wide. What grows?",
    choices=["both, 4 times", "operations 4 times, parameters not", "neither"],
    answer="operations 4 times, parameters not",
    why="The same filters are used, at four times as many places.",
)

# %% [markdown]
# The `ledger` of a network lists all of it for each layer: the shape, the parameters, the work, the
# memory, and how many pixels an output sees. Here is our layer for both sizes. Compare the columns
# of parameters and of multiply-adds. (Memory is that of the maps, at 4 bytes a number. `forward` is
# what a layer reads and writes; `training` is what has to be kept until the gradients are computed:
# in the layer's row that is its output, and the last row, `in all`, adds the input.)

# %% facts=["l3-params-whatever-size", "l3-ops-256"]
for size in (256, 512):
    print(count.ledger((layer,), (3, size, size)))

# %% [markdown]
# ## The same in torch
#
# ### A layer that keeps its weights
#
# `F.conv2d` takes weight and bias as arguments. `nn.Conv2d` keeps its own: it draws random ones
# when you make it, and training changes them. You tell it $C_{in}$, $C_{out}$ and the kernel size.
# Its padding is 0 unless you ask, so a 3 x 3 kernel takes two rows and two columns away; with
# `padding="same"` the size stays.

# %% facts=["l3-torch-same"]
batch = torch.zeros(1, 3, 256, 256)
print(nn.Conv2d(3, 50, 3, padding="same")(batch).shape)
print(nn.Conv2d(3, 50, 3)(batch).shape)

# %% [markdown]
# As a function, `F.conv2d` takes the weight in the order $C_{out}, C_{in}, k_h, k_w$. Take 128
# images of 3 x 20 x 20, and five filters of 3 x 5 x 5. The weight is then 5 x 3 x 5 x 5, and its
# fives mean different things: the first is the number of filters, the other two are rows and
# columns of a kernel. Along height and width $20 - 5 + 1 = 16$ places are left.

# %% facts=["l3-f-conv2d"]
F.conv2d(torch.zeros(128, 3, 20, 20), torch.zeros(5, 3, 5, 5), torch.zeros(5)).shape

# %% [markdown]
# A kernel need not be square. An integer `k` means `(k, k)`; a pair is rows, then columns. Predict
# the output of `nn.Conv2d(3, 5, (2, 3))` on 128 images of 3 x 28 x 28.

# %%
Predict(
    "nn.Conv2d(3, 5, (2, 3)) on a 128 x 3 x 28 x 28 batch: which shape?",
    answer=(128, 5, 27, 26),
    why="28 - 2 + 1 = 27 rows, 28 - 3 + 1 = 26 columns; 5 filters, still 128 images.",
)

# %% [markdown]
# The layer has two named parameters, the `weight` with its four axes and the `bias` with one. Their
# shapes are those of your own function: torch can use your arrays, and you can use torch's.

# %% facts=["l3-rect-kernel"]
torch.manual_seed(3)
small = nn.Conv2d(3, 5, (2, 3))
print(small(torch.zeros(128, 3, 28, 28)).shape)
for name, parameter in small.named_parameters():
    print(name, list(parameter.shape))
print(nn.Conv2d(3, 5, 2).kernel_size)

# %% [markdown]
# A quick way to see what a layer does: feed it ones. On a 3 x 3 image of ones a 3 x 3 kernel has
# one place, all products are the weights themselves, and each of two filters gives the sum of its
# weights plus its bias. The code prints the layer's two numbers, then the two sums.

# %% facts=["l3-ones-sums"]
two = nn.Conv2d(1, 2, 3)
made = two(torch.ones(1, 1, 3, 3)).flatten()
for two_numbers in (made, two.weight.sum(dim=(1, 2, 3)) + two.bias):
    print([f"{number:.3f}" for number in two_numbers.tolist()])

# %% [markdown]
# And the whole layer against your `conv2d`, with torch's own random weights. Torch computes in
# 32-bit floats, which carry six to seven digits; the code prints the largest difference with five.
# `detach` takes an array out of autograd's records; NumPy can have it then.

# %% facts=["l3-rect-kernel"]
picture = torch.rand(2, 3, 8, 8)
theirs = small(picture).detach().numpy()
arrays = (array.detach().numpy() for array in (picture, small.weight, small.bias))
print(f"largest difference: {abs(conv2d(*arrays) - theirs).max():.5f}")

# %% [markdown]
# ## Why a nonlinearity
#
# ### Two layers collapse into one
#
# Lesson 2 folded a chain of kernels into one. Do channels change that? Let the first layer make M
# channels from its C, and the second its outputs from those M. Output f is the sum over m of
# channel m, correlated with $w^{(2)}_{f,m}$; and channel m is a sum over c. Multiply out: the path
# from c through m to f is a chain of two kernels, so it is one kernel. Add up the paths through all
# m:
#
# $$K_{f,c} = \sum_m w^{(1)}_{m,c} * w^{(2)}_{f,m}$$
#
# where $*$ is the full convolution of lesson 2. Two 3 x 3 kernels in a row make one of 5 x 5.

# %%
Predict(
    "Weights 8 x 3 x 3 x 3, then 4 x 8 x 3 x 3. What shape has the one weight?",
    answer=(4, 3, 5, 5),
    why="From 3 channels to 4, the 8 in between are summed; 3 + 3 - 1 = 5 taps a side.",
)

# %% [markdown]
# The formula as code: for each output f and each input c, one sum over the channels in between.
# Then both ways are applied to the same batch, and compared. If they agree, the second layer has
# added nothing that the one layer could not do. (This is without padding. With padding "same" the
# zeros around the maps in between are not what the first layer would give there, so outputs near
# the border differ.)


# %% facts=["l3-collapse"]
def path(w1, w2, f, c):
    """Sum the composed kernels of all paths from channel c to output f."""
    return sum(signal.convolve2d(w1[m, c], w2[f, m]) for m in range(len(w1)))


w1, w2 = rng.standard_normal((8, 3, 3, 3)), rng.standard_normal((4, 8, 3, 3))
one = np.array([[path(w1, w2, f, c) for c in range(3)] for f in range(4)])
two_steps = fast.conv2d(fast.conv2d(images, w1), w2)
print(one.shape, "apart by", abs(fast.conv2d(images, one) - two_steps).max().round(9))

# %% [markdown]
# Biases do not save it. The bias of a channel of the first layer is added to every number of its
# map. A kernel of the second layer, laid on that constant, gives the constant times the sum of its
# nine weights, the same at every place. Add this up over the channels, and you have one number for
# each output: the bias of the one layer. Nor does it help that the two layers have *more* weights,
# 504 against 300. Training would have more to learn, and nothing that the one layer could not
# learn.

# %% facts=["l3-collapse"]
print(w1.size + w2.size, "weights in two layers,", one.size, "in one")
b1 = rng.standard_normal(8)
two_steps = fast.conv2d(fast.conv2d(images, w1, b1), w2)
b = (w2 * b1[:, None, None]).sum(axis=(1, 2, 3))
print("apart by", abs(fast.conv2d(images, one, b) - two_steps).max().round(9))

# %% [markdown]
# ### One bend is enough
#
# > **A word ahead: ReLU.** The function max(0, x), applied to each number by itself: it keeps what is positive and
# > replaces the rest by 0 (lesson 1 met it in a network; [glossary](00_start_here.ipynb#Glossary): activation).
#
# Put a ReLU between the layers. Can some other kernel, of whatever size, do the same? A correlation
# is linear: the response to $-x$ is minus the response to $x$, always, and the two add up to 0. So
# test exactly that (there are no biases here: zeros give zeros, so the single layer could have
# none). If it fails, no single kernel equals the two layers. The code prints the largest sum, for
# the one layer and for the two.


# %% facts=["l3-relu-breaks-it"]
def with_relu(x):
    """Two layers with a ReLU between them."""
    return fast.conv2d(fast.relu(fast.conv2d(x, w1)), w2)


for layers in (lambda x: fast.conv2d(x, one), with_relu):
    print(f"largest sum: {abs(layers(images) + layers(-images)).max():.1f}")

# %% [markdown]
# ### Edges, then parts
#
# What does one gain? A layer can now build on *decisions* of the one before. Look for the upper
# left corner of a square, and let the square be bright on dark ground, or dark on bright: you would
# call both a corner. The image below has one of each.

# %% facts=["l3-features-build-up"]
square = np.zeros((5, 5))
square[1:4, 1:4] = 1
scene = np.hstack([square, 1 - square])
plots.grids(scene=scene)

# %% [markdown]
# The first layer has four filters. Each subtracts two neighbours: the left pixel from the right one
# and the right from the left, the upper from the lower and the lower from the upper. A ReLU keeps
# what is positive. So each map holds edges of one direction and one sign. The figure shows the four
# maps. In which two does the bright square have its left and its upper border, and in which two the
# dark one?

# %% facts=["l3-features-build-up"]
across, down = np.array([[[0, 0], [-1, 1]], [[0, -1], [0, 1]]])
edge_filters = np.stack([across, -across, down, -down])[:, None]
names = ("brighter_right", "darker_right", "brighter_below", "darker_below")
maps = fast.relu(corr2d_multi_in_out(scene[None], edge_filters))
plots.grids(**dict(zip(names, maps, strict=True)))

# %% [markdown]
# The second layer asks for two edges at once, whatever their signs. It adds the four maps and takes
# 1.5 away, a bias of -1.5: one edge alone stays below zero and a ReLU removes it; two together
# leave 0.5. The figure shows its output, and beside it the same without the ReLU between the
# layers.

# %% facts=["l3-features-build-up"]
second = np.ones((4, 1, 1))
without = corr2d_multi_in_out(scene[None], edge_filters)
plots.grids(
    corners=fast.relu(corr2d_multi_in(maps, second) - 1.5),
    without_the_first_relu=fast.relu(corr2d_multi_in(without, second) - 1.5),
)

# %% [markdown]
# Two numbers are not 0: the upper left corner of each square. Take the ReLU between the layers
# away, and change nothing else: edges of opposite sign cancel, and nothing is found.
#
# Could some *other* single filter do it, with a bias and a ReLU behind? Look at four windows: the
# corner on dark ground, the corner on bright ground, and two flat ones, all dark and all bright. A
# filter's answer to a window is a sum of products plus a bias. The first two windows add up, pixel
# by pixel, to the same as the last two. So their answers add up to the same as well, for *every*
# filter and every bias. A detector needs a positive answer for each of the first two, so a positive
# sum; and none above 0 for the flat ones, so no positive sum. It cannot have both. The code adds up
# the windows, and then the answers of three filters drawn at random.

# %% facts=["l3-features-build-up"]
bright, dark = scene[:2, :2], scene[:2, 5:7]
flat = np.zeros((2, 2)), np.ones((2, 2))
print("windows:", (bright + dark).tolist(), sum(flat).tolist())
for filter_ in rng.standard_normal((3, 2, 2)):
    sums = [
        sum((filter_ * window).sum() for window in two)
        for two in ((bright, dark), flat)
    ]
    print("answers:", np.round(sums, 3))

# %% [markdown] facts=["l3-features-build-up"]
# The windows may have any size: the argument holds for a filter of 5 x 5 as well. So two
# layers with a ReLU between them find what no single one finds, parts made of edges. In trained
# networks Zeiler and Fergus (2014) saw such an order: the first layers answer to edges and colours,
# later ones to parts, such as an eye or a wheel, and the last ones to whole objects.
#
# ### Each layer sees more
#
# Later layers also see more of the image. One 3 x 3 layer sees three pixels along a side. An output
# of the second sees three outputs of the first, which together see five pixels. Count on for three and four layers; lesson 4 has the whole rule.

# %% facts=["l3-sees-more"]
[field.size for field in receptive_fields([AxisLayer(3)] * 4)]

# %% [markdown]
# ## Going deeper
#
# Nothing later needs these sections. You can skip them and go on with [what we saw](#What-we-saw).
#
# ### A bias that lands on the wrong axis
#
# What if you forget the two `None`? For maps 28 wide NumPy raises an error, which is the lucky
# case. If the maps happen to be as wide as there are filters, it adds the biases *along the
# columns* instead, without a word. Take two filters and maps of 2 x 2, all zero, and biases of 10
# and 20. The right answer has 10 throughout the first map.

# %% facts=["l3-batch-6-filters"]
maps = np.zeros((2, 2, 2))
print("right:", (maps + np.array([10, 20])[:, None, None]).tolist())
print("wrong:", (maps + np.array([10, 20])).tolist())

# %% [markdown]
# ### When a kernel slides along a third axis
#
# Why does a filter not slide along the channels? Because "next to" means nothing there: red, green
# and blue could be stored in any order. In a video there is a further axis where it does mean
# something: time, frame after frame. There a **3-D convolution** slides along three axes, with a
# kernel shorter than the film. Here a bright dot moves one pixel to the right in each of five
# frames. The kernel has two taps in time, (-1, 1), and one pixel. So there are $5 - 2 + 1 = 4$
# places in time, and each output is one frame minus the one before.

# %% facts=["l3-conv3d"]
film = torch.eye(5)[:, None, :]  # time, height 1, width
in_time = torch.tensor([-1.0, 1.0]).reshape(1, 1, 2, 1, 1)
moved = F.conv3d(film[None, None], in_time)[0, 0]
print(tuple(film.shape), "->", tuple(moved.shape))
plots.grids(film=film[:, 0], change=moved[:, 0])

# %% [markdown] facts=["l3-conv3d"]
# The figure shows time downwards and the only row of pixels from left to right: on the left the dot
# on its way, on the right +1 where it has arrived and -1 where it has left. The film still has
# channels beside its time, and along those, nothing slides: the shapes are N x C x T x H x W.

# %% [markdown]
# ### A ladder of speed: loops, windows, im2col, blocks
#
# The sums stay the same on this ladder; only the order in which a computer does them changes. Its
# first rung is the loop: one output number at a time, each a sum over a window. Take 64 images of
# 16 x 28 x 28 and 32 filters of 16 x 3 x 3. How many numbers is the loop to fill?

# %% facts=["l3-ladder"]
batch = np.random.default_rng(1).random((64, 16, 28, 28), np.float32)
filters = np.random.default_rng(2).random((32, 16, 3, 3), np.float32)


def by_loops(x, w):
    """Fill the output one number at a time (N, C_out, oH, oW)."""
    out = np.zeros((len(x), len(w), x.shape[2] - 2, x.shape[3] - 2), x.dtype)
    for n, o, i, j in np.ndindex(out.shape):
        out[n, o, i, j] = (x[n, :, i : i + 3, j : j + 3] * w[o]).sum()
    return out


out = by_loops(batch[:1], filters)
print(out.shape, "so", len(batch) * out.size, "numbers for 64 images")

# %% [markdown]
# The second rung is the line from [All sums at once](#All-sums-at-once), for a whole batch and one
# filter after the other: all windows as one array, and `einsum`. The windows cost no memory, for
# they are a *view*: the same numbers, addressed several times.


# %% facts=["l3-ladder"]
def by_windows(x, w):
    """Sum over channels c and taps a, b of all windows at once."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
    return np.stack([np.einsum("ncijab,cab->nij", windows, one) for one in w], axis=1)


print(f"largest difference: {abs(by_windows(batch[:1], filters) - out).max():.3f}")

# %% [markdown]
# The third rung writes every window out as a row of a matrix, 16 x 3 x 3 = 144 numbers long. Write
# every filter as a column of 144 numbers, and the layer is one matrix product, with a number for
# each place and filter. (A `reshape` and a `transpose` then put the axes back into the order N, C,
# H, W.) There is carefully tuned code for matrix products. Libraries call this step
# **im2col**, "image to columns"; whether a window becomes a column or, as here, a row is a matter
# of taste. Its price is memory: each pixel is copied into up to nine rows.


# %% facts=["l3-ladder"]
def im2col(x):
    """Copy every window into a row: (N, C, H, W) -> (N * oH * oW, C * 9)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * 9)


rows = im2col(batch)
print(rows.shape, "is", round(rows.nbytes / batch.nbytes, 2), "times the images")

# %% [markdown]
# 24.9 MB of rows, from 3.2 MB of images, may not fit into the **cache**, the small fast memory
# beside the processor; what does not fit travels to the slower main memory and back. The fourth
# rung tries to avoid that: it cuts the batch into **blocks**, here of one image. The rows of one
# image are 0.4 MB, and the next image's rows take their place.


# %% facts=["l3-ladder"]
def by_im2col(x, w):
    """Multiply all windows with all filters, as two matrices."""
    flat = im2col(x) @ w.reshape(len(w), -1).T
    return flat.reshape(len(x), x.shape[2] - 2, x.shape[3] - 2, -1).transpose(
        0, 3, 1, 2
    )


def by_blocks(x, w):
    """Do the same with one image after the other."""
    return np.concatenate([by_im2col(image[None], w) for image in x])


print(im2col(batch[:1]).nbytes, "bytes of rows for a block")
for one, other in (
    (by_im2col(batch[:1], filters), out),
    (rung(batch, filters) for rung in (by_blocks, by_im2col)),
):
    print(f"largest difference: {abs(one - other).max():.3f}")

# %% [markdown]
# And the time? Here is what each rung took on the computer that built this page, in milliseconds
# for an image, the slow ones on a few images only. Yours will differ, and nobody compares these
# numbers. Compare neighbouring lines. Blocks of one image may gain or lose: they need less memory
# at a time, but make 64 small matrix products of a large one. The last line is `fast.conv2d`, whose
# blocks are a few rows of a few images, copied in long runs. You can read it in
# `coursekit/fast/tiles.py`; the loops that it stands for are in `coursekit/ops`.


# %% tags=["nbval-ignore-output", "why-timing"] facts=["l3-ladder"]
def took(rung, n):
    """Give the shortest of three times, in milliseconds for an image."""
    times = repeat(lambda: rung(batch[:n], filters), number=1, repeat=3)
    return 1000 * min(times) / n


rungs = {by_loops: 1, by_windows: 8, by_im2col: 64, by_blocks: 64, fast.conv2d: 64}
for rung, n in rungs.items():
    print(f"{rung.__name__:12}{took(rung, n):8.2f} ms")

# %% [markdown]
# ## What we saw
#
# - A filter is a block: one kernel for each input channel, their sums added up, and one bias. Its $C k^2 + 1$ parameters make
#   one map. It slides along height and width, never along channels.
# - A layer is a stack of filters, N x C_in x H x W to N x C_out x H' x W'. It learns $C_{out}(C_{in}k^2 + 1)$ numbers, whatever
#   the size of the image, and computes $2 k^2 C_{in} - 1$ operations for each number it gives, one more with the bias ($k^2 C_{in}$ multiply-adds).
# - Layers without a nonlinearity (and without padding) between them collapse into one. With a ReLU between them two layers
#   find corners of either sign, which no single filter can.
#
# **Sources.** V. Dumoulin, F. Visin, [A guide to convolution arithmetic for deep
# learning](https://arxiv.org/abs/1603.07285). K. Simonyan, A. Zisserman, [Very deep convolutional
# networks for large-scale image recognition](https://arxiv.org/abs/1409.1556). M. Zeiler, R.
# Fergus, [Visualizing and understanding convolutional networks](https://arxiv.org/abs/1311.2901),
# on edges, parts and objects. The documentation of
# [torch.nn.Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) and
# [torch.nn.Conv3d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html). The
# photograph is [Dahlia by vultilion](https://www.flickr.com/photos/vultilion/6056698931), [CC BY
# 2.0](https://creativecommons.org/licenses/by/2.0/); it was cut and made smaller.
#
# **Now you.** Write these layers yourself, and have them checked:
# [the exercises of this lesson](../exercises/03_channels.ipynb).

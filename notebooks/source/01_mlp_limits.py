# %% [markdown]
# # 1. MLP limits: why not a dense network?
#
# **A network in which every pixel meets every neuron can learn any picture. Why does
# nobody build one for photographs?**
#
# Two reasons, and you will measure both. Such a network is enormous. And it does not
# know that pixels have neighbours: to it, a photograph and the same pixels in random
# order are equally good pictures. Then you take that network and take things away from
# it, one at a time, until a convolution is left.
#
# When you are done, you will be able to
#
# - say how many weights a dense layer has, how many bytes they fill, and in which unit;
# - tell by an experiment what a network knows about space, and what it does not;
# - turn the general linear map into a correlation in three steps, and write it as a
#   matrix again;
# - say why the gradient of a shared weight is a sum over positions;
# - measure whether a layer is equivariant, and find where that ends.
#
# **Time:** about 80 minutes, and 85 more for the eight exercises.
#
# **You need:** Python, NumPy arrays, matrix products, partial derivatives. No internet
# is needed.

# %% [markdown]
# All imports stand here. `data` holds real digits and photographs, `nets` describes
# networks, `count` says what they cost, `torch_ref` trains them with PyTorch, `fast`
# holds the operations of this course, and `plots` the figures. A `Predict` asks you for
# an answer *before* the code gives it. Commit yourself: a wrong guess costs nothing and
# teaches more than a right answer that you read.

# %%
import numpy as np
import torch
from scipy import ndimage

from coursekit import count, data, fast, nets, plots, torch_ref
from coursekit.widgets import Predict, StepCorrelation

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## Counting the weights
#
# ### One megapixel
#
# > **A word ahead: MLP.** A *multilayer perceptron* is a stack of dense layers, and in
# > a **dense layer** every output is a weighted sum of *all* inputs, plus a bias. So it
# > has one weight for each pair of an input and an output
# > ([glossary](00_start_here.ipynb#Glossary)).
#
# Take a photograph of one megapixel, 1000 x 1000 pixels, each with a red, a green and a
# blue number. To feed it to a dense layer you write all its numbers in one long row.
# Let the layer have just 1000 outputs, few for three million inputs. How many weights
# does it have?

# %%
Predict(
    "1000 x 1000 pixels, 3 colours, 1000 outputs. How many weights (no biases)?",
    answer=3_000_000_000,
    why="3 * 1000 * 1000 = 3 000 000 inputs, each with a weight to 1000 outputs: 3e9.",
)

# %% [markdown]
# Three billion numbers to learn, in the first layer alone. `nets.Linear`
# describes a dense layer without making it, and `count.params` counts what it would
# learn. For comparison: VGG16, a network of 2014 that tells a thousand kinds of things
# in photographs apart.

# %% facts=["l1-megapixel"]
layer = nets.Linear(3 * 1000 * 1000, 1000, bias=False)
print(f"{count.params(layer):,} weights; VGG16: {count.params(nets.VGG16):,}")

# %% [markdown]
# ### How many bytes is that?
#
# Smaller pictures do not help for long. A thumbnail of 200 x 200 pixels in three
# colours has 120 000 numbers. If the layer is to give a picture of the same size, it
# has 120 000 outputs too, and $120\,000^2$ weights. As `float32` each of them takes 4
# bytes. Work out the weights, then the bytes, before you go on.

# %%
Predict(
    "120 000 inputs, 120 000 outputs, 4 bytes a weight. How many gigabytes (1e9)?",
    answer=57.6,
    why="120 000 * 120 000 = 1.44e10 weights, times 4 bytes = 5.76e10 bytes.",
)

# %% [markdown]
# There are two gigabytes. A **GB** is $10^9$ bytes: disks are sold by it, and it is
# what the name means. A **GiB** is $2^{30}$ bytes, 7 per cent more: memory comes in it,
# and many programs print it with the wrong name. Write the unit, and you cannot be
# misunderstood.

# %% facts=["l1-gigabytes"]
weights = (200 * 200 * 3) ** 2
size = 4 * weights  # bytes
print(f"{weights:.3g} weights: {size / 1e9:.1f} GB = {size / 2**30:.1f} GiB")

# %% [markdown]
# ### Two formulas
#
# A dense layer from an image of $c$ channels and $h \times w$ pixels to $n$ outputs has
# $c\,h\,w\,n$ weights and $n$ biases. A **convolutional layer** lays $n$ small filters
# on every place of the image, always with the same weights. A filter covers $m \times
# m$ pixels in all $c$ channels, so the layer has $c\,m\,m\,n + n$ parameters; and it
# gives $n$ numbers at every place, not just $n$ in all. What is that for three colours
# and ten filters of 5 x 5?

# %%
Predict(
    "3 channels, 10 filters of 5 x 5, one bias for each filter. How many parameters?",
    answer=760,
    why="A filter has 3 * 5 * 5 = 75 weights; ten make 750, and there are ten biases.",
)

# %% [markdown]
# Neither $h$ nor $w$ occurs in the second formula. The code counts both layers for
# square images of three sizes, the dense one first. The same 760 numbers serve a
# thumbnail and a poster. That is the saving that convolution promises. The rest of this
# lesson asks what you pay for it.

# %% facts=["l1-two-formulas"]
conv = nets.Conv2d(3, 10, 5)
for side in (32, 200, 1000):
    dense = nets.Linear(3 * side * side, 10)
    print(f"{side:4} x {side:<4} {count.params(dense):12,} {count.params(conv):6,}")

# %% [markdown]
# ## Shifted and shuffled images
#
# ### Real digits
#
# One could buy memory. The second complaint is about what such a network learns, so let
# one learn. The data are 1 797 handwritten digits, real ones, that come with
# scikit-learn: 1 297 to learn from, and 500 to test with. They fill their 8 x 8 pixels,
# so you lay each on a blank sheet of 12 x 12. Then it can move by two pixels and lose
# no ink.

# %%
digits = data.load("digits")
margin = ((0, 0), (0, 0), (2, 2), (2, 2))
train, test = np.pad(digits.x_train, margin), np.pad(digits.x_test, margin)
print(digits.source, train.shape, test.shape, sep="\n")

# %% [markdown]
# The shape reads: number of images, channels (one, as they are gray), rows, columns.
# The figure shows one test digit of each kind on its sheet. At this size a digit is a
# few dozen gray pixels, and still you read most digits at once, wherever on the sheet
# they stand.

# %%
one_of_each = [np.argmax(digits.y_test == digit) for digit in range(10)]
plots.tiles(test[one_of_each, 0], columns=5)

# %% [markdown]
# ### Two networks of one size
#
# > **Words ahead: ReLU, pooling, CNN.** A ReLU replaces every negative number by 0 and
# > keeps the others; without something like it, two layers would be one. Max pooling
# > keeps the largest number of each 2 x 2 window (lesson 5), and a CNN is a network
# > with convolutional layers ([glossary](00_start_here.ipynb#Glossary)).
#
# For a fair comparison both networks get the same number of parameters. The **MLP** has
# a hidden layer of 15 and ten outputs, one for each digit: the largest wins. The
# **CNN** begins with six filters of 5 x 5, and a dense layer of ten at the end reads
# what they found. The answers of one filter at all places form a **map**, so six maps
# of 6 x 6 are to be read, since pooling halves both sides. The `padding=2` keeps the
# maps at 12 x 12 (lesson 4).

# %%
mlp = (nets.Flatten(), nets.Linear(144, 15), nets.ReLU(), nets.Linear(15, 10))
filters = (nets.Conv2d(1, 6, 5, padding=2), nets.ReLU(), nets.MaxPool2d(2))
cnn = (*filters, nets.Flatten(), nets.Linear(6 * 6 * 6, 10))
count.params(mlp), count.params(cnn)

# %% [markdown]
# They differ by 9 parameters, less than half a per cent. Training is not the subject
# yet (lesson 2 derives a gradient, lesson 7 trains in earnest), so take it as a black
# box here. It shows the network every training digit six times, in groups; each time is
# an **epoch**. After each group it changes all weights a little, to make one number
# smaller, the **loss**, which says how badly the network errs. A `seed` decides the
# random numbers it starts from. (The hidden neurons of the MLP start with a bias of
# 0.5; [Silent neurons](#Silent-neurons) says what happens without it.)


# %%
def trained(network, images, seed, epochs=6, bias=0.5):
    """Start from random weights, and learn the training digits."""
    torch.manual_seed(seed)
    model = torch_ref.build(network).double()
    for layer in model[:-1]:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.constant_(layer.bias, bias)
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    how = {"rng": np.random.default_rng(seed), "epochs": epochs, "device": "cpu"}
    torch_ref.fit(model, images, digits.y_train, adam, progress=False, **how)
    return model


# %% [markdown]
# The network then answers with ten numbers for each image, and the largest of them is
# its choice. The **accuracy** is the share of digits for which that is the right one.
# Mostly you will ask for the 500 test digits, which were never shown in training; a
# network could simply have learned the others by heart.


# %%
def score(model, images, labels=digits.y_test):
    """Give the share of digits that the model names rightly."""
    return nets.accuracy(torch_ref.predict(model, images), labels)


# %% [markdown]
# One seed could be luck. So train each network from three seeds: if the runs of one
# network differ as much as the two networks do, you have learned nothing about the
# networks. Here is how they do on test digits in the middle of the sheet, where the
# training digits stood.

# %% facts=["l1-shift-curve"]
mlps = [trained(mlp, train, seed) for seed in range(3)]
cnns = [trained(cnn, train, seed) for seed in range(3)]
for name, models in {"MLP": mlps, "CNN": cnns}.items():
    print(name, " ".join(f"{score(model, test):.0%}" for model in models))

# %% [markdown]
# ### One pixel to the side
#
# Both are good. Now move the test digits one pixel to the right. Nothing is lost: there
# are two blank columns on each side. You would not even notice. What becomes of the
# MLP's accuracy?

# %%
Predict(
    "Every test digit moves one pixel to the right. What does the MLP still get right?",
    choices=["nearly all", "about 80 %", "about half", "a tenth, as by chance"],
    answer="about half",
    why="Its weights are tied to pixels, and all ink now meets a neighbour's weights.",
)

# %% [markdown]
# `np.roll` moves the columns; what leaves the sheet on one side enters on the other,
# and here these are blank columns. The figure shows the accuracy of both networks over
# the shift, to the left and to the right: a line for the mean of the three runs, in a
# band from the worst to the best. Find your guess in it, at a shift of 1.


# %% facts=["l1-shift-curve"]
def under_shift(models):
    """Score every model on the test digits, moved by -2 to 2 columns."""
    moved = [np.roll(test, shift, axis=3) for shift in range(-2, 3)]
    return np.array([[score(model, images) for images in moved] for model in models])


curves = {"MLP": under_shift(mlps), "CNN": under_shift(cnns)}
plots.accuracy_curves("shift in pixels", range(-2, 3), **curves)

# %% [markdown]
# Both fall from their peak like a tent. The MLP loses half of its accuracy or more with
# the first pixel, and after two it is little better than guessing one of ten. The CNN
# is better off by one pixel and is *not* cured. You will find the reason for that at
# the end of this lesson.

# %% [markdown]
# ### What the MLP has learned
#
# Each of the 15 hidden neurons has one weight for each pixel, so its weights are an
# image of the sheet. The figure shows all fifteen of the first run: red where ink
# speaks for, blue where it speaks against. What do you expect: digits, strokes, loops?
# Describe what you see before you read on.

# %% facts=["l1-first-layer-weights"]
first_layer = torch_ref.params_of(mlps[0])[0]
plots.tiles(first_layer.reshape(15, 12, 12), columns=5)

# %% [markdown]
# There are patches of red beside patches of blue, one to four pixels large, and here
# and there a short bar: the second tile of the second row has three, one above the
# other. No tile shows a whole digit. Around each lies a frame of pale noise.
#
# What is that noise? In the frame no training digit ever had ink. A weight enters the
# neuron's sum as weight times input, so by the chain rule its gradient is the
# derivative of the loss by that sum, times the *input*. The input was 0 every time: the
# weight never moved. The code builds the network again from the same seed, and counts
# the weights that differ.

# %% facts=["l1-learned-at-each-place"]
torch.manual_seed(0)
at_birth = torch_ref.params_of(torch_ref.build(mlp).double())[0]
never_lit = (train == 0).all(axis=0).ravel()
for pixels, where in {"never lit": never_lit, "lit": ~never_lit}.items():
    moved_weights = (first_layer != at_birth)[:, where]
    print(f"{pixels}: {moved_weights.sum()} of {moved_weights.size} weights moved")

# %% [markdown]
# Where no ink was, all weights are still the random numbers they were born with. Move a
# digit, and the ink that reaches the frame meets these. The rest meets trained weights,
# but they were trained for the pixel next to its own.

# %% [markdown] facts=["l1-learned-at-each-place"]
# This is the fault in one sentence: **a dense layer must learn a stroke again at every
# place where it can occur.** Knowing it here teaches nothing about there. A filter of
# the CNN is laid on all places, so it cannot help but know the stroke everywhere. The
# figure shows the six filters of the first CNN, 5 x 5 weights each. In several of them
# red fills one side and blue the other. You will read such patterns with ease after
# lesson 2.

# %% facts=["l1-first-layer-weights"]
plots.tiles(torch_ref.params_of(cnns[0])[0][:, 0], columns=6)

# %% [markdown]
# ### A harder task: anywhere on the sheet
#
# Can the MLP not learn all places, if you show it all places? Put every digit, for
# training and for test, at a random place of its sheet, up to two pixels from the
# middle along both axes. That makes 25 places. The figure shows the same ten again,
# each somewhere else. For you, the task has not become any harder.


# %%
def anywhere(images, seed):
    """Move every digit by up to two rows and two columns."""
    steps = np.random.default_rng(seed).integers(-2, 3, (len(images), 2))
    pairs = zip(images, steps, strict=True)
    return np.array([np.roll(image, step, axis=(1, 2)) for image, step in pairs])


train_any, test_any = anywhere(train, 1), anywhere(test, 2)
plots.tiles(test_any[one_of_each, 0], columns=5)

# %% [markdown]
# Train the MLP on these as you did before, from two seeds, and test it on other digits,
# also anywhere. It names about four in ten of the test digits. That may have two
# causes: it cannot carry what it learned over to new digits, or it has not learned.
# How many of the digits that it was *trained* with does it name?

# %%
Predict(
    "The MLP names 4 in 10 new digits. How many of its own training digits?",
    choices=["nearly all of them", "about half", "4 in 10 as well"],
    answer="about half",
    why="It knows little more of its own digits: six epochs were not enough to learn.",
)


# %%
def known_and_new(network, how=lambda images: images, epochs=20):
    """Train from two seeds; score both on their training digits and on new ones."""
    models = [trained(network, how(train_any), seed, epochs) for seed in range(2)]
    known = [score(model, how(train_any), digits.y_train) for model in models]
    return {"known": known, "new": [score(model, how(test_any)) for model in models]}


for group, scores in known_and_new(mlp, epochs=6).items():
    print(f"{group:6}", " ".join(f"{share:.0%}" for share in scores))

# %% [markdown]
# So it was stopped before it knew its own digits, and the low number says nothing about
# new ones. Give it 20 epochs. Then change one thing at a time: a hidden layer of 128
# instead of 15, and the CNN in place of the MLP. How many weights has each?

# %%
wide = (nets.Flatten(), nets.Linear(144, 128), nets.ReLU(), nets.Linear(128, 10))
networks = {"MLP": mlp, "wide_MLP": wide, "CNN": cnn}
print({name: count.params(network) for name, network in networks.items()})

# %% [markdown]
# All three learn from the same digits in the same way. The figure has a row for the
# training digits and one for new digits. Every run is a dot, and the upright bar is
# their mean.

# %%
ordered = {name: known_and_new(network) for name, network in networks.items()}
rows = {
    f"{name}_{group}": runs
    for name, scores in ordered.items()
    for group, runs in scores.items()
}
plots.accuracy_dots(lowest=0.2, **rows)

# %% [markdown]
# With 15 neurons the MLP still misses about one in five of its own digits, and four in
# ten of the new ones. With 128 it knows its own, and names about 80 % of the new ones.
# So a dense network *can* learn all places if you show it all places: 80 %, for eight
# times the weights. The CNN does as well or better with the weights of the small one.
#
# ### Shuffle the pixels
#
# Now destroy the pictures. Draw *one* random order of the 144 pixels, and rearrange
# every image by it, always the same way. No information is lost: undo the order and you
# have the digit back. But neighbours are neighbours no more. The figure shows the same
# ten after this treatment.

# %% facts=["l1-shuffle-experiment"]
order = np.random.default_rng(3).permutation(144)


def shuffled(images):
    """Rearrange the pixels of every image by the same order."""
    return images.reshape(-1, 144)[:, order].reshape(images.shape)


plots.tiles(shuffled(test_any)[one_of_each, 0], columns=5)

# %% [markdown]
# Train all three networks on the shuffled digits and test them on shuffled digits. You
# would fail this test. Does an MLP?

# %%
Predict(
    "Trained and tested on shuffled pixels, how do the MLPs do, compared to before?",
    choices=["much worse", "about the same", "much better"],
    answer="about the same",
    why="Their inputs have no order: rename them, and the same weights do the same.",
)

# %% [markdown]
# For an MLP you can even prove it. Each neuron adds up weight times pixel, and a sum
# does not care about its order: rearrange the pixels, rearrange the columns of the
# weights alike, and the neuron gives what it gave before. Random starting weights in
# another order are as random as they were. And training changes each weight by its own
# gradient, which is rearranged too, so the two networks still match after every step.
# So any result on the true digits is as likely on the shuffled ones. The code compares
# the sums of all neurons for all test digits.

# %% facts=["l1-shuffle-experiment"]
flat = test.reshape(-1, 144)
apart = flat[:, order] @ first_layer[:, order].T - flat @ first_layer.T
print("largest difference:", np.abs(apart).max().round(9))

# %% [markdown]
# And the CNN? Its filters look at windows of 5 x 5 pixels, and in a shuffled image a
# window holds 25 pixels from anywhere. The figure shows the accuracy on new digits
# twice for each network: as they are, and shuffled. The networks, the seeds and the
# training are the same; only the order of the pixels differs.

# %% facts=["l1-shuffle-experiment"]
rows = {}
for name, network in networks.items():
    rows[name] = ordered[name]["new"]
    rows[f"{name}_shuffled"] = known_and_new(network, shuffled)["new"]
plots.accuracy_dots(lowest=0.2, **rows)

# %% [markdown]
# Read the rows in pairs. Both MLPs do the same with and without order. The CNN loses
# some twenty points and ends where the MLP of its size is. Only the order was changed,
# so that is what the order was worth to it: **neighbours matter** to a CNN, this is
# built into it, and the shuffle destroys it.

# %% [markdown]
# ## From dense to convolution
#
# ### The general linear map
#
# Where does such a layer come from? From a dense layer and two demands. Keep image $X$
# and output $H$ as grids. Then a dense layer has a weight for each pair of an output
# pixel $(i, j)$ and an input pixel $(k, l)$, and a bias $U$ for each output:
#
# $$H_{ij} = U_{ij} + \sum_{k,l} W_{ijkl}\, X_{kl}$$
#
# Take a 5 x 5 image, so that you see everything: $25 \cdot 25 = 625$ weights. `einsum`
# multiplies and adds up over the letters missing on the right, here k and l.


# %% facts=["l1-dense-to-conv"]
def dense(W, U, X):
    """Apply the general linear map from grid to grid."""
    return U + np.einsum("ijkl,kl->ij", W, X)


# %% [markdown]
# Draw an image, biases and weights at random, all of them whole numbers: then "equal"
# means equal to the last digit. First compare with what a dense layer usually looks
# like: the image in one row, and a matrix of 25 x 25. The code prints how far apart the
# outputs of the two are at most.

# %% facts=["l1-dense-to-conv"]
rng = np.random.default_rng(20)
X, U = rng.integers(0, 10, (2, 5, 5))
W = rng.integers(-40, 41, (5, 5, 5, 5))
in_a_row = W.reshape(25, 25) @ X.ravel() + U.ravel()
print(W.size, "weights, apart by", abs(dense(W, U, X).ravel() - in_a_row).max())

# %% [markdown]
# ### Step 1: count from where you stand
#
# Call the input pixel not by its place $(k, l)$ but by the way to it,
# $(a, b) = (k - i, l - j)$: so many rows down, so many columns to the right of the
# output pixel. $V_{ijab} = W_{ij,\,i+a,\,j+b}$ is the same weights under other names:
#
# $$H_{ij} = U_{ij} + \sum_{a,b} V_{ijab}\, X_{i+a,\,j+b}$$
#
# In a 5 x 5 image the way is from -4 to 4, nine values; `a + 4` makes an index of it.
# Where the way leads out of the image, the pixel counts as 0. So the array `V` has
# $25 \cdot 81 = 2025$ places, but only the 625 weights in it meet a pixel; the others
# stay 0 and stand for no weight. `sliding_window_view` cuts a 9 x 9 window around each
# pixel: `seen[i, j]` is all that pixel $(i, j)$ sees, with itself in the middle.

# %% facts=["l1-dense-to-conv"]
seen = np.lib.stride_tricks.sliding_window_view(np.pad(X, 4), (9, 9))
V = np.zeros((5, 5, 9, 9), int)
for i, j in np.ndindex(5, 5):
    V[i, j, 4 - i : 9 - i, 4 - j : 9 - j] = W[i, j]
by_way = U + np.einsum("ijab,ijab->ij", V, seen)
print("apart by", abs(by_way - dense(W, U, X)).max())

# %% [markdown]
# ### Step 2: the same everywhere
#
# First demand: **what is looked for must not depend on where.** A stroke is a stroke in
# every corner, so all output pixels use the same weights, and $V_{ijab}$ and $U_{ij}$
# lose their $(i, j)$:
#
# $$H_{ij} = u + \sum_{a,b} V_{ab}\, X_{i+a,\,j+b}$$
#
# How many weights are left for the 5 x 5 image? Count the ways $(a, b)$.

# %%
Predict(
    "a and b run from -4 to 4 each. How many weights are left of the 625?",
    answer=81,
    why="Nine values of a times nine values of b.",
)

# %% [markdown]
# Draw such a $V$, and write it back into a full $W$, which undoes step 1: `spread`
# gives each output pixel its view of the same 81 numbers. Compare the old dense layer,
# with its 625 weights of which most are now repetitions, and the new formula with 81.


# %% facts=["l1-dense-to-conv"]
def spread(V):
    """Write one V for all output pixels back as a general W."""
    W = np.zeros((5, 5, 5, 5), int)
    for i, j in np.ndindex(5, 5):
        W[i, j] = V[4 - i : 9 - i, 4 - j : 9 - j]
    return W


shared, u = rng.permutation(np.arange(-40, 41)).reshape(9, 9), 2
formula = u + np.einsum("ab,ijab->ij", shared, seen)
print(
    shared.size, "weights, apart by", abs(formula - dense(spread(shared), u, X)).max()
)

# %% [markdown]
# ### Step 3: look near
#
# Second demand: **what a pixel means shows in its neighbourhood.** So $V_{ab} = 0$ as
# soon as $|a|$ or $|b|$ is larger than some $D$, and what remains is a small window of
# $(2D + 1)^2$ weights:
#
# $$H_{ij} = u + \sum_{a=-D}^{D} \sum_{b=-D}^{D} V_{ab}\, X_{i+a,\,j+b}$$
#
# That formula is a **cross-correlation**, which is the operation in a convolutional
# layer. With $D = 1$ nine numbers are left, a **kernel**: the weights of one small
# window. Cut it out of the 81, and let the ready-made operation do it: a frame of one
# ring of zeros, and the small window on every place.

# %% facts=["l1-dense-to-conv"]
kernel = shared[3:6, 3:6]  # the ways from -1 to 1
local = np.zeros((9, 9), int)
local[3:6, 3:6] = kernel
by_window = u + fast.corr2d(X, kernel, padding=1)
print(
    kernel.size, "weights, apart by", abs(by_window - dense(spread(local), u, X)).max()
)

# %% [markdown]
# All three layers are dense layers, and you can look at their matrices of 25 x 25: a
# row for each output pixel, a column for each input pixel. The figure shows them. On
# the left, general: no pattern at all. In the middle, the same everywhere: stripes, as
# each weight repeats along diagonals. On the right, local as well: nine stripes remain,
# and all else is zero.

# %% facts=["l1-dense-to-conv"]
plots.responses(
    general=W.reshape(25, 25),
    the_same_everywhere=spread(shared).reshape(25, 25),
    and_local=spread(local).reshape(25, 25),
)

# %% [markdown]
# Now the same three steps for a megapixel, one channel to one channel. In general,
# $10^{6} \cdot 10^{6}$ weights. The same everywhere: the ways run from -999 to 999
# along both axes. Local, with $D = 2$: five by five, however large the image is.

# %% facts=["l1-weights-at-each-step"]
n, D = 1000, 2
steps = {"general": n**4, "everywhere": (2 * n - 1) ** 2, "local": (2 * D + 1) ** 2}
for name, weights in steps.items():
    print(f"{name:10} {weights:22,}  about {weights:.2g}")

# %% [markdown]
# ### The matrix of a correlation
#
# Often one adds no frame of zeros and uses the window only where it fits. Here is a 4 x
# 4 image and a 3 x 3 kernel: it fits at four places. Step through them with Next, or
# with the arrow keys after a click: the explorer shows the nine products at each place,
# and their sum. Think of each place as one neuron of a dense layer, which has 16 inputs
# and ignores seven of them.

# %% facts=["l1-conv-is-dense-matrix"]
x = np.array([[1, 2, 0, 1], [0, 3, 1, 2], [2, 1, 0, 1], [1, 0, 4, 2]])
k = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
StepCorrelation(x, k)

# %% [markdown]
# Write this layer as a matrix $M$: four rows, one for each output, and sixteen columns,
# one for each pixel. Column $j$ of a matrix is what it makes of the input that
# is 1 at $j$ and 0 elsewhere. So light one pixel at a time, correlate, and collect the
# answers. How many of the 64 entries are not zero?

# %%
Predict(
    "A 3 x 3 kernel on a 4 x 4 image, as a matrix 4 x 16. How many entries are not 0?",
    answer=36,
    why="Each of the four rows holds the nine weights, and 16 - 9 = 7 zeros.",
)

# %% [markdown]
# The figure shows the matrix. Read a row: three weights, a gap, three weights, a gap,
# three weights. The gap is the pixel of the image row that this window leaves out. Go
# down one row, and all has moved one column to the right, or three where the window
# starts the next image row. It is **sparse**, and its entries **repeat**: nine numbers,
# four times each.

# %% facts=["l1-conv-is-dense-matrix"]
lit = np.eye(16, dtype=int).reshape(16, 4, 4)
M = np.stack([fast.corr2d(image, k).ravel() for image in lit], axis=1)
plots.grids(matrix=M)

# %% [markdown]
# Multiply it by the flattened image, and you have the four numbers of the explorer. A
# convolution *is* a dense layer, one with some weights fixed at zero (28 of 64 here,
# nearly all in a large image) and the others tied to each other. Nobody computes it
# this way: for the megapixel and a 5 x 5 window the matrix would have about $10^{12}$
# entries and, apart from 0, only 25 different numbers in them.

# %% facts=["l1-conv-is-dense-matrix"]
print(M @ x.ravel(), fast.corr2d(x, k).ravel())
print((M != 0).sum(), "of", M.size, "entries,", len(np.unique(M[M != 0])), "different")

# %% [markdown]
# ### A shared weight learns from every place
#
# How does such a layer learn, when one weight stands in many entries? Like any other.
# Take one dimension: five samples, a kernel of two, four outputs. Suppose the loss
# grows by `upstream[i]` for each unit that output $i$ grows: that is its derivative by
# the output. If all weights of the 4 x 5 matrix were free, the gradient of weight
# $(i, j)$ would be `upstream[i] * x[j]`: the derivative behind it times the input
# before it. The figure shows the matrix of the correlation, and that gradient.

# %% facts=["l1-shared-gradient"]
x, k = np.array([1, 2, 0, 3, 1]), np.array([5, 7])
upstream = np.array([1, -1, 2, 1])
M = np.stack([fast.corr1d(lit, k) for lit in np.eye(5, dtype=int)], axis=1)
free = np.outer(upstream, x)
plots.grids(matrix=M, gradient_if_free=free)

# %% [markdown]
# They are not free. All the 5s on the diagonal are one weight $k_0$; change it, and all
# four entries change. So its gradient is the **sum** of theirs:
# $1 \cdot 1 - 1 \cdot 2 + 2 \cdot 0 + 1 \cdot 3 = 2$. Do the 7s yourself: they stand
# one column further to the right.

# %%
Predict(
    "Sum the gradient over the diagonal of the 7s. What is the gradient of k[1]?",
    answer=9,
    why="1*2 - 1*0 + 2*3 + 1*1 = 9: each output's upstream times the sample it met.",
)

# %% [markdown]
# The entries beside the two diagonals do not count at all: those weights stay zero. Sum
# the diagonals.

# %% facts=["l1-shared-gradient"]
print([int(np.trace(free, offset=a)) for a in range(2)])

# %% [markdown]
# And here is PyTorch, which knows nothing
# of our matrix: it follows the computation backwards, and wherever a weight was used it
# adds what comes from there. A shared weight is no special case, only a number that was
# used often. This is a computational graph like any other, just not a dense one.

# %% facts=["l1-shared-gradient"]
weight = torch.tensor(k, dtype=torch.float64, requires_grad=True)
outputs = torch_ref.corr1d(torch.tensor(x, dtype=torch.float64), weight)
(outputs * torch.tensor(upstream)).sum().backward()
print(weight.grad.numpy())

# %% [markdown]
# ## Equivariance, and the border
#
# ### Shift first, or shift last
#
# A layer that does the same everywhere should not care where things are: if the input
# moves, the output moves with it. That is called **equivariance**. It can be measured.
# Take a piece of a photograph, 24 x 32 pixels, and a kernel of nine numbers in which
# nothing is symmetric. The figure shows the piece on the left, and on the right what
# the correlation makes of it, drawn so that a middle gray stands for 0: an image of the
# same size. The dark lines along its upper and left border are windows that hang over
# the edge and meet zeros.

# %% facts=["l1-equivariance"]
photo = data.photo()[150:270:5, 60:220:5]
kernel = np.array([[1, 2, 0], [0, -4, 1], [3, 0, -2]]) / 8


def correlate(image):
    """Correlate with the kernel, the size kept by a ring of zeros."""
    return fast.corr2d(image, kernel, padding=1)


plots.photos(piece=photo, correlated=0.5 + correlate(photo))

# %% [markdown]
# Shift the piece two rows down and three columns to the right; zeros enter at the top
# and at the left. Then correlate. Or correlate first, and shift the result. The figure
# shows the absolute difference of the two, as a share of the largest.


# %% facts=["l1-equivariance"]
def moved(image, rows=2, columns=3):
    """Shift down and to the right; zeros enter."""
    return ndimage.shift(image, (rows, columns), order=0)


difference = np.abs(correlate(moved(photo)) - moved(correlate(photo)))
plots.heat(difference=difference)

# %% [markdown]
# Inside, the difference is 0, and not just small: there both ways add up the very same
# products. It sits in thin lines: above and at the left, below and at the right. Above
# and at the left the zeros that entered meet the image: shift first, and a window sees
# a bit of both; shift last, and zeros have entered there. Below and at the right a
# window needs pixels that have left the picture. **Equivariance is exact away from the
# border, and ends there.**

# %% facts=["l1-equivariance"]
print("inside:", difference[3:-1, 3:-1].max(), " anywhere:", difference.max().round(2))

# %% [markdown]
# Is that special? Try a dense layer. To have it small, take a piece of 12 x 16 pixels,
# and random weights from its 192 pixels to 192 outputs. Again compare the two ways, and
# look only at the inside. How large a part of the outputs is equal?

# %% facts=["l1-equivariance"]
small = photo[:12, :16]
weights = rng.standard_normal((192, 192))
shift_first = (weights @ moved(small).ravel()).reshape(12, 16)
shift_last = moved((weights @ small.ravel()).reshape(12, 16))
inside = np.isclose(shift_first, shift_last)[3:-1, 3:-1]
print(f"equal: {inside.mean():.0%}")

# %% [markdown]
# ### Equivariant is not invariant
#
# Back to the CNN that fell like a tent. Its parts are filters, ReLU and pooling, and
# then a dense layer. Shift the digits by two pixels: then the maps behind the pooling
# shift by one. Which of the parts errs? Answer before you go on.

# %%
Predict(
    "Digits move by two pixels, and the CNN errs. Which part is to blame?",
    choices=["the filters", "the pooling", "the dense layer"],
    answer="the dense layer",
    why="The maps only move along. Moved maps are new inputs to a layer tied to places.",
)

# %% [markdown]
# Test it by changing one thing: compute the maps of the moved digits, move *them* back
# by one pixel, and only then hand them to the dense layer. If filters or pooling had
# lost the digit, this could not bring it back.

# %% facts=["l1-equivariance"]
before_dense, dense_layer = cnns[0][:3], cnns[0][3:]
maps = before_dense(torch.tensor(np.roll(test, 2, axis=3)).double())
print(f"in the middle: {score(cnns[0], test):.0%}")
for name, given in {"moved": maps, "maps moved back": maps.roll(-1, dims=3)}.items():
    answers = dense_layer(given).detach().numpy()
    print(f"{name}: {nets.accuracy(answers, digits.y_test):.0%}")

# %% [markdown]
# So filters and pooling did their part: nearly every digit that the CNN knows in the
# middle comes back with its maps. (Not quite all: maps have a border too.) What we want
# at the end is something else, **invariance**: shift the digit, and the answer "seven"
# stays. The dense layer does not give it. Pooling will give a part of it (lesson 5),
# and showing digits at all places another part, as you saw.
#
# ## Where these networks are used
#
# What comes out of a network built of such layers depends on its last part. Three
# well-known uses: **classification** says what is in the picture, and gives one score
# for each class. **Segmentation** says it for each pixel, so it gives one map for each
# class, as large as the image. **Style transfer** repaints a photograph in the manner
# of a painting: an image goes in, an image comes out. The figure shows the shapes for
# an image of 3 x 224 x 224, with 10 classes in the first case and 21 in the second.

# %% facts=["l1-uses"]
plots.in_and_out(
    classification=((3, 224, 224), (10,)),
    segmentation=((3, 224, 224), (21, 224, 224)),
    style_transfer=((3, 224, 224), (3, 224, 224)),
)

# %% [markdown]
# ## Going deeper
#
# Nothing later needs these two sections. You can skip them and go on with
# [what we saw](#What-we-saw).
#
# ### Silent neurons
#
# What happens if the hidden neurons start without their bias of 0.5? A neuron whose sum
# is negative for every digit is *silent*: its ReLU gives 0 whatever the digit, and no
# gradient comes back to change it again. The code counts the silent neurons of three
# runs, with and without the bias; nothing else differs. Change the 0.5, and see how
# little bias is enough.


# %%
def silent(model):
    """Count the hidden neurons that give 0 for every training digit."""
    weights, biases, *_ = torch_ref.params_of(model)
    return ((train.reshape(-1, 144) @ weights.T + biases).max(axis=0) <= 0).sum()


for bias in (0, 0.5):  # try 0.1, 0.25, 1
    runs = [silent(trained(mlp, train, seed, bias=bias)) for seed in range(3)]
    print(f"bias {bias}: {' '.join(map(str, runs))} of 15 are silent")

# %% [markdown]
# ### Neighbours stay neighbours
#
# There is a simpler way to see that a correlation keeps the structure of its input.
# Change a single pixel in the middle of a 7 x 7 image, and mark which outputs change.
# With the correlation it is nine, around the pixel that you changed: the output is
# again an image, and its pixels lie where their causes lie. The dense layer's outputs
# change all over. They could stand in any order; you write them as a 7 x 7 grid, but it
# is not an image. The figure shows both, 1 for "changed".

# %% facts=["l1-structure-kept"]
before, after = np.zeros((2, 7, 7))
after[3, 3] = 1
weights = rng.standard_normal((49, 49))
k = np.arange(1, 10).reshape(3, 3)
plots.grids(
    correlation=fast.corr2d(after, k, padding=1) != fast.corr2d(before, k, padding=1),
    dense=((weights @ after.ravel()) != weights @ before.ravel()).reshape(7, 7),
)

# %% [markdown]
# In the same way a signal gives a signal: change sample 4 of nine, and with a kernel of
# three the outputs that change are next to each other. A second such layer can look for
# patterns *in the output of the first*, as there are neighbours in it to be looked at.
# The next lessons stack such layers.

# %% facts=["l1-structure-kept"]
signal = np.eye(9, dtype=int)[4]
fast.corr1d(signal, np.array([2, 5, 3]))

# %% [markdown]
# ## What we saw
#
# - A dense layer has a weight for each pair of pixel and output: 3e9 for a megapixel
#   and 1000 outputs, 57.6 GB (53.6 GiB) for 200 x 200 x 3 to the same. A convolutional
#   layer has $c\,m\,m\,n + n$, whatever the size of the image.
# - A dense layer does not know that pixels have neighbours. Shuffling them costs it
#   nothing, shifting them by one pixel half of its accuracy. It can learn every place
#   if it is wide enough. A CNN gains from neighbours with an eighth of the weights, and
#   loses that gain when they are shuffled.
# - Demand "the same everywhere" and "look near" of a dense layer, and it is a
#   correlation: a sparse matrix whose entries repeat. The gradient of a shared weight
#   is a sum over positions. It is equivariant away from the border, and a dense layer
#   behind it is not.
#
# **Sources.** A. Zhang, Z. Lipton, M. Li, A. Smola, [Dive into Deep
# Learning](https://d2l.ai/chapter_convolutional-neural-networks/why-conv.html), for the
# way from dense to convolution. Y. LeCun, L. Bottou, Y. Bengio, P. Haffner,
# [Gradient-based learning applied to document
# recognition](https://doi.org/10.1109/5.726791), on why dense networks are ill suited
# to images. K. Simonyan, A. Zisserman, [Very deep convolutional networks for
# large-scale image recognition](https://arxiv.org/abs/1409.1556). The digits: E.
# Alpaydin, C. Kaynak, [Optical recognition of handwritten
# digits](https://doi.org/10.24432/C50P49), CC BY 4.0. The photograph is [by
# danielbuechele](https://www.flickr.com/photos/danielbuechele/6061409035), [CC BY
# 2.0](https://creativecommons.org/licenses/by/2.0/); it was cut and made gray.
#
# **Now you.** Write these operations yourself, and have them checked:
# [the exercises of this lesson](../exercises/01_mlp_limits.ipynb).

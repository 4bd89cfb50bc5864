# %% [markdown]
# # 7. LeNet
#
# **What does a whole network look like, and what does it learn?**
#
# Seven layers (two convolutions, two pools, three dense) and about 60 000 numbers: with these LeNet
# read the amounts on bank cheques in 1998. The version of this lesson has 61 706 numbers, and you
# have met every part of it. In this lesson you put them together, count the whole, send a gradient
# back through all of it with operations of your own, and train it: first badly, then well. And you
# ask the question that a good accuracy makes one forget: would something simpler have done?
#
# When you are done, you will be able to
#
# - follow an image through a network on paper, and say where its parameters and its costs are;
# - say what the loss must be before anything is learned, and find a mistake by that;
# - compute all gradients of a network in NumPy, and check them in two ways;
# - write and train the network in PyTorch, with images kept apart for choosing and for judging;
# - say where a trained network errs, and look at what its filters and outputs respond to.
#
# **Time:** about two hours, and nearly three more for the nine exercises.
#
# **You need:** lessons 2 to 5: the gradient of a kernel, channels, sizes, pooling. No internet is
# needed.

# %% [markdown]
# All imports stand here. `nets` trains with this course's own NumPy operations, `torch_ref` does
# the same in PyTorch, and `recipes` holds whole recipes for training. PyTorch computes with 32 bits
# a number unless told otherwise. Here it is told to use 64: that is slower, but the numbers that
# you get are then those you read here, whatever processor you have. (Trained in 32 bits, networks
# drift apart in the second or third decimal.)

# %%
from dataclasses import replace

import numpy as np
import torch
from sklearn.metrics import confusion_matrix
from torch import nn
from torch.nn import functional as F

from coursekit import count, data, fast, measured, nets, plots, torch_ref
from coursekit.nets.sizes import dealt
from coursekit.torch_ref import recipes
from coursekit.widgets import Predict

np.set_printoptions(precision=3, suppress=True)
torch.set_default_dtype(torch.float64)

# %% [markdown]
# ## The trace
#
# ### The images
#
# LeNet reads gray images of 28 x 28 pixels. The handwritten digits of lesson 1, which come with
# scikit-learn, have 8 x 8; here they are scaled up to 24 x 24, with a border of two. They are real
# and few: 1 297 to learn from and 500 to test with. That is enough to see everything that happens
# in training, and most trainings take seconds; the whole notebook computes for a few minutes. At the
# end you will meet 60 000 images of clothes.

# %% facts=["l7-data"]
digits = data.load("digits", size=28)
digits

# %% [markdown]
# The figure shows the first twenty, white ink on black. They look soft, since 64 pixels of 17 gray
# levels are all there was. You recognise nearly all of them at once. Pixels lie between 0
# (no ink) and 1 (full ink), and that matters: further down you will see what happens if they lie
# between 0 and 255.

# %% facts=["l7-data"]
plots.tiles(digits.x_train[:20, 0], columns=10)

# %% [markdown]
# ### Layer by layer
#
# Now follow one image, 1 x 28 x 28 (channels, rows, columns), with a pencil. The sizes are those of
# lesson 4.
#
# 1. A **convolution**, 6 filters of 5 x 5, padding 2: $28 + 4 - 5 + 1 = 28$, so 6 x 28 x 28. A
#    sigmoid follows; activations change no shape.
# 2. **Average pooling**, 2 x 2: half of each side, 6 x 14 x 14.
# 3. A **convolution**, 16 filters of 5 x 5, no padding, and a sigmoid.
# 4. **Average pooling** again, then **flatten**: all numbers of the image in one row.
# 5. Three **dense** layers, with 120, 84 and 10 outputs, and sigmoids between them.
#
# Do step 3 before you go on.

# %%
Predict(
    "6 x 14 x 14 goes through 16 filters of 5 x 5, no padding. Which shape comes out?",
    answer=(16, 10, 10),
    why="14 - 5 + 1 = 10 places along each side, and one map for each of 16 filters.",
)

# %% [markdown]
# Sixteen maps of 10 x 10, pooled to 5 x 5. How many numbers are they in one row? This is the one
# number of the network that nobody gives you: the first dense layer must be told how many inputs it
# gets, and every change further up changes it.

# %%
Predict(
    "How many numbers does flatten leave of one image?",
    answer=400,
    why="16 maps of 5 x 5: 16 * 25.",
)

# %% [markdown]
# `nets.LENET` is the description of this network: a tuple of layers, with arguments as in
# `torch.nn`. The loop asks `out_shape` for the shape after each of them. Nothing is computed yet,
# there are not even weights. Compare with your notes.

# %% facts=["l7-trace"]
shape = (1, 28, 28)
for layer in nets.LENET:
    shape = nets.out_shape(layer, shape)
    print(f"{layer!r:28}{'x'.join(map(str, shape))}")

# %% [markdown]
# ### Where the parameters are
#
# Count them with lesson 3: each filter has its weights and one bias. The first layer has $6 \cdot
# 25 + 6 = 156$ parameters; the second $16 \cdot 6 \cdot 25 + 16 = 2\,416$. So the two convolutions
# have 2 572. The dense layers have $400 \cdot 120 + 120 = 48\,120$, then $120 \cdot 84 + 84 =
# 10\,164$, then $84 \cdot 10 + 10 = 850$: together 59 134, and in all 61 706. What share is in the
# convolutions?

# %%
Predict(
    "Which share of LeNet's parameters is in its two convolutions?",
    choices=["about 4 %", "about a quarter", "about half", "about 86 %"],
    answer="about 4 %",
    why="2 572 of 61 706. A filter is small, and it is used at every place.",
)

# %% [markdown]
# ### Where the work is
#
# Now the multiply-adds for one image. A filter's products are needed at **every** place: $28 \cdot
# 28 \cdot 6$ outputs of 25 products are 117 600, and $10 \cdot 10 \cdot 16$ outputs of 150 products
# are 240 000. Together that is 357 600. In a dense layer each weight is used once: $48\,000 +
# 10\,080 + 840 = 58\,920$. So the layers that have 4 % of the parameters do 86 % of the work. The
# table, called a **ledger**, counts all this for you; its last line should hold your sums.

# %% facts=["l7-ledger"]
ledger = count.ledger(nets.LENET, (1, 28, 28))
ledger

# %% [markdown]
# The figure draws the two bills as bars of equal length: of the parameters nearly all is dense, of
# the multiply-adds six parts of seven are convolution. Remember it when somebody wants to make a
# network *smaller*, and when somebody wants to make it *faster*: the two will not touch the same
# layers. The tables of AlexNet and VGG-16 in lesson 6 had the same shape.

# %% facts=["l7-ledger"]
kinds = {"convolution": nets.Conv2d, "dense": nets.Linear}
rows = {
    name: [r for r in ledger.rows if type(r.layer) is k] for name, k in kinds.items()
}
plots.shares(
    parameters={name: sum(r.params for r in part) for name, part in rows.items()},
    multiply_adds={name: sum(r.macs for r in part) for name, part in rows.items()},
)

# %% [markdown]
# ### A tiny network
#
# How much can you take away and still have a CNN? One convolution, one activation, one dense
# layer: 6 filters of 5 x 5 without padding, a tanh, and $6 \cdot 24 \cdot 24 = 3\,456$ numbers for
# ten outputs. It has fewer layers, and so you might expect far fewer parameters. Work them out:
# $6 \cdot 25 + 6 = 156$ in the convolution and $3\,456 \cdot 10 + 10$ in the dense layer.

# %% facts=["l7-tiny"]
tiny = nets.TINY_TANH
dense = count.params(tiny[-1])
print(f"{count.params(tiny):,} parameters, {dense / count.params(tiny):.2%} dense")

# %% [markdown]
# 34 726, more than half of LeNet's, and all but 156 of them dense, since nothing makes the maps
# smaller before they are flattened. In LeNet the pools do that.
#
# **A common mistake** belongs here. To flatten a batch one writes `x.reshape(-1, 3456)`, where -1
# stands for "as many as it takes". If you got the width wrong, the -1 covers it up: below, four
# images flattened to rows of half the width become eight "images", and the error comes much later,
# or never. With the batch first, `x.reshape(len(x), -1)` or `nn.Flatten()`, this cannot happen.

# %% facts=["l7-tiny"]
maps = np.zeros((4, 6, 24, 24))
print("right:", maps.reshape(-1, 3456).shape, maps.reshape(len(maps), -1).shape)
print("wrong:", maps.reshape(-1, 1728).shape)

# %% [markdown]
# ## The loss
#
# ### From ten scores to one number
#
# The last layer gives each image ten **scores**, one for each class, also called logits. They may
# be any numbers. The **softmax** $p_c = e^{z_c} / \sum_j e^{z_j}$ makes shares of them: positive,
# sum 1. The loss of an image is $-\log p$ of its *right* class, the **cross-entropy**: 0 if the
# network is sure and right, and large if it is sure and wrong. For scores 0, 0, $\log 2$ the
# exponentials are 1, 1, 2, so the shares are 1/4, 1/4, 1/2, and the loss is $\log 2 = 0.693$ if the
# last class is right, $\log 4 = 1.386$ if another one is.

# %% facts=["l7-loss-start"]
scores = np.array([[0, 0, np.log(2)]])
for label in range(3):
    print(label, f"{fast.softmax_cross_entropy(scores, np.array([label])):.3f}")

# %% [markdown]
# ### Before anything is learned
#
# A network that knows nothing gives ten nearly equal scores, so each class gets a share of about
# 1/10. You can tell the loss without running anything, and this is the cheapest test in the whole
# trade: if the first loss is many times larger, something is wrong, and no training has been wasted
# yet. (Between 2 and 4 is usual, since random scores are not quite equal.)

# %%
Predict(
    "Ten classes, all with the same share: what is the loss?",
    answer=2.303,
    why="-log(1/10) = log 10 = 2.303, whichever class is right.",
)

# %% [markdown]
# Draw LeNet's first weights for three seeds and look. A **seed** is the number that a random
# generator starts from: the same seed gives the same weights, another one others. `nets.init` draws
# them from a range that shrinks with the number of inputs, so that sums stay about as large as
# their terms (the scheme is called Xavier's). All three losses lie near 2.303, and above it: the
# random scores are not quite equal, and on average an opinion without knowledge costs more than
# none.

# %% facts=["l7-loss-start", "l7-seeds"]
x, y = digits.x_train[:1000].astype(float), digits.y_train[:1000]
for seed in range(3):
    params = nets.init(nets.LENET, np.random.default_rng(seed), dtype=float)
    print(f"{nets.loss_and_gradients(nets.LENET, params, x[:200], y[:200])[0]:.3f}")

# %% [markdown]
# Now the mistake that this test finds. The same images with pixels from 0 to 255, as they lie in
# most files, go into LeNet with ReLUs; the sigmoids would hide it, for they squash everything. The
# scores grow with the pixels, the network is *sure* of its random opinions, and the loss starts
# above eighty. Pixels between 0 and 1 are fine, and so are **standardised** ones, with the mean of
# all training pixels subtracted, divided by their standard deviation.

# %% facts=["l7-loss-start"]
modern = nets.LENET_RELU
params = nets.init(modern, np.random.default_rng(0), dtype=float)
inputs = {"0 to 1": x, "standardised": (x - x.mean()) / x.std(), "0 to 255": 255 * x}
for name, pixels in inputs.items():
    loss, _ = nets.loss_and_gradients(modern, params, pixels[:200], y[:200])
    print(f"{name:14}{loss:6.2f}")

# %% [markdown]
# ### Scores of a thousand
#
# Code that follows the formula letter by letter has another trap. $e^{1000}$ is larger than any
# number the machine has, so it becomes infinity; infinity over infinity is "not a number", and it
# spreads to every weight within one step. The remedy is exact: subtract the largest score of the
# row first. All exponentials shrink by the same factor, and the shares stay what they were.

# %% facts=["l7-large-logits"]
large = np.array([[1000.0, 0, -1000]])
with np.errstate(all="ignore"):
    naive = np.exp(large) / np.exp(large).sum()
print("as the formula says:", naive)
shifted = np.exp(large - large.max())
print("largest subtracted: ", shifted / shifted.sum())

# %% [markdown]
# One step further: if the *middle* class is right, its share is 0 in the machine, and $\log 0$ is
# minus infinity. So one never computes the share first and then its logarithm, but both in one:
# $-\log p_c = \log \sum_j e^{z_j - m} - (z_c - m)$ with the largest score $m$. Here that is $0 -
# (0 - 1000) = 1000$. Libraries therefore take scores, not shares, and a softmax at the end of your
# own network would be applied twice.

# %% facts=["l7-large-logits"]
right = np.array([1])
print("ours ", fast.softmax_cross_entropy(large, right))
print("torch", F.cross_entropy(torch.tensor(large), torch.tensor(right)).item())

# %% [markdown]
# ## Backward, by hand
#
# ### How each score pulls
#
# Backward begins with a formula worth deriving once. With the right class $r$ the loss of one image
# is $\log \sum_j e^{z_j} - z_r$. The derivative of the first term by $z_c$ is $e^{z_c} / \sum_j
# e^{z_j} = p_c$; the second adds $-1$ if $c = r$. So it is $p_c - 1$ for the right class and $p_c$
# for every other. Each
# wrong class is pushed down by the share it got, the right one is pulled up by what it lacks. For
# the scores 0, 0, $\log 2$ and the last class that is 1/4, 1/4, $-1/2$. The sum is 0: what one
# gains the others lose.

# %% facts=["l7-numpy-gradients"]
fast.softmax_cross_entropy_backward(1.0, scores, np.array([2]))

# %% [markdown]
# ### From the last layer to the first
#
# Each layer gets the gradient of the loss by its output, the **upstream** gradient of lesson 2. It
# makes two things of it: the gradients of its own parameters, to be used, and the gradient of its
# input, which is the upstream of the layer before. For that it needs its input, so `forward` keeps
# them all. Take a batch of 32 images; the loss is their *mean*, so each score's gradient is divided
# by 32.

# %% facts=["l7-numpy-gradients"]
batch, labels = x[:32], y[:32]
params = nets.init(nets.LENET, np.random.default_rng(0), dtype=float)
logits, saved = nets.forward(nets.LENET, params, batch)
upstream = fast.softmax_cross_entropy_backward(1.0, logits, labels)
print(logits.shape, upstream.shape, len(saved), "inputs kept")

# %% [markdown]
# For one image the last dense layer is $z = W h + b$. For a batch, let $h$ have one row for each
# image, and call the upstream gradient $u$: $W$ is 10 x 84, $u$ is 32 x 10, $h$ is 32 x 84. Of
# their products only $u^T h$ has the shape of $W$, and only $u W$ that of $h$; the gradient of the
# bias is $u$ summed over the batch. The cell compares these with what `nets.backward` finds for
# this layer.

# %% facts=["l7-numpy-gradients"]
last, h = (nets.LENET[-1],), saved[-1]
to_h, (to_weight, to_bias) = nets.backward(last, params[-2:], [h], upstream)
print(np.allclose(to_weight, upstream.T @ h), np.allclose(to_h, upstream @ params[-2]))
print(np.allclose(to_bias, upstream.sum(axis=0)))

# %% [markdown]
# Now all the way. The loop walks from the last layer to the first, and passes the upstream on. This
# is all there is to "backpropagation"; each layer knows only itself. What `Conv2d` does inside you
# met in lesson 2, for one kernel: the gradient of a kernel is a correlation of the input with the
# upstream, and that of the input spreads the kernel over it. Watch the shapes: they are the trace,
# read from below.

# %% facts=["l7-numpy-gradients"]
gradients = []
walk = list(zip(dealt(nets.LENET, params), saved, strict=True))
for (layer, own), given in reversed(walk):
    upstream, found = nets.backward((layer,), own, [given], upstream)
    gradients = found + gradients
    learned = " ".join(str(g.shape) for g in found)
    print(f"{type(layer).__name__:10}{upstream.shape!s:18}{learned}")

# %% [markdown]
# ### Two checks
#
# A wrong gradient rarely crashes; it learns badly, and you blame the learning rate. So it is
# checked. First by **finite differences**: move one parameter up and down a little, and see by how
# much the loss changes. That costs two forward passes for each number, so take three of each of the
# ten arrays, drawn at random.


# %% facts=["l7-numpy-gradients"]
def slope(which, place, step=1e-4):
    """Return how fast the loss grows with one parameter: a finite difference."""
    losses = []
    for move in (step, -step):
        moved = [p.copy() for p in params]
        moved[which][place] += move
        logits, _ = nets.forward(nets.LENET, moved, batch)
        losses.append(fast.softmax_cross_entropy(logits, labels))
    return (losses[0] - losses[1]) / (2 * step)


# %% [markdown]
# Sizes of gradients differ by orders of magnitude from layer to layer, so compare *relative*
# errors: the difference divided by the larger of the two. The cell prints whether all thirty agree
# to one in a hundred thousand. Spoil something to see it fail: leave out the division by two in
# `slope`.

# %% facts=["l7-numpy-gradients"]
rng, errors = np.random.default_rng(0), []
for which, gradient in enumerate(gradients):
    for _ in range(3):
        place = tuple(rng.integers(gradient.shape))
        a, b = gradient[place], slope(which, place)
        errors.append(abs(a - b) / max(abs(a), abs(b)))
print(len(errors), "compared, all agree:", max(errors) < 1e-5)

# %% [markdown]
# Second, against PyTorch: `build` makes the same network there, `load_params` carries our weights
# over, and autograd computes all gradients. It must agree in all 61 706 numbers, to about the last
# digit.

# %% facts=["l7-numpy-gradients"]
model = torch_ref.load_params(torch_ref.build(nets.LENET), params)
F.cross_entropy(model(torch.tensor(batch)), torch.tensor(labels)).backward()
theirs = [p.grad.numpy() for p in model.parameters()]
pairs = list(zip(gradients, theirs, strict=True))
print(sum(a.size for a, _ in pairs), all(np.abs(a - b).max() < 1e-12 for a, b in pairs))

# %% [markdown]
# ### Training without PyTorch
#
# A step of **stochastic gradient descent** (SGD) goes against the gradient of one batch: $p
# \leftarrow p - \text{lr} \cdot g$. "Stochastic" means that the batches are drawn at random;
# shuffled anew in each **epoch**, a pass over all images. `nets.train` does that with the NumPy
# operations, and `torch_ref.fit` with PyTorch. Both get the same weights and, from the same
# generator, the same batches. The network is LeNet with ReLUs, for a reason that comes soon.

# %% facts=["l7-numpy-curve"]
start = nets.init(modern, np.random.default_rng(0), scheme="he", dtype=float)
how = {"epochs": 3, "batch_size": 64}
rng = np.random.default_rng(1)
_, numpy_run = nets.train(modern, start, x, y, rng=rng, lr=0.1, **how)

# %% [markdown]
# That was NumPy, all of it. Now PyTorch, from the same start. An **optimiser** holds the parameters
# and moves them; `SGD` moves them by the rule above.

# %% facts=["l7-numpy-curve"]
model = torch_ref.load_params(torch_ref.build(modern), start)
sgd = torch.optim.SGD(model.parameters(), lr=0.1)
rng = np.random.default_rng(1)
torch_run = torch_ref.fit(model, x, y, sgd, rng=rng, device="cpu", **how)

# %% [markdown]
# The figure shows the loss of both over the 48 steps, on a logarithmic axis: one line, for the two
# lie on each other. It begins above log 10, because the start for ReLUs draws larger weights, and
# falls below 1, with a leap upwards on its way: there a step was too long. The cell prints the
# largest difference first, rounded to nine places. So PyTorch's training hides
# nothing: the course's NumPy operations, whose code you can read, give the same numbers.

# %% facts=["l7-numpy-curve"]
gap = np.abs(np.subtract(numpy_run.losses, torch_run.losses))
print(f"largest difference {gap.max():.9f}")
plots.loss_curve(NumPy=numpy_run.losses, torch=torch_run.losses)

# %% [markdown]
# ## The network in torch
#
# ### A module
#
# In practice you write the network as an `nn.Module`: its layers in `__init__`, its forward pass in
# `forward`; the backward pass comes for free. `nn.Sequential` does it for layers that simply follow
# one another. Here is the tiny network as a class; LeNet is yours to write in the exercises.
# Look at `flatten(1)`: it flattens everything from axis 1 on, so the batch stays what it is.


# %% facts=["l7-tiny"]
class Tiny(nn.Module):
    """One convolution, a tanh, one dense layer."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 5)
        self.dense = nn.Linear(6 * 24 * 24, 10)

    def forward(self, x):
        return self.dense(torch.tanh(self.conv(x)).flatten(1))


print(sum(p.numel() for p in Tiny().parameters()))

# %% [markdown]
# ### Hooks
#
# You cannot print inside somebody else's network, but you can hang a **hook** on a layer: a
# function that is called after the layer's forward pass, with the layer, its inputs and its output.
# This one prints shapes, and so checks the trace a third time, by a real run. The axis of the
# batch, here 1, stands in front.


# %% facts=["l7-trace"]
def tell(layer, inputs, output):
    """Print the name of a layer and the shape of its output."""
    print(f"{type(layer).__name__:10}{tuple(output.shape)}")


lenet = torch_ref.build(nets.LENET)
hooks = [layer.register_forward_hook(tell) for layer in lenet]
scores_of_black = lenet(torch.zeros(1, 1, 28, 28))
for hook in hooks:
    hook.remove()

# %% [markdown]
# Always remove hooks when you are done, or each later run prints too. A hook can also keep what it
# sees: that is how people look into networks that others built. How many numbers
# does the module learn, and how many are in its two convolutions?

# %% facts=["l7-ledger"]
sizes = {name: p.numel() for name, p in lenet.named_parameters()}
print(sizes)
print(sum(sizes.values()), sum(n for name, n in sizes.items() if name[0] in "03"))

# %% [markdown]
# ### One step
#
# A step of training in PyTorch is four acts: **forget** the old gradients, which would otherwise be
# added to; compute the **loss**; go **backward**; **step**. What the first act is for you see by
# leaving it out: the gradient after two backward passes on the same batch is twice that after one.

# %% facts=["l7-numpy-gradients"]
model = torch_ref.load_params(torch_ref.build(modern), start)
images, answers = torch.tensor(batch), torch.tensor(labels)
F.cross_entropy(model(images), answers).backward()
once = model[0].bias.grad.clone()
F.cross_entropy(model(images), answers).backward()
print(torch.allclose(model[0].bias.grad, 2 * once))

# %% [markdown]
# Here are the four acts as code, three times on the same batch; the loss falls each time. `item`
# makes a Python number of a tensor, and with it lets go of all that was kept for the way back.
# `model.train()` says that training begins: some layers work otherwise then, such as *dropout*,
# which puts random outputs to 0, and `model.eval()` ends that. LeNet has no such layer, but a loop
# that says so works for every network.

# %% facts=["l7-numpy-gradients"]
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
model.train()
for _ in range(3):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), answers)
    loss.backward()
    optimizer.step()
    print(f"{loss.item():.3f}")

# %% [markdown]
# ## Training
#
# ### Three parts
#
# Before you train, part the images, and never mix the parts again:
#
# - **Training** images: the weights learn from these.
# - **Validation** images: *you* learn from these. Which network, which learning rate, when to stop:
#   every choice you make by looking at a score uses up some of its honesty.
# - **Test** images: looked at once, at the very end, when nothing will be changed any more.
#
# Of the 1 297 training digits the last 297 are set aside for validation; you have used only the
# first 1 000 so far. The test digits have not been touched, and will wait a little longer.

# %% facts=["l7-three-parts"]
apart = (digits.x_train[1000:], digits.y_train[1000:])
print("to learn, to choose, to test:", *map(len, (x, apart[1], digits.y_test)))
print(np.bincount(apart[1]))

# %% [markdown]
# The last line counts the validation digits of each class, 22 to 42 of each, 297 in all. One digit
# more or less is a third of a per cent, so one per cent is three digits: too few to say which of
# two networks is better.
#
# ### First, learn a hundred by heart
#
# A network with 61 706 parameters must be able to learn 100 images by heart, or **overfit** them.
# If it cannot, then there is a mistake (labels that do not belong to the images, a missing step, a
# learning rate that is far off), and you have found it in seconds instead of hours. The recipe is
# the modern one from further down, without mirror images: a mirrored 3 is no digit.

# %% facts=["l7-overfit"]
best = replace(recipes.RECIPES["LeNet, modern"], mirrored=False)
hundred = (x[:100], y[:100])
by_heart = replace(best, batch_size=20, epochs=20)
model, run = recipes.follow(by_heart, *hundred, validation=hundred, device="cpu")
print(
    f"of these 100: {run.scores[0]:.0%} after one epoch, {run.scores[-1]:.0%} at the end"
)

# %% [markdown]
# All of them. And the digits it has not seen? The next cell asks for the validation digits. The
# difference between the two numbers is what *overfitting* means, and it is why nobody should be
# impressed by an accuracy on training images.

# %% facts=["l7-overfit"]
logits = torch_ref.predict(model, apart[0])
print(f"of digits it has not seen: {nets.accuracy(logits, apart[1]):.0%}")

# %% [markdown]
# ### The run
#
# Now all 1 000, for six epochs. A bar shows how far it is, with the loss of the last batch (the
# stored notebook leaves it out). If you lose patience, press the stop button or ^C: training ends
# after the batch, and **what was learned until then is kept**; the next cells go on with it. Seed 0
# decides the first weights and the order of the images.

# %% facts=["l7-two-eras"]
best = replace(best, epochs=6)
lenet, run = recipes.follow(best, x, y, validation=apart, device="cpu")
[f"{score:.0%}" for score in run.scores]

# %% [markdown]
# The numbers are the validation accuracies after each epoch. The figure shows the loss of each
# batch: it ends far below a tenth of what it was, and it is jagged, since each batch is another
# sixty-four images. Read both. If the training loss keeps falling while the validation accuracy
# gets worse, the network is learning by heart.

# %% facts=["l7-two-eras"]
plots.loss_curve(loss=run.losses)

# %% [markdown]
# ### The same seed, another seed
#
# If you report a number, somebody should be able to get it again. The same seed gives the same
# weights to the last bit (on the same machine, with as many threads). Another seed is another
# network, and what it scores is another number. So one run says little: report several, with their
# spread. To save time, one epoch each.

# %% facts=["l7-seeds"]
short = replace(best, network=nets.TINY_TANH, scheme="xavier", epochs=1)
runs = [recipes.follow(short, x, y, seed=s, device="cpu")[0] for s in (0, 0, 1)]
a, b, c = (torch_ref.params_of(model)[-1] for model in runs)
print("same seed:", np.array_equal(a, b), " another seed:", np.array_equal(a, c))

# %% [markdown]
# ## Two eras
#
# ### 1998 and now
#
# The recipe called 1998 here has sigmoids, average pools and plain SGD, as many textbooks have it;
# the original had a scaled tanh and more. Today's version has the *same number* of parameters, 61
# 706, but ReLUs and max pools, larger first weights to suit them (named after He), an optimiser
# that gives each weight a step of its own size (AdamW), and a learning rate that rises and then
# falls to zero (one cycle). Each recipe is one Python object; the cell prints some of its fields.
# The old one gets batches of 64 here too, so that both take 96 steps in six epochs.

# %% facts=["l7-two-eras"]
old = replace(recipes.RECIPES["LeNet, 1998"], batch_size=64, epochs=6)
for recipe in (old, best):
    print(recipe.optimizer, recipe.lr, recipe.scheme, recipe.network[1:3])
print(count.params(old.network), count.params(best.network))

# %% [markdown]
# What will the old recipe reach on our thousand digits, in the same six epochs? It starts with a
# loss near log 10, and takes its 96 steps at a learning rate of 0.1. The digits are easy: the
# modern recipe had nearly all of them right by then.

# %%
Predict(
    "The recipe of 1998, six epochs on 1 000 digits: validation accuracy?",
    choices=["about 10 %", "about 50 %", "about 80 %", "about 97 %"],
    answer="about 10 %",
    why="It has not begun to learn: the gradient hardly reaches its first layers.",
)

# %% [markdown]
# To separate the changes, train a recipe between the two: the modern layers and first weights with
# the old optimiser. The modern run you have already seen. What counts at the end is the validation
# accuracy.

# %% facts=["l7-two-eras"]
halfway = replace(old, network=modern, scheme="he")
seen = {
    name: recipes.follow(one, x, y, validation=apart, device="cpu")[1]
    for name, one in {"1998": old, "ReLU_and_SGD": halfway}.items()
} | {"modern": run}
print({name: f"{one.scores[-1]:.0%}" for name, one in seen.items()})

# %% [markdown]
# The figure shows the losses of all three, each as the mean of an epoch. The top line does not move
# from log 10; the second, with ReLUs, falls; the third, with AdamW and a one-cycle schedule, falls
# faster. So ReLUs, max pools and larger first weights, taken together, make the network trainable,
# and AdamW with its schedule makes it quicker. Whether the ReLUs, the pools or the first weights
# do most, these runs do not say.

# %% facts=["l7-two-eras"]
means = {n: np.reshape(one.losses, (6, -1)).mean(axis=1) for n, one in seen.items()}
figure = plots.loss_curve(**means)
figure.axes[0].set_xlabel("epoch")
figure

# %% [markdown]
# ### Why nothing moves
#
# Look at the gradients of the very first batch. The slope of a sigmoid is at most 1/4, and four of
# them lie between the loss and the first filters: they alone multiply the gradient by at most
# $(1/4)^4 = 1/256$ on the way, besides what the weights and the average pools do. A ReLU that is on
# passes all of it. The cell prints the mean size of the gradient for the weights of each layer,
# from the first to the last.

# %% facts=["l7-two-eras"]
for name, network, scheme in [("1998", nets.LENET, "xavier"), ("modern", modern, "he")]:
    params = nets.init(network, np.random.default_rng(0), scheme=scheme, dtype=float)
    _, grads = nets.loss_and_gradients(network, params, batch, labels)
    print(f"{name:8}", " ".join(f"{np.abs(g).mean():.5f}" for g in grads[::2]))

# %% [markdown]
# In the first layer the gradient of the old network is about a thousand times smaller than that of
# the modern one, and over 300 times smaller than in its own last layer. This is the **vanishing
# gradient**. The old network is not unable to learn: with the 55 000 images of Fashion-MNIST,
# below, ten epochs are 4 300 steps, and it leaves the plateau after the first thousand or two. The
# original of 1998 had remedies of its own (a scaled tanh, a step size for each weight), and
# patience.

# %% [markdown]
# ## Baselines that can win
#
# 98 % of the validation digits sounds good. Compared with what? A **baseline** is the simplest
# thing that could work, trained with the same care. Two belong in every comparison: **logistic
# regression**, which is one dense layer from pixels to scores, and an **MLP with as many
# parameters**: 784 to 78 to 10 has $784 \cdot 78 + 78 + 78 \cdot 10 + 10 = 62\,020$, within one per
# cent of LeNet. Which one wins?

# %%
Predict(
    "Test accuracy on the small digits: how far apart are LeNet and the MLP of its size?",
    choices=["3 points or less", "about 10 points", "about 30 points"],
    answer="3 points or less",
    why="Every digit is centred and of one size, so weights tied to places do well here.",
)

# %% [markdown]
# The four train with the same recipe. That is a fair comparison only in part, since the recipe was
# chosen for LeNet. Then, for the first time, the test digits. You will look at them again below,
# but nothing is chosen by them.

# %% facts=["l7-baselines", "l7-tiny"]
networks = {"LeNet": modern, "MLP": nets.MLP, "tiny": nets.TINY_TANH}
networks["logistic"] = recipes.LOGISTIC
models = {"LeNet": lenet}
for name in ("MLP", "tiny", "logistic"):
    same = replace(best, network=networks[name])
    models[name], _ = recipes.follow(same, x, y, device="cpu")
logits = {name: torch_ref.predict(one, digits.x_test) for name, one in models.items()}
tested = {name: nets.accuracy(z, digits.y_test) for name, z in logits.items()}

# %% [markdown]
# The figure shows one dot for each network, on a scale that begins at 85 %. LeNet, the MLP and the
# tiny network lie within three points. One point is five images, and there is one run of each: that
# does not say which of the three is best. Even the logistic regression, with 7 850 parameters, is
# right nine times of ten.

# %% facts=["l7-baselines", "l7-tiny"]
for name, network in networks.items():
    print(f"{name:10}{count.params(network):7,} parameters, {tested[name]:.0%}")
plots.accuracy_dots(lowest=0.85, **{name: [score] for name, score in tested.items()})

# %% [markdown]
# So on these digits a CNN is hardly worth its 416 520 multiply-adds; the MLP has 61 932. That is no
# failure of the lesson but its point: without the baseline you would have praised the convolution
# for what any network does. It must earn its place where the same thing appears in many places and
# forms. That is the next section.

# %% facts=["l7-baselines"]
for name, network in networks.items():
    print(f"{name:10}{count.macs(network, (1, 28, 28)):8,} multiply-adds")
print("within 3 points:", tested["LeNet"] - tested["MLP"] <= 0.03)

# %% [markdown]
# ## Fashion-MNIST
#
# ### Measured, with three seeds
#
# Fashion-MNIST has 60 000 training and 10 000 test images of clothes, gray, 28 x 28, in ten
# classes; it was made to replace digits that had become too easy. Its 31 MB do not come with the
# course, and training takes minutes. So the numbers here were **measured beforehand** and are kept
# in a file with the command that makes them: `make bench`, or the one that the cell prints. The
# last 5 000 training images were set aside for choosing recipes, the test
# images for the numbers below.

# %% facts=["l7-data", "l7-three-parts"]
results = measured.fashion_mnist()
print(results.command, results.data, results.machine, sep="\n")

# %% [markdown]
# One line for each recipe: its parameters, its epochs, the mean test accuracy of three seeds, and
# the lowest and highest of them. Compare the first two lines with the third: the same number of
# parameters, a quarter of a century apart. Then compare the third with those below.

# %% facts=["l7-two-eras", "l7-baselines", "l7-seeds"]
for run in results.runs:
    tests = sorted(one.test for one in run.seeds)
    print(f"{run.name:28}{run.parameters:7,}{run.epochs:4} epochs", end="")
    print(f"{run.test:8.1%}  ({tests[0]:.1%} to {tests[-1]:.1%})")

# %% [markdown]
# The figure shows every run as a dot. The recipes of 1998 lie farthest to the left, the first near
# seven in ten. All modern recipes lie right of 80 %: the logistic regression, then the tiny
# network, then the MLP below 90, then LeNet above it, and the wide LeNet of which more below. LeNet
# is ahead of the MLP of its size by more than two points, far more than the spread of either; but
# the tiny network, though it convolves too, is behind it: one layer of filters is not yet a
# hierarchy. Here LeNet's convolutions earn their place, though by less than you may have thought:
# about half of the way up from the first line came with larger steps alone, as the second line
# shows, and the rest with the modern recipe as a whole: ReLUs, max pools, larger first weights,
# AdamW and its schedule, mirror images and nearly three times as many steps. With that recipe an
# MLP reaches over 88 % too.

# %% facts=["l7-two-eras", "l7-baselines", "l7-seeds"]
plots.accuracy_dots(
    lowest=0.6, **{r.name: [one.test for one in r.seeds] for r in results.runs}
)

# %% [markdown]
# How training went: validation accuracy after each of the first ten epochs, the mean of three seeds
# in a band from the worst to the best. The recipes of 1998 are near 10 % at first, and then begin
# to learn: the one with larger steps earlier. The modern ones are above 80 % after one epoch, and
# rise slowly from there; their last epochs are not shown.

# %% facts=["l7-two-eras", "l7-seeds"]
clothed = {run.name: run for run in results.runs if run.name.startswith("LeNet")}
curves = {name: [s.validation[:10] for s in run.seeds] for name, run in clothed.items()}
plots.accuracy_curves("epoch", range(1, 11), **curves)

# %% [markdown]
# One more gain costs no training. A shoe and its mirror image are the same shoe, so let the network
# look at both and average its two answers. It has the same 61 706 parameters, and takes twice the
# time to answer. (The recipes of 1998 never saw a mirrored shoe; asked in this way they get worse.)

# %% facts=["l7-two-eras"]
run = clothed["LeNet, modern"]
print(f"one look: {run.test:.1%}, both ways: {run.both_ways:.1%}")

# %% [markdown]
# ### Where parameters do more
#
# LeNet keeps 96 % of its parameters in dense layers. The recipe called *wide* spends them
# otherwise: 16 and 48 filters in place of 6 and 16, and one hidden dense layer of 64 in place of
# two. A fifth of its 97 178 parameters are in filters. Filters are used at every place, so the work
# grows by more than the parameters do: 5.5 times against 1.6 times. What it gains in accuracy
# stands in the list above; it is more than LeNet gains by looking twice.

# %% facts=["l7-ledger"]
for network in (modern, nets.LENET_WIDE):
    kernels = sum(count.params(one) for one in network if isinstance(one, nets.Conv2d))
    print(f"{kernels:7,} of {count.params(network):,} parameters in filters,", end="")
    print(f"{count.macs(network, (1, 28, 28)):10,} multiply-adds")

# %% [markdown]
# ### Run it yourself
#
# With `live = False` this runs the recipe on the digits, and says so. If you want the clothes,
# change `False` to `True` and run the two cells again. The first time that downloads 31 MB; without
# a network it says so and stays with the digits. Then it trains for one to three minutes, in 32
# bits. The mirror images come in with the clothes: a shoe that points to the left is still a shoe.

# %% facts=["l7-data"]
live = False
clothes = digits
try:
    clothes = data.load("fashion_mnist") if live else digits
except data.DataUnavailable as why:
    print(why)
recipe = replace(recipes.RECIPES["LeNet, modern"], mirrored=clothes is not digits)
epochs = None if recipe.mirrored else 6
print(clothes.source)

# %% [markdown]
# Half of Fashion-MNIST's classes are tops of some kind, and no network of this size gets much
# beyond nine of ten; the digits are easier. Either way it should say that 85 % or more are right.

# %% facts=["l7-data"]
torch.set_default_dtype(torch.float32)
model, _ = recipes.follow(
    recipe, clothes.x_train, clothes.y_train, epochs=epochs, device="cpu"
)
torch.set_default_dtype(torch.float64)
right = nets.accuracy(torch_ref.predict(model, clothes.x_test), clothes.y_test)
print("85 % or more:", right >= 0.85)

# %% [markdown]
# ## Where it errs
#
# ### A table of mistakes
#
# An accuracy does not say *what* is mistaken. The **confusion matrix** does: a row for each class,
# a column for each answer, and in each cell the share of the row's images that got that answer. The
# diagonal is right, everything beside it is a mistake. Rows and columns are not exchangeable: "a
# shirt taken for a coat" is another cell than "a coat taken for a shirt". Scikit-learn counts; the
# figure shows LeNet's 500 test digits, in per cent.

# %% facts=["l7-confusion"]
answers = torch_ref.predict(lenet, digits.x_test).argmax(axis=1)
table = confusion_matrix(digits.y_test, answers)
plots.confusion(table, digits.classes)

# %% [markdown]
# Few mistakes, and with 50 images in each row one image is 2 %: do not read much into single cells.
# Better look at the images. The figure shows the first twelve that LeNet got wrong; the lines say
# what they are and what it took them for. Some of them you would have got wrong too.

# %% facts=["l7-confusion"]
wrong = np.flatnonzero(answers != digits.y_test)[:12]
print("is       ", *digits.y_test[wrong])
print("taken for", *answers[wrong])
plots.tiles(digits.x_test[wrong, 0], columns=6)

# %% [markdown]
# Now the clothes, with 3 000 answers a row: 1 000 images, three seeds. Which class is the hardest?
# Think of their outlines before you look: trousers, bags, boots, T-shirts, pullovers, coats,
# dresses, shirts.

# %%
Predict(
    "Which class does the modern LeNet get wrong most often?",
    choices=["Trouser", "Bag", "Ankle boot", "Shirt"],
    answer="Shirt",
    why="Between T-shirt, pullover and coat, a shirt differs by collar and buttons only.",
)

# %% [markdown]
# The figure shows the table of the modern LeNet, in per cent. Trousers and bags are right nearly
# always. The bright cells are at the shirt: its row (taken for a T-shirt, a pullover, a coat) and
# its column. Sandals, sneakers and boots form a second group. An accuracy of 91 % is thus made of
# classes near 98 % and one near 73 %: if you sell shirts, that is the number to know.

# %% facts=["l7-confusion"]
kinds = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat"]
kinds += ["Sandal", "Shirt", "Sneaker", "Bag", "Boot"]
plots.confusion(clothed["LeNet, modern"].confusion, kinds)

# %% [markdown]
# ## Looking inside
#
# ### Filters and maps
#
# What did the filters become? The figure shows, from above: a test image; the six filters of the
# first layer, red where a weight is positive; then what LeNet makes of the image, map by map: after
# the first convolution and its ReLU, after the first pool, after the second convolution and after
# its pool. An `nn.Sequential` can be walked layer by layer, so no hook is needed. Every little
# image has its own scale, from dark (least) to bright (most).

# %% facts=["l7-filters", "l7-feature-maps"]
seen, out = [], torch.tensor(digits.x_test[:1]).double()
for layer in lenet:
    out = layer(out)
    seen.append(out[0].detach().numpy())
maps = {"conv_1": seen[1], "pool_1": seen[2], "conv_2": seen[4], "pool_2": seen[5]}
filters = torch_ref.params_of(lenet)[0][:, 0]
plots.sheets(image=digits.x_test[0], filters=filters, **maps)

# %% [markdown]
# Read it from above. The filters are no clean edges: on a thousand small digits a network has no
# reason to tidy up. But the maps of the first layer are easy to read: a left edge, the body of the
# stroke, horizontal pieces, an outline. You still see the 6. In the second layer there are sixteen
# maps, each a mixture of six, and they say *where a combination is*: a long stroke on the left, a
# bend at the lower right. After its pool 5 x 5 coarse numbers are left; you could not draw the
# digit from them, yet the dense layers can name it. From low to high level: more of **what**, less
# of **where**. Some maps are dark altogether: their pattern does not occur in a 6.
#
# ### What an output likes to see
#
# Training moves the weights and keeps the images. Turn it round: keep the weights, and move the
# *image* so that one score grows. That is gradient ascent on the input, or **activation
# maximisation**. PyTorch's optimisers can climb (`maximize=True`); start from a black image, for
# each of the ten classes at once, and take 30 steps. After each one `keep` may cut off pixels below
# 0 and above 1, so that the result is an image. (`backward` fills the gradients of LeNet's weights
# as well; nobody uses them here. To leave them alone, `torch.autograd.grad(score, images)` gives a
# tuple with the gradient of the images only.)


# %% facts=["l7-activation-maximisation"]
def climb(images, keep, steps=30):
    """Move image c so that LeNet's score of class c grows."""
    images = images.clone().requires_grad_()
    optimizer = torch.optim.SGD([images], lr=0.1, maximize=True)
    for _ in range(steps):
        optimizer.zero_grad()
        lenet(images).diagonal().sum().backward()
        optimizer.step()
        images.data = keep(images.data)
    return images.detach()


# %% [markdown]
# Climb three times: from black without cutting anything off, from black with the cut to 0..1, and
# from medium gray, where the network may also take ink away. The cell asks the softmax how sure
# LeNet is of the thirty images: each of them gets more than 95 % for the class that it was made
# for.

# %% facts=["l7-activation-maximisation"]
black, gray = torch.zeros(10, 1, 28, 28), torch.full((10, 1, 28, 28), 0.5)
dreams = {
    "free": climb(black, lambda x: x),
    "from_black": climb(black, lambda x: x.clamp(0, 1)),
    "from_gray": climb(gray, lambda x: x.clamp(0, 1)),
}
print([(lenet(d).softmax(1).diagonal() > 0.95).all().item() for d in dreams.values()])

# %% [markdown]
# The figure shows the three rows of ten images. Above, uncut: red and blue speckles, and hardly a
# digit to be seen. In the middle, from black: with some goodwill a 0, a 3, a 5. Below, from gray:
# stains in which a 0 or a 2 hides. A kernel of 5 x 5 and a max pool leave their grain on
# everything.

# %% facts=["l7-activation-maximisation"]
plots.sheets(label="class", **{name: d[:, 0].numpy() for name, d in dreams.items()})

# %% [markdown]
# A network that is certain of stains: this is worth a pause. It has only ever been asked which *of
# ten digits* an image is, never whether it is one; on all other images its answer was never
# corrected. High confidence is no evidence that the network has met anything like it. To make such
# images look natural, people add rules to the climb (smooth it, shift it, keep it small), and then
# the picture tells as much about the rules as about the network. Last, 200 images of plain noise:

# %% facts=["l7-activation-maximisation"]
noise = torch.tensor(np.random.default_rng(0).random((200, 1, 28, 28)))
shares = lenet(noise).softmax(dim=1).max(dim=1).values
print("more than half are named with over 50 %:", (shares > 0.5).sum().item() > 100)

# %% [markdown]
# ## What we saw
#
# - LeNet: 61 706 parameters, 96 % of them dense; 416 520 multiply-adds, 86 % of them convolution. A
#   backward pass is one upstream gradient handed from layer to layer, and NumPy does it as PyTorch.
# - Before training: a loss near log 10, 100 images learned by heart, three parts kept apart, seeds
#   written down. On Fashion-MNIST the same number of parameters went from about 72 % to over
#   91 % by another recipe: other activations and pools, larger first weights, a better optimiser,
#   mirror images and more steps.
# - Baselines can win, or nearly. A confusion matrix says where the errors are, the maps say what is
#   seen, and an image that excites an output need not look like anything.
#
# **Sources.** Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, [Gradient-based learning applied to
# document recognition](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf), 1998; the version here
# follows later textbooks: sigmoids instead of a scaled tanh, pools without parameters, every map
# connected to every filter, and a plain dense layer at the end. X. Glorot, Y. Bengio,
# [Understanding the difficulty of training deep feedforward neural
# networks](https://proceedings.mlr.press/v9/glorot10a.html). K. He and others, [Delving deep into
# rectifiers](https://arxiv.org/abs/1502.01852). I. Loshchilov, F. Hutter, [Decoupled weight decay
# regularization](https://arxiv.org/abs/1711.05101), AdamW. L. Smith, N. Topin,
# [Super-convergence](https://arxiv.org/abs/1708.07120), the one cycle. H. Xiao, K. Rasul, R.
# Vollgraf, [Fashion-MNIST](https://arxiv.org/abs/1708.07747). D. Erhan and others, Visualizing
# higher-layer features of a deep network, 2009. The digits are from the [UCI Machine Learning
# Repository](https://doi.org/10.24432/C50P49), CC BY 4.0.
#
# **Now you.** Build and train it yourself, and have it checked: [the exercises of this
# lesson](../exercises/07_lenet.ipynb).

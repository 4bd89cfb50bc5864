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
from coursekit.nets.sizes import with_params
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
# Now the whole network can be drawn. The figure shows it from left to right and to scale: planes are
# maps, bars are vectors. Above each stands its shape; below, the layer that makes it, the activation
# that follows, and its parameters. The planes become smaller and more, then the maps are written in
# one row, and the step from that row of 400 to 120 has more parameters than all others together.

# %% facts=["l7-trace"]
plots.architecture(nets.LENET, (1, 28, 28))

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
# generator starts from: the same seed gives the same weights, another one others. All three losses
# lie near 2.303, and above it: the random scores are not quite equal, and on average an opinion
# without knowledge costs more than none.

# %% facts=["l7-loss-start", "l7-seeds"]
x, y = digits.x_train[:1000].astype(float), digits.y_train[:1000]
for seed in range(3):
    params = nets.init(nets.LENET, np.random.default_rng(seed), dtype=float)
    print(f"{nets.loss_and_gradients(nets.LENET, params, x[:200], y[:200])[0]:.3f}")

# %% [markdown]
# How large are these weights? `nets.init` draws them evenly from $-b$ to $b$, and $b =
# \sqrt{6/(n_{in} + n_{out})}$ depends on how many numbers come in *and* how many go out. (The
# scheme is called Xavier's.) Take the dense layer from 400 to 120, where $b = \sqrt{6/520} = 0.107$.
# Each of its outputs is a sum of 400 products. The cell prints the typical size (the root of the
# mean square) of its inputs, of one such product, and of a sum. The products are tiny, yet the sums
# are about as large as the *inputs*, and that is the aim: from layer to layer numbers neither grow
# nor fade.

# %% facts=["l7-loss-start"]
start = nets.init(nets.LENET, np.random.default_rng(0), dtype=float)
h, _ = nets.forward(nets.LENET[:7], start[:4], x[:20])
sums = {"input": h, "product": h[:, None] * start[4], "sum": h @ start[4].T}
print({name: f"{np.sqrt((a**2).mean()):.2f}" for name, a in sums.items()})

# %% [markdown]
# Now the mistake that this test finds: the same images with pixels from 0 to 255, as they lie in
# most files. The left column is LeNet as before, the right one LeNet with ReLUs and max pools, from
# the same first weights. On the right the scores grow with the pixels, the network is *sure* of its
# random opinions, and the loss starts above eighty. The sigmoids on the left hide it. Pixels
# between 0 and 1 are fine, and so are **standardised** ones, with the mean of all training pixels
# subtracted, divided by their standard deviation.

# %% facts=["l7-loss-start"]
modern = nets.LENET_RELU
inputs = {"0 to 1": x, "standardised": (x - x.mean()) / x.std(), "0 to 255": 255 * x}
for name, pixels in inputs.items():
    given = start, pixels[:200], y[:200]
    losses = [nets.loss_and_gradients(net, *given)[0] for net in (nets.LENET, modern)]
    print(f"{name:14}{losses[0]:6.2f}{losses[1]:8.2f}")

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
walk = list(zip(with_params(nets.LENET, params), saved, strict=True))
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
# errors: the difference divided by the larger of the two. The cell prints a power of ten that none
# of the thirty errors reaches. Spoil something to see it grow: leave out the division by two in
# `slope`.

# %% facts=["l7-numpy-gradients"]
rng, errors = np.random.default_rng(0), []
for which, gradient in enumerate(gradients):
    for _ in range(3):
        place = tuple(rng.integers(gradient.shape))
        a, b = gradient[place], slope(which, place)
        errors.append(abs(a - b) / max(abs(a), abs(b)))
print(len(errors), f"compared, all errors below 1e{np.ceil(np.log10(max(errors))):.0f}")

# %% [markdown]
# Second, against PyTorch: `build` makes the same network there, `load_params` carries our weights
# over, and autograd computes all gradients. It must agree in all 61 706 numbers, to about the last
# digit.

# %% facts=["l7-numpy-gradients"]
model = torch_ref.load_params(torch_ref.build(nets.LENET), params)
F.cross_entropy(model(torch.tensor(batch)), torch.tensor(labels)).backward()
theirs = [p.grad.numpy() for p in model.parameters()]
pairs = list(zip(gradients, theirs, strict=True))
largest = max(np.abs(a - b).max() for a, b in pairs)
print(f"{sum(a.size for a, _ in pairs):,} compared, largest difference {largest:.12f}")

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
# lie on each other. It begins at 3.5, well above log 10. (With Xavier's weights the same network
# began at 2.28, further up; the weights drawn here, named after He, are larger.) It falls below 1,
# with a leap upwards on its way. The cell prints the
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
# makes a plain number of a tensor. Keep numbers if you keep losses: the tensor `loss` hangs on to
# the record of how it was computed (its `grad_fn`), the number does not.
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
print(type(loss.grad_fn).__name__, type(loss.item()).__name__)

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
# batch: it ends far below a tenth of what it was, and it is jagged; each point is another batch of
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
# ## The textbook's LeNet
#
# ### Two recipes
#
# The network that you traced, with sigmoids and average pools, trained by plain SGD, is the LeNet of
# many textbooks. (The original of 1998 was another: it had a scaled tanh and more.) The modern
# recipe has the *same number* of parameters, 61 706, but ReLUs, max pools, larger first weights to
# suit them (He's), an optimiser that gives each weight a step of its own size (AdamW), and a
# learning rate that rises and then falls to zero (one cycle). Each recipe is one Python object; the
# cell prints some of its fields. The textbook's gets batches of 64 here too, so that both take 96
# steps in six epochs.

# %% facts=["l7-two-eras"]
old = replace(recipes.RECIPES["LeNet, sigmoid"], batch_size=64, epochs=6)
for recipe in (old, best):
    print(recipe.optimizer, recipe.lr, recipe.scheme, recipe.network[1:3])
print(count.params(old.network), count.params(best.network))

# %% [markdown]
# What will the textbook's recipe reach on our thousand digits, in the same six epochs? It starts
# with a loss near log 10, and takes its 96 steps at a learning rate of 0.1. The digits are easy:
# the modern recipe had nearly all of them right by then.

# %%
Predict(
    "The textbook's recipe, six epochs on 1 000 digits: validation accuracy?",
    choices=["about 10 %", "about 50 %", "about 80 %", "about 97 %"],
    answer="about 10 %",
    why="As much as guessing would get. The next cell counts what it answers.",
)

# %% [markdown]
# Train it, and look not only at the accuracy but at the answers. The second line counts them for the
# 297 validation digits: how often it said 0, how often 1, and so on.

# %% facts=["l7-two-eras"]
textbook, stuck = recipes.follow(old, x, y, validation=apart, device="cpu")
said = torch_ref.predict(textbook, apart[0]).argmax(axis=1)
print(f"{stuck.scores[-1]:.0%}")
print(np.bincount(said, minlength=10))

# %% [markdown]
# It calls **every** digit a 7. 23 of the 297 are, and that is its 8 %. (Another seed chooses another
# digit.) An accuracy near one in ten should always make you count the answers.
#
# ### One change at a time
#
# The modern recipe differs in many things at once, so it cannot say which of them matters. For that,
# change *one* and leave all else: the weights' first draw, the batches, SGD with its rate of 0.1.
# `swapped` puts another layer in the place of each layer of one kind. There are four variants: the
# sigmoids become tanh; they become ReLUs; the average pools become max pools; and He's first
# weights.


# %% facts=["l7-two-eras"]
def swapped(kind, new):
    """Return LeNet with another layer in the place of each layer of one kind."""
    return tuple(new if isinstance(layer, kind) else layer for layer in nets.LENET)


# %% facts=["l7-two-eras"]
changed = {
    "tanh": replace(old, network=swapped(nets.Sigmoid, nets.Tanh())),
    "ReLU": replace(old, network=swapped(nets.Sigmoid, nets.ReLU())),
    "max_pools": replace(old, network=swapped(nets.AvgPool2d, nets.MaxPool2d(2))),
    "first_weights": replace(old, scheme="he"),
}

# %% [markdown]
# ReLU and max pools are what one calls modern; tanh is as old as LeNet. Before you run the next
# cell: which of them, alone, makes this network learn?

# %%
Predict(
    "Which single change gets the most validation digits right?",
    choices=["tanh for sigmoid", "ReLU for sigmoid", "max pools", "He's first weights"],
    answer="tanh for sigmoid",
    why="95 %; ReLU alone gets 89 %, and the other two stay where they were.",
)

# %% facts=["l7-two-eras"]
seen = {"textbook": stuck}
for name, one in changed.items():
    seen[name] = recipes.follow(one, x, y, validation=apart, device="cpu")[1]
print({name: f"{one.scores[-1]:.0%}" for name, one in seen.items()})

# %% [markdown]
# The figure shows the losses of the four, each as the mean of an epoch. Two lines lie on each other and
# do not leave log 10, where the textbook's stays too: max pools, and larger first weights. The two
# without sigmoids fall. So among these it is the **sigmoid** that keeps this network from
# learning, and a tanh in its place, which LeCun's had all along (scaled), is enough. Max pools or
# larger first weights alone are not.

# %% facts=["l7-two-eras"]
means = {n: np.reshape(seen[n].losses, (6, -1)).mean(axis=1) for n in changed}
figure = plots.loss_curve(**means)
figure.axes[0].set_xlabel("epoch")
figure

# %% [markdown]
# And the optimiser? Keep the sigmoids and change SGD at 0.1 to AdamW at 0.004, the modern one without
# its cycle. That network stands still for four epochs, and then learns: so the sigmoids do not make
# it *unable* to. The cell goes on for 15 epochs and prints the accuracy after the third and after the
# last. *Try this:* `epochs=40` for `old` itself, or another `lr`.

# %% facts=["l7-two-eras"]
adam = replace(old, optimizer="AdamW", lr=4e-3, epochs=15)  # change me
_, slow = recipes.follow(adam, x, y, validation=apart, device="cpu")
print(f"{slow.scores[2]:.0%} after three epochs, {slow.scores[-1]:.0%} at the end")

# %% [markdown]
# ### What reaches the first layer
#
# Look at the gradients of the very first batch. The slope of a sigmoid is at most 1/4, and four of
# them lie between the loss and the first filters: they alone multiply the gradient by at most
# $(1/4)^4 = 1/256$ on the way. The slope of a tanh is up to 1, and a ReLU that is on passes all. The
# cell prints the mean size of the gradient for the weights of each layer, from the first to the
# last, for the same five networks.

# %% facts=["l7-two-eras"]
for name, one in {"textbook": old, **changed}.items():
    rng = np.random.default_rng(0)
    params = nets.init(one.network, rng, scheme=one.scheme, dtype=float)
    _, grads = nets.loss_and_gradients(one.network, params, batch, labels)
    print(f"{name:14}", " ".join(f"{np.abs(g).mean():.5f}" for g in grads[::2]))

# %% [markdown]
# In the textbook's network the gradient of the first layer is over 300 times smaller than that of the
# last. This is the **vanishing gradient**. Tanh alone makes it some 400 times larger there, ReLU
# alone over 100 times; max pools leave it as it is, and He's weights double it. So the networks that
# learned are those whose first layers get a gradient of use. (A tanh differs from a sigmoid in two
# ways: it is steeper, and its values lie around 0, not around 1/2. Which of the two helps more, these
# cells do not say.) Patience helps too: with the 55 000 images of Fashion-MNIST, below, ten epochs
# are 4 300 steps, and the textbook's network leaves the plateau after the first thousand or two.

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
    why="About one point, in the mean of four seeds. You will see each of them.",
)

# %% [markdown]
# Train LeNet, the MLP, the tiny network and the logistic regression with the same recipe, and with
# **four seeds** each: one run would say little. (It is a fair comparison only in part, since the
# recipe was chosen for LeNet.) Then, for the first time, the test digits. You will look at them
# again below, but nothing is chosen by them. The cell keeps for each run which of the 297 validation
# digits and, behind them, of the 500 test digits it gets right; it takes a while.


# %% facts=["l7-baselines", "l7-tiny", "l7-seeds"]
def right_by_four(network):
    """Return which validation and test digits four seeds get right: 4 rows of 797."""
    images = np.concatenate([apart[0], digits.x_test])
    truth = np.concatenate([apart[1], digits.y_test])
    same = replace(best, network=network)
    models = [recipes.follow(same, x, y, seed=s, device="cpu")[0] for s in range(4)]
    answers = [torch_ref.predict(model, images).argmax(axis=1) for model in models]
    return np.stack(answers) == truth


# %% facts=["l7-baselines", "l7-tiny", "l7-seeds"]
networks = {"LeNet": modern, "MLP": nets.MLP, "tiny": nets.TINY_TANH}
networks["logistic"] = recipes.LOGISTIC
right = {name: right_by_four(network) for name, network in networks.items()}

# %% [markdown]
# The figure shows a dot for each seed, on a scale that begins at 85 %: two rows for each network,
# validation and test. Compare the means, the strokes, and how far the dots of a row lie apart.

# %% facts=["l7-baselines", "l7-tiny", "l7-seeds"]
rows = {}
for name, ok in right.items():
    rows[f"{name}, validation"], rows[f"{name}, test"] = (
        part.mean(axis=1) for part in np.split(ok, [297], axis=1)
    )
    print(f"{name:10}{count.params(networks[name]):7,} parameters", end="")
    print(f"{ok[:, :297].mean():6.0%} validation{ok[:, 297:].mean():6.0%} test")
plots.accuracy_dots(lowest=0.85, **rows)

# %% [markdown]
# LeNet wins on both parts, by two points on the validation digits and by one on the test digits. On
# the latter the dots of LeNet and MLP overlap: from seed 0 alone you would have called it a tie. Even
# the logistic regression, with 7 850 parameters, is right nine times of ten.
#
# ### Why 98 here and 96 there?
#
# LeNet gets more of the validation digits right than of the test digits. Did the test digits come
# from people with a worse hand? The data do not say who wrote what, but they say this: `data.load`
# draws the 500 test digits at random from one pile. So look at what chance does. Throw all 797 digits
# together, part them anew into 297 and 500, a thousand times, and count how often the gap, in either
# direction, is as wide as the one that we saw.

# %% facts=["l7-three-parts", "l7-baselines"]
rng = np.random.default_rng(0)
for name, ok in right.items():
    share = ok.mean(axis=0)  # of the four seeds that are right, for each digit
    mixed = [rng.permutation(share) for _ in range(1000)]
    gaps = np.array([m[:297].mean() - m[297:].mean() for m in [share, *mixed]])
    as_wide = (np.abs(gaps[1:]) >= np.abs(gaps[0])).mean()
    print(f"{name:10}gap {100 * gaps[0]:+.0f} points; by chance in {as_wide:.0%}")

# %% [markdown]
# A gap as wide as LeNet's comes about in one of nine random partings, those of the others far more
# often, and the logistic regression does *better* on the test digits. So chance is enough to explain
# the two points, and no other cause is shown. (Both parts hold the same hands. How the networks would
# do on digits of people they have not met, neither number says.)
#
# And what does LeNet's lead cost? Its 416 520 multiply-adds, where the MLP has 61 932. That is no
# failure of the lesson but its point: without the baseline you would have praised the convolution
# for all of its 96 %, of which the MLP has 95.

# %% facts=["l7-baselines"]
for name, network in networks.items():
    print(f"{name:10}{count.macs(network, (1, 28, 28)):8,} multiply-adds")

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
# One line for each recipe: its parameters, its epochs and steps, the mean test accuracy of three
# seeds, and the lowest and highest of them. The first two lines are the textbook's sigmoid LeNet;
# in the second the learning rate is 0.9 instead of 0.1, and nothing else differs. The third has the
# same number of parameters and the modern recipe. Then compare the third with those below.

# %% facts=["l7-two-eras", "l7-baselines", "l7-seeds"]
for run in results.runs:
    tests = sorted(one.test for one in run.seeds)
    steps = run.epochs * -(-55_000 // recipes.RECIPES[run.name].batch_size)
    print(f"{run.name:28}{run.parameters:7,}{run.epochs:4} epochs{steps:7,}", end="")
    print(f"{run.test:8.1%}  ({tests[0]:.1%} to {tests[-1]:.1%})")

# %% [markdown]
# The figure shows every run as a dot. LeNet is ahead of the MLP of its size, trained by the same
# recipe, by more than two points, far more than the spread of either; the tiny network, though it
# convolves too, is behind both. Here LeNet earns its multiply-adds. Its gain over the textbook's
# recipe is another matter. A learning rate of 0.9
# instead of 0.1, and nothing else, takes that one from about 72 to about 84 %, well over half of the
# way. The rest came with the modern recipe as a whole:
# ReLUs, max pools, larger first weights, AdamW and its schedule, mirror images and 2.8 times as many
# steps. Which of these does most on clothes, this table does not say: it changes them together.

# %% facts=["l7-two-eras", "l7-baselines", "l7-seeds"]
plots.accuracy_dots(
    lowest=0.6, **{r.name: [one.test for one in r.seeds] for r in results.runs}
)

# %% [markdown]
# How training went: validation accuracy after each of the first ten epochs, the mean of three seeds
# in a band from the worst to the best. The textbook's recipe is near 10 % for three epochs, and then
# begins to learn; with the larger rate two seeds begin in the second, one in the fourth. The modern ones are above 80 % after one
# epoch, and rise slowly from there; their last epochs are not shown.

# %% facts=["l7-two-eras", "l7-seeds"]
clothed = {run.name: run for run in results.runs if run.name.startswith("LeNet")}
curves = {name: [s.validation[:10] for s in run.seeds] for name, run in clothed.items()}
plots.accuracy_curves("epoch", range(1, 11), **curves)

# %% [markdown]
# One more gain costs no training. A shoe and its mirror image are the same shoe, so let the network
# look at both and average its two answers. It has the same 61 706 parameters, and takes twice the
# time to answer. The other recipes are printed too: the textbook's, trained without mirror images,
# get worse if asked in this way.

# %% facts=["l7-two-eras"]
for run in clothed.values():
    print(f"{run.name:24} one look: {run.test:.1%}, both ways: {run.both_ways:.1%}")

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
# With `live = False` this runs the recipe on the thousand digits again, and says so; with the seed
# from above it makes the same network as there. If you want the clothes, change `False` to `True`
# and run the two cells again. The first time that downloads 31 MB; without a network it says so and
# stays with the digits. Then it trains for one to three minutes, in 32 bits. The mirror images come
# in with the clothes: a shoe that points to the left is still a shoe.

# %% facts=["l7-data"]
live = False
clothes = digits
try:
    clothes = data.load("fashion_mnist") if live else digits
except data.DataUnavailable as why:
    print(why)
recipe = replace(recipes.RECIPES["LeNet, modern"], mirrored=clothes is not digits)
epochs, some = (None, None) if recipe.mirrored else (6, 1000)
print(clothes.source)

# %% [markdown]
# The cell prints the share of test images that are right, and **all cells from here on look at this
# network and at its images**: run them again after you have changed `live`, the seed or the recipe.
# What the text says about them is about the digits.

# %% facts=["l7-data"]
torch.set_default_dtype(torch.float32 if recipe.mirrored else torch.float64)
known = clothes.x_train[:some], clothes.y_train[:some]
model, _ = recipes.follow(recipe, *known, epochs=epochs, device="cpu")
torch.set_default_dtype(torch.float64)
lenet = model.double()
logits = torch_ref.predict(lenet, clothes.x_test)
print(f"{nets.accuracy(logits, clothes.y_test):.0%} of {len(logits):,} test images")

# %% [markdown]
# ## Where it errs
#
# ### A table of mistakes
#
# An accuracy does not say *what* is mistaken. The **confusion matrix** does: a row for each class,
# a column for each answer, and in each cell the share of the row's images that got that answer. The
# diagonal is right, everything beside it is a mistake. Rows and columns are not exchangeable: "a
# shirt taken for a coat" is another cell than "a coat taken for a shirt". Scikit-learn counts; the
# figure shows the test images of your network, in per cent: 500 digits, unless you chose clothes.

# %% facts=["l7-confusion"]
answers = logits.argmax(axis=1)
table = confusion_matrix(clothes.y_test, answers)
plots.confusion(table, clothes.classes)

# %% [markdown]
# Few mistakes, and with 50 images in each row one image is 2 %: do not read much into single cells.
# Better look at the images. The figure shows the first twelve that LeNet got wrong; the lines say
# what they are and what it took them for. Some of them you would have got wrong too.

# %% facts=["l7-confusion"]
wrong = np.flatnonzero(answers != clothes.y_test)[:12]
print("is       ", *(clothes.classes[c] for c in clothes.y_test[wrong]))
print("taken for", *(clothes.classes[c] for c in answers[wrong]))
plots.tiles(clothes.x_test[wrong, 0], columns=6)

# %% [markdown]
# Now the clothes, with 3 000 answers a row: 1 000 images, three seeds. Which class is the hardest?
# Think of their outlines before you look: trousers, bags, boots, T-shirts, pullovers, coats,
# dresses, shirts.

# %%
Predict(
    "Which class does the modern LeNet get wrong most often?",
    choices=["Trouser", "Bag", "Ankle boot", "Shirt"],
    answer="Shirt",
    why="Of its shirts 73 % are right, and of each of the other three 96 % or more.",
)

# %% [markdown]
# The figure shows the table of the modern LeNet, in per cent. Trousers and bags are right nearly
# always. Four of the ten classes are tops (T-shirt, pullover, coat, shirt), and the bright cells are
# among them: the row of the shirt (taken for a T-shirt, a pullover, a coat) and its column. Sandals, sneakers and boots form a second group. An accuracy of 91 % is thus made of
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
seen, out = [], torch.tensor(clothes.x_test[:1]).double()
for layer in lenet:
    out = layer(out)
    seen.append(out[0].detach().numpy())
maps = {"conv_1": seen[1], "pool_1": seen[2], "conv_2": seen[4], "pool_2": seen[5]}
filters = torch_ref.params_of(lenet)[0][:, 0]
plots.sheets(image=clothes.x_test[0], filters=filters, **maps)

# %% [markdown]
# Read it from above. The filters are no clean edges. But the maps of the first layer are easy to
# read: a left edge, the body of the
# stroke, horizontal pieces, an outline. You still see the 6. In the second layer there are sixteen
# maps, each a mixture of six, and they say *where a combination is*: a long stroke on the left, a
# bend at the lower right. After its pool 5 x 5 coarse numbers are left; you could not draw the
# digit from them, yet the dense layers can name it. From low to high level: more of **what**, less
# of **where**. One of the sixteen maps is dark altogether. Does its filter never respond, or only
# not to this image? The cell prints its number, and for how many test images of each class it is
# dark.

# %% facts=["l7-feature-maps"]
shown, labels = torch.tensor(clothes.x_test[:500]).double(), clothes.y_test[:500]
dark = (lenet[:5](shown) == 0).all(dim=3).all(dim=2).numpy()
print("dark for this image: map", *np.flatnonzero(dark[0]))
often = [dark[labels == c, dark[0].argmax()].mean() for c in range(10)]
print({name: f"{part:.0%}" for name, part in zip(clothes.classes, often, strict=True)})

# %% [markdown]
# So the filter lives. It finds something in most 4s, 3s and 2s, in few 6s and 8s, and in no 0.
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
# LeNet is of the class that each image was made for, and prints the least of each ten, rounded down.

# %% facts=["l7-activation-maximisation"]
black, gray = torch.zeros(10, 1, 28, 28), torch.full((10, 1, 28, 28), 0.5)
dreams = {
    "free": climb(black, lambda x: x),
    "from_black": climb(black, lambda x: x.clamp(0, 1)),
    "from_gray": climb(gray, lambda x: x.clamp(0, 1)),
}
for name, dream in dreams.items():
    least = 100 * lenet(dream).softmax(1).diagonal().min()
    print(f"{name:11} {int(least)} % or more")

# %% [markdown]
# The figure shows the three rows of ten images. Above, uncut: red and blue speckles, and hardly a
# digit to be seen. In the middle, from black: with some goodwill a 0, a 3, a 5. Below, from gray:
# stains in which a 0 or a 2 hides. All of them have the same fine grain.

# %% facts=["l7-activation-maximisation"]
plots.sheets(label="class", **{name: d[:, 0].numpy() for name, d in dreams.items()})

# %% [markdown]
# A network that is certain of stains: this is worth a pause. It has only ever been asked which *of
# ten digits* an image is, never whether it is one; on all other images its answer was never
# corrected. High confidence is no evidence that the network has met anything like it. To make such
# images look natural, people add rules to the climb (smooth it, shift it, keep it small), and then
# the picture tells as much about the rules as about the network. Last, 200 images of plain noise. The
# cell counts what LeNet calls them, class by class, and how many of them with more than 50 %.

# %% facts=["l7-activation-maximisation"]
noise = torch.tensor(np.random.default_rng(0).random((200, 1, 28, 28)))
sure, named = lenet(noise).softmax(dim=1).max(dim=1)
print(np.bincount(named, minlength=10), (sure > 0.5).sum().item())

# %% [markdown]
# Noise is not spread over the classes: 179 of the 200 are a "9" to it, and 152 with more than 50 %.
# Like the network that said 7 to everything, it does not look wrong from inside.

# %% [markdown]
# ## What we saw
#
# - LeNet: 61 706 parameters, 96 % of them dense; 416 520 multiply-adds, 86 % of them convolution. A
#   backward pass is one upstream gradient handed from layer to layer, and NumPy does it as PyTorch.
# - Before training: a loss near log 10, 100 images learned by heart, three parts kept apart, seeds
#   written down. The textbook's LeNet stood still, and changing one thing at a time named the
#   sigmoid. On Fashion-MNIST the same number of parameters went from about 72 % to over 91 % by
#   another recipe, changed as a whole.
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

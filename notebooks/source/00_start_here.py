# %% [markdown]
# # Convolutional networks, worked through
#
# Seven lessons, from a sum of four products to a network that you train with operations
# you wrote yourself. In each you work a number out by hand, then let code produce it,
# then look at a picture of it. Nothing is taken on trust, PyTorch included.
#
# You need Python, NumPy arrays, matrix products and partial derivatives. Every word
# beyond that is explained where it first stands, and again in the glossary below.

# %% [markdown]
# ## The map
#
# | | Lesson | The question it answers | Exercises |
# |---|---|---|---|
# | 1 | [MLP limits](01_mlp_limits.ipynb) | Why not connect every pixel to every neuron? | [exercises](../exercises/01_mlp_limits.ipynb) |
# | 2 | [Cross-correlation](02_cross_correlation.ipynb) | What does a kernel that slides over an image compute, and can it be learned? | [exercises](../exercises/02_cross_correlation.ipynb) |
# | 3 | [Channels](03_channels.ipynb) | What changes with several channels in and several out? | [exercises](../exercises/03_channels.ipynb) |
# | 4 | [Padding, stride, dilation](04_padding_stride_dilation.ipynb) | How large is the output, and what does one output see? | [exercises](../exercises/04_padding_stride_dilation.ipynb) |
# | 5 | [Pooling](05_pooling.ipynb) | How does a network keep what is there and forget where? | [exercises](../exercises/05_pooling.ipynb) |
# | 6 | [1x1 and separable convolution](06_pointwise_separable.ipynb) | How does one get the same with fewer products? | [exercises](../exercises/06_pointwise_separable.ipynb) |
# | 7 | [LeNet](07_lenet.ipynb) | What does a whole network look like, and what does it learn? | [exercises](../exercises/07_lenet.ipynb) |
#
# Lessons build on one another, in this order.

# %% [markdown]
# ## Is everything there?
#
# A code cell looks like the one below. Click on it and press **Shift+Enter**: it runs,
# and the next cell is chosen. It slides the pair (-1, 1) along five numbers and should
# show `array([ 0,  5,  0, -5])`: 0 where neighbours are equal, and what the step is where
# they are not. If you see an error instead, run `coursekit doctor` in a terminal (File,
# New, Terminal): it says what is missing.

# %%
import numpy as np

from coursekit.ops import corr1d

corr1d(np.array([2, 2, 7, 7, 2]), np.array([-1, 1]))

# %% [markdown]
# ## How to work
#
# 1. **Read with a pencil.** The numbers are small so that you can work them out. A
#    lesson takes an hour or two; stop between sections, not inside one. The next time,
#    run its cells again from the top (Run, Run All Above Selected Cell): a kernel that
#    has just started knows no name yet, and says `NameError`, whatever is shown above.
# 2. **Answer before you look.** Some cells ask you to predict a number, a shape or a
#    choice, and say at once whether it is right and why. A wrong guess costs nothing,
#    and you remember what surprised you. The answers are hidden, not secret.
# 3. **Play with the explorers.** Where a picture has buttons, they work with the mouse
#    and, after a first click, with the arrow keys. The words beneath say what it shows.
# 4. **Solve the exercises**, in the notebook beside each lesson: write your answer in
#    the cell that ends in `raise NotImplementedError(...)`, then run the cell with
#    `check(...)` under it. It calls your function on several inputs and says what is
#    wrong: the smallest input that fails, what came back, and, where it knows your
#    mistake, what you did. Check as often as you like. NumPy and SciPy may help you;
#    the course's own functions (`fast`, `ops`) are not accepted in an answer.
# 5. **Ask for a hint** when you are stuck: `hint("corr2d")` gives the first,
#    `hint("corr2d", 2)` the second, `hint("corr2d", 3)` nearly tells you. When you have
#    passed, `solution("corr2d")` shows the course's own answer, to compare with yours.

# %% [markdown]
# ## Your files
#
# You work on your own copies, in the folder that you see at the left. What you write
# there is never written over. A cell shows nothing until you run it; what it then
# shows, explorers and questions too, is there again tomorrow if you save.
# In a terminal, or in a cell with `!` before it, which runs it in the same folder:
#
# | command | what it does |
# |---|---|
# | `coursekit progress` | shows what you have solved; in a notebook `progress()` does |
# | `coursekit reset corr2d` | puts the starter of one exercise back and keeps what you had |
# | `coursekit update` | after the course moved on: brings new versions, beside your own |
#
# Want a whole notebook fresh? Rename yours and run `coursekit update`. All lessons run
# without a network, and nothing about you leaves your machine.

# %% [markdown]
# ## Glossary
#
# | word | what it means here | lesson |
# |---|---|---|
# | **activation** | the output of a layer; also the nonlinear function that makes it | 1 |
# | **backward pass** | the gradients of the loss, from the last layer to the first | 2 |
# | **baseline** | the simplest thing that could work, trained with the same care, to compare with | 7 |
# | **batch** | examples that go through the network together; the axis N | 3 |
# | **bias** | the number added to a sum of products; one for each output channel | 2 |
# | **channel** | one of the maps that lie on top of each other: red, or "edges"; the axis C | 3 |
# | **CNN** | convolutional neural network: one with convolutional layers | 1 |
# | **confusion matrix** | a table that counts: rows are the right classes, columns the answers | 7 |
# | **convolution** | a correlation with the kernel turned by half a turn; deep-learning libraries say convolution and compute correlation | 2 |
# | **cross-correlation** | a kernel slides over an input; each output is one sum of products | 2 |
# | **cross-entropy** | the loss -log p, where p is the share that the right class got | 7 |
# | **depthwise** | each channel is correlated with a kernel of its own; channels do not mix | 6 |
# | **dilation** | the distance between neighbouring taps of a kernel; 1 means no gaps | 4 |
# | **epoch** | one pass over all training examples | 7 |
# | **equivariant** | shift the input, and the output shifts with it | 1 |
# | **feature map** | one channel of a layer's output, an image of where a pattern was found | 3 |
# | **filter** | the kernels that make one output channel, one for each input channel | 3 |
# | **gradient** | the partial derivatives of a number, the loss, with respect to an array | 2 |
# | **group** | channels that are convolved by themselves, apart from all other groups | 6 |
# | **invariant** | shift the input, and the output stays the same | 5 |
# | **kernel** | the small array of weights that slides | 2 |
# | **learning rate** | how far one step goes against the gradient | 2 |
# | **logit** | a score before softmax: any number, one for each class | 7 |
# | **loss** | one number that says how wrong the output is; training makes it small | 2 |
# | **MLP** | multilayer perceptron: layers in which every input meets every output | 1 |
# | **multiply-add** | one product added to a sum, the unit in which layers are priced | 3 |
# | **overfit** | to be right on the images learned from, and less so on others | 7 |
# | **padding** | numbers put around an input, mostly zeros, so that the output shrinks less | 4 |
# | **parameter** | a number that training changes: a weight or a bias | 1 |
# | **PCA** | principal component analysis: the directions along which data vary most | 6 |
# | **pointwise** | at each pixel by itself: a 1 x 1 convolution | 6 |
# | **pooling** | one number for each window, without weights: its largest, or its mean | 5 |
# | **rank** | the fewest columns times rows that add up to a matrix; rank 1 is one column times one row | 6 |
# | **receptive field** | the part of the input on which one output depends | 4 |
# | **ReLU** | rectified linear unit: negative numbers become 0, all others stay | 1 |
# | **seed** | the number a random generator starts from: the same seed, the same numbers | 7 |
# | **separable** | can be done in two cheaper steps: column and row, or depthwise and pointwise | 6 |
# | **softmax** | turns scores into positive shares with sum 1 | 7 |
# | **stride** | how many places the window moves between outputs | 4 |
# | **SVD** | singular value decomposition: a matrix as a sum of columns times rows, the weightiest first | 6 |
# | **tensor** | an array with any number of axes | 3 |
# | **upstream gradient** | the gradient with respect to a layer's output, given to its backward pass | 2 |
# | **valid, same** | no padding; as much as keeps the size | 4 |
# | **validation images** | kept apart from training, to choose by; test images are for the end only | 7 |
# | **window** | the part of the input that the kernel covers at one place | 2 |
#
# Next: [lesson 1, MLP limits](01_mlp_limits.ipynb).

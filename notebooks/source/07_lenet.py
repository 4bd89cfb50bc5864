# %% [markdown]
# # 7. LeNet
#
# **Seven layers and 61 706 numbers read a picture: this lesson builds the whole network.**

# %% [markdown]
# ## The trace
#
# One image goes in, and after every layer you know the shape of what comes out.

# %% [markdown]
# ## The loss
#
# One number says how wrong the ten scores of an image are.

# %% [markdown]
# ## Backward, by hand
#
# The loss tells every weight which way to move.

# %% [markdown]
# ## The network in torch
#
# The same network, written as a module.

# %% [markdown]
# ## Training
#
# Batch after batch, the weights move a small step downhill.

# %% [markdown]
# ## Where it errs
#
# A table shows which classes are taken for which.

# %% [markdown]
# ## Looking inside
#
# An image that excites one output most shows what that output looks for.

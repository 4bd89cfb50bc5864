# %% [markdown]
# # 1. MLP limits: why not a dense network?
#
# **A dense network can learn any image. Why does nobody use one for images?**

# %% [markdown]
# ## Counting the weights
#
# A dense layer has one weight for each pair of an input and an output.

# %% [markdown]
# ## Shifted and shuffled images
#
# A dense layer knows nothing of neighbours, and learns each place by itself.

# %% [markdown]
# ## From dense to convolution
#
# Two demands turn the general linear map into a correlation.

# %% [markdown]
# ## Equivariance, and the border
#
# Shift the input, and the output shifts with it, away from the border.

# %% [markdown]
# # 5. Pooling
#
# **How does a network keep what is there and forget where?**

# %% [markdown]
# ## Pooling by hand
#
# Each window becomes one number, its largest or its mean.

# %% [markdown]
# ## How many windows
#
# The stride defaults to the kernel: pooling leaps, a convolution slides.

# %% [markdown]
# ## Average pooling is a convolution
#
# A mean is a sum of products with equal weights.

# %% [markdown]
# ## Max pooling is not linear
#
# The largest of a sum is not the sum of the largest.

# %% [markdown]
# ## Where the gradient goes
#
# A mean shares its gradient out, a maximum gives it to the winner.

# %% [markdown]
# ## Small shifts
#
# Pooling forgives some shifts by a pixel, and not others.

# %% [markdown]
# ## Where libraries differ
#
# Padding, ceil mode, divisors and ties.

# %% [markdown]
# ## Global average pooling
#
# One window as large as the map.

# %% [markdown]
# # 6. 1x1 and separable convolution
#
# **How does one get nearly the same from a layer with a fraction of its products?**

# %% [markdown]
# ## A dense layer at every pixel
#
# A 1 x 1 convolution is a dense layer that every pixel goes through.
#
# ## Compressing channels
#
# It makes many channels few, as PCA does with a projection.
#
# ## Depthwise, then pointwise
#
# One step looks along height and width, the other mixes the channels.
#
# ## Groups in between
#
# One number leads from a standard convolution to a depthwise one.
#
# ## Kernels that split
#
# A kernel of rank 1 is a column times a row.
#
# ## Inception, the step in between
#
# Parallel branches, each with its own kernel size.
#
# ## Famous networks, counted
#
# AlexNet, VGG-16, an Inception block and a MobileNet block, from their specifications.
#
# ## What we saw
#
# **Now you.** [The exercises of this lesson](../exercises/06_pointwise_separable.ipynb).

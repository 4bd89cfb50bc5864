"""The operations vectorised: the names and meanings of `coursekit.ops`, at speed.

Everything is NumPy, laid out N C H W. `*_backward` gives the gradients in the order of
the inputs.
"""

from coursekit.fast.windows import (
    convolve2d,
    corr1d,
    corr2d,
    corr2d_kernel_grad,
    windows2d,
)

__all__ = ["convolve2d", "corr1d", "corr2d", "corr2d_kernel_grad", "windows2d"]

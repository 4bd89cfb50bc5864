"""Keep torch as its user left it while somebody's torch code is judged."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def kept() -> Iterator[None]:
    """Compute on one thread, and give everything global back as it was.

    That is: the generator of random numbers, whether gradients are recorded, the number
    of threads, and the dtype of new tensors.

    >>> with kept():
    ...     _ = torch.set_grad_enabled(False)
    >>> torch.is_grad_enabled()
    True
    """
    numbers, threads = torch.get_rng_state(), torch.get_num_threads()
    dtype = torch.get_default_dtype()
    torch.set_num_threads(1)
    try:
        with torch.enable_grad():  # goes back to what it was by itself
            yield
    finally:
        torch.set_rng_state(numbers)
        torch.set_num_threads(threads)
        torch.set_default_dtype(dtype)

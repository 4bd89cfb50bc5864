"""Keep torch as its user left it while somebody's torch code is judged."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch

_COMPILER = "torch._dynamo"


class _NotCompiled(ModuleType):
    """Stands for torch's compiler where nothing is compiled, until it is needed."""

    def disable(self, function: Any = None, *args: Any, **options: Any) -> Any:
        """Return the function, which is not compiled here."""
        return function

    def graph_break(self, msg: str = "") -> None:
        """Do nothing: no graph is made."""

    def __getattr__(self, name: str) -> Any:
        """Import the compiler after all, for what only it has."""
        if sys.modules.get(_COMPILER) is self:
            del sys.modules[_COMPILER], torch._dynamo
        return getattr(importlib.import_module(_COMPILER), name)


def without_compiler() -> None:
    """Let optimizers work without torch's compiler, which they would import first.

    They do so to say that they are not to be compiled: it takes 2 s and 70 MB. For a
    process of the course's own; a learner's kernel keeps its torch as it is.
    """
    if _COMPILER not in sys.modules:
        torch._dynamo = sys.modules[_COMPILER] = _NotCompiled(_COMPILER)


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

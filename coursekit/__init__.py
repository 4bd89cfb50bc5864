"""A course on convolutional networks: its operations, pictures, questions and checks.

Each part loads on first use, so `import coursekit` costs little more than NumPy and
loads neither torch nor matplotlib.
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"
__all__ = [
    "count",
    "data",
    "fast",
    "grade",
    "measured",
    "nets",
    "ops",
    "plots",
    "quiz",
    "shapes",
    "torch_ref",
    "widgets",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"coursekit has no part called {name!r}; it has {__all__}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]

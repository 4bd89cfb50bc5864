"""A course on convolutional networks: its operations, pictures, questions and checks.

Each part loads on first use, so `import coursekit` costs little more than NumPy and
loads neither torch nor matplotlib. The rooms, from the ground up; imports lead down:

    shapes               sizes: integers only, and the one formula
    files ipynb tables   whole writes; notebooks as JSON; tables as text and HTML
    arguments            what operations accept
    ops fast torch_ref   the operations, in files of equal names: loops, fast, in torch
    nets count           networks as nouns, and what they cost
    data measured        pictures by name; what benchmarks measured
    plots                one function a figure
    exercise             what an exercise is
    bank                 the exercises, one file each
    runner               what may run beside a learner's code; knows no answer
    grade                check, hint, progress, solution
    widgets              explorers, and questions to answer before you look
    workfolder           the learner's own copies
    author               text -> notebooks; the student's copy
    cli                  the command, one file a subcommand
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

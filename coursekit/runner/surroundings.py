"""What is around a call: NumPy as it is, no borrowed libraries, no figures.

Whatever is changed for the time of a call is given back as it was. None of this is a
lock: code that wants to get round it can.
"""

import builtins
import importlib
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType
from typing import Any

import numpy as np

TORCH = frozenset({"torch", "torchvision", "torchaudio"})
BORROWED = TORCH | {
    *("coursekit", "scipy", "sklearn", "skimage", "cv2"),
    *("tensorflow", "keras", "jax", "flax", "autograd", "mxnet"),
}

_SPEAKING = {"input", "print", "open", "help", "exit", "quit", "display", "breakpoint"}


def _functions(module: ModuleType) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(module).items()
        if callable(value) and name[0] != "_" and name not in _SPEAKING
    }


# As they are when this is imported, which is before anything is checked.
_MODULES = np, np.linalg, np.lib.stride_tricks, math, builtins
_OWN = [(module, _functions(module)) for module in _MODULES]
_GONE = object()


@contextmanager
def numpys_own() -> Iterator[list[str]]:
    """Put NumPy's and Python's own functions in their places, and the others back.

    Yields: the names of those in whose place stood something else, also after the body.

    >>> import numpy as np
    >>> kept, np.sum = np.sum, len
    >>> with numpys_own() as replaced:
    ...     int(np.sum([1, 2, 3]))
    6
    >>> np.sum = kept
    >>> replaced
    ['numpy.sum']
    """
    replaced: list[str] = []
    theirs = _put_back(replaced)
    try:
        with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
            yield replaced
    finally:
        _put_back(replaced)
        for module, name, value in theirs:
            if value is _GONE:
                delattr(module, name)
            else:
                setattr(module, name, value)


def _put_back(replaced: list[str]) -> list[tuple[ModuleType, str, Any]]:
    theirs = []
    for module, own in _OWN:
        now = vars(module)
        for name in [one for one in own if now.get(one) is not own[one]]:
            theirs.append((module, name, now.get(name, _GONE)))
            replaced.append(f"{module.__name__}.{name}")
            setattr(module, name, own[name])
    return theirs


def not_for_this(name: str) -> ImportError:
    """Return what an import of a borrowed library raises."""
    return ImportError(
        f"{name} is not for this exercise: here you write the operation yourself, "
        "with Python, NumPy and functions of your own."
    )


@contextmanager
def no_borrowing(torch: bool) -> Iterator[None]:
    """Let no import statement reach a library that has the answer ready."""
    refused = {"coursekit"} if torch else BORROWED
    importing, by_name = builtins.__import__, importlib.import_module

    def look(name: str) -> None:
        if name.partition(".")[0] in refused:
            raise not_for_this(name)

    def statement(name: str, *args: Any, **options: Any) -> Any:
        look(name)
        return importing(name, *args, **options)

    def import_module(name: str, package: str | None = None) -> Any:
        look(name)
        return by_name(name, package)

    builtins.__import__, importlib.import_module = statement, import_module
    try:
        yield
    finally:
        builtins.__import__, importlib.import_module = importing, by_name


@contextmanager
def no_figures() -> Iterator[None]:
    """Hold figures and other displays back, and close the figures that come new."""
    before = _pyplot()
    numbers = set(before.get_fignums()) if before else set()
    show = before.show if before else None
    if before:
        before.show = lambda *args, **options: None
    capture = sys.modules.get("IPython.utils.capture")
    held = capture.capture_output(False, False) if capture else nullcontext()
    try:
        with held:
            yield
    finally:
        if before:
            before.show = show
        if pyplot := _pyplot():
            for number in set(pyplot.get_fignums()) - numbers:
                pyplot.close(number)


def _pyplot() -> Any:
    """Return matplotlib.pyplot where something has imported it."""
    return sys.modules.get("matplotlib.pyplot")

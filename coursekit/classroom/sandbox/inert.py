"""What a child finds beside Python and NumPy: an inert course, and no libraries.

None of this is a lock. The walls make unreadable what is refused here; this makes a
sentence of it, and lets cells that draw or check go on as if they had.
"""

import builtins
import importlib
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from opcode import opmap
from types import ModuleType
from typing import Any

from coursekit.runner.surroundings import BORROWED, TORCH, not_for_this

_COURSE = "coursekit"
_PARTS = {"grade", "data", "plots", "widgets"}  # of the course: they answer nothing
_LIBRARIES = {"matplotlib", "mpl_toolkits", "seaborn", "IPython", "ipywidgets", "tqdm"}
_OPERATORS = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("radd", "rsub", "rmul", "rtruediv", "rfloordiv", "rmod", "rpow", "rmatmul"),
    *("neg", "pos", "abs", "call", "getitem", "enter", "lt", "le", "gt", "ge"),
)


class Nothing:
    """Stands for a figure, a widget, a verdict: takes everything and does nothing."""

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        pass

    def __iter__(self) -> Iterator["Nothing"]:
        """Be empty, or as many as are asked for, as in `fig, ax = plt.subplots()`."""
        frame = sys._getframe(1)
        step = frame.f_code.co_code[frame.f_lasti :][:2]
        unpacked = step[0] == opmap["UNPACK_SEQUENCE"]
        return iter([self] * (step[1] if unpacked else 0))

    def __len__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __index__(self) -> int:
        return 0

    def __format__(self, form: str) -> str:
        return ""

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


NOTHING = Nothing()
for _name in _OPERATORS:
    setattr(Nothing, f"__{_name}__", lambda self, *args, **options: self)


class Bar:
    """tqdm's progress bar without the bar: yields what it was given."""

    def __init__(self, iterable: Iterable[Any] = (), *args: Any, **options: Any):
        self.iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)  # type: ignore[arg-type]

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __getattr__(self, name: str) -> Nothing:
        return NOTHING


_BARS = {
    "tqdm": Bar,
    "tqdm_notebook": Bar,
    "trange": lambda *n, **options: Bar(range(*n)),
}


class InertModule(ModuleType):
    """A module in which every name is there, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if self.__name__ == _COURSE:
            return importlib.import_module(f"{_COURSE}.{name}")
        if self.__name__.partition(".")[0] == "tqdm" and name in _BARS:
            return _BARS[name]
        return NOTHING


class Surroundings(MetaPathFinder, Loader):
    """Asked first for every module: makes an inert one, refuses it, or lets it be."""

    def __init__(self, torch: bool, there: Collection[str]) -> None:
        self._refused = BORROWED - (TORCH if torch else set())
        self._there = sys.stdlib_module_names | set(there)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: object = None
    ) -> ModuleSpec | None:
        """Return an inert module for the course and what draws, None for the rest.

        Raises: ImportError for what is not for an exercise or cannot be had here.
        """
        root, _, rest = name.partition(".")
        if root in _LIBRARIES or (
            root == _COURSE and rest.partition(".")[0] in {"", *_PARTS}
        ):
            return ModuleSpec(name, self, is_package=True)
        if root == _COURSE:
            raise ImportError(
                f"This uses {name}, the course's own code. Write the function "
                "yourself; compare with the course's afterwards."
            )
        if root in self._refused:
            raise not_for_this(name)
        if root not in self._there and root not in sys.modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module without content."""
        return InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no content."""


def hide(torch: bool, there: Collection[str]) -> None:
    """Take the course out of this process but for what runs answers, for good.

    `there` names the modules that can be imported beside Python's own.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == _COURSE]:
        if not name.startswith(f"{_COURSE}.runner"):  # it imports parts of itself late
            del sys.modules[name]
    sys.meta_path.insert(0, Surroundings(torch, there))
    for name in "display", "get_ipython":  # as a notebook has them
        setattr(builtins, name, NOTHING)

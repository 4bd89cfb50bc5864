"""What one exercise is: its record, its cases, its wrong answers and its rules.

A bank file makes one `Exercise` and hangs functions on it with decorators; everything
else (starter, check, hints, answer sheet, batch grading) is read from that record.
"""

import ast
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import cleandoc, signature
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from coursekit.grade import source
from coursekit.shapes import pair

Args = tuple[Any, ...]
Definition = TypeVar("Definition", bound=Callable[..., Any])

_FILE_NAME = re.compile(r"l(?P<lesson>\d+)_(?P<position>\d+)_(?P<id>[A-Za-z]\w*)")


class Call(NamedTuple):
    """One call of the learner's function: the number of its group, its arguments."""

    group: int
    args: Args


class Window(NamedTuple):
    """The part of one argument that feeds one cell of the result."""

    argument: int
    region: tuple[slice, ...]


@dataclass(frozen=True)
class Group:
    """Cases that earn their points together; drawn cases come from a seed."""

    name: str
    points: float
    shown: bool
    make: Callable[..., Any]
    draws: int | None = None  # None: fixed cases

    def args(self, index: int, seed: int) -> Iterator[Args]:
        if self.draws is None:
            yield from self.make()
            return
        for draw in range(self.draws):
            yield self.make(np.random.default_rng([seed, index, draw]))


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that people really give, and the sentence that helps them."""

    name: str
    sentence: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Rule:
    """Something the text of a solution may not contain."""

    sentence: str
    broken_by: Callable[[ast.AST], Iterable[int]]  # tree -> lines


@dataclass(eq=False)
class Exercise:
    """One exercise: a task, its right answer, its wrong answers and how to judge.

    `may_change` names the arguments that a solution may write to. `scale` maps
    (args, expected) to the size of the numbers that were added up; a result may be
    off by `tolerance * eps * scale`, with the eps of its own precision. `measure` turns
    a result into what is judged, `window` a (args, cell) into the `Window` behind it,
    `driver` is a self-contained function (learner's function, *args) -> value, and
    `seconds` limits all calls of the learner's function together.
    """

    module: str
    points: float
    difficulty: int
    minutes: int
    section: str
    hints: tuple[str, ...]
    needs: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    may_change: tuple[str, ...] = ()
    random: bool = False
    dtype_graded: bool = False
    elementwise: bool = False
    scale: Callable[[Args, Any], Any] | None = None
    tolerance: float = 64.0
    window: Callable[[Args, tuple[int, ...]], Window | None] | None = None
    measure: Callable[[Any], Any] | None = None
    driver: Callable[..., Any] | None = None
    seconds: float = 10.0
    figure: Callable[[], Any] | None = None

    def __post_init__(self) -> None:
        self.path = Path(str(sys.modules[self.module].__file__))
        named = _FILE_NAME.fullmatch(self.path.stem)
        if named is None:
            raise ValueError(
                f"{self.path.name} is no name of an exercise; call it like "
                "l2_03_corr2d.py: lesson, position in it, name of the function"
            )
        self.id = named["id"]
        self.lesson, self.position = int(named["lesson"]), int(named["position"])
        self.groups: list[Group] = []
        self.wrongs: list[Wrong] = []
        self.alternatives: list[Callable[..., Any]] = []
        self._answer: Callable[..., Any] | None = None

    # Decorators. Each returns the function unchanged.

    def given(self, definition: Definition) -> Definition:
        """Keep this definition in the starter, for the learner to call."""
        return definition

    def helper(self, definition: Definition) -> Definition:
        """Keep this definition for the solution; the starter does not show it."""
        return definition

    def solution(self, definition: Definition) -> Definition:
        """Take this definition as the right answer; the starter is its head."""
        if definition.__name__ != self.id:
            raise ValueError(
                f"{self.path.name} promises {self.id}, its solution is called "
                f"{definition.__name__}; give both the same name"
            )
        self._answer = definition
        return definition

    def alternative(self, definition: Definition) -> Definition:
        """Take this definition as another right answer (tested, never shown)."""
        self.alternatives.append(definition)
        return definition

    def wrong(self, sentence: str) -> Callable[[Definition], Definition]:
        """Take the definition as a wrong answer that is met with this sentence."""

        def keep(definition: Definition) -> Definition:
            self.wrongs.append(Wrong(definition.__name__, sentence, definition))
            return definition

        return keep

    def cases(
        self, name: str, *, points: float = 1, shown: bool = True
    ) -> Callable[[Definition], Definition]:
        """Take a function that yields argument tuples, the same ones every time."""
        return self._group(name, points, shown, None)

    def fresh(
        self, name: str, *, points: float = 1, draws: int = 4, shown: bool = True
    ) -> Callable[[Definition], Definition]:
        """Take a function from a random generator to one argument tuple."""
        return self._group(name, points, shown, draws)

    def _group(
        self, name: str, points: float, shown: bool, draws: int | None
    ) -> Callable[[Definition], Definition]:
        def keep(definition: Definition) -> Definition:
            self.groups.append(Group(name, points, shown, definition, draws))
            return definition

        return keep

    # What the build and the grader read.

    @property
    def answer(self) -> Callable[..., Any]:
        if self._answer is None:
            raise ValueError(f"{self.path.name} has no @exercise.solution; add one")
        return self._answer

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments that the solution takes."""
        return tuple(signature(self.answer).parameters)

    @cached_property
    def _docstring(self) -> tuple[str, str]:
        title, _, prompt = cleandoc(sys.modules[self.module].__doc__ or "").partition(
            "\n"
        )
        return title.strip(), prompt.strip()

    @property
    def title(self) -> str:
        return self._docstring[0]

    @property
    def prompt(self) -> str:
        return self._docstring[1]

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The texts cut from the bank file: starter, solution, given, driver."""
        driver = self.driver.__name__ if self.driver else None
        return source.parts(self.path.read_text(encoding="utf-8"), self.id, driver)

    @property
    def starter_source(self) -> str:
        return self.parts["starter"]

    @property
    def solution_source(self) -> str:
        return self.parts["solution"]

    @property
    def given_source(self) -> str:
        return self.parts["given"]

    @property
    def driver_source(self) -> str:
        return self.parts["driver"]

    def calls(self, seed: int = 0) -> list[Call]:
        """Return every call that is judged; the seed decides the drawn ones."""
        return [
            Call(index, args)
            for index, group in enumerate(self.groups)
            for args in group.args(index, seed)
        ]


def correlation_window(args: Args, cell: tuple[int, ...]) -> Window:
    """Return the window of x that feeds one output of a valid correlation (x, k)."""
    spans = zip(cell, np.shape(args[1]), strict=True)
    return Window(0, tuple(slice(start, start + k) for start, k in spans))


def channels_window(args: Args, cell: tuple[int, ...]) -> Window:
    """Return the window, all channels deep, behind one output of a layer (x, k, ...).

    x is one image (C, H, W) or a batch (N, C, H, W); rows and columns end both shapes.
    """
    x, k = args[:2]
    image = [slice(n, n + 1) for n in cell[: x.ndim - 3]]
    places = zip(cell[-2:], k.shape[-2:], strict=True)
    spans = [slice(start, start + size) for start, size in places]
    return Window(0, (*image, slice(0, x.shape[-3]), *spans))


def pooling_window(args: Args, cell: tuple[int, ...]) -> Window:
    """Return the part of x (N, C, H, W) behind one output of a pooling (x, k, ...).

    What may follow k is the stride (None: as k) and the padding, as in torch.
    """
    given = dict(enumerate(args))
    taps = pair(args[1], "k")
    steps = taps if given.get(2) is None else pair(args[2], "stride")
    before = pair(given.get(3, 0), "padding")
    spans = [slice(n, n + 1) for n in cell[:2]]
    axes = zip(cell[2:], args[0].shape[2:], taps, steps, before, strict=True)
    for place, size, k, stride, padding in axes:
        start = place * stride - padding
        spans.append(slice(max(start, 0), min(start + k, size)))
    return Window(0, tuple(spans))


def output_scale(args: Args, expected: Any) -> float:
    """Return the largest number of the result: right where little cancels."""
    size = np.abs(expected)
    return float(np.max(size, initial=0.0, where=np.isfinite(size)))


def bilinear_scale(args: Args, expected: Any) -> float:
    """Return the product of the arrays' norms: no sum of products is larger.

    Source: Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1.
    """
    norms = [np.linalg.norm(a.ravel()) for a in args if isinstance(a, np.ndarray)]
    return math.prod(map(float, norms))


def layer_scale(args: Args, expected: Any) -> float:
    """Return what `bilinear_scale` says of (x, weight), and the largest bias on top."""
    x, weight, bias = args
    largest = 0.0 if bias is None else float(np.max(np.abs(bias)))
    return bilinear_scale((x, weight), expected) + largest


_LOOPS = (
    *(ast.For, ast.AsyncFor, ast.While),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_HIDDEN_LOOPS = {"map", "vectorize", "apply_along_axis", "fromfunction", "fromiter"}


def _loops(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        name = getattr(node, "id", None) or getattr(node, "attr", None)
        if isinstance(node, _LOOPS) or name in _HIDDEN_LOOPS:
            yield getattr(node, "lineno", 1)


NO_LOOPS = Rule(
    "This exercise asks for whole-array operations: no for, no while, no "
    "comprehension and nothing that hides one, such as map or np.vectorize.",
    _loops,
)


def forbids(name: str, sentence: str) -> Rule:
    """Make the rule that a function, such as "np.pad", is not used.

    Its last name counts, whatever it is taken from: np.pad, numpy.pad, or an imported
    pad. A function of that name that the learner defines is the learner's own.
    """
    last = name.rpartition(".")[2]

    def used(tree: ast.AST) -> Iterator[int]:
        nodes = list(ast.walk(tree))
        own = any(isinstance(n, ast.FunctionDef) and n.name == last for n in nodes)
        for node in nodes:
            taken = isinstance(node, ast.Attribute) and node.attr == last
            imported = isinstance(node, ast.alias) and node.name == last
            called = isinstance(node, ast.Call) and _is_name(node.func, last)
            if taken or imported or (called and not own):
                yield getattr(node, "lineno", 1)

    return Rule(sentence, used)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name

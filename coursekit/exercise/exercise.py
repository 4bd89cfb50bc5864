"""What one exercise is: its record, its cases and its wrong answers.

A bank file makes one `Exercise` and hangs functions on it with decorators; everything
else (starter, check, hints, answer sheet, batch grading) is read from that record.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import cleandoc, signature
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from coursekit.exercise import source

Args = tuple[Any, ...]
Definition = TypeVar("Definition", bound=Callable[..., Any])

STORED = ".key"  # ends a file that holds an exercise without its answers
FILE_NAME = re.compile(r"l(?P<lesson>\d+)_(?P<position>\d+)_(?P<id>[A-Za-z]\w*)")


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

    `scale` maps (args, expected) to the size of the numbers that were added up; a
    result may be off by `tolerance * eps * scale`, with the eps of its own precision.
    `measure` turns a result into what is judged, `window` a (args, cell) into the
    `Window` behind it, `driver` is a self-contained function (learner's function,
    *args) -> value, `torch` says that answers are written in torch, and `seconds`
    limits all calls of the learner's function together.
    """

    module: str
    points: float
    difficulty: int
    minutes: int
    section: str
    hints: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    random: bool = False
    dtype_graded: bool = False
    scale: Callable[[Args, Any], Any] | None = None
    tolerance: float = 64.0
    window: Callable[[Args, tuple[int, ...]], Window | None] | None = None
    measure: Callable[[Any], Any] | None = None
    driver: Callable[..., Any] | None = None
    torch: bool = False
    seconds: float = 10.0

    def __post_init__(self) -> None:
        self.path = Path(str(sys.modules[self.module].__file__))
        named = FILE_NAME.fullmatch(self.path.stem)
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

    @property
    def stored(self) -> bool:
        """Whether this is a student's copy, in which no answer is."""
        return self.path.suffix == STORED

    @cached_property
    def text(self) -> str:
        """The text of the bank file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The texts cut from the bank file: starter, solution, given, driver."""
        driver = self.driver.__name__ if self.driver else None
        return source.parts(self.text, self.id, driver)

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

"""One submission, marked: read, run behind walls, judged here.

The learner's code runs in a child process of a `Server`, which knows inputs and no
answer. What comes back are plain values, and only this side compares.
"""

import hashlib
import importlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType

from coursekit import bank
from coursekit.classroom.reader.cells import Unreadable, cells
from coursekit.classroom.reader.handed import Handed
from coursekit.classroom.reader.program import Program, program
from coursekit.classroom.results import MISSING, NOT_GRADED, Result
from coursekit.classroom.sandbox.client import Server
from coursekit.classroom.seeds import Seeds
from coursekit.classroom.verdicts import verdicts
from coursekit.classroom.versions import version_of
from coursekit.exercise import Exercise
from coursekit.grade.borrowed import borrowed_in, sentence
from coursekit.grade.judge import refused
from coursekit.grade.key import AnswerKey, key_of
from coursekit.grade.verdict import Verdict

Blanks = Mapping[str, Result]  # by exercise: what is known before it is judged

_TORCH_STATE = "coursekit.runner.torch_state"  # imports torch


class Marker:
    """Marks submissions, one after the other, with servers of its own.

    `exercises` are names, and `own` is a folder of bank files that come before those of
    the course. `weak` accepts servers whose children are not closed in.
    """

    def __init__(
        self,
        exercises: Iterable[str],
        seeds: Seeds,
        *,
        own: Path | None = None,
        weak: bool = False,
    ) -> None:
        lessons = bank.lessons(own)
        self.lessons = {id: lessons[id] for id in exercises}
        self.seeds = seeds
        self._load = lru_cache(maxsize=None)(partial(bank.load, folder=own))
        self._version = lru_cache(maxsize=None)(version_of)
        self._server = partial(Server, weak=weak)
        self._servers: dict[bool, Server] = {}
        self._open = ExitStack()

    def __enter__(self) -> "Marker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def mark(
        self, handed: Handed, known: Container[str] = (), learner: str = ""
    ) -> list[Result]:
        """Return a result for each exercise of a submission that is not `known`.

        `known` holds keys of results, or their places where any judgement will do.
        `learner` is who handed it in, where that is not what the file says. Whatever
        stands in the file, this does not raise: a result may say that it failed.
        """
        blank = self._blank(handed, learner or handed.learner)
        if handed.problem:
            return [replace(blank, problem=handed.problem)]
        self._server_for(torch=False)  # it starts meanwhile
        try:
            data = handed.read()
            blank = replace(blank, submission=hashlib.sha256(data).hexdigest())
            found = program(*cells(data, handed.name))
        except Unreadable as unreadable:
            return [replace(blank, problem=str(unreadable))]
        chosen = [self._load(id) for id in chosen_for(found, self.lessons)]
        if not chosen:
            return [replace(blank, problem="It defines no function of an exercise.")]
        blanks = {
            one.id: replace(
                blank,
                exercise=one.id,
                bank=self._version(one),
                out_of=one.points,
                notes=tuple(found.notes),
            )
            for one in chosen
        }
        todo = [one for one in chosen if not _known(blanks[one.id], known)]
        results = {one.exercise: one for one in self._marked(todo, found, blanks)}
        return [results[one.id] for one in todo]

    def _blank(self, handed: Handed, learner: str) -> Result:
        return Result(
            learner=learner,
            file=handed.name,
            submission="",
            exercise="",
            bank="",
            seed=self.seeds.said,
            status=NOT_GRADED,
            points=0.0,
            out_of=0.0,
            when=handed.when,
            late=handed.late,
            ids=handed.ids,
        )

    def _marked(
        self, exercises: Sequence[Exercise], found: Program, blanks: Blanks
    ) -> Iterator[Result]:
        """Yield a result for each exercise: those in NumPy first, then in torch."""
        for torch in sorted({e.torch for e in exercises if found.defines(e.id)}):
            self._server_for(torch)  # it starts meanwhile
        for torch in (False, True):
            group = [one for one in exercises if one.torch == torch]
            written = [one for one in group if found.defines(one.id)]
            for one in group:
                if one not in written:
                    yield replace(blanks[one.id], status=MISSING)
            own = []
            for one in written:
                if theirs := borrowed_in(found.text_of(one.id) or "", torch=torch):
                    yield _told(blanks[one.id], refused(one, sentence(theirs)))
                else:
                    own.append(one)
            yield from self._run(torch, found, own, blanks) if own else ()

    def _run(
        self,
        torch: bool,
        found: Program,
        exercises: Sequence[Exercise],
        blanks: Blanks,
    ) -> Iterator[Result]:
        """Run and judge the answers, also as they stood before a later cell."""
        server = self._server_for(torch)
        keys = {one.id: self._key(one, blanks[one.id].learner) for one in exercises}
        made, said = verdicts(server, found, [*keys.values()])
        for id, verdict in made.items():
            notes = [*found.notes, *said]
            if not verdict.passed and (earlier := found.until(id)):
                then, _ = verdicts(server, earlier, [keys[id]])
                if then[id].points > verdict.points:
                    verdict = then[id]
                    notes.append(earlier.notes[-1])
            blank = replace(blanks[id], notes=tuple(notes))
            yield _told(replace(blank, isolation=server.isolation.text), verdict)

    def _key(self, exercise: Exercise, learner: str) -> AnswerKey:
        base = key_of(exercise)
        return AnswerKey(exercise, self.seeds.of(learner, exercise.id), like=base)

    def _server_for(self, torch: bool) -> Server:
        if torch not in self._servers:
            server = self._server(torch=torch, wait=False)
            self._servers[torch] = self._open.enter_context(server)
            if torch:  # for the solutions, and while the server imports it too
                importlib.import_module(_TORCH_STATE).without_compiler()
        return self._servers[torch]


def _known(blank: Result, known: Container[str]) -> bool:
    return blank.key in known or " ".join(blank.place) in known


def chosen_for(found: Program, lessons: Mapping[str, int]) -> list[str]:
    """Return the exercises of the lessons that a submission is about.

    These are the lessons half of whose exercises it defines, for the starters define
    all; else the one of which it defines most. Functions are handed on from lesson to
    lesson, so one alone says little.
    """
    defined: dict[int, list[bool]] = {}
    for id, lesson in lessons.items():
        defined.setdefault(lesson, []).append(found.defines(id))
    share = {lesson: sum(them) / len(them) for lesson, them in defined.items()}
    least = min(0.5, max(share.values(), default=0))
    return [id for id, lesson in lessons.items() if share[lesson] >= least > 0]


def _told(blank: Result, verdict: Verdict) -> Result:
    if verdict.status == NOT_GRADED:
        return replace(blank, problem=verdict.sentence)
    return replace(
        blank,
        status=verdict.status,
        points=verdict.points,
        sentence=verdict.sentence,
        misconception=verdict.misconception,
        findings=verdict,
    )

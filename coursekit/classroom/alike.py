"""Find answers that are suspiciously alike: a list to look at, never a verdict.

Answers are compared as syntax trees in which the learner's own names, comments,
docstrings, annotations and the way a number is written play no part. What the course
itself gave out says nothing, nor does what many answers share. Each run of tokens is
looked up among all of one exercise, so no answer is held against every other one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import cleandoc, getsource
from itertools import combinations, product

from coursekit.classroom.trace import Trace, trace
from coursekit.exercise import Exercise

FEW = 40  # tokens of an answer below which likeness says nothing
RARE = 5  # a part that more different answers than this share says nothing
LEAST = 8  # fingerprints that two answers have to share, beside common ones
NEAR = 0.8  # of the rare fingerprints of two answers, the share that both have


@dataclass(frozen=True)
class Shared:
    """How alike two answers to one exercise are; 1.0: the same but for names."""

    exercise: str
    likeness: float
    size: int  # fingerprints that both have and few others have


@dataclass(frozen=True)
class Pair:
    """Two learners with answers that are alike, the longest of them first."""

    learners: tuple[str, str]
    shared: tuple[Shared, ...]

    @property
    def size(self) -> int:
        return sum(one.size for one in self.shared)


@dataclass(frozen=True)
class Common:
    """An answer, the same but for names, that many learners gave: no pair is made."""

    exercise: str
    learners: int


@dataclass(frozen=True)
class Alike:
    """What was found: pairs, most shared code first, and what many share.

    `compared` counts answers; `left_out` those that are too long or no Python.
    """

    pairs: tuple[Pair, ...] = ()
    common: tuple[Common, ...] = ()
    compared: int = 0
    left_out: int = 0


def alike(
    answers: Iterable[tuple[str, str, str]], given: Mapping[str, Sequence[str]]
) -> Alike:
    """Compare answers, each (learner, exercise, text); the last of a learner counts.

    `given` holds texts of each exercise that are no sign of copying: `known(exercise)`.

    Cost: near linear in the answers, for a part that many share is not followed.

    >>> one = '''
    ... def mean_product(x):
    ...     total = 0
    ...     for place in range(len(x) - 1):
    ...         total = total + x[place] * x[place + 1]
    ...     return total / (len(x) - 1)'''
    >>> two = one.replace("total", "s").replace("place", "i")
    >>> answers = [("Ann", "mean_product", one), ("Bob", "mean_product", two)]
    >>> [(pair.learners, pair.shared[0].likeness) for pair in alike(answers, {}).pairs]
    [(('Ann', 'Bob'), 1.0)]
    """
    traces: dict[str, dict[str, Trace | None]] = defaultdict(dict)
    for learner, exercise, text in answers:
        traces[exercise][learner] = trace(text)
    pairs: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    common = []
    for exercise in sorted(traces):
        ours = list(filter(None, map(trace, given.get(exercise, ()))))
        common += _compare(exercise, traces[exercise], ours, pairs)
    every = [one for found in traces.values() for one in found.values()]
    return Alike(
        tuple(sorted(_pairs(pairs), key=lambda pair: (-pair.size, pair.learners))),
        tuple(sorted(common, key=lambda one: (-one.learners, one.exercise))),
        len(every) - every.count(None),
        every.count(None),
    )


def known(exercise: Exercise) -> list[str]:
    """Return the texts that the course gives out, or accepts, for an exercise."""
    others = [cleandoc(getsource(one)) for one in exercise.alternatives]
    return [exercise.starter_source, exercise.solution_source, *others]


def _pairs(found: Mapping[tuple[str, str], list[Shared]]) -> Iterator[Pair]:
    for learners, shared in found.items():
        shared.sort(key=lambda one: (-one.size, one.exercise))
        yield Pair(learners, tuple(shared))


def _compare(
    exercise: str,
    traces: Mapping[str, Trace | None],
    ours: Sequence[Trace],
    pairs: dict[tuple[str, str], list[Shared]],
) -> list[Common]:
    """Add the pairs of one exercise; return the answers that many share."""
    holders: dict[Trace, list[str]] = defaultdict(list)
    for learner in sorted(traces):
        one = traces[learner]
        if one is not None and one.tokens >= FEW and one not in ours:
            holders[one].append(learner)
    usual = {part for one in ours for part in one.prints}
    counts = Counter(part for one in holders for part in one.prints)
    rare = {
        one: {part for part in one.prints if counts[part] <= RARE} - usual
        for one, learners in holders.items()
        if len(learners) <= RARE
    }
    for one, parts in rare.items():
        if len(parts) >= LEAST:
            for two in combinations(holders[one], 2):
                pairs[two].append(Shared(exercise, 1.0, len(parts)))
    for one, other, share, size in _near(rare):
        for first, second in product(holders[one], holders[other]):
            two = min(first, second), max(first, second)
            pairs[two].append(Shared(exercise, share, size))
    many = [len(learners) for learners in holders.values() if len(learners) > RARE]
    return [Common(exercise, learners) for learners in many]


def _near(
    rare: Mapping[Trace, set[int]],
) -> Iterator[tuple[Trace, Trace, float, int]]:
    """Yield two answers, how alike they are, and how many rare parts both have."""
    where: dict[int, list[int]] = defaultdict(list)
    traces = list(rare)
    for place, one in enumerate(traces):
        for part in rare[one]:
            where[part].append(place)
    both = Counter(two for places in where.values() for two in combinations(places, 2))
    for (first, second), size in both.items():
        one, other = traces[first], traces[second]
        share = size / len(rare[one] | rare[other])
        if size >= LEAST and share >= NEAR:
            yield one, other, min(share, 0.99), size

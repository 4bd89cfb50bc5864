"""What a course must have besides notebooks that are up to date, in sentences.

`coursekit build --check` prints them, and the tests hold the course to them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from coursekit import bank, ipynb
from coursekit.author.draft import Draft
from coursekit.author.lesson import SOURCES, headings, lessons, read_lesson
from coursekit.exercise import Exercise

KINDS = {"computed", "shown", "told"}
WRONGS, ALTERNATIVES, HINTS = 4, 2, 3
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"]
WORDS += ["nine", "ten", "eleven", "twelve"]
_COUNT = re.compile(rf"\b({'|'.join(WORDS)}|\d+)\s+exercises\b", re.IGNORECASE)


def faults(root: Path) -> list[str]:
    """List what lacks in the lessons of a course, and in the bank's exercises."""
    written = {
        int(file.stem[:2]): read_lesson(root, file)
        for file in lessons(root)
        if file.stem[:2] != "00"
    }
    found = [*fact_faults(root, written.values())]
    for number, lesson in written.items():
        found += count_faults(lesson, len(bank.exercises(number)))
    for exercise in bank.exercises():
        found += exercise_faults(exercise, written.get(exercise.lesson))
    return found


def exercise_faults(exercise: Exercise, lesson: Draft | None = None) -> Iterator[str]:
    """Say what one exercise lacks; its section is looked for in the lesson."""
    where = exercise.path.name
    for number, least, noun in (
        (len(set(filter(str.strip, exercise.hints))), HINTS, "hints"),
        (len(exercise.wrongs), WRONGS, "wrong answers"),
        (len(exercise.alternatives), ALTERNATIVES, "other right answers"),
    ):
        if number < least or (noun == "hints" and len(exercise.hints) > HINTS):
            yield f"{where} has {number} {noun}; give it {least}"
    points = sum(group.points for group in exercise.groups)
    if points != exercise.points:
        yield f"{where}: its cases earn {points:g} points, it says {exercise.points:g}"
    if not (1 <= exercise.difficulty <= 5 and exercise.minutes > 0):
        yield f"{where}: difficulty is from 1 to 5, and minutes are above 0"
    if not exercise.title or f"`{exercise.id}(" not in exercise.prompt:
        yield f"{where}: its docstring is a title, and a prompt with `{exercise.id}(`"
    for wrong in exercise.wrongs:
        if not wrong.sentence.endswith((".", "?", "!")):
            yield f"{where}: what {wrong.name} is told is no sentence: {wrong.sentence}"
    names = [one.name for one in exercise.wrongs]
    names += [one.__name__ for one in exercise.alternatives]
    groups = [group.name for group in exercise.groups]
    for twice in _twice(names + [one.sentence for one in exercise.wrongs]):
        yield f"{where}: two of its answers have {twice!r}"
    for twice in _twice(groups):
        yield f"{where}: two groups of its cases have {twice!r}"
    if lesson and exercise.section not in [text for _, text in headings(lesson)]:
        yield f"{where}: no heading of {lesson.path.stem} is {exercise.section!r}"


def count_faults(lesson: Draft, exercises: int) -> Iterator[str]:
    """Say where a lesson counts its exercises wrongly, in words or in digits."""
    for cell in lesson.cells:
        for word in _COUNT.findall(cell.source) if cell.kind == "markdown" else ():
            number = int(word) if word.isdigit() else WORDS.index(word.lower())
            if number != exercises:
                yield (
                    f"{cell.file.as_posix()}: it speaks of {word} exercises, and the "
                    f"bank has {exercises}"
                )


def fact_faults(root: Path, written: Collection[Draft]) -> Iterator[str]:
    """Compare the list of facts, where there is one, with the cells that name them."""
    path = root / SOURCES / "facts.toml"
    if not path.exists():
        return
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["fact"]
    kinds = {fact["id"]: fact["kind"] for fact in listed}
    for twice in _twice(fact["id"] for fact in listed):
        yield f"facts.toml lists {twice} twice"
    for fact in listed:
        if fact["kind"] not in KINDS or not fact["text"]:
            yield f"facts.toml: {fact['id']} needs a text and a kind of {sorted(KINDS)}"
    named: set[str] = set()
    for lesson in written:
        speaks = _shown(root / lesson.path)
        facts = [fact for c in lesson.cells for fact in c.metadata.get("facts", [])]
        for fact in dict.fromkeys(facts):
            named.add(fact)
            if fact not in kinds:
                yield f"{lesson.path.stem} names {fact}, which facts.toml does not list"
            elif kinds[fact] != "told" and fact not in speaks:
                yield f"{lesson.path.stem}: no cell that names {fact} shows anything"
    numbers = {int(lesson.path.stem[:2]) for lesson in written}
    for fact in kinds:
        if fact not in named and int(fact[1:].split("-")[0]) in numbers:
            yield f"facts.toml lists {fact}, and no cell of its lesson names it"


def _shown(path: Path) -> set[str]:
    """List the facts named by cells of a built notebook that show something."""
    if not path.exists():
        return set()
    cells = [cell for cell in ipynb.read(path)["cells"] if cell.get("outputs")]
    return {fact for cell in cells for fact in cell["metadata"].get("facts", [])}


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]

"""Build every notebook of the course from text.

`notebooks/source/*.py` become the lessons, `coursekit/bank/*.py` the exercises and
their solutions: executed, with the outputs that nbval compares, the same bytes every
time. Only what changed is built, and nothing that somebody edited is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from tqdm import tqdm

from coursekit import bank
from coursekit.author import complete, kernel, store
from coursekit.author.draft import BuildError, Draft
from coursekit.author.exercises import exercise_notebooks
from coursekit.author.lesson import SOURCES, lessons, read_lesson

__all__ = ["BuildError", "build", "drafts", "faults", "stale", "waiting"]


def build(
    names: Sequence[str] | None = None,
    *,
    force: bool = False,
    root: Path | None = None,
    progress: bool = True,
) -> list[Path]:
    """Build the notebooks that are stale (with `force`, all) and return their paths.

    A name is a lesson ("02", "02_cross_correlation") or one notebook
    ("exercises/02_cross_correlation"). A notebook is written when it is complete, so
    an error or an interrupt leaves the one before in place.

    Raises: BuildError if a cell fails (it names the source line), or a name is unknown.
    """
    root = _course(root)
    todo = [
        draft
        for draft in _choose(list(drafts(root)), names)
        if force or store.why_stale(root, draft)
    ]
    total = sum(cell.kind == "code" for draft in todo for cell in draft.cells)
    built = []
    if todo:
        kernel.warm_up()
    with tqdm(total=total, unit="cell", disable=None if progress else True) as bar:
        for draft in todo:
            bar.set_description(str(draft.path))
            folder = root / draft.path.parent
            folder.mkdir(exist_ok=True)
            notebook = kernel.run(draft, folder, after_cell=bar.update)
            aside = store.write(root, draft, notebook)
            if aside is not None:
                bar.write(f"{draft.path} had been edited: kept as {aside.name}")
            built.append(root / draft.path)
        for lesson in waiting(root):
            bar.write(f"Lesson {lesson} is not written yet: its exercises wait for it.")
    return built


def stale(root: Path | None = None) -> list[str]:
    """Say of each notebook that `build` would change what is the matter with it."""
    root = _course(root)
    expected = list(drafts(root))
    found = [
        f"{draft.path} {reason}"
        for draft in expected
        if (reason := store.why_stale(root, draft))
    ]
    known = {root / draft.path for draft in expected}
    for folder in ("notebooks", "exercises", "solutions"):
        for path in sorted((root / folder).glob("*.ipynb")):
            if path not in known and not store.is_aside(path):
                found.append(f"{folder}/{path.name} has no source any more: delete it")
    return found


def faults(root: Path | None = None) -> list[str]:
    """Say what lacks in lessons and exercises, however fresh the notebooks are."""
    return complete.faults(_course(root))


def waiting(root: Path) -> list[int]:
    """List the lessons that have exercises in the bank but no source yet."""
    written = {int(file.stem[:2]) for file in lessons(root)}
    return sorted({exercise.lesson for exercise in bank.exercises()} - written)


def drafts(root: Path) -> Iterator[Draft]:
    """Yield every notebook of the course, not run: lessons with their exercises."""
    every = [read_lesson(root, file) for file in lessons(root)]
    for lesson, following in zip_longest(every, every[1:]):
        yield lesson
        exercises = bank.exercises(int(lesson.path.stem[:2]))
        if exercises:
            yield from exercise_notebooks(lesson, exercises, following)


def _course(root: Path | None) -> Path:
    here = Path.cwd()
    places = [root] if root else [here, *here.parents, Path(__file__).parents[2]]
    for place in places:
        if (place / SOURCES).is_dir():
            return place
    raise BuildError(
        f"No course here: {places[0]} holds no folder {SOURCES.as_posix()}. "
        "Change into the course's folder and build again."
    )


def _choose(every: list[Draft], names: Sequence[str] | None) -> list[Draft]:
    chosen: list[Draft] = []
    for name in names or [""]:
        wanted = [draft for draft in every if name in _names(draft)]
        if not wanted:
            known = ", ".join(sorted({draft.path.stem for draft in every}))
            raise BuildError(f"No notebook is called {name!r}. There are: {known}.")
        chosen += [draft for draft in wanted if draft not in chosen]
    return chosen


def _names(draft: Draft) -> set[str]:
    path = draft.path
    return {"", path.stem[:2], path.stem, str(path), str(path.with_suffix(""))}

"""The exercises, one file each, found by listing this folder.

A file `l2_03_corr2d.py` holds exercise `corr2d`, third of lesson 2. Nothing else lists
it: add the file and the exercise exists. In a student's copy `l2_03_corr2d.key` stands
in its place, which holds no answer.
"""

import importlib
import importlib.util
import sys
from difflib import get_close_matches
from pathlib import Path

from coursekit.exercise import FILE_NAME, STORED, Exercise, stored

FOLDER = Path(__file__).parent


def load(id: str, folder: Path | None = None) -> Exercise:
    """Return the exercise of this name, from a folder of bank files of your own first.

    Raises: KeyError if there is none, with the nearest names.
    """
    own = _files(folder) if folder else {}
    files = _files(FOLDER) | own
    if id not in files:
        near = get_close_matches(id, files, n=3, cutoff=0.5)
        did_you_mean = f" Did you mean {' or '.join(near)}?" if near else ""
        raise KeyError(f"There is no exercise called {id!r}.{did_you_mean}")
    path = files[id]
    if id in own or path.suffix == STORED:
        return load_file(path)
    return _exercise(f"{__name__}.{path.stem}")


def lessons(folder: Path | None = None) -> dict[str, int]:
    """Map every exercise to its lesson, those of a folder of your own among them.

    No file is loaded for it.
    """
    paths = {**_files(FOLDER), **(_files(folder) if folder else {})}
    return {id: int(path.stem[1:].partition("_")[0]) for id, path in paths.items()}


def exercises(lesson: int | None = None) -> list[Exercise]:
    """Return all exercises, or those of one lesson, in the order of the course."""
    start = "l" if lesson is None else f"l{lesson}_"
    files = _files(FOLDER).items()
    return [load(id) for id, path in files if path.name.startswith(start)]


def own_exercises(folder: Path) -> list[Exercise]:
    """Return the exercises in a folder of bank files of your own, in their order."""
    return [load_file(path) for path in _files(folder).values()]


def load_file(path: Path) -> Exercise:
    """Return the exercise in a bank file, or a key file, that lies anywhere."""
    if path.suffix == STORED:
        return stored.read(path)
    name = f"coursekit_bank_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file; a bank file ends in .py")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return _exercise(name)


def _exercise(name: str) -> Exercise:
    found = getattr(importlib.import_module(name), "exercise", None)
    if not isinstance(found, Exercise):
        raise TypeError(f"{name} makes no Exercise; write exercise = Exercise(...)")
    return found


def _files(folder: Path) -> dict[str, Path]:
    """Map each exercise's name to its file, in the order of the course."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder; name one with bank files")
    found = {}
    paths = [path for end in (STORED, ".py") for path in folder.glob(f"l*{end}")]
    for path in paths:  # a bank file goes before a key file
        if named := FILE_NAME.fullmatch(path.stem):
            found[int(named["lesson"]), int(named["position"]), named["id"]] = path
    return {id: found[key] for key in sorted(found) for id in [key[2]]}

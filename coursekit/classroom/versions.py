"""What judges an exercise, as one digest: another digest, another judgement."""

import ast
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import coursekit
from coursekit.exercise import Exercise

HOME = Path(coursekit.__file__).parent
_JUDGES = "coursekit.classroom.verdicts", "coursekit.grade.borrowed"


def version_of(exercise: Exercise) -> str:
    """Return the digest of the files that decide what an answer is worth.

    These are the exercise's own file, what runs and judges, and all of the course that
    they import, also where it only words a verdict.
    """
    own = exercise.path.read_bytes()
    files = _reached(*_JUDGES, *_imports(exercise.path))
    found = hashlib.sha256(own)
    for one in files:
        found.update(_content(one))
    return found.hexdigest()[:16]


def of_folder(folder: Path) -> str:
    """Return the digest of all Python and key files in a folder and in those below."""
    found = hashlib.sha256()
    for path in sorted(
        one for end in ("py", "key") for one in folder.rglob(f"*.{end}")
    ):
        name = path.relative_to(folder).as_posix().encode()
        found.update(hashlib.sha256(name + path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _reached(*modules: str) -> list[Path]:
    """Return the files of these modules and of those that they import, sorted."""
    waiting, seen = list(modules), {}
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is not None and path not in seen:
            seen[path] = True
            waiting += _imports(path)
    return sorted(seen)


def _file(module: str) -> Path | None:
    base = HOME.joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@lru_cache(maxsize=512)
def _content(path: Path) -> bytes:
    return path.read_bytes()


@lru_cache(maxsize=512)
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_said(ast.parse(path.read_text(encoding="utf-8"))))


def _said(tree: ast.Module) -> Iterator[str]:
    """Yield the modules of the course that a text imports, also as a part of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            names = [module, *(f"{module}.{one.name}" for one in node.names)]
        else:
            continue
        yield from (name for name in names if name.partition(".")[0] == "coursekit")

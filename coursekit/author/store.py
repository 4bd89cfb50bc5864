"""Write built notebooks, and never over somebody's work."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit import files
from coursekit.author.draft import VERSION, Draft
from coursekit.ipynb import DIGEST, cells_digest, digest, edited


def why_stale(root: Path, draft: Draft) -> str | None:
    """Say why the stored notebook is not what the draft would give, or None.

    Outputs are not made again here: that they are still right is nbval's part.
    """
    path = root / draft.path
    if not path.exists():
        return "is not built yet"
    stored = _read(path)
    if stored is None or "coursekit" not in stored.metadata:
        return "was not written by the build"
    marks = stored.metadata.coursekit
    written = {"build": VERSION, DIGEST: cells_digest(draft.notebook().cells)}
    if {key: marks.get(key) for key in written} != written:
        return "is older than its source"
    if marks.get("content") != _content(stored):
        return "was saved by hand after it was built"
    return None


def write(root: Path, draft: Draft, notebook: NotebookNode) -> Path | None:
    """Put the executed notebook in its place, whole or not at all.

    A notebook there that somebody edited is first set beside it; its new path is
    returned.
    """
    path = root / draft.path
    changed = path.exists() and edited(path)
    aside = files.set_aside(path, files.YOURS) if changed else None
    notebook.metadata.coursekit = {
        "build": VERSION,
        DIGEST: cells_digest(notebook.cells),
        "content": _content(notebook),
    }
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    files.put(path, text.encode())
    return aside


def is_aside(path: Path) -> bool:
    """Say whether the file is a learner's work that a build set beside its own."""
    mark = f".{files.YOURS}"
    return any(one == mark or one.startswith(f"{mark}-") for one in path.suffixes)


def _read(path: Path) -> NotebookNode | None:
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, KeyError):  # cut off, or not a notebook
        return None
    return notebook


def _content(notebook: NotebookNode) -> str:
    return digest(
        cells_digest(notebook.cells), [c.get("outputs") for c in notebook.cells]
    )

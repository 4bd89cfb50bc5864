"""Find what was handed in: in a folder or a .zip, as platforms and people name it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, islice
from pathlib import Path

from coursekit import files
from coursekit.classroom.reader import places
from coursekit.classroom.reader.cells import Unreadable
from coursekit.classroom.reader.contents import Box, entries, read_entry, read_file
from coursekit.classroom.reader.places import Person

READ = 500  # files that are read of one learner
OTHERS = 20  # files of one learner that are no notebooks, and told
FOUND = 20_000  # files that are looked at in one learner's folder
DEPTH = 20  # folders in folders

_Whose = Callable[[Sequence[str]], list[Person]]

_ARCHIVES = (".7z", ".rar", ".tar", ".gz", ".tgz", ".xz", ".bz2")


@dataclass(frozen=True)
class Handed:
    """One file that somebody handed in.

    `name` is its place, with / between folders, for people to read. `problem` says why
    nothing can be graded from it. `when` is the time of the file, `late` what its name
    says. `ids` are other names of the learner, by which a roster can know them.
    """

    learner: str
    name: str
    problem: str = ""
    when: float | None = None
    late: bool = False
    ids: tuple[str, ...] = ()
    _source: tuple[Path | Box, int] | bytes | None = field(default=None, repr=False)

    def read(self) -> bytes:
        """Return the file's content.

        Raises: Unreadable with the problem, or with what went wrong.
        """
        if self.problem or self._source is None:
            raise Unreadable(self.problem or "There is no file.")
        if isinstance(self._source, bytes):
            return self._source
        place, number = self._source
        return read_entry(place, number) if isinstance(place, Box) else read_file(place)

    def carried(self) -> Handed:
        """Return the same with its content in it, for a machine without the file."""
        try:
            return replace(self, _source=self.read())
        except Unreadable as unreadable:
            return replace(self, problem=str(unreadable), _source=None)


@dataclass(frozen=True)
class _Found:
    """A file before it is known whose it is."""

    parts: tuple[str, ...]
    source: tuple[Path | Box, int] | None = None
    when: float | None = None
    problem: str = ""
    inside: tuple[str, ...] = ()  # its place in a learner's own .zip


def handed(place: Path) -> Iterator[Handed]:
    """Yield what was handed in: the files of a folder or .zip, or one file, sorted.

    Hidden files and what programs leave behind are passed over. No link is followed.

    Raises: Unreadable if the place cannot be read at all.
    """
    if place.is_dir():
        return _in_folder(place)
    if places.kind_of(place.name) == ".zip":
        return _in_archive(place)
    if not place.exists():
        raise Unreadable(f"There is no {place}: name a folder, a .zip or a notebook.")
    alone = _Found((place.name,), (place.resolve(), 0), place.stat().st_mtime)
    return _told([alone], lambda parts: [places.person(parts)])


def _in_folder(place: Path) -> Iterator[Handed]:
    above: list[str] = []
    while True:
        here = place.joinpath(*above)
        seen = [one for one in _listed(here) if not places.is_junk(one.name)]
        inner = _way_down(
            {one.name: _is_folder(one) for one in seen}, partial(_in, here)
        )
        if not inner:
            break
        above.append(inner)
    if [places.kind_of(one.name) for one in seen] == [".zip"] and seen[0].is_file():
        return _in_archive(here / seen[0].name)
    metadata = b""
    if os.path.lexists(here / places.METADATA):
        metadata = read_file(here / places.METADATA)
    whose = _whose([one.name for one in seen], metadata)
    found = (one for top in seen for one in _some(top))
    return _told(found, whose, above)


def _in_archive(place: Path) -> Iterator[Handed]:
    box = Box(place, of_class=True)
    found, metadata, above = [], b"", []
    for one in entries(box):
        if one.parts[-1] == places.METADATA and not metadata and not one.problem:
            metadata = read_entry(box, one.number)
        if not any(map(places.is_junk, one.parts)):
            found.append(_Found(one.parts, (box, one.number), one.when, one.problem))
    found.sort(key=lambda one: one.parts)
    while True:
        tops = {one.parts[0]: len(one.parts) > 1 for one in found}
        inner = _way_down(tops, partial(_within, found))
        if not inner:
            break
        above.append(inner)
        inside = [one for one in found if one.parts[0] == inner and one.parts[1:]]
        found = [replace(one, parts=one.parts[1:]) for one in inside]
    whose = _whose(tops, metadata)
    return _told(found, whose, above)


def _way_down(
    seen: Mapping[str, bool], inside: Callable[[str], Mapping[str, bool]]
) -> str:
    """Return the folder that holds the learners' folders, if it is not this one."""
    folders = [name for name, is_folder in seen.items() if is_folder]
    for name in folders:
        if name.lower() in places.WRAPPERS:
            return name
    if len(seen) == len(folders) == 1 and places.is_wrapper(inside(folders[0])):
        return folders[0]
    return ""


def _in(folder: Path, name: str) -> dict[str, bool]:
    return {one.name: _is_folder(one) for one in _listed(folder / name)}


def _within(found: Sequence[_Found], name: str) -> dict[str, bool]:
    inner = [one.parts for one in found if one.parts[0] == name and one.parts[1:]]
    return {parts[1]: len(parts) > 2 for parts in inner}


def _is_folder(one: os.DirEntry[str]) -> bool:
    return one.is_dir(follow_symlinks=False)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError as error:
        raise Unreadable(f"The folder cannot be opened: {error.strerror}.") from None


def _some(top: os.DirEntry[str]) -> Iterator[_Found]:
    """Yield the files of one learner's folder, or the one file, up to a limit."""
    found = _walk(top, (top.name,))
    yield from islice(found, FOUND)
    if next(found, None):
        yield _Found(
            (top.name,), problem=f"It holds over {FOUND} files: some are read."
        )


def _walk(one: os.DirEntry[str], parts: tuple[str, ...]) -> Iterator[_Found]:
    if not _is_folder(one):
        yield _file(one, parts)
    elif len(parts) > DEPTH:
        yield _Found(parts, problem=f"It lies more than {DEPTH} folders deep.")
    else:
        try:
            inner = _listed(Path(one.path))
        except Unreadable as error:
            yield _Found(parts, problem=str(error))
            return
        for each in inner:
            if not places.is_junk(each.name):
                yield from _walk(each, (*parts, each.name))


def _file(one: os.DirEntry[str], parts: tuple[str, ...]) -> _Found:
    try:
        found = one.stat(follow_symlinks=False)
    except OSError as error:
        return _Found(parts, problem=f"The file cannot be opened: {error.strerror}.")
    if stat.S_ISREG(found.st_mode):
        return _Found(parts, (Path(one.path), 0), found.st_mtime)
    what = files.KINDS.get(stat.S_IFMT(found.st_mode), "no regular file")
    return _Found(parts, problem=f"It is {what}: hand in the file itself.")


def _whose(names: Iterable[str], metadata: bytes) -> _Whose:
    """Return how to tell whose a file is, given the first names of all places."""
    names = [*names]
    common = places.common_start(names)
    groups = places.gradescope(metadata.decode("utf-8", "replace"))
    return lambda parts: groups.get(parts[0]) or [places.person(parts, common)]


def _told(
    found: Iterable[_Found], whose: _Whose, above: Sequence[str] = ()
) -> Iterator[Handed]:
    """Yield what can be graded and what is wrong with the rest, within the limits."""
    for _, group in groupby(found, key=lambda one: one.parts[0]):
        read = others = 0
        for one in (each for top in group for each in _opened(top)):
            problem = one.problem
            if not problem and not places.kind_of([*one.parts, *one.inside][-1]):
                problem = _no_notebook(one)
                others += 1
                if others > OTHERS:
                    continue
            read += not problem
            if read > READ:
                problem = f"Only the first {READ} files of one learner are read."
            name = "/".join(map(places.readable, (*above, *one.parts, *one.inside)))
            for who in whose(one.parts):
                when = one.when if who.when is None else who.when
                source = None if problem else one.source
                yield Handed(
                    who.learner, name, problem, when, who.late, who.ids, source
                )


def _opened(found: _Found) -> Iterator[_Found]:
    """Yield a file, or the files in it if it is a learner's .zip."""
    if places.is_ours(found.parts):
        return
    if found.problem or places.kind_of(found.parts[-1]) != ".zip" or not found.source:
        yield found
        return
    place, number = found.source
    box = Box(place.path, number) if isinstance(place, Box) else Box(place)
    inner = []
    try:
        for one in entries(box):
            parts = one.parts
            if any(map(places.is_junk, parts)) or places.is_ours(parts):
                continue
            problem = one.problem
            if not problem and places.kind_of(parts[-1]) == ".zip":
                problem = "It is a .zip in a .zip: hand in the notebook itself."
            inner.append(
                replace(found, source=(box, one.number), problem=problem, inside=parts)
            )
    except Unreadable as error:
        inner = [replace(found, problem=str(error))]
    yield from sorted(inner, key=lambda one: one.inside) or [
        replace(found, problem="The .zip archive holds no files.")
    ]


def _no_notebook(found: _Found) -> str:
    name = [*found.parts, *found.inside][-1]
    if name.lower().endswith(_ARCHIVES):
        return "It is an archive of another kind: hand in the notebook itself."
    return "It is no notebook: hand in the .ipynb file."

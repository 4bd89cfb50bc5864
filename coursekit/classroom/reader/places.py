"""Tell from the name of a file who handed it in, as learning platforms write it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

_SUFFIX = re.compile(r"(?i)\.(?:ipynb|py|zip)(?:\.(?:txt|json))?$")

# smithjane_LATE_12345_67890_homework-1.ipynb: the learner, the user, the submission
_CANVAS = re.compile(r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_\d+_.+")
# Jane Smith_123456_assignsubmission_file_/ or the same before the file's own name
_MOODLE = re.compile(r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_.*)?")
_LESSON = re.compile(r"(?P<who>.*[^\W\d_].*?)[-_ ]+0\d[-_ ][a-z].*")
_COPY = re.compile(r" ?\(\d+\)$")
WRAPPERS = {"submitted", "submissions"}  # nbgrader's, and everybody's

_JUNK = {
    *("__macosx", "__pycache__", "node_modules", "site-packages", "venv"),
    *("thumbs.db", "desktop.ini", "timestamp.txt"),
    *("submission_metadata.yml", "submission_metadata.json"),
}
METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class Person:
    """Who handed something in, and when, as far as a name or Gradescope says it."""

    learner: str
    ids: tuple[str, ...] = ()
    late: bool = False
    when: float | None = None


def is_junk(name: str) -> bool:
    """Tell a hidden file or folder, or one that a program left behind.

    >>> is_junk(".ipynb_checkpoints"), is_junk("__MACOSX"), is_junk("a.ipynb")
    (True, True, False)
    """
    return name.startswith(".") or name.lower() in _JUNK


def is_ours(parts: Sequence[str]) -> bool:
    """Tell a Python file of the course's library, handed in with its whole folder."""
    return "coursekit" in parts[:-1] and parts[-1].lower().endswith(".py")


def kind_of(name: str) -> str:
    """Return ".ipynb", ".py" or ".zip", also for names that a browser made longer.

    >>> kind_of("a.IPYNB"), kind_of("a.ipynb.txt"), kind_of("a.pdf")
    ('.ipynb', '.ipynb', '')
    """
    found = _SUFFIX.search(name)
    return f".{found[0].split('.')[1].lower()}" if found else ""


def readable(name: str) -> str:
    """Return a name in which accents are one letter and nothing is invisible."""
    name = os.fsencode(name).decode("utf-8", "backslashreplace")
    name = unicodedata.normalize("NFC", name)
    seen = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    return seen.strip() or "(no name)"


def person(parts: Sequence[str], common: str = "") -> Person:
    """Return who handed in the file of this place; `common` begins all first names.

    >>> person(["smithjane_LATE_12_345_a.ipynb"])
    Person(learner='smithjane', ids=('12',), late=True, when=None)
    >>> person(["jane", "ps1", "a.ipynb"]).learner
    'jane'
    """
    whole = readable(parts[0])
    name = _bare(whole) if len(parts) == 1 else whole
    if found := _by_platform(whole):
        late = bool(found.groupdict().get("late"))
        return Person(found["who"], (found["id"],), late)
    short = name.removeprefix(common)
    if len(parts) == 1 and (found := _LESSON.fullmatch(short)):
        short = found["who"]
    return Person(short or name, (name,) if short not in ("", name) else ())


def is_wrapper(inner: Mapping[str, bool]) -> bool:
    """Tell a folder around those of all learners; `inner` says what in it is a folder.

    >>> is_wrapper({"jane": True, "jim": True, "readme.txt": False})
    True
    >>> is_wrapper({"02_a.ipynb": False, "03_b.ipynb": False})
    False
    """
    seen = {name: folder for name, folder in inner.items() if not is_junk(name)}
    if any(kind_of(name) for name, folder in seen.items() if not folder):
        return all(_by_platform(readable(name)) for name in seen)
    return sum(seen.values()) > 1


def common_start(names: Iterable[str]) -> str:
    """Return what all names begin with, if it is an assignment's: two words at least.

    >>> common_start(["02-cross-correlation-jane", "02-cross-correlation-jim"])
    '02-cross-correlation-'
    >>> common_start(["van-dam", "van-dijk"])
    ''
    """
    stems = [_bare(readable(one)) for one in names]
    if len(stems) < 2 or any(_by_platform(one) for one in stems):
        return ""
    first, last = min(stems), max(stems)
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    start = re.sub(r"[^-_]*$", "", "".join(one for one, _ in alike))
    return start if len(re.findall(r"[^-_]+", start)) > 1 else ""


def gradescope(text: str) -> dict[str, list[Person]]:
    """Return who handed in each folder of a Gradescope export.

    Its metadata are YAML; the few lines that are needed are read as plain text, for
    a YAML reader would build whatever objects the file asks for.

    >>> lines = ["submission_7:", "  :submitters:", "  - :name: Jane", "    :sid: '3'"]
    >>> gradescope("\\n".join(lines))["submission_7"][0].learner
    'Jane'
    """
    people: dict[str, list[Person]] = {}
    folder, inside = "", False
    for line in text.splitlines():
        if found := re.fullmatch(r"(submission_\d+):\s*", line):
            folder, inside = found[1], False
            people[folder] = []
        elif found := re.fullmatch(r" {2}(?:- | {2})?:(\w+):\s*(.*)", line):
            is_item = line[2:4] in ("- ", "  ")
            inside = inside if is_item else found[1] == "submitters"
            if inside and is_item and folder:
                _add(people[folder], line[2] == "-", found[1], found[2].strip("'\" "))
            elif found[1] == "created_at" and folder:
                people[folder] = [
                    Person(one.learner, one.ids, when=_time(found[2]))
                    for one in people[folder]
                ]
    return people


def _by_platform(name: str) -> re.Match[str] | None:
    return _MOODLE.fullmatch(name) or _CANVAS.fullmatch(name)


def _add(people: list[Person], is_next: bool, key: str, value: str) -> None:
    if is_next:
        people.append(Person(""))
    if people and key in ("name", "sid", "email") and value:
        last = people[-1]
        learner = readable(value) if key == "name" or not last.learner else last.learner
        ids = last.ids if key == "name" else (*last.ids, value)
        people[-1] = Person(learner, ids)


def _time(text: str) -> float | None:
    found = re.match(
        r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[-+].*)?", text
    )
    if not found:
        return None
    zone = (found[3] or "Z").replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").timestamp()
    except (ValueError, OverflowError):
        return None


def _bare(name: str) -> str:
    """Return a file's name without its endings and the number of a copy."""
    return _COPY.sub("", _SUFFIX.sub("", _COPY.sub("", name))) or name

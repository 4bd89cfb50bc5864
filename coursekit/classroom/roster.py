"""Who is in the class, and who handed in which file.

A file goes to a person only if it fits one person: by an id, an alias or a GitHub
login; else by name, however it is written. What fits nobody, or two, is listed.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from coursekit.classroom import sheets
from coursekit.classroom.sheets import SheetError, clean

_MEANINGS = {
    "id": ("id", "sid", "student id", "id number", "identifier"),
    "name": ("name", "student", "student name", "full name"),
    "first": ("first name", "given name"),
    "last": ("last name", "surname", "family name"),
    "alias": (
        *("alias", "aliases", "sis id", "sis user id", "sis login id", "login"),
        *("login id", "user", "username", "github", "github username", "github login"),
    ),
    "email": ("email", "e-mail", "email address"),
}
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
Place = tuple[str, str]  # a learner as a file says, and that file


@dataclass(frozen=True)
class Person:
    """One person of the class, and what else their files may be called."""

    id: str
    name: str = ""
    aliases: tuple[str, ...] = ()

    def __str__(self) -> str:
        return clean(f"{self.name} ({self.id})" if self.name else self.id)


@dataclass(frozen=True)
class Matches:
    """Whose every file is, which ones are nobody's and why, and who has none."""

    people: tuple[Person, ...]
    owners: Mapping[Place, Person]
    unmatched: tuple[tuple[str, str], ...] = ()  # (file, a sentence)
    without: tuple[Person, ...] = ()


class TwoPeople(ValueError):
    """A file that fits more than one person; the message names them."""


class Roster:
    """The people of a class, found by what their files say.

    >>> roster = Roster([Person("17", "Doe, Jane", ("jdoe",)), Person("18", "Bo Li")])
    >>> [str(roster.find(name)) for name in ("JDOE", "jane doe", "hw1-jdoe", "x")]
    ['Doe, Jane (17)', 'Doe, Jane (17)', 'Doe, Jane (17)', 'None']
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(sorted(people, key=lambda one: (one.id, one.name)))
        self._ids: dict[str, set[Person]] = defaultdict(set)
        self._names: dict[str, set[Person]] = defaultdict(set)
        for person in self.people:
            for text in (person.id, *person.aliases):
                self._ids[_id(text)].add(person)
            for text in (person.name, *person.aliases):
                for form in _forms(text):
                    self._names[form].add(person)

    @classmethod
    def read(cls, path: Path) -> "Roster":
        """Read a roster from CSV, as a spreadsheet or a learning platform writes it.

        Raises: SheetError with the column that it lacks, or the line that is wrong.
        """
        lines: dict[str, int] = {}
        people = []
        for row in sheets.read(path, _MEANINGS, [("name", "last"), ("id",)]):
            person = _person(row)
            if person.name.casefold() == "points possible":  # Canvas has such a line
                continue
            if not person.id:
                raise SheetError(
                    f"{path.name}, line {row.line}: {person.name or 'nobody'} has no "
                    "id. Give each person one."
                )
            if (first := lines.setdefault(_id(person.id), row.line)) != row.line:
                raise SheetError(
                    f"{path.name}, lines {first} and {row.line}: both have the id "
                    f"{person.id}. Give each person one line."
                )
            people.append(person)
        return cls(people)

    def find(
        self, learner: str, ids: Sequence[str] = (), file: str = ""
    ) -> Person | None:
        """Return whose a file is; None if it fits nobody.

        Raises: TwoPeople if it fits more than one.
        """
        names = [learner, *PurePosixPath(file).parts[:-1], PurePosixPath(file).stem]
        told = [one for one in names if not one.isdigit()]  # a number may be the week's
        for found in (
            self._by_id([learner, *ids]),
            self._by_id(told),
            self._by_login(told[:-1]),
            *(self._by_name(name) for name in told),
        ):
            if len(found) > 1:
                both = " and ".join(str(one) for one in self.people if one in found)
                raise TwoPeople(
                    f"it fits {both}. Write {clean(learner)!r} as an alias of one of "
                    "them into the roster, or rename it."
                )
            if found:
                return found.pop()
        return None

    def _by_id(self, texts: Iterable[str]) -> set[Person]:
        return set().union(*(self._ids.get(_id(text), ()) for text in texts))

    def _by_login(self, names: Sequence[str]) -> set[Person]:
        """Look for `assignment-login`, which is what GitHub Classroom calls folders."""
        ends = (name[at.end() :] for name in names for at in re.finditer("-", name))
        return self._by_id(end for end in ends if not end.isdigit())

    def _by_name(self, name: str) -> set[Person]:
        return set().union(*(self._names.get(form, ()) for form in _forms(name)))


def match(
    handed_in: Iterable[tuple[str, str, Sequence[str]]], roster: Roster | None = None
) -> Matches:
    """Say whose each (learner, file, ids) is; without a roster, the learner's."""
    owners: dict[Place, Person] = {}
    unmatched: dict[str, str] = {}
    for learner, file, ids in handed_in:
        if (learner, file) in owners or file in unmatched:
            continue
        try:
            person = roster.find(learner, ids, file) if roster else Person(learner)
        except TwoPeople as error:
            unmatched[file] = str(error)
            continue
        if person is None:
            unmatched[file] = f"nobody on the roster is called {clean(learner)!r}."
        else:
            owners[learner, file] = person
    found = set(owners.values())
    by_id = sorted(found, key=lambda one: one.id)
    people = roster.people if roster else tuple(by_id)
    without = tuple(one for one in people if one not in found)
    listed = tuple(sorted(unmatched.items()))
    return Matches(people, MappingProxyType(owners), listed, without)


def _person(row: sheets.Row) -> Person:
    name = row.get("name")
    if not name:
        name = " ".join(filter(None, [row.get("first"), row.get("last")]))
    aliases = [one for text in row.said.get("alias", ()) for one in _several(text)]
    for address in row.said.get("email", ()):
        aliases += filter(None, [address, address.partition("@")[0]])
    return Person(row.get("id"), name, tuple(dict.fromkeys(aliases)))


def _several(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[;,|]", text) if one.strip()]


def _id(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _forms(name: str) -> Iterator[str]:
    """Yield what a name may be written as: order, accents and case do not count.

    >>> sorted(_forms("Doe, Zoë")), sorted(_forms("zoe doe"))
    (['doe zoe', 'doezoe', 'zoedoe'], ['doe zoe', 'doezoe', 'zoedoe'])
    """
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    words = re.findall(r"[^\W_]+", bare)
    if words:
        yield " ".join(sorted(words))
        for start in range(len(words)):
            yield "".join(words[start:] + words[:start])

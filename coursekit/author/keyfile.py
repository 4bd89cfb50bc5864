"""Make the key file of an exercise, which judges as the bank file does."""

from __future__ import annotations

import ast
import io
from collections.abc import Mapping
from symtable import Symbol, symtable
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from coursekit.author.draft import BuildError
from coursekit.exercise import Exercise, stored
from coursekit.grade.key import key_of
from coursekit.grade.stored import packed

Time = tuple[int, int, int, int, int, int]  # from the year on, as a zip has it
_EVER = (1980, 1, 1, 0, 0, 0)


def key_file(exercise: Exercise) -> bytes:
    """Return the bytes of an exercise's key file, the same at every call.

    Raises: BuildError as `without_answers` does.
    """
    key = key_of(exercise)
    places = range(len(key.calls))
    wrongs = [[key.of(wrong, place) for place in places] for wrong in exercise.wrongs]
    members = stored.members(exercise, without_answers(exercise))
    members[stored.OUTCOMES] = packed(key.calls, [key.right(), *wrongs])
    return zipped(members)


def zipped(members: Mapping[str, bytes], when: Time = _EVER) -> bytes:
    """Return a zip of these members, the same bytes for the same time."""
    raw = io.BytesIO()
    with ZipFile(raw, "w", ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in members.items():
            member = ZipInfo(name, when)
            member.external_attr = 0o644 << 16
            file.writestr(member, content, ZIP_DEFLATED)
    return raw.getvalue()


def without_answers(exercise: Exercise) -> str:
    """Cut a bank file down to the task and how it is judged.

    Its docstring stays, the `Exercise` and all that this names, such as a driver, what
    is given, and the head of the solution.

    Raises: BuildError if judging needs an answer, or another file of the bank.
    """
    body = ast.parse(exercise.text).body
    starter = exercise.starter_source.removeprefix(exercise.given_source).strip()
    head = f"@exercise.solution\n{starter}"
    kept = [one for one in body if _role(one) == "given" or "exercise" in _binds(one)]
    kept += ast.parse(head).body
    for node in kept:  # grows while it is read
        new = [one for one in body if _reads(node) & _binds(one) and one not in kept]
        for one in new:
            if _role(one) or "coursekit.bank" in ast.unparse(one):
                raise BuildError(
                    f"{exercise.path.name}, line {one.lineno}: judging needs this, and "
                    "the student's copy will not have it. Write what judges apart from "
                    "answers, in the exercise's own file."
                )
        kept += new
    lines = exercise.text.splitlines()
    texts = [_text(lines, one) for one in body if one in kept or one is body[0]]
    return "\n\n\n".join([*texts, head]) + "\n"


def _reads(node: ast.stmt) -> set[str]:
    """Return the names that a statement takes from around it."""
    tables = [symtable(ast.unparse(node), "", "exec")]
    read = set()
    for table in tables:  # grows while it is read
        tables += table.get_children()
        symbols = filter(Symbol.is_global, table.get_symbols())
        read |= {one.get_name() for one in symbols if one.is_referenced()}
    return read


def _binds(node: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a file gives a meaning to."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {one.asname or one.name.partition(".")[0] for one in node.names}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    names = (one for one in ast.walk(node) if isinstance(one, ast.Name))
    return {one.id for one in names if isinstance(one.ctx, ast.Store)}


def _role(node: ast.stmt) -> str:
    """Return what the first decorator makes of a definition: solution, wrong, given."""
    decorators = getattr(node, "decorator_list", [])
    return ast.unparse(decorators[0]).removeprefix("exercise.") if decorators else ""


def _text(lines: list[str], node: ast.stmt) -> str:
    first = min(
        [node, *getattr(node, "decorator_list", [])], key=lambda one: one.lineno
    )
    return "\n".join(lines[first.lineno - 1 : node.end_lineno])

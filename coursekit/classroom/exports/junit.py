"""JUnit XML: a suite for each learner, a case for each exercise.

XML forbids most control characters even when they are escaped, so what a learner's
code printed or raised is cleaned of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from coursekit.grade.findings import PASSED, in_words
from coursekit.grade.report import as_text

if TYPE_CHECKING:
    from coursekit.classroom.results import Result


def document(results: Iterable[Result]) -> bytes:
    """Write results as JUnit XML; a learner's own stand together in one suite.

    An exercise that was not graded is an error, one that did not pass is a failure.
    """
    root = ElementTree.Element("testsuites", name="coursekit")
    ordered = sorted(results, key=lambda one: one.learner)
    for learner, own in groupby(ordered, key=lambda one: one.learner):
        root.append(_suite(learner, list(own)))
    ElementTree.indent(root)
    said: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return said + b"\n"


def cleaned(text: str) -> str:
    """Replace what neither XML nor a terminal can bear: codes, lone surrogates.

    >>> cleaned("a\\x1b[31m\\n")
    'a\N{REPLACEMENT CHARACTER}[31m\\n'
    """
    return "".join(
        letter
        if letter.isprintable() or letter in "\n\t"
        else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )


def words(result: Result) -> str:
    """Say in plain text how one exercise went."""
    if result.findings is None:
        said = [result.problem or result.sentence or in_words(result.status)]
    else:
        said = [as_text(result.findings)]
    return cleaned("\n".join([*said, *result.notes]))


def _suite(learner: str, results: list[Result]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=cleaned(learner))
    _points(suite, results)
    counts = {"failure": 0, "error": 0}
    for result in results:
        name, file = cleaned(result.exercise), cleaned(result.file)
        case = ElementTree.SubElement(suite, "testcase", classname=file, name=name)
        if result.status != PASSED:
            kind = "error" if result.problem else "failure"
            counts[kind] += 1
            gained = f"{result.points:g} of {result.out_of:g} points"
            message = cleaned(f"{in_words(result.status)} ({gained})")
            bad = ElementTree.SubElement(
                case, kind, type=result.status, message=message
            )
            bad.text = words(result)
    suite.set("tests", str(len(results)))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    return suite


def _points(suite: ElementTree.Element, results: list[Result]) -> None:
    kept = ElementTree.SubElement(suite, "properties")
    for name in ("points", "out_of"):
        value = f"{sum(getattr(result, name) for result in results):g}"
        ElementTree.SubElement(kept, "property", name=name, value=value)

"""Show a verdict: as stable plain text, and as HTML with the failing window framed.

Everything that a learner's code made is escaped; nothing is told by colour alone.
"""

from html import escape
from itertools import groupby
from typing import NamedTuple

import numpy as np

from coursekit.grade.compare import ANOTHER_SHAPE
from coursekit.grade.findings import (
    NOT_STARTED,
    PASSED,
    Failure,
    Findings,
    in_words,
)
from coursekit.grade.markup import cleaned, code, paragraph
from coursekit.grade.picture import picture
from coursekit.grade.words import SMALL, call_text, literal
from coursekit.runner.run import Error
from coursekit.tables import Table

_MARK = {PASSED: ("\N{CHECK MARK}", "#2e7d32"), NOT_STARTED: ("\N{EN DASH}", "#777")}
_ENDS = 6  # lines shown of each end of a long traceback
_FAILED = ("\N{BALLOT X}", "#c62828")


class Part(NamedTuple):
    """One piece of a report: prose, or code; the latter has lines of its own in HTML.

    `joined` says that plain text goes on in the line before.
    """

    text: str
    code: bool = False
    joined: bool = False


def as_text(findings: Findings) -> str:
    """Write a verdict in plain text, the same for the same findings."""
    lines = [headline(findings)]
    for part in parts(findings):
        if part.joined:
            lines[-1] += f" {part.text}"
        else:
            lines.append(part.text)
    if findings.failure:
        width = max(len(group.name) for group in findings.groups)
        lines += [
            f"  {group.name:{width}}  {_of(group.earned, group.points)}"
            for group in findings.groups
        ]
        lines.append(_stuck(findings))
    return "\n".join(filter(None, [*lines, findings.note]))


def as_html(findings: Findings) -> str:
    """Draw a verdict as HTML that can be read on light and on dark ground."""
    mark, colour = _MARK.get(findings.status, _FAILED)
    body = [f"<p><strong>{mark} {escape(headline(findings))}</strong></p>"]
    drawn = picture(findings.failure) if findings.failure else ""
    for part in parts(findings, arrays=not drawn):
        body.append((code if part.code else paragraph)(part.text.strip()))
    if findings.failure:
        body += [drawn, _groups_html(findings), paragraph(_stuck(findings))]
    body.append(paragraph(findings.note) if findings.note else "")
    style = f"border-left: 4px solid {colour}; padding: 0.1em 0 0.1em 1em"
    return f'<div style="{style}">{"".join(body)}</div>'


def headline(findings: Findings) -> str:
    """Say in one line what was checked and how it went."""
    said = f"{findings.id or 'check'}: {in_words(findings.status)}"
    if not findings.out_of:
        return said
    return f"{said} ({_of(findings.points, findings.out_of)} points)"


def parts(findings: Findings, *, arrays: bool = True) -> list[Part]:
    """Say what went wrong and where; small arrays in full, unless they are drawn."""
    said = _parts(findings, arrays)
    return [part._replace(text=cleaned(part.text)) for part in said]


def _parts(findings: Findings, arrays: bool) -> list[Part]:
    if findings.status == NOT_STARTED:
        text = "Write your code in the cell above, run that cell, then this one."
        return [Part(text)]
    said = [Part(findings.sentence)] if findings.sentence else []
    if findings.failure is None:
        return said
    if not findings.failure.shown:
        kind, group = findings.failure.kind, findings.failure.group
        return [*said, Part(f"In a hidden case of the group {group!r}: {kind}.")]
    said += _call(findings.id, findings.failure)
    if findings.failure.difference and not findings.misconception:
        said.append(Part(findings.failure.difference.advice))
    said += _whole_results(findings.failure) if arrays else []
    said += _window_part(findings.failure) + _own_lines(findings.failure)
    return [part for part in said if part.text]


def _call(name: str, failure: Failure) -> list[Part]:
    """Write the call that failed, and what came of it."""
    difference, args, error = failure.difference, failure.args, failure.error
    assert difference is not None
    assert args is not None
    call = call_text(name, args, difference.kind == ANOTHER_SHAPE)
    said = difference.returned
    if difference.path:
        said += f" in entry {difference.path}"
    if error and error.message:
        said += f": {error.message}"
    if difference.expected:
        said += f"; expected {difference.expected}"
    said = said if said.endswith((".", "?")) else f"{said}."
    return [Part(call, code=True), Part(said, code=error is not None, joined=True)]


def _own_lines(failure: Failure) -> list[Part]:
    """Show the learner's lines on the way to an error, and what was printed."""
    said = [Part(f"  {line}", code=True) for line in _folded(failure.error)]
    if printed := failure.printed.strip():
        said += [Part("It printed:"), Part(printed, code=True, joined=True)]
    return said


def _folded(error: Error | None) -> list[str]:
    """Write the lines of an error; those of a long recursion only at its two ends."""
    said = []
    for frame, group in groupby(error.frames if error else ()):
        times = len(list(group))
        said.append(f"line {frame.line} of {frame.function}: {frame.text}")
        said += [f"... {times - 1} times the same"] if times > 1 else []
    if len(said) > 2 * _ENDS:
        between = f"... {len(said) - 2 * _ENDS} more lines of the same kind"
        said[_ENDS:-_ENDS] = [between]
    return said


def _whole_results(failure: Failure) -> list[Part]:
    pair = failure.value, failure.expected
    if failure.difference is None or failure.difference.cell is None:
        return []
    if any(not isinstance(one, np.ndarray) or one.size > SMALL for one in pair):
        return []
    returned, expected = map(literal, pair)
    return [Part(f"In full: returned {returned}; expected {expected}.")]


def _window_part(failure: Failure) -> list[Part]:
    window = failure.window
    if window is None or not failure.args:
        return []
    name, value = list(failure.args.items())[window.argument]
    spans = ", ".join(map(_span, window.region))
    content = value[window.region]
    shows = f" = {literal(content)}" if content.size <= SMALL else ""
    said = f"That number is made from the window `{name}[{spans}]{shows}`."
    return [Part(said)]


def _span(span: slice) -> str:
    step = f":{span.step}" if span.step not in (None, 1) else ""
    return f"{span.start}:{span.stop}{step}"


def _of(part: float, whole: float) -> str:
    return f"{part:g} of {whole:g}"


def _stuck(findings: Findings) -> str:
    return f'Stuck? hint("{findings.id}")'


def _groups_html(findings: Findings) -> str:
    rows = [
        (
            f"{(_MARK[PASSED] if group.earned else _FAILED)[0]} {group.name}",
            _of(group.earned, group.points),
        )
        for group in findings.groups
    ]
    heads = "group of cases", "points"
    return Table(heads, rows, numbers=heads[1:], about=heads[0]).html()

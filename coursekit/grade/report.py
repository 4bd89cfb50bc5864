"""Show a verdict: as stable plain text, and as HTML with the failing window framed.

Everything that a learner's code made is escaped; nothing is told by colour alone.
"""

from html import escape
from typing import NamedTuple

import numpy as np

from coursekit.grade.compare import ANOTHER_SHAPE
from coursekit.grade.markup import code, paragraph
from coursekit.grade.picture import picture
from coursekit.grade.verdict import (
    NOT_STARTED,
    PASSED,
    Failure,
    Verdict,
    in_words,
)
from coursekit.grade.words import SMALL, call_text, literal
from coursekit.tables import Table

_MARK = {PASSED: ("\N{CHECK MARK}", "#2e7d32"), NOT_STARTED: ("\N{EN DASH}", "#777")}
_FAILED = ("\N{BALLOT X}", "#c62828")


class Part(NamedTuple):
    """One piece of a report: prose, or code; the latter has lines of its own in HTML.

    `joined` says that plain text goes on in the line before.
    """

    text: str
    code: bool = False
    joined: bool = False


def as_text(verdict: Verdict) -> str:
    """Write a verdict in plain text, the same for the same verdict."""
    lines = [headline(verdict)]
    for part in parts(verdict):
        if part.joined:
            lines[-1] += f" {part.text}"
        else:
            lines.append(part.text)
    if verdict.failure:
        width = max(len(group.name) for group in verdict.groups)
        lines += [
            f"  {group.name:{width}}  {_of(group.earned, group.points)}"
            for group in verdict.groups
        ]
        lines.append(_stuck(verdict))
    return "\n".join(filter(None, [*lines, verdict.note]))


def as_html(verdict: Verdict) -> str:
    """Draw a verdict as HTML that can be read on light and on dark ground."""
    mark, colour = _MARK.get(verdict.status, _FAILED)
    body = [f"<p><strong>{mark} {escape(headline(verdict))}</strong></p>"]
    drawn = picture(verdict.failure) if verdict.failure else ""
    for part in parts(verdict, arrays=not drawn):
        body.append((code if part.code else paragraph)(part.text.strip()))
    if verdict.failure:
        body += [drawn, _groups_html(verdict), paragraph(_stuck(verdict))]
    body.append(paragraph(verdict.note) if verdict.note else "")
    style = f"border-left: 4px solid {colour}; padding: 0.1em 0 0.1em 1em"
    return f'<div style="{style}">{"".join(body)}</div>'


def headline(verdict: Verdict) -> str:
    """Say in one line what was checked and how it went."""
    said = f"{verdict.id or 'check'}: {in_words(verdict.status)}"
    if not verdict.out_of:
        return said
    return f"{said} ({_of(verdict.points, verdict.out_of)} points)"


def parts(verdict: Verdict, *, arrays: bool = True) -> list[Part]:
    """Say what went wrong and where; small arrays in full, unless they are drawn."""
    if verdict.status == NOT_STARTED:
        text = "Write your code in the cell above, run that cell, then this one."
        return [Part(text)]
    said = [Part(verdict.sentence)] if verdict.sentence else []
    if verdict.failure is None:
        return said
    if not verdict.failure.shown:
        kind, group = verdict.failure.kind, verdict.failure.group
        return [*said, Part(f"In a hidden case of the group {group!r}: {kind}.")]
    shown = _call(verdict.id, verdict.failure)
    if verdict.failure.difference and not verdict.misconception:
        shown.append(Part(verdict.failure.difference.advice))
    shown += _whole_results(verdict.failure) if arrays else []
    shown += _window_part(verdict.failure) + _own_lines(verdict.failure)
    return [
        *said,
        *(part._replace(text=_clean(part.text)) for part in shown if part.text),
    ]


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
    frames = failure.error.frames if failure.error else ()
    said = [
        Part(f"  line {frame.line} of {frame.function}: {frame.text}", code=True)
        for frame in frames
    ]
    if printed := failure.printed.strip():
        said += [Part("It printed:"), Part(printed, code=True, joined=True)]
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


def _stuck(verdict: Verdict) -> str:
    return f'Stuck? hint("{verdict.id}")'


def _clean(text: str) -> str:
    """Keep letters and line ends: no control code reaches a terminal."""
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _groups_html(verdict: Verdict) -> str:
    rows = [
        (
            f"{(_MARK[PASSED] if group.earned else _FAILED)[0]} {group.name}",
            _of(group.earned, group.points),
        )
        for group in verdict.groups
    ]
    heads = "group of cases", "points"
    return Table(heads, rows, numbers=heads[1:], about=heads[0]).html()

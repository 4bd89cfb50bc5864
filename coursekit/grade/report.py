"""Show a verdict: as stable plain text, and as HTML with the failing window framed.

Everything that a learner's code made is escaped; nothing is told by colour alone.
"""

from html import escape

import numpy as np

from coursekit.grade.compare import ANOTHER_SHAPE
from coursekit.grade.picture import picture
from coursekit.grade.verdict import (
    NOT_STARTED,
    PASSED,
    REFUSED,
    Failure,
    Verdict,
)
from coursekit.grade.words import SMALL, call_text, literal

_MARK = {PASSED: ("\N{CHECK MARK}", "#2e7d32"), NOT_STARTED: ("\N{EN DASH}", "#777")}
_FAILED = ("\N{BALLOT X}", "#c62828")


def as_text(verdict: Verdict) -> str:
    """Write a verdict in plain text, the same for the same verdict."""
    lines = [headline(verdict), *sentences(verdict)]
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
    body += [_paragraph(said) for said in sentences(verdict, arrays=not drawn)]
    if verdict.failure:
        body += [drawn, _groups_html(verdict)]
        body.append(_paragraph(_stuck(verdict)))
    body.append(_paragraph(verdict.note) if verdict.note else "")
    style = f"border-left: 4px solid {colour}; padding: 0.1em 0 0.1em 1em"
    return f'<div style="{style}">{"".join(body)}</div>'


def headline(verdict: Verdict) -> str:
    """Say in one line what was checked and how it went."""
    name = verdict.id or "check"
    if verdict.status == REFUSED:
        return f"{name}: not accepted"
    points = _of(verdict.points, verdict.out_of)
    return f"{name}: {verdict.status} ({points} points)"


def sentences(verdict: Verdict, *, arrays: bool = True) -> list[str]:
    """Say what went wrong and where; small arrays in full, unless they are drawn."""
    if verdict.status == NOT_STARTED:
        return ["Write your code in the cell above, run that cell, then this one."]
    said = [verdict.sentence] if verdict.sentence else []
    if verdict.failure is None:
        return said
    if not verdict.failure.shown:
        kind, group = verdict.failure.kind, verdict.failure.group
        return [*said, f"In a hidden case of the group {group!r}: {kind}."]
    return [*said, *_failure_sentences(verdict.id, verdict.failure, arrays)]


def _failure_sentences(name: str, failure: Failure, arrays: bool) -> list[str]:
    difference, args = failure.difference, failure.args
    assert difference is not None
    assert args is not None
    entry = f", entry {difference.path}," if difference.path else ""
    of_shape = difference.kind == ANOTHER_SHAPE
    said = f"{call_text(name, args, of_shape)}{entry} {difference.returned}"
    if failure.error and failure.error.message:
        said += f": {failure.error.message}"
    if difference.expected:
        said += f"; expected {difference.expected}"
    lines = [said if said.endswith((".", "?")) else f"{said}."]
    lines += [difference.advice] if difference.advice else []
    lines += _whole_results(failure) if arrays else []
    lines += _window_sentence(failure)
    if failure.error:
        lines += [
            f"  line {frame.line} of {frame.function}: {frame.text}"
            for frame in failure.error.frames
        ]
    lines += [f"It printed: {failure.printed.strip()}"] if failure.printed else []
    return [_clean(line) for line in lines]


def _whole_results(failure: Failure) -> list[str]:
    pair = failure.value, failure.expected
    if failure.difference is None or failure.difference.cell is None:
        return []
    if any(not isinstance(one, np.ndarray) or one.size > SMALL for one in pair):
        return []
    returned, expected = map(literal, pair)
    return [f"In full: returned {returned}; expected {expected}."]


def _window_sentence(failure: Failure) -> list[str]:
    window = failure.window
    if window is None or not failure.args:
        return []
    name, value = list(failure.args.items())[window.argument]
    spans = ", ".join(map(_span, window.region))
    content = value[window.region]
    shows = f" = {literal(content)}" if content.size <= SMALL else ""
    return [f"That number is made from the window {name}[{spans}]{shows}."]


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


def _paragraph(text: str) -> str:
    style = "margin: 0.3em 0; white-space: pre-wrap"
    return f'<p style="{style}">{escape(text)}</p>'


def _groups_html(verdict: Verdict) -> str:
    rows = "".join(
        f"<tr><td>{(_MARK[PASSED] if group.earned else _FAILED)[0]} "
        f"{escape(group.name)}</td><td>{_of(group.earned, group.points)}</td></tr>"
        for group in verdict.groups
    )
    head = "<tr><th>group of cases</th><th>points</th></tr>"
    return f"<table>{head}{rows}</table>"

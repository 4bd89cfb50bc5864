"""Two charts as SVG that stands in a page: bars of totals, stacked bars of statuses.

Numbers stand in the bars and every status has a pattern of its own, so colour tells
nothing alone. A table beside each chart says the same to who does not see it.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

_WIDTH = 720
_DRAWN = {  # the ground, and the lines on it
    "a": ("var(--c-a)", ""),
    "b": ("var(--c-a)", "M0 4H8"),
    "c": ("var(--c-c)", "M0 8L8 0M-2 2L2 -2M6 10L10 6"),
    "d": ("var(--c-d)", "M2 2h.01M6 6h.01"),
    "e": ("var(--c-e)", "M0 0L8 8M8 0L0 8"),
    "f": ("var(--c-e)", "M4 0V8"),
    "g": ("var(--c-d)", "M0 4H8M4 0V8"),
    "h": ("var(--c-h)", ""),
    "i": ("var(--paper)", ""),
    "j": ("var(--paper)", "M0 0L8 8M-2 6L2 10M6 -2L10 2"),
}

STYLE = """
:root { --c-a: #9fd8a8; --c-c: #ffcf8f; --c-d: #c9c4f2; --c-e: #f6b0b0;
  --c-h: #d5d8dd; --mark: #1a1a1a; }
@media (prefers-color-scheme: dark) { :root { --c-a: #1f6b35; --c-c: #7a4f0d;
  --c-d: #4a4494; --c-e: #8a2b2b; --c-h: #444a52; --mark: #f2f2f2; } }
@media print { :root { --c-a: #9fd8a8; --c-c: #ffcf8f; --c-d: #c9c4f2; --c-e: #f6b0b0;
  --c-h: #d5d8dd; --mark: #000; } }
svg { display: block; min-width: 34rem; max-width: 100%; height: auto; }
@media print { svg { min-width: 0; } }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .on { text-anchor: middle; font-weight: 600; paint-order: stroke;
  stroke: var(--paper); stroke-width: 4px; }
svg .end { text-anchor: end; }
svg rect { stroke: var(--mark); stroke-width: 1; }
svg pattern path { stroke: var(--mark); stroke-width: 1.3; stroke-linecap: round;
  fill: none; }
svg pattern rect { stroke: none; }
"""


def histogram(columns: Sequence[tuple[str, int]], about: str) -> str:
    """Draw a column for each (label, number), the number on top of it.

    >>> histogram([("0", 2), ("1", 4)], "Two columns").count("<rect")
    2
    """
    most = max((n for _, n in columns), default=0) or 1
    step = _WIDTH / max(1, len(columns))
    body = []
    for place, (label, n) in enumerate(columns):
        x, height = step * place, 160 * n / most
        body.append(
            f'<rect x="{x + 3:.1f}" y="{180 - height:.1f}" width="{step - 6:.1f}" '
            f'height="{height:.1f}" fill="var(--c-a)"/>'
            f'<text class="on" x="{x + step / 2:.1f}" y="{174 - height:.1f}">{n}</text>'
            f'<text class="on" x="{x + step / 2:.1f}" y="198">{escape(label)}</text>'
        )
    return _svg(about, 206, body)


def stacked(
    rows: Sequence[tuple[str, Mapping[str, int]]], order: Sequence[str], about: str
) -> str:
    """Draw a bar for each (name, numbers by kind), above them what a pattern means.

    `order` has all kinds there could be, ten at most: each keeps its pattern.

    >>> order = "passed", "wrong", "missing"
    >>> drawn = stacked([("corr2d", {"passed": 3, "missing": 1})], order, "One bar")
    >>> drawn.count("<rect"), "wrong" in drawn
    (6, False)
    """
    fills = dict(zip(order, _DRAWN, strict=False))
    kinds = [kind for kind in order if any(numbers.get(kind) for _, numbers in rows)]
    body = [_pattern(fills[kind]) for kind in kinds]
    for place, kind in enumerate(kinds):
        x, y = 180 * (place % 4), 22 * (place // 4)
        body.append(
            f'<rect x="{x + 1}" y="{y + 1}" width="24" height="15" '
            f'fill="url(#p-{fills[kind]})"/>'
            f'<text x="{x + 32}" y="{y + 13}">{escape(kind)}</text>'
        )
    top = 22 * ((len(kinds) + 3) // 4) + 12
    for place, (name, numbers) in enumerate(rows):
        y = top + 26 * place
        body.append(f'<text class="end" x="170" y="{y + 15}">{escape(name)}</text>')
        body += _bar(numbers, fills, y)
    return _svg(about, top + 26 * len(rows), body)


def _bar(numbers: Mapping[str, int], fills: Mapping[str, str], y: int) -> Iterator[str]:
    scale = (_WIDTH - 182) / max(1, sum(numbers.values()))
    x = 180.0
    for kind in fills:
        width = numbers.get(kind, 0) * scale
        if not width:
            continue
        yield (
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" '
            f'fill="url(#p-{fills[kind]})"/>'
        )
        if width > 9 * len(n := str(numbers[kind])) + 6:
            yield f'<text class="on" x="{x + width / 2:.1f}" y="{y + 15}">{n}</text>'
        x += width


def _pattern(letter: str) -> str:
    ground, lines = _DRAWN[letter]
    return (
        f'<pattern id="p-{letter}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" style="fill: {ground}"/><path d="{lines}"/>'
        "</pattern>"
    )


def _svg(about: str, height: int, body: Sequence[str]) -> str:
    view = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    return f'<svg role="img" aria-label="{escape(about)}" {view}>{"".join(body)}</svg>'

"""What the pages about a class have in common: one file each, closed to the outside.

A page runs no script and loads nothing, and whatever a submission says is escaped. It
follows the reader's choice of light or dark, and is printed black on white.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from types import MappingProxyType

from coursekit.classroom.sheets import clean
from coursekit.tables import Table

_ALONE = (  # only what stands in the page itself, and no script
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --soft: #f3f4f6;
  --line: #6b7280; --link: #0b57c4; --quiet: #4b5563; }
@media (prefers-color-scheme: dark) { :root { --paper: #111; --ink: #f2f2f2;
  --soft: #1f2227; --line: #8c8c8c; --link: #8ab8ff; --quiet: #b6bcc6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui,
  sans-serif; background: var(--paper); color: var(--ink); overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 0.5em; }
h1 { margin-top: 0.3em; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.6em 0; overflow-wrap: normal; }
th, td { padding: 0.2em 0.7em; border-bottom: 1px solid var(--line);
  vertical-align: top; font-variant-numeric: tabular-nums; }
td[style*="right"] { white-space: nowrap; }
thead th { border-bottom-width: 2px; }
caption { text-align: left; font-weight: 600; }
details { background: var(--soft); border-radius: 4px; padding: 0.4em 0.8em;
  margin: 0.6em 0; }
summary { cursor: pointer; font-weight: 600; }
pre, code { font-size: 0.95em; }
.mark { border-left: 4px solid var(--line); padding: 0.1em 0 0.1em 1em; }
.quiet { color: var(--quiet); }
@media (max-width: 30rem) {
  body { padding: 0.6rem; }
  h1 { font-size: 1.5rem; }
  th, td { padding: 0.2em 0.35em; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #fff;
    --line: #777; --link: #000; --quiet: #333; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3, caption, summary { break-after: avoid; }
  th, td { padding: 0.15em 0.35em; }
  tr, svg { break-inside: avoid; }
  .wide { overflow: visible; }
  details { border: 1px solid var(--line); }
  details::details-content { content-visibility: visible; display: block; }
}
"""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # by Windows
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{,58}[a-z0-9]|[a-z0-9]")
_MARKED = re.compile(r".*-[0-9a-f]{16}")


def page(title: str, body: Iterable[str], style: str = "") -> str:
    """Write a whole page; the body is HTML already, the title is not."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_ALONE}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{said(title)}</title>",
            f"<style>{_STYLE}{style}</style></head>",
            f"<body><main>\n<h1>{said(title)}</h1>",
            *filter(None, body),
            "</main></body></html>\n",
        ]
    )


def said(text: str) -> str:
    """Escape a text from anywhere, cleaned, on one line.

    >>> said("<b>\\u202eAnn")
    '&lt;b&gt;\N{REPLACEMENT CHARACTER}Ann'
    """
    return escape(clean(text))


def listed(entries: Sequence[str]) -> str:
    """Write sentences as a list, one alone as a paragraph, none as nothing."""
    if len(entries) == 1:
        return f"<p>{said(entries[0])}</p>"
    items = "".join(f"<li>{said(entry)}</li>" for entry in entries)
    return f"<ul>{items}</ul>" if entries else ""


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    about: str,
    numbers: Sequence[str],
    links: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Write a table in a frame that can be scrolled, by keyboard too."""
    cells = [[clean(cell) for cell in row] for row in rows]
    return wide(Table(heads, cells, numbers, heads[0], links).html(), about)


def wide(html: str, about: str) -> str:
    """Put what may be wider than the screen in a frame with a name."""
    frame = f'class="wide" role="region" aria-label="{said(about)}" tabindex="0"'
    return f"<div {frame}>{html}</div>"


def file_name(learner: str) -> str:
    """Return the name of a learner's page: one name a learner, on every system.

    A name in small letters is kept. Any other carries a digest, for there are systems
    on which it would be none, or somebody else's.

    >>> file_name("ann_1"), file_name("Ann/1")
    ('ann_1.html', 'ann_1-5422e01fd488eced.html')
    """
    if (
        _PLAIN.fullmatch(learner)
        and not _RESERVED.fullmatch(learner)
        and not _MARKED.fullmatch(learner)
    ):
        return f"{learner}.html"
    letters = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode()
    start = re.sub(r"[^a-z0-9]+", "_", letters.lower())[:40].strip("_") or "learner"
    digest = sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{start}-{digest}.html"

"""One HTML page from Markdown: it needs no other file, and prints."""

from __future__ import annotations

from html import escape

from markdown_it import MarkdownIt

_STYLE = """\
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem }
pre, code { font-family: ui-monospace, monospace; font-size: 0.9em }
pre { border: 1px solid; border-radius: 4px; padding: 0.6em; white-space: pre-wrap;
  overflow-wrap: anywhere }
table { border-collapse: collapse }
th, td { border: 1px solid; padding: 0.2em 0.6em; vertical-align: top }
h1, h2, h3 { line-height: 1.2; break-after: avoid }
@media print {
  :root { color-scheme: light }
  body { font-size: 10pt; margin: 0; max-width: none }
  pre, tr { break-inside: avoid }
}
"""


def page(title: str, markdown: str) -> str:
    """Write the page; HTML in the Markdown shows as text.

    >>> page("Sums", "# Sums & <b>").partition("<body>")[2].strip()
    '<h1>Sums &amp; &lt;b&gt;</h1>\\n</body>\\n</html>'
    """
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
{body}</body>
</html>
"""

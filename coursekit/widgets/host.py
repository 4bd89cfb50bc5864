"""Pages without a kernel: explorers that live in a file, with no network either."""

from __future__ import annotations

import json

from coursekit.widgets.base import Explorer, read_script

STATE = ("_esm", "_css", "table", "place")


def place(explorer: Explorer) -> str:
    """Write the element in which `host` brings an explorer to life.

    >>> from coursekit.widgets import Predict
    >>> place(Predict("2 + 2?", answer=4, why="Count."))[:55]
    '<div class="ck-live"><script type="application/json">{"'
    """
    state = {name: getattr(explorer, name) for name in STATE}
    text = json.dumps(state).replace("<", "\\u003c")  # or </script> ends it early
    return f'<div class="ck-live"><script type="application/json">{text}</script></div>'


def host() -> str:
    """Write the script that a page needs once, anywhere: it waits for the places."""
    return f'<script type="module">\n{read_script("host")}</script>'

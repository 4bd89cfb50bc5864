"""What every explorer shares: a table from NumPy, a place in it, a stable text form.

NumPy is the truth and JavaScript draws: an explorer sends its numbers as finished text
in `table` and keeps where the reader stands in `place`. Both travel with an exported
page, so an explorer lives there without a kernel and without a network.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

HERE = Path(__file__).parent
# With an explorer's own they are the one ES module that runs. They neither import
# nor export, so every name in them is unique among all.
SHARED = ("dom", "theme", "keys", "grid", "player", "explorer")


def read_script(name: str) -> str:
    """Read one of the scripts in js/."""
    return (HERE / "js" / f"{name}.js").read_text(encoding="utf-8")


def digits(value: Any) -> str:
    """Write whole numbers in full, others with three digits, zero without a sign.

    >>> digits(1996), digits(2.0), digits(-1 / 3), digits(-0.0)
    ('1996', '2', '-0.333', '0')
    """
    if isinstance(value, int | np.integer):
        return str(value)
    if abs(value) < 1e6 and value == round(value):
        return str(round(value))
    return f"{float(value):.3g}"


def texts(array: np.ndarray) -> list[list[str]]:
    """Write every number of a 2-D array."""
    return [[digits(value) for value in row] for row in array]


class Explorer(anywidget.AnyWidget):
    """A picture to step through, on a table that NumPy has filled.

    A subclass names its `script`, a file in js/ that exports `explorer(draw)`,
    and defines `summary`, `describe` and, where a picture helps, `still`.
    """

    script: ClassVar[str]
    table = traitlets.Dict().tag(sync=True)
    place = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Load script and style, not again in the subclass that traitlets adds."""
        if "script" in vars(cls):
            cls._esm = "\n".join(map(read_script, (*SHARED, cls.script)))
            cls._css = (HERE / "base.css").read_text(encoding="utf-8")
        super().__init_subclass__(**kwargs)

    def summary(self) -> str:
        """Say in a few words, shapes among them, what is explored."""
        raise NotImplementedError(f"{type(self).__name__} needs a summary().")

    def describe(self) -> str:
        """Tell in words everything that the picture shows."""
        raise NotImplementedError(f"{type(self).__name__} needs a describe().")

    def still(self) -> bytes | None:
        """Draw the explorer as a PNG, for readers where no widget can run."""
        return None

    def checksum(self) -> str:
        """Condense the table to eight hexadecimal digits, equal on every machine."""
        text = json.dumps(self.table, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def __repr__(self) -> str:
        """Give the text that a stored notebook is compared by."""
        return f"<{type(self).__name__}: {self.summary()}, table {self.checksum()}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Offer the live view first, then the still, then the text."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        picture = self.still()
        if picture is not None:
            data["image/png"] = b64encode(picture).decode("ascii")
        return data, metadata

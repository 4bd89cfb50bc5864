"""A verdict: findings that show themselves, in a terminal and in a notebook."""

from dataclasses import dataclass

from coursekit.grade.findings import Findings
from coursekit.grade.report import as_html, as_text


@dataclass(frozen=True, repr=False)
class Verdict(Findings):
    """The outcome of one check."""

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

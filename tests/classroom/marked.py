"""Notebooks to be marked as a class's are, and what has to hold after each of them."""

import json
from pathlib import Path

from sandboxed import nothing_left

from coursekit import bank
from coursekit.classroom.marking import Marker
from coursekit.classroom.reader.handed import handed
from coursekit.classroom.result import Result

LESSON = ("corr1d", "corr2d_out_shape", "corr2d")
RULED = "corr2d_windows"  # has a rule about its text
TORCH = "activation_maximisation"
POINTS = {id: bank.load(id).points for id in (*LESSON, RULED, TORCH)}
IMPORTS = "import numpy as np"
RIGHT = {
    **{id: bank.load(id).solution_source for id in (*LESSON, RULED, TORCH)},
}


def notebook(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "source": text} for text in sources]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode()


def honest(*but: str) -> list[str]:
    """Return the cells of right answers, without some."""
    return [IMPORTS, *(RIGHT[id] for id in LESSON if id not in but)]


class Desk:
    """Marks what is handed in, and looks that the next one is marked right."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker

    def mark(self, place: Path) -> list[dict[str, Result]]:
        """Mark all that is handed in at a place: the results of each, by exercise."""
        return [
            {one.exercise: one for one in self.marker.mark(work)}
            for work in handed(place)
        ]

    def marked(
        self, folder: Path, *cells: str, name: str = "ada.ipynb"
    ) -> dict[str, Result]:
        """Mark a notebook of these cells."""
        return self.content(folder, notebook(*cells), name)

    def content(
        self, folder: Path, data: bytes, name: str = "ada.ipynb"
    ) -> dict[str, Result]:
        """Mark a file with this content."""
        (folder / name).write_bytes(data)
        (found,) = self.mark(folder / name)
        return found

    def still_right(self, folder: Path) -> None:
        """Look that nothing is left of the last one, and that a right one is right."""
        servers = self.marker._servers
        for server in servers.values():
            nothing_left(server)
        cells = [*honest(), *([RIGHT[TORCH]] if True in servers else ())]
        full(self.marked(folder, *cells, name="bob.ipynb"), *LESSON)


def full(results: dict[str, Result], *ids: str) -> None:
    """Look that these exercises have all their points."""
    for id in ids:
        one = results[id]
        assert (one.status, one.points) == ("passed", POINTS[id]), one

"""Run a notebook and store exactly the outputs that nbval will compare."""

from __future__ import annotations

import base64
import importlib
import os
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipykernel.kernelspec
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from coursekit.author.draft import METADATA, BuildError, Cell, Draft
from coursekit.grade import record

CELL_TIMEOUT = 120  # seconds; nbval waits as long

# What a kernel must be told so that two machines store the same numbers.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    record.TOLD: record.OFF,
    "TQDM_DISABLE": "1",  # a progress bar has no place in a stored output
}

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_PNG_NOTES = {b"tEXt", b"zTXt", b"iTXt", b"tIME"}


class _ThisPython(KernelSpecManager):
    """Finds one kernel only: the Python that runs the build."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            resource_dir=ipykernel.kernelspec.RESOURCES,
            **ipykernel.kernelspec.get_kernel_dict(),
        )


class Recorder(NotebookClient):
    """An nbclient that sees what nbval sees.

    nbval honours neither `clear_output` nor updates of a display, and compares no
    widget views; what front ends do with them would never match, so none is stored.
    """

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Manage a kernel of the running Python, whatever else is installed."""
        self.km = AsyncKernelManager(
            kernel_name="python3", kernel_spec_manager=_ThisPython()
        )
        return self.km

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Store one message of the kernel, unless nbval would not see it."""
        kind = msg["msg_type"]
        if kind in {"clear_output", "update_display_data"} or kind.startswith("comm"):
            return None
        msg["content"].pop("transient", None)  # else a second display edits the first
        output = super().process_message(msg, cell, cell_index)
        return None if output is None else _tidy(output)


def warm_up() -> None:
    """Let matplotlib list this machine's fonts, which it does once and then keeps.

    While a kernel does it, a notice may land in the outputs of the first figure.
    """
    importlib.import_module("matplotlib.font_manager")


def run(
    draft: Draft, folder: Path, *, after_cell: Callable[[], object] = lambda: None
) -> NotebookNode:
    """Execute the draft in its folder and return the notebook with its outputs.

    Raises: BuildError if a cell raises, hangs or kills its kernel; it names the line.
    """
    notebook = draft.notebook()
    client = Recorder(notebook, timeout=CELL_TIMEOUT, record_timing=False)
    client.coalesce_streams = True
    client.shutdown_kernel = "immediate"
    client.iopub_timeout = CELL_TIMEOUT  # on a busy machine outputs come late,
    client.raise_on_iopub_timeout = True  # and by itself nbclient would drop them
    client.extra_arguments = ["--log-level=ERROR"]
    with client.setup_kernel(cwd=str(folder), env={**os.environ, **ENVIRONMENT}):
        for index, cell in enumerate(draft.cells):
            try:
                client.execute_cell(
                    notebook.cells[index], index, client.code_cells_executed + 1
                )
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise BuildError(_report(cell, error)) from None
            if cell.kind == "code":
                after_cell()
    notebook.metadata = NotebookNode(METADATA)
    return notebook


def _report(cell: Cell, error: Exception) -> str:
    if isinstance(error, CellTimeoutError):
        what = f"the cell ran longer than {CELL_TIMEOUT} seconds."
    elif isinstance(error, DeadKernelError):
        what = "the kernel died while it ran this cell (out of memory?)."
    else:
        what = f"the cell failed.\n\n{_COLOUR.sub('', str(error))}"
    return f"{cell.file.as_posix()}:{_line(cell, str(error))}: {what}"


def _line(cell: Cell, report: str) -> int:
    """Return the line of the source file that the traceback's last own frame names."""
    frames = re.findall(r"Cell In\[(\d+)\], line (\d+)", _COLOUR.sub("", report))
    own = [int(line) for count, line in frames if count == frames[0][0]]
    return cell.line + own[-1] - 1 if own else cell.line


def _tidy(output: NotebookNode) -> NotebookNode:
    """Take out what differs between machines or is dead in a stored notebook."""
    if "data" in output:
        output.data.pop(_WIDGET_VIEW, None)
        if "image/png" in output.data:
            output.data["image/png"] = plain_png(output.data["image/png"])
    if "traceback" in output:  # frames of files name this machine's folders
        output.traceback = [
            frame
            for frame in output.traceback
            if not _COLOUR.sub("", frame).startswith("File ")
        ]
    return output


def plain_png(encoded: str) -> str:
    """Drop the notes of a base64 PNG: the program that drew it, and when."""
    data = base64.b64decode(encoded)
    kept, at = [data[:8]], 8
    while at < len(data):
        end = at + 12 + struct.unpack(">I", data[at : at + 4])[0]
        if data[at + 4 : at + 8] not in _PNG_NOTES:
            kept.append(data[at:end])
        at = end
    return base64.b64encode(b"".join(kept)).decode("ascii")

"""What nbval does not compare by itself: pictures, and floats to three digits."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
from nbformat import NotebookNode
from PIL import Image

Outputs = Sequence[NotebookNode]

BLOCKS = 16  # a picture is judged by the mean colours of 16 x 16 blocks
COLOUR_STEP = 6.0  # of 255: less than a curve in another place, more than a new font
SIZE_STEP = 12  # pixels: labels are a little wider on another machine
CLOSE = 1e-3  # what `approx` allows, relative; below 1, absolute

_TEXTS = {"text", "text/plain", "text/html", "text/latex", "text/markdown", "evalue"}
_FLOAT = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)"
)


def with_pictures_and_floats(compare_exactly: Callable[..., bool]) -> Any:
    """Wrap nbval's comparison of a cell: `approx` floats before, pictures after."""

    def compare_outputs(
        item: Any, test: Outputs, ref: Outputs, skip_compare: Any = None
    ) -> bool:
        if "approx" in item.cell.metadata.get("tags", []):
            test = with_stored_floats(test, ref)
        if not compare_exactly(item, test, ref, skip_compare):
            return False
        problem = picture_difference(pictures(ref), pictures(test))
        if problem:
            item.comparison_traceback.append(problem)
        return problem is None

    return compare_outputs


def pictures(outputs: Outputs) -> list[str]:
    """List the pictures among a cell's outputs, base64, in the order they came."""
    return [
        output.data[kind]
        for output in outputs
        for kind in ("image/png", "image/jpeg")
        if kind in output.get("data", {})
    ]


def picture_difference(stored: Sequence[str], new: Sequence[str]) -> str | None:
    """Say what differs between two lists of pictures beyond fonts and rounding.

    Titles and labels are too small to be seen here.
    """
    if len(stored) != len(new):
        return f"{len(stored)} pictures are stored, {len(new)} were drawn"
    for number, pair in enumerate(zip(stored, new, strict=True), start=1):
        left, right = (_decode(picture) for picture in pair)
        sizes = [f"{w} x {h}" for h, w, _ in (left.shape, right.shape)]
        if np.abs(np.subtract(left.shape, right.shape)).max() > SIZE_STEP:
            return f"picture {number} is stored as {sizes[0]}, drawn as {sizes[1]}"
        step = np.abs(_block_means(left) - _block_means(right)).max()
        if step > COLOUR_STEP:
            return (
                f"picture {number}: a block's mean colour differs by {step:.0f} of 255 "
                f"({COLOUR_STEP:.0f} allowed)"
            )
    return None


def floats_agree(stored: str, new: str) -> bool:
    """Say whether two texts are the same but for floats within one in a thousand.

    Integers count as text: a shape or a count is never approximate.

    >>> floats_agree("loss 0.8290 after 10", "loss 0.8293 after 10")
    True
    >>> floats_agree("loss 0.8290 after 10", "loss 0.8290 after 11")
    False
    """
    if _skeleton(stored) != _skeleton(new):
        return False
    left, right = (
        np.array(_FLOAT.findall(text), dtype=np.float64) for text in (stored, new)
    )
    return bool(np.allclose(right, left, rtol=CLOSE, atol=CLOSE))


def with_stored_floats(new: Outputs, stored: Outputs) -> list[NotebookNode]:
    """Return new outputs with the stored text wherever only floats differ a little."""
    merged = deepcopy(list(new))
    for output, known in zip(merged, stored, strict=False):
        pairs = [(output, known), (output.get("data", {}), known.get("data", {}))]
        for there, before in pairs:
            for key in _TEXTS.intersection(there, before):
                if floats_agree(before[key], there[key]):
                    there[key] = before[key]
    return merged


def _skeleton(text: str) -> str:
    return re.sub(r"\s+", " ", _FLOAT.sub("~", text))  # NumPy pads its columns


def _decode(picture: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        white = Image.new("RGBA", image.size, "white")
        seen = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return np.asarray(seen, dtype=np.float64)


def _block_means(pixels: np.ndarray) -> np.ndarray:
    for axis in (0, 1):
        n = pixels.shape[axis]
        cuts = np.arange(BLOCKS) * n // BLOCKS
        counts = np.diff([*cuts, n])
        sums = np.add.reduceat(pixels, cuts, axis=axis)
        pixels = sums / counts.reshape([-1, 1, 1] if axis == 0 else [1, -1, 1])
    return pixels

"""IDX, the format of MNIST: two zeros, a type, the number of axes, lengths, numbers."""

from __future__ import annotations

from math import prod

import numpy as np

UNSIGNED_BYTES = 8


def read_idx(content: bytes) -> np.ndarray:
    """Read an array of unsigned bytes from the content of an (unpacked) IDX file.

    Raises: ValueError if the content is no such file, or has another length.
    Source: LeCun, "The MNIST database of handwritten digits", "File formats".

    >>> read_idx(bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9]))
    array([[7, 8, 9]], dtype=uint8)
    """
    head = content[:4]
    if len(head) < 4 or head[:3] != bytes([0, 0, UNSIGNED_BYTES]):
        raise ValueError(
            "An IDX file of bytes starts with 00 00 08 and its number of axes, but "
            f"this one with {head.hex(' ') or 'nothing'}. It is another kind of file."
        )
    start = 4 + 4 * head[3]
    shape = [int.from_bytes(content[at : at + 4], "big") for at in range(4, start, 4)]
    length = prod(shape)
    if len(content) - start != length:
        raise ValueError(
            f"This IDX file announces {head[3]} axes of lengths {shape}, {length} "
            f"numbers, but holds {max(len(content) - start, 0)}. It is damaged."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)

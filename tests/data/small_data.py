"""A data set of a few bytes that is built like the real ones."""

import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np

from coursekit.data.download.registry import File, Source

NAMES = ("train-images", "train-labels", "t10k-images", "t10k-labels")
SHAPES = ((6, 28, 28), (6,), (4, 28, 28), (4,))


def idx(array: np.ndarray) -> bytes:
    """Write an IDX file of bytes, as the format is described."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


rng = np.random.default_rng(5)
ARRAYS = tuple(
    rng.integers(0, 256 if len(shape) == 3 else 3, shape, dtype=np.uint8)
    for shape in SHAPES
)
UNPACKED = {
    f"{name}-idx{array.ndim}-ubyte.gz": idx(array)
    for name, array in zip(NAMES, ARRAYS, strict=True)
}
PACKED = {name: gzip.compress(raw, mtime=0) for name, raw in UNPACKED.items()}
IMAGES, LABELS, *_ = PACKED


def repacked(raw: bytes) -> bytes:
    """Pack in two blocks: as genuine, but other bytes, and more of them."""
    packer = zlib.compressobj(wbits=31)
    first = packer.compress(raw[:50]) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + packer.compress(raw[50:]) + packer.flush()


def sha256(content: bytes) -> str:
    """Digest as the registry writes it."""
    return hashlib.sha256(content).hexdigest()


def source(*mirrors: str) -> Source:
    """Make the entry of the registry, under the name of a real data set."""
    files = tuple(
        File(name, len(raw), sha256(raw), len(UNPACKED[name]), sha256(UNPACKED[name]))
        for name, raw in PACKED.items()
    )
    classes = ("round", "square", "star")
    return Source("fashion_mnist", "fashion-mnist", "Small", classes, mirrors, files)


def fill(cache: Path, **changed: bytes | None) -> Path:
    """Put the files into a folder, some changed or (None) left out; return theirs."""
    folder = cache / "fashion-mnist"
    folder.mkdir(parents=True)
    by_part = dict(zip(("x_train", "y_train", "x_test", "y_test"), PACKED, strict=True))
    contents = PACKED | {by_part[part]: raw for part, raw in changed.items()}
    for name, raw in contents.items():
        if raw is not None:
            (folder / name).write_bytes(raw)
    return folder

"""Prove that a file is the one it is named after, and unpack it; or say what it is."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

from coursekit.data.download.registry import File, owner
from coursekit.files import foreign

GZIP = b"\x1f\x8b"
WITH_GZIP_HEADER = 31  # zlib: 15 bits of window, and 16 for gzip's header and checksum


class BadFile(ValueError):
    """A file is not the one it should be; the message gives both hashes and sizes."""


def proven(path: Path, file: File) -> bytes:
    """Return what the file unpacks to, if it is genuine.

    It is genuine if its own hash is the known one, or that of what it unpacks to: so
    a file that was unpacked, or packed again, still serves.

    Raises: BadFile if neither hash is the known one, or it is a folder, a pipe, ....
    """
    if not path.is_file():
        what = f"{foreign(path) or 'gone'}, not a regular file"
        raise BadFile(f"{path.name} is not the known file: it is {what}.")
    with path.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    size = path.stat().st_size
    if size > file.size + file.unpacked_size:
        raise BadFile(_contrast(path, file, "it is too long", size, found))
    raw = path.read_bytes()
    content, fault = unpack(raw, file.unpacked_size)
    if not fault and (
        found == file.sha256
        or hashlib.sha256(content).hexdigest() == file.unpacked_sha256
    ):
        return content
    raise BadFile(_contrast(path, file, _what(raw, content, fault), size, found))


def unpack(raw: bytes, length: int) -> tuple[bytes, str]:
    """Unpack gzip, at most to `length` bytes; return them and what is wrong, or "".

    >>> import gzip
    >>> unpack(gzip.compress(b"four"), 4)
    (b'four', '')
    >>> unpack(gzip.compress(b"four")[:-9], 4)[1]
    'it stops before its end'
    """
    if raw[:2] != GZIP:
        return raw, ""
    unpacker = zlib.decompressobj(WITH_GZIP_HEADER)
    try:
        content = unpacker.decompress(raw, length + 1)  # a bomb is not unpacked
    except zlib.error as error:
        return b"", f"it is damaged ({error})"
    if len(content) > length:
        return content, f"it unpacks to more than {length} bytes"
    if not unpacker.eof:
        return content, "it stops before its end"
    if unpacker.unused_data:
        return content, f"{len(unpacker.unused_data)} bytes follow after its end"
    return content, ""


def _what(raw: bytes, content: bytes, fault: str) -> str:
    """Say what a file is instead of the one it should be."""
    for whole in [raw] if fault else [raw, content]:
        if name := owner(hashlib.sha256(whole).hexdigest()):
            return f"it is {name}, under another name"
    if not raw:
        return "it is empty"
    if raw.lstrip()[:1] == b"<":
        return "it is a web page, not data (a login page of the network?)"
    if raw[:2] != GZIP:
        return "it is not gzip"
    return fault or "it unpacks, but to other data"


def _contrast(path: Path, file: File, what: str, size: int, found: str) -> str:
    return (
        f"{path.name} is not the known file: {what}.\n"
        f"  size     found    {size} bytes\n"
        f"           expected {file.size}\n"
        f"  SHA-256  found    {found}\n"
        f"           expected {file.sha256}"
    )

"""Download one file: try each mirror, check what came, and only then put it in place.

`requests` carries it, so HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE are obeyed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO, NamedTuple

from coursekit.data.download.proof import BadFile, proven
from coursekit.data.download.registry import File

CHUNK = 1 << 16


class Patience(NamedTuple):
    """How long to wait for a server, and how often to ask it."""

    connect: float = 5  # seconds
    read: float = 30  # seconds without a byte
    tries: int = 2  # of a server that answers, but fails
    pause: float = 1  # seconds between two tries


class NotDownloaded(RuntimeError):
    """No mirror gave the file; the message has a line for each."""


def download(
    file: File,
    mirrors: tuple[str, ...],
    place: Path,
    patience: Patience,
) -> None:
    """Download `file` from the first mirror that gives it, to `place`.

    What arrives is written beside `place`, checked, and moved there in one step, so
    there is never half a file; what is refused or interrupted is removed.

    Raises: NotDownloaded with what each mirror did.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    failures = []
    try:
        for mirror in mirrors:
            failure = _from_mirror(mirror + file.name, file, part, patience)
            if not failure:
                os.replace(part, place)
                return
            failures.append(f"{mirror + file.name}\n  {failure}")
    finally:
        part.unlink(missing_ok=True)
    raise NotDownloaded("\n".join(failures))


def _from_mirror(url: str, file: File, part: Path, patience: Patience) -> str:
    """Try one address, again where that may help; return what went wrong, or ""."""
    failure = ""
    for attempt in range(patience.tries):
        if attempt:
            time.sleep(patience.pause)
        failure, again = _once(url, file, part, patience)
        if not again:
            return failure
    return f"{failure} ({patience.tries} tries)"


def _once(url: str, file: File, part: Path, patience: Patience) -> tuple[str, bool]:
    """Ask once; return what went wrong, or "", and whether asking again may help."""
    import requests

    try:
        _transfer(url, file, part, patience)
        proven(part, file)
    except BadFile as error:
        return str(error).replace(part.name, "what came").replace("\n", "\n  "), False
    except requests.HTTPError as error:
        status = getattr(error.response, "status_code", 0)
        return f"answered {str(error).split(' for url')[0]}", status >= 500
    except requests.TooManyRedirects:
        return "sent us from address to address without end", False
    except requests.ConnectTimeout:
        return f"did not answer in {patience.connect:g} s", False
    except requests.Timeout:
        return f"sent nothing for {patience.read:g} s", False
    except requests.exceptions.ProxyError as error:
        return f"the proxy failed: {_cause(error)}", False
    except requests.exceptions.SSLError as error:
        return f"showed no certificate that we trust: {_cause(error)}", False
    except requests.RequestException as error:
        return f"the connection failed: {_cause(error)}", _stood(error)
    return "", False


def _transfer(url: str, file: File, part: Path, patience: Patience) -> None:
    from pooch import HTTPDownloader
    from tqdm.auto import tqdm

    bar = tqdm(
        desc=file.name,
        total=file.size,
        unit="B",
        unit_scale=True,
        leave=False,
        delay=0.5,  # a server that refuses at once draws no empty bar
    )
    with bar, part.open("wb") as opened:
        fetch = HTTPDownloader(
            progressbar=bar,
            chunk_size=CHUNK,
            timeout=(patience.connect, patience.read),
            headers={"Accept-Encoding": "identity"},  # packed already
        )
        fetch(url, Capped(opened, file), None)


class Capped:
    """A file that stops taking bytes when more came than the right one can have."""

    def __init__(self, opened: IO[bytes], file: File) -> None:
        self.opened = opened
        self.room = file.size + file.unpacked_size

    def write(self, chunk: bytes) -> None:
        """Write the chunk.

        Raises: BadFile if there is no room left for it.
        """
        self.room -= len(chunk)
        if self.room < 0:
            raise BadFile("what came is not the known file: it does not end.")
        self.opened.write(chunk)

    def flush(self) -> None:
        """Leave it to the system: the file is checked when it is whole."""


def _stood(error: Exception) -> bool:
    """Say whether there was a connection, which then broke."""
    return not hasattr(error.args[0], "reason")


def _cause(error: Exception) -> str:
    """Name the innermost reason, without the address that is printed above it."""
    reason = getattr(error.args[0], "reason", error.args[0])
    return str(reason).split(": ", 1)[-1]

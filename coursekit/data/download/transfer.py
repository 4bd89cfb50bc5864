"""Download one file: try each mirror, go on where one stopped, and prove what came.

`requests` carries it, so HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE are obeyed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from coursekit.data.download.part import empty, part_of, size
from coursekit.data.download.proof import BadFile, proven
from coursekit.data.download.registry import File

if TYPE_CHECKING:
    from requests import Response

CHUNK = 1 << 16
PARTIAL, NO_SUCH_PART = 206, 416


class Patience(NamedTuple):
    """How long to wait for a server, and how often to ask it."""

    connect: float = 5  # seconds
    read: float = 30  # seconds without a byte
    tries: int = 2  # of a server that answers, but fails
    pause: float = 1  # seconds between two tries
    least: float = 1000  # bytes a second, on average over
    window: float = 30  # seconds
    clock: Callable[[], float] = time.monotonic


class NotDownloaded(RuntimeError):
    """No mirror gave the file; the message has a line for each."""


def download(
    file: File,
    mirrors: tuple[str, ...],
    place: Path,
    patience: Patience,
) -> None:
    """Download `file` from the first mirror that gives it, to `place`.

    What arrives is written beside `place`, proven, and moved there in one step, so
    there is never half a file. Where one stopped, the next one or the next time goes
    on: the hash of the whole decides.

    Raises: NotDownloaded with what each mirror did.
    """
    try:
        import requests  # noqa: F401
    except ImportError as error:
        raise NotDownloaded(
            f"The package {error.name!r}, which downloads, is not installed. "
            "In the course's folder run: python install.py"
        ) from None
    failures = []
    with part_of(place) as part:
        for mirror in mirrors:
            failure = _from_mirror(mirror + file.name, file, part, patience)
            if not failure:
                return
            failures.append(f"{mirror + file.name}\n  {failure}")
        if kept := size(part):
            failures.append(f"The next try goes on after {kept} of {file.size} bytes.")
        raise NotDownloaded("\n".join(failures))


def _from_mirror(url: str, file: File, part: IO[bytes], patience: Patience) -> str:
    """Try one address, again where that may help; return what went wrong, or ""."""
    failure = ""
    for attempt in range(patience.tries):
        if attempt:
            time.sleep(patience.pause)
        failure, again = _once(url, file, part, patience)
        if not again:
            return failure
    return f"{failure} ({patience.tries} tries)"


def _once(
    url: str, file: File, part: IO[bytes], patience: Patience
) -> tuple[str, bool]:
    """Ask once; return what went wrong, or "", and whether asking again may help."""
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    try:
        _complete(url, file, part, patience)
    except BadFile as error:
        name = Path(part.name).name
        return str(error).replace(name, "what came").replace("\n", "\n  "), False
    except _TooSlow as error:
        return str(error), False
    except requests.HTTPError as error:
        status = getattr(error.response, "status_code", 0)
        return f"answered {str(error).split(' for url')[0]}", status >= 500
    except requests.TooManyRedirects:
        return "sent us from address to address without end", False
    except requests.ConnectTimeout:
        return f"did not answer in {patience.connect:g} s", False
    except (requests.Timeout, ReadTimeoutError):
        return f"sent nothing for {patience.read:g} s", False
    except requests.exceptions.ProxyError as error:
        return f"the proxy failed: {_cause(error)}", False
    except requests.exceptions.SSLError as error:
        return f"showed no certificate that we trust: {_cause(error)}", False
    except (requests.RequestException, HTTPError) as error:
        return f"the connection failed: {_cause(error)}", _stood(error)
    return "", False


def _complete(url: str, file: File, part: IO[bytes], patience: Patience) -> None:
    """Add what lacks, and prove the whole; if that is bad, begin again, but once.

    Raises: BadFile if what came from the beginning is bad; it is forgotten.
    """
    kept = size(part)
    try:
        if kept < file.size:
            kept = _transfer(url, file, part, patience)
        proven(Path(part.name), file)
    except BadFile:
        empty(part)
        if not kept:
            raise
        _complete(url, file, part, patience)


def _transfer(url: str, file: File, part: IO[bytes], patience: Patience) -> int:
    """Add what the server sends; return what it went on after: 0 is a new beginning.

    Raises: BadFile if it cannot go on after what there is.
    """
    import requests
    from tqdm.auto import tqdm

    kept = size(part)
    headers = {"Accept-Encoding": "identity"}  # packed already
    if kept:
        headers["Range"] = f"bytes={kept}-"
    limits = (patience.connect, patience.read)
    with requests.get(url, headers=headers, timeout=limits, stream=True) as answer:
        if kept and answer.status_code in (PARTIAL, NO_SUCH_PART):
            found = answer.headers.get("Content-Range", "")
            if not re.fullmatch(rf"bytes {kept}-\d+/({file.size}|\*)", found):
                raise BadFile("the server has other bytes to go on with.")
        answer.raise_for_status()
        if answer.status_code != PARTIAL:
            empty(part)
            kept = 0
        bar = tqdm(
            desc=file.name,
            total=file.size,
            initial=kept,
            unit="B",
            unit_scale=True,
            leave=False,
            delay=0.5,  # a server that breaks off at once draws no bar
        )
        with bar:
            for chunk in _chunks(answer, patience):
                part.write(chunk)
                bar.update(len(chunk))
                if size(part) > file.size + file.unpacked_size:
                    raise BadFile("what came is not the known file: it does not end.")
    return kept


def _chunks(answer: Response, patience: Patience) -> Iterator[bytes]:
    """Yield what comes as it comes, for as long as it comes fast enough.

    Raises: _TooSlow if it does not.
    """
    begun, came = patience.clock(), 0
    while chunk := answer.raw.read1(CHUNK, decode_content=False):
        yield chunk
        came += len(chunk)
        passed = patience.clock() - begun
        if passed >= patience.window:
            if came < patience.least * passed:
                raise _TooSlow(
                    f"sent {came / passed:.0f} bytes a second for {passed:.0f} s; we "
                    f"wait for {patience.least:g} or more"
                )
            begun, came = begun + passed, 0


class _TooSlow(Exception):
    """A server sends, but at such a rate that it would never end."""


def _stood(error: Exception) -> bool:
    """Say whether there was a connection, which then broke."""
    return not hasattr(error.args[0], "reason")


def _cause(error: Exception) -> str:
    """Name the innermost reason, without the address that is printed above it."""
    reason = getattr(error.args[0], "reason", error.args[0])
    return str(reason).split(": ", 1)[-1]

"""A server on this machine that fails in the ways in which servers and networks fail.

The first folder of an address names the way: /html/x.gz answers with a web page.
"""

import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from small_data import IMAGES, LABELS, PACKED, UNPACKED, repacked

from coursekit.data.download.transfer import Patience

PATIENT = Patience(connect=5, read=5, tries=2, pause=0)
PAGE = b"<!DOCTYPE html><title>Please log in</title>"


class Handler(BaseHTTPRequestHandler):
    """One answer; `ways` is a method each."""

    def do_GET(self) -> None:
        way, name = urlsplit(self.path).path.strip("/").split("/")
        self.server.asked[way] += 1
        self.server.ranges.append(self.headers["Range"])
        getattr(self, f"give_{way}")(name)

    def give_good(self, name: str) -> None:
        self._send_from(PACKED[name])

    def give_whole(self, name: str) -> None:
        self._send(PACKED[name])  # whatever range was asked for

    def give_no_part(self, name: str) -> None:
        if self.headers["Range"]:
            self.send_error(416)
        else:
            self._send(PACKED[name])

    def give_repacked(self, name: str) -> None:
        self._send_from(repacked(UNPACKED[name]))

    def give_missing(self, name: str) -> None:
        self.send_error(404)

    def give_failing(self, name: str) -> None:
        self.send_error(503)

    def give_failing_once(self, name: str) -> None:
        if self.server.asked["failing_once"] == 1:
            self.send_error(500)
        else:
            self.give_good(name)

    def give_reset(self, name: str) -> None:
        self._send(PACKED[name][:100], length=len(PACKED[name]))
        self.wfile.flush()
        hard = struct.pack("ii", 1, 0)  # close without a goodbye
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
        self.connection.close()

    def give_truncated(self, name: str) -> None:
        self._send(PACKED[name][:-9], length=len(PACKED[name]))

    def give_truncated_once(self, name: str) -> None:
        if self.server.asked["truncated_once"] == 1:
            self.give_truncated(name)
        else:
            self.give_good(name)

    def give_short(self, name: str) -> None:
        self._send(PACKED[name][:-9], length=None)

    def give_html(self, name: str) -> None:
        self._send(PAGE)

    def give_empty(self, name: str) -> None:
        self._send(b"")

    def give_swapped(self, name: str) -> None:
        self._send(PACKED[LABELS if name == IMAGES else IMAGES])

    def give_extra(self, name: str) -> None:
        self._send(PACKED[name] + b"tail")

    def give_endless(self, name: str) -> None:
        self._send(PACKED[name] * 1000)

    def give_corrupt(self, name: str) -> None:
        raw = bytearray(PACKED[name])
        raw[-8] ^= 1  # in gzip's checksum
        self._send(bytes(raw))

    def give_circle(self, name: str) -> None:
        self.send_response(302)
        self.send_header("Location", self.path)
        self.end_headers()

    def give_silence(self, name: str) -> None:
        self.server.over.wait(5)

    def give_stalled(self, name: str) -> None:
        self._send(PACKED[name][:100], length=len(PACKED[name]))
        self.wfile.flush()
        self.server.over.wait(5)

    def give_encoded(self, name: str) -> None:
        self._send(PACKED[name], encoding="gzip")

    def _send_from(self, body: bytes) -> None:
        """Send the range that was asked for, as most servers do."""
        if asked := self.headers["Range"]:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self._send(body[start:], status=206, span=span)
        else:
            self._send(body)

    def _send(
        self,
        body: bytes,
        *,
        length: int | None = -1,
        encoding: str | None = None,
        status: int = 200,
        span: str | None = None,
    ) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if span:
            self.send_header("Content-Range", span)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Counts what it was asked, by way, and keeps ranges; `over` ends its silences."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.ranges: list[str | None] = []
        self.over = threading.Event()

    def mirror(self, way: str) -> str:
        """Return the address of the mirror that behaves this way."""
        return f"http://127.0.0.1:{self.server_port}/{way}/"

    def handle_error(self, *args: object) -> None:
        """Let the client hang up."""


@contextmanager
def unreliable_server() -> Iterator[Server]:
    """Serve until the block ends."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()

"""A web server on this machine that gives one file and can misbehave in every way a download must bear."""

from __future__ import annotations

import contextlib
import hashlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Behaviour:
    """How the server answers; tests change it between requests.

    Attributes
    ----------
    cuts : bytes after which each of the next answers breaks off, in order.
    statuses : instead of the file, the next requests get these.
    stall : bytes after which the answer waits until ``go_on`` is set.
    requests : path and headers of every request that came.
    """

    content: bytes = b""
    etag: str = '"one"'
    modified: str = ""
    ranges: bool = True
    length: bool = True
    content_type: str = "application/octet-stream"
    extra: dict[str, str] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    redirect: str = ""
    stall: int | None = None
    wrong_start: bool = False
    go_on: threading.Event = field(default_factory=threading.Event)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: Behaviour

    def do_GET(self) -> None:
        b = self.behaviour
        b.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.path.startswith("/moved"):
            return self._plain(302, {"Location": b.redirect})
        if b.statuses:
            return self._plain(b.statuses.pop(0), dict(b.extra))
        start, status = self._start()
        if start >= len(b.content) and status == 206:
            return self._plain(416, {})
        body = b.content[start:]
        self.send_response(status)
        self.send_header("Content-Type", b.content_type)
        if status == 206:
            said = start + 1 if b.wrong_start else start
            self.send_header("Content-Range", f"bytes {said}-{len(b.content) - 1}/{len(b.content)}")
        if b.etag:
            self.send_header("ETag", b.etag)
        if b.modified:
            self.send_header("Last-Modified", b.modified)
        for name, value in b.extra.items():
            self.send_header(name, value)
        if b.length:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # downloads that are cancelled hang up
            if (stall := b.stall) is not None:
                self.wfile.write(body[:stall])
                self.wfile.flush()
                b.go_on.wait()
                body = body[stall:]
            self.wfile.write(body[: b.cuts.pop(0)] if b.cuts else body)
        return None

    def _start(self) -> tuple[int, int]:
        """Where to begin, and the status, as RFC 9110 has it."""
        b = self.behaviour
        asked, condition = self.headers.get("Range"), self.headers.get("If-Range")
        if not asked or not b.ranges or (condition is not None and condition not in (b.etag, b.modified)):
            return 0, 200
        return int(asked.removeprefix("bytes=").rstrip("-")), 206

    def _plain(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@dataclass
class LocalServer:
    """A running server; ``url`` is the address of its file."""

    behaviour: Behaviour
    base: str

    @property
    def url(self) -> str:
        return f"{self.base}/network.pkl"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.behaviour.content).hexdigest()

    def ranges_asked(self) -> list[str | None]:
        """The Range header of every request for the file."""
        return [headers.get("range") for path, headers in self.behaviour.requests if not path.startswith("/moved")]


@contextlib.contextmanager
def serve(content: bytes, tls: ssl.SSLContext | None = None) -> Iterator[LocalServer]:
    """Give ``content`` on 127.0.0.1 while the block runs; over https with ``tls``."""
    behaviour = Behaviour(content)
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield LocalServer(behaviour, f"http{'s' * bool(tls)}://127.0.0.1:{server.server_port}")
    finally:
        behaviour.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()

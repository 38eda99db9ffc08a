"""One HTTP request on a thread of its own: whoever reads it never waits for the network longer than it likes.

Python's own urllib is enough here: it takes proxies and certificates from the system, and everything else a download
needs (ranges, validators, digests) is headers, which other libraries leave to their users as well.
"""

from __future__ import annotations

import base64
import binascii
import email.message
import http.client
import queue
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from studio import __version__
from studio.base import Message, StudioError

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as broken."""
CHUNK = 1 << 18


@dataclass(frozen=True)
class Answer:
    """The server's answer before the content.

    Attributes
    ----------
    host : who answered in the end, after redirects.
    """

    status: int
    headers: email.message.Message
    host: str

    @property
    def total(self) -> int:
        """Bytes of the whole file; 0 when the server does not say."""
        if self.status == 206:
            match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", self.headers.get("Content-Range", "").strip())
            return int(match[3]) if match else 0
        length = self.headers.get("Content-Length", "").strip()
        return int(length) if length.isascii() and length.isdigit() else 0

    @property
    def start(self) -> int:
        """The place in the file where the content begins; -1 when the server does not say."""
        if self.status != 206:
            return 0
        match = re.match(r"bytes (\d+)-", self.headers.get("Content-Range", "").strip())
        return int(match[1]) if match else -1

    @property
    def etag(self) -> str:
        """The strong validator of the file, "" when there is none."""
        etag = self.headers.get("ETag", "").strip()
        return etag if etag.startswith('"') else ""

    def digests(self) -> dict[str, str]:
        """Checksums of the whole file that the server gives (``sha256``, ``md5``; lower-case hex).

        Repr-Digest (RFC 9530), Content-MD5 (RFC 1864, of a whole answer only), Google's and Amazon's own headers.
        Amazon's ETag is the MD5 of an object that was uploaded in one piece and not encrypted with a key of its own.
        """
        found: dict[str, str] = {}
        headers = self.headers
        for name, text in (
            ("sha256", _among(headers, "Repr-Digest", r"(?:.*,)?\s*sha-256=:([A-Za-z0-9+/=]+):")),
            ("sha256", _among(headers, "x-amz-checksum-sha256", r"([A-Za-z0-9+/=]+)")),
            ("md5", _among(headers, "x-goog-hash", r"(?:.*,)?\s*md5=([A-Za-z0-9+/=]+).*")),
            ("md5", _among(headers, "Content-MD5", r"([A-Za-z0-9+/=]+)") if self.status == 200 else ""),
        ):
            try:
                digest = base64.b64decode(text, validate=True).hex()
            except (binascii.Error, ValueError):
                continue
            if len(digest) == {"sha256": 64, "md5": 32}[name]:
                found.setdefault(name, digest)
        plain = headers.get("x-amz-server-side-encryption", "AES256") == "AES256"
        if headers.get("Server") == "AmazonS3" and plain and re.fullmatch('"[0-9a-f]{32}"', self.etag):
            found.setdefault("md5", self.etag.strip('"'))
        return found


def _among(headers: email.message.Message, name: str, pattern: str) -> str:
    for value in headers.get_all(name, []):
        match = re.match(pattern, value.strip())
        if match:
            return match[1]
    return ""


class SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https addresses, but never from https down to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        """The next request."""
        scheme = urlsplit(newurl).scheme.lower()
        if scheme not in ("http", "https") or (req.type == "https" and scheme != "https"):
            host = urlsplit(req.full_url).hostname
            raise StudioError(
                Message(
                    "{host} sends the download on to an address that is not secure ({scheme}), so it was stopped.",
                    host=host,
                    scheme=scheme,
                ),
                "Try again later, from another network; a network that asks to sign in first does such things.",
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Transfer:
    """A request under way. ``take`` gives what comes; after ``stop`` the thread ends by itself."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._request = urllib.request.Request(
            url, headers={"User-Agent": f"LatentStudio/{__version__}", "Accept-Encoding": "identity", **headers}
        )
        self._queue: queue.Queue[Answer | bytes | BaseException] = queue.Queue(maxsize=8)
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="download", daemon=True).start()

    def take(self, timeout: float) -> Answer | bytes | BaseException | None:
        """The :class:`Answer`, then pieces of the content, then ``b""`` or what went wrong; None after ``timeout``."""
        try:
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            return None

    def stop(self) -> None:
        """Nobody takes any more."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            opener = urllib.request.build_opener(SafeRedirects())
            with opener.open(self._request, timeout=TIMEOUT) as response:
                host = urlsplit(response.geturl()).hostname or ""
                self._put(Answer(response.status, response.headers, host))
                while not self._stopped.is_set():
                    piece = response.read1(CHUNK)
                    self._put(piece)
                    if not piece:
                        break
        except urllib.error.HTTPError as error:
            with error:
                self._put(Answer(error.code, error.headers, urlsplit(error.url).hostname or ""))
        except Exception as error:
            self._put(error)

    def _put(self, thing: Answer | bytes | BaseException) -> None:
        while not self._stopped.is_set():
            try:
                self._queue.put(thing, timeout=0.2)
            except queue.Full:
                continue
            return

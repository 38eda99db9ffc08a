"""A package index on this machine: tiny wheels behind a web server, as pip and uv ask for them, that can misbehave."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def wheel(name: str, version: str, requires: tuple[str, ...] = (), payload: int = 0) -> tuple[str, bytes]:
    """File name and bytes of a wheel of a module ``name`` that knows its version, and is ``payload`` bytes larger."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"__version__ = {version!r}\n".encode(),
        f"{name}/payload.bin": hashlib.shake_128(name.encode()).digest(payload) if payload else b"",
        f"{info}/METADATA": "\n".join(
            [
                "Metadata-Version: 2.1",
                f"Name: {name}",
                f"Version: {version}",
                *(f"Requires-Dist: {r}" for r in requires),
                "",
            ]
        ).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in files.items()
    )
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return f"{name}-{version}-py3-none-any.whl", stream.getvalue()


def metadata_of(data: bytes) -> bytes:
    """The file METADATA of a wheel, which indexes give by itself (PEP 658)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith("METADATA")))


@dataclass
class PackageIndex:
    """What is served, and how badly.

    Attributes
    ----------
    packages : of the package index, file name to bytes.
    builds : of PyTorch's index, by the name of the build; None: that index does not answer at all.
    cuts : bytes after which the next answers with a wheel of torch break off, one after the other.
    requests : method, path and range of every request.
    """

    address: str = ""
    packages: dict[str, bytes] = field(default_factory=dict)
    builds: dict[str, dict[str, bytes]] | None = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, name: str, version: str, *requires: str, build: str = "", payload: int = 0) -> None:
        """Put a wheel on the package index, or on PyTorch's, under ``build``."""
        file, data = wheel(name, version, requires, payload)
        if build:
            assert self.builds is not None
            self.builds.setdefault(build, {})[file] = data
        else:
            self.packages[file] = data

    def fetched(self, name: str) -> list[tuple[str, str, str]]:
        """The requests for wheels of the package ``name``, not counting questions for their size."""
        return [
            request
            for request in self.requests
            if request[0] == "GET" and f"/files/{name}-" in request[1] and not request[1].endswith(".metadata")
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    index: PackageIndex

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.index.requests.append((self.command, self.path, self.headers.get("Range", "")))
        parts = [part for part in self.path.split("/") if part]
        if parts[0] == "simple":
            files = self.index.packages
        elif self.index.builds is not None and len(parts) > 1 and parts[1] in self.index.builds:
            files = self.index.builds[parts[1]]
        else:
            return self._send(503 if self.index.builds is None else 404, "text/plain", b"")
        if "files" in parts:
            name = parts[-1].replace("%2B", "+")
            if name.endswith(".metadata"):
                return self._send(200, "text/plain", metadata_of(files[name.removesuffix(".metadata")]))
            return self._file(files[name])
        base = "/".join(parts[:-1])
        mine = {name: data for name, data in files.items() if name.split("-")[0].replace("_", "-") == parts[-1]}
        if not mine:
            return self._send(404, "text/plain", b"")
        entries = [
            {"filename": name, "url": f"/{base}/files/{name.replace('+', '%2B')}", "size": len(data),
             "hashes": {"sha256": hashlib.sha256(data).hexdigest()}, "core-metadata": True}
            for name, data in mine.items()
        ]  # fmt: skip
        if parts[0] == "simple":
            body = json.dumps({"meta": {"api-version": "1.1"}, "name": parts[-1], "versions": [], "files": entries})
            return self._send(200, "application/vnd.pypi.simple.v1+json", body.encode())
        # As PyTorch's own: plain HTML, which does not tell sizes.
        links = "".join(
            f'<a href="{e["url"]}#sha256={e["hashes"]["sha256"]}" data-core-metadata="true">{e["filename"]}</a>'  # type: ignore[index]
            for e in entries
        )
        return self._send(200, "text/html", f"<!DOCTYPE html><html><body>{links}</body></html>".encode())

    def _file(self, data: bytes) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0] or 0)
        ranged = "Range" in self.headers
        torch = "/torch-" in self.path and self.command == "GET"
        cut = self.index.cuts.pop(0) if torch and self.index.cuts else None
        body = data[start:]
        self.send_response(206 if ranged else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        if ranged:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[:cut])
        self.close_connection = cut is not None

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class _Proxy(BaseHTTPRequestHandler):
    """Forwards requests for a host that nobody else knows to the index."""

    protocol_version = "HTTP/1.1"
    index: PackageIndex
    seen: list[str]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.seen.append(self.path)
        there = urllib.parse.urlsplit(self.path)
        wanted = self.index.address + there.path
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        headers = {name: self.headers[name] for name in ("Accept", "Range") if name in self.headers}
        try:
            answer = direct.open(urllib.request.Request(wanted, headers=headers, method=self.command))
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
            self.send_response(answer.status)
            for name in ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@contextlib.contextmanager
def proxied(index: PackageIndex) -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy for ``index``, and what is asked of it, until the block ends."""
    seen: list[str] = []
    handler = type("Proxy", (_Proxy,), {"index": index, "seen": seen})
    with _serving(handler) as address:
        yield address, seen


@contextlib.contextmanager
def serve(index: PackageIndex) -> Iterator[PackageIndex]:
    """Serve ``index`` until the block ends; its ``address`` is set."""
    handler = type("Handler", (_Handler,), {"index": index})
    with _serving(handler) as index.address:
        yield index


@contextlib.contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()

"""Fetching a large file: resumed where it broke off, checked when it is there, cancelled at any moment.

What has arrived lies beside the target as ``NAME.part``, what the server said of it in ``NAME.part.json``. A later
attempt asks for the rest with If-Range (RFC 9110, 13.1.5), so that a file that changed meanwhile is fetched anew
instead of being patched together. Torch-free.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import os
import shutil
import socket
import ssl
import time
import urllib.error
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import size_text, write_atomic
from studio.checkpoints.transfer import CHUNK, Answer, Transfer

OFFLINE_ACTION = Message("Check the connection to the internet and try again.")
PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further attempt when a connection breaks."""
LONGEST_PAUSE = 60.0
TICK = 0.2
"""Seconds between two yields while nothing comes."""
GETS_ON = 1 << 20
"""Bytes an attempt must bring for the count of failures to begin anew."""
RESERVE = 64 << 20
"""Bytes that stay free on the disk."""
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others a moment later."""


def download(
    url: str, target: Path, *, sha256: str = "", name: str = "", room: int = 0, action: Message = OFFLINE_ACTION
) -> Work[Path]:
    """Fetch ``url`` into the file ``target``; a target that is there already is only checked.

    Progress counts bytes. Closing the work keeps what has arrived, and the next call goes on from there.

    Parameters
    ----------
    sha256 : what the file must be, lower-case hex (or its first digits); "" when nobody says.
    name : what messages call it; by default the target's name.
    room : bytes that must stay free besides the file itself.
    action : what to do when the server cannot be reached.

    Raises
    ------
    StudioError
        No connection, a connection that broke for good, an answer that is not the file, a wrong checksum (what arrived
        is removed), a full disk.
    """
    return _Download(url, target, sha256.lower(), name or target.name, room, action).run()


def arrived(target: Path) -> int:
    """Bytes of ``target`` that an unfinished download left; 0 when there are none."""
    try:
        return part_of(target).stat().st_size
    except OSError:
        return 0


def discard(target: Path) -> None:
    """Delete what an unfinished download of ``target`` left."""
    part = part_of(target)
    for path in (part, part.with_name(f"{part.name}.json")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """The path of the beginning of ``target`` while it is fetched."""
    return target.with_name(f"{target.name}.part")


class Rate:
    """Bytes a second over the last few seconds."""

    def __init__(self, window: float = 5.0) -> None:
        self._window = window
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, count: int, now: float | None = None) -> None:
        """``count`` bytes are there at time ``now`` (of ``time.monotonic``)."""
        now = time.monotonic() if now is None else now
        if self._seen and count < self._seen[-1][1]:
            self._seen.clear()  # it began anew
        self._seen.append((now, count))
        while len(self._seen) > 2 and now - self._seen[1][0] >= self._window:
            self._seen.popleft()

    @property
    def speed(self) -> float:
        """Bytes a second; 0 as long as that cannot be said."""
        if len(self._seen) < 2:
            return 0.0
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) / (last - first) if last > first else 0.0

    def seconds_left(self, total: int) -> float | None:
        """Seconds until ``total`` bytes are there, or None when that cannot be said."""
        speed = self.speed
        return (total - self._seen[-1][1]) / speed if speed > 0 and total > 0 else None


class _Said(BaseModel):
    """The server's statement about the file whose beginning is there."""

    model_config = ConfigDict(frozen=True)

    url: str
    etag: str = ""
    modified: str = ""
    total: int = 0
    digests: Mapping[str, str] = {}

    @property
    def validator(self) -> str:
        """The validator for an If-Range header."""
        return self.etag or self.modified


class _Broken(Exception):
    """This attempt failed; another may not.

    Attributes
    ----------
    message : what to say when no other one is made.
    pause : seconds the server asks to wait, or None.
    """

    def __init__(self, *, message: Message, pause: float | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.pause = pause


class _Download:
    def __init__(self, url: str, target: Path, sha256: str, name: str, room: int, action: Message) -> None:
        self.url = url
        self.target = target
        self.sha256 = sha256
        self.name = name
        self.room = room
        self.action = action
        self.host = urlsplit(url).hostname or url
        self.part = part_of(target)
        self.notes = self.part.with_name(f"{self.part.name}.json")

    def run(self) -> Work[Path]:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._disk(error)
        lock = FileLock(f"{self.target}.lock", thread_local=False)
        while True:
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                yield Progress(0, 0, Message("Waiting for another download of {name}", name=self.name))
                time.sleep(TICK)
        try:
            if self.target.is_file():
                yield from self._check(self.target, {})
                return self.target
            yield from self._fetch()
            yield from self._check(self.part, self._said().digests)
            try:
                self.part.replace(self.target)
            except OSError as error:
                self._disk(error)
            self.notes.unlink(missing_ok=True)
            return self.target
        finally:
            lock.release()  # its file stays: taking it away could let two others in

    def _have(self) -> int:
        return arrived(self.target)

    def _said(self) -> _Said:
        try:
            said = _Said.model_validate_json(self.notes.read_bytes())
        except (OSError, ValidationError):
            return _Said(url=self.url)
        return said if said.url == self.url else _Said(url=self.url)

    # ---- fetching

    def _fetch(self) -> Work[None]:
        failures, best = 0, self._have()
        while True:
            try:
                yield from self._attempt()
                return
            except _Broken as broken:
                failures = 1 if self._have() - best >= GETS_ON else failures + 1
                best = max(best, self._have())
                if failures > len(PAUSES):
                    raise StudioError(broken.message, self._what_next()) from broken
                pause = PAUSES[failures - 1] if broken.pause is None else min(broken.pause, LONGEST_PAUSE)
                end = time.monotonic() + pause
                while (left := end - time.monotonic()) > 0:
                    message = Message("The connection broke; trying again in {seconds:.0f} s", seconds=left)
                    yield Progress(self._have(), self._said().total, message)
                    time.sleep(min(TICK, left))

    def _attempt(self) -> Work[None]:
        """One request; returns when all is there.

        Raises
        ------
        _Broken
            When another attempt may help.
        """
        said, have = self._said(), self._have()
        if have and said.total and have == said.total:
            return
        headers = {}
        # Without a validator only a checksum tells whether the rest belongs to what is there.
        if have and (said.validator or self.sha256) and not (said.total and have > said.total):
            headers["Range"] = f"bytes={have}-"
            if said.validator:
                headers["If-Range"] = said.validator
        else:
            self._restart()
            have = 0
        connecting = Progress(have, said.total, Message("Connecting to {host}", host=self.host))
        yield connecting
        transfer = Transfer(self.url, headers)
        try:
            answer = yield from self._next(transfer, connecting)
            assert isinstance(answer, Answer)
            self._judge(answer, have, said)
            if answer.status == 200:
                self._restart()
                have = 0
                modified = answer.headers.get("Last-Modified", "").strip()
                said = _Said(
                    url=self.url, etag=answer.etag, modified=modified, total=answer.total, digests=answer.digests()
                )
                write_atomic(self.notes, said.model_dump_json())
            total = said.total or answer.total
            self._check_room(total - have)
            yield from self._receive(transfer, have, total)
        finally:
            transfer.stop()

    def _receive(self, transfer: Transfer, have: int, total: int) -> Work[None]:
        message = Message("Downloading {name}", name=self.name)
        seen = have
        try:
            with self.part.open("ab") as file:
                while True:
                    piece = yield from self._next(transfer, Progress(have, total, message))
                    assert isinstance(piece, bytes)
                    if not piece:
                        break
                    if have == 0 and _is_page(piece):
                        self._no_file()
                    file.write(piece)
                    have += len(piece)
                    if not total and have - seen >= RESERVE // 2:
                        # Nobody said how much there is: it must not fill the disk.
                        self._check_room(0)
                        seen = have
                    yield Progress(have, total, message)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self._disk(error)
        if have == 0:
            raise _Broken(message=Message("Cannot fetch {name}: {host} sent nothing.", name=self.name, host=self.host))
        if total and have < total:
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: the connection to {host} was cut.", name=self.name, host=self.host
                )
            )
        if total and have > total:
            self._restart()
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: {host} sent more than it announced.", name=self.name, host=self.host
                )
            )

    def _next(self, transfer: Transfer, progress: Progress) -> Work[Answer | bytes]:
        """The next piece that comes; yields ``progress`` while nothing comes."""
        while (thing := transfer.take(TICK)) is None:
            yield progress
        if isinstance(thing, BaseException):
            self._failed(thing)
        return thing

    def _failed(self, error: BaseException) -> NoReturn:
        if isinstance(error, StudioError):
            raise error
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, socket.gaierror):
            message = Message(
                "Cannot fetch {name}: there is no connection to the internet, or {host} is not known.",
                name=self.name,
                host=self.host,
            )
            # Later in a download, a name that is not found is a connection that went away for a while.
            if self._have():
                raise _Broken(message=message) from error
            raise StudioError(message, self.action) from error
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise StudioError(
                Message(
                    "Cannot fetch {name}: {host} does not prove to be who it says ({detail}).",
                    name=self.name,
                    host=self.host,
                    detail=reason.verify_message,
                ),
                "Check the date and time of this machine, and whether a network or a program reads along.",
            ) from error
        if isinstance(reason, TimeoutError):
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: nothing came from {host} for too long.", name=self.name, host=self.host
                )
            ) from error
        if isinstance(reason, http.client.IncompleteRead):
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: the connection to {host} was cut.", name=self.name, host=self.host
                )
            ) from error
        if isinstance(reason, OSError | http.client.HTTPException):
            said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: {host} cannot be reached ({reason}).",
                    name=self.name,
                    host=self.host,
                    reason=said,
                )
            ) from error
        if isinstance(reason, str):
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: {host} cannot be reached ({reason}).",
                    name=self.name,
                    host=self.host,
                    reason=reason,
                )
            ) from error
        raise error

    def _judge(self, answer: Answer, have: int, said: _Said) -> None:
        """Go on only when ``answer`` brings the file, or the part of it that was asked for."""
        status = answer.status
        if status == 206:
            other = (answer.etag and said.etag and answer.etag != said.etag) or (
                answer.total and said.total and answer.total != said.total
            )
            if answer.start != have or other:
                self._restart()
                raise _Broken(
                    message=Message(
                        "Cannot fetch {name}: it changes on {host} all the time.", name=self.name, host=self.host
                    ),
                    pause=0.0,
                )
            return
        if status == 416:
            self._restart()
            raise _Broken(
                message=Message(
                    "Cannot fetch {name}: it changes on {host} all the time.", name=self.name, host=self.host
                ),
                pause=0.0,
            )
        if status in LATER:
            after = answer.headers.get("Retry-After", "").strip()
            pause = float(after) if after.isascii() and after.isdigit() else None
            raise _Broken(
                message=Message(
                    "Cannot fetch {name} now: {host} answered {status}.",
                    name=self.name,
                    host=answer.host,
                    status=status,
                ),
                pause=pause,
            )
        if status in (404, 410):
            raise StudioError(
                Message(
                    "{name} is not at its address any more: {host} answered {status}.",
                    name=self.name,
                    host=answer.host,
                    status=status,
                ),
                "Look for it on its web page, fetch it there and add the file.",
            )
        if status != 200:
            raise StudioError(
                Message(
                    "{host} does not give {name}: it answered {status}.",
                    host=answer.host,
                    name=self.name,
                    status=status,
                ),
                "Try again later, or fetch it from its web page and add the file.",
            )
        if answer.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
            self._no_file()
        if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise StudioError(
                Message(
                    "{host} sends {name} compressed, though it was asked not to.", host=answer.host, name=self.name
                ),
                "Fetch it from its web page and add the file.",
            )

    def _no_file(self) -> NoReturn:
        self._restart()
        raise StudioError(
            Message("A web page came instead of {name}.", name=self.name),
            "Some networks want you to sign in first: open any page in a browser, then try again.",
        )

    def _restart(self) -> None:
        discard(self.target)

    def _what_next(self) -> Message:
        have = self._have()
        action = Message("What has arrived ({size:.1f} MB) is kept: try again to go on from there.", size=have / 1e6)
        return action if have else self.action

    # ---- the disk

    def _check_room(self, rest: int) -> None:
        needed = max(rest, 0) + self.room
        free = shutil.disk_usage(self.target.parent).free
        if free < needed + RESERVE:
            raise StudioError(
                Message(
                    "There is not enough room for {name}: it needs {needed}, {free} are free in {folder}.",
                    name=self.name,
                    needed=size_text(needed),
                    free=size_text(free),
                    folder=self.target.parent,
                ),
                "Free some space on the disk, then try again.",
            )

    def _disk(self, error: OSError) -> NoReturn:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise StudioError(
                Message("The disk became full while {name} was fetched.", name=self.name),
                "Free some space, then try again: it goes on from where it stopped.",
            ) from error
        raise StudioError(
            Message(
                "Cannot store {name} in {folder}: {reason}.",
                name=self.name,
                folder=self.target.parent,
                reason=error.strerror or error,
            ),
            "Check that you may write there.",
        ) from error

    # ---- checking

    def _check(self, path: Path, digests: Mapping[str, str]) -> Work[None]:
        """Compare the file with every checksum there is; one that differs is removed."""
        wanted = [("sha256", self.sha256)] if self.sha256 else []
        wanted += [(kind, digest) for kind, digest in digests.items() if kind in ("sha256", "md5")]
        if not wanted:
            return
        # MD5 guards against accidents only, which is all that servers offer it for.
        sums = {kind: hashlib.new(kind, usedforsecurity=False) for kind, _ in wanted}
        size, done = path.stat().st_size, 0
        with path.open("rb") as file:
            while piece := file.read(16 * CHUNK):
                for one in sums.values():
                    one.update(piece)
                done += len(piece)
                yield Progress(done, size, Message("Checking {name}", name=self.name))
        for kind, digest in wanted:
            if not sums[kind].hexdigest().startswith(digest):
                path.unlink(missing_ok=True)
                self._restart()
                raise StudioError(
                    Message(
                        "What arrived as {name} is damaged, or is another file (its checksum differs), and was "
                        "removed.",
                        name=self.name,
                    ),
                    "Try again. If it stays so, fetch it from its web page and add the file.",
                )


def _is_page(head: bytes) -> bool:
    """Return whether content that begins like ``head`` is a web page."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html"))

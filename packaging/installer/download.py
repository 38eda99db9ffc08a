"""Fetching large files with progress in bytes; goes on where it was cut off."""

from __future__ import annotations

import hashlib
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from installer.report import show, word

CHUNK = 1 << 20
TIMEOUT = 30
# So many answers in a row without a single byte end the attempt.
PATIENCE = 5


class DownloadFailed(Exception):
    """A file did not come; its text says why."""


Advance = Callable[[int], None]


class Meter:
    """Prints how many of ``total`` bytes have come: a line that changes on a terminal, every tenth elsewhere.

    ``LATENT_STUDIO_METER`` asks for more lines: whoever reads them there shows a bar.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._shown = -1
        self._began = time.monotonic()
        self._at_start = 0

    def start_from(self, present: int) -> None:
        """Count bytes that lay there already; they do not count for the speed."""
        self.done += present
        self._at_start += present

    def advance(self, count: int) -> None:
        """Count ``count`` bytes more (or fewer, when a broken part is fetched again)."""
        self.done += count
        live = sys.stdout.isatty()
        lines = 1000 if live else int(os.environ.get("LATENT_STUDIO_METER") or 10)
        step = int(self.done * lines / max(self.total, 1))
        if step == self._shown:
            return
        self._shown = step
        seconds = max(time.monotonic() - self._began, 1e-3)
        speed = (self.done - self._at_start) / seconds
        text = word(
            "  {done:,.0f} of {total:,.0f} MB, {speed:.1f} MB/s",
            done=self.done / 1e6,
            total=self.total / 1e6,
            speed=speed / 1e6,
        )
        show(f"\r{text}   " if live else text, end="" if live else "\n")


def digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            total.update(block)
    return total.hexdigest()


def fetch(address: str, path: Path, sha256: str, meter: Meter, wait: Callable[[float], None] = time.sleep) -> None:
    """Fetch ``address`` into ``path``, checked against ``sha256`` (hex; empty: unchecked).

    What an earlier call left in ``path`` + ".part" is kept and gone on from. ``wait`` pauses between attempts.

    Raises
    ------
    DownloadFailed
    """
    if path.exists():
        meter.start_from(path.stat().st_size)
        return
    part = path.with_name(path.name + ".part")
    present = part.stat().st_size if part.exists() else 0
    meter.start_from(present)
    empty = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            complete = _go_on(address, part, meter)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                answer = f"{error.code} {error.reason}"
                raise DownloadFailed(word("{address} answered {answer}", address=address, answer=answer)) from error
            complete, cause = False, word("the server answered {answer}", answer=error.code)
        except (OSError, HTTPException) as error:
            if isinstance(error, OSError) and error.errno == 28:
                raise
            complete, cause = False, str(error)
        else:
            cause = word("the connection was cut off")
        if complete:
            break
        now = part.stat().st_size if part.exists() else 0
        empty = 0 if now > before else empty + 1
        if empty >= PATIENCE:
            raise DownloadFailed(f"{address}: {cause}")
        wait(min(2.0**empty, 15.0))
    if sha256 and digest(part) != sha256:
        meter.advance(-part.stat().st_size)
        part.unlink()
        raise DownloadFailed(
            word("{address} is not the file that was promised (its checksum differs)", address=address)
        )
    part.replace(path)


def _go_on(address: str, part: Path, meter: Meter) -> bool:
    """Fetch what is missing of ``part``; returns whether all has come."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        # Nothing lies behind the last byte: all of it is there.
        if error.code == 416:
            return True
        raise
    with answer:
        if have and answer.status != 206:  # the server begins anew
            meter.advance(-have)
            have = 0
        length = answer.headers.get("Content-Length")
        whole = have + int(length) if length else None
        with part.open("ab" if have else "wb") as file:
            while block := answer.read(CHUNK):
                file.write(block)
                meter.advance(len(block))
        return whole is None or part.stat().st_size >= whole

"""Fetching a wheel from a package index without pip: bundles, and environments that uv made, have none.

Indexes answer as PEP 691 (JSON) or PEP 503 (a web page of links). Settings of other tools that name an index in the
environment are respected, so that a mirror need not be told twice.
"""

from __future__ import annotations

import html.parser
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from studio.base import Message, Progress, StudioError, Work
from studio.checkpoints.download import OFFLINE_ACTION, TICK, download
from studio.checkpoints.transfer import Answer, Transfer

NAMED_BY = ("LATENT_STUDIO_PACKAGE_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
"""Variables of the environment that name another index, the first that is set counts."""
JSON = "application/vnd.pypi.simple.v1+json"
LARGEST_PAGE = 32 << 20
"""Bytes; the page of a package with thousands of files has a tenth of it."""


def index_address(environment: Mapping[str, str] = os.environ) -> str:
    """The address of the package index, without a slash at its end."""
    named = (environment.get(name, "") for name in NAMED_BY)
    return (next((address for address in named if address), "") or _address_of_pip()).rstrip("/")


def _address_of_pip() -> str:
    """The index that pip goes to by itself: by the module of it that bundles carry, or by Python's own copy of pip.

    Raises
    ------
    StudioError
        When neither is there.
    """
    try:
        from pip._internal.models.index import PyPI
    except ImportError:
        import ensurepip

        wheels = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
        if not wheels:
            raise StudioError(
                "It is not known where packages come from.",
                Message("Name a package index in the variable {name}, then start again.", name=NAMED_BY[0]),
            ) from None
        sys.path.append(str(wheels[-1]))
        try:
            from pip._internal.models.index import PyPI
        finally:
            sys.path.remove(str(wheels[-1]))
    return str(PyPI.simple_url)


def fetch_wheel(requirement: str, folder: Path, *, action: Message = OFFLINE_ACTION) -> Work[Path]:
    """Download the wheel of ``requirement`` ("name==version") into ``folder``; returns its path. Torch-free.

    What the index says of its SHA-256 is checked.

    Raises
    ------
    StudioError
        Offline, no such package, a connection that broke for good, disk full.
    """
    name, _, version = requirement.partition("==")
    page = f"{index_address()}/{re.sub(r'[-_.]+', '-', name).lower()}/"
    files = yield from _files(page, requirement, action)
    wanted = re.sub(r"[-_.]+", "_", name).lower(), version
    for file, (url, sha256) in sorted(files.items()):
        parts = file.removesuffix(".whl").split("-")
        if file.endswith(".whl") and (re.sub(r"[-_.]+", "_", parts[0]).lower(), parts[1]) == wanted:
            return (yield from download(url, folder / file, sha256=sha256, name=requirement, action=action))
    raise StudioError(
        Message("The package index {host} has no {package}.", host=urlsplit(page).hostname, package=requirement), action
    )


def _files(page: str, requirement: str, action: Message) -> Work[dict[str, tuple[str, str]]]:
    """Address and SHA-256 ("" where unknown) of every file that the index has of a package, by name."""
    host = urlsplit(page).hostname or page
    progress = Progress(0, 0, Message("Fetching the package {name}", name=requirement))
    transfer = Transfer(page, {"Accept": f"{JSON}, text/html;q=0.2"})
    content, kind = b"", ""
    try:
        while True:
            thing = transfer.take(TICK)
            if thing is None:
                yield progress
            elif isinstance(thing, Answer):
                if thing.status != 200:
                    raise StudioError(
                        Message("{host} does not give {name}: it answered {status}.", host=host, name=requirement,
                                status=thing.status), action,
                    )  # fmt: skip
                kind = thing.headers.get_content_type()
            elif isinstance(thing, StudioError):
                raise thing
            elif isinstance(thing, BaseException):
                raise StudioError(
                    Message("Cannot fetch {name}: {host} cannot be reached ({reason}).", name=requirement, host=host,
                            reason=getattr(thing, "reason", None) or thing), action,
                ) from thing  # fmt: skip
            elif thing and len(content) <= LARGEST_PAGE:
                content += thing
            else:
                break
    finally:
        transfer.stop()
    try:
        return _read_json(json.loads(content), page) if kind.endswith("json") else _read_links(content, page)
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError(
            Message("{host} is no package index: its answer cannot be read.", host=host), action
        ) from error


def _read_json(answer: dict[str, Any], page: str) -> dict[str, tuple[str, str]]:
    return {
        str(file["filename"]): (urljoin(page, file["url"]), str(file.get("hashes", {}).get("sha256", "")))
        for file in answer["files"]
    }


def _read_links(content: bytes, page: str) -> dict[str, tuple[str, str]]:
    links = _Links()
    links.feed(content.decode("utf-8", "replace"))
    found = {}
    for link in links.found:
        address, fragment = urldefrag(urljoin(page, link))
        sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
        found[unquote(urlsplit(address).path.rsplit("/", 1)[-1])] = (address, sha256)
    return found


class _Links(html.parser.HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of a link."""
        self.found += [value for key, value in attrs if tag == "a" and key == "href" and value]

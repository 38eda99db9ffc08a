"""One envelope for everything that is written as JSON and read again by later versions, and its upgrades.

A document is ``{"format": "latent-studio-recipe", "version": 3, "recipe": {...}}``: which kind of thing it is, the
version of the content, and the content under a name of its own. Older versions are upgraded step by step before
anything looks at their fields; an upgrade reaches every object of its kind, however deep it lies in others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MAX_BYTES = 16 * 2**20

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
Upgrades = Mapping[int, Mapping[str, Upgrade]]
"""``upgrades[n][kind]`` turns an object whose ``"kind"`` is ``kind`` from version n into version n + 1; the objects in
it are upgraded before. The kind "" is the content itself when that names none."""

Fault = Literal["size", "text", "format", "version", "newer", "content"]


class DocumentError(ValueError):
    """A text that is no such document.

    Attributes
    ----------
    fault : "size": too long to be one; "text": no JSON; "format": another kind of document; "version": none is said;
        "newer": written by a later program; "content": an upgrade met something else than it expects.
    version : what it says, when it is newer.
    """

    def __init__(self, fault: Fault, reason: str = "", version: int = 0) -> None:
        super().__init__(reason or fault)
        self.fault = fault
        self.version = version


@dataclass(frozen=True)
class DocumentFormat:
    """A kind of document.

    Attributes
    ----------
    name : what its envelope calls it ("latent-studio-recipe").
    content : the name of the content in the envelope ("recipe").
    version : the version that is written.
    upgrades : from every earlier version to the next.
    renumbered : versions that earlier programs counted otherwise, and what they are in today's count.
    bare : the version of files without an envelope, as programs wrote before this format had one; None: there are none.
    flat : the newest version whose content lay beside the envelope's own fields, not under a name; 0: there is none.
    """

    name: str
    content: str
    version: int
    upgrades: Upgrades = field(default_factory=dict)
    renumbered: Mapping[int, int] = field(default_factory=dict)
    bare: int | None = None
    flat: int = 0

    def dumps(self, content: object, *, indent: int | None = None) -> str:
        """The document of ``content``, which is what JSON can hold; on one line without ``indent``."""
        document = {"format": self.name, "version": self.version, self.content: content}
        return json.dumps(
            document, ensure_ascii=False, indent=indent, separators=(",", ":") if indent is None else None
        )

    def loads(self, text: str | bytes) -> Any:
        """The content of a document of this or an earlier version, as JSON of this version.

        Raises
        ------
        DocumentError
        """
        if len(text) > MAX_BYTES:
            raise DocumentError("size")
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DocumentError("text", str(error)) from error
        if isinstance(document, dict) and self.bare is not None and "format" not in document:
            return self._upgraded(document, self.bare)
        if not isinstance(document, dict) or document.get("format") != self.name:
            raise DocumentError("format")
        version = document.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise DocumentError("version")
        version = self.renumbered.get(version, version)
        if version > self.version:
            raise DocumentError("newer", version=version)
        if version <= self.flat:
            content = {name: part for name, part in document.items() if name not in ("format", "version")}
            return self._upgraded(content, version)
        return self._upgraded(document.get(self.content), version)

    def _upgraded(self, content: object, version: int) -> Any:
        try:
            for old in range(version, self.version):
                if kinds := self.upgrades.get(old):
                    content = _upgrade(content, kinds, "")
        except (RecursionError, LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise DocumentError("content", str(error)) from error
        return content


def _upgrade(node: Any, kinds: Mapping[str, Upgrade], nameless: str | None = None) -> Any:
    """``node`` with all objects in it upgraded; ``nameless`` is the kind of one that says none."""
    if isinstance(node, list):
        return [_upgrade(part, kinds) for part in node]
    if not isinstance(node, dict):
        return node
    whole = {key: _upgrade(part, kinds) for key, part in node.items()}
    kind = whole.get("kind", nameless)
    upgrade = kinds.get(kind) if isinstance(kind, str) else None
    return whole if upgrade is None else upgrade(whole)

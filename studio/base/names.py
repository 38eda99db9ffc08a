"""Names of files and what people type of them: as long as disks allow, of bytes that are no text, é in two forms."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 240
"""Of a file's name, its ending included: what disks allow (255), less what a number behind it takes."""
_PRIVATE = 0xF780
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
"""Names of devices, which Windows opens instead of a file, whatever its ending is."""
_FORBIDDEN = '<>:"/\\|?*'


def fitting_stem(stem: str, suffix: str = "") -> str:
    """``stem``, cut so that the name with ``suffix`` fits on every disk: names are counted in bytes, not in letters."""
    room = MOST_BYTES - len(suffix.encode("utf-8", "surrogateescape"))
    data = stem.encode("utf-8", "surrogateescape")
    if len(data) <= room:
        return stem
    cut = data[:room]
    while cut and (data[len(cut)] & 0xC0) == 0x80:  # not within a letter
        cut = cut[:-1]
    return cut.decode("utf-8", "surrogateescape").rstrip(" .") or "picture"


def safe_stem(text: str, suffix: str = ".jpeg") -> str:
    """``text`` as the name of a new file, without ``suffix``, on every system: what one of them forbids becomes "-"."""
    kept = "".join("-" if c in _FORBIDDEN or not c.isprintable() else c for c in readable(text))
    stem = fitting_stem(kept.strip(" ."), suffix) or "picture"
    return f"{stem}-" if stem.split(".")[0].rstrip().casefold() in _RESERVED else stem


def readable(name: str) -> str:
    """``name`` as text that every file and program can hold: bytes that are none (Linux allows them) become "�"."""
    name = re.sub("[\ud800-\udc7f\udd00-\udfff]", "�", name)  # halves of letters, as damaged JSON has them
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def as_text(name: str) -> str:
    """``name`` as text that databases and JSON can hold, its odd bytes as letters of the private use area."""
    return "".join(chr(ord(c) - 0xDC80 + _PRIVATE) if "\udc80" <= c <= "\udcff" else c for c in name)


def from_text(text: str) -> str:
    """The name that :func:`as_text` was given."""
    return "".join(chr(ord(c) - _PRIVATE + 0xDC80) if _PRIVATE <= ord(c) < _PRIVATE + 128 else c for c in text)


def comparable(text: str) -> str:
    """``text`` for searching: case does not matter, nor whether é is one letter (NFC) or e with an accent (NFD)."""
    return unicodedata.normalize("NFC", text).casefold()


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same to a reader: é is é in both of its forms."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)

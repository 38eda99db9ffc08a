"""Files between Python and Qt. On Linux a name may be bytes that are no text, which Qt's own ways lose."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl

from studio.base.names import readable

_SCHEME = b"file://"


def local_path(url: QUrl) -> Path:
    """The file that a local ``url`` names, byte by byte."""
    encoded = bytes(url.toEncoded().data())
    if sys.platform == "win32" or not encoded.startswith(_SCHEME + b"/"):
        return Path(url.toLocalFile())
    return Path(os.fsdecode(unquote_to_bytes(encoded.removeprefix(_SCHEME))))


def local_url(path: Path) -> QUrl:
    """The address of a file, for :func:`local_path` and other programs."""
    if sys.platform == "win32":
        return QUrl.fromLocalFile(str(path))
    return QUrl.fromEncoded(path.absolute().as_uri().encode("ascii"))


def chosen_path(name: str) -> Path:
    """The file that a dialog of Qt's calls ``name``, in which bytes that are no text have become "�"."""
    path = Path(name)
    for part in reversed((path, *path.parents)):
        if "\ufffd" in part.name and not part.exists():
            return _found(path)
    return path


def _found(path: Path) -> Path:
    """The path of which ``path`` is the readable form; ``path`` itself when there is none."""
    here = Path(path.anchor)
    for name in path.parts[1:] if path.anchor else path.parts:
        if not (here / name).exists() and here.is_dir():
            name = next((each.name for each in here.iterdir() if readable(each.name) == name), name)
        here /= name
    return here

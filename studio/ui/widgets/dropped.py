"""Pictures, clips and addresses in what was dropped or pasted."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QUrl
from PySide6.QtGui import (
    QImage,
    QImageWriter,
)

from studio.media.photos import CLIP_SUFFIXES, IMAGE_SUFFIXES
from studio.recipes.documents import RECIPE
from studio.recipes.sequences.journey import JOURNEY
from studio.ui.local_files import local_path

# Encoded forms first: they keep a recipe that is embedded in the file.
_PICTURE_MIMES = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/heic", "image/gif", "image/bmp")
_SUFFIX_OF = {"image/jpeg": ".jpg"}
_HEAD = 400
"""Letters of a text among which the name of its format is looked for."""


@dataclass(frozen=True, slots=True)
class DroppedPicture:
    """A picture that came in: a file (``path``), its encoded bytes (``data``) or pixels, and a name for people."""

    path: Path | None
    data: bytes | None
    name: str
    pixels: QImage | None = None

    def source(self) -> Path | bytes:
        """The file, or the bytes of one; pixels become a PNG, which takes a while for large ones."""
        if self.path is not None:
            return self.path
        if self.data is None and self.pixels is not None:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            QImageWriter(buffer, b"png").write(self.pixels)
            return bytes(buffer.data().data())
        return self.data or b""


def dropped_pictures(mime: QMimeData) -> list[DroppedPicture]:
    """The pictures in dropped or pasted data that are at hand: local picture files, data URLs, encoded or raw images.

    A web address without picture data gives nothing here; see :func:`web_addresses`.
    """
    found: list[DroppedPicture] = []
    for url in mime.urls():
        if url.isLocalFile():
            path = local_path(url)
            if path.suffix.lower() in IMAGE_SUFFIXES and not path.is_dir():
                found.append(DroppedPicture(path, None, path.name))
        elif url.scheme() == "data" and (picture := _from_data_url(url.toString())):
            found.append(picture)
    if found:
        return found
    addresses = web_addresses(mime)
    stem = Path(addresses[0].fileName()).stem if addresses else ""
    for name in _PICTURE_MIMES:
        if mime.hasFormat(name) and (data := mime.data(name).data()):
            suffix = _SUFFIX_OF.get(name, "." + name.split("/")[1])
            return [DroppedPicture(None, bytes(data), (stem or "Pasted picture") + suffix)]
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return [DroppedPicture(None, None, (stem or "Pasted picture") + ".png", image)]
    picture = _from_data_url(mime.text()) if mime.hasText() else None
    return [picture] if picture else []


def dropped_clip(mime: QMimeData) -> Path | None:
    """The first video clip among dropped files."""
    paths = (local_path(url) for url in mime.urls() if url.isLocalFile())
    return next((path for path in paths if path.suffix.lower() in CLIP_SUFFIXES and path.is_file()), None)


def dropped_document(mime: QMimeData) -> str | None:
    """The text of a recipe among what was dropped or pasted, judged by how it begins."""
    if mime.hasUrls() or not mime.hasText():
        return None
    text = mime.text()
    known = any(name in text[:_HEAD] for name in (RECIPE.name, JOURNEY.name))
    return text if known and text.lstrip()[:1] == "{" else None


def web_addresses(mime: QMimeData) -> list[QUrl]:
    """The http and https addresses in dropped data: what a browser hands over for a picture it shows."""
    return [url for url in mime.urls() if url.scheme() in ("http", "https")]


def _from_data_url(text: str) -> DroppedPicture | None:
    head, comma, body = text.partition(",")
    if not comma or not head.startswith("data:image/"):
        return None
    kind = head.removeprefix("data:").split(";")[0]
    try:
        raw = unquote_to_bytes(body)
        data = base64.b64decode(raw, validate=False) if head.endswith(";base64") else raw
    except (ValueError, binascii.Error):
        return None
    return DroppedPicture(None, data, "Pasted picture" + _SUFFIX_OF.get(kind, "." + kind.split("/")[1]))

"""The program's icon in the forms that systems want, made from ``resources/icons/latent-studio.svg``.

    python packaging/bundle/icons.py FOLDER

writes ``latent-studio.png`` (512 px, Linux), ``latent-studio.ico`` (Windows) and ``latent-studio.icns`` (macOS).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parents[2] / "resources" / "icons" / "latent-studio.svg"
NAME = "latent-studio"
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def drawn(size: int, svg: Path = SVG) -> Image.Image:
    """The icon at ``size`` x ``size`` pixels, RGBA: drawn at this size, not scaled, so that small ones are crisp."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg} is no drawing.")
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(buffer.data().data())).convert("RGBA")


def write_icons(folder: Path) -> dict[str, Path]:
    """Write all forms into ``folder``; returns the files by their ending ("png", "ico", "icns")."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {ending: folder / f"{NAME}.{ending}" for ending in ("png", "ico", "icns")}
    drawn(512).save(files["png"])
    for ending, sizes in (("ico", ICO_SIZES), ("icns", ICNS_SIZES)):
        *smaller, largest = (drawn(size) for size in sizes)
        options = {"sizes": [(size, size) for size in sizes]} if ending == "ico" else {}
        largest.save(files[ending], append_images=smaller, **options)
    return files


if __name__ == "__main__":
    for path in write_icons(Path(sys.argv[1])).values():
        print(path)

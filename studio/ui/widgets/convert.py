"""Between numpy pictures and Qt's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColorSpace, QImage


def to_qimage(image: NDArray[np.uint8]) -> QImage:
    """A ``QImage`` with its own memory from a uint8 array of shape (height, width, 3), or 4 with straight alpha.

    Raises
    ------
    ValueError
        For another shape or type.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] not in (3, 4) or 0 in image.shape:
        raise ValueError(f"expected uint8 (height, width, 3 or 4), got {image.dtype} {image.shape}")
    pixels = np.ascontiguousarray(image)
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    result = QImage(pixels.data, width, height, width * channels, layout).copy()
    result.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return result


def from_qimage(image: QImage, *, alpha: bool = False) -> NDArray[np.uint8]:
    """A uint8 array of shape (height, width, 3), sRGB; with ``alpha`` (height, width, 4), straight alpha.

    Raises
    ------
    ValueError
        For a null image.
    """
    if image.isNull():
        raise ValueError("the image is empty")
    if image.colorSpace().isValid():
        image = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    image = image.convertToFormat(QImage.Format.Format_RGBA8888 if alpha else QImage.Format.Format_RGB888)
    channels = 4 if alpha else 3
    # Qt pads every row to a multiple of four bytes.
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * channels].reshape(image.height(), image.width(), channels).copy()

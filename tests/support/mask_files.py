"""Pictures in memory from which masks are taken."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def png(pixels: np.ndarray, mode: str | None = None) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8), mode).save(buffer, "PNG")
    return buffer.getvalue()


def halves(*left_and_right: object) -> np.ndarray:
    left, right = (np.broadcast_to(np.atleast_1d(np.array(part)), (40, 30, np.size(part))) for part in left_and_right)
    return np.concatenate([left, right], axis=1).squeeze()

"""A soft mask of the faces in a picture. No torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.faces.alignment import Face

LARGER = 1.15
"""Half axes of a face's ellipse, in halves of its box: chin and brow belong to it."""
SOFT = 0.35
"""Share of the half axes over which the mask fades out."""
MASK_SIDE = 512


def face_map(faces: Sequence[Face], height: int, width: int) -> NDArray[np.float32] | None:
    """1 in the ellipses of ``faces`` and 0 away from them, float32 (h, w); None without any.

    Parameters
    ----------
    height, width : of the picture that the faces are in. The mask is smaller when that is large: it has no fine detail.
    """
    if not faces:
        return None
    scale = min(1.0, MASK_SIDE / max(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    y, x = (np.mgrid[:rows, :columns] + 0.5) / scale
    inside = np.zeros((rows, columns), np.float32)
    for face in faces:
        left, top, right, bottom = face.box
        half_width, half_height = (LARGER * max(1.0, length) / 2 for length in (right - left, bottom - top))
        away = np.hypot((x - (left + right) / 2) / half_width, (y - (top + bottom) / 2) / half_height)
        inside = np.maximum(inside, np.clip((1 + SOFT - away) / SOFT, 0, 1).astype(np.float32))
    return inside

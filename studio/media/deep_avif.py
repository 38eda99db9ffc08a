"""AVIF pictures of 10 and 12 bits at their full depth: Pillow gives 8 bits of them, FFmpeg all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SAME = 3
"""Levels of 255 by which a picture may mostly differ from Pillow's: both round, and smooth colour differently."""


def deep_avif(source: Path | bytes, picture: Image.Image) -> NDArray[np.uint16] | None:
    """All bits of an open AVIF ``picture``, uint16 (h, w, 3 or 4) on 0..65535 as the file has them, not yet upright.

    None when it has 8 bits, is put together of tiles, or comes out otherwise than Pillow shows it. Alpha has 8 bits.
    """
    try:
        color = _color(str(source.absolute()) if isinstance(source, Path) else io.BytesIO(source), picture.size)
    except (av.error.FFmpegError, OSError, ValueError):
        return None
    if color is None:
        return None
    plain = np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))
    if np.median(np.abs(color // 257 - plain[..., :3].astype(np.int32))) > _SAME:
        return None  # another matrix than either of them thought, or another picture of the file
    if plain.shape[2] == 3:
        return color
    return np.concatenate([color, plain[..., 3:].astype(np.uint16) * 257], 2)


def _color(given: str | BinaryIO, size: tuple[int, int]) -> NDArray[np.uint16] | None:
    with av.open(given, "r") as container:
        for track in container.streams.video[:1]:
            context = track.codec_context
            kind = context.pix_fmt or ""
            if ("10" in kind or "12" in kind) and (context.width, context.height) == size:
                for frame in container.decode(track):
                    return np.asarray(frame.reformat(format="rgb48le").to_ndarray(), np.uint16)
    return None

"""Moving pictures that FFmpeg cannot take apart: put into a QuickTime container, without loss.

These are animated WebP, and transparent animated AVIF, whose alpha is a track of its own that FFmpeg leaves out.
"""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageFile, features

_MILLISECOND = Fraction(1, 1000)
_SHORTEST = 10
"""Milliseconds; what browsers show for less is their own affair."""


def animated_webp(path: Path) -> io.BytesIO | None:
    """The moving picture as a QuickTime file in memory (PNG pictures, times in milliseconds); None for other files.

    Raises
    ------
    OSError, ValueError
        When the file is damaged.
    """
    with path.open("rb") as file:
        head = file.read(21)
    # The animation flag of the extended header (RFC 9649, 2.7.1.1).
    moving_webp = len(head) == 21 and head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and head[20] & 2
    if not moving_webp and not _is_transparent_avif(path, head):
        return None
    made = io.BytesIO()
    kind = "WEBP" if moving_webp else "AVIF"
    with Image.open(path, formats=(kind,)) as picture, av.open(made, "w", format="mov") as container:
        assert isinstance(picture, ImageFile.ImageFile)
        stream = container.add_stream("png", rate=25)
        stream.width, stream.height = picture.size
        stream.pix_fmt = "rgba" if picture.mode == "RGBA" else "rgb24"
        stream.codec_context.time_base = stream.time_base = _MILLISECOND
        at = 0
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            picture.load()
            shown = max(_SHORTEST, round(picture.info.get("duration", 0) or 100))
            shown_as = "RGBA" if stream.pix_fmt == "rgba" else "RGB"
            # PyAV's own way from pictures leaves alpha out.
            frame = av.VideoFrame.from_ndarray(np.array(picture.convert(shown_as)), stream.pix_fmt)
            frame.pts, frame.time_base = at, _MILLISECOND
            for packet in stream.encode(frame):
                packet.duration = shown
                container.mux(packet)
            at += shown
        for packet in stream.encode():
            container.mux(packet)
    made.seek(0)
    return made


def _is_transparent_avif(path: Path, head: bytes) -> bool:
    if head[4:12] != b"ftypavis" or not features.check("avif"):
        return False
    with Image.open(path, formats=("AVIF",)) as picture:
        return picture.mode == "RGBA" and getattr(picture, "n_frames", 1) > 1

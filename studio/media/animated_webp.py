"""Animated WebP, which FFmpeg cannot take apart: its pictures put into a QuickTime container, without loss."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageFile

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
    if len(head) < 21 or head[:4] != b"RIFF" or head[8:16] != b"WEBPVP8X" or not head[20] & 2:
        return None
    made = io.BytesIO()
    with Image.open(path, formats=("WEBP",)) as picture, av.open(made, "w", format="mov") as container:
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
            frame = av.VideoFrame.from_image(picture.convert("RGBA" if stream.pix_fmt == "rgba" else "RGB"))
            frame.pts, frame.time_base = at, _MILLISECOND
            for packet in stream.encode(frame):
                packet.duration = shown
                container.mux(packet)
            at += shown
        for packet in stream.encode():
            container.mux(packet)
    made.seek(0)
    return made

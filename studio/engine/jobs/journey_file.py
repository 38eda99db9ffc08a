"""Writing frames to an MP4 file (H.264 through PyAV)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import artists_path
from studio.recipes.embed import on_white

# Below this players show a stamp, and the codec's blocks become visible.
SMALLEST_SIDE = 512


FilmCodec = Literal["h264", "hevc"]
"""Every player knows H.264; H.265 (HEVC) takes about half of the place, and longer to write."""


def video_size(width: int, height: int, side: int | None = None) -> tuple[int, int]:
    """Frame size in the file, even, as H.264 wants.

    ``side``: of the longer side; None: the frame's, or a whole multiple of at least 512 px for small networks.
    """
    if side is not None:
        scale = side / max(width, height)
        return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
    factor = max(1, -(-SMALLEST_SIDE // max(width, height)))
    return (width * factor + 1) // 2 * 2, (height * factor + 1) // 2 * 2


def video_codec(codec: FilmCodec = "h264") -> Literal["libx264", "h264", "mpeg4", "libx265"]:
    """The encoder for films: that of ``codec``; for H.264 MPEG-4 will do.

    Raises
    ------
    StudioError
        When this PyAV has none.
    """
    import av  # the window starts without it

    if codec == "hevc":
        if "libx265" not in av.codecs_available:
            raise StudioError("This installation of PyAV cannot write H.265.", "Choose H.264.")
        return "libx265"
    names: tuple[Literal["libx264", "h264", "mpeg4"], ...] = ("libx264", "h264", "mpeg4")
    for name in names:
        if name in av.codecs_available:
            return name
    raise StudioError("This installation of PyAV cannot write H.264.", "Reinstall the package “av”.")


def write_video(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    *,
    fps: int,
    total: int,
    comment: str = "",
    overwrite: bool = True,
    side: int | None = None,
    codec: FilmCodec = "h264",
) -> Work[Path]:
    """Encode ``frames`` (uint8, (h, w, 3), all the same size) to ``path``; closing the work leaves no file behind.

    Films have no transparency: frames with alpha, (h, w, 4), lie on white.

    Parameters
    ----------
    side : pixels of the longer side; None as :func:`video_size` says.
    codec : how the film is packed.

    Raises
    ------
    StudioError
        When ``path`` is no .mp4 file name, cannot be written, or this PyAV has no H.264 or MPEG-4 encoder.
    """
    import av

    if path.suffix.lower() != ".mp4":
        raise StudioError(
            Message("“{name}” is not the name of an MP4 file.", name=path.name), "Let the file name end in .mp4."
        )
    encoder = video_codec(codec)
    with artists_path(path, overwrite=overwrite) as temporary, av.open(str(temporary), "w", format="mp4") as container:
        container.metadata["comment"] = comment
        stream = container.add_stream(encoder, rate=Fraction(fps))
        stream.pix_fmt = "yuv420p"
        if encoder == "libx264":
            stream.options = {"crf": "16", "preset": "medium"}
        elif encoder == "libx265":
            stream.codec_context.codec_tag = "hvc1"  # the name by which players of macOS know it
            stream.options = {"crf": "20", "preset": "medium", "x265-params": "log-level=error"}
        size: tuple[int, int] | None = None
        for number, frame in enumerate(frames):
            if size is None:
                size = video_size(frame.shape[1], frame.shape[0], side)
                stream.width, stream.height = size
            picture = on_white(Image.fromarray(frame))
            if picture.size != size:
                picture = picture.resize(size, Image.Resampling.LANCZOS)
            for packet in stream.encode(av.VideoFrame.from_image(picture)):
                container.mux(packet)
            yield Progress(number + 1, total, Message("Writing the film"), frame)
        for packet in stream.encode():
            container.mux(packet)
    return path

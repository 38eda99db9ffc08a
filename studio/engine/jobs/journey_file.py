"""Writing frames to an MP4 file (H.264 through PyAV)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import artists_path
from studio.recipes.embed import on_white

# Below this players show a stamp, and the codec's blocks become visible.
SMALLEST_SIDE = 512


def video_size(width: int, height: int) -> tuple[int, int]:
    """Frame size in the file: whole multiples up to at least 512 px for small networks, and even, as H.264 wants."""
    factor = max(1, -(-SMALLEST_SIDE // max(width, height)))
    return (width * factor + 1) // 2 * 2, (height * factor + 1) // 2 * 2


def video_codec() -> Literal["libx264", "h264", "mpeg4"]:
    """The encoder for films: H.264, else MPEG-4.

    Raises
    ------
    StudioError
        When this PyAV has neither.
    """
    names: tuple[Literal["libx264", "h264", "mpeg4"], ...] = ("libx264", "h264", "mpeg4")
    for name in names:
        if name in av.codecs_available:
            return name
    raise StudioError("This installation of PyAV cannot write H.264.", "Reinstall the package “av”.")


def write_video(
    path: Path, frames: Iterable[NDArray[np.uint8]], *, fps: int, total: int, comment: str = "", overwrite: bool = True
) -> Work[Path]:
    """Encode ``frames`` (uint8, (h, w, 3), all the same size) to ``path``; closing the work leaves no file behind.

    Films have no transparency: frames with alpha, (h, w, 4), lie on white.

    Raises
    ------
    StudioError
        When ``path`` is no .mp4 file name, cannot be written, or this PyAV has no H.264 or MPEG-4 encoder.
    """
    if path.suffix.lower() != ".mp4":
        raise StudioError(
            Message("“{name}” is not the name of an MP4 file.", name=path.name), "Let the file name end in .mp4."
        )
    codec = video_codec()
    with artists_path(path, overwrite=overwrite) as temporary, av.open(str(temporary), "w", format="mp4") as container:
        container.metadata["comment"] = comment
        stream = container.add_stream(codec, rate=Fraction(fps))
        stream.pix_fmt = "yuv420p"
        if codec == "libx264":
            stream.options = {"crf": "16", "preset": "medium"}
        size: tuple[int, int] | None = None
        for number, frame in enumerate(frames):
            if size is None:
                size = video_size(frame.shape[1], frame.shape[0])
                stream.width, stream.height = size
            picture = on_white(Image.fromarray(frame))
            if picture.size != size:
                picture = picture.resize(size, Image.Resampling.LANCZOS)
            for packet in stream.encode(av.VideoFrame.from_image(picture)):
                container.mux(packet)
            yield Progress(number + 1, total, Message("Writing the movie"), frame)
        for packet in stream.encode():
            container.mux(packet)
    return path

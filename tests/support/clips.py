"""Synthetic clips whose true motion is known: photos panned, zoomed and moved before each other, and files of them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Motion:
    """A frame with its truth.

    ``flow`` is where each pixel lies in the frame before, (h, w, 2); ``seen`` whether it is visible there, (h, w) bool.
    Of the first frame both are meaningless.
    """

    frame: Picture
    flow: NDArray[np.float32]
    seen: NDArray[np.bool_]


def moving(
    far: Picture, near: Picture, frames: int, width: int, height: int, *, pan: float = 2.3, zoom: float = 1.004
) -> list[Motion]:
    """A disc of ``near`` passes before ``far``, which is panned by ``pan`` pixels a frame and zoomed into."""
    clip: list[Motion] = []
    rows, columns = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    spot = np.stack([columns, rows, np.ones_like(rows)], -1).astype(np.float64)
    before: tuple[list[NDArray[np.float64]], NDArray[np.bool_]] | None = None
    centre = np.array([width / 2, height / 2])
    for number in range(frames):
        back = _view(zoom**-number, centre, (40 + pan * number, 30.0))
        front = _view(1.0, centre, (60 - 1.7 * pan * number, 40 + 0.6 * number))
        # The disc is fixed to the near picture.
        middle = np.array([60 + width * 0.45, 40 + height * 0.5])
        place = spot @ front.T
        disc = ((place - middle) ** 2).sum(-1) < (0.27 * height) ** 2
        pictures = [
            cv2.warpAffine(each, view, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
            for each, view in ((far, back), (near, front))
        ]
        frame = np.where(disc[..., None], pictures[1], pictures[0])
        flow, seen = np.zeros((height, width, 2), np.float32), np.zeros((height, width), bool)
        if before is not None:
            views, covered = before
            for is_near, view, old in ((False, back, views[0]), (True, front, views[1])):
                inverse = cv2.invertAffineTransform(old)
                where = np.concatenate([spot @ view.T, np.ones((height, width, 1))], -1) @ inverse.T
                own = disc if is_near else ~disc
                flow[own] = (where - spot[..., :2])[own]
                x, y = np.rint(where[..., 0]).astype(int), np.rint(where[..., 1]).astype(int)
                within = (x >= 0) & (x < width) & (y >= 0) & (y < height)
                there = covered[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
                seen |= own & within & (there == is_near)
        clip.append(Motion(frame, flow, seen))
        before = [back, front], disc
    return clip


def _view(scale: float, centre: NDArray[np.float64], shift: tuple[float, float]) -> NDArray[np.float64]:
    """Where in its picture a frame looks: scaled about ``centre``, then shifted."""
    offset = centre * (1 - scale) + np.array(shift)
    return np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])


def photos(side: int = 900) -> tuple[Picture, Picture]:
    """Two photos that come with scikit-image, large enough to move in."""
    from skimage import data

    far, near = (
        cv2.resize(each(), (side, side), interpolation=cv2.INTER_AREA) for each in (data.coffee, data.astronaut)
    )
    return far, near


def warping_error(pictures: Sequence[Picture], truth: Sequence[Motion]) -> float:
    """Root mean square difference, of 0..255, of what is seen in two frames in a row, by the true flow."""
    from studio.stylization.flow import warp

    squares = []
    for number in range(1, len(pictures)):
        moved = warp(pictures[number - 1].astype(np.float32), truth[number].flow)
        apart = pictures[number].astype(np.float32) - moved
        inner = truth[number].seen
        if inner.any():  # not at a cut
            squares.append(float(np.square(apart[inner]).mean()))
    return float(np.sqrt(np.mean(squares)))


def write_clip(
    path: Path,
    frames: Sequence[Picture],
    *,
    fps: Fraction = Fraction(25),
    times: Sequence[float] | None = None,
    sound: str | None = None,
    layout: str = "mono",
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    rotation: int = 0,
    longer_sound: float = 0.0,
) -> Path:
    """Write ``frames`` as a clip, with a tone when ``sound`` names a codec; ``times`` are seconds, for variable rates.

    The tone goes on for ``longer_sound`` seconds.
    ``rotation`` is what a phone held so writes: degrees clockwise by which players turn the frames (MP4 and MOV).
    """
    height, width = frames[0].shape[:2]
    seconds = (times[-1] if times is not None else len(frames) / fps) + 0.04
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.options = dict(options if options is not None else {"crf": "12"} if codec == "libx264" else {})
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        tone = container.add_stream(sound, rate=44100) if sound is not None else None
        assert tone is None or isinstance(tone, av.AudioStream)
        if tone is not None:
            tone.layout = layout
        for number, frame in enumerate(frames):
            shown = av.VideoFrame.from_ndarray(frame)
            if times is not None:
                shown.pts, shown.time_base = round(times[number] * 1000), Fraction(1, 1000)
            for packet in stream.encode(shown):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
        if tone is not None:
            wave = np.sin(np.arange(int((float(seconds) + longer_sound) * 44100)) * 440 * 2 * np.pi / 44100)
            sample = av.AudioFrame.from_ndarray((wave * 8000).astype(np.int16)[None], format="s16", layout="mono")
            sample.sample_rate, sample.pts, sample.time_base = 44100, 0, Fraction(1, 44100)
            resampler = av.AudioResampler(format=tone.codec_context.format, layout=layout, rate=44100)
            for piece in [*resampler.resample(sample), *resampler.resample(None)]:
                for packet in tone.encode(piece):
                    container.mux(packet)
            for packet in tone.encode():
                container.mux(packet)
    if rotation:
        _turn(path, rotation)
    return path


def _turn(path: Path, rotation: int) -> None:
    """Write the display matrix of a clockwise ``rotation`` into the track header of the video (ISO 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[rotation]
    one = 0x10000
    data[at : at + 36] = struct.pack(">9i", a * one, b * one, 0, -b * one, a * one, 0, 0, 0, 0x40000000)
    path.write_bytes(bytes(data))

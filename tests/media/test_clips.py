"""Clips of every kind are decoded upright, in time and in their colours, as far as they go."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from studio.base import StudioError
from studio.media.clips import Clip, describe_clip
from tests.support.clips import Picture, moving, photos, write_clip


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return [each.frame for each in moving(*photos(), 12, 160, 120)]


def off(image: Picture, wanted: Picture) -> float:
    return float(np.abs(image.astype(np.float32) - wanted).mean())


def test_facts_and_times(tmp_path: Path, frames: list[Picture]) -> None:
    path = write_clip(tmp_path / "clip.mp4", frames, sound="aac")
    properties = describe_clip(path)
    assert (properties.width, properties.height, properties.fps, properties.frames) == (160, 120, 25, 12)
    assert properties.has_sound and properties.codec == "h264" and properties.seconds == pytest.approx(0.48)
    with Clip(path) as clip:
        found = list(clip.frames())
        assert [each.seconds for each in found] == pytest.approx([number / 25 for number in range(12)])
        assert max(off(each.image, wanted) for each, wanted in zip(found, frames, strict=True)) < 3
        assert [each.seconds for each in clip.frames(0.1, 0.3)] == pytest.approx([0.12, 0.16, 0.2, 0.24, 0.28])
        # The very frame named by its ticks comes first, with the same pixels as on the way from the beginning.
        again = next(clip.frames(from_ticks=found[7].ticks))
        assert np.array_equal(again.image, found[7].image)
        assert clip.frame_at(0.21).seconds == pytest.approx(0.2)
        assert clip.frame_at(99).seconds == pytest.approx(0.44)
        assert clip.frame_at(0, max_side=80).image.shape == (60, 80, 3)
        assert clip.broken_at is None


def test_variable_rate_keeps_its_times(tmp_path: Path, frames: list[Picture]) -> None:
    times = [0, 0.04, 0.05, 0.12, 0.2, 0.21, 0.22, 0.5, 0.6, 0.61, 0.62, 1.0]
    with Clip(write_clip(tmp_path / "clip.mkv", frames, times=times)) as clip:
        assert [each.seconds for each in clip.frames()] == pytest.approx(times)
        assert clip.frame_at(0.4).seconds == pytest.approx(0.22)


@pytest.mark.parametrize("name", ["clip.ts", "clip.mts", "clip.h264"])
def test_streams_without_an_index_lose_nothing(tmp_path: Path, frames: list[Picture], name: str) -> None:
    """What camcorders write: jumps in it land somewhere."""
    whole = [*frames, *frames[::-1]] * 3
    path = write_clip(tmp_path / name, whole, options={"g": "24", "crf": "12"})
    with Clip(path) as clip:
        for _ in range(2):
            assert [each.seconds for each in clip.frames()] == pytest.approx([number / 25 for number in range(72)])
        for number in (0, 3, 30, 50, 71):
            found = clip.frame_at(number / 25 + 0.01)
            assert found.seconds == pytest.approx(number / 25) and off(found.image, whole[number]) < 4
        assert next(clip.frames(0.4)).seconds == pytest.approx(0.4)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_applied(tmp_path: Path, frames: list[Picture], rotation: int) -> None:
    path = write_clip(tmp_path / "clip.mp4", frames[:3], rotation=rotation)
    upright = np.rot90(frames[0], -rotation // 90)
    with Clip(path) as clip:
        image = next(clip.frames()).image
        assert (clip.properties.height, clip.properties.width) == image.shape[:2] == upright.shape[:2]
        assert off(image, upright) < 3


def test_ten_bits_interlaced_and_other_codecs(tmp_path: Path, frames: list[Picture]) -> None:
    kinds = {
        "ten.mkv": {"pix_fmt": "yuv420p10le"},
        "interlaced.mp4": {"options": {"x264-params": "interlaced=1", "crf": "10"}},
        "full.mp4": {"pix_fmt": "yuvj420p"},
        "mpeg4.avi": {"codec": "mpeg4", "options": {"qscale": "2"}},
        "motion.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    }
    for name, options in kinds.items():
        with Clip(write_clip(tmp_path / name, frames[:4], **options)) as clip:  # type: ignore[arg-type]
            found = list(clip.frames())
            assert len(found) == 4, name
            assert off(found[0].image, frames[0]) < 6, name


def test_a_field_is_taken_of_interlaced_frames(tmp_path: Path, frames: list[Picture]) -> None:
    # Two moments woven into one frame: a comb, unless it is taken apart.
    woven = frames[0].copy()
    woven[1::2] = 255 - woven[1::2]
    path = write_clip(tmp_path / "clip.mp4", [woven] * 3, options={"x264-params": "interlaced=1:tff=1", "crf": "4"})
    with Clip(path) as clip:
        image = next(clip.frames()).image.astype(np.float32)
    assert np.abs(np.diff(image, axis=0)).mean() < 0.2 * np.abs(np.diff(woven.astype(np.float32), axis=0)).mean()


def test_a_broken_tail_keeps_what_decodes(tmp_path: Path, frames: list[Picture]) -> None:
    path = write_clip(tmp_path / "clip.mkv", frames * 4, options={"crf": "12", "g": "8"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with Clip(path) as clip:
        count = len(list(clip.frames()))
        assert 10 < count < 40
        assert clip.broken_at == pytest.approx((count - 1) / 25, abs=0.05)


def test_damage_in_the_middle_is_left_out(tmp_path: Path, frames: list[Picture]) -> None:
    path = write_clip(tmp_path / "clip.mp4", frames * 3, options={"crf": "12", "g": "6"})
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = np.random.default_rng(0).bytes(4000)
    path.write_bytes(bytes(data))
    with Clip(path) as clip:
        found = list(clip.frames())
        assert clip.broken_at is not None
        assert found[-1].seconds > 1.2 and len(found) > 24


def test_animated_pictures_and_clips_of_one_frame(tmp_path: Path, frames: list[Picture]) -> None:
    pictures = [Image.fromarray(each) for each in frames]
    for name in ("moving.gif", "moving.png"):
        pictures[0].save(tmp_path / name, save_all=True, append_images=pictures[1:], duration=50, loop=0)
        with Clip(tmp_path / name) as clip:  # an animated PNG does not say how long it is
            assert clip.properties.seconds == pytest.approx(0.6) and clip.properties.frames == 12
            assert [off(each.image, wanted) < 9 for each, wanted in zip(clip.frames(), frames, strict=True)] == [
                True
            ] * 12
            assert off(clip.frame_at(0.31).image, frames[6]) < 9
    odd = np.ascontiguousarray(frames[0][:117, :151])
    with Clip(write_clip(tmp_path / "one.mkv", [odd], pix_fmt="yuv444p")) as clip:
        (only,) = clip.frames()
        assert only.image.shape == (117, 151, 3) and off(only.image, odd) < 4 and clip.properties.frames == 1


def test_what_is_transparent_lies_on_black(tmp_path: Path, frames: list[Picture]) -> None:
    share = np.broadcast_to(np.linspace(0, 255, 160).astype(np.uint8), (120, 160))
    path = tmp_path / "clip.mov"
    write_frames(path, [av.VideoFrame.from_ndarray(np.dstack([frames[0], share]), format="rgba")], "qtrle", "argb")
    with Clip(path) as clip:
        image = next(clip.frames()).image
        small = next(clip.frames(max_side=40)).image
    wanted = frames[0] * (share[..., None] / 255)
    assert off(image, wanted) < 1.5
    assert small.shape == (30, 40, 3) and off(small, wanted.reshape(30, 4, 40, 4, 3).mean((1, 3))) < 5


@pytest.mark.parametrize("name", ["clip.webp", "clip.avif", "clip.webm"])
def test_transparency_beside_the_colours_hides_them(tmp_path: Path, name: str) -> None:
    shape = np.dstack(
        [np.full((48, 64, 3), 200, np.uint8), np.repeat([255, 0], 32).astype(np.uint8)[None].repeat(48, 0)]
    )
    path = tmp_path / name
    if name == "clip.webm":
        write_frames(path, [av.VideoFrame.from_ndarray(shape, format="rgba")] * 2, "libvpx-vp9", "yuva420p")
    else:
        picture = Image.fromarray(shape)
        picture.save(
            path, save_all=True, append_images=[picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)], exact=True
        )
    with Clip(path) as clip:
        image = next(clip.frames()).image
        assert len(list(clip.frames())) == 2
    assert image[24, 10, 0] > 190 and image[24, 55].max() < 10


@pytest.mark.parametrize("name", ["few.mpg", "uneven.mp4"])
def test_a_length_that_the_header_tells_wrong(tmp_path: Path, frames: list[Picture], name: str) -> None:
    small = [np.ascontiguousarray(each[:48, :64]) for each in frames]
    times = [0, 0.04, 0.08, 0.4, 0.44, 1.2, 1.24, 1.28, 2.4, 2.44, 2.48, 4.0]
    path = write_clip(
        tmp_path / name,
        small,
        codec="mpeg2video" if name == "few.mpg" else "libx264",
        times=None if name == "few.mpg" else times,
    )
    with Clip(path) as clip:
        found = [each.seconds for each in clip.frames()]
        assert len(found) == 12 and clip.broken_at is None
        assert clip.properties.seconds >= found[-1] and clip.properties.seconds == pytest.approx(found[-1], abs=0.2)


@pytest.mark.parametrize("kind", ["pq", "hlg", "wide"])
def test_hdr_and_wide_colours_come_back(tmp_path: Path, frames: list[Picture], kind: str) -> None:
    shown = frames[0].copy()
    shown[:30] = np.linspace(190, 255, 160)[:, None]
    code = shown / 255.0
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    # BT.2087: BT.709 to BT.2020; the formulae of BT.2100.
    light = light @ np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]).T
    if kind == "pq":
        power = (light * 203 / 10_000) ** 0.1593017578125
        code = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    elif kind == "hlg":
        bright = np.maximum(light @ np.array([0.2627, 0.678, 0.0593]) * 0.203, 1e-9)
        scene = light * 0.203 * (bright ** (1 / 1.2 - 1))[..., None]
        steep = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        code = np.where(scene <= 1 / 12, np.sqrt(3 * scene), steep)
    else:
        code = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
    levels = np.asarray(np.clip(code, 0, 1) * 65535 + 0.5, np.uint16)
    frame = av.VideoFrame.from_ndarray(levels, format="rgb48le").reformat(
        format="yuv444p10le", dst_colorspace=Colorspace.BT2020, dst_color_range=ColorRange.MPEG
    )
    path = tmp_path / "clip.mkv"
    write_frames(path, [frame], "libx264", "yuv444p10le", transfer={"pq": 16, "hlg": 18, "wide": 14}[kind])
    with Clip(path) as clip:
        image = next(clip.frames()).image.astype(np.float32)
    # HDR has reference white as a light grey, and leaves the darker half as it is.
    dark = shown.max(-1) < 150
    assert np.abs(image - shown)[dark].mean() < 2.5
    if kind == "wide":
        assert off(image.astype(np.uint8), shown) < 2.5
    else:
        row = image[5:25].mean((0, 2))
        assert 200 < row[-1] < 235 and row[-1] - row[0] > 25


def write_frames(path: Path, frames: list[av.VideoFrame], codec: str, pix_fmt: str, transfer: int = 0) -> None:
    """Frames as they are, of BT.2020 when a transfer function is named (ITU-T H.273)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, pix_fmt
        if transfer:
            context = stream.codec_context
            stream.options = {"crf": "6"}
            context.color_primaries, context.color_trc, context.colorspace = 9, transfer, 9
            context.color_range = ColorRange.MPEG.value
        for number, frame in enumerate(frames):
            shown = frame.reformat(format=pix_fmt)
            shown.pts, shown.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(shown))
        container.mux(stream.encode())


def test_refusals_say_what_is_wrong(tmp_path: Path, frames: list[Picture]) -> None:
    whole = write_clip(tmp_path / "whole.mp4", frames).read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    Image.fromarray(frames[0]).save(tmp_path / "photo.jpg")
    Image.fromarray(frames[0]).save(tmp_path / "still.webp")
    Image.fromarray(frames[0]).save(tmp_path / "still.avif")
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "cut.webp").write_bytes(b"RIFF\x10\0\0\0WEBPVP8X")
    (tmp_path / "text.mov").write_text("hello " * 100)
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        silence.sample_rate, silence.time_base, silence.pts = 44100, Fraction(1, 44100), 0
        for packet in [*stream.encode(silence), *stream.encode()]:
            container.mux(packet)
    # A playlist is not followed into the network: it names no pictures then.
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n")
    for name, words in {
        "list.mp4": "no video clip",
        "empty.mp4": "0 bytes",
        "cut.mp4": "index of its pictures",
        "cut.webp": "picture|damaged|no video clip",
        "photo.jpg": "is a picture",
        "still.webp": "is a picture",
        "still.avif": "is a picture",
        "text.mov": "no video clip",
        "sound.mp4": "no pictures",
        "missing.mp4": "not there",
    }.items():
        with pytest.raises(StudioError, match=words):
            describe_clip(tmp_path / name)

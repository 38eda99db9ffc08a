"""Clips of every kind are decoded upright, in time and in their colours, as far as they go."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from studio.base import StudioError
from studio.base.clips import Clip, describe_clip
from tests.clips import Picture, moving, photos, write_clip


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return [each.frame for each in moving(*photos(), 12, 160, 120)]


def off(image: Picture, wanted: Picture) -> float:
    return float(np.abs(image.astype(np.float32) - wanted).mean())


def test_facts_and_times(tmp_path: Path, frames: list[Picture]) -> None:
    path = write_clip(tmp_path / "clip.mp4", frames, sound="aac")
    facts = describe_clip(path)
    assert (facts.width, facts.height, facts.fps, facts.frames) == (160, 120, 25, 12)
    assert facts.has_sound and facts.codec == "h264" and facts.seconds == pytest.approx(0.48)
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


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_applied(tmp_path: Path, frames: list[Picture], rotation: int) -> None:
    path = write_clip(tmp_path / "clip.mp4", frames[:3], rotation=rotation)
    upright = np.rot90(frames[0], -rotation // 90)
    with Clip(path) as clip:
        image = next(clip.frames()).image
        assert (clip.facts.height, clip.facts.width) == image.shape[:2] == upright.shape[:2]
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


def test_refusals_say_what_is_wrong(tmp_path: Path) -> None:
    import av

    (tmp_path / "empty.mp4").touch()
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
        "empty.mp4": "no video clip",
        "text.mov": "no video clip",
        "sound.mp4": "no pictures",
        "missing.mp4": "not there",
    }.items():
        with pytest.raises(StudioError, match=words):
            describe_clip(tmp_path / name)

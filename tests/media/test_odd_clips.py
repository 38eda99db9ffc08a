"""Clips of the real world: joined streams, late beginnings, long last frames, mirrored phones, moving pictures."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.base import StudioError, drain
from studio.base.files import sha256_of
from studio.engine import TorchEngine
from studio.engine.jobs.film import make_film
from studio.engine.jobs.film_file import FilmFile
from studio.gallery import SourceStore
from studio.media.clips import Clip
from studio.recipes import FileRef, PhotoRecipe, StyleUse, StylizeRecipe, film_of
from studio.training.video_frames import candidates, read_frames
from tests.support.clips import Picture, moving, photos, write_clip
from tests.support.paths import DATA

CASES = DATA / "cases"
GREEN, YELLOW, RED, BLUE = (40, 170, 60), (220, 200, 60), (200, 30, 40), (30, 60, 200)


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return [each.frame for each in moving(*photos(), 12, 96, 64)]


@pytest.fixture
def joined(tmp_path: Path) -> Path:
    part = (CASES / "bframes.ts").read_bytes()
    path = tmp_path / "joined.ts"
    path.write_bytes(part * 3)
    return path


def level_times(count: int) -> list[float]:
    return pytest.approx([number / 25 for number in range(count)])  # type: ignore[return-value]


def test_times_go_on_where_streams_were_joined(joined: Path) -> None:
    with Clip(CASES / "bframes.ts") as part:
        once = [each.image for each in part.frames()]
    with Clip(joined) as clip:
        assert clip.properties.frames == 36 and clip.properties.seconds == pytest.approx(1.44)
        found = list(clip.frames())
        assert [each.seconds for each in found] == level_times(36) and clip.broken_at is None
        for number, frame in enumerate(found):
            assert np.array_equal(frame.image, once[number % 12]), number
        # Jumping gives the very same frames as going through.
        for number in (35, 0, 13, 12, 25, 11):
            there = clip.frame_at(number / 25 + 0.01)
            assert there.ticks == found[number].ticks and np.array_equal(there.image, found[number].image)
        assert [each.seconds for each in clip.frames(0.4, 0.6)] == pytest.approx([0.4, 0.44, 0.48, 0.52, 0.56])
        assert np.array_equal(next(clip.frames(from_ticks=found[20].ticks)).image, found[20].image)


@pytest.mark.parametrize("offset", [5, 3600, 90_000])
def test_parts_of_other_times_follow_one_another(tmp_path: Path, frames: list[Picture], offset: int) -> None:
    """A later part may begin anywhere: a little or hours earlier or later, also where the 33 bits wrap around."""
    parts = []
    for number, start in enumerate((offset, 20 + offset // 2, 1)):
        times = [start + each / 25 for each in range(12)]
        path = write_clip(tmp_path / f"{number}.ts", frames, times=times)
        parts.append(path.read_bytes())
    whole = tmp_path / "whole.ts"
    whole.write_bytes(b"".join(parts))
    with Clip(whole) as clip:
        assert [each.seconds for each in clip.frames()] == level_times(36)
        assert clip.frame_at(0.9).seconds == pytest.approx(0.88)


def test_large_joined_streams_are_noticed_by_probing(joined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.media.joined_streams._SCANNED", 1000)
    with Clip(joined) as clip:
        assert clip.properties.frames == 36
    with Clip(CASES / "bframes.ts") as clip:
        assert clip.properties.frames == 12


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
@pytest.mark.parametrize("until", [None, 1.2])
def test_the_sound_of_joined_streams_goes_on(joined: Path, tmp_path: Path, name: str, until: float | None) -> None:
    out = tmp_path / name
    with Clip(joined) as clip:
        begin = next(clip.frames()).ticks
        with FilmFile(out, clip.properties.fps, clip.time_base, "") as film:
            film.add_sound(joined, float(begin * clip.time_base), until and float(begin * clip.time_base) + until)
            for frame in clip.frames(end=until):
                film.add(frame.image, frame.ticks - begin)
            film.finish(3600)
    with av.open(str(out)) as container:
        sound = [float(each.pts * each.time_base) for each in container.decode(audio=0)]
    assert (np.diff(sound) < 0.2).all() and sound[-1] == pytest.approx(until or 1.44, abs=0.1)
    with Clip(out) as clip:
        assert [each.seconds for each in clip.frames()] == pytest.approx(
            [number / 25 for number in range(36 if until is None else 30)], abs=1e-3
        )


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4", "late.ts", "late.webm", "late.mov"])
def test_a_late_beginning_is_no_part_of_the_length(tmp_path: Path, frames: list[Picture], name: str) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    path = write_clip(tmp_path / name, frames, times=[7 + each / 25 for each in range(12)], codec=codec)
    with Clip(path) as clip:
        assert clip.properties.seconds == pytest.approx(0.48, abs=0.01) and clip.properties.frames == 12
        assert [each.seconds for each in clip.frames()] == level_times(12)
        assert clip.broken_at is None and clip.frame_at(0.2).seconds == pytest.approx(0.2)


def moving_picture(path: Path, durations: list[int]) -> Path:
    pictures = [Image.new("RGB", (32, 24), (60 * number, 20, 90)) for number in range(len(durations))]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=durations)
    return path


@pytest.mark.parametrize("name", ["hold.gif", "hold.apng", "hold.webp", "hold.avif"])
def test_frames_of_unequal_length_last_as_long_as_they_say(tmp_path: Path, name: str) -> None:
    with Clip(moving_picture(tmp_path / name, [100, 300, 50, 2000])) as clip:
        found = list(clip.frames())
        assert [each.seconds for each in found] == pytest.approx([0, 0.1, 0.4, 0.45])
        assert [int(each.image[5, 5, 0]) for each in found] == pytest.approx([0, 60, 120, 180], abs=6)
        assert clip.properties.seconds == pytest.approx(2.45) and clip.properties.frames == 4 and clip.broken_at is None
        assert clip.properties.frames / float(clip.properties.fps) == pytest.approx(2.45, rel=0.3)
        assert [float(clip.ticks_shown(each.ticks) * clip.time_base) for each in found] == pytest.approx(
            [0.1, 0.3, 0.05, 2]
        )
        assert clip.frame_at(2.3).seconds == pytest.approx(0.45)


def test_unequal_frames_that_are_decoded_out_of_turn_are_no_damage(tmp_path: Path, frames: list[Picture]) -> None:
    """MP4 says how long a frame is decoded, not how long it is shown: the last would stay for 1.2 s."""
    times = [0, 0.1, 0.2, 0.7, 0.75, 0.8, 2.0, 2.1, 2.2, 2.3]
    path = write_clip(tmp_path / "phone.mp4", frames[:10], times=times)
    with Clip(path) as clip:
        found = list(clip.frames())
        assert [each.seconds for each in found] == pytest.approx(times, abs=1e-3)
        assert clip.properties.seconds == pytest.approx(2.34, abs=0.01) and clip.broken_at is None
        assert float(clip.ticks_shown(found[-1].ticks) * clip.time_base) == pytest.approx(0.04, abs=0.01)


def test_the_still_of_an_image_sequence_is_not_the_sequence() -> None:
    with Clip(CASES / "anim.avif") as clip:
        assert [each.seconds for each in clip.frames()] == pytest.approx([0, 0.1]) and clip.properties.frames == 2


def test_a_film_holds_its_last_frame(latent_studio_home: Path, tmp_path: Path) -> None:
    engine = TorchEngine(SourceStore(latent_studio_home / "Sources"), device="cpu")
    clip = CASES / "hold.gif"
    source = PhotoRecipe(photo=engine.sources.add(CASES / "anim.avif"))
    look = StylizeRecipe(content=source, styles=(StyleUse(source=source),), size=64)
    film = film_of(look, FileRef(hash=sha256_of(clip), name=clip.name))
    made = drain(make_film(engine, film, clip, tmp_path / "film.mp4"))
    assert made.seconds == pytest.approx(3.4) and made.frames == 5 and made.broken_at is None
    with Clip(made.path) as result:
        assert result.properties.seconds == pytest.approx(3.4, abs=0.02)
        assert [each.seconds for each in result.frames()] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4], abs=1e-3)


def test_a_film_of_unequal_frames_is_as_long_as_they_are(tmp_path: Path) -> None:
    """Frames decoded out of turn would leave the file's own length at 2.3 of 5.1 s, where players stop."""
    times = [0, 1, 2, 3, 10, 11, 12, 20, 21, 50]
    rng = np.random.default_rng(1)
    with FilmFile(tmp_path / "film.mp4", Fraction(2), Fraction(1, 10), "", even=False) as film:
        for time in times:
            film.add(rng.integers(0, 256, (32, 32, 3), np.uint8), time)
        film.finish(1)
    with av.open(str(tmp_path / "film.mp4")) as made:
        assert made.duration == 5_100_000


@pytest.mark.parametrize("name", ["late.mkv", "long.flv"])
def test_sound_that_goes_on_is_no_part_of_the_length(tmp_path: Path, frames: list[Picture], name: str) -> None:
    path = write_clip(tmp_path / name, frames[:6], sound="aac", longer_sound=2)
    with Clip(path) as clip:
        assert clip.properties.seconds == pytest.approx(6 / 25, abs=0.003) and clip.properties.frames == 6
        assert len(list(clip.frames())) == 6 and clip.broken_at is None


def test_a_folder_that_cannot_be_written_is_told_before_the_first_frame(
    latent_studio_home: Path, tmp_path: Path
) -> None:
    engine = TorchEngine(SourceStore(latent_studio_home / "Sources"), device="cpu")
    clip = CASES / "hold.gif"
    source = PhotoRecipe(photo=engine.sources.add(CASES / "anim.avif"))
    film = film_of(
        StylizeRecipe(content=source, styles=(StyleUse(source=source),), size=64),
        FileRef(hash=sha256_of(clip), name=clip.name),
    )
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StudioError, match="is a file, not a folder"):
        next(make_film(engine, film, clip, tmp_path / "file" / "film.mp4"))


def test_mirrored_clips_come_as_players_show_them() -> None:
    with Clip(CASES / "hflip.mp4") as clip:
        image = next(clip.frames()).image
    for (y, x), color in {(2, 2): GREEN, (2, -3): RED, (-3, 2): YELLOW, (-3, -3): BLUE}.items():
        assert np.abs(image[y, x].astype(int) - color).max() < 12, (y, x)
    picture = np.asarray(next(candidates(CASES / "hflip.mp4", 1)).picture)  # training sees the same
    assert np.array_equal(picture, image)


# Every orientation: what players make of columns (x' = a x + c y) and rows (y' = b x + d y) of a picture.
ORIENTATIONS = {
    (1, 0, 0, 1): lambda p: p,
    (-1, 0, 0, 1): lambda p: p[:, ::-1],
    (1, 0, 0, -1): lambda p: p[::-1],
    (-1, 0, 0, -1): lambda p: p[::-1, ::-1],
    (0, 1, -1, 0): lambda p: np.rot90(p, -1),
    (0, -1, 1, 0): lambda p: np.rot90(p),
    (0, 1, 1, 0): lambda p: p.swapaxes(0, 1),
    (0, -1, -1, 0): lambda p: np.rot90(p, 2).swapaxes(0, 1),
}


@pytest.mark.parametrize("matrix", ORIENTATIONS)
def test_all_eight_orientations(tmp_path: Path, frames: list[Picture], matrix: tuple[int, int, int, int]) -> None:
    path = write_clip(tmp_path / "clip.mp4", frames[:2])
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    a, b, c, d = (each * 0x10000 for each in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(bytes(data))
    wanted = ORIENTATIONS[matrix](frames[0])
    with Clip(path) as clip:
        image = next(clip.frames()).image
        assert (clip.properties.height, clip.properties.width) == image.shape[:2] == wanted.shape[:2]
    assert np.abs(image.astype(float) - wanted).mean() < 3


def test_training_takes_frames_of_joined_clips(joined: Path) -> None:
    found = list(candidates(joined, 7))
    assert [each.seconds for each in found] == pytest.approx([0, 0.28, 0.56, 0.84, 1.12, 1.4])
    again = list(read_frames(joined, [each.pts for each in found[2:]]))
    for one, other in zip(found[2:], again, strict=True):
        assert one.pts == other.pts and np.array_equal(np.asarray(one.picture), np.asarray(other.picture))


def test_a_clip_that_lies_about_its_rate_is_not_believed(tmp_path: Path) -> None:
    with Clip(moving_picture(tmp_path / "slow.apng", [1000] * 4)) as clip:
        assert clip.properties.fps == Fraction(1) and clip.properties.seconds == pytest.approx(4)


@pytest.mark.parametrize(
    ("ending", "codec", "options"),
    [
        ("mkv", "libx264", {}),
        ("webm", "libvpx", {}),
        ("avi", "mpeg4", {}),
        ("flv", "flv1", {}),
        ("mp4", "libx264", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
        ("mp4", "libx264", {}),
        ("mov", "libx264", {"movflags": "faststart"}),
    ],
)
def test_whole_files_put_one_behind_the_other_are_read_to_the_end(
    ending: str, codec: str, options: dict[str, str], tmp_path: Path
) -> None:
    path = put_together(tmp_path, ending, codec, options)
    with Clip(path) as clip:
        times = [round(frame.seconds, 2) for frame in clip.frames()]
        assert times == [number / 10 for number in range(24)] and clip.broken_at is None
        assert (round(clip.properties.seconds, 2), clip.properties.frames) == (2.4, 24)
        shades = [clip.frame_at(seconds).image.mean() for seconds in (0.3, 1.5, 0.0, 2.3)]
    assert np.abs(np.array(shades) - [35, 155, 20, 195]).max() < 4, "of the part that they belong to"


def test_parts_that_cannot_be_reached_are_said(tmp_path: Path) -> None:
    path = put_together(tmp_path, "mp4", "libx264", {})
    path.write_bytes(path.read_bytes()[:-200])
    with Clip(path) as clip:
        assert len(list(clip.frames())) == 12 and clip.broken_at is not None


def test_the_sound_of_joined_films_stays_with_their_pictures(tmp_path: Path) -> None:
    """Also where the name has signs that FFmpeg's scripts and addresses take for their own."""
    part, path = tmp_path / "part.mp4", tmp_path / "it's: [a],,%20clip.mp4"
    with av.open(str(CASES / "bframes.ts")) as source, av.open(str(part), "w") as container:
        tracks = {each.index: container.add_stream_from_template(each) for each in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                container.mux(packet)
    path.write_bytes(part.read_bytes() * 3)
    with Clip(part) as clip:
        once = [each.image for each in clip.frames()]
    with Clip(path) as clip:
        found = list(clip.frames())
        begin = found[0].ticks
        with FilmFile(tmp_path / "film.mp4", clip.properties.fps, clip.time_base, "") as film:
            film.add_sound(path, float(begin * clip.time_base), None)
            for frame in found:
                film.add(frame.image, frame.ticks - begin)
            film.finish(3600)
        there = clip.frame_at(found[25].seconds + 0.001)
    assert len(found) == 36 and np.array_equal(there.image, found[25].image)
    assert all(np.array_equal(frame.image, once[number % 12]) for number, frame in enumerate(found))
    # The sound of a part is 0.03 s longer than its pictures, the last of which stays as long.
    assert found[12].seconds - found[11].seconds == pytest.approx(0.07, abs=0.005)
    with av.open(str(tmp_path / "film.mp4")) as container:
        sound = [float((each.pts or 0) * each.time_base) for each in container.decode(audio=0)]
    assert max(np.diff(sound)) < 0.03 and sound[-1] == pytest.approx(1.49, abs=0.03)


def put_together(folder: Path, ending: str, codec: str, options: dict[str, str]) -> Path:
    """Two clips of twelve frames each in one file: shades from 20 on, then from 140 on."""
    whole = b""
    for begins in (20, 140):
        part = folder / f"part.{ending}"
        with av.open(str(part), "w", options=options) as container:
            stream = container.add_stream(codec, rate=10, options={"g": "4"})
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for number in range(12):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), begins + 5 * number, np.uint8), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 10)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        whole += part.read_bytes()
    path = folder / f"joined.{ending}"
    path.write_bytes(whole)
    return path

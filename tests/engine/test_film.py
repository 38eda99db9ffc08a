"""Films of clips: made frame by frame, going on after a kill, with the clip's times and sound; their recipes."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.base import Progress, StudioError, drain
from studio.base.files import sha256_of
from studio.base.paths import films_dir
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.film import make_film
from studio.engine.jobs.film_file import FilmFile
from studio.engine.jobs.film_folder import FilmFolder, films_in_making
from studio.gallery import SourceStore
from studio.media.clips import Clip
from studio.recipes import FileRef, FilmRecipe, PhotoRecipe, SampleRecipe, StyleUse, StylizeRecipe, film_of, recipe_hash
from studio.recipes.documents import VERSION
from studio.recipes.sequences.film import FILM, film_comment, film_in_comment
from tests.support.clips import Picture, moving, photos, write_clip
from tests.support.waiting import KILL


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return [each.frame for each in moving(*photos(), 12, 96, 72)]


@pytest.fixture(scope="module")
def style_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image
    from skimage import data

    path = tmp_path_factory.mktemp("style") / "style.png"
    Image.fromarray(data.retina()[400:700, 400:700]).save(path)
    return path


@pytest.fixture
def engine(latent_studio_home: Path) -> Engine:
    return TorchEngine(SourceStore(latent_studio_home / "Sources"), device="cpu")


def recipe(engine: Engine, style: Path, clip: Path, size: int = 96, **changes: Any) -> FilmRecipe:
    source = PhotoRecipe(photo=engine.sources.add(style))
    look = StylizeRecipe(content=source, styles=(StyleUse(source=source),), size=size)
    return film_of(look, FileRef(hash=sha256_of(clip), name=clip.name), **changes)


def probe(path: Path) -> dict[str, Any]:
    with av.open(str(path)) as container:
        found: dict[str, Any] = {"comment": {k.lower(): v for k, v in container.metadata.items()}.get("comment", "")}
        for stream in container.streams:
            found[stream.type] = (
                stream.codec_context.name,
                None if stream.duration is None else float(stream.duration * stream.time_base),
            )
        return found


def times(path: Path) -> list[float]:
    with Clip(path) as clip:
        return [frame.seconds for frame in clip.frames()]


def test_a_film_has_the_clips_times_sound_and_its_recipe(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture]
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames, fps=Fraction(24000, 1001), sound="aac")
    film = recipe(engine, style_file, clip)
    seen: list[Progress] = []
    made = drain(make_film(engine, film, clip, tmp_path / "film.mp4"), seen.append)
    assert (made.frames, made.continued_from, made.broken_at) == (12, 0, None)
    assert times(made.path) == pytest.approx(times(clip))
    before, after = probe(clip), probe(made.path)
    assert after["audio"] == before["audio"]
    assert after["video"][1] == pytest.approx(before["video"][1], abs=0.002)
    assert "trainedAlgorithmicMedia".lower() in after["comment"].lower()
    assert film_in_comment(after["comment"]) == film
    pictures = [each for each in seen if str(each.message) == "Stylizing the clip"]
    assert [each.step for each in pictures] == list(range(1, 13))
    assert all(each.total == 12 and each.preview is not None for each in pictures)
    # What the file shows is what was made; and nothing is left behind.
    with Clip(made.path) as result:
        shown = next(result.frames()).image
    assert np.abs(shown.astype(np.float32) - pictures[0].preview).mean() < 4
    assert list(films_dir().iterdir()) == [] and not films_in_making()


def test_part_of_a_clip_with_foreign_sound_and_odd_sides(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture]
) -> None:
    at = [0, 0.03, 0.08, 0.12, 0.15, 0.2, 0.27, 0.28, 0.32, 0.4, 0.41, 0.5]
    clip = write_clip(tmp_path / "clip.mkv", frames, times=at, sound="flac")
    made = drain(make_film(engine, recipe(engine, style_file, clip, 95, start=0.1, end=0.4), clip, tmp_path / "f.mp4"))
    assert made.frames == 6
    assert times(made.path) == pytest.approx([each - 0.12 for each in at[3:9]], abs=1e-3)
    found = probe(made.path)
    assert found["audio"][0] == "aac"
    assert found["audio"][1] == pytest.approx(made.seconds, abs=0.05)
    with Clip(made.path) as result:
        assert (result.properties.width, result.properties.height) == (96, 72)
    with pytest.raises(StudioError, match="no pictures from 50 seconds"):
        drain(make_film(engine, recipe(engine, style_file, clip, start=50.0), clip, tmp_path / "f.mp4"))


def test_other_containers_take_the_sound_as_it_is(tmp_path: Path, frames: list[Picture]) -> None:
    clip = write_clip(tmp_path / "clip.mov", frames, sound="pcm_s16le")
    for name, codec in {"a.mov": "pcm_s16le", "a.mkv": "pcm_s16le", "a.mp4": "aac"}.items():
        with FilmFile(tmp_path / name, Fraction(25), Fraction(1, 25), "") as file:
            file.add_sound(clip, 0.0, None)
            for number, frame in enumerate(frames):
                file.add(frame, number)
            file.finish(1)
        assert probe(tmp_path / name)["audio"][0] == codec
        assert len(times(tmp_path / name)) == 12
    # Two tracks stay two, with their languages, the main one first.
    both = tmp_path / "both.mkv"
    with av.open(str(clip)) as first, av.open(str(both), "w") as file:
        tracks = [file.add_stream_from_template(first.streams.video[0])]
        for language in ("deu", "zho"):
            track = file.add_stream_from_template(first.streams.audio[0])
            track.metadata["language"] = language
            tracks.append(track)
        for packet in list(first.demux()):
            if packet.size and isinstance(packet.stream, av.VideoStream):
                packet.stream = tracks[0]
                file.mux(packet)
            elif packet.size:
                data, at, base = bytes(packet), packet.pts, packet.time_base
                for track in tracks[1:]:
                    copy = av.Packet(data)
                    copy.pts, copy.dts, copy.time_base, copy.stream = at, at, base, track
                    file.mux(copy)
    for name in ("both.mp4", "also.mkv"):
        with FilmFile(tmp_path / name, Fraction(25), Fraction(1, 25), "") as film:
            film.add_sound(both, 0.1, 0.3)
            for number, frame in enumerate(frames[:5]):
                film.add(frame, number)
            film.finish(1)
        with av.open(str(tmp_path / name)) as container:
            assert [each.metadata["language"] for each in container.streams.audio] == ["deu", "zho"]
            lengths = [sum(frame.samples for frame in container.decode(audio=number)) for number in (0,)]
        with av.open(str(tmp_path / name)) as container:
            lengths += [sum(frame.samples for frame in container.decode(audio=1))]
        assert lengths == pytest.approx([0.2 * 44_100] * 2, rel=0.15)
    # Six channels stay six, also where the codec cannot.
    surround = write_clip(tmp_path / "surround.mkv", frames, sound="flac", layout="5.1")
    with FilmFile(tmp_path / "six.mp4", Fraction(25), Fraction(1, 25), "") as file:
        file.add_sound(surround, 0.0, None)
        file.add(frames[0], 0)
        file.finish(1)
    with av.open(str(tmp_path / "six.mp4")) as container:
        assert (container.streams.audio[0].codec_context.name, container.streams.audio[0].channels) == ("aac", 6)
    with Clip(tmp_path / "a.mp4") as result:
        shown = next(result.frames()).image.astype(np.float32)
    # The colours come back as they were: matrix and range are what the file says.
    assert np.abs(shown.mean((0, 1)) - frames[0].mean((0, 1))).max() < 1.5


def test_optimised_films_show_their_steps(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture], perceptual_models: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames[:2])
    film = recipe(engine, style_file, clip, 64)
    film = film.model_copy(
        update={"frame_recipe": film.frame_recipe.model_copy(update={"method": "optimise", "steps": 3})}
    )
    seen: list[Progress] = []
    assert drain(make_film(engine, film, clip, tmp_path / "film.mp4"), seen.append).frames == 2
    # Steps of the optimisation count as the frame they work at.
    inner = {str(each.message): (each.step, each.total) for each in seen if "ptimising" in each.message}
    assert inner == {"Optimising at 64 px": (0, 2)}
    assert ("Following the frame before", 1) in {(str(each.message), each.step) for each in seen}


KILLED = f"""
import sys
from pathlib import Path
from studio.engine import TorchEngine
from studio.engine.jobs.film import make_film
from studio.gallery import SourceStore
from studio.recipes.sequences.film import FILM
home, clip = Path(sys.argv[1]), Path(sys.argv[2])
engine = TorchEngine(SourceStore(home / "Sources"), device="cpu")
for progress in make_film(engine, FILM.loads(sys.argv[3]), clip, clip.with_name("film.mp4"), keep=True):
    if progress.step == 5:
        {KILL}
"""


def test_a_killed_film_goes_on_and_is_the_same(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames * 3, options={"crf": "12", "g": "10"})
    film = recipe(engine, style_file, clip)
    folder = FilmFolder.of(film, "cpu")
    home = os.environ["LATENT_STUDIO_HOME"]
    subprocess.run([sys.executable, "-c", KILLED, home, str(clip), FILM.dumps(film)], check=False)
    done = folder.done()
    assert 4 <= done < 36 and not (tmp_path / "film.mp4").exists()
    listed = films_in_making()
    assert [(each.properties.film, each.properties.clip, each.done, each.properties.total) for each in listed] == [
        (film, clip, done, 36)
    ]
    kept = folder.frame_path(done - 1).stat().st_mtime_ns
    made = drain(make_film(engine, film, clip, tmp_path / "film.mp4", keep=True))
    assert (made.frames, made.continued_from) == (36, done)
    assert folder.frame_path(done - 1).stat().st_mtime_ns == kept

    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("LATENT_STUDIO_HOME", str(elsewhere))
    drain(make_film(engine, film, clip, tmp_path / "whole.mp4", keep=True))
    whole = FilmFolder.of(film, "cpu")
    assert whole.path.is_relative_to(elsewhere) and whole.done() == 36
    for number in range(36):
        assert np.array_equal(folder.frame(number)[0], whole.frame(number)[0]), number
        assert folder.frame(number)[1] == whole.frame(number)[1]
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "whole.mp4").read_bytes()


def test_closing_keeps_the_frames_and_other_settings_begin_anew(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture]
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames)
    film = recipe(engine, style_file, clip)
    out = tmp_path / "film.mp4"
    work = make_film(engine, film, clip, out)
    while next(work).step < 4:
        pass
    work.close()
    assert FilmFolder.of(film, "cpu").done() == 4 and not out.exists()
    other = film.model_copy(update={"stabilise": 0.3})
    assert drain(make_film(engine, other, clip, out)).continued_from == 0
    # A frame that a crash of the whole machine left half written is made again.
    folder = FilmFolder.of(film, "cpu")
    folder.frame_path(3).write_bytes(folder.frame_path(3).read_bytes()[:200])
    assert drain(make_film(engine, film, clip, out)).continued_from == 3
    assert not films_in_making()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit of how large a file grows")
def test_a_film_that_the_disk_cannot_hold_says_so_and_leaves_the_older_one(tmp_path: Path) -> None:
    import resource

    out, rng = tmp_path / "film.mp4", np.random.default_rng(0)
    out.write_bytes(b"older")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))  # FFmpeg's own writing fails, as on a full disk
    try:
        with (
            pytest.raises(StudioError, match="Cannot write") as raised,
            FilmFile(out, Fraction(25), Fraction(1, 25), "") as film,
        ):
            for ticks in range(40):
                film.add(rng.integers(0, 255, (128, 128, 3), dtype=np.uint8), ticks)
            film.finish(1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "space" in raised.value.action and [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
    assert out.read_bytes() == b"older"


def test_refusals(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames)
    film = recipe(engine, style_file, clip)
    for out, words in {"film.avi": "not the name of a film", "clip.mp4": "overwrite its own clip"}.items():
        with pytest.raises(StudioError, match=words):
            drain(make_film(engine, film, clip, tmp_path / out))
    with monkeypatch.context() as patch:
        patch.setattr("studio.engine.jobs.film.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
        with pytest.raises(StudioError, match="on the disk of"):
            drain(make_film(engine, film, clip, tmp_path / "film.mp4"))
    other = write_clip(tmp_path / "other.mp4", frames[:5])
    with pytest.raises(StudioError, match="not the clip of this film"):
        drain(make_film(engine, film, other, tmp_path / "film.mp4"))
    # Another living process has the folder.
    folder = FilmFolder.of(film, "cpu")
    folder.path.mkdir(parents=True)
    holding = (
        "import sys; from studio.base.process_lock import ProcessLock; from pathlib import Path; "
        "lock = ProcessLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); input()"
    )
    lock = folder.path / "process.lock"
    process = subprocess.Popen(
        [sys.executable, "-c", holding, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None and process.stdout.readline().strip() == b"held"
        with pytest.raises(StudioError, match="another Latent Studio"):
            drain(make_film(engine, film, clip, tmp_path / "film.mp4"))
    finally:
        process.kill()
        process.wait()


def test_a_broken_clip_is_filmed_as_far_as_it_goes(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture]
) -> None:
    clip = write_clip(tmp_path / "clip.mkv", frames * 3, options={"crf": "12", "g": "4"})
    data = clip.read_bytes()
    clip.write_bytes(data[: len(data) // 3])
    made = drain(make_film(engine, recipe(engine, style_file, clip), clip, tmp_path / "film.mkv"))
    assert 2 < made.frames < 30
    assert made.broken_at == pytest.approx((made.frames - 1) / 25, abs=0.05)


hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
refs = st.builds(FileRef, hash=hashes, name=st.text(max_size=20))
looks = st.builds(
    StylizeRecipe,
    content=st.builds(PhotoRecipe, photo=refs),
    styles=st.tuples(st.builds(StyleUse, source=st.builds(PhotoRecipe, photo=refs), weight=st.floats(0, 1))),
    method=st.sampled_from(["preview", "optimise"]),
    size=st.integers(32, 4096),
    texture=st.booleans(),
    seamless=st.booleans(),
)


@given(looks, refs, st.floats(0, 1), st.floats(0, 100), st.none() | st.floats(101, 200))
@settings(max_examples=25, deadline=None)
def test_recipes_of_films_come_back(
    look: StylizeRecipe, clip: FileRef, stabilise: float, start: float, end: float | None
) -> None:
    film = film_of(look, clip, stabilise=stabilise, start=start, end=end, flow="raft_large")
    assert FILM.loads(FILM.dumps(film)) == film
    assert film_in_comment(film_comment(film)) == film
    assert film.clip == clip and not film.frame_recipe.texture
    renamed = film_of(look, clip.model_copy(update={"name": "other"}), stabilise=stabilise, start=start, end=end)
    assert recipe_hash(renamed) == recipe_hash(film.model_copy(update={"flow": "dis"}))


def test_recipes_of_films_refuse_what_they_cannot_be() -> None:
    ref = FileRef(hash="0" * 64)
    sample = SampleRecipe(model=ref)
    look = StylizeRecipe(content=sample, styles=(StyleUse(source=sample),))
    with pytest.raises(ValueError, match="clip"):
        FilmRecipe(frame_recipe=look)
    with pytest.raises(ValueError, match="before it starts"):
        film_of(look, ref, start=3.0, end=2.0)
    good = FILM.dumps(film_of(look, ref))
    for text, words in {
        "[]": "not the recipe of a film",
        "{": "no JSON",
        good.replace(f'"version":{VERSION}', f'"version":{VERSION + 1}'): "newer Latent Studio",
        good.replace(f'"version":{VERSION}', '"version":true'): "no version",
        good.replace('"stabilise":0.8', '"stabilise":7'): "damaged",
    }.items():
        with pytest.raises(StudioError, match=words):
            FILM.loads(text)
    assert film_in_comment("Made elsewhere.") is None


def test_the_command_makes_a_film_and_goes_on(
    engine: Engine, style_file: Path, tmp_path: Path, frames: list[Picture]
) -> None:
    import json

    from typer.testing import CliRunner

    from studio.cli import app
    from studio.cli.app import open_sources

    clip = write_clip(tmp_path / "clip.mp4", frames, sound="aac")
    command = ["film", str(clip), "--style", f"{style_file}:0.7", "--size", "96", "--from", "0.1", "--to", "0.4"]
    result = CliRunner().invoke(app, [*command, "--keep-frames", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["path"] == str(tmp_path / "clip in style.mp4") and told["frames"] == 7
    film = FILM.loads(json.dumps(told["recipe"]))
    assert (film.start, film.end, film.stabilise, film.frame_recipe.method) == (0.1, 0.4, 0.8, "preview")
    assert open_sources().find(film.frame_recipe.styles[0].source.photo) is not None  # type: ignore[union-attr]
    FilmFolder.of(film, "cpu").frame_path(5).unlink()
    result = CliRunner().invoke(app, [*command, "--json", "--out", str(tmp_path / "again.mkv")])
    assert json.loads(result.stdout)["continued_from"] == 5 and "Going on after 5 frames" in result.stderr
    assert not films_in_making()
    for wrong, code in (["--from", "3", "--to", "2"], 2), (["--out", "film.gif"], 3):
        assert CliRunner().invoke(app, [*command[:4], *wrong]).exit_code == code
    assert CliRunner().invoke(app, ["film", "gone.mp4", "--style", str(style_file)]).exit_code == 3

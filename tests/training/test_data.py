"""How an artist's files become what the network sees: crops, backgrounds, look-alikes, films, and the prepared set."""

from __future__ import annotations

import json
import os
import shutil
import tracemalloc
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from safetensors.torch import load_file

from studio.base import Message, Progress, StudioError, drain
from studio.training import duplicates, prepared, scan_cache, video_frames
from studio.training.duplicates import Likeness, PictureHash, hash_picture
from studio.training.findings import FolderProgress, FolderReport, propose
from studio.training.folder import inspect_folder, settle
from studio.training.framing import Framing, boxes_of, cut_out, interest, lost_share
from studio.training.loop import Session, prepare
from studio.training.mosaic import Changes, changed, network_view, reachable
from studio.training.picture_decisions import DECISIONS_FILE, PictureDecisions
from studio.training.picture_files import PackedPictures, open_pictures
from studio.training.prepared import cuts_of, prepare_set
from studio.training.runs import RunDirectory
from studio.training.scan_cache import ScanCache
from studio.training.settings import TrainSettings


def art(seed: int, width: int = 80, height: int = 64) -> Image.Image:
    """A smooth picture of its own for every seed."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (5, 6, 3), np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def detailed(seed: int, width: int = 300, height: int = 240) -> Image.Image:
    """A picture with shapes, as photos and paintings have them."""
    rng = np.random.default_rng(seed)
    picture = art(seed, width, height)
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, r = rng.integers(0, width), rng.integers(0, height), rng.integers(8, 60)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(int(c) for c in rng.integers(0, 255, 3)))
    return picture


def inspect(folder: Path, **options: object) -> FolderReport:
    return drain(inspect_folder(folder, **options))  # type: ignore[arg-type]


def folder_of_pictures(folder: Path, count: int, width: int = 80, height: int = 64) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        art(number, width, height).save(folder / f"{number:03}.png")
    return folder


# ---- crops and backgrounds


@given(
    st.integers(1, 3000), st.integers(1, 3000), st.sampled_from([32, 256]), st.tuples(st.floats(0, 1), st.floats(0, 1))
)
def test_boxes_are_squares_within_the_picture(width: int, height: int, side: int, salient: tuple[float, float]) -> None:
    for crop in ("centre", "salient", "random"):
        boxes = boxes_of(width, height, Framing(side, crop, 3), content="ab", salient=salient)
        assert len(boxes) == (3 if crop == "random" else 1)
        for left, top, extent in boxes:
            assert left >= 0 and top >= 0 and left + extent <= width + 1e-6 and top + extent <= height + 1e-6
            assert extent >= min(width, height, side) or crop == "random"
    (whole,) = boxes_of(width, height, Framing(side, "fit"))
    assert lost_share(width, height, whole) == pytest.approx(0, abs=1e-9) and whole[2] == max(width, height)


def test_how_much_is_lost() -> None:
    assert lost_share(200, 100, (50, 0, 100)) == pytest.approx(0.5)
    assert lost_share(100, 100, (0, 0, 100)) == 0
    assert lost_share(100, 100, (-50, 0, 100)) == pytest.approx(0.5)


@pytest.mark.parametrize("wide", [True, False])
def test_the_salient_square_holds_the_subject(wide: bool) -> None:
    """A figure at one end of a quiet picture: the centre square would cut it."""
    rng = np.random.default_rng(1)
    for end in (0, 1):
        ground = np.clip(150 + rng.normal(0, 4, (100, 300, 3)), 0, 255).astype(np.uint8)
        picture = Image.fromarray(ground)
        x = 40 if end == 0 else 260
        draw = ImageDraw.Draw(picture)
        draw.ellipse((x - 25, 20, x + 25, 70), fill=(220, 40, 40))
        draw.rectangle((x - 15, 40, x + 15, 90), fill=(20, 30, 160))
        picture = picture if wide else picture.transpose(Image.Transpose.TRANSPOSE)
        found = interest(picture)
        ((left, top, side),) = boxes_of(*picture.size, Framing(64, "salient"), salient=found)
        start = left if wide else top
        assert start <= x - 25 and x + 25 <= start + side, (end, found)
    clear = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    clear.paste((90, 90, 90, 255), (220, 20, 280, 80))
    assert interest(clear)[0] > 0.7
    assert interest(Image.new("RGB", (300, 100), "#336699")) == (0.5, 0.5)


def test_fit_shows_all_of_it_on_the_background() -> None:
    picture = Image.new("RGB", (200, 100), (250, 0, 0))
    seen = cut_out(picture, boxes_of(200, 100, Framing(64, "fit"))[0], Framing(64, "fit", background="#0000ff"))
    assert (seen[:15] == (0, 0, 255)).all() and (seen[-15:] == (0, 0, 255)).all()
    assert (seen[18:46] == (250, 0, 0)).all()


def test_backgrounds_of_the_pictures_own_colours() -> None:
    picture = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    picture.paste((200, 100, 0, 255), (0, 20, 40, 60))
    picture.paste((0, 100, 200, 255), (40, 20, 80, 60))
    box = boxes_of(80, 80, Framing(40))[0]
    mean = cut_out(picture, box, Framing(40, background="mean"))
    assert np.abs(mean[2, 2].astype(int) - (100, 100, 100)).max() <= 3 and tuple(mean[20, 5]) == (200, 100, 0)
    blur = cut_out(picture, box, Framing(40, background="blur"))
    assert blur[5, 3, 0] > 150 > 60 > blur[5, 3, 2] and blur[5, 36, 2] > 150, "each side has the colours near it"
    assert tuple(blur[20, 5]) == (200, 100, 0)
    nothing = cut_out(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), box, Framing(40, background="mean"))
    assert (nothing == 128).all()


def test_a_square_of_ones_own_may_reach_beyond_the_picture() -> None:
    picture = Image.new("RGB", (100, 100), (255, 255, 255))
    seen = cut_out(picture, (50.0, 50.0, 100.0), Framing(32, background="#000000"))
    assert (seen[:15, :15] == 255).all() and (seen[17:, 17:] == 0).all()
    assert cut_out(picture, (99.9, 99.9, 4000.0), Framing(32)).shape == (32, 32, 3)


def test_random_crops_differ_and_stay_the_same_for_the_same_file() -> None:
    framing = Framing(64, "random", 5)
    first = boxes_of(1000, 400, framing, content="aa")
    assert first == boxes_of(1000, 400, framing, content="aa") != boxes_of(1000, 400, framing, content="bb")
    assert len({box[2] for box in first}) > 2 and all(box[2] >= 400 / 3 - 1 for box in first)


def test_an_own_square_counts_before_every_way_of_cropping() -> None:
    for crop in ("centre", "salient", "fit", "random"):
        assert boxes_of(100, 80, Framing(64, crop), content="aa", chosen=(3, 4, 50)) == [(3, 4, 50)]


def test_the_resolution_proposed_and_why() -> None:
    found = propose([300] * 19 + [40])
    assert found.resolution == 256 and found.enlarged == pytest.approx(0.05) and found.next_enlarged == 1
    found = propose([300] * 3 + [100] * 7)
    assert found.resolution == 64 and found.next_enlarged == pytest.approx(0.7)


def test_the_view_is_what_the_training_gets(tmp_path: Path) -> None:
    """Exactly, where nothing is decoded smaller; and nearly, where it is; mirrored half of the time if asked."""
    folder = folder_of_pictures(tmp_path, 2, 90, 64)
    detailed(9, 1200, 900).save(folder / "large.jpg", quality=95)
    for crop in ("centre", "salient", "fit"):
        framing = Framing(64, crop, background="mean")
        cuts = cuts_of(inspect(folder), framing, PictureDecisions())
        seen = [progress.preview for progress in network_view(cuts, framing, 64)]
        for cut, square in zip(cuts, seen, strict=True):
            with Image.open(cut.path) as picture:
                exact = cut_out(picture.convert("RGB"), cut.box, framing)
            assert square is not None and np.abs(square.astype(int) - exact).mean() < (4 if cut.width > 100 else 0.01)
    square = np.arange(32 * 32 * 3, dtype=np.uint32).astype(np.uint8).reshape(32, 32, 3)
    turned = [np.array_equal(changed(square, Changes(mirror=True)), square) for _ in range(40)]
    assert 4 < sum(turned) < 36
    assert np.array_equal(changed(square, Changes()), square)


def test_the_mosaic_shows_ada_at_its_probability() -> None:
    square = np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)
    ada = Changes(ada_parts=("blit", "color"), ada_most=0.2)
    assert np.array_equal(changed(square, ada), square), "at p = 0 nothing changes"
    shares = []
    for p in (0.2, 1.0):
        torch.manual_seed(0)
        made = [changed(square, replace(ada, ada_p=p)) for _ in range(40)]
        shares.append(np.mean([not np.array_equal(one, square) for one in made]))
    assert 0.3 < shares[0] < 0.95 and shares[1] == 1.0
    assert reachable(0.1, 100_000, 20_000) == pytest.approx(0.3) and reachable(0.0, 1000, 5000) == 1.0


# ---- look-alikes


def test_changed_copies_come_near_and_other_pictures_do_not(tmp_path: Path) -> None:
    for number in range(12):
        detailed(number).save(tmp_path / f"{number:02}.png")
    one = detailed(3)
    one.crop((6, 5, 294, 235)).save(tmp_path / "x cropped.jpg", quality=85)
    ImageEnhance.Contrast(ImageEnhance.Brightness(one).enhance(1.15)).enhance(0.85).save(tmp_path / "x graded.png")
    marked = one.copy()
    ImageDraw.Draw(marked).rectangle((240, 215, 292, 232), fill="white")
    marked.save(tmp_path / "x signed.png")
    Image.fromarray(np.asarray(one)[:, :, ::-1].copy()).save(tmp_path / "y other colours.png")
    report = inspect(tmp_path)
    near = {found.path.name: found for found in report.findings if "near_duplicate" in found.reasons}
    assert set(near) == {"x cropped.jpg", "x graded.png", "x signed.png"}
    assert all(found.detail == "03.png" and found.verdict == "used" for found in near.values())
    assert 0 < max(found.distance for found in near.values()) <= duplicates.NEAR_BITS
    dropped = settle(report, "drop", PictureDecisions())
    assert [found.path.name for found in dropped.skipped] == sorted(near)
    assert dropped.counts["near_duplicate"] == 3


def test_the_artist_has_the_last_word(tmp_path: Path) -> None:
    folder_of_pictures(tmp_path, 3)
    (tmp_path / "9 copy.png").write_bytes((tmp_path / "001.png").read_bytes())
    art(2).save(tmp_path / "9 saved again.jpg", quality=85)
    (tmp_path / "9 broken.png").write_text("no picture")
    Image.new("RGB", (400, 40), "red").save(tmp_path / "9 strip.png")
    report = inspect(tmp_path)
    by_name = {found.path.name: found for found in report.findings}
    assert len(report.used) == 3 and "too_narrow" in by_name["9 strip.png"].reasons
    again = by_name["9 saved again.jpg"]
    assert again.reasons[0] == "duplicate" and again.detail == "002.png"
    decisions = PictureDecisions(
        verdicts={again.content: "keep", by_name["000.png"].content: "drop", by_name["9 strip.png"].content: "keep"}
    )
    settled = settle(report, "keep", decisions)
    verdicts = {found.path.name: found.verdict for found in settled.findings}
    assert verdicts == {
        "000.png": "skipped", "001.png": "used", "002.png": "used", "9 copy.png": "skipped",
        "9 saved again.jpg": "used", "9 broken.png": "skipped", "9 strip.png": "used",
    }  # fmt: skip
    assert settled.counts["dropped"] == 1
    # The same from a fresh look, and back again without decisions.
    assert inspect(tmp_path, decisions=decisions).findings == settled.findings
    assert settle(settled, "keep", PictureDecisions()).findings == report.findings
    # A copy stands in for an original that is left out only if it is another file.
    without = settle(report, "keep", PictureDecisions(verdicts={by_name["002.png"].content: "drop"}))
    assert {found.path.name for found in without.used} == {"000.png", "001.png", "9 saved again.jpg"}


def test_of_many_prints_those_that_are_near_are_compared_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is brute force; this is what makes it good enough."""
    rng = np.random.default_rng(0)
    index = Likeness()
    cells = rng.integers(0, 255, (duplicates.CELLS**2 * 3,), np.uint8).tobytes()
    for number, bits in enumerate(rng.integers(0, 2**64, 5_000, np.uint64)):
        index.add(PictureHash(int(bits), cells), number)
    wanted = hash_picture(detailed(5))
    index.add(wanted, 5_000)
    compared, apart = [], duplicates._apart
    monkeypatch.setattr(duplicates, "_apart", lambda theirs, mine: compared.append(len(theirs)) or apart(theirs, mine))
    found = index.find(wanted)
    assert compared == [1] and found[0].index == 5_000 and found[0].exact


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 63), max_size=16, unique=True))
def test_the_distance_is_the_number_of_bits(bits: int, flipped: list[int]) -> None:
    cells = bytes(range(256)) * 3
    other = bits
    for bit in flipped:
        other ^= 1 << bit
    index = Likeness()
    index.add(PictureHash(bits, cells), 7)
    found = index.find(PictureHash(other, cells))
    if len(flipped) <= duplicates.NEAR_BITS:
        assert [(duplicate.index, duplicate.distance) for duplicate in found] == [(7, len(flipped))]
    else:
        assert not found


# ---- a second look


def test_a_second_look_decodes_nothing_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of_pictures(tmp_path / "art", 8)
    (folder / "broken.png").write_text("no picture")
    (folder / "notes.txt").write_text("words")
    opened: list[str] = []
    true_open = scan_cache.examine_photo
    monkeypatch.setattr(
        scan_cache, "examine_photo", lambda path, **more: (opened.append(path.name), true_open(path, **more))[1]
    )
    first = inspect(folder)
    assert len(opened) == 9 and [path.name for path in first.others] == ["notes.txt"]
    opened.clear()
    steps: list[Progress] = []
    second = drain(inspect_folder(folder), steps.append)
    assert second == first and opened == ["broken.png"], "what could not be read is tried again"
    assert sum(step.preview is not None for step in steps) == 8
    assert isinstance(steps[2], FolderProgress) and steps[2].findings[2].path.name == "002.png"
    opened.clear()
    art(50).save(folder / "003.png")
    os.utime(folder / "004.png", (1, 1))
    assert len(inspect(folder).used) == 8
    assert sorted(opened) == ["003.png", "004.png", "broken.png"]


def test_a_damaged_cache_costs_time_only(tmp_path: Path) -> None:
    folder = folder_of_pictures(tmp_path / "art", 3)
    path = tmp_path / "scan_cache.sqlite"
    path.write_bytes(b"no database" * 1000)
    with ScanCache(path) as cache:
        assert len(inspect(folder, cache=cache).used) == 3
    with ScanCache(path) as cache:
        assert cache.find(folder / "000.png", *scan_cache.stamps(folder / "000.png"))
        assert cache.thumbnail(folder / "000.png")


# ---- films


def film(path: Path, pictures: list[NDArray[np.uint8]], *, fps: int = 24, gop: int = 12) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.width, stream.height = pictures[0].shape[1], pictures[0].shape[0]
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 4_000_000
        stream.gop_size = gop
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def scenes(count: int, each: int, *, first: int = 0) -> list[NDArray[np.uint8]]:
    """``count`` scenes of ``each`` almost equal frames."""
    return [np.asarray(detailed(first + scene, 160, 128)) for scene in range(count) for _ in range(each)]


def test_every_nth_frame_by_number_and_by_length(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", scenes(4, 24))
    assert len(list(video_frames.candidates(path, 10))) == 10
    found = list(video_frames.candidates(path))
    assert [round(frame.seconds, 2) for frame in found] == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]
    again = list(video_frames.read_frames(path, [found[1].pts, found[6].pts]))
    assert [
        np.abs(np.asarray(a.picture, int) - np.asarray(b.picture, int)).max()
        for a, b in zip(again, found[1:7:5], strict=True)
    ] == [0, 0]
    assert np.array_equal(video_frames.open_frame(path, found[6].pts), found[6].picture)


def test_films_give_frames_without_repeats_blurs_and_fades(tmp_path: Path) -> None:
    pictures = scenes(5, 24)
    pictures[48] = np.asarray(Image.fromarray(pictures[48]).filter(ImageFilter.GaussianBlur(6)))
    pictures[84] = np.zeros_like(pictures[84])
    film(tmp_path / "clip.mp4", pictures)
    art(1).save(tmp_path / "a picture.png")
    report = inspect(tmp_path, every=12)
    frames = [found for found in report.findings if found.frame is not None]
    assert len(frames) == 10
    reasons = [found.reasons[0] if found.verdict == "skipped" else "" for found in frames]
    assert reasons[4] == "blurred" and reasons[5] == "", "the sharp one of that scene is taken instead"
    assert reasons[7] == "blank"
    assert sum(found.verdict == "used" for found in frames) == 5, reasons
    assert {reason for reason in reasons if reason} <= {"blurred", "blank", "duplicate", "near_duplicate"}
    assert frames[2].name == "clip.mp4 0:01.0"
    assert inspect(tmp_path, every=12) == report, "the second look comes from the cache"
    assert len([f for f in inspect(tmp_path, every=40).findings if f.frame is not None]) == 3


def test_damaged_films_are_named_and_cut_off_ones_give_what_they_have(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film" * 100)
    whole = film(tmp_path / "whole.avi", scenes(6, 24))
    (tmp_path / "cut.avi").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    report = inspect(tmp_path)
    (text,) = [found for found in report.findings if found.path.name == "text.mp4"]
    assert text.reasons == ("unreadable",) and "text.mp4" in text.problem
    assert 0 < sum(found.path.name == "cut.avi" for found in report.findings) < 12


# ---- the prepared set


def run_with(folder: Path, **changes: object) -> RunDirectory:
    values: dict[str, object] = {"name": "r", "folder": str(folder), "resolution": 32, "images": 100, "batch": 4}
    return RunDirectory.create(TrainSettings(**{**values, **changes}))  # type: ignore[arg-type]


def test_a_run_gets_its_pictures_in_order_and_the_next_one_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of_pictures(tmp_path / "art", 6)
    film(folder / "zz.mp4", scenes(3, 12, first=40))
    run = run_with(folder, every=12)
    data = drain(prepare(run))
    assert data.shape == (9, 32, 32, 3)
    for number in range(6):
        expected = cut_out(art(number), boxes_of(80, 64, Framing(32))[0], Framing(32))
        assert np.array_equal(data[number], expected)
    assert len(prepared.list_sets()) == 1 and prepared.cache_size() > 9 * 32 * 32 * 3
    monkeypatch.setattr(prepared, "open_photo", None)  # nothing is decoded again
    other = run_with(folder, every=12)
    assert np.array_equal(drain(prepare(other)), data)
    # Neither the cache nor the folder are needed any more, and the run may move.
    prepared.empty_cache()
    shutil.rmtree(folder)
    moved = tmp_path / "elsewhere"
    shutil.copytree(run.path, moved)
    assert prepared.cache_size() == 0 and len(drain(prepare(RunDirectory(moved)))) == 9


def test_the_artists_choices_are_part_of_the_run(tmp_path: Path) -> None:
    folder = folder_of_pictures(tmp_path / "art", 4)
    report = inspect(folder)
    decisions = PictureDecisions(
        boxes={report.findings[1].content: (0.0, 0.0, 32.0)}, verdicts={report.findings[0].content: "drop"}
    )
    run = run_with(folder)
    decisions.only(found.content for found in report.findings).save(run.path / DECISIONS_FILE)
    data = drain(prepare(run))
    assert len(data) == 3
    assert np.array_equal(data[0], np.asarray(art(1).crop((0, 0, 32, 32))))


def test_a_changed_folder_or_setting_is_another_set(tmp_path: Path) -> None:
    folder = folder_of_pictures(tmp_path / "art", 4)

    def key(framing: Framing) -> str:
        return prepared.key_of(cuts_of(inspect(folder), framing, PictureDecisions()), framing)

    keys = [key(Framing(32)), key(Framing(64)), key(Framing(32, background="blur")), key(Framing(32, "fit"))]
    art(99).save(folder / "002.png")
    keys.append(key(Framing(32)))
    assert len(set(keys)) == 5
    shutil.copy(folder / "000.png", folder / "000 copy.png")
    assert key(Framing(32)) == keys[-1], "a copy changes nothing"


@pytest.mark.parametrize("packed", [False, True])
def test_a_preparation_broken_off_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    folder = folder_of_pictures(tmp_path / "art", 20)
    monkeypatch.setattr(prepared, "RAW_LIMIT", 0 if packed else 2**40)
    framing = Framing(32)
    cuts = cuts_of(inspect(folder), framing, PictureDecisions())
    work = prepare_set(cuts, framing, folder)
    for _ in range(9):
        next(work)
    work.close()
    opened: list[Path] = []
    true_open = prepared.open_photo
    monkeypatch.setattr(prepared, "open_photo", lambda path: (opened.append(path), true_open(path))[1])
    (path,) = prepared.sets_dir().glob("*/unfinished")
    with path.open("ab") as file:
        file.write(b"half a picture when the power went")
    made = drain(prepare_set(cuts, framing, folder))
    assert len(opened) == 11 and made.count == 20 and not path.exists()
    assert made.data.suffix == (".pack" if packed else ".npy")
    data = open_pictures(made.data)
    assert data.shape == (20, 32, 32, 3) and len(data) == 20
    for number in range(20):
        assert np.array_equal(data[number], cut_out(art(number), cuts[number].box, framing))


def test_a_packed_set_trains_like_a_plain_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of_pictures(tmp_path / "art", 5)
    weights = []
    for limit in (2**40, 0):
        monkeypatch.setattr(prepared, "RAW_LIMIT", limit)
        prepared.empty_cache()
        run = run_with(folder, architecture="dcgan", images=8, threads=1, evaluate_every=0, device="cpu")
        drain(Session(run).train())
        weights.append(load_file(run.model_path or Path()))
        assert (run.path / ("data.pack" if limit == 0 else "data.npy")).exists()
    assert weights[0].keys() == weights[1].keys()
    assert all(bool((weights[0][name] == weights[1][name]).all()) for name in weights[0])


def test_files_that_vanish_meanwhile_are_left_out(tmp_path: Path) -> None:
    folder = folder_of_pictures(tmp_path / "art", 5)
    framing = Framing(32)
    cuts = cuts_of(inspect(folder), framing, PictureDecisions())
    (folder / "002.png").unlink()
    art(3, 40, 40).save(folder / "003.png")
    made = drain(prepare_set(cuts, framing, folder))
    data = open_pictures(made.data)
    assert made.count == len(data) == 3 and np.array_equal(data[2], cut_out(art(4), cuts[4].box, framing))


def test_a_stop_is_obeyed_while_pictures_are_prepared_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_with(folder_of_pictures(tmp_path / "art", 12))
    monkeypatch.setattr("studio.training.loop.EVENT_SECONDS", 0.0)
    work = Session(run).train()
    while True:
        if str(next(work).message) == "Preparing pictures":
            break
    run.request("stop")
    assert list(work) == [] and run.state().status == "stopped"
    told = [str(Message.from_data(event.get("message"))) for event in run.read_events()[0]]
    assert "Preparing pictures: 3 of 12" in told
    (note,) = prepared.sets_dir().glob("*/unfinished.json")
    assert json.loads(note.read_text())["done"] == 1
    run.request("resume")
    assert len(drain(prepare(run))) == 12


def test_a_damaged_set_of_a_run_is_refused_with_an_action(tmp_path: Path) -> None:
    run = run_with(folder_of_pictures(tmp_path / "art", 3))
    path = Path(run.path / "data.npy")
    path.write_bytes(b"\x93NUMPY nonsense")
    with pytest.raises(StudioError) as caught:
        drain(prepare(run))
    assert str(path) in caught.value.message and caught.value.action
    path.unlink()
    (run.path / "data.pack").write_bytes(b"LSPACK1\n" + bytes(64))
    with pytest.raises(StudioError):
        drain(prepare(run))


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_a_pack_fall_over(data: bytes) -> None:
    path = prepared.sets_dir() / "x.pack"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"LSPACK1\n" + data)
    with pytest.raises((ValueError, OSError)):
        PackedPictures(path)


def test_a_full_disk_is_said_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_with(folder_of_pictures(tmp_path / "art", 3))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(prepared.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(StudioError, match="are free on the disk") as caught:
        drain(prepare(run))
    assert caught.value.action


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    run = run_with(folder_of_pictures(tmp_path / "art", 3))
    prepared.sets_dir().parent.mkdir(parents=True, exist_ok=True)
    prepared.sets_dir().write_text("in the way")
    with pytest.raises(StudioError, match="cannot be written"):
        drain(prepare(run))


def test_memory_stays_bounded_for_many_pictures(tmp_path: Path) -> None:
    """Two thousand pictures whose squares take 98 MB: neither making nor reading them holds them in memory."""
    folder = folder_of_pictures(tmp_path / "art", 2, 160, 128)
    cuts = cuts_of(inspect(folder), Framing(128, "random", 1000), PictureDecisions())
    assert len(cuts) == 2000
    cuts = cuts[::2] + cuts[1::2]  # every file again and again, few squares at a time
    tracemalloc.start()
    try:
        made = drain(prepare_set(cuts[:1000:25] + cuts[1000:], Framing(128), folder))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert made.count == 1040 and json.loads((made.path / "set.json").read_text())["count"] == 1040
    assert peak < 80 * 2**20


def test_old_runs_keep_their_pictures(tmp_path: Path) -> None:
    run = run_with(tmp_path / "gone")
    data = np.random.default_rng(0).integers(0, 255, (5, 32, 32, 3), np.uint8)
    np.save(run.path / "data.npy", data)
    assert np.array_equal(drain(prepare(run)), data)

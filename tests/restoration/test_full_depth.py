"""Photos of 16 bits a channel that are enlarged, cleaned and repaired: their levels, colours and data stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from studio.base import drain
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.finishing import finished_picture
from studio.gallery import SourceStore
from studio.media.color_profiles import adobe_rgb_profile, matrix_profile
from studio.media.deep_files import write_png, write_tiff
from studio.media.working_picture import WorkingPicture, open_working
from studio.recipes import (
    CleanRecipe,
    EnlargeRecipe,
    FileRef,
    PhotoRecipe,
    Recipe,
    RepairRecipe,
    StyleUse,
    StylizeRecipe,
    read_recipe,
)
from studio.recipes.embed import save_picture
from studio.recipes.tree import subjects
from studio.restoration.resampling import with_more_levels
from tests.cli.test_cli import cli

LINEAR = matrix_profile("Linear", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), (0.3127, 0.3290), 1.0)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return TorchEngine(SourceStore(tmp_path / "Sources"), device="cpu")


def ramp(channels: int = 3) -> NDArray[np.uint16]:
    """A slope of 3,072 levels, of which 8 bits leave 204."""
    y, x = np.mgrid[0:48, 0:64]
    slope = 6000 + (y * 64 + x) * 17
    pixels = np.dstack([slope, slope // 2, 65000 - slope]).astype(np.uint16)
    return pixels if channels == 3 else np.dstack([pixels, np.where(x < 8, 0, 40000 + 100 * x).astype(np.uint16)])


def levels(pixels: NDArray[np.uint16]) -> int:
    return len(np.unique(pixels[..., 0]))


def read(path: Path) -> NDArray[np.uint16]:
    """The numbers in a file, by other programs' readers."""
    import cv2

    if path.suffix == ".tif":
        return tifffile.imread(path)
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return np.asarray(found[..., [2, 1, 0, 3][: found.shape[2]]])


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("profile", [None, adobe_rgb_profile(), LINEAR])
def test_files_hold_all_levels_and_what_belongs_to_them(tmp_path: Path, suffix: str, profile: bytes | None) -> None:
    exif = Image.Exif()
    exif[0x013B] = "An Artist"
    exif.get_ifd(0x8769)[0x9286] = "A note"
    pixels = ramp(4)
    source, out = tmp_path / f"photo{suffix}", tmp_path / f"out{suffix}"
    write = write_png if suffix == ".png" else write_tiff
    write(source, pixels, profile=profile, exif=exif.tobytes(), dpi=300)
    assert np.array_equal(read(source), pixels)
    photo = open_working(source)
    assert photo is not None and photo.curved == (profile is LINEAR)
    store = SourceStore(tmp_path / "Sources")
    recipe = PhotoRecipe(photo=store.add(source))
    kept = store.metadata_of(recipe)
    save_picture(photo, out, recipe, profile=store.profile_of(recipe), metadata=kept)
    assert np.abs(read(out).astype(int) - pixels).max() <= (1 if profile is LINEAR else 0)
    with Image.open(out) as made:
        assert made.getexif()[0x013B] == "An Artist" and made.getexif().get_ifd(0x8769)[0x9286] == "A note"
        assert made.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        if profile is not None:
            assert made.info["icc_profile"] == profile
    assert read_recipe(out) == recipe
    shallow = np.ascontiguousarray(pixels >> 8).astype(np.uint8)
    save_picture(shallow, out, recipe, metadata=kept, exists="replace")
    with Image.open(out) as made:
        assert made.getexif()[0x013B] == "An Artist" and made.getexif().get_ifd(0x8769)[0x9286] == "A note"
        assert np.array_equal(np.asarray(made), shallow) and read_recipe(out) == recipe
    # To sRGB it is turned at full depth: as LittleCMS shows it, but with all levels.
    plain = tmp_path / f"plain{suffix}"
    save_picture(photo, plain, recipe)
    shown = read(plain)
    assert levels(shown[:, 8:]) > 1000 and np.array_equal(shown[..., 3], pixels[..., 3])
    if profile is not None:
        eight = Image.fromarray((pixels[..., :3] // 257).astype(np.uint8))
        expected = ImageCms.profileToProfile(eight, _profile(profile), ImageCms.createProfile("sRGB"))
        assert np.abs(shown[..., :3] / 257 - np.asarray(expected)).max() < 3


def _profile(data: bytes) -> ImageCms.ImageCmsProfile:
    import io

    return ImageCms.ImageCmsProfile(io.BytesIO(data))


def stepped(engine: Engine, tmp_path: Path, photo: PhotoRecipe) -> list[Recipe]:
    mask = np.zeros((48, 64), np.uint8)
    mask[20:28, 30:38] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    ref: FileRef = engine.sources.add(tmp_path / "mask.png")
    return [
        EnlargeRecipe(content=photo),
        CleanRecipe(content=photo, noise=0.5, levels=0.5),
        RepairRecipe(content=photo, mask=ref, method="lines"),
        RepairRecipe(content=photo, mask=ref, right=0.2),
    ]


@pytest.mark.parametrize("channels", [3, 4])
def test_every_step_keeps_the_levels(engine: Engine, tmp_path: Path, channels: int) -> None:
    source = tmp_path / "photo.png"
    write_png(source, ramp(channels))
    photo = PhotoRecipe(photo=engine.sources.add(source))
    for recipe in stepped(engine, tmp_path, photo):
        made = drain(finished_picture(engine, recipe))
        assert isinstance(made, WorkingPicture) and made.pixels.dtype == np.uint16
        assert levels(made.pixels) > 1000
        # The same picture as at 8 bits, which is what the window shows.
        shown = drain(engine.render(recipe)).image
        assert made.shape == shown.shape
        assert np.abs(made.pixels / 257 - shown).mean() < 1.5
    repaired = drain(finished_picture(engine, stepped(engine, tmp_path, photo)[2]))
    assert isinstance(repaired, WorkingPicture)
    assert np.array_equal(repaired.pixels[:16, 8:], ramp(channels)[:16, 8:])  # what is not filled stays


def test_two_steps_in_any_order_keep_what_the_file_holds(engine: Engine, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "An Artist"
    exif.get_ifd(0x8769)[0x9286] = "A note"
    source, style = tmp_path / "photo.png", tmp_path / "style.png"
    write_png(source, ramp(4), profile=adobe_rgb_profile(), exif=exif.tobytes(), dpi=300)
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(style)
    photo = PhotoRecipe(photo=engine.sources.add(source))
    painted = StyleUse(source=PhotoRecipe(photo=engine.sources.add(style)))
    steps = [*stepped(engine, tmp_path, photo)[:3], StylizeRecipe(content=photo, styles=(painted,), size=64)]
    after = [(first, second) for first in steps for second in steps if first is not second]
    chains = [*steps, *(second.model_copy(update={"content": first}) for first, second in after)]
    alpha = ramp(4)[..., 3] / 65535
    for number, recipe in enumerate(chains):
        kinds = [each.kind for each in subjects(recipe)]
        made = drain(finished_picture(engine, recipe))
        out = tmp_path / f"{number}.tif"
        save_picture(
            made,
            out,
            recipe,
            profile=engine.sources.profile_of(recipe),
            metadata=engine.sources.metadata_of(recipe),
        )
        pixels = read(out)
        deep = "stylize" not in kinds
        assert pixels.dtype == (np.uint16 if deep else np.uint8), kinds
        assert levels(pixels) > (1000 if deep else 100), kinds
        scale = 2 if "enlarge" in kinds and kinds[0] != "stylize" else 1  # a stylization has a size of its own
        assert pixels.shape == (48 * scale, 64 * scale, 4), kinds
        small = pixels[..., 3].reshape(48, scale, 64, scale).mean((1, 3)) / np.iinfo(pixels.dtype).max
        away = np.abs(np.arange(64) - 8) > 6  # from the step of alpha, which is enlarged with a little overshoot
        assert np.abs(small - alpha)[:, away].max() < 0.02, kinds
        with Image.open(out) as file:
            assert file.getexif()[0x013B] == "An Artist" and file.getexif().get_ifd(0x8769)[0x9286] == "A note", kinds
            assert file.info["dpi"] == pytest.approx((300, 300), abs=0.1), kinds
            assert file.info["icc_profile"] == adobe_rgb_profile(), kinds
        assert read_recipe(out) == recipe


def test_fillings_get_the_levels_in_between() -> None:
    slope = np.repeat(np.repeat(np.arange(100, 108, dtype=np.uint8), 16)[None, :, None], 9, 0)
    deep = with_more_levels(np.repeat(slope, 3, 2))
    assert levels(deep) > 60 and np.abs(deep.astype(int) - slope.astype(int) * 257).max() <= 128


def test_a_deep_photo_turned_by_exif_goes_through_the_command_line(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source, out = tmp_path / "photo.tif", tmp_path / "large.tif"
    write_tiff(source, ramp(), exif=exif.tobytes(), profile=adobe_rgb_profile(), dpi=240)
    cli("enlarge", source, "--out", out)
    made = read(out)
    assert made.shape == (128, 96, 3) and made.dtype == np.uint16 and levels(made) > 1000
    small = made.reshape(64, 2, 48, 2, 3).mean((1, 3))
    assert np.abs(small - np.rot90(ramp(), -1)).max() < 400  # of 65,535, in the numbers of Adobe RGB
    with Image.open(out) as file:
        assert file.info["dpi"] == pytest.approx((240, 240)) and file.info["icc_profile"] == adobe_rgb_profile()
        assert 0x0112 not in file.getexif()
    folder = tmp_path / "photos"
    folder.mkdir()
    source.rename(folder / "photo.tif")
    cli("clean", folder, "--noise", "0.5", "--format", "tif", "--out", tmp_path / "clean")
    assert levels(read(tmp_path / "clean" / "photo.tif")) > 1000

"""Any photo goes all the way (photo, stylized, in the gallery, opened again, recipe restored), or is refused by name.

``python -m pytest tests/media/test_photo_corpus.py -s`` prints what became of each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from studio.base import StudioError, drain
from studio.cli.app import app
from studio.engine import TorchEngine
from studio.gallery import Gallery, SourceStore
from studio.gallery import sources as sources_module
from studio.media import color_profiles, photos
from studio.media.deep_files import save_tiff
from studio.media.photo_notes import conversion_notes, warning_about
from studio.media.photos import describe_photo, open_photo
from studio.recipes import PhotoRecipe, StyleUse, StylizeRecipe, read_recipe, save_picture
from studio.ui.context import StudioContext
from studio.ui.stylize.panel import StylizerPanel
from studio.worker import DeviceWorker
from tests.support.photo_corpus import (
    BLUE,
    OPEN,
    PROPHOTO_PROFILE,
    RED,
    REFUSED,
    Case,
    cmyk_profile,
    cut,
    encoded,
    picture,
)

SIZE = 48


class Workspace:
    """An engine, a gallery and a style, shared by all photos."""

    def __init__(self, folder: Path) -> None:
        self.sources = SourceStore(folder / "gallery" / "Sources")
        self.engine = TorchEngine(self.sources, device="cpu")
        self.gallery = Gallery(folder / "gallery", folder / "index.sqlite")
        style = folder / "style.png"
        ramp = np.linspace(0, 255, 64 * 64 * 3).astype(np.uint8).reshape(64, 64, 3)
        Image.fromarray(ramp).save(style)
        self.style = StyleUse(source=PhotoRecipe(photo=self.sources.add(style)))

    def recipe(self, path: Path, **more: object) -> StylizeRecipe:
        content = PhotoRecipe(photo=self.sources.add(path))
        return StylizeRecipe(content=content, styles=(self.style,), size=SIZE, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    before = os.environ.get("LATENT_STUDIO_HOME")
    folder = tmp_path_factory.mktemp("corpus")
    os.environ["LATENT_STUDIO_HOME"] = str(folder / "home")
    found = Workspace(folder)
    yield found
    found.gallery.close()
    if before is not None:
        os.environ["LATENT_STUDIO_HOME"] = before


@pytest.fixture(scope="module")
def report(request: pytest.FixtureRequest) -> Iterator[Table]:
    table = Table("photo", "opens as", "stylized", "said")
    yield table
    if request.config.getoption("capture") == "no":
        Console(width=150).print(table)


@pytest.mark.parametrize("case", OPEN, ids=lambda case: case.name)
def test_a_photo_goes_all_the_way(case: Case, workspace: Workspace, report: Table, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.write(path)
    properties = describe_photo(path)
    for name, wanted in case.properties.items():
        assert getattr(properties, name) == wanted
    shown = open_photo(path, max_side=512, salvage=True)
    assert shown.mode == ("RGBA" if len(case.left) == 4 else "RGB")
    assert abs(shown.width - case.size[0]) <= 1 and abs(shown.height - case.size[1]) <= 16
    pixels = np.asarray(shown).astype(int)
    for wanted, column in ((case.left, shown.width // 8), (case.right, shown.width - 1 - shown.width // 8)):
        found = pixels[shown.height // 2, column]
        assert np.abs(found - wanted).max() <= case.tolerance, (found, wanted)

    warning = warning_about(path)
    said = str(warning) if warning is not None else " ".join(map(str, conversion_notes(path)))
    assert case.said in said and (bool(said) == bool(case.said) or "16 bits" in said)

    recipe = workspace.recipe(path)
    image = drain(workspace.engine.render(recipe)).image
    transparent = shown.mode == "RGBA" and pixels[..., 3].min() < 255
    assert image.dtype == np.uint8 and image.shape[2] == (4 if transparent else 3)
    assert max(image.shape[:2]) == SIZE
    saved = workspace.gallery.save(image, recipe)
    assert np.array_equal(np.asarray(open_photo(saved.path)), image)
    assert read_recipe(saved.path) == recipe and workspace.gallery.get(saved.path) == saved
    report.add_row(
        case.name,
        f"{shown.mode} {properties.width} x {properties.height}",
        f"{image.shape[1]} x {image.shape[0]}",
        said,
    )


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_does_not_open_is_refused_by_name(case: Case, workspace: Workspace, report: Table, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.write(path)
    with pytest.raises(StudioError) as caught:
        open_photo(path, salvage=True)
    assert case.name in caught.value.message and case.refused in caught.value.message and caught.value.action
    with pytest.raises(StudioError) as caught:
        drain(workspace.engine.render(workspace.recipe(path)))
    assert case.name in caught.value.message and caught.value.action
    report.add_row(case.name, "refused", "", str(caught.value))


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("keep", [0.3, 0.5, 0.7, 0.9, 0.99])
def test_what_is_left_of_a_cut_off_picture_is_what_it_was(tmp_path: Path, suffix: str, keep: float) -> None:
    whole, part = tmp_path / f"whole{suffix}", tmp_path / f"part{suffix}"
    cut(1.0, quality=90)(whole)
    part.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * keep)])
    wanted, found = np.asarray(open_photo(whole)).astype(int), np.asarray(open_photo(part, salvage=True)).astype(int)
    rows = len(found)
    assert 0 < rows < 128
    # The colours of a JPEG's last row may be mixed with those of the missing one below.
    assert np.array_equal(found[: rows - 1], wanted[: rows - 1])
    share = int(re.findall(r"lower (\d+) %", str(warning_about(part)))[0])
    assert share == max(1, round(100 * (1 - rows / 128)))
    # Nothing that could be had is thrown away, but a row of blocks.
    assert rows >= 128 * keep - 32


def test_without_being_asked_nothing_cut_off_opens(tmp_path: Path) -> None:
    """Training folders leave such pictures out."""
    for case in OPEN:
        if case.name.startswith("cut"):
            case.write(tmp_path / case.name)
            with pytest.raises(StudioError, match="damaged"):
                open_photo(tmp_path / case.name)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    picture().save(path)
    path.chmod(0)
    with pytest.raises(StudioError, match=r"secret.*cannot be read"):
        open_photo(path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_to_itself_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    with pytest.raises(StudioError, match="cannot be read: Too many levels"):
        open_photo(tmp_path / "loop.png")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk at hand")
def test_a_tiff_on_a_full_disk_tells_the_reason_in_our_words(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="No space left"):
        save_tiff(picture(), Path("/dev/full"), compression="tiff_lzw")
    assert capfd.readouterr().err == ""


def test_a_file_that_vanishes_while_it_is_read(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "fleeting.png"
    picture().save(path)
    monkeypatch.setattr(sources_module, "describe_photo", lambda source: source.unlink())
    with pytest.raises(StudioError, match=r"fleeting.*cannot be read"):
        workspace.sources.add(path)
    picture().save(path)
    opened = Image.Image.load

    def gone(self: Image.Image) -> object:
        raise FileNotFoundError(2, "No such file")

    monkeypatch.setattr(type(Image.open(path)), "load", gone)
    with pytest.raises(StudioError, match=r"fleeting.*not there any more"):
        open_photo(path)
    assert Image.Image.load is opened


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK"])
def test_large_pictures_are_reduced_before_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    path = tmp_path / ("poster.tif" if mode == "CMYK" else "poster.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    large = picture((255, 255, 255), (0, 0, 0), size=(4000, 600)).convert(mode)
    large.save(path, exif=exif, **({"compression": "tiff_lzw"} if mode == "CMYK" else {}))
    plain = np.asarray(open_photo(path, max_side=200)).astype(int)
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(photos, "LARGE_PIXELS", 2_000_000)
    upright = photos._upright_srgb
    monkeypatch.setattr(photos, "_upright_srgb", lambda s, found: (seen.append(found.size), upright(s, found))[1])
    reduced = np.asarray(open_photo(path, max_side=200)).astype(int)
    assert [sorted(size) for size in seen] == [[60, 400]]  # a tenth of each side: from there on little memory is needed
    assert reduced.shape == plain.shape == (200, 30, len(plain[0, 0]))
    assert np.abs(reduced - plain).mean() < 1

    class Full:
        available = 1_000_000

    monkeypatch.setattr("psutil.virtual_memory", Full)
    with pytest.raises(StudioError, match=r"poster.* has (4000 x 600|600 x 4000) pixels, which take 0.0 GB"):
        open_photo(path, max_side=200)


# ---- transparency


def cutout(path: Path, behind: tuple[int, int, int]) -> None:
    """A red disc; ``behind`` are the colours that the editor left where it is transparent."""
    y, x = np.mgrid[0:96, 0:96]
    disc = (y - 48) ** 2 + (x - 48) ** 2 < 30**2
    pixels = np.where(disc[..., None], np.array([*RED, 255]), np.array([*behind, 0])).astype(np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.mark.parametrize("method", ["preview", "optimise"])
def test_transparency_comes_back_and_what_lies_behind_it_does_not_matter(
    workspace: Workspace, tmp_path: Path, perceptual_models: Path, method: str
) -> None:
    images = []
    for number, behind in enumerate([(255, 255, 255), (0, 255, 0)]):
        cutout(tmp_path / f"{number}.png", behind)
        more: dict[str, object] = {"method": method, "steps": 3, "stop_after": 2} if method == "optimise" else {}
        work = workspace.engine.render(workspace.recipe(tmp_path / f"{number}.png", **more))
        shown = []
        images.append(drain(work, lambda progress, shown=shown: shown.append(progress.preview)).image)
        assert all(preview.shape == (SIZE, SIZE, 4) for preview in shown if preview is not None)
    first, second = images
    assert np.array_equal(first, second)
    assert first.shape == (SIZE, SIZE, 4) and first[24, 24, 3] == 255 and first[1, 1, 3] == 0


def test_a_jpeg_of_it_lies_on_white(workspace: Workspace, tmp_path: Path) -> None:
    cutout(tmp_path / "cutout.png", (0, 0, 0))
    recipe = workspace.recipe(tmp_path / "cutout.png")
    image = drain(workspace.engine.render(recipe)).image
    for suffix, corner in ((".jpg", (255, 255, 255)), (".webp", 0), (".png", 0)):
        save_picture(image, tmp_path / f"out{suffix}", recipe)
        found = np.asarray(open_photo(tmp_path / f"out{suffix}"))[1, 1]
        assert found[-1] == 0 if corner == 0 else np.abs(found - np.array(corner)).max() <= 2


def test_what_is_transparent_in_a_style_is_no_style(workspace: Workspace, tmp_path: Path) -> None:
    picture().save(tmp_path / "photo.png")
    results = []
    for number, behind in enumerate([(255, 255, 255), (0, 255, 0)]):
        cutout(tmp_path / f"style{number}.png", behind)
        style = StyleUse(source=PhotoRecipe(photo=workspace.sources.add(tmp_path / f"style{number}.png")))
        recipe = workspace.recipe(tmp_path / "photo.png").model_copy(update={"styles": (style,)})
        results.append(drain(workspace.engine.render(recipe)).image)
    assert np.array_equal(*results)


# ---- colour profiles on the way out


@pytest.mark.parametrize(
    ("profile", "space", "worst"),
    [
        (color_profiles.display_p3_profile(), "p3", 9),
        (color_profiles.adobe_rgb_profile(), "adobe", 12),
        (PROPHOTO_PROFILE, "prophoto", 18),
    ],
    ids=["p3", "adobe", "prophoto"],
)
def test_exports_keep_the_photos_profile(
    workspace: Workspace, tmp_path: Path, profile: bytes, space: str, worst: int
) -> None:
    source = tmp_path / "wide.png"
    picture(encoded(RED, space), encoded(BLUE, space)).save(source, icc_profile=profile)
    recipe = workspace.recipe(source)
    assert workspace.sources.profile_of(recipe) == profile
    assert workspace.sources.profile_of(recipe.model_copy(update={"texture": True})) is None
    levels = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    levels[0, :2] = RED, BLUE
    for suffix in (".png", ".webp", ".jpg"):
        out = tmp_path / f"out{suffix}"
        save_picture(levels, out, recipe, profile=profile, quality=100)
        with Image.open(out) as written:
            assert written.info["icc_profile"] == profile
            stored = np.asarray(written.convert("RGB")).astype(int)
        assert read_recipe(out) == recipe
        if suffix == ".png":
            assert np.abs(stored[0, :2] - [encoded(RED, space), encoded(BLUE, space)]).max() <= 1
            error = np.abs(np.asarray(open_photo(out)).astype(int) - levels)
            print(f"{space}: there and back at most {error.max()}, {error.mean():.2f} on average")
            assert error.max() <= worst and error.mean() < 0.6


def test_saved_pictures_say_that_they_are_srgb_and_lose_nothing(workspace: Workspace, tmp_path: Path) -> None:
    picture().save(tmp_path / "photo.png")
    recipe = workspace.recipe(tmp_path / "photo.png")
    levels = np.random.default_rng(0).integers(0, 256, (64, 64, 4)).astype(np.uint8)
    for suffix in (".png", ".webp"):
        # What no RGB picture can carry, and what is damaged, gives sRGB too.
        for profile in (None, cmyk_profile(), b"damaged" * 40):
            out = save_picture(levels[..., :3], tmp_path / f"out{suffix}", recipe, profile=profile, exists="replace")
            with Image.open(out) as written:
                assert color_profiles.profile_name(written.info["icc_profile"]) == "sRGB"
            if suffix == ".png":
                assert np.array_equal(np.asarray(open_photo(out)), levels[..., :3])


def test_our_profiles_are_what_their_standards_say() -> None:
    """LittleCMS reads them, and converts as the published matrices do."""
    colours = np.random.default_rng(1).integers(0, 256, (64, 3))
    for profile, space in ((color_profiles.display_p3_profile(), "p3"), (color_profiles.adobe_rgb_profile(), "adobe")):
        wide = np.array([encoded(tuple(colour), space) for colour in colours], np.uint8)[None]
        back = np.asarray(color_profiles.to_srgb(Image.fromarray(wide), profile)).astype(int)[0]
        error = np.abs(back - colours)
        assert error.max() <= 5 and error.mean() < 0.5
    grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2)
    assert (
        np.abs(
            np.asarray(color_profiles.to_srgb(Image.fromarray(grey), color_profiles.srgb_profile() + b"\0")).astype(int)
            - grey
        ).max()
        <= 1
    )


# ---- what the window and the command line say


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> Iterator[StylizerPanel]:
    worker = DeviceWorker(lambda: workspace.engine)
    worker.start()
    made = StylizerPanel(StudioContext(worker, workspace.gallery, workspace.sources))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.shutting_down()
    worker.shutdown()


def test_the_window_tells_what_is_odd_about_a_photo(
    panel: StylizerPanel, workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    cut(0.5)(tmp_path / "half.png")
    with qtbot.waitSignal(panel.context.problem) as told:
        panel.set_content(PhotoRecipe(photo=workspace.sources.add(tmp_path / "half.png")))
    assert "“half.png” is cut off: the lower" in told.args[0].message
    picture().save(tmp_path / "moving.gif", save_all=True, append_images=[picture(BLUE, RED)])
    with qtbot.waitSignal(panel.context.notify) as told:
        panel.add_style(PhotoRecipe(photo=workspace.sources.add(tmp_path / "moving.gif")))
    assert told.args[0] == "moving.gif: It moves; its first picture is used."


@pytest.mark.parametrize("kept", ["photo", "srgb"])
def test_the_window_exports_in_the_photos_colours_and_says_what_jpeg_loses(
    panel: StylizerPanel, workspace: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    source = tmp_path / "cutout.png"
    picture((*RED, 255), (*BLUE, 0), "RGBA").save(source, icc_profile=color_profiles.display_p3_profile())
    panel.context.settings.export_profile = kept  # type: ignore[assignment]
    panel.set_content(PhotoRecipe(photo=workspace.sources.add(source)))
    panel.add_style(workspace.style.source)
    qtbot.waitUntil(lambda: panel.previews.latest is not None and panel.previews.latest.full, timeout=20_000)
    shown = panel.canvas.image()
    assert shown is not None and shown.hasAlphaChannel() and shown.pixelColor(shown.width() - 1, 0).alpha() == 0
    out = tmp_path / "out.jpg"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *args: (str(out), ""))
    with qtbot.waitSignal(panel.context.notify, check_params_cb=lambda text: "out.jpg" in text) as told:
        panel.export()
    assert "on white" in told.args[0]
    with Image.open(out) as written:
        assert color_profiles.profile_name(written.info["icc_profile"]) == ("Display P3" if kept == "photo" else "sRGB")


def test_the_command_line_tells_and_keeps_colours(tmp_path: Path) -> None:
    photo, style = tmp_path / "photo.png", tmp_path / "style.gif"
    picture((*RED, 255), (*BLUE, 0), "RGBA").save(photo, icc_profile=color_profiles.display_p3_profile())
    picture().save(style, save_all=True, append_images=[picture(BLUE, RED)])
    for kept, name in (("photo", "Display P3"), ("srgb", "sRGB")):
        out = tmp_path / f"{kept}.jpg"
        arguments = ["stylize", str(photo), "--style", str(style), "--size", "48", "--profile", kept, "--out", str(out)]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        assert "photo.png: Its colours were converted from Display P3 to sRGB." in result.stderr
        assert "style.gif: It moves" in result.stderr and "put on white" in result.stderr
        with Image.open(out) as written:
            assert color_profiles.profile_name(written.info["icc_profile"]) == name
    again = tmp_path / "again.png"
    assert CliRunner().invoke(app, ["render", str(out), "--out", str(again)]).exit_code == 0
    with Image.open(again) as written:
        assert written.mode == "RGBA" and color_profiles.profile_name(written.info["icc_profile"]) == "Display P3"

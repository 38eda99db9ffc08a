"""A sheet of styles and a batch over a folder, with the real engine, killed and taken up again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from studio.base import StudioError, drain
from studio.cli import app
from studio.engine import Engine, TorchEngine
from studio.engine.jobs.batch import BatchProgress, run_batch
from studio.engine.jobs.batch_photos import batch_photos, common_folder
from studio.engine.jobs.batch_record import RUN_FILE, BatchSettings, batch_recipe, read_batch
from studio.engine.jobs.style_grid import in_style, labelled_grid, style_grid
from studio.gallery import SourceStore, StyleLibrary
from studio.recipes import FileRef, PhotoRecipe, StyleUse, StylizeRecipe, read_recipe, recipe_hash
from tests.support.waiting import KILL

runner = CliRunner()


def picture(path: Path, seed: int, size: tuple[int, int] = (40, 60)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 255, (4, 6, 3), np.uint8)
    Image.fromarray(noise).resize(size[::-1], Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = TorchEngine(SourceStore(tmp_path / "Sources"), device="cpu")
    yield made


@pytest.fixture
def recipe(engine: Engine) -> StylizeRecipe:
    """An instant preview of 48 pixels in a ready style."""
    style = StyleLibrary(Path("nowhere")).find("Woodcut")
    source = PhotoRecipe(photo=engine.sources.add(style.path))
    return batch_recipe(StylizeRecipe(content=source, styles=(StyleUse(source=source),), size=48))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(("a.png", "b.jpg", "sub/c.png", "sub/deep/d.png")):
        picture(tmp_path / "photos" / name, number)
    (tmp_path / "photos" / "broken.png").write_bytes(b"no picture")
    return tmp_path / "photos"


def names(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {RUN_FILE}


def stamps(out: Path) -> dict[str, int]:
    return {name: (out / name).stat().st_mtime_ns for name in names(out)}


def test_a_folder_in_one_recipe(engine: Engine, recipe: StylizeRecipe, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps: list[BatchProgress] = []
    report = drain(run_batch(engine, BatchSettings(folder=folder, recipe=recipe), out), steps.append)  # type: ignore[arg-type]
    assert names(out) == {"a.jpg", "b.jpg", "sub/c.jpg", "sub/deep/d.jpg"}
    assert (report.made, report.before, report.skipped) == (4, 0, 0)
    assert [failure.photo for failure in report.failures] == ["broken.png"] and report.failures[0].message
    made = read_recipe(out / "sub" / "c.jpg")
    assert isinstance(made, StylizeRecipe) and isinstance(made.content, PhotoRecipe)
    assert made.content.photo.hash == engine.sources.lend(folder / "sub" / "c.png").hash
    assert made.model_copy(update={"content": recipe.content}) == recipe
    assert max(Image.open(out / "a.jpg").size) == 48
    # The photos themselves were only lent.
    assert len(list((tmp_path / "Sources").iterdir())) == 1
    counted = [step for step in steps if str(step.message) == "Working"]
    assert counted[-1].step == counted[-1].total == 5 and counted[-1].made == 4
    assert counted[-1].seconds_left == 0 and counted[0].seconds_left is None
    record = read_batch(out)
    assert record is not None and record.settings.recipe == recipe and record.total == 5
    assert [failure.photo for failure in record.failures] == ["broken.png"]


def test_interrupted_anywhere_it_goes_on_and_renders_nothing_twice(
    engine: Engine, recipe: StylizeRecipe, folder: Path, tmp_path: Path
) -> None:
    out, settings = tmp_path / "out", BatchSettings(folder=folder, recipe=recipe)
    work = run_batch(engine, settings, out)
    for step in work:
        if isinstance(step, BatchProgress) and step.made == 2:
            break
    work.close()
    kept = stamps(out)
    assert len(kept) == 2
    # A kill while writing leaves a temporary, and half a picture from another program counts as none of ours.
    (out / "sub" / ".c-abcdefgh.jpg").parent.mkdir(exist_ok=True)
    (out / "sub" / ".c-abcdefgh.jpg").write_bytes(b"half")
    picture(folder / "broken.png", 9)  # repaired meanwhile
    report = drain(run_batch(engine, settings, out))
    assert (report.made, report.before, report.failures) == (3, 2, ())
    assert {name: stamp for name, stamp in stamps(out).items() if name in kept} == kept
    assert names(out) == {"a.jpg", "b.jpg", "broken.jpg", "sub/c.jpg", "sub/deep/d.jpg"}
    whole = stamps(out)
    assert drain(run_batch(engine, settings, out)).before == 5 and stamps(out) == whole
    # A photo that changed is made again; so is everything under other settings, beside what is there.
    picture(folder / "a.png", 77)
    assert drain(run_batch(engine, settings, out)).made == 1 and "a (png).jpg" in names(out)
    other = settings.model_copy(update={"recipe": recipe.model_copy(update={"content_strength": 0.9})})
    assert drain(run_batch(engine, other, out)).made == 5


def test_only_the_photos_that_were_chosen(engine: Engine, recipe: StylizeRecipe, folder: Path, tmp_path: Path) -> None:
    chosen = (folder / "b.jpg", folder / "sub" / "c.png", folder / "b.jpg", folder / "gone.png")
    assert common_folder(chosen[1:2]) == folder / "sub"
    settings = BatchSettings(folder=common_folder(chosen), photos=chosen, recipe=recipe)
    report = drain(run_batch(engine, settings, tmp_path / "out"))
    assert names(tmp_path / "out") == {"b.jpg", "sub/c.jpg"} and report.made == 2
    assert [failure.photo for failure in report.failures] == ["gone.png"]
    record = read_batch(tmp_path / "out")
    assert record is not None and record.settings == settings


@pytest.mark.parametrize("existing", ["keep", "overwrite", "skip"])
def test_files_in_the_way(existing: Any, engine: Engine, recipe: StylizeRecipe, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine = picture(out / "a.jpg", 50).read_bytes()
    settings = BatchSettings(folder=folder, recipe=recipe, existing=existing, subfolders=False)
    report = drain(run_batch(engine, settings, out))
    assert ((out / "a.jpg").read_bytes() == mine) is (existing != "overwrite")
    assert ("a (png).jpg" in names(out)) is (existing == "keep")
    assert report.skipped == (existing == "skip") and not (out / "sub").exists()
    before = stamps(out)
    assert drain(run_batch(engine, settings, out)).made == 0 and stamps(out) == before


def test_photos_of_one_name_get_pictures_of_their_own(engine: Engine, recipe: StylizeRecipe, tmp_path: Path) -> None:
    for number, name in enumerate(("cat.jpg", "cat.png", "cat.webp")):
        picture(tmp_path / "photos" / name, number)
    settings = BatchSettings(folder=tmp_path / "photos", recipe=recipe, existing="overwrite", suffix=".png")
    assert drain(run_batch(engine, settings, tmp_path / "out")).made == 3
    assert names(tmp_path / "out") == {"cat.png", "cat (png).png", "cat (webp).png"}
    assert drain(run_batch(engine, settings, tmp_path / "out")).before == 3
    # One that comes later does not take the picture of another, even when it is the first by name.
    kept = stamps(tmp_path / "out")
    picture(tmp_path / "photos" / "cat.bmp", 7)
    assert drain(run_batch(engine, settings, tmp_path / "out")).made == 1
    assert stamps(tmp_path / "out").items() > kept.items() and "cat (bmp).png" in names(tmp_path / "out")


def test_pictures_inside_the_folder_are_no_photos(engine: Engine, recipe: StylizeRecipe, folder: Path) -> None:
    with pytest.raises(StudioError, match="among the photos"):
        batch_photos(folder, folder)
    settings = BatchSettings(folder=folder, recipe=recipe, keep_photos=True)
    assert drain(run_batch(engine, settings, folder / "styled")).made == 4
    assert drain(run_batch(engine, settings, folder / "styled")).made == 0
    assert len(batch_photos(folder, folder / "styled")) == 5
    assert len(list(engine.sources.folder.iterdir())) == 5


def test_what_is_wrong_with_all_photos_ends_the_batch(
    engine: Engine, recipe: StylizeRecipe, folder: Path, tmp_path: Path
) -> None:
    lost = StyleUse(source=PhotoRecipe(photo=FileRef(hash="b" * 64, name="lost.png")))
    settings = BatchSettings(folder=folder, recipe=recipe.model_copy(update={"styles": (lost,)}))
    with pytest.raises(StudioError, match=r"lost\.png"):
        drain(run_batch(engine, settings, tmp_path / "out"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(StudioError, match="no pictures"):
        drain(run_batch(engine, BatchSettings(folder=tmp_path / "empty", recipe=recipe), tmp_path / "out"))


def test_a_recipe_for_every_photo(recipe: StylizeRecipe) -> None:
    mask = FileRef(hash="c" * 64, name="mask.png")
    use = recipe.styles[0].model_copy(update={"region": mask, "part": mask})
    painted = recipe.model_copy(update={"mask": mask, "styles": (use,), "stop_after": 3, "content": use.source})
    plain = batch_recipe(painted)
    assert plain.mask is None and plain.styles[0].region is None and plain.styles[0].part == mask
    assert plain.stop_after is None and recipe_hash(plain.content) == recipe_hash(recipe.content)
    assert batch_recipe(painted, masks=True).mask == mask
    with pytest.raises(StudioError):
        batch_recipe(recipe.model_copy(update={"texture": True}))


def test_a_damaged_run_file_says_so(tmp_path: Path) -> None:
    assert read_batch(tmp_path) is None
    (tmp_path / RUN_FILE).write_text('{"version": 99}')
    with pytest.raises(StudioError, match="newer"):
        read_batch(tmp_path)


# ---- the sheet


def test_a_sheet_has_one_picture_for_each_style(
    engine: Engine, recipe: StylizeRecipe, folder: Path, tmp_path: Path
) -> None:
    base = recipe.model_copy(update={"content": PhotoRecipe(photo=engine.sources.lend(folder / "a.png"))})
    styles = StyleLibrary(tmp_path / "Styles").scan().chosen(folder="Drawing")
    recipes = [in_style(base, engine.sources.lend(style.path)) for style in styles]
    lost = in_style(base, FileRef(hash="d" * 64, name="lost.png"))
    shown = []
    pictures = drain(style_grid(engine, [*recipes, lost], 40), lambda progress: shown.append(progress.preview))
    assert pictures[-1] is None and shown[-1] is None
    assert len(shown) == len(recipes) + 1 and all(shown[i] is pictures[i] for i in range(len(recipes)))
    drawn = [each for each in pictures if each is not None]
    assert all(max(each.shape) == 40 for each in drawn)
    assert len({each.tobytes() for each in drawn}) == len(recipes)
    sheet = labelled_grid(drawn, [f"名 {style.name} " * 9 for style in styles])
    assert sheet.shape[0] > 60 and sheet.shape[1] > 80
    assert any((sheet[:27, :40] != 0).ravel()) and (sheet[12 : 12 + drawn[0].shape[0]] != 250).any()
    with pytest.raises(StudioError, match=r"lost\.png"):
        drain(style_grid(engine, [lost], 40))


# ---- the command line


def cli(*arguments: object, code: int = 0) -> Any:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr, result.exception)
    return result


def test_the_library_on_the_command_line(tmp_path: Path) -> None:
    listed = json.loads(cli("styles", "--json").stdout)["styles"]
    assert len(listed) >= 16 and all(style["licence"] for style in listed)
    mine = picture(tmp_path / "mine.png", 1)
    added = json.loads(cli("styles", "add", mine, "--folder", "blue", "--json").stdout)["styles"][0]
    assert added["new"] and Path(added["path"]).exists()
    again = cli("styles", "add", mine)
    assert "there already" in again.stderr
    assert json.loads(cli("styles", "--folder", "blue", "--json").stdout)["styles"][0]["name"] == "mine"
    assert "mine" in cli("styles", "--search", "blue").stdout
    photo = picture(tmp_path / "photo.png", 2)
    out = tmp_path / "out.png"
    cli("stylize", photo, "--style", "blue/mine:0.4", "--style", "woodcut", "--size", 48, "--out", out)
    made = read_recipe(out)
    assert isinstance(made, StylizeRecipe)
    assert [use.source.photo.name for use in made.styles if isinstance(use.source, PhotoRecipe)] == [
        "mine.png",
        "Woodcut.jpg",
    ]
    assert "Charcoal" in cli("stylize", photo, "--style", "charcool", "--out", tmp_path / "other.png", code=3).stderr


def test_the_sheet_on_the_command_line(tmp_path: Path) -> None:
    photo = picture(tmp_path / "photo.png", 2)
    sheet = tmp_path / "sheet.png"
    result = json.loads(cli("stylize", photo, "--sheet", sheet, "--folder", "Nature", "--json").stdout)
    assert [style["name"] for style in result["styles"]] == ["Neon", "Nebula", "Agate"]
    assert Image.open(sheet).size[0] > 256 and "TrainedAlgorithmicMedia" in sheet.read_bytes().decode("latin-1")
    cli("stylize", photo, "--sheet", sheet, "--folder", "None such", code=3)
    cli("stylize", photo, "--sheet", sheet, "--style", "Neon", code=2)
    cli("stylize", photo, code=2)
    cli("stylize", photo, "--folder", "Nature", "--style", "Neon", code=2)


KILLED = f"""
from studio.cli import main
from studio.engine.jobs import batch
saved, save = [], batch.save_picture
def save_or_die(*arguments, **options):
    if len(saved) == 3:
        {KILL}
    saved.append(save(*arguments, **options))
batch.save_picture = save_or_die
main()
"""


def test_a_killed_batch_on_the_command_line_goes_on(tmp_path: Path, latent_studio_home: Path) -> None:
    for number in range(24):
        picture(tmp_path / "photos" / f"{number:02}.jpg", number, (300, 400))
    out = tmp_path / "out"
    command = ["stylize", str(tmp_path / "photos"), "--style", "Ink wash", "--size", "384", "--out", str(out)]
    subprocess.run(
        [sys.executable, "-c", KILLED, *command],
        env={**os.environ, "LATENT_STUDIO_HOME": str(latent_studio_home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    kept = {name: stamp for name, stamp in stamps(out).items() if not name.startswith(".")}
    assert len(kept) == 3
    report = json.loads(cli(*command, "--json").stdout)
    assert report["before"] == len(kept) and report["made"] == 24 - len(kept) and report["failures"] == []
    assert names(out) == {f"{number:02}.jpg" for number in range(24)}
    assert {name: stamp for name, stamp in stamps(out).items() if name in kept} == kept
    cli("stylize", tmp_path / "photos", "--style", "Ink wash", code=2)
    cli("stylize", tmp_path / "photos", "--style", "Ink wash", "--out", tmp_path / "x.png", code=2)

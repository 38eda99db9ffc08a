"""The command line on the real engine and the starter model."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from studio.base.paths import data_dir, runs_dir
from studio.checkpoints.info import ModelCard
from studio.checkpoints.store import architecture_of, save_model
from studio.cli import app
from studio.cli.explore import contact_sheet, parse_directions, parse_seeds
from studio.cli.stylize import parse_style
from studio.media.clips import read_comment
from studio.networks import dcgan
from studio.recipes import DirectionMove, LatentSeed, SampleRecipe, StylizeRecipe
from studio.recipes.documents import dumps, loads
from studio.recipes.embed import read_recipe
from studio.recipes.sequences.journey import JOURNEY, journey_in_comment
from tests.support.waiting import until

runner = CliRunner()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small picture with a gradient and a disc."""
    y, x = np.mgrid[0:96, 0:128]
    pixels = np.stack([x * 2, y * 2, np.where((x - 64) ** 2 + (y - 48) ** 2 < 900, 220, 40)], -1).astype(np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


def cli(*arguments: object, code: int = 0) -> Any:
    """Run a command and check its exit code."""
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr, result.exception)
    return result


def cli_json(*arguments: object) -> Any:
    """Run a command with ``--json`` and read what it prints."""
    return json.loads(cli(*arguments, "--json").stdout)


def pixels(path: str | Path) -> np.ndarray:
    return np.array(Image.open(path).convert("RGB"))


# ---- what people type


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("42", [42]), ("0-3", [0, 1, 2, 3]), ("7,1,7", [7, 1, 7]), ("3, 5-6", [3, 5, 6]), ("4294967295", [2**32 - 1])],
)
def test_seeds(text: str, seeds: list[int]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "x", "1-", "-1", "5-3", "1,,2", "4294967296", "0-4294967295", "1.5", "²"])
def test_bad_seeds(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_seeds(text)


def test_styles(tmp_path: Path) -> None:
    assert parse_style("a.jpg") == (Path("a.jpg"), 1.0)
    assert parse_style("a.jpg:0.3") == (Path("a.jpg"), 0.3)
    assert parse_style(r"C:\a.jpg") == (Path(r"C:\a.jpg"), 1.0)
    assert parse_style(r"C:\a.jpg:2") == (Path(r"C:\a.jpg"), 2.0)
    odd = tmp_path / "odd:2"
    odd.touch()
    assert parse_style(str(odd)) == (odd, 1.0)
    for text in ("a.jpg:0", "a.jpg:-1", "a.jpg:nan", "a.jpg:inf"):
        with pytest.raises(typer.BadParameter):
            parse_style(text)


def test_directions() -> None:
    assert parse_directions(["0=1.5", "3=-2"]) == (
        DirectionMove(index=0, amount=1.5),
        DirectionMove(index=3, amount=-2.0),
    )
    assert parse_directions(["style:0=1.5@4-8", "2=1e-1@3"]) == (
        DirectionMove(basis="style", index=0, amount=1.5, layers=(4, 8)),
        DirectionMove(index=2, amount=0.1, layers=(3, 3)),
    )
    for text in ("0", "a=1", "0=b", "-1=1", "512=1", "0=nan"):
        with pytest.raises(typer.BadParameter):
            parse_directions([text])


def test_contact_sheet_places_pictures_in_reading_order() -> None:
    images = [np.full((2, 3, 3), value, np.uint8) for value in range(1, 6)]
    grid = contact_sheet(images)
    assert grid.shape == (4, 9, 3)
    assert grid[::2, ::3, 0].tolist() == [[1, 2, 3], [4, 5, 0]]


def test_version() -> None:
    assert re.fullmatch(r"latent-studio \d+\.\d+\.\d+\n", cli("--version").stdout)


def test_a_network_of_five_channels_says_that_two_are_not_shown(tmp_path: Path) -> None:
    net = dcgan.Generator(dcgan.DCGANConfig(resolution=16, z_dim=8, width=8, img_channels=5))
    card = ModelCard(name="Depth", architecture=architecture_of(net), config=net.config.to_dict())
    save_model(tmp_path / "depth.safetensors", net, card)
    told = "It draws 5 channels: the first three are shown as colours, the other 2 are not."
    assert told in cli("models", "--add", str(tmp_path / "depth.safetensors")).stderr
    assert told in cli("models", "show", "Depth").stderr and "channels" not in cli("models").stderr


def test_models() -> None:
    listed = cli_json("models")["models"]
    assert listed and listed[0]["starter"] and len(listed[0]["hash"]) == 64
    assert listed[0]["name"] in cli("models").stdout


# ---- sample


def test_sample_into_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    pictures = cli_json("sample", "--seed", "0-2", "--truncation", "0.6", "--out", out)["pictures"]
    assert [picture["seed"] for picture in pictures] == [0, 1, 2]
    assert len(list(out.iterdir())) == 3
    for picture in pictures:
        recipe = read_recipe(Path(picture["path"]))
        assert isinstance(recipe, SampleRecipe) and recipe.truncation == 0.6
        assert recipe == loads(json.dumps(picture["recipe"]))
        assert pixels(picture["path"]).shape == (picture["height"], picture["width"], 3)
    assert not np.array_equal(pixels(pictures[0]["path"]), pixels(pictures[1]["path"]))
    # A second run overwrites nothing, and draws the same.
    again = cli_json("sample", "--seed", "0", "--truncation", "0.6", "--out", out)["pictures"]
    assert len(list(out.iterdir())) == 4
    assert np.array_equal(pixels(again[0]["path"]), pixels(pictures[0]["path"]))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_sample_into_a_file(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"one{suffix}"
    assert cli("sample", "--seed", "5", "--direction", "0=2", "--out", out).stdout == f"{out}\n"
    recipe = read_recipe(out)
    assert isinstance(recipe, SampleRecipe)
    assert recipe.directions[0].amount == 2


def test_sample_goes_to_the_gallery_by_default() -> None:
    pictures = cli_json("sample", "--seed", "3")["pictures"]
    listed = cli_json("gallery")["pictures"]
    assert [picture["path"] for picture in listed] == [pictures[0]["path"]]
    assert listed[0]["recipe"] == pictures[0]["recipe"]


def test_sheet(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    [sheet] = cli_json("sample", "--seed", "0-4", "--sheet", "--out", out)["pictures"]
    [single] = cli_json("sample", "--seed", "0", "--out", tmp_path / "single.png")["pictures"]
    side = single["width"]
    assert (sheet["width"], sheet["height"]) == (3 * side, 2 * side)
    assert np.array_equal(pixels(out)[:side, :side], pixels(single["path"]))
    assert b"trainedAlgorithmicMedia" in out.read_bytes() and read_recipe(out) is None
    cli("sample", "--seed", "0-1", "--sheet", "--out", tmp_path / "sheet.jpg")
    assert b"trainedAlgorithmicMedia" in (tmp_path / "sheet.jpg").read_bytes()


def test_cutoff_and_style_mixing(tmp_path: Path) -> None:
    def drawn(name: str, *options: str) -> np.ndarray:
        cli("sample", "--seed", "0", "--truncation", "0.4", *options, "--out", tmp_path / name)
        return pixels(tmp_path / name)

    plain = drawn("plain.png")
    assert not np.array_equal(drawn("cutoff.png", "--cutoff", "2"), plain)
    assert np.array_equal(drawn("all.png", "--cutoff", "64"), plain)
    mixed = drawn("mixed.png", "--mix", "7:0-3", "--mix", "9:6")
    assert not np.array_equal(mixed, plain)
    recipe = read_recipe(tmp_path / "mixed.png")
    assert isinstance(recipe, SampleRecipe)
    assert [(mix.latent, mix.layers) for mix in recipe.style_mix] == [
        (LatentSeed(seed=7), (0, 1, 2, 3)),
        (LatentSeed(seed=9), (6,)),
    ]
    # All layers from another seed is that seed's picture.
    cli("sample", "--seed", "7", "--truncation", "0.4", "--out", tmp_path / "seven.png")
    assert np.array_equal(drawn("whole.png", "--mix", "7:0-63"), pixels(tmp_path / "seven.png"))
    for wrong in ("7", "a:0", "7:64", "7:3-1", f"{2**32}:0"):
        cli("sample", "--mix", wrong, code=2)


def test_wrong_usage_of_sample(tmp_path: Path) -> None:
    assert "--sheet" in cli("sample", "--seed", "0-3", "--out", tmp_path / "a.png", code=2).stderr
    assert ".webp" in cli("sample", "--out", tmp_path / "a.gif", code=2).stderr
    assert "--out" in cli("sample", "--seed", "0-3", "--sheet", code=2).stderr
    cli("sample", "--seed", "many", code=2)
    cli("sample", "--truncation", "9", code=2)
    cli("sample", "--device", "abacus", code=2)
    assert not list(tmp_path.glob("a.*"))


def test_an_unknown_model_is_an_error_with_an_action() -> None:
    result = cli("sample", "--model", "Mona Lisa", code=3)
    assert "Mona Lisa" in result.stderr and ".safetensors" in result.stderr
    assert result.stdout == ""


def test_an_unwritable_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = cli("sample", "--out", tmp_path / "file" / "folder", code=3)
    assert "file" in result.stderr and "Traceback" not in result.stderr


# ---- interpolate


def test_interpolate(tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    told = cli_json("interpolate", "--seed", "1,4", "--frames", "5", "--fps", "10", "--no-loop", "--out", out)
    assert told["frames"] == 6 and told["seeds"] == [1, 4]
    with av.open(str(out)) as film:
        assert film.streams.video[0].average_rate == 10
        assert sum(1 for _ in film.decode(video=0)) == 6


def test_a_journey_is_filmed_again_from_its_film_and_its_recipe(tmp_path: Path) -> None:
    first = tmp_path / "film.mp4"
    cli("interpolate", "--seed", "1,4", "--frames", "1", "--fps", "10", "--easing", "smooth", "--out", first)
    journey = journey_in_comment(read_comment(first))
    assert journey is not None and journey.easing == "smooth"
    (tmp_path / "journey.json").write_text(JOURNEY.dumps(journey), encoding="utf-8")
    for source in (first, tmp_path / "journey.json"):
        again = cli_json("render", source, "--out", tmp_path / f"again-{source.stem}.mp4")
        assert (again["frames"], again["fps"], again["keys"]) == (2, 10, 2)
        assert journey_in_comment(read_comment(Path(again["path"]))) == journey
    cli("render", first, "--out", tmp_path / "picture.png", code=2)


def test_wrong_usage_of_interpolate(tmp_path: Path) -> None:
    cli("interpolate", "--seed", "1", "--out", tmp_path / "film.mp4", code=2)
    cli("interpolate", "--seed", "1,2", "--out", tmp_path / "film.avi", code=2)
    cli("interpolate", "--seed", "1,2", code=2)


# ---- stylize and render


def test_stylize_passes_every_control_on(tmp_path: Path, photo: Path) -> None:
    mask = tmp_path / "mask.png"
    Image.fromarray(np.repeat([[255] * 32 + [0] * 32], 64, axis=0).astype(np.uint8)).save(mask)
    out = tmp_path / "styled.png"
    arguments = ["--style", photo, "--style", f"{photo}:0.5", "--size", "64", "--colors", "histogram", "--mask", mask]
    arguments += ["--region", f"2={mask}", "--style-part", f"1={mask}", "--style-scale", "2", "--style-scale", "1=0.5"]
    arguments += ["--detail", "0.5", "--loss", "gram", "--feather", "0.05", "--seamless"]
    cli_json("stylize", photo, *arguments, "--out", out)
    recipe = read_recipe(out)
    assert isinstance(recipe, StylizeRecipe) and recipe.mask is not None
    first, second = recipe.styles
    assert first.part == second.region == recipe.mask and first.region is None and second.part is None
    assert (first.scale, second.scale) == (0.5, 2)
    assert recipe.keep_colors and recipe.color_transfer == "histogram" and recipe.loss == "gram"
    assert recipe.detail == 0.5 and recipe.feather == 0.05 and recipe.seamless and not recipe.texture


def test_several_pictures_are_restyled_at_once(tmp_path: Path, photo: Path) -> None:
    other = tmp_path / "other.png"
    Image.open(photo).transpose(Image.Transpose.ROTATE_90).save(other)
    options = ["--style", photo, "--size", "48", "--method", "preview"]
    told = cli_json("stylize", photo, other, *options, "--out", tmp_path / "out")
    assert (told["made"], told["failures"]) == (2, [])
    assert {path.name for path in (tmp_path / "out").glob("*.jpg")} == {f"{photo.stem}.jpg", "other.jpg"}
    assert cli_json("enlarge", photo, other, "--network", "lanczos", "--out", tmp_path / "large")["made"] == 2
    cli("stylize", photo, other, *options, "--out", tmp_path / "one.png", code=2)
    cli("stylize", photo, tmp_path, *options, "--out", tmp_path / "out", code=2)
    assert "gone.png" in cli("stylize", photo, "gone.png", *options, "--out", tmp_path / "out", code=2).stderr


def test_texture_needs_no_photo(tmp_path: Path, photo: Path) -> None:
    out = tmp_path / "texture.png"
    cli_json("texture", "--style", photo, "--size", "64", "--method", "preview", "--seamless", "--out", out)
    recipe = read_recipe(out)
    assert isinstance(recipe, StylizeRecipe) and recipe.texture and recipe.seamless
    assert recipe.content == recipe.styles[0].source


@pytest.mark.parametrize(
    "arguments", [["--style-scale", "9"], ["--style-scale", "2=1"], ["--region", "1=nothing.png"], ["--region", "x=y"]]
)
def test_wrong_controls_are_named(photo: Path, arguments: list[str]) -> None:
    cli("stylize", photo, "--style", photo, *arguments, code=2)


def test_stylize_blends_weights_and_renders_again(tmp_path: Path, photo: Path) -> None:
    styles = []
    for number, colour in enumerate([(220, 60, 30), (20, 80, 200)]):
        noise = np.random.default_rng(number).integers(0, 80, (64, 64, 3))
        path = tmp_path / f"style{number}.png"
        Image.fromarray(np.clip(noise + colour, 0, 255).astype(np.uint8)).save(path)
        styles.append(path)
    out = tmp_path / "styled.png"
    arguments = ["--style", f"{styles[0]}:3", "--style", f"{styles[1]}:1", "--size", "128", "--keep-colors"]
    [told] = cli_json("stylize", photo, *arguments, "--out", out)["pictures"]
    recipe = read_recipe(out)
    assert isinstance(recipe, StylizeRecipe)
    assert [use.weight for use in recipe.styles] == pytest.approx([1, 1 / 3])
    assert recipe.keep_colors and recipe.method == "preview" and max(told["width"], told["height"]) == 128
    # The photos may go: the recipe finds them by content, from the picture and from its JSON alike.
    for path in (photo, *styles):
        path.unlink()
    first = tmp_path / "again.png"
    cli("render", out, "--out", first)
    text = tmp_path / "recipe.json"
    text.write_text(dumps(recipe), encoding="utf-8")
    second = tmp_path / "again too.png"
    cli("render", text, "--out", second)
    assert np.array_equal(pixels(out), pixels(first)) and np.array_equal(pixels(out), pixels(second))


def test_a_preset_has_styles_and_settings_and_options_win(tmp_path: Path, photo: Path) -> None:
    from studio.cli.stylize import open_looks
    from studio.gallery.looks import Look
    from studio.recipes import PhotoRecipe, StyleUse, StylizeSettings

    looks = open_looks()
    use = StyleUse(source=PhotoRecipe(photo=looks._sources.add(photo)), weight=0.5, scale=2.0)
    settings = StylizeSettings(content_strength=0.8, keep_colors=True, color_transfer="linear", steps=9)
    looks.save("My look", Look.of([use], settings))
    assert cli_json("looks")["looks"][0]["name"] == "My look"
    out = tmp_path / "made.png"
    cli("stylize", photo, "--preset", "my look", "--size", 64, "--style-strength", 0.5, "--out", out)
    recipe = read_recipe(out)
    assert isinstance(recipe, StylizeRecipe) and recipe.styles == (use,)
    assert (recipe.content_strength, recipe.style_strength, recipe.size, recipe.steps) == (0.8, 0.5, 64, 9)
    assert recipe.keep_colors and recipe.color_transfer == "linear"
    cli("stylize", photo, "--preset", "my look", "--size", 64, "--colors", "style", "--out", out, "--overwrite")
    changed = read_recipe(out)
    assert isinstance(changed, StylizeRecipe) and not changed.keep_colors
    assert "My look" in cli("stylize", photo, "--preset", "other", code=3).stderr
    cli("stylize", photo, "--preset", "my look", "--style", photo, code=2)


def test_wrong_usage_of_stylize(photo: Path, tmp_path: Path) -> None:
    cli("stylize", photo, code=2)
    cli("stylize", photo, "--style", f"{photo}:0", code=2)
    cli("stylize", photo, "--style", photo, "--size", "5", code=2)


def test_stylizing_what_is_no_picture(photo: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a picture")
    assert "notes.txt" in cli("stylize", text, "--style", photo, "--size", "64", code=3).stderr
    assert "gone.png" in cli("stylize", photo, "--style", tmp_path / "gone.png", code=3).stderr


def test_stylize_in_final_quality(photo: Path, tmp_path: Path, perceptual_models: Path) -> None:
    out = tmp_path / "styled.png"
    arguments = ["--style", photo, "--method", "optimise", "--steps", "4", "--size", "64", "--device", "cpu"]
    [told] = cli_json("stylize", photo, *arguments, "--out", out)["pictures"]
    assert (told["width"], told["height"]) == (64, 48)
    recipe = read_recipe(out)
    assert isinstance(recipe, StylizeRecipe) and recipe.method == "optimise" and recipe.steps == 4


def test_what_cannot_be_rendered(photo: Path, tmp_path: Path) -> None:
    assert "no recipe" in cli("render", photo, code=3).stderr
    assert "gone.json" in cli("render", tmp_path / "gone.json", code=3).stderr
    for name, data in {"bad.json": b"{", "binary.json": b"\xff\xfe\x00", "newer.json": b""}.items():
        path = tmp_path / name
        if name == "newer.json":
            data = b'{"format": "latent-studio-recipe", "version": 999, "recipe": {}}'
        path.write_bytes(data)
        result = cli("render", path, code=3)
        assert result.stderr.strip() and "Traceback" not in result.stderr


# ---- gallery


def test_gallery_search_kind_and_rescan() -> None:
    cli("sample", "--seed", "0,1")
    assert len(cli_json("gallery", "--limit", "1")["pictures"]) == 1
    assert cli_json("gallery", "--kind", "stylize")["pictures"] == []
    assert "No pictures" in cli("gallery", "--kind", "stylize").stderr
    cli("gallery", "--kind", "sculpture", code=2)
    # A picture that was copied into the folder by hand appears after a rescan.
    [first, _] = cli_json("gallery")["pictures"]
    copy = Path(first["path"]).with_name("copied by hand.png")
    copy.write_bytes(Path(first["path"]).read_bytes())
    result = cli("gallery", "--rescan", "--json")
    assert str(copy) in [picture["path"] for picture in json.loads(result.stdout)["pictures"]]
    assert copy.name in cli("gallery").stdout
    # Without an index (a new computer, a gallery that was moved there) the folder itself is read.
    for index in data_dir().glob("gallery.sqlite*"):
        index.unlink()
    assert len(cli_json("gallery")["pictures"]) == 3


# ---- train


@pytest.fixture
def artworks(tmp_path: Path) -> Path:
    """Twelve small pictures to train on."""
    folder = tmp_path / "my art"
    folder.mkdir()
    generator = np.random.default_rng(0)
    for number in range(12):
        Image.fromarray(generator.integers(0, 255, (40, 40, 3), np.uint8)).save(folder / f"{number}.png")
    return folder


SMALL = ["--architecture", "dcgan", "--resolution", "32", "--batch", "4", "--device", "cpu", "--set", "threads=1"]
SMALL += ["--set", "evaluate_every=0"]


def test_train_takes_the_folder_options_and_its_model_is_in_the_library(artworks: Path) -> None:
    from studio.training.picture_decisions import DECISIONS_FILE, PictureDecisions
    from studio.training.runs import RunDirectory

    content = hashlib.sha256((artworks / "5.png").read_bytes()).hexdigest()
    PictureDecisions(verdicts={content: "drop"}).save()
    options = ["--crop", "fit", "--background", "blur", "--every", "7", "--near", "drop"]
    told = cli_json("train", artworks, "--images", "8", *options, *SMALL)
    assert told["status"] == "finished" and told["images"] >= 8 and told["name"] == "my art"
    assert Path(told["model"]).is_file()
    run = RunDirectory(Path(told["path"]))
    made = run.settings
    assert (made.crop, made.background, made.every, made.near) == ("fit", "blur", 7, "drop")
    assert PictureDecisions.load(run.path / DECISIONS_FILE).verdicts == {content: "drop"}
    assert np.load(run.path / "data.npy").shape == (11, 32, 32, 3)
    [listed] = cli_json("train", "--list")["runs"]
    assert listed["run"] == told["run"] and listed["status"] == "finished"
    assert told["run"] in cli("train", "--list").stdout
    [picture] = cli_json("sample", "--model", "my art", "--truncation", "1")["pictures"]
    assert picture["width"] == 32


def test_ctrl_c_stops_with_a_checkpoint_and_resume_goes_on(artworks: Path) -> None:
    command = [sys.executable, "-m", "studio", "train", str(artworks), "--images", "200000", *SMALL]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
        # A shell that runs the tests in the background makes them, and what they start, ignore Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    from studio.training.runs import RunDirectory, list_runs

    try:
        until(lambda: any(run.state().status == "running" and run.state().images for run in list_runs()), process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    finally:
        process.kill()
    assert process.returncode == 130
    [run] = cli_json("train", "--list")["runs"]
    assert run["status"] == "stopped" and not run["alive"] and run["images"] > 0
    assert f"--resume {run['run']}" in errors
    directory = RunDirectory(Path(run["path"]))
    assert directory.checkpoints()
    shorter = directory.settings.model_copy(update={"images": run["images"] + 8})
    (directory.path / "run.json").write_text(shorter.model_dump_json())
    told = cli_json("train", "--resume", run["run"])
    assert told["status"] == "finished" and told["images"] >= run["images"] + 8


def test_folder_says_what_would_be_trained_on(artworks: Path, tmp_path: Path) -> None:
    Image.new("RGB", (90, 40), "red").save(artworks / "wide.png")
    (artworks / "zcopy.png").write_bytes((artworks / "3.png").read_bytes())
    (artworks / "zbroken.png").write_text("no picture")
    (artworks / "notes.txt").write_text("words")
    told = cli_json("folder", artworks)
    assert (told["used"], told["skipped"], told["proposed_resolution"]) == (13, 2, 32)
    assert told["counts"]["duplicate"] == 1 and [Path(path).name for path in told["other_files"]] == ["notes.txt"]
    pictures = {Path(picture["file"]).name: picture for picture in told["pictures"]}
    assert Path(pictures["zcopy.png"]["like"]).name == "3.png" and pictures["zbroken.png"]["verdict"] == "skipped"
    assert pictures["wide.png"]["cut_off"] == pytest.approx(50 / 90, abs=1e-3)
    text = cli("folder", artworks, "--resolution", "64").stdout
    assert "56% cut off" in text and "enlarged 1.6 times" in text and "the same as 3.png" in text
    sheet = tmp_path / "sheet.png"
    told = cli_json(
        "folder",
        artworks,
        "--mosaic",
        sheet,
        "--crop",
        "random",
        "--crops",
        "3",
        "--background",
        "black",
        "--augmented",
    )
    assert told["squares"] == 39
    with Image.open(sheet) as picture:
        assert picture.width % 32 == 0 and picture.width * picture.height >= 39 * 32 * 32
    assert "background" in cli("folder", artworks, "--background", "plaid", code=2).stderr
    assert cli("folder", tmp_path / "nowhere", code=3).stderr


def test_settings_chosen_for_the_folder_and_a_run_for_torchrun(artworks: Path) -> None:
    result = cli("train", artworks, "--preset", "auto", "--no-start", "--set", "r1_gamma=7", "--device", "cpu")
    assert "12 pictures" in result.stderr
    made = json.loads((Path(result.stdout.strip()) / "run.json").read_text())["settings"]
    assert made["augmentation"] == "diffaugment" and made["r1_gamma"] == 7 and made["channel_max"] == 128
    told = cli_json("train", artworks, "--preset", "quick", "--no-start", "--processes", "2")
    assert told["status"] == "new" and not told["alive"]
    assert json.loads((Path(told["path"]) / "run.json").read_text())["settings"]["processes"] == 2
    assert "large" in cli("train", artworks, "--preset", "huge", code=2).stderr


def test_wrong_usage_of_train(artworks: Path) -> None:
    cli("train", code=2)
    cli("train", artworks, "--list", code=2)
    assert "resolution" in cli("train", artworks, "--resolution", "31", code=2).stderr
    assert "128" in cli("train", artworks, "--architecture", "dcgan", "--resolution", "256", code=2).stderr
    assert "r1_gamma" in cli("train", artworks, "--set", "colour=blue", code=2).stderr
    assert cli_json("train", "--list")["runs"] == []


def test_training_that_cannot_begin(tmp_path: Path) -> None:
    assert "nowhere" in cli("train", tmp_path / "nowhere", code=3).stderr
    assert "no such run" in cli("train", "--resume", "no such run", code=3).stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    result = cli("train", empty, *SMALL, code=3)
    assert "empty" in result.stderr and "Traceback" not in result.stderr


# ---- the rest


def test_cancelling_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(name: str | None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("studio.cli.explore.choose_model", interrupted)
    assert "Cancelled" in cli("sample", code=130).stderr


def test_the_window_opens_without_a_command_or_with_files(monkeypatch: pytest.MonkeyPatch, photo: Path) -> None:
    import studio.ui.shell.app

    opened: list[list[str]] = []

    def run(argv: list[str]) -> int:
        opened.append(argv[1:])
        return 7

    monkeypatch.setattr(studio.ui.shell.app, "run", run)
    for arguments in ([], ["open", photo], [photo]):
        cli(*arguments, code=7)
    assert opened == [[], [str(photo)], [str(photo)]]
    cli("open", "gone.png", code=2)
    cli("gone.png", code=2)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Windows and macOS always have a display")
def test_without_a_display_one_line_says_so() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    result = subprocess.run(
        [sys.executable, "-m", "studio"], capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert result.returncode == 2 and result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1 and "latent-studio sample" in result.stderr


def test_nothing_is_overwritten_unless_it_may_be(photo: Path, tmp_path: Path) -> None:
    mine = photo.read_bytes()
    for options in (("--sheet", photo), ("--style", photo, "--out", photo)):
        assert "was not overwritten" in cli("stylize", photo, *options, code=3).stderr
    assert photo.read_bytes() == mine
    out = tmp_path / "out.png"
    cli("sample", "--seed", "1", "--out", out)
    first = out.read_bytes()
    assert "was not overwritten" in cli("sample", "--seed", "2", "--out", out, code=3).stderr
    assert out.read_bytes() == first
    cli("sample", "--seed", "2", "--out", out, "--overwrite")
    assert out.read_bytes() != first
    folder = tmp_path / "many"
    paths = {cli("sample", "--seed", "1", "--out", folder).stdout.strip() for _ in range(2)}
    assert len(paths) == 2 and all(Path(path).is_file() for path in paths)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"an older film")
    assert "was not overwritten" in cli("interpolate", "--seed", "1,2", "--out", film, code=3).stderr
    assert film.read_bytes() == b"an older film"


def test_resume_changes_what_can_be_changed_and_refuses_the_rest(artworks: Path) -> None:
    from studio.training.settings import loads_settings

    made = cli_json("train", artworks, "--no-start", "--name", "base")
    refused = cli("train", "--resume", made["run"], "--images", "128", "--batch", "4", code=2)
    assert "--batch" in refused.stderr and "--images" not in refused.stderr.split("--batch")[0]
    run_file = next(runs_dir().glob("*/run.json"))
    assert loads_settings(run_file.read_text()).images != 128

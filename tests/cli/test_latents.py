"""The commands for directions, variations and grids of mixing, on the starter models."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studio.recipes import LatentSeed, SampleRecipe
from studio.recipes.direction_set import DIRECTIONS
from studio.recipes.embed import read_recipe
from tests.cli.test_cli import cli, cli_json

MODEL = ("--model", "Rosettes", "--device", "cpu")


def test_a_learned_direction_is_kept_and_used(tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    cli("directions", *MODEL, "--more", "3,7", "--less", "5", "--name", "Wide", "--out", mine)
    [direction] = DIRECTIONS.read(mine).directions
    assert direction.name == "Wide" and direction.vector is not None
    cli("sample", *MODEL, "--seed", "1", "--direction", f"{mine}#Wide=1.5", "--out", tmp_path / "a.png")
    recipe = read_recipe(tmp_path / "a.png")
    assert isinstance(recipe, SampleRecipe)
    assert recipe.directions[0].vector == direction.vector and recipe.directions[0].amount == 1.5
    assert "Wide" in cli("sample", "--direction", f"{mine}#Long=1", code=2).stderr
    assert "--overwrite" in cli("directions", *MODEL, "--more", "3", "--out", mine, code=3).stderr
    cli("directions", "--more", "3", code=2)


def test_directions_are_listed_and_shown_as_strips(tmp_path: Path) -> None:
    found = cli_json("directions", *MODEL, "--basis", "style", "--layers", "0-3", "--count", "3")
    assert len(found["deviations"]) == 3 and found["layers"] == [0, 3] and found["names"] == [""] * 3
    assert "Warm to cool" in cli("directions", *MODEL, "--count", "3").stdout
    out = tmp_path / "strips.png"
    cli("directions", *MODEL, "--count", "2", "--out", out)
    with Image.open(out) as picture:
        assert picture.size == (7 * 256 + 6 * 4, 2 * 256 + 4)


def test_variations_keep_the_layers_named(tmp_path: Path) -> None:
    cli("variations", *MODEL, "--seed", "4", "--count", "2", "--keep", "0-3", "--out", tmp_path)
    recipes = [read_recipe(path) for path in sorted(tmp_path.glob("*.png"))]
    assert len(recipes) == 2
    for recipe in recipes:
        assert isinstance(recipe, SampleRecipe) and recipe.latent == LatentSeed(seed=4)
        assert min(recipe.style_mix[0].layers) == 4
    assert "layers 0 to" in cli("variations", *MODEL, "--keep", "99", code=2).stderr


def test_the_grid_of_mixing_is_one_picture(tmp_path: Path) -> None:
    out = tmp_path / "grid.png"
    [made] = cli_json("mix-grid", *MODEL, "--rows", "1,2", "--columns", "7", "--take", "8-11", "--out", out)["pictures"]
    assert (made["width"], made["height"]) == (2 * 256 + 4, 3 * 256 + 8)
    cli("mix-grid", *MODEL, "--rows", "1", "--columns", "7", "--out", tmp_path, code=2)


def test_children_of_saved_pictures_are_one_sheet_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    cli("sample", *MODEL, "--seed", "1,2", "--out", tmp_path)
    a, b = sorted(tmp_path.glob("*.png"))
    sheets = [tmp_path / "sheets" / f"{name}.png" for name in "xyz"]
    for sheet, seed in zip(sheets, "556", strict=True):
        cli("breed", a, b, "--children", "2", "--mutation", "0.4", "--seed", seed, "--out", sheet)
    pictures = [Image.open(sheet).tobytes() for sheet in sheets]
    assert pictures[0] == pictures[1] != pictures[2]
    assert "one parent or two" in cli("breed", a, b, a, "--out", tmp_path / "no.png", code=2).stderr


def test_a_sample_is_dragged_and_carries_its_recipe(tmp_path: Path) -> None:
    cli("sample", *MODEL, "--seed", "3", "--out", tmp_path / "a.png")
    out = tmp_path / "b.png"
    drag = ("drag", tmp_path / "a.png", "--from", "40,60", "--device", "cpu", "--steps", "2", "--out", out)
    [made] = cli_json(*drag, "--to", "60,60")["pictures"]
    assert len(made["handles"]) == 1 and made["distance"] <= 20
    recipe = read_recipe(out)
    assert isinstance(recipe, SampleRecipe) and recipe.latent.kind == "w"
    cli(*drag, "--to", "60", code=2)
    cli(*drag, "--to", "60,60", "--to", "1,1", code=2)


def test_a_photo_is_found_by_its_eyes_and_carries_its_square(tmp_path: Path, perceptual_models: Path) -> None:
    photo, out = tmp_path / "photo.png", tmp_path / "found.png"
    Image.linear_gradient("L").resize((80, 60)).convert("RGB").save(photo)
    find = ("project", photo, *MODEL, "--eye", "30,20", "--device", "cpu", "--seconds", "1", "--out", out)
    [made] = cli_json(*find, "--eye", "50,22")["pictures"]
    assert made["psnr_db"] > 3 and made["nearness"] in ("same", "near", "alike", "far")
    recipe = read_recipe(out)
    assert isinstance(recipe, SampleRecipe) and recipe.latent.kind == "w" and recipe.latent.target is not None
    assert 5 < recipe.latent.target.square.angle < 6 and recipe.latent.target.photo.name == "photo.png"
    cli(*find, code=2)
    assert "No face" in cli("faces", photo, code=3).stderr
    assert cli_json("faces", photo) == {"faces": []}


def test_a_sheet_of_the_map_is_drawn_around_a_place(tmp_path: Path) -> None:
    one, wide = tmp_path / "one.png", tmp_path / "wide.png"
    place = ("--x", "2.5", "--y", "-1", "--size", "64")
    cli("map", *MODEL, *place, "--columns", "1", "--out", one)
    [made] = cli_json("map", *MODEL, *place, "--columns", "3", "--rows", "1", "--zoom", "4", "--out", wide)["pictures"]
    assert (made["width"], made["height"]) == (3 * 64 + 8, 64)
    with Image.open(one) as alone, Image.open(wide) as sheet:
        assert sheet.crop((68, 0, 132, 64)).tobytes() == alone.tobytes(), "the middle is the place at every zoom"
    assert read_recipe(one) == read_recipe(wide)
    cli("map", *MODEL, "--zoom", "0", "--out", tmp_path / "none.png", code=2)


def test_two_models_are_mixed_for_a_picture_and_kept_as_one(tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    cli(
        "sample",
        *MODEL,
        "--blend",
        "Abstract Paint=0.5",
        "--blend",
        "Abstract Paint=1@4-8",
        "--own-styles",
        "--out",
        out,
    )
    recipe = read_recipe(out)
    assert isinstance(recipe, SampleRecipe) and recipe.blend is not None
    assert recipe.blend.amounts == (1, 1, 1, *(0.5,) * 10) and recipe.blend.own_styles
    made = cli_json("models", "blend", "Rosettes", "Abstract Paint=1@4-32", "--name", "Both")
    assert made["name"] == "Both" and Path(made["path"]).is_file()
    assert "Other=0.5" in cli("models", "blend", "Rosettes", "Abstract Paint=2", code=2).stderr
    assert "One other" in cli("sample", *MODEL, "--blend", "Rosettes=1", "--blend", "B=1", code=2).stderr

"""Recipes: JSON, hashes, versions, and travelling inside picture files."""

from __future__ import annotations

import io
import json
import random
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin
from pydantic import ValidationError

from studio.base import StudioError
from studio.recipes import (
    CleanRecipe,
    DirectionMove,
    EnlargeRecipe,
    FileRef,
    Latent,
    LatentMix,
    LatentSeed,
    LatentW,
    PhotoRecipe,
    PhotoSquare,
    Recipe,
    RepairRecipe,
    SampleRecipe,
    Square,
    StyleMix,
    StyleUse,
    StylizeRecipe,
    documents,
    dumps,
    loads,
    read_recipe,
    recipe_hash,
    save_picture,
    steps_in,
)
from studio.recipes.embed import PNG_KEY, SOURCE_TYPES, digital_source_type

# ---- any recipe

HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
REFS = st.builds(FileRef, hash=HASHES, name=st.text(max_size=30))
SEEDS = st.integers(0, 2**32 - 1)
REALS = st.floats(allow_nan=False, allow_infinity=False)
UNIT = st.floats(0, 1)
ROWS = st.integers(1, 6).flatmap(
    lambda columns: st.lists(st.tuples(*[REALS] * columns), min_size=1, max_size=4).map(tuple)
)
TARGETS = st.builds(PhotoSquare, photo=REFS, square=st.builds(Square, angle=st.floats(-180, 180)))
LATENTS: st.SearchStrategy[Latent] = st.recursive(
    st.builds(LatentSeed, seed=SEEDS) | st.builds(LatentW, values=ROWS, target=st.none() | TARGETS),
    lambda inner: st.builds(LatentMix, a=inner, b=inner, amount=REALS),
    max_leaves=4,
)
LAYER_RANGES = st.none() | st.tuples(st.integers(0, 63), st.integers(0, 63)).map(sorted).map(tuple)
MOVES = st.builds(
    DirectionMove,
    index=st.integers(0, 511),
    amount=REALS,
    basis=st.sampled_from(["principal", "style"]),
    layers=LAYER_RANGES,
) | st.builds(
    DirectionMove,
    amount=REALS,
    basis=st.just("own"),
    layers=LAYER_RANGES,
    vector=st.lists(REALS, min_size=1, max_size=4).map(tuple),
)
SAMPLES = st.builds(
    SampleRecipe,
    model=REFS,
    latent=LATENTS,
    truncation=st.floats(-2, 2),
    truncation_cutoff=st.none() | st.integers(0, 64),
    directions=st.lists(MOVES, max_size=3).map(tuple),
    style_mix=st.lists(
        st.builds(StyleMix, latent=LATENTS, layers=st.lists(st.integers(0, 63), min_size=1, max_size=4).map(tuple)),
        max_size=2,
    ).map(tuple),
    noise=st.sampled_from(["const", "random", "none"]),
    noise_seed=SEEDS,
    noise_strength=st.floats(0, 4),
    label=st.none() | st.integers(0, 1000),
)
PHOTOS = st.builds(PhotoRecipe, photo=REFS, max_side=st.none() | st.integers(1, 32768))
RECIPES: st.SearchStrategy[Recipe] = st.recursive(
    SAMPLES | PHOTOS,
    lambda inner: (
        st.builds(
            StylizeRecipe,
            content=inner,
            styles=st.lists(
                st.builds(StyleUse, source=inner, weight=UNIT, scale=st.floats(0.01, 4)), min_size=1, max_size=3
            ).map(tuple),
            method=st.sampled_from(["preview", "optimise"]),
            network=st.sampled_from(["vgg16-hed", "vgg19"]),
            size=st.integers(32, 32768),
            content_strength=UNIT,
            style_strength=UNIT,
            keep_colors=st.booleans(),
            color_transfer=st.sampled_from(["luminance", "linear", "histogram"]),
            loss=st.sampled_from(["nearest", "wasserstein", "gram"]),
            detail=UNIT,
            seamless=st.booleans(),
            texture=st.booleans(),
            mask=st.none() | st.just(FileRef(hash="cd" * 32, name="mask.png")),
            feather=st.floats(0, 0.25),
            start=st.none() | inner,
            steps=st.integers(1, 100_000),
            seed=SEEDS,
        )
        | st.builds(
            EnlargeRecipe,
            content=inner,
            network=st.sampled_from(["faithful", "photo", "drawing", "film", "file", "lanczos"]),
            file=st.none() | REFS,
            measure=st.sampled_from(["times", "pixels", "cm", "inch"]),
            factor=st.floats(1, 8),
            pixels=st.integers(16, 32768),
            length=st.floats(0.5, 500),
            dpi=st.integers(30, 1200),
        )
        | st.builds(
            RepairRecipe,
            content=inner,
            mask=st.none() | REFS,
            method=st.sampled_from(["patches", "lines"]),
            seed=SEEDS,
            grow=st.floats(0, 0.1),
            feather=st.floats(0, 0.1),
            left=UNIT,
            right=UNIT,
            top=UNIT,
            bottom=UNIT,
        )
        | st.builds(CleanRecipe, content=inner, jpeg=UNIT, noise=UNIT, scratches=UNIT, levels=UNIT)
    ),
    max_leaves=5,
)
UNHURRIED = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def a_sample(**changes: object) -> SampleRecipe:
    return SampleRecipe.model_validate({"model": {"hash": "ab" * 32, "name": "people"}, **changes})


def a_photo(name: str = "cat.jpg") -> PhotoRecipe:
    return PhotoRecipe(photo=FileRef(hash="cd" * 32, name=name))


def stylized(content: Recipe, style: Recipe) -> StylizeRecipe:
    # The hash that is written down below is that of older defaults.
    return StylizeRecipe(content=content, styles=(StyleUse(source=style),), loss="wasserstein", faces=0, process=2)


def a_picture() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (24, 40, 3), np.uint8)


def long_recipe(layers: int = 14, size: int = 512, *, copies: int = 1) -> Recipe:
    """As a projected photo has it: a w per layer, tens to thousands of kilobytes of digits."""
    rng = random.Random(0)
    recipes: list[Recipe] = [
        a_sample(latent={"kind": "w", "values": [[rng.gauss(0, 1) for _ in range(size)] for _ in range(layers)]})
        for _ in range(copies)
    ]
    return StylizeRecipe(content=recipes[0], styles=tuple(StyleUse(source=recipe) for recipe in recipes))


# ---- values and JSON


@UNHURRIED
@given(RECIPES)
def test_json_round_trip(recipe: Recipe) -> None:
    text = dumps(recipe)
    again = loads(text)
    assert again == recipe and hash(again) == hash(recipe)
    assert dumps(again) == text
    assert loads(text.encode()) == recipe
    assert json.loads(text)["version"] == documents.VERSION


@UNHURRIED
@given(RECIPES, st.randoms(use_true_random=False))
def test_hash_is_stable_under_json_and_order_of_keys(recipe: Recipe, rng: random.Random) -> None:
    def shuffled(node: object) -> object:
        if isinstance(node, dict):
            items = [(key, shuffled(value)) for key, value in node.items()]
            rng.shuffle(items)
            return dict(items)
        return [shuffled(item) for item in node] if isinstance(node, list) else node

    assert recipe_hash(loads(json.dumps(shuffled(json.loads(dumps(recipe)))))) == recipe_hash(recipe)


@UNHURRIED
@given(RECIPES, st.text(max_size=20))
def test_hash_is_independent_of_file_names(recipe: Recipe, name: str) -> None:
    def renamed(node: object) -> object:
        if isinstance(node, dict):
            if node.keys() == {"hash", "name"}:
                return {"hash": node["hash"], "name": name}
            return {key: renamed(value) for key, value in node.items()}
        return [renamed(item) for item in node] if isinstance(node, list) else node

    other = loads(json.dumps(renamed(json.loads(dumps(recipe)))))
    assert recipe_hash(other) == recipe_hash(recipe)


def test_hash_is_the_same_on_every_machine() -> None:
    """Written down: a change here breaks the caches and lineages of everything saved before."""
    recipe = stylized(a_sample(latent=LatentSeed(seed=42), truncation=0.5), a_photo())
    assert recipe_hash(recipe) == "f040a697993f3963ae1ce27f5e654e18e6bab6a308578ae6eb2af0bb98c4921e"


@pytest.mark.parametrize(
    "change",
    [
        {"truncation": 0.7},
        {"truncation_cutoff": 4},
        {"noise": "none"},
        {"label": 0},
        {"model": {"hash": "ac" * 32}},
        {"latent": {"kind": "seed", "seed": 1}},
        {"directions": [{"index": 0, "amount": 0.0}]},
        {"directions": [{"index": 0, "amount": 0.0, "basis": "style"}]},
        {"directions": [{"index": 0, "amount": 0.0, "layers": [2, 3]}]},
        {"directions": [{"amount": 0.0, "basis": "own", "vector": [1.0]}]},
    ],
)
def test_hash_changes_with_what_changes_the_picture(change: dict[str, object]) -> None:
    assert recipe_hash(a_sample(**change)) != recipe_hash(a_sample())


@UNHURRIED
@given(RECIPES)
def test_recipes_cannot_be_changed(recipe: Recipe) -> None:
    with pytest.raises(ValidationError):
        recipe.kind = "photo"  # type: ignore[assignment]


# ---- damage


def only_studio_errors(text: str | bytes) -> None:
    try:
        loads(text)
    except StudioError as error:
        assert error.message and error.action
        assert len(str(error.message)) < 1000


@settings(deadline=None, max_examples=400)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_or_text(data: bytes | str) -> None:
    with pytest.raises(StudioError):
        loads(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@UNHURRIED
@given(JSON, JSON)
def test_any_json_in_place_of_version_or_recipe(version: object, recipe: object) -> None:
    with pytest.raises(StudioError):
        loads(json.dumps({"format": documents.RECIPE.name, "version": version, "recipe": recipe}))
    with pytest.raises(StudioError):
        loads(json.dumps({"format": documents.RECIPE.name, "version": 1, "recipe": recipe}))


@UNHURRIED
@given(RECIPES, st.data())
def test_a_damaged_document(recipe: Recipe, data: st.DataObject) -> None:
    """Bytes overwritten, cut out or cut off."""
    text = bytearray(dumps(recipe).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        match data.draw(st.sampled_from(["overwrite", "remove", "cut"])):
            case "overwrite":
                text[at] = data.draw(st.integers(0, 255))
            case "remove":
                del text[at : at + data.draw(st.integers(1, 20))]
            case "cut":
                del text[max(1, at) :]
        text = text or bytearray(b"{")
    only_studio_errors(bytes(text))


@UNHURRIED
@given(RECIPES, JSON, st.data())
def test_a_value_exchanged_somewhere(recipe: Recipe, value: object, data: st.DataObject) -> None:
    whole = json.loads(dumps(recipe))
    spots: list[tuple[object, object]] = []

    def visit(node: object) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            spots.append((node, key))
            visit(node[key])  # type: ignore[index]

    visit(whole)
    node, key = data.draw(st.sampled_from(spots))
    node[key] = value  # type: ignore[index]
    only_studio_errors(json.dumps(whole))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"format":"latent-studio-recipe"}',
        '{"format":"latent-studio-recipe","version":true,"recipe":{}}',
        '{"format":"latent-studio-recipe","version":0,"recipe":{}}',
        '{"format":"latent-studio-recipe","version":1e400,"recipe":{}}',
        '{"format":"latent-studio-recipe","version":1}',
        '{"format":["latent-studio-recipe"],"version":1}',
        '{"format":"latent-studio-recipe","version":1,"recipe":{"kind":"\\ud800"}}',
        '{"format":"latent-studio-recipe","version":1,"recipe":{"\\ud800":1}}',
        "[" * 100_000,
        "9" * 10_000,
        b"\xff\xfe\x00",
        b"\x00" * 64,
    ],
)
def test_damage_of_every_kind(text: str | bytes) -> None:
    with pytest.raises(StudioError):
        loads(text)


def nested(depth: int) -> str:
    photo = '{"kind":"photo","photo":{"hash":"' + "a" * 64 + '"}}'
    head, tail = '{"kind":"stylize","content":', ',"styles":[{"source":' + photo + "}]}"
    return f'{{"format":"{documents.RECIPE.name}","version":1,"recipe":{head * depth}{photo}{tail * depth}}}'


def test_deep_nesting_is_read_or_refused() -> None:
    recipe = loads(nested(100))
    assert loads(dumps(recipe)) == recipe and len(recipe_hash(recipe)) == 64
    for depth in (400, 1_000, 100_000):
        with pytest.raises(StudioError) as refusal:
            loads(nested(depth))
        assert len(str(refusal.value)) < 500


def test_a_document_too_long_to_be_one_is_not_even_parsed() -> None:
    with pytest.raises(StudioError, match="too large"):
        loads(" " * (documents.MAX_BYTES + 1))


def test_unknown_fields_are_refused_and_named() -> None:
    whole = json.loads(dumps(a_sample()))
    whole["recipe"]["sparkle"] = 1
    with pytest.raises(StudioError, match="sparkle"):
        loads(json.dumps(whole))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    with pytest.raises(StudioError, match="truncation"):
        loads(dumps(a_sample(truncation=0.125)).replace("0.125", number))


# ---- versions


@pytest.mark.parametrize("version", [documents.VERSION + 1, 10**9])
def test_newer_versions_are_refused(version: int) -> None:
    newer = json.dumps({"format": documents.RECIPE.name, "version": version, "recipe": {"kind": "hologram"}})
    with pytest.raises(StudioError, match="newer Latent Studio") as refusal:
        loads(newer)
    assert str(version) in refusal.value.message and "Update" in refusal.value.action


def with_form(**changes: Any) -> documents.ValueFormat[Recipe]:
    """The format of recipes in another version."""
    return replace(documents.RECIPE, form=replace(documents.RECIPE.form, **changes))


def test_old_versions_are_upgraded_step_by_step_at_any_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 1 said "psi", version 2 "truncated", version 3 what today's model says."""

    def first(recipe: dict[str, object]) -> dict[str, object]:
        return {("truncated" if key == "psi" else key): value for key, value in recipe.items()}

    def second(recipe: dict[str, object]) -> dict[str, object]:
        return {("truncation" if key == "truncated" else key): value for key, value in recipe.items()}

    upgrades = {1: {"sample": first}, 2: {"sample": second}}
    monkeypatch.setattr(documents, "RECIPE", with_form(version=3, upgrades=upgrades))
    model = {"hash": "ab" * 32, "name": "people"}
    for version, word in ((1, "psi"), (2, "truncated"), (3, "truncation")):
        old = {"kind": "sample", "model": model, word: 0.25}
        for _ in range(3):
            old = {"kind": "stylize", "content": old, "styles": [{"source": old}], "start": old}
        found = loads(json.dumps({"format": documents.RECIPE.name, "version": version, "recipe": old}))
        samples = [step for step in steps_in(found) if step.kind == "sample"]
        assert samples == [a_sample(truncation=0.25)] * 27


@UNHURRIED
@given(JSON)
def test_an_upgrade_that_meets_damage_says_so(recipe: object) -> None:
    def careless(old: dict[str, object]) -> dict[str, object]:
        kind = old["kind"]
        return {**old, "size": int(str(old["size"])), "kind": kind}

    upgrades = {1: {"": careless, "stylize": careless}}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(documents, "RECIPE", with_form(version=2, upgrades=upgrades))
        with pytest.raises(StudioError):
            loads(json.dumps({"format": documents.RECIPE.name, "version": 1, "recipe": recipe}))


def test_stylizations_of_version_1_load_with_the_new_controls_at_rest() -> None:
    old = (
        '{"format":"latent-studio-recipe","version":1,"recipe":{"kind":"stylize","content":{"kind":"photo","photo":'
        '{"hash":"' + "ab" * 32 + '","name":"a.jpg"},"max_side":null},"styles":[{"source":{"kind":"photo","photo":'
        '{"hash":"' + "cd" * 32 + '","name":"b.jpg"},"max_side":null},"weight":1.0,"scale":1.0}],"method":"optimise",'
        '"network":"vgg19","size":512,"content_strength":0.5,"style_strength":1.0,"keep_colors":true,"steps":300,'
        '"stop_after":null,"seed":3}}'
    )
    recipe = loads(old)
    assert isinstance(recipe, StylizeRecipe) and recipe.keep_colors and recipe.color_transfer == "luminance"
    assert recipe.mask is None and recipe.start is None and not recipe.seamless and not recipe.texture
    assert loads(dumps(recipe)) == recipe


# ---- inside pictures

SUFFIXES = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(recipe=RECIPES)
def test_a_picture_carries_its_recipe(tmp_path: Path, suffix: str, recipe: Recipe) -> None:
    path = save_picture(a_picture(), tmp_path / f"picture{suffix}", recipe, exists="replace")
    assert read_recipe(path) == recipe
    assert read_recipe(str(path)) == recipe
    assert read_recipe(path.read_bytes()) == recipe
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_tiff_keeps_every_pixel(tmp_path: Path) -> None:
    image = a_picture()
    path = save_picture(image, tmp_path / "exact.tif", a_sample())
    with Image.open(path) as picture:
        assert np.array_equal(np.asarray(picture), image) and picture.info["icc_profile"]
    assert b"trainedAlgorithmicMedia" in path.read_bytes()


def test_png_keeps_every_pixel(tmp_path: Path) -> None:
    image = a_picture()
    with Image.open(save_picture(image, tmp_path / "exact.png", a_sample())) as picture:
        assert np.array_equal(np.asarray(picture), image)
        assert loads(picture.info[PNG_KEY]) == a_sample()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pillow_pictures_and_alpha_are_taken(tmp_path: Path, suffix: str) -> None:
    glass = Image.new("RGBA", (8, 8), (1, 2, 3, 128))
    path = save_picture(glass, tmp_path / f"glass{suffix}", a_photo())
    assert read_recipe(path) == a_photo()
    with Image.open(path) as picture:
        assert picture.mode == ("RGB" if suffix.startswith(".j") else "RGBA")


def test_quality_is_obeyed(tmp_path: Path) -> None:
    for suffix in (".jpg", ".webp"):
        rough = save_picture(a_picture(), tmp_path / f"rough{suffix}", a_sample(), quality=10)
        fine = save_picture(a_picture(), tmp_path / f"fine{suffix}", a_sample(), quality=100)
        assert rough.stat().st_size < fine.stat().st_size


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("recipe", [long_recipe(), long_recipe(copies=12)], ids=["300 kB", "2 MB"])
def test_long_recipes_fit_every_format(tmp_path: Path, suffix: str, recipe: Recipe) -> None:
    assert len(dumps(recipe)) > 2**18
    path = save_picture(a_picture(), tmp_path / f"long{suffix}", recipe)
    assert read_recipe(path) == recipe
    with Image.open(path) as picture:
        picture.load()
        assert picture.size == (40, 24)


def xmp_of(path: Path) -> str:
    with Image.open(path) as picture:
        picture.load()
        xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    return xmp.decode() if isinstance(xmp, bytes) else str(xmp)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("recipe", "term"),
    [
        (a_sample(), "trainedAlgorithmicMedia"),
        (stylized(a_sample(), a_photo()), "trainedAlgorithmicMedia"),
        (stylized(a_photo(), a_sample()), "compositeWithTrainedAlgorithmicMedia"),
        (stylized(stylized(a_photo(), a_sample()), a_photo()), "compositeWithTrainedAlgorithmicMedia"),
    ],
)
def test_pictures_say_that_a_model_made_them(tmp_path: Path, suffix: str, recipe: Recipe, term: str) -> None:
    """Read with an XML parser, as other programs do."""
    assert digital_source_type(recipe) == SOURCE_TYPES + term
    root = ElementTree.fromstring(xmp_of(save_picture(a_picture(), tmp_path / f"x{suffix}", recipe)))
    names = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
    description = root.find(".//rdf:Description", names)
    assert description is not None
    key = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
    assert description.get(key) == "http://cv.iptc.org/newscodes/digitalsourcetype/" + term


def test_long_jpeg_recipes_keep_the_marker_in_the_main_xmp(tmp_path: Path) -> None:
    assert "trainedAlgorithmicMedia" in xmp_of(save_picture(a_picture(), tmp_path / "long.jpg", long_recipe()))


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".gif", ".bmp", ".tif"])
def test_pictures_without_a_recipe(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plain{suffix}"
    Image.fromarray(a_picture()).save(path)
    assert read_recipe(path) is None


def test_files_that_are_no_pictures(tmp_path: Path) -> None:
    path = tmp_path / "letter.png"
    path.write_text("Dear Madam")
    assert read_recipe(path) is None
    assert read_recipe(b"") is None
    with pytest.raises(StudioError, match=r"gone\.png"):
        read_recipe(tmp_path / "gone.png")


def test_a_recipe_behind_the_pixels_is_found() -> None:
    """Other programs may move text chunks there when they save again."""
    stream = io.BytesIO()
    Image.fromarray(a_picture()).save(stream, "PNG")
    body = PNG_KEY.encode() + b"\0\0\0\0\0" + dumps(a_sample()).encode()
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4, "big")
    assert read_recipe(stream.getvalue()[:-12] + chunk + stream.getvalue()[-12:]) == a_sample()


def with_text(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(PNG_KEY, text)
    stream = io.BytesIO()
    Image.fromarray(a_picture()).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def test_newer_and_damaged_recipes_in_pictures_are_refused() -> None:
    with pytest.raises(StudioError, match="newer"):
        read_recipe(with_text(dumps(a_sample()).replace(f'"version":{documents.VERSION}', '"version":99')))
    with pytest.raises(StudioError, match="damaged"):
        read_recipe(with_text(dumps(a_sample())[:-5]))


@pytest.mark.parametrize("packed", ["", "AAAA", "!!", "QUJD"])
def test_damaged_packed_recipes_are_refused_or_none(tmp_path: Path, packed: str) -> None:
    path = tmp_path / "x.webp"
    Image.fromarray(a_picture()).save(path, xmp=f'<x latentstudio:recipe="{packed}"/>'.encode())
    if packed == "!!":  # not our attribute at all
        assert read_recipe(path) is None
    else:
        with pytest.raises(StudioError, match="damaged"):
            read_recipe(path)


def test_a_compression_bomb_is_not_unpacked(tmp_path: Path) -> None:
    import base64
    import tracemalloc

    bomb = base64.b64encode(zlib.compress(b" " * 2**28, 9))
    path = tmp_path / "bomb.webp"
    Image.fromarray(a_picture()).save(path, xmp=b'<x latentstudio:recipe="' + bomb + b'"/>')
    tracemalloc.start()
    with pytest.raises(StudioError):
        read_recipe(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**27


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_anywhere_in_a_picture_file(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    path = tmp_path / f"picture{suffix}"
    if not path.exists():
        save_picture(np.zeros((8, 8, 3), np.uint8), path, a_sample())
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    del damaged[data.draw(st.integers(len(damaged) // 2, len(damaged))) :]
    try:
        found = read_recipe(bytes(damaged))
    except StudioError as error:
        assert error.message
    else:
        assert found is None or isinstance(found, SampleRecipe)


# ---- writing


@pytest.mark.parametrize("name", ["picture.gif", "picture", "picture.exe"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match=name):
        save_picture(a_picture(), tmp_path / name, a_sample())
    assert list(tmp_path.iterdir()) == []


def test_a_picture_too_large_for_webp_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="WEBP"):
        save_picture(np.zeros((1, 16_400, 3), np.uint8), tmp_path / "wide.webp", a_sample())
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_picture(a_picture(), tmp_path / "picture.png", a_sample())
    before = path.read_bytes()

    def full(self: Image.Image, target: object, **options: object) -> None:
        Path(str(target)).write_bytes(b"half a pict")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(StudioError, match="No space left") as refusal:
        save_picture(a_picture(), path, a_photo())
    assert "disk" in refusal.value.action
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]

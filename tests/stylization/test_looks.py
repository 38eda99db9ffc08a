"""What stylized pictures look like: the preview tells what the final render will be, in the styles' own colours and
without a lattice. Fixed seeds and small sizes; the tables are in :mod:`tests.benchmarks.stylize_agreement`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.base import Progress, drain
from studio.base.paths import resources_dir
from studio.networks.vgg import VGGFeatures
from studio.recipes import StylizeRecipe, StylizeSettings, loads
from studio.recipes.steps.stylize import Process
from studio.stylization import StyleInput, feedforward, preview
from studio.stylization.color import fitted, resized
from studio.stylization.optimise import optimise
from studio.stylization.predictor import style_vector, without_rounding
from studio.stylization.refined import refined_preview
from studio.stylization.strengths import content_weight
from studio.stylization.transformer import model_file
from tests.support.looks import content_distance, lattice, palette_distance, stroke_size
from tests.support.paths import DATA

Picture = NDArray[np.uint8]
FIRST_NUMBERS = (0.327, -0.818, 1.076, 0.62, -0.697, 0.195, 3.55, 1.149, -0.005, -0.032, 0.34, -1.379)


@pytest.fixture(scope="module")
def photo() -> Picture:
    from skimage import data

    return np.asarray(data.astronaut())


@pytest.fixture(scope="module")
def extractor(shared_models: Path) -> VGGFeatures:
    from safetensors.torch import load_file

    module = VGGFeatures("vgg16")
    module.load_convolutions(load_file(shared_models / "perceptual" / "vgg16-hed.safetensors"))
    return module


def ready(name: str) -> Picture:
    with Image.open(resources_dir() / "styles" / f"{name}.jpg") as opened:
        return np.asarray(opened.convert("RGB"))


def flat_photo(side: int = 256) -> Picture:
    """A sky of 8-bit steps with something in front of it."""
    y, x = np.mgrid[:side, :side] / side
    picture = np.stack([0.35 + 0.3 * y, 0.5 + 0.2 * y, 0.75 + 0.1 * x], axis=-1)
    picture[np.hypot(y - 0.6, x - 0.5) < 0.18] = (0.8, 0.3, 0.1)
    picture[int(side * 0.8) :, ::7] *= 0.4
    return np.asarray(picture * 255 + 0.5, np.uint8)


# --- the first process


def test_pictures_of_older_documents_keep_their_pixels(photo: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = StylizeSettings(size=64, content_strength=0.7, detail=0, process=1)
    with Image.open(DATA / "stylization" / "preview_process_1.png") as opened:
        before = np.asarray(opened).astype(int)
    # Processors differ in the numbers of a style, until the fourth process: here are those of the picture.
    known = json.loads((DATA / "stylization" / "preview_process_1.json").read_text(encoding="utf-8"))
    numbers = iter(np.array(known[of], np.float32).reshape(1, 1, 1, 100) for of in ("photo", "style"))
    monkeypatch.setattr(feedforward, "style_vector", lambda *_, exact: None if exact else next(numbers))
    now = preview(photo, [StyleInput(ready("Night swirls"))], settings)
    assert np.abs(now - before).max() <= 3  # another processor rounds otherwise


def test_a_style_has_the_same_numbers_on_every_processor() -> None:
    """Products of 8-bit numbers, whose sums do not fit on some, were far from these (Stained glass: by a tenth)."""
    y, x = np.mgrid[:256, :256] / 256
    picture = np.stack([0.5 + 0.5 * np.sin(40 * x + 9 * y), 0.5 + 0.4 * np.cos(25 * y * x), x * y], axis=-1)
    numbers = style_vector(np.asarray(picture * 255 + 0.5, np.uint8)).ravel()
    assert numbers[:12] == pytest.approx(FIRST_NUMBERS, abs=2e-3)


def test_the_predictor_without_rounding_is_the_packaged_one() -> None:
    model = onnx.load_model_from_string(without_rounding(model_file("arbitrary_predict")))
    assert "QuantizeLinear" not in {node.op_type for node in model.graph.node}
    picture = ready("Stained glass")
    # By the package's own arithmetic in single precision, which no processor is wrong with.
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    packaged = onnxruntime.InferenceSession(model_file("arbitrary_predict"), options)
    square = resized(picture, 256, 256).astype(np.float32)[None] / 255
    wanted = packaged.run(None, {packaged.get_inputs()[0].name: square})[0]
    assert np.linalg.norm(style_vector(picture) - wanted) < 0.1 * np.linalg.norm(wanted)


def test_older_documents_stay_with_the_first_process() -> None:
    file = {"kind": "photo", "photo": {"hash": "ab" * 32, "name": "a.jpg"}, "max_side": None}
    old = {"kind": "stylize", "content": file, "styles": [{"source": file}], "method": "optimise"}
    for version, detail in ((1, {}), (3, {"detail": 0.3})):
        document = {"format": "latent-studio-recipe", "version": version, "recipe": {**old, **detail}}
        recipe = loads(json.dumps(document))
        assert isinstance(recipe, StylizeRecipe)
        assert (recipe.process, recipe.detail) == (1, detail.get("detail", 0.0))
        assert (recipe.loss, recipe.faces) == ("wasserstein", 0)
        assert content_weight(recipe) == pytest.approx(0.015)
    assert StylizeSettings().process == 4


# --- the instant preview


def test_flat_places_have_no_lattice() -> None:
    content, style = flat_photo(), [StyleInput(ready("Palette knife"))]
    before = preview(content, style, StylizeSettings(size=256, process=1, detail=0))
    now = preview(content, style, StylizeSettings(size=256))
    assert lattice(before, content) > 0.01
    assert lattice(now, content) < 0.4 * lattice(before, content)


@pytest.mark.parametrize("name", ["Poured acrylic", "Watercolour", "Charcoal"])
def test_the_colours_are_the_styles(photo: Picture, name: str) -> None:
    style = ready(name)
    now = preview(photo, [StyleInput(style)], StylizeSettings(size=128))
    assert palette_distance(now, style) < 0.07
    assert palette_distance(now, style) < 0.5 * palette_distance(photo, style)


def test_a_large_suit_does_not_turn_skin_green(photo: Picture) -> None:
    """Before a blue wall; by area, the orange of the suit would be taken for the colour of the light."""
    style = [StyleInput(ready("Watercolour"))]

    def green_in_the_face(process: Process) -> float:
        made = preview(photo, style, StylizeSettings(size=128, process=process)).astype(float)
        red, green, _ = made[14:26, 50:62].mean((0, 1))
        return float(green - red)

    assert green_in_the_face(3) < 0.75 * green_in_the_face(2)


def test_monochrome_styles_stay_monochrome(photo: Picture) -> None:
    style = ready("Charcoal")

    def chroma(image: Picture) -> float:
        return float(np.ptp(image.astype(float), axis=2).mean())

    assert chroma(fitted(photo, 128)) > 40
    assert chroma(preview(photo, [StyleInput(style)], StylizeSettings(size=128))) < chroma(style) + 4


def test_a_seamless_preview_continues_at_its_edges(photo: Picture) -> None:
    out = preview(photo, [StyleInput(ready("Impasto"))], StylizeSettings(size=128, seamless=True)).astype(float)
    within = np.abs(np.diff(out, axis=1)).mean()
    assert np.abs(out[:, 0] - out[:, -1]).mean() < 2 * within


# --- preview, refined preview and final render


def test_the_sliders_mean_the_same_in_preview_and_final(extractor: VGGFeatures, photo: Picture) -> None:
    style, content = [StyleInput(ready("Watercolour"))], fitted(photo, 64)
    distances = []
    for strength in (0.0, 0.5, 1.0):
        settings = StylizeSettings(size=64, steps=10, content_strength=strength)
        quick = preview(photo, style, settings)
        final = drain(optimise(photo, style, settings, extractor=extractor))
        assert palette_distance(quick, final) < 0.07
        assert 1 / 1.7 < stroke_size(quick) / stroke_size(final) < 1.7
        distances.append([content_distance(extractor, each, content) for each in (quick, final)])
    for found in np.transpose(distances):
        assert list(found) == sorted(found, reverse=True)
        assert found[2] < 0.75 * found[0]


def test_the_refined_preview_repeats_itself_and_is_nearer_to_the_final(
    extractor: VGGFeatures, photo: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.stylization.optimise.SMALLEST_SIDE", 45)
    style, settings = [StyleInput(ready("Stained glass"))], StylizeSettings(size=128, steps=12)

    def refined(seen: list[Progress]) -> Picture:
        return drain(refined_preview(photo, style, settings, extractor=extractor, side=64, steps=6), seen.append)

    seen: list[Progress] = []
    out = refined(seen)
    assert out.shape == (128, 128, 3) and np.array_equal(out, refined([]))
    (early,) = [progress for progress in seen if progress.preview is not None]
    assert early.step == 3 and early.preview is not None and early.preview.shape == out.shape
    final = drain(optimise(photo, style, settings.model_copy(update={"size": 64}), extractor=extractor))
    quick = preview(photo, style, settings.model_copy(update={"size": 64}))
    assert np.abs(fitted(out, 64).astype(float) - final).mean() < np.abs(quick.astype(float) - final).mean()

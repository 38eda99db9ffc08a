"""A part of a print in two ways, and the command that enlarges what it stylized."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

import studio.engine.jobs.print_size as print_size
from studio.base import Progress, Work, drain
from studio.engine import TorchEngine
from studio.gallery import SourceStore
from studio.recipes import EnlargeRecipe, PhotoRecipe, StyleUse, StylizeRecipe, StylizeSettings, read_recipe
from studio.stylization import StyleInput
from tests.cli.test_cli import cli


def test_both_ways_show_the_same_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_size, "PART", 48)
    monkeypatch.setattr(print_size, "LEAST", 48)

    def as_it_is(
        content: np.ndarray, styles: list[StyleInput], settings: StylizeSettings, **_more: object
    ) -> Work[object]:
        scales.append((content.shape[0], styles[0].scale))
        yield Progress(1, settings.steps, preview=content)
        return content

    scales: list[tuple[int, float]] = []
    monkeypatch.setattr(print_size, "optimise", as_it_is)
    monkeypatch.setattr(TorchEngine, "perceptual_network", lambda _self, _name: (yield from ()))
    engine = TorchEngine(SourceStore(tmp_path / "Sources"), device="cpu")
    for name, image in (("photo", data.astronaut()), ("style", data.retina()[400:560, 400:560])):
        Image.fromarray(image).save(tmp_path / f"{name}.png")
    photo, style = (PhotoRecipe(photo=engine.sources.add(tmp_path / f"{name}.png")) for name in ("photo", "style"))
    recipe = StylizeRecipe(content=photo, styles=(StyleUse(source=style),), size=256, steps=2)
    seen: list[Progress] = []
    made = drain(print_size.part_in_two_ways(engine, recipe, 2, (0.25, 0.75)), seen.append)
    assert made.optimised.shape == made.enlarged.shape == (48, 48, 3) and made.enlarging > 0
    assert {progress.message for progress in seen} >= {print_size.OPTIMISED, print_size.ENLARGED}
    there = data.astronaut()[384 - 24 : 384 + 24, 128 - 24 : 128 + 24]
    for part in (made.optimised, made.enlarged):
        grey, expected = (each.astype(np.float32).mean(-1).ravel() for each in (part, there))
        assert np.corrcoef(grey, expected)[0, 1] > 0.8
    # Strokes are as large in relation to the whole as they are there.
    assert scales == [(64, 512 / 64), (48, 256 / 48)]
    # A print that is smaller than the part is shown as a whole, both times.
    made = drain(print_size.part_in_two_ways(engine, recipe.model_copy(update={"size": 16}), 2))
    assert made.optimised.shape == made.enlarged.shape == (32, 32, 3)


def test_stylize_ends_with_an_enlargement(tmp_path: Path) -> None:
    for name in ("photo", "style"):
        Image.fromarray(data.astronaut()[:64, :64]).save(tmp_path / f"{name}.png")
    out = tmp_path / "out.png"
    cli("stylize", tmp_path / "photo.png", "-s", tmp_path / "style.png", "--size", 64, "--enlarge", 2, "--out", out)
    recipe = read_recipe(out)
    assert isinstance(recipe, EnlargeRecipe) and isinstance(recipe.content, StylizeRecipe)
    assert Image.open(out).size == (128, 128)

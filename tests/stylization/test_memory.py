"""Memory of the optimisation is that of one tile and of the picture itself; stopping, pausing and going on."""

from __future__ import annotations

import importlib
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.base import Work, drain
from studio.networks.vgg import VGGFeatures
from studio.recipes import StylizeSettings
from studio.stylization import StyleInput, local_losses, objective
from studio.stylization.color import fitted
from studio.stylization.local_losses import DETAIL_STEPS, Neighbours, laplacian
from studio.stylization.optimise import optimise
from studio.stylization.statistics import WassersteinToStyle


@pytest.fixture(scope="module")
def photo() -> NDArray[np.uint8]:
    from skimage import data

    return np.asarray(data.astronaut())


@pytest.fixture(scope="module")
def extractor(shared_models: Path) -> VGGFeatures:
    from safetensors.torch import load_file

    module = VGGFeatures("vgg16")
    module.load_convolutions(load_file(shared_models / "perceptual" / "vgg16-hed.safetensors"))
    return module.to(memory_format=torch.channels_last)


@pytest.mark.parametrize("circular", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_bands_have_the_gradient_of_the_whole(
    photo: NDArray[np.uint8], circular: bool, channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = objective.to_tensor(fitted(photo, 144)[:, :100], "cpu")
    edges = [laplacian(content, step, circular) for step in DETAIL_STEPS]
    part = Neighbours(2.0, 0.5, edges, circular)
    image = content.flip(2)[:, :channels].clone()
    variable = image.clone().requires_grad_()
    loss = part.loss(variable.expand(1, 3, -1, -1))
    (wanted,) = torch.autograd.grad(loss, variable)

    monkeypatch.setattr(local_losses, "BAND_PIXELS", 16 * 100)
    seen: list[int] = []
    own = Neighbours._band
    monkeypatch.setattr(Neighbours, "_band", lambda *a: (seen.append(a[2]), own(*a))[1])  # type: ignore[func-returns-value]
    found, gradient = part.gradient(image)
    assert len(seen) == 9
    assert found == pytest.approx(float(loss.detach()), rel=1e-5)
    if circular:
        assert float((gradient - wanted).abs().max() / wanted.abs().max()) < 1e-5
    else:
        assert torch.equal(gradient, wanted)  # to the bit: pictures made before stay what they are


def test_features_of_one_tile_at_a_time(
    extractor: VGGFeatures, photo: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[weakref.ref[Tensor]] = []
    most = 0
    plain = objective.features

    def watched(*args: object, **options: object) -> Mapping[str, Tensor]:
        nonlocal most
        most = max(most, sum(ref() is not None for ref in alive))
        found = plain(*args, **options)  # type: ignore[arg-type]
        alive.extend(weakref.ref(each) for each in found.values())
        return found

    monkeypatch.setattr(objective, "features", watched)
    content = objective.to_tensor(fitted(photo, 96), "cpu")
    style = objective.picture_statistics(extractor, content.flip(2), tuple(objective.STYLE_LAYERS), None, None)
    alive.clear()
    losses = {name: WassersteinToStyle(statistics) for name, statistics in style.items()}
    tiled = objective.Objective(
        extractor, content, [objective.StyleTarget(losses)], objective.Balance(smoothness=1.0), tile_side=48
    )
    assert len(tiled.tiles) == 4
    tiled.gradient(content.clone())
    tiled.value(content.clone())
    assert most == 0, "features of a tile were there still while the next tile's were made"


def test_every_stop_keeps_the_picture_and_says_the_same_as_its_recipe(
    extractor: VGGFeatures, photo: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deterministic by seed; may be held between steps; where it is closed, its recipe gives the last preview."""
    optimisation = importlib.import_module("studio.stylization.optimise")
    monkeypatch.setattr(optimisation, "PREVIEW_SECONDS", -1)
    monkeypatch.setattr(optimisation, "PREVIEW_PATIENCE", 0)
    styles = [StyleInput(photo[:200, :200])]

    def work(steps: int = 3, size: int = 64, seed: int = 5, **more: Any) -> Work[NDArray[np.uint8]]:
        settings = StylizeSettings(size=size, steps=steps, seed=seed)
        return optimise(photo, styles, settings, extractor=extractor, **more)

    held, pictures = work(), []
    for progress in held:
        assert progress.preview is not None
        pictures.append(progress.preview)
        drain(work(steps=1, size=48))  # something else has the device meanwhile
        torch.manual_seed(progress.step)
        if progress.step == 2:
            break
    held.close()
    whole = [progress.preview for progress in work()]
    assert len(whole) == 4 and all(np.array_equal(*pair) for pair in zip(pictures, whole, strict=False))
    assert np.array_equal(drain(work(stop_after=2)), pictures[2])
    assert not np.array_equal(drain(work(stop_after=2, seed=6)), pictures[2])
    going_on = drain(work(start=pictures[2]))
    assert going_on.shape == pictures[2].shape and not np.array_equal(going_on, pictures[2])

"""The scripts that paint for the starter models, and the one that teaches a network to paint so."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType, SimpleNamespace

import cv2
import numpy as np
import pytest
import torch

from tests.support.paths import ROOT

PAINTERS = ("abstract_paint", "butterflies")


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "packaging" / "starter_models")


@pytest.fixture(params=PAINTERS)
def painter(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def test_a_latent_is_one_picture_at_every_size_and_another_one_is_another(painter: ModuleType) -> None:
    first, second = painter.latent(0), painter.latent(1)
    large, small = painter.paint(first, 96), painter.paint(first, 48)
    assert np.array_equal(large, painter.paint(first.copy(), 96))
    reduced = cv2.resize(large, (48, 48), interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(reduced - small).mean() < 6
    assert np.abs(small.astype(float) - painter.paint(second, 48)).mean() > 15


def test_butterflies_are_symmetric() -> None:
    butterflies = importlib.import_module("butterflies")
    picture = butterflies.paint(butterflies.latent(5), 48).astype(int)
    assert np.abs(picture - picture[:, ::-1]).max() <= 1


def test_hinges_hold_their_fields(painter: ModuleType) -> None:
    teacher = importlib.import_module("learn_painter")
    name = painter.__name__
    fields = torch.from_numpy(painter.fields(painter.latent(3), 8))[None]
    hinges = teacher.Hinges(teacher.THRESHOLDS[name])
    seen = hinges(fields)
    assert seen.shape[1] == teacher.shape(painter, 64).channels(32)
    before = torch.where(seen > 0, seen, 5 * seen) / 2**0.5 - hinges.offset
    found = torch.einsum("fc,nchw->nfhw", torch.linalg.pinv(hinges.matrix), before)
    assert torch.allclose(found, fields, atol=1e-3)


def test_a_taught_generator_passes_the_latent_s_numbers_and_comes_nearer_to_the_painter() -> None:
    teacher = importlib.import_module("learn_painter")
    butterflies = importlib.import_module("butterflies")
    torch.manual_seed(1)
    generator = teacher.Generator(teacher.shape(butterflies, 64))
    teacher.prepare(butterflies, generator)
    z = np.stack([butterflies.latent(number) for number in range(4)])
    passed = 2 * (butterflies.LATENT - butterflies.CHOICES)
    exact = teacher.exact_w(butterflies, z)
    assert torch.allclose(generator.mapping(torch.from_numpy(z))[:, :passed], exact[:, :passed], atol=1e-3)
    losses = teacher.hint_losses(butterflies, generator, teacher.Hinges(teacher.THRESHOLDS["butterflies"]), 16, batch=4)
    optimiser = torch.optim.Adam(generator.parameters(), lr=0.01)
    seen = []
    for _ in range(5):
        optimiser.zero_grad()
        loss = next(losses)
        loss.backward()
        optimiser.step()
        seen.append(loss.item())
    assert seen[-1] < 0.9 * seen[0]
    teacher.finish(butterflies, generator)
    w = generator.mapping(torch.from_numpy(z))
    assert not w[:, passed + len(butterflies.description(z[0])) :].any() and generator.mapping.w_avg.any()


def test_crops_of_fields_and_of_pictures_are_of_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = importlib.import_module("learn_painter")
    places = np.arange(32 * 32).reshape(32, 32) % 251

    class Ramp:
        LATENT = 8
        CHOICES = 0

        def latent(self, number: int) -> np.ndarray:
            return np.full(8, number, np.float32)

        def description(self, z: np.ndarray) -> np.ndarray:
            return z[:1]

        def fields(self, z: np.ndarray, side: int) -> np.ndarray:
            return places[None].astype(np.float32) / 127.5 - 1

        def paint(self, z: np.ndarray, side: int) -> np.ndarray:
            return np.repeat(cv2.resize(places.astype(np.uint8), (side, side), interpolation=0)[..., None], 3, axis=2)

    def enlarged(_: object, fields: torch.Tensor, ws: torch.Tensor, resolution: int) -> torch.Tensor:
        return (
            fields.expand(-1, 3, -1, -1).repeat_interleave(resolution // 32, 2).repeat_interleave(resolution // 32, 3)
        )

    monkeypatch.setattr(teacher, "upper", enlarged)
    generator = SimpleNamespace(config=SimpleNamespace(resolution=256))
    for share in (0.0, 0.9):
        losses = teacher.paint_losses(Ramp(), generator, lambda fields: fields, 2, lambda share=share: share, batch=1)
        for _ in range(12):
            assert next(losses) < 0.01


def test_parts_that_are_learnt_are_not_learnt_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teacher = importlib.import_module("learn_painter")
    learnt = []

    def learn(modules: list[torch.nn.Module], averages: list[torch.nn.Module], *rest: object) -> None:
        learnt.append(rest[-1])
        for average in averages:
            for value in average.parameters():
                value.data.fill_(len(learnt))

    monkeypatch.setattr(teacher, "learn", learn)
    first = teacher.teach("butterflies", 64, (1, 1, 1), 1, tmp_path)
    (tmp_path / "painting.pt").unlink()
    second = teacher.teach("butterflies", 64, (1, 1, 1), 1, tmp_path)
    assert learnt == ["fields", "painting", "mapping", "painting"]
    assert first.mapping.layers[0].weight.eq(second.mapping.layers[0].weight).all()
    assert (
        first.synthesis.blocks["64"].conv0.weight.eq(2).all() and second.synthesis.blocks["64"].conv0.weight.eq(4).all()
    )


def test_the_layers_of_bands_draw_what_the_painter_does() -> None:
    teacher, painter = importlib.import_module("learn_painter"), importlib.import_module("abstract_paint")
    torch.manual_seed(1)
    generator = teacher.Generator(teacher.shape(painter, 256))
    hinges = teacher.Hinges(teacher.THRESHOLDS["abstract_paint"])
    z = np.stack([painter.latent(number) for number in range(teacher.SEEN)])
    fields = torch.from_numpy(np.stack([painter.fields(row, 32) for row in z]))
    places = (part.permute(0, 2, 3, 1).flatten(0, 2)[::7] for part in (fields, hinges(fields)))
    importlib.import_module("band_layers").set_band_layers(
        painter, generator, *places, first_color=2 * (painter.LATENT - painter.CHOICES)
    )
    z = np.stack([painter.latent(number) for number in (7001, 7002)])
    fields = torch.from_numpy(np.stack([painter.fields(row, 32) for row in z]))
    with torch.no_grad():
        made = teacher.upper(generator, hinges(fields), teacher.exact_w(painter, z), 256)
    wanted = np.stack([painter.paint(row, 256) for row in z]).transpose(0, 3, 1, 2) / 127.5 - 1
    away = np.abs(made.clamp(-1, 1).numpy() - wanted).mean(axis=(0, 1))
    assert away.mean() < 0.1
    rim = np.concatenate([away[:4].ravel(), away[-4:].ravel(), away[:, :4].ravel(), away[:, -4:].ravel()])
    assert rim.mean() < 0.25

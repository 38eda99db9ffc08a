"""The scripts that paint for the starter models, and the one that teaches a network to paint so."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
import torch

from tests.support.paths import ROOT

PAINTERS = ("abstract_paint", "rosettes")


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


def test_a_rosette_turned_by_one_petal_is_the_same() -> None:
    rosettes = importlib.import_module("rosettes")
    z = rosettes.latent(5)
    z[3:6] = (0, 2, 0)
    picture = rosettes.paint(z, 96)
    turn = cv2.getRotationMatrix2D((47.5, 47.5), 360 / rosettes.FOLDS[1], 1)
    turned = cv2.warpAffine(picture, turn, (96, 96), borderMode=cv2.BORDER_REPLICATE)
    assert np.abs(picture.astype(float) - turned).mean() < 8 < np.abs(picture.astype(float) - picture[0, 0]).mean()
    assert np.abs(picture[:2].astype(int) - picture[0, 0]).max() < 8


def test_hinges_hold_their_fields(painter: ModuleType) -> None:
    teacher = importlib.import_module("learn_painter")
    name = painter.__name__
    fields = torch.from_numpy(painter.fields(painter.latent(3), 8))[None]
    hinges = teacher.Hinges(teacher.THRESHOLDS[name])
    seen = hinges(fields)
    assert seen.shape[1] == teacher.shape(painter).channels(32)
    assert torch.all(seen[:, -1] == seen[0, -1, 0, 0])
    before = torch.where(seen > 0, seen, 5 * seen) / 2**0.5 - hinges.offset
    found = torch.einsum("fc,nchw->nfhw", torch.linalg.pinv(hinges.matrix), before)
    assert torch.allclose(found, fields, atol=1e-3)


def test_a_taught_generator_passes_the_latent_s_numbers_and_comes_nearer_to_the_painter() -> None:
    teacher = importlib.import_module("learn_painter")
    rosettes = importlib.import_module("rosettes")
    torch.manual_seed(1)
    generator = teacher.Generator(teacher.shape(rosettes))
    teacher.prepare(rosettes, generator)
    z = np.stack([rosettes.latent(number) for number in range(4)])
    passed = 2 * (rosettes.LATENT - rosettes.CHOICES)
    exact = teacher.exact_w(rosettes, z)
    assert torch.allclose(generator.mapping(torch.from_numpy(z))[:, :passed], exact[:, :passed], atol=1e-3)
    losses = teacher.hint_losses(rosettes, generator, teacher.Hinges(teacher.THRESHOLDS["rosettes"]), 5, batch=4)
    optimiser = torch.optim.Adam(generator.parameters(), lr=0.01)
    seen = []
    for _ in range(5):
        optimiser.zero_grad()
        loss = next(losses)
        loss.backward()
        optimiser.step()
        seen.append(loss.item())
    assert seen[-1] < 0.9 * seen[0]
    teacher.finish(rosettes, generator)
    w = generator.mapping(torch.from_numpy(z))
    assert not w[:, passed + len(rosettes.description(z[0])) :].any() and generator.mapping.w_avg.any()


def test_parts_that_are_learnt_are_not_learnt_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teacher = importlib.import_module("learn_painter")
    learnt = []

    def learn(modules: list[torch.nn.Module], averages: list[torch.nn.Module], *rest: object) -> None:
        learnt.append(rest[-2])
        for average in averages:
            for value in average.parameters():
                value.data.fill_(len(learnt))

    monkeypatch.setattr(teacher, "learn", learn)
    first = teacher.teach("rosettes", (1, 1), tmp_path)
    (tmp_path / "mapping.pt").unlink()
    second = teacher.teach("rosettes", (1, 1), tmp_path)
    assert learnt == ["fields", "mapping", "mapping"]
    for generator, value in ((first, 2), (second, 3)):
        assert generator.synthesis.blocks["32"].conv0.weight.eq(1).all()
        assert generator.mapping.layers[0].weight.eq(value).all()


def test_the_parts_of_an_earlier_run_are_learnt_further(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teacher = importlib.import_module("learn_painter")
    torch.manual_seed(1)
    earlier = teacher.Generator(teacher.shape(importlib.import_module("rosettes")))
    earlier.mapping.layers[0].weight.data.fill_(0.25)
    (tmp_path / "start").mkdir()
    torch.save([earlier.mapping.state_dict()], tmp_path / "start" / "mapping.pt")
    begun = []

    def learn(modules: list[torch.nn.Module], averages: list[torch.nn.Module], *rest: object) -> None:
        begun.append((rest[-2], bool(next(modules[0].parameters()).eq(0.25).all())))

    monkeypatch.setattr(teacher, "learn", learn)
    teacher.teach("rosettes", (1, 1), tmp_path / "parts", tmp_path / "start")
    assert begun == [("fields", False), ("mapping", True)]


def test_a_wider_network_begins_as_the_narrower_one() -> None:
    teacher = importlib.import_module("learn_painter")
    rosettes = importlib.import_module("rosettes")
    narrow, wide = (teacher.Generator(teacher.shape(rosettes, channels)) for channels in (48, 64))
    for module, before in zip(*(teacher.blocks_of(each, above=False) for each in (wide, narrow)), strict=True):
        teacher.begin_wider(module, before.state_dict())
    w = torch.randn(2, teacher.W_DIM)
    with torch.no_grad():
        features = [teacher.lower(each, w) for each in (narrow, wide)]
    assert torch.allclose(features[0], features[1][:, : features[0].shape[1]], atol=1e-4)
    assert features[1].shape[1] > features[0].shape[1]


def test_the_layers_of_bands_draw_what_the_painter_does(painter: ModuleType) -> None:
    teacher = importlib.import_module("learn_painter")
    torch.manual_seed(1)
    generator = teacher.Generator(teacher.shape(painter))
    hinges = teacher.Hinges(teacher.THRESHOLDS[painter.__name__])
    teacher.set_upper(painter, generator, hinges)
    z = np.stack([painter.latent(number) for number in (7001, 7002)])
    fields = torch.from_numpy(np.stack([painter.fields(row, 32) for row in z]))
    with torch.no_grad():
        made = teacher.upper(generator, hinges(fields), teacher.exact_w(painter, z))
    wanted = np.stack([painter.paint(row, 256) for row in z]).transpose(0, 3, 1, 2) / 127.5 - 1
    away = np.abs(made.clamp(-1, 1).numpy() - wanted).mean(axis=(0, 1))
    assert away.mean() < 0.05, away.mean()
    rim = np.concatenate([away[:4].ravel(), away[-4:].ravel(), away[:, :4].ravel(), away[:, -4:].ravel()])
    assert rim.mean() < 0.08, rim.mean()

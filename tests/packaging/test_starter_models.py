"""The scripts that paint for the starter models, and the one that teaches a network to paint so."""

from __future__ import annotations

import importlib
from types import ModuleType

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
    passed = 2 * (butterflies.LATENT - teacher.PASSED_FROM)
    exact = teacher.exact_w(butterflies, z)
    assert torch.allclose(generator.mapping(torch.from_numpy(z))[:, :passed], exact[:, :passed], atol=1e-3)
    losses = teacher.hint_losses(butterflies, generator, teacher.Hinges(teacher.THRESHOLDS["butterflies"]), batch=4)
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

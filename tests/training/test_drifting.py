"""Drifting: the field against a case done by hand, learning on a toy set, exact resumes. No network is fetched."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from studio.networks.efficientnet import EfficientNetLite0
from studio.training.drifting import RealFeatures, drift, drift_target, feature_spaces, spaces_shape
from studio.training.drifting_trainer import DriftingTrainer
from studio.training.parallel import Processes
from tests.support.training_runs import tiny


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are looked at in half of the usual size, which takes a quarter of the time."""
    monkeypatch.setattr("studio.training.settings.DRIFTING_SIDES", (32, 32))


def trainer(backbone: EfficientNetLite0, pictures: int = 64, **changes: object) -> DriftingTrainer:
    settings = tiny(Path(), discriminator="none", batch=8, channel_base=256, channel_max=16, **changes)
    return DriftingTrainer(settings, Processes(), backbone, pictures)


def backbone() -> EfficientNetLite0:
    torch.manual_seed(3)
    return EfficientNetLite0()


def toy(step: int) -> torch.Tensor:
    """Eight pictures of warm colours, brighter upwards."""
    random = torch.Generator().manual_seed(step)
    tone = torch.rand(8, 3, 1, 1, generator=random) * torch.tensor([0.2, 0.4, 0.4])[:, None, None]
    return tone + torch.tensor([0.6, 0.0, -0.8])[:, None, None] - torch.linspace(-0.3, 0.3, 32)[:, None].expand(32, 32)


def test_the_field_of_two_samples_and_one_picture_is_as_done_by_hand() -> None:
    """Samples at -1 and 1, the picture at 0, temperature 1/2.

    A row has exp(-2) for the picture and exp(-4) for the other sample, so shares p and 1 - p; a column gives the
    picture's affinity to either sample a half, that to the other sample wholly to the only one that sees it.
    """
    p = math.exp(-2) / (math.exp(-2) + math.exp(-4))
    weight = math.sqrt(p / 2) * math.sqrt(1 - p)
    found = next(drift(torch.tensor([[[-1.0], [1.0]]]), torch.zeros(1, 1, 1), [0.5]))
    # The pull is towards 0, the push away from the other one at +-1.
    assert found.flatten().tolist() == pytest.approx([weight * (0 - 1), weight * (0 + 1)])


def test_samples_far_from_the_pictures_are_carried_to_them_at_every_temperature() -> None:
    random = torch.Generator().manual_seed(0)
    real = torch.randn(2, 24, 5, generator=random) * 0.1
    samples = 0.3 + torch.randn(2, 16, 5, generator=random) * 0.1
    steps = drift_target(samples, real) - samples
    assert (steps * (real.mean() - samples)).sum(dim=2).min() > 0
    assert steps.square().mean().sqrt().item() > 2.2


def test_features_have_the_shapes_told_and_are_standardised_by_the_pictures() -> None:
    net = backbone()
    spaces = feature_spaces(net, toy(1))
    assert [(len(space), space.shape[2]) for space in spaces] == spaces_shape()
    real = RealFeatures(12)
    for step in range(3):
        real.note(feature_spaces(net, toy(step)))
    same = real.standardised(real.state_dict()["spaces"])
    assert all(space.shape[1] == 12 and space.mean(dim=1).abs().max() < 3 for space in same)
    assert real.distance(spaces) < real.distance(feature_spaces(net, -toy(1)))
    grey = feature_spaces(net, toy(1).mean(dim=1, keepdim=True).expand(-1, 3, -1, -1))[-1].unflatten(2, (3, 64))
    assert grey[0, :, 1:].abs().max() < 1e-5 < grey[0, :, 0].abs().max()  # grey pictures have brightness only


def test_a_run_of_an_older_program_goes_on_with_the_features_of_today() -> None:
    net, real = backbone(), RealFeatures(12)
    real.note(feature_spaces(net, toy(0)))
    state = real.state_dict()
    real.load_state_dict(state)
    assert torch.equal(real.state_dict()["spaces"][-1], state["spaces"][-1])
    fewer = {name: spaces[:-1] for name, spaces in state.items()}
    for older in (fewer | {"sides": state["sides"]}, {name: state[name] for name in ("spaces", "mean", "variance")}):
        real.load_state_dict(older)
        real.note(feature_spaces(net, toy(1)))
        found = real.state_dict()["spaces"]
        assert [(len(space), space.shape[2]) for space in found] == spaces_shape()
        assert torch.equal(found[-1], feature_spaces(net, toy(1))[-1])


def test_pictures_are_looked_at_in_their_own_size_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.training.settings.DRIFTING_SIDES", (64, 128))
    sides: list[int] = []

    class Network(EfficientNetLite0):
        def features(self, x: torch.Tensor) -> list[torch.Tensor]:
            sides.append(x.shape[-1])
            return [torch.zeros(len(x), 4, 8, 8)]

    for own in (32, 64, 96, 256):
        feature_spaces(Network(), torch.zeros(1, 3, own, own))
    assert sides == [64, 64, 96, 128]


def test_a_space_scaled_by_one_number_keeps_its_shape_and_has_pictures_sqrt_d_apart() -> None:
    pictures = torch.randn(2, 64, 5, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 2, 3, 4, 9])
    real = RealFeatures(64, "space")
    real.note([pictures])
    (scaled,) = real.standardised([pictures])
    for space, before in zip(scaled, pictures, strict=True):
        apart = torch.cdist(space, space).square()
        assert apart.mean().item() == pytest.approx(5, rel=1e-4)
        ratio = apart / torch.cdist(before, before).square().clamp(min=1e-9)
        assert ratio[0, 1:].std() < 1e-3 * ratio[0, 1:].mean()
    alike = torch.randn(1, 64, 5, generator=torch.Generator().manual_seed(1))
    samples = alike[:, :8] + 0.5
    real.note([alike.repeat(2, 1, 1)])
    samples.requires_grad_()
    real.loss([samples.repeat(2, 1, 1)]).backward()
    assert samples.grad is not None and samples.grad.sum() > 0, "the loss falls towards the pictures"


def test_a_generator_comes_nearer_to_a_toy_set() -> None:
    made = trainer(backbone(), learning_rate=0.01)
    losses = [made.step(toy(n), range(8 * n, 8 * n + 8), n, 8 * n)["loss_g"] for n in range(8)]
    assert sum(losses[-3:]) < 0.8 * sum(losses[:3])
    assert made.discriminator_to_keep() is None and made.warning() is None


def test_a_resumed_run_is_the_uninterrupted_one() -> None:
    net = backbone()
    whole, first, second = trainer(net), trainer(net), trainer(net, seed=5)
    for number in range(3):
        whole.step(toy(number), range(8 * number, 8 * number + 8), number, 8 * number)
    first.step(toy(0), range(8), 0, 0)
    second.load_state_dict(first.state_dict())
    second.settings = whole.settings
    second._gradients._seed = whole.settings.seed
    for number in (1, 2):
        second.step(toy(number), range(8 * number, 8 * number + 8), number, 8 * number)
    for name, value in whole.average.state_dict().items():
        assert torch.equal(value, second.average.state_dict()[name]), name
    assert not any("stem" in name for name in whole.state_dict()["generator"])


def test_pictures_are_looked_at_once_unless_they_are_many_or_mirrored(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look(net: EfficientNetLite0, pictures: torch.Tensor) -> list[torch.Tensor]:
        seen.append(len(pictures))
        return feature_spaces(net, pictures)

    monkeypatch.setattr("studio.training.drifting_trainer.feature_spaces", look)
    net, real = backbone(), toy(0)
    known, plain = trainer(net, 64, mirror=False), trainer(net, 5000, mirror=False)
    for number in range(2):
        known.step(real, range(8), number, 8 * number)
    assert seen == [1] * 8 + [8] + [8]  # the second time only the samples
    seen.clear()
    for number in range(2):
        plain.step(real, range(8), number, 8 * number)
    trainer(net, 64, mirror=True).step(real, range(8), 0, 0)
    assert seen == [8] * 6
    for name, value in known.average.state_dict().items():
        torch.testing.assert_close(value, plain.average.state_dict()[name], rtol=1e-3, atol=1e-4)


def test_only_stylegan2_drifts() -> None:
    for other in ({"architecture": "dcgan"}, {"architecture": "stylegan3"}, {"anchor": 1.0}):
        with pytest.raises(ValidationError, match="drifting"):
            tiny(Path(), discriminator="none", mirror=False, **other)

"""Adaptive augmentation: filters, transforms against analytic references, statistics, the controller."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from studio.training import ada
from studio.training.random_streams import RandomStream


def waves(size: int, angle: float = 0.0) -> Tensor:
    """A smooth picture known at every point, turned by ``angle``; (1, 3, size, size)."""
    place = torch.arange(size) - (size - 1) / 2
    y, x = torch.meshgrid(place, place, indexing="ij")
    u = x * math.cos(angle) + y * math.sin(angle)
    v = -x * math.sin(angle) + y * math.cos(angle)
    return torch.stack([(u * 0.25).sin(), (v * 0.2 + 1).cos(), ((u + v) * 0.15).sin()])[None]


def test_the_wavelets_are_orthogonal_and_smooth() -> None:
    for taps, moments in ((ada.SYM6, 6), (ada.SYM2, 2)):
        h = torch.tensor(taps, dtype=torch.float64)
        assert h.sum().item() == pytest.approx(math.sqrt(2), abs=1e-9)
        for shift in range(0, len(h), 2):
            overlap = (h[shift:] * h[: len(h) - shift]).sum().item()
            assert overlap == pytest.approx(1.0 if shift == 0 else 0.0, abs=1e-9)
        place = torch.arange(len(h), dtype=torch.float64)
        signs = (-1.0) ** place
        for order in range(moments):
            assert (signs * h * (place - place.mean()) ** order).sum().item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("size", [32, 64])
def test_the_identity_changes_nothing(size: int) -> None:
    x = torch.rand(2, 3, size, size) * 2 - 1
    assert torch.allclose(ada.warp(x, torch.eye(3).expand(2, 3, 3)), x, atol=5e-5)
    assert ada.augment_adaptively(x, 0.0) is x


def test_whole_shifts_flips_and_quarter_turns_are_exact_inside() -> None:
    x = torch.rand(1, 3, 32, 32) * 2 - 1
    one = torch.ones(1)
    shifted = ada.warp(x, ada.shifting(-3 * one, 5 * one))
    # Right by three, up by five.
    assert torch.allclose(shifted[..., 6:20, 9:26], x[..., 11:25, 6:23], atol=1e-4)
    y = waves(32)
    inside = (..., slice(3, 29), slice(3, 29))
    flipped = ada.warp(y, ada.scaling(-one, one))
    assert torch.allclose(flipped[inside], y.flip(3)[inside], atol=0.01)
    turned = ada.warp(y, ada.rotation(one * math.pi / 2))
    assert torch.allclose(turned[inside], y.rot90(1, (2, 3))[inside], atol=0.01)


@pytest.mark.parametrize("degrees", [17.0, 45.0, 120.0])
def test_rotation_against_the_analytic_picture(degrees: float) -> None:
    angle = math.radians(degrees)
    made = ada.warp(waves(64), ada.rotation(torch.tensor([angle])))
    # Reading at R q what the picture shows there: u' = x cos(a) - y sin(a), the picture turned by -a.
    wanted = waves(64, -angle)
    inside = slice(20, 44)
    assert (made - wanted)[..., inside, inside].abs().max() < 0.01


def test_scaling_and_fractions_of_a_pixel_against_the_analytic_picture() -> None:
    place = torch.arange(64) - 31.5

    def ramp(scale: float, shift: float) -> Tensor:
        return ((place * scale + shift) * 0.2).sin()[None, None, None].expand(1, 3, 64, 64)

    one = torch.ones(1)
    made = ada.warp(ramp(1, 0), ada.scaling(0.8 * one, one) @ ada.shifting(0.37 * one, 0 * one))
    assert (made - ramp(0.8, 0.8 * 0.37))[..., 16:48, 16:48].abs().max() < 0.01


def test_reflection_continues_the_picture() -> None:
    x = torch.full((1, 3, 32, 32), 0.7)
    made = ada.warp(x, ada.scaling(torch.tensor([1.6]), torch.tensor([1.6])))
    assert torch.allclose(made, x, atol=0.02)


def test_bands_are_a_partition_and_keep_the_power() -> None:
    bands = ada.band_filters()
    whole = bands.sum(dim=0)
    centre = len(whole) // 2
    assert whole[centre].item() == pytest.approx(1, abs=1e-6) and whole.abs().sum().item() == pytest.approx(1, abs=1e-5)
    spectrum = torch.fft.rfft(bands, 1024).abs()
    edges = (0, 64, 128, 256, 512)
    for band in range(4):
        middle = (edges[band] + edges[band + 1]) // 2 if band < 3 else 480
        assert spectrum[:, middle].argmax() == band
    x = torch.rand(2, 3, 32, 32)
    assert torch.allclose(ada.filter_bands(x, torch.ones(2, 4)), x, atol=1e-5)
    gains = ada.band_gains(RandomStream(4000, seed=1), 1.0)
    assert gains.std() > 0.3
    only = ada.band_gains(RandomStream(500, seed=1), 0.0)
    assert torch.allclose(only, torch.ones(500, 4))


def test_colours_turn_about_the_grey_axis() -> None:
    third = ada.hue_rotation(torch.tensor([2 * math.pi / 3]))[0]
    assert torch.allclose(third @ torch.tensor([1.0, 0, 0]), torch.tensor([0, 1.0, 0]), atol=1e-6)
    assert torch.allclose(third @ torch.ones(3), torch.ones(3), atol=1e-6)
    matrices = ada.color_transforms(RandomStream(4000, seed=0), 1.0)
    # Brightness 0.2 on every channel alike, then contrast with median 1; the grey axis is only flipped or scaled.
    grey = matrices[:, :3, :3] @ torch.ones(3)
    assert torch.allclose(grey, grey[:, :1].expand(-1, 3), atol=1e-4)
    flipped = (grey[:, 0] < 0).float().mean().item()
    assert flipped == pytest.approx(0.5, abs=0.05)
    assert grey[:, 0].abs().log().std().item() == pytest.approx(0.5 * math.log(2), rel=0.1)


@pytest.mark.parametrize("part", ada.AUGMENTATION_KINDS)
@pytest.mark.parametrize("p", [0.3, 1.0])
def test_every_part_changes_its_share_of_the_pictures(part: ada.AugmentationKind, p: float) -> None:
    x = torch.rand(200, 3, 32, 32) * 1.6 - 0.8
    y = ada.augment_adaptively(x, p, [part], RandomStream(200, seed=5))
    changed = ((y - x).abs().flatten(1).max(dim=1).values > 1e-3).float().mean().item()
    # How many random things each part does, and how often each of them happens to be nothing.
    silent = {"blit": 0.5 * 0.25 * 0.01, "geometry": 0, "color": 0, "filter": 0, "noise": 0.01, "cutout": 0}
    times = {"blit": 3, "geometry": 4, "color": 5, "filter": 4, "noise": 1, "cutout": 1}
    low, high = (1 - (1 - p) ** 1, 1 - (1 - p) ** times[part]) if p < 1 else (1 - silent[part] - 0.05, 1.0)
    assert low - 0.12 <= changed <= high + 0.1


def test_cutout_blanks_a_quarter_at_most_and_noise_has_its_strength() -> None:
    ones = torch.ones(2000, 1, 32, 32)
    kept = ada.cut_out(ones, RandomStream(2000, seed=2), 1.0).mean(dim=(1, 2, 3))
    assert kept.min().item() == pytest.approx(0.75, abs=0.02) and kept.max() < 0.95
    noisy = ada.augment_adaptively(torch.zeros(500, 3, 32, 32), 1.0, ["noise"], RandomStream(500, seed=3))
    # sigma = |N(0, 0.1^2)|: E sigma^2 = 0.01.
    assert noisy.square().mean().item() == pytest.approx(0.01, rel=0.2)


def test_gradients_pass_through_everything() -> None:
    x = (torch.rand(6, 3, 32, 32) * 2 - 1).requires_grad_(True)
    ada.augment_adaptively(x, 0.9, ada.AUGMENTATION_KINDS, RandomStream(6, seed=7)).square().sum().backward()
    assert x.grad is not None and torch.isfinite(x.grad).all() and (x.grad.abs().flatten(1).sum(dim=1) > 0).all()


def test_a_picture_is_augmented_alike_however_the_batch_is_divided() -> None:
    x = torch.rand(8, 3, 32, 32) * 2 - 1
    whole = ada.augment_adaptively(x, 0.8, ada.AUGMENTATION_KINDS, RandomStream(8, seed=11))
    for keep in (torch.tensor([0, 3, 6]), torch.tensor([7])):
        part = ada.augment_adaptively(x[keep], 0.8, ada.AUGMENTATION_KINDS, RandomStream(8, seed=11, keep=keep))
        assert torch.allclose(part, whole[keep], rtol=1e-4, atol=1e-3)


def test_the_controller_goes_towards_its_target() -> None:
    control = ada.Controller(target=0.6, images=1000)
    for _ in range(40):
        control.note(signs=9.0, pictures=10)  # r = 0.9: overfitting
    assert control.p == pytest.approx(40 * 10 / 1000) and control.overfitting == pytest.approx(0.9)
    for _ in range(20):
        control.note(signs=2.0, pictures=10)
    assert control.p == pytest.approx(0.2)
    for _ in range(400):
        control.note(signs=-10.0, pictures=10)
    assert control.p == 0
    for _ in range(4000):
        control.note(signs=10.0, pictures=10)
    assert control.p == 1


def test_the_controller_settles_where_augmentation_stops_the_overfitting() -> None:
    control = ada.Controller(target=0.6, images=2000)
    for _ in range(1200):
        control.note(signs=(1.0 - control.p) * 10, pictures=10)
    assert control.p == pytest.approx(0.4, abs=0.03)


def test_the_controller_goes_on_exactly() -> None:
    a, b = ada.Controller(images=500), ada.Controller(images=500)
    for _ in range(6):
        a.note(signs=8.0, pictures=10)
    b.load_state_dict(a.state_dict())
    for control in (a, b):
        for _ in range(7):
            control.note(signs=7.0, pictures=10)
    assert a.state_dict() == b.state_dict() and a.p > 0

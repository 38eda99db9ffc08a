"""Both ways down a loss."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.stylization.descent import FEWEST_PAIRS, PAIRS, Adam, LimitedMemory

WANTED = torch.linspace(-0.2, 1.2, 3 * 8 * 8).view(1, 3, 8, 8)
# Steep in some directions, shallow in others: what makes plain gradient descent slow.
STEEPNESS = torch.logspace(0, 3, 3 * 8 * 8)[torch.randperm(3 * 64, generator=torch.Generator().manual_seed(1))]
MIXING = torch.linalg.qr(torch.randn(192, 192, generator=torch.Generator().manual_seed(2)))[0]


def valley(image: Tensor) -> tuple[float, Tensor]:
    """A quadratic valley around what lies partly outside 0..1."""
    away = MIXING.T @ (image - WANTED).flatten()
    gradient = MIXING @ (2 * STEEPNESS * away)
    return float((STEEPNESS * away.square()).sum()), gradient.view_as(image)


def within(image: Tensor) -> bool:
    return float(image.min()) >= 0 and float(image.max()) <= 1


def test_limited_memory_needs_fewer_steps_than_adam() -> None:
    start = torch.full((1, 3, 8, 8), 0.5)
    fast, slow = LimitedMemory(start.clone()), Adam(start.clone())
    first = valley(start)[0]
    for _ in range(60):
        fast.descend(valley)
        slow.descend(valley, 0.03)
        assert within(fast.image) and within(slow.image)
    assert valley(slow.image)[0] < 0.5 * first
    assert valley(fast.image)[0] < 0.7 * valley(slow.image)[0]
    # At the edges, what wants to leave stays; the rest is where it wants to be.
    for _ in range(300):
        fast.descend(valley)
    gradient = valley(fast.image)[1]
    inside = (fast.image > 0) & (fast.image < 1)
    assert 0 < int((~inside).sum()) < 100
    assert float(gradient[inside].abs().max()) < 0.01 * float(valley(start)[1].abs().max())


@pytest.mark.parametrize("bad", [float("nan"), 1e9])
def test_a_step_that_makes_things_worse_is_taken_back(bad: float) -> None:
    descent = LimitedMemory(torch.full((1, 3, 8, 8), 0.5))
    for _ in range(5):
        descent.descend(valley)
    good = descent.image
    before = valley(good)[0]
    descent.descend(valley)
    # The next place is said to be terrible: the step after it starts from the good one again, and is shorter.
    descent.descend(lambda image: (bad, torch.full_like(image, float("nan"))))
    assert torch.isfinite(descent.image).all()
    assert float((descent.image - good).abs().mean()) <= 0.011
    for _ in range(20):
        descent.descend(valley)
    assert valley(descent.image)[0] < before


def test_a_resized_picture_starts_anew() -> None:
    descent = LimitedMemory(torch.full((1, 3, 8, 8), 0.5))
    for _ in range(3):
        descent.descend(valley)
    draws = torch.Generator().manual_seed(0)
    same, other = descent.at(8, 8, None), descent.at(12, 10, draws)
    assert torch.equal(same.image, descent.image)
    assert other.image.shape == (1, 3, 12, 10) and within(other.image)
    assert torch.equal(other.image, descent.at(12, 10, draws.manual_seed(0)).image)


def test_large_pictures_remember_less() -> None:
    assert LimitedMemory(torch.empty(1, 3, 256, 256))._pairs.maxlen == PAIRS
    assert LimitedMemory(torch.empty(1, 3, 4096, 4096, device="meta"))._pairs.maxlen == FEWEST_PAIRS

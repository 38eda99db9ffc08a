"""Losses against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from studio.training import losses


def test_the_theory_at_the_equilibrium() -> None:
    zeros = torch.zeros(4, 1)
    assert losses.value_function(zeros, zeros).item() == pytest.approx(-math.log(4))
    assert pytest.approx(-math.log(4)) == losses.VALUE_AT_EQUILIBRIUM
    assert losses.discriminator_loss("logistic", zeros, zeros).item() == pytest.approx(2 * math.log(2))
    assert losses.generator_loss("logistic", zeros).item() == pytest.approx(math.log(2))
    assert losses.generator_loss("minimax", zeros).item() == pytest.approx(-math.log(2))
    assert losses.discriminator_loss("relativistic", zeros, zeros).item() == pytest.approx(math.log(2))
    assert losses.discriminator_loss("hinge", zeros, zeros).item() == 2


def test_values_by_hand() -> None:
    """D(x) = 0.8, D(G(z)) = 0.25, as logits."""
    real, fake = torch.tensor([[math.log(4)]]), torch.tensor([[math.log(1 / 3)]])
    assert losses.value_function(real, fake).item() == pytest.approx(math.log(0.8) + math.log(0.75))
    assert losses.discriminator_loss("minimax", real, fake).item() == pytest.approx(-math.log(0.6))
    assert losses.generator_loss("logistic", fake).item() == pytest.approx(-math.log(0.25))
    assert losses.generator_loss("minimax", fake).item() == pytest.approx(math.log(0.75))
    # sigmoid(log 4 + log 3) = 12/13, and the other way round 1/13.
    assert losses.discriminator_loss("relativistic", real, fake).item() == pytest.approx(-math.log(12 / 13), rel=1e-5)
    assert losses.generator_loss("relativistic", fake, real).item() == pytest.approx(-math.log(1 / 13), rel=1e-5)
    assert losses.discriminator_loss("hinge", torch.tensor([2.0, 0.5]), torch.tensor([-3.0, 1.0])).item() == 0.25 + 1
    assert losses.generator_loss("hinge", torch.tensor([2.0, -4.0])).item() == 1
    with pytest.raises(ValueError, match="real pictures"):
        losses.generator_loss("relativistic", fake)


def test_relativistic_pairs_are_not_averages() -> None:
    """Swapping two generated pictures changes the loss: every pair counts by itself."""
    real, fake = torch.tensor([3.0, -3.0]), torch.tensor([-1.0, 1.0])
    expected = (math.log1p(math.exp(-4)) + math.log1p(math.exp(4))) / 2
    assert losses.relativistic(real, fake).item() == pytest.approx(expected, rel=1e-5)
    assert losses.relativistic(real, fake.flip(0)).item() != pytest.approx(expected, rel=1e-2)


def test_minimax_gradient_vanishes_where_the_other_does_not() -> None:
    fake = torch.tensor([-10.0], requires_grad=True)
    slope = {}
    for kind in ("minimax", "logistic"):
        (gradient,) = torch.autograd.grad(losses.generator_loss(kind, fake), fake)  # type: ignore[arg-type]
        slope[kind] = gradient.item()
    assert slope["minimax"] == pytest.approx(0, abs=1e-4) and slope["logistic"] == pytest.approx(-1, abs=1e-4)


def test_gradient_penalty_of_a_known_function_and_its_own_gradient() -> None:
    """D(x) = a sum x^2 / 2: |grad|^2 = a^2 |x|^2, whose derivative with respect to a is 2 a |x|^2."""
    x = torch.randn(4, 3, 2, 2, requires_grad=True)
    a = torch.tensor(3.0, requires_grad=True)
    penalty = losses.gradient_penalty(a * x.square().sum(dim=(1, 2, 3)) / 2, x)
    norm = x.detach().square().sum(dim=(1, 2, 3)).mean().item()
    assert penalty.item() == pytest.approx(9 * norm, rel=1e-5)
    (slope,) = torch.autograd.grad(penalty, a)
    assert slope.item() == pytest.approx(6 * norm, rel=1e-5)


def test_path_length_of_a_linear_generator() -> None:
    """G(w) = M w for one layer: J^T y = M^T y, here by hand with y = 1."""
    matrix = torch.randn(3 * 4 * 4, 5)
    ws = torch.randn(2, 1, 5, requires_grad=True)
    pictures = (ws[:, 0] @ matrix.t()).view(2, 3, 4, 4)
    lengths = losses.path_lengths(pictures, ws, torch.ones(2, 3, 4, 4))
    expected = (matrix.sum(dim=0) / 4).norm().item()
    assert lengths.tolist() == pytest.approx([expected, expected], rel=1e-5)
    penalty = losses.path_penalty(torch.tensor([1.0, 4.0]), torch.tensor(2.0))
    assert penalty.item() == pytest.approx((1 + 4) / 2)


def test_path_length_does_not_depend_on_the_number_of_layers() -> None:
    """The same w for k layers that share the work: each has a k-th of the Jacobian."""
    matrix = torch.randn(12, 5)
    found = []
    for layers in (1, 4):
        ws = torch.randn(1, layers, 5, requires_grad=True)
        pictures = (ws.sum(dim=1) @ matrix.t()).view(1, 3, 2, 2)
        found.append(losses.path_lengths(pictures, ws, torch.ones(1, 3, 2, 2)).item())
    assert found[0] == pytest.approx(found[1], rel=1e-5)


def test_lazy_penalties_have_the_same_mean_weight() -> None:
    gains = [losses.lazy_gain(number, 16) for number in range(64)]
    assert sum(gains) / 64 == 1 and [number for number, gain in enumerate(gains) if gain] == [0, 16, 32, 48]

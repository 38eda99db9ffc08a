"""Adversarial losses. Logits are positive for "real"."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def generator_nonsaturating(fake_logits: Tensor) -> Tensor:
    """-log D(G(z)) (Goodfellow et al. 2014, section 3)."""
    return F.softplus(-fake_logits).mean()


def discriminator_logistic(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-log D(x) - log(1 - D(G(z))) (Goodfellow et al. 2014, eq. 1): binary cross-entropy, log 4 at the equilibrium."""
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def pyramid_l1(made: Tensor, wanted: Tensor) -> Tensor:
    """L1 distance summed over a pyramid of halved sizes down to 8 pixels: coarse shapes count as much as fine lines.

    After the Laplacian pyramid loss of Bojanowski et al. 2018, section 3, with plain averages for its bands.
    """
    loss = (made - wanted).abs().mean()
    while made.shape[-1] > 8:
        made, wanted = F.avg_pool2d(made, 2), F.avg_pool2d(wanted, 2)
        loss = loss + (made - wanted).abs().mean()
    return loss


def r1_penalty(real_logits: Tensor, real: Tensor) -> Tensor:
    """E |grad D(x)|^2 on real pictures (Mescheder et al. 2018, eq. 9, without gamma / 2)."""
    (gradient,) = torch.autograd.grad(real_logits.sum(), real, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()

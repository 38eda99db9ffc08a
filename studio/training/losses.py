"""Adversarial losses and their penalties. Logits are (n, ...) and positive for "real"; every function gives a scalar.

At the equilibrium of Goodfellow et al. 2014 (theorem 1) D(x) = 1/2 everywhere, that is: all logits are 0.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.networks.cpu.training_conv import pictures_only

Loss = Literal["logistic", "minimax", "relativistic", "hinge"]

VALUE_AT_EQUILIBRIUM = -math.log(4)
"""min max V(D, G) (Goodfellow et al. 2014, theorem 1)."""


def value_function(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """V(D, G) = E log D(x) + E log(1 - D(G(z))) (Goodfellow et al. 2014, eq. 1): -log 4 at the equilibrium."""
    return -F.softplus(-real_logits).mean() - F.softplus(fake_logits).mean()


def discriminator_logistic(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-V(D, G) (Goodfellow et al. 2014, eq. 1): binary cross-entropy, log 4 at the equilibrium."""
    return -value_function(real_logits, fake_logits)


def generator_nonsaturating(fake_logits: Tensor) -> Tensor:
    """-log D(G(z)) (Goodfellow et al. 2014, section 3): log 2 at the equilibrium."""
    return F.softplus(-fake_logits).mean()


def generator_minimax(fake_logits: Tensor) -> Tensor:
    """log(1 - D(G(z))), what eq. 1 of Goodfellow et al. 2014 leaves to the generator: -log 2 at the equilibrium.

    Its gradient vanishes while the discriminator wins, which is why the non-saturating form is the usual one.
    """
    return -F.softplus(fake_logits).mean()


def relativistic(winner_logits: Tensor, loser_logits: Tensor) -> Tensor:
    """-log sigmoid(D(a) - D(b)) over pairs (Jolicoeur-Martineau 2019; Huang et al. 2024, R3GAN, eq. 2).

    The discriminator has the real pictures as ``winner``, the generator its own; log 2 at the equilibrium.
    """
    return F.softplus(loser_logits - winner_logits).mean()


def discriminator_hinge(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))) (Lim and Ye 2017): 2 while the discriminator knows nothing."""
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


def generator_hinge(fake_logits: Tensor) -> Tensor:
    """-D(G(z)), the generator's side of the hinge loss (Lim and Ye 2017)."""
    return -fake_logits.mean()


def discriminator_loss(kind: Loss, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """The discriminator's loss of that kind; "logistic" and "minimax" share one."""
    if kind == "relativistic":
        return relativistic(real_logits, fake_logits)
    if kind == "hinge":
        return discriminator_hinge(real_logits, fake_logits)
    return discriminator_logistic(real_logits, fake_logits)


def generator_loss(kind: Loss, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """The generator's loss of that kind; the relativistic one needs the logits of the real pictures too."""
    if kind == "relativistic":
        if real_logits is None:
            raise ValueError("the relativistic loss compares with real pictures")
        return relativistic(fake_logits, real_logits)
    if kind == "hinge":
        return generator_hinge(fake_logits)
    return generator_minimax(fake_logits) if kind == "minimax" else generator_nonsaturating(fake_logits)


def gradient_penalty(logits: Tensor, pictures: Tensor) -> Tensor:
    """E |grad D(x)|^2: on real pictures R1 (Mescheder et al. 2018, eq. 9), on generated ones R2 (eq. 10).

    Without the factor gamma / 2. ``pictures`` (n, c, h, w) must require gradients, ``logits`` come from them.
    """
    with pictures_only():
        (gradient,) = torch.autograd.grad(logits.sum(), pictures, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def path_lengths(pictures: Tensor, ws: Tensor, directions: Tensor) -> Tensor:
    """|J_w^T y| for every picture, (n,): how far it moves for a step in w (Karras et al. 2020, StyleGAN2, eq. 4).

    Parameters
    ----------
    pictures : (n, c, h, w), made from ``ws`` (n, num_ws, w_dim), which require gradients.
    directions : y ~ N(0, 1), of the shape of ``pictures``.
    """
    y = directions / math.sqrt(pictures.shape[2] * pictures.shape[3])
    with pictures_only():
        (jacobian,) = torch.autograd.grad((pictures * y).sum(), ws, create_graph=True)
    # Every layer takes a w of its own: the mean over the layers keeps the scale at any resolution.
    return jacobian.square().sum(dim=2).mean(dim=1).sqrt()


def path_penalty(lengths: Tensor, mean: Tensor) -> Tensor:
    """E (|J_w^T y| - a)^2 (Karras et al. 2020, StyleGAN2, eq. 4); ``mean`` is a, the running mean of the lengths."""
    return (lengths - mean).square().mean()


def lazy_gain(number: int, interval: int) -> float:
    """The factor of a penalty applied every ``interval`` steps in step ``number``; 0: not now.

    Karras et al. 2020 (StyleGAN2), appendix B, "lazy regularization".
    """
    return float(interval) if number % interval == 0 else 0.0


def pyramid_l1(made: Tensor, wanted: Tensor) -> Tensor:
    """L1 distance summed over a pyramid of halved sizes down to 8 pixels: coarse shapes count as much as fine lines.

    After the Laplacian pyramid loss of Bojanowski et al. 2018, section 3, with plain averages for its bands.
    """
    loss = (made - wanted).abs().mean()
    while made.shape[-1] > 8:
        made, wanted = F.avg_pool2d(made, 2), F.avg_pool2d(wanted, 2)
        loss = loss + (made - wanted).abs().mean()
    return loss

"""Directions of a generator's latent space, found in closed form; nothing is trained.

Two bases: principal components of w (Härkönen et al. 2020, "GANSpace: discovering interpretable GAN controls",
arXiv:2004.02546), and the directions that change the styles of some layers most (Shen and Zhou 2021, "Closed-form
factorization of latent semantics in GANs", arXiv:2007.06600, "SeFa").
"""

from __future__ import annotations

import torch
from torch import Tensor

from studio.networks import dcgan, stylegan2, stylegan3

GeneratorNet = stylegan2.Generator | stylegan3.Generator | dcgan.Generator

MAX_DIRECTIONS = 16
PCA_SAMPLES = 8192

Layers = tuple[int, int] | None
"""First and last layer, 0 being the coarsest; None is all."""


@torch.no_grad()
def w_covariance(net: stylegan2.Generator | stylegan3.Generator) -> Tensor:
    """Covariance of w over 8192 fixed seeds, of all classes alike: float64 (w_dim, w_dim) on the CPU."""
    device = next(net.parameters()).device
    z = torch.randn(PCA_SAMPLES, net.config.z_dim, generator=torch.Generator().manual_seed(0))
    label = None
    if net.config.labels:
        label = torch.eye(net.config.labels)[torch.arange(PCA_SAMPLES) % net.config.labels].to(device)
    return torch.cov(net.mapping(z.to(device), label).cpu().double().t())


@torch.no_grad()
def style_weights(net: stylegan2.Generator | stylegan3.Generator) -> list[Tensor]:
    """Affine maps from the w of each layer into styles: float64 matrices (styles, w_dim) on the CPU, one a layer.

    The colour layers of StyleGAN2 share their w with the next convolution and are left out, but for the last one, which
    has its own.
    """
    denses: list[tuple[stylegan2.Dense, float]] = []
    if isinstance(net, stylegan3.Generator):
        denses.append((net.synthesis.input.affine, 1.0))
        denses += [(layer.affine, 1.0) for layer in net.synthesis.layers if isinstance(layer, stylegan3.Layer)]
    else:
        blocks = [block for block in net.synthesis.blocks.values() if isinstance(block, stylegan2.SynthesisBlock)]
        convs = [conv for block in blocks for conv in (block.conv0, block.conv1) if conv is not None]
        denses += [(conv.affine, 1.0) for conv in convs]
        colors = blocks[-1].to_rgb
        assert colors is not None
        denses.append((colors.affine, colors.gain))
    return [dense.weight.cpu().double() * (dense.gain * gain) for dense, gain in denses]


def eigenvectors(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The eigenvectors of a symmetric float64 matrix (n, n) with the largest eigenvalues, and these: (k, n), (k,).

    k is at most 16. An eigenvector's sign is arbitrary: its largest component is made positive, so that a slider means
    the same on every machine.
    """
    values, vectors = torch.linalg.eigh(matrix)
    order = values.argsort(descending=True)[:MAX_DIRECTIONS]
    vectors = vectors[:, order].t()
    largest = vectors.gather(1, vectors.abs().argmax(dim=1, keepdim=True))
    return vectors * largest.sign(), values[order]


def style_directions(net: stylegan2.Generator | stylegan3.Generator, layers: Layers = None) -> Tensor:
    """Directions n of w with the largest |A n|, A being the stacked style weights of ``layers``: float64 (k, w_dim).

    They are the eigenvectors of A^T A (equation 6 of the paper).
    """
    weights = style_weights(net)
    first, last = layers or (0, len(weights) - 1)
    stacked = torch.cat(weights[first : last + 1])
    return eigenvectors(stacked.t() @ stacked)[0]


@torch.no_grad()
def first_layer_directions(net: dcgan.Generator) -> Tensor:
    """The same for a network without w: right singular vectors of the first layer, along which z has deviation 1."""
    first = next(module for module in net.layers if isinstance(module, torch.nn.ConvTranspose2d))
    matrix = first.weight.flatten(1).cpu().double()
    return eigenvectors(matrix @ matrix.t())[0]


@torch.no_grad()
def learned_direction(more: Tensor, less: Tensor | None, covariance: Tensor | None) -> Tensor:
    """The direction from the mean of some codes to that of others, as long as one standard deviation of codes along it.

    The difference of class means stays among the codes that occur, where a separating plane's normal would leave them.

    Parameters
    ----------
    more, less : codes liked and disliked, (n, dim), n >= 1. Without ``less`` the direction leads from the average code,
        to be given as 0: the codes are relative to it then.
    covariance : float64 (dim, dim) of codes; None: the identity.

    Returns
    -------
    float64 (dim,).

    Raises
    ------
    ValueError
        When the means are the same.
    """
    difference = more.double().mean(dim=0)
    if less is not None:
        difference = difference - less.double().mean(dim=0)
    length = difference.norm()
    if float(length) < 1e-9:
        raise ValueError("both choices have the same mean")
    unit = difference / length
    deviation = 1.0 if covariance is None else float((unit @ covariance @ unit).clamp(min=0).sqrt())
    return unit * deviation

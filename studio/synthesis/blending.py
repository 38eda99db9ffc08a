"""The blend of several latents by weights, as latents in latents. Recipes only, no torch."""

from __future__ import annotations

from collections.abc import Sequence

from studio.recipes import Latent, LatentMix


def blend(latents: Sequence[Latent], weights: Sequence[float]) -> Latent:
    """The mean of ``latents`` by ``weights`` (at least one above 0): a weight of 0 leaves its latent out.

    For networks with w it does not depend on their order; z of networks without it is mixed spherically, one after the
    other.

    Raises
    ------
    ValueError
        When no weight is above 0.
    """
    used = [(latent, weight) for latent, weight in zip(latents, weights, strict=True) if weight > 0]
    if not used:
        raise ValueError("nothing to blend")
    (blended, total), *rest = used
    for latent, weight in rest:
        total += weight
        blended = LatentMix(a=blended, b=latent, amount=round(weight / total, 4))
    return blended

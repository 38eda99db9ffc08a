"""Drifting (Deng et al. 2026, arXiv 2602.04770): a field in feature space that carries samples towards the pictures.

Each sample is pulled towards the real pictures that are near it and pushed away from the other samples that are near
it. Where samples are spread as the pictures are, both cancel. No discriminator is trained.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.networks.efficientnet import FEATURE_CHANNELS, EfficientNetLite0
from studio.training.settings import DRIFTING_SIDES, drifting_side

Scaling = Literal["feature", "space"]
TEMPERATURES = (0.02, 0.05, 0.2)
"""Reaches of the pull and the push, in units of the distances, that is, of the features' spread."""
PLACES = (2, 4)
"""Features are averaged over so many by so many places, each of which is a space of its own."""
COLOURS = (4, 8)
"""Sides of the reduced pictures that are features, too."""
CONTRASTS = (1, 4)
"""Means and deviations of the colours are features over so many by so many places."""
OHTA = ((3**-0.5, 3**-0.5, 3**-0.5), (2**-0.5, 0.0, -(2**-0.5)), (6**-0.5, -2 * 6**-0.5, 6**-0.5))
"""Brightness and two opponent colours of red, green and blue (Ohta et al. 1980, "Color information for region
segmentation"), orthonormal. In real pictures they hardly depend on each other, so each is measured by its own spread:
of red, green and blue nearly all spread is brightness, and colours came out a third too vivid, brightness a third too
flat."""
STATISTICS_DECAY = 0.98
FAR = 1e6
"""The distance, in deviations, that takes a sample out of its own sight."""


def drift(samples: Tensor, real: Tensor, temperatures: Sequence[float]) -> Iterator[Tensor]:
    """The field of each temperature at every sample, (k, n, d), for k spaces of d features.

    Algorithm 2 of Deng et al. 2026: affinities exp(-distance / temperature), normalised over what a sample sees and
    over the samples that see it; the pull towards real pictures is weighed by the push of other samples and vice versa.

    Parameters
    ----------
    samples : (k, n, d).
    real : (k, m, d).
    temperatures : in units of the distance divided by sqrt(d).
    """
    n = samples.shape[1]
    distances = torch.cat([torch.cdist(samples, real), torch.cdist(samples, samples)], dim=2)
    distances *= samples.shape[2] ** -0.5
    # A sample does not push itself.
    distances[:, :, real.shape[1] :].diagonal(dim1=1, dim2=2).fill_(FAR)
    for temperature in temperatures:
        logits = distances / -temperature
        affinity = (logits.softmax(dim=2) * logits.softmax(dim=1)).sqrt()
        pulls, pushes = affinity.split([real.shape[1], n], dim=2)
        pulls, pushes = pulls * pushes.sum(dim=2, keepdim=True), pushes * pulls.sum(dim=2, keepdim=True)
        yield pulls @ real - pushes @ samples


def drift_target(samples: Tensor, real: Tensor, temperatures: Sequence[float] = TEMPERATURES) -> Tensor:
    """The targets of the samples (k, n, d): they themselves and the fields of all temperatures at unit size."""
    target = samples.clone()
    for field in drift(samples, real, temperatures):
        target += field * (field.square().mean(dim=(1, 2), keepdim=True) + 1e-12).rsqrt()
    return target


def feature_spaces(backbone: EfficientNetLite0, pictures: Tensor) -> list[Tensor]:
    """The features of a set of pictures (n, 3, r, r) in -1..1, as spaces (k, n, d).

    Of each of the four maps of ``backbone``: mean and deviation over the picture; the means over 2 x 2 and over 4 x 4
    places, each place a space. Then the picture's own colours: mean and deviation over it and over 4 x 4 places, and
    the picture at 4 x 4 and 8 x 8 pixels.
    """
    seen = (pictures.clamp(-1.5, 1.5) + 1) / 2
    own = pictures.shape[-1]
    side = drifting_side(own)
    if side != own:
        seen = F.interpolate(seen, size=(side, side), mode="area" if side < own else "bilinear")
    spaces = []
    for feature in backbone.features(seen.contiguous(memory_format=torch.channels_last)):
        mean = feature.mean(dim=(2, 3))
        deviation = (feature.var(dim=(2, 3), correction=0) + 1e-4).sqrt()
        spaces.append(torch.cat([mean, deviation], dim=1)[None])
        for side in PLACES:
            spaces.append(F.adaptive_avg_pool2d(feature, side).flatten(2).permute(2, 0, 1))
    # No matrix product: mixed precision would round what small deviations are left of.
    colors = (pictures[:, None] * pictures.new_tensor(OHTA)[:, :, None, None]).sum(dim=2)
    for side in CONTRASTS:
        mean = F.adaptive_avg_pool2d(colors, side)
        deviation = (F.adaptive_avg_pool2d(colors.square(), side) - mean.square()).clamp(min=0).add(1e-3).sqrt()
        spaces.append(torch.cat([mean, deviation], dim=1).flatten(2).permute(2, 0, 1))
    for side in COLOURS:
        spaces.append(F.adaptive_avg_pool2d(colors, side).flatten(1)[None])
    return spaces


def spaces_shape() -> list[tuple[int, int]]:
    """(k, d) of the :func:`feature_spaces`."""
    found = []
    for channels in FEATURE_CHANNELS:
        found += [(1, 2 * channels), *((side * side, channels) for side in PLACES)]
    return [*found, *((side * side, 6) for side in CONTRASTS), *((1, 3 * side * side) for side in COLOURS)]


class RealFeatures:
    """The features of the pictures shown last, and their running statistics, which standardise all features.

    Attributes
    ----------
    size : how many pictures are remembered.
    scaling : "feature" divides every feature by its own deviation; "space" divides each space by one number, so that
        the mean distance of two pictures becomes sqrt(d), and compares distances with temperature x d, as Deng et al.
        2026 (appendix A.6) have it.
    """

    def __init__(self, size: int, scaling: Scaling = "feature") -> None:
        self.size, self.scaling = size, scaling
        self._spaces: list[Tensor] = []
        self._mean: list[Tensor] = []
        self._variance: list[Tensor] = []

    @torch.no_grad()
    def note(self, spaces: list[Tensor]) -> None:
        """Take in the features of the next pictures."""
        mean = [space.mean(dim=1, keepdim=True) for space in spaces]
        variance = [space.var(dim=1, keepdim=True, correction=0) for space in spaces]
        if not self._spaces:
            self._spaces, self._mean, self._variance = list(spaces), mean, variance
            return
        pairs = zip(self._spaces, spaces, strict=True)
        self._spaces = [torch.cat([old, new], dim=1)[:, -self.size :] for old, new in pairs]
        kept, share = STATISTICS_DECAY, 1 - STATISTICS_DECAY
        for index, (now, spread) in enumerate(zip(mean, variance, strict=True)):
            apart = (now - self._mean[index]).square()
            # The variance of the mixture of both.
            self._variance[index] = kept * self._variance[index] + share * spread + kept * share * apart
            self._mean[index] = kept * self._mean[index] + share * now

    def standardised(self, spaces: list[Tensor]) -> list[Tensor]:
        """``spaces`` with the mean and the deviation of the pictures' features taken out."""
        out = []
        for space, mean, variance in zip(spaces, self._mean, self._variance, strict=True):
            if self.scaling == "space":
                # The square distance of two pictures is twice the total variance.
                out.append((space - mean) / (2 * variance.mean(dim=2, keepdim=True)).sqrt().clamp(min=1e-6))
                continue
            deviation = variance.sqrt()
            # Features that never vary must not become noise of unit size.
            out.append((space - mean) / (deviation + 0.05 * deviation.mean(dim=2, keepdim=True) + 1e-6))
        return out

    def loss(self, spaces: list[Tensor]) -> Tensor:
        """Mean square distance of samples' features to where they are to drift; its gradient is the field."""
        total = spaces[0].new_zeros(())
        real = self.standardised(self._spaces)
        for sample, picture in zip(self.standardised(spaces), real, strict=True):
            # drift() measures in units of sqrt(d).
            factor = sample.shape[2] ** 0.5 if self.scaling == "space" else 1.0
            with torch.no_grad():
                target = drift_target(sample, picture, [factor * temperature for temperature in TEMPERATURES])
            total = total + F.mse_loss(sample, target)
        return total / len(spaces)

    @torch.no_grad()
    def distance(self, spaces: list[Tensor]) -> Tensor:
        """Distance of the samples' mean features from the pictures', in deviations: falls as training goes on."""
        found = [space.mean(dim=1).square().mean() for space in self.standardised(spaces)]
        return torch.stack(found).mean().sqrt()

    def state_dict(self) -> dict[str, Any]:
        """The state that a resumed run needs to go on exactly."""
        return {"sides": list(DRIFTING_SIDES), "spaces": self._spaces, "mean": self._mean, "variance": self._variance}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Undo :meth:`state_dict`. Features of an older program are forgotten: the next pictures bring today's."""
        known = [(len(space), space.shape[2]) for space in state["spaces"]] in ([], spaces_shape())
        if not known or state.get("sides") != list(DRIFTING_SIDES):
            state = {"spaces": [], "mean": [], "variance": []}
        self._spaces, self._mean, self._variance = (list(state[name]) for name in ("spaces", "mean", "variance"))

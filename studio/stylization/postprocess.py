"""Steps that preview and optimisation share: the photo as both see it, and the last touches to their result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.recipes import StylizeSettings
from studio.stylization.blend import StyleInput, blend_weights
from studio.stylization.color import fitted, luma, match_luma, recolored, resized, with_colors_of
from studio.stylization.masks import Mask, on_grid, plan_regions


def prepared(content: NDArray[np.uint8], long_side: int, settings: StylizeSettings) -> NDArray[np.uint8]:
    """The photo at a size; made to continue at its opposite edges if the result shall."""
    return on_grid(content, long_side) if settings.seamless else fitted(content, long_side)


def detail_kept(settings: StylizeSettings) -> float:
    """The detail to keep: what the settings say in the middle of the content's range, and less of it below, where the
    photo is left behind; by the first process the same everywhere."""
    return settings.detail if settings.process == 1 else settings.detail * min(2 * settings.content_strength, 1.5)


def texture_settings(settings: StylizeSettings) -> StylizeSettings:
    """``settings`` of a texture as those of a stylized picture of noise, of which nothing must stay."""
    return settings.model_copy(
        update={
            "content_strength": 0.0,
            "style_strength": 1.0,
            "keep_colors": False,
            "detail": 0.0,
            # Noise is like no place of a style.
            "loss": "wasserstein" if settings.loss == "nearest" else settings.loss,
        }
    )


def noise_picture(
    content: NDArray[np.uint8], styles: Sequence[StyleInput], settings: StylizeSettings
) -> NDArray[np.uint8]:
    """Coarse noise in the mean colours of ``styles``, with the proportions of ``content``: where a texture begins."""
    height, width = fitted(content, settings.size).shape[:2]
    random = np.random.default_rng(settings.seed)
    mean, spread = np.zeros(3), np.zeros(3)
    for style, weight in zip(styles, blend_weights(styles), strict=True):
        flat = style.image.reshape(-1, 3)
        mean, spread = mean + weight * flat.mean(0), spread + weight * flat.std(0)
    total = np.zeros((height, width, 3))
    for cell in (4, 8, 16):
        shape = max(8, -(-height // cell)), max(8, -(-width // cell))
        grains = np.asarray(np.clip(random.standard_normal((*shape, 3)) * 50 + 128, 0, 255), np.uint8)
        total += resized(grains, height, width).astype(np.float64) / 50 - 128 / 50
    return np.asarray(np.clip(mean + spread * total / 3**0.5, 0, 255), np.uint8)


def finished(
    picture: NDArray[np.float32],
    target: NDArray[np.uint8],
    styles: Sequence[StyleInput],
    settings: StylizeSettings,
    mask: Mask | None,
    *,
    match_brightness: bool = False,
) -> NDArray[np.uint8]:
    """uint8 from float 0..1, (height, width, 3): with the photo's colours if they are kept, and where no style goes
    the photo itself, to the pixel.

    Parameters
    ----------
    target : the photo at the same size.
    mask : where the photo is restyled, float32 (h, w) in 0..1; None is everywhere.
    match_brightness : give the brightness the mean and spread of the photo's before the photo's colours are put back.
    """
    levels = picture * 255.0
    levels += 0.5
    result = np.asarray(np.clip(levels, 0, 255, out=levels), np.uint8)
    del levels
    if settings.keep_colors and settings.color_transfer != "luminance":
        result = recolored(result, target, settings.color_transfer)
    elif settings.keep_colors:
        brightness = luma(result)
        result = with_colors_of(target, match_luma(brightness, luma(target)) if match_brightness else brightness)
    _, coverage = plan_regions(styles, mask, settings.feather, *target.shape[:2])
    if coverage is not None:
        share = coverage[..., None]
        mixed = target + share * (result.astype(np.float32) - target)
        result = np.asarray(mixed + 0.5, np.uint8)
    return result

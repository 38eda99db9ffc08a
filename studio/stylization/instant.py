"""The instant preview's second process: what the network paints, without its lattice and in the styles' own colours.

The network was trained on photos, which are nowhere flat. Where one is (skies, skin, black cloth) there is nothing for
it to hold on to, and it answers the faint steps of 8-bit gradients with a lattice. So flat places are given a grain to
hold on to, which it turns into strokes; what is finer there than the styles themselves are where they are calm is
lessened to that; and its colours, which are only near the styles', are moved onto theirs. How much of the photo is
left follows the optimisation: at the lower end of the content's range the network sees the photo without its finer
shapes, towards the upper end a part of the result is the photo itself in the styles' colours.

It works at 256 pixels, the size that its styles are seen at: there its strokes are as large as the optimisation's.
Everything is deterministic.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.recipes import StylizeSettings
from studio.stylization.blend import StyleInput, blend_weights
from studio.stylization.color import LUMA, fitted, in_colors_of, luma, symmetric_root
from studio.stylization.masks import Mask, fitted_mask
from studio.stylization.transformer import WRAP, repainted

WORKING_SIDE = 256
"""Long side at which the network paints."""

GRAIN = 0.05
"""Standard deviation of the grain in flat places, of 0..1."""
FLAT_CONTRAST = 0.02
"""A place with this local contrast, as a standard deviation of 0..1, is half flat."""
FINE_RADIUS = 3
"""Pixels; what differs from the mean of so many around is fine. The lattice's cells are of 4 to 12 pixels."""
CALM_SHARE = 0.35
"""The share of a style that counts as its calm part."""
FREEST = 3.0
"""Radius in pixels of what is left out of the photo when none of its content is asked for."""
PHOTO_SHARE = 0.5
"""How much of the result is the photo itself, in the styles' colours, when all of its content is asked for."""
MOST_STRETCH = 3.0
"""Bound of how much a colour axis is stretched: a picture of one colour has no palette to be moved."""

RING_REACH = 33
"""Pixels: the network's rings around dark things end within half of it."""
RING_FREEDOM = 0.01
"""So much brightness, of 0..1, a painted place near a strong edge may differ by from others of its colour."""
EDGE_CONTRAST = (0.06, 0.14)
"""From the first contrast on, a standard deviation of 0..1, an edge begins to count as strong; at the other it does."""

MEASURED, MEASURED_BY_AREA = 2**14, 2**16
"""So many pixels of a picture say what its colours are; the second, until the second process."""
COLOR_CELLS = 12
"""Cells of a channel; colours of one cell are alike."""
ONE_HUE = 0.04
"""Colours that differ by less than this, of 0..1, in all but brightness are one hue."""

_STATISTICS_KEPT = 256


@dataclass(frozen=True, eq=False)
class StyleColors:
    """Statistics of a style's colours, which are in 0..1.

    Attributes
    ----------
    mean, second : mean (3,) and raw second moment (3, 3) of its colours; both blend linearly.
    calm : standard deviation of its fine brightness where it is calm.
    by_area : whether a colour counts by its area, as until the second process, or by the root of it
        (:func:`_color_weights`).
    """

    mean: NDArray[np.float64]
    second: NDArray[np.float64]
    calm: float
    by_area: bool = False

    def __add__(self, other: StyleColors) -> StyleColors:
        return replace(
            self, mean=self.mean + other.mean, second=self.second + other.second, calm=self.calm + other.calm
        )

    def scaled(self, factor: float) -> StyleColors:
        """All multiplied by ``factor``."""
        return replace(self, mean=self.mean * factor, second=self.second * factor, calm=self.calm * factor)

    @property
    def spread(self) -> NDArray[np.float64]:
        """Covariance of the colours, (3, 3)."""
        return self.second - np.outer(self.mean, self.mean)

    @property
    def monochrome(self) -> bool:
        """True when the colours are those of one ink or pencil: all on a line from dark to light."""
        values, vectors = np.linalg.eigh(self.spread)
        return bool(values[1] < ONE_HUE**2 and abs(vectors[:, 2].sum()) > 0.8 * 3**0.5)


def blended_colors(styles: Sequence[StyleInput], *, by_area: bool = False) -> StyleColors:
    """The colours of a blend of ``styles`` by their weights; ``by_area`` as in :class:`StyleColors`."""
    weights = blend_weights(styles)
    parts = [style_colors(s, by_area=by_area).scaled(w) for s, w in zip(styles, weights, strict=True) if w > 0]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def photo_colors(photo: NDArray[np.uint8], *, by_area: bool = False) -> StyleColors:
    """The colours of ``photo``, of which a part stays when the style is not at its full strength."""
    return _measured(photo, None, by_area)


def wanted_colors(styles: Sequence[StyleInput], photo: NDArray[np.uint8], settings: StylizeSettings) -> StyleColors:
    """The colours that ``photo`` is to have: those of the blend, as far as the strength of the style says."""
    by_area, strength = settings.process < 3, settings.style_strength
    wanted = blended_colors(styles, by_area=by_area)
    if strength < 1:
        wanted = wanted.scaled(strength) + photo_colors(photo, by_area=by_area).scaled(1 - strength)
    return wanted


def style_colors(style: StyleInput, *, by_area: bool = False) -> StyleColors:
    """The colours of one style, of its part if it has one. Remembered by content."""
    key = (
        by_area,
        hashlib.blake2b(style.image.tobytes()).digest(),
        style.image.shape,
        _digest(style.part),
        round(style.scale, 3),
    )
    with _lock:
        known = _known.get(key)
    if known is None:
        known = _measured(fitted(style.image, round(WORKING_SIDE * max(0.25, style.scale))), style.part, by_area)
        with _lock:
            _known[key] = known
            while len(_known) > _STATISTICS_KEPT:
                _known.popitem(last=False)
    return known


def _measured(image: NDArray[np.uint8], mask: Mask | None, by_area: bool) -> StyleColors:
    share = np.ones(image.shape[:2], np.float64)
    if mask is not None:
        part = fitted_mask(mask, *image.shape[:2]).astype(np.float64)
        share = part if part.mean() > 1e-4 else share
    flat = image.reshape(-1, 3).astype(np.float64) / 255
    weights = share.ravel() if by_area else _color_weights(flat, share.ravel())
    weights = weights / weights.sum()
    mean = weights @ flat
    second = (flat * weights[:, None]).T @ flat
    contrast = _local_contrast(luma(image))[share > 0.5 * share.max()]
    return StyleColors(mean, second, float(np.quantile(contrast, CALM_SHARE)), by_area)


def _color_weights(colors: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each of ``colors`` (n, 3), in 0..1, when colours are moved: all alike ones together by the root of
    the area that ``shares`` (n,) say.

    By the area itself an orange suit or a blue wall is taken for the colour of the light, and skin and hair turn green.
    """
    cells = np.clip((colors * COLOR_CELLS).astype(np.intp), 0, COLOR_CELLS - 1)
    cell = (cells[:, 0] * COLOR_CELLS + cells[:, 1]) * COLOR_CELLS + cells[:, 2]
    areas = np.bincount(cell, shares, COLOR_CELLS**3)[cell]
    return np.asarray(shares / np.sqrt(np.maximum(areas, 1e-12)), np.float64)


_known: OrderedDict[tuple[object, ...], StyleColors] = OrderedDict()
_lock = threading.Lock()


def painted_by_network(
    photo: NDArray[np.uint8],
    vector: NDArray[np.float32],
    colors: StyleColors,
    content_strength: float,
    *,
    rings: bool = False,
    circular: bool = False,
) -> NDArray[np.float32]:
    """``photo`` in the style ``vector`` and in ``colors``.

    Parameters
    ----------
    photo : uint8 (height, width, 3), with a long side of about ``WORKING_SIDE``.
    vector : of the blend, see :func:`studio.stylization.transformer.repainted`.
    content_strength : 0..1, see :class:`studio.recipes.StylizeSettings`.
    rings : leave the glow around strong edges, as until the second process.
    circular : the picture is seen as a tile of an endless repetition.

    Returns
    -------
    float32, (height, width, 3), about 0..1.
    """
    around = WRAP if circular else 0
    photo = np.pad(photo, ((around, around), (around, around), (0, 0)), mode="wrap")
    seen = simplified(photo, FREEST * max(0.0, 1 - 2 * content_strength))
    painted = in_colors(repainted(grained(seen, around), vector), colors)
    painted = calmed(with_photo(painted, seen, colors, PHOTO_SHARE * content_strength), seen, colors.calm)
    if not rings:
        painted = in_colors(without_rings(painted, seen), colors)
    height, width = photo.shape[:2]
    return np.ascontiguousarray(painted[around : height - around, around : width - around])


def without_rings(painted: NDArray[np.float32], photo: NDArray[np.uint8]) -> NDArray[np.float32]:
    """``painted`` without the glow that the network leaves around strong edges of ``photo``, uint8 of the same size.

    Near such edges the coarse brightness of ``painted`` may be but ``RING_FREEDOM`` from what the photo's colours
    become on the whole (:func:`studio.stylization.color.in_colors_of`). Colours stay, and so do strokes.
    """
    expected = in_colors_of(photo, np.asarray(np.clip(painted * 255 + 0.5, 0, 255), np.uint8))
    apart = np.asarray((painted - expected) @ LUMA, np.float32)
    coarse = _mean_around(_mean_around(apart, FINE_RADIUS), FINE_RADIUS)
    excess = np.sign(coarse) * np.maximum(np.abs(coarse) - np.float32(RING_FREEDOM), 0)
    contrast = _local_contrast(luma(photo), 2 * FINE_RADIUS + 2)
    strongest = cv2.dilate(contrast, np.ones((RING_REACH, RING_REACH), np.uint8))
    low, high = EDGE_CONTRAST
    near = cv2.GaussianBlur(np.clip((strongest - low) / (high - low), 0, 1), (0, 0), RING_REACH / 4)
    return np.asarray(painted - (near * excess)[..., None], np.float32)


def simplified(photo: NDArray[np.uint8], radius: float) -> NDArray[np.uint8]:
    """``photo`` without what is finer than ``radius`` in pixels, as the optimisation leaves it when little of its
    content is asked for."""
    if radius <= 0:
        return photo
    return np.asarray(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(radius)))


def grained(photo: NDArray[np.uint8], around: int = 0) -> NDArray[np.float32]:
    """``photo`` as float32 0..1 with a grain where it is flat, always the same one; it repeats itself in the outer
    ``around`` pixels, where the photo does."""
    height, width = photo.shape[:2]
    random = np.random.default_rng(0)
    noise = random.standard_normal((height - 2 * around, width - 2 * around), np.float32)
    noise = np.pad(noise, around, mode="wrap")
    # Coarse noise would come out as clouds.
    grain = _mean_around(noise, 1) - _mean_around(_mean_around(noise, 2), 2)
    grain *= np.float32(GRAIN / grain.std())
    pixels = photo.astype(np.float32) / np.float32(255)
    return np.clip(pixels + (flatness(photo) * grain)[..., None], 0, 1)


def flatness(photo: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Flatness of ``photo`` around each pixel, float32 (height, width): 1 without any contrast, 0 at edges."""
    contrast = _local_contrast(luma(photo), 2 * FINE_RADIUS)
    flat = 1 / (1 + (contrast / np.float32(FLAT_CONTRAST)) ** 2)
    return np.asarray(_mean_around(flat, FINE_RADIUS), np.float32)


def calmed(painted: NDArray[np.float32], photo: NDArray[np.uint8], calm: float) -> NDArray[np.float32]:
    """``painted`` with no more fine contrast, where ``photo`` is flat, than the styles have where they are calm.

    Parameters
    ----------
    painted : float32 (height, width, 3), about 0..1.
    photo : uint8, of the same size.
    calm : the styles' own contrast, see :class:`StyleColors`.
    """
    flat = flatness(photo)
    smooth = np.stack(
        [_mean_around(_mean_around(painted[..., c], FINE_RADIUS), FINE_RADIUS) for c in range(3)], axis=-1
    )
    fine = painted - smooth
    brightness = fine @ LUMA
    strength = np.sqrt(_mean_around(brightness**2, 2 * FINE_RADIUS))
    kept = np.minimum(1, np.float32(calm) / np.maximum(strength, 1e-4))
    return np.asarray(smooth + (1 - flat * (1 - kept))[..., None] * fine, np.float32)


def in_colors(painted: NDArray[np.float32], wanted: StyleColors) -> NDArray[np.float32]:
    """``painted``, float32 (height, width, 3), with the mean and covariance of the styles' colours, by the linear map
    that moves colours least (Pitié and Kokaram 2007). Styles of one hue give pictures of one hue."""
    flat = painted.reshape(-1, 3)
    if wanted.by_area:
        seen = flat[:: max(1, len(flat) // MEASURED_BY_AREA)].astype(np.float64)
        mean, spread = seen.mean(0), np.cov(seen.T, bias=True)
    else:
        # An odd stride: every fourth pixel would be the same column of a lattice.
        seen = flat[:: len(flat) // MEASURED | 1].astype(np.float64)
        weights = _color_weights(seen, np.full(len(seen), 1 / len(seen)))
        mean = np.average(seen, 0, weights)
        spread = np.cov(seen.T, bias=True, aweights=weights)
    spread = spread + np.eye(3) * 1e-5
    root, inverse = symmetric_root(spread), symmetric_root(spread, inverse=True)
    matrix = inverse @ symmetric_root(root @ (wanted.spread + np.eye(3) * 1e-7) @ root) @ inverse
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    matrix = (vectors * np.clip(values, 0, MOST_STRETCH)) @ vectors.T
    moved = flat @ matrix.astype(np.float32) + (wanted.mean - mean @ matrix).astype(np.float32)
    return np.asarray(moved.reshape(painted.shape), np.float32)


def with_photo(
    painted: NDArray[np.float32], photo: NDArray[np.uint8], wanted: StyleColors, share: float
) -> NDArray[np.float32]:
    """``painted`` with a ``share`` of ``photo``, of the same size, in it: both in the colours ``wanted``."""
    if share <= 0:
        return painted
    toned = in_colors(photo.astype(np.float32) / np.float32(255), wanted)
    return in_colors(np.float32(1 - share) * painted + np.float32(share) * toned, wanted)


def _local_contrast(brightness: NDArray[np.float32], radius: int = 2 * FINE_RADIUS) -> NDArray[np.float32]:
    """Standard deviation around each pixel of what is finer than ``radius`` pixels."""
    mean = _mean_around(brightness, radius)
    fine = brightness - mean
    return np.sqrt(np.maximum(_mean_around(fine * fine, radius), 0))


def _mean_around(values: NDArray[np.floating[Any]], radius: int) -> NDArray[np.float32]:
    """Mean over the square of ``radius`` pixels to each side."""
    radius = min(radius, (min(values.shape) - 1) // 2)
    side = 2 * radius + 1
    return np.asarray(
        cv2.blur(np.asarray(values, np.float32), (side, side), borderType=cv2.BORDER_REPLICATE), np.float32
    )


def _digest(mask: Mask | None) -> bytes | None:
    return None if mask is None else hashlib.blake2b(repr(mask.shape).encode() + mask.tobytes()).digest()

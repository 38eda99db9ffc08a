"""Keeping the photo's colours, and sizes of pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Shares of red, green and blue in the brightness, ITU-R BT.709."""


FILTER = Image.Resampling.LANCZOS
"""How pictures are resized. It is part of the style's statistics: softer filters leave less of the fine strokes."""


def fitted(image: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """``image`` scaled so that its long side is ``long_side``; no side falls below 8 pixels."""
    height, width = image.shape[:2]
    factor = long_side / max(height, width)
    return resized(image, max(8, round(height * factor)), max(8, round(width * factor)))


def resized(image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """``image`` at exactly ``height`` by ``width`` pixels."""
    if image.shape[:2] == (height, width):
        return image
    return np.asarray(Image.fromarray(image).resize((width, height), FILTER))


def luma(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness Y' in 0..1, float32, (height, width)."""
    levels = image.astype(np.float32)
    levels /= np.float32(255.0)
    brightness: NDArray[np.float32] = np.dot(levels, LUMA)
    return brightness


def match_luma(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float32]:
    """``source`` shifted and scaled to the mean and spread of ``target`` (Gatys et al. 2016, arXiv:1606.05897, eq. 10).

    The scale stays within 2/3..3/2: a flat source would otherwise turn into amplified noise.
    """
    scale = float(np.clip(target.std() / max(float(source.std()), 1e-4), 2 / 3, 3 / 2))
    matched: NDArray[np.float32] = (source - source.mean()) * np.float32(scale) + target.mean()
    return matched


def with_colors_of(content: NDArray[np.uint8], brightness: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The colours of ``content`` at another brightness.

    Parameters
    ----------
    content : uint8, (height, width, 3).
    brightness : Y' in 0..1, (height, width); clipped.

    Notes
    -----
    The chroma of YCbCr is kept, and where that would leave the RGB cube it is lessened just enough to stay inside:
    clipping each channel on its own would turn skies cyan and skin yellow.
    """
    rgb = content.astype(np.float32) / 255.0
    chroma = rgb - luma(content)[..., None]
    y = np.clip(brightness, 0.0, 1.0)
    highest, lowest = chroma.max(-1), chroma.min(-1)
    room = np.minimum((1.0 - y) / np.maximum(highest, 1e-6), y / np.maximum(-lowest, 1e-6))
    out = y[..., None] + chroma * np.minimum(room, 1.0)[..., None]
    return np.asarray(np.clip(out * 255.0 + 0.5, 0, 255), np.uint8)


def linear_transfer(image: NDArray[np.uint8], reference: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``image`` with the mean and covariance of the colours of ``reference``.

    The linear map that moves colours least (Pitié and Kokaram 2007, "The linear Monge-Kantorovitch linear colour
    mapping for example-based colour transfer").
    """
    mean, spread = _color_statistics(image)
    wanted_mean, wanted = _color_statistics(reference)
    root, inverse = symmetric_root(spread), symmetric_root(spread, inverse=True)
    matrix = inverse @ symmetric_root(root @ wanted @ root) @ inverse
    flat = image.reshape(-1, 3).astype(np.float32) - mean.astype(np.float32)
    out = flat @ matrix.T.astype(np.float32) + wanted_mean.astype(np.float32)
    return np.asarray(np.clip(out + 0.5, 0, 255), np.uint8).reshape(image.shape)


def histogram_transfer(image: NDArray[np.uint8], reference: NDArray[np.uint8], rounds: int = 12) -> NDArray[np.uint8]:
    """``image`` with the colours of ``reference``: their whole distribution, not only its mean and spread.

    One-dimensional histograms are matched along turned axes again and again (Pitié et al. 2005, "N-dimensional
    probability density function transfer"). Deterministic.
    """
    random = np.random.default_rng(0)
    levels = np.linspace(0, 1, 256)
    out: NDArray[np.float32] = image.reshape(-1, 3).astype(np.float32)
    wanted = _sampled(reference).astype(np.float32)
    have: NDArray[np.float32] = _sampled(image).astype(np.float32)
    for turn in range(rounds):
        turn_by = np.eye(3) if turn == 0 else np.linalg.qr(random.standard_normal((3, 3)))[0]
        axes = np.asarray(turn_by, np.float32)
        turned, sampled, goal = out @ axes, have @ axes, wanted @ axes
        for axis in range(3):
            # Flat places make steps in the quantiles; np.interp needs them to rise.
            source = np.asarray(np.quantile(sampled[:, axis], levels), np.float64) + 1e-3 * levels
            target = np.asarray(np.quantile(goal[:, axis], levels), np.float64)
            turned[:, axis] = np.interp(turned[:, axis], source, target)
            sampled[:, axis] = np.interp(sampled[:, axis], source, target)
        out, have = np.asarray(turned @ axes.T, np.float32), np.asarray(sampled @ axes.T, np.float32)
    return np.asarray(np.clip(out + 0.5, 0, 255), np.uint8).reshape(image.shape)


def recolored(image: NDArray[np.uint8], photo: NDArray[np.uint8], method: str) -> NDArray[np.uint8]:
    """``image`` with the palette of ``photo`` by "linear" or "histogram" transfer."""
    return linear_transfer(image, photo) if method == "linear" else histogram_transfer(image, photo)


def _sampled(image: NDArray[np.uint8], most: int = 65_536) -> NDArray[np.uint8]:
    flat = image.reshape(-1, 3)
    return flat[:: max(1, len(flat) // most)]


def _color_statistics(image: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    flat = image.reshape(-1, 3).astype(np.float64)
    return flat.mean(0), np.cov(flat.T, bias=True) + np.eye(3)


def symmetric_root(matrix: NDArray[np.float64], *, inverse: bool = False) -> NDArray[np.float64]:
    """The square root of a symmetric ``matrix``, or of its inverse; eigenvalues of zero or below count as tiny."""
    values, vectors = np.linalg.eigh(matrix)
    roots = np.sqrt(np.maximum(values, 1e-9))
    root: NDArray[np.float64] = (vectors * (1 / roots if inverse else roots)) @ vectors.T
    return root


def in_colors_of(photo: NDArray[np.uint8], painted: NDArray[np.uint8]) -> NDArray[np.float32]:
    """``photo`` with each of its colours become what ``painted``, of the same size, has in their place on the whole.

    A quadratic map of colours by least squares, the same everywhere: what is painted around a thing, and is not in the
    photo, leaves no trace. float32 in 0..1, (height, width, 3).
    """
    colors = photo.reshape(-1, 3).astype(np.float32) / 255
    red, green, blue = colors.T
    terms = [np.ones_like(red), red, green, blue, red * red, green * green, blue * blue]
    basis = np.stack([*terms, red * green, green * blue, blue * red], axis=1)
    wanted = painted.reshape(-1, 3).astype(np.float32) / 255
    # Damped, so that the map stays tame where a photo has few colours.
    squares = basis.T @ basis + 1e-4 * len(basis) * np.eye(basis.shape[1], dtype=np.float32)
    found = np.linalg.solve(squares.astype(np.float64), (basis.T @ wanted).astype(np.float64)).astype(np.float32)
    return np.asarray(np.clip(basis @ found, 0, 1).reshape(photo.shape), np.float32)

"""Measures of stylized pictures: palette, strokes, and the lattice of a network in flat places."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage
from torch import nn

from studio.stylization.color import luma
from studio.stylization.instant import flatness
from studio.stylization.objective import CONTENT_LAYER, features, to_tensor

WINDOW = 32
"""Side of the windows in which the lattice is looked for, in pixels."""
PERIODS = (2.0, 14.0)
"""Shortest and longest period of a lattice, in pixels."""


Picture = NDArray[np.uint8]


def palette_distance(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Sliced Wasserstein distance of the colours of two pictures, 0..1 (0.02 is hard to see)."""
    axes = np.random.default_rng(0).standard_normal((24, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    shares = np.linspace(0, 1, 101)
    flat = (each.reshape(-1, 3) for each in (a, b))
    clouds = [each[:: max(1, len(each) // 2**14)] / 255 @ axes.T for each in flat]
    first, second = (np.quantile(cloud, shares, axis=0) for cloud in clouds)
    return float(np.abs(first - second).mean())


def stroke_size(image: NDArray[np.uint8]) -> float:
    """Mean period in pixels of the brightness of ``image`` above a blur of 8 pixels: the size of strokes and edges."""
    grey = Image.fromarray(image).convert("L")
    fine = np.asarray(grey, float) - np.asarray(grey.filter(ImageFilter.GaussianBlur(8)), float)
    energy = np.abs(np.fft.rfft2(fine * np.outer(np.hanning(fine.shape[0]), np.hanning(fine.shape[1])))) ** 2
    rows, columns = np.fft.fftfreq(fine.shape[0])[:, None], np.fft.rfftfreq(fine.shape[1])[None]
    return float(energy.sum() / (energy * np.hypot(rows, columns)).sum())


def lattice(image: NDArray[np.uint8], photo: NDArray[np.uint8]) -> float:
    """Contrast of the regular pattern in ``image`` where ``photo``, of the same size, is flat: a standard deviation of
    its brightness in 0..1.

    A lattice has its energy in a few waves, which stick out of the spectrum; strokes and grain spread theirs. So what
    counts is by how much each wave, on average over windows in flat places, is stronger than others of its length.

    Raises
    ------
    ValueError
        When the photo is nowhere flat.
    """
    flat, grey = flatness(photo), luma(image)
    taper = np.outer(np.hanning(WINDOW), np.hanning(WINDOW))
    taper /= np.sqrt((taper**2).mean())
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(WINDOW), np.fft.fftfreq(WINDOW)))
    band = (frequency >= 1 / PERIODS[1]) & (frequency <= 1 / PERIODS[0])
    found = []
    for top in range(0, grey.shape[0] - WINDOW + 1, WINDOW // 4):
        for left in range(0, grey.shape[1] - WINDOW + 1, WINDOW // 4):
            place = slice(top, top + WINDOW), slice(left, left + WINDOW)
            if flat[place].mean() > 0.6:
                found.append(np.abs(np.fft.fft2((grey[place] - grey[place].mean()) * taper) / WINDOW**2) ** 2)
    if not found:
        raise ValueError("no flat place")
    energy = np.mean(found, axis=0)
    ring = np.round(frequency * WINDOW).astype(int)
    usual = ndimage.median(energy, ring, np.arange(ring.max() + 1))[ring]
    return float(np.sqrt(np.maximum(energy - 4 * usual, 0)[band].sum()))


def halo(image: NDArray[np.uint8], photo: NDArray[np.uint8]) -> float:
    """How much brighter ``image``, in 0..1, is close around what is dark in ``photo``, of the same size, than farther
    away from it: the white ring along hair and shoulders. The photo should have one brightness around dark things."""
    distance = ndimage.distance_transform_edt(ndimage.gaussian_filter(luma(photo), 1) >= 0.5)
    shares = distance / max(image.shape[:2])
    grey = luma(image)
    return float(grey[(shares > 0.01) & (shares < 0.055)].mean() - grey[(shares > 0.09) & (shares < 0.15)].mean())


def content_distance(extractor: nn.Module, image: NDArray[np.uint8], photo: NDArray[np.uint8]) -> float:
    """Squared distance of the features of two pictures in ``CONTENT_LAYER``, as a share of the photo's energy."""
    with torch.no_grad():
        found, wanted = (
            features(extractor, to_tensor(each, "cpu"), [CONTENT_LAYER])[CONTENT_LAYER] for each in (image, photo)
        )
    return float((found - wanted).square().mean() / wanted.square().mean())

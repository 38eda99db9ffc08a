"""Cleaning: closer to the picture as it was, and nothing else changed."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from studio.base import drain
from studio.recipes import CleanSettings
from studio.restoration.clean import clean, color_ranges, noise_level, scratches_in, with_levels
from tests.restoration.test_enlarge import psnr

PHOTO: NDArray[np.uint8] = np.asarray(data.astronaut()[:200, 120:320])


def as_jpeg(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    held = io.BytesIO()
    Image.fromarray(picture).save(held, "JPEG", quality=quality)
    return np.asarray(Image.open(held))


@pytest.mark.parametrize("sigma", [8, 25])
def test_noise(sigma: float) -> None:
    noise = np.random.default_rng(0).normal(0, sigma, PHOTO.shape)
    noisy = np.clip(PHOTO + noise, 0, 255).astype(np.uint8)
    assert noise_level(noisy[..., 1].astype(np.float32)) == pytest.approx(sigma, rel=0.25)
    gain = psnr(PHOTO, drain(clean(noisy, CleanSettings(noise=0.5)))) - psnr(PHOTO, noisy)
    assert gain > 3, gain


def test_jpeg() -> None:
    blocky = as_jpeg(PHOTO, 15)
    assert psnr(PHOTO, drain(clean(blocky, CleanSettings(jpeg=0.75)))) > psnr(PHOTO, blocky) + 0.3


def test_scratches_are_found_and_little_else() -> None:
    scan = PHOTO.copy()
    drawn = np.zeros(PHOTO.shape[:2], np.uint8)
    for x in (30, 90, 150):
        cv2.line(drawn, (x, 5), (x + 6, 150), 255, 1)
    scan[drawn > 0] = (235, 235, 230)
    found = scratches_in(scan, 0.5) > 0
    assert found[drawn > 0].mean() > 0.6
    assert found.mean() < 0.12
    wall = np.full((120, 120, 3), 180, np.uint8)
    wall[40:42, 60:62] = 20  # a speck on a wall
    assert np.abs(drain(clean(wall, CleanSettings(scratches=0.5))).astype(int) - 180).max() <= 4


def test_levels() -> None:
    faded = (PHOTO.astype(np.float32) * (0.4, 0.5, 0.3) + (60, 70, 90)).astype(np.uint8)
    full = drain(clean(faded, CleanSettings(levels=1)))
    for channel in range(3):
        low, high = np.percentile(full[..., channel], (1, 99))
        assert low < 12 and high > 243
    half = with_levels(faded, 0.5, color_ranges(faded))
    between = (faded.astype(float) + full) / 2
    assert np.abs(half - between).max() <= 1
    flat = np.full((4, 4, 3), 77, np.uint8)
    assert np.array_equal(with_levels(flat, 1, color_ranges(flat)), flat)


@pytest.mark.parametrize("shape", [(1, 1), (7, 30), (33, 8)])
def test_alpha_and_odd_sizes(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(2).integers(0, 256, (*shape, 4), np.uint8)
    made = drain(clean(picture, CleanSettings(jpeg=0.2, noise=0.2, levels=0.3)))
    assert made.shape == picture.shape and np.array_equal(made[..., 3], picture[..., 3])
    # Barely any strength changes nothing, whatever the size: squares are put back where they came from.
    assert np.abs(drain(clean(picture, CleanSettings(noise=1e-6))).astype(int) - picture).max() <= 1


def test_nothing_on_changes_nothing() -> None:
    assert np.array_equal(drain(clean(PHOTO, CleanSettings())), PHOTO)
    assert not CleanSettings().does_something and CleanSettings(levels=0.1).does_something

"""The pixels of what networks draw: one to four channels in -1..1 to the pictures that everything else works with."""

from __future__ import annotations

import torch
from torch import Tensor


def to_pixels(image: Tensor) -> Tensor:
    """Pixels, uint8 (..., h, w, 3) on the CPU, with straight alpha (..., h, w, 4) where something is transparent.

    Parameters
    ----------
    image : (..., h, w, channels) in -1..1 (clipped). One channel is grey, two are grey and alpha, three RGB, four RGB
        and alpha; of more, the first three are shown.
    """
    levels = ((image.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()
    channels = levels.shape[-1]
    color = levels[..., :1].expand(*levels.shape[:-1], 3) if channels < 3 else levels[..., :3]
    if channels not in (2, 4):
        return color.contiguous()
    alpha = levels[..., -1:]
    return color.contiguous() if bool((alpha == 255).all()) else torch.cat([color, alpha], -1)


def on_white(pixels: Tensor) -> Tensor:
    """Pixels, uint8 (..., 3 or 4), as RGB: transparent places on white."""
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:].float() / 255
    return (pixels[..., :3] * alpha + 255 * (1 - alpha)).round().to(torch.uint8)

"""Video of more light and colours than screens for sRGB have: HDR (PQ, HLG) and wide gamut (BT.2020, P3), to sRGB.

HDR is brought down as BT.2390 proposes: what is darker than about 90 nits stays, what is brighter is pressed together,
up to 1000 nits, so that reference white (203 nits, BT.2408) is a light grey and highlights are still told apart.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# ITU-T H.273.
PQ, HLG = 16, 18
BT2020, P3 = 9, 12

PEAK = 1000.0
"""Nits from which on all is white, and the screen that HLG is made for."""
WHITE = 203.0
"""Nits of HDR's reference white: the white of sRGB."""

# To the primaries of BT.709, with the white point D65 of all three.
_MATRICES = {
    BT2020: np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32),
    P3: np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]], np.float32),
}
_FINE = 16_384

Levels = NDArray[np.float64]


@functools.cache
def to_srgb(transfer: int, primaries: int) -> Callable[[NDArray[np.uint16]], NDArray[np.uint8]] | None:
    """The conversion of pictures of such a kind to sRGB; None for those that can be shown as they are.

    Parameters
    ----------
    transfer, primaries : by the numbers of ITU-T H.273.

    Returns
    -------
    A function from uint16 (height, width, 3), R'G'B' of the full range, to uint8 of the same shape.
    """
    matrix = _MATRICES.get(primaries)
    if transfer in (PQ, HLG):  # always of BT.2020, also where a file forgets to say so
        matrix = _MATRICES[BT2020] if matrix is None else matrix
    elif matrix is None:
        return None
    codes = np.linspace(0, 1, 65536)
    decode = {PQ: _pq_light, HLG: _hlg_scene}.get(transfer, _srgb_light)(codes).astype(np.float32)
    squeeze = _squeezed(np.linspace(0, PEAK / WHITE, 65536)).astype(np.float32)
    encode = (_srgb_code(np.linspace(0, 1, _FINE + 1)) * 255 + 0.5).astype(np.uint8)

    def convert(picture: NDArray[np.uint16]) -> NDArray[np.uint8]:
        light = decode[picture]
        if transfer == HLG:  # the system gamma of a screen of 1000 nits (BT.2100): of the brightness, not the channels
            bright = light @ np.array([0.2627, 0.6780, 0.0593], np.float32)
            light *= (np.float32(PEAK / WHITE) * np.power(np.maximum(bright, 1e-6), np.float32(0.2)))[..., None]
        if transfer in (PQ, HLG):
            # By the strongest channel, the others in proportion: hues stay.
            most = np.maximum(light.max(-1), 1e-6)
            place = np.minimum(most * np.float32(65535 * WHITE / PEAK), 65535).astype(np.int32)
            light *= (squeeze[place] / most)[..., None]
        shown = np.clip(light @ matrix.T, 0, 1)
        return np.asarray(encode[(shown * np.float32(_FINE) + np.float32(0.5)).astype(np.int32)], np.uint8)

    return convert


def _pq_light(code: Levels) -> Levels:
    """SMPTE ST 2084: light in units of reference white."""
    root = np.power(code, 1 / 78.84375)
    return np.power(np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root), 1 / 0.1593017578125) * 1e4 / WHITE


def _pq_code(light: Levels) -> Levels:
    """The inverse of :func:`_pq_light`."""
    power = np.power(light * WHITE / 1e4, 0.1593017578125)
    return np.power((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power), 78.84375)


def _hlg_scene(code: Levels) -> Levels:
    """ARIB STD-B67, BT.2100: light of the scene, 0..1."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)


def _squeezed(light: Levels) -> Levels:
    """BT.2390-10, 5.4.1: light up to :data:`PEAK`, brought to 0..1 of reference white."""
    top = _pq_code(np.array(PEAK / WHITE))
    e, most = _pq_code(light) / top, _pq_code(np.array(1.0)) / top
    knee = 1.5 * most - 0.5
    t = (e - knee) / (1 - knee)
    curve = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    return _pq_light(np.where(e < knee, e, curve) * top)


def _srgb_light(code: Levels) -> Levels:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _srgb_code(light: Levels) -> Levels:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(np.maximum(light, 1e-9), 1 / 2.4) - 0.055)

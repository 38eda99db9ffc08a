"""The layers above 32 px of the starter models, set to what ``bands.py`` computes: no training finds edges so sharp.

A picture of bands is a function of two smooth fields: of the phase, through a wave, and of the place of the seams. The
layers up to 32 px hold both as hinges. From there on every channel of a narrow network is given its work:

======  =====================================  ==============================================
pixels  first convolution                      second convolution
======  =====================================  ==============================================
64      both fields, apart inside and at rims  hinges of the phase; the place
128     the wave, apart inside and at rims     the wave; the place
256     hinges of the wave and of the place    shares of colours, three channels each; seams;
                                               relief
======  =====================================  ==============================================

Enlarging takes a quarter of everything from the outermost pixels, since there is nothing beyond them. So does it from a
channel that is one, which tells the rim from the inside: each has hinges of its own, from which both come out right.
The colours themselves are styles of the last layer. Coefficients are found by least squares, layer after layer.
"""

from __future__ import annotations

import math

import bands
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.networks.stylegan2 import Generator, ModulatedConv

Array = NDArray[np.float64]
Reading = tuple[Array, float]
"""How a field is read from channels: coefficients and an offset."""
LEAK = 0.2
CARRIED = 1 + LEAK
"""leaky(v) - leaky(-v) = CARRIED v."""
PLACE_SCALE = 0.8
"""How the field of seams is scaled."""
PHASES = np.linspace(0, 5.2, 52)
"""Where the hinges of the phase bend, evenly over all that occurs."""
STEP_BENDS = (-0.03, -0.015, 0.0, 0.015, 0.03, 0.055)
WAVES = np.array([0.03, 0.055, *(k / 4 + bend for k in (1, 2, 3) for bend in STEP_BENDS), 0.9])
"""Where the hinges of the wave bend: at every border of two bands."""
PLACES = np.array([-0.6, -0.2, 0.4, 0.8])
SEAM, RELIEF = 0.85, 0.12
LIFT = 2.5
"""Added to what must pass unbent."""
RIDGE = 1e-9
KEPT = (1.0, 0.75, 0.5625)
"""What enlarging leaves inside, at the rim and in the corners."""
DOUBT = 0.02
"""By how much what should be one may be off."""
APART, REACH = 24.0, 2.4
"""How far the hinges of the rim are from those of the inside; fields stay within plus and minus ``REACH``."""


def leaky(x: Array) -> Array:
    return np.where(x > 0, x, LEAK * x)


def fit(inputs: Array, wanted: Array, *, constant: bool = True) -> tuple[Array, float]:
    """Coefficients and offset that give ``wanted`` (n,) from ``inputs`` (n, k) by least squares with a small ridge.

    Without a ``constant`` the offset is zero.
    """
    middle, goal = (inputs.mean(axis=0), wanted.mean()) if constant else (np.zeros(inputs.shape[1]), 0.0)
    centred = inputs - middle
    square = centred.T @ centred
    ridge = RIDGE * np.trace(square) * np.eye(len(square)) / len(square)
    found = np.linalg.solve(square + ridge, centred.T @ (wanted - goal))
    return found, float(goal - found @ middle)


@torch.no_grad()
def clear(layer: ModulatedConv) -> None:
    """No channel does anything, whatever w is."""
    layer.affine.weight.zero_()
    layer.affine.bias.fill_(1.0)
    layer.weight.zero_()
    layer.bias.zero_()


@torch.no_grad()
def set_channel(layer: ModulatedConv, channel: int, coefficients: Array, offset: float) -> float:
    """Let a channel be leaky(s (coefficients @ inputs + offset)); returns s, which demodulation decides.

    ``coefficients`` are (inputs,) for the middle of the kernel, or (inputs, 3, 3).
    """
    kernel = coefficients
    if coefficients.ndim == 1:
        kernel = np.zeros((len(coefficients), 3, 3))
        kernel[:, 1, 1] = coefficients
    length = math.sqrt(float(np.square(kernel).sum()))
    layer.weight[channel] = torch.from_numpy(kernel / length).float()
    layer.bias[channel] = offset / length
    return math.sqrt(2) / length


def wide(values: Array, at: tuple[int, ...], count: int) -> Array:
    """``values`` at the channels ``at``, of ``count``; zeros elsewhere."""
    full = np.zeros(count)
    full[list(at)] = values
    return full


def carry(layer: ModulatedConv, inputs: dict[str, Reading], first: int) -> dict[str, Reading]:
    """Pass fields on, in two channels each from ``first`` on: up and down. Returns how they are read from there."""
    passed = {}
    outputs = len(layer.bias)
    for name, (coefficients, offset) in inputs.items():
        scale = set_channel(layer, first, coefficients, offset)
        set_channel(layer, first + 1, -coefficients, -offset)
        passed[name] = wide(np.array([1, -1]) / (scale * CARRIED), (first, first + 1), outputs), 0.0
        first += 2
    return passed


def bend(layer: ModulatedConv, field: Reading, knots: Array, first: int, values: Array) -> Array:
    """Hinges of a field at ``knots``, from channel ``first`` on; returns what they are for ``values`` (n,): (n, k)."""
    found = []
    for index, knot in enumerate(knots):
        scale = set_channel(layer, first + index, field[0], field[1] - knot)
        found.append(leaky(scale * (values - knot)))
    return np.stack(found, axis=1)


def enlarge(layer: ModulatedConv, field: Array, one: Array, first: int) -> Reading:
    """Enlarge a field (coefficients, without offset) beside a channel that is one; takes six channels.

    Returns how the field is read from them, inside, at the rim and in the corners.
    """
    # What should be one is so only nearly, once the layers below have learnt: that must not matter.
    inside, grid, error = np.meshgrid(KEPT, np.linspace(-REACH, REACH, 400), (-DOUBT, 0.0, DOUBT), indexing="ij")
    kept = (inside + error).ravel()
    values = (grid * inside).ravel()
    rows: list[tuple[Array, float, Array]] = [
        (field + APART * one, REACH - APART, values + APART * kept + REACH - APART),
        *(
            (field - APART * one, share * APART + REACH, values - APART * kept + share * APART + REACH)
            for share in KEPT[1:]
        ),
        (field, 0.0, values),
        (-field, 0.0, -values),
        (one, 0.0, kept),
    ]
    seen = []
    for index, (coefficients, offset, value) in enumerate(rows):
        scale = set_channel(layer, first + index, coefficients, offset)
        seen.append(leaky(scale * value))
    found, offset = fit(np.stack(seen, axis=1), grid.ravel())
    return wide(found, tuple(range(first, first + len(rows))), len(layer.bias)), offset


@torch.no_grad()
def set_band_layers(
    generator: Generator,
    fields: Tensor,
    hinges: Tensor,
    first_color: int,
    scale_and_shift: tuple[float, float],
    rest: float,
) -> None:
    """Set the layers of ``generator`` above 32 px.

    Parameters
    ----------
    fields, hinges : exact fields (n, 2) of places and the features at 32 px (n, channels) for them.
    first_color : where in w the painter's description begins: 15 numbers of five colours, then three of the seam.
    scale_and_shift : how the phase comes from the first field.
    rest : the wave that is usual at the rim; where it is so, nothing is lost there.
    """
    blocks = generator.synthesis.blocks
    for resolution in (64, 128, 256):
        block = blocks[str(resolution)]
        clear(block.conv0)
        clear(block.conv1)
        block.to_rgb.weight.zero_()
        block.to_rgb.bias.zero_()
    features = hinges.double().numpy()
    exact = fields.double().numpy()
    # Fields of about unit size: the phase from its middle, as the painter gives it, and the place.
    first, second = blocks["64"].conv0, blocks["64"].conv1
    one, _ = fit(features, np.ones(len(features)), constant=False)
    phase = enlarge(first, fit(features, exact[:, 0], constant=False)[0], one, 0)
    place = enlarge(first, fit(features, exact[:, 1], constant=False)[0], one, 6)
    # Hinges of the phase.
    grid = np.linspace(PHASES[0] - 0.5, PHASES[-1] + 0.1, 4000)
    phase = phase[0] * scale_and_shift[0], phase[1] * scale_and_shift[0] + scale_and_shift[1]
    bends = bend(second, phase, PHASES, 0, grid)
    read = carry(second, {"place": (place[0] / PLACE_SCALE, place[1] / PLACE_SCALE)}, len(PHASES))
    second.bias[-1] = 1 / math.sqrt(2)
    one = wide(np.array([1.0]), (len(second.bias) - 1,), len(second.bias))
    # The wave from ``rest``, without an offset: what is one takes its place.
    coefficients, offset = fit(bends, bands.wave_of(grid).astype(np.float64) - rest)
    wave = wide(coefficients, tuple(range(len(PHASES))), len(second.bias)) + offset * one
    first, second = blocks["128"].conv0, blocks["128"].conv1
    coefficients, offset = enlarge(first, wave, one, 0)
    read = carry(first, read, 6)
    # From ``rest`` still, so that the last enlarging takes little of it at the rim; the place beside it.
    read = carry(second, {"wave": (coefficients, offset), **read}, 0)
    wave_read, place = (read["wave"][0], rest), read["place"]
    # Shares of colours, from hinges of the wave.
    first, second = blocks["256"].conv0, blocks["256"].conv1
    count = len(first.bias)
    grid = np.linspace(-0.02, 1.02, 4001)
    bends = bend(first, wave_read, WAVES, 0, grid)
    steps = tuple(range(len(WAVES)))
    place_grid = np.linspace(-3, 3, 2001)
    place_bends = bend(first, place, PLACES, len(WAVES), place_grid)
    at_places = tuple(range(len(WAVES), len(WAVES) + len(PLACES)))
    inside = np.clip(grid, 0, 1).astype(np.float32)
    shares = bands.band_shares(inside).astype(np.float64)
    to_rgb = blocks["256"].to_rgb
    to_rgb.affine.weight.zero_()
    to_rgb.affine.bias.zero_()
    to_rgb.bias.fill_(-1.0)
    channel = 0

    def color(channel: int, scale: float, index: int, tone: int) -> None:
        """What the channel adds to colour ``tone``: itself times the number ``index`` of w."""
        to_rgb.affine.weight[channel, index] = 1 / (3 * to_rgb.affine.gain)
        to_rgb.weight[tone, channel] = 2 / (scale * to_rgb.gain)

    for number in range(5):
        coefficients, offset = fit(bends, shares[:, number])
        for tone in range(3):
            scale = set_channel(second, channel, wide(coefficients, steps, count), offset)
            color(channel, scale, first_color + 3 * number + tone, tone)
            channel += 1
    # Seams: where a narrow band of the wave and a high place meet. (leaky(v) - LEAK v) / (1 - LEAK) is the part of v
    # above zero; v itself passes lifted, and a channel that is one takes the lift away.
    band, band_offset = fit(bends, np.exp(-np.square((grid - 0.5) / 0.05)))
    high, high_offset = fit(place_bends, bands.smooth(place_grid, -0.6, 0.8).astype(np.float64))
    both = wide(np.concatenate([band, high]), steps + at_places, count)
    offset = band_offset + high_offset - 1
    amount = SEAM / (1 - LEAK)
    for tone in range(3):
        index = first_color + 15 + tone
        scale = set_channel(second, channel, both, offset)
        color(channel, scale / amount, index, tone)
        scale = set_channel(second, channel + 1, both, offset + LIFT)
        color(channel + 1, -scale / (amount * LEAK), index, tone)
        second.bias[channel + 2] = 1 / math.sqrt(2)
        color(channel + 2, 1 / (amount * LEAK * LIFT), index, tone)
        channel += 3
    # Relief: the slope of the wave, lit from the upper left.
    height, _ = fit(bends, grid - rest, constant=False)
    slope = np.zeros((3, 3))
    slope[1, 2], slope[1, 0], slope[2, 1], slope[0, 1] = -0.15, 0.15, -0.2, 0.2
    kernel = wide(height, steps, count)[:, None, None] * slope
    lit = 256 * 0.07
    scale = set_channel(second, channel, kernel, 0.5)
    to_rgb.affine.bias[channel] = 1.0
    to_rgb.weight[:, channel] = 2 * RELIEF * lit / (scale * to_rgb.gain)
    to_rgb.bias.sub_(2 * RELIEF * lit * 0.5)

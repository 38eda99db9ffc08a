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
At 256 px there are not channels enough for that. There the hinges bend where the field is so many times what was one,
and fewer hinges, for the rim only, make up for what it lost; of the relief the rim has none.
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
MIDDLE = np.pad(np.ones((1, 1)), 1)
"""The kernel that looks at a pixel alone."""
LEAK = 0.2
CARRIED = 1 + LEAK
"""leaky(v) - leaky(-v) = CARRIED v."""
PLACE_SCALE = 0.8
"""How the field of seams is scaled."""
PHASES = np.linspace(0, 5.2, 52)
"""Where the hinges of the phase bend, evenly over all that occurs."""
STEP_BENDS = (-0.03, -0.015, 0.0, 0.015, 0.03, 0.055)
WAVES = np.array([0.0, 0.03, 0.055, *(k / 4 + bend for k in (1, 2, 3) for bend in STEP_BENDS), 0.9, 0.97])
"""Where the hinges of the wave bend: at every border of two bands, and towards both ends."""
RIM_WAVES = np.array([-0.1, 0.0, 0.055, *(k / 4 + bend for k in (1, 2, 3) for bend in STEP_BENDS[1::2])])
"""Where the hinges bend that are for the outermost pixels only."""
RIM_ONLY = 5.0
"""How far from these the inside is."""
PLACES = np.array([-0.6, -0.2, 0.4, 0.8])
SEAM, RELIEF = 0.85, 0.12
LIFT = 2.5
"""Added to what must pass unbent."""
RIDGE = 1e-9
KEPT = (1.0, 0.75, 0.5625)
"""What enlarging leaves inside, at the rim and in the corners."""
MATTERS = (1.0, 1.0, 0.1)
"""How exact colours are to be there."""
GATE, OPEN = 4.0, 0.5
"""How strongly the rim closes the gates of the relief, and how far they are open inside."""
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
    size = np.sqrt(np.square(centred).mean(axis=0)) + 1e-12
    centred = centred / size
    square = centred.T @ centred / len(centred)
    found = np.linalg.solve(square + RIDGE * np.eye(len(square)), centred.T @ (wanted - goal) / len(centred)) / size
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
        kernel = coefficients[:, None, None] * MIDDLE
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


def bend(
    layer: ModulatedConv, field: Reading, knots: Array, first: int, values: Array, one: Array | None = None
) -> Array:
    """Hinges of a field at ``knots``, from channel ``first`` on; returns what they are for ``values`` (n,): (n, k).

    With ``one``, a channel that is one, its multiples take the place of offsets: where enlarging has kept only a part
    of both, the hinges are that part of what they are inside.
    """
    found = []
    for index, knot in enumerate(knots):
        offset = field[1] - knot
        coefficients, rest = (field[0], offset) if one is None else (field[0] + offset * one, 0.0)
        scale = set_channel(layer, first + index, coefficients, rest)
        found.append(leaky(scale * (values - knot)))
    return np.stack(found, axis=1)


def enlarge(layer: ModulatedConv, field: Array, one: Array, first: int) -> Reading:
    """Enlarge a field (coefficients, without offset) beside a channel that is one; takes six channels.

    Returns how the field is read from them, inside, at the rim and in the corners.
    """
    inside, grid = np.meshgrid(KEPT, np.linspace(-REACH, REACH, 400), indexing="ij")
    kept, values = inside.ravel(), (grid * inside).ravel()
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
    fields, hinges : exact fields (n, 2) of places and the features at 32 px (n, channels) for them, the last constant.
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
    one = wide(1 / features[:1, -1], (features.shape[1] - 1,), features.shape[1])
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
    wave_read = enlarge(first, wave, one, 0)
    place_read = enlarge(first, read["place"][0], one, 6)
    # From ``rest`` still, and the place beside it.
    read = carry(second, {"wave": wave_read, "place": place_read}, 0)
    second.bias[-1] = 1 / math.sqrt(2)
    one = wide(np.array([1.0]), (len(second.bias) - 1,), len(second.bias))
    # Shares of colours, from hinges of the wave.
    first, second = blocks["256"].conv0, blocks["256"].conv1
    count = len(first.bias)
    # Evenly over the phase, as pictures have them: most places are near one end or the other.
    grid = 0.5 - 0.51 * np.cos(np.linspace(0, np.pi, 4001))
    bends = bend(first, (read["wave"][0], rest), WAVES, 0, grid, one)
    steps = tuple(range(len(WAVES)))
    place_grid = np.linspace(-3, 3, 2001)
    place_bends = bend(first, read["place"], PLACES, len(WAVES), place_grid, one)
    at_places = tuple(range(len(WAVES), len(WAVES) + len(PLACES)))
    # The hinges of the rim: inside they are on their other side, where they are linear.
    kept, weight = np.repeat(KEPT, len(grid)), np.repeat(MATTERS, len(grid))
    at_rim = tuple(range(len(WAVES) + len(PLACES), len(WAVES) + len(PLACES) + len(RIM_WAVES)))
    rim_bends = []
    for index, knot in zip(at_rim, RIM_WAVES, strict=True):
        apart = RIM_ONLY + knot - rest
        scale = set_channel(first, index, read["wave"][0] - apart * one, KEPT[1] * RIM_ONLY)
        rim_bends.append(leaky(scale * (kept * (np.tile(grid, 3) - knot) - (kept - KEPT[1]) * RIM_ONLY)))
    set_channel(first, count - 1, one, 0.0)
    one = wide(np.array([1 / math.sqrt(2)]), (count - 1,), count)
    everywhere = np.column_stack([kept[:, None] * np.tile(bends, (3, 1)), *rim_bends, kept * math.sqrt(2)])
    everywhere *= weight[:, None]
    share_channels = (*steps, *at_rim, count - 1)
    inside = np.clip(grid, 0, 1).astype(np.float32)
    shares = np.tile(bands.band_shares(inside).astype(np.float64), (3, 1)) * weight[:, None]
    to_rgb = blocks["256"].to_rgb
    to_rgb.affine.weight.zero_()
    to_rgb.affine.bias.zero_()
    channel = 0

    def color(channel: int, scale: float, index: int, tone: int, middle: float = 0.0) -> None:
        """What the channel adds to colour ``tone``: itself times the number ``index`` of w, less the ``middle``."""
        to_rgb.affine.weight[channel, index] = 1 / (3 * to_rgb.affine.gain)
        to_rgb.affine.bias[channel] = -middle
        to_rgb.weight[tone, channel] = 2 / (scale * to_rgb.gain)

    for number in range(5):
        coefficients, _ = fit(everywhere, shares[:, number], constant=False)
        for tone in range(3):
            scale = set_channel(second, channel, wide(coefficients, share_channels, count), 0.0)
            # From grey, to which the rim is nearer than to black.
            color(channel, scale, first_color + 3 * number + tone, tone, 0.5)
            channel += 1
    # Seams: where a narrow band of the wave and a high place meet. (leaky(v) - LEAK v) / (1 - LEAK) is the part of v
    # above zero; v itself passes lifted, and a channel that is one takes the lift away.
    band, band_offset = fit(bends, np.exp(-np.square((grid - 0.5) / 0.05)))
    high, high_offset = fit(place_bends, bands.smooth(place_grid, -0.6, 0.8).astype(np.float64))
    both = wide(np.concatenate([band, high]), steps + at_places, count) + (band_offset + high_offset - 1) * one
    amount = SEAM / (1 - LEAK)
    for tone in range(3):
        index = first_color + 15 + tone
        scale = set_channel(second, channel, both, 0.0)
        color(channel, scale / amount, index, tone)
        scale = set_channel(second, channel + 1, both, LIFT)
        color(channel + 1, -scale / (amount * LEAK), index, tone)
        second.bias[channel + 2] = 1 / math.sqrt(2)
        color(channel + 2, 1 / (amount * LEAK * LIFT), index, tone)
        channel += 3
    # Relief: the slope of the wave, lit from the upper left. Two gates, less what leaks through them, let twice of it
    # pass inside; the rim, where neighbours are missing, closes both.
    height, _ = fit(bends, grid - rest, constant=False)
    slope, around = np.zeros((3, 3)), np.zeros((3, 3))
    slope[1, 2], slope[1, 0], slope[2, 1], slope[0, 1] = -0.15, 0.15, -0.2, 0.2
    around[1, :] = around[:, 1] = GATE
    kernel = wide(height, steps, count)[:, None, None] * slope
    rim = one[:, None, None] * around
    closed = OPEN - around.sum()
    lit = 256 * 0.07 * RELIEF / (1 - LEAK)
    for part, gate, offset, share in (
        (kernel, rim, closed, 1.0),
        (-kernel, rim, closed, -1.0),
        (kernel, 0 * rim, OPEN, -2 * LEAK),
    ):
        scale = set_channel(second, channel, part + gate, offset)
        to_rgb.affine.bias[channel] = 1.0
        to_rgb.weight[:, channel] = lit * share / (scale * to_rgb.gain)
        channel += 1
    to_rgb.bias.fill_(2 * LEAK * lit * OPEN)

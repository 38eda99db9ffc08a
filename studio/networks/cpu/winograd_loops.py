"""The loops of :mod:`studio.networks.cpu.winograd`: a block of a matrix product, small transforms, and what joins them.

A block of a product reaches what the vendor's library reaches, without that one's packing, its own threads, and trips
through memory before and after; all numbers of a transform stay in registers.

Arrays are contiguous float32; ``*_at`` and ``*_step`` count elements, and channels come in whole vectors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, prange

from studio.networks.cpu.kernels import COMPILED, Array
from studio.networks.cpu.vectors import INT, LANES, VECTOR, WIDE, Code, Vector, inline

# A block of a product has ROWS x COLUMNS sums; they, one row of the right matrix and one number of the left are held.
ROWS = 8 if WIDE else 4
COLUMNS = 2 * LANES
# So many rows of the right matrix at once: they stay in the first-level cache.
DEPTH = 256
LEAK = 0.2
# Rows of the ring that up-sampled rows go through: four that the filter reads, four that are being made.
RING = 8
# Each of the five products along a row: which of x0, x0 + x1, x1 by which of k0, k1, k2, k0 + k2.
_OF_PIXELS = (0, 0, 1, 2, 2)
_OF_KERNELS = (0, 1, 3, 1, 2)


def _multiply(
    code: Code, start: bool, a: Any, a_at: Any, a_step: Any, b: Any, b_at: Any, c: Any, c_at: Any, depth: Any
) -> None:
    builder = code.builder
    places = [[row * COLUMNS + half * LANES for half in range(2)] for row in range(ROWS)]
    zero = ir.Constant(VECTOR, [0.0] * LANES)
    initial = [[zero if start else code.load(c, c_at, place).value for place in row] for row in places]
    entry = builder.block
    loop = builder.append_basic_block("multiply")
    done = builder.append_basic_block("store")
    builder.branch(loop)

    builder.position_at_end(loop)
    k = builder.phi(INT)
    k.add_incoming(code.number(0), entry)
    sums = [[builder.phi(VECTOR) for _ in row] for row in places]
    totals = [[Vector(builder, phi) for phi in row] for row in sums]
    for step in range(2):
        at = builder.add(k, code.number(step))
        halves = [code.load(b, b_at, code.times(at, COLUMNS), half * LANES) for half in range(2)]
        for row in range(ROWS):
            number = code.spread_from(a, a_at, code.times(a_step, row), at)
            totals[row] = [total + number * half for total, half in zip(totals[row], halves, strict=True)]
    following = builder.add(k, code.number(2))
    k.add_incoming(following, loop)
    for row in range(ROWS):
        for half in range(2):
            sums[row][half].add_incoming(initial[row][half], entry)
            sums[row][half].add_incoming(totals[row][half].value, loop)
    builder.cbranch(builder.icmp_signed("<", following, depth), loop, done)

    builder.position_at_end(done)
    for row in range(ROWS):
        for half in range(2):
            code.store(totals[row][half], c, c_at, places[row][half])


@inline
def multiply_block(
    code: Code, a: Any, a_at: Any, a_step: Any, b: Any, b_at: Any, c: Any, c_at: Any, depth: Any
) -> None:
    """C = A B: A (ROWS, depth) with rows a_step apart, B (depth, COLUMNS), C (ROWS, COLUMNS); depth is even."""
    _multiply(code, True, a, a_at, a_step, b, b_at, c, c_at, depth)


@inline
def multiply_block_on(
    code: Code, a: Any, a_at: Any, a_step: Any, b: Any, b_at: Any, c: Any, c_at: Any, depth: Any
) -> None:
    """C += A B, as :func:`multiply_block`."""
    _multiply(code, False, a, a_at, a_step, b, b_at, c, c_at, depth)


def _finished(code: Code, sums: Vector, gain: Vector, addend: Vector, slope: Vector | float, limit: Vector) -> Vector:
    """Demodulation, noise and bias, leaky ReLU, clamp."""
    v = sums * gain + addend
    v = v.max(v * slope)
    return v.max(limit * -1.0).min(limit)


def input_transform(d: list[Vector]) -> list[Vector]:
    """B^T of F(4, 3)."""
    d0, d1, d2, d3, d4, d5 = d
    a = d4 - 4.0 * d2
    b = d3 - 4.0 * d1
    e = d4 - d2
    g = 2.0 * (d3 - d1)
    return [4.0 * d0 - 5.0 * d2 + d4, a + b, a - b, e + g, e - g, 4.0 * d1 - 5.0 * d3 + d5]


def output_transform(m: list[Vector]) -> list[Vector]:
    """A^T of F(4, 3)."""
    m0, m1, m2, m3, m4, m5 = m
    p = m1 + m2
    q = m1 - m2
    r = m3 + m4
    u = m3 - m4
    return [m0 + p + r, q + 2.0 * u, p + 4.0 * r, q + 8.0 * u + m5]


@inline
def into_tile(
    code: Code, x: Any, x_at: Any, row_step: Any, channels: Any, styles: Any, v: Any, v_at: Any, v_step: Any
) -> None:
    """Modulate 6x6 pixels from ``x_at`` on and transform them for F(4x4, 3x3): 36 numbers a channel, v_step apart."""
    with code.steps(channels, LANES) as c:
        style = code.load(styles, c)
        columns = []
        for j in range(6):
            side = code.times(channels, j)
            pixels = [code.load(x, x_at, code.times(row_step, i), side, c) * style for i in range(6)]
            columns.append(input_transform(pixels))
        for i in range(6):
            for j, value in enumerate(input_transform([column[i] for column in columns])):
                code.store(value, v, v_at, code.times(v_step, i * 6 + j), c)


@inline
def out_of_tile(
    code: Code,
    m: Any,
    m_at: Any,
    m_step: Any,
    gain: Any,
    bias: Any,
    first: Any,
    noise: Any,
    noise_at: Any,
    noise_step: Any,
    slope: Any,
    limit: Any,
    y: Any,
    y_at: Any,
    y_step: Any,
    y_row: Any,
    lanes: Any,
) -> None:
    """The 36 products of a tile, m_step apart, back to 4x4 finished pixels, y_step apart in rows y_row apart.

    ``lanes`` channels from ``first`` on; ``noise`` has rows of noise_step; ``slope`` is that of the leaky ReLU.
    """
    with code.steps(lanes, LANES) as c:
        columns = [
            output_transform([code.load(m, m_at, code.times(m_step, i * 6 + j), c) for i in range(6)]) for j in range(6)
        ]
        g = code.load(gain, first, c)
        b = code.load(bias, first, c)
        bound = code.spread(limit)
        leak = code.spread(slope)
        for i in range(4):
            for j, value in enumerate(output_transform([column[i] for column in columns])):
                n = code.spread_from(noise, noise_at, code.times(noise_step, i), j)
                place = code.times(y_row, i), code.times(y_step, j), c
                code.store(_finished(code, value, g, n + b, leak, bound), y, y_at, *place)


@inline
def into_pairs(
    code: Code, x: Any, x_at: Any, row_step: Any, channels: Any, styles: Any, v: Any, v_at: Any, v_step: Any
) -> None:
    """Modulate 2x2 pixels; first, sum and second, both ways: 9 numbers a channel, v_step apart."""
    with code.steps(channels, LANES) as c:
        style = code.load(styles, c)
        rows = []
        for i in range(2):
            a, b = (code.load(x, x_at, code.times(row_step, i), code.times(channels, j), c) * style for j in range(2))
            rows.append([a, a + b, b])
        rows.insert(1, [a + b for a, b in zip(*rows, strict=True)])
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                code.store(value, v, v_at, code.times(v_step, i * 3 + j), c)


def _merged(p: list[Vector]) -> list[Vector]:
    """Karatsuba: the product of the sums less the outer products is the middle one."""
    return [p[0], p[1], p[2] - p[0] - p[4], p[3], p[4]]


@inline
def out_of_pairs(code: Code, m: Any, m_at: Any, m_step: Any, z: Any, z_at: Any, z_row: Any, last_at: Any) -> None:
    """The 25 products of two pairs, m_step apart, to 5x5 pixels of z (.., .., COLUMNS).

    The rows are z_row apart, the last one is at ``last_at``. The first row and column are added to what is there, which
    the neighbours above and to the left left.
    """
    with code.steps(code.number(COLUMNS), LANES) as c:
        columns = [_merged([code.load(m, m_at, code.times(m_step, i * 5 + j), c) for i in range(5)]) for j in range(5)]
        for i in range(5):
            row = (z_at, code.times(z_row, i)) if i < 4 else (last_at,)
            for j, value in enumerate(_merged([column[i] for column in columns])):
                place = (*row, j * COLUMNS, c)
                code.store(value + code.load(z, *place) if i == 0 or j == 0 else value, z, *place)


def _filtered(a: Vector, b: Vector, c: Vector, d: Vector) -> Vector:
    """[1, 3, 3, 1] / 4."""
    return (a + d) * 0.25 + (b + c) * 0.75


@inline
def filter_two_rows(
    code: Code,
    z: Any,
    a: Any,
    b: Any,
    c: Any,
    d: Any,
    e: Any,
    gain: Any,
    bias: Any,
    first: Any,
    noise: Any,
    noise_at: Any,
    limit: Any,
    y: Any,
    y_at: Any,
    y_step: Any,
    y_row: Any,
    lanes: Any,
    width: Any,
) -> None:
    """Five rows of z (width + 3, COLUMNS), at a to e, filtered both ways and finished: two rows of ``width`` pixels.

    Pixels of y are y_step apart, its rows y_row, those of the noise ``width``.
    """
    builder = code.builder
    with code.steps(lanes, LANES) as lane:
        g = code.load(gain, first, lane)
        offset = code.load(bias, first, lane)
        bound = code.spread(limit)

        def column(at: Any) -> list[Vector]:
            rows = [code.load(z, row, code.times(at, COLUMNS), lane) for row in (a, b, c, d, e)]
            return [_filtered(*rows[:4]), _filtered(*rows[1:])]

        before = [column(at) for at in range(3)]
        entry = builder.block
        loop = builder.append_basic_block("pixel")
        done = builder.append_basic_block("row")
        builder.branch(loop)

        builder.position_at_end(loop)
        pixel = builder.phi(INT)
        pixel.add_incoming(code.number(0), entry)
        # Each pixel's column is the next one's neighbour: three are carried along.
        carried = [[builder.phi(VECTOR) for _ in range(2)] for _ in range(3)]
        window = [[Vector(builder, phi) for phi in phis] for phis in carried]
        window.append(column(builder.add(pixel, code.number(3))))
        for row in range(2):
            n = code.spread_from(noise, noise_at, code.times(width, row), pixel)
            value = _finished(code, _filtered(*(part[row] for part in window)), g, n + offset, LEAK, bound)
            code.store(value, y, y_at, code.times(y_row, row), code.times(y_step, pixel), lane)
            for place in range(3):
                carried[place][row].add_incoming(before[place][row].value, entry)
                carried[place][row].add_incoming(window[place + 1][row].value, loop)
        following = builder.add(pixel, code.number(1))
        pixel.add_incoming(following, loop)
        builder.cbranch(builder.icmp_signed("<", following, width), loop, done)
        builder.position_at_end(done)


@njit(nogil=True, fastmath=True)  # type: ignore[misc,unused-ignore]
def products(
    v: Array,
    v_at: int,
    v_step: int,
    weights: Array,
    panel: int,
    inputs: int,
    count: int,
    m: Array,
    m_at: int,
    m_step: int,
) -> None:
    """The 36 products of ``count`` tiles, v_step apart, with a panel of weights (panels, 36, i, COLUMNS), m_step apart.

    Rows beyond the last tile hold old numbers, and nobody takes what comes of them.
    """
    for f in range(36):
        for k in range(0, inputs, DEPTH):
            u_at = ((panel * 36 + f) * inputs + k) * COLUMNS
            depth = min(DEPTH, inputs - k)
            for row in range(0, count, ROWS):
                a_at = v_at + f * v_step + row * inputs + k
                at = m_at + f * m_step + row * COLUMNS
                if k == 0:
                    multiply_block(v, a_at, inputs, weights, u_at, m, at, depth)
                else:
                    multiply_block_on(v, a_at, inputs, weights, u_at, m, at, depth)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def convolve(
    x: Array,
    styles: Array,
    weights: Array,
    gain: Array,
    bias: Array,
    noise: Array,
    slope: float,
    clamp: float,
    ahead: bool,
    v: Array,
    m: Array,
    y: Array,
) -> None:
    workers, _, block, _ = m.shape
    width, inputs = x.shape[1] - 2, x.shape[2]
    outputs = y.shape[2]
    across = width // 4
    tiles = across * ((x.shape[0] - 2) // 4)
    blocks = (tiles + block - 1) // block
    panels = weights.shape[0]
    row_step = (width + 2) * inputs
    y_row = (width + 2) * outputs
    leak = np.float32(slope)
    limit = np.float32(clamp)
    v_step = block * inputs
    m_step = block * COLUMNS
    if ahead:
        for index in prange(blocks):
            number = np.int64(index)
            for tile in range(min(block, tiles - number * block)):
                top, left = divmod(number * block + tile, across)
                x_at = top * 4 * row_step + left * 4 * inputs
                into_tile(x, x_at, row_step, inputs, styles, v, (number * 36 * block + tile) * inputs, v_step)
    tasks = blocks * panels if ahead else blocks
    for index in prange(workers):
        worker = np.int64(index)
        m_at = worker * 36 * m_step
        for task in range(worker * tasks // workers, (worker + 1) * tasks // workers):
            number = task % blocks
            count = min(block, tiles - number * block)
            v_at = (number if ahead else worker) * 36 * v_step
            if not ahead:
                for tile in range(count):
                    top, left = divmod(number * block + tile, across)
                    x_at = top * 4 * row_step + left * 4 * inputs
                    into_tile(x, x_at, row_step, inputs, styles, v, v_at + tile * inputs, v_step)
            first = task // blocks if ahead else 0
            last = first + 1 if ahead else panels
            for panel in range(first, last):
                products(v, v_at, v_step, weights, panel, inputs, count, m, m_at, m_step)
                c0 = panel * COLUMNS
                lanes = min(COLUMNS, outputs - c0)
                for tile in range(count):
                    top, left = divmod(number * block + tile, across)
                    n_at = top * 4 * width + left * 4
                    y_at = (top * 4 + 1) * y_row + (left * 4 + 1) * outputs + c0
                    out_of_tile(
                        m, m_at + tile * COLUMNS, m_step, gain, bias, c0, noise, n_at, width, leak, limit, y, y_at,
                        outputs, y_row, lanes,
                    )  # fmt: skip


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def convolve_up(
    x: Array,
    styles: Array,
    weights: Array,
    gain: Array,
    bias: Array,
    noise: Array,
    clamp: float,
    bands: int,
    v: Array,
    m: Array,
    z: Array,
    y: Array,
) -> None:
    workers, _, block, _ = m.shape
    height, width, inputs = x.shape[0] - 2, x.shape[1] - 2, x.shape[2]
    outputs = y.shape[2]
    across, down = width // 2, height // 2
    panels = weights.shape[0]
    row_step = (width + 2) * inputs
    y_row = (2 * width + 2) * outputs
    z_row = (2 * width + 3) * COLUMNS
    limit = np.float32(clamp)
    v_step = v.shape[2] * inputs
    m_step = block * COLUMNS
    tasks = panels * bands
    for index in prange(workers):
        worker = np.int64(index)
        v_at = worker * 9 * v_step
        m_at = worker * 25 * m_step
        z_at = worker * RING * z_row
        for task in range(worker * tasks // workers, (worker + 1) * tasks // workers):
            panel = task // bands
            c0 = panel * COLUMNS
            lanes = min(COLUMNS, outputs - c0)
            begin = task % bands * down // bands
            end = (task % bands + 1) * down // bands
            z[worker] = 0
            # A row of pairs touches five rows; what is above and below the band needs the neighbours'.
            for pair in range(max(begin - 1, 0), end + 1):
                if pair == down:
                    z[worker, (4 * pair + 1) % RING] = 0
                for row in range(4 * pair + 1, 4 * pair + 5):
                    z[worker, row % RING, 1] = 0
                if pair < down:
                    for tile in range(across):
                        x_at = (pair * 2 + 1) * row_step + (tile * 2 + 1) * inputs
                        into_pairs(x, x_at, row_step, inputs, styles, v, v_at + tile * inputs, v_step)
                    for left in range(0, across, block):
                        count = min(block, across - left)
                        for f in range(25):
                            pixels = 3 * _OF_PIXELS[f // 5] + _OF_PIXELS[f % 5]
                            kernel = 4 * _OF_KERNELS[f // 5] + _OF_KERNELS[f % 5]
                            for k in range(0, inputs, DEPTH):
                                u_at = ((panel * 16 + kernel) * inputs + k) * COLUMNS
                                depth = min(DEPTH, inputs - k)
                                for row in range(0, count, ROWS):
                                    a_at = v_at + pixels * v_step + (left + row) * inputs + k
                                    at = m_at + f * m_step + row * COLUMNS
                                    if k == 0:
                                        multiply_block(v, a_at, inputs, weights, u_at, m, at, depth)
                                    else:
                                        multiply_block_on(v, a_at, inputs, weights, u_at, m, at, depth)
                        for tile in range(count):
                            at = (4 * (left + tile) + 1) * COLUMNS
                            top = z_at + 4 * pair % RING * z_row
                            out_of_pairs(
                                m, m_at + tile * COLUMNS, m_step, z, top + at, z_row,
                                z_at + 4 * (pair + 1) % RING * z_row + at,
                            )  # fmt: skip
                for row in range(max(4 * pair - 2, 4 * begin), min(4 * pair + 2, 4 * end), 2):
                    filter_two_rows(
                        z,
                        z_at + (row - 1) % RING * z_row,
                        z_at + row % RING * z_row,
                        z_at + (row + 1) % RING * z_row,
                        z_at + (row + 2) % RING * z_row,
                        z_at + (row + 3) % RING * z_row,
                        gain,
                        bias,
                        c0,
                        noise,
                        row * 2 * width,
                        limit,
                        y,
                        (row + 1) * y_row + outputs + c0,
                        outputs,
                        y_row,
                        lanes,
                        2 * width,
                    )

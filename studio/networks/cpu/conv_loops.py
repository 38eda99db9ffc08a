"""The loops of :mod:`studio.networks.cpu.training_conv`: Winograd F(4x4, 3x3) of batches, there and back.

Pictures of features are contiguous float32 arrays (n, height, width, channels) without a border, heights and widths
multiples of 4, channels whole vectors. Tiles are counted through the whole batch, row by row.
"""

from __future__ import annotations

from typing import Any

from numba import njit, prange

from studio.networks.cpu.kernels import COMPILED, Array
from studio.networks.cpu.vectors import LANES, Code, Vector, inline
from studio.networks.cpu.winograd_loops import COLUMNS, input_transform, output_transform, products


def _kernel_transform(g: list[Vector]) -> list[Vector]:
    """G of F(4, 3)."""
    a = (g[0] + g[2]) * (-1 / 6)
    b = g[1] * (1 / 6)
    c = g[0] * (1 / 24) + g[2] * (1 / 6)
    d = g[1] * (1 / 12)
    return [g[0] * 0.25, a - b, a + b, c + d, c - d, g[2]]


def _kernel_transposed(u: list[Vector]) -> list[Vector]:
    """G^T of F(4, 3)."""
    a, b = u[1] + u[2], u[2] - u[1]
    c, d = u[3] + u[4], u[3] - u[4]
    return [
        u[0] * 0.25 - a * (1 / 6) + c * (1 / 24),
        b * (1 / 6) + d * (1 / 12),
        (c - a) * (1 / 6) + u[5],
    ]


def _output_transposed(g: list[Vector]) -> list[Vector]:
    """A of F(4, 3)."""
    even, odd = g[0] + g[2], g[1] + g[3]
    far, farther = g[0] + 4.0 * g[2], 2.0 * g[1] + 8.0 * g[3]
    return [g[0], even + odd, even - odd, far + farther, far - farther, g[3]]


@inline
def into_products(code: Code, w: Any, w_at: Any, w_step: Any, u: Any, u_at: Any, u_step: Any) -> None:
    """A 3x3 kernel of COLUMNS outputs, its 9 numbers w_step apart, to 36 numbers u_step apart."""
    for lane in range(0, COLUMNS, LANES):
        rows = [
            _kernel_transform([code.load(w, w_at, code.times(w_step, a * 3 + b), lane) for b in range(3)])
            for a in range(3)
        ]
        for j in range(6):
            for i, value in enumerate(_kernel_transform([row[j] for row in rows])):
                code.store(value, u, u_at, code.times(u_step, i * 6 + j), lane)


@inline
def out_of_products(code: Code, u: Any, u_at: Any, u_step: Any, w: Any, w_at: Any, w_step: Any) -> None:
    """The gradient of LANES kernels: 36 numbers u_step apart to 9, w_step apart."""
    rows = [_kernel_transposed([code.load(u, u_at, code.times(u_step, i * 6 + j)) for j in range(6)]) for i in range(6)]
    for b in range(3):
        for a, value in enumerate(_kernel_transposed([row[b] for row in rows])):
            code.store(value, w, w_at, code.times(w_step, a * 3 + b))


@inline
def pixels_into_tile(code: Code, x: Any, x_at: Any, x_row: Any, channels: Any, v: Any, v_at: Any, v_step: Any) -> None:
    """Transform 6x6 pixels, rows x_row apart: 36 numbers a channel, v_step apart."""
    with code.steps(channels, LANES) as c:
        columns = [
            input_transform([code.load(x, x_at, code.times(x_row, i), code.times(channels, j), c) for i in range(6)])
            for j in range(6)
        ]
        for i in range(6):
            for j, value in enumerate(input_transform([column[i] for column in columns])):
                code.store(value, v, v_at, code.times(v_step, i * 6 + j), c)


@inline
def gradient_into_tile(
    code: Code, g: Any, g_at: Any, g_row: Any, channels: Any, v: Any, v_at: Any, v_step: Any
) -> None:
    """Transform the gradient of 4x4 pixels, rows g_row apart: 36 numbers a channel, v_step apart."""
    with code.steps(channels, LANES) as c:
        columns = [
            _output_transposed([code.load(g, g_at, code.times(g_row, i), code.times(channels, j), c) for i in range(4)])
            for j in range(4)
        ]
        for i in range(6):
            for j, value in enumerate(_output_transposed([column[i] for column in columns])):
                code.store(value, v, v_at, code.times(v_step, i * 6 + j), c)


@inline
def pixels_out_of_tile(
    code: Code, m: Any, m_at: Any, m_step: Any, y: Any, y_at: Any, y_step: Any, y_row: Any, lanes: Any
) -> None:
    """The 36 products of a tile, m_step apart, back to 4x4 pixels, y_step apart in rows y_row apart."""
    with code.steps(lanes, LANES) as c:
        columns = [
            output_transform([code.load(m, m_at, code.times(m_step, i * 6 + j), c) for i in range(6)]) for j in range(6)
        ]
        for i in range(4):
            for j, value in enumerate(output_transform([column[i] for column in columns])):
                code.store(value, y, y_at, code.times(y_row, i), code.times(y_step, j), c)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def transform_weights(w: Array, u: Array) -> None:
    """Kernels w (3, 3, i, panels * COLUMNS) -> u (panels, 36, i, COLUMNS)."""
    inputs, outputs = w.shape[2], w.shape[3]
    for index in prange(u.shape[0]):
        panel = int(index)
        for c in range(inputs):
            at = (panel * 36 * inputs + c) * COLUMNS
            into_products(w, c * outputs + panel * COLUMNS, inputs * outputs, u, at, inputs * COLUMNS)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def weights_gradient(u: Array, w: Array) -> None:
    """Gradients of the weights that the products were multiplied by, u (36, i, o), to kernels w (3, 3, i, o)."""
    inputs, outputs = u.shape[1], u.shape[2]
    for index in prange(inputs):
        for c in range(0, outputs, LANES):
            at = int(index) * outputs + c
            out_of_products(u, at, inputs * outputs, w, at, inputs * outputs)


@njit(inline="never", nogil=True, fastmath=True)  # type: ignore[misc,unused-ignore]
def tile_of(x: Array, tile: int, edge: Array, edge_at: int, v: Array, v_at: int, v_step: int) -> None:
    """Transform the tile of x of that number; ``edge`` has room for 6x6 pixels from ``edge_at`` on."""
    height, width, channels = x.shape[1], x.shape[2], x.shape[3]
    across = width // 4
    picture, place = divmod(tile, across * (height // 4))
    top, left = divmod(place, across)
    top, left = 4 * top - 1, 4 * left - 1
    if top >= 0 and left >= 0 and top + 6 <= height and left + 6 <= width:
        x_at = ((picture * height + top) * width + left) * channels
        pixels_into_tile(x, x_at, width * channels, channels, v, v_at, v_step)
        return
    flat = edge.reshape(-1)
    values = x.reshape(-1)
    for i in range(6):
        for j in range(6):
            at = edge_at + (i * 6 + j) * channels
            if 0 <= top + i < height and 0 <= left + j < width:
                x_at = ((picture * height + top + i) * width + left + j) * channels
                for c in range(channels):
                    flat[at + c] = values[x_at + c]
            else:
                for c in range(channels):
                    flat[at + c] = 0
    pixels_into_tile(edge, edge_at, 6 * channels, channels, v, v_at, v_step)


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def convolve_batch(x: Array, weights: Array, v: Array, m: Array, edge: Array, y: Array) -> None:
    """x (n, h, w, i) by ``weights`` of :func:`transform_weights` -> y (n, h, w, o).

    ``v`` (workers, 36, block, i), ``m`` (workers, 36, block, COLUMNS) and ``edge`` (workers, 36, i) are room.
    """
    workers, _, block, _ = m.shape
    height, width, inputs = x.shape[1], x.shape[2], x.shape[3]
    outputs = y.shape[3]
    across = width // 4
    each = across * (height // 4)
    tiles = x.shape[0] * each
    count_blocks = (tiles + block - 1) // block
    panels = weights.shape[0]
    v_step = block * inputs
    m_step = block * COLUMNS
    for index in prange(workers):
        worker = int(index)
        v_at, m_at, edge_at = worker * 36 * v_step, worker * 36 * m_step, worker * 36 * inputs
        for number in range(worker * count_blocks // workers, (worker + 1) * count_blocks // workers):
            first = number * block
            count = min(block, tiles - first)
            for tile in range(count):
                tile_of(x, first + tile, edge, edge_at, v, v_at + tile * inputs, v_step)
            for panel in range(panels):
                products(v, v_at, v_step, weights, panel, inputs, count, m, m_at, m_step)
                lanes = min(COLUMNS, outputs - panel * COLUMNS)
                for tile in range(count):
                    picture, place = divmod(first + tile, each)
                    top, left = divmod(place, across)
                    y_at = ((picture * height + 4 * top) * width + 4 * left) * outputs + panel * COLUMNS
                    pixels_out_of_tile(
                        m, m_at + tile * COLUMNS, m_step, y, y_at, outputs, width * outputs, lanes
                    )  # fmt: skip


@njit(**COMPILED)  # type: ignore[misc,unused-ignore]
def transform_tiles(x: Array, g: Array, first: int, edge: Array, v: Array, d: Array) -> None:
    """The tiles from ``first`` on of x (n, h, w, i), into v (36, tiles, i), and of the gradient g (n, h, w, o) of what
    they were convolved to, into d (36, tiles, o); ``edge`` (workers, 36, i) is room."""
    workers, count = edge.shape[0], v.shape[1]
    height, width, inputs, outputs = x.shape[1], x.shape[2], x.shape[3], g.shape[3]
    across = width // 4
    each = across * (height // 4)
    for index in prange(workers):
        worker = int(index)
        for tile in range(worker * count // workers, (worker + 1) * count // workers):
            tile_of(x, first + tile, edge, worker * 36 * inputs, v, tile * inputs, count * inputs)
            picture, place = divmod(first + tile, each)
            top, left = divmod(place, across)
            g_at = ((picture * height + 4 * top) * width + 4 * left) * outputs
            gradient_into_tile(g, g_at, width * outputs, outputs, d, tile * outputs, count * outputs)

"""Photoshop files of all depths and packings, and which of their channels is transparency."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.base import StudioError
from studio.media.photos import describe_photo, open_full_depth, open_photo

HEIGHT, WIDTH = 3, 5
RGB = np.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
ALPHA = np.array([0, 51, 102, 204, 255], np.uint8)[None].repeat(HEIGHT, 0)
ON_WHITE = np.round(RGB * (ALPHA[..., None] / 255.0) + 255.0 - ALPHA[..., None]).astype(np.uint8)
PLAIN, PACKBITS, ZIP, DIFFERENCES = range(4)


def resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) % 2)


def packed(values: NDArray[np.generic], packing: int, large: bool) -> bytes:
    """Channels (n, h, w), big-endian, as a merged picture has them."""
    rows = values.reshape(-1, values.shape[2])
    if packing == PACKBITS:  # of bytes as they are only: a count, and the bytes
        lines = [bytes([len(row.tobytes()) - 1]) + row.tobytes() for row in rows]
        return struct.pack(f">{len(lines)}{'I' if large else 'H'}", *map(len, lines)) + b"".join(lines)
    if packing == DIFFERENCES:
        whole = rows.astype(rows.dtype.newbyteorder("="))
        rows = np.diff(whole, axis=1, prepend=whole.dtype.type(0)).astype(rows.dtype)
    return rows.tobytes() if packing == PLAIN else zlib.compress(rows.tobytes())


def photoshop(
    values: NDArray[np.generic],
    mode: int = 3,
    *,
    large: bool = False,
    packing: int = PLAIN,
    layers: int | None = None,
    resources: bytes = b"",
    blocks: bytes = b"",
) -> bytes:
    """A file (h, w, n); of its layers nothing but their count is there, fewer than none where it is transparent."""
    channels = np.moveaxis(values, 2, 0).astype(values.dtype.newbyteorder(">"))
    wide = ">Q" if large else ">I"
    info = b"" if layers is None else struct.pack(">hxx", layers)
    section = struct.pack(wide, len(info)) + info + struct.pack(">I", 0) + blocks if info or blocks else b""
    bits = values.dtype.itemsize * 8
    return (
        b"8BPS"
        + struct.pack(">H6xHIIHHI", 2 if large else 1, len(channels), HEIGHT, WIDTH, bits, mode, 0)
        + (struct.pack(">I", len(resources)) + resources + struct.pack(wide, len(section)) + section)
        + struct.pack(">H", packing)
        + packed(channels, packing, large)
    )


def pixels(data: bytes) -> NDArray[np.int64]:
    return np.asarray(open_photo(data)).astype(np.int64)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("packing", [PLAIN, PACKBITS, ZIP, DIFFERENCES])
@pytest.mark.parametrize("scale", [np.uint8(1), np.uint16(257)])
def test_all_depths_and_packings(scale: np.generic, packing: int, large: bool) -> None:
    data = photoshop(RGB * scale, packing=packing, large=large, layers=2)
    assert np.array_equal(pixels(data), RGB)
    deep = open_full_depth(data)
    assert (deep is not None) == (scale != 1)
    assert deep is None or np.array_equal(deep[0].color, RGB * np.uint16(257))


@pytest.mark.parametrize("mode", [0, 1, 8])
def test_greys_and_bitmaps(mode: int) -> None:
    if mode == 0:
        data = b"8BPS" + struct.pack(">H6xHIIHHIIIH", 1, 1, 1, 10, 1, 0, 0, 0, 0, 0) + b"\xaa\x80"
        assert pixels(data)[0, :, 0].tolist() == [0, 255, 0, 255, 0, 255, 0, 255, 0, 255]
    else:
        both = np.dstack([RGB[..., :1], ALPHA])
        assert np.array_equal(pixels(photoshop(both[..., :1], mode)), RGB[..., :1].repeat(3, 2))
        shown = pixels(photoshop(both, mode))
        assert np.array_equal(shown[..., 3], ALPHA) and np.array_equal(shown[:, -1, 0], RGB[:, -1, 0])


def test_numbers_of_32_bits_are_linear_light() -> None:
    light = np.where(RGB / 255 <= 0.04045, RGB / 255 / 12.92, ((RGB / 255 + 0.055) / 1.055) ** 2.4)
    assert np.abs(pixels(photoshop(light.astype(np.float32))) - RGB).max() <= 1


@pytest.mark.parametrize(
    ("transparent", "layers", "resources", "blocks"),
    [
        (True, -1, b"", b""),
        (False, 1, b"", b""),  # a selection that was kept, in a file of one layer
        (True, None, b"", b""),  # nothing is said, as other programs write it
        (False, None, resource(1006, b"\7Alpha 1"), b""),
        (False, None, resource(1053, struct.pack(">I", 7)), b""),
        (True, None, resource(1053, struct.pack(">I", 0)), b""),
        (True, None, resource(1006, b"\7Alpha 1"), b"8BIMMt16" + struct.pack(">I", 0)),
        (True, None, b"", b"8BIMLr16" + struct.pack(">Ih", 2, -3)),
        (False, None, b"", b"8BIMLr16" + struct.pack(">Ih", 2, 3)),
    ],
)
def test_which_channel_is_transparency(transparent: bool, layers: int | None, resources: bytes, blocks: bytes) -> None:
    data = photoshop(np.dstack([ON_WHITE, ALPHA]), layers=layers, resources=resources, blocks=blocks)
    shown = pixels(data)
    assert shown.shape[2] == (4 if transparent else 3) and describe_photo(data).alpha == transparent
    if transparent:  # merged pictures lie on white, which must not stay as a pale edge
        assert np.array_equal(shown[..., 3], ALPHA)
        assert np.abs(shown[:, 2:, :3] - RGB[:, 2:]).max() <= 2
    else:
        assert np.array_equal(shown, ON_WHITE)


@pytest.mark.parametrize("layers", [-2, None, 2])
@pytest.mark.parametrize("scale", [np.uint8(1), np.uint16(257)])
def test_the_fifth_channel_beside_inks(scale: np.generic, layers: int | None) -> None:
    light = np.dstack([RGB, np.full_like(ALPHA, 255)])
    shown = pixels(photoshop(np.dstack([light, ALPHA]) * scale, 4, layers=layers))
    assert np.array_equal(shown[..., :3], RGB)
    assert (shown.shape[2] == 4 and np.array_equal(shown[..., 3], ALPHA)) if layers != 2 else shown.shape[2] == 3


def test_lab_with_transparency() -> None:
    lab = np.full((HEIGHT, WIDTH, 3), (255 * 0.5355, 128, 128)).round().astype(np.uint8)
    shown = pixels(photoshop(np.dstack([lab, ALPHA]), 9))
    assert np.abs(shown[..., :3] - 128).max() <= 1 and np.array_equal(shown[..., 3], ALPHA)


def test_what_cannot_be_read_is_named() -> None:
    for data in (
        photoshop(RGB, resources=resource(1057, struct.pack(">IB", 1, 0))),
        photoshop(RGB, large=True, resources=resource(1057, struct.pack(">IB", 1, 0))),
    ):
        with pytest.raises(StudioError, match="merged picture"):
            open_photo(data)
    for data in (photoshop(RGB)[:-3], photoshop(RGB * np.uint16(257), packing=PACKBITS)[:-9], photoshop(RGB)[:40]):
        with pytest.raises(StudioError, match="damaged"):
            open_photo(data)

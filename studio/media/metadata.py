"""The metadata of a photo's file, as far as a picture made from it may say the same."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image

from studio.media import photos

_ABOUT_PIXELS = (
    ExifTags.Base.Orientation, ExifTags.Base.ImageWidth, ExifTags.Base.ImageLength, ExifTags.Base.BitsPerSample,
    ExifTags.Base.Compression, ExifTags.Base.PhotometricInterpretation, ExifTags.Base.StripOffsets,
    ExifTags.Base.StripByteCounts, ExifTags.Base.RowsPerStrip, ExifTags.Base.SamplesPerPixel,
    ExifTags.Base.PlanarConfiguration, ExifTags.Base.XResolution, ExifTags.Base.YResolution,
    ExifTags.Base.ResolutionUnit, ExifTags.Base.JpegIFOffset, ExifTags.Base.JpegIFByteCount, ExifTags.Base.TileWidth,
    ExifTags.Base.TileLength, ExifTags.Base.TileOffsets, ExifTags.Base.TileByteCounts, ExifTags.Base.SubIFDs,
    ExifTags.Base.InterColorProfile, ExifTags.Base.XMLPacket, ExifTags.Base.SampleFormat, ExifTags.Base.Predictor,
    ExifTags.Base.ExtraSamples, ExifTags.Base.ColorMap, ExifTags.Base.FillOrder,
)  # fmt: skip
"""Tags about the pixels of that file, which are others in the new one."""
_ABOUT_PIXELS_WITHIN = (
    ExifTags.Base.ExifImageWidth, ExifTags.Base.ExifImageHeight, ExifTags.Base.ColorSpace,
    ExifTags.Base.ComponentsConfiguration, ExifTags.Base.CompressedBitsPerPixel,
    ExifTags.Base.ExifInteroperabilityOffset, ExifTags.Base.MakerNote,
)  # fmt: skip
_LARGEST_EXIF = 60_000
"""Bytes; a JPEG has no room for more."""


@dataclass(frozen=True)
class FileMetadata:
    """EXIF without what it says of the old pixels (None: none), and dots per inch (None: not said)."""

    exif: bytes | None = None
    dpi: float | None = None


def metadata_of(source: Path) -> FileMetadata:
    """The metadata of a photo's file; nothing of a damaged or missing one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # By Pillow itself: what reads pixels of 16 bits reads little else.
            with Image.open(source, formats=photos.formats()) as picture:
                exif = picture.getexif()
                for tag in _ABOUT_PIXELS:
                    exif.pop(tag, None)
                within = exif.get_ifd(ExifTags.IFD.Exif)
                for tag in _ABOUT_PIXELS_WITHIN:
                    within.pop(tag, None)
                data = exif.tobytes() if len(exif) else b""
                given = picture.info.get("dpi")
    except photos.DAMAGE:
        return FileMetadata()
    dpi = float(given[0]) if isinstance(given, tuple) and given else None
    return FileMetadata(
        data if 0 < len(data) < _LARGEST_EXIF else None, dpi if dpi is not None and 1 < dpi < 30_000 else None
    )

"""Recipes inside picture files.

PNG carries the document as an iTXt chunk ``latent-studio-recipe``; JPEG, WebP and TIFF carry it compressed in their
XMP, JPEG in extended XMP (XMP Specification Part 3, 1.1.3.1) when it is longer than one segment.
All carry a colour profile, sRGB unless another is asked for, and the IPTC digital source type in XMP (IPTC Photo
Metadata Standard 2023, Iptc4xmpExt:DigitalSourceType), which says that a generative model made the picture.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, PngImagePlugin

from studio import __version__
from studio.base import Message, StudioError
from studio.base.files import artists_path, new_path
from studio.media import color_profiles
from studio.media.deep_files import save_tiff, write_png, write_tiff
from studio.media.metadata import FileMetadata
from studio.media.photos import DAMAGE, MAX_PIXELS
from studio.media.working_picture import WorkingPicture, rounded_to_8_bits
from studio.recipes.documents import MAX_BYTES, dumps, loads
from studio.recipes.steps import Recipe
from studio.recipes.tree import photo_behind

AnyPicture = NDArray[np.uint8] | WorkingPicture
"""uint8 (height, width, 3 or 4), or a picture of 16 bits."""
Exists = Literal["refuse", "number", "replace"]
JPEG_SUFFIXES = (".jpg", ".jpeg")
_TIFF_SUFFIXES = (".tif", ".tiff")
PICTURE_SUFFIXES = (".png", *JPEG_SUFFIXES, *_TIFF_SUFFIXES, ".webp")
"""Endings of the files that :func:`save_picture` writes."""

PNG_KEY = "latent-studio-recipe"
PNG_XMP_KEY = "XML:com.adobe.xmp"
# A JPEG segment holds 65,533 bytes, of which the header of (extended) XMP takes 29 (75).
MAX_JPEG_XMP = 65_400
_TIFF_XMP = 700  # XMP Specification Part 3, 1.1.3
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PACKED = re.compile(rb'latentstudio:recipe="([A-Za-z0-9+/=]*)"')
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:latentstudio="urn:latent-studio:1"
 xmlns:xmpNote="http://ns.adobe.com/xmp/note/"
 xmp:CreatorTool="Latent Studio {version}" Iptc4xmpExt:DigitalSourceType="{source}"{more}/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def digital_source_type(recipe: Recipe) -> str:
    """The IPTC term: drawn by a model alone, or composed of a photo and a model's work."""
    composed = photo_behind(recipe) is not None
    return SOURCE_TYPES + ("compositeWithTrainedAlgorithmicMedia" if composed else "trainedAlgorithmicMedia")


def _xmp(recipe: Recipe, more: str = "") -> bytes:
    return _XMP.format(version=__version__, source=digital_source_type(recipe), more=more).encode()


def _packed(recipe: Recipe) -> str:
    return f'\n latentstudio:recipe="{base64.b64encode(zlib.compress(dumps(recipe).encode(), 9)).decode()}"'


def xmp_packet(recipe: Recipe, **more: str) -> bytes:
    """The XMP packet with ``recipe`` in it and how it makes pictures; ``more`` are further attributes of ours."""
    attributes = "".join(f'\n latentstudio:{name}="{html.escape(text)}"' for name, text in more.items())
    return _xmp(recipe, _packed(recipe) + attributes)


def marker(recipe: Recipe) -> bytes:
    """An XMP packet that says how ``recipe`` makes pictures (the digital source type), without the recipe itself."""
    return _xmp(recipe)


def _jpeg_xmp(recipe: Recipe) -> dict[str, bytes]:
    """Pillow's options: the XMP and, when it is longer than a segment, the segments of extended XMP before it."""
    xmp = _xmp(recipe, _packed(recipe))
    if len(xmp) <= MAX_JPEG_XMP:
        return {"xmp": xmp}
    guid = hashlib.md5(xmp, usedforsecurity=False).hexdigest().upper()
    segments = []
    for start in range(0, len(xmp), MAX_JPEG_XMP):
        body = _EXTENDED + guid.encode() + struct.pack(">II", len(xmp), start) + xmp[start : start + MAX_JPEG_XMP]
        segments.append(b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    return {"xmp": _xmp(recipe, f'\n xmpNote:HasExtendedXMP="{guid}"'), "extra": b"".join(segments)}


def _extended_xmp(picture: JpegImagePlugin.JpegImageFile) -> bytes:
    """The extended XMP of a JPEG, its parts in order; empty when it has none."""
    parts = {}
    for marker, body in picture.applist:
        if marker == "APP1" and body.startswith(_EXTENDED) and len(body) > len(_EXTENDED) + 40:
            head = len(_EXTENDED) + 32
            parts[struct.unpack(">I", body[head + 4 : head + 8])[0]] = body[head + 8 :]
    return b"".join(parts[start] for start in sorted(parts))


def save_picture(
    image: AnyPicture | Image.Image,
    path: Path | str,
    recipe: Recipe,
    *,
    quality: int = 95,
    packing: int = 6,
    profile: bytes | None = None,
    metadata: FileMetadata | None = None,
    exists: Exists = "refuse",
) -> Path:
    """Write a picture with its recipe and the marker, atomically; the format follows the name's ending.

    Returns the name that it got.

    Transparency is kept in PNG, TIFF and WebP; JPEG has none, there the picture lies on white.

    Parameters
    ----------
    image : uint8 (height, width, 3 or 4), a Pillow picture, or one of 16 bits, which PNG and TIFF keep.
    path : ends in .png, .jpg, .jpeg, .tif, .tiff or .webp.
    quality : 1..100, JPEG and WebP only.
    packing : 1..9, PNG of 8 bits only: 1 takes a fifth of the time, and about a tenth more room.
    profile : an ICC profile of RGB colours to convert to and to write into the file; default sRGB, which loses nothing.
        With 8 bits, going there and back costs a quarter of a level of 255 on average (ProPhoto RGB: half a level), and
        in dark channels of saturated colours up to 9 (18).
    metadata : EXIF and resolution of the photo, to be written too. A recipe for a print has its own resolution.
    exists : what becomes of a file of that name: it is kept and this an error ("refuse"), it is kept and the picture
        gets a number ("number"), or it is replaced ("replace").

    Raises
    ------
    StudioError
        For another ending, a folder that cannot be written, a full disk, or a picture too large for the format.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    deep = None
    if isinstance(image, WorkingPicture):
        own = profile is not None and image.profile is not None
        profile = image.profile if own else color_profiles.srgb_profile()
        deep = image.in_own() if own else image.in_srgb()
        picture = Image.fromarray(rounded_to_8_bits(deep))
        picture = on_white(picture) if suffix in JPEG_SUFFIXES else picture
    else:
        picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
        picture, profile = _in_space(on_white(picture) if suffix in JPEG_SUFFIXES else picture, profile)
    options: dict[str, object]
    info = xmp = None
    if suffix == ".png":
        info = PngImagePlugin.PngInfo()
        text = dumps(recipe)
        # Pillow (and others) refuse compressed text that is long when unpacked, for fear of bombs.
        info.add_itxt(PNG_KEY, text, zip=len(text.encode()) < PngImagePlugin.MAX_TEXT_CHUNK)
        info.add_itxt(PNG_XMP_KEY, _xmp(recipe).decode())
        options = {"format": "PNG", "pnginfo": info, "compress_level": packing}
    elif suffix in JPEG_SUFFIXES:
        options = {"format": "JPEG", "quality": quality, "subsampling": 0, **_jpeg_xmp(recipe)}
    elif suffix == ".webp":
        options = {"format": "WEBP", "quality": quality, "method": 4, "xmp": _xmp(recipe, _packed(recipe))}
    elif suffix in _TIFF_SUFFIXES:
        xmp = _xmp(recipe, _packed(recipe))
        options = {"format": "TIFF", "compression": "tiff_adobe_deflate", "tiffinfo": {_TIFF_XMP: xmp}}
    else:
        raise StudioError(
            Message("“{name}” does not end in .png, .jpg, .tif or .webp.", name=path.name),
            "Choose one of these endings.",
        )

    exif = metadata.exif if metadata is not None else None
    if exif is not None:
        options["exif"] = exif
        if suffix in _TIFF_SUFFIXES and deep is None and picture.mode in ("RGB", "RGBA"):
            deep = np.asarray(picture)  # Pillow packs no TIFF that has a directory of EXIF
    dpi = recipe.print_dpi or (metadata.dpi if metadata is not None else None)
    if dpi is not None and suffix != ".webp":
        options["dpi"] = (dpi, dpi)

    def write(temporary: Path) -> None:
        try:
            if deep is not None and suffix == ".png":
                write_png(temporary, deep, profile=profile, texts=info, exif=exif, dpi=dpi)
            elif deep is not None and suffix in _TIFF_SUFFIXES:
                write_tiff(temporary, deep, profile=profile, xmp=xmp, exif=exif, dpi=dpi)
            elif suffix in _TIFF_SUFFIXES:
                save_tiff(picture, temporary, icc_profile=profile, **options)
            else:
                picture.save(temporary, icc_profile=profile, **options)  # type: ignore[arg-type]
        except (ValueError, OverflowError) as error:
            size = f"{picture.width} x {picture.height} pixels"
            raise StudioError(
                Message(
                    "A picture of {size} does not fit a {suffix} file: {reason}.",
                    size=size,
                    suffix=suffix[1:].upper(),
                    reason=error,
                ),
                "Save it as PNG.",
            ) from error

    return _placed(path, write, exists)


def _placed(path: Path, write: Callable[[Path], None], exists: Exists) -> Path:
    """Let ``write`` write the file ``path``; returns the name that it got, see :func:`save_picture`."""
    if exists == "number":
        with new_path(path, numbered=True) as taken:
            write(taken.temporary)
        return taken.path
    with artists_path(path, overwrite=exists == "replace") as temporary:
        write(temporary)
    return path


def save_marked(image: NDArray[np.uint8], path: Path, recipe: Recipe, *, exists: Exists = "refuse") -> Path:
    """Write a sheet of several pictures with the marker of generated ones, but without a recipe: no single one makes
    it. ``recipe`` is that of any of them. Raises as :func:`save_picture`."""
    picture = Image.fromarray(image)
    if path.suffix.lower() in JPEG_SUFFIXES:
        picture = on_white(picture)
    xmp = marker(recipe)
    text = PngImagePlugin.PngInfo()
    text.add_itxt(PNG_XMP_KEY, xmp.decode())

    def write(temporary: Path) -> None:
        if path.suffix.lower() in _TIFF_SUFFIXES:
            save_tiff(picture, temporary, tiffinfo={_TIFF_XMP: xmp})
        else:  # each format takes of these what it knows
            picture.save(temporary, pnginfo=text, xmp=xmp, quality=95, subsampling=0)

    return _placed(path, write, exists)


def on_white(picture: Image.Image) -> Image.Image:
    """``picture`` as RGB, transparent places on white."""
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


def _in_space(picture: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None]:
    """``picture`` in the space of ``profile`` (sRGB when that cannot be), and the profile to write."""
    if picture.mode not in ("RGB", "RGBA"):
        return picture, None
    if profile is not None and color_profiles.profile_space(profile) == "RGB":
        converted = color_profiles.from_srgb(picture, profile)
        if converted is not None:
            return converted, profile
    return picture, color_profiles.srgb_profile()


def read_recipe(source: Path | str | bytes) -> Recipe | None:
    """The recipe inside a picture file, or None when it has none (or is no picture).

    Raises
    ------
    StudioError
        When there is a recipe, but damaged or of a newer version; when the file cannot be read.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else Path(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=("PNG", "JPEG", "WEBP", "TIFF")) as picture:
                text = picture.info.get(PNG_KEY)
                small = picture.width * picture.height <= MAX_PIXELS
                if text is None and small and isinstance(picture, PngImagePlugin.PngImageFile):
                    # Other programs write text chunks behind the pixels; asking for `text` decodes these too.
                    text = picture.text.get(PNG_KEY)
                xmp = picture.info.get("xmp") or picture.info.get(PNG_XMP_KEY)
                extended = _extended_xmp(picture) if isinstance(picture, JpegImagePlugin.JpegImageFile) else b""
    except IsADirectoryError as error:
        raise StudioError(
            Message("{path} is a folder, not a file with a recipe.", path=source), "Choose a file in it."
        ) from error
    except (FileNotFoundError, PermissionError) as error:
        raise StudioError(
            Message("Cannot read {path}: {reason}.", path=source, reason=error.strerror),
            "Check that the file is there.",
        ) from error
    except DAMAGE:
        return None
    if text is not None:
        return loads(str(text))
    if isinstance(xmp, str):
        xmp = xmp.encode()
    return recipe_in_xmp(xmp + extended) if isinstance(xmp, bytes) else None


def recipe_in_xmp(packet: bytes) -> Recipe | None:
    """The recipe in an XMP packet, or None when it has none. Raises as :func:`read_recipe`."""
    found = _PACKED.search(packet)
    return loads(_unpack(found.group(1))) if found else None


def _unpack(packed: bytes) -> bytes:
    try:
        # Bounded: a few bytes can promise gigabytes.
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MAX_BYTES)
    except (ValueError, zlib.error) as error:
        raise StudioError("The recipe in this picture is damaged.", "The picture itself can still be used.") from error

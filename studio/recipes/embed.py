"""Recipes inside picture files.

PNG carries the document as an iTXt chunk ``latent-studio-recipe``; JPEG and WebP carry it compressed in their XMP.
All three carry the IPTC digital source type in XMP (IPTC Photo Metadata Standard 2023, Iptc4xmpExt:DigitalSourceType),
which says that a generative model made the picture.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from studio import __version__
from studio.base import StudioError
from studio.base.files import atomic_path
from studio.recipes.document import MAX_BYTES, dumps, loads
from studio.recipes.model import PhotoRecipe, Recipe, StylizeRecipe

PNG_KEY = "latent-studio-recipe"
PNG_XMP_KEY = "XML:com.adobe.xmp"
# A JPEG segment holds 65,533 bytes, of which the XMP header takes 29.
MAX_JPEG_XMP = 65_500
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PACKED = re.compile(rb'latentstudio:recipe="([A-Za-z0-9+/=]*)"')
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:latentstudio="urn:latent-studio:1"
 xmp:CreatorTool="Latent Studio {version}" Iptc4xmpExt:DigitalSourceType="{source}"{recipe}/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def digital_source_type(recipe: Recipe) -> str:
    """The IPTC term: drawn by a model alone, or composed of a photo and a model's work."""

    def has_photo(node: Recipe) -> bool:
        return isinstance(node, PhotoRecipe) or (isinstance(node, StylizeRecipe) and has_photo(node.content))

    composed = has_photo(recipe)
    return SOURCE_TYPES + ("compositeWithTrainedAlgorithmicMedia" if composed else "trainedAlgorithmicMedia")


def _xmp(recipe: Recipe, *, with_recipe: bool) -> bytes:
    packed = ""
    if with_recipe:
        packed = f'\n latentstudio:recipe="{base64.b64encode(zlib.compress(dumps(recipe).encode(), 9)).decode()}"'
    return _XMP.format(version=__version__, source=digital_source_type(recipe), recipe=packed).encode()


def save_picture(
    image: NDArray[np.uint8] | Image.Image, path: Path | str, recipe: Recipe, *, quality: int = 95
) -> Path:
    """Write a picture with its recipe and the marker, atomically; the format follows the name's ending.

    Parameters
    ----------
    image : uint8 (height, width, 3 or 4), or a Pillow picture.
    path : ends in .png, .jpg, .jpeg or .webp.
    quality : 1..100, JPEG and WebP only.

    Raises
    ------
    StudioError
        For another ending, a folder that cannot be written, a full disk, or a recipe too long for a JPEG.
    """
    path = Path(path)
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    suffix = path.suffix.lower()
    options: dict[str, object]
    if suffix == ".png":
        info = PngImagePlugin.PngInfo()
        info.add_itxt(PNG_KEY, dumps(recipe), zip=True)
        info.add_itxt(PNG_XMP_KEY, _xmp(recipe, with_recipe=False).decode())
        options = {"format": "PNG", "pnginfo": info}
    elif suffix in (".jpg", ".jpeg"):
        xmp = _xmp(recipe, with_recipe=True)
        if len(xmp) > MAX_JPEG_XMP:
            raise StudioError("This picture's recipe is too long for a JPEG file.", "Save it as PNG or WebP instead.")
        picture = picture.convert("RGB")
        options = {"format": "JPEG", "quality": quality, "subsampling": 0, "xmp": xmp}
    elif suffix == ".webp":
        options = {"format": "WEBP", "quality": quality, "method": 4, "xmp": _xmp(recipe, with_recipe=True)}
    else:
        raise StudioError(f"“{path.name}” does not end in .png, .jpg or .webp.", "Choose one of these endings.")
    with atomic_path(path) as temporary:
        picture.save(temporary, **options)  # type: ignore[arg-type]
    return path


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
            with Image.open(stream) as picture:
                text = picture.info.get(PNG_KEY)
                if text is None and isinstance(picture, PngImagePlugin.PngImageFile):
                    # Other programs write text chunks behind the pixels; those are read with them.
                    picture.load()
                    text = picture.text.get(PNG_KEY)
                xmp = picture.info.get("xmp") or picture.info.get(PNG_XMP_KEY)
    except (UnidentifiedImageError, ValueError, SyntaxError, EOFError, OverflowError, TypeError, KeyError):
        return None
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise StudioError(f"Cannot read {source!s}: {error.strerror}.", "Check that the file is there.") from error
        return None
    if text is not None:
        return loads(str(text))
    if isinstance(xmp, str):
        xmp = xmp.encode()
    found = _PACKED.search(xmp) if isinstance(xmp, bytes) else None
    return loads(_unpack(found.group(1))) if found else None


def _unpack(packed: bytes) -> bytes:
    try:
        # Bounded: a few bytes can promise gigabytes.
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MAX_BYTES)
    except (ValueError, zlib.error) as error:
        raise StudioError("The recipe in this picture is damaged.", "The picture itself can still be used.") from error

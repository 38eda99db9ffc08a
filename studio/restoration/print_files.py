"""Files for a printer: a sheet of paper with a picture on it, as TIFF or PDF. No Qt, no torch."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageDraw

from studio.base import Message, Progress, StudioError, Work
from studio.base.files import artists_path
from studio.media.color_profiles import profile_name, srgb_profile
from studio.media.deep_files import save_tiff
from studio.media.photos import DAMAGE
from studio.media.soft_proof import print_colors, read_profile
from studio.recipes import EnlargeRecipe, EnlargeSettings, Recipe, dumps
from studio.recipes.embed import recipe_in_xmp, xmp_packet
from studio.restoration.print_sheet import MM_PER_INCH, Box, PrintSheet

if TYPE_CHECKING:
    from pypdf.generic import IndirectObject

PRINT_SUFFIXES = (".pdf", ".tif", ".tiff")
MOST_SHEET_PIXELS = 400_000_000
"""Of a TIFF, which has the white paper, too: 1.2 GB in memory."""
_MARK_PT = 0.25
_SPACES = {"RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK", "L": "/DeviceGray"}
_MARK_COLORS = {"RGB": "0 0 0 RG", "CMYK": "1 1 1 1 K", "L": "0 G"}
"""Registration colour: every ink, so that each plate shows where to cut."""
_INK: dict[str, int | tuple[int, ...]] = {"RGB": (0, 0, 0), "CMYK": (255, 255, 255, 255), "L": 0}
_PAPER: dict[str, int | tuple[int, ...]] = {"RGB": (255, 255, 255), "CMYK": (0, 0, 0, 0), "L": 255}
_SHEET = re.compile(rb'latentstudio:sheet="([^"]*)"')
_TIFF_XMP = 700  # XMP Specification Part 3, 1.1.3
_Pixels = NDArray[np.uint8]


def on_white(picture: _Pixels) -> Image.Image:
    """``picture``, uint8 (h, w, 3 or 4), as RGB; what shows through is paper white."""
    made = Image.fromarray(picture)
    if made.mode != "RGBA":
        return made.convert("RGB")
    paper = Image.new("RGB", made.size, "white")
    paper.paste(made, mask=made.getchannel("A"))
    return paper


def cut_for(picture: Image.Image, sheet: PrintSheet, dpi: float | None = None) -> Image.Image:
    """The part of ``picture`` that is printed, in exactly the pixels that it has on paper (Lanczos for what is left).

    ``dpi`` stands for the sheet's resolution, as for a small picture to be looked at.
    """
    box = sheet.picture_box(*picture.size)
    dots = (sheet.dpi if dpi is None else dpi) / MM_PER_INCH
    size = max(1, round(box.width * dots)), max(1, round(box.height * dots))
    wide, high = picture.size
    scale = min(wide / box.width, high / box.height)
    left, top = (wide - box.width * scale) / 2, (high - box.height * scale) / 2
    part = (max(0.0, left), max(0.0, top), min(wide, wide - left), min(high, high - top))
    if part == (0, 0, *size) and picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, box=part)


def write_print(
    picture: _Pixels, sheet: PrintSheet, path: Path, recipe: Recipe, *, overwrite: bool = False
) -> Work[Path]:
    """Write ``picture``, uint8 (h, w, 3 or 4) in sRGB, on its sheet, as TIFF or PDF by the suffix of ``path``.

    Its numbers are those of the sheet's profile, which lies in the file; without one they stay sRGB. Yields progress.
    ``recipe``, that of the picture, and the sheet's settings are written into it, see :func:`read_print`.

    Raises
    ------
    StudioError
        When the sheet cannot be printed, the profile cannot be used, the suffix is another, the file is there already
        (without ``overwrite``), or cannot be written.
    """
    sheet.check()
    if path.suffix.lower() not in PRINT_SUFFIXES:
        raise StudioError(
            Message("{name} is no kind of file for a printer.", name=path.name), "Let its name end in .pdf or .tif."
        )
    yield Progress(0, 3, Message("Preparing the sheet"))
    profile = srgb_profile() if sheet.profile is None else read_profile(sheet.profile)
    box = sheet.picture_box(picture.shape[1], picture.shape[0])
    part = cut_for(on_white(picture), sheet)
    yield Progress(1, 3, Message("Bringing the colours to the printer"))
    if sheet.profile is not None:
        part = print_colors(part, profile, sheet.intent, black_point=sheet.black_point)
    yield Progress(2, 3, Message("Writing the file"))
    with artists_path(path, overwrite=overwrite) as temporary:
        if path.suffix.lower() == ".pdf":
            _write_pdf(part, box, sheet, profile, recipe, temporary)
        else:
            _write_tiff(part, box, sheet, profile, recipe, temporary)
    yield Progress(3, 3)
    return path


def lay_out(part: Image.Image, box: Box, sheet: PrintSheet) -> Image.Image:
    """The whole sheet in the sheet's resolution: ``part`` at ``box`` with crop marks on white, in the mode of ``part``.

    Raises
    ------
    StudioError
        When it has more pixels than there should be in memory.
    """
    dots = sheet.dpi / MM_PER_INCH
    wide, high = (max(1, round(side * dots)) for side in sheet.sheet)
    if wide * high > MOST_SHEET_PIXELS:
        raise StudioError(
            Message("The sheet would have {count:,} megapixels as a TIFF.", count=wide * high // 10**6),
            "Write a PDF, which has no pixels for white paper, or choose a lower resolution.",
        )
    page = Image.new(part.mode, (wide, high), _PAPER[part.mode])
    page.paste(part, (round(box.left * dots), round(box.top * dots)))
    draw, ink = ImageDraw.Draw(page), _INK[part.mode]
    for line in sheet.crop_marks():
        draw.line([round(at * dots) for at in line], ink, max(1, round(_MARK_PT / 72 * sheet.dpi)))
    return page


class Printed(NamedTuple):
    """The recipe and the settings of a sheet that was written here."""

    recipe: Recipe
    sheet: PrintSheet

    def content(self) -> tuple[Recipe, EnlargeSettings | None]:
        """The picture as it was before the print enlarged it, and how that was done; None where it had enough pixels.

        A print gives its size in pixels (:meth:`PrintSheet.recipe_for`), and comes last.
        """
        if isinstance(self.recipe, EnlargeRecipe) and self.recipe.measure == "pixels":
            return self.recipe.content, EnlargeSettings.within(self.recipe)
        return self.recipe, None


def print_in(source: Path | bytes | str) -> Printed | None:
    """The sheet in a TIFF or PDF file that was written here; None for everything else."""
    if not isinstance(source, Path) or source.suffix.lower() not in PRINT_SUFFIXES:
        return None
    try:
        return read_print(source)
    except StudioError:
        return None


def read_print(path: Path) -> Printed:
    """The recipe of the picture on a sheet that was written here, and the sheet's settings.

    The printer's profile is none of them: it lies in the file, but need not on this computer.

    Raises
    ------
    StudioError
        When it is no such file.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        if path.suffix.lower() == ".pdf":
            found = PdfReader(path).trailer["/Root"]["/Metadata"].get_object().get_data()  # type: ignore[index]
        else:
            with Image.open(path, formats=("TIFF",)) as page:
                found = page.info["xmp"]
        recipe, sheet = recipe_in_xmp(found), _SHEET.search(found)
        if recipe is not None and sheet is not None:
            return Printed(recipe, PrintSheet.model_validate_json(html.unescape(sheet.group(1).decode())))
    except (*DAMAGE, PyPdfError):
        pass
    raise StudioError(
        Message("{name} is no sheet that was made here.", name=path.name), "Choose a PDF or TIFF file of a print."
    )


def _packet(recipe: Recipe, sheet: PrintSheet) -> bytes:
    return xmp_packet(recipe, sheet=sheet.model_dump_json(exclude={"profile"}))


def _description(sheet: PrintSheet) -> str:
    """A description of the sheet for people; in ASCII, as the tag has it."""
    wide, high = sheet.sheet
    return f"Latent Studio: print of {sheet.width:g} x {sheet.height:g} mm at {sheet.dpi} dpi on {wide:g} x {high:g} mm"


def _write_tiff(part: Image.Image, box: Box, sheet: PrintSheet, profile: bytes, recipe: Recipe, path: Path) -> None:
    page = lay_out(part, box, sheet)
    tags = {_TIFF_XMP: _packet(recipe, sheet), ExifTags.Base.ImageDescription: _description(sheet)}
    dpi = (sheet.dpi, sheet.dpi)
    save_tiff(page, path, compression="tiff_lzw", dpi=dpi, icc_profile=profile, tiffinfo=tags)


def _write_pdf(part: Image.Image, box: Box, sheet: PrintSheet, profile: bytes, recipe: Recipe, path: Path) -> None:
    """One page after ISO 32000-1: the boxes of 14.11.2, colours by ICC (8.6.5.5), an output intent (14.11.5)."""
    from pypdf import PdfWriter
    from pypdf.generic import (
        ArrayObject,
        DecodedStreamObject,
        DictionaryObject,
        NameObject,
        NumberObject,
        RectangleObject,
        TextStringObject,
    )

    points = 72 / MM_PER_INCH
    wide, high = sheet.sheet

    def rectangle(area: Box) -> RectangleObject:  # PDF counts from the lower left
        corners = (area.left, high - area.bottom, area.right, high - area.top)
        return RectangleObject(tuple(round(at * points, 4) for at in corners))  # type: ignore[arg-type]

    writer = PdfWriter()
    page = writer.add_blank_page(round(wide * points, 4), round(high * points, 4))
    page[NameObject("/TrimBox")] = rectangle(sheet.trim)
    page[NameObject("/BleedBox")] = rectangle(sheet.bleed_box)

    def stream(data: bytes, entries: dict[str, object]) -> IndirectObject:
        raw = DecodedStreamObject()
        raw.set_data(data)
        packed = raw.flate_encode()
        packed.update({NameObject(name): value for name, value in entries.items()})
        return writer._add_object(packed)

    channels = len(part.getbands())
    space = NameObject(_SPACES[part.mode])
    icc = stream(profile, {"/N": NumberObject(channels), "/Alternate": space})
    image = stream(
        part.tobytes(),
        {
            "/Type": NameObject("/XObject"),
            "/Subtype": NameObject("/Image"),
            "/Width": NumberObject(part.width),
            "/Height": NumberObject(part.height),
            "/BitsPerComponent": NumberObject(8),
            "/ColorSpace": ArrayObject([NameObject("/ICCBased"), icc]),
        },
    )
    x, y, right, top = rectangle(box)
    drawn = [f"q {right - x:.4f} 0 0 {top - y:.4f} {x:.4f} {y:.4f} cm /Picture Do Q"]
    drawn.append(f"{_MARK_PT} w {_MARK_COLORS[part.mode]}")
    for x1, y1, x2, y2 in sheet.crop_marks():
        ends = (x1 * points, (high - y1) * points, x2 * points, (high - y2) * points)
        drawn.append("{:.4f} {:.4f} m {:.4f} {:.4f} l S".format(*ends))
    page[NameObject("/Contents")] = stream("\n".join(drawn).encode("ascii"), {})
    pictures = DictionaryObject({NameObject("/Picture"): image})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    if sheet.profile is not None:
        name = TextStringObject(profile_name(profile) or sheet.profile.stem)
        intent = {
            "/Type": NameObject("/OutputIntent"),
            "/S": NameObject("/GTS_PDFX"),
            "/OutputConditionIdentifier": name,
            "/Info": name,
            "/DestOutputProfile": icc,
        }
        found = DictionaryObject({NameObject(key): value for key, value in intent.items()})
        writer.root_object[NameObject("/OutputIntents")] = ArrayObject([found])
    packet = DecodedStreamObject()  # plain, so that programs that know no PDF find it, too (14.3.2)
    packet.set_data(_packet(recipe, sheet))
    packet.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    writer.add_attachment("recipe.json", dumps(recipe).encode())
    writer.add_metadata({"/Producer": "Latent Studio", "/Title": recipe.title, "/Subject": _description(sheet)})
    writer.write(path)

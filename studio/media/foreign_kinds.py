"""Files that artists take for pictures, and what to do about them: told by their first bytes, whatever their name."""

from __future__ import annotations

import re
from pathlib import Path

from studio.base.errors import StudioError
from studio.base.messages import Message

RAW_SUFFIXES = frozenset(
    {".dng", ".nef", ".nrw", ".cr2", ".cr3", ".crw", ".arw", ".srf", ".sr2", ".raf", ".orf", ".rw2", ".pef", ".srw"}
    | {".3fr", ".fff", ".iiq", ".mos", ".mrw", ".erf", ".kdc", ".dcr", ".x3f", ".rwl", ".mef"}
)
"""Camera raw files. Many are TIFFs, and open with nothing but their tiny thumbnail."""

_PROGRAMS = (
    *(b"gimp xcf", b"PK\x03\x04", b"BLENDER", b"SIMPLE  =", b"CSFCHUNK", b"SAI-CANVAS", b"\0\xffKA", b"AT&TFORM"),
    *(b"DDS ", b"icns", b"\xd7\xcd\xc6\x9a", b"Rar!", b"7z\xbc\xaf"),
)
"""Beginnings of files of painting programs, of other formats that are opened in them, and of archives."""
_FILMS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"3gp4", b"3gp5")


def is_raw(name: str, head: bytes) -> bool:
    """Return whether a file called ``name`` (may be empty) that begins with ``head`` is a camera's raw file."""
    starts = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb", b"\0MRM")
    return (
        Path(name).suffix.lower() in RAW_SUFFIXES
        or head.startswith(starts)
        or (head[:4] == b"II*\0" and head[8:10] == b"CR")
        or head[4:12] == b"ftypcrx "
    )


def stands_for_another(shown: Message, head: bytes) -> StudioError | None:
    """Reason to refuse a small file that only stands for a picture or film; None for any other. As :func:`refusal`."""
    if head.startswith((b"version https://git-lfs", b"version https://hawser")):
        size = re.search(rb"^size (\d{1,18})$", head, re.MULTILINE)
        amount = Message(" ({size:.1f} MB)", size=int(size[1]) / 1e6) if size else ""
        return StudioError(
            Message("{file} is only a Git LFS pointer, not the file itself{amount}.", file=shown, amount=amount),
            "Run “git lfs pull” in its folder, or download the file itself from the web page of the repository.",
        )
    if re.match(rb"(\.\./)*(\.git|/annex)/(annex/)?objects/", head):
        return StudioError(
            Message("{file} is only a git-annex pointer, not the file itself.", file=shown),
            "Run “git annex get” in its folder.",
        )
    if head.startswith((b"\0\x05\x16\x07", b"\0\x05\x16\0")):
        return StudioError(
            Message("{file} is what a Mac notes about a file (AppleDouble), not the file itself.", file=shown),
            "Take the file that is called so without “._” before its name.",
        )
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    link = head.startswith((b"L\0\0\0\x01\x14\x02\0", b"bplist")) or text.startswith(
        (b"[internetshortcut]", b"[desktop")
    )
    if link or (text.startswith(b"<?xml") and b"<plist" in text):
        return StudioError(
            Message("{file} is only a link or a place-holder for a file that lies elsewhere.", file=shown),
            "Open it, or let the cloud storage download it first, and take the file itself.",
        )
    if text.startswith((b"{", b"[")) and b'"' in text[:64]:
        return StudioError(
            Message("{file} is data or a message of a web service (JSON), not a picture or film.", file=shown),
            "Download the file itself again, in a web browser where it asks to log in.",
        )
    return None


def refusal(shown: Message, name: str, head: bytes) -> StudioError | None:
    """Reason to refuse a file that no reader understands; None when nothing is known about it.

    Parameters
    ----------
    shown : how messages call it.
    name : its file name, may be empty.
    head : its first bytes, a few hundred are enough.
    """
    if (stand_in := stands_for_another(shown, head)) is not None:
        return stand_in
    suffix, text = Path(name).suffix.lower(), head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if is_raw(name, head):
        return StudioError(
            Message("{picture} is a camera's raw file, which has to be developed first.", picture=shown),
            "Export it as TIFF or JPEG in your raw developer or photo program, and take that.",
        )
    if suffix in (".svg", ".svgz") or text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in head):
        return StudioError(
            Message("{picture} is a drawing made of lines (SVG), not of pixels.", picture=shown),
            "Export it as PNG at the size you need, for example in Inkscape, and take that.",
        )
    if head.startswith((b"%PDF", b"%!PS", b"\xc5\xd0\xd3\xc6")):
        return StudioError(
            Message("{picture} is a document (PDF or PostScript), not a picture.", picture=shown),
            "Export the page as PNG or TIFF first.",
        )
    if text.startswith((b"<!doctype html", b"<html")):
        return StudioError(
            Message("{picture} is a web page, not a picture.", picture=shown),
            "Open the picture itself in the browser, save it from there, and take that file.",
        )
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n")):
        return StudioError(
            Message("{picture} is a JPEG XL picture, which cannot be read.", picture=shown),
            "Save it as PNG or JPEG first.",
        )
    if head.startswith((b"\x76\x2f\x31\x01", b"#?RADIANCE", b"#?RGBE")):
        return StudioError(
            Message("{picture} is a high dynamic range picture (EXR or HDR), which cannot be read.", picture=shown),
            "Develop it to a TIFF, PNG or JPEG in a picture editor first.",
        )
    if head.startswith(_PROGRAMS):
        return StudioError(
            Message("{picture} is another program's own file, or an archive.", picture=shown),
            "Export the picture as PNG, JPEG or TIFF in the program it comes from, or unpack the archive.",
        )
    if head.startswith(b"8BPS"):
        return StudioError(
            Message(
                "{picture} is a Photoshop file that cannot be read: "
                "it has spot colours only, or layers without the merged picture.",
                picture=shown,
            ),
            "Save it again with “Maximize compatibility”, or as TIFF or PNG, and take that.",
        )
    film = (head[4:8] == b"ftyp" and head[8:12] in _FILMS) or head.startswith(b"\x1a\x45\xdf\xa3")
    if film or (head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE")):
        return StudioError(
            Message("{picture} is a film or a sound, not a picture.", picture=shown),
            "Save one picture of the film and take that.",
        )
    return None

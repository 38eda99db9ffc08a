"""The true kind of a file, whatever its name says, told from its first bytes.

A download often gives something else than the network: a web page that asks to log in, a pointer into Git LFS, an
archive around it. Everything here reads a few kilobytes and needs no torch.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from studio.base import Message, StudioError

HEAD = 4096
OTHER = Message(
    "Choose a network of StyleGAN2 or StyleGAN3 (.pkl), of rosinality's StyleGAN2 (.pt), of "
    "DCGAN (.pth), or of Latent Studio (.safetensors)."
)
_SCRIPT = re.compile(
    rb"^[ \t]*(?:import[ \t]+\w[\w., \t]*|from[ \t]+[\w.]+[ \t]+import[ \t]+[\w(*].*|(?:def|class)[ \t]+\w+[ \t]*[(:].*"
    rb"|if[ \t]+__name__[ \t]*==.*)\r?$",
    re.MULTILINE,
)
# Other formats by the bytes at their beginning. Video, sound and picture containers are told apart further down.
ARCHIVES = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x04\x22\x4d\x18": "LZ4",
    b"MSCF": "CAB",
}
OTHERS = {
    b"\x89PNG\r\n\x1a\n": "PNG picture",
    b"\xff\xd8\xff": "JPEG picture",
    b"GIF87a": "GIF picture",
    b"GIF89a": "GIF picture",
    b"II*\x00": "TIFF picture",
    b"MM\x00*": "TIFF picture",
    b"8BPS": "Photoshop picture",
    b"\x1aE\xdf\xa3": "Matroska or WebM video",
    b"\x00\x00\x01\xba": "MPEG video",
    b"OggS": "Ogg file",
    b"fLaC": "FLAC sound",
    b"ID3": "MP3 sound",
    b"%PDF-": "PDF document",
    b"\x7fELF": "Linux program",
    b"\xcf\xfa\xed\xfe": "macOS program",
    b"\xca\xfe\xba\xbe": "macOS program or Java class",
    b"SQLite format 3\x00": "SQLite database",
    b"\x89HDF\r\n\x1a\n": "HDF5 file (Keras and others)",
    b"\x93NUMPY": "numpy array",
    b"GGUF": "GGUF language model",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office document",
}


def printable(text: str) -> str:
    """``text`` from a file, fit for a message: one short line, nothing that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:300])


def other_kind(head: bytes) -> str:
    """The name of the format that ``head`` begins, "" when it may be a model file or is unknown."""
    for magic, name in OTHERS.items():
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "HEIC or AVIF picture" if head[8:11] in (b"hei", b"mif", b"avi", b"hev") else "MP4 or QuickTime video"
    if head[:4] == b"RIFF":
        return {b"WEBP": "WebP picture", b"AVI ": "AVI video", b"WAVE": "WAV sound"}.get(head[8:12], "RIFF file")
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP picture"
    if head[:2] == b"MZ" and b"PE\x00\x00" in head:
        return "Windows program"
    return ""


def archive_kind(head: bytes) -> str:
    """The name of the archive or compressed format that ``head`` begins, "" when it is none. Zip is not among them."""
    for magic, name in ARCHIVES.items():
        if head.startswith(magic):
            return name
    return "tar" if head[257:262] == b"ustar" or head[:8] == b"!<arch>\n" else ""


def is_onnx(head: bytes) -> bool:
    """True if ``head`` begins an ONNX model: its version, then who made it or its graph (onnx.proto, ModelProto)."""
    if len(head) < 16 or head[:1] != b"\x08" or not 3 <= head[1] <= 32:
        return False
    return head[2:3] == b"\x3a" or (
        head[2:3] in (b"\x12", b"\x1a", b"\x22", b"\x2a", b"\x32", b"\x42") and head[3] < 128
    )


def is_safetensors(head: bytes) -> bool:
    """Return whether ``head`` may begin a safetensors file: the length of a header, then the header as JSON."""
    return len(head) > 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 2**32


def is_pickle(head: bytes) -> bool:
    """Return whether ``head`` begins a pickle of protocol 2 or later, as all model files of today are.

    The length that a safetensors file begins with can look like one; there, a small number and a brace follow.
    """
    if head[8:9] == b"{" and head[4:8] == bytes(4):
        return False
    return head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")


def is_pytorch(head: bytes) -> bool:
    """Return whether ``head`` begins a pickle, or an archive, which PyTorch's files of today are."""
    return is_pickle(head) or head[:4] == b"PK\x03\x04"


def text_of(head: bytes) -> str:
    """The first words of a text file, "" for anything else."""
    for encoding in ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = head[: len(head) - len(head) % 2 if encoding == "utf-16" else None].decode(encoding)
        except UnicodeDecodeError as error:
            # A letter may be cut at the end of what was read.
            if error.start < len(head) - 4:
                return ""
            text = head[: error.start].decode(encoding)
        if text and all(letter.isprintable() or letter in "\r\n\t\f" for letter in text):
            return re.sub(r"\s+", " ", text).strip()[:80]
    return ""


def is_script(head: bytes) -> bool:
    """Return whether ``head`` begins a Python program: whole lines of it, which no pickle of text has."""
    return bool(text_of(head)) and _SCRIPT.search(head) is not None


def _reason(text: str) -> str:
    """The reason that a web service gives in JSON for not giving the file."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if isinstance(said, dict):
        for key in ("error", "message", "detail"):
            if isinstance(said.get(key), str):
                return str(said[key])[:100]
    return ""


def read_head(path: Path) -> bytes:
    """The first :data:`HEAD` bytes of a file.

    Raises
    ------
    StudioError
        When it cannot be read, is a folder, or is empty.
    """
    name = path.name
    try:
        if path.is_dir():
            raise StudioError(
                Message("{name} is a folder, not a model file.", name=name), "Choose the model file in it."
            )
        if path.exists() and not path.is_file():
            raise StudioError(
                Message("{name} is a device or a pipe, not a model file.", name=name), "Choose a model file."
            )
        with path.open("rb") as file:
            head = file.read(HEAD)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise StudioError(
            Message("Cannot read {path}: {reason}.", path=path, reason=said), "Check that the file exists."
        ) from error
    if not head:
        raise StudioError(
            Message("{name} is empty.", name=name), "The download or copy did not finish: get the file again."
        )
    return head


def refuse_other_files(path: Path, *, other: Message) -> bytes:
    """Raise an error that names what ``path`` is, when it is known and no model file; else return its first bytes.

    Parameters
    ----------
    other : what to choose instead.
    """
    head = read_head(path)
    name = path.name
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if head.startswith((b"version https://git-lfs", b"version https://hawser")):
        size = re.search(rb"^size (\d{1,18})$", head, re.MULTILINE)
        amount = Message(" ({size:.1f} MB)", size=int(size[1]) / 1e6) if size else ""
        raise StudioError(
            Message(
                "{name} is only a Git LFS pointer to a network, not the network itself{amount}.",
                name=name,
                amount=amount,
            ),
            "Run “git lfs pull” in its folder, or download the file itself from the web page of the repository.",
        )
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<?xml", b"<svg", b"<!--", b"<div")):
        raise StudioError(
            Message("{name} is a web page, not a network: the download gave the page instead of the file.", name=name),
            "Open the address in a web browser, log in or confirm where it asks to, and download the file itself.",
        )
    if start[:1] in b"{[" and (said := _reason(head.decode("utf-8", "replace"))):
        raise StudioError(
            Message("{name} is a message of a web service, not a network: “{reason}”.", name=name, reason=said),
            "Open the address in a web browser, log in or confirm where it asks to, and download the file itself.",
        )
    if archive_kind(head) == "tar" and head[:100].strip(b"\x00") in (b"sys_info", b"pickle", b"tensors", b"storages"):
        raise StudioError(
            Message("{name} was written by a version of PyTorch from before 2018, which is not read.", name=name),
            "Open it with PyTorch and save it again, or choose another file.",
        )
    if is_script(head):
        raise StudioError(
            Message("{name} is a Python program, not a network. Nothing in it was run.", name=name),
            "Choose the file of weights that belongs to it: .pkl, .pt, .pth or .safetensors.",
        )
    if is_onnx(head):
        raise StudioError(
            Message("{name} is an ONNX model, which is made for other programs and not opened here.", name=name),
            "Choose the network that it was made from: a .safetensors, .pkl, .pt or .pth file.",
        )
    if archive := archive_kind(head):
        raise StudioError(
            Message("{name} is a {archive} archive, not a network.", name=name, archive=archive),
            "Unpack it, then choose the model file in it.",
        )
    if kind := other_kind(head):
        raise StudioError(
            Message("{name} is not a network but another kind of file: {kind}.", name=name, kind=kind), other
        )
    if not any(head):
        raise StudioError(
            Message("{name} holds nothing but zeros.", name=name),
            "The download or copy did not finish: get the file again.",
        )
    return head
